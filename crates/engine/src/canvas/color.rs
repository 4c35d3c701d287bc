//! CSS colours for `fillStyle` and similar attributes
//! ([CSS Color](https://www.w3.org/TR/css-color-4/)).
//!
//! NOT YET: `currentcolor`, system colours, and wide-gamut notations (`lab()`, `oklch()`,
//! `color()`, ...).

use cssparser::color::{parse_hash_color, parse_named_color};
use cssparser::{ParseError, Parser, Token};

/// Red, green, blue and alpha.
pub(crate) type Rgba = [u8; 4];

/// Parses a colour. Returns `None` if the text is not a colour.
pub(crate) fn parse(text: &str) -> Option<Rgba> {
    Parser::new(text).parse_entirely(color).ok()
}

type Result<T> = std::result::Result<T, ParseError<()>>;

fn color(input: &mut Parser<'_>) -> Result<Rgba> {
    let token = input.next()?.clone();
    let found = match &token {
        Token::Hash(digits) | Token::IDHash(digits) => parse_hash_color(digits.as_bytes())
            .map(|(red, green, blue, alpha)| [red, green, blue, unit(alpha)])
            .ok(),
        Token::Ident(name) if name.eq_ignore_ascii_case("transparent") => Some([0; 4]),
        Token::Ident(name) => parse_named_color(name)
            .map(|(red, green, blue)| [red, green, blue, 255])
            .ok(),
        Token::Function(name) => {
            let name = name.to_ascii_lowercase();
            return input.parse_nested_block(|input| match name.as_str() {
                "rgb" | "rgba" => rgb(input),
                "hsl" | "hsla" => hsl(input),
                _ => Err(ParseError::unexpected_token()),
            });
        }
        _ => None,
    };
    found.ok_or_else(ParseError::unexpected_token)
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the number is clamped to a byte"
)]
fn byte(number: f32) -> u8 {
    number.round().clamp(0.0, 255.0) as u8
}

fn unit(number: f32) -> u8 {
    byte(number * 255.0)
}

/// Parses a number, or a percentage of `whole`.
fn component(input: &mut Parser<'_>, whole: f32) -> Result<f32> {
    match input.next()?.clone() {
        Token::Number { value, .. } => Ok(value),
        Token::Percentage { unit_value, .. } => Ok(unit_value * whole),
        Token::Ident(name) if name.eq_ignore_ascii_case("none") => Ok(0.0),
        _ => Err(ParseError::unexpected_token()),
    }
}

/// Parses the second and third component and alpha. The separators are commas, or spaces with a
/// slash before alpha.
fn others(input: &mut Parser<'_>, whole: f32) -> Result<(f32, f32, f32)> {
    let commas = input.try_parse(Parser::expect_comma).is_ok();
    let second = component(input, whole)?;
    if commas {
        input.expect_comma()?;
    }
    let third = component(input, whole)?;
    if input.is_exhausted() {
        return Ok((second, third, 1.0));
    }
    if commas {
        input.expect_comma()?;
    } else {
        input.expect_delim('/')?;
    }
    Ok((second, third, component(input, 1.0)?))
}

fn rgb(input: &mut Parser<'_>) -> Result<Rgba> {
    let red = component(input, 255.0)?;
    let (green, blue, alpha) = others(input, 255.0)?;
    Ok([byte(red), byte(green), byte(blue), unit(alpha)])
}

fn hsl(input: &mut Parser<'_>) -> Result<Rgba> {
    let hue = match input.next()?.clone() {
        Token::Number { value, .. } => value,
        Token::Dimension { value, unit, .. } => match unit.to_ascii_lowercase().as_str() {
            "deg" => value,
            "rad" => value.to_degrees(),
            "grad" => value * 0.9,
            "turn" => value * 360.0,
            _ => return Err(ParseError::unexpected_token()),
        },
        _ => return Err(ParseError::unexpected_token()),
    };
    let (saturation, lightness, alpha) = others(input, 100.0)?;
    let (saturation, lightness) = (
        (saturation / 100.0).clamp(0.0, 1.0),
        (lightness / 100.0).clamp(0.0, 1.0),
    );
    // https://www.w3.org/TR/css-color-4/#hsl-to-rgb
    let channel = |n: f32| {
        let k = (n + hue / 30.0).rem_euclid(12.0);
        let a = saturation * lightness.min(1.0 - lightness);
        lightness - a * (k - 3.0).min(9.0 - k).clamp(-1.0, 1.0)
    };
    Ok([
        unit(channel(0.0)),
        unit(channel(8.0)),
        unit(channel(4.0)),
        unit(alpha),
    ])
}

/// [Serialize a color](https://html.spec.whatwg.org/multipage/canvas.html#serialisation-of-a-color)
pub(crate) fn serialize([red, green, blue, alpha]: Rgba) -> String {
    if alpha == 255 {
        return format!("#{red:02x}{green:02x}{blue:02x}");
    }
    // Use the fewest decimals that parse to the same byte.
    let exact = f64::from(alpha) / 255.0;
    let two = (exact * 100.0).round() / 100.0;
    let shown = if (two * 255.0).round() == f64::from(alpha) {
        two
    } else {
        (exact * 1000.0).round() / 1000.0
    };
    format!("rgba({red}, {green}, {blue}, {shown})")
}

#[cfg(test)]
mod tests {
    use super::{parse, serialize};

    #[test]
    fn css_colour_notations_parse() {
        for (text, expected) in [
            ("red", Some("#ff0000")),
            ("RebeccaPurple", Some("#663399")),
            ("#0f08", Some("rgba(0, 255, 0, 0.533)")),
            (" #123456 ", Some("#123456")),
            ("rgb(1, 2, 300)", Some("#0102ff")),
            ("rgba(10%, 20%, 30%, 0.5)", Some("rgba(26, 51, 77, 0.5)")),
            ("rgb(1 2 3 / 50%)", Some("rgba(1, 2, 3, 0.5)")),
            ("hsl(120, 100%, 25%)", Some("#008000")),
            ("hsl(0.5turn 100% 50%)", Some("#00ffff")),
            ("transparent", Some("rgba(0, 0, 0, 0)")),
            ("rgb(1, 2)", None),
            ("rgb(1, 2 3)", None),
            ("#12345", None),
            ("red blue", None),
            ("", None),
        ] {
            assert_eq!(parse(text).map(serialize).as_deref(), expected, "{text}");
        }
    }
}
