//! [UI Events](https://w3c.github.io/uievents/).
pub(crate) mod ui_events;
