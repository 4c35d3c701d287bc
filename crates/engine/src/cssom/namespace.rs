//! The namespace `CSS` ([CSSOM, the CSS.escape() method](https://drafts.csswg.org/cssom/#the-css.escape()-method)).

use boa_engine::{Context, JsObject, JsString};
use framepost_event_loop::GlobalId;

use crate::script::realm;
use crate::webidl::{self, interface};

interface! {
    /// The [`CSS`](https://drafts.csswg.org/cssom/#namespacedef-css) namespace.
    // NOT YET: `supports()`, and what other specifications add.
    namespace CSS {
        DOMString escape(DOMString ident) = |ident: JsString, _| serialize_an_identifier(&ident);
    }

    partial interface Window(GlobalId) {
        [Replaceable] readonly attribute any CSS = |_: GlobalId, cx| css_of_realm(cx);
    }
}

/// The `CSS` of the current realm.
fn css_of_realm(cx: &mut Context) -> JsObject {
    let realm = cx.realm().clone();
    realm::singleton(cx, &realm, "CSS", |cx, _| {
        let realm = cx.realm().clone();
        let css = JsObject::with_object_proto(cx.intrinsics());
        webidl::define_namespace(&CSS, &css, &realm, cx);
        css
    })
}

/// [Serialize an identifier](https://drafts.csswg.org/cssom/#serialize-an-identifier)
fn serialize_an_identifier(ident: &JsString) -> JsString {
    let units = ident.to_vec();
    let mut escaped = Vec::with_capacity(units.len());
    for (index, unit) in units.iter().copied().enumerate() {
        let c = char::from_u32(u32::from(unit)).unwrap_or('\u{80}');
        let is_start = index == 0 || (index == 1 && units.first() == Some(&u16::from(b'-')));
        let text = match c {
            '\0' => "\u{fffd}".to_owned(),
            // A control character, and a digit where an identifier begins.
            '\u{1}'..='\u{1f}' | '\u{7f}' => format!("\\{unit:x} "),
            '0'..='9' if is_start => format!("\\{unit:x} "),
            '-' if units.len() == 1 => "\\-".to_owned(),
            '-' | '_' | '0'..='9' | 'A'..='Z' | 'a'..='z' => c.to_string(),
            '\u{80}'.. => {
                escaped.push(unit);
                continue;
            }
            _ => format!("\\{c}"),
        };
        escaped.extend(text.encode_utf16());
    }
    JsString::from(escaped.as_slice())
}
