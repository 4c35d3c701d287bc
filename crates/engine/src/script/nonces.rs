//! The [cryptographic nonces](https://html.spec.whatwg.org/multipage/webappapis.html#concept-script-fetch-options-nonce)
//! of classic scripts, which their `import()` needs.
//!
//! In Boa, a script has no data except its path. So the path of a script with a nonce ends with the number of the nonce,
//! in digits that no URL contains. [`muted_scripts::without_marks`] removes them.

use boa_engine::Context;

use super::muted_scripts;
use crate::boa::slots::Slot;

/// The digits of a number.
pub(super) const DIGITS: [char; 2] = ['\u{3}', '\u{4}'];

/// The nonces of an agent's scripts. Most pages have one or none.
static NONCES: Slot<Vec<String>> = Slot::new();

/// Returns the path of a script with a nonce.
pub(crate) fn path(ctx: &Context, url: &str, nonce: &str) -> String {
    muted_scripts::use_marks(ctx);
    let number = NONCES.with(ctx, |nonces| {
        let held = nonces.iter().position(|held| held == nonce);
        held.unwrap_or_else(|| {
            nonces.push(nonce.to_owned());
            nonces.len() - 1
        })
    });
    let digits = format!("{number:b}");
    let digits = digits
        .bytes()
        .map(|digit| DIGITS[usize::from(digit - b'0')]);
    url.chars().chain(digits).collect()
}

/// The nonce of the script with this path.
pub(crate) fn nonce_of(ctx: &Context, path: &str) -> Option<String> {
    let digits = path
        .chars()
        .filter_map(|mark| DIGITS.iter().position(|digit| *digit == mark));
    let number = digits.fold(None, |number: Option<usize>, digit| {
        Some(number.unwrap_or(0).wrapping_mul(2).wrapping_add(digit))
    })?;
    NONCES.with(ctx, |nonces| nonces.get(number).cloned())
}
