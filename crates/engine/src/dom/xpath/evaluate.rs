//! Evaluates expressions ([XPath 1.0, expressions](https://www.w3.org/TR/xpath-10/#section-Expressions)).

use super::error::XPathError;
use super::functions::call;
use super::lexer::Operator;
use super::nodes::XPathNode;
use super::order::DocumentOrder;
use super::syntax::{Expression, Start, Step};
use super::values::{Value, compare};

/// The tree in which an expression is evaluated.
pub(super) struct Evaluation {
    /// Whether names are compared as in an HTML document.
    pub(super) is_html: bool,
    pub(super) order: DocumentOrder,
}

/// The [context](https://www.w3.org/TR/xpath-10/#dt-context-node-set-size) node, its position, and the number of nodes.
#[derive(Clone, Copy)]
pub(super) struct Focus<'a> {
    pub(super) node: &'a XPathNode,
    pub(super) position: usize,
    pub(super) size: usize,
}

impl Evaluation {
    /// The value of an expression.
    pub(super) fn value(
        &self,
        expression: &Expression,
        focus: Focus<'_>,
    ) -> Result<Value, XPathError> {
        Ok(match expression {
            Expression::Literal(text) => Value::Text(text.clone()),
            Expression::Number(number) => Value::Number(*number),
            Expression::Chain(first, rest) => {
                let mut left = self.value(first, focus)?;
                for (operator, operand) in rest {
                    left = self.binary(*operator, &left, operand, focus)?;
                }
                left
            }
            Expression::Minus { negative, operand } => {
                let number = self.value(operand, focus)?.to_number();
                Value::Number(if *negative { -number } else { number })
            }
            Expression::Union(operands) => {
                let mut nodes = Vec::new();
                for operand in operands {
                    nodes.extend(self.value(operand, focus)?.into_nodes()?);
                }
                self.order.sort(&mut nodes);
                Value::Nodes(nodes)
            }
            Expression::Path(start, steps) => Value::Nodes(self.path(start, steps, focus)?),
            Expression::Call(function, arguments) => {
                let mut values = Vec::new();
                for argument in arguments {
                    values.push(self.value(argument, focus)?);
                }
                call(*function, values, focus)?
            }
        })
    }

    fn binary(
        &self,
        operator: Operator,
        left: &Value,
        operand: &Expression,
        focus: Focus<'_>,
    ) -> Result<Value, XPathError> {
        // The second operand is not evaluated if the first one decides.
        match operator {
            Operator::Or if left.to_boolean() => return Ok(Value::Boolean(true)),
            Operator::And if !left.to_boolean() => return Ok(Value::Boolean(false)),
            _ => {}
        }
        let right = self.value(operand, focus)?;
        let (a, b) = (|| left.to_number(), || right.to_number());
        Ok(match operator {
            Operator::Or | Operator::And => Value::Boolean(right.to_boolean()),
            Operator::Plus => Value::Number(a() + b()),
            Operator::Minus => Value::Number(a() - b()),
            Operator::Multiply => Value::Number(a() * b()),
            Operator::Divide => Value::Number(a() / b()),
            Operator::Modulo => Value::Number(a() % b()),
            _ => Value::Boolean(compare(operator, left, &right)),
        })
    }

    /// The nodes of a [location path](https://www.w3.org/TR/xpath-10/#location-paths).
    fn path(
        &self,
        start: &Start,
        steps: &[Step],
        focus: Focus<'_>,
    ) -> Result<Vec<XPathNode>, XPathError> {
        let mut nodes = match start {
            Start::Root => vec![focus.node.root()],
            Start::Context => vec![focus.node.clone()],
            Start::Filter(expression, predicates) => {
                let mut nodes = self.value(expression, focus)?.into_nodes()?;
                self.filter(&mut nodes, predicates)?;
                nodes
            }
        };
        for step in steps {
            nodes = self.step(&nodes, step)?;
        }
        Ok(nodes)
    }

    /// The nodes of a [location step](https://www.w3.org/TR/xpath-10/#section-Location-Steps), in document order.
    fn step(&self, from: &[XPathNode], step: &Step) -> Result<Vec<XPathNode>, XPathError> {
        let mut found = Vec::new();
        for node in from {
            let mut nodes = Vec::new();
            node.on_axis(step.axis, &mut |node| {
                if node.passes(&step.test, step.axis, self.is_html) {
                    nodes.push(node);
                }
            });
            self.filter(&mut nodes, &step.predicates)?;
            if step.axis.is_reverse() {
                nodes.reverse();
            }
            found.append(&mut nodes);
        }
        if from.len() > 1 {
            self.order.sort(&mut found);
        }
        Ok(found)
    }

    /// Keeps the nodes for which all [predicates](https://www.w3.org/TR/xpath-10/#predicates) are true.
    fn filter(
        &self,
        nodes: &mut Vec<XPathNode>,
        predicates: &[Expression],
    ) -> Result<(), XPathError> {
        for predicate in predicates {
            let size = nodes.len();
            let mut kept = Vec::new();
            for (index, node) in nodes.drain(..).enumerate() {
                let position = index + 1;
                let focus = Focus {
                    node: &node,
                    position,
                    size,
                };
                let passes = match self.value(predicate, focus)? {
                    Value::Number(number) => number == position as f64,
                    value => value.to_boolean(),
                };
                if passes {
                    kept.push(node);
                }
            }
            *nodes = kept;
        }
        Ok(())
    }
}
