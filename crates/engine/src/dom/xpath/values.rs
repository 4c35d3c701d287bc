//! The values of expressions, their conversions and comparisons
//! ([XPath 1.0, booleans](https://www.w3.org/TR/xpath-10/#booleans)).

use std::collections::HashSet;

use super::error::XPathError;
use super::lexer::{Operator, is_space};
use super::nodes::XPathNode;

/// The value of an expression.
#[derive(Clone)]
pub(crate) enum Value {
    /// A set of nodes, in document order.
    Nodes(Vec<XPathNode>),
    /// A boolean.
    Boolean(bool),
    /// A number.
    Number(f64),
    /// A string.
    Text(String),
}

impl Value {
    /// [`boolean()`](https://www.w3.org/TR/xpath-10/#function-boolean)
    pub(crate) fn to_boolean(&self) -> bool {
        match self {
            Self::Nodes(nodes) => !nodes.is_empty(),
            Self::Boolean(value) => *value,
            Self::Number(number) => *number != 0.0 && !number.is_nan(),
            Self::Text(text) => !text.is_empty(),
        }
    }

    /// [`number()`](https://www.w3.org/TR/xpath-10/#function-number)
    pub(crate) fn to_number(&self) -> f64 {
        match self {
            Self::Nodes(_) => text_to_number(&self.to_text()),
            Self::Boolean(value) => f64::from(u8::from(*value)),
            Self::Number(number) => *number,
            Self::Text(text) => text_to_number(text),
        }
    }

    /// [`string()`](https://www.w3.org/TR/xpath-10/#function-string)
    pub(crate) fn to_text(&self) -> String {
        match self {
            Self::Nodes(nodes) => nodes
                .first()
                .map_or_else(String::new, XPathNode::string_value),
            Self::Boolean(value) => value.to_string(),
            Self::Number(number) => number_to_text(*number),
            Self::Text(text) => text.clone(),
        }
    }

    /// A set of nodes. No other value can become one.
    pub(crate) fn into_nodes(self) -> Result<Vec<XPathNode>, XPathError> {
        match self {
            Self::Nodes(nodes) => Ok(nodes),
            Self::Boolean(_) => Err(XPathError::NotNodes("a boolean")),
            Self::Number(_) => Err(XPathError::NotNodes("a number")),
            Self::Text(_) => Err(XPathError::NotNodes("a string")),
        }
    }
}

/// The [number](https://www.w3.org/TR/xpath-10/#NT-Number) that a string is, with white space around it.
fn text_to_number(text: &str) -> f64 {
    let text = text.trim_matches(is_space);
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_number = digits.chars().all(|c| c.is_ascii_digit() || c == '.')
        && digits.matches('.').count() <= 1
        && digits.contains(|c: char| c.is_ascii_digit());
    match is_number {
        true => text.parse().unwrap_or(f64::NAN),
        false => f64::NAN,
    }
}

/// Prints a number without an exponent.
fn number_to_text(number: f64) -> String {
    match number {
        0.0 => "0".to_owned(),
        f64::INFINITY => "Infinity".to_owned(),
        f64::NEG_INFINITY => "-Infinity".to_owned(),
        _ => number.to_string(),
    }
}

/// Compares two values.
pub(super) fn compare(operator: Operator, left: &Value, right: &Value) -> bool {
    match (left, right) {
        // A boolean is compared with the boolean of a set.
        (Value::Nodes(_), Value::Boolean(_)) => {
            compare_plain(operator, &Value::Boolean(left.to_boolean()), right)
        }
        (Value::Boolean(_), Value::Nodes(_)) => {
            compare_plain(operator, left, &Value::Boolean(right.to_boolean()))
        }
        // A set is compared by any of its nodes.
        (Value::Nodes(a), Value::Nodes(b)) => compare_sets(operator, a, b),
        (Value::Nodes(nodes), _) => nodes
            .iter()
            .any(|node| compare_plain(operator, &Value::Text(node.string_value()), right)),
        (_, Value::Nodes(nodes)) => nodes
            .iter()
            .any(|node| compare_plain(operator, left, &Value::Text(node.string_value()))),
        _ => compare_plain(operator, left, right),
    }
}

/// Compares two values that are no sets.
fn compare_plain(operator: Operator, left: &Value, right: &Value) -> bool {
    let is_equal = || match (left, right) {
        (Value::Boolean(_), _) | (_, Value::Boolean(_)) => left.to_boolean() == right.to_boolean(),
        (Value::Number(_), _) | (_, Value::Number(_)) => left.to_number() == right.to_number(),
        _ => left.to_text() == right.to_text(),
    };
    match operator {
        Operator::Equal => is_equal(),
        Operator::NotEqual => !is_equal(),
        _ => compare_numbers(operator, left.to_number(), right.to_number()),
    }
}

fn compare_numbers(operator: Operator, left: f64, right: f64) -> bool {
    match operator {
        Operator::Less => left < right,
        Operator::LessOrEqual => left <= right,
        Operator::Greater => left > right,
        Operator::GreaterOrEqual => left >= right,
        _ => false,
    }
}

/// Whether any node of one set and any of another compare so.
fn compare_sets(operator: Operator, left: &[XPathNode], right: &[XPathNode]) -> bool {
    let texts = |nodes: &[XPathNode]| -> HashSet<String> {
        nodes.iter().map(XPathNode::string_value).collect()
    };
    match operator {
        Operator::Equal => !texts(left).is_disjoint(&texts(right)),
        Operator::NotEqual => {
            let (left, right) = (texts(left), texts(right));
            // Only sets of one and the same string have no two that differ.
            let is_one_and_the_same = left.len() == 1 && left == right;
            !left.is_empty() && !right.is_empty() && !is_one_and_the_same
        }
        _ => {
            // The smallest and the largest numbers decide.
            let bound = |nodes: &[XPathNode], pick: fn(f64, f64) -> f64| {
                let numbers = nodes
                    .iter()
                    .map(|node| text_to_number(&node.string_value()));
                numbers.filter(|number| !number.is_nan()).reduce(pick)
            };
            let (smallest, largest) = (f64::min, f64::max);
            let bounds = match operator {
                Operator::Less | Operator::LessOrEqual => {
                    (bound(left, smallest), bound(right, largest))
                }
                _ => (bound(left, largest), bound(right, smallest)),
            };
            match bounds {
                (Some(a), Some(b)) => compare_numbers(operator, a, b),
                _ => false,
            }
        }
    }
}
