//! Limits that are reached in async generators.
//!
//! Boa asserts that the body of an async generator never ends with an error that script cannot catch
//! (`AsyncGenerator::resume`, step 8). But its own limits are such errors. The assertion fails when the body has
//! ended and Boa's stack is consistent again. So this module catches the panic there, and reports the limit.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

use boa_engine::error::RuntimeLimitError;
use boa_engine::realm::Realm;
use boa_engine::{Context, JsResult};

use super::functions::wrap_with;
use super::recursion;

thread_local! {
    /// The number of calls on this thread that catch the panic.
    static CATCHING: Cell<usize> = const { Cell::new(0) };
}

/// The text of the assertion.
const ASSERTION: &str = "assertion failed: !result.is_throw_completion()";

/// Keeps the panic hook from printing caught panics.
fn install_hook() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            let is_assertion = info.payload().downcast_ref::<&str>() == Some(&ASSERTION);
            if CATCHING.get() == 0 || !is_assertion {
                usual(info);
            }
        }));
    });
}

/// Runs a call that may resume an async generator.
pub fn contain<R>(
    ctx: &mut Context,
    call: impl FnOnce(&mut Context) -> JsResult<R>,
) -> JsResult<R> {
    install_hook();
    let realm = ctx.realm().clone();
    CATCHING.set(CATCHING.get() + 1);
    let result = panic::catch_unwind(AssertUnwindSafe(|| call(ctx)));
    CATCHING.set(CATCHING.get() - 1);
    match result {
        Ok(result) => result,
        Err(cause) if cause.downcast_ref::<&str>() == Some(&ASSERTION) => {
            ctx.enter_realm(realm);
            Err(RuntimeLimitError::Recursion.into())
        }
        Err(cause) => panic::resume_unwind(cause),
    }
}

/// Wraps the methods of a realm's async generators.
pub fn install(realm: &Realm) {
    let prototype = realm.intrinsics().objects().async_generator();
    for name in ["next", "return", "throw"] {
        wrap_with(realm, &prototype, name, |original, this, args, ctx| {
            contain(ctx, |ctx| {
                recursion::enter(ctx, |ctx| original.call(this, args, ctx))
            })
        });
    }
}
