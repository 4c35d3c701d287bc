//! `URLSearchParams` ([URL, URLSearchParams class](https://url.spec.whatwg.org/#interface-urlsearchparams)).

use boa_engine::{Context, JsObject};

use super::query::{List, ParamsData, change, initialize};
use crate::webidl::{create_here, interface};

interface! {
    /// The `URLSearchParams` interface.
    [Exposed=*]
    interface URLSearchParams(ParamsData) {
        constructor(optional URLSearchParamsInit init = "") = |init| initialize(init);
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

/// Creates the query object of a `URL`.
pub(crate) fn create(list: List, url: &JsObject, cx: &mut Context) -> JsObject {
    let url = Some(url.clone());
    create_here(&URL_SEARCH_PARAMS, ParamsData { list, url }, cx)
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
