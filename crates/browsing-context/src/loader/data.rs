//! `data:` URLs ([Fetch, data: URLs](https://fetch.spec.whatwg.org/#data-urls)), which contain their own resource.

use url::Url;

use crate::fetch::{LoadError, Response};

/// The response that a `data:` URL contains.
///
/// # Errors
/// [`LoadError::UnsupportedScheme`] for other URLs, [`LoadError::Failed`] for malformed ones.
pub fn data_url_response(url: &Url) -> Result<Response, LoadError> {
    let failed = |message: &str| LoadError::Failed {
        url: url.to_string(),
        message: message.to_owned(),
    };
    let data = data_url::DataUrl::process(url.as_str()).map_err(|error| match error {
        data_url::DataUrlError::NotADataUrl => LoadError::UnsupportedScheme {
            url: url.to_string(),
        },
        data_url::DataUrlError::NoComma => failed("it has no comma"),
    })?;
    let (body, _) = data
        .decode_to_vec()
        .map_err(|_| failed("its base64 is invalid"))?;
    Ok(Response::new(
        url.clone(),
        data.mime_type().to_string(),
        body,
    ))
}

/// [Percent-decode](https://url.spec.whatwg.org/#percent-decode), then
/// [UTF-8 decode without BOM](https://encoding.spec.whatwg.org/#utf-8-decode-without-bom).
pub(crate) fn percent_decode_lossy(input: &str) -> String {
    let bytes = input.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut i = 0;
    while i < bytes.len() {
        let digits = bytes.get(i + 1..i + 3).filter(|_| bytes[i] == b'%');
        let value = digits.and_then(|digits| {
            let high = char::from(digits[0]).to_digit(16)?;
            let low = char::from(digits[1]).to_digit(16)?;
            u8::try_from(high * 16 + low).ok()
        });
        match value {
            Some(value) => {
                out.push(value);
                i += 3;
            }
            None => {
                out.push(bytes[i]);
                i += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_urls_are_decoded() {
        let url = Url::parse("data:text/html;charset=utf-8,%3Cp>x").unwrap();
        let response = data_url_response(&url).unwrap();
        assert_eq!(response.body, b"<p>x");
        assert_eq!(
            response.content_type.as_deref(),
            Some("text/html;charset=utf-8")
        );
        let url = Url::parse("data:;base64,eA==").unwrap();
        assert_eq!(data_url_response(&url).unwrap().body, b"x");
        for bad in ["data:x", "data:;base64,e", "http://x/"] {
            assert!(
                data_url_response(&Url::parse(bad).unwrap()).is_err(),
                "{bad}"
            );
        }
    }

    #[test]
    fn percent_encoded_bytes_are_decoded() {
        assert_eq!(percent_decode_lossy("a%20%C3%A9%zz%4"), "a é%zz%4");
    }
}
