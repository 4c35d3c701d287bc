//! `Worker` ([HTML, dedicated workers and the Worker interface](https://html.spec.whatwg.org/multipage/workers.html#dedicated-workers-and-the-worker-interface)).

use crate::script::port_objects;
use crate::script::port_objects::HiddenPort;
use crate::webidl::platform::PlatformObject;
use boa_engine::{Context, Finalize, JsNativeError, JsObject, JsResult, JsString, JsValue, Trace};
use framepost_browsing_context::{CredentialsMode, Host as _, WorkerOptions, WorkerType};
use framepost_event_loop::GlobalId;
use url::Url;

use crate::script::port_objects::PORT_OBJECTS;
use crate::script::realm;
use crate::script::{Host, run_steps, with_contexts, with_messaging};
use crate::webidl::convert::{Dictionary, argument, usv_string};
use crate::webidl::exception;
use crate::webidl::exception::OrThrow;
use crate::webidl::platform;
use crate::webidl::{Interface, Member, NewTarget};

use crate::dom::event_target::EVENT_TARGET;
use crate::html::event_handlers;
use crate::messaging::message_port;

/// What a `Worker` holds: nothing if the global that made it was gone.
#[derive(Default, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct WorkerData {
    #[unsafe_ignore_trace]
    worker: Option<GlobalId>,
}

/// The `Worker` interface.
pub(crate) static WORKER: Interface = Interface {
    parent: Some(&EVENT_TARGET),
    constructor: Some((1, construct)),
    members: &[&[
        Member::Operation("terminate", 0, terminate),
        Member::Operation(
            "postMessage",
            1,
            |this, args, ctx| match port_objects::hidden_port(this) {
                Some(port) => message_port::post_arguments(port, this, args, ctx),
                None => Ok(JsValue::undefined()),
            },
        ),
        event_handlers::handler("onmessage"),
        event_handlers::handler("onmessageerror"),
        event_handlers::handler("onerror"),
    ]],
    ..Interface::new("Worker")
};

fn read<R>(this: &JsObject, read: impl FnOnce(&WorkerData) -> R) -> JsResult<R> {
    platform::with(this, |data: &WorkerData| Some(read(data)))
        .ok_or_else(platform::illegal_invocation)
}

/// The value of an enumeration
/// ([Web IDL, enumeration types](https://webidl.spec.whatwg.org/#js-enumeration)).
fn enumeration<T: Copy>(
    options: &Dictionary,
    name: &str,
    values: &[(&str, T)],
    default: T,
    ctx: &mut Context,
) -> JsResult<T> {
    let Some(value) = options.get(name, ctx)? else {
        return Ok(default);
    };
    let text = value.to_string(ctx)?;
    let found = values.iter().find(|(known, _)| text == **known);
    found.map(|(_, value)| *value).ok_or_else(|| {
        let text = text.to_std_string_lossy();
        JsNativeError::typ()
            .with_message(format!("'{text}' is not a valid value of {name}"))
            .into()
    })
}

/// Reads a [`WorkerOptions`](https://html.spec.whatwg.org/multipage/workers.html#workeroptions).
pub(crate) fn worker_options(value: &JsValue, ctx: &mut Context) -> JsResult<WorkerOptions> {
    let given = Dictionary::new(value)?;
    let credentials = [
        ("omit", CredentialsMode::Omit),
        ("same-origin", CredentialsMode::SameOrigin),
        ("include", CredentialsMode::Include),
    ];
    let default = CredentialsMode::default();
    let credentials = enumeration(&given, "credentials", &credentials, default, ctx)?;
    let name: JsString = given.string("name", "", ctx)?;
    let types = [
        ("classic", WorkerType::Classic),
        ("module", WorkerType::Module),
    ];
    let kind = enumeration(&given, "type", &types, WorkerType::Classic, ctx)?;
    Ok(WorkerOptions::new()
        .with_name(name.to_std_string_lossy())
        .with_type(kind)
        .with_credentials(credentials))
}

/// The URL of a worker's script, relative to the global that makes it; with that global.
pub(crate) fn worker_url(
    value: &JsValue,
    ctx: &mut Context,
) -> JsResult<(String, Option<GlobalId>)> {
    Ok((usv_string(value, ctx)?, realm::current_window(ctx)))
}

/// Parses such a URL. None when the global is gone.
pub(crate) fn parse_worker_url(
    ctx: &mut Context,
    text: &str,
    creator: Option<GlobalId>,
) -> JsResult<Option<(GlobalId, Url)>> {
    let Some(creator) = creator else {
        return Ok(None);
    };
    if with_contexts(ctx, |contexts| contexts.api_base_url(creator).is_none()) {
        // IMPLEMENTATION-DEFINED: the base URL of a document that is gone is not known any more.
        return match Url::parse(text) {
            Ok(_) => Ok(None),
            Err(_) => Err(exception::throw(
                "SyntaxError",
                &format!("{text:?} is not a URL."),
                ctx,
            )),
        };
    }
    let url = with_contexts(ctx, |contexts| contexts.parse_url_for_global(creator, text));
    Ok(Some((creator, url.or_throw(ctx)?)))
}

/// [`new Worker()`](https://html.spec.whatwg.org/multipage/workers.html#dom-worker)
fn construct(target: &NewTarget, args: &[JsValue], ctx: &mut Context) -> JsResult<JsObject> {
    let (text, creator) = worker_url(&argument(args, 0), ctx)?;
    let options = worker_options(&argument(args, 1), ctx)?;
    let url = parse_worker_url(ctx, &text, creator)?;
    let made = url.and_then(|(creator, url)| {
        Host(ctx).with_contexts(|contexts, queues| {
            let (worker, steps) = contexts.run_a_dedicated_worker(queues, creator, url, options)?;
            Some((creator, worker, steps))
        })
    });
    let Some((creator, worker, steps)) = made else {
        return target.create(WorkerData::default(), ctx);
    };
    let (port, half, inside) = with_messaging(ctx, |messaging, _| {
        let ports = messaging.create_worker_ports(creator, worker);
        let half = messaging.half_of(ports.outside);
        (ports.outside, half, messaging.half_of(ports.inside))
    });
    let port = PORT_OBJECTS.with(ctx, |port_objects| {
        if let Some(inside) = inside {
            port_objects.new_inside_port(inside);
        }
        let port = port_objects.new_port(port, half, false);
        port_objects.new_worker(worker, &port);
        port
    });
    let data = WorkerData {
        worker: Some(worker),
    };
    let parts = PlatformObject::new(data, target.interface());
    let parts = parts.and_own(Box::new(HiddenPort(port.clone())));
    let object = target.create_with(parts, ctx)?;
    port.set_object(&object);
    run_steps(ctx, steps);
    Ok(object)
}

/// [`terminate()`](https://html.spec.whatwg.org/multipage/workers.html#dom-worker-terminate)
fn terminate(this: &JsObject, _: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    if let Some(worker) = read(this, |data| data.worker)? {
        with_messaging(ctx, |messaging, queues| {
            messaging.empty_worker_port_message_queue(queues, worker);
        });
        let steps = with_contexts(ctx, |contexts| contexts.terminate_a_worker(worker));
        run_steps(ctx, steps);
    }
    Ok(JsValue::undefined())
}
