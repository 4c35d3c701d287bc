//! Parsing XML with `quick-xml`, with the same stops as the HTML parser
//! ([HTML, parsing XML documents](https://html.spec.whatwg.org/multipage/xhtml.html#parsing-xhtml-documents)).
//!
//! `quick-xml` splits the text into tags, text and comments. This module checks the other rules for well-formed and
//! namespace-well-formed documents.

mod entities;
mod names;

use std::io::Cursor;
use std::rc::Rc;

use html5ever::interface::{ElementFlags, NodeOrText, TreeSink};
use html5ever::tendril::StrTendril;
use html5ever::{Attribute, QualName, ns};
use quick_xml::Reader;
use quick_xml::events::attributes::Attributes;
use quick_xml::events::{BytesStart, Event};

use self::entities::{Doctype, Entities};
use self::names::{Scope, split};
use super::sink::DomSink;
use super::{ParserStop, Recording};
use crate::dom::{self, Node};

/// Elements nested deeper than this are an error.
// IMPLEMENTATION-DEFINED: the standard has no limit; browsers have one of this size.
const MAX_XML_DEPTH: usize = 5_000;

/// The parser of one XML document or fragment.
pub(crate) struct XmlParser {
    sink: DomSink,
    document: Node,
    input: Rc<[u8]>,
    reader: Option<Reader<Cursor<Rc<[u8]>>>>,
    buffer: Vec<u8>,
    /// The open elements. Below them is the document, or the element that collects a fragment.
    open: Vec<Node>,
    /// The number of open elements at the start of a fragment.
    base: usize,
    scope: Scope,
    entities: Entities,
    /// Text that is not in the tree yet, because more text may follow.
    text: String,
    /// The part of the input whose lines are counted, and their number.
    counted: usize,
    line: u64,
    has_root: bool,
    has_doctype: bool,
    no_more_input: bool,
    ended: bool,
    error: Option<String>,
}

/// An error in a document.
type Malformed = String;

impl XmlParser {
    pub(crate) fn new(document: Node, recording: Recording) -> Self {
        Self {
            sink: DomSink::new(Rc::clone(&document), recording),
            document,
            input: Rc::from([]),
            reader: None,
            buffer: Vec::new(),
            open: Vec::new(),
            base: 0,
            scope: Scope::default(),
            entities: Entities::default(),
            text: String::new(),
            counted: 0,
            line: 1,
            has_root: false,
            has_doctype: false,
            no_more_input: false,
            ended: false,
            error: None,
        }
    }

    pub(crate) fn sink(&self) -> &DomSink {
        &self.sink
    }

    /// Sets the whole input.
    pub(crate) fn push_owned(&mut self, text: String) {
        let text = text.into_bytes();
        self.input = match self.input.is_empty() {
            true => Rc::from(text),
            false => Rc::from([&*self.input, &text].concat()),
        };
    }

    pub(crate) fn finish_input(&mut self) {
        self.no_more_input = true;
    }

    /// The error of the document.
    pub(crate) fn error(&self) -> Option<&str> {
        self.error.as_deref()
    }

    pub(super) fn has_ended(&self) -> bool {
        self.ended
    }

    /// Parses until the parser has to stop.
    pub(crate) fn advance(&mut self) -> ParserStop {
        loop {
            if let Some(frame) = self.sink.take_pending_frame_unless_open() {
                return ParserStop::Frame(frame);
            }
            if self.ended {
                return ParserStop::Finished;
            }
            if !self.no_more_input {
                return ParserStop::NeedsInput;
            }
            match self.step() {
                Ok(Some(script)) => return ParserStop::Script(script),
                Ok(None) => {}
                Err(error) => {
                    self.flush();
                    let line = self.line();
                    self.error = Some(format!("error on line {line}: {error}"));
                    self.end();
                }
            }
        }
    }

    fn end(&mut self) {
        self.ended = true;
        self.open.clear();
        self.sink.close_frames();
    }

    /// The line up to which the input is read.
    fn line(&mut self) -> u64 {
        let position = self.reader.as_ref().map_or(0, Reader::buffer_position);
        let position = usize::try_from(position).unwrap_or(usize::MAX);
        let read = self.input.get(self.counted..position).unwrap_or_default();
        let lines = read.iter().filter(|byte| **byte == b'\n').count();
        self.line += u64::try_from(lines).unwrap_or(0);
        self.counted = self.counted.max(position.min(self.input.len()));
        self.line
    }

    /// Reads one event. Returns the script, if it was the end tag of one.
    fn step(&mut self) -> Result<Option<Node>, Malformed> {
        let input = &self.input;
        let reader = self.reader.get_or_insert_with(|| {
            let mut reader = Reader::from_reader(Cursor::new(Rc::clone(input)));
            let config = reader.config_mut();
            config.check_comments = true;
            config.expand_empty_elements = true;
            reader
        });
        let is_first = reader.buffer_position() == 0;
        let mut buffer = std::mem::take(&mut self.buffer);
        buffer.clear();
        let event = match reader.read_event_into(&mut buffer) {
            Ok(event) => event,
            Err(error) => return Err(error.to_string()),
        };
        let done = self.handle(&event, is_first);
        drop(event);
        self.buffer = buffer;
        done
    }

