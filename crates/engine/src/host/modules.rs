//! Module scripts over Boa's module records
//! ([HTML, JavaScript specification host hooks](https://html.spec.whatwg.org/multipage/webappapis.html#integration-with-the-javascript-module-system)).
//!
//! The browsing-context crate knows which modules exist and when a graph is complete. This module
//! keeps their records, their errors, and the promises of `import()`. Boa asks its loader for each
//! imported module through a future that borrows the context, so the future cannot outlast a task and
//! must never wait. Therefore:
//! - A graph is fetched before Boa loads it. To find the imports of a module, the engine lets Boa request them and
//!   answers each request with an error.
//! - `import()` gets a placeholder at once: a module whose only export is `then`. The promise of `import()` is
//!   resolved with the placeholder's namespace. The namespace is a thenable, so the promise waits for the real
//!   module.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::path::Path;
use std::rc::Rc;
use std::task::{Context as TaskContext, Poll, Waker};

use boa_engine::builtins::promise::PromiseState;
use boa_engine::job::{Job, NativeAsyncJob};
use boa_engine::module::{ModuleRequest, Referrer, SyntheticModuleInitializer};
use boa_engine::object::builtins::{JsFunction, JsPromise};
use boa_engine::{
    Context, Finalize, JsError, JsNativeError, JsResult, JsString, JsValue, Module, NativeFunction,
    Trace, js_string,
};
use framepost_browsing_context::{
    ClientId, GraphOutcome, ImportId, ModuleId, ModuleKind, ScriptId,
};
use framepost_event_loop::{FxHashMap, GlobalId};
use url::Url;

use crate::boa::errors::type_error;
use crate::boa::slots::Slot;
use crate::boa::sources::{self, Kind};
use crate::host::module_type::{resolve, type_of_request};
use crate::host::{jobs, module_errors, report};
use crate::script::error_place::Place;
use crate::script::realm::{in_realm, realm_of, window_of, window_record};
use crate::script::{
    EngineTask, TaskId, TaskKind, can_run_script, clean_up_after_running_script, muted_scripts,
    nonces, prepare_to_run_script, queue_a_microtask, run_steps, with_contexts,
};

/// The agent's modules.
static MODULES: Slot<Modules> = Slot::new();

/// The modules of an agent.
#[derive(Default)]
pub(crate) struct Modules {
    records: FxHashMap<ModuleId, Record>,
    /// The purpose of Boa's present requests to its loader.
    asking: Asking,
    asked: Vec<(Url, ModuleKind)>,
    unresolved: Option<JsValue>,
    jobs: VecDeque<NativeAsyncJob>,
    imports: FxHashMap<ImportId, Waiting>,
    /// The placeholders by caller and request: Boa expects the same module each time.
    stand_ins: FxHashMap<(GlobalId, String, JsString, ModuleKind), Module>,
}

/// The present request of Boa to its loader.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Asking {
    /// The module of an `import()`.
    #[default]
    Import,
    /// The requested modules of a new module. The answers do not matter.
    Names,
    /// The modules of a complete graph.
    Graph,
}

struct Record {
    document: ClientId,
    parsed: Result<Parsed, (JsValue, Place)>,
}

struct Parsed {
    module: Module,
    requests: Vec<(Url, ModuleKind)>,
}

/// A call of `import()` whose graph is being fetched.
struct Waiting {
    window: GlobalId,
    document: ClientId,
    resolve: JsFunction,
    reject: JsFunction,
}

impl Modules {
    /// Whether Boa is loading modules. Script never sees the promises that Boa rejects meanwhile.
    pub(crate) fn are_loading(&self) -> bool {
        self.asking != Asking::Import
    }

    fn id_of(&self, module: &Module) -> Option<ModuleId> {
        let is_it = |record: &Record| {
            let parsed = record.parsed.as_ref();
            parsed.is_ok_and(|parsed| parsed.module == *module)
        };
        // A page has few modules, and only imports need this.
        let found = self.records.iter().find(|(_, record)| is_it(record));
        found.map(|(id, _)| *id)
    }

    fn module(&self, id: ModuleId) -> Option<Module> {
        let record = self.records.get(&id)?;
        Some(record.parsed.as_ref().ok()?.module.clone())
    }
}

/// Returns the active document of a window, or the event loop of a worker.
pub(super) fn document_of(ctx: &Context, window: GlobalId) -> Option<ClientId> {
    with_contexts(ctx, |contexts| contexts.client_of_global(window))
}

