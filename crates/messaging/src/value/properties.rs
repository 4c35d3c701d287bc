//! The own properties of plain objects and Arrays, in ECMAScript's order: array indices in
//! ascending order, then names in insertion order.
//!
//! The usual kind of keys is stored in place: names for a plain object, indices for an Array. The
//! other kind is stored elsewhere. Small objects that are created in one step are [`Packed`].

use super::indexed::Indexed;
use super::named::{Named, Shape};
use super::object::{Object, ValuesOut};
use super::packed::{Packed, ROOM};
use super::{JsString, Value};
use crate::structured_clone::{CloneError, PropertyKey, Scan};

/// The properties of a plain object.
#[derive(Default)]
pub(super) struct Ordinary {
    pub(super) named: Named,
    pub(super) indexed: Option<Box<Indexed>>,
}

/// The properties and the length of an Array.
#[derive(Default)]
pub(super) struct Array {
    pub(super) length: u32,
    pub(super) indexed: Indexed,
    pub(super) named: Option<Box<Named>>,
}

/// A read-only view of the properties of any plain object or Array.
#[derive(Clone, Copy)]
pub(super) enum Own<'a> {
    Packed(Packed<'a>),
    Other(Parts<'a>),
}

/// A read-only view of properties that are not packed.
#[derive(Clone, Copy)]
pub(super) struct Parts<'a> {
    indexed: Option<&'a Indexed>,
    named: Option<&'a Named>,
    // `Some` for an Array.
    length: Option<u32>,
}

impl Ordinary {
    #[inline]
    pub(super) fn parts(&self) -> Parts<'_> {
        Parts {
            indexed: self.indexed.as_deref(),
            named: Some(&self.named),
            length: None,
        }
    }

    /// Removes and returns the properties, if they are few names.
    pub(super) fn take_few(&mut self) -> Option<(Option<Shape>, Vec<Value>)> {
        if self.indexed.is_some() || self.named.values().len() > ROOM {
            return None;
        }
        let (shape, values) = self.named.take()?;
        Some((Some(shape), values))
    }

    pub(super) fn set(&mut self, key: PropertyKey<JsString>, value: Value) -> Option<Value> {
        match key {
            PropertyKey::Index(index) => self.indexed.get_or_insert_default().set(index, value),
            PropertyKey::Name(name) => self.named.set(name, value),
        }
    }

    #[inline]
    pub(super) fn each_value(&mut self, f: &mut impl FnMut(&mut Value)) {
        self.named.each_value(f);
        if let Some(indexed) = &mut self.indexed {
            indexed.each_value(f);
        }
    }

    pub(super) fn remove(&mut self, key: &PropertyKey<JsString>) -> Option<Value> {
        match key {
            PropertyKey::Index(index) => self.indexed.as_mut()?.remove(*index),
            PropertyKey::Name(name) => self.named.remove(name),
        }
    }
}

impl Array {
    pub(super) fn new(length: u32) -> Self {
        Self {
            length,
            ..Self::default()
        }
    }

    /// Creates an Array of these elements.
    pub(super) fn of(elements: impl ExactSizeIterator<Item = Value>) -> Self {
        Self {
            // The callers count elements in 32 bits.
            length: u32::try_from(elements.len()).unwrap_or(u32::MAX),
            indexed: Indexed::of(elements),
            named: None,
        }
    }

    #[inline]
    pub(super) fn parts(&self) -> Parts<'_> {
        Parts {
            indexed: Some(&self.indexed),
            named: self.named.as_deref(),
            length: Some(self.length),
        }
    }

    /// Removes and returns the elements, if they are few and the Array has no other properties.
    pub(super) fn take_few(&mut self) -> Option<Vec<Value>> {
        let few = self.length as usize <= ROOM && self.named.is_none();
        (few && self.indexed.is_packed(self.length)).then(|| self.indexed.take())
    }

    pub(super) fn set(&mut self, key: PropertyKey<JsString>, value: Value) -> Option<Value> {
        match key {
            PropertyKey::Index(index) => {
                self.length = self.length.max(index.saturating_add(1));
                self.indexed.set(index, value)
            }
            PropertyKey::Name(name) => self.named.get_or_insert_default().set(name, value),
        }
    }

    #[inline]
    pub(super) fn each_value(&mut self, f: &mut impl FnMut(&mut Value)) {
        self.indexed.each_value(f);
        if let Some(named) = &mut self.named {
            named.each_value(f);
        }
    }

    pub(super) fn remove(&mut self, key: &PropertyKey<JsString>) -> Option<Value> {
        match key {
            PropertyKey::Index(index) => self.indexed.remove(*index),
            PropertyKey::Name(name) => self.named.as_mut()?.remove(name),
        }
    }
}

/// An object with more properties is not scanned for objects before it is written.
const LARGEST_LEAF: usize = 16;

