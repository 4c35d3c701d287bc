//! `ReadableByteStreamController`
//! ([Streams, the ReadableByteStreamController class](https://streams.spec.whatwg.org/#rbs-controller-class)).

use std::collections::VecDeque;

use boa_engine::object::builtins::JsPromise;
use boa_engine::{Context, Finalize, JsError, JsObject, JsResult, JsValue, Trace};

use super::algorithm::Algorithm;
use super::buffers::{
    Kind, View, can_transfer_array_buffer, clone_array_buffer, construct_view, new_array_buffer,
    transfer_array_buffer,
};
use super::byob_request::{ByobRequest, ByobRequestData};
use super::byte_controller_pull_into::{
    PullInto, PullIntoData, ReaderType, commit_all, enqueue_detached_pull_into_to_queue,
    process_pull_into_descriptors_using_queue, shift_pending_pull_into,
};
use super::default_reader::ReadRequest;
use super::handle::{Handle, Interfaced};
use super::interfaces::READABLE_BYTE_STREAM_CONTROLLER;
use super::promises::{resolved_with, thrown, upon};
use super::readable::{
    add_read_request, fulfill_read_request, has_byob_reader, has_default_reader,
    num_read_into_requests, num_read_requests, readable_stream_close, readable_stream_error,
};
use super::readable_stream::{Controller, Readable, ReadableState, Reader};
use crate::boa::errors::type_error;
use crate::webidl::Interface;

/// A controller of a byte stream.
pub(crate) type ByteController = Handle<ByteControllerData>;

/// A [readable byte stream queue entry](https://streams.spec.whatwg.org/#readable-byte-stream-queue-entry).
#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(super) struct Entry {
    pub(super) buffer: JsObject,
    pub(super) byte_offset: usize,
    pub(super) byte_length: usize,
}

/// The state of a controller.
#[derive(Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct ByteControllerData {
    stream: Readable,
    pub(super) queue: VecDeque<Entry>,
    pub(super) queue_total_size: usize,
    started: bool,
    pub(super) close_requested: bool,
    pull_again: bool,
    pulling: bool,
    high_water_mark: f64,
    auto_allocate_chunk_size: Option<f64>,
    byob_request: Option<ByobRequest>,
    pub(super) pending_pull_intos: VecDeque<PullInto>,
    algorithms: Algorithms,
}

/// The algorithms of a controller, which end with the stream.
#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
struct Algorithms {
    pull: Algorithm,
    cancel: Algorithm,
}

impl Interfaced for ByteControllerData {
    fn interface() -> &'static Interface {
        &READABLE_BYTE_STREAM_CONTROLLER
    }
}

impl ByteController {
    pub(super) fn stream(&self) -> Readable {
        self.with(|data| data.stream.clone())
    }

    /// The first of the pending pull-into descriptors.
    pub(super) fn first_pull_into(&self) -> Option<PullInto> {
        self.with(|data| data.pending_pull_intos.front().cloned())
    }

    pub(super) fn queue_total_size(&self) -> usize {
        self.with(|data| data.queue_total_size)
    }

    fn can_close_or_enqueue(&self) -> bool {
        !self.with(|data| data.close_requested) && self.stream().is_readable()
    }
}

/// [SetUpReadableByteStreamController](https://streams.spec.whatwg.org/#set-up-readable-byte-stream-controller)
pub(super) fn set_up(
    stream: &Readable,
    start: &Algorithm,
    pull: Algorithm,
    cancel: Algorithm,
    high_water_mark: f64,
    auto_allocate_chunk_size: Option<f64>,
    cx: &mut Context,
) -> JsResult<ByteController> {
    // 1. to 12. The controller belongs to the stream.
    let controller = ByteController::new(ByteControllerData {
        stream: stream.clone(),
        queue: VecDeque::new(),
        queue_total_size: 0,
        started: false,
        close_requested: false,
        pull_again: false,
        pulling: false,
        high_water_mark,
        auto_allocate_chunk_size,
        byob_request: None,
        pending_pull_intos: VecDeque::new(),
        algorithms: Algorithms { pull, cancel },
    });
    // 13. The stream refers to the controller.
    stream.with(|data| data.controller = Some(Controller::Byte(controller.clone())));
    // 14. and 15. Start the source.
    let started = start.call_with(Vec::new(), &controller, cx)?;
    let started = resolved_with(&started, cx)?;
    // 16. Then pull. 17. A failure is an error of the stream.
    upon(
        &started,
        controller.clone(),
        |cx, controller, _| {
            controller.with(|data| data.started = true);
            call_pull_if_needed(controller, cx)
        },
        |cx, controller, error| readable_byte_stream_controller_error(controller, error, cx),
        cx,
    )?;
    Ok(controller)
}

