//! Transform lists in CSS syntax
//! ([CSS Transforms](https://drafts.csswg.org/css-transforms-2/#transform-functions)).
//!
//! NOT YET: math functions other than `calc()`.

use cssparser::{ParseError, Parser, Token};

use super::Matrix;

type Result<T> = std::result::Result<T, ParseError<()>>;

/// [Parse a string into an abstract matrix](https://drafts.fxtf.org/geometry/#parse-a-string-into-an-abstract-matrix);
/// `None` if it is not a transform list, or has relative lengths.
pub(crate) fn parse_matrix(text: &str) -> Option<Matrix> {
    if text.is_empty() {
        return Some(Matrix::default());
    }
    Parser::new(text).parse_entirely(transform_list).ok()
}

fn transform_list(input: &mut Parser<'_>) -> Result<Matrix> {
    let none = input.try_parse(|input| input.expect_ident_matching("none"));
    if none.is_ok() {
        return Ok(Matrix::default());
    }
    let mut matrix = Matrix::default();
    loop {
        let name = input.expect_function()?.to_ascii_lowercase();
        input.parse_nested_block(|input| {
            let arguments = input.parse_comma_separated(argument)?;
            transform(&mut matrix, &name, &arguments).ok_or_else(ParseError::unexpected_token)
        })?;
        if input.is_exhausted() {
            return Ok(matrix);
        }
    }
}

/// The type of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Measure {
    /// A literal number: if it is zero, it may be a length or an angle.
    Literal,
    /// A calculated number.
    Number,
    /// A percentage, as a fraction.
    Percentage,
    /// A length in pixels.
    Length,
    /// An angle in degrees.
    Angle,
    /// The keyword `none`.
    None,
}

/// An argument of a transform function.
#[derive(Clone, Copy, Debug)]
struct Quantity {
    value: f64,
    measure: Measure,
}

impl Quantity {
    fn number(self) -> Option<f64> {
        matches!(self.measure, Measure::Literal | Measure::Number).then_some(self.value)
    }

    fn factor(self) -> Option<f64> {
        match self.measure {
            Measure::Percentage => Some(self.value),
            _ => self.number(),
        }
    }

    fn measured(self, measure: Measure) -> Option<f64> {
        let zero = self.measure == Measure::Literal && self.value == 0.0;
        (zero || self.measure == measure).then_some(self.value)
    }

    fn length(self) -> Option<f64> {
        self.measured(Measure::Length)
    }

    fn angle(self) -> Option<f64> {
        self.measured(Measure::Angle)
    }
}

fn numbers<const N: usize>(arguments: &[Quantity]) -> Option<[f64; N]> {
    let numbers: Option<Vec<f64>> = arguments.iter().map(|it| it.number()).collect();
    numbers?.try_into().ok()
}

/// Multiplies by a matrix whose *is 2D* is false, even if its elements are those of a 2D matrix.
fn in_space<T>(matrix: &mut Matrix, by: T, change: impl FnOnce(&mut Matrix, T)) {
    let mut other = Matrix::create_3d(Matrix::default().elements());
    change(&mut other, by);
    matrix.multiply(&other);
}

/// Multiplies by the matrix of a [transform function](https://drafts.csswg.org/css-transforms-2/#transform-functions);
/// `None` if there is no such function.
fn transform(matrix: &mut Matrix, name: &str, arguments: &[Quantity]) -> Option<()> {
    let plane = |x, y| ([x, y, 1.0], [0.0; 3]);
    let scale = |matrix: &mut Matrix, (by, origin)| matrix.scale(by, origin);
    match (name, arguments) {
        ("matrix", all) => matrix.multiply(&Matrix::create_2d(numbers(all)?)),
        ("matrix3d", all) => matrix.multiply(&Matrix::create_3d(numbers(all)?)),
        ("translate" | "translatex", [x]) => matrix.translate([x.length()?, 0.0, 0.0]),
        ("translate", [x, y]) => matrix.translate([x.length()?, y.length()?, 0.0]),
        ("translatey", [y]) => matrix.translate([0.0, y.length()?, 0.0]),
        ("translatez", [z]) => in_space(matrix, [0.0, 0.0, z.length()?], Matrix::translate),
        ("translate3d", [x, y, z]) => {
            let by = [x.length()?, y.length()?, z.length()?];
            in_space(matrix, by, Matrix::translate);
        }
        ("scale", [both]) => scale(matrix, plane(both.factor()?, both.factor()?)),
        ("scale", [x, y]) => scale(matrix, plane(x.factor()?, y.factor()?)),
        ("scalex", [x]) => scale(matrix, plane(x.factor()?, 1.0)),
        ("scaley", [y]) => scale(matrix, plane(1.0, y.factor()?)),
        ("scalez", [z]) => in_space(matrix, ([1.0, 1.0, z.factor()?], [0.0; 3]), scale),
        ("scale3d", [x, y, z]) => {
            let by = [x.factor()?, y.factor()?, z.factor()?];
            in_space(matrix, (by, [0.0; 3]), scale);
        }
        ("rotate", [angle]) => matrix.rotate(angle.angle()?, None, None),
        ("rotatex" | "rotatey" | "rotatez", [angle]) => {
            let (zero, angle) = (Some(0.0), angle.angle()?);
            in_space(matrix, angle, |matrix, angle| match name {
                "rotatex" => matrix.rotate(angle, zero, zero),
                "rotatey" => matrix.rotate(0.0, Some(angle), zero),
                _ => matrix.rotate(angle, None, None),
            });
        }
        ("rotate3d", [x, y, z, angle]) => {
            let axis = [x.number()?, y.number()?, z.number()?];
            in_space(matrix, angle.angle()?, |matrix, angle| {
                matrix.rotate_axis_angle(axis, angle);
            });
        }
        ("skew" | "skewx", [x]) => matrix.skew_x(x.angle()?),
        ("skew", [x, y]) => {
            let [x, y] = [x.angle()?, y.angle()?].map(|angle| angle.to_radians().tan());
            matrix.multiply(&Matrix::create_2d([1.0, y, x, 1.0, 0.0, 0.0]));
        }
        ("skewy", [y]) => matrix.skew_y(y.angle()?),
        ("perspective", [depth]) => {
            let depth = match depth.measure {
                Measure::None => None,
                _ => Some(depth.length().filter(|depth| *depth >= 0.0)?),
            };
            in_space(matrix, depth, |matrix, depth| {
                if let Some(depth) = depth {
                    matrix.set(2, 3, -1.0 / depth.max(1.0));
                }
            });
        }
        _ => return None,
    }
    Some(())
}

