//! [XML serialization](https://w3c.github.io/DOM-Parsing/#xml-serialization), with an explicit
//! stack instead of recursion.

use std::rc::Rc;

use framepost_browsing_context::dom::{self, NodeKind, node_kind};
use html5ever::{Attribute, QualName, ns};
use markup5ever_rcdom::{Handle as Node, NodeData};

/// The namespaces in scope: prefixes, with the empty prefix for the default namespace, innermost last.
#[derive(Clone, Default)]
struct Scope(Rc<Vec<(String, String)>>);

impl Scope {
    fn namespace(&self, prefix: &str) -> &str {
        if prefix == "xml" {
            return "http://www.w3.org/XML/1998/namespace";
        }
        let found = self.0.iter().rev().find(|(held, _)| held == prefix);
        found.map_or("", |(_, namespace)| namespace)
    }

    /// A prefix for the namespace.
    fn prefix(&self, namespace: &str) -> Option<&str> {
        self.0
            .iter()
            .rev()
            .map(|(prefix, _)| prefix.as_str())
            .find(|prefix| !prefix.is_empty() && self.namespace(prefix) == namespace)
    }

    fn declare(&mut self, prefix: &str, namespace: &str) {
        Rc::make_mut(&mut self.0).push((prefix.to_owned(), namespace.to_owned()));
    }
}

enum Step {
    Open(Node, Scope),
    Close(String),
}

/// The [XML serialization](https://w3c.github.io/DOM-Parsing/#dfn-xml-serialization) of a node.
pub(crate) fn serialize(node: &Node) -> String {
    run(vec![Step::Open(node.clone(), Scope::default())])
}

/// The XML serialization of the children of a node.
pub(crate) fn serialize_inner(node: &Node) -> String {
    let mut steps = Vec::new();
    push_children(node, &Scope::default(), &mut steps);
    run(steps)
}

fn run(mut steps: Vec<Step>) -> String {
    let mut out = String::new();
    let mut generated = 0;
    while let Some(step) = steps.pop() {
        match step {
            Step::Close(name) => {
                out.push_str("</");
                out.push_str(&name);
                out.push('>');
            }
            Step::Open(node, scope) => open(&node, scope, &mut generated, &mut steps, &mut out),
        }
    }
    out
}

fn open(node: &Node, scope: Scope, generated: &mut u32, steps: &mut Vec<Step>, out: &mut String) {
    match (&node.data, node_kind(node)) {
        (NodeData::Element { name, attrs, .. }, _) => {
            let mut scope = scope;
            let name = start_tag(name, &attrs.borrow(), &mut scope, generated, out);
            end_of_start_tag(node, name, &scope, steps, out);
        }
        (NodeData::Text { contents }, NodeKind::CdataSection) => {
            out.push_str("<![CDATA[");
            out.push_str(&contents.borrow());
            out.push_str("]]>");
        }
        (NodeData::Text { contents }, _) => escape(&contents.borrow(), false, out),
        (NodeData::Comment { .. }, _) => {
            out.push_str("<!--");
            out.push_str(&dom::data(node).unwrap_or_default());
            out.push_str("-->");
        }
        (
            NodeData::Doctype {
                name,
                public_id,
                system_id,
            },
            _,
        ) => {
            doctype(name, public_id, system_id, out);
        }
        (NodeData::ProcessingInstruction { target, .. }, NodeKind::ProcessingInstruction) => {
            out.push_str("<?");
            out.push_str(target);
            out.push(' ');
            out.push_str(&dom::data(node).unwrap_or_default());
            out.push_str("?>");
        }
        _ => push_children(node, &scope, steps),
    }
}

fn push_children(node: &Node, scope: &Scope, steps: &mut Vec<Step>) {
    let contents = dom::template_contents(node);
    let from = contents.as_ref().unwrap_or(node);
    let children = from.children.borrow();
    steps.extend(
        children
            .iter()
            .rev()
            .map(|child| Step::Open(child.clone(), scope.clone())),
    );
}

