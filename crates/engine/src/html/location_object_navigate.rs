//! Reading the URL of a `Location`, and navigating with it
//! ([HTML, Location-object navigate](https://html.spec.whatwg.org/multipage/nav-history-apis.html#location-object-navigate)).

use boa_engine::{Context, JsResult};
use framepost_browsing_context::{EffectHost as _, HistoryHandling, NavigateParams, about_blank};
use framepost_event_loop::GlobalId;
use url::{Url, quirks};

use crate::script::{Host, realm, run_steps, with_contexts};
use crate::webidl::exception::{self, OrThrow};
use crate::windows::cross_origin;
use crate::windows::window_proxy::may_access;

/// The [location's URL](https://html.spec.whatwg.org/multipage/nav-history-apis.html#concept-location-url).
fn url_of(window: GlobalId, cx: &Context) -> Option<Url> {
    with_contexts(cx, |contexts| {
        let document = contexts.window(window)?.document();
        Some(contexts.document(document)?.url().clone())
    })
}

/// Scripts of another origin can navigate a window, but cannot read its URL.
fn check_access(window: GlobalId, cx: &mut Context) -> JsResult<()> {
    if may_access(cx, window) {
        Ok(())
    } else {
        Err(cross_origin::blocked(cx))
    }
}

/// A part of the location's URL.
pub(crate) fn part(window: GlobalId, part: fn(&Url) -> &str, cx: &mut Context) -> JsResult<String> {
    check_access(window, cx)?;
    let url = url_of(window, cx).unwrap_or_else(about_blank);
    Ok(part(&url).to_owned())
}

/// [`origin`](https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-location-origin)
pub(crate) fn origin(window: GlobalId, cx: &mut Context) -> JsResult<String> {
    check_access(window, cx)?;
    let url = url_of(window, cx).unwrap_or_else(about_blank);
    Ok(url.origin().ascii_serialization())
}

/// Navigates to the URL with one part of it changed, if `change` returns true.
pub(crate) fn change(
    window: GlobalId,
    change: impl FnOnce(&mut Url) -> bool,
    cx: &mut Context,
) -> JsResult<()> {
    check_access(window, cx)?;
    if let Some(mut url) = url_of(window, cx)
        && change(&mut url)
    {
        location_object_navigate(window, url, HistoryHandling::Auto, cx)?;
    }
    Ok(())
}

/// The setter of [`protocol`](https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-location-protocol).
pub(crate) fn set_protocol(window: GlobalId, value: &str, cx: &mut Context) -> JsResult<()> {
    let scheme = value.split_once(':').map_or(value, |(scheme, _)| scheme);
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    // 2. Only scripts of the same origin can change a part.
    check_access(window, cx)?;
    // 4. and 5. An invalid scheme is a SyntaxError.
    if !is_scheme && is_shown(window, cx) {
        let message = format!("{scheme:?} is not a scheme.");
        return Err(exception::throw("SyntaxError", &message, cx));
    }
    // 6. and 7. If the scheme is not http or https, return.
    let set = |url: &mut Url| {
        quirks::set_protocol(url, value).is_ok() && matches!(url.scheme(), "http" | "https")
    };
    change(window, set, cx)
}

/// The setter of [`hash`](https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-location-hash),
/// steps 3 to 7: whether the fragment differs from the one before.
pub(crate) fn set_fragment(url: &mut Url, value: &str) -> bool {
    let before = url.fragment().unwrap_or_default().to_owned();
    url.set_fragment(Some(value.strip_prefix('#').unwrap_or(value)));
    url.fragment() != Some(before.as_str())
}

/// [`assign()`](https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-location-assign)
pub(crate) fn assign(window: GlobalId, url: &str, cx: &mut Context) -> JsResult<()> {
    check_access(window, cx)?;
    navigate(window, url, cx)
}

/// [`replace()`](https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-location-replace)
pub(crate) fn replace(window: GlobalId, url: &str, cx: &mut Context) -> JsResult<()> {
    navigate_to(window, url, HistoryHandling::Replace, cx)
}

