//! Submitting forms ([HTML, form submission](https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#form-submission-2)).
//!
//! The embedder knows the controls, constructs the entry list and fires the events. This module takes the entry list
//! and starts the navigation.

mod encoding;
mod multipart;
pub(crate) mod planned;
mod submission;

pub use encoding::{
    Enctype, Entry, EntryValue, multipart_form_data, normalize_newlines, text_plain,
    url_encoded_query,
};
pub use multipart::parse_multipart_form_data;
pub use submission::{FormMethod, Submission, enctype_of, is_submit_button, method_of};
