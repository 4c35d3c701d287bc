//! XPath 1.0 over the DOM tree ([DOM, XPath](https://dom.spec.whatwg.org/#xpath)).
//!
//! The syntax, the data model and the evaluation know no script. `interfaces` and `results` are the objects of script, as
//! DOM Level 3 XPath defines them. The tree does not change while an expression is evaluated: resolvers of namespaces, which
//! are script, run while it is parsed.

mod error;
mod evaluate;
mod functions;
pub(crate) mod interfaces;
mod lexer;
mod nodes;
mod order;
mod parser;
mod results;
mod syntax;
#[cfg(test)]
mod tests;
mod values;

use error::XPathError;
use evaluate::{Evaluation, Focus};
use nodes::XPathNode;
use order::DocumentOrder;
use values::Value;

/// A parsed expression.
struct Parsed(syntax::Expression);

/// Parses an expression. `resolve` finds the namespace of a prefix.
fn parse(source: &str, resolve: parser::Resolve<'_>) -> Result<Parsed, XPathError> {
    parser::parse(source, resolve).map(Parsed)
}

/// Evaluates an expression for a node. In an HTML document, names are compared as `is_html` says.
fn evaluate(parsed: &Parsed, node: &XPathNode, is_html: bool) -> Result<Value, XPathError> {
    let evaluation = Evaluation {
        is_html,
        order: DocumentOrder::of_tree(node),
    };
    let focus = Focus {
        node,
        position: 1,
        size: 1,
    };
    evaluation.value(&parsed.0, focus)
}
