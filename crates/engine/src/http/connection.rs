//! Connections that stay open: what happens on them, and what the page can do with them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;

use framepost_browsing_context::{LoadError, Response};
use framepost_event_loop::new_key_type;
use url::Url;

new_key_type! {
    /// Identifies an open connection.
    pub struct ConnectionId: "connection";
}

/// Something happened on a connection.
#[derive(Debug)]
pub(crate) struct News {
    pub(crate) id: ConnectionId,
    pub(crate) event: ConnectionEvent,
}

/// What happens on a connection.
#[derive(Debug)]
pub(crate) enum ConnectionEvent {
    /// The server has answered with this head. The body is empty.
    Opened(Box<Response>),
    /// A part of the body has arrived.
    Part(Vec<u8>),
    /// A message of text has arrived.
    Text(String),
    /// A message of bytes has arrived.
    Bytes(Vec<u8>),
    /// This many bytes of messages were sent.
    Sent(usize),
    /// The body is complete, or the connection has failed.
    Ended(Result<(), LoadError>),
    /// The closing handshake of a WebSocket is over, or the server has closed the connection without one.
    Closed(Closing),
}

impl ConnectionEvent {
    /// Whether nothing follows.
    pub(crate) fn is_last(&self) -> bool {
        matches!(self, Self::Ended(_) | Self::Closed(_))
    }
}

/// How a WebSocket was closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Closing {
    pub(crate) code: u16,
    pub(crate) reason: String,
    pub(crate) was_clean: bool,
}

/// Receives what happens. The thread of the connection calls it. It returns whether anybody is still interested.
pub(crate) type TakeNews = Box<dyn Fn(News) -> bool + Send>;

/// The handshake of a WebSocket.
#[derive(Clone, Debug)]
pub(crate) struct SocketRequest {
    pub(crate) url: Url,
    pub(crate) protocols: Vec<String>,
    /// The headers beside those of the handshake.
    pub(crate) headers: Vec<(String, String)>,
}

/// What the page does with a WebSocket.
#[derive(Debug)]
pub(crate) enum Command {
    /// Send a text.
    Text(String),
    /// Send bytes.
    Bytes(Vec<u8>),
    /// Start the closing handshake, with a code and a reason.
    Close(Option<(u16, String)>),
}

/// The page's end of a connection. When it is dropped, the connection ends.
#[derive(Debug)]
pub(crate) enum Connection {
    /// A response that arrives in parts.
    Stream(#[allow(dead_code, reason = "dropping it ends the stream")] Unwanted),
    /// A WebSocket.
    Socket(Sender<Command>),
}

/// Marks a stream as unwanted when it is dropped.
#[derive(Debug, Default)]
pub(crate) struct Unwanted(pub(super) Arc<AtomicBool>);

impl Drop for Unwanted {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Connection {
    /// Passes a command to the thread of a WebSocket. A thread that has ended has already reported why.
    pub(crate) fn command(&self, command: Command) {
        if let Self::Socket(commands) = self {
            let _ = commands.send(command);
        }
    }
}
