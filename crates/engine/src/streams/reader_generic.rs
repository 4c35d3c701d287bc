//! The parts that both kinds of readers share
//! ([Streams, readers](https://streams.spec.whatwg.org/#rs-reader-abstract-ops)).

use boa_engine::object::builtins::JsPromise;
use boa_engine::{Context, Finalize, JsObject, JsResult, JsValue, Trace};

use super::byob_reader::ByobReader;
use super::default_reader::DefaultReader;
use super::promises::{Deferred, object_of, rejected_with_error, thrown};
use super::readable::readable_stream_cancel;
use super::readable_stream::{Controller, Readable, ReadableState, Reader};
use super::{byte_controller, default_controller};
use crate::boa::errors::type_error;
use crate::webidl::platform;

/// The slots of the mixin `ReadableStreamGenericReader`.
#[derive(Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct Generic {
    pub(super) stream: Option<Readable>,
    pub(super) closed: Deferred,
}

impl Reader {
    fn with_generic<R>(&self, f: impl FnOnce(&mut Generic) -> R) -> R {
        match self {
            Self::Default(reader) => reader.with(|data| f(&mut data.generic)),
            Self::Byob(reader) => reader.with(|data| f(&mut data.generic)),
        }
    }

    /// The stream that the reader owns.
    pub(super) fn stream(&self) -> Option<Readable> {
        self.with_generic(|generic| generic.stream.clone())
    }

    /// The closed promise.
    pub(super) fn closed(&self) -> Deferred {
        self.with_generic(|generic| generic.closed.clone())
    }

    /// The reader that an object wraps.
    fn of_object(object: &JsObject) -> JsResult<Self> {
        let default = DefaultReader::of_object(object).map(Self::Default);
        default
            .or_else(|| ByobReader::of_object(object).map(Self::Byob))
            .ok_or_else(platform::illegal_invocation)
    }
}

/// [ReadableStreamReaderGenericInitialize](https://streams.spec.whatwg.org/#readable-stream-reader-generic-initialize)
///
/// `create` creates the reader with its slots.
pub(super) fn initialize(
    stream: &Readable,
    create: impl FnOnce(Generic) -> Reader,
    cx: &mut Context,
) -> JsResult<Reader> {
    let closed = match stream.state() {
        // 3. The promise is pending.
        ReadableState::Readable => Deferred::new(cx),
        // 4. It is resolved.
        ReadableState::Closed => Deferred::resolved(cx)?,
        // 5. It is rejected.
        ReadableState::Errored(error) => Deferred::rejected(&error, cx)?,
    };
    // 1. and 2. The stream and the reader refer to each other.
    let reader = create(Generic {
        stream: Some(stream.clone()),
        closed,
    });
    stream.with(|data| data.reader = Some(reader.clone()));
    Ok(reader)
}

/// [ReadableStreamReaderGenericRelease](https://streams.spec.whatwg.org/#readable-stream-reader-generic-release)
pub(super) fn release(reader: &Reader, cx: &mut Context) -> JsResult<()> {
    // 1. and 2. Take the stream.
    let Some(stream) = reader.stream() else {
        return Ok(());
    };
    let error = thrown(type_error("The reader has been released."), cx)?;
    if stream.is_readable() {
        // 3. and 5. Reject the closed promise.
        reader.closed().reject_handled(&error, cx)?;
    } else {
        // 4. and 5. Replace it by one that is rejected.
        let closed = Deferred::rejected(&error, cx)?;
        reader.with_generic(|generic| generic.closed = closed);
    }
    // 6. Perform the controller's release steps.
    match stream.controller() {
        Some(Controller::Default(controller)) => default_controller::release_steps(&controller),
        Some(Controller::Byte(controller)) => byte_controller::release_steps(&controller),
        None => {}
    }
    // 7. and 8. They no longer refer to each other.
    stream.with(|data| data.reader = None);
    reader.with_generic(|generic| generic.stream = None);
    Ok(())
}

/// [closed](https://streams.spec.whatwg.org/#generic-reader-closed)
pub(super) fn closed(reader: &JsObject) -> JsResult<JsObject> {
    Ok(object_of(&Reader::of_object(reader)?.closed().promise))
}

/// [cancel()](https://streams.spec.whatwg.org/#generic-reader-cancel)
pub(super) fn cancel(
    reader: &JsObject,
    reason: Option<JsValue>,
    cx: &mut Context,
) -> JsResult<JsPromise> {
    // 1. A released reader rejects.
    let Some(stream) = Reader::of_object(reader)?.stream() else {
        return rejected_with_error(released(), cx);
    };
    // 2. Cancel the stream.
    readable_stream_cancel(&stream, &reason.unwrap_or_default(), cx)
}

/// The error for the use of a reader without a stream.
pub(super) fn released() -> boa_engine::JsError {
    type_error("The reader has been released.")
}
