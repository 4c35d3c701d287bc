//! `FileReader` ([File API, the FileReader API](https://w3c.github.io/FileAPI/#APIASynch)).

use super::blob::Blob;
use super::blob_read::Package;
use super::read_operation::{ReaderData, abort, read_operation};
use crate::dom::event_target::EVENT_TARGET;
use crate::webidl::interface;

pub(super) const EMPTY: u32 = 0;
pub(super) const LOADING: u32 = 1;
pub(super) const DONE: u32 = 2;

interface! {
    /// The `FileReader` interface.
    [Exposed=(Window,Worker)]
    interface FileReader(ReaderData) : EventTarget {
        constructor() = || ReaderData::new(EMPTY, None);

        undefined readAsArrayBuffer(Blob blob) = |this, blob, cx| read_operation(this, &blob, Package::ArrayBuffer, cx);
        undefined readAsBinaryString(Blob blob) = |this, blob, cx| read_operation(this, &blob, Package::BinaryString, cx);
        undefined readAsText(Blob blob, optional DOMString encoding) =
            |this, blob, encoding, cx| read_operation(this, &blob, Package::Decoded(encoding), cx);
        undefined readAsDataURL(Blob blob) = |this, blob, cx| read_operation(this, &blob, Package::DataUrl, cx);
        undefined abort();

        const unsigned short EMPTY = 0;
        const unsigned short LOADING = 1;
        const unsigned short DONE = 2;
        readonly attribute unsigned short readyState = .state;

        readonly attribute FileReaderResult? result = .result;
        readonly attribute DOMException? error = .error;

        attribute EventHandler onloadstart;
        attribute EventHandler onprogress;
        attribute EventHandler onload;
        attribute EventHandler onabort;
        attribute EventHandler onerror;
        attribute EventHandler onloadend;
    }
}