fn window_of_referrer(referrer: &Referrer) -> Option<GlobalId> {
    match referrer {
        Referrer::Module(module) => window_of(module.realm()),
        Referrer::Realm(realm) => window_of(realm),
        Referrer::Script(script) => window_of(script.realm()),
    }
}

/// Returns the base URL of a script or module.
pub(super) fn base_url(referrer: &Referrer, ctx: &Context) -> Option<Url> {
    let window = window_of_referrer(referrer)?;
    if let Referrer::Module(module) = referrer
        && let Some(id) = MODULES.with(ctx, |modules| modules.id_of(module))
    {
        return with_contexts(ctx, |contexts| Some(contexts.module(id)?.base_url.clone()));
    }
    // Boa keeps only the path of a script.
    let path = referrer.path().map(Path::to_string_lossy);
    with_contexts(ctx, |contexts| {
        let own = path.and_then(|path| Url::parse(&muted_scripts::without_marks(&path)).ok());
        own.filter(|own| Some(own) != contexts.url_of_global(window))
            .or_else(|| contexts.api_base_url(window))
    })
}

/// [HostLoadImportedModule](https://html.spec.whatwg.org/multipage/webappapis.html#hostloadimportedmodule)
pub(crate) fn imported_module(
    referrer: &Referrer,
    request: &ModuleRequest,
    ctx: &mut Context,
) -> JsResult<Module> {
    // 1. to 6. and 8. Resolve the specifier for the script that imports. 2. There are no worklets or service workers.
    let asking = MODULES.with(ctx, |modules| modules.asking);
    let resolved = resolve_request(referrer, request, ctx);
    // 7. A module that was just parsed needs the names of its imports, or the first error.
    if asking == Asking::Names {
        match resolved {
            Ok((_, url, kind)) => {
                MODULES.with(ctx, |modules| modules.asked.push((url, kind)));
            }
            Err(error) => {
                let error = error.into_opaque(ctx)?;
                MODULES.with(ctx, |modules| {
                    modules.unresolved.get_or_insert(error).clone()
                });
            }
        }
        return Err(JsNativeError::typ().into());
    }
    // 9. An error ends the import. 10. to 14. The library fetches. Outside of a graph, a stand-in waits for it.
    let (window, url, kind) = resolved?;
    let id = document_of(ctx, window).and_then(|document| {
        with_contexts(ctx, |contexts| contexts.module_at(document, &url, kind))
    });
    let found = id.and_then(|id| MODULES.with(ctx, |modules| modules.module(id)));
    if asking == Asking::Graph || is_static(referrer, &url, kind, ctx) {
        return found.ok_or_else(|| not_fetched(&url));
    }
    Ok(stand_in(
        referrer,
        request.specifier(),
        window,
        url,
        kind,
        ctx,
    ))
}

fn not_fetched(url: &Url) -> JsError {
    let message = format!("cannot fetch the module {url}");
    type_error(message)
}

fn resolve_request(
    referrer: &Referrer,
    request: &ModuleRequest,
    ctx: &Context,
) -> JsResult<(GlobalId, Url, ModuleKind)> {
    let kind = type_of_request(request)?;
    let specifier = request.specifier();
    let base_url = base_url(referrer, ctx);
    let window = window_of_referrer(referrer);
    let document = window.and_then(|window| document_of(ctx, window));
    let url = resolve(document, specifier, base_url.as_ref(), ctx)?;
    let window = window.ok_or_else(|| not_fetched(&url))?;
    Ok((window, url, kind))
}

/// Whether a module also imports this with a declaration. Then it already has the real module.
fn is_static(referrer: &Referrer, url: &Url, kind: ModuleKind, ctx: &Context) -> bool {
    let Referrer::Module(module) = referrer else {
        return false;
    };
    MODULES.with(ctx, |modules| {
        let record = modules
            .id_of(module)
            .and_then(|id| modules.records.get(&id));
        record.is_some_and(|record| {
            let parsed = record.parsed.as_ref();
            parsed.is_ok_and(|parsed| {
                parsed
                    .requests
                    .iter()
                    .any(|held| *held == (url.clone(), kind))
            })
        })
    })
}