    fn handle(&mut self, event: &Event<'_>, is_first: bool) -> Result<Option<Node>, Malformed> {
        match event {
            Event::Text(text) => {
                let text = text.xml10_content();
                if text.contains("]]>") {
                    return Err("\"]]>\" is not allowed in text".to_owned());
                }
                self.push_text(&text)?;
            }
            Event::GeneralRef(reference) => {
                let text = match reference.resolve_char_ref() {
                    Ok(Some(character)) => character.to_string(),
                    Ok(None) => self.entities.expand(reference)?,
                    Err(error) => return Err(error.to_string()),
                };
                self.push_text(&text)?;
            }
            Event::Start(tag) | Event::Empty(tag) => self.start_tag(tag)?,
            Event::End(_) => return Ok(self.end_tag()),
            Event::CData(data) => {
                if self.open.is_empty() {
                    return Err("a CDATA section is outside of the document element".to_owned());
                }
                let data = data.xml10_content();
                check_characters(&data)?;
                self.append(dom::create_cdata_section(&data));
            }
            Event::Comment(comment) => {
                let comment = comment.xml10_content();
                check_characters(&comment)?;
                self.append(dom::create_comment(&comment));
            }
            Event::PI(instruction) => {
                let (target, data) = (instruction.target(), instruction.content());
                if target.eq_ignore_ascii_case("xml") {
                    return Err("an XML declaration has to stand at the start".to_owned());
                }
                let data = data.trim_start_matches([' ', '\t', '\r', '\n']);
                check_characters(data)?;
                let Ok(node) = dom::create_processing_instruction(target, data) else {
                    return Err(format!("{target:?} is not a name"));
                };
                self.append(node);
            }
            Event::Decl(_) if is_first && self.base == 0 => {}
            Event::Decl(_) => {
                return Err("an XML declaration has to stand at the start".to_owned());
            }
            Event::DocType(text) => self.doctype(text)?,
            Event::Eof => self.end_of_input()?,
        }
        Ok(None)
    }

    fn end_of_input(&mut self) -> Result<(), Malformed> {
        self.flush();
        if self.open.len() > self.base {
            let name = self.open.last().and_then(dom::local_name);
            let name = name.unwrap_or_default();
            return Err(format!("the element {name:?} is not closed at the end"));
        }
        if !self.has_root && self.base == 0 {
            return Err("the document is empty".to_owned());
        }
        self.end();
        Ok(())
    }

    fn push_text(&mut self, text: &str) -> Result<(), Malformed> {
        check_characters(text)?;
        if self.open.is_empty() {
            let is_space = |c| matches!(c, ' ' | '\t' | '\r' | '\n' | '\u{feff}');
            return match text.chars().all(is_space) {
                true => Ok(()),
                false => Err("text is outside of the document element".to_owned()),
            };
        }
        self.text.push_str(text);
        Ok(())
    }

    /// Appends the collected text to the tree.
    fn flush(&mut self) {
        if !self.text.is_empty() {
            let text = StrTendril::from(std::mem::take(&mut self.text));
            let parent = self.parent();
            self.sink.append(&parent, NodeOrText::AppendText(text));
        }
    }

    /// The node that new nodes are appended to: the contents of a template instead of the template.
    fn parent(&self) -> Node {
        let open = self.open.last().unwrap_or(&self.document);
        dom::template_contents(open).unwrap_or_else(|| Rc::clone(open))
    }

    fn append(&mut self, node: Node) {
        self.flush();
        let parent = self.parent();
        self.sink.append(&parent, NodeOrText::AppendNode(node));
    }

    fn start_tag(&mut self, tag: &BytesStart<'_>) -> Result<(), Malformed> {
        if self.open.is_empty() && std::mem::replace(&mut self.has_root, true) {
            return Err("a document has one document element".to_owned());
        }
        if self.open.len() >= MAX_XML_DEPTH {
            return Err(format!("more than {MAX_XML_DEPTH} elements are nested"));
        }
        let attributes = self.read_attributes(tag.attributes())?;
        self.scope.enter();
        for (name, value) in &attributes {
            self.scope.declare(name, value)?;
        }
        let tag_name = tag.name();
        let (prefix, local) = split(tag_name.as_ref())?;
        let name = self.scope.element_name(prefix, local)?;
        let mut named: Vec<Attribute> = Vec::with_capacity(attributes.len());
        for (name, value) in attributes {
            let (prefix, local) = split(&name)?;
            let name = self.scope.attribute_name(prefix, local)?;
            if prefix.is_some() && named.iter().any(|held| is_same_name(&held.name, &name)) {
                return Err(format!("the attribute {local:?} occurs twice"));
            }
            let value = StrTendril::from(value);
            named.push(Attribute { name, value });
        }
        let line = self.line();
        self.sink.set_current_line(line);
        let flags = ElementFlags::default();
        let element = self.sink.create_element(name, named, flags);
        self.append(Rc::clone(&element));
        self.open.push(element);
        Ok(())
    }

