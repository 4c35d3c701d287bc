//! Streams ([Streams](https://streams.spec.whatwg.org/)).
//!
//! The state of each stream, reader, writer and controller is behind a [`Handle`](handle::Handle), which exists
//! without a JavaScript object: a pipe creates no object for its reader and its writer. The algorithms have the names
//! of the standard, each in the file of the section that defines it. An error that they return is an exception or a
//! limit of the engine.

pub(crate) mod algorithm;
mod buffers;
pub(crate) mod byob_reader;
mod byob_request;
pub(crate) mod byte_controller;
mod byte_controller_pull_into;
pub(crate) mod byte_source;
mod byte_tee;
pub(crate) mod compression;
pub(crate) mod default_controller;
pub(crate) mod default_reader;
mod from_iterable;
pub(crate) mod generic_transform;
pub(crate) mod handle;
pub(crate) mod interfaces;
mod iteration;
pub(crate) mod pipe;
pub(crate) mod promises;
mod queue;
pub(crate) mod read_all;
mod readable;
pub(crate) mod readable_stream;
pub(crate) mod reader_generic;
pub(crate) mod strategies;
pub(crate) mod tee;
pub(crate) mod text;
pub(crate) mod transferable;
pub(crate) mod transform_controller;
pub(crate) mod transform_stream;
pub(crate) mod writable;
pub(crate) mod writable_controller;
pub(crate) mod writable_stream;
pub(crate) mod writer;
