//! Divides tests among several runs.

use std::fmt;
use std::str::FromStr;

use crate::selection::Item;

/// One of several parts of a suite. A test belongs to a part by its name alone, so a part keeps its tests when others
/// are added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    /// Counted from 1.
    number: u64,
    of: u64,
}

/// The reason why a text is not a [`Shard`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected M/N with 1 <= M <= N, such as 1/3")]
pub struct ShardError;

impl FromStr for Shard {
    type Err = ShardError;

    fn from_str(text: &str) -> Result<Self, ShardError> {
        let number = |text: &str| {
            let digits = text.bytes().all(|byte| byte.is_ascii_digit());
            digits.then(|| text.parse::<u64>().ok()).flatten()
        };
        let (of, number) = text
            .split_once('/')
            .and_then(|(one, of)| Some((number(of)?, number(one)?)))
            .ok_or(ShardError)?;
        if number == 0 || number > of {
            return Err(ShardError);
        }
        Ok(Self { number, of })
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}

impl Shard {
    /// Whether a test of this name belongs to this part.
    #[must_use]
    pub fn has(&self, test: &str) -> bool {
        stable_hash(test) % self.of == self.number - 1
    }

    /// Keeps the items of this part.
    #[must_use]
    pub fn keep(&self, items: Vec<Item>) -> Vec<Item> {
        let of_this = |item: &Item| self.has(item.test());
        items.into_iter().filter(of_this).collect()
    }
}

/// A hash that is the same on every machine and in every version: FNV-1a, with 64 bits.
pub(crate) fn stable_hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_test_belongs_to_one_part() {
        let parts = ["1/3", "2/3", "3/3"].map(|text| text.parse::<Shard>().unwrap());
        let mut counts = [0; 3];
        for number in 0..300 {
            let name = format!("/dom/events/test-{number}.html");
            let of: Vec<usize> = (0..3).filter(|part| parts[*part].has(&name)).collect();
            assert_eq!(of.len(), 1, "{name}");
            counts[of[0]] += 1;
        }
        assert!(counts.iter().all(|count| *count > 60), "{counts:?}");
    }

    /// Reports of several machines match only while this does not change.
    #[test]
    fn hash_is_fnv_1a() {
        assert_eq!(stable_hash(""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(stable_hash("a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(stable_hash("foobar"), 0x85944171f73967e8);
    }

    #[test]
    fn other_texts_name_no_part() {
        for text in [
            "", "1", "0/3", "4/3", "1/0", "a/3", "1/b", "-1/3", "+1/3", "1/3/5", " 1/3",
        ] {
            assert_eq!(text.parse::<Shard>(), Err(ShardError), "{text}");
        }
        assert_eq!("2/7".parse::<Shard>().unwrap().to_string(), "2/7");
    }
}
