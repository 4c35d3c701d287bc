//! A list that needs no memory of its own while it is short.

use std::ops::{Deref, DerefMut};

/// As many values have room in the object itself.
///
/// OPTIMIZATION: most objects in messages are small, and allocating is most of what it costs to
/// make one. Two values keep the largest object within what allocators call small.
const INLINE: usize = 2;

/// A list of values.
pub(super) enum Slots<T> {
    /// The first `length` of these; the others are the default value.
    Inline { length: u8, values: [T; INLINE] },
    /// More, or as many as once were more.
    Heap(Vec<T>),
}

impl<T: Default> Default for Slots<T> {
    fn default() -> Self {
        Self::Inline {
            length: 0,
            values: std::array::from_fn(|_| T::default()),
        }
    }
}

impl<T: Default> Slots<T> {
    /// A list of these values, which are taken away, each as a `T`.
    ///
    /// OPTIMIZATION: values are moved here without a look at them, which a processor that has
    /// just written their parts can do without waiting for them.
    #[inline]
    pub(super) fn of<V: Default>(values: &mut [V], wrap: impl Fn(V) -> T) -> Self {
        if values.len() > INLINE {
            let values = values.iter_mut().map(std::mem::take);
            return Self::Heap(values.map(wrap).collect());
        }
        let mut slots = std::array::from_fn(|_| T::default());
        for (slot, value) in slots.iter_mut().zip(&mut *values) {
            *slot = wrap(std::mem::take(value));
        }
        Self::Inline {
            length: values.len() as u8,
            values: slots,
        }
    }

    #[inline]
    pub(super) fn push(&mut self, value: T) {
        match self {
            Self::Inline { length, values } => {
                if let Some(slot) = values.get_mut(usize::from(*length)) {
                    *slot = value;
                    *length += 1;
                    return;
                }
                let mut heap = Vec::with_capacity(2 * INLINE);
                heap.extend(values.iter_mut().map(std::mem::take));
                heap.push(value);
                *self = Self::Heap(heap);
            }
            Self::Heap(heap) => heap.push(value),
        }
    }

    pub(super) fn remove(&mut self, position: usize) -> Option<T> {
        if position >= self.len() {
            return None;
        }
        if let Self::Heap(heap) = self {
            return Some(heap.remove(position));
        }
        self.get_mut(position..)?.rotate_left(1);
        let Self::Inline { length, values } = self else {
            return None;
        };
        *length -= 1;
        values.get_mut(usize::from(*length)).map(std::mem::take)
    }

    /// Empties the list, and gives what was in it.
    pub(super) fn take(&mut self) -> impl Iterator<Item = T> + use<T> {
        let (inline, heap) = match std::mem::take(self) {
            Self::Inline { length, values } => (
                Some(values.into_iter().take(usize::from(length))),
                Vec::new(),
            ),
            Self::Heap(heap) => (None, heap),
        };
        inline.into_iter().flatten().chain(heap)
    }

    /// Moves what is from `position` on into `removed`.
    pub(super) fn split_off(&mut self, position: usize, removed: &mut Vec<T>) {
        while self.len() > position.max(INLINE) {
            match self {
                Self::Heap(heap) => removed.extend(heap.drain(position..)),
                Self::Inline { .. } => return,
            }
        }
        while self.len() > position {
            removed.extend(self.remove(position));
        }
    }
}

/// What a new object is given at once.
impl<T: Default> Extend<T> for Slots<T> {
    #[inline]
    fn extend<I: IntoIterator<Item = T>>(&mut self, values: I) {
        let values = values.into_iter();
        let more = values.size_hint().0;
        if self.len() + more <= INLINE {
            for value in values {
                self.push(value);
            }
            return;
        }
        if let Self::Inline { .. } = self {
            let mut heap = Vec::with_capacity(self.len() + more);
            heap.extend(self.take());
            *self = Self::Heap(heap);
        }
        if let Self::Heap(heap) = self {
            heap.extend(values);
        }
    }
}

impl<T> Deref for Slots<T> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        match self {
            Self::Inline { length, values } => {
                values.get(..usize::from(*length)).unwrap_or_default()
            }
            Self::Heap(heap) => heap,
        }
    }
}

impl<T> DerefMut for Slots<T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut [T] {
        match self {
            Self::Inline { length, values } => {
                values.get_mut(..usize::from(*length)).unwrap_or_default()
            }
            Self::Heap(heap) => heap,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_are_a_list() {
        for length in 0..6 {
            let list: Vec<u32> = (1..=length).collect();
            let filled = || {
                let mut slots = Slots::default();
                for &value in &list {
                    slots.push(value);
                }
                slots
            };
            assert_eq!(*filled(), *list);
            let mut extended = Slots::default();
            extended.extend(list.iter().copied());
            assert_eq!(*extended, *list);
            assert_eq!(*Slots::of(&mut list.clone(), |value| value), *list);
            assert_eq!(filled().take().collect::<Vec<_>>(), list);
            for position in 0..=length as usize {
                let (mut slots, mut model) = (filled(), list.clone());
                let removed = (position < model.len()).then(|| model.remove(position));
                assert_eq!(slots.remove(position), removed);
                assert_eq!(*slots, *model);
                slots.push(9);
                model.push(9);
                assert_eq!(*slots, *model);

                let (mut slots, mut model, mut rest) = (filled(), list.clone(), Vec::new());
                slots.split_off(position, &mut rest);
                assert_eq!(rest, model.split_off(position));
                assert_eq!(*slots, *model);
            }
        }
    }
}
