//! Objects whose keys come before their values: plain objects of a shape, and Arrays of elements.

use super::{Deserializer, Frame, Result};
use crate::structured_clone::class::{Kind, NewObject};
use crate::structured_clone::error::Failure;
use crate::structured_clone::heap::Heap;
use crate::structured_clone::value_reader::ValueReader;
use crate::structured_clone::wire::tags;

/// A plain object of a shape, or an Array, that gets all its values at once.
pub(super) struct Collected<O> {
    // `None` while nothing can refer to it.
    object: Option<O>,
    shape: Option<u32>,
    // The range of its values.
    start: usize,
    end: usize,
}

/// Whether `tag` begins an object whose keys come before its values.
fn is_keyless(tag: u8) -> bool {
    matches!(tag, tags::LIST | tags::SHAPED | tags::NEW_SHAPE)
}

impl<H: Heap> Deserializer<'_, '_, H> {
    /// Begins the object with this tag, and reads as much of it as possible.
    pub(super) fn begin_keyless(&mut self, tag: u8) -> Result<Option<H::Value>, H> {
        let (shape, length) = self.keys(tag)?;
        match self.create_to_fill(shape)? {
            Some(object) => {
                let start = self.filled.len();
                self.frames.push(Frame::Filled { start });
                self.fill(start, object, length)
            }
            None => {
                let begun = self.collected(shape, length)?;
                self.collect(begun)
            }
        }
    }

    /// Reads the keys: the number of a shape, if there is one, and the number of keys.
    #[inline]
    fn keys(&mut self, tag: u8) -> Result<(Option<u32>, usize), H> {
        let (shape, length) = if tag == tags::LIST {
            (None, self.reader.varint32()? as usize)
        } else {
            let number = match tag {
                tags::SHAPED => self.reader.varint32()?,
                _ => self.new_shape()?,
            };
            match self.shapes.get(number as usize) {
                Some((_, length)) => (Some(number), *length),
                None => return Err(self.reader.malformed("a known shape expected").into()),
            }
        };
        // Each value takes a byte. The check also keeps sums from overflowing.
        if length > self.reader.left() {
            return Err(self.reader.malformed("more bytes expected").into());
        }
        Ok((shape, length))
    }

    #[inline]
    fn create_to_fill(&mut self, shape: Option<u32>) -> Result<Option<H::Object>, H> {
        let shape = shape.and_then(|number| self.shapes.get(number as usize));
        let shape = shape.map(|(shape, _)| shape);
        match self.heap.create_to_fill(self.realm, shape)? {
            Some(object) => self.remember(object).map(Some),
            None => Ok(None),
        }
    }

    /// Continues with the innermost object, and with those that begin in it or end with it, until
    /// another kind of object comes.
    pub(super) fn keyless(&mut self) -> Result<Option<H::Value>, H> {
        match self.frames.pop() {
            Some(Frame::Collected(innermost)) => self.collect(innermost),
            Some(Frame::Filled { start }) => {
                self.frames.push(Frame::Filled { start });
                match self.filled.pop() {
                    Some((object, left)) => self.fill(start, object, left),
                    None => Ok(None),
                }
            }
            other => {
                self.frames.extend(other);
                Ok(None)
            }
        }
    }

    /// Fills `object`, which lacks `left` values. The objects around it are in `filled` from `start`
    /// on.
    fn fill(
        &mut self,
        start: usize,
        object: H::Object,
        left: usize,
    ) -> Result<Option<H::Value>, H> {
        let (mut object, mut left) = (object, left);
        loop {
            let mut values = ValueReader {
                reader: self.reader,
                buffer: &mut self.buffer,
                left,
            };
            self.heap.fill(&object, &mut values)?;
            (self.reader, left) = (values.reader, values.left);
            if left == 0 {
                if self.filled.len() > start
                    && let Some(outer) = self.filled.pop()
                {
                    // A complete object is already in its place.
                    (object, left) = outer;
                    continue;
                }
                self.frames.pop();
                return self.object_value(object).map(Some);
            }
            let tag = self.reader.byte()?;
            if !is_keyless(tag) {
                self.filled.push((object, left));
                return self.value(tag);
            }
            let (shape, length) = self.keys(tag)?;
            let Some(begun) = self.create_to_fill(shape)? else {
                self.filled.push((object, left));
                let begun = self.collected(shape, length)?;
                return self.collect(begun);
            };
            let value = Kind::Object(begun.clone());
            self.heap.append(&object, value).map_err(Failure::Heap)?;
            self.filled.push((object, left - 1));
            (object, left) = (begun, length);
        }
    }

    fn collected(&mut self, shape: Option<u32>, length: usize) -> Result<Collected<H::Object>, H> {
        let object =
            self.create_early(shape.map_or(NewObject::Array(0), |_| NewObject::Ordinary))?;
        let start = self.values.len();
        Ok(Collected {
            object,
            shape,
            start,
            end: start + length,
        })
    }

    fn collect(&mut self, innermost: Collected<H::Object>) -> Result<Option<H::Value>, H> {
        let mut innermost = innermost;
        loop {
            if self.values.len() < innermost.end {
                let tag = self.reader.byte()?;
                if let Some(primitive) = self.primitive(tag)? {
                    let value = self.heap.value(primitive).map_err(Failure::Heap)?;
                    self.values.push(value);
                    continue;
                }
                self.frames.push(Frame::Collected(innermost));
                if !is_keyless(tag) {
                    return self.object(tag);
                }
                let (shape, length) = self.keys(tag)?;
                innermost = self.collected(shape, length)?;
                continue;
            }
            let value = self.complete(innermost)?;
            match self.frames.pop() {
                Some(Frame::Collected(outer)) => {
                    self.values.push(value);
                    innermost = outer;
                }
                outer => {
                    self.frames.extend(outer);
                    return Ok(Some(value));
                }
            }
        }
    }

    /// Gives the object its values, which are at the end of `values`.
    fn complete(&mut self, innermost: Collected<H::Object>) -> Result<H::Value, H> {
        let Collected {
            object,
            shape,
            start,
            ..
        } = innermost;
        let object = match (object, shape) {
            (Some(object), _) => object,
            (None, Some(_)) => self.heap.create(self.realm, NewObject::Ordinary)?,
            (None, None) => self.heap.create(self.realm, NewObject::Array(0))?,
        };
        let shape = shape.and_then(|shape| self.shapes.get(shape as usize));
        let values = self.values.drain(start..);
        match shape {
            Some((shape, _)) => self.heap.define_shaped(&object, shape, values),
            None => self.heap.define_elements(&object, values),
        }
        .map_err(Failure::Heap)?;
        self.heap.value(Kind::Object(object)).map_err(Failure::Heap)
    }
}
