//! The methods of `CookieStore`
//! ([Cookie Store API, algorithms](https://cookiestore.spec.whatwg.org/#algorithms)).

use boa_engine::object::builtins::JsArray;
use boa_engine::{Context, JsError, JsObject, JsResult, JsString, JsValue, js_string};
use framepost_browsing_context::cookies::{Cookie, CookieContext};
use framepost_browsing_context::equals_excluding_fragments;
use framepost_event_loop::{GlobalId, TaskSource};

use super::jar;
use super::store::{CookieInit, CookieSameSite, CookieStoreDeleteOptions, CookieStoreGetOptions};
use crate::boa::errors::type_error;
use crate::script::{settlement, with_contexts};
use crate::webidl::exception::OrThrow;
use crate::webidl::{exception, platform};

/// The limit on the bytes of a name and a value together.
const MAX_PAIR: usize = 4096;
/// The limit on the bytes of a path or a domain.
const MAX_ATTRIBUTE: usize = 1024;

/// The window of a store, and the context of its cookies: steps 1 to 4 of each method.
fn context_of(store: &JsObject, cx: &mut Context) -> JsResult<(GlobalId, CookieContext)> {
    let window = platform::relevant_global(store).ok_or_else(platform::illegal_invocation)?;
    let context = with_contexts(cx, |contexts| match contexts.window(window) {
        Some(held) => contexts.cookie_context_of_document(held.document()),
        None => Ok(None),
    });
    // An opaque origin has no cookies, and neither has a document that is not of http(s).
    let refused = "a document without cookies has no cookie store";
    match context.or_throw(cx)? {
        Some(context) => Ok((window, context)),
        None => Err(exception::throw("SecurityError", refused, cx)),
    }
}

fn resolved(value: impl Into<JsValue>, cx: &mut Context) -> JsValue {
    settlement::resolve_in_parallel(cx, TaskSource::DomManipulation, value)
}

/// A `CookieListItem`. Deleted cookies have no value.
pub(super) fn list_item(cookie: &Cookie, has_value: bool, cx: &mut Context) -> JsResult<JsObject> {
    let item = JsObject::with_object_proto(cx.intrinsics());
    let name = JsString::from(cookie.name.as_str());
    item.create_data_property_or_throw(js_string!("name"), name, cx)?;
    if has_value {
        let value = JsString::from(cookie.value.as_str());
        item.create_data_property_or_throw(js_string!("value"), value, cx)?;
    }
    Ok(item)
}

/// [Query cookies](https://cookiestore.spec.whatwg.org/#query-cookies)
fn query_cookies(
    context: &CookieContext,
    name: Option<&str>,
    cx: &mut Context,
) -> JsResult<Vec<JsObject>> {
    let now = jar::now(cx);
    let name = name.map(normalized);
    let found: Vec<Cookie> = with_contexts(cx, |contexts| {
        let found = contexts.cookies().retrieve(context, now).into_iter();
        let named = found.filter(|cookie| name.is_none_or(|name| cookie.name == name));
        named.cloned().collect()
    });
    found
        .iter()
        .map(|cookie| list_item(cookie, true, cx))
        .collect()
}

/// Checks the URL of the options: in a window it is the window's own.
fn check_url(window: GlobalId, url: Option<&str>, cx: &mut Context) -> JsResult<()> {
    let Some(url) = url else { return Ok(()) };
    let matches = with_contexts(cx, |contexts| {
        let parsed = contexts.parse_url_for_global(window, url).ok()?;
        Some(equals_excluding_fragments(
            &parsed,
            contexts.url_of_global(window)?,
        ))
    });
    match matches {
        Some(true) => Ok(()),
        _ => Err(type_error(format!(
            "{url:?} is not the URL of the document"
        ))),
    }
}

/// [`get()`](https://cookiestore.spec.whatwg.org/#dom-cookiestore-get)
pub(super) fn get(
    store: &JsObject,
    options: &CookieStoreGetOptions,
    cx: &mut Context,
) -> JsResult<JsValue> {
    let (window, context) = context_of(store, cx)?;
    if options.name.is_none() && options.url.is_none() {
        return Err(type_error("the options have neither a name nor a URL"));
    }
    check_url(window, options.url.as_deref(), cx)?;
    let found = query_cookies(&context, options.name.as_deref(), cx)?;
    let first = found.into_iter().next();
    Ok(resolved(
        first.map_or_else(JsValue::null, JsValue::from),
        cx,
    ))
}

/// [`getAll()`](https://cookiestore.spec.whatwg.org/#dom-cookiestore-getall)
pub(super) fn get_all(
    store: &JsObject,
    options: &CookieStoreGetOptions,
    cx: &mut Context,
) -> JsResult<JsValue> {
    let (window, context) = context_of(store, cx)?;
    check_url(window, options.url.as_deref(), cx)?;
    let found = query_cookies(&context, options.name.as_deref(), cx)?;
    let found = found.into_iter().map(JsValue::from);
    let array = JsArray::from_iter(found, cx);
    Ok(resolved(JsObject::from(array), cx))
}

