//! Hash maps with a fixed hash function, for the crates of this workspace. They are not part of the public
//! interface.
//!
//! OPTIMIZATION: the standard library's default hash function took an eighth of the instructions of
//! a message. It also has random keys, so no two runs take the same number of instructions.
//!
//! The order of iteration is fixed too, but no map is iterated where its order could be observed.

pub use rustc_hash::FxBuildHasher;

/// A hash map with a fixed hash function.
pub type FxHashMap<K, V> = std::collections::HashMap<K, V, FxBuildHasher>;

/// A hash set with a fixed hash function.
pub type FxHashSet<K> = std::collections::HashSet<K, FxBuildHasher>;
