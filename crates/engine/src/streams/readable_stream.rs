//! `ReadableStream` ([Streams, the ReadableStream class](https://streams.spec.whatwg.org/#rs-class)).

use boa_engine::object::builtins::JsPromise;
use boa_engine::{Context, Finalize, JsObject, JsResult, JsValue, Trace};

use super::algorithm::Algorithm;
use super::byob_reader::{self, ByobReader};
use super::byte_controller::{self, ByteController};
use super::default_controller::{self, DefaultController};
use super::default_reader::{self, DefaultReader};
use super::handle::{Handle, Interfaced};
use super::interfaces::{
    Given, READABLE_STREAM, ReadableStreamGetReaderOptions, ReadableStreamType, UnderlyingSource,
};
use super::promises::rejected_with_error;
use super::readable;
use super::strategies::{QueuingStrategy, SizeAlgorithm};
use crate::boa::errors::{range_error, type_error};
use crate::webidl::{Interface, NewTarget};

/// A readable stream.
pub(crate) type Readable = Handle<ReadableData>;

/// The [[state]] and the [[storedError]] of a readable stream.
#[derive(Clone, Default, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) enum ReadableState {
    #[default]
    Readable,
    Closed,
    Errored(JsValue),
}

/// The state of a readable stream.
#[derive(Default, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct ReadableData {
    pub(super) state: ReadableState,
    pub(super) disturbed: bool,
    pub(crate) detached: bool,
    pub(super) reader: Option<Reader>,
    pub(super) controller: Option<Controller>,
}

/// A reader of one of the two kinds.
#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) enum Reader {
    Default(DefaultReader),
    Byob(ByobReader),
}

/// A controller of one of the two kinds.
#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) enum Controller {
    Default(DefaultController),
    Byte(ByteController),
}

impl Interfaced for ReadableData {
    fn interface() -> &'static Interface {
        &READABLE_STREAM
    }
}

impl Readable {
    /// The state.
    pub(crate) fn state(&self) -> ReadableState {
        self.with(|data| data.state.clone())
    }

    /// Whether the state is "readable".
    pub(crate) fn is_readable(&self) -> bool {
        self.with(|data| matches!(data.state, ReadableState::Readable))
    }

    /// [IsReadableStreamLocked](https://streams.spec.whatwg.org/#is-readable-stream-locked)
    pub(crate) fn is_locked(&self) -> bool {
        self.with(|data| data.reader.is_some())
    }

    /// Whether the stream was read or canceled ([disturbed](https://streams.spec.whatwg.org/#is-readable-stream-disturbed)).
    pub(crate) fn is_disturbed(&self) -> bool {
        self.with(|data| data.disturbed)
    }

    pub(super) fn reader(&self) -> Option<Reader> {
        self.with(|data| data.reader.clone())
    }

    /// The controller.
    pub(crate) fn controller(&self) -> Option<Controller> {
        self.with(|data| data.controller.clone())
    }
}

/// [The constructor](https://streams.spec.whatwg.org/#rs-constructor)
pub(super) fn construct(
    target: &NewTarget,
    source: Option<&JsObject>,
    strategy: &QueuingStrategy,
    cx: &mut Context,
) -> JsResult<JsObject> {
    // 1. and 2. Convert the source.
    let Given {
        dictionary: source,
        this,
    } = Given::<UnderlyingSource>::new(source, cx)?;
    // 3. Initialize the stream.
    let stream = Readable::new(ReadableData::default());
    let object = stream.construct(target, cx)?;
    let start = Algorithm::of(source.start, &this, cx);
    let pull = Algorithm::of(source.pull, &this, cx);
    let cancel = Algorithm::of(source.cancel, &this, cx);
    if source.type_ == Some(ReadableStreamType::Bytes) {
        // 4.1. A byte stream has no sizes.
        if strategy.size.is_some() {
            return Err(range_error("A byte stream has no size function."));
        }
        // 4.2. Take the high water mark. 4.3. Set up the controller.
        let high_water_mark = strategy.extract_high_water_mark(0.0)?;
        let size = source.auto_allocate_chunk_size;
        if size == Some(0.0) {
            return Err(type_error("autoAllocateChunkSize cannot be 0."));
        }
        byte_controller::set_up(&stream, &start, pull, cancel, high_water_mark, size, cx)?;
    } else {
        // 5.2. and 5.3. Take the strategy.
        let size = strategy.extract_size_algorithm(cx);
        let high_water_mark = strategy.extract_high_water_mark(1.0)?;
        // 5.4. Set up the controller.
        default_controller::set_up(&stream, &start, pull, cancel, high_water_mark, size, cx)?;
    }
    Ok(object)
}

/// [CreateReadableStream](https://streams.spec.whatwg.org/#create-readable-stream)
pub(crate) fn create_readable_stream(
    start: &Algorithm,
    pull: Algorithm,
    cancel: Algorithm,
    high_water_mark: f64,
    size: SizeAlgorithm,
    cx: &mut Context,
) -> JsResult<Readable> {
    // 3. to 6. Create the stream and its controller.
    let stream = Readable::new(ReadableData::default());
    default_controller::set_up(&stream, start, pull, cancel, high_water_mark, size, cx)?;
    Ok(stream)
}

/// [CreateReadableByteStream](https://streams.spec.whatwg.org/#abstract-opdef-createreadablebytestream)
pub(crate) fn create_readable_byte_stream(
    start: &Algorithm,
    pull: Algorithm,
    cancel: Algorithm,
    high_water_mark: f64,
    cx: &mut Context,
) -> JsResult<Readable> {
    // 1. to 4. Create the stream and its controller.
    let stream = Readable::new(ReadableData::default());
    byte_controller::set_up(&stream, start, pull, cancel, high_water_mark, None, cx)?;
    Ok(stream)
}

/// [cancel()](https://streams.spec.whatwg.org/#rs-cancel)
pub(super) fn cancel(
    stream: &Readable,
    reason: Option<JsValue>,
    cx: &mut Context,
) -> JsResult<JsPromise> {
    // 1. A locked stream rejects.
    if stream.is_locked() {
        return rejected_with_error(type_error("The stream is locked to a reader."), cx);
    }
    // 2. Cancel it.
    readable::readable_stream_cancel(stream, &reason.unwrap_or_default(), cx)
}

/// [getReader()](https://streams.spec.whatwg.org/#rs-get-reader)
pub(super) fn get_reader(
    stream: &Readable,
    options: &ReadableStreamGetReaderOptions,
    cx: &mut Context,
) -> JsResult<JsObject> {
    stream.in_relevant_realm(cx, |cx| match options.mode {
        // 1. Without a mode, acquire a default reader.
        None => Ok(default_reader::acquire(stream, cx)?.object(cx)),
        // 2. and 3. The only mode is "byob".
        Some(_) => Ok(byob_reader::acquire(stream, cx)?.object(cx)),
    })
}
