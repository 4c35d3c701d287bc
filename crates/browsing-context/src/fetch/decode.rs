//! From bytes to text ([HTML, determining the character encoding](https://html.spec.whatwg.org/multipage/parsing.html#determining-the-character-encoding)).

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::DocumentType;

/// Decoded text and the name of its encoding.
pub(crate) struct Decoded {
    pub(crate) text: String,
    pub(crate) encoding: &'static str,
}

/// The number of bytes that are searched for a declaration.
const PRESCAN: usize = 1024;

/// Decodes by the byte order mark, the given charset, or the declaration in an HTML document.
// IMPLEMENTATION-DEFINED: without any of these, valid UTF-8 is decoded as UTF-8, and other bytes as windows-1252,
// which is the standard's choice for most locales.
pub(crate) fn decode(body: Vec<u8>, charset: Option<&str>, kind: DocumentType) -> Decoded {
    let declared = Encoding::for_bom(&body)
        .map(|(encoding, _)| encoding)
        .or_else(|| charset.and_then(|label| Encoding::for_label(label.as_bytes())))
        .or_else(|| match kind {
            DocumentType::Html => prescan(&body),
            DocumentType::Xml => Some(declared_in_xml(&body)),
            DocumentType::Text | DocumentType::Other => None,
        });
    if declared.is_none_or(|encoding| encoding == UTF_8) && !body.starts_with(b"\xef\xbb\xbf") {
        // OPTIMIZATION: most documents are UTF-8 and need no copy.
        match String::from_utf8(body) {
            Ok(text) => {
                return Decoded {
                    text,
                    encoding: UTF_8.name(),
                };
            }
            Err(error) => {
                return decode_as(declared.unwrap_or(WINDOWS_1252), error.as_bytes());
            }
        }
    }
    decode_as(declared.unwrap_or(WINDOWS_1252), &body)
}

/// Decodes bytes that a script has fetched as text of a MIME type: by the byte order mark, the given charset, or the
/// declaration in XML or HTML. The default is UTF-8.
#[must_use]
pub fn decode_text(bytes: &[u8], charset: Option<&str>, essence: &str) -> String {
    let labelled = charset.and_then(|label| Encoding::for_label(label.as_bytes()));
    let declared = || match essence {
        "text/html" => prescan(bytes),
        "text/xml" => Some(declared_in_xml(bytes)),
        _ => None,
    };
    let encoding = labelled.or_else(declared).unwrap_or(UTF_8);
    decode_as(encoding, bytes).text
}

/// [Decode](https://encoding.spec.whatwg.org/#decode) with a fallback encoding. A byte order mark takes precedence
/// and is removed.
fn decode_as(encoding: &'static Encoding, body: &[u8]) -> Decoded {
    let (text, used, _) = encoding.decode(body);
    Decoded {
        text: text.into_owned(),
        encoding: used.name(),
    }
}

/// Decodes a script
/// ([fetch a classic script](https://html.spec.whatwg.org/multipage/webappapis.html#fetch-a-classic-script)):
/// by the byte order mark, the given charset, or the encoding of its document.
pub(crate) fn decode_script(body: &[u8], charset: Option<&str>, fallback: &'static str) -> String {
    let encoding = charset
        .and_then(|label| Encoding::for_label(label.as_bytes()))
        .or_else(|| Encoding::for_label(fallback.as_bytes()));
    decode_as(encoding.unwrap_or(UTF_8), body).text
}

/// [Prescan a byte stream to determine its encoding](https://html.spec.whatwg.org/multipage/parsing.html#prescan-a-byte-stream-to-determine-its-encoding),
/// for `meta` elements outside comments.
fn prescan(body: &[u8]) -> Option<&'static Encoding> {
    let mut rest = &body[..body.len().min(PRESCAN)];
    while let Some(start) = rest.iter().position(|byte| *byte == b'<') {
        rest = &rest[start..];
        if rest.starts_with(b"<!--") {
            let end = find(&rest[2..], b"-->")?;
            rest = &rest[2 + end + 3..];
            continue;
        }
        let is_meta = rest.len() > 5
            && rest[1..5].eq_ignore_ascii_case(b"meta")
            && (rest[5].is_ascii_whitespace() || rest[5] == b'/');
        if is_meta {
            let end = rest
                .iter()
                .position(|byte| *byte == b'>')
                .unwrap_or(rest.len());
            if let Some(encoding) = encoding_of_meta(&rest[5..end]) {
                return Some(encoding);
            }
            rest = &rest[end..];
        } else {
            rest = &rest[1..];
        }
    }
    None
}

/// The encoding that an [XML declaration](https://www.w3.org/TR/xml/#NT-EncodingDecl) names, or UTF-8.
fn declared_in_xml(body: &[u8]) -> &'static Encoding {
    let start = &body[..body.len().min(PRESCAN)];
    let declaration = start
        .starts_with(b"<?xml")
        .then(|| find(start, b"?>"))
        .flatten()
        .map(|end| String::from_utf8_lossy(&start[..end]).into_owned());
    let label = declaration.as_deref().and_then(|declaration| {
        let (_, value) = declaration.split_once("encoding")?;
        let value = value.trim_start().strip_prefix('=')?.trim_start();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        value[1..].split(quote).next()
    });
    let named = label.and_then(|label| Encoding::for_label(label.trim().as_bytes()));
    match named {
        // Bytes in which a declaration was found are not UTF-16.
        Some(encoding) if encoding != UTF_16LE && encoding != UTF_16BE => encoding,
        _ => UTF_8,
    }
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack
        .windows(needle.len())
        .position(|window| window == needle)
}

