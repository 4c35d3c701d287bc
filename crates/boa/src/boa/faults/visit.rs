//! Visits a syntax tree for the expressions that can be at fault, in the order in which Boa compiles them.

use std::ops::ControlFlow;

use boa_engine::ast::declaration::{Binding, Variable};
use boa_engine::ast::expression::access::PropertyAccess;
use boa_engine::ast::expression::literal::{TemplateElement, TemplateLiteral};
use boa_engine::ast::expression::operator::assign::{AssignOp, AssignTarget};
use boa_engine::ast::expression::operator::binary::{BinaryOp, RelationalOp};
use boa_engine::ast::expression::operator::unary::UnaryOp;
use boa_engine::ast::expression::operator::update::UpdateTarget;
use boa_engine::ast::expression::operator::{Assign, Binary, Unary, Update};
use boa_engine::ast::expression::{
    Call, New, Optional, OptionalOperationKind, Spread, TaggedTemplate,
};
use boa_engine::ast::function::{
    ClassElement, FormalParameterList, FunctionBody, FunctionExpression,
};
use boa_engine::ast::statement::iteration::IterableLoopInitializer;
use boa_engine::ast::statement::{ForLoop, ForOfLoop, Statement, Throw};
use boa_engine::ast::visitor::{VisitWith, Visitor};
use boa_engine::ast::{Expression, Spanned};

use super::parts::{
    access_site, at, destructuring, field_part, field_start, part, part_of, pattern_site, site,
    site_of,
};
use crate::boa::stack;

use super::sites::{MIN_STACK, NextCall, PUSH, Part, Role, Site, Sites};

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
                        end,
                        distance: 2 * PUSH,
                    };
                    self.loose(site, Some(next));
                }
                self.inside_access(access)?;
            }
            callee => self.name_or_expression(callee, whole, here, PUSH)?,
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
        self.name_or_expression(callee, whole, here, 2 * PUSH)?;
        self.arguments(here, call)
    }

    fn visit_property_access(&mut self, access: &'ast PropertyAccess) -> ControlFlow<()> {
        let here = field_start(access);
        self.exact_access(here, Role::Read, access);
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
                            is_pattern: false,
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
                    let whole = part_of(name.span());
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
                    sites.exact_access(here, role, access);
                    sites.exact_access(here, Role::Set, access);
                    sites.inside_access(access)?;
                }
                AssignTarget::Pattern(pattern) => {
                    sites.loose(destructuring(pattern, assign.rhs()), None);
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
                let whole = part_of(name.span());
                sites.exact(here, site(Role::Assign, whole, whole));
                sites.loose(site(Role::Name(name.sym()), whole, whole), None);
                ControlFlow::Continue(())
            }
            UpdateTarget::PropertyAccess(access) => {
                sites.exact_access(here, Role::Read, access);
                sites.exact_access(here, Role::Set, access);
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
                    Expression::PropertyAccess(access) => {
                        sites.exact_access(here, Role::Delete, access);
                        sites.inside_access(access)
                    }
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
        if matches!(binary.op(), BinaryOp::Arithmetic(_) | BinaryOp::Bitwise(_)) {
            let whole = Part {
                start: part(binary.lhs()).start,
                end: part(binary.rhs()).end,
                is_open: false,
            };
            self.loose(site(Role::Arithmetic, whole, whole), None);
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
        let start = Some(at(body.span().start()));
        for site in std::mem::take(&mut self.parameters) {
            // Parameters have no places. The body follows them.
            let fits = self.trace.at.is_none() && self.trace.behind == start;
            if fits && (self.wanted)(site.role) {
                self.loose.push(site);
            }
        }
        self.apart(Some(at(body.span().start())), |sites| {
            body.visit_with(sites)
        })
    }

    fn visit_function_expression(&mut self, node: &'ast FunctionExpression) -> ControlFlow<()> {
        self.visit_formal_parameter_list(node.parameters())?;
        let start = Some(at(node.span().start()));
        if self.trace.at == start && start.is_some() {
            // The instructions of a constructor have the place of its name.
            return self.apart(start, |sites| node.body().visit_with(sites));
        }
        self.visit_function_body(node.body())
    }

    fn visit_formal_parameter_list(
        &mut self,
        parameters: &'ast FormalParameterList,
    ) -> ControlFlow<()> {
        let patterns = self.apart_patterns(parameters)?;
        self.parameters = patterns;
        ControlFlow::Continue(())
    }

    fn visit_class_element(&mut self, element: &'ast ClassElement) -> ControlFlow<()> {
        self.apart(None, |sites| element.visit_with(sites))
    }

    fn visit_variable(&mut self, variable: &'ast Variable) -> ControlFlow<()> {
        if let (Binding::Pattern(pattern), Some(init)) = (variable.binding(), variable.init()) {
            self.loose(destructuring(pattern, init), None);
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
        let pattern = match node.initializer() {
            IterableLoopInitializer::Var(variable) => match variable.binding() {
                Binding::Pattern(pattern) => Some(pattern),
                Binding::Identifier(_) => None,
            },
            IterableLoopInitializer::Let(Binding::Pattern(pattern))
            | IterableLoopInitializer::Const(Binding::Pattern(pattern))
            | IterableLoopInitializer::Pattern(pattern) => Some(pattern),
            _ => None,
        };
        if let Some(pattern) = pattern {
            // It is compiled after the iterable.
            let outer = std::mem::replace(&mut self.unordered, true);
            self.loose(pattern_site(pattern), None);
            self.unordered = outer;
        }
        node.visit_with(self)
    }

    fn visit_template_literal(&mut self, template: &'ast TemplateLiteral) -> ControlFlow<()> {
        for element in template.elements() {
            if let TemplateElement::Expr(expression) = element {
                self.loose(site_of(Role::Text, expression), None);
            }
        }
        template.visit_with(self)
    }

    fn visit_spread(&mut self, spread: &'ast Spread) -> ControlFlow<()> {
        self.loose(site_of(Role::Iterate, spread.target()), None);
        spread.visit_with(self)
    }
}
