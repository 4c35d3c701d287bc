//! The checks of [GlobalDeclarationInstantiation](https://tc39.es/ecma262/#sec-globaldeclarationinstantiation)
//! that refuse a script.
//!
//! Boa adds a script's lexical names to the realm before it checks them. A refused script would
//! leave names that no later script could use. So this module checks all names first.

use std::ops::Range;

use boa_engine::ast::operations::{lexically_declared_names, var_declared_names};
use boa_engine::interner::Interner;
use boa_engine::property::PropertyKey;
use boa_engine::{Context, JsNativeError, JsResult, JsString};

use super::scan::Scan;
use super::{place_of_byte, syntax_tree};

/// Steps 3 and 4: refuses a script that declares an already declared name.
pub(super) fn check(text: &[u8], scan: &Scan, ctx: &mut Context) -> JsResult<()> {
    // OPTIMIZATION: the scan finds a superset of the declared names. A tree is needed only if one of them is refused.
    let name_at = |at: &Range<usize>| {
        let name = String::from_utf8_lossy(&text[at.clone()]);
        (!name.contains('\\')).then(|| JsString::from(name))
    };
    let refused = |name: Option<JsString>, lexical: bool, ctx: &mut Context| {
        name.is_none_or(|name| is_refused(&name, lexical, ctx))
    };
    let mut suspicious = scan
        .lexical
        .iter()
        .any(|at| refused(name_at(at), true, ctx));
    if ctx.realm().scope().num_bindings() > 0 {
        suspicious |= scan.var.iter().any(|at| refused(name_at(at), false, ctx));
    }
    if !suspicious {
        return Ok(());
    }
    let mut names = Interner::new();
    let Some(script) = syntax_tree(text, &scan.edits, &mut names) else {
        return Ok(());
    };
    let lexical = lexically_declared_names(&script).into_iter();
    let var = var_declared_names(&script).into_iter();
    for (name, lexical) in lexical
        .map(|it| (it, true))
        .chain(var.map(|it| (it, false)))
    {
        let name = JsString::from(names.resolve_expect(name).to_string());
        if is_refused(&name, lexical, ctx) {
            let name = name.to_std_string_lossy();
            let mut places = scan.lexical.iter().chain(&scan.var);
            let at = places.find(|at| text[(*at).clone()] == *name.as_bytes());
            let (line, column) = place_of_byte(text, at.map_or(0, |at| at.start));
            let message = format!(
                "identifier '{name}' has already been declared at line {line}, col {column}"
            );
            return Err(JsNativeError::syntax().with_message(message).into());
        }
    }
    Ok(())
}

fn is_refused(name: &JsString, lexical: bool, ctx: &mut Context) -> bool {
    // 3.a. and 4.a. HasLexicalDeclaration.
    if ctx.realm().scope().has_lex_binding(name) {
        return true;
    }
    // 3.b. to 3.d. HasRestrictedGlobalProperty, which is also true of a declaration with `var`.
    lexical && {
        let global = ctx.global_object();
        let property = global
            .borrow()
            .properties()
            .get(&PropertyKey::from(name.clone()));
        property.is_some_and(|property| property.configurable() == Some(false))
    }
}
