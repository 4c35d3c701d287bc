//! Filling the buffers of readers ([Streams, byte stream controllers](https://streams.spec.whatwg.org/#rbs-controller-abstract-ops)).

use boa_engine::{Context, Finalize, JsObject, JsResult, Trace};

use super::buffers::{
    Kind, View, can_transfer_array_buffer, construct_view, copy_bytes, transfer_array_buffer,
};
use super::byob_reader::ReadIntoRequest;
use super::byte_controller::{
    ByteController, call_pull_if_needed, enqueue_cloned_chunk_to_queue, handle_queue_drain,
    invalidate_byob_request, readable_byte_stream_controller_error,
};
use super::handle::Handle;
use super::promises::thrown;
use super::readable::{
    add_read_into_request, fulfill_read_into_request, fulfill_read_request, has_byob_reader,
    num_read_into_requests,
};
use super::readable_stream::{Readable, ReadableState};
use crate::boa::errors::{range_error, type_error};

/// A [pull-into descriptor](https://streams.spec.whatwg.org/#pull-into-descriptor).
pub(super) type PullInto = Handle<PullIntoData>;

/// The items of a descriptor.
#[derive(Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(super) struct PullIntoData {
    pub(super) buffer: JsObject,
    pub(super) buffer_byte_length: usize,
    pub(super) byte_offset: usize,
    pub(super) byte_length: usize,
    pub(super) bytes_filled: usize,
    pub(super) minimum_fill: usize,
    pub(super) kind: Kind,
    pub(super) reader_type: ReaderType,
}

/// The kind of reader that a descriptor belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Trace, Finalize)]
#[boa_gc(empty_trace)]
pub(super) enum ReaderType {
    Default,
    Byob,
    None,
}

/// [ReadableByteStreamControllerPullInto](https://streams.spec.whatwg.org/#readable-byte-stream-controller-pull-into)
pub(super) fn pull_into(
    controller: &ByteController,
    view: &View,
    min: f64,
    request: ReadIntoRequest,
    cx: &mut Context,
) -> JsResult<()> {
    // 1. to 4. Take the type of the view.
    let stream = controller.stream();
    let element_size = view.kind.element_size();
    // 5. to 8. The request is fulfilled with at least this many bytes.
    let minimum_fill = (min as usize).saturating_mul(element_size);
    // 9. to 11. Transfer the buffer.
    let buffer = match transfer_array_buffer(&view.buffer, cx) {
        Ok(buffer) => buffer,
        Err(error) => {
            let error = thrown(error, cx)?;
            return request.error(&error, cx);
        }
    };
    // 12. and 13. Describe it.
    let descriptor = PullInto::new(PullIntoData {
        buffer_byte_length: super::buffers::byte_length(&buffer),
        buffer: buffer.clone(),
        byte_offset: view.byte_offset,
        byte_length: view.byte_length,
        bytes_filled: 0,
        minimum_fill,
        kind: view.kind,
        reader_type: ReaderType::Byob,
    });
    let append = |descriptor: PullInto| {
        controller.with(|data| data.pending_pull_intos.push_back(descriptor));
    };
    // 14. Others come first.
    if controller.first_pull_into().is_some() {
        append(descriptor);
        add_read_into_request(&stream, request);
        return Ok(());
    }
    // 15. A closed stream gives the buffer back.
    if matches!(stream.state(), ReadableState::Closed) {
        let empty = construct_view(view.kind, buffer, view.byte_offset, 0, cx)?;
        return request.close(&empty.into(), cx);
    }
    if controller.queue_total_size() > 0 {
        // 16.1. The queue has enough bytes.
        if fill_pull_into_descriptor_from_queue(controller, &descriptor)? {
            let filled = convert_pull_into_descriptor(&descriptor, cx)?;
            handle_queue_drain(controller, cx)?;
            return request.chunk(&filled.into(), cx);
        }
        // 16.2. It never will have.
        if controller.with(|data| data.close_requested) {
            let error = type_error("The stream ends in the middle of an element.");
            let error = thrown(error, cx)?;
            readable_byte_stream_controller_error(controller, &error, cx)?;
            return request.error(&error, cx);
        }
    }
    // 17. to 19. Wait for bytes.
    append(descriptor);
    add_read_into_request(&stream, request);
    call_pull_if_needed(controller, cx)
}

