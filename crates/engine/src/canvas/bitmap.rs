//! Pixels in memory, and the painting operations on them.
//!
//! This module knows no script. A pixel has eight bits each of red, green, blue and alpha, in sRGB.
//!
//! IMPLEMENTATION-DEFINED: colours are stored without premultiplied alpha, so that `getImageData()`
//! reads exactly what `putImageData()` wrote. Scaled images use the nearest pixel.

/// The most bytes that one bitmap may take.
///
/// IMPLEMENTATION-DEFINED: a larger canvas keeps its size but cannot be painted on. Larger image
/// data is refused.
pub(crate) const MAX_BYTES: usize = 256 << 20;

/// Returns the size of the pixels in bytes, or `None` above `MAX_BYTES`.
pub(crate) fn byte_length(width: u32, height: u32) -> Option<usize> {
    let bytes = u64::from(width)
        .checked_mul(u64::from(height))?
        .checked_mul(4)?;
    usize::try_from(bytes)
        .ok()
        .filter(|bytes| *bytes <= MAX_BYTES)
}

/// A rectangle in pixels, with `left <= right` and `top <= bottom`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Rect {
    pub(crate) left: f64,
    pub(crate) top: f64,
    pub(crate) right: f64,
    pub(crate) bottom: f64,
}

impl Rect {
    /// Creates a rectangle with a corner at (`x`, `y`). Width and height may be negative. Returns
    /// `None` if a number is not finite.
    pub(crate) fn new(x: f64, y: f64, width: f64, height: f64) -> Option<Self> {
        let (far_x, far_y) = (x + width, y + height);
        [x, y, far_x, far_y]
            .iter()
            .all(|n| n.is_finite())
            .then_some(Self {
                left: x.min(far_x),
                top: y.min(far_y),
                right: x.max(far_x),
                bottom: y.max(far_y),
            })
    }

    fn width(&self) -> f64 {
        self.right - self.left
    }

    fn height(&self) -> f64 {
        self.bottom - self.top
    }

    fn intersect(&self, other: &Self) -> Option<Self> {
        let both = Self {
            left: self.left.max(other.left),
            top: self.top.max(other.top),
            right: self.right.min(other.right),
            bottom: self.bottom.min(other.bottom),
        };
        (both.left < both.right && both.top < both.bottom).then_some(both)
    }

    /// Returns which fraction of the pixel at (`x`, `y`) the rectangle covers.
    fn coverage(&self, x: usize, y: usize) -> f64 {
        let across = overlap(self.left, self.right, as_f64(x));
        across * overlap(self.top, self.bottom, as_f64(y))
    }

    /// Returns the columns and rows of pixels that the rectangle touches.
    fn pixels(&self) -> (std::ops::Range<usize>, std::ops::Range<usize>) {
        (
            floor(self.left)..floor(self.right.ceil()),
            floor(self.top)..floor(self.bottom.ceil()),
        )
    }
}

fn overlap(from: f64, to: f64, at: f64) -> f64 {
    (to.min(at + 1.0) - from.max(at)).clamp(0.0, 1.0)
}

#[allow(
    clippy::cast_precision_loss,
    reason = "a coordinate of a bitmap, far below 2^53"
)]
fn as_f64(n: usize) -> f64 {
    n as f64
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the cast saturates, and callers have clipped to a bitmap"
)]
fn floor(n: f64) -> usize {
    n.max(0.0).floor() as usize
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the number is clamped to a byte"
)]
fn byte(n: f64) -> u8 {
    n.round().clamp(0.0, 255.0) as u8
}

/// A bitmap of 8-bit RGBA pixels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bitmap {
    width: u32,
    height: u32,
    /// OPTIMIZATION: empty while all pixels are transparent black.
    data: Vec<u8>,
}

impl Bitmap {
    /// Creates a bitmap of transparent black.
    pub(crate) fn new(width: u32, height: u32) -> Self {
        Self {
            width,
            height,
            data: Vec::new(),
        }
    }

    /// Creates a bitmap from pixels, row by row. Missing pixels are transparent black.
    pub(crate) fn from_pixels(width: u32, height: u32, mut data: Vec<u8>) -> Self {
        match byte_length(width, height) {
            Some(length) => data.resize(length, 0),
            None => data.clear(),
        }
        Self {
            width,
            height,
            data,
        }
    }

