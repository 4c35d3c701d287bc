//! `Window` ([HTML, the Window object](https://html.spec.whatwg.org/multipage/nav-history-apis.html#the-window-object)).

use boa_engine::property::{PropertyDescriptor, PropertyKey};
use boa_engine::{Context, JsObject, JsResult, JsString, JsValue};
use framepost_browsing_context::dom;
use framepost_browsing_context::{NavigableId, Origin};
use framepost_event_loop::WindowId;

use crate::platform::{self, Kind};
use crate::realm;
use crate::webidl::convert::{dom_string, js_str};
use crate::webidl::members::function;
use crate::webidl::{Interface, Member};
use crate::window_proxy;
use crate::world::{with_contexts, with_script};

use super::event_target::EVENT_TARGET;
use super::{
    console, error_events, event_handlers, history, location, message_delivery, navigator, node,
    timers, window_open,
};

/// The `Window` interface. As it is global, its members stand on the global object.
pub(crate) static WINDOW: Interface = Interface {
    parent: Some(&EVENT_TARGET),
    ..Interface::new("Window", |kind| matches!(kind, Kind::Window(_)))
};

/// The members of the global object.
pub(crate) static GLOBAL_MEMBERS: &[&[Member]] = &[
    MEMBERS,
    window_open::MEMBERS,
    timers::MEMBERS,
    message_delivery::WINDOW_MEMBERS,
    event_handlers::GLOBAL,
    event_handlers::WINDOW,
    super::WINDOW_OR_WORKER_MEMBERS,
    super::canvas::WINDOW_MEMBERS,
];

const MEMBERS: &[Member] = &[
    Member::UnforgeableAttribute("window", this_window, None),
    Member::Attribute(
        "self",
        this_window,
        Some(|this, value, ctx| replace(this, "self", value, ctx)),
    ),
    Member::UnforgeableAttribute(
        "document",
        |this, ctx| {
            let window = platform::window(this)?;
            let document = with_contexts(ctx, |contexts| {
                let document = contexts.window(window)?.document();
                Some(contexts.document(document)?.node().clone())
            });
            Ok(node::wrap_or_null(ctx, document))
        },
        None,
    ),
    Member::UnforgeableAttribute(
        "location",
        |this, ctx| {
            let window = platform::window(this)?;
            Ok(location::of_window(ctx, window).into())
        },
        Some(|this, value, ctx| {
            let text = dom_string(value, ctx)?;
            location::navigate(ctx, platform::window(this)?, &text)
        }),
    ),
    Member::Attribute(
        "history",
        |this, ctx| {
            let window = platform::window(this)?;
            Ok(history::of_window(ctx, window).into())
        },
        None,
    ),
    Member::UnforgeableAttribute(
        "top",
        |this, ctx| related(this, ctx, framepost_browsing_context::Contexts::top),
        None,
    ),
    Member::Attribute(
        "parent",
        |this, ctx| {
            related(this, ctx, |contexts, navigable| {
                Some(contexts.parent(navigable).unwrap_or(navigable))
            })
        },
        Some(|this, value, ctx| replace(this, "parent", value, ctx)),
    ),
    Member::Attribute(
        "frames",
        this_window,
        Some(|this, value, ctx| replace(this, "frames", value, ctx)),
    ),
    Member::Attribute(
        "length",
        |this, ctx| {
            let navigable = navigable(this, ctx)?;
            let count = navigable.map_or(0, |navigable| {
                with_contexts(ctx, |contexts| contexts.children(navigable).len())
            });
            Ok(count.into())
        },
        Some(|this, value, ctx| replace(this, "length", value, ctx)),
    ),
    Member::Attribute(
        "opener",
        |this, ctx| {
            related(this, ctx, |contexts, navigable| {
                contexts.navigable(navigable)?.opener()
            })
        },
        Some(|this, value, ctx| {
            if value.is_null() {
                if let Some(navigable) = navigable(this, ctx)? {
                    with_contexts(ctx, |contexts| contexts.disown_opener(navigable));
                }
                return Ok(());
            }
            replace(this, "opener", value, ctx)
        }),
    ),
    Member::Attribute("frameElement", frame_element, None),
    Member::Attribute(
        "name",
        |this, ctx| {
            let name = navigable(this, ctx)?.and_then(|navigable| {
                with_contexts(ctx, |contexts| {
                    contexts
                        .navigable(navigable)
                        .map(|held| held.name().to_owned())
                })
            });
            Ok(js_str(name.unwrap_or_default()))
        },
        Some(|this, value, ctx| {
            let name = dom_string(value, ctx)?;
            if let Some(navigable) = navigable(this, ctx)? {
                with_contexts(ctx, |contexts| contexts.set_target_name(navigable, &name));
            }
            Ok(())
        }),
    ),
    Member::Attribute("status", |_, _| Ok(js_str("")), Some(|_, _, _| Ok(()))),
    Member::Attribute(
        "origin",
        |this, ctx| {
            let origin = realm::origin_of_window(ctx, platform::window(this)?);
            Ok(js_str(
                origin
                    .as_ref()
                    .map_or_else(|| "null".to_owned(), Origin::to_string),
            ))
        },
        Some(|this, value, ctx| replace(this, "origin", value, ctx)),
    ),
    Member::Attribute(
        "event",
        |this, ctx| {
            let window = platform::window(this)?;
            let event = with_script(ctx, |script| script.current_events.get(&window).cloned());
            Ok(event.map_or_else(JsValue::undefined, JsValue::from))
        },
        Some(|this, value, ctx| replace(this, "event", value, ctx)),
    ),
    Member::Attribute(
        "console",
        |_, ctx| Ok(console::console_of_realm(ctx).into()),
        Some(|this, value, ctx| replace(this, "console", value, ctx)),
    ),
    Member::Attribute("navigator", |_, ctx| navigator::navigator(ctx), None),
    Member::Attribute(
        "performance",
        |_, ctx| navigator::performance(ctx),
        Some(|this, value, ctx| replace(this, "performance", value, ctx)),
    ),
    Member::Operation("reportError", 1, error_events::report_error),
];

