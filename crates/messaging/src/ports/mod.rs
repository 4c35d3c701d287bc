//! Message ports.

mod half;

pub use half::{Half, HalfId};
