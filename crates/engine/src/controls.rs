//! What form controls hold besides their attributes: values and checkedness that a user or a
//! script has set.

use std::collections::HashMap;
use std::rc::{Rc, Weak};

use markup5ever_rcdom::{Handle as Node, Node as RcNode};

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

/// The states of the controls that have one. A node is held weakly, so that its address is not
/// another's while its entry is there; the table is never iterated where order could show.
#[derive(Default)]
pub(crate) struct Controls {
    states: HashMap<usize, (Weak<RcNode>, Control)>,
    sweep_at: usize,
}

impl Controls {
    /// The state of a control.
    pub(crate) fn get(&self, node: &Node) -> Control {
        self.states.get(&Rc::as_ptr(node).addr()).map(|(_, control)| control.clone()).unwrap_or_default()
    }

    /// Changes the state of a control.
    pub(crate) fn write(&mut self, node: &Node, write: impl FnOnce(&mut Control)) {
        if self.states.len() >= self.sweep_at {
            self.states.retain(|_, (node, _)| node.strong_count() > 0);
            self.sweep_at = 64.max(2 * self.states.len());
        }
        let entry = self.states.entry(Rc::as_ptr(node).addr());
        let (_, control) = entry.or_insert_with(|| (Rc::downgrade(node), Control::default()));
        write(control);
    }
}
