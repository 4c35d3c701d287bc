//! The [File API](https://w3c.github.io/FileAPI/).
pub(crate) mod blob;
pub(crate) mod blob_clone;
pub(crate) mod blob_data;
pub(crate) mod blob_parts;
pub(crate) mod blob_read;
pub(crate) mod blob_stream;
pub(crate) mod blob_url;
pub(crate) mod blob_url_store;
pub(crate) mod file_reader;
pub(crate) mod file_reader_sync;
pub(crate) mod progress_event;
pub(crate) mod read_operation;
