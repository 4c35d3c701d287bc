//! Sandboxing ([HTML, sandboxing](https://html.spec.whatwg.org/multipage/browsers.html#sandboxing)).

use core::fmt;
use core::ops::{BitOr, BitOrAssign};

/// A [sandboxing flag set](https://html.spec.whatwg.org/multipage/browsers.html#sandboxing-flag-set):
/// each flag that is set forbids something.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct SandboxFlags(u16);

macro_rules! flags {
    ($($(#[$doc:meta])* $name:ident = $bit:expr;)+) => {
        impl SandboxFlags {
            $($(#[$doc])* pub const $name: Self = Self(1 << $bit);)+
            /// Every flag with its name.
            const NAMES: &'static [(Self, &'static str)] = &[$((Self::$name, stringify!($name))),+];
        }
    };
}

flags! {
    /// Navigating other navigables than itself, its descendants and those it opened.
    NAVIGATION = 0;
    /// Opening new top-level navigables.
    AUXILIARY_NAVIGATION = 1;
    /// Navigating the top-level navigable without user activation.
    TOP_LEVEL_NAVIGATION_WITHOUT_USER_ACTIVATION = 2;
    /// Navigating the top-level navigable with user activation.
    TOP_LEVEL_NAVIGATION_WITH_USER_ACTIVATION = 3;
    /// Having the origin of the URL: it is opaque instead.
    ORIGIN = 4;
    /// Submitting forms.
    FORMS = 5;
    /// Locking the pointer.
    POINTER_LOCK = 6;
    /// Running script.
    SCRIPTS = 7;
    /// Doing things without being asked, such as playing.
    AUTOMATIC_FEATURES = 8;
    /// Setting `document.domain`.
    DOCUMENT_DOMAIN = 9;
    /// Letting what it opens go free of this sandbox.
    PROPAGATES_TO_AUXILIARY = 10;
    /// Opening modal dialogs such as `alert()`.
    MODALS = 11;
    /// Locking the orientation of the screen.
    ORIENTATION_LOCK = 12;
    /// Presenting.
    PRESENTATION = 13;
    /// Downloading.
    DOWNLOADS = 14;
    /// Navigating to schemes that other programs handle.
    CUSTOM_PROTOCOLS = 15;
}

impl SandboxFlags {
    /// No flag: nothing is forbidden.
    #[must_use]
    pub const fn empty() -> Self {
        Self(0)
    }

    /// Every flag.
    #[must_use]
    pub const fn all() -> Self {
        Self(u16::MAX)
    }

    /// Whether all flags of `other` are set.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether no flag is set.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }
}

impl BitOr for SandboxFlags {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitOrAssign for SandboxFlags {
    fn bitor_assign(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

impl fmt::Debug for SandboxFlags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set()
            .entries(
                Self::NAMES
                    .iter()
                    .filter(|(flag, _)| self.contains(*flag))
                    .map(|(_, name)| name),
            )
            .finish()
    }
}

/// [Parse a sandboxing directive](https://html.spec.whatwg.org/multipage/browsers.html#parse-a-sandboxing-directive):
/// the value of a `sandbox` attribute, or of the `sandbox` directive of a content security policy.
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
        flags = flags.without(lifted);
    }
    // `allow-popups` lets custom protocols through as well, and `allow-top-navigation` allows the
    // activated kind too.
    if !flags.contains(SandboxFlags::AUXILIARY_NAVIGATION) {
        flags = flags.without(SandboxFlags::CUSTOM_PROTOCOLS);
    }
    if both_top_levels {
        flags = flags.without(SandboxFlags::TOP_LEVEL_NAVIGATION_WITH_USER_ACTIVATION);
    }
    flags
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_directive_forbids_everything() {
        assert_eq!(parse_a_sandboxing_directive(""), SandboxFlags::all());
        assert_eq!(
            parse_a_sandboxing_directive(" no-such-token "),
            SandboxFlags::all()
        );
    }

    #[test]
    fn tokens_lift_flags_in_any_case() {
        let flags = parse_a_sandboxing_directive("Allow-Scripts\tallow-same-origin");
        assert!(!flags.contains(SandboxFlags::SCRIPTS));
        assert!(!flags.contains(SandboxFlags::AUTOMATIC_FEATURES));
        assert!(!flags.contains(SandboxFlags::ORIGIN));
        assert!(flags.contains(SandboxFlags::FORMS));
        assert!(flags.contains(SandboxFlags::DOCUMENT_DOMAIN));
    }

    #[test]
    fn top_navigation_includes_the_activated_kind_but_not_the_other_way_round() {
        let both = parse_a_sandboxing_directive("allow-top-navigation");
        assert!(!both.contains(SandboxFlags::TOP_LEVEL_NAVIGATION_WITHOUT_USER_ACTIVATION));
        assert!(!both.contains(SandboxFlags::TOP_LEVEL_NAVIGATION_WITH_USER_ACTIVATION));
        let one = parse_a_sandboxing_directive("allow-top-navigation-by-user-activation");
        assert!(one.contains(SandboxFlags::TOP_LEVEL_NAVIGATION_WITHOUT_USER_ACTIVATION));
        assert!(!one.contains(SandboxFlags::TOP_LEVEL_NAVIGATION_WITH_USER_ACTIVATION));
    }
}
