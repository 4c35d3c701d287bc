//! `Window` ([HTML, the Window object](https://html.spec.whatwg.org/multipage/nav-history-apis.html#the-window-object)).

use boa_engine::property::PropertyDescriptor;
use boa_engine::{Context, JsObject, JsResult, JsString, JsValue};
use framepost_browsing_context::{NavigableId, Origin};
use framepost_event_loop::GlobalId;

use crate::dom::event_dispatch::current_event;
use crate::script::realm;
use crate::script::with_contexts;
use crate::webidl::convert::{dom_string, js_str};
use crate::webidl::platform;
use crate::webidl::receiver::{Receiver, interface_tag};
use crate::webidl::{Interface, Member};
use crate::windows::window_proxy;

use super::{error_events, event_handlers, history, location, navigator, timers, window_open};
use crate::console;
use crate::dom::event_target::EVENT_TARGET;
use crate::dom::node;
use crate::messaging::message_delivery;

impl Receiver for GlobalId {
    fn of(object: &JsObject) -> JsResult<Self> {
        platform::window(object)
    }
}

interface_tag! {
    /// `Window` as a type of Web IDL.
    Window = WINDOW
}

/// The `Window` interface. As it is global, its members stand on the global object.
pub(crate) static WINDOW: Interface = Interface {
    parent: Some(&EVENT_TARGET),
    ..Interface::new("Window")
};

/// The members of the global object.
pub(crate) static GLOBAL_MEMBERS: &[&[Member]] = &[
    MEMBERS,
    window_open::MEMBERS,
    timers::MEMBERS,
    message_delivery::WINDOW_MEMBERS,
    event_handlers::GLOBAL,
    event_handlers::WINDOW,
    super::base64::MEMBERS,
    crate::canvas::WINDOW_MEMBERS,
    crate::crypto::WINDOW_MEMBERS,
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
            // A window that is gone keeps its document.
            let document =
                document.or_else(|| crate::script::gone_windows::document_of(ctx, window));
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
                with_contexts(ctx, |contexts| {
                    contexts.document_tree_children(navigable).len()
                })
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
        "isSecureContext",
        |this, ctx| {
            let window = platform::window(this)?;
            Ok(with_contexts(ctx, |contexts| contexts.is_secure_context(window)).into())
        },
        None,
    ),
    Member::Attribute(
        "crossOriginIsolated",
        |this, ctx| {
            let window = platform::window(this)?;
            Ok(crate::script::agent_clusters::cross_origin_isolated(ctx, window).into())
        },
        None,
    ),
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
            let event = current_event(ctx, window);
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
pub(crate) fn replace(
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

fn navigable_of(ctx: &Context, window: GlobalId) -> Option<NavigableId> {
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
