//! The expressions of a script that can be at fault, found in its syntax tree.
//!
//! Boa gives a place only to some of its instructions: calls, reads of properties, assignments,
//! `throw`, and the bodies of functions. Other instructions inside these have the place of the innermost one. So an
//! expression is *exact* if its instruction has a place of its own, and *loose* otherwise.

use std::ops::ControlFlow;

use boa_engine::ast::declaration::{Binding, Variable};
use boa_engine::ast::expression::access::{PropertyAccess, PropertyAccessField};
use boa_engine::ast::expression::operator::assign::{AssignOp, AssignTarget};
use boa_engine::ast::expression::operator::binary::{BinaryOp, RelationalOp};
use boa_engine::ast::expression::operator::unary::UnaryOp;
use boa_engine::ast::expression::operator::update::UpdateTarget;
use boa_engine::ast::expression::operator::{Assign, Binary, Unary, Update};
use boa_engine::ast::expression::{
    Call, New, Optional, OptionalOperationKind, Spread, TaggedTemplate,
};
use boa_engine::ast::function::{ClassElement, FormalParameterList, FunctionBody};
use boa_engine::ast::statement::{ForLoop, ForOfLoop, Statement, Throw};
use boa_engine::ast::visitor::{VisitWith, Visitor};
use boa_engine::ast::{Expression, Spanned};
use boa_engine::interner::Sym;

use super::parts::{access_site, at, field_part, field_start, part, pattern_role, site, site_of};
use crate::boa::error_text::LineAndColumn;
use crate::boa::error_trace::ErrorTrace;
use crate::boa::stack;

/// The stack that must be left to continue.
const MIN_STACK: usize = 512 << 10;

/// The operation of an expression that can fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Calls a function.
    Call,
    /// Calls a constructor.
    New,
    /// Reads a property.
    Read,
    /// Sets a property.
    Write,
    /// Iterates over a value.
    Iterate,
    /// Destructures a value.
    Destructure,
    /// Reads a variable.
    Name(Sym),
    /// Assigns to a variable.
    Assign,
    /// The right-hand side of `in`.
    In,
    /// The right-hand side of `instanceof`.
    InstanceOf,
    /// Throws.
    Throw,
}

/// A part of a text, from its first character to the one after its last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) start: LineAndColumn,
    pub(super) end: LineAndColumn,
    /// Whether the `]` after it belongs to it.
    pub(super) is_open: bool,
}

/// An expression that can be at fault.
#[derive(Clone, Copy, Debug)]
pub(super) struct Site {
    pub(super) role: Role,
    /// The underlined part.
    pub(super) whole: Part,
    /// The named part: the function, the object, the value.
    pub(super) subject: Part,
    /// The property.
    pub(super) key: Option<Part>,
    pub(super) key_is_computed: bool,
}

/// The call that is compiled directly after an expression.
#[derive(Clone, Copy, Debug)]
struct NextCall {
    at: LineAndColumn,
    /// The bytes of code in between.
    distance: u32,
}

/// The bytes of Boa's instruction that pushes a value for a call.
const PUSH: u32 = 5;

/// The expressions that can have caused an error.
pub(super) struct Sites<'a> {
    pub(super) wanted: &'a dyn Fn(Role) -> bool,
    pub(super) trace: ErrorTrace,
    /// The place of the instructions at this point of the visit.
    guard: Option<LineAndColumn>,
    /// Whether instructions may be compiled in an order that differs from the text.
    unordered: bool,
    exact: Vec<Site>,
    /// Directly before a call or construction, whose place is known.
    followed: Vec<Site>,
    loose: Vec<Site>,
}

impl<'a> Sites<'a> {
    pub(super) fn new(wanted: &'a dyn Fn(Role) -> bool, trace: ErrorTrace) -> Self {
        Self {
            wanted,
            trace,
            guard: None,
            unordered: false,
            exact: Vec::new(),
            followed: Vec::new(),
            loose: Vec::new(),
        }
    }

    /// Returns the only expression that can be at fault.
    pub(super) fn only(&self) -> Option<Site> {
        let lists = [&self.followed, &self.exact, &self.loose];
        match lists.into_iter().find(|list| !list.is_empty())?.as_slice() {
            [only] => Some(*only),
            _ => None,
        }
    }

