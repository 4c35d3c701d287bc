//! `Headers` ([Fetch, Headers class](https://fetch.spec.whatwg.org/#headers-class)).

use boa_engine::{Context, JsNativeError, JsObject, JsResult, JsValue};

use crate::url::url_search_params;
use crate::url::url_search_params::List;
use crate::webidl::convert::{argument, js_str, js_str_or_null, optional};
use crate::webidl::pair_iterator_old::{PairIterable, PairMembers};
use crate::webidl::platform;
use crate::webidl::{self, Interface, Iterable, Member, NewTarget};

/// A [header list](https://fetch.spec.whatwg.org/#concept-header-list) with its guard.
///
/// Names keep the case they were given; values are isomorphic decoded.
#[derive(Clone, Debug, Default, boa_engine::Trace, boa_engine::Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct HeadersData {
    #[unsafe_ignore_trace]
    list: List,
    #[unsafe_ignore_trace]
    guard: Guard,
}

/// A [headers guard](https://fetch.spec.whatwg.org/#concept-headers-guard).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Guard {
    /// Nothing is refused.
    #[default]
    None,
    /// Of a response that script has made.
    Response,
    /// Nothing may be changed.
    Immutable,
}

/// The `Headers` interface.
pub(crate) static HEADERS: Interface = Interface {
    constructor: Some((0, construct)),
    members: &[
        &[
            Member::Operation("append", 2, append),
            Member::Operation("delete", 1, delete),
            Member::Operation("get", 1, |this, args, ctx| {
                let name = name(&argument(args, 0), ctx)?;
                with(this, |data| js_str_or_null(data.get(&name)))
            }),
            Member::Operation("getSetCookie", 0, |this, _, ctx| {
                let all: Vec<JsValue> = with(this, |data| {
                    let cookies = data.list.iter().filter(|pair| is(pair, SET_COOKIE));
                    cookies.map(|(_, value)| js_str(value)).collect()
                })?;
                Ok(boa_engine::object::builtins::JsArray::from_iter(all, ctx).into())
            }),
            Member::Operation("has", 1, |this, args, ctx| {
                let name = name(&argument(args, 0), ctx)?;
                with(this, |data| {
                    data.list.iter().any(|pair| is(pair, &name)).into()
                })
            }),
            Member::Operation("set", 2, set),
        ],
        PairMembers::<Headers>::MEMBERS,
    ],
    iterable: Iterable::Pairs,
    ..Interface::new("Headers")
};

const SET_COOKIE: &str = "set-cookie";

fn is((held, _): &(String, String), name: &str) -> bool {
    held.eq_ignore_ascii_case(name)
}

impl HeadersData {
    pub(super) fn new(guard: Guard) -> Self {
        Self {
            list: List::new(),
            guard,
        }
    }

    /// [Get](https://fetch.spec.whatwg.org/#concept-header-list-get)
    pub(super) fn get(&self, name: &str) -> Option<String> {
        let values = self.list.iter().filter(|pair| is(pair, name));
        let values: Vec<&str> = values.map(|(_, value)| value.as_str()).collect();
        (!values.is_empty()).then(|| values.join(", "))
    }

    /// Adds a header, whatever the guard.
    pub(super) fn push(&mut self, name: &str, value: String) {
        // The name of a header that is there already is kept as it is there.
        let held = self.list.iter().find(|pair| is(pair, name));
        let name = held.map_or_else(|| name.to_owned(), |(held, _)| held.clone());
        self.list.push((name, value));
    }

    pub(super) fn make_immutable(&mut self) {
        self.guard = Guard::Immutable;
    }

    /// [Sort and combine](https://fetch.spec.whatwg.org/#concept-header-list-sort-and-combine)
    fn sort_and_combine(&self) -> List {
        let mut names: Vec<String> = self
            .list
            .iter()
            .map(|(name, _)| name.to_ascii_lowercase())
            .collect();
        names.sort_unstable();
        names.dedup();
        let mut combined = List::new();
        for name in names {
            if name == SET_COOKIE {
                let cookies = self.list.iter().filter(|pair| is(pair, SET_COOKIE));
                combined.extend(cookies.map(|(_, value)| (name.clone(), value.clone())));
            } else if let Some(value) = self.get(&name) {
                combined.push((name, value));
            }
        }
        combined
    }

    /// [Validate](https://fetch.spec.whatwg.org/#headers-validate) as far as the guard goes:
    /// whether the header may be changed.
    fn may_change(&self, name: &str) -> JsResult<bool> {
        match self.guard {
            Guard::None => Ok(true),
            Guard::Response => {
                let forbidden = [SET_COOKIE, "set-cookie2"];
                Ok(!forbidden.iter().any(|held| held.eq_ignore_ascii_case(name)))
            }
            Guard::Immutable => Err(JsNativeError::typ()
                .with_message("these headers are immutable")
                .into()),
        }
    }
}

/// The headers that an object stands for, if it does.
pub(super) fn as_headers(object: &JsObject) -> Option<HeadersData> {
    with(object, Clone::clone).ok()
}

/// Makes a `Headers` in the current realm.
pub(super) fn create(data: HeadersData, ctx: &mut Context) -> JsObject {
    let realm = ctx.realm().clone();
    webidl::create_object(&realm, &HEADERS, data, ctx)
}

fn with<R>(this: &JsObject, read: impl FnOnce(&HeadersData) -> R) -> JsResult<R> {
    platform::with(this, |data: &HeadersData| Some(read(data)))
        .ok_or_else(platform::illegal_invocation)
}

