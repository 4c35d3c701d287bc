//! `Blob`, `File` and `FileList` ([File API](https://w3c.github.io/FileAPI/)).

use std::sync::Arc;

use boa_engine::realm::Realm;
use boa_engine::{Context, Finalize, JsObject, JsResult, Trace};

use super::blob_clone::{BLOB_STEPS, FILE_LIST_STEPS};
use super::blob_parts::{normalize_type, process_blob_parts};
use super::blob_read::{Package, promise};
use crate::boa::properties::{READ_ONLY, data_property};
use crate::script::with_loop;
use crate::webidl::buffer_source::BufferSource;
use crate::webidl::receiver::receivers;
use crate::webidl::{self, create_here, interface, platform};

/// The data of a blob: a part of bytes that blobs, messages and URLs share.
#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct BlobData {
    #[unsafe_ignore_trace]
    pub(super) bytes: Arc<Vec<u8>>,
    #[unsafe_ignore_trace]
    start: usize,
    #[unsafe_ignore_trace]
    end: usize,
    /// Its `type`.
    #[unsafe_ignore_trace]
    pub(crate) content_type: String,
    /// The data of a `File`.
    #[unsafe_ignore_trace]
    pub(crate) file: Option<FileData>,
}

/// The additional data of a `File`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FileData {
    /// Its name.
    pub(crate) name: String,
    /// The time of its last modification, in milliseconds since 1970.
    pub(crate) last_modified: f64,
}

impl BlobData {
    /// A blob of all of these bytes.
    pub(crate) fn new(bytes: Arc<Vec<u8>>, content_type: String, file: Option<FileData>) -> Self {
        let end = bytes.len();
        Self {
            bytes,
            start: 0,
            end,
            content_type,
            file,
        }
    }

    /// The bytes of the blob.
    pub(crate) fn bytes(&self) -> &[u8] {
        self.bytes.get(self.start..self.end).unwrap_or_default()
    }

    /// The number of bytes.
    pub(crate) fn size(&self) -> usize {
        self.end - self.start
    }

    /// [Slice blob](https://w3c.github.io/FileAPI/#slice-blob), with the offsets from script: negative ones count
    /// from the end.
    fn slice(&self, start: Option<f64>, end: Option<f64>, content_type: String) -> Self {
        let start = self.offset(start.unwrap_or(0.0));
        let end = end.map_or(self.size(), |end| self.offset(end)).max(start);
        Self {
            bytes: self.bytes.clone(),
            start: self.start + start,
            end: self.start + end,
            content_type,
            file: None,
        }
    }

    #[allow(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the offset is integral and lies between zero and the size"
    )]
    fn offset(&self, offset: f64) -> usize {
        let size = self.size() as f64;
        let offset = if offset < 0.0 {
            (size + offset).max(0.0)
        } else {
            offset.min(size)
        };
        offset as usize
    }
}

receivers!(BlobData);

interface! {
    /// The `Blob` interface.
    ///
    /// NOT YET: `stream()`, since there are no streams.
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

impl BlobData {
    /// [The Blob constructor](https://w3c.github.io/FileAPI/#dom-blob-blob)
    fn from_parts(
        parts: Vec<BlobPart>,
        options: &BlobPropertyBag,
        file: Option<FileData>,
        cx: &mut Context,
    ) -> JsResult<Self> {
        let content_type = normalize_type(&options.type_);
        let bytes = process_blob_parts(parts, options.endings, cx)?;
        Ok(Self::new(bytes, content_type, file))
    }
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

#[cfg(test)]
mod tests {
    use super::BlobData;
    use std::sync::Arc;

    fn sliced(start: Option<f64>, end: Option<f64>) -> Vec<u8> {
        let blob = BlobData::new(Arc::new(b"0123456789".to_vec()), String::new(), None);
        // The offsets of a slice of a slice count from its start.
        let blob = blob.slice(Some(2.0), Some(8.0), String::new());
        blob.slice(start, end, String::new()).bytes().to_vec()
    }

    #[test]
    fn slices_count_from_either_end() {
        assert_eq!(sliced(None, None), b"234567");
        assert_eq!(sliced(Some(1.0), Some(3.0)), b"34");
        assert_eq!(sliced(Some(-2.0), None), b"67");
        assert_eq!(sliced(Some(-100.0), Some(-4.0)), b"23");
        assert_eq!(sliced(Some(4.0), Some(1.0)), b"");
        assert_eq!(sliced(Some(100.0), Some(200.0)), b"");
    }

    #[test]
    fn a_slice_shares_the_bytes() {
        let bytes = Arc::new(vec![0; 8]);
        let blob = BlobData::new(bytes.clone(), String::new(), None);
        let slice = blob.slice(Some(3.0), None, String::new());
        assert!(std::ptr::eq(slice.bytes().as_ptr(), &raw const bytes[3]));
    }
}
