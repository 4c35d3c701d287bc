//! Changing trees: DOM's algorithms, with HTML's reactions to changes of nodes and attributes.
//!
//! The tree is changed when the method returns. The consequences, such as new frames and scripts, are in the
//! [`Steps`](crate::Steps).

mod attributes;
mod fragment;
mod insert;
mod move_node;
mod parse_document;

pub use fragment::FragmentScripts;
