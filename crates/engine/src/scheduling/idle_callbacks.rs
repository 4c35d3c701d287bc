//! Idle callbacks ([requestIdleCallback](https://w3c.github.io/requestidlecallback/)).

use std::time::Duration;

use boa_engine::{Finalize, Trace};

use super::idle_periods::{cancel_idle_callback, request_idle_callback, time_remaining};
use crate::webidl::interface;
use crate::webidl::receiver::receivers;

interface! {
    partial interface Window {
        unsigned long requestIdleCallback(IdleRequestCallback callback, optional IdleRequestOptions options = {});
        undefined cancelIdleCallback(unsigned long handle);
    }

    dictionary IdleRequestOptions {
        unsigned long timeout;
    }

    callback IdleRequestCallback = undefined (IdleDeadline deadline);

    /// The `IdleDeadline` interface.
    [Exposed=Window]
    interface IdleDeadline(DeadlineData) {
        DOMHighResTimeStamp timeRemaining();
        readonly attribute boolean didTimeout = |deadline| deadline.did_timeout;
    }
}

/// The data of an `IdleDeadline`.
#[derive(Clone, Copy, Trace, Finalize)]
#[boa_gc(empty_trace)]
pub(super) struct DeadlineData {
    pub(super) time: Duration,
    pub(super) did_timeout: bool,
}

receivers!(DeadlineData);
