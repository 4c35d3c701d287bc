//! The methods of `Storage` objects
//! ([HTML, the Storage interface](https://html.spec.whatwg.org/multipage/webstorage.html#the-storage-interface)).

use std::sync::Arc;

use framepost_browsing_context::{Contexts, NavigableId, Window};
use framepost_event_loop::{GlobalId, TaskSource};

use super::{Storage, StorageChange, StorageError, StorageEventTask, StorageText};
use crate::accounting::{Endpoint, Load, MessageDropReason};
use crate::identity::StorageKind;
use crate::state::storage::Area;
use crate::state::{Messaging, MessagingTask, Queues};

impl Storage {
    /// The getters of [`localStorage`](https://html.spec.whatwg.org/multipage/webstorage.html#dom-localstorage) and
    /// [`sessionStorage`](https://html.spec.whatwg.org/multipage/webstorage.html#dom-sessionstorage), for a window
    /// whose object does not exist yet.
    ///
    /// # Errors
    /// Fails if the origin of the window is opaque, or the window is gone.
    pub fn of_window(
        contexts: &Contexts,
        window: GlobalId,
        kind: StorageKind,
    ) -> Result<Self, StorageError> {
        // 1. The caller keeps the object.
        // 2. and 3. Obtain the area. Failure is a SecurityError.
        let navigable = contexts.window(window).map(Window::navigable);
        let navigable = navigable.ok_or(StorageError::WindowGone)?;
        let traversable = contexts.top(navigable).unwrap_or(navigable);
        let key = contexts.obtain_a_storage_key(window);
        let key = key.ok_or(StorageError::OpaqueOrigin)?;
        // 4. to 6. Return it.
        Ok(Self {
            kind,
            key: Arc::new(key),
            traversable,
            window,
        })
    }
}

impl Messaging {
    /// Sets the quota of each storage area, in bytes: two for each code unit of its keys and values.
    pub fn set_storage_quota(&mut self, bytes: usize) {
        self.storage.quota = bytes;
    }

    /// [`length`](https://html.spec.whatwg.org/multipage/webstorage.html#dom-storage-length)
    #[must_use]
    pub fn storage_length(&self, storage: &Storage) -> usize {
        self.storage.area(storage).map_or(0, Area::len)
    }

    /// [`key()`](https://html.spec.whatwg.org/multipage/webstorage.html#dom-storage-key)
    #[must_use]
    pub fn storage_key_at(&self, storage: &Storage, index: usize) -> Option<&StorageText> {
        // 1. to 3. The keys are in the order in which they were added.
        let (key, _) = self.storage.area(storage)?.items().nth(index)?;
        Some(key)
    }

    /// The keys, in their order: the
    /// [supported property names](https://html.spec.whatwg.org/multipage/webstorage.html#the-storage-interface:supported-property-names).
    #[must_use]
    pub fn storage_keys(&self, storage: &Storage) -> Vec<StorageText> {
        let area = self.storage.area(storage);
        let items = area.into_iter().flat_map(Area::items);
        items.map(|(key, _)| key.clone()).collect()
    }

    /// [`getItem()`](https://html.spec.whatwg.org/multipage/webstorage.html#dom-storage-getitem)
    #[must_use]
    pub fn storage_item(&self, storage: &Storage, key: &StorageText) -> Option<&StorageText> {
        // 1. and 2. Return its value, or null.
        self.storage.area(storage)?.get(key)
    }

    /// [`setItem()`](https://html.spec.whatwg.org/multipage/webstorage.html#dom-storage-setitem)
    ///
    /// # Errors
    /// Fails if the area would be larger than its quota.
    pub fn set_storage_item(
        &mut self,
        queues: &mut Queues<'_>,
        contexts: &Contexts,
        storage: &Storage,
        key: StorageText,
        value: StorageText,
    ) -> Result<(), StorageError> {
        // The session storage of a traversable ends with it.
        if !Self::can_change(contexts, storage) {
            return Ok(());
        }
        let quota = self.storage.quota;
        let area = self.storage.area_mut(storage);
        // 1. and 2. If the key has this value already, return. It keeps its place.
        let old_value = area.get(&key).cloned();
        if old_value.as_ref() == Some(&value) {
            return Ok(());
        }
        // 3. If the value cannot be stored, throw.
        let requested = area.bytes_with(&key, &value);
        if requested > quota && requested > area.bytes() {
            return Err(StorageError::QuotaExceeded {
                key,
                quota,
                requested,
            });
        }
        // 4. and 5. Set it. A new key is the last one.
        area.set(key.clone(), value.clone());
        // 6. Broadcast the change.
        self.broadcast_storage(queues, contexts, storage, Some(key), old_value, Some(value));
        Ok(())
    }

