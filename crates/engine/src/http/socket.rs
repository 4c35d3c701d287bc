//! The threads of WebSockets ([RFC 6455](https://www.rfc-editor.org/rfc/rfc6455)), each with its own thread.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, TryRecvError};
use std::thread;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use framepost_browsing_context::{LoadError, Response};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use tungstenite::handshake::HandshakeError;
use tungstenite::handshake::client::generate_key;
use tungstenite::http::{HeaderMap, Request};
use tungstenite::protocol::frame::coding::CloseCode;
use tungstenite::protocol::{CloseFrame, WebSocketConfig};
use tungstenite::{Error, Message, WebSocket};
use url::Url;

use super::addresses::addresses;
use super::client::describe_io;
use super::connection::{
    Closing, Command, Connection, ConnectionEvent, ConnectionId, News, SocketRequest, TakeNews,
};
use super::{HttpOptions, too_late};

/// The time after which the thread looks for commands while nothing arrives.
const TURN: Duration = Duration::from_millis(5);

/// The time that a server has for closing the connection after both sides have said goodbye.
const FAREWELL: Duration = Duration::from_secs(2);

/// The status of a page that goes away.
const GOING_AWAY: u16 = 1001;

/// The status of a closing handshake without a status.
const NO_STATUS: u16 = 1005;

/// The status of a connection that ended without a closing handshake.
const ABNORMAL: u16 = 1006;

/// A connection, with TLS or without.
enum Stream {
    Plain(TcpStream),
    Secure(Box<StreamOwned<ClientConnection, TcpStream>>),
}

impl Stream {
    fn tcp(&self) -> &TcpStream {
        match self {
            Self::Plain(stream) => stream,
            Self::Secure(stream) => &stream.sock,
        }
    }
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(stream) => stream.read(buffer),
            Self::Secure(stream) => stream.read(buffer),
        }
    }
}

impl Write for Stream {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(stream) => stream.write(buffer),
            Self::Secure(stream) => stream.write(buffer),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(stream) => stream.flush(),
            Self::Secure(stream) => stream.flush(),
        }
    }
}

/// Connects to a server in a new thread.
pub(crate) fn connect(
    options: &HttpOptions,
    id: ConnectionId,
    request: SocketRequest,
    take: TakeNews,
) -> Connection {
    let (commands, receiver) = mpsc::channel();
    let (options, url) = (options.clone(), request.url.to_string());
    let (sender, socket) = mpsc::channel::<TakeNews>();
    let spawned = thread::Builder::new()
        .name(String::from("socket"))
        .spawn(move || {
            if let Ok(take) = socket.recv() {
                let event = run(&options, id, &request, &take, &receiver);
                take(News { id, event });
            }
        });
    match spawned {
        Ok(_) => {
            // The thread waits for it.
            let _ = sender.send(take);
        }
        Err(error) => {
            let message = format!("no thread for it: {error}");
            let event = ConnectionEvent::Ended(Err(LoadError::Failed { url, message }));
            take(News { id, event });
        }
    }
    Connection::Socket(commands)
}

/// Runs on the thread of the connection. Returns the last event.
fn run(
    options: &HttpOptions,
    id: ConnectionId,
    request: &SocketRequest,
    take: &TakeNews,
    commands: &Receiver<Command>,
) -> ConnectionEvent {
    let failed = |message: String| {
        let url = request.url.to_string();
        ConnectionEvent::Ended(Err(LoadError::Failed { url, message }))
    };
    let (socket, head) = match establish(options, request) {
        Ok(established) => established,
        Err(message) => return failed(message),
    };
    let tcp = socket.get_ref().tcp();
    let timed = tcp.set_read_timeout(Some(TURN));
    let timed = timed.and_then(|()| tcp.set_write_timeout(Some(TURN)));
    if let Err(error) = timed {
        return failed(describe_io(&error));
    }
    if !take(News {
        id,
        event: ConnectionEvent::Opened(Box::new(head)),
    }) {
        return ConnectionEvent::Ended(Ok(()));
    }
    let mut open = Open {
        socket,
        unsent: 0,
        closing: None,
        deadline: None,
    };
    loop {
        match open.turn(options.load_time, commands) {
            Ok(None) => {}
            Ok(Some(event)) if event.is_last() => return event,
            Ok(Some(event)) => {
                if !take(News { id, event }) {
                    return ConnectionEvent::Ended(Ok(()));
                }
            }
            Err(message) => return failed(message),
        }
    }
}

