//! `Document`, `DocumentFragment` and `DocumentType`
//! ([DOM, interface Document](https://dom.spec.whatwg.org/#interface-document)).

use boa_engine::{Context, JsObject, JsResult};
use framepost_browsing_context::dom::{self, DocumentFormat, NodeKind, node_kind};
use framepost_browsing_context::{
    Document as ShownDocument, DocumentKind, DocumentProperties, Origin, QuirksMode, about_blank,
};
use markup5ever_rcdom::{Handle as Node, NodeData};

use crate::dom::child_node::CHILD_NODE;
use crate::dom::collection::Of;
use crate::dom::collections;
use crate::dom::event;
use crate::dom::events::{self, NewEvent};
use crate::dom::extensions::extensions;
use crate::dom::node::{self, ConstructedNode, NODE};
use crate::dom::parent_node::PARENT_NODE;
use crate::dom::xpath::interfaces::XPATH_EVALUATOR_BASE;
use crate::dom::{attributes, cloning};
use crate::dom::{implementation, tree};
use crate::script::{run_steps, with_contexts, wrappers};
use crate::webidl::exception::OrThrow;
use crate::webidl::{exception, interface};

interface! {
    /// The `Document` interface, as far as the DOM standard defines it.
    // IMPLEMENTATION-DEFINED: its named properties hide no member.
    [Exposed=Window]
    interface Document(Node) : Node {
        constructor() = |cx| ConstructedNode(create_plain_document(cx));

        [SameObject] readonly attribute DOMImplementation implementation = implementation::of_document;
        readonly attribute USVString URL = url;
        readonly attribute USVString documentURI = url;
        readonly attribute DOMString compatMode;
        readonly attribute DOMString characterSet = character_set;
        readonly attribute DOMString charset = character_set;
        readonly attribute DOMString inputEncoding = character_set;
        readonly attribute DOMString contentType;

        readonly attribute DocumentType? doctype = |document| child_of_kind(document, NodeKind::Doctype);
        readonly attribute Element? documentElement = |document| child_of_kind(document, NodeKind::Element);
        HTMLCollection getElementsByTagName(DOMString qualifiedName) = collections::get_elements_by_tag_name;
        HTMLCollection getElementsByTagNameNS(DOMString? namespace, DOMString localName) =
            collections::get_elements_by_tag_name_ns;
        HTMLCollection getElementsByClassName(DOMString classNames) = collections::get_elements_by_class_name;
        NodeList getElementsByName(DOMString elementName) =
            |document: &Node, name, cx| collections::create(cx, document, Of::Named(name));
        Element? getElementById(DOMString elementId) = |document, id: String| element_by_id(document, &id);

        [CEReactions, NewObject] Element createElement(DOMString localName);
        [CEReactions, NewObject] Element createElementNS(DOMString? namespace, DOMString qualifiedName);
        [NewObject] DocumentFragment createDocumentFragment() =
            |document: &Node, cx| adopted(dom::create_document_fragment(), document, cx);
        [NewObject] Text createTextNode(DOMString data) =
            |document: &Node, data: &str, cx| adopted(dom::create_text(data), document, cx);
        [NewObject] CDATASection createCDATASection(DOMString data) = create_cdata_section;
        [NewObject] Attr createAttribute(DOMString localName) = attributes::create_attribute;
        [NewObject] Attr createAttributeNS(DOMString? namespace, DOMString qualifiedName) = attributes::create_attribute_ns;
        [NewObject] Comment createComment(DOMString data) =
            |document: &Node, data: &str, cx| adopted(dom::create_comment(data), document, cx);
        [NewObject] ProcessingInstruction createProcessingInstruction(DOMString target, DOMString data);

        [CEReactions, NewObject] Node importNode(Node node, optional boolean subtree = false);
        [CEReactions] Node adoptNode(Node node);

        [NewObject] Event createEvent([LegacyNullToEmptyString] DOMString interface);
    }

    Document includes ParentNode;
    Document includes XPathEvaluatorBase;

    /// The [`HTMLDocument`](https://html.spec.whatwg.org/multipage/dom.html#htmldocument) interface. In the standard
    /// it is an alias of `Document`.
    // IMPLEMENTATION-DEFINED: as in browsers, it is the interface of HTML documents.
    [Exposed=Window]
    interface HTMLDocument(Node) : Document {}

    /// The `XMLDocument` interface.
    // IMPLEMENTATION-DEFINED: as in browsers, all XML documents except those of the constructor have it.
    [Exposed=Window]
    interface XMLDocument(Node) : Document {}

    /// The `DocumentFragment` interface.
    [Exposed=Window]
    interface DocumentFragment(Node) : Node {
        constructor() = || ConstructedNode(dom::create_document_fragment());

