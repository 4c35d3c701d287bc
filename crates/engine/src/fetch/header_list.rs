//! Header lists ([Fetch, headers](https://fetch.spec.whatwg.org/#terminology-headers)) and their guards.

use boa_engine::{Finalize, JsResult, Trace};

use super::headers::HeadersInit;
use crate::boa::errors::type_error;
use crate::url::query::{self, List};

/// A [header list](https://fetch.spec.whatwg.org/#concept-header-list) with its guard.
///
/// Names keep their original case; values are isomorphic decoded.
#[derive(Clone, Debug, Default, Trace, Finalize)]
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
    /// No change is refused.
    #[default]
    None,
    /// The headers of a response that script created.
    Response,
    /// No change is allowed.
    Immutable,
}

pub(super) const SET_COOKIE: &str = "set-cookie";

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

    /// [Fill](https://fetch.spec.whatwg.org/#concept-headers-fill) new headers.
    pub(super) fn filled(guard: Guard, init: Option<HeadersInit>) -> JsResult<Self> {
        let mut headers = Self::new(guard);
        let pairs = match init {
            None => List::new(),
            Some(HeadersInit::Sequence(sequence)) => query::pairs(sequence)?,
            Some(HeadersInit::Record(record)) => record,
        };
        for (name, value) in pairs {
            headers.append(&name, &value)?;
        }
        Ok(headers)
    }

    /// [Append](https://fetch.spec.whatwg.org/#concept-headers-append)
    pub(super) fn append(&mut self, name: &str, value: &str) -> JsResult<()> {
        // 1. and 2. The name and the normalized value are valid, and the guard allows the change.
        let (name, value) = (validated(name)?, normalized(value)?);
        if self.may_change(name)? {
            // 4. Append.
            self.push(name, value);
        }
        Ok(())
    }

    /// [delete](https://fetch.spec.whatwg.org/#dom-headers-delete)
    pub(super) fn delete(&mut self, name: &str) -> JsResult<()> {
        if self.may_change(validated(name)?)? {
            self.list.retain(|pair| !is(pair, name));
        }
        Ok(())
    }

    /// [set](https://fetch.spec.whatwg.org/#dom-headers-set)
    pub(super) fn set(&mut self, name: &str, value: &str) -> JsResult<()> {
        let (name, value) = (validated(name)?, normalized(value)?);
        if !self.may_change(name)? {
            return Ok(());
        }
        let mut first = Some(value);
        self.list.retain_mut(|pair| {
            if !is(pair, name) {
                return true;
            }
            // The first one gets the new value, the others are removed.
            first.take().map(|value| pair.1 = value).is_some()
        });
        if let Some(value) = first {
            self.list.push((name.to_owned(), value));
        }
        Ok(())
    }

    pub(super) fn contains(&self, name: &str) -> bool {
        self.list.iter().any(|pair| is(pair, name))
    }

    pub(super) fn values(&self, name: &str) -> Vec<String> {
        let found = self.list.iter().filter(|pair| is(pair, name));
        found.map(|(_, value)| value.clone()).collect()
    }

    /// [Get](https://fetch.spec.whatwg.org/#concept-header-list-get)
    pub(super) fn get(&self, name: &str) -> Option<String> {
        let values = self.values(name);
        (!values.is_empty()).then(|| values.join(", "))
    }

    /// Adds a header without checking the guard.
    pub(super) fn push(&mut self, name: &str, value: String) {
        // An existing header keeps the case of its name.
        let held = self.list.iter().find(|pair| is(pair, name));
        let name = held.map_or_else(|| name.to_owned(), |(held, _)| held.clone());
        self.list.push((name, value));
    }

    pub(super) fn make_immutable(&mut self) {
        self.guard = Guard::Immutable;
    }

    /// [Sort and combine](https://fetch.spec.whatwg.org/#concept-header-list-sort-and-combine)
    pub(super) fn sort_and_combine(&self) -> List {
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
                let cookies = self.values(SET_COOKIE).into_iter();
                combined.extend(cookies.map(|value| (name.clone(), value)));
            } else if let Some(value) = self.get(&name) {
                combined.push((name, value));
            }
        }
        combined
    }

    /// [Validate](https://fetch.spec.whatwg.org/#headers-validate) for the guard only: whether the header may be
    /// changed.
    fn may_change(&self, name: &str) -> JsResult<bool> {
        match self.guard {
            Guard::None => Ok(true),
            Guard::Response => {
                let forbidden = [SET_COOKIE, "set-cookie2"];
                Ok(!forbidden.iter().any(|held| held.eq_ignore_ascii_case(name)))
            }
            Guard::Immutable => Err(type_error("these headers are immutable".to_owned())),
        }
    }
}

/// A [header name](https://fetch.spec.whatwg.org/#header-name).
pub(super) fn validated(name: &str) -> JsResult<&str> {
    let token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    if name.is_empty() || !name.chars().all(token) {
        return Err(type_error(format!("{name:?} is not a valid header name")));
    }
    Ok(name)
}

/// A [header value](https://fetch.spec.whatwg.org/#header-value),
/// [normalized](https://fetch.spec.whatwg.org/#concept-header-value-normalize).
fn normalized(value: &str) -> JsResult<String> {
    let value = value.trim_matches(['\t', '\n', '\r', ' ']);
    if value.contains(['\0', '\n', '\r']) {
        return Err(type_error(format!("{value:?} is not a valid header value")));
    }
    Ok(value.to_owned())
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
