//! The [blob URL store](https://w3c.github.io/FileAPI/#url): of an agent. The frames of a page can load each other's
//! entries.

use super::blob::Blob;
use super::blob_url_store::{create_object_url, revoke_object_url};
use crate::webidl::interface;

interface! {
    /// The members that the File API adds to `URL`.
    ///
    /// NOT YET: `MediaSource` objects.
    [Exposed=(Window,DedicatedWorker,SharedWorker)]
    partial interface URL {
        static DOMString createObjectURL(Blob obj);
        static undefined revokeObjectURL(DOMString url);
    }
}
