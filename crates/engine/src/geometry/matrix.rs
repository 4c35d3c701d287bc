//! Matrices of four rows and columns.

use boa_engine::{Finalize, Trace};

use super::Point;

/// A [matrix](https://drafts.fxtf.org/geometry/#matrix), with its
/// [is 2D](https://drafts.fxtf.org/geometry/#matrix-is-2d).
#[derive(Clone, Copy, Debug, PartialEq, Trace, Finalize)]
#[boa_gc(empty_trace)]
pub(crate) struct Matrix {
    /// `elements[i][j]` is the attribute `m` with the digits i + 1 and j + 1: a point is a row vector that is
    /// multiplied from the left.
    elements: [[f64; 4]; 4],
    is_2d: bool,
}

impl Default for Matrix {
    fn default() -> Self {
        let mut elements = [[0.0; 4]; 4];
        for (index, row) in elements.iter_mut().enumerate() {
            row[index] = 1.0;
        }
        Self {
            elements,
            is_2d: true,
        }
    }
}

/// The elements that have their initial values in every 2D matrix.
const ONLY_3D: [(usize, usize); 10] = [
    (0, 2),
    (0, 3),
    (1, 2),
    (1, 3),
    (2, 0),
    (2, 1),
    (2, 2),
    (2, 3),
    (3, 2),
    (3, 3),
];

/// The elements of a 2D matrix, in the order in which they are written.
const OF_2D: [(usize, usize); 6] = [(0, 0), (0, 1), (1, 0), (1, 1), (3, 0), (3, 1)];

/// The elements that have two names.
const ALIASES: [(&str, &str); 6] = [
    ("a", "m11"),
    ("b", "m12"),
    ("c", "m21"),
    ("d", "m22"),
    ("e", "m41"),
    ("f", "m42"),
];

/// The value of an element in the identity matrix.
fn initial(row: usize, column: usize) -> f64 {
    if row == column { 1.0 } else { 0.0 }
}

impl Matrix {
    /// [Create a 2d matrix](https://drafts.fxtf.org/geometry/#create-a-2d-matrix)
    pub(crate) fn create_2d(elements: [f64; 6]) -> Self {
        let mut matrix = Self::default();
        for ((row, column), value) in OF_2D.into_iter().zip(elements) {
            matrix.elements[row][column] = value;
        }
        matrix
    }

    /// [Create a 3d matrix](https://drafts.fxtf.org/geometry/#create-a-3d-matrix)
    pub(crate) fn create_3d(elements: [f64; 16]) -> Self {
        let mut matrix = Self {
            is_2d: false,
            ..Self::default()
        };
        for (index, value) in elements.into_iter().enumerate() {
            matrix.elements[index / 4][index % 4] = value;
        }
        matrix
    }

    /// Creates a matrix of 6 or 16 elements; `None` for another number.
    pub(crate) fn from_elements(elements: &[f64]) -> Option<Self> {
        if let Ok(six) = elements.try_into() {
            return Some(Self::create_2d(six));
        }
        elements.try_into().ok().map(Self::create_3d)
    }

    /// Its [is 2D](https://drafts.fxtf.org/geometry/#matrix-is-2d).
    pub(crate) fn is_2d(&self) -> bool {
        self.is_2d
    }

    /// [`isIdentity`](https://drafts.fxtf.org/geometry/#dom-dommatrixreadonly-isidentity)
    pub(crate) fn is_identity(&self) -> bool {
        self.elements == Self::default().elements
    }

    /// The elements of the text of a 2D matrix.
    pub(crate) fn elements_2d(&self) -> [f64; 6] {
        OF_2D.map(|(row, column)| self.elements[row][column])
    }

    /// All elements, row by row.
    pub(crate) fn elements(&self) -> [f64; 16] {
        std::array::from_fn(|index| self.elements[index / 4][index % 4])
    }

    /// The element in this row and this column, counted from zero.
    pub(crate) fn at(&self, row: usize, column: usize) -> f64 {
        self.elements[row][column]
    }

    /// Sets the element in this row and this column.
    pub(crate) fn set(&mut self, row: usize, column: usize, value: f64) {
        self.elements[row][column] = value;
        // A zero of either sign keeps the matrix 2D.
        if ONLY_3D.contains(&(row, column)) && value != initial(row, column) {
            self.is_2d = false;
        }
    }

