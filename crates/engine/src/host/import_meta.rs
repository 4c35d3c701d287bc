//! `import.meta` ([HTML, HostGetImportMetaProperties](https://html.spec.whatwg.org/multipage/webappapis.html#hostgetimportmetaproperties)).

use boa_engine::module::Referrer;
use boa_engine::{Context, JsObject, JsString, Module, NativeFunction, js_string};
use url::Url;

use super::module_type::resolve;
use super::modules::{base_url, document_of};
use crate::script::realm::window_of;

/// [HostGetImportMetaProperties](https://html.spec.whatwg.org/multipage/webappapis.html#hostgetimportmetaproperties)
pub(crate) fn init_import_meta(meta: &JsObject, module: &Module, ctx: &mut Context) {
    let base_url = base_url(&Referrer::Module(module.clone()), ctx);
    let Some(base_url) = base_url else { return };
    let url = JsString::from(base_url.as_str());
    let resolve = NativeFunction::from_copy_closure_with_captures(
        |_, args, base_url, ctx| {
            let specifier = args.first().cloned().unwrap_or_default().to_string(ctx)?;
            let base_url = Url::parse(&base_url.to_std_string_lossy()).ok();
            // The function belongs to the realm of the module.
            let window = window_of(ctx.realm());
            let document = window.and_then(|window| document_of(ctx, window));
            let url = resolve(document, &specifier, base_url.as_ref(), ctx)?;
            Ok(JsString::from(url.as_str()).into())
        },
        url.clone(),
    );
    let resolve = boa_engine::object::FunctionObjectBuilder::new(ctx.realm(), resolve)
        .name(js_string!("resolve"))
        .length(1)
        .build();
    // The object is new and ordinary, so this cannot fail.
    let _ = meta.create_data_property(js_string!("url"), url, ctx);
    let _ = meta.create_data_property(js_string!("resolve"), resolve, ctx);
}