        Element? getElementById(DOMString elementId) = |fragment, id: String| element_by_id(fragment, &id);
    }

    DocumentFragment includes ParentNode;

    /// The `DocumentType` interface.
    [Exposed=Window]
    interface DocumentType(Node) : Node {
        readonly attribute DOMString name = |doctype| ids(doctype)[0].clone();
        readonly attribute DOMString publicId = |doctype| ids(doctype)[1].clone();
        readonly attribute DOMString systemId = |doctype| ids(doctype)[2].clone();
    }

    DocumentType includes ChildNode;
}

/// Sets the node document of a new node to the current window's document.
pub(crate) fn adopt_to_current(node: &Node, cx: &mut Context) {
    let Some(window) = crate::script::realm::current_window(cx) else {
        return;
    };
    let steps = with_contexts(cx, |contexts| {
        let document = contexts.window(window)?.document();
        Some(contexts.adopt(node, document))
    });
    if let Some(steps) = steps {
        run_steps(cx, steps);
    }
}

/// Reads from a document that is in a navigable.
pub(crate) fn read<R>(
    document: &Node,
    cx: &Context,
    read: impl FnOnce(&ShownDocument) -> R,
) -> Option<R> {
    with_contexts(cx, |contexts| {
        let document = contexts.connected_document(document)?;
        contexts.document(document).map(read)
    })
}

/// Reads the properties of a document, even if no navigable shows it.
fn property<R>(
    document: &Node,
    cx: &Context,
    read: impl FnOnce(&DocumentProperties) -> R,
) -> Option<R> {
    with_contexts(cx, |contexts| {
        contexts.document_properties(document).map(read)
    })
}

/// The [constructor](https://dom.spec.whatwg.org/#dom-document-document).
fn create_plain_document(cx: &Context) -> Node {
    // It has the origin of the current window's document.
    let properties = DocumentProperties::new(about_blank(), DocumentKind::Xml, "application/xml")
        .with_origin(current_origin(cx));
    with_contexts(cx, |contexts| contexts.create_an_inert_document(properties))
}

/// The origin of the current window's document.
pub(crate) fn current_origin(cx: &Context) -> Option<Origin> {
    let window = crate::script::realm::current_window(cx)?;
    with_contexts(cx, |contexts| {
        let document = contexts.window(window)?.document();
        Some(contexts.document(document)?.origin().clone())
    })
}

/// Sets the node document of a new node to this document.
fn adopted(node: Node, document: &Node, cx: &mut Context) -> Node {
    tree::adopt(cx, &node, document);
    node
}

/// [`URL`](https://dom.spec.whatwg.org/#dom-document-url)
fn url(document: &Node, cx: &mut Context) -> String {
    let url = property(document, cx, |document| document.url().to_string());
    url.unwrap_or_else(|| "about:blank".to_owned())
}

/// [`compatMode`](https://dom.spec.whatwg.org/#dom-document-compatmode)
fn compat_mode(document: &Node, cx: &mut Context) -> &'static str {
    match property(document, cx, DocumentProperties::quirks_mode) {
        Some(QuirksMode::Quirks) => "BackCompat",
        _ => "CSS1Compat",
    }
}

/// [`characterSet`](https://dom.spec.whatwg.org/#dom-document-characterset)
fn character_set(document: &Node, cx: &mut Context) -> &'static str {
    property(document, cx, DocumentProperties::character_encoding).unwrap_or("UTF-8")
}

/// [`contentType`](https://dom.spec.whatwg.org/#dom-document-contenttype)
fn content_type(document: &Node, cx: &mut Context) -> String {
    let content_type = property(document, cx, |document| document.content_type().to_owned());
    content_type.unwrap_or_else(|| "application/xml".to_owned())
}

/// [`createElement()`](https://dom.spec.whatwg.org/#dom-document-createelement)
fn create_element(document: &Node, name: &str, cx: &mut Context) -> JsResult<Node> {
    // 2. and 4. The kind of the document determines the case of the name and the namespace.
    // NOT YET: 3. Options for custom elements.
    let format = property(document, cx, |document| match document.content_type() {
        _ if document.is_html() => DocumentFormat::Html,
        "application/xhtml+xml" => DocumentFormat::Xhtml,
        _ => DocumentFormat::Xml,
    });
    let format = format.unwrap_or(DocumentFormat::Html);
    // 1. and 5. Check the name and create the element.
    let element = dom::create_element_in(name, format).or_throw(cx)?;
    Ok(adopted(element, document, cx))
}

