//! The names that `let`, `const` and `class` declare anywhere in a script.

use std::ops::ControlFlow;

use boa_engine::ast::declaration::{Binding, LexicalDeclaration, Variable};
use boa_engine::ast::function::ClassDeclaration;
use boa_engine::ast::operations::bound_names;
use boa_engine::ast::visitor::{VisitWith, Visitor};
use boa_engine::ast::{Expression, Statement};
use boa_engine::interner::Sym;

use super::sites::MIN_STACK;
use crate::boa::source_text::Tree;
use crate::boa::stack;

/// Returns the names that can be read before their declarations have run.
pub(super) fn lexically_declared(tree: &Tree) -> Vec<Sym> {
    let mut names = Names(Vec::new());
    tree.visit(&mut names);
    names.0
}

struct Names(Vec<Sym>);

impl<'ast> Visitor<'ast> for Names {
    type BreakTy = ();

    fn visit_expression(&mut self, expression: &'ast Expression) -> ControlFlow<()> {
        match stack::left() < MIN_STACK {
            true => ControlFlow::Break(()),
            false => expression.visit_with(self),
        }
    }

    fn visit_statement(&mut self, statement: &'ast Statement) -> ControlFlow<()> {
        match stack::left() < MIN_STACK {
            true => ControlFlow::Break(()),
            false => statement.visit_with(self),
        }
    }

    fn visit_lexical_declaration(&mut self, node: &'ast LexicalDeclaration) -> ControlFlow<()> {
        for variable in node.variable_list().as_ref() {
            self.0.extend(names_of(variable));
        }
        node.visit_with(self)
    }

    fn visit_class_declaration(&mut self, node: &'ast ClassDeclaration) -> ControlFlow<()> {
        self.0.push(node.name().sym());
        node.visit_with(self)
    }
}

fn names_of(variable: &Variable) -> Vec<Sym> {
    match variable.binding() {
        Binding::Identifier(name) => vec![name.sym()],
        Binding::Pattern(_) => bound_names(variable),
    }
}
