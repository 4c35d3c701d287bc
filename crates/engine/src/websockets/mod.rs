//! WebSockets ([WebSockets Standard](https://websockets.spec.whatwg.org/)).

pub(crate) mod close_event;
pub(crate) mod connection;
pub(crate) mod interface;
