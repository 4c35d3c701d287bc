//! The own properties of a plain or Array object, in ECMAScript's order.

use std::collections::{BTreeMap, HashMap};

use super::{JsString, Value};
use crate::structured_clone::PropertyKey;

/// Array indices first, ascending; then names, as they were added.
#[derive(Default)]
pub(super) struct Properties {
    // `None` is a hole.
    dense: Vec<Option<Value>>,
    names: Vec<(JsString, Value)>,
    // What few objects have.
    rare: Option<Box<Rare>>,
}

#[derive(Default)]
struct Rare {
    // Indices too far above the dense ones; all of them are above.
    sparse: BTreeMap<u32, Value>,
    // Positions in `names`, once there are too many to look through one by one; or empty.
    lookup: HashMap<JsString, usize>,
}

/// An index this far above the dense ones still makes them grow.
const LARGEST_GAP: usize = 64;
/// More names than this get a table.
const FEW_NAMES: usize = 12;

impl Properties {
    pub(super) fn keys(&self, keys: &mut Vec<PropertyKey<JsString>>) {
        // Indices are 32 bits wide, so the dense ones are never more than that.
        let dense = (0_u32..).zip(&self.dense);
        keys.extend(
            dense
                .filter(|(_, value)| value.is_some())
                .map(|(index, _)| PropertyKey::Index(index)),
        );
        if let Some(rare) = &self.rare {
            keys.extend(rare.sparse.keys().map(|&index| PropertyKey::Index(index)));
        }
        keys.extend(
            self.names
                .iter()
                .map(|(name, _)| PropertyKey::Name(name.clone())),
        );
    }

    /// The value of `key`, which once was the key at `position` of [`Self::keys`].
    pub(super) fn get_near(&self, key: &PropertyKey<JsString>, position: usize) -> Option<&Value> {
        if let PropertyKey::Name(name) = key
            && self.dense.is_empty()
            && let Some((found, value)) = self.names.get(position)
            && found.is_same(name)
        {
            return Some(value);
        }
        self.get(key)
    }

    pub(super) fn get(&self, key: &PropertyKey<JsString>) -> Option<&Value> {
        match key {
            PropertyKey::Index(index) => match self.dense.get(*index as usize) {
                Some(value) => value.as_ref(),
                None => self.rare.as_ref()?.sparse.get(index),
            },
            PropertyKey::Name(name) => Some(&self.names.get(self.position(name)?)?.1),
        }
    }

    fn position(&self, name: &JsString) -> Option<usize> {
        match &self.rare {
            Some(rare) if !rare.lookup.is_empty() => rare.lookup.get(name).copied(),
            _ => self.names.iter().position(|(found, _)| found == name),
        }
    }

    /// Gives an empty object these properties, whose keys are distinct and whose indices grow.
    /// `indices` is how many begin with an index, as far as known. Gives back the last index.
    pub(super) fn fill(
        &mut self,
        indices: usize,
        properties: impl ExactSizeIterator<Item = (PropertyKey<JsString>, Value)>,
    ) -> Option<u32> {
        let mut last = None;
        self.dense.reserve_exact(indices);
        self.names.reserve_exact(properties.len() - indices);
        for (key, value) in properties {
            match key {
                PropertyKey::Index(index) => {
                    if index as usize == self.dense.len() && self.rare.is_none() {
                        self.dense.push(Some(value));
                    } else {
                        self.set_index(index, value);
                    }
                    last = Some(index);
                }
                PropertyKey::Name(name) => self.names.push((name, value)),
            }
        }
        if self.names.len() > FEW_NAMES {
            self.index_names();
        }
        last
    }

    pub(super) fn is_empty(&self) -> bool {
        self.dense.is_empty() && self.names.is_empty() && self.rare.is_none()
    }

    /// The number of dense indices, which are the first properties in order.
    pub(super) fn dense(&self) -> &[Option<Value>] {
        &self.dense
    }

    /// The first of the other indices from `index` on.
    pub(super) fn sparse_from(&self, index: u32) -> Option<(u32, &Value)> {
        let (index, value) = self.rare.as_ref()?.sparse.range(index..).next()?;
        Some((*index, value))
    }

    pub(super) fn names(&self) -> &[(JsString, Value)] {
        &self.names
    }

    pub(super) fn set(&mut self, key: PropertyKey<JsString>, value: Value) -> Option<Value> {
        match key {
            PropertyKey::Index(index) => self.set_index(index, value),
            PropertyKey::Name(name) => self.set_name(name, value),
        }
    }

    fn set_index(&mut self, index: u32, value: Value) -> Option<Value> {
        let at = index as usize;
        if let Some(slot) = self.dense.get_mut(at) {
            return slot.replace(value);
        }
        if at - self.dense.len() > LARGEST_GAP {
            let rare = self.rare.get_or_insert_default();
            return rare.sparse.insert(index, value);
        }
        while self.dense.len() <= at {
            self.adopt_sparse();
        }
        // What was sparse may now follow at once.
        while let Some(rare) = &self.rare
            && let Some((&next, _)) = rare.sparse.first_key_value()
            && next as usize == self.dense.len()
        {
            self.adopt_sparse();
        }
        self.dense.get_mut(at)?.replace(value)
    }

