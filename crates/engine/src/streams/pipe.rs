//! Pipes ([Streams, ReadableStreamPipeTo](https://streams.spec.whatwg.org/#readable-stream-pipe-to)).

use boa_engine::object::builtins::JsPromise;
use boa_engine::{Context, Finalize, JsData, JsObject, JsResult, JsValue, Trace};

use super::algorithm::Algorithm;
use super::default_reader::{
    self, DefaultReader, ReadRequestSteps, readable_stream_default_reader_read,
    readable_stream_default_reader_release,
};
use super::handle::Handle;
use super::interfaces::{ReadableWritablePair, StreamPipeOptions};
use super::promises::{
    Deferred, mark_as_handled, react, rejected_with_error, resolved, thrown, upon, wait_for_all,
};
use super::readable::readable_stream_cancel;
use super::readable_stream::{Readable, ReadableState};
use super::transform_controller::TransformAlgorithms;
use super::transform_stream;
use super::writable::{close_queued_or_in_flight, writable_stream_abort};
use super::writable_stream::{Writable, WritableState};
use super::writer::{
    self, Writer, close_with_error_propagation, writable_stream_default_writer_release,
    writable_stream_default_writer_write,
};
use crate::boa::errors::type_error;
use crate::dom::aborting;

/// A pipe.
type Pipe = Handle<PipeData>;

/// The state of a pipe.
#[derive(Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
struct PipeData {
    source: Readable,
    destination: Writable,
    reader: DefaultReader,
    writer: Writer,
    prevent_close: bool,
    prevent_abort: bool,
    prevent_cancel: bool,
    promise: Deferred,
    shutting_down: bool,
    /// Settled when the last chunk that was read is written.
    last_write: JsPromise,
    /// The number of chunks that were read.
    writes: u64,
}

/// What a pipe does before it ends.
#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
enum Action {
    /// Nothing.
    None,
    /// Aborts the destination.
    Abort(JsValue),
    /// Cancels the source.
    Cancel(JsValue),
    /// Closes the destination.
    Close,
    /// Ends both, because a signal was aborted.
    Signal(JsValue),
}

/// The options of a pipe without script.
pub(crate) fn no_options() -> StreamPipeOptions {
    StreamPipeOptions {
        prevent_close: false,
        prevent_abort: false,
        prevent_cancel: false,
        signal: None,
    }
}

/// [pipeThrough()](https://streams.spec.whatwg.org/#rs-pipe-through)
pub(super) fn pipe_through(
    stream: &Readable,
    transform: ReadableWritablePair,
    options: &StreamPipeOptions,
    cx: &mut Context,
) -> JsResult<Readable> {
    // 1. and 2. Neither stream is locked.
    if stream.is_locked() {
        return Err(type_error("The stream is locked to a reader."));
    }
    if transform.writable.is_locked() {
        return Err(type_error("The writable side is locked to a writer."));
    }
    // 3. and 4. Pipe.
    let promise = readable_stream_pipe_to(stream, &transform.writable, options, cx)?;
    // 5. Nobody sees the promise.
    mark_as_handled(&promise, cx)?;
    // 6. Return the readable side.
    Ok(transform.readable)
}

/// [pipeTo()](https://streams.spec.whatwg.org/#rs-pipe-to)
pub(super) fn pipe_to(
    stream: &Readable,
    destination: &Writable,
    options: &StreamPipeOptions,
    cx: &mut Context,
) -> JsResult<JsPromise> {
    // 1. and 2. Neither stream is locked.
    if stream.is_locked() {
        return rejected_with_error(type_error("The stream is locked to a reader."), cx);
    }
    if destination.is_locked() {
        return rejected_with_error(type_error("The destination is locked to a writer."), cx);
    }
    // 3. and 4. Pipe.
    readable_stream_pipe_to(stream, destination, options, cx)
}

