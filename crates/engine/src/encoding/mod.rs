//! The [Encoding standard](https://encoding.spec.whatwg.org/) as pages use it.
pub(crate) mod decoder;
pub(crate) mod text_coders;
