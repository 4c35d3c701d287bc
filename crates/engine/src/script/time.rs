//! The time that scripts see ([High Resolution Time](https://w3c.github.io/hr-time/)).

use std::time::Duration;

use boa_engine::Context;

use crate::script::with_loop;

/// Milliseconds since the time origin. Reading the clock costs a little virtual time.
pub(crate) fn now(ctx: &Context) -> f64 {
    coarsen(with_loop(ctx, framepost_event_loop::EventLoop::now))
}

/// [Coarsen time](https://w3c.github.io/hr-time/#dfn-coarsen-time), as milliseconds.
///
/// IMPLEMENTATION-DEFINED: to the 5 microseconds of isolated pages for all pages, since nobody can
/// be spied on with a clock that is not a real one.
pub(crate) fn coarsen(time: Duration) -> f64 {
    let micros = time.as_micros() / 5 * 5;
    Duration::from_micros(u64::try_from(micros).unwrap_or(u64::MAX)).as_secs_f64() * 1000.0
}