/// [Create a proxy](https://streams.spec.whatwg.org/#readablestream-create-a-proxy) of a stream.
pub(crate) fn create_a_proxy(stream: &Readable, cx: &mut Context) -> JsResult<Readable> {
    // 1. Pipe the stream through an identity transform stream.
    let identity = TransformAlgorithms {
        transform: None,
        flush: Algorithm::Nothing,
        cancel: Algorithm::Nothing,
    };
    let identity = transform_stream::create(identity, cx)?;
    let promise = readable_stream_pipe_to(stream, &identity.writable(), &no_options(), cx)?;
    mark_as_handled(&promise, cx)?;
    // 2. Return its readable side.
    Ok(identity.readable())
}

/// [ReadableStreamPipeTo](https://streams.spec.whatwg.org/#readable-stream-pipe-to)
pub(crate) fn readable_stream_pipe_to(
    source: &Readable,
    destination: &Writable,
    options: &StreamPipeOptions,
    cx: &mut Context,
) -> JsResult<JsPromise> {
    // 1. to 10. Lock both streams. IMPLEMENTATION-DEFINED: the reader is a default reader.
    let reader = default_reader::acquire(source, cx)?;
    let writer = writer::acquire(destination, cx)?;
    // 11. The source is disturbed.
    source.with(|data| data.disturbed = true);
    // 12. and 13. Nothing ends it yet.
    let promise = Deferred::new(cx);
    let pipe = Pipe::new(PipeData {
        source: source.clone(),
        destination: destination.clone(),
        reader: reader.clone(),
        writer: writer.clone(),
        prevent_close: options.prevent_close,
        prevent_abort: options.prevent_abort,
        prevent_cancel: options.prevent_cancel,
        promise: promise.clone(),
        shutting_down: false,
        last_write: resolved(cx)?,
        writes: 0,
    });
    // 14. A signal ends it.
    if let Some(signal) = &options.signal {
        if let Some(reason) = aborting::reason(signal) {
            shutdown(&pipe, Action::Signal(reason.clone()), Some(reason), cx)?;
            return Ok(promise.promise);
        }
        let object = JsObject::from_proto_and_data(None, OnAbort(pipe.clone()));
        aborting::run_on_abort(signal, on_abort, object);
    }
    // 15. Errors and ends propagate. All that is true now has precedence over what becomes true.
    propagate_errors_forward(&pipe, cx)?;
    propagate_errors_backward(&pipe, cx)?;
    propagate_closing_forward(&pipe, cx)?;
    propagate_closing_backward(&pipe, cx)?;
    // With room, the first chunk is read now: script observes that the source is pulled once less.
    let has_room = destination.state() == WritableState::Writable
        && !destination.with(|data| data.backpressure);
    match has_room {
        true => read(&pipe, cx)?,
        false => step(&pipe, cx)?,
    }
    // 16. Return the promise.
    Ok(promise.promise)
}

/// The pipe that a signal ends.
#[derive(Trace, Finalize, JsData)]
#[boa_gc(unsafe_no_drop)]
struct OnAbort(Pipe);

fn on_abort(cx: &mut Context, object: &JsObject, reason: &JsValue) {
    let pipe = object.downcast_ref::<OnAbort>().map(|held| held.0.clone());
    if let Some(pipe) = pipe {
        let ended = shutdown(
            &pipe,
            Action::Signal(reason.clone()),
            Some(reason.clone()),
            cx,
        );
        if let Err(error) = ended {
            crate::script::report_exception(cx, None, error);
        }
    }
}

/// "Errors must be propagated forward".
fn propagate_errors_forward(pipe: &Pipe, cx: &mut Context) -> JsResult<()> {
    fn errored(cx: &mut Context, pipe: &Pipe, error: &JsValue) -> JsResult<()> {
        let action = match pipe.with(|data| data.prevent_abort) {
            true => Action::None,
            false => Action::Abort(error.clone()),
        };
        shutdown(pipe, action, Some(error.clone()), cx)
    }
    let (source, reader) = pipe.with(|data| (data.source.clone(), data.reader.clone()));
    if let ReadableState::Errored(error) = source.state() {
        return errored(cx, pipe, &error);
    }
    let closed = reader.with(|data| data.generic.closed.promise.clone());
    super::promises::upon_rejection(&closed, pipe.clone(), errored, cx)
}