/// The encoding that the attributes of a `meta` element name.
fn encoding_of_meta(attributes: &[u8]) -> Option<&'static Encoding> {
    let text = String::from_utf8_lossy(attributes).to_ascii_lowercase();
    let (mut charset, mut content, mut is_pragma) = (None, None, false);
    let mut rest = text.as_str();
    while let Some((name, value, after)) = next_attribute(rest) {
        match name {
            "charset" => charset = charset.or(Some(value)),
            "content" => content = content.or_else(|| charset_of_content(value)),
            "http-equiv" => is_pragma = value == "content-type",
            _ => {}
        }
        rest = after;
    }
    let label = charset.or_else(|| content.filter(|_| is_pragma))?;
    let encoding = Encoding::for_label(label.as_bytes())?;
    // Bytes in which a `meta` element was found are not UTF-16.
    if encoding == UTF_16LE || encoding == UTF_16BE {
        Some(UTF_8)
    } else {
        Some(encoding)
    }
}

/// The first attribute: its name, its value, and the text after it.
fn next_attribute(text: &str) -> Option<(&str, &str, &str)> {
    let is_gap = |c: char| c.is_ascii_whitespace() || c == '/';
    let text = text.trim_start_matches(is_gap);
    let end = text
        .find(|c: char| is_gap(c) || c == '=')
        .unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let after_space = rest.trim_ascii_start();
    let Some(value) = after_space.strip_prefix('=') else {
        return (!name.is_empty()).then_some((name, "", rest));
    };
    let value = value.trim_ascii_start();
    for quote in ['"', '\''] {
        if let Some(quoted) = value.strip_prefix(quote) {
            let (value, rest) = quoted.split_once(quote)?;
            return Some((name, value, rest));
        }
    }
    let end = value
        .find(|c: char| c.is_ascii_whitespace())
        .unwrap_or(value.len());
    let (value, rest) = value.split_at(end);
    Some((name, value, rest))
}

/// [Extracting a character encoding from a meta element](https://html.spec.whatwg.org/multipage/urls-and-fetching.html#extracting-character-encodings-from-meta-elements).
fn charset_of_content(content: &str) -> Option<&str> {
    let mut rest = content;
    loop {
        let (_, after) = rest.split_once("charset")?;
        rest = after;
        if let Some(value) = after.trim_ascii_start().strip_prefix('=') {
            let value = value.trim_ascii_start();
            for quote in ['"', '\''] {
                if let Some(quoted) = value.strip_prefix(quote) {
                    return quoted.split_once(quote).map(|(value, _)| value);
                }
            }
            let end = value.find(|c: char| c.is_ascii_whitespace() || c == ';');
            return Some(&value[..end.unwrap_or(value.len())]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(body: &[u8], charset: Option<&str>, encoding: &str, text: &str) {
        let decoded = decode(body.to_vec(), charset, DocumentType::Html);
        assert_eq!(decoded.encoding, encoding);
        assert_eq!(decoded.text, text);
    }

    #[test]
    fn mark_beats_the_header_and_the_header_beats_the_document() {
        let marked = b"\xef\xbb\xbf<meta charset=koi8-r>\xc3\xa9";
        check(
            marked,
            Some("windows-1252"),
            "UTF-8",
            "<meta charset=koi8-r>é",
        );
        check(
            b"<meta charset=koi8-r>\xc1",
            Some("windows-1252"),
            "windows-1252",
            "<meta charset=koi8-r>Á",
        );
        check(
            b"<meta charset=koi8-r>\xc1",
            None,
            "KOI8-R",
            "<meta charset=koi8-r>а",
        );
        check(b"\xff\xfea\0", None, "UTF-16LE", "a");
    }

    #[test]
    fn charset_declared_in_the_document_is_used() {
        let pragma = b"<META http-equiv=Content-Type content='text/html; charset=\"koi8-r\"'>\xc1";
        assert_eq!(
            decode(pragma.to_vec(), None, DocumentType::Html).encoding,
            "KOI8-R"
        );
        let comment = b"<!-- <meta charset=koi8-r> --><meta charset='utf-16'>x";
        assert_eq!(
            decode(comment.to_vec(), None, DocumentType::Html).encoding,
            "UTF-8"
        );
        let no_pragma = b"<meta content='charset=koi8-r'>\xc1";
        assert_eq!(
            decode(no_pragma.to_vec(), None, DocumentType::Html).encoding,
            "windows-1252"
        );
        for odd in [
            "<meta",
            "<meta charset",
            "<meta charset='",
            "<meta =",
            "<meta /=/ x",
            "<!--",
        ] {
            check(odd.as_bytes(), None, "UTF-8", odd);
        }
    }

    #[test]
    fn undeclared_text_is_utf_8_if_it_is_valid() {
        check("é".as_bytes(), None, "UTF-8", "é");
        check(b"\xe9", None, "windows-1252", "é");
        check(b"\xe9", Some("utf-8"), "UTF-8", "\u{fffd}");
    }
}