/// [`createCDATASection()`](https://dom.spec.whatwg.org/#dom-document-createcdatasection)
fn create_cdata_section(document: &Node, data: &str, cx: &mut Context) -> JsResult<Node> {
    // 1. An HTML document has no CDATA sections.
    if with_contexts(cx, |contexts| contexts.is_in_html_document(document)) {
        let message = "This operation is not supported for HTML documents.";
        return Err(exception::throw("NotSupportedError", message, cx));
    }
    // 2. The data must not end the section.
    if data.contains("]]>") {
        let message = "The data contains \"]]>\".";
        return Err(exception::throw("InvalidCharacterError", message, cx));
    }
    // 3. Create it.
    Ok(adopted(dom::create_cdata_section(data), document, cx))
}

/// The first child of this kind.
pub(crate) fn child_of_kind(document: &Node, kind: NodeKind) -> Option<Node> {
    let children = document.children.borrow();
    let found = children.iter().find(|node| node_kind(node) == kind);
    found.cloned()
}

/// The first element below `root` with this id.
pub(crate) fn element_by_id(root: &Node, id: &str) -> Option<Node> {
    if id.is_empty() {
        return None;
    }
    dom::descendants(root).find(|node| match &node.data {
        NodeData::Element { attrs, .. } => attrs.borrow().iter().any(|attribute| {
            &*attribute.name.local == "id"
                && attribute.name.ns.is_empty()
                && &*attribute.value == id
        }),
        _ => false,
    })
}

/// [`createElementNS()`](https://dom.spec.whatwg.org/#dom-document-createelementns)
fn create_element_ns(
    document: &Node,
    namespace: Option<&str>,
    name: &str,
    cx: &mut Context,
) -> JsResult<Node> {
    let element = dom::create_element_ns(namespace, name).or_throw(cx)?;
    Ok(adopted(element, document, cx))
}

/// [`createProcessingInstruction()`](https://dom.spec.whatwg.org/#dom-document-createprocessinginstruction)
fn create_processing_instruction(
    document: &Node,
    target: &str,
    data: &str,
    cx: &mut Context,
) -> JsResult<Node> {
    let node = dom::create_processing_instruction(target, data).or_throw(cx)?;
    Ok(adopted(node, document, cx))
}

/// [`importNode()`](https://dom.spec.whatwg.org/#dom-document-importnode)
fn import_node(
    document: &Node,
    object: &JsObject,
    subtree: bool,
    cx: &mut Context,
) -> JsResult<JsObject> {
    // 1. Refuse documents and shadow roots.
    let node = wrappers::node(object)?;
    let message = match node_kind(&node) {
        NodeKind::Document => "A document cannot be imported.",
        _ if dom::is_shadow_root(&node) => "A shadow root cannot be imported.",
        // 2. to 7. Clone the node for this document.
        _ => return cloning::clone_into_document_of(document, object, subtree, cx),
    };
    Err(exception::throw("NotSupportedError", message, cx))
}

/// [`adoptNode()`](https://dom.spec.whatwg.org/#dom-document-adoptnode)
fn adopt_node(document: &Node, node: Node, cx: &mut Context) -> JsResult<Node> {
    // 1. Refuse a document.
    if node_kind(&node) == NodeKind::Document {
        let message = "A document cannot be adopted.";
        return Err(exception::throw("NotSupportedError", message, cx));
    }
    // 2. Refuse a shadow root.
    if dom::is_shadow_root(&node) {
        let message = "A shadow root cannot be adopted.";
        return Err(exception::throw("HierarchyRequestError", message, cx));
    }
    // 3. The contents of a template do not move.
    if dom::is_template_contents(&node) {
        return Ok(node);
    }
    // 4. Adopt the node.
    // 5. Return it.
    Ok(adopted(node, document, cx))
}

/// The name, the public ID and the system ID of a doctype.
fn ids(doctype: &Node) -> [String; 3] {
    match &doctype.data {
        NodeData::Doctype {
            name,
            public_id,
            system_id,
        } => [name, public_id, system_id].map(ToString::to_string),
        _ => Default::default(),
    }
}

/// [`createEvent()`](https://dom.spec.whatwg.org/#dom-document-createevent)
fn create_event(document: &Node, interface: &str, cx: &mut Context) -> JsResult<JsObject> {
    // 1. and 2. Find the interface by its name in lower case.
    let name = interface.to_ascii_lowercase();
    let of_families = || {
        let mut creatable = extensions().creatable_events.iter();
        creatable.find_map(|make| make(&name))
    };
    let new = match name.as_str() {
        "event" | "events" | "htmlevents" | "svgevents" => Some(NewEvent::plain()),
        "customevent" => Some(event::uninitialized_custom()),
        _ => of_families(),
    };
    // 3. Refuse a name that no interface has.
    let Some(new) = new else {
        let message = format!("The event interface {name:?} is not known.");
        return Err(exception::throw("NotSupportedError", &message, cx));
    };
    // 5. to 10. Create the event, which is not initialized.
    let window = node::window_of(cx, document);
    Ok(events::create(cx, window, new))
}