/// The opening handshake ([establish a WebSocket connection](https://websockets.spec.whatwg.org/#concept-websocket-establish)).
fn establish(
    options: &HttpOptions,
    request: &SocketRequest,
) -> Result<(WebSocket<Stream>, Response), String> {
    let url = &request.url;
    let host = url.host_str().unwrap_or_default();
    let port = url.port_or_known_default().unwrap_or(80);
    let found = addresses(&options.resolve, host, port);
    let found = found.map_err(|_| String::from("no such host"))?;
    let mut tcp = Err(io::Error::from(io::ErrorKind::NotFound));
    for address in found {
        tcp = TcpStream::connect_timeout(&address, options.load_time);
        if tcp.is_ok() {
            break;
        }
    }
    let tcp = tcp.map_err(|error| describe_io(&error))?;
    let prepared = tcp
        .set_nodelay(true)
        .and_then(|()| tcp.set_read_timeout(Some(options.load_time)))
        .and_then(|()| tcp.set_write_timeout(Some(options.load_time)));
    prepared.map_err(|error| describe_io(&error))?;
    let stream = match url.scheme() {
        "wss" => Stream::Secure(Box::new(secure(options, host, tcp)?)),
        _ => Stream::Plain(tcp),
    };
    let handshake = handshake(request).map_err(|error| error.to_string())?;
    let most = usize::try_from(options.max_body).unwrap_or(usize::MAX);
    let config = WebSocketConfig::default()
        .max_message_size(Some(most))
        .max_frame_size(Some(most));
    let done = tungstenite::client::client_with_config(handshake, stream, Some(config));
    let (socket, response) = done.map_err(|error| match error {
        HandshakeError::Interrupted(_) => too_late(options.load_time),
        HandshakeError::Failure(error) => describe(&error, options.load_time),
    })?;
    if response.headers().contains_key("sec-websocket-extensions") {
        return Err(String::from(
            "the server uses an extension that was not offered",
        ));
    }
    Ok((socket, head(url, response.headers())))
}

/// Starts TLS. The certificates are checked as those of https are.
fn secure(
    options: &HttpOptions,
    host: &str,
    tcp: TcpStream,
) -> Result<StreamOwned<ClientConnection, TcpStream>, String> {
    let insecure = |error: &dyn std::fmt::Display| format!("no secure connection: {error}");
    let mut roots = RootCertStore::empty();
    match &options.authorities {
        Some(authorities) => {
            let found = CertificateDer::pem_slice_iter(authorities.as_bytes());
            roots.add_parsable_certificates(found.flatten());
        }
        None => roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| insecure(&error))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let name = ServerName::try_from(host.to_owned()).map_err(|error| insecure(&error))?;
    let client = ClientConnection::new(Arc::new(config), name);
    let client = client.map_err(|error| insecure(&error))?;
    let mut stream = StreamOwned::new(client, tcp);
    // Finish the handshake here, so that its error is reported as such.
    while stream.conn.is_handshaking() {
        let done = stream.conn.complete_io(&mut stream.sock);
        done.map_err(|error| insecure(&error))?;
    }
    Ok(stream)
}

/// The request of the handshake.
fn handshake(request: &SocketRequest) -> Result<Request<()>, tungstenite::http::Error> {
    let url = &request.url;
    let host = match url.port() {
        Some(port) => format!("{}:{port}", url.host_str().unwrap_or_default()),
        None => url.host_str().unwrap_or_default().to_owned(),
    };
    let mut builder = Request::builder()
        .uri(format!("{}://{host}{}", url.scheme(), path(url)))
        .header("Host", host)
        .header("Connection", "Upgrade")
        .header("Upgrade", "websocket")
        .header("Sec-WebSocket-Version", "13")
        .header("Sec-WebSocket-Key", generate_key());
    if !request.protocols.is_empty() {
        builder = builder.header("Sec-WebSocket-Protocol", request.protocols.join(", "));
    }
    if !url.username().is_empty() || url.password().is_some() {
        let decoded =
            |text: &str| -> Vec<u8> { percent_encoding::percent_decode_str(text).collect() };
        let mut user = decoded(url.username());
        user.push(b':');
        user.extend(decoded(url.password().unwrap_or_default()));
        builder = builder.header("Authorization", format!("Basic {}", STANDARD.encode(user)));
    }
    for (name, value) in &request.headers {
        let value: Vec<u8> = value
            .chars()
            .map(|c| u8::try_from(c).unwrap_or(b'?'))
            .collect();
        builder = builder.header(name.as_str(), value);
    }
    builder.body(())
}

fn path(url: &Url) -> &str {
    &url[url::Position::BeforePath..url::Position::AfterQuery]
}

/// The head of the response.
fn head(url: &Url, headers: &HeaderMap) -> Response {
    let mut response = Response::new(url.clone(), "", Vec::new())
        .with_status(101)
        .with_status_text("Switching Protocols");
    response.content_type = None;
    response.headers = headers
        .iter()
        .map(|(name, value)| {
            let value = value.as_bytes().iter().copied().map(char::from).collect();
            (name.as_str().to_owned(), value)
        })
        .collect();
    response
}

/// An open connection.
struct Open {
    socket: WebSocket<Stream>,
    /// The bytes of the messages that were given to the socket and not sent yet.
    unsent: usize,
    /// What the closing handshake of the server has said.
    closing: Option<Closing>,
    /// When to stop waiting for the end.
    deadline: Option<Instant>,
}