    /// [Post-multiply](https://drafts.fxtf.org/geometry/#post-multiply) `other`:
    /// [`multiplySelf()`](https://drafts.fxtf.org/geometry/#dom-dommatrix-multiplyself).
    pub(crate) fn multiply(&mut self, other: &Self) {
        self.elements = product(other, self);
        self.is_2d &= other.is_2d;
    }

    /// [`preMultiplySelf()`](https://drafts.fxtf.org/geometry/#dom-dommatrix-premultiplyself)
    pub(crate) fn pre_multiply(&mut self, other: &Self) {
        self.elements = product(self, other);
        self.is_2d &= other.is_2d;
    }

    /// [`rotateSelf()`](https://drafts.fxtf.org/geometry/#dom-dommatrix-rotateself), in degrees.
    pub(crate) fn rotate(&mut self, x: f64, y: Option<f64>, z: Option<f64>) {
        // 1. and 2. One angle alone is about the z axis; a missing one is zero.
        let (x, y, z) = match (y, z) {
            (None, None) => (0.0, 0.0, x),
            _ => (x, y.unwrap_or(0.0), z.unwrap_or(0.0)),
        };
        // 3. A rotation about x or y makes the matrix 3D, except by zero degrees.
        self.rotate_axis_angle([0.0, 0.0, 1.0], z);
        if y != 0.0 {
            self.rotate_axis_angle([0.0, 1.0, 0.0], y);
        }
        if x != 0.0 {
            self.rotate_axis_angle([1.0, 0.0, 0.0], x);
        }
    }

    /// [`rotateFromVectorSelf()`](https://drafts.fxtf.org/geometry/#dom-dommatrix-rotatefromvectorself)
    pub(crate) fn rotate_from_vector(&mut self, x: f64, y: f64) {
        self.rotate_axis_angle([0.0, 0.0, 1.0], y.atan2(x).to_degrees());
    }

    /// [`skewXSelf()`](https://drafts.fxtf.org/geometry/#dom-dommatrix-skewxself), in degrees.
    pub(crate) fn skew_x(&mut self, angle: f64) {
        self.multiply(&Self::create_2d([
            1.0,
            0.0,
            radians(angle).tan(),
            1.0,
            0.0,
            0.0,
        ]));
    }

    /// [`skewYSelf()`](https://drafts.fxtf.org/geometry/#dom-dommatrix-skewyself), in degrees.
    pub(crate) fn skew_y(&mut self, angle: f64) {
        self.multiply(&Self::create_2d([
            1.0,
            radians(angle).tan(),
            0.0,
            1.0,
            0.0,
            0.0,
        ]));
    }

    /// [`flipX()`](https://drafts.fxtf.org/geometry/#dom-dommatrixreadonly-flipx)
    pub(crate) fn flip_x(&mut self) {
        self.multiply(&Self::create_2d([-1.0, 0.0, 0.0, 1.0, 0.0, 0.0]));
    }

    /// [`flipY()`](https://drafts.fxtf.org/geometry/#dom-dommatrixreadonly-flipy)
    pub(crate) fn flip_y(&mut self) {
        self.multiply(&Self::create_2d([1.0, 0.0, 0.0, -1.0, 0.0, 0.0]));
    }

    /// [`invertSelf()`](https://drafts.fxtf.org/geometry/#dom-dommatrix-invertself): the elements of a matrix without
    /// inverse become NaN.
    pub(crate) fn invert(&mut self) {
        *self = self.inverse().unwrap_or(Self {
            elements: [[f64::NAN; 4]; 4],
            is_2d: false,
        });
    }

    /// [`translateSelf()`](https://drafts.fxtf.org/geometry/#dom-dommatrix-translateself)
    pub(crate) fn translate(&mut self, [x, y, z]: [f64; 3]) {
        let mut other = Self::create_2d([1.0, 0.0, 0.0, 1.0, x, y]);
        other.set(3, 2, z);
        self.multiply(&other);
    }

    /// [`scaleSelf()`](https://drafts.fxtf.org/geometry/#dom-dommatrix-scaleself), about an origin.
    pub(crate) fn scale(&mut self, [x, y, z]: [f64; 3], origin: [f64; 3]) {
        self.translate(origin);
        let mut other = Self::create_2d([x, 0.0, 0.0, y, 0.0, 0.0]);
        other.set(2, 2, z);
        self.multiply(&other);
        self.translate(origin.map(|coordinate| -coordinate));
    }

