//! Locks ([Web Locks](https://w3c.github.io/web-locks/)). The lock managers are in the messaging crate.

pub(crate) mod interface;
pub(crate) mod requests;
