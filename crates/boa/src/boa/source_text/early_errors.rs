//! [Early errors](https://tc39.es/ecma262/#sec-static-semantic-rules) that Boa's parser does not report.
//!
//! The scan finds the texts that may have such an error. Only these are parsed once more here, since Boa keeps no
//! syntax tree of a script.

use std::collections::HashSet;
use std::ops::{ControlFlow, Range};

use boa_engine::ast::declaration::{Binding, LexicalDeclaration, VarDeclaration, Variable};
use boa_engine::ast::expression::OptionalOperationKind;
use boa_engine::ast::expression::operator::Unary;
use boa_engine::ast::expression::operator::unary::UnaryOp;
use boa_engine::ast::function::{
    ClassElement, FormalParameterList, FunctionBody, FunctionExpression,
};
use boa_engine::ast::operations::{bound_names, lexically_declared_names, var_declared_names};
use boa_engine::ast::visitor::{VisitWith, Visitor};
use boa_engine::ast::{Expression, Spanned, Statement};
use boa_engine::interner::{Interner, Sym};
use boa_engine::{JsNativeError, JsResult, JsString};

use super::scan::{Goal, Scan, repeated, scan};
use super::{Edits, Kind, Tree, check_depth, place_of_byte, syntax_tree_of, to_bytes};
use crate::boa::error_text::LineAndColumn;
use crate::boa::stack;

/// The length of the shortest string that is checked.
const MIN_STRING: usize = 11;

/// The stack that a level of the visit needs, in bytes.
const MIN_STACK: usize = 64 << 10;

impl Scan {
    /// Whether the text may have an early error that Boa does not report.
    pub(super) fn is_suspicious(&self) -> bool {
        !self.repeated.is_empty()
            || self.bare_pattern
            || (self.deletes && self.optional && self.private)
    }
}

/// Refuses a text for `eval` or `Function` with an early error that Boa does not report.
pub(super) fn check_string(text: &JsString) -> JsResult<()> {
    // OPTIMIZATION: the shortest such text is `let q;let q`.
    if text.len() < MIN_STRING {
        return Ok(());
    }
    let text = to_bytes(text);
    let mut scan = scan(&text, Goal::Script);
    check_depth(&scan)?;
    let at_top = repeated(&text, &scan.lexical, &scan.var);
    scan.repeated.extend(at_top);
    check(&text, &scan, Kind::Body)
}

/// Refuses a text with an early error that Boa does not report.
pub(super) fn check(text: &[u8], scan: &Scan, kind: Kind) -> JsResult<()> {
    // OPTIMIZATION: few texts need a tree.
    if !scan.is_suspicious() {
        return Ok(());
    }
    let mut names = Interner::new();
    let edits = match kind {
        Kind::Eval | Kind::Body => &[][..],
        Kind::Script | Kind::Module | Kind::Handler => &scan.edits,
    };
    // Boa's parser reports what is wrong with a text that has no tree.
    let Some(tree) = syntax_tree_of(text, kind, edits, &mut names) else {
        // A string may be a program or a body.
        return match kind {
            Kind::Body => check(text, scan, Kind::Eval),
            _ => Ok(()),
        };
    };
    let mut errors = EarlyErrors { found: None };
    if let Tree::Body(body) = &tree {
        let _ = errors.visit_function_body(body);
    } else {
        tree.visit(&mut errors);
    }
    let Some(error) = errors.found else {
        return Ok(());
    };
    let (message, (line, column)) = match error {
        EarlyError::Repeated(name) => {
            let name = names.resolve_expect(name).to_string();
            let is_it = |at: &&Range<usize>| text[(*at).clone()] == *name.as_bytes();
            let at = scan.repeated.iter().filter(is_it).map(|at| at.start).min();
            let place = place_of_byte(text, at.unwrap_or(0));
            (
                format!("identifier '{name}' has already been declared"),
                place,
            )
        }
        EarlyError::BarePattern(place) => {
            let place = Edits(edits.to_vec()).original_place(text, place);
            let message = "a declared pattern needs a value";
            (message.to_owned(), (place.line, place.column))
        }
        EarlyError::PrivateDeletion(place) => {
            let place = Edits(edits.to_vec()).original_place(text, place);
            let message = "cannot delete private fields";
            (message.to_owned(), (place.line, place.column))
        }
    };
    let message = format!("{message} at line {line}, col {column}");
    Err(JsNativeError::syntax().with_message(message).into())
}

