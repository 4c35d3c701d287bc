//! The [DOM](https://dom.spec.whatwg.org/).

pub(crate) mod extensions;
