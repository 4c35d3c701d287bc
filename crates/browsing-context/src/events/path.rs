//! The [path](https://dom.spec.whatwg.org/#event-path) that an event takes.
// NOT YET: shadow trees, of which there are none.

use crate::dom;
use crate::{Contexts, EventTarget};

impl Contexts {
    /// The targets that an event at `target` passes, from the target up: a node's ancestors, the
    /// document, and its window, which a `load` event does not reach
    /// ([get the parent](https://dom.spec.whatwg.org/#get-the-parent) of
    /// [documents](https://html.spec.whatwg.org/multipage/nav-history-apis.html#concept-window)).
    #[must_use]
    pub fn event_path(&self, target: &EventTarget, event_type: &str) -> Vec<EventTarget> {
        let mut path = Vec::new();
        let document = match target {
            EventTarget::Window(_) => {
                path.push(target.clone());
                None
            }
            EventTarget::Document(document) => {
                path.push(target.clone());
                Some(*document)
            }
            EventTarget::Node(node) => {
                path.extend(dom::inclusive_ancestors(node).map(EventTarget::Node));
                let root = dom::root(node);
                let document = self.documents_by_node.get(&dom::address(&root)).copied();
                if let Some(document) = document
                    && let Some(last) = path.last_mut()
                {
                    *last = EventTarget::Document(document);
                }
                document
            }
        };
        if event_type != "load"
            && let Some(document) = document.and_then(|document| self.document(document))
        {
            path.push(EventTarget::Window(document.window()));
        }
        path
    }
}
