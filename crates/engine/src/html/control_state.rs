//! The state of form controls besides their attributes: values and checkedness that a user or a script has set.

use boa_engine::Context;
use framepost_browsing_context::dom::NodeTable;
use markup5ever_rcdom::Handle as Node;

use crate::boa::slots::Slot;

/// The state of the form controls and forms that have any.
static CONTROLS: Slot<NodeTable<Control>> = Slot::new();

/// The state of one control or form. `None` means the state of the attributes: the
/// [dirty flags](https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#concept-fe-dirty)
/// are not set.
#[derive(Clone, Debug, Default)]
pub(crate) struct Control {
    pub(crate) value: Option<String>,
    pub(crate) checked: Option<bool>,
    /// For a select: whether a script has deselected every option.
    pub(crate) cleared: bool,
    /// For a form: its [constructing entry
    /// list](https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#constructing-entry-list).
    pub(crate) constructing_entry_list: bool,
    /// For a form: its [firing submission
    /// events](https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#firing-submission-events).
    pub(crate) firing_submission_events: bool,
    /// For a form: its [locked for
    /// reset](https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#locked-for-reset).
    pub(crate) locked_for_reset: bool,
}

/// The state of a control or form; the default while it has none.
pub(crate) fn control(cx: &Context, node: &Node) -> Control {
    CONTROLS
        .with(cx, |controls| controls.get(node).cloned())
        .unwrap_or_default()
}

/// Writes to the state of a control or form.
pub(crate) fn set_control(cx: &Context, node: &Node, write: impl FnOnce(&mut Control)) {
    CONTROLS.with(cx, |controls| write(controls.entry(node)));
}
