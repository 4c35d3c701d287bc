//! `URL` ([URL, URL class](https://url.spec.whatwg.org/#url-class)), by the `url` crate.

use boa_engine::{Context, Finalize, JsNativeError, JsObject, JsResult, JsValue, Trace};
use url::{Url, quirks};

use super::url_search_params;
use crate::webidl::convert::{argument, js_str, optional, usv_string};
use crate::webidl::platform;
use crate::webidl::{self, Interface, Member, NewTarget};

/// What a `URL` holds.
#[derive(Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct UrlData {
    #[unsafe_ignore_trace]
    url: Url,
    /// Its query object.
    ///
    /// OPTIMIZATION: it is made when it is first asked for; until then nobody can tell that its
    /// list is the query.
    query_object: Option<JsObject>,
}

/// The `URL` interface.
pub(crate) static URL: Interface = Interface {
    constructor: Some((1, construct)),
    members: &[&[
        Member::Static("parse", 1, parse),
        Member::Static("canParse", 1, can_parse),
        Member::Static(
            "createObjectURL",
            1,
            crate::file::blob_url::create_object_url,
        ),
        Member::Static(
            "revokeObjectURL",
            1,
            crate::file::blob_url::revoke_object_url,
        ),
        Member::Attribute("href", href, Some(set_href)),
        Member::Operation("toString", 0, |this, _, ctx| href(this, ctx)),
        Member::Attribute(
            "origin",
            |this, _| get(this, |url| js_str(quirks::origin(url))),
            None,
        ),
        Member::Named("protocol", "protocol", component, Some(set_component)),
        Member::Named("username", "username", component, Some(set_component)),
        Member::Named("password", "password", component, Some(set_component)),
        Member::Named("host", "host", component, Some(set_component)),
        Member::Named("hostname", "hostname", component, Some(set_component)),
        Member::Named("port", "port", component, Some(set_component)),
        Member::Named("pathname", "pathname", component, Some(set_component)),
        Member::Named("search", "search", component, Some(set_component)),
        Member::Attribute("searchParams", search_params, None),
        Member::Named("hash", "hash", component, Some(set_component)),
        Member::Operation("toJSON", 0, |this, _, ctx| href(this, ctx)),
    ]],
    ..Interface::new("URL")
};

fn get<R>(this: &JsObject, read: impl FnOnce(&Url) -> R) -> JsResult<R> {
    platform::with(this, |data: &UrlData| Some(read(&data.url)))
        .ok_or_else(platform::illegal_invocation)
}

fn change<R>(this: &JsObject, write: impl FnOnce(&mut Url) -> R) -> JsResult<R> {
    platform::with_mut(this, |data: &mut UrlData| Some(write(&mut data.url)))
        .ok_or_else(platform::illegal_invocation)
}

/// [API URL parser](https://url.spec.whatwg.org/#api-url-parser)
fn api_url_parser(url: &str, base: Option<&str>) -> Result<Url, url::ParseError> {
    let base = base.map(Url::parse).transpose()?;
    Url::options().base_url(base.as_ref()).parse(url)
}

fn arguments(args: &[JsValue], ctx: &mut Context) -> JsResult<(String, Option<String>)> {
    let url = usv_string(&argument(args, 0), ctx)?;
    let base = optional(args, 1)
        .map(|base| usv_string(base, ctx))
        .transpose()?;
    Ok((url, base))
}

fn kind(url: Url) -> UrlData {
    UrlData {
        url,
        query_object: None,
    }
}

/// [The constructor](https://url.spec.whatwg.org/#dom-url-url)
fn construct(target: &NewTarget, args: &[JsValue], ctx: &mut Context) -> JsResult<JsObject> {
    let (url, base) = arguments(args, ctx)?;
    let url = api_url_parser(&url, base.as_deref()).map_err(|error| {
        JsNativeError::typ().with_message(format!("Invalid URL '{url}': {error}"))
    })?;
    target.create(kind(url), ctx)
}

