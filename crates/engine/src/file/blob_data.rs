//! The bytes of a blob ([File API, the Blob interface](https://w3c.github.io/FileAPI/#blob-section)).

use std::sync::Arc;

use boa_engine::{Context, Finalize, JsResult, Trace};

use super::blob::{BlobPart, BlobPropertyBag};
use super::blob_parts::{normalize_type, process_blob_parts};
use crate::webidl::receiver::receivers;

/// The data of a blob: a part of bytes that blobs, messages and URLs share.
#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct BlobData {
    #[unsafe_ignore_trace]
    pub(super) bytes: Arc<Vec<u8>>,
    #[unsafe_ignore_trace]
    pub(super) start: usize,
    #[unsafe_ignore_trace]
    pub(super) end: usize,
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
    pub(super) fn slice(&self, start: Option<f64>, end: Option<f64>, content_type: String) -> Self {
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

impl BlobData {
    /// [The Blob constructor](https://w3c.github.io/FileAPI/#dom-blob-blob)
    pub(super) fn from_parts(
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
