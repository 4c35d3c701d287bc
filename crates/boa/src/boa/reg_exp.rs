//! `RegExp.prototype.source` according to the standard.
//!
//! Boa's own getter escapes every slash of a pattern, including slashes that are already escaped or in a class. So
//! `/a\/b/.source` has an additional backslash. Because Boa escapes every slash, this module can undo it.

use boa_engine::realm::Realm;
use boa_engine::{Context, JsResult, JsString, JsValue, js_string};

use super::functions::function;
use super::intrinsics::escaped_source;
use crate::boa::properties::{CONFIGURABLE, accessor_property};

const SLASH: u16 = b'/' as u16;
const BACKSLASH: u16 = b'\\' as u16;

/// Replaces the getter of a realm.
pub fn install(realm: &Realm, ctx: &mut Context) -> JsResult<()> {
    let prototype = realm.intrinsics().constructors().regexp().prototype();
    let get = function(realm, "get source", 0, |this, _, ctx| source(this, ctx));
    let descriptor = accessor_property(Some(get), None, CONFIGURABLE);
    prototype.insert_property(js_string!("source"), descriptor);
    // Boa's prototype wrongly has this property, which only regular expressions should have.
    prototype.delete_property_or_throw(js_string!("lastIndex"), ctx)?;
    Ok(())
}

/// [get RegExp.prototype.source](https://tc39.es/ecma262/#sec-get-regexp.prototype.source)
fn source(this: &JsValue, ctx: &mut Context) -> JsResult<JsValue> {
    let prototype = ctx.intrinsics().constructors().regexp().prototype();
    if this.as_object().is_some_and(|object| object == prototype) {
        return Ok(js_string!("(?:)").into());
    }
    let escaped = escaped_source(this, ctx)?;
    Ok(escape_reg_exp_pattern(&original_source(&escaped)).into())
}

/// Returns `[[OriginalSource]]`, computed from the result of Boa's getter.
pub fn original_source(escaped: &JsString) -> JsString {
    let mut units = Vec::with_capacity(escaped.len());
    for unit in escaped {
        if unit == SLASH {
            units.pop();
        }
        units.push(unit);
    }
    JsString::from(&units[..])
}

/// [EscapeRegExpPattern](https://tc39.es/ecma262/#sec-escaperegexppattern)
///
/// Boa's getter has escaped the line terminators. This function escapes the slashes outside classes.
fn escape_reg_exp_pattern(source: &JsString) -> JsString {
    let mut units = Vec::with_capacity(source.len());
    let (mut escaped, mut in_class) = (false, false);
    for unit in source {
        if unit == SLASH && !escaped && !in_class {
            units.push(BACKSLASH);
        }
        if !escaped {
            match unit {
                0x5b => in_class = true,
                0x5d => in_class = false,
                _ => {}
            }
        }
        escaped = unit == BACKSLASH && !escaped;
        units.push(unit);
    }
    JsString::from(&units[..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slashes_are_escaped_once_and_not_in_classes() {
        // A pattern, the result of Boa's getter, and the expected `source`.
        for (pattern, boa, source) in [
            ("a/b", "a\\/b", "a\\/b"),
            ("a\\/b", "a\\\\/b", "a\\/b"),
            ("[/\\]/]/", "[\\/\\]\\/]\\/", "[/\\]/]\\/"),
            ("\\\\/", "\\\\\\/", "\\\\\\/"),
            ("x", "x", "x"),
        ] {
            let original = original_source(&boa.into());
            assert_eq!(original, JsString::from(pattern));
            assert_eq!(
                escape_reg_exp_pattern(&original),
                JsString::from(source),
                "{pattern}"
            );
        }
    }
}