    fn read_attributes(
        &self,
        attributes: Attributes<'_>,
    ) -> Result<Vec<(String, String)>, Malformed> {
        let mut read = Vec::new();
        for attribute in attributes {
            let attribute = attribute.map_err(|error| error.to_string())?;
            let name: &str = attribute.key.as_ref();
            let value = self.entities.attribute_value(&attribute.value)?;
            check_characters(&value)?;
            read.push((name.to_owned(), value));
        }
        Ok(read)
    }

    /// Returns the element if it is a script.
    fn end_tag(&mut self) -> Option<Node> {
        self.flush();
        let element = self.open.pop()?;
        self.scope.leave();
        self.sink.pop(&element);
        match dom::html_name(&element) {
            _ if dom::is_script_element(&element) => Some(element),
            Some("iframe" | "frame") => {
                self.sink.close_frames();
                None
            }
            _ => None,
        }
    }

    fn doctype(&mut self, text: &str) -> Result<(), Malformed> {
        if self.has_root || std::mem::replace(&mut self.has_doctype, true) || self.base > 0 {
            return Err("a doctype has to stand before the document element".to_owned());
        }
        let Doctype {
            name,
            public_id,
            system_id,
        } = self.entities.read_doctype(text)?;
        let doctype = dom::create_doctype(&name, &public_id, &system_id);
        self.append(doctype);
        Ok(())
    }
}

fn is_same_name(a: &QualName, b: &QualName) -> bool {
    a.ns == b.ns && a.local == b.local
}

/// Whether all are [characters of XML](https://www.w3.org/TR/xml/#NT-Char).
fn check_characters(text: &str) -> Result<(), Malformed> {
    let is_other = |c: char| matches!(c, '\0'..='\x08' | '\x0b' | '\x0c' | '\x0e'..='\x1f' | '\u{fffe}' | '\u{ffff}');
    match text.chars().find(|c| is_other(*c)) {
        Some(c) => Err(format!("U+{:04X} is not a character of XML", u32::from(c))),
        None => Ok(()),
    }
}

/// [XML fragment parsing algorithm](https://html.spec.whatwg.org/multipage/xhtml.html#parsing-xhtml-fragments):
/// the nodes, without a parent, and the scripts among them.
pub(crate) fn parse_xml_fragment(
    context: &Node,
    text: &str,
) -> Result<super::ParsedFragment, String> {
    let document = dom::create_document();
    let mut parser = XmlParser::new(document, Recording::default());
    // 1. and 2. The fragment is parsed in an element with the namespaces in scope at the context.
    parser.scope = Scope::at(context);
    let name = QualName::new(None, ns!(), "fragment".into());
    let root = dom::new_element(name, Vec::new(), false);
    parser.open.push(Rc::clone(&root));
    parser.base = 1;
    parser.has_root = true;
    // 3. Parse it.
    parser.push_owned(text.to_owned());
    parser.finish_input();
    while !matches!(
        parser.advance(),
        ParserStop::Finished | ParserStop::NeedsInput
    ) {}
    if let Some(error) = parser.error() {
        return Err(error.to_owned());
    }
    let scripts = parser.sink.take_scripts();
    Ok(super::ParsedFragment {
        shadow_roots: Vec::new(),
        nodes: dom::take_children(&root),
        scripts: scripts.into_iter().map(|script| script.node).collect(),
    })
}

/// Shows the error of a document that is not well-formed
/// ([HTML, parsing XML documents](https://html.spec.whatwg.org/multipage/xhtml.html#parsing-xhtml-documents)).
// IMPLEMENTATION-DEFINED: as in browsers, the part before the error is kept, with an element in front of it that
// shows the error.
pub(crate) fn show_the_error(document: &Node, message: &str) {
    let children = document.children.borrow();
    let root = children.iter().find(|node| dom::is_element(node)).cloned();
    drop(children);
    let error = dom::html_element("parsererror");
    let parts = [
        ("h3", "This page contains the following errors:"),
        ("div", message),
        (
            "h3",
            "Below is a rendering of the page up to the first error.",
        ),
    ];
    for (name, text) in parts {
        let part = dom::html_element(name);
        dom::attach(&part, None, dom::create_text(text));
        dom::attach(&error, None, part);
    }
    let root = root.unwrap_or_else(|| {
        let root = dom::html_element("html");
        dom::attach(document, None, Rc::clone(&root));
        dom::attach(&root, None, dom::html_element("body"));
        root
    });
    let children = root.children.borrow();
    let body = children
        .iter()
        .find(|node| dom::is_html_element(node, "body"));
    let parent = body.unwrap_or(&root).clone();
    drop(children);
    let first = dom::first_child(&parent);
    dom::attach(&parent, first.as_ref(), error);
}

#[cfg(test)]
mod tests;
