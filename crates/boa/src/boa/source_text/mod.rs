//! Prepares source texts for Boa's parser.
//!
//! Boa parses a text by recursion, compiles it by recursion, and refuses a few texts that are
//! correct. So every text is scanned first, and is read through a `Reader` that checks the stack and edits the text
//! where the parser would fail. A text that is nested too deeply for the stack throws a `RangeError`.
//!
//! `eval` and `Function` pass their text to Boa's parser directly. [`check_strings`] parses such a text beforehand if
//! it may be too deep.

mod chars;
mod declarations;
mod early_errors;
mod frames;
mod places;
mod reader;
mod refusals;
mod scan;

use std::path::Path;

use boa_engine::ast::scope::Scope;
use boa_engine::ast::visitor::Visitor;
use boa_engine::ast::{Expression, Statement, StatementListItem};
use boa_engine::interner::{Interner, Sym};
use boa_engine::parser::{Parser, Source};
use boa_engine::{Context, JsError, JsNativeError, JsResult, JsString, Module, Script, js_string};

use super::error_text::{self, LineAndColumn};
use super::sources::{Kind, SourceOf};
use super::stack;
pub use places::{Edits, byte_of_place, original_place, place_of_byte};
use reader::Reader;
pub use refusals::place_of_import;
use scan::{Edit, Goal, Scan, scan};

/// The stack that one level of a syntax tree may need after parsing, in bytes.
const STACK_PER_LEVEL: usize = 2_560;

/// The stack that Boa's parser may need for one level, in bytes.
const STACK_PER_PARSED_LEVEL: usize = 128 << 10;

/// The most nested blocks and function bodies.
// IMPLEMENTATION-DEFINED: Boa takes quadratic time for them. A thousand take a second.
const MAX_BLOCKS: usize = 1_000;

/// The most labels of one statement.
// IMPLEMENTATION-DEFINED: Boa copies all labels for each label.
const MAX_LABELS: usize = 1_000;

/// The most `default` clauses inside one another, in one function.
// IMPLEMENTATION-DEFINED: Boa's parser visits each of them twice, and so the innermost one 2ⁿ times (`visit_switch` in
// `boa_ast/src/operations/mod.rs`).
const MAX_DEFAULT_CLAUSES: usize = 16;

/// The text after the text of a module. It ends an `export` without a semicolon, where Boa's parser expects another
/// token. It is not a statement, so it does not complete an incomplete text.
const AFTER_MODULE: &str = "\nexport{};";

/// Parses a classic script in the current realm. If the script cannot declare all its names, it declares none.
pub fn parse_script(text: &str, path: &Path, ctx: &mut Context) -> JsResult<Script> {
    parse_script_bytes(text.as_bytes(), path, ctx)
}

/// Parses a classic script that may contain lone surrogates.
pub fn parse_script_units(text: &JsString, path: &Path, ctx: &mut Context) -> JsResult<Script> {
    parse_script_bytes(&to_bytes(text), path, ctx)
}

fn parse_script_bytes(text: &[u8], path: &Path, ctx: &mut Context) -> JsResult<Script> {
    let scan = scan(text, Goal::Script);
    check_depth(&scan)?;
    early_errors::check(text, &scan, Kind::Script)?;
    declarations::check(text, &scan, ctx)?;
    let reader = Reader::new(text, &scan.edits, "");
    let watch = reader.watch();
    let parsed = Script::parse(Source::from_reader(reader, Some(path)), None, ctx);
    parsed.map_err(|error| explain(error, text, Goal::Script, scan.edits, watch.too_deep()))
}

/// Parses a module in the current realm.
pub fn parse_module(text: &str, path: &Path, ctx: &mut Context) -> JsResult<Module> {
    let text = text.as_bytes();
    let scan = scan(text, Goal::Module);
    check_depth(&scan)?;
    early_errors::check(text, &scan, Kind::Module)?;
    let reader = Reader::new(text, &scan.edits, AFTER_MODULE);
    let watch = reader.watch();
    let parsed = Module::parse(Source::from_reader(reader, Some(path)), None, ctx);
    parsed.map_err(|error| explain(error, text, Goal::Module, scan.edits, watch.too_deep()))
}

/// Refuses texts for `eval` or `Function` that are nested too deeply or have an early error that Boa does not
/// report, and those for `Function` that Boa would not read to their end.
pub fn check_strings(parameters: &[JsString], body: &JsString) -> JsResult<()> {
    parameters.iter().try_for_each(check_string)?;
    check_string(body)?;
    for text in parameters.iter().chain([body]) {
        early_errors::check_string(text)?;
    }
    let parameters: Vec<_> = parameters.iter().map(JsString::as_str).collect();
    let comma = js_string!(",");
    let mut list = Vec::new();
    for parameter in parameters {
        if !list.is_empty() {
            list.push(comma.as_str());
        }
        list.push(parameter);
    }
    check_end(&JsString::concat_array(&list), b')', "(", "\n) {})")?;
    check_end(body, b'}', "() {\n", "\n})")
}