/// "Errors must be propagated backward".
fn propagate_errors_backward(pipe: &Pipe, cx: &mut Context) -> JsResult<()> {
    fn errored(cx: &mut Context, pipe: &Pipe, error: &JsValue) -> JsResult<()> {
        let action = match pipe.with(|data| data.prevent_cancel) {
            true => Action::None,
            false => Action::Cancel(error.clone()),
        };
        shutdown(pipe, action, Some(error.clone()), cx)
    }
    let (destination, writer) = pipe.with(|data| (data.destination.clone(), data.writer.clone()));
    if destination.state() == WritableState::Errored {
        return errored(cx, pipe, &destination.stored_error());
    }
    let closed = writer.closed_promise().promise;
    super::promises::upon_rejection(&closed, pipe.clone(), errored, cx)
}

/// "Closing must be propagated forward".
fn propagate_closing_forward(pipe: &Pipe, cx: &mut Context) -> JsResult<()> {
    fn closed(cx: &mut Context, pipe: &Pipe, _: &JsValue) -> JsResult<()> {
        let action = match pipe.with(|data| data.prevent_close) {
            true => Action::None,
            false => Action::Close,
        };
        shutdown(pipe, action, None, cx)
    }
    let (source, reader) = pipe.with(|data| (data.source.clone(), data.reader.clone()));
    if matches!(source.state(), ReadableState::Closed) {
        return closed(cx, pipe, &JsValue::undefined());
    }
    let promise = reader.with(|data| data.generic.closed.promise.clone());
    upon(&promise, pipe.clone(), closed, |_, _, _| Ok(()), cx)
}

/// "Closing must be propagated backward".
fn propagate_closing_backward(pipe: &Pipe, cx: &mut Context) -> JsResult<()> {
    let destination = pipe.with(|data| data.destination.clone());
    let is_closed = destination.state() == WritableState::Closed;
    if !is_closed && !close_queued_or_in_flight(&destination) {
        return Ok(());
    }
    let error = thrown(type_error("The destination of the pipe is closed."), cx)?;
    let action = match pipe.with(|data| data.prevent_cancel) {
        true => Action::None,
        false => Action::Cancel(error.clone()),
    };
    shutdown(pipe, action, Some(error), cx)
}

/// Reads a chunk when the destination has room, and so on.
fn step(pipe: &Pipe, cx: &mut Context) -> JsResult<()> {
    if pipe.with(|data| data.shutting_down) {
        return Ok(());
    }
    let ready = pipe.with(|data| data.writer.clone()).ready_promise();
    upon(
        &ready.promise,
        pipe.clone(),
        |cx, pipe, _| read(pipe, cx),
        |_, _, _| Ok(()),
        cx,
    )
}

/// Reads a chunk.
fn read(pipe: &Pipe, cx: &mut Context) -> JsResult<()> {
    let (shutting_down, reader) = pipe.with(|data| (data.shutting_down, data.reader.clone()));
    // "Shutdown must stop activity".
    if shutting_down {
        return Ok(());
    }
    readable_stream_default_reader_read(&reader, Box::new(PipeRequest(pipe.clone())), cx)
}

/// The read request of a pipe.
#[derive(Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
struct PipeRequest(Pipe);

impl ReadRequestSteps for PipeRequest {
    fn chunk(&self, chunk: &JsValue, cx: &mut Context) -> JsResult<()> {
        // The write comes in a microtask, so that script that enqueues a chunk does not call the sink.
        let begun = resolved(cx)?;
        let written = react(
            &begun,
            (self.0.clone(), chunk.clone()),
            Some(|cx, (pipe, chunk), _| {
                let writer = pipe.with(|data| data.writer.clone());
                let written = writable_stream_default_writer_write(&writer, chunk, cx)?;
                mark_as_handled(&written, cx)?;
                step(pipe, cx)?;
                Ok(super::promises::object_of(&written).into())
            }),
            None,
            cx,
        )?;
        mark_as_handled(&written, cx)?;
        self.0.with(|data| {
            data.writes += 1;
            data.last_write = written;
        });
        Ok(())
    }

    fn close(&self, _: &mut Context) -> JsResult<()> {
        Ok(())
    }

    fn error(&self, _: &JsValue, _: &mut Context) -> JsResult<()> {
        Ok(())
    }
}

