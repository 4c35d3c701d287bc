//! Submitting forms ([HTML, form submission](https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#form-submission-2)).
//!
//! What is here begins where an entry list has been made of a form's controls, and ends with the
//! navigation. What the controls hold, and the events that are fired on the way, are the
//! embedder's.

mod encoding;
mod submission;

pub use encoding::{
    Enctype, Entry, EntryValue, multipart_form_data, normalize_newlines, text_plain,
    url_encoded_query,
};
pub(crate) use submission::PlannedNavigation;
pub use submission::PlannedNavigationId;
pub use submission::{Method, enctype_of, is_submit_button, method_of};
