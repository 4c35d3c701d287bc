//! Sandboxing ([HTML, sandboxing](https://html.spec.whatwg.org/multipage/browsers.html#sandboxing)).

use bitflags::bitflags;

bitflags! {
    /// A [sandboxing flag set](https://html.spec.whatwg.org/multipage/browsers.html#sandboxing-flag-set).
    /// Each flag forbids a feature.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    pub struct SandboxFlags: u16 {
        /// The [sandboxed navigation flag](https://html.spec.whatwg.org/multipage/browsers.html#sandboxed-navigation-browsing-context-flag):
        /// navigating other navigables, except descendants and opened ones.
        const NAVIGATION = 1 << 0;
        /// Opening new top-level navigables.
        const AUXILIARY_NAVIGATION = 1 << 1;
        /// Navigating the top-level navigable without user activation.
        const TOP_LEVEL_NAVIGATION_WITHOUT_USER_ACTIVATION = 1 << 2;
        /// Navigating the top-level navigable with user activation.
        const TOP_LEVEL_NAVIGATION_WITH_USER_ACTIVATION = 1 << 3;
        /// Having the origin of the URL: the origin is opaque.
        const ORIGIN = 1 << 4;
        /// Submitting forms.
        const FORMS = 1 << 5;
        /// Locking the pointer.
        const POINTER_LOCK = 1 << 6;
        /// Running script.
        const SCRIPTS = 1 << 7;
        /// Features that need no user, such as autoplay and declarative refreshes.
        const AUTOMATIC_FEATURES = 1 << 8;
        /// Setting `document.domain`.
        const DOCUMENT_DOMAIN = 1 << 9;
        /// Opening navigables without this sandbox.
        const PROPAGATES_TO_AUXILIARY = 1 << 10;
        /// Opening modal dialogs such as `alert()`.
        const MODALS = 1 << 11;
        /// Locking the orientation of the screen.
        const ORIENTATION_LOCK = 1 << 12;
        /// Using the Presentation API.
        const PRESENTATION = 1 << 13;
        /// Downloading.
        const DOWNLOADS = 1 << 14;
        /// Navigating to schemes that other programs handle.
        const CUSTOM_PROTOCOLS = 1 << 15;
    }
}

/// [Parse a sandboxing directive](https://html.spec.whatwg.org/multipage/browsers.html#parse-a-sandboxing-directive):
/// the value of a `sandbox` attribute or of a content security policy's `sandbox` directive.
#[must_use]
pub fn parse_a_sandboxing_directive(input: &str) -> SandboxFlags {
    let mut flags = SandboxFlags::all();
    let mut both_top_levels = false;
    for token in input.split_ascii_whitespace() {
        let lifted = match token.to_ascii_lowercase().as_str() {
            "allow-popups" => SandboxFlags::AUXILIARY_NAVIGATION,
            "allow-top-navigation" => {
                both_top_levels = true;
                SandboxFlags::TOP_LEVEL_NAVIGATION_WITHOUT_USER_ACTIVATION
                    | SandboxFlags::CUSTOM_PROTOCOLS
            }
            "allow-top-navigation-by-user-activation" => {
                SandboxFlags::TOP_LEVEL_NAVIGATION_WITH_USER_ACTIVATION
                    | SandboxFlags::CUSTOM_PROTOCOLS
            }
            "allow-same-origin" => SandboxFlags::ORIGIN,
            "allow-forms" => SandboxFlags::FORMS,
            "allow-pointer-lock" => SandboxFlags::POINTER_LOCK,
            "allow-scripts" => SandboxFlags::SCRIPTS | SandboxFlags::AUTOMATIC_FEATURES,
            "allow-popups-to-escape-sandbox" => SandboxFlags::PROPAGATES_TO_AUXILIARY,
            "allow-modals" => SandboxFlags::MODALS,
            "allow-orientation-lock" => SandboxFlags::ORIENTATION_LOCK,
            "allow-presentation" => SandboxFlags::PRESENTATION,
            "allow-downloads" => SandboxFlags::DOWNLOADS,
            "allow-top-navigation-to-custom-protocols" => SandboxFlags::CUSTOM_PROTOCOLS,
            _ => SandboxFlags::empty(),
        };
        flags.remove(lifted);
    }
    // `allow-popups` also allows custom protocols, and `allow-top-navigation` also allows navigation
    // with user activation.
    if !flags.contains(SandboxFlags::AUXILIARY_NAVIGATION) {
        flags.remove(SandboxFlags::CUSTOM_PROTOCOLS);
    }
    if both_top_levels {
        flags.remove(SandboxFlags::TOP_LEVEL_NAVIGATION_WITH_USER_ACTIVATION);
    }
    flags
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_directive_forbids_everything() {
        assert_eq!(parse_a_sandboxing_directive(""), SandboxFlags::all());
        assert_eq!(
            parse_a_sandboxing_directive(" no-such-token "),
            SandboxFlags::all()
        );
    }

    #[test]
    fn sandbox_tokens_clear_flags_in_any_case() {
        let flags = parse_a_sandboxing_directive("Allow-Scripts\tallow-same-origin");
        assert!(!flags.contains(SandboxFlags::SCRIPTS));
        assert!(!flags.contains(SandboxFlags::AUTOMATIC_FEATURES));
        assert!(!flags.contains(SandboxFlags::ORIGIN));
        assert!(flags.contains(SandboxFlags::FORMS));
        assert!(flags.contains(SandboxFlags::DOCUMENT_DOMAIN));
    }

    #[test]
    fn top_navigation_includes_navigation_with_user_activation() {
        let both = parse_a_sandboxing_directive("allow-top-navigation");
        assert!(!both.contains(SandboxFlags::TOP_LEVEL_NAVIGATION_WITHOUT_USER_ACTIVATION));
        assert!(!both.contains(SandboxFlags::TOP_LEVEL_NAVIGATION_WITH_USER_ACTIVATION));
        let one = parse_a_sandboxing_directive("allow-top-navigation-by-user-activation");
        assert!(one.contains(SandboxFlags::TOP_LEVEL_NAVIGATION_WITHOUT_USER_ACTIVATION));
        assert!(!one.contains(SandboxFlags::TOP_LEVEL_NAVIGATION_WITH_USER_ACTIVATION));
    }
}
