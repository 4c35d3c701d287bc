//! `MutationObserver` ([DOM, interface MutationObserver](https://dom.spec.whatwg.org/#interface-mutationobserver)).

use markup5ever_rcdom::Handle as Node;

use super::mutation_observers::{ObserverData, disconnect, observe};
use crate::script::callback::Callback;
use crate::webidl::interface;

interface! {
    /// The `MutationObserver` interface.
    [Exposed=Window]
    interface MutationObserver(ObserverData) {
        constructor(MutationCallback callback) = |callback, cx| ObserverData::new(Callback::new(callback, cx), cx);

        undefined observe(Node target, optional MutationObserverInit options = {});
        undefined disconnect();
        sequence<MutationRecord> takeRecords() = |observer: &mut ObserverData| observer.take_records();
    }

    callback MutationCallback = undefined (sequence<MutationRecord> mutations, MutationObserver observer);

    dictionary MutationObserverInit {
        boolean childList = false;
        boolean attributes;
        boolean characterData;
        boolean subtree = false;
        boolean attributeOldValue;
        boolean characterDataOldValue;
        sequence<DOMString> attributeFilter;
    }
}
