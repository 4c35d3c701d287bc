//! The model of expressions and results that script holds
//! ([DOM Level 3 XPath](https://www.w3.org/TR/DOM-Level-3-XPath/xpath.html)).

use std::rc::Rc;

use boa_engine::{Context, Finalize, JsObject, JsResult, JsValue, Trace};
use framepost_browsing_context::dom::{self, NodeKind, TreeWatch, node_kind};
use markup5ever_rcdom::Handle as Node;

use super::interfaces::{XPATH_EXPRESSION, XPATH_RESULT};
use super::{Parsed, Value, XPathNode, evaluate, parse};
use crate::boa::errors::type_error;
use crate::dom::{attributes, node};
use crate::script::callback::{self, Callback};
use crate::script::{clean_up_after_running_script, report_exception, with_contexts, wrappers};
use crate::webidl::exception::OrThrow;
use crate::webidl::{self, exception, platform};

/// The data of an `XPathExpression`.
#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct ExpressionData(#[unsafe_ignore_trace] Rc<Parsed>);

/// The type of a result, with the numbers of the constants.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ResultType {
    Number,
    Text,
    Boolean,
    /// An iterator, ordered or not. The nodes are in order in either case.
    Iterator(u16),
    Snapshot(u16),
    SingleNode(u16),
}

/// The data of an `XPathResult`.
#[derive(Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct ResultData {
    #[unsafe_ignore_trace]
    kind: ResultType,
    /// The value if it is no set of nodes.
    #[unsafe_ignore_trace]
    value: Option<Value>,
    nodes: Vec<JsObject>,
    /// The index of the next node of an iterator.
    #[unsafe_ignore_trace]
    next: usize,
    /// For an iterator: whether the tree has changed.
    #[unsafe_ignore_trace]
    watch: Option<TreeWatch>,
}

impl ResultData {
    pub(super) fn result_type(&self) -> u16 {
        match self.kind {
            ResultType::Number => 1,
            ResultType::Text => 2,
            ResultType::Boolean => 3,
            ResultType::Iterator(number)
            | ResultType::Snapshot(number)
            | ResultType::SingleNode(number) => number,
        }
    }

    pub(super) fn is_invalid_iterator(&self) -> bool {
        self.watch.as_ref().is_some_and(TreeWatch::has_changed)
    }
}

/// Refuses to read a result as what it is not.
fn is_not<T>(what: &str) -> JsResult<T> {
    Err(type_error(format!("The result is not {what}.")))
}

/// [`numberValue`](https://www.w3.org/TR/DOM-Level-3-XPath/xpath.html#XPathResult-numberValue)
pub(super) fn number_value(result: &ResultData) -> JsResult<f64> {
    match (&result.value, result.kind) {
        (Some(value), ResultType::Number) => Ok(value.to_number()),
        _ => is_not("a number"),
    }
}

/// [`stringValue`](https://www.w3.org/TR/DOM-Level-3-XPath/xpath.html#XPathResult-stringValue)
pub(super) fn string_value(result: &ResultData) -> JsResult<String> {
    match (&result.value, result.kind) {
        (Some(value), ResultType::Text) => Ok(value.to_text()),
        _ => is_not("a string"),
    }
}

/// [`booleanValue`](https://www.w3.org/TR/DOM-Level-3-XPath/xpath.html#XPathResult-booleanValue)
pub(super) fn boolean_value(result: &ResultData) -> JsResult<bool> {
    match (&result.value, result.kind) {
        (Some(value), ResultType::Boolean) => Ok(value.to_boolean()),
        _ => is_not("a boolean"),
    }
}

/// [`singleNodeValue`](https://www.w3.org/TR/DOM-Level-3-XPath/xpath.html#XPathResult-singleNodeValue)
pub(super) fn single_node_value(result: &ResultData) -> JsResult<Option<JsObject>> {
    match result.kind {
        ResultType::SingleNode(_) => Ok(result.nodes.first().cloned()),
        _ => is_not("a single node"),
    }
}