/// [ReadableByteStreamControllerShiftPendingPullInto](https://streams.spec.whatwg.org/#readable-byte-stream-controller-shift-pending-pull-into)
pub(super) fn shift_pending_pull_into(controller: &ByteController) -> Option<PullInto> {
    // 1. to 3. Take the first descriptor.
    controller.with(|data| data.pending_pull_intos.pop_front())
}

/// [ReadableByteStreamControllerEnqueueDetachedPullIntoToQueue](https://streams.spec.whatwg.org/#abstract-opdef-readablebytestreamcontrollerenqueuedetachedpullintotoqueue)
pub(super) fn enqueue_detached_pull_into_to_queue(
    controller: &ByteController,
    descriptor: &PullInto,
    cx: &mut Context,
) -> JsResult<()> {
    let (buffer, offset, filled) = descriptor.with(|descriptor| {
        (
            descriptor.buffer.clone(),
            descriptor.byte_offset,
            descriptor.bytes_filled,
        )
    });
    // 2. Its bytes are queued.
    if filled > 0 {
        enqueue_cloned_chunk_to_queue(controller, &buffer, offset, filled, cx)?;
    }
    // 3. Remove it.
    shift_pending_pull_into(controller);
    Ok(())
}

/// [ReadableByteStreamControllerFillPullIntoDescriptorFromQueue](https://streams.spec.whatwg.org/#readable-byte-stream-controller-fill-pull-into-descriptor-from-queue)
fn fill_pull_into_descriptor_from_queue(
    controller: &ByteController,
    descriptor: &PullInto,
) -> JsResult<bool> {
    let queued = controller.queue_total_size();
    // 1. to 7. Count the bytes to copy: whole elements, if they are enough.
    let (mut left, is_ready) = descriptor.with(|descriptor| {
        let filled = descriptor.bytes_filled;
        let most = queued.min(descriptor.byte_length - filled);
        let aligned = filled + most - (filled + most) % descriptor.kind.element_size();
        match aligned >= descriptor.minimum_fill {
            true => (aligned - filled, true),
            false => (most, false),
        }
    });
    // 8. and 9. Copy them.
    while left > 0 {
        let Some(head) = controller.with(|data| data.queue.front().cloned()) else {
            break;
        };
        let count = left.min(head.byte_length);
        let (buffer, start) = descriptor.with(|descriptor| {
            let start = descriptor.byte_offset + descriptor.bytes_filled;
            (descriptor.buffer.clone(), start)
        });
        copy_bytes(&buffer, start, &head.buffer, head.byte_offset, count)?;
        let dropped = controller.with(|data| {
            data.queue_total_size -= count;
            if head.byte_length == count {
                return data.queue.pop_front();
            }
            if let Some(head) = data.queue.front_mut() {
                head.byte_offset += count;
                head.byte_length -= count;
            }
            None
        });
        drop(dropped);
        descriptor.with(|descriptor| descriptor.bytes_filled += count);
        left -= count;
    }
    // 10. and 11. Return whether they are enough.
    Ok(is_ready)
}

/// [ReadableByteStreamControllerProcessPullIntoDescriptorsUsingQueue](https://streams.spec.whatwg.org/#readable-byte-stream-controller-process-pull-into-descriptors-using-queue)
pub(super) fn process_pull_into_descriptors_using_queue(
    controller: &ByteController,
) -> JsResult<Vec<PullInto>> {
    // 1. and 2. Collect the descriptors that are filled.
    let mut filled = Vec::new();
    // 3. Fill one after the other.
    while controller.queue_total_size() > 0 {
        let Some(descriptor) = controller.first_pull_into() else {
            break;
        };
        if fill_pull_into_descriptor_from_queue(controller, &descriptor)? {
            shift_pending_pull_into(controller);
            filled.push(descriptor);
        }
    }
    // 4. Return them.
    Ok(filled)
}

/// Commits these descriptors.
pub(super) fn commit_all(
    stream: &Readable,
    descriptors: &[PullInto],
    cx: &mut Context,
) -> JsResult<()> {
    for descriptor in descriptors {
        commit_pull_into_descriptor(stream, descriptor, cx)?;
    }
    Ok(())
}

