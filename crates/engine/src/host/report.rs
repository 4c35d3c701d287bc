//! Reports exceptions that script did not catch
//! ([HTML, runtime script errors](https://html.spec.whatwg.org/multipage/webappapis.html#runtime-script-errors)).

use boa_engine::builtins::error::Error;
use boa_engine::error::EngineError;
use boa_engine::{Context, JsError, JsValue, js_string};
use framepost_browsing_context::{EffectHost as _, ErrorReport};
use framepost_event_loop::{FxHashSet, GlobalId};

use crate::boa::slots::Slot;
use crate::host::explanations::{self, Evidence};
use crate::html::error_events::{fire_error, fire_error_at};
use crate::output::{ErrorDetails, Output, ScriptError, ScriptErrorKind, TaskOrigin};
use crate::script::error_place::{
    Place, into_value, place_in_script, place_of, place_of_error_object, shown_url,
    syntax_error_place,
};
use crate::script::{Host, emit, muted_scripts, origins, with_contexts};
use crate::webidl::{exception, platform};

/// The globals that are [in error reporting mode](https://html.spec.whatwg.org/multipage/webappapis.html#in-error-reporting-mode).
static IN_ERROR_REPORTING: Slot<FxHashSet<GlobalId>> = Slot::new();

/// [Report an exception](https://html.spec.whatwg.org/multipage/webappapis.html#report-an-exception)
///
/// Fires `error` at the window. If no handler cancels the event, the embedder gets the error.
pub(crate) fn report_exception(ctx: &mut Context, window: Option<GlobalId>, error: JsError) {
    // 1. It is not handled yet.
    // 2. Extract the error information: here the place, in `report_value` the message.
    let window = window.or_else(|| crate::script::realm::current_window(ctx));
    if let Some(engine) = error.as_engine() {
        // Script can neither catch nor see an error of the engine.
        let place = place_of(&error).unwrap_or_else(|| document_place(ctx, window));
        let message = describe_engine_error(engine);
        let details = explanations::of_limit(ctx, &place);
        push(ctx, message, place, ScriptErrorKind::Limit, details);
        return;
    }
    let place = place_of(&error);
    let place = place.or_else(|| syntax_error_place(&error));
    let evidence = Evidence::of_native(&error);
    let Some(value) = into_value(ctx, window, error) else {
        return;
    };
    let place = crate::workers::connections::place_of_import_error(ctx, &value).or(place);
    let place = place.or_else(|| place_of_error_object(ctx, &value));
    let place = place.unwrap_or_else(|| document_place(ctx, window));
    report_value(ctx, window, &value, place, evidence);
}

/// [Report an exception](https://html.spec.whatwg.org/multipage/webappapis.html#report-an-exception),
/// steps 2 to 7
pub(crate) fn report_value(
    ctx: &mut Context,
    window: Option<GlobalId>,
    value: &JsValue,
    mut place: Place,
    evidence: Option<Evidence>,
) {
    let details = explanations::explain(ctx, value, &mut place, evidence);
    let message = format!("Uncaught {}", describe(ctx, value));
    if let Some(window) = window {
        // 6. Unless the global is in error reporting mode already:
        // 6.1. It is now.
        let entered = enter_error_reporting_mode(ctx, window);
        if entered {
            // 3. Find the script, by the place.
            // 4. If its errors are muted, the details are hidden.
            // 5. `report_worker_error` omits the error.
            // 6.2. Fire `error`.
            let not_handled = if muted_scripts::is_muted(ctx, window, &place.url) {
                let (nowhere, null) = (Place::default(), JsValue::null());
                fire_error(ctx, window, "Script error.", &nowhere, &null)
            } else {
                let message = message_for_script(ctx, value).unwrap_or_else(|| message.clone());
                let shown = Place {
                    url: muted_scripts::without_marks(&place.url),
                    ..place
                };
                fire_error(ctx, window, &message, &shown, value)
            };
            // 6.3. The global is no longer in error reporting mode.
            leave_error_reporting_mode(ctx, window);
            // 7. If it is handled, nothing else happens.
            if !not_handled {
                return;
            }
        }
    }
    let message = match &details.words {
        Some(_) => format!("Uncaught {}", described(ctx, value, &details)),
        None => message,
    };
    report_unhandled(ctx, window, message, place, details);
}

/// Returns `false` if the global was in that mode already.
fn enter_error_reporting_mode(ctx: &Context, global: GlobalId) -> bool {
    IN_ERROR_REPORTING.with(ctx, |globals| globals.insert(global))
}

fn leave_error_reporting_mode(ctx: &Context, global: GlobalId) {
    IN_ERROR_REPORTING.with(ctx, |globals| globals.remove(&global));
}

/// Removes the state of a discarded window or an ended worker.
pub(crate) fn global_discarded(ctx: &Context, global: GlobalId) {
    leave_error_reporting_mode(ctx, global);
    explanations::global_discarded(ctx, global);
}

