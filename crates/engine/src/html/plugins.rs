//! Plugins, of which there are none
//! ([HTML, PDF viewing support](https://html.spec.whatwg.org/multipage/system-state.html#pdf-viewing-support)).
//!
//! The arrays are empty, so their objects need neither indexed nor named properties.

use boa_engine::{Context, JsObject};

use crate::webidl::interface;

interface! {
    /// The `PluginArray` interface.
    [Exposed=Window]
    interface PluginArray {
        undefined refresh() = || ();
        readonly attribute unsigned long length = 0;
        object? item(unsigned long index);
        object? namedItem(DOMString name);
    }

    /// The `MimeTypeArray` interface.
    [Exposed=Window]
    interface MimeTypeArray {
        readonly attribute unsigned long length = 0;
        object? item(unsigned long index);
        object? namedItem(DOMString name);
    }

    /// The `Plugin` interface.
    [Exposed=Window]
    interface Plugin {}

    /// The `MimeType` interface.
    [Exposed=Window]
    interface MimeType {}
}

/// `item()` of both arrays.
fn item(_: &JsObject, _: u32, _: &mut Context) -> Option<JsObject> {
    None
}

/// `namedItem()` of both arrays.
fn named_item(_: &JsObject, _: &str, _: &mut Context) -> Option<JsObject> {
    None
}
