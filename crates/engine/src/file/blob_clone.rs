//! `Blob`, `File` and `FileList` in messages (the serialization and deserialization steps of the
//! [File API](https://w3c.github.io/FileAPI/)): messages refer to the bytes, which are never copied.

use std::any::Any;
use std::sync::Arc;

use framepost_messaging::structured_clone::{CloneError, SharedData};

use super::blob::{self, FILE};
use super::blob_data::BlobData;
use crate::webidl;
use crate::webidl::serializable::Serializable;

/// The steps of `Blob` and `File`.
pub(crate) static BLOB_STEPS: Serializable = Serializable {
    serialize: |object, out| {
        if let Some(data) = blob::as_blob(object) {
            let shared: SharedData = Arc::new(data);
            out.shared(shared);
        }
        Ok(())
    },
    deserialize: |interface, realm, input, cx| {
        let shared = input.shared()?.clone();
        let shared: &(dyn Any + Send + Sync) = &*shared;
        match shared.downcast_ref::<BlobData>() {
            Some(data) if data.file.is_some() == std::ptr::eq(interface, &FILE) => {
                Ok(webidl::create_object(realm, interface, data.clone(), cx))
            }
            _ => Err(input.malformed("the bytes of a blob expected")),
        }
    },
    sub_deserialized: Serializable::no_sub_values,
};

/// The steps of `FileList`. The files are sub-serialized.
pub(crate) static FILE_LIST_STEPS: Serializable = Serializable {
    serialize: |object, out| {
        for file in blob::files(object) {
            out.sub_serialize(file.into());
        }
        Ok(())
    },
    deserialize: |_, realm, _, cx| Ok(blob::create_file_list(realm, cx)),
    sub_deserialized: |list, value| match value.as_object() {
        Some(file) if blob::as_blob(&file).is_some_and(|data| data.file.is_some()) => {
            blob::push_file(list, file);
            Ok(())
        }
        _ => Err(CloneError::UnexpectedSubValue),
    },
};
