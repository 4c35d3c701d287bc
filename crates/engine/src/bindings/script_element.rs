//! `HTMLScriptElement` ([HTML, the script element](https://html.spec.whatwg.org/multipage/scripting.html#the-script-element)).

use crate::webidl::Member;
use crate::webidl::convert::dom_string;

use super::reflect;

/// The members that are not shared.
pub(crate) const MEMBERS: &[Member] = &[
    reflect::url("src", "src"),
    reflect::string("type", "type"),
    reflect::boolean("noModule", "nomodule"),
    reflect::boolean("defer", "defer"),
    reflect::cors("crossOrigin", "crossorigin"),
    reflect::string("referrerPolicy", "referrerpolicy"),
    reflect::string("integrity", "integrity"),
    reflect::string("charset", "charset"),
    reflect::string("htmlFor", "for"),
    reflect::string("event", "event"),
    // NOT YET: the force async flag, by which scripts made by script are async without it.
    reflect::boolean("async", "async"),
    Member::Static("supports", 1, |args, ctx| {
        let type_ = dom_string(&crate::webidl::convert::argument(args, 0), ctx)?;
        Ok(matches!(type_.as_str(), "classic").into())
    }),
];