/// [ReadableByteStreamControllerCommitPullIntoDescriptor](https://streams.spec.whatwg.org/#readable-byte-stream-controller-commit-pull-into-descriptor)
fn commit_pull_into_descriptor(
    stream: &Readable,
    descriptor: &PullInto,
    cx: &mut Context,
) -> JsResult<()> {
    // 1. to 4. The request of a closed stream ends.
    let done = matches!(stream.state(), ReadableState::Closed);
    // 5. Create the view.
    let filled = convert_pull_into_descriptor(descriptor, cx)?.into();
    // 6. and 7. Give it to the reader.
    match descriptor.with(|descriptor| descriptor.reader_type) {
        ReaderType::Default => fulfill_read_request(stream, &filled, done, cx),
        _ => fulfill_read_into_request(stream, &filled, done, cx),
    }
}

/// [ReadableByteStreamControllerConvertPullIntoDescriptor](https://streams.spec.whatwg.org/#readable-byte-stream-controller-convert-pull-into-descriptor)
fn convert_pull_into_descriptor(descriptor: &PullInto, cx: &mut Context) -> JsResult<JsObject> {
    // 1. to 4. Take the range.
    let (buffer, kind, offset, filled) = descriptor.with(|descriptor| {
        (
            descriptor.buffer.clone(),
            descriptor.kind,
            descriptor.byte_offset,
            descriptor.bytes_filled,
        )
    });
    // 5. Transfer the buffer. 6. Create the view.
    let buffer = transfer_array_buffer(&buffer, cx)?;
    construct_view(kind, buffer, offset, filled / kind.element_size(), cx)
}

/// [ReadableByteStreamControllerRespond](https://streams.spec.whatwg.org/#readable-byte-stream-controller-respond)
pub(crate) fn respond(
    controller: &ByteController,
    bytes_written: usize,
    cx: &mut Context,
) -> JsResult<()> {
    // 1. and 2. Take the first descriptor.
    let Some(first) = controller.first_pull_into() else {
        return Ok(());
    };
    if matches!(controller.stream().state(), ReadableState::Closed) {
        // 3. and 4. A closed stream gets nothing.
        if bytes_written != 0 {
            return Err(type_error(
                "The stream is closed, so bytesWritten has to be 0.",
            ));
        }
    } else {
        // 5.1. and 5.2. A readable stream gets something,
        if bytes_written == 0 {
            return Err(type_error(
                "bytesWritten is 0, but the stream is not closed.",
            ));
        }
        // 5.3. and no more than there is room for.
        let fits = first.with(|first| {
            let filled = first.bytes_filled.checked_add(bytes_written);
            filled.is_some_and(|filled| filled <= first.byte_length)
        });
        if !fits {
            return Err(range_error("bytesWritten is larger than the view."));
        }
    }
    // 6. Transfer the buffer.
    let buffer = first.with(|first| first.buffer.clone());
    let buffer = transfer_array_buffer(&buffer, cx)?;
    first.with(|first| first.buffer = buffer);
    // 7. Answer.
    respond_internal(controller, bytes_written, cx)
}

/// [ReadableByteStreamControllerRespondWithNewView](https://streams.spec.whatwg.org/#readable-byte-stream-controller-respond-with-new-view)
pub(super) fn respond_with_new_view(
    controller: &ByteController,
    view: &View,
    cx: &mut Context,
) -> JsResult<()> {
    // 1. to 3. Take the first descriptor.
    let Some(first) = controller.first_pull_into() else {
        return Ok(());
    };
    let is_closed = matches!(controller.stream().state(), ReadableState::Closed);
    // 4. to 6. A closed stream gets nothing, a readable stream something.
    if is_closed != (view.byte_length == 0) {
        return Err(type_error(match is_closed {
            true => "The stream is closed, so the view has to be empty.",
            false => "The view is empty, but the stream is not closed.",
        }));
    }
    // 7. to 9. The view continues the bytes of the descriptor.
    let (continues, same_length, fits) = first.with(|first| {
        (
            first.byte_offset + first.bytes_filled == view.byte_offset,
            first.buffer_byte_length == view.buffer_length(),
            first.bytes_filled + view.byte_length <= first.byte_length,
        )
    });
    if !continues {
        return Err(range_error("The view begins at another offset."));
    }
    if !same_length {
        return Err(range_error("The buffer of the view has another length."));
    }
    if !fits {
        return Err(range_error("The view is larger than the requested one."));
    }
    // 10. and 11. Transfer its buffer.
    if !can_transfer_array_buffer(&view.buffer) {
        return Err(type_error("The buffer of the view is detached."));
    }
    let buffer = transfer_array_buffer(&view.buffer, cx)?;
    first.with(|first| first.buffer = buffer);
    // 12. Answer.
    respond_internal(controller, view.byte_length, cx)
}

