//! Scripts with [muted errors](https://html.spec.whatwg.org/multipage/webappapis.html#muted-errors):
//! error events hide the details of their exceptions from script.
//!
//! In Boa, a script has no data except its path, and an exception has only the places where it was thrown. So the
//! path of such a script ends with a mark. [`without_marks`] removes the marks from all texts for script and for the
//! embedder.

use boa_engine::module::Referrer;
use boa_engine::vm::ActiveRunnable;
use boa_engine::{Context, JsString};
use framepost_event_loop::{FxHashSet, GlobalId};

use super::nonces;
use crate::boa::slots::Slot;

/// The mark at the end of the path of a script with muted errors.
const MUTED: char = '\u{1}';

/// The mark of a place in code that `eval` or `Function` has compiled, when no script called it.
const NOBODYS: char = '\u{2}';

/// The state of an agent's scripts with muted errors.
#[derive(Default)]
struct MutedScripts {
    /// Whether there is any. Most pages have none, so this is the fast path.
    any: bool,
    /// Whether any path has a mark, of this module or of [`nonces`].
    marks: bool,
    /// The globals in which such a script has compiled strings.
    compiled: FxHashSet<GlobalId>,
}

static MUTED_SCRIPTS: Slot<MutedScripts> = Slot::new();

/// Returns the path of a script with muted errors.
pub(crate) fn path(ctx: &Context, url: &str) -> String {
    MUTED_SCRIPTS.with(ctx, |muted| muted.any = true);
    use_marks(ctx);
    format!("{url}{MUTED}")
}

/// Paths have marks from now on.
pub(super) fn use_marks(ctx: &Context) {
    MUTED_SCRIPTS.with(ctx, |muted| muted.marks = true);
}

/// Whether the running script is a classic script with muted errors.
pub(crate) fn is_running(ctx: &Context) -> bool {
    if !MUTED_SCRIPTS.with(ctx, |muted| muted.any) {
        return false;
    }
    let Some(ActiveRunnable::Script(running)) = ctx.get_active_script_or_module() else {
        return false;
    };
    let referrer = Referrer::Script(running);
    let path = referrer.path().map(|path| path.to_string_lossy());
    path.is_some_and(|path| path.ends_with(MUTED))
}

/// `eval` or `Function` compiles a string for this global: records whether a muted script called it.
pub(crate) fn compiling(ctx: &Context, global: Option<GlobalId>) {
    if let Some(global) = global
        && is_running(ctx)
    {
        MUTED_SCRIPTS.with(ctx, |muted| muted.compiled.insert(global));
    }
}

/// Marks the URL of a place in compiled code by the script that called it: `caller` is its path.
pub(crate) fn mark_compiled(url: &mut String, caller: Option<&str>) {
    match caller {
        Some(caller) if caller.ends_with(MUTED) => url.push(MUTED),
        Some(_) => {}
        None => url.push(NOBODYS),
    }
}

/// Whether the errors of the script with this path are muted.
// IMPLEMENTATION-DEFINED: if no script calls a function that `eval` or `Function` created, the script that created it
// is unknown. It counts as a muted script's if one has compiled any string in this global.
pub(crate) fn is_muted(ctx: &Context, global: GlobalId, path: &str) -> bool {
    path.ends_with(MUTED)
        || (path.ends_with(NOBODYS)
            && MUTED_SCRIPTS.with(ctx, |muted| muted.compiled.contains(&global)))
}

/// Returns a path or the text of a stack without marks.
pub(crate) fn without_marks(text: &str) -> String {
    text.replace([MUTED, NOBODYS, nonces::DIGITS[0], nonces::DIGITS[1]], "")
}

/// Returns the text of a stack without marks.
pub(crate) fn stack_without_marks(ctx: &Context, stack: JsString) -> JsString {
    if !MUTED_SCRIPTS.with(ctx, |muted| muted.marks) {
        return stack;
    }
    JsString::from(without_marks(&stack.to_std_string_lossy()))
}

/// Removes the state of a discarded window or an ended worker.
pub(crate) fn global_discarded(ctx: &Context, global: GlobalId) {
    MUTED_SCRIPTS.with(ctx, |muted| muted.compiled.remove(&global));
}

/// Counts the globals in which a muted script has compiled strings.
#[cfg(test)]
pub(crate) fn count(ctx: &Context) -> usize {
    MUTED_SCRIPTS.with(ctx, |muted| muted.compiled.len())
}