/// [parse](https://url.spec.whatwg.org/#dom-url-parse)
fn parse(args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let (url, base) = arguments(args, ctx)?;
    let Ok(url) = api_url_parser(&url, base.as_deref()) else {
        return Ok(JsValue::null());
    };
    let realm = ctx.realm().clone();
    Ok(webidl::create_object(&realm, &URL, kind(url), ctx).into())
}

/// [canParse](https://url.spec.whatwg.org/#dom-url-canparse)
fn can_parse(args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let (url, base) = arguments(args, ctx)?;
    Ok(api_url_parser(&url, base.as_deref()).is_ok().into())
}

fn href(this: &JsObject, _: &mut Context) -> JsResult<JsValue> {
    get(this, |url| js_str(url.as_str()))
}

/// [The href setter](https://url.spec.whatwg.org/#dom-url-href)
fn set_href(this: &JsObject, value: &JsValue, ctx: &mut Context) -> JsResult<()> {
    let value = usv_string(value, ctx)?;
    let url = Url::parse(&value).map_err(|error| {
        JsNativeError::typ().with_message(format!("Invalid URL '{value}': {error}"))
    })?;
    change(this, |held| *held = url)?;
    refresh_query_object(this)
}

fn component(this: &JsObject, name: &'static str, _: &mut Context) -> JsResult<JsValue> {
    get(this, |url| {
        js_str(match name {
            "protocol" => quirks::protocol(url),
            "username" => quirks::username(url),
            "password" => quirks::password(url),
            "host" => quirks::host(url),
            "hostname" => quirks::hostname(url),
            "port" => quirks::port(url),
            "pathname" => quirks::pathname(url),
            "search" => quirks::search(url),
            _ => quirks::hash(url),
        })
    })
}

fn set_component(
    this: &JsObject,
    name: &'static str,
    value: &JsValue,
    ctx: &mut Context,
) -> JsResult<()> {
    let value = usv_string(value, ctx)?;
    change(this, |url| {
        // A value that does not fit leaves the URL as it is.
        let _unchanged = match name {
            "protocol" => quirks::set_protocol(url, &value),
            "username" => quirks::set_username(url, &value),
            "password" => quirks::set_password(url, &value),
            "host" => quirks::set_host(url, &value),
            "hostname" => quirks::set_hostname(url, &value),
            "port" => quirks::set_port(url, &value),
            "pathname" => {
                quirks::set_pathname(url, &value);
                Ok(())
            }
            "search" => {
                quirks::set_search(url, &value);
                Ok(())
            }
            _ => {
                quirks::set_hash(url, &value);
                Ok(())
            }
        };
    })?;
    if name == "search" {
        refresh_query_object(this)
    } else {
        Ok(())
    }
}

fn query_object(this: &JsObject) -> Option<JsObject> {
    platform::with(this, |data: &UrlData| data.query_object.clone())
}

/// Gives the query object the list that the query now is.
fn refresh_query_object(this: &JsObject) -> JsResult<()> {
    let Some(query) = query_object(this) else {
        return Ok(());
    };
    let list = get(this, |url| {
        url_search_params::parse(url.query().unwrap_or_default())
    })?;
    url_search_params::set_list(&query, list);
    Ok(())
}

fn search_params(this: &JsObject, ctx: &mut Context) -> JsResult<JsValue> {
    if let Some(query) = query_object(this) {
        return Ok(query.into());
    }
    let list = get(this, |url| {
        url_search_params::parse(url.query().unwrap_or_default())
    })?;
    let query = url_search_params::create(list, this, ctx);
    platform::with_mut(this, |data: &mut UrlData| {
        data.query_object = Some(query.clone());
        Some(())
    });
    Ok(query.into())
}

/// [Update](https://url.spec.whatwg.org/#concept-urlsearchparams-update) of the URL's side: its
/// query is what the query object's list was serialized to.
pub(crate) fn set_query(this: &JsObject, serialized: &str) -> JsResult<()> {
    change(this, |url| {
        url.set_query((!serialized.is_empty()).then_some(serialized));
    })
}
