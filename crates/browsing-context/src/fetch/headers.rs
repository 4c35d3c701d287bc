//! Header lists ([Fetch, headers](https://fetch.spec.whatwg.org/#terminology-headers)): which headers a page may set
//! and read.
//!
//! Names compare without regard to ASCII case. Values are isomorphic decoded: one character for each byte.

/// A [header list](https://fetch.spec.whatwg.org/#concept-header-list): names and values, in order.
pub type HeaderList = Vec<(String, String)>;

/// Whether this is a [header name](https://fetch.spec.whatwg.org/#header-name).
#[must_use]
pub fn is_header_name(name: &str) -> bool {
    let token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    !name.is_empty() && name.chars().all(token)
}

/// Whether this is a [header value](https://fetch.spec.whatwg.org/#header-value).
#[must_use]
pub fn is_header_value(value: &str) -> bool {
    !value.contains(['\0', '\n', '\r']) && value.trim_matches(['\t', ' ']).len() == value.len()
}

/// [Normalize](https://fetch.spec.whatwg.org/#concept-header-value-normalize) a value.
#[must_use]
pub fn normalize_value(value: &str) -> &str {
    value.trim_matches(['\t', '\n', '\r', ' '])
}

/// [Get](https://fetch.spec.whatwg.org/#concept-header-list-get) the combined value of a header.
#[must_use]
pub fn get(headers: &[(String, String)], name: &str) -> Option<String> {
    let found = headers
        .iter()
        .filter(|(held, _)| held.eq_ignore_ascii_case(name));
    let values: Vec<&str> = found.map(|(_, value)| value.as_str()).collect();
    (!values.is_empty()).then(|| values.join(", "))
}

/// Whether there is a header of this name.
#[must_use]
pub fn contains(headers: &[(String, String)], name: &str) -> bool {
    headers
        .iter()
        .any(|(held, _)| held.eq_ignore_ascii_case(name))
}

/// [Extract header list values](https://fetch.spec.whatwg.org/#extract-header-list-values) of a header whose values
/// are tokens. `None` without the header, and an error if one of its values is malformed.
pub(super) fn tokens(headers: &[(String, String)], name: &str) -> Option<Result<Vec<String>, ()>> {
    let value = get(headers, name)?;
    let tokens = value.split(',').map(str::trim_ascii);
    let tokens = tokens.filter(|token| !token.is_empty());
    let tokens = tokens.map(|token| is_header_name(token).then(|| token.to_owned()).ok_or(()));
    Some(tokens.collect())
}

/// [Forbidden request-header](https://fetch.spec.whatwg.org/#forbidden-request-header): one that only the user agent
/// may set.
#[must_use]
pub fn is_forbidden_request_header(name: &str, value: &str) -> bool {
    const NAMES: &[&str] = &[
        "accept-charset",
        "accept-encoding",
        "access-control-request-headers",
        "access-control-request-method",
        "connection",
        "content-length",
        "cookie",
        "cookie2",
        "date",
        "dnt",
        "expect",
        "host",
        "keep-alive",
        "origin",
        "referer",
        "set-cookie",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "via",
    ];
    let name = name.to_ascii_lowercase();
    // 1. and 2. Some names are forbidden, and those of the user agent.
    if NAMES.contains(&name.as_str()) || name.starts_with("proxy-") || name.starts_with("sec-") {
        return true;
    }
    // 3. Others would replace the method.
    let replaces = [
        "x-http-method",
        "x-http-method-override",
        "x-method-override",
    ];
    replaces.contains(&name.as_str())
        && value
            .split(',')
            .any(|method| is_forbidden_method(method.trim_ascii()))
}

/// [Forbidden response-header name](https://fetch.spec.whatwg.org/#forbidden-response-header-name)
#[must_use]
pub fn is_forbidden_response_header_name(name: &str) -> bool {
    ["set-cookie", "set-cookie2"]
        .iter()
        .any(|forbidden| name.eq_ignore_ascii_case(forbidden))
}

/// [CORS-safelisted response-header name](https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name), apart
/// from those that the response exposes.
pub(super) fn is_cors_safelisted_response_header_name(name: &str) -> bool {
    const NAMES: &[&str] = &[
        "cache-control",
        "content-language",
        "content-length",
        "content-type",
        "expires",
        "last-modified",
        "pragma",
    ];
    NAMES.iter().any(|safe| name.eq_ignore_ascii_case(safe))
}

