//! The functions of the program: installation, the loop, errors.

use std::fmt;
use std::rc::Rc;

use boa_engine::property::PropertyKey;
use boa_engine::{
    Context, JsError, JsNativeError, JsObject, JsResult, JsString, JsValue, js_string,
};
use framepost_browsing_context::{EffectHost as _, NavigableId, NavigateParams, drive};
use framepost_event_loop::{RunOutcome, RunUntil, run_until};
use framepost_messaging::accounting::DroppedMessage;
use url::Url;

use super::event::{self, EVENT};
use super::event_target::{self, EVENT_TARGET, GLOBAL_EVENT_TARGET};
use super::event_targets::EventTargets;
use super::events;
use super::message_event::{self, MESSAGE_EVENT};
use super::message_port::{self, BROADCAST_CHANNEL, MESSAGE_CHANNEL, MESSAGE_PORT};
use super::post_message::WINDOW_OR_WORKER_GLOBAL_SCOPE;
use super::state::{
    Host, OnDropped, Own, RealmRecord, event_targets, housekeep, record, report, with_world,
};
use crate::boa::functions::function;
use crate::boa::properties::{HIDDEN, accessor_property, data_property};
use crate::boa::slots::provide;
use crate::boa::{intrinsics, properties, reg_exp};
use crate::globals::WINDOW;
use crate::ports;
use crate::webidl::exception::{self, DOM_EXCEPTION, QUOTA_EXCEEDED_ERROR};
use crate::webidl::extensions::{self, Extensions};
use crate::webidl::realm::global_of;
use crate::webidl::{
    Definitions, Interface, adopt_interface, create_here, define_namespace, interface_objects,
};

/// What the first installation in a context determines.
#[non_exhaustive]
pub struct Options {
    /// The URL whose origin the realms of the context have, as `event.origin` and `targetOrigin` name it. The default is
    /// `https://localhost/`. Nothing is loaded from it.
    pub url: Url,
    /// The event targets of the program. By default, the crate installs its own `EventTarget`, `Event` and
    /// `MessageEvent`.
    pub event_targets: Option<Rc<dyn EventTargets>>,
    /// Receives each message that is dropped, with the reason. It must not use the context.
    pub on_dropped: Option<OnDropped>,
}

impl Default for Options {
    fn default() -> Self {
        #[allow(clippy::expect_used, reason = "the text is a URL")]
        let url = Url::parse("https://localhost/").expect("a URL");
        Self {
            url,
            event_targets: None,
            on_dropped: None,
        }
    }
}

impl Options {
    /// Sets the URL whose origin the realms have.
    #[must_use]
    pub fn with_url(mut self, url: Url) -> Self {
        self.url = url;
        self
    }

    /// Sets the event targets of the program.
    #[must_use]
    pub fn with_event_targets(mut self, targets: impl EventTargets) -> Self {
        self.event_targets = Some(Rc::new(targets));
        self
    }

    /// Sets the function that receives each message that is dropped.
    #[must_use]
    pub fn with_on_dropped(mut self, on_dropped: impl Fn(&DroppedMessage) + 'static) -> Self {
        self.on_dropped = Some(Rc::new(on_dropped));
        self
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("url", &self.url.as_str())
            .field("event_targets", &self.event_targets.is_some())
            .finish_non_exhaustive()
    }
}

/// The interfaces and partial interfaces.
static EXTENSIONS: Extensions = events::handlers(Extensions {
    definitions: DEFINITIONS,
    ..Extensions::NONE
});

static DEFINITIONS: &[&Definitions] = &[
    &exception::DEFINITIONS,
    &event::DEFINITIONS,
    &event_target::DEFINITIONS,
    &message_event::DEFINITIONS,
    &message_port::DEFINITIONS,
];

/// The interfaces of every realm.
static INTERFACES: &[&Interface] = &[
    &DOM_EXCEPTION,
    &QUOTA_EXCEEDED_ERROR,
    &MESSAGE_CHANNEL,
    &MESSAGE_PORT,
    &BROADCAST_CHANNEL,
];

/// The interfaces of a realm whose program has no event targets.
static EVENT_INTERFACES: &[&Interface] = &[&EVENT_TARGET, &EVENT, &MESSAGE_EVENT];

