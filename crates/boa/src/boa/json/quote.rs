//! Strings in JSON texts.

use boa_engine::{JsError, JsNativeError, JsResult, JsString};

use crate::boa::allocation::MAX_STRING_LENGTH;

/// [QuoteJSONString](https://tc39.es/ecma262/#sec-quotejsonstring)
pub(super) fn quote(value: &JsString, product: &mut Vec<u16>) {
    let units = value.to_vec();
    product.push(u16::from(b'"'));
    for (index, &unit) in units.iter().enumerate() {
        let escape = match unit {
            0x08 => b'b',
            0x09 => b't',
            0x0a => b'n',
            0x0c => b'f',
            0x0d => b'r',
            0x22 => b'"',
            0x5c => b'\\',
            _ if unit < 0x20 || is_lone_surrogate(&units, index) => {
                product.extend(format!("\\u{unit:04x}").encode_utf16());
                continue;
            }
            _ => {
                product.push(unit);
                continue;
            }
        };
        product.extend([u16::from(b'\\'), u16::from(escape)]);
    }
    product.push(u16::from(b'"'));
}

fn is_lone_surrogate(units: &[u16], index: usize) -> bool {
    let is_lead = |unit: &u16| (0xd800..0xdc00).contains(unit);
    let is_trail = |unit: &u16| (0xdc00..0xe000).contains(unit);
    let unit = &units[index];
    (is_lead(unit) && !units.get(index + 1).is_some_and(is_trail))
        || (is_trail(unit) && !(index > 0 && is_lead(&units[index - 1])))
}

/// Refuses a text that is longer than a string can be.
pub(super) fn check_length(product: &[u16]) -> JsResult<()> {
    match product.len() > MAX_STRING_LENGTH {
        true => Err(JsError::from(
            JsNativeError::range().with_message("Invalid string length"),
        )),
        false => Ok(()),
    }
}
