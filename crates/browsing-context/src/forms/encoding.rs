//! Entry lists and their encodings
//! ([HTML, constructing the entry list](https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#constructing-form-data-set)).
// NOT YET: encodings other than UTF-8.

use url::form_urlencoded;

/// An [entry](https://xhr.spec.whatwg.org/#concept-formdata-entry).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Entry {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: EntryValue,
}

/// The value of an [`Entry`].
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum EntryValue {
    /// A string.
    Text(String),
    /// A file.
    File {
        /// Its name.
        name: String,
        /// Its MIME type; empty when unknown.
        content_type: String,
        /// Its contents.
        body: Vec<u8>,
    },
}

// Not derived, so that the contents of a file are not printed.
impl core::fmt::Debug for EntryValue {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Text(text) => text.fmt(f),
            Self::File { name, body, .. } => write!(f, "File({name:?}, {} bytes)", body.len()),
        }
    }
}

impl Entry {
    /// An entry whose value is a string.
    #[must_use]
    pub fn text(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            value: EntryValue::Text(value.into()),
        }
    }

    /// An entry whose value is a file.
    #[must_use]
    pub fn file(
        name: impl Into<String>,
        file_name: impl Into<String>,
        content_type: impl Into<String>,
        body: impl Into<Vec<u8>>,
    ) -> Self {
        Self {
            name: name.into(),
            value: EntryValue::File {
                name: file_name.into(),
                content_type: content_type.into(),
                body: body.into(),
            },
        }
    }
}

/// [`enctype`](https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#dom-fs-enctype).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Enctype {
    /// `application/x-www-form-urlencoded`.
    #[default]
    UrlEncoded,
    /// `multipart/form-data`.
    Multipart,
    /// `text/plain`.
    TextPlain,
}

impl Enctype {
    /// The value of the attribute.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::UrlEncoded => "application/x-www-form-urlencoded",
            Self::Multipart => "multipart/form-data",
            Self::TextPlain => "text/plain",
        }
    }
}

/// [Normalizes newlines](https://infra.spec.whatwg.org/#normalize-newlines), but to CR LF.
#[must_use]
pub fn normalize_newlines(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' => {
                if chars.peek() == Some(&'\n') {
                    chars.next();
                }
                out.push_str("\r\n");
            }
            '\n' => out.push_str("\r\n"),
            c => out.push(c),
        }
    }
    out
}

/// [Converting to a list of name-value pairs](https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#converting-to-a-list-of-name-value-pairs).
fn name_value_pairs(entries: &[Entry]) -> impl Iterator<Item = (String, String)> + '_ {
    entries.iter().map(|entry| {
        let value = match &entry.value {
            EntryValue::Text(text) => text,
            EntryValue::File { name, .. } => name,
        };
        (normalize_newlines(&entry.name), normalize_newlines(value))
    })
}

/// An entry list as
/// [application/x-www-form-urlencoded](https://url.spec.whatwg.org/#concept-urlencoded-serializer).
#[must_use]
pub fn url_encoded_query(entries: &[Entry]) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(name_value_pairs(entries))
        .finish()
}

/// An entry list as
/// [text/plain](https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#text/plain-encoding-algorithm).
#[must_use]
pub fn text_plain(entries: &[Entry]) -> String {
    let lines = name_value_pairs(entries).map(|(name, value)| format!("{name}={value}\r\n"));
    lines.collect()
}

/// An entry list as
/// [multipart/form-data](https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#multipart-form-data),
/// after its boundary.
// IMPLEMENTATION-DEFINED: the boundary is the first of a series that no entry contains, so that it is
// the same in every run.
#[must_use]
pub fn multipart_form_data(entries: &[Entry]) -> (String, Vec<u8>) {
    let occurs = |boundary: &str| {
        entries.iter().any(|entry| match &entry.value {
            EntryValue::Text(text) => text.contains(boundary),
            EntryValue::File { body, .. } => body
                .windows(boundary.len())
                .any(|window| window == boundary.as_bytes()),
        })
    };
    let mut number = 0_u64;
    let mut boundary = boundary_of(number);
    while occurs(&boundary) {
        number += 1;
        boundary = boundary_of(number);
    }
    let mut out = Vec::new();
    for entry in entries {
        let name = escape(&normalize_newlines(&entry.name));
        out.extend(
            format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"").bytes(),
        );
        match &entry.value {
            EntryValue::Text(text) => {
                out.extend(b"\r\n\r\n");
                out.extend(normalize_newlines(text).bytes());
            }
            EntryValue::File {
                name,
                content_type,
                body,
            } => {
                let name = escape(name);
                let content_type = if content_type.is_empty() {
                    "application/octet-stream"
                } else {
                    content_type
                };
                let rest = format!("; filename=\"{name}\"\r\nContent-Type: {content_type}\r\n\r\n");
                out.extend(rest.bytes());
                out.extend(body);
            }
        }
        out.extend(b"\r\n");
    }
    out.extend(format!("--{boundary}--\r\n").bytes());
    (boundary, out)
}

fn boundary_of(number: u64) -> String {
    format!("----FramepostFormBoundary{number:016}")
}

/// Escapes the characters that are not allowed in the quoted name of a field or a file.
fn escape(name: &str) -> String {
    name.replace('\n', "%0A")
        .replace('\r', "%0D")
        .replace('"', "%22")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries() -> Vec<Entry> {
        vec![
            Entry::text("a b", "1\n2"),
            Entry::file("f\"", "x\n.txt", "", *b"\n"),
        ]
    }

    #[test]
    fn newlines_become_cr_lf() {
        assert_eq!(
            normalize_newlines("a\rb\nc\r\nd\n\r"),
            "a\r\nb\r\nc\r\nd\r\n\r\n"
        );
    }

    #[test]
    fn query_contains_the_names_of_files() {
        assert_eq!(
            url_encoded_query(&entries()),
            "a+b=1%0D%0A2&f%22=x%0D%0A.txt"
        );
    }

    #[test]
    fn plain_text_has_one_line_for_each_entry() {
        assert_eq!(text_plain(&entries()), "a b=1\r\n2\r\nf\"=x\r\n.txt\r\n");
    }

    #[test]
    fn boundary_does_not_occur_in_the_parts() {
        let mut entries = entries();
        let (boundary, _) = multipart_form_data(&entries);
        entries[0].value = EntryValue::Text(boundary.clone());
        let (other, body) = multipart_form_data(&entries);
        assert_ne!(other, boundary);
        assert_eq!(
            String::from_utf8(body).unwrap(),
            format!(
                "--{other}\r\nContent-Disposition: form-data; name=\"a b\"\r\n\r\n{boundary}\r\n\
                 --{other}\r\nContent-Disposition: form-data; name=\"f%22\"; filename=\"x%0A.txt\"\r\n\
                 Content-Type: application/octet-stream\r\n\r\n\n\r\n--{other}--\r\n"
            )
        );
    }
}
