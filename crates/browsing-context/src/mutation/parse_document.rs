//! Parsing documents that no navigable shows.

use std::rc::Rc;

use crate::Contexts;
use crate::dom::{self, Node};
use crate::parser::{DocumentParser, ParserOptions, ParserStop};

impl Contexts {
    /// [Parse HTML from a string](https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#parse-html-from-a-string):
    /// makes a document without a browsing context, in which no script runs and no frame loads.
    #[must_use]
    pub fn parse_html_from_a_string(&mut self, html: &str) -> Node {
        let document = dom::create_document();
        let mut parser = DocumentParser::new(Rc::clone(&document), ParserOptions::default());
        parser.push(html);
        parser.finish_input();
        while !matches!(
            parser.advance(),
            ParserStop::Finished | ParserStop::NeedsInput
        ) {}
        for script in parser.take_new_scripts() {
            self.scripts.mark_as_already_started(&script.node);
        }
        document
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_of_a_parsed_document_never_run() {
        let mut contexts = Contexts::new();
        let html = "<!DOCTYPE html><title>t</title><script>1</script><iframe></iframe><p>after";
        let document = contexts.parse_html_from_a_string(html);
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
    }
}
