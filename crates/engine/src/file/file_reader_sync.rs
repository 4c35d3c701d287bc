//! `FileReaderSync` ([File API, the FileReaderSync API](https://w3c.github.io/FileAPI/#readingOnThreads)).

use boa_engine::{Context, JsResult, JsValue};

use super::blob::Blob;
use super::blob_data::BlobData;
use super::blob_read::{Package, package_data};
use crate::webidl::interface;

interface! {
    /// The `FileReaderSync` interface.
    [Exposed=(DedicatedWorker,SharedWorker)]
    interface FileReaderSync {
        constructor() = || ();

        ArrayBuffer readAsArrayBuffer(Blob blob) = |_, blob: BlobData, cx| read(&blob, &Package::ArrayBuffer, cx);
        DOMString readAsBinaryString(Blob blob) = |_, blob: BlobData, cx| read(&blob, &Package::BinaryString, cx);
        DOMString readAsText(Blob blob, optional DOMString encoding) = |_, blob: BlobData, encoding, cx| read(&blob, &Package::Decoded(encoding), cx);
        DOMString readAsDataURL(Blob blob) = |_, blob: BlobData, cx| read(&blob, &Package::DataUrl, cx);
    }
}

/// Reads all bytes of a blob, which are always in memory.
fn read(blob: &BlobData, package: &Package, cx: &mut Context) -> JsResult<JsValue> {
    package_data(blob, package, cx)
}
