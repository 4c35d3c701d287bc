//! The expressions of a script that can be at fault, found in its syntax tree.
//!
//! Boa gives a place only to some of its instructions: calls, reads of properties, assignments,
//! `throw`, and the bodies of functions. Other instructions inside these have the place of the innermost one. So an
//! expression is *exact* if its instruction has a place of its own, and *loose* otherwise.

use std::ops::ControlFlow;

use boa_engine::ast::Expression;
use boa_engine::ast::declaration::Binding;
use boa_engine::ast::expression::Call;
use boa_engine::ast::expression::access::{PropertyAccess, PropertyAccessField};
use boa_engine::ast::function::FormalParameterList;
use boa_engine::ast::visitor::Visitor;
use boa_engine::interner::Sym;

use super::parts::{access_site, pattern_site, site_of};
use crate::boa::error_text::LineAndColumn;
use crate::boa::error_trace::ErrorTrace;

/// The stack that must be left to continue.
pub(super) const MIN_STACK: usize = 512 << 10;

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
    /// Changes a property, perhaps after it was read.
    Set,
    /// Deletes a property.
    Delete,
    /// Accesses a private member.
    Private,
    /// Iterates over a value.
    Iterate,
    /// Destructures a value into an object pattern.
    Destructure,
    /// Destructures a value into an array pattern.
    IterateParts,
    /// Calculates.
    Arithmetic,
    /// Converts a value to text.
    Text,
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
    /// Whether the subject is a pattern, not the value that it destructures.
    pub(super) is_pattern: bool,
}

/// The call that is compiled directly after an expression.
#[derive(Clone, Copy, Debug)]
pub(super) struct NextCall {
    pub(super) at: LineAndColumn,
    /// The end of its arguments.
    pub(super) end: LineAndColumn,
    /// The bytes of code in between.
    pub(super) distance: u32,
}

/// The bytes of Boa's instruction that pushes a value for a call.
pub(super) const PUSH: u32 = 5;

/// The expressions that can have caused an error.
pub(super) struct Sites<'a> {
    pub(super) wanted: &'a dyn Fn(Role) -> bool,
    pub(super) trace: ErrorTrace,
    /// The place of the instructions at this point of the visit.
    guard: Option<LineAndColumn>,
    /// Whether instructions may be compiled in an order that differs from the text.
    pub(super) unordered: bool,
    /// The patterns among the parameters of the function whose body is visited next.
    pub(super) parameters: Vec<Site>,
    exact: Vec<Site>,
    /// Directly before a call or construction, whose place is known.
    followed: Vec<Site>,
    pub(super) loose: Vec<Site>,
}

impl<'a> Sites<'a> {
    pub(super) fn new(wanted: &'a dyn Fn(Role) -> bool, trace: ErrorTrace) -> Self {
        Self {
            wanted,
            trace,
            guard: None,
            unordered: false,
            parameters: Vec::new(),
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

    pub(super) fn exact(&mut self, at: LineAndColumn, site: Site) {
        if self.trace.at == Some(at) && (self.wanted)(site.role) {
            self.exact.push(site);
        }
    }

    /// Adds an expression without a place.
    pub(super) fn loose(&mut self, site: Site, call: Option<NextCall>) {
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
                } else if behind.is_some_and(|behind| call.at < behind && behind < call.end) {
                    // An argument with a place comes before the call, and after this expression.
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
    pub(super) fn name_or_expression(
        &mut self,
        callee: &Expression,
        call: Part,
        here: LineAndColumn,
        distance: u32,
    ) -> ControlFlow<()> {
        let Expression::Identifier(name) = callee else {
            return self.visit_expression(callee);
        };
        let end = call.end;
        let next = NextCall {
            at: here,
            end,
            distance,
        };
        self.loose(site_of(Role::Name(name.sym()), callee), Some(next));
        ControlFlow::Continue(())
    }

    /// Visits the arguments of the call at `here`.
    pub(super) fn arguments(&mut self, here: LineAndColumn, call: &Call) -> ControlFlow<()> {
        self.guarded(here, |sites| {
            let mut args = call.args().iter();
            args.try_for_each(|it| sites.visit_expression(it))
        })
    }

    pub(super) fn guarded(
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
    pub(super) fn apart(
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

    /// Adds an access of a property or of a private member.
    pub(super) fn exact_access(&mut self, at: LineAndColumn, role: Role, access: &PropertyAccess) {
        if let Some(site) = access_site(role, access) {
            self.exact(at, site);
            if matches!(access, PropertyAccess::Private(_)) && role != Role::Set {
                let role = Role::Private;
                self.exact(at, Site { role, ..site });
            }
        }
    }

    /// Visits the parameters of a function, and returns the patterns among them.
    pub(super) fn apart_patterns(
        &mut self,
        parameters: &FormalParameterList,
    ) -> ControlFlow<(), Vec<Site>> {
        let mut patterns = Vec::new();
        self.apart(None, |sites| {
            for parameter in parameters.as_ref() {
                let variable = parameter.variable();
                if let Binding::Pattern(pattern) = variable.binding() {
                    patterns.push(pattern_site(pattern));
                    sites.visit_pattern(pattern)?;
                }
                if let Some(init) = variable.init() {
                    sites.visit_expression(init)?;
                }
            }
            ControlFlow::Continue(())
        })?;
        ControlFlow::Continue(patterns)
    }

    /// Visits the parts of a property access, without the access itself.
    pub(super) fn inside_access(&mut self, access: &PropertyAccess) -> ControlFlow<()> {
        match access {
            PropertyAccess::Simple(access) => {
                self.visit_expression(access.target())?;
                self.field(access.field())
            }
            PropertyAccess::Private(access) => self.visit_expression(access.target()),
            PropertyAccess::Super(access) => self.field(access.field()),
        }
    }

    pub(super) fn field(&mut self, field: &PropertyAccessField) -> ControlFlow<()> {
        match field {
            PropertyAccessField::Const(_) => ControlFlow::Continue(()),
            PropertyAccessField::Expr(expression) => self.visit_expression(expression),
        }
    }
}