/// [`snapshotLength`](https://www.w3.org/TR/DOM-Level-3-XPath/xpath.html#XPathResult-snapshotLength)
pub(super) fn snapshot_length(result: &ResultData) -> JsResult<usize> {
    match result.kind {
        ResultType::Snapshot(_) => Ok(result.nodes.len()),
        _ => is_not("a snapshot"),
    }
}

/// [`snapshotItem()`](https://www.w3.org/TR/DOM-Level-3-XPath/xpath.html#XPathResult-snapshotItem)
pub(super) fn snapshot_item(result: &ResultData, index: usize) -> JsResult<Option<JsObject>> {
    match result.kind {
        ResultType::Snapshot(_) => Ok(result.nodes.get(index).cloned()),
        _ => is_not("a snapshot"),
    }
}

/// [`iterateNext()`](https://www.w3.org/TR/DOM-Level-3-XPath/xpath.html#XPathResult-iterateNext)
pub(super) fn iterate_next(result: &JsObject, cx: &mut Context) -> JsResult<Option<JsObject>> {
    let (kind, is_invalid) = platform::read(result, |result: &ResultData| {
        (result.kind, result.is_invalid_iterator())
    })?;
    if !matches!(kind, ResultType::Iterator(_)) {
        return is_not("an iterator");
    }
    if is_invalid {
        let message = "The document has changed since the expression was evaluated.";
        return Err(exception::throw("InvalidStateError", message, cx));
    }
    platform::write(result, |result: &mut ResultData| {
        let node = result.nodes.get(result.next).cloned();
        result.next += 1;
        node
    })
}

/// Parses an expression. A resolver finds the namespaces of prefixes.
fn parse_with(source: &str, resolver: Option<JsObject>, cx: &mut Context) -> JsResult<Rc<Parsed>> {
    let resolver = resolver.map(|resolver| Callback::new(resolver, cx));
    let parsed = parse(source, &mut |prefix| {
        look_up(resolver.as_ref()?, prefix, cx)
    });
    Ok(Rc::new(parsed.or_throw(cx)?))
}

/// Asks a resolver for the namespace of a prefix. An exception is reported, and means that there is none.
fn look_up(resolver: &Callback, prefix: &str, cx: &mut Context) -> Option<String> {
    let undefined = JsValue::undefined();
    let argument = JsValue::from(boa_engine::JsString::from(prefix));
    let operation = "lookupNamespaceURI";
    let found = callback::call_operation(resolver, operation, &undefined, &[argument], cx);
    let text = found.and_then(|found| match found.is_null_or_undefined() {
        true => Ok(None),
        false => Ok(Some(found.to_string(cx)?.to_std_string_lossy())),
    });
    let namespace = text.unwrap_or_else(|error| {
        report_exception(cx, resolver.window(), error);
        None
    });
    clean_up_after_running_script(cx);
    namespace
}

/// [`createExpression()`](https://www.w3.org/TR/DOM-Level-3-XPath/xpath.html#XPathEvaluator-createExpression)
pub(super) fn create_expression(
    _: &JsObject,
    source: &str,
    resolver: Option<JsObject>,
    cx: &mut Context,
) -> JsResult<JsObject> {
    let parsed = parse_with(source, resolver, cx)?;
    let realm = cx.realm().clone();
    let data = ExpressionData(parsed);
    Ok(webidl::create_object(&realm, &XPATH_EXPRESSION, data, cx))
}

/// [`evaluate()`](https://www.w3.org/TR/DOM-Level-3-XPath/xpath.html#XPathEvaluator-evaluate) of an evaluator. As in
/// browsers, a given result is not used again.
pub(super) fn evaluate_source(
    _: &JsObject,
    source: &str,
    context: &JsObject,
    resolver: Option<JsObject>,
    kind: u16,
    _: Option<JsObject>,
    cx: &mut Context,
) -> JsResult<JsObject> {
    let parsed = parse_with(source, resolver, cx)?;
    evaluate_parsed(&parsed, context, kind, cx)
}

/// [`evaluate()`](https://www.w3.org/TR/DOM-Level-3-XPath/xpath.html#XPathExpression-evaluate) of an expression.
pub(super) fn evaluate_expression(
    expression: &JsObject,
    context: &JsObject,
    kind: u16,
    _: Option<JsObject>,
    cx: &mut Context,
) -> JsResult<JsObject> {
    let parsed = platform::read(expression, |data: &ExpressionData| Rc::clone(&data.0))?;
    evaluate_parsed(&parsed, context, kind, cx)
}

