//! Parsing `multipart/form-data`
//! ([Fetch, multipart/form-data parser](https://fetch.spec.whatwg.org/#multipart-form-data-parser)).

use super::encoding::{Entry, EntryValue};

/// The names of a part: its own, and that of its file.
struct Disposition {
    name: String,
    file_name: Option<String>,
}

/// [Parse multipart/form-data](https://fetch.spec.whatwg.org/#multipart-form-data-parser) with the boundary of its MIME
/// type. `None` if it is malformed.
#[must_use]
pub fn parse_multipart_form_data(input: &[u8], boundary: &str) -> Option<Vec<Entry>> {
    let delimiter = [b"--", boundary.as_bytes()].concat();
    let mut entries = Vec::new();
    // 1. to 4. Begin at the first boundary, after optional line breaks.
    let mut rest = input;
    while let Some(after) = rest.strip_prefix(b"\r\n") {
        rest = after;
    }
    loop {
        // 5.1. A boundary begins each part.
        rest = rest.strip_prefix(delimiter.as_slice())?;
        // 5.2. Two dashes end the last one.
        if rest == b"--" || rest == b"--\r\n" {
            return Some(entries);
        }
        // 5.3. A line break follows.
        rest = rest.strip_prefix(b"\r\n")?;
        // 5.4. Parse the headers of the part.
        let (disposition, content_type, after) = parse_headers(rest)?;
        // 5.5. to 5.7. The body extends to the next boundary.
        let end = find(after, &[b"\r\n", delimiter.as_slice()].concat())?;
        let body = after.get(..end)?;
        rest = after.get(end + 2..)?;
        // 5.8. to 5.10. A part with a file name is a file, any other one a string.
        let value = match disposition.file_name {
            Some(name) => EntryValue::File {
                name,
                content_type: content_type.unwrap_or_else(|| "text/plain".to_owned()),
                body: body.to_vec(),
            },
            None => EntryValue::Text(decode(body)),
        };
        entries.push(Entry {
            name: disposition.name,
            value,
        });
    }
}

/// [Parse multipart/form-data headers](https://fetch.spec.whatwg.org/#parse-multipart-form-data-headers): the names, the
/// type, and the rest of the input.
fn parse_headers(input: &[u8]) -> Option<(Disposition, Option<String>, &[u8])> {
    let mut disposition = None;
    let mut content_type = None;
    let mut rest = input;
    loop {
        let end = find(rest, b"\r\n")?;
        let line = rest.get(..end)?;
        rest = rest.get(end + 2..)?;
        // An empty line ends the headers.
        if line.is_empty() {
            return Some((disposition?, content_type, rest));
        }
        let colon = find(line, b":")?;
        let name = line.get(..colon)?.trim_ascii().to_ascii_lowercase();
        let value = line.get(colon + 1..)?.trim_ascii();
        match name.as_slice() {
            b"content-disposition" => disposition = Some(parse_disposition(value)?),
            b"content-type" => {
                content_type = Some(value.iter().copied().map(char::from).collect());
            }
            _ => {}
        }
    }
}

/// The names in a value of `Content-Disposition`.
fn parse_disposition(value: &[u8]) -> Option<Disposition> {
    let mut rest = value.strip_prefix(b"form-data")?;
    let (mut name, mut file_name) = (None, None);
    loop {
        rest = rest.trim_ascii_start();
        if rest.is_empty() {
            let name = name?;
            return Some(Disposition { name, file_name });
        }
        rest = rest.strip_prefix(b";")?.trim_ascii_start();
        if rest.is_empty() {
            continue;
        }
        let equals = find(rest, b"=")?;
        let key = rest.get(..equals)?;
        rest = rest.get(equals + 1..)?;
        let (text, after) = match rest.strip_prefix(b"\"") {
            Some(quoted) => {
                let end = find(quoted, b"\"")?;
                (quoted.get(..end)?, quoted.get(end + 1..)?)
            }
            None => {
                let end = find(rest, b";").unwrap_or(rest.len());
                (rest.get(..end)?.trim_ascii_end(), rest.get(end..)?)
            }
        };
        rest = after;
        match key {
            b"name" => name = Some(unescape(text)),
            b"filename" => file_name = Some(unescape(text)),
            _ => {}
        }
    }
}

/// [Parse a multipart/form-data name](https://fetch.spec.whatwg.org/#parse-a-multipart-form-data-name): the escapes of
/// line breaks and quotes.
fn unescape(text: &[u8]) -> String {
    decode(text)
        .replace("%0A", "\n")
        .replace("%0D", "\r")
        .replace("%22", "\"")
}

/// [UTF-8 decode without BOM](https://encoding.spec.whatwg.org/#utf-8-decode-without-bom)
fn decode(text: &[u8]) -> String {
    String::from_utf8_lossy(text).into_owned()
}

fn find(input: &[u8], what: &[u8]) -> Option<usize> {
    input.windows(what.len()).position(|window| window == what)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forms::multipart_form_data;

    #[test]
    fn encoded_entries_are_parsed_again() {
        let entries = [
            Entry::text("a\"b", "1\r\n2"),
            Entry::file("f", "n\n.txt", "text/html", "<p>"),
            Entry::text("", ""),
        ];
        let (boundary, body) = multipart_form_data(&entries);
        let parsed = parse_multipart_form_data(&body, &boundary).unwrap();
        assert_eq!(parsed[0], entries[0]);
        assert_eq!(parsed[1], entries[1]);
        assert_eq!(parsed[2], entries[2]);
    }

    #[test]
    fn malformed_bodies_are_refused() {
        let part = "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n";
        let parse = |text: &str| parse_multipart_form_data(text.as_bytes(), "b");
        assert!(parse(&format!("{part}--b--\r\n")).is_some());
        assert!(parse(&format!("\r\n{part}--b--")).is_some());
        assert!(parse("--b--").is_some_and(|entries| entries.is_empty()));
        for bad in ["", part, "--c--\r\n", "--b\r\n\r\n1\r\n--b--\r\n"] {
            assert!(parse(bad).is_none(), "{bad}");
        }
        assert!(parse(&part.replace("form-data", "x")).is_none());
    }
}
