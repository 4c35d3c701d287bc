//! Teeing ([Streams, ReadableStreamTee](https://streams.spec.whatwg.org/#readable-stream-tee)).

use boa_engine::object::builtins::{JsArray, JsPromise};
use boa_engine::{Context, Finalize, JsObject, JsResult, JsValue, Trace};
use framepost_messaging::structured_clone::{
    structured_deserialize_with_transfer, structured_serialize_with_transfer,
};

use super::algorithm::Algorithm;
use super::byte_tee::readable_byte_stream_tee;
use super::default_controller::{
    readable_stream_default_controller_close, readable_stream_default_controller_enqueue,
    readable_stream_default_controller_error,
};
use super::default_reader::{self, ReadRequestSteps, readable_stream_default_reader_read};
use super::handle::Handle;
use super::promises::{Deferred, object_of, resolved, thrown, upon, upon_rejection};
use super::readable::readable_stream_cancel;
use super::readable_stream::{Controller, Readable, Reader, create_readable_stream};
use super::strategies::SizeAlgorithm;
use crate::script::MessageHost;

/// A tee.
pub(super) type Tee = Handle<TeeData>;

/// The state of a tee, whose branches are numbered 0 and 1.
#[derive(Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(super) struct TeeData {
    pub(super) stream: Readable,
    pub(super) reader: Reader,
    pub(super) clone_for_branch_2: bool,
    pub(super) reading: bool,
    pub(super) read_again: [bool; 2],
    pub(super) canceled: [bool; 2],
    pub(super) reasons: [JsValue; 2],
    pub(super) branches: Vec<Readable>,
    pub(super) cancel_promise: Deferred,
}

impl Tee {
    pub(super) fn branch(&self, branch: usize) -> Option<Readable> {
        self.with(|data| data.branches.get(branch).cloned())
    }

    pub(super) fn is_canceled(&self, branch: usize) -> bool {
        self.with(|data| data.canceled.get(branch).copied().unwrap_or(true))
    }

    /// Whether both branches are canceled.
    pub(super) fn is_over(&self) -> bool {
        self.with(|data| data.canceled == [true, true])
    }

    /// Resolves the cancel promise, unless the cancellation of the stream does.
    pub(super) fn resolve_unless_over(&self, cx: &mut Context) -> JsResult<()> {
        match self.is_over() {
            true => Ok(()),
            false => self
                .with(|data| data.cancel_promise.clone())
                .resolve(&JsValue::undefined(), cx),
        }
    }
}

/// [tee()](https://streams.spec.whatwg.org/#rs-tee)
pub(super) fn tee(stream: &Readable, cx: &mut Context) -> JsResult<Vec<JsObject>> {
    // 1. Tee it.
    stream.in_relevant_realm(cx, |cx| {
        let branches = readable_stream_tee(stream, false, cx)?;
        Ok(branches.iter().map(|branch| branch.object(cx)).collect())
    })
}

/// [ReadableStreamTee](https://streams.spec.whatwg.org/#readable-stream-tee)
pub(crate) fn readable_stream_tee(
    stream: &Readable,
    clone_for_branch_2: bool,
    cx: &mut Context,
) -> JsResult<Vec<Readable>> {
    match stream.controller() {
        // 3. A byte stream has branches that are byte streams.
        Some(Controller::Byte(_)) => readable_byte_stream_tee(stream, cx),
        // 4. Another stream has none.
        _ => readable_stream_default_tee(stream, clone_for_branch_2, cx),
    }
}

/// The state of a new tee.
pub(super) fn new_tee(
    stream: &Readable,
    clone_for_branch_2: bool,
    cx: &mut Context,
) -> JsResult<Tee> {
    let reader = default_reader::acquire(stream, cx)?;
    Ok(Tee::new(TeeData {
        stream: stream.clone(),
        reader: Reader::Default(reader),
        clone_for_branch_2,
        reading: false,
        read_again: [false; 2],
        canceled: [false; 2],
        reasons: [JsValue::undefined(), JsValue::undefined()],
        branches: Vec::new(),
        cancel_promise: Deferred::new(cx),
    }))
}

/// [ReadableStreamDefaultTee](https://streams.spec.whatwg.org/#abstract-opdef-readablestreamdefaulttee)
fn readable_stream_default_tee(
    stream: &Readable,
    clone_for_branch_2: bool,
    cx: &mut Context,
) -> JsResult<Vec<Readable>> {
    // 3. to 12. Lock the stream.
    let tee = new_tee(stream, clone_for_branch_2, cx)?;
    // 13. to 18. Create the branches.
    for branch in [0, 1] {
        let created = create_readable_stream(
            &Algorithm::Nothing,
            Algorithm::native(tee.clone(), |cx, tee, _| {
                pull(tee, cx)?;
                Ok(JsValue::undefined())
            }),
            cancel_algorithm(&tee, branch),
            1.0,
            SizeAlgorithm::default(),
            cx,
        )?;
        tee.with(|data| data.branches.push(created));
    }
    // 19. An error of the stream is one of the branches.
    let closed = tee.with(|data| data.reader.clone()).closed();
    upon_rejection(
        &closed.promise,
        tee.clone(),
        |cx, tee, error| {
            error_branches(tee, error, cx)?;
            tee.resolve_unless_over(cx)
        },
        cx,
    )?;
    // 20. Return the branches.
    Ok(tee.with(|data| data.branches.clone()))
}

