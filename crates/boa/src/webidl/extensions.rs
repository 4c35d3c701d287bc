//! The functions of higher modules for Web IDL. The module `host` fills the table.

use boa_engine::{Context, JsObject, JsResult, JsValue};

use super::Member;
use super::interface::{Definitions, Exposed, Interface};
use super::members::{NamedGetter, NamedSetter};
use crate::boa::slots::Slot;

/// The table.
#[derive(Clone, Copy, Debug)]
pub struct Extensions {
    /// All definitions.
    pub definitions: &'static [&'static Definitions],
    /// The getter of [event handler IDL attributes](https://html.spec.whatwg.org/multipage/webappapis.html#event-handler-idl-attributes).
    pub event_handler: NamedGetter,
    /// The setter of event handler IDL attributes.
    pub set_event_handler: NamedSetter,
}

impl Extensions {
    /// All interfaces that some of these globals expose.
    pub fn exposed(&self, globals: Exposed) -> impl Iterator<Item = &'static Interface> {
        let all = self.definitions.iter();
        let interfaces = all.flat_map(|definitions| definitions.interfaces).copied();
        interfaces.filter(move |interface| interface.exposed.includes(globals))
    }

    /// A table for agents without families.
    pub const NONE: Self = Self {
        definitions: &[],
        event_handler: |_, _, _| Ok(JsValue::null()),
        set_event_handler: |_, _, _, _| Ok(()),
    };
}

static EXTENSIONS: Slot<Option<&'static Extensions>> = Slot::new();

/// Gives an agent the table.
pub fn install(table: &'static Extensions, cx: &Context) {
    EXTENSIONS.set(cx, Some(table));
}

/// The agent's table.
#[inline]
pub fn extensions(cx: &Context) -> &'static Extensions {
    EXTENSIONS
        .with(cx, |table| *table)
        .unwrap_or(&Extensions::NONE)
}

/// An event handler IDL attribute.
pub const fn event_handler(name: &'static str) -> Member {
    Member::Named(name, name, get_event_handler, Some(set_event_handler))
}

/// An event handler IDL attribute with [`[LegacyLenientThis]`](https://webidl.spec.whatwg.org/#LegacyLenientThis).
pub const fn lenient_event_handler(name: &'static str) -> Member {
    Member::Lenient(name, get_event_handler, set_event_handler)
}

/// Runs the getter of an event handler IDL attribute.
pub fn get_event_handler(
    object: &JsObject,
    name: &'static str,
    cx: &mut Context,
) -> JsResult<JsValue> {
    (extensions(cx).event_handler)(object, name, cx)
}

/// Runs the setter of an event handler IDL attribute.
pub fn set_event_handler(
    object: &JsObject,
    name: &'static str,
    value: &JsValue,
    cx: &mut Context,
) -> JsResult<()> {
    (extensions(cx).set_event_handler)(object, name, value, cx)
}
