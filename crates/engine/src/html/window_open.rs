//! Opening and closing windows, and what they have of a browser's
//! ([HTML, window.open()](https://html.spec.whatwg.org/multipage/nav-history-apis.html#apis-for-creating-and-navigating-browsing-contexts-by-name),
//! [simple dialogs](https://html.spec.whatwg.org/multipage/timers-and-user-prompts.html#simple-dialogs)).

use boa_engine::{Context, JsObject, JsResult, JsValue};
use framepost_browsing_context::{Host as _, NavigableId, SandboxFlags};
use framepost_event_loop::{ClientId, GlobalId};

use crate::output::Output;
use crate::script::realm;
use crate::script::{Host, emit, run_steps, with_contexts};
use crate::webidl::convert::{dom_string_null_empty, optional, usv_string};
use crate::webidl::exception::OrThrow;
use crate::webidl::platform;
use crate::webidl::{self, Interface, Member};
use crate::windows::window_proxy;

/// The members of `Window` that are about windows as a user would see them. This engine shows no
/// window and asks nobody, so that most of them do nothing.
pub(crate) const MEMBERS: &[Member] = &[
    Member::Operation("open", 0, open),
    Member::Operation("close", 0, close),
    Member::Attribute("closed", closed, None),
    Member::Operation("stop", 0, stop),
    Member::Operation("focus", 0, |_, _, _| Ok(JsValue::undefined())),
    Member::Operation("blur", 0, |_, _, _| Ok(JsValue::undefined())),
    Member::Operation("print", 0, |_, _, _| Ok(JsValue::undefined())),
    Member::Operation("alert", 0, alert),
    Member::Operation("confirm", 0, |this, args, ctx| {
        dialog(this, "confirm", args, ctx)?;
        Ok(false.into())
    }),
    Member::Operation("prompt", 0, |this, args, ctx| {
        dialog(this, "prompt", args, ctx)?;
        Ok(JsValue::null())
    }),
    Member::Named("locationbar", "locationbar", bar, Some(replace)),
    Member::Named("menubar", "menubar", bar, Some(replace)),
    Member::Named("personalbar", "personalbar", bar, Some(replace)),
    Member::Named("scrollbars", "scrollbars", bar, Some(replace)),
    Member::Named("statusbar", "statusbar", bar, Some(replace)),
    Member::Named("toolbar", "toolbar", bar, Some(replace)),
];

/// The `BarProp` interface
/// ([HTML, browser interface elements](https://html.spec.whatwg.org/multipage/nav-history-apis.html#browser-interface-elements)).
pub(crate) static BAR_PROP: Interface = Interface {
    members: &[&[Member::Attribute("visible", visible, None)]],
    ..Interface::new("BarProp")
};

fn document_of(ctx: &Context, window: Option<GlobalId>) -> Option<ClientId> {
    with_contexts(ctx, |contexts| Some(contexts.window(window?)?.document()))
}

/// [`open()`](https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-open)
fn open(_: &JsObject, args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let url = optional(args, 0).map_or(Ok(String::new()), |url| usv_string(url, ctx))?;
    let target =
        optional(args, 1).map_or(Ok("_blank".to_owned()), |target| usv_string(target, ctx))?;
    let features = optional(args, 2).map_or(Ok(String::new()), |features| {
        dom_string_null_empty(features, ctx)
    })?;
    window_open_steps(ctx, &url, &target, &features)
}

/// The [window open steps](https://html.spec.whatwg.org/multipage/nav-history-apis.html#window-open-steps).
pub(crate) fn window_open_steps(
    ctx: &mut Context,
    url: &str,
    target: &str,
    features: &str,
) -> JsResult<JsValue> {
    let Some(source) = document_of(ctx, realm::entry(ctx)) else {
        return Ok(JsValue::null());
    };
    let opened = Host(ctx).with_contexts(|contexts, queues| {
        contexts.window_open_steps(queues, source, url, target, features)
    });
    let (navigable, steps) = opened.or_throw(ctx)?;
    run_steps(ctx, steps);
    Ok(navigable.map_or_else(JsValue::null, |navigable| {
        window_proxy::proxy_value(ctx, navigable)
    }))
}

