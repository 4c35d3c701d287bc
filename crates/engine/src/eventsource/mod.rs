//! Server-sent events ([HTML, server-sent events](https://html.spec.whatwg.org/multipage/server-sent-events.html)).

pub(crate) mod connection;
pub(crate) mod interface;
mod parse;