impl Open {
    /// Performs the commands that wait, and reads one message if there is one. The error describes why the connection failed.
    fn turn(
        &mut self,
        load_time: Duration,
        commands: &Receiver<Command>,
    ) -> Result<Option<ConnectionEvent>, String> {
        loop {
            let close = match commands.try_recv() {
                Ok(Command::Text(text)) => {
                    self.send(text.len(), Message::text(text))?;
                    continue;
                }
                Ok(Command::Bytes(bytes)) => {
                    self.send(bytes.len(), Message::binary(bytes))?;
                    continue;
                }
                Ok(Command::Close(frame)) => frame,
                Err(TryRecvError::Empty) => break,
                Err(TryRecvError::Disconnected) => {
                    self.close(Some((GOING_AWAY, String::new())), Duration::ZERO)?;
                    return Ok(Some(ConnectionEvent::Ended(Ok(()))));
                }
            };
            self.close(close, load_time)?;
        }
        if self.unsent > 0 {
            match self.socket.flush() {
                Ok(()) => {
                    let sent = std::mem::take(&mut self.unsent);
                    return Ok(Some(ConnectionEvent::Sent(sent)));
                }
                Err(error) if is_only_late(&error) => {}
                Err(error) => return self.ended(error, load_time),
            }
        }
        if self.deadline.is_some_and(|end| Instant::now() >= end) {
            return Ok(Some(ConnectionEvent::Closed(self.closing())));
        }
        match self.socket.read() {
            Ok(Message::Text(text)) => Ok(Some(ConnectionEvent::Text(text.as_str().to_owned()))),
            Ok(Message::Binary(bytes)) => Ok(Some(ConnectionEvent::Bytes(bytes.to_vec()))),
            Ok(Message::Close(frame)) => {
                let (code, reason) = frame.map_or((NO_STATUS, String::new()), |frame| {
                    (u16::from(frame.code), frame.reason.as_str().to_owned())
                });
                self.closing = Some(Closing {
                    code,
                    reason,
                    was_clean: true,
                });
                self.deadline = Some(Instant::now() + FAREWELL);
                Ok(None)
            }
            // The socket answers pings itself.
            Ok(_) => Ok(None),
            Err(error) if is_only_late(&error) => Ok(None),
            Err(error) => self.ended(error, load_time),
        }
    }

    fn send(&mut self, length: usize, message: Message) -> Result<(), String> {
        self.unsent += length.max(1);
        match self.socket.write(message) {
            Ok(()) => Ok(()),
            Err(error) if is_only_late(&error) => Ok(()),
            // The server has begun the closing handshake. The message is lost, as it is in browsers.
            Err(Error::Protocol(_) | Error::ConnectionClosed | Error::AlreadyClosed) => Ok(()),
            Err(error) => Err(describe(&error, Duration::ZERO)),
        }
    }

    fn close(&mut self, frame: Option<(u16, String)>, wait: Duration) -> Result<(), String> {
        let frame = frame.map(|(code, reason)| CloseFrame {
            code: CloseCode::from(code),
            reason: reason.into(),
        });
        self.deadline = Some(Instant::now() + wait.min(Duration::from_secs(60)));
        match self.socket.close(frame) {
            Ok(()) | Err(Error::ConnectionClosed | Error::AlreadyClosed) => Ok(()),
            Err(error) if is_only_late(&error) => Ok(()),
            Err(error) => Err(describe(&error, Duration::ZERO)),
        }
    }

    fn closing(&mut self) -> Closing {
        self.closing.take().unwrap_or(Closing {
            code: ABNORMAL,
            reason: String::new(),
            was_clean: false,
        })
    }

    /// The end of the connection.
    fn ended(
        &mut self,
        error: Error,
        load_time: Duration,
    ) -> Result<Option<ConnectionEvent>, String> {
        use tungstenite::error::ProtocolError::ResetWithoutClosingHandshake as Reset;
        match error {
            Error::ConnectionClosed | Error::AlreadyClosed | Error::Io(_) => {
                Ok(Some(ConnectionEvent::Closed(self.closing())))
            }
            Error::Protocol(Reset) => Ok(Some(ConnectionEvent::Closed(self.closing()))),
            error => Err(describe(&error, load_time)),
        }
    }
}

/// Whether nothing could be read or written for a while.
fn is_only_late(error: &Error) -> bool {
    let Error::Io(error) = error else {
        return false;
    };
    matches!(
        error.kind(),
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut | io::ErrorKind::Interrupted
    )
}

fn describe(error: &Error, load_time: Duration) -> String {
    match error {
        Error::Io(error)
            if matches!(
                error.kind(),
                io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock
            ) =>
        {
            too_late(load_time)
        }
        Error::Io(error) => describe_io(error),
        Error::Http(response) => {
            format!(
                "the server does not speak WebSocket: status {}",
                response.status().as_u16()
            )
        }
        other => other.to_string(),
    }
}
