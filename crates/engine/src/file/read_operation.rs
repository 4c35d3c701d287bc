//! The read operation of a `FileReader`
//! ([File API, the read operation](https://w3c.github.io/FileAPI/#readOperation)).

use boa_engine::{Context, Finalize, JsObject, JsResult, JsValue, Trace};

use super::blob::as_blob;
use super::blob_read::{self, Package, Read, ReadId, To};
use super::file_reader::{DONE, EMPTY, LOADING};
use super::progress_event::fire_progress_event;
use crate::file::blob_read::READS;
use crate::script::realm::{current_window, in_realm, realm_of};
use crate::webidl::exception::throw;
use crate::webidl::platform;

/// The data of a `FileReader`.
#[derive(Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct ReaderData {
    pub(super) state: u32,
    pub(super) result: JsValue,
    pub(super) error: JsValue,
    /// The read in progress.
    #[unsafe_ignore_trace]
    pub(super) reading: Option<ReadId>,
}

/// The next stage of a read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// The start.
    LoadStart,
    /// The arrival of bytes.
    Progress,
    /// The result.
    Done,
}

impl ReaderData {
    pub(super) fn new(state: u32, reading: Option<ReadId>) -> Self {
        Self {
            state,
            result: JsValue::null(),
            error: JsValue::null(),
            reading,
        }
    }
}

/// The state of a reader; the empty state for another object.
fn state(reader: &JsObject) -> u32 {
    platform::read(reader, |data: &ReaderData| data.state).unwrap_or(EMPTY)
}

/// [Read operation](https://w3c.github.io/FileAPI/#readOperation): its first steps, and the first of
/// its tasks.
pub(super) fn read_operation(
    reader: &JsObject,
    blob: &JsObject,
    package: Package,
    cx: &mut Context,
) -> JsResult<()> {
    // 1. Only one read at a time.
    if state(reader) == LOADING {
        let message = "The object is already busy reading Blobs.";
        return Err(throw("InvalidStateError", message, cx));
    }
    let (Some(window), Some(blob)) = (current_window(cx), as_blob(blob)) else {
        return Ok(());
    };
    // 5. to 10. The bytes are available, so one task after the other reports a stage.
    let to = To::Reader(reader.clone(), Stage::LoadStart);
    let read = Read {
        window,
        blob,
        package,
        to,
    };
    let reading = blob_read::begin(cx, read);
    // 2. to 4. The reader is loading, without a result or an error.
    platform::write(reader, |data| *data = ReaderData::new(LOADING, reading))
}

/// Runs the next task of a read.
pub(crate) fn advance(ctx: &mut Context, id: ReadId, reader: &JsObject, stage: Stage) {
    let found = READS.with(ctx, |reads| {
        reads.get(id).map(|read| (read.window, read.blob.size()))
    });
    let Some((window, size)) = found else { return };
    let realm = realm_of(ctx, window);
    in_realm(ctx, &realm, |ctx| match stage {
        Stage::LoadStart => {
            let next = if size == 0 {
                Stage::Done
            } else {
                Stage::Progress
            };
            go_on(ctx, id, next);
            fire_progress_event(ctx, reader, "loadstart", 0, size);
        }
        Stage::Progress => {
            go_on(ctx, id, Stage::Done);
            fire_progress_event(ctx, reader, "progress", size, size);
        }
        Stage::Done => {
            let Some(read) = READS.with(ctx, |reads| reads.remove(id)) else {
                return;
            };
            finish(ctx, reader, &read);
        }
    });
}

fn go_on(ctx: &Context, id: ReadId, next: Stage) {
    let window = READS.with(ctx, |reads| {
        let read = reads.get_mut(id)?;
        if let To::Reader(_, stage) = &mut read.to {
            *stage = next;
        }
        Some(read.window)
    });
    if let Some(window) = window {
        blob_read::queue(ctx, window, id);
    }
}

/// The last task of a [read operation](https://w3c.github.io/FileAPI/#readOperation).
fn finish(ctx: &mut Context, reader: &JsObject, read: &Read) {
    let size = read.blob.size();
    let packaged = blob_read::package_data(&read.blob, &read.package, ctx);
    let (result, error) = match packaged {
        Ok(result) => (result, JsValue::null()),
        Err(error) => {
            let error = error.into_opaque(ctx).unwrap_or_else(|_| JsValue::null());
            (JsValue::null(), error)
        }
    };
    let event = if error.is_null() { "load" } else { "error" };
    let done = ReaderData {
        result,
        error,
        ..ReaderData::new(DONE, None)
    };
    platform::with_mut(reader, |data| {
        *data = done;
        Some(())
    });
    fire_progress_event(ctx, reader, event, size, size);
    fire_load_end(ctx, reader, size, size);
}

/// Fires `loadend`, unless a handler started another read.
fn fire_load_end(ctx: &mut Context, reader: &JsObject, loaded: usize, total: usize) {
    if state(reader) != LOADING {
        fire_progress_event(ctx, reader, "loadend", loaded, total);
    }
}

/// [abort](https://w3c.github.io/FileAPI/#dfn-abort)
pub(super) fn abort(reader: &JsObject, cx: &mut Context) -> JsResult<()> {
    // 1. and 2. There is no result any more; the read is done.
    let reading = platform::write(reader, |data: &mut ReaderData| {
        data.result = JsValue::null();
        (data.state == LOADING).then(|| {
            data.state = DONE;
            data.reading.take()
        })
    })?;
    let Some(reading) = reading else {
        return Ok(());
    };
    // 3. and 4. Its tasks and the read end.
    if let Some(id) = reading {
        blob_read::end(cx, id);
    }
    // 5. and 6. Fire the events.
    fire_progress_event(cx, reader, "abort", 0, 0);
    fire_load_end(cx, reader, 0, 0);
    Ok(())
}
