//! The interfaces of streams ([Streams](https://streams.spec.whatwg.org/)).

use boa_engine::{JsObject, JsValue};

use super::buffers::View as ArrayBufferView;
use super::byob_reader;
use super::byob_request::{self, ByobRequest};
use super::byte_controller::{self, ByteController};
use super::default_controller::{self, DefaultController};
use super::default_reader;
use super::readable_stream::{self, Readable};
use super::reader_generic;
use super::strategies::QueuingStrategy;
use super::transferable::{READABLE, TRANSFORM, WRITABLE};
use super::transform_controller::{self, TransformController};
use super::transform_stream::{self, Transform};
use super::writable_controller;
use super::writable_stream::{self, Writable};
use super::writer::{self, Writer};
use super::{iteration, pipe, tee};
use crate::dom::abort::AbortSignal;
use crate::webidl::interface;

interface! {
    /// The [`ReadableStream`](https://streams.spec.whatwg.org/#rs-class) interface.
    [Exposed=*, Transferable=READABLE]
    interface ReadableStream(Readable) {
        constructor(optional object underlyingSource, optional QueuingStrategy strategy = {}) = readable_stream::construct;

        static ReadableStream from(any asyncIterable) = |iterable: JsValue, cx| super::from_iterable::readable_stream_from_iterable(&iterable, cx);

        readonly attribute boolean locked = |stream| stream.is_locked();
        Promise<undefined> cancel(optional any reason) = readable_stream::cancel;
        ReadableStreamReader getReader(optional ReadableStreamGetReaderOptions options = {}) = readable_stream::get_reader;
        ReadableStream pipeThrough(ReadableWritablePair transform, optional StreamPipeOptions options = {}) = pipe::pipe_through;
        Promise<undefined> pipeTo(WritableStream destination, optional StreamPipeOptions options = {}) = pipe::pipe_to;
        sequence<ReadableStream> tee() = tee::tee;

        any values(optional ReadableStreamIteratorOptions options = {}) = iteration::values;
        async_iterable<any>;
    }

    enum ReadableStreamReaderMode { "byob" };

    dictionary ReadableStreamGetReaderOptions {
        ReadableStreamReaderMode mode;
    }

    dictionary ReadableStreamIteratorOptions {
        boolean preventCancel = false;
    }

    dictionary ReadableWritablePair {
        required ReadableStream(Readable) readable;
        required WritableStream(Writable) writable;
    }

    dictionary StreamPipeOptions {
        boolean preventClose = false;
        boolean preventAbort = false;
        boolean preventCancel = false;
        AbortSignal signal;
    }

    /// The members of both kinds of readers.
    interface mixin ReadableStreamGenericReader {
        readonly attribute Promise<any> closed = |reader, _| reader_generic::closed(reader);
        Promise<undefined> cancel(optional any reason) = reader_generic::cancel;
    }

    /// The [`ReadableStreamDefaultReader`](https://streams.spec.whatwg.org/#default-reader-class) interface.
    [Exposed=*]
    interface ReadableStreamDefaultReader(DefaultReader) {
        constructor(ReadableStream stream) = default_reader::construct;
        Promise<ReadableStreamReadResult> read() = default_reader::read;
        undefined releaseLock() = default_reader::release_lock;
    }

    ReadableStreamDefaultReader includes ReadableStreamGenericReader;

    /// The [`ReadableStreamBYOBReader`](https://streams.spec.whatwg.org/#byob-reader-class) interface.
    [Exposed=*]
    interface ReadableStreamBYOBReader(ByobReader) {
        constructor(ReadableStream stream) = byob_reader::construct;
        Promise<ReadableStreamReadResult> read(ArrayBufferView view, optional ReadableStreamBYOBReaderReadOptions options = {}) = byob_reader::read;
        undefined releaseLock() = byob_reader::release_lock;
    }

    ReadableStreamBYOBReader includes ReadableStreamGenericReader;

    dictionary ReadableStreamBYOBReaderReadOptions {
        [EnforceRange] unsigned long long(f64) min = 1;
    }

    /// The [`ReadableStreamDefaultController`](https://streams.spec.whatwg.org/#rs-default-controller-class) interface.
    [Exposed=*]
    interface ReadableStreamDefaultController(DefaultController) {
        readonly attribute unrestricted double? desiredSize = |controller| default_controller::desired_size(controller);
        undefined close() = default_controller::close;
        undefined enqueue(optional any chunk) = default_controller::enqueue;
        undefined error(optional any e) = default_controller::error;
    }

    /// The [`ReadableByteStreamController`](https://streams.spec.whatwg.org/#rbs-controller-class) interface.
    [Exposed=*]
    interface ReadableByteStreamController(ByteController) {
        readonly attribute ReadableStreamBYOBRequest? byobRequest = byte_controller::byob_request;
        readonly attribute unrestricted double? desiredSize = |controller| byte_controller::desired_size(controller);
        undefined close() = byte_controller::close;
        undefined enqueue(ArrayBufferView chunk) = byte_controller::enqueue;
        undefined error(optional any e) = byte_controller::error;
    }

    /// The [`ReadableStreamBYOBRequest`](https://streams.spec.whatwg.org/#rs-byob-request-class) interface.
    [Exposed=*]
    interface ReadableStreamBYOBRequest(ByobRequest) {
        readonly attribute ArrayBufferView? view = |request| byob_request::view(request);
        undefined respond([EnforceRange] unsigned long long bytesWritten) = byob_request::respond;
        undefined respondWithNewView(ArrayBufferView view) = byob_request::respond_with_new_view;
    }