    /// [`removeItem()`](https://html.spec.whatwg.org/multipage/webstorage.html#dom-storage-removeitem)
    pub fn remove_storage_item(
        &mut self,
        queues: &mut Queues<'_>,
        contexts: &Contexts,
        storage: &Storage,
        key: StorageText,
    ) {
        // 1. If the key does not exist, return.
        if self.storage_item(storage, &key).is_none() {
            return;
        }
        // 2. to 4. Remove it.
        let old_value = self.storage.area_mut(storage).remove(&key);
        // 5. Broadcast the change.
        self.broadcast_storage(queues, contexts, storage, Some(key), old_value, None);
    }

    /// [`clear()`](https://html.spec.whatwg.org/multipage/webstorage.html#dom-storage-clear)
    pub fn clear_storage(
        &mut self,
        queues: &mut Queues<'_>,
        contexts: &Contexts,
        storage: &Storage,
    ) {
        // 1. Clear the area.
        // SPEC-ISSUE: the standard broadcasts the change even if there was nothing. Browsers do not.
        if self.storage.remove(storage) {
            // 2. Broadcast the change.
            self.broadcast_storage(queues, contexts, storage, None, None, None);
        }
    }

    /// Whether changes of an area have an effect: its traversable still exists.
    fn can_change(contexts: &Contexts, storage: &Storage) -> bool {
        storage.kind == StorageKind::Local || contexts.navigable(storage.traversable).is_some()
    }

    /// [Broadcast](https://html.spec.whatwg.org/multipage/webstorage.html#concept-storage-broadcast)
    fn broadcast_storage(
        &mut self,
        queues: &mut Queues<'_>,
        contexts: &Contexts,
        storage: &Storage,
        key: Option<StorageText>,
        old_value: Option<StorageText>,
        new_value: Option<StorageText>,
    ) {
        // 1. and 2. Find the URL of the document.
        // 3. Find the other windows that share the area, in the order of their creation.
        // IMPLEMENTATION-DEFINED: the standard finds `Storage` objects. In browsers a window gets the events even if
        // it has never used its own.
        let remote = Self::windows_that_share(contexts, storage);
        if remote.is_empty() {
            return;
        }
        let url = contexts.url_of_global(storage.window);
        let change = Arc::new(StorageChange {
            key,
            old_value,
            new_value,
            url: url.map_or_else(|| "".into(), |url| url.as_str().into()),
        });
        self.process_drops(queues);
        let end = |global| Endpoint::Storage {
            kind: storage.kind,
            global,
        };
        let bytes = change.bytes();
        // 4. Queue a task for each.
        for target in remote {
            let (from, to) = (end(storage.window), end(target));
            let accounting = &mut self.accounting;
            let envelope = accounting.post(Arc::clone(&change), from, to, &[]);
            if !accounting.loads.admit(&accounting.limits, target, bytes) {
                accounting.discard(envelope, MessageDropReason::Limit);
                continue;
            }
            accounting.loads.add(target, Load { messages: 1, bytes });
            accounting.in_tasks.enter(&envelope.info());
            let task = StorageEventTask {
                target,
                kind: storage.kind,
                envelope,
            };
            let task = MessagingTask::Storage(Box::new(task));
            queues.queue_global(TaskSource::DomManipulation, target, task);
        }
    }

    fn windows_that_share(contexts: &Contexts, storage: &Storage) -> Vec<GlobalId> {
        let shares = |window: &GlobalId| {
            if *window == storage.window {
                return false;
            }
            let navigable = contexts.window(*window).map(Window::navigable);
            let top = navigable.and_then(|navigable| contexts.top(navigable));
            let is_of_traversable =
                storage.kind == StorageKind::Local || top == Some(storage.traversable);
            is_of_traversable && contexts.storage_key(*window).as_ref() == Some(&*storage.key)
        };
        let windows = contexts.windows().into_iter();
        windows.filter(shares).collect()
    }

    /// [Legacy-clone a traversable storage shed](https://storage.spec.whatwg.org/#legacy-clone-a-traversable-storage-shed):
    /// a page of the traversable `opener` has opened the traversable `navigable`.
    pub fn legacy_clone_a_traversable_storage_shed(
        &mut self,
        opener: NavigableId,
        navigable: NavigableId,
    ) {
        if let Some(shed) = self.storage.session.get(&opener).cloned() {
            self.storage.session.insert(navigable, shed);
        }
    }

    /// A navigable is gone: its session storage, if it has one, ends.
    pub fn navigable_destroyed(&mut self, navigable: NavigableId) {
        self.storage.session.remove(&navigable);
    }
}
