//! `FileReader` ([File API, the FileReader API](https://w3c.github.io/FileAPI/#APIASynch)).

use super::progress_event::PROGRESS_EVENT;
use boa_engine::{Context, Finalize, JsObject, JsResult, JsValue, Trace};

use super::blob::{BlobData, blob_argument};
use super::blob_read::{self, Package, Read, ReadId, To};
use super::progress_event::ProgressData;
use crate::dom::event::NewEvent;
use crate::dom::event_dispatch as target;
use crate::dom::event_dispatch::Target;
use crate::dom::event_target::EVENT_TARGET;
use crate::file::blob_read::READS;
use crate::html::event_handlers::handler;
use crate::script::realm::{current_window, in_realm, realm_of};
use crate::webidl::convert::optional;
use crate::webidl::exception::throw;
use crate::webidl::platform;
use crate::webidl::{Interface, Member, NewTarget};

const EMPTY: u32 = 0;
const LOADING: u32 = 1;
const DONE: u32 = 2;

/// What a `FileReader` holds.
#[derive(Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct ReaderData {
    state: u32,
    result: JsValue,
    error: JsValue,
    /// The reading that is under way.
    #[unsafe_ignore_trace]
    reading: Option<ReadId>,
}

/// What a reader is told in the next task of its reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// That it has begun.
    LoadStart,
    /// That bytes have come.
    Progress,
    /// The result.
    Done,
}

/// The `FileReader` interface.
pub(crate) static FILE_READER: Interface = Interface {
    parent: Some(&EVENT_TARGET),
    constructor: Some((0, construct)),
    constants: &[("EMPTY", EMPTY), ("LOADING", LOADING), ("DONE", DONE)],
    members: &[&[
        Member::Operation("readAsArrayBuffer", 1, |this, args, ctx| {
            read_operation(this, blob_argument(args, 0)?, Package::ArrayBuffer, ctx)
        }),
        Member::Operation("readAsBinaryString", 1, |this, args, ctx| {
            read_operation(this, blob_argument(args, 0)?, Package::BinaryString, ctx)
        }),
        Member::Operation("readAsText", 1, |this, args, ctx| {
            let blob = blob_argument(args, 0)?;
            let label = match optional(args, 1) {
                Some(label) => Some(label.to_string(ctx)?.to_std_string_lossy()),
                None => None,
            };
            read_operation(this, blob, Package::Decoded(label), ctx)
        }),
        Member::Operation("readAsDataURL", 1, |this, args, ctx| {
            read_operation(this, blob_argument(args, 0)?, Package::DataUrl, ctx)
        }),
        Member::Operation("abort", 0, abort),
        Member::Attribute(
            "readyState",
            |this, _| read(this, |data| data.state.into()),
            None,
        ),
        Member::Attribute(
            "result",
            |this, _| read(this, |data| data.result.clone()),
            None,
        ),
        Member::Attribute(
            "error",
            |this, _| read(this, |data| data.error.clone()),
            None,
        ),
        handler("onloadstart"),
        handler("onprogress"),
        handler("onload"),
        handler("onabort"),
        handler("onerror"),
        handler("onloadend"),
    ]],
    ..Interface::new("FileReader")
};

fn construct(target: &NewTarget, _: &[JsValue], ctx: &mut Context) -> JsResult<JsObject> {
    let data = ReaderData {
        state: EMPTY,
        result: JsValue::null(),
        error: JsValue::null(),
        reading: None,
    };
    target.create(data, ctx)
}

fn read<R>(this: &JsObject, read: impl FnOnce(&ReaderData) -> R) -> JsResult<R> {
    platform::with(this, |data: &ReaderData| Some(read(data)))
        .ok_or_else(platform::illegal_invocation)
}

fn write<R>(this: &JsObject, write: impl FnOnce(&mut ReaderData) -> R) -> JsResult<R> {
    platform::with_mut(this, |data: &mut ReaderData| Some(write(data)))
        .ok_or_else(platform::illegal_invocation)
}

/// [Read operation](https://w3c.github.io/FileAPI/#readOperation): its first two steps, and the
/// first of its tasks.
fn read_operation(
    this: &JsObject,
    blob: BlobData,
    package: Package,
    ctx: &mut Context,
) -> JsResult<JsValue> {
    if read(this, |data| data.state)? == LOADING {
        let message = "The object is already busy reading Blobs.";
        return Err(throw("InvalidStateError", message, ctx));
    }
    let Some(window) = current_window(ctx) else {
        return Ok(JsValue::undefined());
    };
    let to = To::Reader(this.clone(), Stage::LoadStart);
    let reading = blob_read::begin(
        ctx,
        Read {
            window,
            blob,
            package,
            to,
        },
    );
    write(this, |data| {
        *data = ReaderData {
            state: LOADING,
            result: JsValue::null(),
            error: JsValue::null(),
            reading,
        };
    })?;
    Ok(JsValue::undefined())
}

/// Runs the next task of a reading.
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
            fire(ctx, reader, "loadstart", 0, size);
        }
        Stage::Progress => {
            go_on(ctx, id, Stage::Done);
            fire(ctx, reader, "progress", size, size);
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
    // A reader's readings are told to readers only.
    let _written = write(reader, |data| {
        *data = ReaderData {
            state: DONE,
            result,
            error,
            reading: None,
        };
    });
    fire(ctx, reader, event, size, size);
    fire_load_end(ctx, reader, size, size);
}

/// Fires `loadend`, unless a handler has begun another reading.
fn fire_load_end(ctx: &mut Context, reader: &JsObject, loaded: usize, total: usize) {
    if read(reader, |data| data.state).is_ok_and(|state| state != LOADING) {
        fire(ctx, reader, "loadend", loaded, total);
    }
}

/// [abort](https://w3c.github.io/FileAPI/#dfn-abort)
fn abort(this: &JsObject, _: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let reading = write(this, |data| {
        data.result = JsValue::null();
        (data.state == LOADING).then(|| {
            data.state = DONE;
            data.reading.take()
        })
    })?;
    let Some(reading) = reading else {
        return Ok(JsValue::undefined());
    };
    if let Some(id) = reading {
        blob_read::end(ctx, id);
    }
    fire(ctx, this, "abort", 0, 0);
    fire_load_end(ctx, this, 0, 0);
    Ok(JsValue::undefined())
}

/// [Fire a progress event](https://xhr.spec.whatwg.org/#concept-event-fire-progress)
#[allow(clippy::cast_precision_loss, reason = "no blob has 2^53 bytes")]
fn fire(ctx: &mut Context, reader: &JsObject, type_: &str, loaded: usize, total: usize) {
    let data = ProgressData {
        length_computable: total != 0,
        loaded: loaded as f64,
        total: total as f64,
    };
    let target = Target::Object(reader.clone());
    target::fire(
        ctx,
        &target,
        None,
        type_,
        (false, false),
        NewEvent::of(&PROGRESS_EVENT, data),
    );
}