fn normalized(text: &str) -> &str {
    text.trim_matches([' ', '\t'])
}

/// [Set a cookie](https://cookiestore.spec.whatwg.org/#set-a-cookie), as the text of a `Set-Cookie` header.
fn set_cookie_text(init: &CookieInit, host: &str, cx: &Context) -> JsResult<String> {
    // 1. and 2. Normalize the name and the value.
    let (name, value) = (normalized(&init.name), normalized(&init.value));
    let refused = |reason: &'static str| -> JsResult<String> { Err(type_error(reason)) };
    // NOT YET: 5.3. and 6. The prefixes of cookies that only HTTP sets.
    // 3. to 9. Check them.
    let is_invalid = |c: char| c == ';' || (c.is_ascii_control() && c != '\t');
    if name.contains(is_invalid) || value.contains(is_invalid) {
        return refused("the name or the value has a semicolon or a control character");
    }
    if name.contains('=') || (name.is_empty() && value.contains('=')) {
        return refused("the name has an equals sign");
    }
    if name.is_empty() && value.is_empty() {
        return refused("the cookie has neither a name nor a value");
    }
    if name.len() + value.len() > MAX_PAIR {
        return refused("the cookie is too long");
    }
    let has_prefix = |text: &str, prefix: &str| {
        let start = text.get(..prefix.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    };
    let is_bound = has_prefix(name, "__Host-");
    let mut text = format!("{name}={value}; Secure");
    // 10. to 12. The domain is the host's or one around it.
    if let Some(domain) = &init.domain {
        let is_around = host == domain || host.ends_with(&format!(".{domain}"));
        if domain.starts_with('.') || is_bound || !is_around || domain.len() > MAX_ATTRIBUTE {
            return refused("the domain does not fit the host or the name");
        }
        text += &format!("; Domain={domain}");
    }
    // 13. and 14. The date becomes an age.
    if let Some(expires) = init.expires {
        let left = expires / 1000.0 - jar::now(cx).as_secs_f64();
        text += &format!("; Max-Age={:.0}", left.clamp(0.0, 1e12).ceil());
    }
    // 15. to 20. The path is absolute.
    let path = &init.path;
    if !path.starts_with('/') || (is_bound && path != "/") {
        return refused("the path does not begin with a slash, or does not fit the name");
    }
    if path.contains(is_invalid) || path.len() > MAX_ATTRIBUTE {
        return refused("the path is too long, or has a semicolon or a control character");
    }
    text += &format!("; Path={path}");
    // 21. to 23. The other attributes.
    text += match init.same_site {
        CookieSameSite::Strict => "; SameSite=Strict",
        CookieSameSite::Lax => "; SameSite=Lax",
        CookieSameSite::None => "; SameSite=None",
    };
    if init.partitioned {
        text += "; Partitioned";
    }
    Ok(text)
}

/// Stores a cookie; a refused one is a `TypeError`: steps 24 and 25 of
/// [set a cookie](https://cookiestore.spec.whatwg.org/#set-a-cookie).
fn store_cookie(
    window: GlobalId,
    context: &CookieContext,
    init: &CookieInit,
    cx: &mut Context,
) -> JsResult<JsValue> {
    let host = with_contexts(cx, |contexts| {
        let origin = contexts.origin_of_global(window)?;
        match origin {
            framepost_browsing_context::Origin::Tuple(tuple) => Some(tuple.host.to_string()),
            framepost_browsing_context::Origin::Opaque(_) => None,
        }
    });
    let text = set_cookie_text(init, &host.unwrap_or_default(), cx)?;
    match jar::set_cookie(cx, context, &text) {
        true => Ok(resolved(JsValue::undefined(), cx)),
        false => Err::<JsValue, JsError>(type_error("the cookie is refused")),
    }
}

/// [`set()`](https://cookiestore.spec.whatwg.org/#dom-cookiestore-set)
pub(super) fn set(store: &JsObject, init: &CookieInit, cx: &mut Context) -> JsResult<JsValue> {
    let (window, context) = context_of(store, cx)?;
    store_cookie(window, &context, init, cx)
}

/// [`delete()`](https://cookiestore.spec.whatwg.org/#dom-cookiestore-delete)
/// ([delete a cookie](https://cookiestore.spec.whatwg.org/#delete-a-cookie))
pub(super) fn delete(
    store: &JsObject,
    options: CookieStoreDeleteOptions,
    cx: &mut Context,
) -> JsResult<JsValue> {
    let (window, context) = context_of(store, cx)?;
    // The numbers are those of "delete a cookie". 1. to 3. A cookie that has expired; without a name it needs a value.
    let value = if normalized(&options.name).is_empty() {
        "x"
    } else {
        ""
    };
    let init = CookieInit {
        name: options.name,
        value: value.to_owned(),
        expires: Some(0.0),
        domain: options.domain,
        path: options.path,
        same_site: CookieSameSite::Strict,
        partitioned: options.partitioned,
    };
    // 4. Set it.
    store_cookie(window, &context, &init, cx)
}
