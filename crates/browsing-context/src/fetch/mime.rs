//! MIME types, for the choice of a document's parser
//! ([MIME Sniffing](https://mimesniff.spec.whatwg.org/)).

/// A parsed MIME type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MimeType {
    /// Type and subtype, in lower case.
    pub(crate) essence: String,
    pub(crate) charset: Option<String>,
}

/// The way in which a document of a type is parsed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DocumentType {
    Html,
    Text,
    Xml,
    Other,
}

impl MimeType {
    /// [Parse a MIME type](https://mimesniff.spec.whatwg.org/#parse-a-mime-type).
    pub(crate) fn parse(input: &str) -> Option<Self> {
        let mime: data_url::mime::Mime = input.trim_ascii().parse().ok()?;
        Some(Self {
            essence: format!("{}/{}", mime.type_, mime.subtype),
            charset: mime.get_parameter("charset").map(str::to_owned),
        })
    }

    /// The type of a response that has none.
    // IMPLEMENTATION-DEFINED: the standard's tables distinguish more types, but none of them is supported.
    pub(crate) fn sniff(body: &[u8]) -> Self {
        let start = body.trim_ascii_start();
        let essence = if start.starts_with(b"<") {
            "text/html"
        } else {
            "text/plain"
        };
        Self {
            essence: essence.to_owned(),
            charset: None,
        }
    }

    /// The type of a response that has none and may not be sniffed.
    pub(crate) fn plain_text() -> Self {
        Self {
            essence: "text/plain".to_owned(),
            charset: None,
        }
    }

    /// The way in which a document of this type is parsed
    /// ([loading a document](https://html.spec.whatwg.org/multipage/browsing-the-web.html#loading-a-document)).
    // NOT YET: images and media.
    pub(crate) fn document_type(&self) -> DocumentType {
        let essence = self.essence.as_str();
        match essence {
            "text/html" => DocumentType::Html,
            _ if is_xml(essence) => DocumentType::Xml,
            "application/json" => DocumentType::Text,
            _ if essence.starts_with("text/")
                || essence.ends_with("+json")
                || is_javascript(essence) =>
            {
                DocumentType::Text
            }
            _ => DocumentType::Other,
        }
    }
}

/// [JavaScript MIME type essence match](https://mimesniff.spec.whatwg.org/#javascript-mime-type-essence-match).
pub(crate) fn is_javascript(essence: &str) -> bool {
    const TYPES: &[&str] = &[
        "application/ecmascript",
        "application/javascript",
        "application/x-ecmascript",
        "application/x-javascript",
        "text/ecmascript",
        "text/javascript",
        "text/javascript1.0",
        "text/javascript1.1",
        "text/javascript1.2",
        "text/javascript1.3",
        "text/javascript1.4",
        "text/javascript1.5",
        "text/jscript",
        "text/livescript",
        "text/x-ecmascript",
        "text/x-javascript",
    ];
    TYPES
        .iter()
        .any(|known| essence.eq_ignore_ascii_case(known))
}

/// [XML MIME type](https://mimesniff.spec.whatwg.org/#xml-mime-type).
pub(crate) fn is_xml(essence: &str) -> bool {
    matches!(essence, "text/xml" | "application/xml") || essence.ends_with("+xml")
}

/// [JSON MIME type](https://mimesniff.spec.whatwg.org/#json-mime-type).
pub(crate) fn is_json(essence: &str) -> bool {
    matches!(essence, "application/json" | "text/json") || essence.ends_with("+json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_parsed_in_any_case() {
        let mime = MimeType::parse(" Text/HTML; Charset=\"Shift_JIS\" ").unwrap();
        assert_eq!(mime.essence, "text/html");
        assert_eq!(mime.charset.as_deref(), Some("Shift_JIS"));
        assert_eq!(MimeType::parse("nonsense"), None);
        assert_eq!(MimeType::sniff(b"\n <p>").essence, "text/html");
    }

    #[test]
    fn types_decide_how_documents_are_parsed() {
        let kind = |essence: &str| MimeType::parse(essence).unwrap().document_type();
        assert_eq!(kind("text/html"), DocumentType::Html);
        assert_eq!(kind("text/css"), DocumentType::Text);
        assert_eq!(kind("application/ld+json"), DocumentType::Text);
        assert_eq!(kind("application/javascript"), DocumentType::Text);
        assert_eq!(kind("image/png"), DocumentType::Other);
        assert_eq!(kind("image/svg+xml"), DocumentType::Xml);
        assert_eq!(kind("application/xhtml+xml"), DocumentType::Xml);
        assert_eq!(kind("text/xml"), DocumentType::Xml);
    }
}
