//! `WebSocket` ([WebSockets, the WebSocket interface](https://websockets.spec.whatwg.org/#the-websocket-interface)).

use boa_engine::{Finalize, Trace};

use super::connection::{close, construct, send};
use crate::dom::event_target::EVENT_TARGET;
use crate::file::blob::Blob;
use crate::file::blob_data::BlobData;
use crate::http::ConnectionId;
use crate::webidl::buffer_source::BufferSource;
use crate::webidl::interface;

pub(super) const CONNECTING: u16 = 0;
pub(super) const OPEN: u16 = 1;
pub(super) const CLOSING: u16 = 2;
pub(super) const CLOSED: u16 = 3;

/// The data of a `WebSocket`.
#[derive(Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct WebSocketData {
    pub(super) url: String,
    pub(super) protocol: String,
    pub(super) ready_state: u16,
    /// The bytes that were given to `send()` and not sent yet.
    pub(super) buffered: u64,
    #[unsafe_ignore_trace]
    pub(super) binary_type: BinaryType,
    /// Its connection, while there is one.
    #[unsafe_ignore_trace]
    pub(super) connection: Option<ConnectionId>,
}

interface! {
    /// The `WebSocket` interface.
    [Exposed=(Window,Worker)]
    interface WebSocket(WebSocketData) : EventTarget {
        constructor(USVString url, optional SocketProtocols protocols);

        readonly attribute USVString url = .url;

        const unsigned short CONNECTING = 0;
        const unsigned short OPEN = 1;
        const unsigned short CLOSING = 2;
        const unsigned short CLOSED = 3;
        readonly attribute unsigned short readyState = .ready_state;
        readonly attribute unsigned long long bufferedAmount = .buffered;

        attribute EventHandler onopen;
        attribute EventHandler onerror;
        attribute EventHandler onclose;
        readonly attribute DOMString extensions = "";
        readonly attribute DOMString protocol = .protocol;
        undefined close(optional [Clamp] unsigned short code, optional USVString reason);

        attribute EventHandler onmessage;
        attribute BinaryType binaryType = .binary_type, .binary_type;
        undefined send(SocketMessage data);
    }

    enum BinaryType { "blob", "arraybuffer" = ArrayBuffer };

    typedef (DOMString or sequence<DOMString>) SocketProtocols;

    typedef (BufferSource or Blob(BlobData) or USVString) SocketMessage;
}
