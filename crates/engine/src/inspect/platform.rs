//! Formats platform objects in short form.

use std::rc::Rc;

use boa_engine::Context;
use boa_engine::builtins::proxy::Proxy;
use boa_engine::object::JsObject;
use boa_engine::property::PropertyKey;

use super::own;
use crate::script::State;
use crate::script::globals::WindowGlobal;
use crate::webidl::exception::ExceptionData;
use crate::webidl::legacy_platform_object;
use crate::webidl::platform::PlatformObject;
use crate::windows::window_proxy;

/// The short form of a platform object that is not opened.
pub(super) enum Short {
    /// The whole text.
    Text(String),
    /// The text of an error.
    Error(String),
}

/// Returns the short form of a window, of an object behind one of the engine's proxies, or of a
/// `DOMException`.
///
/// Windows have too many properties to print, only this module can look behind the engine's
/// proxies, and a `DOMException` does not store its name and message as properties.
pub(super) fn short(object: &JsObject, context: &mut Context) -> Option<Short> {
    if object.is::<Proxy>() {
        // A context without an agent has none of the engine's proxies.
        if !context.has_data::<Rc<State>>() {
            return None;
        }
        let target = match window_proxy::behind(object, context).ok()? {
            Some(behind) => behind,
            None => legacy_platform_object::target_of(object, context).ok()??,
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

/// Keeps only the properties that a page has added to a platform object. The properties of the
/// interface are not configurable.
pub(super) fn retain_expandos(object: &JsObject, keys: &mut Vec<PropertyKey>) {
    if object.is::<PlatformObject>() {
        keys.retain(|key| {
            own::own_property(object, key).is_some_and(|own| own.configurable() == Some(true))
        });
    }
}