/// Refuses the parameters or the body of a function if the bracket behind them is in the text itself, where
/// Boa would end reading.
fn check_end(text: &JsString, end: u8, before: &str, behind: &str) -> JsResult<()> {
    if !text.iter().any(|unit| unit == u16::from(end)) {
        return Ok(());
    }
    let text = to_bytes(text);
    if !scan(&text, Goal::Script).unmatched {
        return Ok(());
    }
    // What divides and what is a regular expression is for the parser to tell. A text that closes the function
    // and opens another one is two expressions.
    let is_function = |kind: &str| {
        let text = [
            b"(",
            kind.as_bytes(),
            before.as_bytes(),
            &text,
            behind.as_bytes(),
        ]
        .concat();
        let script = syntax_tree(&text, &[], &mut Interner::new());
        script.is_some_and(|script| match script.statements().statements() {
            [StatementListItem::Statement(statement)] => match &**statement {
                Statement::Expression(Expression::Parenthesized(whole)) => matches!(
                    whole.expression(),
                    Expression::FunctionExpression(_)
                        | Expression::GeneratorExpression(_)
                        | Expression::AsyncFunctionExpression(_)
                        | Expression::AsyncGeneratorExpression(_)
                ),
                _ => false,
            },
            _ => false,
        })
    };
    let kinds = ["function", "async function", "function*", "async function*"];
    if kinds.into_iter().any(is_function) {
        return Ok(());
    }
    let message = format!("unexpected token '{}'", char::from(end));
    Err(JsNativeError::syntax().with_message(message).into())
}

fn check_string(text: &JsString) -> JsResult<()> {
    let most = stack::left() / 2 / STACK_PER_PARSED_LEVEL;
    // OPTIMIZATION: a level needs at least one character.
    if text.len() < most {
        return Ok(());
    }
    let text = to_bytes(text);
    let scan = scan(&text, Goal::Script);
    check_depth(&scan)?;
    if scan.depth < most {
        return Ok(());
    }
    // The count is only a bound: the parser gives the exact answer.
    let parses = [
        |parser: &mut Parser<'_, _>, names: &mut Interner| {
            drop(parser.parse_eval(true, names));
        },
        |parser: &mut Parser<'_, _>, names: &mut Interner| {
            drop(parser.parse_function_body(names, false, false));
        },
        |parser: &mut Parser<'_, _>, names: &mut Interner| {
            drop(parser.parse_function_body(names, true, false));
        },
        |parser: &mut Parser<'_, _>, names: &mut Interner| {
            drop(parser.parse_function_body(names, false, true));
        },
        |parser: &mut Parser<'_, _>, names: &mut Interner| {
            drop(parser.parse_function_body(names, true, true));
        },
        |parser: &mut Parser<'_, _>, names: &mut Interner| {
            drop(parser.parse_formal_parameters(names, false, false));
        },
    ];
    for parse in parses {
        let reader = Reader::new(&text, &[], "");
        let watch = reader.watch();
        let mut parser = Parser::new(Source::from_reader(reader, None));
        parse(&mut parser, &mut Interner::new());
        if watch.too_deep() {
            return Err(too_deep());
        }
    }
    Ok(())
}

/// Returns the syntax tree of a script without a realm, or `None` if it is not a script.
fn syntax_tree(
    text: &[u8],
    edits: &[Edit],
    names: &mut Interner,
) -> Option<boa_engine::ast::Script> {
    let reader = Reader::new(text, edits, "");
    let source = Source::from_reader(reader, None);
    let parsed = Parser::new(source).parse_script(&Scope::new_global(), names);
    parsed.ok()
}

/// The syntax tree of a source.
#[derive(Debug)]
pub enum Tree {
    /// The tree of a script or of a string for `eval`.
    Script(boa_engine::ast::Script),
    /// The tree of a module.
    Module(boa_engine::ast::Module),
    /// The tree of a function's body.
    Body(boa_engine::ast::function::FunctionBody),
}

impl Tree {
    /// Returns the names that `let`, `const` and `class` declare at the top.
    pub fn lexically_declared_names(&self) -> Vec<Sym> {
        use boa_engine::ast::operations::lexically_declared_names;
        match self {
            Self::Script(script) => lexically_declared_names(script),
            Self::Module(module) => lexically_declared_names(module),
            Self::Body(_) => Vec::new(),
        }
    }

    /// Visits all nodes.
    pub fn visit<'a>(&'a self, visitor: &mut impl Visitor<'a>) {
        let _ = match self {
            Self::Script(script) => visitor.visit_script(script).is_break(),
            Self::Module(module) => visitor.visit_module(module).is_break(),
            Self::Body(body) => visitor.visit_function_body(body).is_break(),
        };
    }
}

