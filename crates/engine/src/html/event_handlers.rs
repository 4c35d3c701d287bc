//! Event handlers, such as `onclick`: attributes of objects and of elements
//! ([HTML, event handlers](https://html.spec.whatwg.org/multipage/webappapis.html#event-handler-attributes)).

use std::rc::Rc;

use boa_engine::{
    Context, Finalize, JsError, JsNativeError, JsObject, JsResult, JsString, JsValue, Trace,
    js_string,
};
use framepost_browsing_context::dom;
use framepost_browsing_context::events::{ListenerId, ListenerOptions};
use framepost_event_loop::GlobalId;
use markup5ever_rcdom::Handle as Node;

use super::error_events::ErrorEventInit;
use super::event_handler_mixins::{GLOBAL_EVENT_HANDLERS, WINDOW_EVENT_HANDLERS};
use super::navigation_events::BeforeUnload;
use crate::boa::source_text;
use crate::boa::sources::{self, Kind};
use crate::dom::event_dispatch::Target;
use crate::dom::event_listeners::{ListenerCallback, Listeners};
use crate::dom::extensions::{AttributeChange, extensions};
use crate::dom::{events, node};
use crate::script::callback::{self, Callback};
use crate::script::globals;
use crate::script::realm::{self, in_realm};
use crate::script::{can_run_script, state, with_contexts, wrappers};
use crate::webidl::platform::{with_attached, with_attached_mut};
use crate::webidl::{Member, Mixin, platform};

/// An [event handler](https://html.spec.whatwg.org/multipage/webappapis.html#event-handlers).
#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct Handler {
    value: Value,
    /// Its listener, while it is active.
    #[unsafe_ignore_trace]
    listener: Option<ListenerId>,
}