/// [byobRequest](https://streams.spec.whatwg.org/#rbs-controller-byob-request), by
/// [ReadableByteStreamControllerGetBYOBRequest](https://streams.spec.whatwg.org/#abstract-opdef-readablebytestreamcontrollergetbyobrequest)
pub(crate) fn byob_request(
    controller: &ByteController,
    cx: &mut Context,
) -> JsResult<Option<ByobRequest>> {
    let present = controller.with(|data| data.byob_request.clone());
    // 1. Without a request, one is created for the first descriptor.
    if let (None, Some(first)) = (&present, controller.first_pull_into()) {
        let (buffer, offset, length) = first.with(|first| {
            let offset = first.byte_offset + first.bytes_filled;
            let length = first.byte_length - first.bytes_filled;
            (first.buffer.clone(), offset, length)
        });
        let view = construct_view(Kind::UINT8_ARRAY, buffer, offset, length, cx)?;
        let request = ByobRequest::new(ByobRequestData {
            controller: Some(controller.clone()),
            view: Some(view),
        });
        controller.with(|data| data.byob_request = Some(request.clone()));
        return Ok(Some(request));
    }
    // 2. Return it.
    Ok(present)
}

/// [desiredSize](https://streams.spec.whatwg.org/#rbs-controller-desired-size), by
/// [ReadableByteStreamControllerGetDesiredSize](https://streams.spec.whatwg.org/#readable-byte-stream-controller-get-desired-size)
pub(super) fn desired_size(controller: &ByteController) -> Option<f64> {
    match controller.stream().state() {
        // 2. An error has no size.
        ReadableState::Errored(_) => None,
        // 3. A closed stream wants nothing.
        ReadableState::Closed => Some(0.0),
        // 4. The mark, less the queue.
        ReadableState::Readable => {
            Some(controller.with(|data| data.high_water_mark - data.queue_total_size as f64))
        }
    }
}

fn check_open(controller: &ByteController) -> JsResult<()> {
    match controller.can_close_or_enqueue() {
        true => Ok(()),
        false => Err(type_error(
            "The stream is not readable, or it is being closed.",
        )),
    }
}

/// [close()](https://streams.spec.whatwg.org/#rbs-controller-close)
pub(super) fn close(controller: &ByteController, cx: &mut Context) -> JsResult<()> {
    // 1. and 2. A stream is closed once.
    check_open(controller)?;
    // 3. Close it.
    readable_byte_stream_controller_close(controller, cx)
}

/// [enqueue()](https://streams.spec.whatwg.org/#rbs-controller-enqueue)
pub(super) fn enqueue(controller: &ByteController, chunk: &View, cx: &mut Context) -> JsResult<()> {
    // 1. and 2. The chunk is not empty.
    if chunk.byte_length == 0 || chunk.buffer_length() == 0 {
        return Err(type_error("The chunk is empty."));
    }
    // 3. and 4. A closed stream takes no chunk.
    check_open(controller)?;
    // 5. Enqueue it.
    readable_byte_stream_controller_enqueue(controller, chunk, cx)
}

/// [error()](https://streams.spec.whatwg.org/#rbs-controller-error)
pub(super) fn error(
    controller: &ByteController,
    error: Option<JsValue>,
    cx: &mut Context,
) -> JsResult<()> {
    // 1. Error the stream.
    readable_byte_stream_controller_error(controller, &error.unwrap_or_default(), cx)
}

/// [[[CancelSteps]]](https://streams.spec.whatwg.org/#rbs-controller-private-cancel)
pub(super) fn cancel_steps(
    controller: &ByteController,
    reason: &JsValue,
    cx: &mut Context,
) -> JsResult<JsPromise> {
    // 1. and 2. Drop the descriptors and the queue.
    clear_pending_pull_intos(controller);
    reset_queue(controller);
    // 3. Cancel the source.
    let algorithm = controller.with(|data| data.algorithms.cancel.clone());
    let result = algorithm.promise(std::slice::from_ref(reason), cx);
    // 4. and 5. Clear the algorithms, and return the promise.
    clear_algorithms(controller);
    result
}

