//! Reading blobs ([File API, reading data](https://w3c.github.io/FileAPI/#reading-data-section)).
//! The bytes are always in memory, but script receives them in tasks.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use boa_engine::builtins::promise::ResolvingFunctions;
use boa_engine::object::builtins::JsPromise;
use boa_engine::string::JsStr;
use boa_engine::{Context, JsObject, JsResult, JsString, JsValue};
use framepost_event_loop::{Arena, GlobalId, TaskSource, new_key_type};

use super::blob_data::BlobData;
use crate::boa::slots::Slot;
use crate::script::realm::{current_window, in_realm, realm_of};
use crate::script::{
    EngineTask, TaskKind, clean_up_after_running_script, prepare_to_run_script,
    queue_a_global_task, report_exception, with_loop,
};
use crate::webidl::buffer_source;

/// The pending reads.
pub(crate) static READS: Slot<Arena<ReadId, Read>> = Slot::new();

new_key_type! {
    /// Identifies a pending read of a blob.
    pub struct ReadId: "read";
}

/// [The file reading task source](https://w3c.github.io/FileAPI/#fileReadingTaskSource)
const FILE_READING: TaskSource = TaskSource::Other("file reading");

/// A form in which script gets the bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Package {
    /// A string decoded from UTF-8.
    Text,
    /// An `ArrayBuffer`.
    ArrayBuffer,
    /// A `Uint8Array`.
    Bytes,
    /// A string decoded from the encoding with this label, or else from the blob's `charset`.
    Decoded(Option<String>),
    /// A `data:` URL.
    DataUrl,
    /// A string with one code unit per byte.
    BinaryString,
}

/// A pending read.
pub(crate) struct Read {
    pub(crate) window: GlobalId,
    pub(crate) blob: BlobData,
    pub(crate) package: Package,
    pub(crate) to: To,
}

/// The receiver of a read.
pub(crate) enum To {
    /// A promise.
    Promise(ResolvingFunctions),
    /// A `FileReader`, and its next stage.
    Reader(JsObject, super::read_operation::Stage),
}

/// Starts a read in parallel, which queues its first task. Returns `None` if the window has no
/// document.
pub(crate) fn begin(ctx: &Context, read: Read) -> Option<ReadId> {
    let client = with_loop(ctx, |event_loop| event_loop.client_of(read.window))?;
    let id = READS.with(ctx, |reads| reads.insert(read));
    let task = EngineTask::new(&READ, id);
    with_loop(ctx, |event_loop| {
        event_loop.queue_task_in_parallel(FILE_READING, Some(client), task);
    });
    Some(id)
}

/// Queues the next task of a read. Ends the read and returns `false` if the window no longer has a document.
pub(crate) fn queue(ctx: &Context, window: GlobalId, id: ReadId) -> bool {
    let task = EngineTask::new(&READ, id);
    let queued = queue_a_global_task(ctx, FILE_READING, window, task);
    if !queued {
        end(ctx, id);
    }
    queued
}

/// Ends a read without any further notification.
pub(crate) fn end(ctx: &Context, id: ReadId) {
    let ended = READS.with(ctx, |reads| reads.remove(id));
    // Drop the read outside the borrow, because it holds script values.
    drop(ended);
}

/// Ends the reads of a discarded window or an ended worker. Their tasks were discarded before.
pub(crate) fn global_discarded(ctx: &Context, global: GlobalId) {
    let ids = READS.with(ctx, |reads| {
        let of_global = |id: &ReadId| reads.get(*id).is_some_and(|read| read.window == global);
        reads
            .keys_in_order()
            .into_iter()
            .filter(of_global)
            .collect::<Vec<_>>()
    });
    for id in ids {
        end(ctx, id);
    }
}

/// The next task of a read.
static READ: TaskKind = TaskKind {
    name: "read a blob",
    run: |ctx, id| run_task(ctx, id.key()),
};

/// Runs the next task of a read, unless the read has ended.
fn run_task(ctx: &mut Context, id: ReadId) {
    let stage = READS.with(ctx, |reads| {
        let read = reads.get(id)?;
        Some(match &read.to {
            To::Reader(reader, stage) => Some((reader.clone(), *stage)),
            To::Promise(_) => None,
        })
    });
    match stage {
        None => {}
        Some(Some((reader, stage))) => super::read_operation::advance(ctx, id, &reader, stage),
        Some(None) => {
            let Some(read) = READS.with(ctx, |reads| reads.remove(id)) else {
                return;
            };
            resolve(ctx, read);
        }
    }
}