    pub(crate) fn width(&self) -> u32 {
        self.width
    }

    pub(crate) fn height(&self) -> u32 {
        self.height
    }

    fn bounds(&self) -> Rect {
        Rect {
            left: 0.0,
            top: 0.0,
            right: self.width.into(),
            bottom: self.height.into(),
        }
    }

    /// Returns the pixels for painting, allocated. Returns `None` if the bitmap is too large.
    fn pixels_mut(&mut self) -> Option<&mut [u8]> {
        if self.data.is_empty() {
            let length = byte_length(self.width, self.height)?;
            self.data.resize(length, 0);
        }
        Some(&mut self.data)
    }

    fn offset(&self, x: usize, y: usize) -> usize {
        (y * self.width as usize + x) * 4
    }

    fn pixel(&self, x: usize, y: usize) -> [u8; 4] {
        let at = self.offset(x, y);
        self.data
            .get(at..at + 4)
            .and_then(|pixel| pixel.try_into().ok())
            .unwrap_or_default()
    }

    /// Paints `paint(x, y)` over every pixel of `area`, weighted by the coverage.
    fn paint(&mut self, area: &Rect, alpha: f64, paint: impl Fn(usize, usize) -> [u8; 4]) {
        let Some(clipped) = area.intersect(&self.bounds()) else {
            return;
        };
        if self.pixels_mut().is_none() {
            return;
        }
        let (columns, rows) = clipped.pixels();
        for y in rows {
            for x in columns.clone() {
                let at = self.offset(x, y);
                if let Some(below) = self.data.get_mut(at..at + 4) {
                    source_over(below, paint(x, y), alpha * clipped.coverage(x, y));
                }
            }
        }
    }

    /// Fills a rectangle with one colour.
    pub(crate) fn fill_rect(&mut self, area: &Rect, color: [u8; 4], alpha: f64) {
        self.paint(area, alpha, |_, _| color);
    }

    /// Clears a rectangle to transparent black.
    pub(crate) fn clear_rect(&mut self, area: &Rect) {
        let Some(clipped) = area.intersect(&self.bounds()) else {
            return;
        };
        if self.data.is_empty() {
            return;
        }
        let (columns, rows) = clipped.pixels();
        for y in rows {
            for x in columns.clone() {
                let left = 1.0 - clipped.coverage(x, y);
                let at = self.offset(x, y);
                if let Some([red, green, blue, alpha]) = self.data.get_mut(at..at + 4) {
                    *alpha = byte(f64::from(*alpha) * left);
                    if *alpha == 0 {
                        (*red, *green, *blue) = (0, 0, 0);
                    }
                }
            }
        }
    }

    /// Paints the part `source` of another bitmap, scaled to fill `area`.
    pub(crate) fn draw(&mut self, image: &Self, source: &Rect, area: &Rect, alpha: f64) {
        // Clip `source` to the image, and `area` by the same proportion.
        let Some(inside) = source.intersect(&image.bounds()) else {
            return;
        };
        let scale_x = area.width() / source.width();
        let scale_y = area.height() / source.height();
        let area = Rect {
            left: area.left + (inside.left - source.left) * scale_x,
            top: area.top + (inside.top - source.top) * scale_y,
            right: area.right - (source.right - inside.right) * scale_x,
            bottom: area.bottom - (source.bottom - inside.bottom) * scale_y,
        };
        let nearest = |at: usize, start: f64, scale: f64, from: f64, to: f64| {
            let there = from + (as_f64(at) + 0.5 - start) / scale;
            floor(there.clamp(from, to)).min(floor(to.ceil()).saturating_sub(1))
        };
        self.paint(&area, alpha, |x, y| {
            let x = nearest(x, area.left, scale_x, inside.left, inside.right);
            let y = nearest(y, area.top, scale_y, inside.top, inside.bottom);
            image.pixel(x, y)
        });
    }

