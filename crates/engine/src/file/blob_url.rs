//! The [blob URL store](https://w3c.github.io/FileAPI/#url): of an agent, so that the frames of a
//! page can load what another has put there.

use super::blob::Blob;
use super::blob_url_store::{create_object_url, revoke_object_url};
use crate::webidl::interface;

interface! {
    /// What the File API adds to `URL`.
    ///
    /// NOT YET: `MediaSource` objects.
    [Exposed=(Window,DedicatedWorker,SharedWorker)]
    partial interface URL {
        static DOMString createObjectURL(Blob obj);
        static undefined revokeObjectURL(DOMString url);
    }
}
