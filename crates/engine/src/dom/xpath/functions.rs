//! The functions of expressions ([XPath 1.0, core function library](https://www.w3.org/TR/xpath-10/#corelib)).

use std::collections::HashSet;

use framepost_browsing_context::dom;
use html5ever::ns;
use markup5ever_rcdom::Handle as Node;

use super::error::XPathError;
use super::evaluate::Focus;
use super::lexer::is_space;
use super::nodes::XPathNode;
use super::syntax::Function;
use super::values::Value;

/// The arguments of a call.
struct Arguments<'a> {
    values: Vec<Value>,
    focus: Focus<'a>,
}

impl Arguments<'_> {
    /// The argument at this index, or the context node.
    fn value(&self, index: usize) -> Value {
        let of_context = || Value::Nodes(vec![self.focus.node.clone()]);
        self.values.get(index).cloned().unwrap_or_else(of_context)
    }

    fn text(&self, index: usize) -> String {
        self.value(index).to_text()
    }

    fn number(&self, index: usize) -> f64 {
        self.value(index).to_number()
    }

    fn nodes(&self, index: usize) -> Result<Vec<XPathNode>, XPathError> {
        self.value(index).into_nodes()
    }

    /// The name of the first node.
    fn name(&self) -> Result<(Option<String>, String, String), XPathError> {
        let name = self.nodes(0)?.first().and_then(XPathNode::name);
        Ok(name.unwrap_or_default())
    }
}

/// Calls a function. The parser has checked the number of its arguments.
pub(super) fn call(
    function: Function,
    values: Vec<Value>,
    focus: Focus<'_>,
) -> Result<Value, XPathError> {
    let arguments = Arguments { values, focus };
    Ok(match function {
        Function::Last => Value::Number(focus.size as f64),
        Function::Position => Value::Number(focus.position as f64),
        Function::Count => Value::Number(arguments.nodes(0)?.len() as f64),
        Function::Id => Value::Nodes(id(&arguments.value(0), focus.node)),
        Function::LocalName => Value::Text(arguments.name()?.1),
        Function::NamespaceUri => Value::Text(arguments.name()?.2),
        Function::Name => Value::Text(match arguments.name()? {
            (Some(prefix), local, _) => format!("{prefix}:{local}"),
            (None, local, _) => local,
        }),
        Function::String => Value::Text(arguments.text(0)),
        Function::Concat => Value::Text(arguments.values.iter().map(Value::to_text).collect()),
        Function::StartsWith => Value::Boolean(arguments.text(0).starts_with(&arguments.text(1))),
        Function::Contains => Value::Boolean(arguments.text(0).contains(&arguments.text(1))),
        Function::SubstringBefore => Value::Text(around(&arguments, |(before, _)| before)),
        Function::SubstringAfter => Value::Text(around(&arguments, |(_, after)| after)),
        Function::Substring => Value::Text(substring(&arguments)),
        Function::StringLength => Value::Number(arguments.text(0).chars().count() as f64),
        Function::NormalizeSpace => {
            let text = arguments.text(0);
            let words: Vec<&str> = text
                .split(is_space)
                .filter(|word| !word.is_empty())
                .collect();
            Value::Text(words.join(" "))
        }
        Function::Translate => Value::Text(translate(&arguments)),
        Function::Boolean => Value::Boolean(arguments.value(0).to_boolean()),
        Function::Not => Value::Boolean(!arguments.value(0).to_boolean()),
        Function::True => Value::Boolean(true),
        Function::False => Value::Boolean(false),
        Function::Lang => Value::Boolean(lang(&arguments.text(0), focus.node)),
        Function::Number => Value::Number(arguments.number(0)),
        Function::Sum => {
            let nodes = arguments.nodes(0)?;
            let numbers = nodes
                .iter()
                .map(|node| Value::Text(node.string_value()).to_number());
            // Not `sum()`, whose result for no numbers is -0.
            Value::Number(numbers.fold(0.0, |sum, number| sum + number))
        }
        Function::Floor => Value::Number(arguments.number(0).floor()),
        Function::Ceiling => Value::Number(arguments.number(0).ceil()),
        Function::Round => Value::Number(round(arguments.number(0))),
    })
}

/// [`id()`](https://www.w3.org/TR/xpath-10/#function-id). As in browsers, it finds all elements with the same id.
fn id(ids: &Value, context: &XPathNode) -> Vec<XPathNode> {
    let texts = match ids {
        Value::Nodes(nodes) => nodes.iter().map(XPathNode::string_value).collect(),
        other => vec![other.to_text()],
    };
    let words = texts.iter().flat_map(|text| text.split(is_space));
    let ids: HashSet<&str> = words.filter(|word| !word.is_empty()).collect();
    let root = context.in_tree().map(dom::root);
    let nodes = root.iter().flat_map(dom::inclusive_descendants);
    let has_id =
        |node: &Node| dom::attribute(node, "id").is_some_and(|id| ids.contains(id.as_str()));
    nodes.filter(has_id).map(XPathNode::Tree).collect()
}

/// The parts of the first argument before and after the second one.
fn around(arguments: &Arguments<'_>, part: for<'t> fn((&'t str, &'t str)) -> &'t str) -> String {
    let text = arguments.text(0);
    let parts = text.split_once(&arguments.text(1));
    parts.map(part).unwrap_or_default().to_owned()
}

/// [`substring()`](https://www.w3.org/TR/xpath-10/#function-substring)
fn substring(arguments: &Arguments<'_>) -> String {
    let from = round(arguments.number(1));
    let to = match arguments.values.len() {
        3 => from + round(arguments.number(2)),
        _ => f64::INFINITY,
    };
    let text = arguments.text(0);
    let numbered = text.chars().zip(1_u32..);
    // Nothing is at or before a position that is no number.
    let inside = numbered.filter(|(_, position)| {
        let position = f64::from(*position);
        position >= from && position < to
    });
    inside.map(|(c, _)| c).collect()
}

/// [`translate()`](https://www.w3.org/TR/xpath-10/#function-translate)
fn translate(arguments: &Arguments<'_>) -> String {
    let from: Vec<char> = arguments.text(1).chars().collect();
    let to: Vec<char> = arguments.text(2).chars().collect();
    let text = arguments.text(0);
    let translated = text
        .chars()
        .filter_map(|c| match from.iter().position(|of| *of == c) {
            Some(index) => to.get(index).copied(),
            None => Some(c),
        });
    translated.collect()
}

/// [`round()`](https://www.w3.org/TR/xpath-10/#function-round): a half is rounded up.
fn round(number: f64) -> f64 {
    let floor = number.floor();
    match number - floor >= 0.5 {
        // -0.5 becomes negative zero.
        true => (floor + 1.0).copysign(number),
        false => floor,
    }
}

/// [`lang()`](https://www.w3.org/TR/xpath-10/#function-lang)
fn lang(language: &str, context: &XPathNode) -> bool {
    let above = context
        .in_tree()
        .into_iter()
        .flat_map(dom::inclusive_ancestors);
    let mut found = above.filter_map(|node| dom::attribute_ns(&node, &ns!(xml), "lang"));
    found.next().is_some_and(|found| {
        let Some((start, rest)) = found.split_at_checked(language.len()) else {
            return false;
        };
        start.eq_ignore_ascii_case(language) && (rest.is_empty() || rest.starts_with('-'))
    })
}