    /// Copies a rectangle. Pixels outside the bitmap are transparent black. Returns `None` if the
    /// rectangle is too large.
    pub(crate) fn read(&self, x: i64, y: i64, width: u32, height: u32) -> Option<Vec<u8>> {
        let mut pixels = vec![0; byte_length(width, height)?];
        self.for_rows((x, y), (width, height), |ours, theirs| {
            if let (Some(from), Some(to)) = (self.data.get(ours), pixels.get_mut(theirs)) {
                to.copy_from_slice(from);
            }
        });
        Some(pixels)
    }

    /// Writes the part `dirty` (left, top, width, height) of the image `pixels` with its origin at
    /// (`x`, `y`). The image has `width` pixels per row.
    pub(crate) fn write(
        &mut self,
        pixels: &[u8],
        width: u32,
        (x, y): (i64, i64),
        dirty: (u32, u32, u32, u32),
    ) {
        if self.pixels_mut().is_none() {
            return;
        }
        let (left, top, dirty_width, dirty_height) = dirty;
        let mut data = std::mem::take(&mut self.data);
        let corner = (x + i64::from(left), y + i64::from(top));
        for row in 0..dirty_height {
            let from = (top + row) as usize * width as usize + left as usize;
            let at = (corner.0, corner.1 + i64::from(row));
            self.for_rows(at, (dirty_width, 1), |ours, theirs| {
                let theirs = theirs.start + from * 4..theirs.end + from * 4;
                if let (Some(to), Some(from)) = (data.get_mut(ours), pixels.get(theirs)) {
                    to.copy_from_slice(from);
                }
            });
        }
        self.data = data;
    }

    /// Calls `row` for each row of a rectangle that overlaps the bitmap, with the byte range in the
    /// bitmap and the byte range in the rectangle.
    fn for_rows(
        &self,
        (x, y): (i64, i64),
        (width, height): (u32, u32),
        mut row: impl FnMut(std::ops::Range<usize>, std::ops::Range<usize>),
    ) {
        let left = x.max(0);
        let right = x.saturating_add(width.into()).min(self.width.into());
        let top = y.max(0);
        let bottom = y.saturating_add(height.into()).min(self.height.into());
        let size = |n: i64| usize::try_from(n).unwrap_or(0);
        let length = size(right - left) * 4;
        if length == 0 {
            return;
        }
        for line in top..bottom {
            let ours = self.offset(size(left), size(line));
            let theirs = (size(line - y) * width as usize + size(left - x)) * 4;
            row(ours..ours + length, theirs..theirs + length);
        }
    }

    /// Returns the bitmap flipped vertically.
    pub(crate) fn flipped(&self) -> Self {
        let row = self.width as usize * 4;
        let data = if row == 0 {
            Vec::new()
        } else {
            self.data.chunks(row).rev().flatten().copied().collect()
        };
        Self { data, ..*self }
    }
}