/// The setter of [`href`](https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-location-href).
pub(crate) fn navigate(window: GlobalId, url: &str, cx: &mut Context) -> JsResult<()> {
    navigate_to(window, url, HistoryHandling::Auto, cx)
}

/// [`reload()`](https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-location-reload)
pub(crate) fn reload(window: GlobalId, cx: &mut Context) -> JsResult<()> {
    check_access(window, cx)?;
    let steps = Host::new(cx).with_contexts(|contexts, _| {
        let navigable = contexts.window(window)?.navigable();
        Some(contexts.reload(navigable))
    });
    if let Some(steps) = steps {
        run_steps(cx, steps);
    }
    Ok(())
}

/// Whether the window still has its document. Otherwise there is no navigation.
fn is_shown(window: GlobalId, cx: &Context) -> bool {
    with_contexts(cx, |contexts| contexts.window(window).is_some())
}

/// Navigates a window to a URL from script.
fn navigate_to(
    window: GlobalId,
    text: &str,
    history: HistoryHandling,
    cx: &mut Context,
) -> JsResult<()> {
    // 1. If the window is gone, return.
    if !is_shown(window, cx) {
        return Ok(());
    }
    // 2. The URL is relative to the document of the running script.
    let entry = realm::entry(cx);
    let url = with_contexts(cx, |contexts| {
        let document = contexts.window(entry?)?.document();
        contexts.parse_url(document, text).ok()
    });
    // 3. Text that is not a URL is refused.
    let Some(url) = url else {
        let message = format!("{text:?} is not a URL.");
        return Err(exception::throw("SyntaxError", &message, cx));
    };
    // 4. Navigate to the URL.
    location_object_navigate(window, url, history, cx)
}

/// Whether the documents of two windows are same origin-domain.
fn is_same_origin_domain(source: Option<GlobalId>, target: GlobalId, cx: &Context) -> bool {
    with_contexts(cx, |contexts| {
        let source = source.and_then(|source| contexts.origin_of_global(source));
        let target = contexts.origin_of_global(target);
        match (source, target) {
            (Some(source), Some(target)) => source.same_origin_domain(target),
            _ => true,
        }
    })
}

/// [Location-object navigate](https://html.spec.whatwg.org/multipage/nav-history-apis.html#location-object-navigate)
fn location_object_navigate(
    window: GlobalId,
    url: Url,
    mut history: HistoryHandling,
    cx: &mut Context,
) -> JsResult<()> {
    // 2. The source is the document of the incumbent settings object.
    let incumbent = realm::incumbent(cx);
    // IMPLEMENTATION-DEFINED: in the standard the task of a javascript: URL does nothing if the
    // document has another origin. As in browsers, the caller gets an exception.
    if url.scheme() == "javascript" && !is_same_origin_domain(incumbent, window, cx) {
        let message = format!(
            "The current window does not have permission to navigate the target frame to '{url}'."
        );
        return Err(exception::throw("SecurityError", &message, cx));
    }
    let steps = Host::new(cx).with_contexts(|contexts, queues| {
        // 1. Let the navigable be the one of the Location.
        let navigable = contexts.window(window)?.navigable();
        let document = contexts.window(window)?.document();
        // 3. Replace a document that is not loaded yet.
        // IMPLEMENTATION-DEFINED: also one while the load event of its frame is fired, as in browsers.
        if !contexts.is_completely_loaded(document) || contexts.is_iframe_load_in_progress(document)
        {
            history = HistoryHandling::Replace;
        }
        // 4. Navigate, with exceptions.
        let mut params = NavigateParams::new(url).with_history(history);
        if let Some(source) = incumbent.and_then(|window| contexts.window(window)) {
            params = params.by(source.document());
        }
        Some(contexts.navigate_with_exceptions(queues, navigable, params))
    });
    if let Some(steps) = steps {
        let steps = steps.or_throw(cx)?;
        run_steps(cx, steps);
    }
    Ok(())
}
