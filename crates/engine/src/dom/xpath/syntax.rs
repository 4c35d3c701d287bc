//! The syntax tree of an expression ([XPath 1.0, expressions](https://www.w3.org/TR/xpath-10/#section-Expressions)).
//!
//! Operands of one level and the steps of a path are lists, so the depth of a tree is the nesting of the source.

use super::lexer::Operator;

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Expression {
    Literal(String),
    Number(f64),
    /// Operands of one precedence, from left to right.
    Chain(Box<Expression>, Vec<(Operator, Expression)>),
    /// An operand behind minus signs. The number of the signs is odd if `negative`.
    Minus {
        negative: bool,
        operand: Box<Expression>,
    },
    Union(Vec<Expression>),
    Path(Start, Vec<Step>),
    Call(Function, Vec<Expression>),
}

/// The nodes at which a path begins.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Start {
    /// The root of the tree.
    Root,
    /// The context node.
    Context,
    /// An expression with predicates.
    Filter(Box<Expression>, Vec<Expression>),
}

/// A [location step](https://www.w3.org/TR/xpath-10/#section-Location-Steps).
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Step {
    pub(super) axis: Axis,
    pub(super) test: NodeTest,
    pub(super) predicates: Vec<Expression>,
}

/// An [axis](https://www.w3.org/TR/xpath-10/#axes).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Axis {
    Ancestor,
    AncestorOrSelf,
    Attribute,
    Child,
    Descendant,
    DescendantOrSelf,
    Following,
    FollowingSibling,
    Namespace,
    Parent,
    Preceding,
    PrecedingSibling,
    SelfNode,
}

impl Axis {
    /// The axis with this name.
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "ancestor" => Self::Ancestor,
            "ancestor-or-self" => Self::AncestorOrSelf,
            "attribute" => Self::Attribute,
            "child" => Self::Child,
            "descendant" => Self::Descendant,
            "descendant-or-self" => Self::DescendantOrSelf,
            "following" => Self::Following,
            "following-sibling" => Self::FollowingSibling,
            "namespace" => Self::Namespace,
            "parent" => Self::Parent,
            "preceding" => Self::Preceding,
            "preceding-sibling" => Self::PrecedingSibling,
            "self" => Self::SelfNode,
            _ => return None,
        })
    }

    /// Whether the axis goes against the order of the document.
    pub(super) fn is_reverse(self) -> bool {
        matches!(
            self,
            Self::Ancestor | Self::AncestorOrSelf | Self::Preceding | Self::PrecedingSibling
        )
    }
}

/// A [node test](https://www.w3.org/TR/xpath-10/#node-tests).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum NodeTest {
    /// `node()`
    Node,
    Text,
    Comment,
    /// `processing-instruction()`, with a target or without.
    ProcessingInstruction(Option<String>),
    /// `*`
    AnyName,
    /// `prefix:*`, with the namespace of the prefix.
    Namespace(String),
    /// A name. The namespace is absent if there is no prefix.
    Name(Option<String>, String),
}

/// A function of the [core library](https://www.w3.org/TR/xpath-10/#corelib).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    Last,
    Position,
    Count,
    Id,
    LocalName,
    NamespaceUri,
    Name,
    String,
    Concat,
    StartsWith,
    Contains,
    SubstringBefore,
    SubstringAfter,
    Substring,
    StringLength,
    NormalizeSpace,
    Translate,
    Boolean,
    Not,
    True,
    False,
    Lang,
    Number,
    Sum,
    Floor,
    Ceiling,
    Round,
}

impl Function {
    /// The function with this name, and the least and the largest number of its arguments.
    pub(super) fn named(name: &str) -> Option<(Self, usize, usize)> {
        Some(match name {
            "last" => (Self::Last, 0, 0),
            "position" => (Self::Position, 0, 0),
            "count" => (Self::Count, 1, 1),
            "id" => (Self::Id, 1, 1),
            "local-name" => (Self::LocalName, 0, 1),
            "namespace-uri" => (Self::NamespaceUri, 0, 1),
            "name" => (Self::Name, 0, 1),
            "string" => (Self::String, 0, 1),
            "concat" => (Self::Concat, 2, usize::MAX),
            "starts-with" => (Self::StartsWith, 2, 2),
            "contains" => (Self::Contains, 2, 2),
            "substring-before" => (Self::SubstringBefore, 2, 2),
            "substring-after" => (Self::SubstringAfter, 2, 2),
            "substring" => (Self::Substring, 2, 3),
            "string-length" => (Self::StringLength, 0, 1),
            "normalize-space" => (Self::NormalizeSpace, 0, 1),
            "translate" => (Self::Translate, 3, 3),
            "boolean" => (Self::Boolean, 1, 1),
            "not" => (Self::Not, 1, 1),
            "true" => (Self::True, 0, 0),
            "false" => (Self::False, 0, 0),
            "lang" => (Self::Lang, 1, 1),
            "number" => (Self::Number, 0, 1),
            "sum" => (Self::Sum, 1, 1),
            "floor" => (Self::Floor, 1, 1),
            "ceiling" => (Self::Ceiling, 1, 1),
            "round" => (Self::Round, 1, 1),
            _ => return None,
        })
    }

    /// Whether the result can be a number, which is a position in a predicate.
    fn may_be_number(self) -> bool {
        matches!(
            self,
            Self::Last
                | Self::Position
                | Self::Count
                | Self::StringLength
                | Self::Number
                | Self::Sum
                | Self::Floor
                | Self::Ceiling
                | Self::Round
        )
    }
}

impl Expression {
    /// Whether this expression, as a predicate, may depend on the position of the context node or on their number.
    pub(super) fn may_depend_on_position(&self) -> bool {
        self.may_be_number() || self.uses_position()
    }

    fn may_be_number(&self) -> bool {
        match self {
            Self::Number(_) | Self::Minus { .. } => true,
            Self::Chain(_, rest) => rest.iter().any(|(operator, _)| {
                matches!(
                    operator,
                    Operator::Plus
                        | Operator::Minus
                        | Operator::Multiply
                        | Operator::Divide
                        | Operator::Modulo
                )
            }),
            Self::Path(Start::Filter(start, _), steps) => steps.is_empty() && start.may_be_number(),
            Self::Call(function, _) => function.may_be_number(),
            Self::Literal(_) | Self::Union(_) | Self::Path(..) => false,
        }
    }

    /// Whether it calls `position()` or `last()` outside predicates of its own.
    fn uses_position(&self) -> bool {
        match self {
            Self::Literal(_) | Self::Number(_) => false,
            Self::Chain(first, rest) => {
                first.uses_position() || rest.iter().any(|(_, operand)| operand.uses_position())
            }
            Self::Minus { operand, .. } => operand.uses_position(),
            Self::Union(operands) => operands.iter().any(Self::uses_position),
            Self::Path(Start::Filter(start, _), _) => start.uses_position(),
            Self::Path(..) => false,
            Self::Call(function, arguments) => {
                matches!(function, Function::Last | Function::Position)
                    || arguments.iter().any(Self::uses_position)
            }
        }
    }
}