/// Returns a promise for the bytes of a blob.
pub(crate) fn promise(blob: BlobData, package: Package, ctx: &mut Context) -> JsValue {
    let (promise, functions) = JsPromise::new_pending(ctx);
    if let Some(window) = current_window(ctx) {
        begin(
            ctx,
            Read {
                window,
                blob,
                package,
                to: To::Promise(functions),
            },
        );
    }
    promise.into()
}

fn resolve(ctx: &mut Context, read: Read) {
    let To::Promise(functions) = read.to else {
        return;
    };
    prepare_to_run_script(ctx, Some(read.window));
    let realm = realm_of(ctx, read.window);
    in_realm(ctx, &realm, |ctx| {
        let settled = match package_data(&read.blob, &read.package, ctx) {
            Ok(value) => functions.resolve.call(&JsValue::undefined(), &[value], ctx),
            Err(error) => match error.into_opaque(ctx) {
                Ok(reason) => functions.reject.call(&JsValue::undefined(), &[reason], ctx),
                Err(error) => Err(error),
            },
        };
        // A promise's own resolving functions throw only when the engine reaches a limit.
        if let Err(error) = settled {
            report_exception(ctx, Some(read.window), error);
        }
    });
    clean_up_after_running_script(ctx);
}

/// [Package data](https://w3c.github.io/FileAPI/#blob-package-data), in the current realm.
pub(crate) fn package_data(
    blob: &BlobData,
    package: &Package,
    ctx: &mut Context,
) -> JsResult<JsValue> {
    let bytes = blob.bytes();
    Ok(match package {
        Package::Text => js_text(&encoding_rs::UTF_8.decode_with_bom_removal(bytes).0),
        Package::ArrayBuffer => buffer_source::array_buffer(bytes, ctx)?.into(),
        Package::Bytes => buffer_source::uint8_array(bytes, ctx)?.into(),
        Package::Decoded(label) => js_text(&decode(bytes, label.as_deref(), &blob.content_type)),
        Package::DataUrl => js_text(&data_url(bytes, &blob.content_type)),
        Package::BinaryString => JsString::from(JsStr::latin1(bytes)).into(),
    })
}

fn js_text(text: &str) -> JsValue {
    JsString::from(text).into()
}

/// Decodes the bytes. A byte order mark takes precedence over the label, the label over the
/// `charset` of the type, and the default is UTF-8.
fn decode(bytes: &[u8], label: Option<&str>, content_type: &str) -> String {
    let from_label = |label: &str| encoding_rs::Encoding::for_label(label.as_bytes());
    let encoding = label
        .and_then(from_label)
        .or_else(|| charset(content_type).as_deref().and_then(from_label))
        .unwrap_or(encoding_rs::UTF_8);
    encoding.decode(bytes).0.into_owned()
}

/// Returns the `charset` parameter of a MIME type.
fn charset(content_type: &str) -> Option<String> {
    content_type
        .parse::<data_url::mime::Mime>()
        .ok()?
        .get_parameter("charset")
        .map(str::to_owned)
}

fn data_url(bytes: &[u8], content_type: &str) -> String {
    let content_type = if content_type.is_empty() {
        "application/octet-stream"
    } else {
        content_type
    };
    format!("data:{content_type};base64,{}", STANDARD.encode(bytes))
}

#[cfg(test)]
mod tests {
    use super::{data_url, decode};

    #[test]
    fn text_encoding_comes_from_mark_then_label_then_type() {
        assert_eq!(decode(b"\xe9", Some("latin1"), ""), "\u{e9}");
        assert_eq!(
            decode(b"\xe9", None, "text/plain;charset=windows-1252"),
            "\u{e9}"
        );
        assert_eq!(decode(b"\xe9", None, "text/plain"), "\u{fffd}");
        assert_eq!(decode(b"\xe9", Some("nonsense"), "text/plain"), "\u{fffd}");
        assert_eq!(
            decode(b"\xef\xbb\xbf\xc3\xa9", Some("latin1"), ""),
            "\u{e9}"
        );
    }

    #[test]
    fn data_url_includes_the_mime_type() {
        assert_eq!(data_url(b"hi", "text/plain"), "data:text/plain;base64,aGk=");
        assert_eq!(data_url(b"", ""), "data:application/octet-stream;base64,");
    }
}
