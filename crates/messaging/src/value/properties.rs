//! The own properties of plain objects and Arrays, in ECMAScript's order: array indices first,
//! ascending; then names, as they were added.
//!
//! Which of the two an object is made for is stored in place, the other elsewhere.

use super::indexed::Indexed;
use super::named::Named;
use super::object::{Object, ValuesOut};
use super::{JsString, Value};
use crate::structured_clone::{CloneError, PropertyKey, Scan};

/// The properties of a plain object.
#[derive(Default)]
pub(super) struct Ordinary {
    pub(super) named: Named,
    pub(super) indexed: Option<Box<Indexed>>,
}

/// The properties of an Array, and its length.
#[derive(Default)]
pub(super) struct Array {
    pub(super) length: u32,
    pub(super) indexed: Indexed,
    pub(super) named: Option<Box<Named>>,
}

/// The properties of either, to be read.
#[derive(Clone, Copy)]
pub(super) struct Own<'a> {
    indexed: Option<&'a Indexed>,
    named: Option<&'a Named>,
    // Of an Array.
    length: Option<u32>,
}

impl Ordinary {
    #[inline]
    pub(super) fn own(&self) -> Own<'_> {
        Own {
            indexed: self.indexed.as_deref(),
            named: Some(&self.named),
            length: None,
        }
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

    /// An Array of these elements, which are taken away.
    #[inline]
    pub(super) fn of(elements: &mut [Value]) -> Self {
        Self {
            // Whoever counts elements counts them in 32 bits.
            length: u32::try_from(elements.len()).unwrap_or(u32::MAX),
            indexed: Indexed::of(elements),
            named: None,
        }
    }

    #[inline]
    pub(super) fn own(&self) -> Own<'_> {
        Own {
            indexed: Some(&self.indexed),
            named: self.named.as_deref(),
            length: Some(self.length),
        }
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

    /// Gives a new Array these elements.
    #[inline]
    pub(super) fn fill(&mut self, values: impl Iterator<Item = Value>) {
        self.indexed.fill(values);
        // Whoever counts elements counts them in 32 bits.
        let length = u32::try_from(self.indexed.dense().len()).unwrap_or(u32::MAX);
        self.length = self.length.max(length);
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

/// Positions of a scan up to here are indices, the others names.
const NAMES: u64 = 1 << 32;

impl<'a> Own<'a> {
    pub(super) fn append_keys(self, keys: &mut Vec<PropertyKey<JsString>>) {
        let indices = self.indexed.into_iter().flat_map(Indexed::keys);
        keys.extend(indices.map(PropertyKey::Index));
        let names = self.named.into_iter().flat_map(Named::names);
        keys.extend(names.cloned().map(PropertyKey::Name));
    }

    pub(super) fn get(self, key: &PropertyKey<JsString>) -> Option<&'a Value> {
        match key {
            PropertyKey::Index(index) => self.indexed?.get(*index),
            PropertyKey::Name(name) => self.named?.get(name),
        }
    }

    /// The value of `key`, which once was the key at `position`.
    pub(super) fn get_near(
        self,
        key: &PropertyKey<JsString>,
        position: usize,
    ) -> Option<&'a Value> {
        match (key, self.indexed) {
            (PropertyKey::Name(name), None) => self.named?.get_near(name, position),
            _ => self.get(key),
        }
    }

    /// Whether any of the values is an object.
    #[inline]
    pub(super) fn leads_further(self) -> bool {
        let named = |named: &Named| named.values().iter().any(Value::is_object);
        self.named.is_some_and(named) || self.indexed.is_some_and(Indexed::has_objects)
    }

    /// Writes the object of these properties, if they hold nothing but primitives.
    #[inline]
    pub(super) fn write_leaf(self, out: &mut ValuesOut<'_>) -> Result<bool, CloneError> {
        if self.leads_further() {
            return Ok(false);
        }
        let mut form = out.leaf(self.length)?;
        let out = &mut out.within(&mut form);
        self.begin(out)?;
        if let Some(indexed) = self.indexed {
            for (index, value) in (0..).zip(indexed.dense()) {
                if let Some(value) = value {
                    out.index(index);
                    value.write_primitive(out)?;
                }
            }
            for (index, value) in indexed.sparse() {
                out.index(index);
                value.write_primitive(out)?;
            }
        }
        if let Some(named) = self.named {
            for (name, value) in named.names().iter().zip(named.values()) {
                out.name(name, JsString::units)?;
                value.write_primitive(out)?;
            }
        }
        out.end();
        Ok(true)
    }

    /// See [`Heap::scan_properties`](crate::Heap::scan_properties).
    pub(super) fn scan(
        self,
        position: &mut u64,
        out: &mut ValuesOut<'_>,
    ) -> Result<Scan<Object>, CloneError> {
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

    /// Writes all keys at once, if they are such as are often met.
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