    /// Makes the dense part longer by one: by a sparse value of that index, or by a hole.
    fn adopt_sparse(&mut self) {
        let next = u32::try_from(self.dense.len());
        self.dense.push(match (&mut self.rare, next) {
            (Some(rare), Ok(next)) => rare.sparse.remove(&next),
            _ => None,
        });
    }

    fn set_name(&mut self, name: JsString, value: Value) -> Option<Value> {
        if let Some(position) = self.position(&name) {
            let slot = self.names.get_mut(position)?;
            return Some(std::mem::replace(&mut slot.1, value));
        }
        match &mut self.rare {
            Some(rare) if !rare.lookup.is_empty() => {
                rare.lookup.insert(name.clone(), self.names.len());
                self.names.push((name, value));
            }
            _ => {
                self.names.push((name, value));
                if self.names.len() > FEW_NAMES {
                    self.index_names();
                }
            }
        }
        None
    }

    fn index_names(&mut self) {
        let names = self.names.iter().map(|(name, _)| name.clone());
        self.rare.get_or_insert_default().lookup = names.zip(0..).collect();
    }

    pub(super) fn remove(&mut self, key: &PropertyKey<JsString>) -> Option<Value> {
        match key {
            PropertyKey::Index(index) => match self.dense.get_mut(*index as usize) {
                Some(slot) => slot.take(),
                None => self.rare.as_mut()?.sparse.remove(index),
            },
            PropertyKey::Name(name) => {
                let position = self.position(name)?;
                let (_, value) = self.names.remove(position);
                if self
                    .rare
                    .as_ref()
                    .is_some_and(|rare| !rare.lookup.is_empty())
                {
                    self.index_names();
                }
                Some(value)
            }
        }
    }

    /// Moves all values of indices from `length` on into `removed`.
    pub(super) fn truncate(&mut self, length: u32, removed: &mut Vec<Value>) {
        if let Some(from) = self.dense.len().checked_sub(length as usize) {
            let from = self.dense.len() - from;
            removed.extend(self.dense.drain(from..).flatten());
        }
        if let Some(rare) = &mut self.rare {
            removed.extend(rare.sparse.split_off(&length).into_values());
        }
    }

    /// Moves all values into `values` if there is an object among them; for dropping.
    pub(super) fn take_objects(&mut self, values: &mut Vec<Value>) {
        if self.names.iter().any(|(_, value)| value.is_object()) {
            let names = std::mem::take(&mut self.names).into_iter();
            values.extend(names.map(|(_, value)| value));
        }
        if self.dense.iter().flatten().any(Value::is_object) {
            values.extend(std::mem::take(&mut self.dense).into_iter().flatten());
        }
        if let Some(rare) = self.rare.take() {
            values.extend(rare.sparse.into_values());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(properties: &Properties) -> Vec<String> {
        let mut keys = Vec::new();
        properties.keys(&mut keys);
        keys.into_iter()
            .map(|key| match key {
                PropertyKey::Index(index) => index.to_string(),
                PropertyKey::Name(name) => name.to_string(),
            })
            .collect()
    }

    #[test]
    fn indices_come_first_and_ascending() {
        let mut properties = Properties::default();
        properties.set("b".into(), Value::from(1));
        properties.set(PropertyKey::Index(4_000_000_000), Value::from(2));
        properties.set(PropertyKey::Index(7), Value::from(3));
        properties.set("a".into(), Value::from(4));
        properties.set(PropertyKey::Index(0), Value::from(5));
        assert_eq!(keys(&properties), ["0", "7", "4000000000", "b", "a"]);
    }

    #[test]
    fn sparse_indices_are_found_when_the_dense_ones_reach_them() {
        let mut properties = Properties::default();
        for index in [200, 100, 101, 190] {
            properties.set(PropertyKey::Index(index), Value::from(index));
        }
        for index in (0..250).rev().chain(0..250) {
            let old = properties.set(PropertyKey::Index(index), Value::from(index + 1000));
            if let Some(old) = old {
                assert!(old == Value::from(index) || old == Value::from(index + 1000));
            }
        }
        for index in 0..250 {
            let found = properties.get(&PropertyKey::Index(index));
            assert_eq!(found, Some(&Value::from(index + 1000)));
        }
        assert_eq!(keys(&properties).len(), 250);
    }

    #[test]
    fn many_names_are_found_replaced_and_removed() {
        let mut properties = Properties::default();
        for number in 0..100 {
            properties.set(format!("k{number}").as_str().into(), Value::from(number));
        }
        assert_eq!(
            properties.set("k50".into(), Value::Null),
            Some(Value::from(50))
        );
        assert_eq!(properties.remove(&"k0".into()), Some(Value::from(0)));
        assert_eq!(properties.get(&"k0".into()), None);
        assert_eq!(properties.get(&"k99".into()), Some(&Value::from(99)));
        assert_eq!(keys(&properties).len(), 99);
    }
}
