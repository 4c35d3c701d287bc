//! Numbers for each global.

use framepost_event_loop::{FxHashMap, GlobalId};

/// One or several numbers for each global. A global with the default value has no entry.
///
/// OPTIMIZATION: the entry of the last global is outside the table, so that messages within one
/// global need no hashing and do not add and remove entries.
#[derive(Debug)]
pub(super) struct PerGlobal<V> {
    last: Option<(GlobalId, V)>,
    /// The other globals, except those with the default value.
    others: FxHashMap<GlobalId, V>,
}

impl<V> Default for PerGlobal<V> {
    fn default() -> Self {
        Self {
            last: None,
            others: FxHashMap::default(),
        }
    }
}

impl<V: Copy + Default + PartialEq> PerGlobal<V> {
    /// The value of a global.
    pub(super) fn get(&self, global: GlobalId) -> V {
        match self.last {
            Some((last, value)) if last == global => value,
            _ => self.others.get(&global).copied().unwrap_or_default(),
        }
    }

    /// The value of a global, to change.
    #[inline]
    pub(super) fn get_mut(&mut self, global: GlobalId) -> &mut V {
        if self.last.is_none_or(|(last, _)| last != global) {
            self.change_last(global);
        }
        &mut self.last.get_or_insert((global, V::default())).1
    }

    fn change_last(&mut self, global: GlobalId) {
        let value = self.others.remove(&global).unwrap_or_default();
        if let Some((before, value)) = self.last.replace((global, value))
            && value != V::default()
        {
            self.others.insert(before, value);
        }
    }

    /// All values that are not the default.
    #[cfg(test)]
    pub(super) fn values(&self) -> impl Iterator<Item = V> + '_ {
        let last = self.last.map(|(_, value)| value);
        let all = last.into_iter().chain(self.others.values().copied());
        all.filter(|value| *value != V::default())
    }
}

#[cfg(test)]
mod tests {
    use framepost_event_loop::Key;

    use super::*;

    #[test]
    fn each_global_has_its_own_value_and_ends_without_an_entry() {
        let global = |serial| GlobalId::from_parts(0, serial);
        let mut numbers = PerGlobal::<u32>::default();
        for round in 1..=3 {
            for serial in [1, 1, 2, 1, 3] {
                *numbers.get_mut(global(serial)) += 1;
            }
            let held = [1, 2, 3, 4].map(|serial| numbers.get(global(serial)));
            assert_eq!(held, [3 * round, round, round, 0]);
        }
        for serial in [2, 3, 1] {
            *numbers.get_mut(global(serial)) = 0;
        }
        assert_eq!(numbers.values().count(), 0);
        assert!(numbers.others.is_empty());
    }
}