/// [[[PullSteps]]](https://streams.spec.whatwg.org/#rbs-controller-private-pull)
pub(super) fn pull_steps(
    controller: &ByteController,
    request: ReadRequest,
    cx: &mut Context,
) -> JsResult<()> {
    // 1. and 2. Take the stream.
    let stream = controller.stream();
    // 3. The queue has bytes.
    if controller.queue_total_size() > 0 {
        return fill_read_request_from_queue(controller, &request, cx);
    }
    // 4. and 5. Allocate a buffer for the source, if it wants one.
    if let Some(size) = controller.with(|data| data.auto_allocate_chunk_size) {
        let buffer = match new_array_buffer(size, cx) {
            Ok(buffer) => buffer,
            Err(error) => {
                let error = thrown(error, cx)?;
                return request.error(&error, cx);
            }
        };
        let length = size as usize;
        let descriptor = PullInto::new(PullIntoData {
            buffer,
            buffer_byte_length: length,
            byte_offset: 0,
            byte_length: length,
            bytes_filled: 0,
            minimum_fill: 1,
            kind: Kind::UINT8_ARRAY,
            reader_type: ReaderType::Default,
        });
        controller.with(|data| data.pending_pull_intos.push_back(descriptor));
    }
    // 6. and 7. The request waits for the next bytes.
    add_read_request(&stream, request);
    call_pull_if_needed(controller, cx)
}

/// [[[ReleaseSteps]]](https://streams.spec.whatwg.org/#abstract-opdef-readablebytestreamcontroller-releasesteps)
pub(super) fn release_steps(controller: &ByteController) {
    // 1. The first descriptor stays for the source, and no longer belongs to a reader.
    let dropped = controller.with(|data| {
        data.pending_pull_intos
            .split_off(1.min(data.pending_pull_intos.len()))
    });
    drop(dropped);
    if let Some(first) = controller.first_pull_into() {
        first.with(|first| first.reader_type = ReaderType::None);
    }
}

/// [ReadableByteStreamControllerCallPullIfNeeded](https://streams.spec.whatwg.org/#readable-byte-stream-controller-call-pull-if-needed)
pub(super) fn call_pull_if_needed(controller: &ByteController, cx: &mut Context) -> JsResult<()> {
    // 1. and 2. Check that bytes are wanted.
    if !should_call_pull(controller) {
        return Ok(());
    }
    // 3. One pull at a time. 4. and 5. A pull begins.
    let is_pulling = controller.with(|data| match data.pulling {
        true => {
            data.pull_again = true;
            true
        }
        false => {
            data.pulling = true;
            false
        }
    });
    if is_pulling {
        return Ok(());
    }
    // 6. Call the source.
    let algorithm = controller.with(|data| data.algorithms.pull.clone());
    let pulled = algorithm.promise_with(Vec::new(), controller, cx)?;
    // 7. Then pull again if a pull was requested meanwhile. 8. A failure is an error of the stream.
    upon(
        &pulled,
        controller.clone(),
        |cx, controller, _| {
            let again = controller.with(|data| {
                data.pulling = false;
                std::mem::take(&mut data.pull_again)
            });
            match again {
                true => call_pull_if_needed(controller, cx),
                false => Ok(()),
            }
        },
        |cx, controller, error| readable_byte_stream_controller_error(controller, error, cx),
        cx,
    )
}

/// [ReadableByteStreamControllerShouldCallPull](https://streams.spec.whatwg.org/#readable-byte-stream-controller-should-call-pull)
fn should_call_pull(controller: &ByteController) -> bool {
    // 1. to 4. The stream is started, and not being closed.
    if !controller.can_close_or_enqueue() || !controller.with(|data| data.started) {
        return false;
    }
    // 5. and 6. A reader waits, or 7. to 10. there is room in the queue.
    let stream = controller.stream();
    num_read_requests(&stream) > 0
        || num_read_into_requests(&stream) > 0
        || desired_size(controller).is_some_and(|size| size > 0.0)
}

/// [ReadableByteStreamControllerClearAlgorithms](https://streams.spec.whatwg.org/#readable-byte-stream-controller-clear-algorithms)
fn clear_algorithms(controller: &ByteController) {
    // 1. and 2. The source can be collected.
    let none = Algorithms {
        pull: Algorithm::Nothing,
        cancel: Algorithm::Nothing,
    };
    drop(controller.with(|data| std::mem::replace(&mut data.algorithms, none)));
}

/// [ReadableByteStreamControllerClearPendingPullIntos](https://streams.spec.whatwg.org/#readable-byte-stream-controller-clear-pending-pull-intos)
fn clear_pending_pull_intos(controller: &ByteController) {
    // 1. and 2. Invalidate the request, and drop the descriptors.
    invalidate_byob_request(controller);
    drop(controller.with(|data| std::mem::take(&mut data.pending_pull_intos)));
}

