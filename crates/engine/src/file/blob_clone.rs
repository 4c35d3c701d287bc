//! `Blob`, `File` and `FileList` in messages (the serialization and deserialization steps of the
//! [File API](https://w3c.github.io/FileAPI/)): what travels refers to the bytes, which are never
//! copied.

use std::sync::Arc;

use boa_engine::realm::Realm;
use boa_engine::{Context, JsObject, JsValue};
use framepost_messaging::structured_clone::{
    CloneError, Heap, SharedData, StateReader, StateWriter,
};

use super::blob::{self, BlobData, FileListData};
use crate::webidl::platform;

/// The interface of a serializable object of this family.
pub(crate) fn serializable_interface(object: &JsObject) -> Option<&'static str> {
    let of_blob = |data: &BlobData| Some(if data.file.is_some() { "File" } else { "Blob" });
    platform::with(object, of_blob)
        .or_else(|| platform::with(object, |_: &FileListData| Some("FileList")))
}

/// The serialization steps. The files of a list are sub-serialized.
pub(crate) fn serialization_steps<H: Heap<Value = JsValue> + ?Sized>(
    object: &JsObject,
    out: &mut StateWriter<'_, H>,
) {
    match blob::as_blob(object) {
        Some(data) => {
            let shared: SharedData = Arc::new(data);
            out.shared(shared);
        }
        None => {
            for file in blob::files(object) {
                out.sub_serialize(file.into());
            }
        }
    }
}

/// The deserialization steps of `interface`, one that [`serializable_interface`] gives.
pub(crate) fn deserialization_steps(
    interface: &str,
    realm: &Realm,
    input: &mut StateReader<'_, '_>,
    ctx: &mut Context,
) -> Result<JsObject, CloneError> {
    if interface == "FileList" {
        return Ok(blob::create_file_list(realm, ctx));
    }
    let shared = input.shared()?.clone();
    let shared: &(dyn std::any::Any + Send + Sync) = &*shared;
    match shared.downcast_ref::<BlobData>() {
        Some(data) if data.file.is_some() == (interface == "File") => {
            Ok(blob::create(data.clone(), realm, ctx))
        }
        _ => Err(input.malformed("the bytes of a blob expected")),
    }
}

/// Takes a file that was sub-serialized with a list.
pub(crate) fn sub_deserialized(list: &JsObject, value: &JsValue) -> Result<(), CloneError> {
    match value.as_object() {
        Some(file) if blob::as_blob(&file).is_some_and(|data| data.file.is_some()) => {
            blob::push_file(list, file);
            Ok(())
        }
        _ => Err(CloneError::UnexpectedSubValue),
    }
}