/// [Report an exception](https://html.spec.whatwg.org/multipage/webappapis.html#report-an-exception),
/// step 7, for an exception that no handler canceled
///
/// A dedicated worker passes it to the global that owns the worker. Any other global passes it to the
/// embedder.
fn report_unhandled(
    ctx: &mut Context,
    global: Option<GlobalId>,
    message: String,
    mut place: Place,
    details: ErrorDetails,
) {
    place.url = muted_scripts::without_marks(&place.url);
    // 7.1. The report has no error object.
    let report = ErrorReport::new(message.clone()).at(&place.url, place.line, place.column);
    // 7.2. A dedicated worker queues a task for its owner.
    let passed_to_owner = global.is_some_and(|global| {
        let passed_to_owner = Host::new(ctx)
            .with_contexts(|contexts, queues| contexts.report_to_the_owner(queues, global, report));
        if passed_to_owner {
            explanations::keep_for_owner(ctx, global, &message, &details);
            // The `Worker` object is a root until the event is fired.
            crate::workers::connections::hold_object(ctx, global, 1);
        }
        passed_to_owner
    });
    // 7.3. Otherwise the embedder gets it.
    if !passed_to_owner {
        push(ctx, message, place, ScriptErrorKind::Exception, details);
    }
}

/// [Report an exception](https://html.spec.whatwg.org/multipage/webappapis.html#report-an-exception),
/// the task of step 7.2 for a dedicated worker
///
/// Fires `error` at the `Worker` object. If no handler cancels the event, the exception is reported
/// for the global that owns the worker.
pub(crate) fn report_worker_error(
    ctx: &mut Context,
    worker: GlobalId,
    owner: GlobalId,
    report: &ErrorReport,
) {
    let place = Place {
        url: report.filename.clone(),
        line: report.lineno,
        column: report.colno,
    };
    let details = explanations::take_for_owner(ctx, worker, &report.message);
    let null = JsValue::null();
    // 7.2.1. Find the `Worker` object.
    let object = crate::workers::connections::object_of(ctx, worker);
    crate::workers::connections::hold_object(ctx, worker, -1);
    // 7.2.2. Fire `error` at it.
    if let Some(object) = object
        && !fire_error_at(ctx, object, &report.message, &place, &null)
    {
        return;
    }
    // 7.2.3. If that is not canceled, report the exception for the owner, without its error object.
    let entered = enter_error_reporting_mode(ctx, owner);
    if entered {
        let not_handled = fire_error(ctx, owner, &report.message, &place, &null);
        leave_error_reporting_mode(ctx, owner);
        if !not_handled {
            return;
        }
    }
    report_unhandled(ctx, Some(owner), report.message.clone(), place, details);
}

/// Reports to the embedder that a global has reached a limit.
pub(crate) fn report_limit(ctx: &mut Context, global: GlobalId, message: String) {
    let place = document_place(ctx, Some(global));
    let details = ErrorDetails::default();
    push(ctx, message, place, ScriptErrorKind::Limit, details);
}

/// Passes an unhandled rejection to the embedder.
pub(crate) fn report_rejection(
    ctx: &mut Context,
    global: GlobalId,
    reason: &JsValue,
    origin: Option<TaskOrigin>,
    rejected_at: Option<Place>,
) {
    let place = place_of_error_object(ctx, reason);
    let place = place.or_else(|| super::module_errors::place_of_parse_error(ctx, reason));
    let place = place.or(rejected_at);
    let mut place = place.unwrap_or_else(|| document_place(ctx, Some(global)));
    let mut details = explanations::explain(ctx, reason, &mut place, None);
    details.origin = origin;
    let message = format!("Uncaught (in promise) {}", described(ctx, reason, &details));
    push(ctx, message, place, ScriptErrorKind::Rejection, details);
}

fn push(
    ctx: &Context,
    message: String,
    place: Place,
    kind: ScriptErrorKind,
    details: ErrorDetails,
) {
    let Place { url, line, column } = place;
    let error = ScriptError {
        message,
        url: shown_url(&url),
        line,
        column,
        kind,
        details: Box::new(details),
    };
    emit(ctx, &Output::Error(error));
}

fn describe_engine_error(error: &EngineError) -> String {
    match error {
        EngineError::RuntimeLimit(limit) => format!("script stopped: {limit}"),
        // Boa asserts that some calls cannot fail, but a limit can be reached in them.
        EngineError::Panic(panic) => {
            let source = std::error::Error::source(panic);
            let cause = source.and_then(|source| source.downcast_ref::<Box<JsError>>());
            match cause.and_then(|cause| cause.as_engine()) {
                Some(cause) => describe_engine_error(cause),
                None => format!("script stopped: {panic}"),
            }
        }
    }
}

/// Returns the `message` of the error event for a thrown object that is not an error. For other values the result is
/// `None`, and the event has the embedder's text.
// IMPLEMENTATION-DEFINED: the object is converted to a string, as browsers do. The embedder gets
// the object's contents instead.
fn message_for_script(ctx: &mut Context, value: &JsValue) -> Option<String> {
    let object = value.as_object()?;
    if object.is::<Error>() || platform::implements(&object, &exception::DOM_EXCEPTION) {
        return None;
    }
    let text = value.to_string(ctx).map(|text| text.to_std_string_lossy());
    Some(format!(
        "Uncaught {}",
        text.unwrap_or_else(|_| "exception".to_owned())
    ))
}

