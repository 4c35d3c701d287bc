//! The bytes of a serialized value.

/// How many bytes fit into a [`Bytes`] without an allocation.
const INLINE: usize = 15;

/// Bytes that do not change any more.
///
/// OPTIMIZATION: short ones are inline. The message of a number then allocates nothing, and takes no
/// memory beside its place in the queue.
#[derive(Clone)]
pub(super) enum Bytes {
    Inline { length: u8, bytes: [u8; INLINE] },
    Allocated(Vec<u8>),
}

impl Default for Bytes {
    fn default() -> Self {
        Self::Inline {
            length: 0,
            bytes: [0; INLINE],
        }
    }
}

impl Bytes {
    /// The bytes inline, if they are few enough.
    #[inline]
    pub(super) fn inline(bytes: &[u8]) -> Option<Self> {
        let mut inline = [0; INLINE];
        inline.get_mut(..bytes.len())?.copy_from_slice(bytes);
        Some(Self::Inline {
            length: bytes.len() as u8,
            bytes: inline,
        })
    }

    #[inline]
    pub(super) fn as_slice(&self) -> &[u8] {
        match self {
            Self::Inline { length, bytes } => bytes.get(..usize::from(*length)).unwrap_or_default(),
            Self::Allocated(bytes) => bytes,
        }
    }
}

impl From<Vec<u8>> for Bytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self::inline(&bytes).unwrap_or(Self::Allocated(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_stay_the_same_inline_and_allocated() {
        for length in [0, 1, 14, 15, 16, 40] {
            let bytes: Vec<u8> = (1..=length).collect();
            let held = Bytes::from(bytes.clone());
            assert_eq!(held.as_slice(), bytes);
            assert_eq!(matches!(held, Bytes::Inline { .. }), length <= 15);
            assert_eq!(Bytes::inline(&bytes).is_some(), length <= 15);
        }
        assert_eq!(Bytes::default().as_slice(), [0; 0]);
        assert_eq!(size_of::<Bytes>(), 24);
    }
}