/// Writes `<name` with the attributes, and returns the name.
fn start_tag(
    name: &QualName,
    attributes: &[Attribute],
    scope: &mut Scope,
    generated: &mut u32,
    out: &mut String,
) -> String {
    let is_declaration = |attribute: &&Attribute| attribute.name.ns == ns!(xmlns);
    for declared in attributes.iter().filter(is_declaration) {
        scope.declare(declared_prefix(declared), &declared.value);
    }
    let prefix = name.prefix.as_deref().unwrap_or_default();
    let mut declaration = None;
    let prefix = if !prefix.is_empty() && scope.namespace(prefix) == &*name.ns {
        prefix
    } else if scope.namespace("") == &*name.ns {
        ""
    } else {
        // No declaration in scope has this namespace, so the element declares it. An empty namespace cannot have a
        // prefix.
        let prefix = if name.ns == ns!() { "" } else { prefix };
        scope.declare(prefix, &name.ns);
        declaration = Some(prefix);
        prefix
    };
    let qualified = qualify(prefix, &name.local);
    out.push('<');
    out.push_str(&qualified);
    if let Some(prefix) = declaration {
        attribute(&declaration_name(prefix), &name.ns, out);
    }
    for held in attributes {
        let local = &*held.name.local;
        if held.name.ns == ns!(xmlns) {
            let prefix = declared_prefix(held);
            if declaration != Some(prefix) {
                attribute(&declaration_name(prefix), &held.value, out);
            }
        } else if held.name.ns == ns!() {
            attribute(local, &held.value, out);
        } else if held.name.ns == ns!(xml) {
            attribute(&qualify("xml", local), &held.value, out);
        } else {
            let prefix = attribute_prefix(&held.name, scope, generated, out);
            attribute(&qualify(&prefix, local), &held.value, out);
        }
    }
    qualified
}

/// The prefix for an attribute of a namespace, declared if none is in scope.
fn attribute_prefix(
    name: &QualName,
    scope: &mut Scope,
    generated: &mut u32,
    out: &mut String,
) -> String {
    let own = name.prefix.as_deref().unwrap_or_default();
    if !own.is_empty() && scope.namespace(own) == &*name.ns {
        return own.to_owned();
    }
    if let Some(prefix) = scope.prefix(&name.ns) {
        return prefix.to_owned();
    }
    if !own.is_empty() && scope.namespace(own).is_empty() {
        scope.declare(own, &name.ns);
        attribute(&declaration_name(own), &name.ns, out);
        return own.to_owned();
    }
    // https://w3c.github.io/DOM-Parsing/#dfn-generate-a-prefix
    *generated += 1;
    let prefix = format!("ns{generated}");
    scope.declare(&prefix, &name.ns);
    attribute(&declaration_name(&prefix), &name.ns, out);
    prefix
}

fn declared_prefix(declared: &Attribute) -> &str {
    let local = &*declared.name.local;
    if local == "xmlns" { "" } else { local }
}

fn declaration_name(prefix: &str) -> String {
    if prefix.is_empty() {
        "xmlns".to_owned()
    } else {
        qualify("xmlns", prefix)
    }
}

fn qualify(prefix: &str, local: &str) -> String {
    if prefix.is_empty() {
        local.to_owned()
    } else {
        format!("{prefix}:{local}")
    }
}

fn attribute(name: &str, value: &str, out: &mut String) {
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    escape(value, true, out);
    out.push('"');
}

fn end_of_start_tag(
    node: &Node,
    name: String,
    scope: &Scope,
    steps: &mut Vec<Step>,
    out: &mut String,
) {
    let is_html = matches!(&node.data, NodeData::Element { name, .. } if name.ns == ns!(html));
    let is_empty = node.children.borrow().is_empty() && dom::template_contents(node).is_none();
    if is_empty && !is_html {
        out.push_str("/>");
    } else if is_empty && is_void(&name) {
        out.push_str(" />");
    } else {
        out.push('>');
        steps.push(Step::Close(name));
        push_children(node, scope, steps);
    }
}

/// The elements that [XML serializing an Element node](https://w3c.github.io/DOM-Parsing/#dfn-xml-serialization-of-an-element)
/// writes without an end tag.
fn is_void(name: &str) -> bool {
    #[rustfmt::skip]
    const VOID: &[&str] = &[
        "area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "img", "input",
        "keygen", "link", "meta", "param", "source", "track", "wbr",
    ];
    VOID.contains(&name)
}

fn doctype(name: &str, public_id: &str, system_id: &str, out: &mut String) {
    out.push_str("<!DOCTYPE ");
    out.push_str(name);
    if !public_id.is_empty() {
        out.push_str(&format!(" PUBLIC \"{public_id}\""));
    } else if !system_id.is_empty() {
        out.push_str(" SYSTEM");
    }
    if !system_id.is_empty() {
        out.push_str(&format!(" \"{system_id}\""));
    }
    out.push('>');
}

fn escape(text: &str, in_attribute: bool, out: &mut String) {
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' if in_attribute => out.push_str("&quot;"),
            '\t' if in_attribute => out.push_str("&#9;"),
            '\n' if in_attribute => out.push_str("&#xA;"),
            '\r' if in_attribute => out.push_str("&#xD;"),
            other => out.push(other),
        }
    }
}