fn navigable(ctx: &Context, window: GlobalId) -> Option<NavigableId> {
    with_contexts(ctx, |contexts| {
        let navigable = contexts.window(window)?.navigable();
        contexts.is_active_window(window).then_some(navigable)
    })
}

/// [`close()`](https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-window-close)
fn close(this: &JsObject, _: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let window = platform::window(this)?;
    let source = document_of(ctx, realm::incumbent(ctx));
    if let (Some(source), Some(navigable)) = (source, navigable(ctx, window)) {
        Host(ctx).with_contexts(|contexts, queues| {
            contexts.window_close(queues, source, navigable);
        });
    }
    Ok(JsValue::undefined())
}

/// [`closed`](https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-window-closed)
fn closed(this: &JsObject, ctx: &mut Context) -> JsResult<JsValue> {
    let window = platform::window(this)?;
    let open = navigable(ctx, window).is_some_and(|navigable| {
        with_contexts(ctx, |contexts| {
            contexts
                .navigable(navigable)
                .is_some_and(|held| !held.is_closing())
        })
    });
    Ok((!open).into())
}

/// [`stop()`](https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-window-stop)
fn stop(this: &JsObject, _: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let window = platform::window(this)?;
    if let Some(navigable) = navigable(ctx, window) {
        with_contexts(ctx, |contexts| contexts.window_stop(navigable));
    }
    Ok(JsValue::undefined())
}

/// [`alert()`](https://html.spec.whatwg.org/multipage/timers-and-user-prompts.html#dom-alert)
fn alert(this: &JsObject, args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    dialog(this, "alert", args, ctx)?;
    Ok(JsValue::undefined())
}

/// A [simple dialog](https://html.spec.whatwg.org/multipage/timers-and-user-prompts.html#simple-dialogs)
/// that the embedder gets to hear of, and that nobody answers.
fn dialog(this: &JsObject, what: &str, args: &[JsValue], ctx: &mut Context) -> JsResult<()> {
    let message = match args.first() {
        Some(message) => message.to_string(ctx)?.to_std_string_lossy(),
        None => String::new(),
    };
    let window = platform::window(this)?;
    // https://html.spec.whatwg.org/multipage/timers-and-user-prompts.html#cannot-show-simple-dialogs
    let sandboxed = with_contexts(ctx, |contexts| {
        let document = contexts.window(window)?.document();
        Some(
            contexts
                .document(document)?
                .sandbox()
                .contains(SandboxFlags::MODALS),
        )
    });
    if sandboxed == Some(false) {
        emit(ctx, &Output::Diagnostic(format!("{what}: {message}")));
    }
    Ok(())
}

/// One of the window's bars, as which it has one object each.
fn bar(this: &JsObject, name: &'static str, ctx: &mut Context) -> JsResult<JsValue> {
    let window = platform::window(this)?;
    let realm = realm::realm_of(ctx, window);
    let object = realm::singleton(ctx, &realm, name, |ctx, realm| {
        webidl::create_object(realm, &BAR_PROP, (), ctx)
    });
    Ok(object.into())
}

fn replace(
    this: &JsObject,
    name: &'static str,
    value: &JsValue,
    ctx: &mut Context,
) -> JsResult<()> {
    super::window::replace(this, name, value, ctx)
}

/// [`visible`](https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-barprop-visible)
fn visible(this: &JsObject, ctx: &mut Context) -> JsResult<JsValue> {
    let window = platform::relevant_window(this);
    let is_popup = window
        .and_then(|window| navigable(ctx, window))
        .is_none_or(|navigable| {
            with_contexts(ctx, |contexts| {
                let top = contexts.top(navigable);
                top.and_then(|top| contexts.navigable(top))
                    .is_some_and(framepost_browsing_context::Navigable::is_popup)
            })
        });
    // SPEC-ISSUE: the bars of a window that is gone are visible in the standard, and in no browser.
    Ok((!is_popup).into())
}