/// The [event handler map](https://html.spec.whatwg.org/multipage/webappapis.html#event-handler-map)
/// of a target.
#[derive(Default, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
struct HandlerMap(Vec<(&'static str, Handler)>);

/// The value of an event handler.
#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
enum Value {
    Null,
    Callback(Callback),
    /// An [internal raw uncompiled handler](https://html.spec.whatwg.org/multipage/webappapis.html#internal-raw-uncompiled-handler):
    /// the text, and the element whose attribute it is.
    Uncompiled(#[unsafe_ignore_trace] String, JsObject),
}

/// The [Window-reflecting body element event handler set](https://html.spec.whatwg.org/multipage/webappapis.html#window-reflecting-body-element-event-handler-set).
const BODY_REFLECTS: &[&str] = &[
    "onblur", "onerror", "onfocus", "onload", "onresize", "onscroll",
];

/// The most characters of an attribute in a message.
const MAX_SHOWN: usize = 60;

/// The names of the event handlers of a mixin.
fn names(mixin: &'static Mixin) -> impl Iterator<Item = &'static str> {
    mixin.members.iter().copied().flatten().map(Member::name)
}

fn known_name(name: &str) -> Option<&'static str> {
    names(&GLOBAL_EVENT_HANDLERS)
        .chain(names(&WINDOW_EVENT_HANDLERS))
        .find(|known| *known == name)
}

fn is_body(node: &Node) -> bool {
    dom::is_html_element(node, "body") || dom::is_html_element(node, "frameset")
}

/// [Determine the target of an event handler](https://html.spec.whatwg.org/multipage/webappapis.html#determining-the-target-of-an-event-handler)
fn target_of(ctx: &Context, object: &JsObject, name: &str) -> Option<JsObject> {
    let Some(node) = wrappers::as_node(object).filter(is_body) else {
        return Some(object.clone());
    };
    if !BODY_REFLECTS.contains(&name) && names(&WINDOW_EVENT_HANDLERS).all(|own| own != name) {
        return Some(object.clone());
    }
    let window = with_contexts(ctx, |contexts| {
        let document = contexts.document_of(&node)?;
        contexts.is_fully_active(document).then(|| {
            contexts
                .document(document)
                .map(framepost_browsing_context::Document::window)
        })?
    })?;
    Some(realm::window_record(ctx, window)?.global)
}

/// The getter of an event handler IDL attribute.
pub(crate) fn get(this: &JsObject, name: &'static str, ctx: &mut Context) -> JsResult<JsValue> {
    let Some(target) = target_of(ctx, this, name) else {
        return Ok(JsValue::null());
    };
    prepare_window(ctx, &target);
    let callback = current_value(ctx, &target, name);
    Ok(callback.map_or_else(JsValue::null, |callback| callback.object.into()))
}

/// The setter of an event handler IDL attribute.
pub(crate) fn set(
    this: &JsObject,
    name: &'static str,
    value: &JsValue,
    ctx: &mut Context,
) -> JsResult<()> {
    let Some(target) = target_of(ctx, this, name) else {
        return Ok(());
    };
    prepare_window(ctx, &target);
    // [LegacyTreatNonObjectAsNull]
    let value = match value.as_object() {
        Some(object) => Value::Callback(Callback::new(object, ctx)),
        None => Value::Null,
    };
    set_value(&target, name, value);
    (extensions().listeners_changed)(ctx, this);
    // Setting a port's `onmessage` enables its queue: an interface with such an attribute has its own setter, which
    // calls this one.
    Ok(())
}

fn prepare_window(ctx: &mut Context, target: &JsObject) {
    if let Some(window) = crate::script::globals::window_of_global(target) {
        activate_body_handlers(ctx, window);
    }
}

/// Sets the value of an event handler, and
/// [activates](https://html.spec.whatwg.org/multipage/webappapis.html#activate-an-event-handler) or
/// [deactivates](https://html.spec.whatwg.org/multipage/webappapis.html#deactivate-an-event-handler) it.
fn set_value(target: &JsObject, name: &'static str, value: Value) {
    with_attached_mut(target, |listeners: &mut Listeners| {
        let (HandlerMap(handlers), list) = listeners.handlers_or_default()?;
        let at = handlers.iter().position(|(held, _)| *held == name);
        let is_null = matches!(value, Value::Null);
        let mut listener = at.and_then(|at| handlers[at].1.listener);
        match listener {
            Some(id) if is_null => {
                list.remove_by_id(id);
                listener = None;
            }
            None if !is_null => {
                let callback = ListenerCallback::Steps(name, process);
                listener = list.add(event_type(name), callback, ListenerOptions::default());
            }
            _ => {}
        }
        let handler = Handler { value, listener };
        match at {
            Some(at) => handlers[at].1 = handler,
            None => handlers.push((name, handler)),
        }
        Some(())
    });
}

/// The event type of an event handler.
fn event_type(name: &'static str) -> &'static str {
    match name {
        "onwebkitanimationend" => "webkitAnimationEnd",
        "onwebkitanimationiteration" => "webkitAnimationIteration",
        "onwebkitanimationstart" => "webkitAnimationStart",
        "onwebkittransitionend" => "webkitTransitionEnd",
        _ => &name[2..],
    }
}

/// [Get the current value of an event handler](https://html.spec.whatwg.org/multipage/webappapis.html#getting-the-current-value-of-the-event-handler)
fn current_value(ctx: &mut Context, target: &JsObject, name: &'static str) -> Option<Callback> {
    let value = with_attached(target, |listeners: &Listeners| {
        let HandlerMap(handlers) = listeners.handlers()?;
        let found = handlers.iter().find(|(held, _)| *held == name);
        found.map(|(_, handler)| handler.value.clone())
    })
    .flatten()?;
    match value {
        Value::Null => None,
        Value::Callback(callback) => Some(callback),
        Value::Uncompiled(body, element) => {
            let compiled = compile(ctx, target, name, &body, &element);
            let value = compiled.clone().map_or(Value::Null, Value::Callback);
            with_attached_mut(target, |listeners: &mut Listeners| {
                let (HandlerMap(handlers), _) = listeners.handlers_or_default()?;
                let found = handlers.iter_mut().find(|(held, _)| *held == name);
                found.map(|(_, handler)| handler.value = value)
            });
            compiled
        }
    }
}

/// Steps 3.2 to 3.12: creates a function from the text of a content attribute. Its scope contains the element, its
/// form and its document.
fn compile(
    ctx: &mut Context,
    target: &JsObject,
    name: &'static str,
    body: &str,
    element: &JsObject,
) -> Option<Callback> {
    let node = wrappers::as_node(element)?;
    // 3.2. Without scripting, the document has no handler. A document without a window has no scripting.
    let window = node::window_of(ctx, &node)?;
    if !can_run_script(ctx, window) {
        return None;
    }
    let document = node::owner_document_node(ctx, &node)?;
    // The content security policy may forbid it.
    let is_allowed = with_contexts(ctx, |contexts| {
        let document = contexts.document_of(&node)?;
        Some(contexts.document(document)?.allows_event_handler(body))
    });
    if is_allowed == Some(false) {
        return None;
    }
    let url = with_contexts(ctx, |contexts| {
        let document = contexts.document_of(&node)?;
        Some(contexts.document(document)?.url().to_string())
    })
    .unwrap_or_default();
    let is_window = crate::script::globals::window_of_global(target).is_some();
    let mut scopes: Vec<JsValue> = Vec::new();
    if !is_window {
        scopes.push(node::wrap(ctx, &document).into());
        if let Some(form) = super::form_owner::form_owner(&node) {
            scopes.push(node::wrap(ctx, &form).into());
        }
        scopes.push(element.clone().into());
    }
    let parameters = if name == "onerror" && is_window {
        "event, source, lineno, colno, error"
    } else {
        "event"
    };
    let realm = realm::realm_of(ctx, window);
    let result = in_realm(ctx, &realm, |ctx| {
        make_function(ctx, name, parameters, body, &scopes, &url)
    });
    match result {
        Ok(object) => Some(Callback::with_incumbent(object, Some(window), ctx)),
        Err(error) => {
            crate::script::report_script_exception(ctx, window, error, &url);
            None
        }
    }
}

fn make_function(
    ctx: &mut Context,
    name: &str,
    parameters: &str,
    body: &str,
    scopes: &[JsValue],
    url: &str,
) -> JsResult<JsObject> {
    // Parse the body alone first, so that it cannot close the function around it.
    let constructor = ctx.intrinsics().constructors().function().constructor();
    let text: JsValue = JsString::from(format!("{body}\n")).into();
    let parsed = constructor.construct(&[js_string!(parameters).into(), text], None, ctx);
    parsed.map_err(|error| in_attribute(error, name, body))?;

    let mut source = String::from("(function () { ");
    for index in 0..scopes.len() {
        source.push_str(&format!("with (arguments[{index}]) "));
    }
    source.push_str(&format!(
        "return function {name}({parameters}) {{\n{body}\n}}; }})"
    ));
    let source = Rc::new(source);
    sources::remember(ctx, url, Kind::Handler, &source);
    let path = std::path::Path::new(url);
    let script = source_text::parse_script(&source, path, ctx)?;
    let outer = script.evaluate(ctx)?;
    let not_a_function =
        || JsNativeError::typ().with_message("The event handler is not a function.");
    let outer = outer.as_callable().ok_or_else(not_a_function)?;
    let inner = outer.call(&JsValue::undefined(), scopes, ctx)?;
    Ok(inner.as_callable().ok_or_else(not_a_function)?)
}

/// Names the attribute in a syntax error, whose place is only known in the attribute's text.
fn in_attribute(error: JsError, name: &str, body: &str) -> JsError {
    let Some(native) = error.as_native().filter(|native| native.is_syntax()) else {
        return error;
    };
    let message = native.message().to_string();
    let what = message
        .strip_prefix("failed to parse function body: ")
        .unwrap_or(&message);
    let what = what.split_once(" at line ").map_or(what, |(what, _)| what);
    let what = match what {
        "abrupt end" => "unexpected end of input",
        what => what,
    };
    let shown: String = body.chars().take(MAX_SHOWN).collect();
    let rest = if shown.len() < body.len() { "…" } else { "" };
    let message = format!("in the attribute {name}=\"{shown}{rest}\": {what}");
    JsNativeError::syntax().with_message(message).into()
}

/// [The event handler processing algorithm](https://html.spec.whatwg.org/multipage/webappapis.html#the-event-handler-processing-algorithm)
fn process(
    ctx: &mut Context,
    target: &JsObject,
    name: &'static str,
    current: &Target,
    object: &JsObject,
) -> JsResult<()> {
    // 1. A handler without scripting has no value.
    // 2. and 3. Without a callback, return.
    let Some(callback) = current_value(ctx, target, name) else {
        return Ok(());
    };
    if !callback.object.is_callable() {
        return Ok(());
    }
    // The exception of a callback is reported in the callback's window, if it has one.
    let window = match callback.window() {
        Some(window) if name != "onbeforeunload" => Some(window),
        _ => current.window(ctx),
    };
    let this = current.value(ctx);
    // 4. The handler of a global has the parts of an `ErrorEvent` as its arguments. Its event has the type `error`.
    let error = if name == "onerror" && globals::global_of(target).is_some() {
        platform::with(object, |data: &ErrorEventInit| Some(data.clone()))
    } else {
        None
    };
    if let Some(data) = error {
        // 5. Call it.
        let returned =
            callback::invoke_and_report(&callback, &this, &data.handler_arguments(), window, ctx);
        // 6. In this case, true means handled.
        if returned.and_then(|value| value.as_boolean()) == Some(true) {
            events::write(object, events::EventData::set_canceled)?;
        }
        return Ok(());
    }
    // 5. Call it.
    let returned =
        callback::invoke_and_report(&callback, &this, &[object.clone().into()], window, ctx);
    // 6. Process the returned value.
    if name == "onbeforeunload" {
        let returned = returned.unwrap_or_default();
        return beforeunload_handler_returned(ctx, &returned, window, object);
    }
    if returned.and_then(|value| value.as_boolean()) == Some(false) {
        events::write(object, events::EventData::set_canceled)?;
    }
    Ok(())
}

/// Whether an element has event handler content attributes.
pub(crate) fn has_content_attributes(node: &Node) -> bool {
    use markup5ever_rcdom::NodeData;
    matches!(&node.data, NodeData::Element { attrs, .. }
        if attrs.borrow().iter().any(|attribute| attribute.name.local.starts_with("on")))
}

/// Sets the handlers that the parser found, when the element gets its object.
pub(crate) fn activate_content_attributes(ctx: &mut Context, node: &Node, object: &JsObject) {
    if !has_content_attributes(node) {
        return;
    }
    for (name, value) in dom::attributes(node) {
        if let Some(name) = known_name(&name) {
            set_uncompiled(ctx, object, name, Some(&value));
        }
    }
}

/// Sets the handlers that a window has from its document's body, before their first use.
pub(crate) fn activate_body_handlers(ctx: &mut Context, window: GlobalId) {
    let state = state(ctx);
    let changes = dom::tree_changes();
    if state.recent_realms.borrow().has_plain_body(window, changes) {
        return;
    }
    let body = with_contexts(ctx, |contexts| {
        let document = contexts.document(contexts.window(window)?.document())?;
        super::tree_accessors::body_of(document.node())
    });
    match body.filter(has_content_attributes) {
        // Creating the body's object activates them, and happens only once.
        Some(body) => drop(node::wrap(ctx, &body)),
        None => {
            let mut recent = state.recent_realms.borrow_mut();
            recent.set_plain_body(window, changes);
        }
    }
}

/// Script has set, changed or removed an attribute of an element.
/// [Event handler content attributes](https://html.spec.whatwg.org/multipage/webappapis.html#event-handler-content-attributes)
pub(crate) fn attribute_changed(ctx: &mut Context, change: &AttributeChange<'_>) {
    let Some(name) = known_name(change.name) else {
        return;
    };
    let object = node::wrap(ctx, change.element);
    set_uncompiled(ctx, &object, name, change.new);
}

fn set_uncompiled(ctx: &Context, element: &JsObject, name: &'static str, value: Option<&str>) {
    let Some(target) = target_of(ctx, element, name) else {
        return;
    };
    // IMPLEMENTATION-DEFINED: the standard keeps the text, which runs when the element moves to a
    // document with scripting. As in browsers, a document without scripting creates no handler from it.
    let node = wrappers::as_node(element);
    let window = node.and_then(|node| node::window_of(ctx, &node));
    let is_enabled = window
        .is_none_or(|window| with_contexts(ctx, |contexts| contexts.scripting_is_enabled(window)));
    let value = match value {
        Some(text) if is_enabled => Value::Uncompiled(text.to_owned(), element.clone()),
        _ => Value::Null,
    };
    set_value(&target, name, value);
}

/// The part of [the event handler processing algorithm](https://html.spec.whatwg.org/multipage/webappapis.html#the-event-handler-processing-algorithm)
/// for the result of an `onbeforeunload` handler (6.). The result is a `DOMString?`, so it is never `false`.
pub(crate) fn beforeunload_handler_returned(
    ctx: &mut Context,
    returned: &JsValue,
    window: Option<framepost_event_loop::GlobalId>,
    object: &JsObject,
) -> JsResult<()> {
    if returned.is_null_or_undefined() {
        return Ok(());
    }
    let text = match returned.to_string(ctx) {
        Ok(text) => text,
        Err(error) => {
            callback::finish(Err(error), window, ctx);
            return Ok(());
        }
    };
    let is_beforeunload = events::read(object, |event| event.type_ == "beforeunload")?;
    // 6.2. Set the value of the event, if it has none.
    let set = |event: &mut BeforeUnload| {
        if event.return_value.is_empty() {
            event.return_value = text;
        }
        Some(())
    };
    // 6.1. Set the canceled flag.
    if is_beforeunload && platform::with_mut(object, set).is_some() {
        events::write(object, events::EventData::set_canceled)?;
    }
    Ok(())
}

impl ErrorEventInit {
    /// The arguments of an `onerror` handler of a window
    /// ([OnErrorEventHandler](https://html.spec.whatwg.org/multipage/webappapis.html#onerroreventhandler)).
    pub(crate) fn handler_arguments(&self) -> [JsValue; 5] {
        [
            self.message.clone().into(),
            self.filename.clone().into(),
            self.lineno.into(),
            self.colno.into(),
            self.error.clone(),
        ]
    }
}
