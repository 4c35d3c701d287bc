//! Performs the effects that the algorithms of documents and navigables return.

use std::rc::Rc;

use boa_engine::{Context, JsNativeError, JsString};
use framepost_browsing_context::{
    Document, Effect, EventTarget, FiredEvent, ImportMapError, NavigableId, ScriptId, ScriptKind,
    Window,
};
use framepost_event_loop::{ClientId, GlobalId, perform_a_microtask_checkpoint};

use crate::boa::source_text;
use crate::boa::sources::{self, Kind};
use crate::dom::event_dispatch::{self, Target};
use crate::dom::events::NewEvent;
use crate::dom::tree_mutations::{self, Planned};
use crate::html::{animation_frames, navigation, navigation_events};
use crate::output::Output;
use crate::script::realm::{self, in_realm, window_record};
use crate::script::wrappers::{self, WRAPPERS};
use crate::script::{
    Host, can_run_script, clean_up_after_running_script, emit, muted_scripts, nonces,
    prepare_to_run_script, run_steps, with_contexts, with_loop, with_messaging,
};
use crate::windows::window_proxy;

/// Performs one effect, completely and at once.
pub(crate) fn perform(ctx: &mut Context, effect: Effect) {
    match effect {
        Effect::CreateRealm { window, navigable } => create_realm(ctx, window, navigable),
        Effect::SetActive {
            navigable,
            window,
            document,
        } => {
            set_active(ctx, navigable, window, document);
        }
        Effect::RunScript { document, script } => run_script(ctx, document, script),
        Effect::ParseModule { client, module } => crate::host::modules::parse(ctx, client, module),
        Effect::ImportReady {
            import,
            module,
            outcome,
            ..
        } => crate::host::modules::import_ready(ctx, import, module, outcome),
        Effect::RunJavascriptUrl {
            navigable,
            document,
            source,
        } => {
            run_javascript_url(ctx, navigable, document, &source);
        }
        Effect::Fire { target, event } => fire(ctx, &target, &event),
        Effect::FirePageSwap { window, activation } => {
            navigation::page_swap::fire_page_swap(ctx, window, activation);
        }
        Effect::FireNavigate { window, event } => {
            navigation::firing::fire_navigate(ctx, window, event);
        }
        Effect::CurrentEntryChanged {
            window,
            navigation_type,
        } => navigation::firing::current_entry_changed(ctx, window, navigation_type),
        Effect::NavigationAborted { window, destroyed } => {
            navigation::aborting::navigation_aborted(ctx, window, destroyed);
        }
        Effect::TraversalFailed { window, key, error } => {
            navigation::aborting::traversal_failed(ctx, window, key, error);
        }
        Effect::Checkpoint => {
            if with_loop(ctx, |event_loop| event_loop.script_stack_is_empty()) {
                perform_a_microtask_checkpoint(&mut Host::new(ctx));
            }
        }
        Effect::Fetch(request, details) => {
            crate::loads::fetch(ctx, request, details);
        }
        Effect::TreeChanged(changes) => tree_mutations::queue_changes(ctx, changes),
        Effect::EraseListeners(document) => erase_listeners(ctx, document),
        Effect::DocumentDestroyed(document) => document_destroyed(ctx, document),
        Effect::WindowDiscarded(window) => window_discarded(ctx, window),
        Effect::TraversableOpened { navigable, opener } => with_messaging(ctx, |messaging, _| {
            messaging.legacy_clone_a_traversable_storage_shed(opener, navigable);
        }),
        Effect::NavigableDestroyed(navigable) => {
            with_messaging(ctx, |messaging, _| messaging.navigable_destroyed(navigable));
            if let Err(error) = window_proxy::navigable_gone(ctx, navigable) {
                crate::host::report::report_exception(ctx, None, error);
            }
        }
        Effect::CreateWorkerRealm { worker } => crate::host::workers::create_realm(ctx, worker),
        Effect::RunWorker { worker } => crate::host::workers::run(ctx, worker),
        Effect::WorkerReady { worker } => crate::workers::connections::ready(ctx, worker),
        Effect::WorkerError {
            worker,
            owner,
            report,
        } => crate::host::report::report_worker_error(ctx, worker, owner, &report),
        Effect::WorkerEnded { worker, event_loop } => {
            crate::host::workers::gone(ctx, worker, event_loop);
        }
        Effect::ReportImportMap { document, error } => report_import_map(ctx, document, &error),
        Effect::Report(diagnostic) => {
            let text = diagnostic.to_string();
            let output = match diagnostic.is_limit() {
                true => Output::Limit(text),
                false => Output::Diagnostic(text),
            };
            emit(ctx, &output);
        }
        // The crate has a new effect that this engine does not know: report it.
        other => emit(
            ctx,
            &Output::Diagnostic(format!("the engine cannot do this: {other:?}")),
        ),
    }
}

