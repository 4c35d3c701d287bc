//! The parts of a text that correspond to the nodes of its syntax tree.

use boa_engine::ast::expression::access::{PropertyAccess, PropertyAccessField};
use boa_engine::ast::pattern::{ArrayPatternElement, ObjectPatternElement, Pattern};
use boa_engine::ast::{Expression, Position, Spanned};

use super::sites::{Part, Role, Site};
use crate::boa::error_text::LineAndColumn;

pub(super) fn at(position: Position) -> LineAndColumn {
    LineAndColumn {
        line: position.line_number(),
        column: position.column_number(),
    }
}

/// Returns the start of an expression. Boa's span of a call starts at its arguments.
pub(super) fn start(expression: &Expression) -> LineAndColumn {
    let mut expression = expression;
    loop {
        expression = match expression {
            Expression::Call(call) => call.function(),
            Expression::PropertyAccess(PropertyAccess::Simple(access)) => access.target(),
            Expression::PropertyAccess(PropertyAccess::Private(access)) => access.target(),
            Expression::Optional(optional) => optional.target(),
            Expression::TaggedTemplate(template) => template.tag(),
            Expression::Binary(binary) => binary.lhs(),
            other => return at(other.span().start()),
        };
    }
}

pub(super) fn part(expression: &Expression) -> Part {
    let end = match expression {
        Expression::PropertyAccess(PropertyAccess::Simple(access)) => {
            return Part {
                start: start(expression),
                end: at(access.field().span().end()),
                is_open: matches!(access.field(), PropertyAccessField::Expr(_)),
            };
        }
        Expression::Binary(binary) => part(binary.rhs()).end,
        other => at(other.span().end()),
    };
    Part {
        start: start(expression),
        end,
        is_open: false,
    }
}

pub(super) fn field_part(field: &PropertyAccessField) -> (Part, bool) {
    match field {
        PropertyAccessField::Const(name) => {
            let key = Part {
                start: at(name.span().start()),
                end: at(name.span().end()),
                is_open: false,
            };
            (key, false)
        }
        PropertyAccessField::Expr(expression) => (part(expression), true),
    }
}

/// Returns the site of a property access, unless it is one of `super`.
pub(super) fn access_site(role: Role, access: &PropertyAccess) -> Option<Site> {
    match access {
        PropertyAccess::Simple(access) => {
            let (key, key_is_computed) = field_part(access.field());
            let subject = part(access.target());
            Some(Site {
                role,
                whole: Part {
                    start: subject.start,
                    end: key.end,
                    is_open: key_is_computed,
                },
                subject,
                key: Some(key),
                key_is_computed,
                is_pattern: false,
            })
        }
        PropertyAccess::Private(access) => {
            let subject = part(access.target());
            let span = access.field().span();
            let key = Part {
                start: at(span.start()),
                end: at(span.end()),
                is_open: false,
            };
            Some(Site {
                role,
                whole: Part {
                    start: subject.start,
                    ..key
                },
                subject,
                key: Some(key),
                key_is_computed: false,
                is_pattern: false,
            })
        }
        PropertyAccess::Super(_) => None,
    }
}

pub(super) fn field_start(access: &PropertyAccess) -> LineAndColumn {
    match access {
        PropertyAccess::Simple(access) => at(access.field().span().start()),
        PropertyAccess::Private(access) => at(access.field().span().start()),
        PropertyAccess::Super(access) => at(access.field().span().start()),
    }
}

pub(super) fn site(role: Role, whole: Part, subject: Part) -> Site {
    Site {
        role,
        whole,
        subject,
        key: None,
        key_is_computed: false,
        is_pattern: false,
    }
}

pub(super) fn site_of(role: Role, expression: &Expression) -> Site {
    let whole = part(expression);
    site(role, whole, whole)
}

/// Returns the site of a value that a pattern destructures. A pattern inside the pattern can be at fault as well, so
/// the pattern is named then.
pub(super) fn destructuring(pattern: &Pattern, value: &Expression) -> Site {
    match has_inner_pattern(pattern) {
        true => pattern_site(pattern),
        false => site_of(pattern_role(pattern), value),
    }
}

/// Returns the site of a pattern whose value is not in the text, as that of a parameter.
pub(super) fn pattern_site(pattern: &Pattern) -> Site {
    let span = pattern.span();
    let whole = Part {
        start: at(span.start()),
        end: at(span.end()),
        is_open: false,
    };
    Site {
        is_pattern: true,
        ..site(pattern_role(pattern), whole, whole)
    }
}

fn pattern_role(pattern: &Pattern) -> Role {
    match pattern {
        Pattern::Array(_) => Role::IterateParts,
        Pattern::Object(_) => Role::Destructure,
    }
}

fn has_inner_pattern(pattern: &Pattern) -> bool {
    match pattern {
        Pattern::Array(array) => array.bindings().iter().any(|element| {
            matches!(
                element,
                ArrayPatternElement::Pattern { .. } | ArrayPatternElement::PatternRest { .. }
            )
        }),
        Pattern::Object(object) => object
            .bindings()
            .iter()
            .any(|element| matches!(element, ObjectPatternElement::Pattern { .. })),
    }
}

/// The part of the text that a name covers.
pub(super) fn part_of(span: boa_engine::ast::Span) -> Part {
    Part {
        start: at(span.start()),
        end: at(span.end()),
        is_open: false,
    }
}
