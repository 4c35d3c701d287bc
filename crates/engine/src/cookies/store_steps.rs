//! The methods of `CookieStore`
//! ([Cookie Store API, algorithms](https://cookiestore.spec.whatwg.org/#algorithms)).

use core::time::Duration;

use boa_engine::object::builtins::JsArray;
use boa_engine::{Context, JsObject, JsResult, JsString, JsValue, js_string};
use framepost_browsing_context::cookies::{self, Cookie, CookieContext, SameSite};
use framepost_browsing_context::equals_excluding_fragments;
use framepost_event_loop::{GlobalId, TaskSource};

use super::jar;
use super::store::{CookieInit, CookieSameSite, CookieStoreDeleteOptions, CookieStoreGetOptions};
use crate::boa::errors::type_error;
use crate::script::{settlement, with_contexts};
use crate::webidl::exception::OrThrow;
use crate::webidl::{exception, platform};

/// The window of a store, and the context of its cookies: steps 1 to 4 of each method.
fn context_of(store: &JsObject, cx: &mut Context) -> JsResult<(GlobalId, CookieContext)> {
    let window = platform::relevant_global(store).ok_or_else(platform::illegal_invocation)?;
    let context = with_contexts(cx, |contexts| match contexts.window(window) {
        Some(held) => contexts.cookie_context_of_document(held.document()),
        None => Ok(None),
    });
    // 3. An opaque origin has no cookies. A document without an http(s) URL has none either.
    let refused = "a document without cookies has no cookie store";
    match context.or_throw(cx)? {
        Some(context) => Ok((window, context)),
        None => Err(exception::throw("SecurityError", refused, cx)),
    }
}

fn resolved(value: impl Into<JsValue>, cx: &mut Context) -> JsValue {
    settlement::resolve_in_parallel(cx, TaskSource::DomManipulation, value)
}

/// [Create a `CookieListItem`](https://cookiestore.spec.whatwg.org/#create-a-cookielistitem). Deleted cookies have no
/// value.
pub(super) fn create_a_cookie_list_item(
    cookie: &Cookie,
    has_value: bool,
    cx: &mut Context,
) -> JsResult<JsObject> {
    let item = JsObject::with_object_proto(cx.intrinsics());
    // 1. The name.
    let name = JsString::from(cookie.name.as_str());
    item.create_data_property_or_throw(js_string!("name"), name, cx)?;
    // 2. The value.
    if has_value {
        let value = JsString::from(cookie.value.as_str());
        item.create_data_property_or_throw(js_string!("value"), value, cx)?;
    }
    // 3. Return the item.
    Ok(item)
}

/// [Query cookies](https://cookiestore.spec.whatwg.org/#query-cookies)
fn query_cookies(
    context: &CookieContext,
    name: Option<&str>,
    cx: &mut Context,
) -> JsResult<Vec<JsObject>> {
    // 1. and 2. Retrieve the cookies that script sees.
    // 3. Keep those with the name (3.2.).
    let now = jar::now(cx);
    let name = name.map(normalized);
    let found: Vec<Cookie> = with_contexts(cx, |contexts| {
        let found = contexts.cookies().retrieve(context, now).into_iter();
        let named = found.filter(|cookie| name.is_none_or(|name| cookie.name == name));
        named.cloned().collect()
    });
    // 3.3. to 4. Return their items.
    found
        .iter()
        .map(|cookie| create_a_cookie_list_item(cookie, true, cx))
        .collect()
}

/// Checks the URL of the options: in a window it is the window's own. It is step 6 of `get()`, and 5 of `getAll()`.
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
    // 1. to 4. The origin has cookies.
    let (window, context) = context_of(store, cx)?;
    // 5. The options are not empty.
    if options.name.is_none() && options.url.is_none() {
        return Err(type_error("the options have neither a name nor a URL"));
    }
    // 6. The URL is that of the window.
    check_url(window, options.url.as_deref(), cx)?;
    // 7. to 9. Resolve a promise with the first cookie.
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
    // 1. to 4. The origin has cookies.
    let (window, context) = context_of(store, cx)?;
    // 5. The URL is that of the window.
    check_url(window, options.url.as_deref(), cx)?;
    // 6. to 8. Resolve a promise with the cookies.
    let found = query_cookies(&context, options.name.as_deref(), cx)?;
    let found = found.into_iter().map(JsValue::from);
    let array = JsArray::from_iter(found, cx);
    Ok(resolved(JsObject::from(array), cx))
}

fn normalized(text: &str) -> &str {
    text.trim_matches([' ', '\t'])
}

/// Sets a cookie; a refused one is a `TypeError`.
fn store_cookie(context: &CookieContext, init: CookieInit, cx: &mut Context) -> JsResult<JsValue> {
    let mut cookie = cookies::CookieInit::new(init.name, init.value);
    cookie.expires = init.expires.map(|at| {
        let seconds = (at / 1000.0).max(0.0);
        Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX)
    });
    cookie.domain = init.domain;
    cookie.path = init.path;
    cookie.same_site = match init.same_site {
        CookieSameSite::Strict => SameSite::Strict,
        CookieSameSite::Lax => SameSite::Lax,
        CookieSameSite::None => SameSite::None,
    };
    cookie.is_partitioned = init.partitioned;
    let set = jar::set_a_cookie(cx, context, &cookie);
    set.map_err(|error| type_error(error.to_string()))?;
    Ok(resolved(JsValue::undefined(), cx))
}

/// [`set()`](https://cookiestore.spec.whatwg.org/#dom-cookiestore-set)
pub(super) fn set(store: &JsObject, init: CookieInit, cx: &mut Context) -> JsResult<JsValue> {
    // 1. to 4. The origin has cookies.
    let (_, context) = context_of(store, cx)?;
    // 5. to 7. Set the cookie, and settle a promise.
    store_cookie(&context, init, cx)
}

/// [`delete()`](https://cookiestore.spec.whatwg.org/#dom-cookiestore-delete)
/// ([delete a cookie](https://cookiestore.spec.whatwg.org/#delete-a-cookie))
pub(super) fn delete(
    store: &JsObject,
    options: CookieStoreDeleteOptions,
    cx: &mut Context,
) -> JsResult<JsValue> {
    let (_, context) = context_of(store, cx)?;
    // The numbers are those of "delete a cookie".
    // 1. to 3. A cookie that has expired; without a name it needs a value.
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
    store_cookie(&context, init, cx)
}
