//! Header lists ([Fetch, headers](https://fetch.spec.whatwg.org/#terminology-headers)) and their guards.

use boa_engine::{Finalize, JsResult, Trace};
use framepost_browsing_context::fetch::headers;

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
pub(crate) enum Guard {
    /// No change is refused.
    #[default]
    None,
    /// The headers of a request.
    Request,
    /// The headers of a request in the mode `no-cors`.
    RequestNoCors,
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
        Self::of(guard, List::new())
    }

    /// Headers with this list.
    pub(super) fn of(guard: Guard, list: List) -> Self {
        Self { list, guard }
    }

    /// The header list.
    pub(super) fn list(&self) -> &List {
        &self.list
    }

    /// [Fill](https://fetch.spec.whatwg.org/#concept-headers-fill) new headers.
    pub(super) fn filled(guard: Guard, init: Option<HeadersInit>) -> JsResult<Self> {
        let mut headers = Self::new(guard);
        if let Some(init) = init {
            headers.fill(init)?;
        }
        Ok(headers)
    }

    /// [Fill](https://fetch.spec.whatwg.org/#concept-headers-fill)
    pub(super) fn fill(&mut self, init: HeadersInit) -> JsResult<()> {
        let pairs = match init {
            HeadersInit::Sequence(sequence) => query::pairs(sequence)?,
            HeadersInit::Record(record) => record,
        };
        let mut pairs = pairs.iter();
        pairs.try_for_each(|(name, value)| self.append(name, value))
    }

    /// [Append](https://fetch.spec.whatwg.org/#concept-headers-append)
    pub(super) fn append(&mut self, name: &str, value: &str) -> JsResult<()> {
        // 1. and 2. The name and the normalized value are valid, and the guard allows the change.
        let (name, value) = (validated(name)?, normalized(value)?);
        if !self.may_change(name, &value)? {
            return Ok(());
        }
        // 3. Without CORS, the combined value has to be safe.
        if self.guard == Guard::RequestNoCors {
            let combined = match self.get(name) {
                Some(held) => format!("{held}, {value}"),
                None => value.clone(),
            };
            if !headers::is_no_cors_safelisted_request_header(name, &combined) {
                return Ok(());
            }
        }
        // 4. Append.
        self.push(name, value);
        // 5. Remove what the user agent may set.
        self.remove_privileged();
        Ok(())
    }

    /// [delete](https://fetch.spec.whatwg.org/#dom-headers-delete)
    pub(super) fn delete(&mut self, name: &str) -> JsResult<()> {
        // 1. The guard has to allow the change.
        if !self.may_change(validated(name)?, "")? {
            return Ok(());
        }
        // 2. Without CORS, the name has to be safe.
        let is_safe =
            headers::is_no_cors_safelisted_request_header_name(name) || is_privileged(name);
        if self.guard == Guard::RequestNoCors && !is_safe {
            return Ok(());
        }
        // 3. and 4. Delete.
        self.list.retain(|pair| !is(pair, name));
        // 5. Remove what the user agent may set.
        self.remove_privileged();
        Ok(())
    }

    /// [set](https://fetch.spec.whatwg.org/#dom-headers-set)
    pub(super) fn set(&mut self, name: &str, value: &str) -> JsResult<()> {
        // 1. and 2. The name and the normalized value are valid, and the guard allows the change.
        let (name, value) = (validated(name)?, normalized(value)?);
        if !self.may_change(name, &value)? {
            return Ok(());
        }
        // 3. Without CORS, the header has to be safe.
        if self.guard == Guard::RequestNoCors
            && !headers::is_no_cors_safelisted_request_header(name, &value)
        {
            return Ok(());
        }
        // 4. Set it.
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
        // 5. Remove what the user agent may set.
        self.remove_privileged();
        Ok(())
    }

    /// [Remove privileged no-CORS request-headers](https://fetch.spec.whatwg.org/#concept-headers-remove-privileged-no-cors-request-headers)
    fn remove_privileged(&mut self) {
        if self.guard == Guard::RequestNoCors {
            self.list.retain(|(name, _)| !is_privileged(name));
        }
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
    fn may_change(&self, name: &str, value: &str) -> JsResult<bool> {
        match self.guard {
            Guard::None => Ok(true),
            Guard::Request | Guard::RequestNoCors => {
                Ok(!headers::is_forbidden_request_header(name, value))
            }
            Guard::Response => Ok(!headers::is_forbidden_response_header_name(name)),
            Guard::Immutable => Err(type_error("These headers are immutable.".to_owned())),
        }
    }
}

/// [Privileged no-CORS request-header name](https://fetch.spec.whatwg.org/#privileged-no-cors-request-header-name)
fn is_privileged(name: &str) -> bool {
    name.eq_ignore_ascii_case("range")
}

/// A [header name](https://fetch.spec.whatwg.org/#header-name).
pub(super) fn validated(name: &str) -> JsResult<&str> {
    if !headers::is_header_name(name) {
        return Err(type_error(format!("{name:?} is not a valid header name.")));
    }
    Ok(name)
}

/// A [header value](https://fetch.spec.whatwg.org/#header-value),
/// [normalized](https://fetch.spec.whatwg.org/#concept-header-value-normalize).
fn normalized(value: &str) -> JsResult<String> {
    let value = headers::normalize_value(value);
    if !headers::is_header_value(value) {
        return Err(type_error(format!(
            "{value:?} is not a valid header value."
        )));
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