/// The cancel algorithm of a branch.
pub(super) fn cancel_algorithm(tee: &Tee, branch: usize) -> Algorithm {
    Algorithm::native((tee.clone(), branch), |cx, (tee, branch), args| {
        let reason = args.first().cloned().unwrap_or_default();
        Ok(object_of(&cancel(tee, *branch, reason, cx)?).into())
    })
}

fn cancel(tee: &Tee, branch: usize, reason: JsValue, cx: &mut Context) -> JsResult<JsPromise> {
    // 1. and 2. The branch is canceled.
    let (is_over, promise, reasons, stream) = tee.with(|data| {
        if let (Some(canceled), Some(held)) =
            (data.canceled.get_mut(branch), data.reasons.get_mut(branch))
        {
            *canceled = true;
            *held = reason;
        }
        (
            data.canceled == [true, true],
            data.cancel_promise.clone(),
            data.reasons.clone(),
            data.stream.clone(),
        )
    });
    // 3. With both branches, the stream is canceled.
    if is_over {
        let reason = JsArray::from_iter(reasons, cx).into();
        let canceled = readable_stream_cancel(&stream, &reason, cx)?;
        promise.resolve(&object_of(&canceled).into(), cx)?;
    }
    // 4. Return the promise.
    Ok(promise.promise)
}

fn pull(tee: &Tee, cx: &mut Context) -> JsResult<()> {
    // 1. and 2. One read at a time.
    let reader = tee.with(|data| {
        if data.reading {
            data.read_again = [true; 2];
            return None;
        }
        data.reading = true;
        Some(data.reader.clone())
    });
    // 3. and 4. Read.
    match reader {
        Some(Reader::Default(reader)) => {
            readable_stream_default_reader_read(&reader, Box::new(TeeRequest(tee.clone())), cx)
        }
        _ => Ok(()),
    }
}

/// The read request of a tee.
#[derive(Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
struct TeeRequest(Tee);

impl ReadRequestSteps for TeeRequest {
    fn chunk(&self, chunk: &JsValue, cx: &mut Context) -> JsResult<()> {
        // 1. In a microtask, so that errors come first.
        let now = resolved(cx)?;
        upon(
            &now,
            (self.0.clone(), chunk.clone()),
            |cx, (tee, chunk), _| give(tee, chunk, cx),
            |_, _, _| Ok(()),
            cx,
        )
    }

    fn close(&self, cx: &mut Context) -> JsResult<()> {
        // 1. The read is over. 2. and 3. Close the branches.
        self.0.with(|data| data.reading = false);
        for branch in [0, 1] {
            if let (false, Some(Controller::Default(controller))) =
                (self.0.is_canceled(branch), controller(&self.0, branch))
            {
                readable_stream_default_controller_close(&controller, cx)?;
            }
        }
        // 4. Nobody needs to cancel.
        self.0.resolve_unless_over(cx)
    }

    fn error(&self, _: &JsValue, _: &mut Context) -> JsResult<()> {
        // 1. The read is over.
        self.0.with(|data| data.reading = false);
        Ok(())
    }
}

/// The controller of a branch.
pub(super) fn controller(tee: &Tee, branch: usize) -> Option<Controller> {
    tee.branch(branch)?.controller()
}

fn error_branches(tee: &Tee, error: &JsValue, cx: &mut Context) -> JsResult<()> {
    for branch in [0, 1] {
        if let Some(Controller::Default(controller)) = controller(tee, branch) {
            readable_stream_default_controller_error(&controller, error, cx)?;
        }
    }
    Ok(())
}

/// The chunk steps of a tee, in their microtask.
fn give(tee: &Tee, chunk: &JsValue, cx: &mut Context) -> JsResult<()> {
    // 1. to 3. Take the chunk for both.
    let clones = tee.with(|data| {
        data.read_again = [false; 2];
        data.clone_for_branch_2
    });
    let mut chunks = [chunk.clone(), chunk.clone()];
    // 4. The second branch gets a copy.
    if clones && !tee.is_canceled(1) {
        match structured_clone(chunk, cx) {
            Ok(copy) => chunks = [chunk.clone(), copy],
            Err(error) => {
                let error = thrown(error, cx)?;
                error_branches(tee, &error, cx)?;
                return cancel_stream(tee, &error, cx);
            }
        }
    }
    // 5. and 6. Enqueue them.
    for (branch, chunk) in chunks.iter().enumerate() {
        if let (false, Some(Controller::Default(controller))) =
            (tee.is_canceled(branch), controller(tee, branch))
        {
            readable_stream_default_controller_enqueue(&controller, chunk, cx)?;
        }
    }
    // 7. and 8. Read again if a branch wants more.
    let again = tee.with(|data| {
        data.reading = false;
        data.read_again == [true; 2]
    });
    match again {
        true => pull(tee, cx),
        false => Ok(()),
    }
}

/// Cancels the stream because a chunk could not be copied.
pub(super) fn cancel_stream(tee: &Tee, error: &JsValue, cx: &mut Context) -> JsResult<()> {
    let (stream, promise) = tee.with(|data| (data.stream.clone(), data.cancel_promise.clone()));
    let canceled = readable_stream_cancel(&stream, error, cx)?;
    promise.resolve(&object_of(&canceled).into(), cx)
}

/// [StructuredClone](https://streams.spec.whatwg.org/#abstract-opdef-structuredclone)
fn structured_clone(value: &JsValue, cx: &mut Context) -> JsResult<JsValue> {
    let realm = cx.realm().clone();
    let host = &mut MessageHost::new(cx);
    // 1. Serialize the value. 2. Deserialize it.
    let message = structured_serialize_with_transfer(host, value, &[])?;
    Ok(structured_deserialize_with_transfer(host, message, &realm)?.deserialized)
}
