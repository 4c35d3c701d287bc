//! The memory of the serializer: objects by identity, property names and shapes by first use.

use framepost_event_loop::FxHashMap;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hash, Hasher};

/// How many entries are searched one after the other.
///
/// OPTIMIZATION: most messages have a few objects and a few names. For these a search takes fewer
/// instructions than the hash table, which also has to be allocated.
pub(super) const FEW: usize = 8;

/// Maps objects to their numbers.
pub(super) struct Memory<O> {
    // All entries while there are few of them, else none.
    few: Vec<(O, u32)>,
    many: HashMap<O, u32, BuildHasherDefault<AddressHasher>>,
}

impl<O> Default for Memory<O> {
    fn default() -> Self {
        Self {
            few: Vec::new(),
            many: HashMap::default(),
        }
    }
}

impl<O: Clone + Eq + Hash> Memory<O> {
    pub(super) fn len(&self) -> usize {
        self.few.len() + self.many.len()
    }

    /// The number of an object.
    pub(super) fn get(&self, object: &O) -> Option<u32> {
        if self.many.is_empty() {
            let mut few = self.few.iter();
            return few
                .find(|(held, _)| held == object)
                .map(|(_, number)| *number);
        }
        self.many.get(object).copied()
    }

    /// Gives a number to an object that has none.
    pub(super) fn insert(&mut self, object: O, number: u32) {
        if self.many.is_empty() && self.few.len() < FEW {
            if self.few.is_empty() {
                self.few.reserve(FEW);
            }
            self.few.push((object, number));
            return;
        }
        self.many.extend(self.few.drain(..));
        self.many.insert(object, number);
    }
}

/// A hash function for identities: addresses or numbers that a message cannot choose.
///
/// OPTIMIZATION: the standard library's hash function, which resists chosen keys, takes about as
/// long as everything else that is done for a small object.
#[derive(Default)]
pub(super) struct AddressHasher(u64);

impl Hasher for AddressHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.write_u64(u64::from_le_bytes(word));
        }
    }

    fn write_u64(&mut self, value: u64) {
        // An odd constant with well mixed bits: 2⁶⁴ divided by the golden ratio.
        let mixed = (self.0.rotate_left(5) ^ value).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        // The table uses the highest and the lowest bits, but addresses differ in the middle.
        self.0 = mixed ^ (mixed >> 32);
    }

    fn write_usize(&mut self, value: usize) {
        self.write_u64(value as u64);
    }
}

/// Numbers property names in the order in which they are first written.
pub(super) struct Keys<K> {
    // Empty while there are few names.
    numbers: FxHashMap<K, u32>,
    // Each name, with the number of the name that last followed it.
    names: Vec<(K, u32)>,
    last: u32,
}

/// Whether a property name is known.
pub(super) enum Known {
    /// It has this number.
    Yes(u32),
    /// It is new and got the next number.
    No,
}

impl<K: Clone + Eq + Hash> Keys<K> {
    pub(super) fn new() -> Self {
        Self {
            numbers: FxHashMap::default(),
            names: Vec::new(),
            last: 0,
        }
    }

    /// The number of a name.
    ///
    /// OPTIMIZATION: similar objects have their names in the same order, so the next name is
    /// probably the one that followed last time. Then one comparison replaces hashing.
    #[inline]
    pub(super) fn number(&mut self, key: &K) -> Known {
        let expected = self.names.get(self.last as usize).map(|(_, next)| *next);
        if let Some(expected) = expected
            && let Some((name, _)) = self.names.get(expected as usize)
            && name == key
        {
            self.last = expected;
            return Known::Yes(expected);
        }
        self.look_up(key)
    }

    /// The numbers of these names, if all of them have one.
    fn known(&self, names: &[K]) -> Option<Box<[u32]>> {
        names.iter().map(|name| self.find(name)).collect()
    }

    fn find(&self, key: &K) -> Option<u32> {
        if self.numbers.is_empty() {
            let at = self.names.iter().position(|(name, _)| name == key);
            return at.map(|at| at as u32);
        }
        self.numbers.get(key).copied()
    }

    fn look_up(&mut self, key: &K) -> Known {
        let next = self.names.len() as u32;
        let number = self.find(key).unwrap_or(next);
        if let Some(last) = self.names.get_mut(self.last as usize) {
            last.1 = number;
        }
        self.last = number;
        if number < next {
            return Known::Yes(number);
        }
        if self.names.is_empty() {
            self.names.reserve(FEW);
        }
        self.names.push((key.clone(), 0));
        if self.names.len() > FEW {
            let missing = self.names.iter().enumerate().skip(self.numbers.len());
            let missing = missing.map(|(number, (name, _))| (name.clone(), number as u32));
            self.numbers.extend(missing);
        }
        Known::No
    }
}