/// Installs messages in the current realm of a context: `structuredClone()`, `postMessage()`, `MessageChannel`,
/// `MessagePort`, `BroadcastChannel` and `DOMException`; unless the program has event targets, also `EventTarget`,
/// `Event`, `MessageEvent`, and `addEventListener()`, `removeEventListener()`, `dispatchEvent()`, `onmessage` and
/// `onmessageerror` of the global object.
///
/// `postMessage()` of a realm's global object posts to that realm: a script that has the global object of another realm
/// calls `other.postMessage(data, "*")`. Install messages before the first script of the context runs, and in each
/// further realm after it was created ([`Context::enter_realm`] makes it the current one). The options count only in the
/// first realm.
///
/// # Errors
/// A `TypeError` if messages are installed in the realm already, a `RangeError` if there are 20,000 realms, and what
/// [`EventTargets::constructor`] throws.
pub fn install(ctx: &mut Context, options: Options) -> JsResult<()> {
    let realm = ctx.realm().clone();
    if global_of(&realm).is_some() {
        let message = "messages are installed in this realm already";
        return Err(JsNativeError::typ().with_message(message).into());
    }
    provide(ctx);
    if with_world(ctx, |world| world.opener.is_none()) {
        intrinsics::save(ctx);
        extensions::install(&EXTENSIONS, ctx);
        open_origin(ctx, options);
    }
    let navigable = new_navigable(ctx).ok_or_else(|| {
        JsNativeError::range().with_message("there are too many realms with messages")
    })?;
    let global = with_world(ctx, |world| world.state.contexts.active_window(navigable));
    let global = global.ok_or_else(|| JsNativeError::error().with_message("there is no global"))?;
    crate::webidl::realm::install(&realm, global, WINDOW, ctx.root_shape().clone());
    // Boa's own getter adds backslashes to the source of a regular expression, which a clone would keep.
    reg_exp::install(&realm, ctx)?;
    let object = ctx.global_object();
    let targets = event_targets(ctx);
    if let Some(targets) = &targets {
        let constructor = targets.constructor(ctx)?;
        let prototype = constructor.get(js_string!("prototype"), ctx)?;
        let prototype = prototype
            .as_object()
            .ok_or_else(|| JsNativeError::typ().with_message("EventTarget has no prototype"))?;
        adopt_interface(&realm, &EVENT_TARGET, constructor, prototype);
    }
    for interface in INTERFACES {
        expose(interface, &object, ctx);
    }
    define_functions(&WINDOW_OR_WORKER_GLOBAL_SCOPE, &object, ctx);
    let target = match targets {
        Some(_) => object.clone(),
        None => define_event_targets(&object, ctx),
    };
    let record = RealmRecord {
        realm,
        global: object,
        target,
        navigable,
    };
    with_world(ctx, |world| world.realms.insert(global, record));
    Ok(())
}

/// Opens the empty document whose origin all realms have.
fn open_origin(ctx: &mut Context, options: Options) {
    let Options {
        url,
        event_targets,
        on_dropped,
    } = options;
    let top = {
        let host = &mut Host(ctx);
        let (top, steps) =
            host.with_contexts(|contexts, queues| contexts.create_top_level_traversable(queues));
        drive(host, steps);
        with_world(host.0, |world| {
            world.event_targets = event_targets;
            world.on_dropped = on_dropped;
            // A text that is a URL stays one.
            let loader = std::mem::take(&mut world.loader);
            world.loader = loader.with(url.as_str(), "").unwrap_or_default();
        });
        let params = NavigateParams::new(url);
        let steps = host.with_contexts(|contexts, queues| contexts.navigate(queues, top, params));
        drive(host, steps);
        // The loop is new, so that only the document's own tasks run.
        let _ = run_until(host, RunUntil::idle());
        top
    };
    with_world(ctx, |world| {
        world.opener = world.state.contexts.active_document(top);
    });
}

/// Creates the navigable of a realm. Its document is empty.
fn new_navigable(ctx: &mut Context) -> Option<NavigableId> {
    let opener = with_world(ctx, |world| world.opener)?;
    let host = &mut Host(ctx);
    let created =
        host.with_contexts(|contexts, queues| contexts.create_auxiliary(queues, opener, ""));
    let (navigable, steps) = created?;
    drive(host, steps);
    Some(navigable)
}

/// Defines an interface object on the global object.
fn expose(interface: &'static Interface, global: &JsObject, ctx: &mut Context) {
    let realm = ctx.realm().clone();
    let constructor = interface_objects(&realm, interface, ctx)
        .constructor
        .clone();
    let name = JsString::from(interface.name);
    global.insert_property(name, data_property(constructor, HIDDEN));
}

