//! Strings of Boa as strings of Rust.

use std::borrow::Cow;

use boa_engine::JsString;
use boa_engine::string::JsStrVariant;

/// The text of a string. Lone surrogates become U+FFFD.
///
/// OPTIMIZATION: most names are ASCII, which needs no copy.
pub(crate) fn text_of(string: &JsString) -> Cow<'_, str> {
    if let JsStrVariant::Latin1(bytes) = string.variant()
        && bytes.is_ascii()
        && let Ok(text) = std::str::from_utf8(bytes)
    {
        return Cow::Borrowed(text);
    }
    Cow::Owned(string.to_std_string_lossy())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_the_same_borrowed_and_owned() {
        let lone = JsString::from(&[0x61, 0xd800][..]);
        for string in ["", "message", "été", "日本語"].map(JsString::from) {
            assert_eq!(text_of(&string), string.to_std_string_lossy());
        }
        assert_eq!(text_of(&lone), lone.to_std_string_lossy());
        let ascii = JsString::from("message");
        assert!(matches!(text_of(&ascii), Cow::Borrowed(_)));
    }
}
