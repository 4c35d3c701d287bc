//! Own properties whose keys are array indices.

use std::collections::BTreeMap;

use super::Value;

/// Indices and their values, in ascending order.
#[derive(Default)]
pub(super) struct Indexed {
    // `None` is a hole.
    dense: Vec<Option<Value>>,
    // Indices far above the dense ones. Few objects have any.
    #[allow(clippy::box_collection, reason = "it makes every Array smaller")]
    sparse: Option<Box<BTreeMap<u32, Value>>>,
}

/// The dense part grows for an index up to this far above its end.
const LARGEST_GAP: usize = 64;

impl Indexed {
    /// Creates properties with these values, from index 0 on.
    pub(super) fn of(values: impl Iterator<Item = Value>) -> Self {
        Self {
            dense: values.map(Some).collect(),
            sparse: None,
        }
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = u32> + '_ {
        let dense = (0_usize..).zip(&*self.dense);
        let dense = dense.filter_map(|(index, value)| value.is_some().then_some(index as u32));
        let sparse = self.sparse.as_deref().into_iter();
        dense.chain(sparse.flat_map(BTreeMap::keys).copied())
    }

    pub(super) fn get(&self, index: u32) -> Option<&Value> {
        match self.dense.get(index as usize) {
            Some(value) => value.as_ref(),
            None => self.sparse.as_ref()?.get(&index),
        }
    }

    /// Removes all values and returns those of the dense part.
    pub(super) fn take(&mut self) -> Vec<Value> {
        let dense = std::mem::take(&mut self.dense);
        dense.into_iter().flatten().collect()
    }

    /// The first property at or after `index`.
    #[inline]
    pub(super) fn next_from(&self, index: u32) -> Option<(u32, &Value)> {
        let dense = self.dense.get(index as usize..).unwrap_or_default();
        for (at, value) in (index as usize..).zip(dense) {
            if let Some(value) = value {
                // Indices are 32 bits wide, so the dense part has no more than 2³² of them.
                return Some((at as u32, value));
            }
        }
        let (index, value) = self.sparse.as_ref()?.range(index..).next()?;
        Some((*index, value))
    }

    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.dense.is_empty() && self.sparse.is_none()
    }

    /// Whether the indices are exactly those below `length`.
    #[inline]
    pub(super) fn is_packed(&self, length: u32) -> bool {
        self.dense.len() == length as usize
            && self.sparse.as_ref().is_none_or(|sparse| sparse.is_empty())
            && self.dense.iter().all(Option::is_some)
    }

    /// Whether there are at most `most` values, and no objects among them.
    pub(super) fn is_leaf(&self, most: usize) -> bool {
        let object = |value: &Option<Value>| value.as_ref().is_some_and(Value::is_object);
        self.dense.len() <= most && self.sparse.is_none() && !self.dense.iter().any(object)
    }

    /// Appends a value to the dense part. There must be no sparse indices.
    #[inline(always)]
    pub(super) fn append(&mut self, value: Value) {
        self.dense.push(Some(value));
    }

    pub(super) fn set(&mut self, index: u32, value: Value) -> Option<Value> {
        let at = index as usize;
        if let Some(slot) = self.dense.get_mut(at) {
            return slot.replace(value);
        }
        if at - self.dense.len() > LARGEST_GAP {
            return self.sparse.get_or_insert_default().insert(index, value);
        }
        while self.dense.len() <= at {
            self.adopt_sparse();
        }
        // Sparse indices may now follow the dense part directly.
        while let Some(sparse) = &self.sparse
            && let Some((&next, _)) = sparse.first_key_value()
            && next as usize == self.dense.len()
        {
            self.adopt_sparse();
        }
        self.dense.get_mut(at)?.replace(value)
    }

    /// Extends the dense part by one: with the sparse value at that index, or with a hole.
    fn adopt_sparse(&mut self) {
        let next = u32::try_from(self.dense.len());
        self.dense.push(match (&mut self.sparse, next) {
            (Some(sparse), Ok(next)) => sparse.remove(&next),
            _ => None,
        });
    }

    pub(super) fn remove(&mut self, index: u32) -> Option<Value> {
        match self.dense.get_mut(index as usize) {
            Some(slot) => slot.take(),
            None => self.sparse.as_mut()?.remove(&index),
        }
    }

    /// Moves all values at or above the index `length` into `removed`.
    pub(super) fn truncate(&mut self, length: u32, removed: &mut Vec<Option<Value>>) {
        if self.dense.len() > length as usize {
            removed.extend(self.dense.drain(length as usize..));
        }
        if let Some(sparse) = &mut self.sparse {
            removed.extend(sparse.split_off(&length).into_values().map(Some));
        }
    }

    #[inline]
    pub(super) fn each_value(&mut self, f: &mut impl FnMut(&mut Value)) {
        self.dense.iter_mut().flatten().for_each(&mut *f);
        if let Some(sparse) = &mut self.sparse {
            sparse.values_mut().for_each(f);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sparse_indices_move_to_the_dense_part_when_it_reaches_them() {
        let mut indexed = Indexed::default();
        for index in [200, 100, 101, 190] {
            indexed.set(index, Value::from(index));
        }
        for index in (0..250).rev().chain(0..250) {
            if let Some(old) = indexed.set(index, Value::from(index + 1000)) {
                assert!(old == Value::from(index) || old == Value::from(index + 1000));
            }
        }
        for index in 0..250 {
            assert_eq!(indexed.get(index), Some(&Value::from(index + 1000)));
        }
        assert_eq!(indexed.keys().count(), 250);
    }

    #[test]
    fn indices_ascend() {
        let mut indexed = Indexed::default();
        for index in [4_000_000_000, 7, 0] {
            indexed.set(index, Value::Null);
        }
        assert_eq!(indexed.keys().collect::<Vec<_>>(), [0, 7, 4_000_000_000]);
        let mut removed = Vec::new();
        indexed.truncate(1, &mut removed);
        assert_eq!(indexed.keys().collect::<Vec<_>>(), [0]);
        assert_eq!(removed.iter().flatten().count(), 2);
    }
}