fn argument(input: &mut Parser<'_>) -> Result<Quantity> {
    let none = input.try_parse(|input| input.expect_ident_matching("none"));
    if none.is_ok() {
        return Ok(Quantity {
            value: 0.0,
            measure: Measure::None,
        });
    }
    value(input)
}

/// A number, a dimension, a percentage, or a calculation.
fn value(input: &mut Parser<'_>) -> Result<Quantity> {
    input.skip_whitespace();
    let start = input.position();
    let token = input.next()?.clone();
    // The parser's own values have the precision of an `f32`.
    let written = number_prefix(input.slice_from(start));
    let (value, measure) = match &token {
        Token::Number { .. } => (written, Measure::Literal),
        Token::Percentage { .. } => (written / 100.0, Measure::Percentage),
        Token::Dimension { unit, .. } => {
            let (factor, measure) =
                unit_of(&unit.to_ascii_lowercase()).ok_or_else(ParseError::unexpected_token)?;
            (written * factor, measure)
        }
        Token::Function(name) if name.eq_ignore_ascii_case("calc") => {
            return input.parse_nested_block(sum);
        }
        _ => return Err(ParseError::unexpected_token()),
    };
    Ok(Quantity { value, measure })
}

/// The number at the start of a token.
fn number_prefix(token: &str) -> f64 {
    let is_digit = |index: usize| token.as_bytes().get(index).is_some_and(u8::is_ascii_digit);
    let is = |index: usize, bytes: &[u8]| {
        token
            .as_bytes()
            .get(index)
            .is_some_and(|byte| bytes.contains(byte))
    };
    let digits = |mut index: usize| {
        while is_digit(index) {
            index += 1;
        }
        index
    };
    let mut end = digits(usize::from(is(0, b"+-")));
    if is(end, b".") && is_digit(end + 1) {
        end = digits(end + 1);
    }
    if is(end, b"eE") {
        let exponent = end + 1 + usize::from(is(end + 1, b"+-"));
        if is_digit(exponent) {
            end = digits(exponent);
        }
    }
    let number = token.get(..end).and_then(|number| number.parse().ok());
    number.unwrap_or(0.0)
}

/// The pixels or degrees of a unit; `None` for a relative unit.
fn unit_of(unit: &str) -> Option<(f64, Measure)> {
    Some(match unit {
        "px" => (1.0, Measure::Length),
        "in" => (96.0, Measure::Length),
        "cm" => (96.0 / 2.54, Measure::Length),
        "mm" => (96.0 / 25.4, Measure::Length),
        "q" => (96.0 / 101.6, Measure::Length),
        "pt" => (96.0 / 72.0, Measure::Length),
        "pc" => (16.0, Measure::Length),
        "deg" => (1.0, Measure::Angle),
        "grad" => (0.9, Measure::Angle),
        "turn" => (360.0, Measure::Angle),
        "rad" => (180.0 / std::f64::consts::PI, Measure::Angle),
        _ => return None,
    })
}

/// [`<calc-sum>`](https://drafts.csswg.org/css-values/#typedef-calc-sum)
fn sum(input: &mut Parser<'_>) -> Result<Quantity> {
    let mut sum = product(input)?;
    while !input.is_exhausted() {
        let sign = match input.next()? {
            Token::Delim('+') => 1.0,
            Token::Delim('-') => -1.0,
            _ => return Err(ParseError::unexpected_token()),
        };
        let next = product(input)?;
        if next.measure != sum.measure {
            return Err(ParseError::unexpected_token());
        }
        sum.value += sign * next.value;
    }
    Ok(sum)
}

