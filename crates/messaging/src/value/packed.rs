//! Small plain objects and Arrays, whose values are stored inside the object itself.

use super::named::Shape;
use super::object::{Object, ValuesOut};
use super::{JsString, Value};
use crate::structured_clone::{CloneError, PropertyKey, Scan};

/// The number of values stored inside the object. With this number, the whole object fits the size
/// classes that allocators treat as small.
pub(super) const ROOM: usize = 4;

/// No values.
pub(super) const EMPTY: [Value; ROOM] = [const { Value::Undefined }; ROOM];

/// The properties of a small plain object, or of a small Array if there is no shape.
#[derive(Clone, Copy)]
pub(super) struct Packed<'a> {
    pub(super) shape: Option<&'a Shape>,
    pub(super) values: &'a [Value],
}

impl<'a> Packed<'a> {
    pub(super) fn append_keys(self, keys: &mut Vec<PropertyKey<JsString>>) {
        match self.shape {
            Some(shape) => keys.extend(shape.as_ref().iter().cloned().map(PropertyKey::Name)),
            None => keys.extend((0..self.values.len() as u32).map(PropertyKey::Index)),
        }
    }

    pub(super) fn get(self, key: &PropertyKey<JsString>) -> Option<&'a Value> {
        let position = match (key, self.shape) {
            (PropertyKey::Name(name), Some(shape)) => shape.position(name)?,
            (PropertyKey::Index(index), None) => *index as usize,
            _ => return None,
        };
        self.values.get(position)
    }

    /// The value of `key`. `position` is where the key was when it was listed.
    pub(super) fn get_near(
        self,
        key: &PropertyKey<JsString>,
        position: usize,
    ) -> Option<&'a Value> {
        if let (PropertyKey::Name(name), Some(shape)) = (key, self.shape)
            && let Some(found) = shape.as_ref().get(position)
            && found.is_same(name)
        {
            return self.values.get(position);
        }
        self.get(key)
    }

    /// Writes the object with these properties, if they hold only primitives.
    #[inline]
    pub(super) fn write_leaf(self, out: &mut ValuesOut<'_>) -> Result<bool, CloneError> {
        if self.values.iter().any(Value::is_object) {
            return Ok(false);
        }
        let length = self.shape.is_none().then_some(self.values.len() as u32);
        let mut form = out.leaf(length)?;
        let out = &mut out.within(&mut form);
        self.begin(out)?;
        for (position, value) in self.values.iter().enumerate() {
            if out.wants_keys() {
                self.key(position, out)?;
            }
            value.write_primitive(out)?;
        }
        out.end();
        Ok(true)
    }

    /// See [`Heap::scan_properties`](crate::Heap::scan_properties).
    #[inline]
    pub(super) fn scan(
        self,
        scanned: &mut u64,
        out: &mut ValuesOut<'_>,
    ) -> Result<Scan<Object>, CloneError> {
        if *scanned == 0 {
            self.begin(out)?;
        }
        let start = *scanned as usize;
        let rest = self.values.get(start..).unwrap_or_default();
        for (position, value) in (start..).zip(rest) {
            if out.wants_keys() {
                self.key(position, out)?;
            }
            if let Some(object) = value.write_to(out)? {
                *scanned = position as u64 + 1;
                return Ok(Scan::Object(object.clone()));
            }
        }
        Ok(Scan::End)
    }

    /// Writes all keys at once, if possible.
    #[inline]
    fn begin(self, out: &mut ValuesOut<'_>) -> Result<(), CloneError> {
        match self.shape {
            Some(shape) => out.shape(shape, JsString::units),
            None => {
                out.elements(self.values.len() as u32);
                Ok(())
            }
        }
    }

    /// Writes the key at `position`.
    fn key(self, position: usize, out: &mut ValuesOut<'_>) -> Result<(), CloneError> {
        match self.shape.and_then(|shape| shape.as_ref().get(position)) {
            Some(name) => out.name(name, JsString::units),
            None => {
                out.index(position as u32);
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::data::Data;

    #[test]
    fn object_fits_a_small_size_class_of_allocators() {
        // Includes the two reference counts and a borrow flag.
        assert_eq!(size_of::<Data>() + 24, 104);
    }

    #[test]
    fn changes_apply_to_small_and_large_objects_alike() {
        for length in 0..=ROOM as u32 + 2 {
            let list = Value::list(0..length);
            let record = Value::record((0..length).map(|n| (format!("k{n}"), n)));
            let (list, record) = (list.as_object(), record.as_object());
            let (Some(list), Some(record)) = (list, record) else {
                panic!("objects");
            };
            assert_eq!(list.array_length(), Some(length));
            assert_eq!(list.get(length), None);
            assert!(list.set(length + 1, "far") && record.set("k0", "new"));
            assert!(record.set(7, "index"));
            assert_eq!(list.array_length(), Some(length + 2));
            assert_eq!(list.keys().len() as u32, length + 1);
            assert_eq!(record.get("k0"), Some("new".into()));
            assert_eq!(record.keys().first(), Some(&PropertyKey::Index(7)));
            assert_eq!(record.keys().len() as u32, length.max(1) + 1);
            assert_eq!(record.remove("k0"), Some("new".into()));
            assert_eq!(record.get("k0"), None);
            list.set_array_length(1);
            assert_eq!(list.keys().len() as u32, length.min(1));
        }
    }
}