/// [CORS-safelisted method](https://fetch.spec.whatwg.org/#cors-safelisted-method)
#[must_use]
pub fn is_cors_safelisted_method(method: &str) -> bool {
    matches!(method, "GET" | "HEAD" | "POST")
}

/// [Forbidden method](https://fetch.spec.whatwg.org/#forbidden-method)
#[must_use]
pub fn is_forbidden_method(method: &str) -> bool {
    ["CONNECT", "TRACE", "TRACK"]
        .iter()
        .any(|forbidden| method.eq_ignore_ascii_case(forbidden))
}

/// [Normalize](https://fetch.spec.whatwg.org/#concept-method-normalize) a method: some names are in upper case.
#[must_use]
pub fn normalize_method(method: &str) -> String {
    const NAMES: &[&str] = &["DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"];
    let known = NAMES.iter().find(|name| name.eq_ignore_ascii_case(method));
    known.map_or(method, |name| *name).to_owned()
}

/// [CORS-unsafe request-header byte](https://fetch.spec.whatwg.org/#cors-unsafe-request-header-byte)
fn is_unsafe(c: char) -> bool {
    (c < ' ' && c != '\t') || "\"():<>?@[\\]{}\x7f".contains(c)
}

/// [CORS-safelisted request-header](https://fetch.spec.whatwg.org/#cors-safelisted-request-header)
#[must_use]
pub fn is_cors_safelisted_request_header(name: &str, value: &str) -> bool {
    // 1. Long values are unsafe.
    if value.chars().count() > 128 {
        return false;
    }
    // 2. Decide by name.
    match name.to_ascii_lowercase().as_str() {
        "accept" => !value.contains(is_unsafe),
        "accept-language" | "content-language" => value
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || " *,-.;=".contains(c)),
        "content-type" => {
            if value.contains(is_unsafe) {
                return false;
            }
            let essence = super::MimeType::parse(value).map(|mime| mime.essence);
            let safe = [
                "application/x-www-form-urlencoded",
                "multipart/form-data",
                "text/plain",
            ];
            essence.is_some_and(|essence| safe.contains(&essence.as_str()))
        }
        "range" => matches!(single_range(value), Some((Some(_), _))),
        _ => false,
    }
}

/// [Parse a single range header value](https://fetch.spec.whatwg.org/#simple-range-header-value), without white space:
/// its start and its end.
pub(super) fn single_range(value: &str) -> Option<(Option<u64>, Option<u64>)> {
    let (start, end) = value.strip_prefix("bytes=")?.split_once('-')?;
    let number = |digits: &str| match digits {
        "" => Some(None),
        _ if digits.bytes().all(|byte| byte.is_ascii_digit()) => digits.parse().ok().map(Some),
        _ => None,
    };
    let (start, end) = (number(start)?, number(end)?);
    match (start, end) {
        (None, None) => None,
        (Some(start), Some(end)) if start > end => None,
        range => Some(range),
    }
}

/// [CORS-unsafe request-header names](https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names), in lower case
/// and sorted.
#[must_use]
pub fn cors_unsafe_request_header_names(headers: &[(String, String)]) -> Vec<String> {
    // 1. to 3. Collect the unsafe and the potentially unsafe ones.
    let mut names = Vec::new();
    let mut potentially = Vec::new();
    let mut size = 0;
    // 4. Sort them.
    for (name, value) in headers {
        if is_cors_safelisted_request_header(name, value) {
            potentially.push(name.to_ascii_lowercase());
            size += value.chars().count();
        } else {
            names.push(name.to_ascii_lowercase());
        }
    }
    // 5. Many safe values together are unsafe.
    if size > 1024 {
        names.append(&mut potentially);
    }
    // 6. Return them without repetition.
    names.sort_unstable();
    names.dedup();
    names
}

/// [No-CORS-safelisted request-header name](https://fetch.spec.whatwg.org/#no-cors-safelisted-request-header-name)
#[must_use]
pub fn is_no_cors_safelisted_request_header_name(name: &str) -> bool {
    let names = [
        "accept",
        "accept-language",
        "content-language",
        "content-type",
    ];
    names.iter().any(|safe| name.eq_ignore_ascii_case(safe))
}

