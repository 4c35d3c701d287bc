//! `WritableStream` ([Streams, the WritableStream class](https://streams.spec.whatwg.org/#ws-class)).

use std::collections::VecDeque;

use boa_engine::object::builtins::JsPromise;
use boa_engine::{Context, Finalize, JsObject, JsResult, JsValue, Trace};

use super::algorithm::Algorithm;
use super::handle::{Handle, Interfaced};
use super::interfaces::{Given, UnderlyingSink, WRITABLE_STREAM};
use super::promises::{Deferred, rejected_with_error};
use super::strategies::{QueuingStrategy, SizeAlgorithm};
use super::writable::{close_queued_or_in_flight, writable_stream_abort, writable_stream_close};
use super::writable_controller::{self, SinkAlgorithms, WritableController};
use super::writer::{self, Writer};
use crate::boa::errors::{range_error, type_error};
use crate::webidl::{Interface, NewTarget};

/// A writable stream.
pub(crate) type Writable = Handle<WritableData>;

/// The [[state]] of a writable stream.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Trace, Finalize)]
#[boa_gc(empty_trace)]
pub(crate) enum WritableState {
    #[default]
    Writable,
    Erroring,
    Errored,
    Closed,
}

/// The state of a writable stream.
#[derive(Default, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct WritableData {
    pub(super) state: WritableState,
    pub(super) stored_error: JsValue,
    pub(crate) detached: bool,
    pub(super) backpressure: bool,
    pub(super) writer: Option<Writer>,
    pub(super) controller: Option<WritableController>,
    pub(super) write_requests: VecDeque<Deferred>,
    pub(super) in_flight_write_request: Option<Deferred>,
    pub(super) close_request: Option<Deferred>,
    pub(super) in_flight_close_request: Option<Deferred>,
    pub(super) pending_abort_request: Option<PendingAbort>,
}

/// A [pending abort request](https://streams.spec.whatwg.org/#pending-abort-request).
#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(super) struct PendingAbort {
    pub(super) promise: Deferred,
    pub(super) reason: JsValue,
    pub(super) was_already_erroring: bool,
}

impl Interfaced for WritableData {
    fn interface() -> &'static Interface {
        &WRITABLE_STREAM
    }
}

impl Writable {
    /// The state.
    pub(crate) fn state(&self) -> WritableState {
        self.with(|data| data.state)
    }

    /// The stored error.
    pub(crate) fn stored_error(&self) -> JsValue {
        self.with(|data| data.stored_error.clone())
    }

    /// [IsWritableStreamLocked](https://streams.spec.whatwg.org/#is-writable-stream-locked)
    pub(crate) fn is_locked(&self) -> bool {
        self.with(|data| data.writer.is_some())
    }

    pub(super) fn writer(&self) -> Option<Writer> {
        self.with(|data| data.writer.clone())
    }

    /// The controller.
    pub(crate) fn controller(&self) -> Option<WritableController> {
        self.with(|data| data.controller.clone())
    }
}

/// [The constructor](https://streams.spec.whatwg.org/#ws-constructor)
pub(super) fn construct(
    target: &NewTarget,
    sink: Option<&JsObject>,
    strategy: &QueuingStrategy,
    cx: &mut Context,
) -> JsResult<JsObject> {
    // 1. and 2. Convert the sink.
    let Given {
        dictionary: sink,
        this,
    } = Given::<UnderlyingSink>::new(sink, cx)?;
    // 3. There are no types yet.
    if sink.type_.is_some() {
        return Err(range_error("A sink has no type."));
    }
    // 4. Initialize the stream.
    let stream = Writable::new(WritableData::default());
    let object = stream.construct(target, cx)?;
    // 5. and 6. Take the strategy.
    let size = strategy.extract_size_algorithm(cx);
    let high_water_mark = strategy.extract_high_water_mark(1.0)?;
    // 7. Set up the controller.
    let start = Algorithm::of(sink.start, &this, cx);
    let algorithms = SinkAlgorithms {
        write: Algorithm::of(sink.write, &this, cx),
        close: Algorithm::of(sink.close, &this, cx),
        abort: Algorithm::of(sink.abort, &this, cx),
        size,
    };
    writable_controller::set_up(&stream, &start, algorithms, high_water_mark, cx)?;
    Ok(object)
}

/// [CreateWritableStream](https://streams.spec.whatwg.org/#create-writable-stream)
pub(crate) fn create_writable_stream(
    start: &Algorithm,
    write: Algorithm,
    close: Algorithm,
    abort: Algorithm,
    high_water_mark: f64,
    size: SizeAlgorithm,
    cx: &mut Context,
) -> JsResult<Writable> {
    // 1. to 5. Create the stream and its controller.
    let stream = Writable::new(WritableData::default());
    let algorithms = SinkAlgorithms {
        write,
        close,
        abort,
        size,
    };
    writable_controller::set_up(&stream, start, algorithms, high_water_mark, cx)?;
    Ok(stream)
}

/// The error for a stream that has a writer.
fn locked() -> boa_engine::JsError {
    type_error("The stream is locked to a writer.")
}

/// [abort()](https://streams.spec.whatwg.org/#ws-abort)
pub(super) fn abort(
    stream: &Writable,
    reason: Option<JsValue>,
    cx: &mut Context,
) -> JsResult<JsPromise> {
    // 1. A locked stream rejects. 2. Abort it.
    match stream.is_locked() {
        true => rejected_with_error(locked(), cx),
        false => writable_stream_abort(stream, &reason.unwrap_or_default(), cx),
    }
}

/// [close()](https://streams.spec.whatwg.org/#ws-close)
pub(super) fn close(stream: &Writable, cx: &mut Context) -> JsResult<JsPromise> {
    // 1. A locked stream rejects.
    if stream.is_locked() {
        return rejected_with_error(locked(), cx);
    }
    // 2. A stream is closed once.
    if close_queued_or_in_flight(stream) {
        return rejected_with_error(type_error("The stream is already being closed."), cx);
    }
    // 3. Close it.
    writable_stream_close(stream, cx)
}

/// [getWriter()](https://streams.spec.whatwg.org/#ws-get-writer)
pub(super) fn get_writer(stream: &Writable, cx: &mut Context) -> JsResult<JsObject> {
    // 1. Acquire a writer.
    Ok(writer::acquire(stream, cx)?.object(cx))
}
