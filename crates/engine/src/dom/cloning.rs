//! Cloning nodes ([DOM, clone a node](https://dom.spec.whatwg.org/#concept-node-clone)).

use boa_engine::{Context, JsObject, JsResult};
use framepost_browsing_context::dom::{CloneScope, NodeKind, node_kind};
use markup5ever_rcdom::Handle as Node;

use super::node::wrap;
use crate::dom::{attributes, tree};
use crate::script::{with_contexts, wrappers};

/// [Clones a node](https://dom.spec.whatwg.org/#concept-node-clone) for the document of `like`.
pub(crate) fn clone_into_document_of(
    like: &Node,
    object: &JsObject,
    subtree: bool,
    cx: &mut Context,
) -> JsResult<JsObject> {
    if let Some(attr) = attributes::as_attr(object) {
        return attributes::clone(attr, like, cx);
    }
    let scope = match subtree {
        true => CloneScope::Subtree,
        false => CloneScope::Node,
    };
    let node = wrappers::node(object)?;
    let copy = with_contexts(cx, |contexts| contexts.clone_node(&node, scope));
    if node_kind(&copy) != NodeKind::Document {
        tree::adopt(cx, &copy, like);
    }
    Ok(wrap(cx, &copy))
}