/// Defines the functions of a namespace on the global object.
fn define_functions(namespace: &'static Interface, global: &JsObject, ctx: &Context) {
    let functions = JsObject::with_null_proto();
    define_namespace(namespace, &functions, ctx.realm(), ctx);
    for member in namespace.all_members(ctx) {
        let key = PropertyKey::from(JsString::from(member.name()));
        let descriptor = functions.borrow().properties().get(&key);
        if let Some(descriptor) = descriptor {
            global.insert_property(key, descriptor);
        }
    }
}

/// Defines the crate's own event targets, and makes the global object one. Returns the target of its messages.
fn define_event_targets(global: &JsObject, ctx: &mut Context) -> JsObject {
    for interface in EVENT_INTERFACES {
        expose(interface, global, ctx);
    }
    define_functions(&GLOBAL_EVENT_TARGET, global, ctx);
    let realm = ctx.realm().clone();
    for name in events::GLOBAL_HANDLERS {
        let get = function(
            &realm,
            format!("get {name}").as_str(),
            0,
            move |_, _, ctx| {
                let target = event_target::target_of_global(ctx)?;
                Ok(events::handler(&target, name))
            },
        );
        let set = function(
            &realm,
            format!("set {name}").as_str(),
            1,
            move |_, args, ctx| {
                let target = event_target::target_of_global(ctx)?;
                let value = args.first().cloned().unwrap_or_default();
                events::set_handler(&target, name, &value, ctx);
                Ok(JsValue::undefined())
            },
        );
        let accessor = accessor_property(Some(get), Some(set), properties::READ_ONLY);
        global.insert_property(JsString::from(name), accessor);
    }
    let target = create_here(&EVENT_TARGET, (), ctx);
    events::show_as(&target, global.clone());
    target
}

/// Ends the messages of the current realm: its ports close, and messages to it are dropped.
pub fn remove(ctx: &mut Context) {
    let Some(global) = global_of(ctx.realm()) else {
        return;
    };
    let Some(record) = with_installed(ctx, |ctx| record(ctx, global)) else {
        return;
    };
    let host = &mut Host(ctx);
    let steps =
        host.with_contexts(|contexts, queues| contexts.destroy_top_level(queues, record.navigable));
    drive(host, steps);
    with_world(ctx, |world| world.realms.remove(&global));
}

/// Runs tasks until there are none. Boa's jobs run before the first task and after each one.
///
/// # Errors
/// The first exception since the last call that no script could catch; [`take_errors`] returns the others.
pub fn run(ctx: &mut Context) -> JsResult<()> {
    with_installed(ctx, |ctx| {
        checkpoint(ctx);
        housekeep(ctx);
        let _ = run_until(&mut Host(ctx), RunUntil::idle());
        with_world(ctx, |world| world.has_run = false);
        first_error(ctx)
    })
}

/// Runs the oldest task, and then Boa's jobs, for programs with a loop of their own. Returns whether there was a task.
///
/// # Errors
/// The first exception since the last call that no script could catch.
pub fn run_task(ctx: &mut Context) -> JsResult<bool> {
    with_installed(ctx, |ctx| {
        loop {
            let outcome = run_until(&mut Host(ctx), RunUntil::idle().after_tasks(1));
            first_error(ctx)?;
            // A task of an empty document is none of the program's.
            let has_run = with_world(ctx, |world| std::mem::take(&mut world.has_run));
            if has_run || outcome != RunOutcome::TasksReached {
                return Ok(has_run);
            }
        }
    })
}

/// Takes the exceptions of listeners and jobs since the last call.
pub fn take_errors(ctx: &mut Context) -> Vec<JsError> {
    with_installed(ctx, |ctx| {
        with_world(ctx, |world| std::mem::take(&mut world.errors))
    })
}

/// Records whether an object has listeners for messages, for programs with [`EventTargets`]. A port or a channel without
/// listeners that script does not reach is collected. Does nothing for other objects.
pub fn listeners_changed(ctx: &mut Context, target: &JsObject, has_listeners: bool) {
    with_installed(ctx, |ctx| {
        ports::listeners_changed::<Own>(ctx, target, || has_listeners);
    });
}

/// Runs the jobs that Boa has.
fn checkpoint(ctx: &mut Context) {
    if let Err(error) = ctx.run_jobs() {
        report(ctx, error);
    }
}

fn first_error(ctx: &Context) -> JsResult<()> {
    with_world(ctx, |world| match world.errors.is_empty() {
        true => Ok(()),
        false => Err(world.errors.remove(0)),
    })
}

/// Calls `f` with a context that has a state, be it empty.
fn with_installed<R>(ctx: &mut Context, f: impl FnOnce(&mut Context) -> R) -> R {
    provide(ctx);
    f(ctx)
}
