//! Attributes that are limited to only known values
//! ([HTML, keywords and enumerated attributes](https://html.spec.whatwg.org/multipage/common-microsyntaxes.html#keywords-and-enumerated-attributes)).

use boa_engine::Context;
use framepost_browsing_context::dom;
use markup5ever_rcdom::Handle as Node;

use super::reflect::set_string;

/// An enumerated attribute.
pub(crate) struct Enumerated {
    /// The keywords, each with the canonical keyword of its state.
    keywords: &'static [(&'static str, &'static str)],
    /// The state of an element without the attribute
    /// ([missing value default](https://html.spec.whatwg.org/multipage/common-microsyntaxes.html#missing-value-default)).
    missing: &'static str,
    /// The state of any other value
    /// ([invalid value default](https://html.spec.whatwg.org/multipage/common-microsyntaxes.html#invalid-value-default)).
    invalid: &'static str,
}

impl Enumerated {
    /// The canonical keyword of the state of the attribute.
    pub(crate) fn of(&self, element: &Node, attribute: &str) -> &'static str {
        let Some(value) = dom::attribute(element, attribute) else {
            return self.missing;
        };
        let mut keywords = self.keywords.iter();
        let found = keywords.find(|(keyword, _)| keyword.eq_ignore_ascii_case(&value));
        found.map_or(self.invalid, |(_, canonical)| *canonical)
    }
}

/// The attributes whose states have only canonical keywords, with their getters and setters.
macro_rules! enumerated {
    ($($(#[$doc:meta])* $name:ident $get:ident $set:ident: [$($keyword:literal),*], $missing:literal, $invalid:literal;)*) => {
        $(
            $(#[$doc])*
            pub(crate) static $name: Enumerated = Enumerated {
                keywords: &[$(($keyword, $keyword)),*],
                missing: $missing,
                invalid: $invalid,
            };

            $(#[$doc])*
            pub(crate) fn $get(element: &Node, attribute: &str, _: &mut Context) -> &'static str {
                $name.of(element, attribute)
            }

            pub(crate) fn $set(element: &Node, attribute: &str, value: &str, cx: &mut Context) {
                set_string(element, attribute, value, cx);
            }
        )*
    };
}

enumerated! {
    /// [Referrer policy attribute](https://html.spec.whatwg.org/multipage/urls-and-fetching.html#referrer-policy-attribute)
    REFERRER_POLICY referrer_policy set_referrer_policy: [
        "", "no-referrer", "no-referrer-when-downgrade", "same-origin", "origin", "strict-origin",
        "origin-when-cross-origin", "strict-origin-when-cross-origin", "unsafe-url"
    ], "", "";
    /// [Lazy loading attribute](https://html.spec.whatwg.org/multipage/urls-and-fetching.html#lazy-loading-attributes)
    LOADING loading set_loading: ["lazy", "eager"], "eager", "eager";
    /// [Fetch priority attribute](https://html.spec.whatwg.org/multipage/urls-and-fetching.html#fetch-priority-attribute)
    FETCH_PRIORITY fetch_priority set_fetch_priority: ["high", "low", "auto"], "auto", "auto";
    /// [Image decoding hint](https://html.spec.whatwg.org/multipage/images.html#image-decoding-hint)
    DECODING decoding set_decoding: ["sync", "async", "auto"], "auto", "auto";
    /// [`dir`](https://html.spec.whatwg.org/multipage/dom.html#dom-dir)
    DIR direction set_direction: ["ltr", "rtl", "auto"], "", "";
    /// [`inputMode`](https://html.spec.whatwg.org/multipage/interaction.html#dom-inputmode)
    INPUT_MODE input_mode set_input_mode: ["none", "text", "tel", "url", "email", "numeric", "decimal", "search"], "", "";
    /// [`enterKeyHint`](https://html.spec.whatwg.org/multipage/interaction.html#dom-enterkeyhint)
    ENTER_KEY_HINT enter_key_hint set_enter_key_hint: ["enter", "done", "go", "next", "previous", "search", "send"], "", "";
    /// [`kind`](https://html.spec.whatwg.org/multipage/media.html#dom-track-kind)
    KIND kind set_kind: ["subtitles", "captions", "descriptions", "chapters", "metadata"], "subtitles", "metadata";
    /// [`preload`](https://html.spec.whatwg.org/multipage/media.html#dom-media-preload)
    PRELOAD preload set_preload: ["none", "metadata", "auto"], "metadata", "metadata";
    /// [`scope`](https://html.spec.whatwg.org/multipage/tables.html#dom-th-scope)
    SCOPE scope set_scope: ["row", "col", "rowgroup", "colgroup"], "", "";
    /// [`autocomplete`](https://html.spec.whatwg.org/multipage/forms.html#dom-form-autocomplete) of forms
    AUTOCOMPLETE autocomplete set_autocomplete: ["on", "off"], "on", "on";
    /// [`as`](https://html.spec.whatwg.org/multipage/semantics.html#dom-link-as)
    AS link_as set_link_as: [
        "fetch", "audio", "audioworklet", "document", "embed", "font", "frame", "iframe", "image", "json",
        "manifest", "object", "paintworklet", "report", "script", "serviceworker", "sharedworker", "style",
        "track", "video", "webidentity", "worker", "xslt"
    ], "", "";
    /// [`shadowRootMode`](https://html.spec.whatwg.org/multipage/scripting.html#dom-template-shadowrootmode)
    SHADOW_ROOT_MODE shadow_root_mode set_shadow_root_mode: ["open", "closed"], "", "";
    /// [`formMethod`](https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#dom-fs-formmethod)
    FORM_METHOD form_method set_form_method: ["get", "post", "dialog"], "", "get";
    /// [`formEnctype`](https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#dom-fs-formenctype)
    FORM_ENCTYPE form_enctype set_form_enctype: [
        "application/x-www-form-urlencoded", "multipart/form-data", "text/plain"
    ], "", "application/x-www-form-urlencoded";
}
