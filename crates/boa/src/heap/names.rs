//! Strings of property names, kept from message to message.

use std::hash::BuildHasher;

use boa_engine::string::JsStrVariant;
use boa_engine::{Context, JsString};
use framepost_event_loop::FxBuildHasher;
use framepost_messaging::structured_clone::CodeUnits;

use crate::boa::slots::Slot;
use crate::webidl::serializable::string_of;

/// The names of the last messages.
static NAMES: Slot<Names> = Slot::new();

/// The number of names that are kept.
const PLACES: usize = 256;
/// Longer names are not kept.
const LONGEST: usize = 32;

/// Names by a hash of their bytes. A name replaces another one with the same hash.
struct Names(Vec<Option<JsString>>);

impl Default for Names {
    fn default() -> Self {
        Self(vec![None; PLACES])
    }
}

/// The string of a property name.
///
/// OPTIMIZATION: messages of one kind have the same names, and a new string for each of them took a
/// tenth of the instructions of a small object's message.
pub(super) fn interned(units: CodeUnits<'_>, ctx: &Context) -> JsString {
    let CodeUnits::Latin1(bytes) = units else {
        return string_of(units);
    };
    if bytes.len() > LONGEST {
        return string_of(units);
    }
    NAMES.with(ctx, |Names(names)| {
        let place = &mut names[place(bytes)];
        if let Some(held) = place
            && let JsStrVariant::Latin1(known) = held.variant()
            && known == bytes
        {
            return held.clone();
        }
        place.insert(string_of(units)).clone()
    })
}

fn place(bytes: &[u8]) -> usize {
    FxBuildHasher.hash_one(bytes) as usize % PLACES
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::boa::slots::Slots;

    #[test]
    fn names_are_the_same_strings_as_without_the_table() {
        let builder = Context::builder().job_executor(Slots::new(|_, _| {}));
        let ctx = builder.build().unwrap();
        let long = "x".repeat(LONGEST + 1);
        // More names than entries, twice, so that names replace each other.
        for round in 0..2 {
            for number in 0..2 * PLACES {
                let text = format!("name{number}");
                let name = interned(CodeUnits::Latin1(text.as_bytes()), &ctx);
                assert_eq!(name.to_std_string_lossy(), text, "{round}");
            }
        }
        for text in ["", "é", long.as_str()] {
            let bytes: Vec<u8> = text.chars().map(|it| it as u8).collect();
            let name = interned(CodeUnits::Latin1(&bytes), &ctx);
            assert_eq!(name.to_std_string_lossy(), text);
        }
        let name = interned(CodeUnits::Utf16(&[0x65e5, 0x672c]), &ctx);
        assert_eq!(name.to_std_string_lossy(), "日本");
    }
}
