//! `StorageEvent` ([HTML, the StorageEvent interface](https://html.spec.whatwg.org/multipage/webstorage.html#the-storageevent-interface)).

use boa_engine::{Context, Finalize, JsObject, JsResult, JsString, Trace};
use framepost_event_loop::GlobalId;
use framepost_messaging::storage::{StorageChange, StorageKind};

use super::areas::{of_window, string};
use super::interface::Storage;
use crate::dom::event::{EVENT, EventInit};
use crate::dom::event_dispatch::{self, Target};
use crate::dom::events::{NewEvent, construct_event, initialize};
use crate::script::realm;
use crate::webidl::{interface, platform};

interface! {
    /// The `StorageEvent` interface.
    [Exposed=Window]
    interface StorageEvent(StorageEventInit) : Event {
        constructor(DOMString type, optional StorageEventInit init = {}) = construct_event::<StorageEventInit>;

        readonly attribute DOMString? key = .key;
        readonly attribute DOMString? oldValue = .old_value;
        readonly attribute DOMString? newValue = .new_value;
        readonly attribute USVString url = .url;
        readonly attribute Storage? storageArea = .storage_area;

        undefined initStorageEvent(
            DOMString type,
            optional boolean bubbles = false,
            optional boolean cancelable = false,
            optional DOMString? key = null,
            optional DOMString? oldValue = null,
            optional DOMString? newValue = null,
            optional USVString url = "",
            optional Storage? storageArea = null
        ) = |event, type_: JsString, bubbles, cancelable, key: Option<JsString>, old_value: Option<JsString>, new_value: Option<JsString>, url: JsString, storage_area, _| {
            let parent = EventInit::default();
            init_storage_event(event, (type_, bubbles, cancelable), StorageEventInit { parent, key, old_value, new_value, url, storage_area })
        };
    }

    #[derive(Trace, Finalize)]
    dictionary StorageEventInit : EventInit {
        #[unsafe_ignore_trace]
        DOMString(JsString)? key = null;
        #[unsafe_ignore_trace]
        DOMString(JsString)? oldValue = null;
        #[unsafe_ignore_trace]
        DOMString(JsString)? newValue = null;
        #[unsafe_ignore_trace]
        USVString(JsString) url = "";
        Storage? storageArea = null;
    }
}

/// [`initStorageEvent()`](https://html.spec.whatwg.org/multipage/webstorage.html#dom-storageevent-initstorageevent)
fn init_storage_event(
    event: &JsObject,
    (type_, bubbles, cancelable): (JsString, bool, bool),
    data: StorageEventInit,
) -> JsResult<()> {
    if initialize(event, type_, bubbles, cancelable)? {
        platform::write(event, |held: &mut StorageEventInit| *held = data)?;
    }
    Ok(())
}

/// The event that `document.createEvent()` creates, by the name in lower case.
pub(crate) fn uninitialized(name: &str) -> Option<NewEvent> {
    (name == "storageevent").then(|| {
        let data = StorageEventInit {
            parent: EventInit::default(),
            key: None,
            old_value: None,
            new_value: None,
            url: JsString::default(),
            storage_area: None,
        };
        NewEvent::of(&STORAGE_EVENT, data)
    })
}

/// The task of [broadcast](https://html.spec.whatwg.org/multipage/webstorage.html#concept-storage-broadcast): fires
/// `storage` at a window.
pub(crate) fn fire(cx: &mut Context, window: GlobalId, kind: StorageKind, change: &StorageChange) {
    let Some(record) = realm::window_record(cx, window) else {
        return;
    };
    let data = StorageEventInit {
        parent: EventInit::default(),
        key: change.key.as_ref().map(string),
        old_value: change.old_value.as_ref().map(string),
        new_value: change.new_value.as_ref().map(string),
        url: JsString::from(&*change.url),
        storage_area: of_window(window, kind, cx).ok(),
    };
    let target = Target::Object(record.global);
    let of = NewEvent::of(&STORAGE_EVENT, data);
    event_dispatch::fire(cx, &target, None, "storage", (false, false), of);
}
