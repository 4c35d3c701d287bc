//! `Location` ([HTML, the Location interface](https://html.spec.whatwg.org/multipage/nav-history-apis.html#the-location-interface)).

use boa_engine::property::PropertyDescriptor;
use boa_engine::{Context, JsObject, JsResult, JsSymbol, JsValue, js_string};
use framepost_browsing_context::{HistoryHandling, Host as _, NavigateParams, Window, about_blank};
use framepost_event_loop::GlobalId;
use url::Url;

use crate::script::realm;
use crate::script::{Host, run_steps, with_contexts};
use crate::webidl::convert::{argument, js_str, usv_string};
use crate::webidl::exception;
use crate::webidl::exception::OrThrow;
use crate::webidl::platform;
use crate::webidl::platform::LocationOf;
use crate::webidl::{self, Interface, Member};

/// The `Location` interface.
pub(crate) static LOCATION: Interface = Interface {
    members: &[&[
        Member::UnforgeableAttribute(
            "href",
            |this, ctx| get(this, ctx, Url::to_string),
            Some(|this, value, ctx| {
                let text = usv_string(value, ctx)?;
                navigate(ctx, platform::window(this)?, &text)
            }),
        ),
        Member::UnforgeableOperation("toString", 0, |this, _, ctx| get(this, ctx, Url::to_string)),
        Member::UnforgeableAttribute(
            "origin",
            |this, ctx| get(this, ctx, |url| url.origin().ascii_serialization()),
            None,
        ),
        Member::UnforgeableAttribute(
            "protocol",
            |this, ctx| get(this, ctx, |url| url::quirks::protocol(url).to_owned()),
            Some(set_protocol),
        ),
        Member::UnforgeableAttribute(
            "host",
            |this, ctx| get(this, ctx, |url| url::quirks::host(url).to_owned()),
            Some(|this, value, ctx| {
                change(this, value, ctx, |url, text| {
                    url::quirks::set_host(url, text).is_ok()
                })
            }),
        ),
        Member::UnforgeableAttribute(
            "hostname",
            |this, ctx| get(this, ctx, |url| url::quirks::hostname(url).to_owned()),
            Some(|this, value, ctx| {
                change(this, value, ctx, |url, text| {
                    url::quirks::set_hostname(url, text).is_ok()
                })
            }),
        ),
        Member::UnforgeableAttribute(
            "port",
            |this, ctx| get(this, ctx, |url| url::quirks::port(url).to_owned()),
            Some(|this, value, ctx| {
                change(this, value, ctx, |url, text| {
                    url::quirks::set_port(url, text).is_ok()
                })
            }),
        ),
        Member::UnforgeableAttribute(
            "pathname",
            |this, ctx| get(this, ctx, |url| url::quirks::pathname(url).to_owned()),
            Some(|this, value, ctx| {
                change(this, value, ctx, |url, text| {
                    url::quirks::set_pathname(url, text);
                    true
                })
            }),
        ),
        Member::UnforgeableAttribute(
            "search",
            |this, ctx| get(this, ctx, |url| url::quirks::search(url).to_owned()),
            Some(|this, value, ctx| {
                change(this, value, ctx, |url, text| {
                    url::quirks::set_search(url, text);
                    true
                })
            }),
        ),
        Member::UnforgeableAttribute(
            "hash",
            |this, ctx| get(this, ctx, |url| url::quirks::hash(url).to_owned()),
            Some(|this, value, ctx| {
                change(this, value, ctx, |url, text| {
                    let before = url.fragment().unwrap_or_default().to_owned();
                    url.set_fragment(Some(text.strip_prefix('#').unwrap_or(text)));
                    url.fragment() != Some(before.as_str())
                })
            }),
        ),
        Member::UnforgeableOperation("assign", 1, |this, args, ctx| {
            let text = usv_string(&argument(args, 0), ctx)?;
            let window = platform::window(this)?;
            check_access(ctx, window)?;
            navigate(ctx, window, &text)?;
            Ok(JsValue::undefined())
        }),
        Member::UnforgeableOperation("replace", 1, |this, args, ctx| {
            let text = usv_string(&argument(args, 0), ctx)?;
            let window = platform::window(this)?;
            if is_shown(ctx, window) {
                let url = parse(ctx, &text)?;
                location_object_navigate(ctx, window, url, HistoryHandling::Replace)?;
            }
            Ok(JsValue::undefined())
        }),
        Member::UnforgeableOperation("reload", 0, |this, _, ctx| {
            let window = platform::window(this)?;
            check_access(ctx, window)?;
            let steps = Host(ctx).with_contexts(|contexts, _| {
                let navigable = contexts.window(window)?.navigable();
                Some(contexts.reload(navigable))
            });
            if let Some(steps) = steps {
                run_steps(ctx, steps);
            }
            Ok(JsValue::undefined())
        }),
    ]],
    ..Interface::new("Location")
};

/// The `Location` of a window.
pub(crate) fn of_window(ctx: &mut Context, window: GlobalId) -> JsObject {
    let realm = realm::realm_of(ctx, window);
    realm::singleton(ctx, &realm, "location", |ctx, realm| {
        let location = webidl::create_object(realm, &LOCATION, LocationOf(window), ctx);
        define_primitives(&location, realm);
        // Only the lack of an agent's state could make this fail.
        crate::windows::window_proxy::location_proxy(ctx, location.clone()).unwrap_or(location)
    })
}

