//! The data of a module request: the URL and the type of the module.

use boa_engine::module::ModuleRequest;
use boa_engine::{Context, JsNativeError, JsResult, JsString};
use framepost_browsing_context::{ModuleKind, SpecifierError};
use framepost_event_loop::ClientId;
use url::Url;

use crate::boa::errors::type_error;
use crate::script::with_contexts;

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

/// [Resolve a module specifier](https://html.spec.whatwg.org/multipage/webappapis.html#resolve-a-module-specifier)
pub(super) fn resolve(
    document: Option<ClientId>,
    specifier: &JsString,
    base_url: Option<&Url>,
    ctx: &Context,
) -> JsResult<Url> {
    let specifier = specifier.to_std_string_lossy();
    let gone = || SpecifierError::Bare(specifier.clone());
    let resolved = document.zip(base_url).ok_or_else(gone);
    resolved
        .and_then(|(document, base_url)| {
            with_contexts(ctx, |contexts| {
                contexts.resolve_a_module_specifier(document, &specifier, base_url)
            })
        })
        .map_err(|error| {
            let message = error.to_string();
            type_error(message)
        })
}
