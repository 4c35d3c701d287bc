//! `Storage` ([HTML, the Storage interface](https://html.spec.whatwg.org/multipage/webstorage.html#the-storage-interface)).

use framepost_event_loop::GlobalId;
use framepost_messaging::storage::StorageKind;

use super::areas::{
    StorageObject, clear, get_item, key, length, names, of_window, remove_item, set_item,
};
use crate::webidl::interface;

interface! {
    /// The `Storage` interface.
    [Exposed=Window]
    interface Storage(StorageObject) {
        readonly attribute unsigned long length = |storage: StorageObject, cx| length(&storage, cx);
        DOMString? key(unsigned long index);
        DOMString? getItem(DOMString key);
        undefined setItem(DOMString key, DOMString value);
        undefined removeItem(DOMString key);
        undefined clear();
        getter DOMString (DOMString key) = get_item, names;
        setter undefined (DOMString key, DOMString value) = set_item;
        deleter undefined (DOMString key) = remove_item;
    }

    /// The [`WindowLocalStorage`](https://html.spec.whatwg.org/multipage/webstorage.html#windowlocalstorage) and
    /// [`WindowSessionStorage`](https://html.spec.whatwg.org/multipage/webstorage.html#windowsessionstorage) mixins.
    partial interface Window(GlobalId) {
        readonly attribute Storage localStorage = |window: GlobalId, cx| of_window(window, StorageKind::Local, cx);
        readonly attribute Storage sessionStorage = |window: GlobalId, cx| of_window(window, StorageKind::Session, cx);
    }
}
