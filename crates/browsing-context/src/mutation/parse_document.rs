//! Parsing documents that no navigable shows
//! ([HTML, the `DOMParser` interface](https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#the-domparser-interface)).

use std::rc::Rc;

use crate::Contexts;
use crate::documents::DocumentProperties;
use crate::dom::Node;
use crate::parser::{HtmlParser, NewScript, ParserOptions, ParserStop, Recording, XmlParser};

impl Contexts {
    /// [Parse HTML from a string](https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#parse-html-from-a-string):
    /// creates a document without a browsing context, in which no script runs and no frame loads.
    #[must_use]
    pub fn parse_html_from_a_string(&mut self, html: &str, properties: DocumentProperties) -> Node {
        self.parse_html(html, properties, false)
    }

    /// The same for a document that
    /// [allows declarative shadow roots](https://dom.spec.whatwg.org/#document-allow-declarative-shadow-roots).
    #[must_use]
    pub fn parse_html_with_shadow_roots(
        &mut self,
        html: &str,
        properties: DocumentProperties,
    ) -> Node {
        self.parse_html(html, properties, true)
    }

    fn parse_html(
        &mut self,
        html: &str,
        properties: DocumentProperties,
        declarative_shadow_roots: bool,
    ) -> Node {
        let document = self.create_an_inert_document(properties);
        let options = ParserOptions {
            declarative_shadow_roots,
            ..ParserOptions::default()
        };
        let mut parser = HtmlParser::new(Rc::clone(&document), options);
        parser.push(html);
        parser.finish_input();
        while !matches!(
            parser.advance(),
            ParserStop::Finished | ParserStop::NeedsInput
        ) {}
        let sink = parser.sink();
        self.set_quirks_mode_of_inert_document(&document, sink.quirks_mode());
        let (scripts, shadow_roots) = (sink.take_scripts(), sink.take_shadow_roots());
        self.never_start(scripts);
        self.attach_declared_shadow_roots(shadow_roots);
        document
    }

    /// Parses XML in the same way.
    ///
    /// # Errors
    /// The error, if the document is not well-formed, beginning with its line.
    pub fn parse_xml_from_a_string(
        &mut self,
        xml: &str,
        properties: DocumentProperties,
    ) -> Result<Node, String> {
        let document = self.create_an_inert_document(properties);
        let mut parser = XmlParser::new(Rc::clone(&document), Recording::default());
        parser.push_owned(xml.to_owned());
        parser.finish_input();
        while !matches!(
            parser.advance(),
            ParserStop::Finished | ParserStop::NeedsInput
        ) {}
        if let Some(error) = parser.error() {
            return Err(error.to_owned());
        }
        self.never_start(parser.sink().take_scripts());
        Ok(document)
    }

    fn never_start(&mut self, scripts: Vec<NewScript>) {
        for script in scripts {
            self.scripts.mark_as_already_started(&script.node);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::DocumentKind;
    use crate::dom;
    use crate::origin::about_blank;

    #[test]
    fn scripts_of_a_parsed_document_never_run() {
        let mut contexts = Contexts::new();
        let html = "<!DOCTYPE html><title>t</title><script>1</script><iframe></iframe><p>after";
        let properties = DocumentProperties::new(about_blank(), DocumentKind::Html, "text/html");
        let document = contexts.parse_html_from_a_string(html, properties);
        assert_eq!(
            dom::serialize_inner(&document),
            "<!DOCTYPE html><html><head><title>t</title><script>1</script></head>\
             <body><iframe></iframe><p>after</p></body></html>"
        );
        assert!(contexts.document_of(&document).is_none());
        let script = dom::descendants(&document)
            .find(|node| dom::is_html_element(node, "script"))
            .unwrap();
        assert!(contexts.scripts.is_already_started(&script));
        assert!(contexts.is_in_html_document(&script));
    }

    #[test]
    fn nodes_of_an_xml_document_have_it_as_their_document() {
        let mut contexts = Contexts::new();
        let properties = DocumentProperties::new(about_blank(), DocumentKind::Xml, "text/xml");
        let document = contexts
            .parse_xml_from_a_string("<a><b/></a>", properties.clone())
            .unwrap();
        let b = dom::descendants(&document).last().unwrap();
        assert!(!contexts.is_in_html_document(&b));
        let steps = contexts.remove(&b);
        drop(steps);
        assert!(dom::is_same(
            &contexts.node_document(&b).unwrap(),
            &document
        ));
        let error = contexts.parse_xml_from_a_string("<a>", properties);
        assert!(error.unwrap_err().starts_with("error on line 1: "));
    }
}