    /// Whether no expression can be at fault.
    pub(super) fn is_empty(&self) -> bool {
        self.followed.is_empty() && self.exact.is_empty() && self.loose.is_empty()
    }

    fn exact(&mut self, at: LineAndColumn, site: Site) {
        if self.trace.at == Some(at) && (self.wanted)(site.role) {
            self.exact.push(site);
        }
    }

    /// Adds an expression without a place.
    fn loose(&mut self, site: Site, call: Option<NextCall>) {
        let ErrorTrace {
            before,
            at,
            behind,
            distance,
        } = self.trace;
        if !(self.wanted)(site.role) || (self.guard.is_some() && self.guard != at) {
            return;
        }
        match call {
            Some(call) if behind.is_some() => {
                // Only one instruction is at this distance.
                if behind == Some(call.at) && distance == call.distance {
                    self.followed.push(site);
                }
            }
            _ => {
                // Without a guard, the place is that of the instruction before.
                let before = if self.guard.is_some() { before } else { at };
                let fits = self.unordered
                    || (before.is_none_or(|before| before < site.whole.end)
                        && behind.is_none_or(|behind| behind >= site.whole.start));
                if fits {
                    self.loose.push(site);
                }
            }
        }
    }

    /// Visits the function of the call at `here`. A name leads to it over `distance`.
    fn name_or_expression(
        &mut self,
        callee: &Expression,
        here: LineAndColumn,
        distance: u32,
    ) -> ControlFlow<()> {
        let Expression::Identifier(name) = callee else {
            return self.visit_expression(callee);
        };
        let next = NextCall { at: here, distance };
        self.loose(site_of(Role::Name(name.sym()), callee), Some(next));
        ControlFlow::Continue(())
    }

    /// Visits the arguments of the call at `here`.
    fn arguments(&mut self, here: LineAndColumn, call: &Call) -> ControlFlow<()> {
        self.guarded(here, |sites| {
            let mut args = call.args().iter();
            args.try_for_each(|it| sites.visit_expression(it))
        })
    }

    fn guarded(
        &mut self,
        at: LineAndColumn,
        visit: impl FnOnce(&mut Self) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let outer = self.guard.replace(at);
        let flow = visit(self);
        self.guard = outer;
        flow
    }

    /// Visits code that is compiled separately.
    fn apart(
        &mut self,
        guard: Option<LineAndColumn>,
        visit: impl FnOnce(&mut Self) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let outer = (std::mem::replace(&mut self.guard, guard), self.unordered);
        self.unordered = false;
        let flow = visit(self);
        (self.guard, self.unordered) = outer;
        flow
    }

    /// Visits the parts of a property access, without the access itself.
    fn inside_access(&mut self, access: &PropertyAccess) -> ControlFlow<()> {
        match access {
            PropertyAccess::Simple(access) => {
                self.visit_expression(access.target())?;
                self.field(access.field())
            }
            PropertyAccess::Private(access) => self.visit_expression(access.target()),
            PropertyAccess::Super(access) => self.field(access.field()),
        }
    }

    fn field(&mut self, field: &PropertyAccessField) -> ControlFlow<()> {
        match field {
            PropertyAccessField::Const(_) => ControlFlow::Continue(()),
            PropertyAccessField::Expr(expression) => self.visit_expression(expression),
        }
    }
}

