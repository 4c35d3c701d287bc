//! The objects of storage areas, and their methods
//! ([HTML, the Storage interface](https://html.spec.whatwg.org/multipage/webstorage.html#the-storage-interface)).

use boa_engine::{Context, Finalize, JsError, JsObject, JsResult, JsString, Trace};
use framepost_event_loop::GlobalId;
use framepost_messaging::storage::{Storage, StorageError, StorageKind, StorageText};

use super::interface::STORAGE;
use crate::script::realm::{self, held_singleton, in_realm, singleton};
use crate::script::{with_contexts, with_messaging, with_messaging_and_contexts};
use crate::webidl::receiver::receivers;
use crate::webidl::{self, exception, legacy_platform_object};

/// The data of a `Storage`.
#[derive(Clone, Trace, Finalize)]
pub(crate) struct StorageObject(#[unsafe_ignore_trace] Storage);

receivers!(StorageObject);

/// The getters of [`localStorage`](https://html.spec.whatwg.org/multipage/webstorage.html#dom-localstorage) and
/// [`sessionStorage`](https://html.spec.whatwg.org/multipage/webstorage.html#dom-sessionstorage)
pub(crate) fn of_window(
    window: GlobalId,
    kind: StorageKind,
    cx: &mut Context,
) -> JsResult<JsObject> {
    let realm = realm::realm_of(cx, window);
    let name = match kind {
        StorageKind::Local => "localStorage",
        StorageKind::Session => "sessionStorage",
    };
    // 1. If the document has an object, return it.
    if let Some(held) = held_singleton(&realm, name) {
        return Ok(held);
    }
    // 2. and 3. Obtain the area.
    let storage = with_contexts(cx, |contexts| Storage::of_window(contexts, window, kind));
    let storage = storage.map_err(|error| thrown(&error, cx))?;
    // 4. to 6. Create the object.
    let object = in_realm(cx, &realm, |cx| {
        let target = webidl::create_object(&realm, &STORAGE, StorageObject(storage), cx);
        legacy_platform_object::proxy(cx, &target)
    })?;
    Ok(singleton(cx, &realm, name, |_, _| object))
}

/// The exception for an error. The `quota` and `requested` of a `QuotaExceededError` are null, as in browsers.
fn thrown(error: &StorageError, cx: &mut Context) -> JsError {
    exception::throw(error.dom_exception_name(), &error.to_string(), cx)
}

fn text(string: &JsString) -> StorageText {
    string.to_vec().into()
}

/// The string with the code units of a key or a value.
pub(super) fn string(text: &StorageText) -> JsString {
    JsString::from(text.units())
}

/// [`length`](https://html.spec.whatwg.org/multipage/webstorage.html#dom-storage-length)
pub(super) fn length(storage: &StorageObject, cx: &mut Context) -> usize {
    with_messaging(cx, |messaging, _| messaging.storage_length(&storage.0))
}

/// [`key()`](https://html.spec.whatwg.org/multipage/webstorage.html#dom-storage-key)
pub(super) fn key(storage: &StorageObject, index: u32, cx: &mut Context) -> Option<JsString> {
    let key = with_messaging(cx, |messaging, _| {
        messaging
            .storage_key_at(&storage.0, index as usize)
            .cloned()
    });
    key.as_ref().map(string)
}

/// The [supported property names](https://html.spec.whatwg.org/multipage/webstorage.html#the-storage-interface:supported-property-names).
pub(super) fn names(storage: &StorageObject, cx: &mut Context) -> Vec<JsString> {
    let keys = with_messaging(cx, |messaging, _| messaging.storage_keys(&storage.0));
    keys.iter().map(string).collect()
}

/// [`getItem()`](https://html.spec.whatwg.org/multipage/webstorage.html#dom-storage-getitem)
pub(super) fn get_item(
    storage: &StorageObject,
    key: &JsString,
    cx: &mut Context,
) -> Option<JsString> {
    let value = with_messaging(cx, |messaging, _| {
        messaging.storage_item(&storage.0, &text(key)).cloned()
    });
    value.as_ref().map(string)
}

/// [`setItem()`](https://html.spec.whatwg.org/multipage/webstorage.html#dom-storage-setitem)
pub(super) fn set_item(
    storage: &StorageObject,
    key: &JsString,
    value: &JsString,
    cx: &mut Context,
) -> JsResult<()> {
    let set = with_messaging_and_contexts(cx, |messaging, queues, contexts| {
        messaging.set_storage_item(queues, contexts, &storage.0, text(key), text(value))
    });
    set.map_err(|error| thrown(&error, cx))
}

/// [`removeItem()`](https://html.spec.whatwg.org/multipage/webstorage.html#dom-storage-removeitem)
pub(super) fn remove_item(storage: &StorageObject, key: &JsString, cx: &mut Context) {
    with_messaging_and_contexts(cx, |messaging, queues, contexts| {
        messaging.remove_storage_item(queues, contexts, &storage.0, text(key));
    });
}

/// [`clear()`](https://html.spec.whatwg.org/multipage/webstorage.html#dom-storage-clear)
pub(super) fn clear(storage: &StorageObject, cx: &mut Context) {
    with_messaging_and_contexts(cx, |messaging, queues, contexts| {
        messaging.clear_storage(queues, contexts, &storage.0);
    });
}
