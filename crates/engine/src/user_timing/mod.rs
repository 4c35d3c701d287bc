//! Marks and measures ([User Timing](https://w3c.github.io/user-timing/)), and the entries of the
//! timeline ([Performance Timeline](https://w3c.github.io/performance-timeline/)).

pub(crate) mod interfaces;
pub(crate) mod timeline;
