//! Declarations of `meta` elements about their document
//! ([HTML, the meta element](https://html.spec.whatwg.org/multipage/semantics.html#the-meta-element)).

use framepost_event_loop::{ClientId, TaskQueues};

use crate::Contexts;
use crate::dom::{self, Node};
use crate::fetch::ReferrerPolicy;
use crate::steps::ContextTask;

impl Contexts {
    /// A `meta` element was inserted
    /// ([pragma directives](https://html.spec.whatwg.org/multipage/semantics.html#pragma-directives)
    /// and [meta referrer](https://html.spec.whatwg.org/multipage/semantics.html#meta-referrer)).
    pub(crate) fn meta_is_inserted(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        meta: &Node,
    ) {
        let content = dom::attribute(meta, "content");
        let (Some(document), Some(content)) = (self.connected_document(meta), content) else {
            return;
        };
        let has = |attribute: &str, value: &str| {
            let held = dom::attribute(meta, attribute);
            held.is_some_and(|held| held.eq_ignore_ascii_case(value))
        };
        if has("http-equiv", "refresh") {
            self.shared_declarative_refresh_steps(queues, document, &content);
        }
        if has("http-equiv", "content-security-policy") {
            self.declare_a_content_security_policy(document, meta, &content);
        }
        if has("name", "referrer") {
            // 4. and 5. The value may be one of the older names.
            let policy = ReferrerPolicy::of_meta(&content);
            if let (Some(policy), Some(held)) = (policy, self.document_mut(document)) {
                held.policies_mut().referrer_policy = policy;
            }
        }
    }

    /// [Content-Security-Policy state](https://html.spec.whatwg.org/multipage/semantics.html#attr-meta-http-equiv-content-security-policy)
    fn declare_a_content_security_policy(
        &mut self,
        document: ClientId,
        meta: &Node,
        content: &str,
    ) {
        // 1. Only a child of a head element has an effect.
        let parent = dom::parent(meta);
        if content.is_empty() || !parent.is_some_and(|parent| dom::is_html_element(&parent, "head"))
        {
            return;
        }
        // 3. to 6. Enforce the policy, without the directives that have no effect in a `meta` element.
        if let Some(held) = self.document_mut(document) {
            let origin = held.origin().clone();
            held.policies_mut().csp.enforce_meta(content, &origin);
        }
    }
}
