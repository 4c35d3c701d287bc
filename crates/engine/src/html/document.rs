//! What HTML adds to interfaces of the DOM
//! ([HTML, the Document object](https://html.spec.whatwg.org/multipage/dom.html#the-document-object)).

use crate::html::event_handlers;
use crate::webidl::interface;

interface! {
    /// The event handler of `AbortSignal`, which the DOM standard declares with HTML's type.
    partial interface AbortSignal {
        attribute EventHandler onabort;
    }
}
