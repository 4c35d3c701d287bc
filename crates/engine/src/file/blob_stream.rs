//! Streams of blobs ([File API, get stream](https://w3c.github.io/FileAPI/#blob-get-stream)).

use boa_engine::{Context, JsResult};

use super::blob_data::BlobData;
use crate::streams::byte_source::{CHUNK, byte_stream};
use crate::streams::handle::Handle;
use crate::streams::readable_stream::Readable;

/// [Get stream](https://w3c.github.io/FileAPI/#blob-get-stream) of a blob.
// OPTIMIZATION: the bytes are in memory, so a pull gives a chunk at once instead of in a task.
pub(crate) fn get_stream(blob: BlobData, cx: &mut Context) -> JsResult<Readable> {
    // 1. to 3. Each pull gives the next bytes of the blob.
    let state = Handle::new((blob, 0_usize));
    byte_stream(
        state,
        |state| {
            state.with(|(blob, read)| {
                let left = blob.bytes().get(*read..).unwrap_or_default();
                let chunk = left
                    .get(..left.len().min(CHUNK))
                    .unwrap_or_default()
                    .to_vec();
                *read += chunk.len();
                Some(chunk)
            })
        },
        cx,
    )
}