fn create_realm(ctx: &mut Context, window: GlobalId, navigable: NavigableId) {
    if let Err(error) = crate::host::realms::create_window_realm(ctx, window, navigable) {
        crate::host::report::report_exception(ctx, None, error);
    }
}

fn set_active(ctx: &mut Context, navigable: NavigableId, window: GlobalId, document: ClientId) {
    if let Err(error) = window_proxy::set_active(ctx, navigable, window) {
        crate::host::report::report_exception(ctx, Some(window), error);
    }
    let node = with_contexts(ctx, |contexts| {
        contexts.document(document).map(|held| held.node().clone())
    });
    if let Some(node) = node {
        WRAPPERS.with(ctx, |wrappers| wrappers.hold_document(&node));
    }
}

fn run_script(ctx: &mut Context, document: ClientId, script: ScriptId) {
    let found = with_contexts(ctx, |contexts| {
        let window = contexts.document(document)?.window();
        Some((window, contexts.script(script)?.kind))
    });
    match found {
        Some((window, ScriptKind::Module)) => crate::host::modules::run_script(ctx, window, script),
        Some((window, _)) => {
            let found = with_contexts(ctx, |contexts| {
                let script = contexts.script(script)?;
                let (url, muted) = (script.url.to_string(), script.muted_errors);
                let nonce = script.nonce.clone();
                Some((script.text.clone()?, url, script.line, muted, nonce))
            });
            if let Some((text, url, line, muted, nonce)) = found {
                let url = match nonce {
                    Some(nonce) => nonces::path(ctx, &url, &nonce),
                    None => url,
                };
                let url = match muted {
                    true => muted_scripts::path(ctx, &url),
                    false => url,
                };
                run_classic_script(ctx, window, &text, &url, line);
            }
        }
        None => {}
    }
}

fn report_import_map(ctx: &mut Context, document: ClientId, error: &ImportMapError) {
    let window = with_contexts(ctx, |contexts| Some(contexts.document(document)?.window()));
    let exception = match error {
        ImportMapError::Syntax(_) => JsNativeError::syntax(),
        _ => JsNativeError::typ(),
    };
    let exception = exception.with_message(error.to_string());
    crate::host::report::report_exception(ctx, window, exception.into());
}

/// Returns a text that begins at this line of its source. Boa takes no starting line, so empty lines replace the
/// lines before.
pub(crate) fn at_line(text: &str, line: u64) -> String {
    let before = usize::try_from(line.saturating_sub(1)).unwrap_or(0);
    let mut source = String::with_capacity(before + text.len());
    source.extend(std::iter::repeat_n('\n', before));
    source.push_str(text);
    source
}

/// [Run a classic script](https://html.spec.whatwg.org/multipage/webappapis.html#run-a-classic-script)
///
/// The script begins at line `line` of `url`.
pub(crate) fn run_classic_script(
    ctx: &mut Context,
    global: GlobalId,
    text: &str,
    url: &str,
    line: u64,
) {
    let Some(record) = window_record(ctx, global) else {
        return;
    };
    // 2. Check if we can run script.
    if !can_run_script(ctx, global) {
        return;
    }
    // 4. Prepare to run script.
    prepare_to_run_script(ctx, Some(global));
    let source = Rc::new(at_line(text, line));
    let result = in_realm(ctx, &record.realm, |ctx| {
        sources::remember(ctx, url, Kind::Script, &source);
        let path = std::path::Path::new(url);
        source_text::parse_script(&source, path, ctx)?.evaluate(ctx)
    });
    if let Err(error) = result {
        crate::host::report::report_script_exception(ctx, global, error, url);
    }
    clean_up_after_running_script(ctx);
}

/// [Evaluate a javascript: URL](https://html.spec.whatwg.org/multipage/browsing-the-web.html#evaluate-a-javascript:-url)
fn run_javascript_url(ctx: &mut Context, navigable: NavigableId, document: ClientId, source: &str) {
    let window = with_contexts(ctx, |contexts| {
        contexts.document(document).map(Document::window)
    });
    let Some(window) = window else { return };
    let Some(record) = window_record(ctx, window) else {
        return;
    };
    if !can_run_script(ctx, window) {
        return;
    }
    prepare_to_run_script(ctx, Some(window));
    let source = Rc::new(source.to_owned());
    let result = in_realm(ctx, &record.realm, |ctx| {
        sources::remember(ctx, "javascript:", Kind::Script, &source);
        let path = std::path::Path::new("javascript:");
        source_text::parse_script(&source, path, ctx)?.evaluate(ctx)
    });
    let html: Option<JsString> = match result {
        Ok(value) => value.as_string(),
        Err(error) => {
            crate::host::report::report_script_exception(ctx, window, error, "javascript:");
            None
        }
    };
    clean_up_after_running_script(ctx);
    if let Some(html) = html {
        let html = html.to_std_string_lossy();
        let steps = with_contexts(ctx, |contexts| contexts.navigate_to_html(navigable, html));
        run_steps(ctx, steps);
    }
}

