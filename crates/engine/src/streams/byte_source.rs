//! Byte streams of the engine, such as the bytes of a blob.

use boa_engine::{Context, JsResult, JsValue, Trace};
use boa_gc::{Gc, GcRefCell};

use super::algorithm::Algorithm;
use super::buffers::View;
use super::byte_controller::{
    readable_byte_stream_controller_close, readable_byte_stream_controller_enqueue,
};
use super::byte_controller_pull_into::respond;
use super::readable_stream::{Controller, Readable, create_readable_byte_stream};
use crate::webidl::buffer_source;

/// The number of bytes of a chunk.
pub(crate) const CHUNK: usize = 64 << 10;

/// Creates a byte stream of which each pull takes the next bytes. `next` returns `None` at the end.
pub(crate) fn byte_stream<C: Trace + 'static>(
    source: C,
    next: fn(&C) -> Option<Vec<u8>>,
    cx: &mut Context,
) -> JsResult<Readable> {
    let cell: Gc<GcRefCell<Option<Readable>>> = Gc::new(GcRefCell::new(None));
    let pull = Algorithm::native(
        (source, Next(next), cell.clone()),
        |cx, (source, next, cell), _| {
            let stream = cell.borrow().clone();
            if let Some(stream) = stream {
                give(&stream, (next.0)(source), cx)?;
            }
            Ok(JsValue::undefined())
        },
    );
    let stream =
        create_readable_byte_stream(&Algorithm::Nothing, pull, Algorithm::Nothing, 0.0, cx)?;
    *cell.borrow_mut() = Some(stream.clone());
    Ok(stream)
}

#[derive(boa_engine::Trace, boa_engine::Finalize)]
struct Next<C: Trace + 'static>(#[unsafe_ignore_trace] fn(&C) -> Option<Vec<u8>>);

/// Enqueues bytes, or closes the stream.
fn give(stream: &Readable, bytes: Option<Vec<u8>>, cx: &mut Context) -> JsResult<()> {
    let Some(Controller::Byte(controller)) = stream.controller() else {
        return Ok(());
    };
    match bytes.filter(|bytes| !bytes.is_empty()) {
        Some(bytes) => {
            let chunk = buffer_source::uint8_array(&bytes, cx)?;
            let chunk = View::of(&chunk.into(), cx)?;
            readable_byte_stream_controller_enqueue(&controller, &chunk, cx)
        }
        None => {
            readable_byte_stream_controller_close(&controller, cx)?;
            // A request of a BYOB reader ends now.
            match controller.first_pull_into().is_some() {
                true => respond(&controller, 0, cx),
                false => Ok(()),
            }
        }
    }
}
