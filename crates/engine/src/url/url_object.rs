//! `URL` ([URL, URL class](https://url.spec.whatwg.org/#url-class)), by the `url` crate.

use boa_engine::{Context, Finalize, JsError, JsObject, JsResult, Trace};
use url::{ParseError, Url, quirks};

use super::query::{api_url_parser, query_list, refresh_query_object};
use super::url_search_params;
use crate::boa::errors::type_error;
use crate::webidl::{create_here, interface, platform};

/// The data of a `URL`. Its query object is a companion of the object.
#[derive(Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct UrlData(#[unsafe_ignore_trace] pub(super) Url);

impl UrlData {
    pub(crate) fn url(&self) -> &Url {
        &self.0
    }
}

// An invalid value does not change the URL: the results of setters are ignored.
interface! {
    /// The `URL` interface.
    [Exposed=*, LegacyWindowAlias=webkitURL]
    interface URL(UrlData) {
        constructor(USVString url, optional USVString base) = |url, base| construct(&url, base);
        static URL? parse(USVString url, optional USVString base) =
            |url, base, cx| api_url_parser(&url, base).ok().map(|url| create_here(&URL, UrlData(url), cx));
        static boolean canParse(USVString url, optional USVString base) = |url, base| api_url_parser(&url, base).is_ok();

        stringifier attribute USVString href = |url| url.0.as_str().to_owned(), set_href;
        readonly attribute USVString origin = |url| quirks::origin(&url.0);
        attribute USVString protocol = |url| quirks::protocol(&url.0).to_owned(),
            |url, value| quirks::set_protocol(&mut url.0, &value).ok();
        attribute USVString username = |url| quirks::username(&url.0).to_owned(),
            |url, value| quirks::set_username(&mut url.0, &value).ok();
        attribute USVString password = |url| quirks::password(&url.0).to_owned(),
            |url, value| quirks::set_password(&mut url.0, &value).ok();
        attribute USVString host = |url| quirks::host(&url.0).to_owned(),
            |url, value| quirks::set_host(&mut url.0, &value).ok();
        attribute USVString hostname = |url| quirks::hostname(&url.0).to_owned(),
            |url, value| quirks::set_hostname(&mut url.0, &value).ok();
        attribute USVString port = |url| quirks::port(&url.0).to_owned(),
            |url, value| quirks::set_port(&mut url.0, &value).ok();
        attribute USVString pathname = |url| quirks::pathname(&url.0).to_owned(),
            |url, value| quirks::set_pathname(&mut url.0, &value);
        attribute USVString search = |url| quirks::search(&url.0).to_owned(), set_search;
        [SameObject] readonly attribute URLSearchParams searchParams;
        attribute USVString hash = |url| quirks::hash(&url.0).to_owned(),
            |url, value| quirks::set_hash(&mut url.0, &value);

        USVString toJSON() = |url| url.0.as_str().to_owned();
    }
}

fn invalid(url: &str, error: ParseError) -> JsError {
    let message = format!("Invalid URL '{url}': {error}");
    type_error(message)
}

/// [The constructor](https://url.spec.whatwg.org/#dom-url-url)
fn construct(url: &str, base: Option<String>) -> JsResult<UrlData> {
    let parsed = api_url_parser(url, base).map_err(|error| invalid(url, error))?;
    Ok(UrlData(parsed))
}

/// [The href setter](https://url.spec.whatwg.org/#dom-url-href)
fn set_href(object: &JsObject, value: &str, _: &mut Context) -> JsResult<()> {
    let parsed = Url::parse(value).map_err(|error| invalid(value, error))?;
    platform::write(object, |url: &mut UrlData| url.0 = parsed)?;
    refresh_query_object(object)
}

/// [The search setter](https://url.spec.whatwg.org/#dom-url-search)
fn set_search(object: &JsObject, value: &str, _: &mut Context) -> JsResult<()> {
    platform::write(object, |url: &mut UrlData| {
        quirks::set_search(&mut url.0, value);
    })?;
    refresh_query_object(object)
}

/// The query object.
///
/// OPTIMIZATION: it is created on first use; before that, its absence cannot be observed.
fn search_params(object: &JsObject, cx: &mut Context) -> JsResult<JsObject> {
    Ok(url_search_params::create(query_list(object)?, object, cx))
}
