//! Strings of Boa and strings of Rust.

use std::borrow::Cow;
use std::cell::RefCell;

use boa_engine::JsString;
use boa_engine::string::JsStrVariant;
use framepost_event_loop::FxHashMap;

/// The kind of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// The member.
    Whole,
    /// Its getter.
    Getter,
    /// Its setter.
    Setter,
}

thread_local! {
    /// The names that were created, by the address and length of the member's name. These names are
    /// static, so there are no more of them than in the program.
    static NAMES: RefCell<FxHashMap<(Part, usize, usize), JsString>> = RefCell::default();
}

/// The name of a member or of its function.
///
/// OPTIMIZATION: each realm defines hundreds of members. To create their names again for each frame took
/// 0.3 million of its 4.6 million instructions.
pub fn name_of(part: Part, member: &'static str) -> JsString {
    let key = (part, member.as_ptr().addr(), member.len());
    NAMES.with_borrow_mut(|names| {
        let name = names.entry(key).or_insert_with(|| match part {
            Part::Whole => JsString::from(member),
            Part::Getter => JsString::from(format!("get {member}")),
            Part::Setter => JsString::from(format!("set {member}")),
        });
        name.clone()
    })
}

/// The text of a string. Lone surrogates become U+FFFD.
///
/// OPTIMIZATION: most names are ASCII, which needs no copy.
#[inline]
pub fn text_of(string: &JsString) -> Cow<'_, str> {
    if let JsStrVariant::Latin1(bytes) = string.variant()
        && bytes.is_ascii()
        && let Ok(text) = std::str::from_utf8(bytes)
    {
        return Cow::Borrowed(text);
    }
    Cow::Owned(string.to_std_string_lossy())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_members_and_their_functions_are_kept_apart() {
        for _ in 0..2 {
            for member in ["onmessage", "on", &"onmessage"[..2], "data"] {
                assert_eq!(name_of(Part::Whole, member), JsString::from(member));
                let getter = format!("get {member}");
                assert_eq!(name_of(Part::Getter, member).to_std_string_lossy(), getter);
                let setter = format!("set {member}");
                assert_eq!(name_of(Part::Setter, member).to_std_string_lossy(), setter);
            }
        }
    }

    #[test]
    fn text_is_the_same_borrowed_and_owned() {
        let lone = JsString::from(&[0x61, 0xd800][..]);
        for string in ["", "message", "été", "日本語"].map(JsString::from) {
            assert_eq!(text_of(&string), string.to_std_string_lossy());
        }
        assert_eq!(text_of(&lone), lone.to_std_string_lossy());
        let ascii = JsString::from("message");
        assert!(matches!(text_of(&ascii), Cow::Borrowed(_)));
    }
}
