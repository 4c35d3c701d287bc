//! Platform objects in a few words.

use std::rc::Rc;

use boa_engine::Context;
use boa_engine::builtins::proxy::Proxy;
use boa_engine::object::JsObject;
use boa_engine::property::PropertyKey;

use super::own;
use crate::script::State;
use crate::webidl::exception::ExceptionData;
use crate::webidl::legacy;
use crate::webidl::platform::{PlatformObject, WindowGlobal};
use crate::windows::window_proxy;

/// How a platform object is shown that is not shown as other objects are.
pub(super) enum Short {
    /// By this text.
    Text(String),
    /// As an error that says this.
    Error(String),
}

/// Windows have too many properties to be of use, what is behind a proxy of the engine's own is
/// known here alone, and a `DOMException` keeps its words where no property shows them.
pub(super) fn short(object: &JsObject, context: &mut Context) -> Option<Short> {
    if object.is::<Proxy>() {
        // A context without an agent has no such proxies.
        if !context.has_data::<Rc<State>>() {
            return None;
        }
        let target = match window_proxy::behind(object, context).ok()? {
            Some(behind) => behind,
            None => legacy::target_of(object, context).ok()??,
        };
        let platform = target.downcast_ref::<PlatformObject>()?;
        return Some(Short::Text(format!("{} {{}}", platform.interface.name)));
    }
    let platform = object.downcast_ref::<PlatformObject>()?;
    if platform.data::<WindowGlobal>().is_some() {
        return Some(Short::Text(String::from("Window {}")));
    }
    platform.data().map(|data: &ExceptionData| {
        Short::Error(format!(
            "DOMException [{}]: {}",
            data.name.to_std_string_lossy(),
            data.message.to_std_string_lossy()
        ))
    })
}

/// Leaves of a platform object's properties those that a page has added: what an interface puts on
/// each object cannot be configured.
pub(super) fn retain_expandos(object: &JsObject, keys: &mut Vec<PropertyKey>) {
    if object.is::<PlatformObject>() {
        keys.retain(|key| {
            own::own_property(object, key).is_some_and(|own| own.configurable() == Some(true))
        });
    }
}