fn fire(ctx: &mut Context, target: &EventTarget, event: &FiredEvent) {
    let document_node = |ctx: &Context, document: ClientId| {
        with_contexts(ctx, |contexts| {
            contexts.document(document).map(|held| held.node().clone())
        })
    };
    let (at, shown) = match target {
        EventTarget::Node(node) => (Some(Target::Node(node.clone())), None),
        EventTarget::Document(document) => (document_node(ctx, *document).map(Target::Node), None),
        EventTarget::Window(window) => {
            let at = window_record(ctx, *window).map(|record| Target::Object(record.global));
            let document = with_contexts(ctx, |contexts| {
                contexts.window(*window).map(Window::document)
            });
            let shown = document
                .filter(|_| event.legacy_target_override())
                .and_then(|document| document_node(ctx, document));
            (at, shown.map(Target::Node))
        }
        EventTarget::Worker(worker) => {
            return crate::workers::connections::fire_error(ctx, *worker);
        }
        _ => return,
    };
    let Some(at) = at else { return };
    let of = match event {
        FiredEvent::PageShow { persisted } | FiredEvent::PageHide { persisted } => {
            navigation_events::page_transition(*persisted)
        }
        FiredEvent::BeforeUnload => navigation_events::before_unload(),
        FiredEvent::PopState => {
            let EventTarget::Window(window) = target else {
                return;
            };
            navigation_events::pop_state(
                crate::html::history_state::state_of_window(ctx, *window),
                false,
            )
        }
        FiredEvent::HashChange { old_url, new_url } => navigation_events::hash_change(
            JsString::from(old_url.as_str()),
            JsString::from(new_url.as_str()),
        ),
        _ => NewEvent::plain(),
    };
    let flags = (event.bubbles(), event.cancelable());
    event_dispatch::fire(ctx, &at, shown.as_ref(), event.name(), flags, of);
    if let (EventTarget::Window(window), FiredEvent::PageShow { .. }) = (target, event) {
        animation_frames::page_shown(ctx, *window);
    }
}

fn erase_listeners(ctx: &mut Context, document: ClientId) {
    let found = with_contexts(ctx, |contexts| {
        let document = contexts.document(document)?;
        Some((document.node().clone(), document.window()))
    });
    let Some((node, window)) = found else { return };
    // All nodes are removed next.
    Planned::replace_all(ctx, &node, None).queue(ctx);
    for below in framepost_browsing_context::dom::inclusive_descendants(&node) {
        if let Some(object) = wrappers::object_of(ctx, &below) {
            crate::dom::event_listeners::erase(&object);
        }
    }
    if let Some(record) = window_record(ctx, window) {
        crate::dom::event_listeners::erase(&record.global);
    }
}

fn document_destroyed(ctx: &mut Context, document: ClientId) {
    let window = with_contexts(ctx, |contexts| contexts.global_of_client(document));
    crate::host::modules::client_destroyed(ctx, document, window);
    if let Some(window) = window {
        crate::locks::requests::client_ended(ctx, window);
    }
    let node = with_contexts(ctx, |contexts| {
        contexts.document(document).map(|held| held.node().clone())
    });
    if let Some(node) = node {
        WRAPPERS.with(ctx, |wrappers| wrappers.release_document(&node));
    }
    crate::script::discarded_windows::document_destroyed(ctx, document);
}

/// Releases the state of a discarded window or an ended worker, apart from its messages.
pub(crate) fn global_discarded(ctx: &Context, global: GlobalId) {
    crate::file::blob_read::global_discarded(ctx, global);
    crate::script::settlement::global_discarded(ctx, global);
    crate::locks::requests::client_ended(ctx, global);
    crate::cookies::changes::global_discarded(ctx, global);
    crate::host::rejections::global_discarded(ctx, global);
    crate::fetch::calls::global_discarded(ctx, global);
    crate::eventsource::connection::global_discarded(ctx, global);
    crate::websockets::connection::global_discarded(ctx, global);
    crate::file::blob_url_store::global_discarded(ctx, global);
    crate::host::report::global_discarded(ctx, global);
    muted_scripts::global_discarded(ctx, global);
    event_dispatch::global_discarded(ctx, global);
}

fn window_discarded(ctx: &mut Context, window: GlobalId) {
    crate::messaging::message_delivery::window_discarded(ctx, window);
    global_discarded(ctx, window);
    let record = crate::script::discarded_windows::window_discarded(ctx, window);
    let location = record.and_then(|record| realm::held_singleton(&record.realm, "location"));
    if let Err(error) = window_proxy::window_discarded(ctx, window, location) {
        crate::host::report::report_exception(ctx, None, error);
    }
}
