//! `importScripts()`
//! ([HTML, importing scripts and libraries](https://html.spec.whatwg.org/multipage/workers.html#importing-scripts-and-libraries)).

use std::path::Path;
use std::rc::Rc;

use boa_engine::property::PropertyKey;
use boa_engine::{Context, JsError, JsNativeError, JsObject, JsResult};
use framepost_browsing_context::{Worker, WorkerType};
use framepost_event_loop::GlobalId;
use url::Url;

use crate::boa::errors::type_error;
use crate::boa::source_text;
use crate::boa::sources::{self, Kind};
use crate::script::error_place::{into_value, place_in_script};
use crate::script::{
    clean_up_after_running_script, muted_scripts, prepare_to_run_script, realm, with_contexts,
};
use crate::webidl::exception::{self, OrThrow};
use crate::windows::later_declarations::Accessor;

/// [Import scripts into worker global scope](https://html.spec.whatwg.org/multipage/workers.html#import-scripts-into-worker-global-scope)
pub(crate) fn import_scripts(worker: GlobalId, urls: &[String], cx: &mut Context) -> JsResult<()> {
    // 1. Refuse this in workers with a module script.
    let kind = with_contexts(cx, |contexts| {
        contexts.worker(worker).map(Worker::worker_type)
    });
    if kind == Some(WorkerType::Module) {
        return Err(type_error("Module scripts don't support importScripts()."));
    }
    // 2. The settings are those of the worker.
    // 3. and 4. There are no URLs so far.
    let mut parsed = Vec::with_capacity(urls.len());
    // 5. For each URL:
    for url in urls {
        // 5.1. Parse it.
        let url = with_contexts(cx, |contexts| contexts.parse_url_for_global(worker, url));
        // 5.2. If it is invalid, nothing is fetched.
        // 5.3. Otherwise append it.
        parsed.push(url.or_throw(cx)?);
    }
    // 6. Fetch and run each.
    parsed.iter().try_for_each(|url| import(cx, worker, url))
}

/// [Fetch a classic worker-imported script](https://html.spec.whatwg.org/multipage/webappapis.html#fetch-a-classic-worker-imported-script)
/// and run it.
fn import(ctx: &mut Context, worker: GlobalId, url: &Url) -> JsResult<()> {
    let network_error = |why: &str, ctx: &mut Context| {
        let message = format!("The script at '{url}' failed to load: {why}.");
        exception::throw("NetworkError", &message, ctx)
    };
    let request = with_contexts(ctx, |contexts| {
        contexts.worker_import_request(worker, url.clone())
    });
    let request = match request {
        Ok(request) => request,
        Err(error) => return Err(network_error(&error.to_string(), ctx)),
    };
    // Import scripts, 6.1. Fetch it.
    let answer = crate::loads::fetch_now(ctx, request);
    let imported = with_contexts(ctx, |contexts| contexts.worker_import(worker, answer));
    let imported = match imported {
        Ok(imported) => imported,
        Err(diagnostic) => return Err(network_error(&diagnostic.to_string(), ctx)),
    };
    let url = match imported.muted_errors {
        true => muted_scripts::path(ctx, imported.url.as_str()),
        false => imported.url.to_string(),
    };
    let Some(record) = realm::window_record(ctx, worker) else {
        return Ok(());
    };
    // Import scripts, 6.2. Run it, and rethrow its errors.
    prepare_to_run_script(ctx, Some(worker));
    let text = Rc::new(imported.text);
    let result = realm::in_realm(ctx, &record.realm, |ctx| {
        sources::remember(ctx, &url, Kind::Script, &text);
        match source_text::parse_script(&text, Path::new(&url), ctx) {
            Ok(script) => {
                let result = script.evaluate(ctx);
                show_lexical_declarations(ctx, &record.global, &text)?;
                result
            }
            Err(error) => Err(with_place(ctx, worker, error, &url)),
        }
    });
    clean_up_after_running_script(ctx);
    match result {
        Ok(_) => Ok(()),
        // Limits of the engine are not exceptions.
        Err(error) if error.as_engine().is_some() => Err(error),
        Err(_) if imported.muted_errors => Err(network_error("it threw", ctx)),
        Err(error) => Err(error),
    }
}

/// Makes the `let`, `const` and `class` declarations of a script visible to earlier scripts, such as the importing
/// one.
// NOT YET: the declarations should be visible without being properties of the global object. Boa decides at compile
// time which names are such declarations, and looks up all others on the global object.
fn show_lexical_declarations(ctx: &mut Context, global: &JsObject, text: &str) -> JsResult<()> {
    // OPTIMIZATION: most imported scripts declare only functions and variables.
    if !["let", "const", "class"]
        .iter()
        .any(|word| text.contains(word))
    {
        return Ok(());
    }
    let realm = ctx.realm().clone();
    for name in source_text::lexically_declared_names(text) {
        let key = PropertyKey::from(name);
        // A name that is already a property belongs to a conflicting declaration.
        let clashes = global.borrow().properties().contains_key(&key);
        let accessor = Accessor::compile(&realm, &key, ctx)?;
        if let Some(accessor) = accessor.filter(|_| !clashes) {
            global.insert_property(key, accessor.descriptor());
        }
    }
    Ok(())
}

/// Converts a syntax error to an object, and records its place, which Boa does not keep.
fn with_place(ctx: &mut Context, worker: GlobalId, error: JsError, url: &str) -> JsError {
    let place = place_in_script(&error, url);
    match into_value(ctx, Some(worker), error) {
        Some(value) => {
            crate::workers::connections::remember_import_error(ctx, worker, value.clone(), place);
            JsError::from_opaque(value)
        }
        None => JsNativeError::syntax().into(),
    }
}