/// Describes a thrown value for the user.
fn described(ctx: &mut Context, value: &JsValue, details: &ErrorDetails) -> String {
    match &details.words {
        Some(words) => explanations::with_words(ctx, value, words),
        None => describe(ctx, value),
    }
}

/// Describes a thrown value.
pub(crate) fn describe(ctx: &mut Context, value: &JsValue) -> String {
    let Some(object) = value.as_object() else {
        return match value.to_string(ctx) {
            Ok(text) => text.to_std_string_lossy(),
            Err(_) => value.display().to_string(),
        };
    };
    let is_exception = platform::implements(&object, &exception::DOM_EXCEPTION);
    if !object.is::<Error>() && !is_exception {
        return crate::inspect::format_log(std::slice::from_ref(value), ctx);
    }
    // The page controls these properties, so a getter may throw.
    let mut part = |name| {
        object
            .get(name, ctx)
            .ok()
            .filter(|value: &JsValue| !value.is_undefined())
            .and_then(|value| value.to_string(ctx).ok())
            .map(|text| text.to_std_string_lossy())
            .unwrap_or_default()
    };
    let (name, message) = (part(js_string!("name")), part(js_string!("message")));
    match (name.is_empty(), message.is_empty()) {
        (_, true) => name,
        (true, false) => message,
        (false, false) => format!("{name}: {message}"),
    }
}

/// Returns the URL of the worker or of the window's document, for errors without a place.
fn document_place(ctx: &Context, window: Option<GlobalId>) -> Place {
    let url = window.and_then(|window| {
        with_contexts(ctx, |contexts| {
            contexts.url_of_global(window).map(ToString::to_string)
        })
    });
    Place {
        url: url.unwrap_or_default(),
        line: 0,
        column: 0,
    }
}

/// Reports a value as an exception of the running script.
pub(crate) fn report_error(ctx: &mut Context, global: GlobalId, value: &JsValue) {
    let place = place_of_error_object(ctx, value);
    let place = place.or_else(|| origins::running_place(ctx));
    let place = place.unwrap_or_else(|| document_place(ctx, Some(global)));
    report_value(ctx, Some(global), value, place, None);
}

/// Reports an exception of a script whose URL is known, in case the error has no place.
pub(crate) fn report_script_exception(
    ctx: &mut Context,
    global: GlobalId,
    error: JsError,
    script_url: &str,
) {
    if error.as_engine().is_some() {
        return report_exception(ctx, Some(global), error);
    }
    let place = place_of(&error);
    let fallback = place_in_script(&error, script_url);
    let evidence = Evidence::of_native(&error);
    let Some(value) = into_value(ctx, Some(global), error) else {
        return;
    };
    let place = crate::workers::connections::place_of_import_error(ctx, &value).or(place);
    let place = place.or_else(|| place_of_error_object(ctx, &value));
    report_value(
        ctx,
        Some(global),
        &value,
        place.unwrap_or(fallback),
        evidence,
    );
}

/// Passes an exception to the embedder only.
pub(crate) fn report_to_the_embedder(
    ctx: &mut Context,
    global: GlobalId,
    error: JsError,
    script_url: &str,
) {
    let place = place_in_script(&error, script_url);
    let evidence = Evidence::of_native(&error);
    if let Some(value) = into_value(ctx, Some(global), error) {
        report_value_to_the_embedder(ctx, &value, place, evidence);
    }
}

/// Passes a thrown value to the embedder only.
pub(crate) fn report_value_to_the_embedder(
    ctx: &mut Context,
    value: &JsValue,
    mut place: Place,
    evidence: Option<Evidence>,
) {
    let details = explanations::explain(ctx, value, &mut place, evidence);
    let message = format!("Uncaught {}", described(ctx, value, &details));
    push(ctx, message, place, ScriptErrorKind::Exception, details);
}

/// Converts an exception of the embedder's own script into an error for the embedder.
pub(crate) fn to_script_error(ctx: &mut Context, error: JsError, name: &str) -> ScriptError {
    let place = place_of(&error).or_else(|| {
        syntax_error_place(&error).map(|place| Place {
            url: name.to_owned(),
            ..place
        })
    });
    let mut place = place.unwrap_or_else(|| Place {
        url: name.to_owned(),
        line: 0,
        column: 0,
    });
    let evidence = Evidence::of_native(&error);
    let mut details = ErrorDetails::default();
    let (message, kind) = match error.as_engine() {
        Some(engine) => (describe_engine_error(engine), ScriptErrorKind::Limit),
        None => match error.into_opaque(ctx) {
            Ok(value) => {
                details = explanations::explain(ctx, &value, &mut place, evidence);
                let described = described(ctx, &value, &details);
                (format!("Uncaught {described}"), ScriptErrorKind::Exception)
            }
            Err(error) => (error.to_string(), ScriptErrorKind::Limit),
        },
    };
    let Place { url, line, column } = place;
    ScriptError {
        message,
        url,
        line,
        column,
        kind,
        details: Box::new(details),
    }
}
