//! `URLSearchParams` ([URL, URLSearchParams class](https://url.spec.whatwg.org/#interface-urlsearchparams)).

use boa_engine::{Context, Finalize, JsObject, JsResult, Trace};
use url::form_urlencoded;

use super::url_object;
use crate::boa::errors::type_error;
use crate::webidl::receiver::receivers;
use crate::webidl::{create_here, interface, platform};

/// Names and values, in order.
pub(crate) type List = Vec<(String, String)>;

/// The data of a `URLSearchParams`.
#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct ParamsData {
    #[unsafe_ignore_trace]
    list: List,
    /// The `URL` whose query object this is.
    url: Option<JsObject>,
}

receivers!(ParamsData);

interface! {
    /// The `URLSearchParams` interface.
    [Exposed=*]
    interface URLSearchParams(ParamsData) {
        constructor(optional URLSearchParamsInit init = "") = |init| construct(init);
        readonly attribute unsigned long size = |params| params.list.len();
        undefined append(USVString name, USVString value) =
            |this, name, value, _| change(this, |list| list.push((name, value)));
        undefined delete(USVString name, optional USVString value) =
            |this, name, value, _| change(this, |list| list.retain(|pair| !matches(pair, &name, value.as_ref())));
        USVString? get(USVString name) =
            |params, name| params.list.iter().find(|pair| pair.0 == name).map(|pair| pair.1.clone());
        sequence<USVString> getAll(USVString name) = |params, name| {
            let found = params.list.iter().filter(|pair| pair.0 == name);
            found.map(|pair| pair.1.clone()).collect::<Vec<String>>()
        };
        boolean has(USVString name, optional USVString value) =
            |params, name, value| params.list.iter().any(|pair| matches(pair, &name, value.as_ref()));
        undefined set(USVString name, USVString value) =
            |this, name, value, _| change(this, |list| set(list, name, value));
        undefined sort() =
            |this, _| change(this, |list| list.sort_by(|a, b| a.0.encode_utf16().cmp(b.0.encode_utf16())));

        stringifier = |params| params.serialize();
        iterable<USVString, USVString> = |params, index| params.list.get(index).cloned();
    }

    typedef (sequence<sequence<USVString>> or record<USVString, USVString> or USVString) URLSearchParamsInit;
}

/// [Initialize a URLSearchParams object](https://url.spec.whatwg.org/#urlsearchparams-initialize)
fn construct(init: URLSearchParamsInit) -> JsResult<ParamsData> {
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

/// Creates the query object of a `URL`.
pub(crate) fn create(list: List, url: &JsObject, cx: &mut Context) -> JsObject {
    let url = Some(url.clone());
    create_here(&URL_SEARCH_PARAMS, ParamsData { list, url }, cx)
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
fn change(params: &JsObject, change: impl FnOnce(&mut List)) -> JsResult<()> {
    let of_url = platform::write(params, |data: &mut ParamsData| {
        change(&mut data.list);
        let url = data.url.clone();
        url.map(|url| (url, data.serialize()))
    })?;
    of_url.map_or(Ok(()), |(url, query)| url_object::set_query(&url, &query))
}

fn matches(pair: &(String, String), name: &str, value: Option<&String>) -> bool {
    pair.0 == name && value.is_none_or(|value| pair.1 == *value)
}

/// [set](https://url.spec.whatwg.org/#dom-urlsearchparams-set)
fn set(list: &mut List, name: String, value: String) {
    // 2. Without such a pair, append one.
    let Some(first) = list.iter().position(|pair| pair.0 == name) else {
        list.push((name, value));
        return;
    };
    // 1. The first such pair gets the value, the others are removed.
    let mut index = 0;
    list.retain(|pair| {
        index += 1;
        index - 1 <= first || pair.0 != name
    });
    if let Some(pair) = list.get_mut(first) {
        pair.1 = value;
    }
}
