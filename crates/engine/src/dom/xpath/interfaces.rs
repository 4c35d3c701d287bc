//! `XPathEvaluator`, `XPathExpression` and `XPathResult` ([DOM, XPath](https://dom.spec.whatwg.org/#xpath)).

use boa_engine::JsObject;
use markup5ever_rcdom::Handle as Node;

use super::results::{
    ResultData, boolean_value, create_expression, evaluate_expression, evaluate_source,
    iterate_next, number_value, single_node_value, snapshot_item, snapshot_length, string_value,
};
use crate::webidl::interface;

interface! {
    /// The [`XPathResult`](https://dom.spec.whatwg.org/#interface-xpathresult) interface.
    [Exposed=Window]
    interface XPathResult(ResultData) {
        const unsigned short ANY_TYPE = 0;
        const unsigned short NUMBER_TYPE = 1;
        const unsigned short STRING_TYPE = 2;
        const unsigned short BOOLEAN_TYPE = 3;
        const unsigned short UNORDERED_NODE_ITERATOR_TYPE = 4;
        const unsigned short ORDERED_NODE_ITERATOR_TYPE = 5;
        const unsigned short UNORDERED_NODE_SNAPSHOT_TYPE = 6;
        const unsigned short ORDERED_NODE_SNAPSHOT_TYPE = 7;
        const unsigned short ANY_UNORDERED_NODE_TYPE = 8;
        const unsigned short FIRST_ORDERED_NODE_TYPE = 9;

        readonly attribute unsigned short resultType = |result| result.result_type();
        readonly attribute unrestricted double numberValue = |result| number_value(result);
        readonly attribute DOMString stringValue = |result| string_value(result);
        readonly attribute boolean booleanValue = |result| boolean_value(result);
        readonly attribute Node? singleNodeValue = |result| single_node_value(result);
        readonly attribute boolean invalidIteratorState = |result| result.is_invalid_iterator();
        readonly attribute unsigned long snapshotLength = |result| snapshot_length(result);

        Node? iterateNext();
        Node? snapshotItem(unsigned long index) = |result, index| snapshot_item(result, index as usize);
    }

    /// The [`XPathExpression`](https://dom.spec.whatwg.org/#interface-xpathexpression) interface.
    [Exposed=Window]
    interface XPathExpression(ExpressionData) {
        XPathResult evaluate(Node contextNode, optional unsigned short type = 0, optional XPathResult? result = null) =
            evaluate_expression;
    }

    /// The [`XPathEvaluatorBase`](https://dom.spec.whatwg.org/#mixin-xpathevaluatorbase) mixin.
    interface mixin XPathEvaluatorBase {
        [NewObject] XPathExpression createExpression(DOMString expression, optional object? resolver = null) =
            create_expression;
        Node createNSResolver(Node nodeResolver) = |_, node: JsObject, _| node;
        XPathResult evaluate(
            DOMString expression,
            Node contextNode,
            optional object? resolver = null,
            optional unsigned short type = 0,
            optional XPathResult? result = null
        ) = evaluate_source;
    }

    /// The [`XPathEvaluator`](https://dom.spec.whatwg.org/#interface-xpathevaluator) interface.
    [Exposed=Window]
    interface XPathEvaluator {
        constructor() = || ();
    }

    XPathEvaluator includes XPathEvaluatorBase;
}
