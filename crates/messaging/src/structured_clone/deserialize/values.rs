//! Objects whose keys are known before their values: those of a shape, and Arrays of elements.

use super::{Deserializer, Frame, Result};
use crate::structured_clone::class::{Kind, New};
use crate::structured_clone::error::Failure;
use crate::structured_clone::heap::Heap;
use crate::structured_clone::units::Units;
use crate::structured_clone::wire::tags;

impl<H: Heap> Deserializer<'_, '_, H> {
    pub(super) fn begin_shaped(&mut self, tag: u8) -> Result<Option<H::Value>, H> {
        let number = match tag {
            tags::SHAPED => self.reader.varint32()?,
            _ => self.new_shape()?,
        };
        let Some(&(_, length)) = self.shapes.get(number as usize) else {
            return Err(self.reader.malformed("a known shape expected").into());
        };
        self.begin_values(Some(number), length)
    }

    /// Begins a plain object of this shape, or an Array of elements. An object of primitives is
    /// complete at once.
    #[inline]
    pub(super) fn begin_values(
        &mut self,
        shape: Option<u32>,
        length: usize,
    ) -> Result<Option<H::Value>, H> {
        // Every value takes a byte, so this also keeps the sum from overflowing.
        if length > self.reader.left() {
            return Err(self.reader.malformed("more bytes expected").into());
        }
        // OPTIMIZATION: what nothing refers to is created once all that is in it is known.
        let object = if self.references {
            Some(self.create(shape.map_or(New::Array(0), |_| New::Ordinary))?)
        } else {
            self.count_object()?;
            None
        };
        let start = self.values.len();
        let end = start + length;
        if self.primitives_to(end)? {
            return self.complete(object, shape, start).map(Some);
        }
        self.frames.push(Frame::Values {
            object,
            shape,
            start,
            end,
        });
        Ok(None)
    }

    /// Reads values of the innermost object, up to its end or to one that has an end to come.
    pub(super) fn values_to(&mut self, end: usize) -> Result<Option<H::Value>, H> {
        while !self.primitives_to(end)? {
            let tag = self.reader.byte()?;
            match self.object(tag)? {
                Some(value) => self.values.push(value),
                None => return Ok(None),
            }
        }
        match self.frames.pop() {
            Some(Frame::Values {
                object,
                shape,
                start,
                ..
            }) => self.complete(object, shape, start).map(Some),
            _ => Ok(None),
        }
    }

    /// Reads values up to `end`; says whether none of them was an object to be read otherwise,
    /// before which it stops.
    ///
    /// OPTIMIZATION: the values that are most have an arm of their own here.
    #[inline]
    fn primitives_to(&mut self, end: usize) -> Result<bool, H> {
        while self.values.len() < end {
            let start = self.reader;
            match self.reader.byte()? {
                tag @ tags::SHORT_INTEGER.. => {
                    self.push(Kind::Number(f64::from(tag - tags::SHORT_INTEGER)))?;
                }
                tag @ tags::SHORT_LATIN1..tags::SHORT_INTEGER => {
                    let bytes = self.reader.take(u64::from(tag - tags::SHORT_LATIN1))?;
                    let string = self.heap.string(Units::Latin1(bytes));
                    self.push(Kind::String(string.map_err(Failure::Heap)?))?;
                }
                tags::INTEGER => {
                    let integer = self.reader.integer()?;
                    self.push(Kind::Number(f64::from(integer)))?;
                }
                tags::NUMBER => {
                    let number = self.reader.float()?;
                    self.push(Kind::Number(number))?;
                }
                tag => match self.primitive(tag)? {
                    Some(primitive) => self.push(primitive)?,
                    None => {
                        self.reader = start;
                        return Ok(false);
                    }
                },
            }
        }
        Ok(true)
    }

    #[inline]
    fn push(&mut self, primitive: Kind<H>) -> Result<(), H> {
        let value = self.heap.value(primitive).map_err(Failure::Heap)?;
        self.values.push(value);
        Ok(())
    }

    /// Gives an object of this shape, or an Array of elements, the values from `start` on.
    #[inline]
    fn complete(
        &mut self,
        object: Option<H::Object>,
        shape: Option<u32>,
        start: usize,
    ) -> Result<H::Value, H> {
        let (heap, values) = (&mut *self.heap, &mut self.values);
        let shape = shape.and_then(|shape| self.shapes.get(shape as usize));
        let object = match (object, shape) {
            (None, Some((shape, _))) => heap.create_shaped(self.realm, shape, values, start)?,
            (None, None) => heap.create_list(self.realm, values, start)?,
            (Some(object), Some((shape, _))) => {
                heap.define_shaped(&object, shape, values.drain(start..))
                    .map_err(Failure::Heap)?;
                object
            }
            (Some(object), None) => {
                heap.define_elements(&object, values.drain(start..))
                    .map_err(Failure::Heap)?;
                object
            }
        };
        self.values.truncate(start);
        self.object_value(object)
    }
}