fn reset_queue(controller: &ByteController) {
    drop(controller.with(|data| {
        data.queue_total_size = 0;
        std::mem::take(&mut data.queue)
    }));
}

/// [ReadableByteStreamControllerInvalidateBYOBRequest](https://streams.spec.whatwg.org/#readable-byte-stream-controller-invalidate-byob-request)
pub(super) fn invalidate_byob_request(controller: &ByteController) {
    // 1. to 4. The request has no controller and no view.
    if let Some(request) = controller.with(|data| data.byob_request.take()) {
        let dropped = request.with(|data| (data.controller.take(), data.view.take()));
        drop(dropped);
    }
}

/// [ReadableByteStreamControllerClose](https://streams.spec.whatwg.org/#readable-byte-stream-controller-close)
pub(crate) fn readable_byte_stream_controller_close(
    controller: &ByteController,
    cx: &mut Context,
) -> JsResult<()> {
    // 1. and 2. A stream is closed once.
    if !controller.can_close_or_enqueue() {
        return Ok(());
    }
    // 3. The bytes of the queue come first.
    if controller.queue_total_size() > 0 {
        controller.with(|data| data.close_requested = true);
        return Ok(());
    }
    // 4. A part of an element is an error.
    if let Some(first) = controller.first_pull_into()
        && first.with(|first| first.bytes_filled % first.kind.element_size() != 0)
    {
        let error = type_error("The stream was closed in the middle of an element.");
        let error = thrown(error, cx)?;
        readable_byte_stream_controller_error(controller, &error, cx)?;
        return Err(JsError::from_opaque(error));
    }
    // 5. and 6. Close it.
    clear_algorithms(controller);
    readable_stream_close(&controller.stream(), cx)
}

/// [ReadableByteStreamControllerEnqueue](https://streams.spec.whatwg.org/#readable-byte-stream-controller-enqueue)
pub(crate) fn readable_byte_stream_controller_enqueue(
    controller: &ByteController,
    chunk: &View,
    cx: &mut Context,
) -> JsResult<()> {
    // 1. and 2. A closed stream takes no chunk.
    let stream = controller.stream();
    if !controller.can_close_or_enqueue() {
        return Ok(());
    }
    // 3. to 6. The buffer of the chunk is not detached.
    if !can_transfer_array_buffer(&chunk.buffer) {
        return Err(type_error("The buffer of the chunk is detached."));
    }
    // 7. Transfer it.
    let buffer = transfer_array_buffer(&chunk.buffer, cx)?;
    let (offset, length) = (chunk.byte_offset, chunk.byte_length);
    // 8. The source did not use the buffer that it got.
    if let Some(first) = controller.first_pull_into() {
        let held = first.with(|first| first.buffer.clone());
        if !can_transfer_array_buffer(&held) {
            return Err(type_error("The buffer of the request is detached."));
        }
        invalidate_byob_request(controller);
        let held = transfer_array_buffer(&held, cx)?;
        let is_nobodys = first.with(|first| {
            first.buffer = held;
            first.reader_type == ReaderType::None
        });
        if is_nobodys {
            enqueue_detached_pull_into_to_queue(controller, &first, cx)?;
        }
    }
    if has_default_reader(&stream) {
        // 9.1. The waiting reads come first.
        process_read_requests_using_queue(controller, cx)?;
        if num_read_requests(&stream) == 0 {
            // 9.2. Nobody waits.
            enqueue_chunk_to_queue(controller, buffer, offset, length);
        } else {
            // 9.3. The first reader gets the chunk.
            if controller.first_pull_into().is_some() {
                shift_pending_pull_into(controller);
            }
            let view = construct_view(Kind::UINT8_ARRAY, buffer, offset, length, cx)?;
            fulfill_read_request(&stream, &view.into(), false, cx)?;
        }
    } else if has_byob_reader(&stream) {
        // 10. Fill the buffers of the reader.
        enqueue_chunk_to_queue(controller, buffer, offset, length);
        let filled = process_pull_into_descriptors_using_queue(controller)?;
        commit_all(&stream, &filled, cx)?;
    } else {
        // 11. Nobody reads.
        enqueue_chunk_to_queue(controller, buffer, offset, length);
    }
    // 12. Pull the next bytes.
    call_pull_if_needed(controller, cx)
}