/// The module that a placeholder replaces.
#[derive(Clone, Trace, Finalize)]
struct ImportOf(#[unsafe_ignore_trace] Rc<(GlobalId, Url, ModuleKind, Option<String>)>);

fn stand_in(
    referrer: &Referrer,
    specifier: &JsString,
    global: GlobalId,
    url: Url,
    kind: ModuleKind,
    ctx: &mut Context,
) -> Module {
    let id = match referrer {
        Referrer::Module(module) => MODULES.with(ctx, |modules| modules.id_of(module)),
        _ => None,
    };
    let path = referrer.path().map(Path::to_string_lossy);
    let nonce = match id {
        Some(id) => with_contexts(ctx, |contexts| contexts.module(id)?.nonce()),
        None => path.as_ref().and_then(|path| nonces::nonce_of(ctx, path)),
    };
    let who = id.map_or_else(
        || path.unwrap_or_default().into_owned(),
        |id| id.to_string(),
    );
    let key = (global, who, specifier.clone(), kind);
    let held = MODULES.with(ctx, |modules| modules.stand_ins.get(&key).cloned());
    if let Some(held) = held {
        return held;
    }
    let then = SyntheticModuleInitializer::from_copy_closure_with_captures(
        |module, import: &ImportOf, ctx| {
            let then =
                NativeFunction::from_copy_closure_with_captures(start_import, import.clone());
            let then = then.to_js_function(ctx.realm());
            module.set_export(&js_string!("then"), then.into())
        },
        ImportOf(Rc::new((global, url, kind, nonce))),
    );
    let realm = realm_of(ctx, global);
    let module = Module::synthetic(&[js_string!("then")], then, None, Some(realm), ctx);
    MODULES.with(ctx, |modules| modules.stand_ins.insert(key, module.clone()));
    module
}

/// Fetches the real module, as the `then` of a placeholder.
fn start_import(
    _: &JsValue,
    args: &[JsValue],
    import: &ImportOf,
    ctx: &mut Context,
) -> JsResult<JsValue> {
    let (window, url, kind, nonce) = &*import.0;
    let mut functions = args
        .iter()
        .filter_map(|value| JsFunction::from_object(value.as_object()?));
    let (Some(resolve), Some(reject), Some(document)) = (
        functions.next(),
        functions.next(),
        document_of(ctx, *window),
    ) else {
        return Ok(JsValue::undefined());
    };
    let (id, steps) = with_contexts(ctx, |contexts| {
        contexts.fetch_an_import_module_script_graph(document, url.clone(), *kind, nonce.clone())
    });
    let waiting = Waiting {
        window: *window,
        document,
        resolve,
        reject,
    };
    MODULES.with(ctx, |modules| modules.imports.insert(id, waiting));
    run_steps(ctx, steps);
    Ok(JsValue::undefined())
}

/// The microtask that runs the loader jobs of `import()`.
static MODULE_JOBS: TaskKind = TaskKind {
    name: "module jobs",
    run: |ctx, _| run_jobs(ctx),
};

/// Enqueues a job of Boa. The jobs of its module loader are this module's.
pub(crate) fn enqueue_job(job: Job, ctx: &mut Context) {
    match job {
        Job::AsyncJob(job) => enqueue(ctx, job),
        job => jobs::enqueue(job, ctx),
    }
}

/// Enqueues a loader job. Its microtask is queued for `import()` only; [`ask`] runs other jobs.
fn enqueue(ctx: &Context, job: NativeAsyncJob) {
    let is_import = MODULES.with(ctx, |modules| {
        modules.jobs.push_back(job);
        modules.asking == Asking::Import
    });
    if is_import {
        queue_a_microtask(ctx, EngineTask::new(&MODULE_JOBS, TaskId::ONLY));
    }
}

/// Runs the loader jobs. The loader answers at once.
pub(crate) fn run_jobs(ctx: &mut Context) {
    while let Some(job) = MODULES.with(ctx, |modules| modules.jobs.pop_front()) {
        let cell = RefCell::new(&mut *ctx);
        let mut job = std::pin::pin!(job.call(&cell));
        let mut waiting = TaskContext::from_waker(Waker::noop());
        let answer = job.as_mut().poll(&mut waiting);
        debug_assert!(!matches!(answer, Poll::Pending), "the loader never waits");
    }
}

/// Whether Boa is loading modules. Script never sees the promises of the loading.
pub(crate) fn are_loading(ctx: &Context) -> bool {
    MODULES.with(ctx, |modules| modules.are_loading())
}

/// Lets Boa request the imports of a module from its loader.
fn ask(ctx: &mut Context, asking: Asking, module: &Module) -> JsPromise {
    MODULES.with(ctx, |modules| modules.asking = asking);
    let promise = module.load(ctx);
    run_jobs(ctx);
    MODULES.with(ctx, |modules| modules.asking = Asking::Import);
    promise
}

/// [Creating a JavaScript module script](https://html.spec.whatwg.org/multipage/webappapis.html#creating-a-javascript-module-script)
pub(crate) fn parse(ctx: &mut Context, document: ClientId, id: ModuleId) {
    let found = with_contexts(ctx, |contexts| {
        let window = contexts.global_of_client(document)?;
        let module = contexts.module(id)?;
        let text = module.text.clone()?;
        Some((
            window,
            text,
            module.url.to_string(),
            module.line,
            module.kind,
        ))
    });
    let Some((window, mut text, url, line, kind)) = found else {
        return;
    };
    // 1. Without scripting, the source is empty.
    if !with_contexts(ctx, |contexts| contexts.scripting_is_enabled(window)) {
        text.clear();
    }
    let realm = realm_of(ctx, window);
    // 2. to 7. Parse it. The library holds the module script.
    let parsed = in_realm(ctx, &realm, |ctx| {
        let module = match kind {
            // A JSON module is the steps of "create a JSON module script" instead.
            ModuleKind::Json => {
                let source = Rc::new(text);
                sources::remember(ctx, &url, Kind::Module, &source);
                crate::boa::json::parse(&JsString::from(source.as_str()), ctx)
                    .map(|value| Module::from_value_as_default(value, ctx))
            }
            _ => {
                let source = Rc::new(crate::host::effects::at_line(&text, line));
                sources::remember(ctx, &url, Kind::Module, &source);
                crate::boa::source_text::parse_module(&source, Path::new(&url), ctx)
            }
        };
        // 8. An error is the parse error of the script.
        let module = module.map_err(|error| {
            let place = module_errors::place(&error, &url);
            (opaque(ctx, error), place)
        })?;
        // HostLoadImportedModule, 7. Resolve all imports. The standard does so when the first one is loaded.
        ask(ctx, Asking::Names, &module);
        let (requests, unresolved) = MODULES.with(ctx, |modules| {
            (
                std::mem::take(&mut modules.asked),
                modules.unresolved.take(),
            )
        });
        match unresolved {
            Some(error) => Err((
                error,
                Place {
                    url,
                    ..Place::default()
                },
            )),
            None => Ok(Parsed { module, requests }),
        }
    });
    // 9. and 10. Keep the record.
    let requests = parsed.as_ref().ok().map(|parsed| parsed.requests.clone());
    let record = Record { document, parsed };
    MODULES.with(ctx, |modules| modules.records.insert(id, record));
    with_contexts(ctx, |contexts| contexts.module_parsed(id, requests));
}

fn opaque(ctx: &mut Context, error: JsError) -> JsValue {
    // Script never gets an error of the engine itself, so it gets the text of the error.
    let text = error.to_string();
    let value = error.into_opaque(ctx);
    value.unwrap_or_else(|_| JsString::from(text).into())
}

/// Links and evaluates a module whose graph is complete.
fn evaluate(ctx: &mut Context, id: ModuleId) -> JsResult<JsPromise> {
    let module = MODULES.with(ctx, |modules| modules.module(id));
    let module = module.ok_or_else(|| JsNativeError::typ().with_message("the module is gone"))?;
    if let PromiseState::Rejected(error) = ask(ctx, Asking::Graph, &module).state() {
        return Err(JsError::from_opaque(error));
    }
    let linked = module.link(ctx);
    linked.map_err(|error| module_errors::with_place_of_import(ctx, &module, error))?;
    module.evaluate(ctx)
}

/// Returns the place of the parse error of a module for which this holds.
pub(crate) fn find_parse_error(ctx: &Context, is_it: impl Fn(&JsValue) -> bool) -> Option<Place> {
    MODULES.with(ctx, |modules| {
        let errors = modules.records.values();
        let mut errors = errors.filter_map(|record| record.parsed.as_ref().err());
        errors
            .find(|(value, _)| is_it(value))
            .map(|(_, place)| place.clone())
    })
}

fn parse_error(ctx: &Context, id: ModuleId) -> Option<(JsValue, Place)> {
    MODULES.with(ctx, |modules| {
        let record = modules.records.get(&id)?;
        record.parsed.as_ref().err().cloned()
    })
}

/// Tells the embedder why a module of a worker could not be parsed.
pub(crate) fn report_parse_error(ctx: &mut Context, module: ModuleId) {
    if let Some((error, place)) = parse_error(ctx, module) {
        report::report_value_to_the_embedder(ctx, &error, place, None);
    }
}

/// [Run a module script](https://html.spec.whatwg.org/multipage/webappapis.html#run-a-module-script)
pub(crate) fn run_script(ctx: &mut Context, global: GlobalId, script: ScriptId) {
    let found = with_contexts(ctx, |contexts| {
        let script = contexts.script(script)?;
        Some((script.module?, script.graph?, script.url.to_string()))
    });
    if let Some((root, outcome, url)) = found {
        run(ctx, global, root, outcome, &url);
    }
}

/// Runs a module of this global as a module script.
pub(crate) fn run(
    ctx: &mut Context,
    global: GlobalId,
    root: ModuleId,
    outcome: GraphOutcome,
    url: &str,
) {
    let Some(record) = window_record(ctx, global) else {
        return;
    };
    // 2. Check if we can run script.
    if !can_run_script(ctx, global) {
        return;
    }
    prepare_to_run_script(ctx, Some(global));
    match outcome {
        GraphOutcome::Complete => {
            let result = in_realm(ctx, &record.realm, |ctx| {
                let promise = evaluate(ctx, root)?;
                let report = NativeFunction::from_copy_closure_with_captures(
                    move |_, args, (), ctx| {
                        let reason = args.first().cloned().unwrap_or_default();
                        report::report_exception(ctx, Some(global), JsError::from_opaque(reason));
                        Ok(JsValue::undefined())
                    },
                    (),
                );
                let report = report.to_js_function(ctx.realm());
                promise.then(None, Some(report), ctx)
            });
            if let Err(error) = result {
                report::report_script_exception(ctx, global, error, url);
            }
        }
        GraphOutcome::ParseError(module) => {
            if let Some((error, place)) = parse_error(ctx, module) {
                report::report_value(ctx, Some(global), &error, place, None);
            }
        }
        _ => {}
    }
    clean_up_after_running_script(ctx);
}

/// [ContinueDynamicImport](https://tc39.es/ecma262/#sec-ContinueDynamicImport)
///
/// Settles the promise of an `import()` whose graph was fetched or failed.
pub(crate) fn import_ready(
    ctx: &mut Context,
    import: ImportId,
    module: ModuleId,
    outcome: GraphOutcome,
) {
    let waiting = MODULES.with(ctx, |modules| modules.imports.remove(&import));
    let Some(waiting) = waiting else { return };
    let Some(record) = window_record(ctx, waiting.window) else {
        return;
    };
    prepare_to_run_script(ctx, Some(waiting.window));
    let result = in_realm(ctx, &record.realm, |ctx| match outcome {
        GraphOutcome::Complete => {
            let promise = evaluate(ctx, module)?;
            let then = NativeFunction::from_copy_closure_with_captures(
                move |_, _, resolve: &JsFunction, ctx| {
                    let module = MODULES.with(ctx, |modules| modules.module(module));
                    let namespace = module.map(|module| module.namespace(ctx));
                    let namespace = namespace.map_or_else(JsValue::undefined, Into::into);
                    resolve.call(&JsValue::undefined(), &[namespace], ctx)
                },
                waiting.resolve.clone(),
            );
            let then = then.to_js_function(ctx.realm());
            promise.then(Some(then), Some(waiting.reject.clone()), ctx)?;
            Ok(())
        }
        GraphOutcome::ParseError(module) => Err(parse_error(ctx, module).map_or_else(
            || JsNativeError::syntax().into(),
            |(error, _)| JsError::from_opaque(error),
        )),
        _ => {
            let url = with_contexts(ctx, |contexts| {
                contexts.module(module).map(|module| module.url.clone())
            });
            Err(url.map_or_else(|| JsNativeError::typ().into(), |url| not_fetched(&url)))
        }
    });
    if let Err(error) = result {
        let error = in_realm(ctx, &record.realm, |ctx| opaque(ctx, error));
        let rejected = waiting.reject.call(&JsValue::undefined(), &[error], ctx);
        debug_assert!(rejected.is_ok(), "a promise's own function does not throw");
    }
    clean_up_after_running_script(ctx);
}

/// Removes the modules of a discarded document or an ended worker.
pub(crate) fn client_destroyed(ctx: &Context, client: ClientId, global: Option<GlobalId>) {
    drop(MODULES.with(ctx, |modules| {
        let records = modules
            .records
            .extract_if(|_, record| record.document == client);
        let records: Vec<_> = records.collect();
        let imports = modules
            .imports
            .extract_if(|_, waiting| waiting.document == client);
        let imports: Vec<_> = imports.collect();
        let stand_ins = modules.stand_ins.extract_if(|key, _| Some(key.0) == global);
        (records, imports, stand_ins.collect::<Vec<_>>())
    })); // Finalizers may run: the slot must not be borrowed.
}
