//! `DOMImplementation` ([DOM, interface DOMImplementation](https://dom.spec.whatwg.org/#interface-domimplementation)).

use crate::script::wrappers;
use crate::script::wrappers::OfNode;
use boa_engine::{Context, JsNativeError, JsObject, JsResult, JsValue};
use framepost_browsing_context::dom::{self, NodeKind, node_kind};

use super::node::wrap;
use crate::dom::tree;
use crate::script::wrappers::NodeWrapper;
use crate::webidl::convert::{
    argument, dom_string, dom_string_null_empty, nullable_string, optional,
};
use crate::webidl::exception;
use crate::webidl::exception::OrThrow;
use crate::webidl::platform;
use crate::webidl::{self, Interface, Member};

/// The `DOMImplementation` interface.
pub(crate) static DOM_IMPLEMENTATION: Interface = Interface {
    members: &[&[
        Member::Operation("hasFeature", 0, |_, _, _| Ok(true.into())),
        Member::Operation("createDocument", 2, create_document),
        Member::Operation("createHTMLDocument", 0, create_html_document),
        Member::Operation("createDocumentType", 3, |_, args, ctx| {
            let name = dom_string(&argument(args, 0), ctx)?;
            let public = dom_string(&argument(args, 1), ctx)?;
            let system = dom_string(&argument(args, 2), ctx)?;
            // https://dom.spec.whatwg.org/#valid-doctype-name
            if name.contains(['\0', '\t', '\n', '\x0c', '\r', ' ', '>']) {
                let message = format!("{name:?} is not a valid name of a document type.");
                return Err(exception::throw("InvalidCharacterError", &message, ctx));
            }
            Ok(wrap(ctx, &dom::create_doctype(&name, &public, &system)).into())
        }),
    ]],
    ..Interface::new("DOMImplementation")
};

/// The `implementation` of a document.
pub(crate) fn of_document(this: &JsObject, ctx: &mut Context) -> JsResult<JsValue> {
    let node = wrappers::node(this)?;
    let realm = super::node::realm_of(ctx, &node);
    let made = platform::companion(this, "implementation", ctx, |ctx| {
        let wrapper = NodeWrapper::holding(ctx, node);
        Ok(webidl::create_object(
            &realm,
            &DOM_IMPLEMENTATION,
            OfNode(wrapper),
            ctx,
        ))
    })?;
    Ok(made.into())
}

/// [`createDocument()`](https://dom.spec.whatwg.org/#dom-domimplementation-createdocument)
///
/// NOT YET: `XMLDocument`; the document is a plain `Document`.
fn create_document(_: &JsObject, args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let namespace = nullable_string(&argument(args, 0), ctx)?;
    let name = dom_string_null_empty(&argument(args, 1), ctx)?;
    let doctype = match optional(args, 2).filter(|doctype| !doctype.is_null()) {
        None => None,
        Some(value) => {
            let node = value
                .as_object()
                .and_then(|object| wrappers::as_node(&object));
            let node = node.filter(|node| node_kind(node) == NodeKind::Doctype);
            Some(node.ok_or_else(|| {
                JsNativeError::typ().with_message("parameter 3 is not of type 'DocumentType'.")
            })?)
        }
    };
    let element = if name.is_empty() {
        None
    } else {
        Some(dom::create_element_ns(namespace.as_deref(), &name).or_throw(ctx)?)
    };
    let document = dom::create_document();
    for child in doctype.iter().chain(&element) {
        tree::insert(ctx, &document, child, None)?;
    }
    Ok(wrap(ctx, &document).into())
}

/// [`createHTMLDocument()`](https://dom.spec.whatwg.org/#dom-domimplementation-createhtmldocument)
fn create_html_document(_: &JsObject, args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let title = match optional(args, 0) {
        Some(title) => Some(dom_string(title, ctx)?),
        None => None,
    };
    let document = dom::create_document();
    let html = dom::create_element("html").or_throw(ctx)?;
    let head = dom::create_element("head").or_throw(ctx)?;
    tree::insert(ctx, &document, &dom::create_doctype("html", "", ""), None)?;
    tree::insert(ctx, &document, &html, None)?;
    tree::insert(ctx, &html, &head, None)?;
    if let Some(title) = title {
        let element = dom::create_element("title").or_throw(ctx)?;
        tree::insert(ctx, &head, &element, None)?;
        tree::insert(ctx, &element, &dom::create_text(&title), None)?;
    }
    let body = dom::create_element("body").or_throw(ctx)?;
    tree::insert(ctx, &html, &body, None)?;
    Ok(wrap(ctx, &document).into())
}