impl<'ast> Visitor<'ast> for Sites<'_> {
    type BreakTy = ();

    fn visit_expression(&mut self, expression: &'ast Expression) -> ControlFlow<()> {
        if stack::left() < MIN_STACK {
            return ControlFlow::Break(());
        }
        if let Expression::Identifier(name) = expression {
            self.loose(site_of(Role::Name(name.sym()), expression), None);
            return ControlFlow::Continue(());
        }
        expression.visit_with(self)
    }

    fn visit_statement(&mut self, statement: &'ast Statement) -> ControlFlow<()> {
        if stack::left() < MIN_STACK {
            return ControlFlow::Break(());
        }
        statement.visit_with(self)
    }

    fn visit_call(&mut self, call: &'ast Call) -> ControlFlow<()> {
        let here = at(call.span().start());
        let callee = call.function().flatten();
        let subject = part(callee);
        let start = part(call.function()).start;
        let end = at(call.span().end());
        let whole = Part {
            start,
            end,
            is_open: false,
        };
        let access = match callee {
            Expression::PropertyAccess(access) => access_site(Role::Read, access),
            _ => None,
        };
        let key = access.and_then(|access| access.key);
        let called = Site {
            key,
            ..site(Role::Call, subject, subject)
        };
        let thrown = Site {
            key,
            ..site(Role::Throw, whole, subject)
        };
        self.exact(here, called);
        self.exact(here, thrown);
        match callee {
            Expression::PropertyAccess(access) => {
                if let Some(site) = access_site(Role::Read, access) {
                    // The object and the method are pushed.
                    let next = NextCall {
                        at: here,
                        distance: 2 * PUSH,
                    };
                    self.loose(site, Some(next));
                }
                self.inside_access(access)?;
            }
            callee => self.name_or_expression(callee, here, PUSH)?,
        }
        self.arguments(here, call)
    }

    fn visit_new(&mut self, new: &'ast New) -> ControlFlow<()> {
        let call = new.call();
        let here = at(call.span().start());
        let callee = call.function().flatten();
        let subject = part(callee);
        let whole = Part {
            start: here,
            end: at(call.span().end()),
            is_open: false,
        };
        self.exact(here, site(Role::New, subject, subject));
        self.exact(here, site(Role::Throw, whole, subject));
        self.name_or_expression(callee, here, 2 * PUSH)?;
        self.arguments(here, call)
    }

    fn visit_property_access(&mut self, access: &'ast PropertyAccess) -> ControlFlow<()> {
        let here = field_start(access);
        if let Some(site) = access_site(Role::Read, access) {
            self.exact(here, site);
        }
        self.guarded(here, |sites| sites.inside_access(access))
    }

    fn visit_optional(&mut self, optional: &'ast Optional) -> ControlFlow<()> {
        let target = optional.target();
        match target.flatten() {
            Expression::PropertyAccess(access) => {
                if let Some(site) = access_site(Role::Read, access) {
                    self.loose(site, None);
                }
                self.inside_access(access)?;
            }
            other => self.visit_expression(other)?,
        }
        let mut subject = part(target);
        for operation in optional.chain() {
            let span_end = at(operation.span().end());
            match operation.kind() {
                OptionalOperationKind::SimplePropertyAccess { field } => {
                    let (key, key_is_computed) = field_part(field);
                    let whole = Part {
                        start: subject.start,
                        end: key.end,
                        is_open: key_is_computed,
                    };
                    if !operation.shorted() {
                        let read = Site {
                            role: Role::Read,
                            whole,
                            subject,
                            key: Some(key),
                            key_is_computed,
                        };
                        self.loose(read, None);
                    }
                    self.field(field)?;
                    subject = whole;
                }
                OptionalOperationKind::PrivatePropertyAccess { field } => {
                    subject.end = at(field.span().end());
                    subject.is_open = false;
                }
                OptionalOperationKind::Call { args } => {
                    self.loose(site(Role::Call, subject, subject), None);
                    args.iter().try_for_each(|it| self.visit_expression(it))?;
                    subject.end = span_end;
                    subject.is_open = false;
                }
            }
        }
        ControlFlow::Continue(())
    }

    fn visit_tagged_template(&mut self, template: &'ast TaggedTemplate) -> ControlFlow<()> {
        self.loose(site_of(Role::Call, template.tag()), None);
        template.visit_with(self)
    }

    fn visit_assign(&mut self, assign: &'ast Assign) -> ControlFlow<()> {
        let here = at(assign.span().start());
        self.guarded(here, |sites| {
            match assign.lhs() {
                AssignTarget::Identifier(name) => {
                    let span = name.span();
                    let whole = Part {
                        start: at(span.start()),
                        end: at(span.end()),
                        is_open: false,
                    };
                    sites.exact(here, site(Role::Assign, whole, whole));
                    if assign.op() != AssignOp::Assign {
                        sites.loose(site(Role::Name(name.sym()), whole, whole), None);
                    }
                }
                AssignTarget::Access(access) => {
                    let role = match assign.op() {
                        AssignOp::Assign => Role::Write,
                        _ => Role::Read,
                    };
                    if let Some(site) = access_site(role, access) {
                        sites.exact(here, site);
                    }
                    sites.inside_access(access)?;
                }
                AssignTarget::Pattern(pattern) => {
                    sites.loose(site_of(pattern_role(pattern), assign.rhs()), None);
                    sites.visit_pattern(pattern)?;
                }
            }
            sites.visit_expression(assign.rhs())
        })
    }

    fn visit_update(&mut self, update: &'ast Update) -> ControlFlow<()> {
        let here = at(update.span().start());
        self.guarded(here, |sites| match update.target() {
            UpdateTarget::Identifier(name) => {
                let span = name.span();
                let whole = Part {
                    start: at(span.start()),
                    end: at(span.end()),
                    is_open: false,
                };
                sites.exact(here, site(Role::Assign, whole, whole));
                sites.loose(site(Role::Name(name.sym()), whole, whole), None);
                ControlFlow::Continue(())
            }
            UpdateTarget::PropertyAccess(access) => {
                if let Some(site) = access_site(Role::Read, access) {
                    sites.exact(here, site);
                }
                sites.inside_access(access)
            }
        })
    }

    fn visit_unary(&mut self, unary: &'ast Unary) -> ControlFlow<()> {
        let target = unary.target();
        match unary.op() {
            UnaryOp::TypeOf if matches!(target.flatten(), Expression::Identifier(_)) => {
                ControlFlow::Continue(())
            }
            UnaryOp::Delete => {
                let here = at(unary.span().start());
                self.guarded(here, |sites| match target.flatten() {
                    Expression::PropertyAccess(access) => sites.inside_access(access),
                    other => sites.visit_expression(other),
                })
            }
            _ => self.visit_expression(target),
        }
    }

    fn visit_binary(&mut self, binary: &'ast Binary) -> ControlFlow<()> {
        let role = match binary.op() {
            BinaryOp::Relational(RelationalOp::In) => Some(Role::In),
            BinaryOp::Relational(RelationalOp::InstanceOf) => Some(Role::InstanceOf),
            _ => None,
        };
        if let Some(role) = role {
            self.loose(site_of(role, binary.rhs()), None);
        }
        binary.visit_with(self)
    }

    fn visit_throw(&mut self, throw: &'ast Throw) -> ControlFlow<()> {
        let target = throw.target();
        let here = at(target.span().start());
        let is_call = matches!(target.flatten(), Expression::New(_) | Expression::Call(_));
        if !is_call {
            self.exact(here, site_of(Role::Throw, target));
        }
        self.guarded(here, |sites| sites.visit_expression(target))
    }

    fn visit_function_body(&mut self, body: &'ast FunctionBody) -> ControlFlow<()> {
        self.apart(Some(at(body.span().start())), |sites| {
            body.visit_with(sites)
        })
    }

    fn visit_formal_parameter_list(
        &mut self,
        parameters: &'ast FormalParameterList,
    ) -> ControlFlow<()> {
        self.apart(None, |sites| parameters.visit_with(sites))
    }

    fn visit_class_element(&mut self, element: &'ast ClassElement) -> ControlFlow<()> {
        self.apart(None, |sites| element.visit_with(sites))
    }

    fn visit_variable(&mut self, variable: &'ast Variable) -> ControlFlow<()> {
        if let (Binding::Pattern(pattern), Some(init)) = (variable.binding(), variable.init()) {
            self.loose(site_of(pattern_role(pattern), init), None);
        }
        variable.visit_with(self)
    }

    fn visit_for_loop(&mut self, node: &'ast ForLoop) -> ControlFlow<()> {
        let outer = std::mem::replace(&mut self.unordered, true);
        let flow = node.visit_with(self);
        self.unordered = outer;
        flow
    }

    fn visit_for_of_loop(&mut self, node: &'ast ForOfLoop) -> ControlFlow<()> {
        self.loose(site_of(Role::Iterate, node.iterable()), None);
        node.visit_with(self)
    }

    fn visit_spread(&mut self, spread: &'ast Spread) -> ControlFlow<()> {
        self.loose(site_of(Role::Iterate, spread.target()), None);
        spread.visit_with(self)
    }
}
