//! What Boa lacks or bends. This floor knows no window, no document and no page.

pub(crate) mod slots;