    /// [`rotateAxisAngleSelf()`](https://drafts.fxtf.org/geometry/#dom-dommatrix-rotateaxisangleself):
    /// a [rotation](https://drafts.csswg.org/css-transforms-2/#Rotate3dDefined) by degrees about an
    /// axis. An axis without length has no effect.
    pub(crate) fn rotate_axis_angle(&mut self, [x, y, z]: [f64; 3], angle: f64) {
        let in_plane = x == 0.0 && y == 0.0;
        let length = x.hypot(y).hypot(z);
        if length == 0.0 {
            return;
        }
        let (x, y, z) = (x / length, y / length, z / length);
        let (sine, cosine) = sine_and_cosine(angle);
        if in_plane {
            let sine = sine * z;
            self.multiply(&Self::create_2d([cosine, sine, -sine, cosine, 0.0, 0.0]));
            return;
        }
        let rest = 1.0 - cosine;
        self.multiply(&Self::create_3d([
            x * x * rest + cosine,
            x * y * rest + z * sine,
            x * z * rest - y * sine,
            0.0,
            x * y * rest - z * sine,
            y * y * rest + cosine,
            y * z * rest + x * sine,
            0.0,
            x * z * rest + y * sine,
            y * z * rest - x * sine,
            z * z * rest + cosine,
            0.0,
            0.0,
            0.0,
            0.0,
            1.0,
        ]));
    }

    /// The inverse, if there is one.
    fn inverse(&self) -> Option<Self> {
        if self.is_2d {
            let [a, b, c, d, e, f] = self.elements_2d();
            let determinant = a * d - b * c;
            let (g, h) = (c * f - d * e, b * e - a * f);
            let adjugate = [d, -b, -c, a, g, h];
            let by = reciprocal(determinant)?;
            return Some(Self::create_2d(adjugate.map(|element| element * by)));
        }
        let adjugate: [f64; 16] = std::array::from_fn(|index| self.cofactor(index % 4, index / 4));
        let determinant: f64 = (0..4)
            .map(|column| self.elements[0][column] * self.cofactor(0, column))
            .sum();
        let by = reciprocal(determinant)?;
        Some(Self::create_3d(adjugate.map(|element| element * by)))
    }

    /// The cofactor of the element in this row and this column.
    fn cofactor(&self, row: usize, column: usize) -> f64 {
        let rest = |without: usize| -> [usize; 3] {
            std::array::from_fn(|index| index + usize::from(index >= without))
        };
        let (rows, columns) = (rest(row), rest(column));
        let at = |row: usize, column: usize| self.elements[rows[row]][columns[column]];
        let determinant = at(0, 0) * (at(1, 1) * at(2, 2) - at(1, 2) * at(2, 1))
            - at(0, 1) * (at(1, 0) * at(2, 2) - at(1, 2) * at(2, 0))
            + at(0, 2) * (at(1, 0) * at(2, 1) - at(1, 1) * at(2, 0));
        if (row + column).is_multiple_of(2) {
            determinant
        } else {
            -determinant
        }
    }

    /// [Transform a point with a matrix](https://drafts.fxtf.org/geometry/#transform-a-point-with-a-matrix)
    pub(crate) fn transform(&self, point: Point) -> Point {
        let Point { x, y, z, w } = point;
        let row = [x, y, z, w];
        let [x, y, z, w] = std::array::from_fn(|column| {
            let mut products = (0..4).map(|index| row[index] * self.elements[index][column]);
            let first = products.next().unwrap_or(0.0);
            products.fold(first, |sum, product| sum + product)
        });
        Point { x, y, z, w }
    }
}

/// The reciprocal of a determinant, if the matrix can be inverted.
fn reciprocal(determinant: f64) -> Option<f64> {
    (determinant != 0.0 && determinant.is_finite()).then(|| 1.0 / determinant)
}

/// The row and the column of the element with this name.
fn place(name: &str) -> Option<(usize, usize)> {
    Some(match name.as_bytes() {
        [letter @ b'a'..=b'f'] => OF_2D[usize::from(letter - b'a')],
        [b'm', row @ b'1'..=b'4', column @ b'1'..=b'4'] => {
            (usize::from(row - b'1'), usize::from(column - b'1'))
        }
        _ => return None,
    })
}

