//! `MutationRecord` ([DOM, interface MutationRecord](https://dom.spec.whatwg.org/#interface-mutationrecord)).

use boa_engine::{Context, Finalize, JsObject, JsResult, Trace};

use super::collections;
use crate::script::wrappers;
use crate::webidl::{interface, platform};

interface! {
    /// The `MutationRecord` interface.
    [Exposed=Window]
    interface MutationRecord(RecordData) {
        readonly attribute DOMString type = .what;
        [SameObject] readonly attribute Node target = .target;
        [SameObject] readonly attribute NodeList addedNodes = |record, cx| node_list(record, |data| &data.added, cx);
        [SameObject] readonly attribute NodeList removedNodes = |record, cx| node_list(record, |data| &data.removed, cx);
        readonly attribute Node? previousSibling = .previous_sibling;
        readonly attribute Node? nextSibling = .next_sibling;
        readonly attribute DOMString? attributeName = .attribute_name;
        readonly attribute DOMString? attributeNamespace = .attribute_namespace;
        readonly attribute DOMString? oldValue = .old_value;
    }
}

/// The data of a `MutationRecord`. It holds nodes by their objects.
#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct RecordData {
    #[unsafe_ignore_trace]
    pub(crate) what: &'static str,
    pub(crate) target: JsObject,
    pub(crate) added: Vec<JsObject>,
    pub(crate) removed: Vec<JsObject>,
    pub(crate) previous_sibling: Option<JsObject>,
    pub(crate) next_sibling: Option<JsObject>,
    #[unsafe_ignore_trace]
    pub(crate) attribute_name: Option<String>,
    #[unsafe_ignore_trace]
    pub(crate) attribute_namespace: Option<String>,
    #[unsafe_ignore_trace]
    pub(crate) old_value: Option<String>,
}

impl RecordData {
    /// A record without details.
    pub(crate) fn new(what: &'static str, target: JsObject) -> Self {
        Self {
            what,
            target,
            added: Vec::new(),
            removed: Vec::new(),
            previous_sibling: None,
            next_sibling: None,
            attribute_name: None,
            attribute_namespace: None,
            old_value: None,
        }
    }
}

fn node_list(
    record: &JsObject,
    nodes: fn(&RecordData) -> &Vec<JsObject>,
    cx: &mut Context,
) -> JsResult<JsObject> {
    let (root, nodes) = platform::read(record, |data: &RecordData| {
        (data.target.clone(), nodes(data).clone())
    })?;
    let nodes: Vec<_> = nodes.iter().filter_map(wrappers::as_node).collect();
    Ok(collections::static_node_list(
        cx,
        &wrappers::node(&root)?,
        &nodes,
    ))
}