/// [`<calc-product>`](https://drafts.csswg.org/css-values/#typedef-calc-product)
fn product(input: &mut Parser<'_>) -> Result<Quantity> {
    let mut product = calculated(input)?;
    loop {
        let times = input.try_parse(|input| input.expect_delim('*')).is_ok();
        if !times && input.try_parse(|input| input.expect_delim('/')).is_err() {
            return Ok(product);
        }
        let next = calculated(input)?;
        product = match (times, product.number(), next.number()) {
            (true, _, Some(factor)) => scaled(product, factor),
            (true, Some(factor), None) => scaled(next, factor),
            (false, _, Some(divisor)) => Quantity {
                value: product.value / divisor,
                ..product
            },
            _ => return Err(ParseError::unexpected_token()),
        };
    }
}

fn scaled(quantity: Quantity, factor: f64) -> Quantity {
    Quantity {
        value: quantity.value * factor,
        ..quantity
    }
}

/// [`<calc-value>`](https://drafts.csswg.org/css-values/#typedef-calc-value)
fn calculated(input: &mut Parser<'_>) -> Result<Quantity> {
    let opened = input.try_parse(Parser::expect_parenthesis_block);
    let mut quantity = match opened {
        Ok(()) => input.parse_nested_block(sum)?,
        Err(_) => value(input)?,
    };
    if quantity.measure == Measure::Literal {
        quantity.measure = Measure::Number;
    }
    Ok(quantity)
}

#[cfg(test)]
mod tests {
    use super::parse_matrix;

    fn elements(text: &str) -> Option<[f64; 6]> {
        let matrix = parse_matrix(text)?;
        assert!(matrix.is_2d(), "{text}");
        Some(matrix.elements_2d())
    }

    #[test]
    fn transform_list_is_multiplied_in_order() {
        let cases: &[(&str, [f64; 6])] = &[
            ("", [1.0, 0.0, 0.0, 1.0, 0.0, 0.0]),
            ("none", [1.0, 0.0, 0.0, 1.0, 0.0, 0.0]),
            (" NONE/**/", [1.0, 0.0, 0.0, 1.0, 0.0, 0.0]),
            (
                "matrix(.1, +2e-1, -3, 4, 5.5, 0)",
                [0.1, 0.2, -3.0, 4.0, 5.5, 0.0],
            ),
            (
                "scale(2)translateX(5px)translate(0, 5PX)",
                [2.0, 0.0, 0.0, 2.0, 10.0, 10.0],
            ),
            ("scale(50%, 3) scaleY(2)", [0.5, 0.0, 0.0, 6.0, 0.0, 0.0]),
            ("translate(1in, 72pt) ", [1.0, 0.0, 0.0, 1.0, 96.0, 96.0]),
            (
                "rotate(0.25turn) rotate(100grad)",
                [-1.0, 0.0, 0.0, -1.0, 0.0, 0.0],
            ),
            ("rotate(0) skew(0, 0deg)", [1.0, 0.0, 0.0, 1.0, 0.0, 0.0]),
            (
                "translatex(calc(2 * (3px - 1px) + 6px / 4))",
                [1.0, 0.0, 0.0, 1.0, 5.5, 0.0],
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(elements(text), Some(*expected), "{text}");
        }
    }

    #[test]
    fn three_dimensional_functions_make_the_matrix_3d() {
        for text in [
            "matrix3d(1,0,0,0, 0,1,0,0, 0,0,1,0, 0,0,0,1)",
            "translate3d(0, 0, 0)",
            "translateZ(0)",
            "scaleZ(1)",
            "scale3d(1, 1, 1)",
            "rotateX(0)",
            "rotateZ(0deg)",
            "rotate3d(0, 0, 1, 0)",
            "perspective(none)",
        ] {
            let matrix = parse_matrix(text).map(|it| (it.is_2d(), it.is_identity()));
            assert_eq!(matrix, Some((false, true)), "{text}");
        }
        let near = parse_matrix("perspective(0.5px)").map(|it| it.at(2, 3));
        assert_eq!(near, Some(-1.0));
    }

    #[test]
    fn invalid_transform_lists_are_refused() {
        for text in [
            " ",
            "/**/",
            "none none",
            "none;",
            "inherit",
            "scale(2 2)",
            "scale(2), scale(2)",
            "scale()",
            "scale(1, 2, 3)",
            "translateX (5px)",
            "translateX(5)",
            "translateX(5em)",
            "translateX(5%)",
            "translateX(calc(0))",
            "translateX(calc(1px + 1))",
            "translateX(calc(1px * 1px))",
            "rotate(5)",
            "rotate(5px)",
            "rotate(none)",
            "matrix(1, 2, 3)",
            "perspective(-1px)",
            "\0",
        ] {
            assert_eq!(parse_matrix(text), None, "{text}");
        }
        let deep = format!(
            "translateX(calc({}1px{}))",
            "(".repeat(100_000),
            ")".repeat(100_000)
        );
        assert_eq!(parse_matrix(&deep), None);
    }
}