/// [ReadableByteStreamControllerRespondInternal](https://streams.spec.whatwg.org/#readable-byte-stream-controller-respond-internal)
fn respond_internal(
    controller: &ByteController,
    bytes_written: usize,
    cx: &mut Context,
) -> JsResult<()> {
    // 1. and 2. Take the first descriptor.
    let Some(first) = controller.first_pull_into() else {
        return Ok(());
    };
    // 3. The request was answered.
    invalidate_byob_request(controller);
    // 4. to 6. Continue by the state of the stream.
    match matches!(controller.stream().state(), ReadableState::Closed) {
        true => respond_in_closed_state(controller, &first, cx)?,
        false => respond_in_readable_state(controller, bytes_written, &first, cx)?,
    }
    // 7. Pull more.
    call_pull_if_needed(controller, cx)
}

/// [ReadableByteStreamControllerRespondInClosedState](https://streams.spec.whatwg.org/#readable-byte-stream-controller-respond-in-closed-state)
fn respond_in_closed_state(
    controller: &ByteController,
    first: &PullInto,
    cx: &mut Context,
) -> JsResult<()> {
    // 1. and 2. A descriptor without a reader is over.
    if first.with(|first| first.reader_type) == ReaderType::None {
        shift_pending_pull_into(controller);
    }
    // 3. and 4. All requests end.
    let stream = controller.stream();
    if has_byob_reader(&stream) {
        let mut filled = Vec::new();
        while filled.len() < num_read_into_requests(&stream) {
            let Some(descriptor) = shift_pending_pull_into(controller) else {
                break;
            };
            filled.push(descriptor);
        }
        commit_all(&stream, &filled, cx)?;
    }
    Ok(())
}

/// [ReadableByteStreamControllerRespondInReadableState](https://streams.spec.whatwg.org/#readable-byte-stream-controller-respond-in-readable-state)
fn respond_in_readable_state(
    controller: &ByteController,
    bytes_written: usize,
    descriptor: &PullInto,
    cx: &mut Context,
) -> JsResult<()> {
    // 1. and 2. The bytes are there.
    let stream = controller.stream();
    let (reader_type, is_short) = descriptor.with(|descriptor| {
        descriptor.bytes_filled += bytes_written;
        let is_short = descriptor.bytes_filled < descriptor.minimum_fill;
        (descriptor.reader_type, is_short)
    });
    // 3. Without a reader, they are queued.
    if reader_type == ReaderType::None {
        enqueue_detached_pull_into_to_queue(controller, descriptor, cx)?;
        let filled = process_pull_into_descriptors_using_queue(controller)?;
        return commit_all(&stream, &filled, cx);
    }
    // 4. The request needs more.
    if is_short {
        return Ok(());
    }
    // 5. It is fulfilled.
    shift_pending_pull_into(controller);
    // 6. and 7. A part of an element is queued.
    let (buffer, end, remainder) = descriptor.with(|descriptor| {
        let remainder = descriptor.bytes_filled % descriptor.kind.element_size();
        let end = descriptor.byte_offset + descriptor.bytes_filled;
        (descriptor.buffer.clone(), end, remainder)
    });
    if remainder > 0 {
        enqueue_cloned_chunk_to_queue(controller, &buffer, end - remainder, remainder, cx)?;
    }
    // 8. The rest are whole elements.
    descriptor.with(|descriptor| descriptor.bytes_filled -= remainder);
    // 9. to 11. Give them to the reader, and fill further requests.
    let filled = process_pull_into_descriptors_using_queue(controller)?;
    commit_pull_into_descriptor(&stream, descriptor, cx)?;
    commit_all(&stream, &filled, cx)
}
