//! URLs and their queries as the API sees them ([URL, API](https://url.spec.whatwg.org/#api)).

use boa_engine::{Finalize, JsObject, JsResult, Trace};
use url::{ParseError, Url, form_urlencoded};

use super::url_object::UrlData;
use super::url_search_params::URLSearchParamsInit;
use crate::boa::errors::type_error;
use crate::webidl::platform;
use crate::webidl::receiver::receivers;

/// Names and values, in order.
pub(crate) type List = Vec<(String, String)>;

/// The data of a `URLSearchParams`.
#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct ParamsData {
    #[unsafe_ignore_trace]
    pub(super) list: List,
    /// The `URL` whose query object this is.
    pub(super) url: Option<JsObject>,
}

receivers!(ParamsData);

/// [Initialize a URLSearchParams object](https://url.spec.whatwg.org/#urlsearchparams-initialize)
pub(super) fn initialize(init: URLSearchParamsInit) -> JsResult<ParamsData> {
    let list = match init {
        // 1. Convert a sequence of pairs.
        URLSearchParamsInit::Sequence(sequence) => pairs(sequence)?,
        // 2. Convert a record of names and values.
        URLSearchParamsInit::Record(record) => record,
        // 3. Parse a string.
        URLSearchParamsInit::UsvString(text) => parse(text.strip_prefix('?').unwrap_or(&text)),
    };
    Ok(ParamsData { list, url: None })
}

/// The pairs of a sequence of sequences.
pub(crate) fn pairs(sequence: Vec<Vec<String>>) -> JsResult<List> {
    let two = |pair: Vec<String>| <[String; 2]>::try_from(pair).ok().map(|[a, b]| (a, b));
    let pairs = sequence.into_iter().map(two).collect::<Option<List>>();
    pairs.ok_or_else(|| {
        type_error("Each element of the sequence must be a pair of a name and a value.")
    })
}

/// [The application/x-www-form-urlencoded parser](https://url.spec.whatwg.org/#concept-urlencoded-parser)
pub(crate) fn parse(query: &str) -> List {
    form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect()
}

impl ParamsData {
    /// [The application/x-www-form-urlencoded serializer](https://url.spec.whatwg.org/#concept-urlencoded-serializer)
    pub(crate) fn serialize(&self) -> String {
        form_urlencoded::Serializer::new(String::new())
            .extend_pairs(&self.list)
            .finish()
    }
}

/// Sets the list of a query object, without effect on its URL.
pub(crate) fn set_list(params: &JsObject, list: List) {
    platform::with_mut(params, |data: &mut ParamsData| {
        data.list = list;
        Some(())
    });
}

/// Changes the list, and [updates](https://url.spec.whatwg.org/#concept-urlsearchparams-update)
/// the URL whose query object it is.
pub(super) fn change(params: &JsObject, change: impl FnOnce(&mut List)) -> JsResult<()> {
    let of_url = platform::write(params, |data: &mut ParamsData| {
        change(&mut data.list);
        let url = data.url.clone();
        url.map(|url| (url, data.serialize()))
    })?;
    of_url.map_or(Ok(()), |(url, query)| set_query(&url, &query))
}

/// [API URL parser](https://url.spec.whatwg.org/#api-url-parser)
pub(super) fn api_url_parser(url: &str, base: Option<String>) -> Result<Url, ParseError> {
    let base = base.map(|base| Url::parse(&base)).transpose()?;
    Url::options().base_url(base.as_ref()).parse(url)
}

/// The query as a list.
pub(super) fn query_list(object: &JsObject) -> JsResult<List> {
    let parse = |url: &UrlData| parse(url.0.query().unwrap_or_default());
    platform::read(object, parse)
}

/// Updates the list of the query object from the query.
pub(super) fn refresh_query_object(object: &JsObject) -> JsResult<()> {
    if let Some(query) = platform::held_companion(object, "searchParams") {
        set_list(&query, query_list(object)?);
    }
    Ok(())
}

/// [Update](https://url.spec.whatwg.org/#concept-urlsearchparams-update) for the URL: its query becomes the
/// serialized list of the query object.
pub(crate) fn set_query(object: &JsObject, serialized: &str) -> JsResult<()> {
    platform::write(object, |url: &mut UrlData| {
        url.0
            .set_query((!serialized.is_empty()).then_some(serialized));
    })
}
