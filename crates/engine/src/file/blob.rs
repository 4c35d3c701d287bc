//! `Blob`, `File` and `FileList` ([File API](https://w3c.github.io/FileAPI/)).

use boa_engine::realm::Realm;
use boa_engine::{Context, Finalize, JsObject, JsResult, Trace};

use super::blob_clone::{BLOB_STEPS, FILE_LIST_STEPS};
use super::blob_data::{BlobData, FileData};
use super::blob_parts::normalize_type;
use super::blob_read::{Package, promise};
use super::blob_stream::get_stream;
use crate::boa::properties::{READ_ONLY, data_property};
use crate::script::with_loop;
use crate::webidl::buffer_source::BufferSource;
use crate::webidl::{self, create_here, interface, platform};

interface! {
    /// The `Blob` interface.
    [Exposed=(Window,Worker), Serializable=BLOB_STEPS]
    interface Blob(BlobData) {
        constructor(optional sequence<BlobPart> blobParts = [], optional BlobPropertyBag options = {}) =
            |parts, options, cx| BlobData::from_parts(parts, &options, None, cx);
        readonly attribute unsigned long long size = |blob| blob.size();
        readonly attribute DOMString type = .content_type;
        Blob slice(optional [Clamp] long long start, optional [Clamp] long long end, optional DOMString contentType = "") =
            |blob: BlobData, start: Option<f64>, end: Option<f64>, content_type, cx| {
                create_here(&BLOB, blob.slice(start, end, normalize_type(&content_type)), cx)
            };
        [NewObject] ReadableStream stream() = |blob: BlobData, cx| get_stream(blob, cx);
        [NewObject] Promise<USVString> text() = |blob: BlobData, cx| promise(blob, Package::Text, cx);
        [NewObject] Promise<ArrayBuffer> arrayBuffer() = |blob: BlobData, cx| promise(blob, Package::ArrayBuffer, cx);
        [NewObject] Promise<Uint8Array> bytes() = |blob: BlobData, cx| promise(blob, Package::Bytes, cx);
    }

    dictionary BlobPropertyBag {
        DOMString type = "";
        EndingType endings = "transparent";
    }

    enum EndingType { "transparent", "native" };

    typedef (BufferSource or Blob(BlobData) or USVString) BlobPart;

    /// The `File` interface.
    [Exposed=(Window,Worker), Serializable=BLOB_STEPS]
    interface File(BlobData) : Blob {
        constructor(sequence<BlobPart> fileBits, USVString fileName, optional FilePropertyBag options = {}) =
            |bits, name, options, cx| construct_file(bits, name, &options, cx);
        readonly attribute DOMString name = |blob| blob.file.as_ref().map(|file| file.name.clone());
        readonly attribute long long lastModified = |blob| blob.file.as_ref().map(|file| file.last_modified);
        readonly attribute USVString webkitRelativePath = "";
    }

    dictionary FilePropertyBag : BlobPropertyBag {
        long long(f64) lastModified;
    }

    /// The `FileList` interface. A list never changes, so its indexed properties are own properties.
    [Exposed=(Window,Worker), Serializable=FILE_LIST_STEPS]
    interface FileList(FileListData) {
        getter File? item(unsigned long index) = |list, index: usize| list.files.get(index).cloned();
        readonly attribute unsigned long length = |list| list.files.len();
    }
}

/// The data of an object that is a blob.
pub(crate) fn as_blob(object: &JsObject) -> Option<BlobData> {
    platform::with(object, |data: &BlobData| Some(data.clone()))
}

/// Creates the `Blob` or `File` for `data` in `realm`.
pub(crate) fn create(data: BlobData, realm: &Realm, cx: &mut Context) -> JsObject {
    let interface = if data.file.is_some() { &FILE } else { &BLOB };
    webidl::create_object(realm, interface, data, cx)
}

/// [The File constructor](https://w3c.github.io/FileAPI/#dom-file-file)
fn construct_file(
    bits: Vec<BlobPart>,
    name: String,
    options: &FilePropertyBag,
    cx: &mut Context,
) -> JsResult<BlobData> {
    let last_modified = options.last_modified.unwrap_or_else(|| {
        let now = with_loop(cx, |event_loop| event_loop.time_origin() + event_loop.now());
        (now.as_secs_f64() * 1000.0).floor()
    });
    let file = FileData {
        name,
        last_modified,
    };
    BlobData::from_parts(bits, options, Some(file), cx)
}

/// The data of a `FileList`.
#[derive(Default, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct FileListData {
    files: Vec<JsObject>,
}

/// The files of a `FileList`.
pub(crate) fn files(list: &JsObject) -> Vec<JsObject> {
    platform::with(list, |data: &FileListData| Some(data.files.clone())).unwrap_or_default()
}

/// Creates an empty `FileList` in `realm`.
pub(crate) fn create_file_list(realm: &Realm, ctx: &mut Context) -> JsObject {
    webidl::create_object(realm, &FILE_LIST, FileListData::default(), ctx)
}

/// Adds a file to a list that script has not seen yet.
pub(crate) fn push_file(list: &JsObject, file: JsObject) {
    use boa_engine::property::PropertyKey;
    let index = platform::with_mut(list, |data: &mut FileListData| {
        data.files.push(file.clone());
        Some(data.files.len() - 1)
    });
    if let Some(index) = index {
        let descriptor = data_property(file, READ_ONLY);
        list.insert_property(PropertyKey::from(index), descriptor);
    }
}
