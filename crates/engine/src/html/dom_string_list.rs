//! `DOMStringList` ([HTML, the DOMStringList interface](https://html.spec.whatwg.org/multipage/common-dom-interfaces.html#the-domstringlist-interface)).

use boa_engine::realm::Realm;
use boa_engine::{Context, Finalize, JsObject, JsResult, Trace};

use crate::webidl::{self, interface, legacy_platform_object};

/// The strings of a list.
#[derive(Clone, Trace, Finalize)]
pub(crate) struct Strings(#[unsafe_ignore_trace] Vec<String>);

interface! {
    /// The `DOMStringList` interface.
    [Exposed=(Window,Worker)]
    interface DOMStringList(Strings) {
        readonly attribute unsigned long length = |list| list.0.len();
        getter DOMString? item(unsigned long index) = |list, index: usize| list.0.get(index).cloned();
        boolean contains(DOMString string) = |list, text: String| list.0.contains(&text);
    }
}

/// Creates a list in a realm.
pub(crate) fn create(realm: &Realm, strings: Vec<String>, cx: &mut Context) -> JsResult<JsObject> {
    let target = webidl::create_object(realm, &DOM_STRING_LIST, Strings(strings), cx);
    legacy_platform_object::proxy(cx, &target)
}