/// [Shutdown with an action](https://streams.spec.whatwg.org/#rs-pipeTo-shutdown-with-action), and
/// [shutdown](https://streams.spec.whatwg.org/#rs-pipeTo-shutdown) without one.
fn shutdown(pipe: &Pipe, action: Action, error: Option<JsValue>, cx: &mut Context) -> JsResult<()> {
    // 1. and 2. A pipe ends once.
    if pipe.with(|data| std::mem::replace(&mut data.shutting_down, true)) {
        return Ok(());
    }
    // 3. All chunks that were read are written.
    let destination = pipe.with(|data| data.destination.clone());
    let is_open = destination.state() == WritableState::Writable;
    if is_open && !close_queued_or_in_flight(&destination) {
        return wait_for_writes(pipe, action, error, cx);
    }
    perform(pipe, &action, error, cx)
}

/// Waits until all chunks that were read are written, then performs the action.
fn wait_for_writes(
    pipe: &Pipe,
    action: Action,
    error: Option<JsValue>,
    cx: &mut Context,
) -> JsResult<()> {
    type Captured = (Pipe, Action, Option<JsValue>, u64);
    fn written(
        cx: &mut Context,
        (pipe, action, error, writes): &Captured,
        _: &JsValue,
    ) -> JsResult<()> {
        match pipe.with(|data| data.writes == *writes) {
            true => perform(pipe, action, error.clone(), cx),
            false => wait_for_writes(pipe, action.clone(), error.clone(), cx),
        }
    }
    let (last, writes) = pipe.with(|data| (data.last_write.clone(), data.writes));
    upon(
        &last,
        (pipe.clone(), action, error, writes),
        written,
        written,
        cx,
    )
}

/// Steps 4 to 7 of a shutdown with an action.
fn perform(pipe: &Pipe, action: &Action, error: Option<JsValue>, cx: &mut Context) -> JsResult<()> {
    let (source, destination) = pipe.with(|data| (data.source.clone(), data.destination.clone()));
    // 4. Perform the action.
    let performed = match action {
        Action::None => return finalize(pipe, error.as_ref(), cx),
        Action::Abort(error) => writable_stream_abort(&destination, error, cx)?,
        Action::Cancel(error) => readable_stream_cancel(&source, error, cx)?,
        Action::Close => {
            let writer = pipe.with(|data| data.writer.clone());
            close_with_error_propagation(&writer, cx)?
        }
        Action::Signal(reason) => {
            let (prevent_abort, prevent_cancel) =
                pipe.with(|data| (data.prevent_abort, data.prevent_cancel));
            let mut actions = Vec::new();
            if !prevent_abort {
                actions.push(match destination.state() {
                    WritableState::Writable => writable_stream_abort(&destination, reason, cx)?,
                    _ => resolved(cx)?,
                });
            }
            if !prevent_cancel {
                actions.push(match source.is_readable() {
                    true => readable_stream_cancel(&source, reason, cx)?,
                    false => resolved(cx)?,
                });
            }
            wait_for_all(actions, cx)?
        }
    };
    // 5. and 6. Finalize with the error of the pipe, or with that of the action.
    upon(
        &performed,
        (pipe.clone(), error),
        |cx, (pipe, error), _| finalize(pipe, error.as_ref(), cx),
        |cx, (pipe, _), error| finalize(pipe, Some(error), cx),
        cx,
    )
}

/// [Finalize](https://streams.spec.whatwg.org/#rs-pipeTo-finalize)
fn finalize(pipe: &Pipe, error: Option<&JsValue>, cx: &mut Context) -> JsResult<()> {
    let (reader, writer, promise) = pipe.with(|data| {
        (
            data.reader.clone(),
            data.writer.clone(),
            data.promise.clone(),
        )
    });
    // 1. to 3. Release both streams.
    writable_stream_default_writer_release(&writer, cx)?;
    readable_stream_default_reader_release(&reader, cx)?;
    // 4. A signal no longer matters, because the pipe has ended. 5. and 6. Settle the promise.
    match error {
        Some(error) => promise.reject(error, cx),
        None => promise.resolve(&JsValue::undefined(), cx),
    }
}