/// The product of the elements of two matrices; the product of two 2D matrices keeps the other elements, even if an
/// element is infinite.
fn product(left: &Matrix, right: &Matrix) -> [[f64; 4]; 4] {
    let (one, other) = (&left.elements, &right.elements);
    if left.is_2d && right.is_2d {
        let at = |row: usize, column: usize| {
            let sum = one[row][0] * other[0][column] + one[row][1] * other[1][column];
            if row == 3 {
                sum + other[3][column]
            } else {
                sum
            }
        };
        return Matrix::create_2d(OF_2D.map(|(row, column)| at(row, column))).elements;
    }
    std::array::from_fn(|row| {
        std::array::from_fn(|column| {
            (0..4)
                .map(|index| one[row][index] * other[index][column])
                .sum()
        })
    })
}

fn radians(degrees: f64) -> f64 {
    degrees * std::f64::consts::PI / 180.0
}

/// The sine and the cosine of an angle, exact for eighths of a turn.
fn sine_and_cosine(degrees: f64) -> (f64, f64) {
    const HALF: f64 = std::f64::consts::FRAC_1_SQRT_2;
    let degrees = degrees % 360.0;
    match degrees.rem_euclid(360.0) {
        0.0 => (0.0, 1.0),
        45.0 => (HALF, HALF),
        90.0 => (1.0, 0.0),
        135.0 => (HALF, -HALF),
        180.0 => (0.0, -1.0),
        225.0 => (-HALF, -HALF),
        270.0 => (-1.0, 0.0),
        315.0 => (-HALF, HALF),
        _ => radians(degrees).sin_cos(),
    }
}

/// A [`DOMMatrixInit`](https://drafts.fxtf.org/geometry/#dictdef-dommatrixinit): the elements that
/// are present, by name, and `is2D`.
#[derive(Clone, Debug, Default)]
pub(crate) struct MatrixInit {
    pub(crate) elements: Vec<(&'static str, f64)>,
    pub(crate) is_2d: Option<bool>,
}

impl MatrixInit {
    fn get(&self, name: &str) -> Option<f64> {
        let found = self.elements.iter().find(|(of, _)| *of == name);
        found.map(|(_, value)| *value)
    }