enum EarlyError {
    /// A name is declared a second time.
    Repeated(Sym),
    /// A declaration has a pattern without a value.
    BarePattern(LineAndColumn),
    /// The operand of `delete` is a chain that ends with a private member.
    PrivateDeletion(LineAndColumn),
}

struct EarlyErrors {
    found: Option<EarlyError>,
}

impl EarlyErrors {
    fn report(&mut self, error: EarlyError) -> ControlFlow<()> {
        self.found = Some(error);
        ControlFlow::Break(())
    }

    /// [Early errors of function definitions](https://tc39.es/ecma262/#sec-function-definitions-static-semantics-early-errors)
    fn names_of_body(&mut self, body: &FunctionBody) -> ControlFlow<()> {
        let mut lexical = HashSet::new();
        // It is a Syntax Error if the LexicallyDeclaredNames contain a name twice, …
        for name in lexically_declared_names(body) {
            if !lexical.insert(name) {
                return self.report(EarlyError::Repeated(name));
            }
        }
        if lexical.is_empty() {
            return ControlFlow::Continue(());
        }
        // … or a name of the VarDeclaredNames.
        let mut both = var_declared_names(body).into_iter();
        match both.find(|name| lexical.contains(name)) {
            Some(name) => self.report(EarlyError::Repeated(name)),
            None => ControlFlow::Continue(()),
        }
    }

    /// [Early errors of method definitions](https://tc39.es/ecma262/#sec-method-definitions-static-semantics-early-errors)
    fn names_of_method(
        &mut self,
        parameters: &FormalParameterList,
        body: &FunctionBody,
    ) -> ControlFlow<()> {
        // It is a Syntax Error if a name of the parameters is lexically declared in the body.
        let parameters = bound_names(parameters);
        let mut lexical = lexically_declared_names(body).into_iter();
        match lexical.find(|name| parameters.contains(name)) {
            Some(name) => self.report(EarlyError::Repeated(name)),
            None => ControlFlow::Continue(()),
        }
    }

    /// [Early errors of declarations](https://tc39.es/ecma262/#sec-let-and-const-declarations)
    fn values_of(&mut self, variables: &[Variable]) -> ControlFlow<()> {
        for variable in variables {
            if let (Binding::Pattern(pattern), None) = (variable.binding(), variable.init()) {
                let start = pattern.span().start();
                return self.report(EarlyError::BarePattern(place(start)));
            }
        }
        ControlFlow::Continue(())
    }
}

fn place(position: boa_engine::ast::Position) -> LineAndColumn {
    LineAndColumn {
        line: position.line_number(),
        column: position.column_number(),
    }
}

impl<'ast> Visitor<'ast> for EarlyErrors {
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

    fn visit_function_body(&mut self, body: &'ast FunctionBody) -> ControlFlow<()> {
        self.names_of_body(body)?;
        body.visit_with(self)
    }

    fn visit_class_element(&mut self, element: &'ast ClassElement) -> ControlFlow<()> {
        if let ClassElement::MethodDefinition(method) = element {
            self.names_of_method(method.parameters(), method.body())?;
        }
        element.visit_with(self)
    }

    // A constructor is a function expression here. Boa has checked all others.
    fn visit_function_expression(&mut self, node: &'ast FunctionExpression) -> ControlFlow<()> {
        self.names_of_method(node.parameters(), node.body())?;
        node.visit_with(self)
    }

    fn visit_lexical_declaration(&mut self, node: &'ast LexicalDeclaration) -> ControlFlow<()> {
        self.values_of(node.variable_list().as_ref())?;
        node.visit_with(self)
    }

    fn visit_var_declaration(&mut self, node: &'ast VarDeclaration) -> ControlFlow<()> {
        self.values_of(node.0.as_ref())?;
        node.visit_with(self)
    }

    fn visit_unary(&mut self, unary: &'ast Unary) -> ControlFlow<()> {
        // https://tc39.es/ecma262/#sec-delete-operator-static-semantics-early-errors
        // It is a Syntax Error if the operand ends with a private member. Boa knows only those without `?.`.
        if unary.op() == UnaryOp::Delete
            && let Expression::Optional(chain) = unary.target().flatten()
            && let Some(last) = chain.chain().last()
            && let OptionalOperationKind::PrivatePropertyAccess { field } = last.kind()
        {
            return self.report(EarlyError::PrivateDeletion(place(field.span().start())));
        }
        unary.visit_with(self)
    }
}