fn this_window(this: &JsObject, ctx: &mut Context) -> JsResult<JsValue> {
    let window = platform::window(this)?;
    Ok(realm::window_value(ctx, window))
}

/// [`[Replaceable]`](https://webidl.spec.whatwg.org/#Replaceable): the property becomes one of the
/// script's own.
pub(super) fn replace(
    this: &JsObject,
    name: &'static str,
    value: &JsValue,
    _: &mut Context,
) -> JsResult<()> {
    let descriptor = PropertyDescriptor::builder()
        .value(value.clone())
        .writable(true)
        .enumerable(true)
        .configurable(true);
    this.insert_property(JsString::from(name), descriptor);
    Ok(())
}

/// The navigable that the window is shown in; none when it is not any more.
fn navigable(this: &JsObject, ctx: &mut Context) -> JsResult<Option<NavigableId>> {
    let window = platform::window(this)?;
    Ok(navigable_of(ctx, window))
}

fn navigable_of(ctx: &Context, window: WindowId) -> Option<NavigableId> {
    with_contexts(ctx, |contexts| {
        let navigable = contexts.window(window)?.navigable();
        contexts.is_active_window(window).then_some(navigable)
    })
}

fn related(
    this: &JsObject,
    ctx: &mut Context,
    relation: impl FnOnce(&framepost_browsing_context::Contexts, NavigableId) -> Option<NavigableId>,
) -> JsResult<JsValue> {
    let Some(navigable) = navigable(this, ctx)? else {
        return Ok(JsValue::null());
    };
    let found = with_contexts(ctx, |contexts| relation(contexts, navigable));
    Ok(found.map_or_else(JsValue::null, |found| window_proxy::proxy_value(ctx, found)))
}

/// [`frameElement`](https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-frameelement)
fn frame_element(this: &JsObject, ctx: &mut Context) -> JsResult<JsValue> {
    let Some(navigable) = navigable(this, ctx)? else {
        return Ok(JsValue::null());
    };
    let container = with_contexts(ctx, |contexts| contexts.container(navigable).cloned());
    let Some(container) = container else {
        return Ok(JsValue::null());
    };
    let visible = node::window_of(ctx, &container)
        .is_some_and(|window| window_proxy::may_access(ctx, window));
    Ok(if visible {
        node::wrap(ctx, &container).into()
    } else {
        JsValue::null()
    })
}

