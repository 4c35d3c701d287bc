//! [Read all bytes](https://streams.spec.whatwg.org/#readablestreamdefaultreader-read-all-bytes) of a stream.

use boa_engine::object::builtins::JsUint8Array;
use boa_engine::{Context, Finalize, JsResult, JsValue, Trace};

use super::default_reader::{
    self, DefaultReader, ReadRequestSteps, readable_stream_default_reader_read,
};
use super::handle::Handle;
use super::promises::thrown;
use super::readable_stream::Readable;
use crate::boa::errors::type_error;
use crate::webidl::buffer_source::BufferSource;

/// The steps for the bytes or for an error.
pub(crate) struct Receiver<C: 'static> {
    pub(crate) success: fn(&mut Context, &C, Vec<u8>) -> JsResult<()>,
    pub(crate) failure: fn(&mut Context, &C, &JsValue) -> JsResult<()>,
}

/// A read loop.
#[derive(Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
struct LoopData<C: Trace + 'static> {
    reader: DefaultReader,
    #[unsafe_ignore_trace]
    bytes: Vec<u8>,
    captured: C,
    #[unsafe_ignore_trace]
    receiver: &'static Receiver<C>,
    /// Whether the loop is running, and whether its last read has got a chunk.
    #[unsafe_ignore_trace]
    running: bool,
    #[unsafe_ignore_trace]
    got: bool,
}

/// Reads all bytes of a stream, and passes them on.
pub(crate) fn read_all_bytes<C: Clone + Trace + 'static>(
    stream: &Readable,
    captured: C,
    receiver: &'static Receiver<C>,
    cx: &mut Context,
) -> JsResult<()> {
    let reader = default_reader::acquire(stream, cx)?;
    let state = Handle::new(LoopData {
        reader,
        bytes: Vec::new(),
        captured,
        receiver,
        running: false,
        got: false,
    });
    read(&state, cx)
}

/// Reads until a chunk is not there yet.
fn read<C: Clone + Trace + 'static>(state: &Handle<LoopData<C>>, cx: &mut Context) -> JsResult<()> {
    let reader = state.with(|data| {
        data.running = true;
        data.reader.clone()
    });
    loop {
        state.with(|data| data.got = false);
        readable_stream_default_reader_read(&reader, Box::new(LoopRequest(state.clone())), cx)?;
        if !state.with(|data| data.got) {
            break;
        }
    }
    state.with(|data| data.running = false);
    Ok(())
}

/// The read request of a [read loop](https://streams.spec.whatwg.org/#read-loop).
#[derive(Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
struct LoopRequest<C: Clone + Trace + 'static>(Handle<LoopData<C>>);

impl<C: Clone + Trace + 'static> ReadRequestSteps for LoopRequest<C> {
    fn chunk(&self, chunk: &JsValue, cx: &mut Context) -> JsResult<()> {
        // 1. Only bytes are read.
        let object = chunk
            .as_object()
            .filter(|object| JsUint8Array::from_object(object.clone()).is_ok());
        let source = match &object {
            Some(object) => BufferSource::new(object, cx)?,
            None => None,
        };
        let Some(source) = source else {
            let error = thrown(
                type_error("The stream contains a chunk that is not a Uint8Array."),
                cx,
            )?;
            return self.error(&error, cx);
        };
        // 2. Append them.
        let bytes = source.bytes(cx)?;
        let running = self.0.with(|data| {
            data.bytes.extend_from_slice(&bytes);
            data.got = true;
            data.running
        });
        // 3. Read on.
        match running {
            true => Ok(()),
            false => read(&self.0, cx),
        }
    }

    fn close(&self, cx: &mut Context) -> JsResult<()> {
        // 1. All bytes are there.
        let (bytes, captured, receiver) = self.0.with(|data| {
            let bytes = std::mem::take(&mut data.bytes);
            (bytes, data.captured.clone(), data.receiver)
        });
        (receiver.success)(cx, &captured, bytes)
    }

    fn error(&self, error: &JsValue, cx: &mut Context) -> JsResult<()> {
        // 1. The stream has failed.
        let (captured, receiver) = self.0.with(|data| (data.captured.clone(), data.receiver));
        (receiver.failure)(cx, &captured, error)
    }
}