/// [Source over](https://www.w3.org/TR/compositing-1/#porterduffcompositingoperators_srcover)
fn source_over(below: &mut [u8], [red, green, blue, opacity]: [u8; 4], alpha: f64) {
    let above = f64::from(opacity) / 255.0 * alpha;
    let [to_red, to_green, to_blue, to_alpha] = below else {
        return;
    };
    let kept = f64::from(*to_alpha) / 255.0 * (1.0 - above);
    let sum = above + kept;
    if sum <= 0.0 {
        return;
    }
    for (to, from) in [(to_red, red), (to_green, green), (to_blue, blue)] {
        *to = byte((f64::from(from) * above + f64::from(*to) * kept) / sum);
    }
    *to_alpha = byte(sum * 255.0);
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::{Bitmap, Rect};

    const RED: [u8; 4] = [255, 0, 0, 255];

    fn rect(x: f64, y: f64, width: f64, height: f64) -> Rect {
        Rect::new(x, y, width, height).unwrap()
    }

    fn alphas(bitmap: &Bitmap) -> Vec<u8> {
        let all = bitmap.read(0, 0, bitmap.width(), bitmap.height()).unwrap();
        all.chunks(4).map(|pixel| pixel[3]).collect()
    }

    #[test]
    fn rectangle_covers_edge_pixels_partly() {
        let mut bitmap = Bitmap::new(3, 1);
        bitmap.fill_rect(&rect(0.5, 0.0, 2.0, 1.0), RED, 1.0);
        assert_eq!(alphas(&bitmap), [128, 255, 128]);
        bitmap.clear_rect(&rect(3.0, 1.0, -2.0, -1.0));
        assert_eq!(alphas(&bitmap), [128, 0, 0]);
        bitmap.fill_rect(&rect(-10.0, -10.0, 5.0, 5.0), RED, 1.0);
        bitmap.fill_rect(&rect(0.0, 0.0, 1e300, 1e300), RED, 1.0);
        assert_eq!(alphas(&bitmap), [255; 3]);
        assert_eq!(Rect::new(0.0, f64::NAN, 1.0, 1.0), None);
    }

    #[test]
    fn colours_blend_by_alpha() {
        let mut bitmap = Bitmap::new(1, 1);
        bitmap.fill_rect(&rect(0.0, 0.0, 1.0, 1.0), [0, 0, 255, 255], 1.0);
        bitmap.fill_rect(&rect(0.0, 0.0, 1.0, 1.0), RED, 0.5);
        assert_eq!(bitmap.read(0, 0, 1, 1).unwrap(), [128, 0, 128, 255]);
        let mut empty = Bitmap::new(1, 1);
        empty.fill_rect(&rect(0.0, 0.0, 1.0, 1.0), RED, 0.5);
        assert_eq!(empty.read(0, 0, 1, 1).unwrap(), [255, 0, 0, 128]);
    }

    #[test]
    fn reads_and_writes_clip_to_the_bitmap() {
        let mut bitmap = Bitmap::new(2, 2);
        let pixels: Vec<u8> = (1..=16).collect();
        bitmap.write(&pixels, 2, (1, 1), (0, 0, 2, 2));
        assert_eq!(bitmap.read(1, 1, 1, 1).unwrap(), [1, 2, 3, 4]);
        bitmap.write(&pixels, 2, (-1, -1), (1, 1, 1, 1));
        assert_eq!(bitmap.read(0, 0, 1, 1).unwrap(), [13, 14, 15, 16]);
        let around = bitmap.read(-1, -1, 2, 2).unwrap();
        assert_eq!(&around[..12], [0; 12]);
        assert_eq!(&around[12..], [13, 14, 15, 16]);
        assert_eq!(bitmap.read(i64::MAX, i64::MIN, 1, 1).unwrap(), [0; 4]);
        assert_eq!(bitmap.read(0, 0, u32::MAX, u32::MAX), None);
    }

    #[test]
    fn images_are_scaled_and_clipped() {
        let image = Bitmap::from_pixels(2, 1, vec![1, 1, 1, 255, 9, 9, 9, 255]);
        let mut bitmap = Bitmap::new(4, 1);
        bitmap.draw(
            &image,
            &rect(0.0, 0.0, 2.0, 1.0),
            &rect(0.0, 0.0, 4.0, 1.0),
            1.0,
        );
        let reds: Vec<u8> = bitmap
            .read(0, 0, 4, 1)
            .unwrap()
            .chunks(4)
            .map(|pixel| pixel[0])
            .collect();
        assert_eq!(reds, [1, 1, 9, 9]);
        let mut cut = Bitmap::new(4, 1);
        cut.draw(
            &image,
            &rect(-1.0, 0.0, 2.0, 1.0),
            &rect(0.0, 0.0, 2.0, 1.0),
            1.0,
        );
        assert_eq!(alphas(&cut), [0, 255, 0, 0]);
    }

    #[test]
    fn oversized_bitmap_stays_empty() {
        let mut bitmap = Bitmap::new(u32::MAX, u32::MAX);
        bitmap.fill_rect(&rect(0.0, 0.0, 1.0, 1.0), RED, 1.0);
        assert_eq!(bitmap.read(0, 0, 1, 1).unwrap(), [0; 4]);
    }

    #[test]
    fn flipped_bitmap_reverses_its_rows() {
        let bitmap = Bitmap::from_pixels(1, 2, vec![1, 1, 1, 1, 2, 2, 2, 2]);
        assert_eq!(bitmap.flipped().read(0, 0, 1, 1).unwrap(), [2; 4]);
    }
}