/// [Named access on the Window object](https://html.spec.whatwg.org/multipage/nav-history-apis.html#named-access-on-the-window-object)
fn named(ctx: &mut Context, window: WindowId, name: &str) -> Option<JsValue> {
    if name.is_empty() {
        return None;
    }
    let (frame, document) = with_contexts(ctx, |contexts| {
        let held = contexts.window(window)?;
        let frame = contexts.is_active_window(window).then(|| {
            let children = contexts.children(held.navigable());
            children.iter().copied().find(|child| {
                contexts
                    .navigable(*child)
                    .is_some_and(|child| child.name() == name)
            })
        });
        Some((
            frame.flatten(),
            contexts.document(held.document())?.node().clone(),
        ))
    })?;
    if let Some(frame) = frame {
        return Some(window_proxy::proxy_value(ctx, frame));
    }
    const BY_NAME: &[&str] = &["embed", "form", "img", "object"];
    let mut found = dom::descendants(&document).filter(|node| {
        dom::attribute(node, "id").is_some_and(|id| id == name)
            || (BY_NAME.iter().any(|tag| dom::is_html_element(node, tag))
                && dom::attribute(node, "name").is_some_and(|held| held == name))
    });
    let first = found.next()?;
    if found.next().is_none() {
        return Some(node::wrap(ctx, &first).into());
    }
    drop(found);
    let name = name.to_owned();
    let all = super::collections::create(ctx, &document, super::collections::Of::WindowNamed(name));
    all.ok().map(JsValue::from)
}

/// Makes the [named properties object](https://webidl.spec.whatwg.org/#named-properties-object) of
/// a window, which stands between `Window.prototype` and `EventTarget.prototype`.
pub(crate) fn named_properties_object(
    ctx: &mut Context,
    window: WindowId,
    prototype: JsObject,
) -> JsResult<JsObject> {
    let realm = ctx.realm().clone();
    let target = JsObject::from_proto_and_data(
        Some(prototype),
        boa_engine::builtins::object::OrdinaryObject,
    );
    target.insert_property(
        boa_engine::JsSymbol::to_string_tag(),
        PropertyDescriptor::builder()
            .value(boa_engine::js_string!("WindowProperties"))
            .writable(false)
            .enumerable(false)
            .configurable(true),
    );
    let handler = JsObject::with_null_proto();
    let trap = |name: &str, function: JsObject| {
        handler.insert_property(
            JsString::from(name),
            PropertyDescriptor::builder()
                .value(function)
                .writable(true)
                .enumerable(false)
                .configurable(true),
        );
    };
    trap(
        "get",
        function(&realm, "get", 3, move |_, args, ctx| {
            let (target, key) = target_and_key(args, ctx)?;
            match supported(&target, &key, window, ctx)? {
                Some(value) => Ok(value),
                // The receiver is not passed on: what is further up takes the global object itself.
                None => {
                    let receiver = args.get(2).cloned().unwrap_or_default();
                    get_with_receiver(&target, &key, &receiver, ctx)
                }
            }
        }),
    );
    trap(
        "has",
        function(&realm, "has", 2, move |_, args, ctx| {
            let (target, key) = target_and_key(args, ctx)?;
            let found = supported(&target, &key, window, ctx)?.is_some();
            Ok((found || target.has_property(key, ctx)?).into())
        }),
    );
    for name in ["defineProperty", "deleteProperty", "preventExtensions"] {
        trap(name, function(&realm, name, 0, |_, _, _| Ok(false.into())));
    }
    let constructor = ctx.intrinsics().constructors().proxy().constructor();
    constructor.construct(&[target.into(), handler.into()], None, ctx)
}

fn target_and_key(args: &[JsValue], ctx: &mut Context) -> JsResult<(JsObject, PropertyKey)> {
    let target = args
        .first()
        .and_then(JsValue::as_object)
        .ok_or_else(platform::illegal_invocation)?;
    Ok((
        target,
        args.get(1)
            .cloned()
            .unwrap_or_default()
            .to_property_key(ctx)?,
    ))
}

fn supported(
    target: &JsObject,
    key: &PropertyKey,
    window: WindowId,
    ctx: &mut Context,
) -> JsResult<Option<JsValue>> {
    let PropertyKey::String(name) = key else {
        return Ok(None);
    };
    if target.has_property(key.clone(), ctx)? {
        return Ok(None);
    }
    Ok(named(ctx, window, &name.to_std_string_lossy()))
}

fn get_with_receiver(
    target: &JsObject,
    key: &PropertyKey,
    receiver: &JsValue,
    ctx: &mut Context,
) -> JsResult<JsValue> {
    let reflect = ctx.intrinsics().objects().reflect();
    match realm::intrinsic_method(&reflect, "get") {
        Some(get) => get.call(
            &JsValue::undefined(),
            &[target.clone().into(), key.into(), receiver.clone()],
            ctx,
        ),
        None => target.get(key.clone(), ctx),
    }
}
