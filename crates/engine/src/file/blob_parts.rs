//! The bytes of a new blob ([File API, constructors](https://w3c.github.io/FileAPI/#constructorBlob)).

use std::sync::Arc;

use boa_engine::{Context, JsResult};

use super::blob::{BlobPart, EndingType};

/// A type with characters other than printable ASCII becomes empty; letters become lower case.
pub(super) fn normalize_type(content_type: &str) -> String {
    if content_type.chars().all(|c| matches!(c, ' '..='~')) {
        content_type.to_ascii_lowercase()
    } else {
        String::new()
    }
}

/// [Process blob parts](https://w3c.github.io/FileAPI/#process-blob-parts)
pub(super) fn process_blob_parts(
    parts: Vec<BlobPart>,
    endings: EndingType,
    cx: &mut Context,
) -> JsResult<Arc<Vec<u8>>> {
    // OPTIMIZATION: a blob made of one whole blob shares its bytes.
    if let [BlobPart::Blob(only)] = parts.as_slice()
        && only.size() == only.bytes.len()
    {
        return Ok(only.bytes.clone());
    }
    let mut bytes = Vec::new();
    for part in parts {
        match part {
            BlobPart::BufferSource(source) => bytes.extend(source.bytes(cx)?),
            BlobPart::Blob(blob) => bytes.extend_from_slice(blob.bytes()),
            BlobPart::UsvString(text) if endings == EndingType::Native => {
                bytes.extend(convert_line_endings_to_native(&text).as_bytes());
            }
            BlobPart::UsvString(text) => bytes.extend(text.as_bytes()),
        }
    }
    Ok(Arc::new(bytes))
}

/// [Convert line endings to native](https://w3c.github.io/FileAPI/#convert-line-endings-to-native):
/// the native line ending is a line feed on every machine.
pub(super) fn convert_line_endings_to_native(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

#[cfg(test)]
mod tests {
    use super::{convert_line_endings_to_native, normalize_type};

    #[test]
    fn types_are_printable_ascii_or_nothing() {
        assert_eq!(
            normalize_type("Text/HTML; charset=UTF-8"),
            "text/html; charset=utf-8"
        );
        assert_eq!(normalize_type("a\u{e9}"), "");
        assert_eq!(normalize_type("a\n"), "");
    }

    #[test]
    fn every_line_ending_becomes_a_line_feed() {
        assert_eq!(
            convert_line_endings_to_native("a\r\nb\rc\n\r\r\n"),
            "a\nb\nc\n\n\n"
        );
    }
}
