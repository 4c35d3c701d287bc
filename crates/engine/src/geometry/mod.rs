//! Points, rectangles, quads and matrices
//! ([Geometry Interfaces](https://drafts.fxtf.org/geometry/)): the arithmetic alone.
//!
//! The arithmetic knows no script: [`interfaces`] has the bindings.

pub(crate) mod interfaces;
mod matrix;
mod transform_list;

use boa_engine::{Finalize, Trace};

pub(crate) use matrix::{Matrix, MatrixInit};
pub(crate) use transform_list::parse_matrix;

/// A [point](https://drafts.fxtf.org/geometry/#point).
#[derive(Clone, Copy, Debug, PartialEq, Trace, Finalize)]
#[boa_gc(empty_trace)]
pub(crate) struct Point {
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) z: f64,
    pub(crate) w: f64,
}

impl Default for Point {
    fn default() -> Self {
        Self {
            x: 0.0,
            y: 0.0,
            z: 0.0,
            w: 1.0,
        }
    }
}

/// A [rectangle](https://drafts.fxtf.org/geometry/#rectangle): its origin, and its dimensions,
/// which may be negative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Trace, Finalize)]
#[boa_gc(empty_trace)]
pub(crate) struct Rect {
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

impl Rect {
    /// The rectangle at this origin, with these dimensions.
    pub(crate) const fn new(x: f64, y: f64, width: f64, height: f64) -> Self {
        Self {
            x,
            y,
            width,
            height,
        }
    }

    /// [`top`](https://drafts.fxtf.org/geometry/#dom-domrectreadonly-top)
    pub(crate) fn top(self) -> f64 {
        nan_safe_minimum(self.y, self.y + self.height)
    }

    /// [`right`](https://drafts.fxtf.org/geometry/#dom-domrectreadonly-right)
    pub(crate) fn right(self) -> f64 {
        nan_safe_maximum(self.x, self.x + self.width)
    }

    /// [`bottom`](https://drafts.fxtf.org/geometry/#dom-domrectreadonly-bottom)
    pub(crate) fn bottom(self) -> f64 {
        nan_safe_maximum(self.y, self.y + self.height)
    }

    /// [`left`](https://drafts.fxtf.org/geometry/#dom-domrectreadonly-left)
    pub(crate) fn left(self) -> f64 {
        nan_safe_minimum(self.x, self.x + self.width)
    }

    /// The corners that a quad [made from a rectangle](https://drafts.fxtf.org/geometry/#create-a-domquad-from-the-domrectinit-dictionary)
    /// has.
    pub(crate) fn corners(self) -> [Point; 4] {
        let at = |x, y| Point {
            x,
            y,
            ..Point::default()
        };
        let (right, bottom) = (self.x + self.width, self.y + self.height);
        [
            at(self.x, self.y),
            at(right, self.y),
            at(right, bottom),
            at(self.x, bottom),
        ]
    }

    /// [`getBounds()`](https://drafts.fxtf.org/geometry/#dom-domquad-getbounds) of a quad with
    /// these corners.
    pub(crate) fn bounds(corners: &[Point]) -> Self {
        let all = |coordinate: fn(&Point) -> f64, pick: fn(f64, f64) -> f64| {
            corners.iter().map(coordinate).reduce(pick).unwrap_or(0.0)
        };
        let (left, top) = (
            all(|point| point.x, nan_safe_minimum),
            all(|point| point.y, nan_safe_minimum),
        );
        let (right, bottom) = (
            all(|point| point.x, nan_safe_maximum),
            all(|point| point.y, nan_safe_maximum),
        );
        Self::new(left, top, right - left, bottom - top)
    }
}

/// [NaN-safe minimum](https://drafts.fxtf.org/geometry/#nan-safe-minimum)
fn nan_safe_minimum(one: f64, other: f64) -> f64 {
    match one.is_nan() || other.is_nan() {
        true => f64::NAN,
        false => one.min(other),
    }
}

/// [NaN-safe maximum](https://drafts.fxtf.org/geometry/#nan-safe-maximum)
fn nan_safe_maximum(one: f64, other: f64) -> f64 {
    match one.is_nan() || other.is_nan() {
        true => f64::NAN,
        false => one.max(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_follow_negative_dimensions_and_nan() {
        let rect = Rect::new(10.0, 20.0, -4.0, f64::NAN);
        assert_eq!((rect.left(), rect.right()), (6.0, 10.0));
        assert!(rect.top().is_nan() && rect.bottom().is_nan());
    }

    #[test]
    fn the_bounds_of_corners_are_the_rectangle_again() {
        let rect = Rect::new(1.0, 2.0, -3.0, 4.0);
        let bounds = Rect::bounds(&rect.corners());
        let expected = Rect::new(-2.0, 2.0, 3.0, 4.0);
        assert_eq!(bounds, expected);
        let mut corners = rect.corners();
        corners[2].x = f64::NAN;
        let bounds = Rect::bounds(&corners);
        assert!(bounds.x.is_nan() && bounds.width.is_nan());
        assert_eq!((bounds.y, bounds.height), (2.0, 4.0));
    }
}