/// [No-CORS-safelisted request-header](https://fetch.spec.whatwg.org/#no-cors-safelisted-request-header)
#[must_use]
pub fn is_no_cors_safelisted_request_header(name: &str, value: &str) -> bool {
    is_no_cors_safelisted_request_header_name(name)
        && is_cors_safelisted_request_header(name, value)
}

/// [Extract a MIME type](https://fetch.spec.whatwg.org/#concept-header-extract-mime-type) from a header list, as
/// serialized.
#[must_use]
pub fn extract_mime_type(headers: &[(String, String)]) -> Option<String> {
    let value = get(headers, "content-type")?;
    let mut charset: Option<String> = None;
    let mut found: Option<data_url::mime::Mime> = None;
    // 1. to 6. The last valid value counts, and inherits the charset of an equal type before it.
    for part in split_quoted(&value) {
        let Ok(mut mime) = part.parse::<data_url::mime::Mime>() else {
            continue;
        };
        if mime.type_ == "*" && mime.subtype == "*" {
            continue;
        }
        let essence = |mime: &data_url::mime::Mime| format!("{}/{}", mime.type_, mime.subtype);
        let own = mime.get_parameter("charset").map(str::to_owned);
        let is_other = found.as_ref().map(&essence) != Some(essence(&mime));
        if is_other || own.is_some() {
            charset = own;
        } else if let Some(charset) = &charset {
            mime.parameters
                .push(("charset".to_owned(), charset.clone()));
        }
        found = Some(mime);
    }
    // 7. and 8. Return it, if there is one.
    found.map(|mime| mime.to_string())
}

/// [Get, decode, and split](https://fetch.spec.whatwg.org/#header-value-get-decode-and-split): the parts between
/// commas outside quotes.
fn split_quoted(value: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut quoted, mut escaped) = (0, false, false);
    for (at, c) in value.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            ',' if !quoted => {
                parts.push(value[start..at].trim_matches(['\t', ' ']));
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(value[start..].trim_matches(['\t', ' ']));
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(pairs: &[(&str, &str)]) -> HeaderList {
        let owned = pairs
            .iter()
            .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()));
        owned.collect()
    }

    #[test]
    fn safelisted_request_headers_need_no_preflight() {
        let safe = is_cors_safelisted_request_header;
        assert!(safe("Accept", "*/*") && !safe("Accept", "\""));
        assert!(safe("Content-Type", "text/plain;charset=utf-8"));
        assert!(!safe("Content-Type", "application/json") && !safe("X-Own", "1"));
        assert!(safe("Range", "bytes=1-") && !safe("Range", "bytes=-1"));
        assert!(!safe("Accept-Language", &"a".repeat(129)));
        let many = (0..9).map(|_| ("Accept".to_owned(), "a".repeat(128)));
        let mut headers: HeaderList = many.collect();
        assert_eq!(cors_unsafe_request_header_names(&headers), ["accept"]);
        headers.truncate(8);
        headers.push(("X-B".to_owned(), String::new()));
        headers.push(("X-A".to_owned(), String::new()));
        assert_eq!(cors_unsafe_request_header_names(&headers), ["x-a", "x-b"]);
    }

    #[test]
    fn only_the_user_agent_sets_forbidden_headers() {
        for name in ["Host", "COOKIE", "Sec-Fetch-Mode", "proxy-x"] {
            assert!(is_forbidden_request_header(name, ""), "{name}");
        }
        assert!(is_forbidden_request_header("X-HTTP-Method", "GET, track"));
        assert!(!is_forbidden_request_header("X-HTTP-Method", "GET"));
        assert!(!is_forbidden_request_header("Authorization", ""));
    }

    #[test]
    fn the_last_valid_mime_type_counts() {
        let of = |values: &[&str]| {
            let pairs: Vec<_> = values
                .iter()
                .map(|value| ("Content-Type", *value))
                .collect();
            extract_mime_type(&list(&pairs))
        };
        assert_eq!(of(&[]), None);
        assert_eq!(of(&["text/html, x"]).as_deref(), Some("text/html"));
        let values = ["text/html;charset=gbk", "text/html;x=\",\""];
        let expected = "text/html;x=\",\";charset=gbk";
        assert_eq!(of(&values).as_deref(), Some(expected));
        let values = ["text/html;charset=gbk", "text/plain"];
        assert_eq!(of(&values).as_deref(), Some("text/plain"));
    }
}