    /// [Validate and fixup](https://drafts.fxtf.org/geometry/#matrix-validate-and-fixup), and
    /// [create a matrix from the dictionary](https://drafts.fxtf.org/geometry/#create-a-dommatrix-from-the-dictionary).
    /// The error names the members that contradict each other.
    pub(crate) fn validate_and_fixup(&self) -> Result<Matrix, (&'static str, &'static str)> {
        let mut matrix = Matrix::default();
        for (short, long) in ALIASES {
            if let (Some(one), Some(other)) = (self.get(short), self.get(long))
                && one != other
                && !(one.is_nan() && other.is_nan())
            {
                return Err((short, long));
            }
        }
        for (name, value) in &self.elements {
            let before = matrix.is_2d;
            if let Some((row, column)) = place(name) {
                matrix.set(row, column, *value);
            }
            if before && !matrix.is_2d && self.is_2d == Some(true) {
                return Err(("is2D", name));
            }
        }
        if let Some(is_2d) = self.is_2d {
            matrix.is_2d = is_2d;
        }
        Ok(matrix)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn init(elements: &[(&'static str, f64)], is_2d: Option<bool>) -> MatrixInit {
        MatrixInit {
            elements: elements.to_vec(),
            is_2d,
        }
    }

    fn changed(change: impl FnOnce(&mut Matrix)) -> Matrix {
        let mut matrix = Matrix::default();
        change(&mut matrix);
        matrix
    }

    #[test]
    fn rotations_by_quarter_turns_are_exact() {
        let turned = changed(|matrix| matrix.rotate(90.0, None, None));
        assert_eq!(turned.elements_2d(), [0.0, 1.0, -1.0, 0.0, 0.0, 0.0]);
        assert!(turned.is_2d());
        assert!(changed(|matrix| matrix.rotate(0.0, None, Some(-720.0))).is_identity());
        let about = changed(|matrix| matrix.rotate_axis_angle([0.0, 0.0, -2.0], 90.0));
        assert_eq!(about.elements_2d(), [0.0, -1.0, 1.0, 0.0, 0.0, 0.0]);
        let vector = changed(|matrix| matrix.rotate_from_vector(0.0, 3.0));
        assert_eq!(vector, turned);
    }

    #[test]
    fn matrix_with_3d_elements_is_not_2d() {
        assert!(changed(|matrix| matrix.translate([1.0, 2.0, -0.0])).is_2d());
        assert!(!changed(|matrix| matrix.translate([1.0, 2.0, 3.0])).is_2d());
        assert!(!changed(|matrix| matrix.scale([1.0; 3], [0.0, 0.0, 1.0])).is_2d());
        assert!(!changed(|matrix| matrix.scale([2.0; 3], [0.0; 3])).is_2d());
        assert!(!changed(|matrix| matrix.rotate(0.0, Some(1.0), None)).is_2d());
        assert!(!changed(|matrix| matrix.rotate_axis_angle([1.0, 0.0, 0.0], 0.0)).is_2d());
        assert!(changed(|matrix| matrix.rotate_axis_angle([0.0; 3], 5.0)).is_identity());
    }

    #[test]
    fn changes_apply_to_the_point_from_the_last_to_the_first() {
        let matrix = changed(|matrix| {
            matrix.translate([10.0, 20.0, 0.0]);
            matrix.scale([2.0, 3.0, 1.0], [0.0; 3]);
        });
        let point = Point {
            x: 1.0,
            y: 1.0,
            ..Point::default()
        };
        let moved = matrix.transform(point);
        assert_eq!((moved.x, moved.y, moved.z, moved.w), (12.0, 23.0, 0.0, 1.0));
        let mut before = changed(|matrix| matrix.scale([2.0, 3.0, 1.0], [0.0; 3]));
        before.pre_multiply(&changed(|matrix| matrix.translate([10.0, 20.0, 0.0])));
        assert_eq!(before, matrix);
    }

    #[test]
    fn inverse_undoes_a_matrix_or_does_not_exist() {
        let elements = [2.0, 0.5, 0.25, 4.0, 8.0, -16.0];
        let mut matrix = Matrix::create_2d(elements);
        matrix.invert();
        matrix.multiply(&Matrix::create_2d(elements));
        for (index, element) in matrix.elements().into_iter().enumerate() {
            assert!((element - initial(index / 4, index % 4)).abs() < 1e-12);
        }
        let mut elements = [0.0; 16];
        for (index, element) in elements.iter_mut().enumerate() {
            *element = initial(index / 4, index % 4) * 2.0 + (index % 3) as f64 / 8.0;
        }
        let mut matrix = Matrix::create_3d(elements);
        matrix.invert();
        matrix.multiply(&Matrix::create_3d(elements));
        for (index, element) in matrix.elements().into_iter().enumerate() {
            assert!((element - initial(index / 4, index % 4)).abs() < 1e-12);
        }
        let mut flat = Matrix::create_2d([1.0, 1.0, 1.0, 1.0, 0.0, 0.0]);
        flat.invert();
        assert!(!flat.is_2d() && flat.elements().iter().all(|element| element.is_nan()));
    }

    #[test]
    fn infinite_elements_keep_a_matrix_2d() {
        let mut matrix = Matrix::create_2d([1.0, 0.0, 0.0, 1.0, f64::INFINITY, 0.0]);
        matrix.translate([1.0, 1.0, 0.0]);
        assert_eq!(matrix.at(2, 2), 1.0);
        assert_eq!(matrix.at(3, 0), f64::INFINITY);
    }

    #[test]
    fn members_that_contradict_each_other_are_refused() {
        let contradiction = init(&[("a", 1.0), ("m11", 2.0)], None);
        assert_eq!(contradiction.validate_and_fixup(), Err(("a", "m11")));
        let same = init(
            &[
                ("b", 0.0),
                ("m12", -0.0),
                ("c", f64::NAN),
                ("m21", f64::NAN),
            ],
            None,
        );
        assert!(same.validate_and_fixup().is_ok());
        let flat = init(&[("m13", 1.0)], Some(true));
        assert_eq!(flat.validate_and_fixup(), Err(("is2D", "m13")));
        let implied = init(&[("m44", 2.0)], None).validate_and_fixup();
        assert_eq!(implied.map(|matrix| matrix.is_2d()), Ok(false));
        let deep = init(&[], Some(false)).validate_and_fixup();
        assert_eq!(deep.map(|matrix| matrix.is_2d()), Ok(false));
    }
}