/// The default properties of a location that are not its interface's
/// ([create a Location object](https://html.spec.whatwg.org/multipage/nav-history-apis.html#create-a-location-object)).
fn define_primitives(location: &JsObject, realm: &boa_engine::realm::Realm) {
    let prototype = realm.intrinsics().constructors().object().prototype();
    let value_of = crate::boa::functions::intrinsic_method(&prototype, "valueOf");
    let fixed = |value: JsValue| {
        PropertyDescriptor::builder()
            .value(value)
            .writable(false)
            .enumerable(false)
            .configurable(false)
    };
    let value_of = value_of.map_or_else(JsValue::undefined, JsValue::from);
    location.insert_property(js_string!("valueOf"), fixed(value_of));
    location.insert_property(JsSymbol::to_primitive(), fixed(JsValue::undefined()));
}

/// The [location's URL](https://html.spec.whatwg.org/multipage/nav-history-apis.html#concept-location-url).
fn url_of(ctx: &Context, window: GlobalId) -> Option<Url> {
    with_contexts(ctx, |contexts| {
        let document = contexts.window(window)?.document();
        contexts
            .document(document)
            .map(|document| document.url().clone())
    })
}

fn get(this: &JsObject, ctx: &mut Context, part: impl FnOnce(&Url) -> String) -> JsResult<JsValue> {
    let window = platform::window(this)?;
    check_access(ctx, window)?;
    let url = url_of(ctx, window).unwrap_or_else(about_blank);
    Ok(js_str(part(&url)))
}

/// Scripts of another origin may send a window elsewhere, but not look at where it is.
fn check_access(ctx: &mut Context, window: GlobalId) -> JsResult<()> {
    if crate::windows::window_proxy::may_access(ctx, window) {
        Ok(())
    } else {
        Err(crate::windows::cross_origin::blocked(ctx))
    }
}

/// Navigates to the URL with one part of it changed.
fn change(
    this: &JsObject,
    value: &JsValue,
    ctx: &mut Context,
    change: impl FnOnce(&mut Url, &str) -> bool,
) -> JsResult<()> {
    let text = usv_string(value, ctx)?;
    let window = platform::window(this)?;
    check_access(ctx, window)?;
    if let Some(mut url) = url_of(ctx, window)
        && change(&mut url, &text)
    {
        location_object_navigate(ctx, window, url, HistoryHandling::Auto)?;
    }
    Ok(())
}

/// The setter of [`protocol`](https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-location-protocol).
fn set_protocol(this: &JsObject, value: &JsValue, ctx: &mut Context) -> JsResult<()> {
    let value = JsValue::from(value.to_string(ctx)?);
    let text = usv_string(&value, ctx)?;
    let scheme = text.split_once(':').map_or(&*text, |(scheme, _)| scheme);
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    let window = platform::window(this)?;
    check_access(ctx, window)?;
    if !is_scheme && is_shown(ctx, window) {
        let message = format!("{scheme:?} is not a scheme.");
        return Err(exception::throw("SyntaxError", &message, ctx));
    }
    change(this, &value, ctx, |url, text| {
        url::quirks::set_protocol(url, text).is_ok() && matches!(url.scheme(), "http" | "https")
    })
}

/// Whether the window still has its document: where there is none, nothing is navigated.
fn is_shown(ctx: &Context, window: GlobalId) -> bool {
    with_contexts(ctx, |contexts| contexts.window(window).is_some())
}

/// Parses a URL relative to the document of the running script.
fn parse(ctx: &mut Context, text: &str) -> JsResult<Url> {
    let window = realm::entry(ctx);
    let url = with_contexts(ctx, |contexts| {
        let document = contexts.window(window?)?.document();
        contexts.parse_url(document, text).ok()
    });
    url.ok_or_else(|| exception::throw("SyntaxError", &format!("{text:?} is not a URL."), ctx))
}

/// Navigates a window's navigable to a URL that script has given.
pub(crate) fn navigate(ctx: &mut Context, window: GlobalId, text: &str) -> JsResult<()> {
    if !is_shown(ctx, window) {
        return Ok(());
    }
    let url = parse(ctx, text)?;
    location_object_navigate(ctx, window, url, HistoryHandling::Auto)
}

/// [Location-object navigate](https://html.spec.whatwg.org/multipage/nav-history-apis.html#location-object-navigate)
fn location_object_navigate(
    ctx: &mut Context,
    window: GlobalId,
    url: Url,
    history: HistoryHandling,
) -> JsResult<()> {
    let incumbent = realm::incumbent(ctx);
    let allowed = Host(ctx).with_contexts(|contexts, queues| {
        let source = incumbent.and_then(|window| contexts.window(window));
        let target = contexts.window(window).map(Window::navigable);
        match (source.map(Window::document), target) {
            (Some(source), Some(target)) => contexts.allowed_to_navigate(queues, source, target),
            _ => Ok(()),
        }
    });
    allowed.or_throw(ctx)?;
    let steps = Host(ctx).with_contexts(|contexts, queues| {
        let navigable = contexts.window(window)?.navigable();
        let document = contexts.window(window)?.document();
        let mut history = history;
        // A document that is not loaded yet is replaced.
        if !contexts.is_completely_loaded(document) {
            history = HistoryHandling::Replace;
        }
        let mut params = NavigateParams::new(url).with_history(history);
        if let Some(source) = incumbent.and_then(|window| contexts.window(window)) {
            params = params.by(source.document());
        }
        Some(contexts.navigate(queues, navigable, params))
    });
    if let Some(steps) = steps {
        run_steps(ctx, steps);
    }
    Ok(())
}