fn evaluate_parsed(
    parsed: &Parsed,
    context: &JsObject,
    kind: u16,
    cx: &mut Context,
) -> JsResult<JsObject> {
    let node = wrappers::node(context)?;
    if matches!(
        node_kind(&node),
        NodeKind::Doctype | NodeKind::DocumentFragment
    ) {
        let message = "An expression is not evaluated for doctypes and document fragments.";
        return Err(exception::throw("NotSupportedError", message, cx));
    }
    let context_node = context_node(context, &node)?;
    let is_html = with_contexts(cx, |contexts| contexts.is_in_html_document(&node));
    let value = evaluate(parsed, &context_node, is_html).or_throw(cx)?;
    let data = result_of_type(value, kind, context, &context_node, cx)?;
    let realm = cx.realm().clone();
    Ok(webidl::create_object(&realm, &XPATH_RESULT, data, cx))
}

/// The node of an object, as expressions see it.
fn context_node(object: &JsObject, node: &Node) -> JsResult<XPathNode> {
    let Some(attribute) = attributes::as_attr(object) else {
        return Ok(XPathNode::Tree(node.clone()));
    };
    let name = attribute.name.to_qual_name();
    if let Some(element) = &attribute.element {
        let element = wrappers::node(element)?;
        let mut names = dom::attribute_names(&element).into_iter();
        if let Some(index) = names.position(|held| held.ns == name.ns && held.local == name.local) {
            return Ok(XPathNode::Attribute(element, index));
        }
    }
    let value = attribute.value()?;
    Ok(XPathNode::Loose(Rc::new((name, value))))
}

/// Converts a value to the [type](https://www.w3.org/TR/DOM-Level-3-XPath/xpath.html#XPathResult-resultType) that script
/// asked for.
fn result_of_type(
    value: Value,
    kind: u16,
    context: &JsObject,
    context_node: &XPathNode,
    cx: &mut Context,
) -> JsResult<ResultData> {
    let kind = match (kind, &value) {
        (0, Value::Number(_)) | (1, _) => ResultType::Number,
        (0, Value::Text(_)) | (2, _) => ResultType::Text,
        (0, Value::Boolean(_)) | (3, _) => ResultType::Boolean,
        (0, Value::Nodes(_)) => ResultType::Iterator(4),
        (4 | 5, _) => ResultType::Iterator(kind),
        (6 | 7, _) => ResultType::Snapshot(kind),
        (8 | 9, _) => ResultType::SingleNode(kind),
        _ => {
            let message = format!("There is no type of results with the number {kind}.");
            return Err(exception::throw("NotSupportedError", &message, cx));
        }
    };
    let mut data = ResultData {
        kind,
        value: None,
        nodes: Vec::new(),
        next: 0,
        watch: None,
    };
    match kind {
        ResultType::Number | ResultType::Text | ResultType::Boolean => data.value = Some(value),
        ResultType::Iterator(_) | ResultType::Snapshot(_) | ResultType::SingleNode(_) => {
            let Value::Nodes(mut nodes) = value else {
                return is_not("a set of nodes");
            };
            if matches!(kind, ResultType::SingleNode(_)) {
                nodes.truncate(1);
            }
            data.nodes = nodes
                .into_iter()
                .map(|node| object_of(node, context, cx))
                .collect();
            if matches!(kind, ResultType::Iterator(_)) {
                data.watch = context_node.in_tree().map(TreeWatch::new);
            }
        }
    }
    Ok(data)
}

/// The object of a node. Only the context node can be an attribute without an element.
fn object_of(found: XPathNode, context: &JsObject, cx: &mut Context) -> JsObject {
    match found {
        XPathNode::Loose(_) => context.clone(),
        XPathNode::Tree(found) => node::wrap(cx, &found),
        XPathNode::Attribute(ref element, _) => match found.attribute_name() {
            Some(name) => attributes::of_name(cx, element, &name),
            None => node::wrap(cx, element),
        },
    }
}
