//! `window.open()`.

use framepost_event_loop::{ClientId, TaskQueues};

use super::features::WindowFeatures;
use crate::Contexts;
use crate::dom::DomError;
use crate::fetch::ReferrerPolicy;
use crate::ids::NavigableId;
use crate::navigables::{Opener, WindowType};
use crate::origin::{about_blank, matches_about_blank};
use crate::steps::{ContextTask, NavigateParams, Steps};

impl Contexts {
    /// The [window open steps](https://html.spec.whatwg.org/multipage/nav-history-apis.html#window-open-steps),
    /// of the window of the navigable `current`, called by the document `source`. Returns the
    /// navigable that the caller gets a WindowProxy of.
    ///
    /// # Errors
    /// `SyntaxError` when `url` cannot be parsed, `SecurityError` when a sandbox does not allow the document to
    /// navigate the window that was found.
    pub fn window_open_steps(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        source: ClientId,
        current: NavigableId,
        url: &str,
        target: &str,
        features: &str,
    ) -> Result<(Option<NavigableId>, Steps), DomError> {
        // SPEC-ISSUE: in the standard targets are relative to the navigable of the caller. In browsers
        // they are relative to the window whose method is called, and its navigable is the opener.
        // While a document is unloading nothing opens.
        if self.loading.is_any_document_unloading() {
            return Ok((None, Steps::none()));
        }
        // 3. and 4. Parse the URL, if there is one.
        let url = if url.is_empty() {
            None
        } else {
            Some(self.parse_url(source, url)?)
        };
        // 5. to 12. Parse the target and the features.
        let target = if target.is_empty() { "_blank" } else { target };
        let features = WindowFeatures::tokenize(features);
        let no_referrer = features.is_set("noreferrer");
        let opener = if no_referrer || features.is_set("noopener") {
            Opener::None
        } else {
            Opener::Kept
        };
        // 13. and 14. Choose a navigable.
        let (chosen, made) = self.rules_for_choosing_a_navigable(queues, target, current, opener);
        let Some(chosen) = chosen else {
            return Ok((None, made));
        };
        let navigable = chosen.navigable;
        let mut steps = made;
        let params = |url| NavigateParams {
            referrer_policy: match no_referrer {
                true => ReferrerPolicy::NoReferrer,
                false => ReferrerPolicy::Unset,
            },
            ..NavigateParams::new(url).by(source)
        };
        // SPEC-ISSUE: the standard treats these names like all others. Browsers return them and keep their opener for
        // any features; web-platform-tests require it.
        let is_keyword = ["_self", "_parent", "_top"]
            .iter()
            .any(|keyword| target.eq_ignore_ascii_case(keyword));
        if chosen.window_type == WindowType::Existing {
            // 16. Navigate an existing navigable if there is a URL, and set its opener.
            if let Some(url) = url {
                let navigation = self.navigate_with_exceptions(queues, navigable, params(url))?;
                steps = steps.then(navigation);
            }
            if opener == Opener::Kept
                && !is_keyword
                && let Some(held) = self.navigable_mut(navigable)
            {
                held.set_opener(Some(current));
            }
        } else {
            // 15. Decide whether a new navigable is a popup, and navigate it unless it shows about:blank.
            if let Some(held) = self.navigable_mut(navigable) {
                // SPEC-ISSUE: the standard opens a popup even without an opener. Browsers open a tab;
                // web-platform-tests require it.
                held.set_is_popup(opener == Opener::Kept && features.requests_popup());
                let size = (features.integer("width"), features.integer("height"));
                let position = (features.integer("left"), features.integer("top"));
                held.set_requested_geometry(size, position);
            }
            let url = url.unwrap_or_else(about_blank);
            if matches_about_blank(&url) {
                // The URL and history update steps. Only the URL is visible.
                let document = self.active_document(navigable);
                if let Some(held) = document.and_then(|id| self.document_mut(id)) {
                    held.set_url(url);
                }
            } else {
                steps = steps.then(self.navigate(queues, navigable, params(url)));
            }
        }
        // 17. and 18. Without an opener, the caller gets null.
        let returned = is_keyword || opener == Opener::Kept;
        Ok((returned.then_some(navigable), steps))
    }
}