/// Parses a source that was parsed before, without a realm.
pub fn visit_syntax_tree<T>(
    source: &SourceOf,
    names: &mut Interner,
    visit: impl FnOnce(&mut Interner, &Tree, &Edits) -> Option<T>,
) -> Option<T> {
    let text = source.text.as_bytes();
    let goal = match source.kind {
        Kind::Module => Goal::Module,
        _ => Goal::Script,
    };
    let scan = scan(text, goal);
    check_depth(&scan).ok()?;
    // The parser got strings as they are.
    let edits = match source.kind {
        Kind::Eval | Kind::Body => Vec::new(),
        Kind::Script | Kind::Module | Kind::Handler => scan.edits,
    };
    let tree = syntax_tree_of(text, source.kind, &edits, names)?;
    visit(names, &tree, &Edits(edits))
}

/// Returns the syntax tree of a text, or `None` if the text is incorrect.
fn syntax_tree_of(text: &[u8], kind: Kind, edits: &[Edit], names: &mut Interner) -> Option<Tree> {
    let after = match kind {
        Kind::Module => AFTER_MODULE,
        _ => "",
    };
    let parser = || Parser::new(Source::from_reader(Reader::new(text, edits, after), None));
    let scope = Scope::new_global();
    Some(match kind {
        Kind::Script | Kind::Handler => Tree::Script(parser().parse_script(&scope, names).ok()?),
        Kind::Module => Tree::Module(parser().parse_module(&scope, names).ok()?),
        Kind::Eval => Tree::Script(parser().parse_eval(true, names).ok()?.0),
        Kind::Body => {
            let body = parser().parse_function_body(names, false, false);
            let body = body.or_else(|_| parser().parse_function_body(names, true, true));
            Tree::Body(body.ok()?)
        }
    })
}

/// Returns the names that `let`, `const` and `class` declare at the top of a script.
pub fn lexically_declared_names(text: &str) -> Vec<JsString> {
    let scan = scan(text.as_bytes(), Goal::Script);
    let mut names = Interner::new();
    let script = syntax_tree(text.as_bytes(), &scan.edits, &mut names);
    script.map_or_else(Vec::new, |script| {
        let declared = boa_engine::ast::operations::lexically_declared_names(&script);
        let text = |name| JsString::from(names.resolve_expect(name).to_string());
        declared.into_iter().map(text).collect()
    })
}

fn check_depth(scan: &Scan) -> JsResult<()> {
    let refused = |message: String| Err(JsNativeError::range().with_message(message).into());
    if scan.blocks > MAX_BLOCKS {
        return refused(format!(
            "the source has more than {MAX_BLOCKS} blocks inside one another"
        ));
    }
    if scan.default_clauses > MAX_DEFAULT_CLAUSES {
        return refused(format!(
            "the source has more than {MAX_DEFAULT_CLAUSES} `default` clauses inside one another"
        ));
    }
    if scan.labels > MAX_LABELS {
        return refused(format!(
            "the source has a statement with more than {MAX_LABELS} labels"
        ));
    }
    match scan.depth > stack::left() / 2 / STACK_PER_LEVEL {
        true => Err(too_deep()),
        false => Ok(()),
    }
}

/// The error for a text that is too deep for the stack.
fn too_deep() -> JsError {
    JsNativeError::range()
        .with_message("the source is nested too deeply for the stack")
        .into()
}

/// Improves the error of Boa's parser: it states the problem and the place.
fn explain(
    error: JsError,
    text: &[u8],
    goal: Goal,
    edits: Vec<Edit>,
    is_too_deep: bool,
) -> JsError {
    if is_too_deep {
        return too_deep();
    }
    let Some(message) = error.as_native().map(|native| native.message().to_string()) else {
        return error;
    };
    if let Some((what, place)) = refusals::locate(&message, text, goal) {
        let LineAndColumn { line, column } = place;
        let message = format!("{what} at line {line}, col {column}");
        return JsNativeError::syntax().with_message(message).into();
    }
    let (line, column) = place_of_byte(text, text.len());
    let parsed = error_text::place_in_message(&message);
    let place = parsed.map(|place| Edits(edits).original_place(text, place));
    let beyond = place.is_some_and(|place| (place.line, place.column) > (line, column));
    if message == "abrupt end" || beyond {
        let message = format!("unexpected end of input at line {line}, col {column}");
        return JsNativeError::syntax().with_message(message).into();
    }
    match place {
        Some(place) if Some(place) != parsed => {
            let message = error_text::with_place(&message, place);
            JsNativeError::syntax().with_message(message).into()
        }
        _ => error,
    }
}

/// Returns a text as UTF-8, with three bytes for each lone surrogate.
fn to_bytes(text: &JsString) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    for point in text.code_points() {
        let code = point.as_u32();
        match char::from_u32(code) {
            Some(char) => bytes.extend(char.encode_utf8(&mut [0; 4]).bytes()),
            None => bytes.extend([
                0xe0 | (code >> 12) as u8,
                0x80 | (code >> 6 & 0x3f) as u8,
                0x80 | (code & 0x3f) as u8,
            ]),
        }
    }
    bytes
}
