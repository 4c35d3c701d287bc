//! `DOMImplementation` ([DOM, interface DOMImplementation](https://dom.spec.whatwg.org/#interface-domimplementation)).

use boa_engine::{Context, JsObject, JsResult};
use framepost_browsing_context::{DocumentKind, DocumentProperties, about_blank, dom};
use markup5ever_rcdom::Handle as Node;

use crate::dom::document::DocumentType;
use crate::dom::{node, tree};
use crate::script::with_contexts;
use crate::script::wrappers::{NodeWrapper, OfNode};
use crate::webidl::exception::OrThrow;
use crate::webidl::{self, exception, interface, platform};

interface! {
    /// The `DOMImplementation` interface.
    [Exposed=Window]
    interface DOMImplementation(OfNode) {
        [NewObject] DocumentType createDocumentType(DOMString name, DOMString publicId, DOMString systemId);
        [NewObject] XMLDocument createDocument(
            DOMString? namespace,
            [LegacyNullToEmptyString] DOMString qualifiedName,
            optional DocumentType? doctype = null
        );
        [NewObject] Document createHTMLDocument(optional DOMString title);

        boolean hasFeature() = true;
    }
}

/// The `implementation` of a document.
pub(crate) fn of_document(document: &Node, cx: &mut Context) -> JsObject {
    let realm = node::realm_of(cx, document);
    let wrapper = NodeWrapper::holding(cx, document.clone());
    webidl::create_object(&realm, &DOM_IMPLEMENTATION, OfNode(wrapper), cx)
}

/// The document of an implementation.
fn document(implementation: &JsObject) -> Option<Node> {
    platform::with(implementation, |of: &OfNode| Some(of.0.node.clone()))
}

/// Creates a document with the origin of the implementation's document.
fn create_inert(
    implementation: &JsObject,
    kind: DocumentKind,
    content_type: &str,
    cx: &Context,
) -> Node {
    let like = document(implementation);
    with_contexts(cx, |contexts| {
        let origin = like.and_then(|like| contexts.origin_of_document(&like));
        let properties = DocumentProperties::new(about_blank(), kind, content_type);
        contexts.create_an_inert_document(properties.with_origin(origin))
    })
}

/// [`createDocumentType()`](https://dom.spec.whatwg.org/#dom-domimplementation-createdocumenttype)
fn create_document_type(
    implementation: &JsObject,
    name: &str,
    public_id: &str,
    system_id: &str,
    cx: &mut Context,
) -> JsResult<Node> {
    // 1. Check that the name is a valid doctype name.
    if name.contains(['\0', '\t', '\n', '\x0c', '\r', ' ', '>']) {
        let message = format!("{name:?} is not a valid name of a document type.");
        return Err(exception::throw("InvalidCharacterError", &message, cx));
    }
    // 2. Return a new doctype of this document.
    let doctype = dom::create_doctype(name, public_id, system_id);
    if let Some(document) = document(implementation) {
        tree::adopt(cx, &doctype, &document);
    }
    Ok(doctype)
}

/// [`createDocument()`](https://dom.spec.whatwg.org/#dom-domimplementation-createdocument)
fn create_document(
    implementation: &JsObject,
    namespace: Option<&str>,
    qualified_name: &str,
    doctype: Option<&Node>,
    cx: &mut Context,
) -> JsResult<Node> {
    // 1., 6. and 7. Create the document. A document gets its origin (6.) and its content type (7.) at its creation.
    let content_type = match namespace {
        Some("http://www.w3.org/1999/xhtml") => "application/xhtml+xml",
        Some("http://www.w3.org/2000/svg") => "image/svg+xml",
        _ => "application/xml",
    };
    let document = create_inert(implementation, DocumentKind::Xml, content_type, cx);
    // 2. and 3. With a name, create an element.
    let element = match qualified_name {
        "" => None,
        name => Some(dom::create_element_ns(namespace, name).or_throw(cx)?),
    };
    // 4. and 5. Append the doctype and the element.
    for child in doctype.into_iter().chain(&element) {
        tree::insert(cx, &document, child, None)?;
    }
    // 8. Return the document.
    Ok(document)
}

/// [`createHTMLDocument()`](https://dom.spec.whatwg.org/#dom-domimplementation-createhtmldocument)
fn create_html_document(
    implementation: &JsObject,
    title: Option<&str>,
    cx: &mut Context,
) -> JsResult<Node> {
    // 1., 2. and 8. Create the document, which gets its origin (8.) at its creation.
    let document = create_inert(implementation, DocumentKind::Html, "text/html", cx);
    let append = |cx: &mut Context, parent: &Node, name: &str| -> JsResult<Node> {
        let element = dom::create_element(name).or_throw(cx)?;
        tree::insert(cx, parent, &element, None)?;
        Ok(element)
    };
    // 3. Append the doctype.
    tree::insert(cx, &document, &dom::create_doctype("html", "", ""), None)?;
    // 4. and 5. Append the html element and the head element.
    let html = append(cx, &document, "html")?;
    let head = append(cx, &html, "head")?;
    // 6. With a title, append the title element and its text.
    if let Some(title) = title {
        let element = append(cx, &head, "title")?;
        tree::insert(cx, &element, &dom::create_text(title), None)?;
    }
    // 7. Append the body element.
    append(cx, &html, "body")?;
    Ok(document)
}
