//! Scripts in documents.

use framepost_event_loop::DocumentId;

/// What is kept about a `script` element.
#[derive(Clone, Debug, Default)]
pub(crate) struct ScriptElement {
    pub(crate) parser_document: Option<DocumentId>,
    pub(crate) already_started: bool,
    pub(crate) force_async: Option<bool>,
    pub(crate) line: u64,
}
