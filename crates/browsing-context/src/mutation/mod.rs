//! Changing trees: DOM's algorithms with what HTML does when nodes and attributes change.
//!
//! The tree is changed when the method returns. What follows, the frames that come and go and the
//! scripts that run, is in the [`Steps`](crate::Steps).

mod attributes;
mod fragment;
mod insert;
mod parse_document;
