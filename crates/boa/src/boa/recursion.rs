//! Functions of the engine that script can cause to call themselves.
//!
//! Boa's own limit on recursion raises an error that script cannot catch. Calls through this module throw a
//! `RangeError` before that.

use boa_engine::{Context, JsNativeError, JsResult};

use super::slots::Slot;
use super::stack;

/// The number of nested calls.
static DEPTH: Slot<usize> = Slot::new();

/// The most nested calls. Each also includes calls of script, so fewer than a third of
/// [`PageLimits::recursion`](crate::PageLimits::recursion) are possible.
const MAX_DEPTH: usize = 2_500;

/// The stack that must be left, in bytes.
const LEAST_STACK: usize = 16 << 20;

/// Runs `call`, or throws if too many calls are already nested.
pub fn enter<R>(ctx: &mut Context, call: impl FnOnce(&mut Context) -> JsResult<R>) -> JsResult<R> {
    let depth = DEPTH.with(ctx, |depth| {
        *depth += 1;
        *depth
    });
    let limit = MAX_DEPTH.min(ctx.runtime_limits().recursion_limit() / 4);
    let result = if depth > limit || stack::left() < LEAST_STACK {
        Err(JsNativeError::range()
            .with_message("Maximum call stack size exceeded")
            .into())
    } else {
        call(ctx)
    };
    DEPTH.with(ctx, |depth| *depth = depth.saturating_sub(1));
    result
}