/// [ReadableByteStreamControllerEnqueueChunkToQueue](https://streams.spec.whatwg.org/#readable-byte-stream-controller-enqueue-chunk-to-queue)
fn enqueue_chunk_to_queue(
    controller: &ByteController,
    buffer: JsObject,
    byte_offset: usize,
    byte_length: usize,
) {
    let entry = Entry {
        buffer,
        byte_offset,
        byte_length,
    };
    controller.with(|data| {
        // 1. Append the entry.
        data.queue.push_back(entry);
        // 2. Add its length.
        data.queue_total_size += byte_length;
    });
}

/// [ReadableByteStreamControllerEnqueueClonedChunkToQueue](https://streams.spec.whatwg.org/#abstract-opdef-readablebytestreamcontrollerenqueueclonedchunktoqueue)
pub(super) fn enqueue_cloned_chunk_to_queue(
    controller: &ByteController,
    buffer: &JsObject,
    offset: usize,
    length: usize,
    cx: &mut Context,
) -> JsResult<()> {
    match clone_array_buffer(buffer, offset, length, cx) {
        // 1. and 3. Enqueue a copy.
        Ok(copy) => {
            enqueue_chunk_to_queue(controller, copy, 0, length);
            Ok(())
        }
        // 2. A failure is an error of the stream.
        Err(error) => {
            let error = thrown(error, cx)?;
            readable_byte_stream_controller_error(controller, &error, cx)?;
            Err(JsError::from_opaque(error))
        }
    }
}

/// [ReadableByteStreamControllerError](https://streams.spec.whatwg.org/#readable-byte-stream-controller-error)
pub(crate) fn readable_byte_stream_controller_error(
    controller: &ByteController,
    error: &JsValue,
    cx: &mut Context,
) -> JsResult<()> {
    // 1. and 2. Only a readable stream fails.
    let stream = controller.stream();
    if !stream.is_readable() {
        return Ok(());
    }
    // 3. to 5. Drop the descriptors, the queue and the algorithms.
    clear_pending_pull_intos(controller);
    reset_queue(controller);
    clear_algorithms(controller);
    // 6. Error the stream.
    readable_stream_error(&stream, error, cx)
}

/// [ReadableByteStreamControllerFillReadRequestFromQueue](https://streams.spec.whatwg.org/#abstract-opdef-readablebytestreamcontrollerfillreadrequestfromqueue)
fn fill_read_request_from_queue(
    controller: &ByteController,
    request: &ReadRequest,
    cx: &mut Context,
) -> JsResult<()> {
    // 1. to 4. Take the first entry.
    let entry = controller.with(|data| {
        let entry = data.queue.pop_front()?;
        data.queue_total_size -= entry.byte_length;
        Some(entry)
    });
    let Some(entry) = entry else { return Ok(()) };
    // 5. The queue may be empty now.
    handle_queue_drain(controller, cx)?;
    // 6. and 7. Give the request a view.
    let Entry {
        buffer,
        byte_offset,
        byte_length,
    } = entry;
    let view = construct_view(Kind::UINT8_ARRAY, buffer, byte_offset, byte_length, cx)?;
    request.chunk(&view.into(), cx)
}

/// [ReadableByteStreamControllerHandleQueueDrain](https://streams.spec.whatwg.org/#readable-byte-stream-controller-handle-queue-drain)
pub(super) fn handle_queue_drain(controller: &ByteController, cx: &mut Context) -> JsResult<()> {
    // 2. The last bytes of a stream that is being closed close it.
    if controller.with(|data| data.queue_total_size == 0 && data.close_requested) {
        clear_algorithms(controller);
        return readable_stream_close(&controller.stream(), cx);
    }
    // 3. Otherwise there is room for more.
    call_pull_if_needed(controller, cx)
}

/// [ReadableByteStreamControllerProcessReadRequestsUsingQueue](https://streams.spec.whatwg.org/#abstract-opdef-readablebytestreamcontrollerprocessreadrequestsusingqueue)
fn process_read_requests_using_queue(
    controller: &ByteController,
    cx: &mut Context,
) -> JsResult<()> {
    // 1. and 2. Take the reader.
    let Some(Reader::Default(reader)) = controller.stream().reader() else {
        return Ok(());
    };
    // 3. While requests wait, and there are bytes, answer the first one.
    while controller.queue_total_size() > 0 {
        let Some(request) = reader.with(|data| data.read_requests.pop_front()) else {
            break;
        };
        fill_read_request_from_queue(controller, &request, cx)?;
    }
    Ok(())
}