/// Scan positions below this are indices; the others are names.
const NAMES: u64 = 1 << 32;

impl<'a> Own<'a> {
    pub(super) fn append_keys(self, keys: &mut Vec<PropertyKey<JsString>>) {
        match self {
            Self::Packed(packed) => packed.append_keys(keys),
            Self::Other(parts) => parts.append_keys(keys),
        }
    }

    pub(super) fn get(self, key: &PropertyKey<JsString>) -> Option<&'a Value> {
        match self {
            Self::Packed(packed) => packed.get(key),
            Self::Other(parts) => parts.get(key),
        }
    }

    /// The value of `key`. `position` is where the key was when it was listed.
    pub(super) fn get_near(
        self,
        key: &PropertyKey<JsString>,
        position: usize,
    ) -> Option<&'a Value> {
        match (self, key) {
            (Self::Packed(packed), _) => packed.get_near(key, position),
            (
                Self::Other(Parts {
                    indexed: None,
                    named,
                    ..
                }),
                PropertyKey::Name(name),
            ) => named?.get_near(name, position),
            (Self::Other(parts), _) => parts.get(key),
        }
    }

    /// Writes the object with these properties, if they are few and hold only primitives.
    #[inline]
    pub(super) fn write_leaf(self, out: &mut ValuesOut<'_>) -> Result<bool, CloneError> {
        match self {
            Self::Packed(packed) => packed.write_leaf(out),
            Self::Other(parts) => parts.write_leaf(out),
        }
    }

    /// See [`Heap::scan_properties`](crate::Heap::scan_properties).
    #[inline]
    pub(super) fn scan(
        self,
        position: &mut u64,
        out: &mut ValuesOut<'_>,
    ) -> Result<Scan<Object>, CloneError> {
        match self {
            Self::Packed(packed) => packed.scan(position, out),
            Self::Other(parts) => parts.scan(position, out),
        }
    }
}

impl<'a> Parts<'a> {
    fn append_keys(self, keys: &mut Vec<PropertyKey<JsString>>) {
        let indices = self.indexed.into_iter().flat_map(Indexed::keys);
        keys.extend(indices.map(PropertyKey::Index));
        let names = self.named.into_iter().flat_map(Named::names);
        keys.extend(names.cloned().map(PropertyKey::Name));
    }

    fn get(self, key: &PropertyKey<JsString>) -> Option<&'a Value> {
        match key {
            PropertyKey::Index(index) => self.indexed?.get(*index),
            PropertyKey::Name(name) => self.named?.get(name),
        }
    }

    fn write_leaf(self, out: &mut ValuesOut<'_>) -> Result<bool, CloneError> {
        let named = self.named.map_or(&[][..], Named::values);
        let leaf = named.len() <= LARGEST_LEAF
            && !named.iter().any(Value::is_object)
            && self
                .indexed
                .is_none_or(|indexed| indexed.is_leaf(LARGEST_LEAF));
        if leaf {
            let mut form = out.leaf(self.length)?;
            let out = &mut out.within(&mut form);
            self.scan(&mut 0, out)?;
            out.end();
        }
        Ok(leaf)
    }

    fn scan(self, position: &mut u64, out: &mut ValuesOut<'_>) -> Result<Scan<Object>, CloneError> {
        if *position == 0 {
            self.begin(out)?;
        }
        if let Some(indexed) = self.indexed {
            while let Ok(index) = u32::try_from(*position)
                && let Some((index, value)) = indexed.next_from(index)
            {
                *position = u64::from(index) + 1;
                out.index(index);
                if let Some(object) = value.write_to(out)? {
                    return Ok(Scan::Object(object.clone()));
                }
            }
        }
        *position = (*position).max(NAMES);
        let Some(named) = self.named else {
            return Ok(Scan::End);
        };
        let next = (*position - NAMES) as usize;
        let names = named.names().get(next..).unwrap_or_default();
        let values = named.values().get(next..).unwrap_or_default();
        for (name, value) in names.iter().zip(values) {
            *position += 1;
            out.name(name, JsString::units)?;
            if let Some(object) = value.write_to(out)? {
                return Ok(Scan::Object(object.clone()));
            }
        }
        Ok(Scan::End)
    }

    /// Writes all keys at once, if they have a common form.
    #[inline]
    fn begin(self, out: &mut ValuesOut<'_>) -> Result<(), CloneError> {
        match self.length {
            Some(length) => {
                let indexed = self.indexed.filter(|indexed| indexed.is_packed(length));
                if indexed.is_some() && self.named.is_none_or(Named::is_empty) {
                    out.elements(length);
                }
            }
            None => {
                if self.indexed.is_none_or(Indexed::is_empty)
                    && let Some(shape) = self.named.and_then(Named::shape)
                {
                    out.shape(shape, JsString::units)?;
                }
            }
        }
        Ok(())
    }
}
