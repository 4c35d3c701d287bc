//! Time for script ([High Resolution Time](https://w3c.github.io/hr-time/)).

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
    // OPTIMIZATION: an event reads the time, and a division of 128 bits takes a hundred
    // instructions.
    let within_second = time.subsec_micros() / 5 * 5;
    Duration::new(time.as_secs(), within_second * 1000).as_secs_f64() * 1000.0
}
