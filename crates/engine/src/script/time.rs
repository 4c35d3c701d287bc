//! Time as script sees it ([High Resolution Time](https://w3c.github.io/hr-time/)).

use std::time::Duration;

use boa_engine::Context;

use crate::script::with_loop;

/// Returns the milliseconds since the time origin. Each reading advances virtual time a little.
pub(crate) fn now(ctx: &Context) -> f64 {
    coarsen(with_loop(ctx, framepost_event_loop::EventLoop::now))
}

/// [Coarsen time](https://w3c.github.io/hr-time/#dfn-coarsen-time), in milliseconds.
///
/// IMPLEMENTATION-DEFINED: all pages get the 5 microseconds of isolated pages. The clock is
/// virtual, so it reveals nothing.
pub(crate) fn coarsen(time: Duration) -> f64 {
    let micros = time.as_micros() / 5 * 5;
    Duration::from_micros(u64::try_from(micros).unwrap_or(u64::MAX)).as_secs_f64() * 1000.0
}
