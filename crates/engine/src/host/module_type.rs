//! The types of imported modules.

use crate::boa::errors::type_error;
use boa_engine::module::ModuleRequest;
use boa_engine::{JsNativeError, JsResult};
use framepost_browsing_context::ModuleKind;

/// [Module type from module request](https://html.spec.whatwg.org/multipage/webappapis.html#module-type-from-module-request)
pub(super) fn type_of_request(request: &ModuleRequest) -> JsResult<ModuleKind> {
    let mut kind = ModuleKind::JavaScript;
    for attribute in request.attributes() {
        let (key, value) = (attribute.key(), attribute.value());
        if *key != "type" {
            let message = format!("unknown import attribute '{}'", key.to_std_string_lossy());
            return Err(JsNativeError::syntax().with_message(message).into());
        }
        if *value != "json" {
            let message = format!("unknown module type '{}'", value.to_std_string_lossy());
            return Err(type_error(message));
        }
        kind = ModuleKind::Json;
    }
    Ok(kind)
}