/// Numbers shapes, which are lists of property names, in the order in which they are first written.
pub(super) struct Shapes<S> {
    // Each shape, with the number of the shape that last followed it.
    shapes: Vec<(S, u32)>,
    // By the numbers of their names.
    numbers: FxHashMap<Box<[u32]>, u32>,
    last: u32,
}

impl<S> Shapes<S> {
    /// The most shapes of a message. Further objects are written without a shape.
    const MOST: usize = 1 << 12;
    /// The most names of a shape. Objects with more names are seldom alike.
    const MOST_NAMES: usize = 1 << 8;

    pub(super) fn new() -> Self {
        Self {
            shapes: Vec::new(),
            numbers: FxHashMap::default(),
            last: 0,
        }
    }

    /// The number of `shape`, if it followed the last shape the last time.
    #[inline]
    pub(super) fn expected<K: Eq>(&mut self, shape: &S) -> Option<u32>
    where
        S: AsRef<[K]>,
    {
        let expected = self.shapes.get(self.last as usize)?.1;
        let known = self.shapes.get(expected as usize)?.0.as_ref();
        let names = shape.as_ref();
        // The known shape is alive, so an equal address means the same list.
        (std::ptr::eq(known, names) || known == names).then(|| {
            self.last = expected;
            expected
        })
    }

    pub(super) fn look_up<K: Clone + Eq + Hash>(&mut self, shape: &S, keys: &Keys<K>) -> Known
    where
        S: AsRef<[K]>,
    {
        let number = keys
            .known(shape.as_ref())
            .and_then(|names| self.numbers.get(&names).copied());
        let Some(number) = number else {
            return Known::No;
        };
        self.follow(number);
        Known::Yes(number)
    }

    pub(super) fn has_room_for(&self, names: usize) -> bool {
        self.shapes.len() < Self::MOST && names <= Self::MOST_NAMES
    }

    /// Gives a new shape the next number. Its names have numbers already.
    pub(super) fn insert<K: Clone + Eq + Hash>(&mut self, shape: &S, keys: &Keys<K>)
    where
        S: Clone + AsRef<[K]>,
    {
        let number = self.shapes.len() as u32;
        if let Some(names) = keys.known(shape.as_ref()) {
            self.numbers.insert(names, number);
        }
        self.follow(number);
        self.shapes.push((shape.clone(), 0));
    }

    fn follow(&mut self, number: u32) {
        if let Some(last) = self.shapes.get_mut(self.last as usize) {
            last.1 = number;
        }
        self.last = number;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_get_numbers_in_any_order_of_use() {
        let mut keys = Keys::new();
        let mut model: Vec<u32> = Vec::new();
        // Repetitions, permutations and newcomers.
        for key in [
            5, 6, 7, 5, 6, 7, 7, 6, 5, 8, 5, 8, 5, 6, 6, 6, 9, 5, 6, 7, 8, 9,
        ] {
            let expected = model.iter().position(|&known| known == key);
            match (keys.number(&key), expected) {
                (Known::Yes(number), Some(expected)) => assert_eq!(number as usize, expected),
                (Known::No, None) => model.push(key),
                _ => panic!("only one side knows {key}"),
            }
        }
    }

    #[test]
    fn lookup_is_the_same_for_few_and_many_entries() {
        for most in [0, 1, FEW, FEW + 1, 100] {
            let (mut memory, mut keys) = (Memory::default(), Keys::new());
            for number in 0..most as u32 {
                let key = number * 7;
                assert_eq!(memory.get(&key), None);
                memory.insert(key, number);
                assert!(matches!(keys.number(&key), Known::No));
                for earlier in 0..=number {
                    assert_eq!(memory.get(&(earlier * 7)), Some(earlier));
                    assert_eq!(keys.find(&(earlier * 7)), Some(earlier));
                }
                assert_eq!(keys.find(&(key + 1)), None);
            }
            assert_eq!(memory.len(), most);
        }
    }

    #[test]
    fn neighbouring_addresses_spread() {
        let hash = |address: usize| {
            let mut hasher = AddressHasher::default();
            hasher.write_usize(address);
            hasher.finish()
        };
        let low: std::collections::BTreeSet<_> = (0..256)
            .map(|n| hash(0x7f00_0000_0000 + n * 64) & 0xff)
            .collect();
        let high: std::collections::BTreeSet<_> = (0..256)
            .map(|n| hash(0x7f00_0000_0000 + n * 64) >> 57)
            .collect();
        assert!(low.len() > 100, "{}", low.len());
        assert!(high.len() > 60, "{}", high.len());
    }
}
