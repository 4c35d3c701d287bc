//! The entry list of a `Navigation`, and the objects of its entries
//! ([HTML, the navigation API's entry list](https://html.spec.whatwg.org/multipage/nav-history-apis.html#navigation-entry-list)).

use boa_engine::{Context, Finalize, JsObject, Trace};
use framepost_browsing_context::NavigationEntry;
use framepost_event_loop::{FxHashMap, GlobalId};

use super::entry::NAVIGATION_HISTORY_ENTRY;
use super::{Known, held, with};
use crate::boa::random;
use crate::boa::slots::Slot;
use crate::script::callback::is_left;
use crate::script::{realm, with_contexts};
use crate::webidl::platform;

/// The data of a `NavigationHistoryEntry`.
#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct EntryData {
    #[unsafe_ignore_trace]
    pub(super) window: GlobalId,
    #[unsafe_ignore_trace]
    pub(super) entry: NavigationEntry,
}

/// A number of an entry, which script sees as a UUID.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Identifier {
    Key(u64),
    Id(u64),
}

/// The UUIDs that script has read.
static UUIDS: Slot<FxHashMap<Identifier, String>> = Slot::new();

/// The UUID of an entry.
pub(super) fn uuid(of: Identifier, cx: &mut Context) -> String {
    if let Some(known) = UUIDS.with(cx, |known| known.get(&of).cloned()) {
        return known;
    }
    let made = random::uuid(random::next_u64(cx), random::next_u64(cx));
    UUIDS.with(cx, |known| known.insert(of, made.clone()));
    made
}

/// The present data of an entry's object.
pub(super) fn data_of(entry: &JsObject, cx: &mut Context) -> Option<EntryData> {
    let window = platform::with(entry, |data: &EntryData| Some(data.window))?;
    if is_left(cx, window) {
        return None;
    }
    if let Some(navigation) = held(window, cx) {
        synchronize(&navigation, cx);
    }
    platform::with(entry, |data: &EntryData| Some(data.clone()))
}

/// The value of an attribute: `gone` if the document is not fully active.
pub(super) fn show<T>(
    entry: &JsObject,
    gone: T,
    cx: &mut Context,
    read: impl FnOnce(&NavigationEntry) -> T,
) -> T {
    data_of(entry, cx).map_or(gone, |data| read(&data.entry))
}

/// The number of an entry's object.
pub(super) fn id_of(entry: &JsObject) -> Option<u64> {
    platform::with(entry, |data: &EntryData| Some(data.entry.id))
}

/// The stored data of an entry's object.
pub(super) fn shown(entry: &JsObject) -> Option<NavigationEntry> {
    platform::with(entry, |data: &EntryData| Some(data.entry.clone()))
}

/// [`index`](https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-navigationhistoryentry-index)
pub(super) fn index(entry: &JsObject, cx: &mut Context) -> f64 {
    let Some(data) = data_of(entry, cx) else {
        return -1.0;
    };
    let at = held(data.window, cx).and_then(|navigation| {
        with(&navigation, |navigation| {
            let mut known = navigation.known.iter();
            known.position(|known| known.entry.id == data.entry.id)
        })
        .flatten()
    });
    #[allow(clippy::cast_precision_loss, reason = "a history is shorter")]
    at.map_or(-1.0, |at| at as f64)
}

/// Takes the entries from the history. Entries with objects keep them.
pub(super) fn synchronize(navigation: &JsObject, cx: &mut Context) {
    let Some(window) = with(navigation, |data| data.window) else {
        return;
    };
    let (entries, current) = with_contexts(cx, |contexts| contexts.navigation_api_entries(window));
    let mut objects: FxHashMap<u64, JsObject> = FxHashMap::default();
    let old = with(navigation, |data| std::mem::take(&mut data.known)).unwrap_or_default();
    for known in old {
        if let Some(object) = known.object {
            objects.insert(known.entry.id, object);
        }
    }
    let mut known = Vec::with_capacity(entries.len());
    for entry in entries {
        let object = objects.remove(&entry.id);
        if let Some(object) = &object {
            platform::with_mut(object, |data: &mut EntryData| {
                data.entry = entry.clone();
                Some(())
            });
        }
        known.push(Known { entry, object });
    }
    with(navigation, |data| {
        data.current = (!known.is_empty()).then_some(current);
        data.known = known;
    });
}

/// The object of an entry of the list, created on first use.
pub(super) fn object_at(navigation: &JsObject, at: usize, cx: &mut Context) -> Option<JsObject> {
    let (window, known) = with(navigation, |data| {
        data.known.get(at).map(|known| (data.window, known.clone()))
    })??;
    if let Some(object) = known.object {
        return Some(object);
    }
    let object = create(window, known.entry, cx);
    with(navigation, |data| {
        if let Some(known) = data.known.get_mut(at) {
            known.object = Some(object.clone());
        }
    });
    Some(object)
}

/// The object of the entry with this number, or a new one of an entry that is not in the list.
pub(super) fn object_of(
    navigation: &JsObject,
    entry: NavigationEntry,
    cx: &mut Context,
) -> Option<JsObject> {
    let (window, at) = with(navigation, |data| {
        let at = data
            .known
            .iter()
            .position(|known| known.entry.id == entry.id);
        (data.window, at)
    })?;
    let known = at.and_then(|at| object_at(navigation, at, cx));
    Some(known.unwrap_or_else(|| create(window, entry, cx)))
}

fn create(window: GlobalId, entry: NavigationEntry, cx: &mut Context) -> JsObject {
    let data = EntryData { window, entry };
    realm::create_in(window, &NAVIGATION_HISTORY_ENTRY, data, cx)
}

/// The index of the current entry, and how many there are.
pub(super) fn position(navigation: &JsObject, cx: &mut Context) -> Option<(usize, usize)> {
    synchronize(navigation, cx);
    with(navigation, |data| Some((data.current?, data.known.len()))).flatten()
}

/// [`entries()`](https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-navigation-entries)
pub(super) fn entries(navigation: &JsObject, cx: &mut Context) -> Vec<JsObject> {
    synchronize(navigation, cx);
    let length = with(navigation, |data| data.known.len()).unwrap_or_default();
    (0..length)
        .filter_map(|at| object_at(navigation, at, cx))
        .collect()
}

/// The [current entry](https://html.spec.whatwg.org/multipage/nav-history-apis.html#navigation-current-entry).
pub(super) fn current_entry(navigation: &JsObject, cx: &mut Context) -> Option<JsObject> {
    let (at, _) = position(navigation, cx)?;
    object_at(navigation, at, cx)
}

/// The current entry at the last update of the list.
pub(super) fn last_current_entry(navigation: &JsObject, cx: &mut Context) -> Option<JsObject> {
    let at = with(navigation, |data| data.current).flatten()?;
    object_at(navigation, at, cx)
}

/// The entries of the list that have objects, with their numbers.
pub(super) fn objects(navigation: &JsObject) -> Vec<(u64, JsObject)> {
    let objects = with(navigation, |data| {
        let known = data.known.iter();
        known
            .filter_map(|known| Some((known.entry.id, known.object.clone()?)))
            .collect()
    });
    objects.unwrap_or_default()
}
