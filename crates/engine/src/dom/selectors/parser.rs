//! The names and pseudo-classes that complete the selector grammar.

use std::borrow::Borrow;
use std::fmt;

use cssparser::{ParseError, ToCss};
use html5ever::{LocalName, Namespace};
use precomputed_hash::PrecomputedHash;
use selectors::SelectorImpl;
use selectors::parser::{
    NonTSPseudoClass, Parser, PseudoElement as PseudoElementTrait, SelectorParseErrorKind,
};

use super::language::Direction;

/// The parameters of the selector grammar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Selectors;

impl SelectorImpl for Selectors {
    type ExtraMatchingData<'a> = ();
    type AttrValue = Text;
    type Identifier = Name;
    type LocalName = Name;
    type NamespaceUrl = Namespace;
    type NamespacePrefix = Name;
    type BorrowedNamespaceUrl = Namespace;
    type BorrowedLocalName = Name;
    type NonTSPseudoClass = PseudoClass;
    type PseudoElement = PseudoElement;
}

/// The name of an element, an attribute, a class or an id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Name(pub(super) LocalName);

impl From<&str> for Name {
    fn from(text: &str) -> Self {
        Self(LocalName::from(text))
    }
}

impl PrecomputedHash for Name {
    fn precomputed_hash(&self) -> u32 {
        self.0.precomputed_hash()
    }
}

impl Borrow<LocalName> for Name {
    fn borrow(&self) -> &LocalName {
        &self.0
    }
}

impl ToCss for Name {
    fn to_css<W: fmt::Write>(&self, dest: &mut W) -> fmt::Result {
        cssparser::serialize_identifier(&self.0, dest)
    }
}

/// The value in an attribute selector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Text(String);

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl AsRef<str> for Text {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl ToCss for Text {
    fn to_css<W: fmt::Write>(&self, dest: &mut W) -> fmt::Result {
        cssparser::serialize_string(&self.0, dest)
    }
}

/// The pseudo-classes that do not depend on the shape of the tree alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum PseudoClass {
    AnyLink,
    Checked,
    Defined,
    Disabled,
    /// `:dir()`, or `None` for a direction that no element has.
    Dir(Option<Direction>),
    Enabled,
    /// `:lang()`, with ranges of languages.
    Lang(Vec<String>),
    Link,
    Optional,
    Required,
    Target,
    /// `:active`, `:hover`: a headless page has no pointer.
    Pointed,
    /// `:focus`, `:visited`, `:fullscreen` and similar: a headless page has no focus, no visited links
    /// and nothing on a screen.
    Never,
}

impl ToCss for PseudoClass {
    fn to_css<W: fmt::Write>(&self, dest: &mut W) -> fmt::Result {
        write!(dest, ":{self:?}")
    }
}

impl NonTSPseudoClass for PseudoClass {
    fn is_active_or_hover(&self) -> bool {
        *self == Self::Pointed
    }

    fn is_user_action_state(&self) -> bool {
        *self == Self::Pointed
    }
}

/// A pseudo-element: valid in a selector, and never an element of the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PseudoElement;

impl ToCss for PseudoElement {
    fn to_css<W: fmt::Write>(&self, dest: &mut W) -> fmt::Result {
        dest.write_str("::pseudo-element")
    }
}

impl PseudoElementTrait for PseudoElement {}

/// The supported parts of the grammar. Namespace prefixes are unsupported, because `querySelector`
/// cannot declare one.
pub(super) struct SelectorParser;

impl<'i> Parser<'i> for SelectorParser {
    type Impl = Selectors;
    type Error = SelectorParseErrorKind;

    fn parse_nth_child_of(&self) -> bool {
        true
    }

    fn parse_is_and_where(&self) -> bool {
        true
    }

    fn parse_has(&self) -> bool {
        true
    }

    fn parse_host(&self) -> bool {
        true
    }

    fn parse_non_ts_pseudo_class(
        &self,
        name: &str,
    ) -> Result<PseudoClass, ParseError<SelectorParseErrorKind>> {
        // NOT YET: the pseudo-classes of form validation (`:valid`, `:placeholder-shown`) are refused as
        // unknown.
        Ok(match name.to_ascii_lowercase().as_str() {
            "any-link" => PseudoClass::AnyLink,
            "checked" => PseudoClass::Checked,
            "defined" => PseudoClass::Defined,
            "disabled" => PseudoClass::Disabled,
            "enabled" => PseudoClass::Enabled,
            "link" => PseudoClass::Link,
            "optional" => PseudoClass::Optional,
            "required" => PseudoClass::Required,
            "target" => PseudoClass::Target,
            "active" | "hover" => PseudoClass::Pointed,
            "autofill" | "focus" | "focus-visible" | "focus-within" | "fullscreen" | "modal"
            | "picture-in-picture" | "popover-open" | "user-invalid" | "user-valid" | "visited" => {
                PseudoClass::Never
            }
            _ => {
                return Err(ParseError::custom(
                    SelectorParseErrorKind::UnsupportedPseudoClassOrElement,
                ));
            }
        })
    }

    fn parse_non_ts_functional_pseudo_class(
        &self,
        name: &str,
        parser: &mut cssparser::Parser<'i>,
        _after_part: bool,
    ) -> Result<PseudoClass, ParseError<SelectorParseErrorKind>> {
        match name.to_ascii_lowercase().as_str() {
            "lang" => {
                let ranges = parser.parse_comma_separated(|parser| {
                    Ok(parser.expect_ident_or_string()?.as_ref().to_owned())
                })?;
                Ok(PseudoClass::Lang(ranges))
            }
            "dir" => {
                let direction = parser.expect_ident()?.to_ascii_lowercase();
                Ok(PseudoClass::Dir(match direction.as_str() {
                    "ltr" => Some(Direction::Ltr),
                    "rtl" => Some(Direction::Rtl),
                    _ => None,
                }))
            }
            _ => Err(ParseError::custom(
                SelectorParseErrorKind::UnsupportedPseudoClassOrElement,
            )),
        }
    }

    fn parse_pseudo_element(
        &self,
        name: &str,
    ) -> Result<PseudoElement, ParseError<SelectorParseErrorKind>> {
        match name.to_ascii_lowercase().as_str() {
            "after"
            | "backdrop"
            | "before"
            | "file-selector-button"
            | "first-letter"
            | "first-line"
            | "marker"
            | "placeholder"
            | "selection" => Ok(PseudoElement),
            _ => Err(ParseError::custom(
                SelectorParseErrorKind::UnsupportedPseudoClassOrElement,
            )),
        }
    }
}