fn change(this: &JsObject, name: &str, write: impl FnOnce(&mut HeadersData)) -> JsResult<JsValue> {
    let changed = platform::with_mut(this, |data: &mut HeadersData| {
        Some(data.may_change(name).map(|may| {
            if may {
                write(data);
            }
        }))
    });
    changed.ok_or_else(platform::illegal_invocation)??;
    Ok(JsValue::undefined())
}

/// The interface, as what has pairs.
enum Headers {}

impl PairIterable for Headers {
    const ITERATORS: &'static str = "Headers Iterator";

    fn pair_at(object: &JsObject, index: usize) -> Option<(String, JsValue)> {
        let pairs = with(object, HeadersData::sort_and_combine).ok()?;
        let (name, value) = pairs.into_iter().nth(index)?;
        Some((name, js_str(value)))
    }
}

/// A [`ByteString`](https://webidl.spec.whatwg.org/#js-ByteString).
pub(super) fn byte_string(value: &JsValue, ctx: &mut Context) -> JsResult<String> {
    let text = value.to_string(ctx)?.to_std_string_lossy();
    if text.chars().all(|c| u32::from(c) < 256) {
        return Ok(text);
    }
    Err(JsNativeError::typ()
        .with_message(format!("{text:?} has a character beyond U+00FF"))
        .into())
}

/// A [header name](https://fetch.spec.whatwg.org/#header-name).
fn name(value: &JsValue, ctx: &mut Context) -> JsResult<String> {
    let name = byte_string(value, ctx)?;
    let token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    if !name.is_empty() && name.chars().all(token) {
        return Ok(name);
    }
    Err(JsNativeError::typ()
        .with_message(format!("{name:?} is not a valid header name"))
        .into())
}

/// A [header value](https://fetch.spec.whatwg.org/#header-value),
/// [normalized](https://fetch.spec.whatwg.org/#concept-header-value-normalize).
fn header_value(value: &JsValue, ctx: &mut Context) -> JsResult<String> {
    let value = byte_string(value, ctx)?;
    let value = value.trim_matches(['\t', '\n', '\r', ' ']);
    if value.contains(['\0', '\n', '\r']) {
        return Err(JsNativeError::typ()
            .with_message(format!("{value:?} is not a valid header value"))
            .into());
    }
    Ok(value.to_owned())
}

/// [Fill](https://fetch.spec.whatwg.org/#concept-headers-fill)
pub(super) fn fill(data: &mut HeadersData, init: &JsValue, ctx: &mut Context) -> JsResult<()> {
    let Some(object) = init.as_object() else {
        return Err(JsNativeError::typ()
            .with_message("the provided headers are neither a sequence nor a record")
            .into());
    };
    for (name_given, value_given) in url_search_params::list_from_object(&object, ctx)? {
        let name = name(&js_str(name_given), ctx)?;
        let value = header_value(&js_str(value_given), ctx)?;
        if data.may_change(&name)? {
            data.push(&name, value);
        }
    }
    Ok(())
}

/// [The constructor](https://fetch.spec.whatwg.org/#dom-headers)
fn construct(target: &NewTarget, args: &[JsValue], ctx: &mut Context) -> JsResult<JsObject> {
    let mut data = HeadersData::default();
    if let Some(init) = optional(args, 0) {
        fill(&mut data, init, ctx)?;
    }
    target.create(data, ctx)
}

/// [append](https://fetch.spec.whatwg.org/#dom-headers-append)
fn append(this: &JsObject, args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let name = name(&argument(args, 0), ctx)?;
    let value = header_value(&argument(args, 1), ctx)?;
    change(this, &name, |data| data.push(&name, value))
}

/// [delete](https://fetch.spec.whatwg.org/#dom-headers-delete)
fn delete(this: &JsObject, args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let name = name(&argument(args, 0), ctx)?;
    change(this, &name, |data| {
        data.list.retain(|pair| !is(pair, &name));
    })
}

/// [set](https://fetch.spec.whatwg.org/#dom-headers-set)
fn set(this: &JsObject, args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let name = name(&argument(args, 0), ctx)?;
    let value = header_value(&argument(args, 1), ctx)?;
    change(this, &name, |data| {
        let mut first = Some(value);
        data.list.retain_mut(|pair| {
            if !is(pair, &name) {
                return true;
            }
            // The first one has the new value, the others go.
            first.take().map(|value| pair.1 = value).is_some()
        });
        if let Some(value) = first {
            data.list.push((name.clone(), value));
        }
    })
}

#[cfg(test)]
mod tests {
    use super::{Guard, HeadersData};

    #[test]
    fn headers_are_sorted_and_combined_but_cookies_are_not() {
        let mut data = HeadersData::new(Guard::Response);
        for (name, value) in [("X-b", "1"), ("Set-Cookie", "c"), ("a", "2"), ("x-B", "3")] {
            data.push(name, value.to_owned());
        }
        data.push("set-cookie", "d".to_owned());
        let pairs = data.sort_and_combine();
        let pairs: Vec<(&str, &str)> = pairs.iter().map(|(a, b)| (&**a, &**b)).collect();
        assert_eq!(
            pairs,
            [
                ("a", "2"),
                ("set-cookie", "c"),
                ("set-cookie", "d"),
                ("x-b", "1, 3")
            ]
        );
        assert_eq!(data.get("SET-COOKIE").as_deref(), Some("c, d"));
    }
}