    /// The [`WritableStream`](https://streams.spec.whatwg.org/#ws-class) interface.
    [Exposed=*, Transferable=WRITABLE]
    interface WritableStream(Writable) {
        constructor(optional object underlyingSink, optional QueuingStrategy strategy = {}) = writable_stream::construct;
        readonly attribute boolean locked = |stream| stream.is_locked();
        Promise<undefined> abort(optional any reason) = writable_stream::abort;
        Promise<undefined> close() = writable_stream::close;
        WritableStreamDefaultWriter getWriter() = writable_stream::get_writer;
    }

    /// The [`WritableStreamDefaultWriter`](https://streams.spec.whatwg.org/#default-writer-class) interface.
    [Exposed=*]
    interface WritableStreamDefaultWriter(Writer) {
        constructor(WritableStream stream) = writer::construct;
        readonly attribute Promise<undefined> closed = |writer| writer::closed(writer);
        readonly attribute unrestricted double? desiredSize = |writer| writer::desired_size(writer);
        readonly attribute Promise<undefined> ready = |writer| writer::ready(writer);
        Promise<undefined> abort(optional any reason) = writer::abort;
        Promise<undefined> close() = writer::close;
        undefined releaseLock() = writer::release_lock;
        Promise<undefined> write(optional any chunk) = writer::write;
    }

    /// The [`WritableStreamDefaultController`](https://streams.spec.whatwg.org/#ws-default-controller-class) interface.
    [Exposed=*]
    interface WritableStreamDefaultController(WritableController) {
        readonly attribute AbortSignal signal = writable_controller::signal;
        undefined error(optional any e) = writable_controller::error;
    }

    /// The [`TransformStream`](https://streams.spec.whatwg.org/#ts-class) interface.
    [Exposed=*, Transferable=TRANSFORM]
    interface TransformStream(Transform) {
        constructor(optional object transformer, optional QueuingStrategy writableStrategy = {}, optional QueuingStrategy readableStrategy = {}) = transform_stream::construct;
        readonly attribute ReadableStream readable = |stream| stream.readable();
        readonly attribute WritableStream writable = |stream| stream.writable();
    }

    /// The [`TransformStreamDefaultController`](https://streams.spec.whatwg.org/#ts-default-controller-class) interface.
    [Exposed=*]
    interface TransformStreamDefaultController(TransformController) {
        readonly attribute unrestricted double? desiredSize = |controller| transform_controller::desired_size(controller);
        undefined enqueue(optional any chunk) = transform_controller::enqueue;
        undefined error(optional any reason) = transform_controller::error;
        undefined terminate() = transform_controller::terminate;
    }

    /// A source of a readable stream.
    #[derive(Default)]
    dictionary UnderlyingSource {
        UnderlyingSourceStartCallback start;
        UnderlyingSourcePullCallback pull;
        UnderlyingSourceCancelCallback cancel;
        ReadableStreamType type;
        [EnforceRange] unsigned long long(f64) autoAllocateChunkSize;
    }

    enum ReadableStreamType { "bytes" };

    callback UnderlyingSourceStartCallback = any (ReadableStreamController controller);
    callback UnderlyingSourcePullCallback = Promise<undefined> (ReadableStreamController controller);
    callback UnderlyingSourceCancelCallback = Promise<undefined> (optional any reason);

    /// A sink of a writable stream.
    #[derive(Default)]
    dictionary UnderlyingSink {
        UnderlyingSinkStartCallback start;
        UnderlyingSinkWriteCallback write;
        UnderlyingSinkCloseCallback close;
        UnderlyingSinkAbortCallback abort;
        any type;
    }

    callback UnderlyingSinkStartCallback = any (WritableStreamDefaultController controller);
    callback UnderlyingSinkWriteCallback = Promise<undefined> (any chunk, WritableStreamDefaultController controller);
    callback UnderlyingSinkCloseCallback = Promise<undefined> ();
    callback UnderlyingSinkAbortCallback = Promise<undefined> (optional any reason);

    /// A transformer.
    #[derive(Default)]
    dictionary Transformer {
        TransformerStartCallback start;
        TransformerTransformCallback transform;
        TransformerFlushCallback flush;
        TransformerCancelCallback cancel;
        any readableType;
        any writableType;
    }

    callback TransformerStartCallback = any (TransformStreamDefaultController controller);
    callback TransformerFlushCallback = Promise<undefined> (TransformStreamDefaultController controller);
    callback TransformerTransformCallback = Promise<undefined> (any chunk, TransformStreamDefaultController controller);
    callback TransformerCancelCallback = Promise<undefined> (any reason);
}

/// A dictionary of callbacks, whose `this` value is the object that has the members.
pub(super) struct Given<T> {
    pub(super) dictionary: T,
    pub(super) this: JsValue,
}

impl<T: Default> Given<T> {
    /// Converts an optional object to a dictionary.
    pub(super) fn new(
        object: Option<&JsObject>,
        cx: &mut boa_engine::Context,
    ) -> boa_engine::JsResult<Self>
    where
        T: crate::webidl::convert::FromJs,
    {
        match object {
            None => Ok(Self {
                dictionary: T::default(),
                this: JsValue::undefined(),
            }),
            Some(object) => {
                let this = JsValue::from(object.clone());
                let place = crate::webidl::convert::Place::Argument(0);
                let dictionary = T::from_js(&this, place, cx)?;
                Ok(Self { dictionary, this })
            }
        }
    }
}
