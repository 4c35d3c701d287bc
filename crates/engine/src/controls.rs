//! What form controls hold besides their attributes: values and checkedness that a user or a
//! script has set.

/// The state of one control. `None`: as the attributes say (the dirty flags of
/// [HTML, form controls](https://html.spec.whatwg.org/multipage/form-control-infrastructure.html)
/// are not set).
#[derive(Clone, Debug, Default)]
pub(crate) struct Control {
    pub(crate) value: Option<String>,
    pub(crate) checked: Option<bool>,
    /// Of a select: nothing is selected because a script has said so.
    pub(crate) cleared: bool,
}
