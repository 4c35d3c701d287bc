//! What the embedder says about its language, and the values that only it can create.

use std::fmt;

use crate::structured_clone::Heap;

/// A kind of value that a language may lack. Its checks are left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Feature {
    /// `null`, as a value of its own beside `undefined`.
    Null,
    /// BigInts.
    BigInts,
    /// Strings with lone surrogates.
    LoneSurrogates,
    /// Boolean, Number, BigInt and String objects.
    Wrappers,
    /// Dates.
    Dates,
    /// Regular expressions.
    RegExps,
    /// Errors.
    Errors,
    /// Maps.
    Maps,
    /// Sets.
    Sets,
    /// Array buffers and their views.
    Buffers,
    /// Array buffers that can be resized.
    ResizableBuffers,
    /// Views whose length follows that of their buffer.
    LengthTrackingViews,
    /// Arrays with holes, with named properties, and with a length beyond their elements.
    SparseArrays,
    /// Property keys that are array indices, which come before all others.
    IndexKeys,
}

/// What [`check_heap`](super::check_heap) and [`check_depth`](super::check_depth) cannot create or know themselves.
pub struct Samples<H: Heap> {
    pub(super) lacking: Vec<Feature>,
    pub(super) refused: Vec<(String, H::Value)>,
    pub(super) shared_memory: Option<H::Value>,
}

impl<H: Heap> Samples<H> {
    /// A language with all features, and no samples.
    #[must_use]
    pub fn new() -> Self {
        Self {
            lacking: Vec::new(),
            refused: Vec::new(),
            shared_memory: None,
        }
    }

    /// Sets the features that the language lacks.
    #[must_use]
    pub fn lacking(mut self, features: &[Feature]) -> Self {
        self.lacking.extend(features);
        self
    }

    /// Adds a value that cannot be cloned, such as a function, a symbol or a proxy.
    #[must_use]
    pub fn refused(mut self, name: &str, value: H::Value) -> Self {
        self.refused.push((name.to_owned(), value));
        self
    }

    /// Sets a `SharedArrayBuffer`.
    #[must_use]
    pub fn shared_memory(mut self, buffer: H::Value) -> Self {
        self.shared_memory = Some(buffer);
        self
    }

    /// Whether the language has all of these features.
    pub(super) fn has(&self, features: &[Feature]) -> bool {
        !features.iter().any(|it| self.lacking.contains(it))
    }
}

impl<H: Heap> Default for Samples<H> {
    fn default() -> Self {
        Self::new()
    }
}

impl<H: Heap> fmt::Debug for Samples<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let refused: Vec<&str> = self.refused.iter().map(|(name, _)| name.as_str()).collect();
        f.debug_struct("Samples")
            .field("lacking", &self.lacking)
            .field("refused", &refused)
            .field("shared_memory", &self.shared_memory.is_some())
            .finish()
    }
}
