//! [Child navigables](https://html.spec.whatwg.org/multipage/document-sequences.html#child-navigable)
//! and their limits.

use framepost_event_loop::{ClientId, TaskQueues};
use url::Url;

use crate::Contexts;
use crate::documents::Document;
use crate::dom::Node;
use crate::ids::NavigableId;
use crate::lifecycle::{Created, Embedder};
use crate::origin::{SandboxFlags, equals_excluding_fragments};
use crate::steps::{ContextTask, Diagnostic};

impl Contexts {
    /// [Create a new child navigable](https://html.spec.whatwg.org/multipage/document-sequences.html#create-a-new-child-navigable).
    /// `Ok(None)` when the document is gone.
    pub(super) fn create_a_new_child_navigable(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        container: &Node,
        document: ClientId,
    ) -> Result<Option<Created>, Diagnostic> {
        // 1. Find the parent.
        let parent = self.document(document).map(Document::navigable);
        let Some((parent, above)) =
            parent.and_then(|parent| Some((parent, self.navigable(parent)?.depth())))
        else {
            return Ok(None);
        };
        // IMPLEMENTATION-DEFINED: the depth and the number of navigables are limited.
        if above + 1 > self.limits.frame_depth {
            let limit = self.limits.frame_depth;
            return Err(Diagnostic::FrameDepth { limit });
        }
        if self.navigables.len() >= self.limits.frames {
            let limit = self.limits.frames;
            return Err(Diagnostic::FrameCount { limit });
        }
        // 2. to 9. Create the navigable with its browsing context, document and history entry.
        let embedder = Embedder {
            parent,
            document,
            container,
        };
        let created = self.create_a_navigable(queues, Some(embedder), None, SandboxFlags::empty());
        self.add_child_navigable(document, created.navigable);
        Ok(Some(created))
    }

    /// Checks that not too many ancestors show the URL for a frame of `parent`: part of
    /// the [shared attribute processing steps](https://html.spec.whatwg.org/multipage/iframe-embed-object.html#shared-attribute-processing-steps-for-iframe-and-frame-elements).
    // IMPLEMENTATION-DEFINED: the standard refuses a URL that one ancestor shows. Browsers allow that once
    // (https://crbug.com/650332), because pages rely on it, and do not count `about:` URLs, which include no frames.
    pub(super) fn check_for_recursion(
        &self,
        parent: NavigableId,
        url: &Url,
    ) -> Result<(), Diagnostic> {
        if url.scheme() == "about" {
            return Ok(());
        }
        let same = self
            .inclusive_ancestor_navigables(parent)
            .filter_map(|ancestor| self.document(self.active_document(ancestor)?))
            .filter(|document| equals_excluding_fragments(document.url(), url))
            .count();
        if same > self.limits.same_url_ancestors {
            let url = url.to_string();
            return Err(Diagnostic::FrameIncludesItself { url });
        }
        Ok(())
    }
}
