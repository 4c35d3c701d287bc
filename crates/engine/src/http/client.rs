//! The worker threads that send HTTP requests.
//!
//! The client starts a worker for a request while fewer than `MAX_WORKERS` are running. A worker
//! ends when the queue is empty, so an idle page has no workers.

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use framepost_browsing_context::{LoadError, Response};
use ureq::config::Config;
use ureq::http::{HeaderMap, Request, request, response};
use ureq::tls::{PemItem, RootCerts, TlsConfig, parse_pem};
use ureq::unversioned::resolver::DefaultResolver;
use ureq::unversioned::transport::{Connector, DefaultConnector};
use ureq::{Agent, Error};

use super::addresses::Addresses;
use super::connection::{Connection, ConnectionId, TakeNews, Unwanted};
use super::interruptible::Interruptible;
use super::{FetchId, Fetched, HttpOptions, HttpRequest, TakeAnswer, stream, too_late};

/// The most requests that run at the same time. Further requests wait in a queue.
const MAX_WORKERS: usize = 6;

/// Sends requests and passes their responses on.
pub(crate) struct Client {
    shared: Arc<Shared>,
}

struct Shared {
    agent: Agent,
    options: HttpOptions,
    take_answer: TakeAnswer,
    work: Mutex<Work>,
}

#[derive(Default)]
struct Work {
    waiting: VecDeque<(FetchId, HttpRequest)>,
    workers: usize,
}

impl Client {
    pub(crate) fn new(options: &HttpOptions, take_answer: TakeAnswer) -> Self {
        let mut tls = TlsConfig::builder();
        if let Some(authorities) = &options.authorities {
            let found = parse_pem(authorities.as_bytes()).filter_map(|item| match item {
                Ok(PemItem::Certificate(certificate)) => Some(certificate),
                _ => None,
            });
            tls = tls.root_certs(RootCerts::Specific(Arc::new(found.collect())));
        }
        let config = Config::builder()
            .tls_config(tls.build())
            .http_status_as_error(false)
            .allow_non_standard_methods(true)
            // The caller follows redirects.
            .max_redirects(0)
            .max_redirects_will_error(false)
            // IMPLEMENTATION-DEFINED: the proxy settings of the environment are ignored, so that a
            // page loads the same on every machine.
            .proxy(None)
            .timeout_global(Some(options.load_time))
            .build();
        let connector = DefaultConnector::default();
        Self {
            shared: Arc::new(Shared {
                agent: Agent::with_parts(config, connector, addresses(options)),
                options: options.clone(),
                take_answer,
                work: Mutex::default(),
            }),
        }
    }

    pub(crate) fn send(&self, id: FetchId, request: HttpRequest) {
        let mut work = self.shared.lock();
        work.waiting.push_back((id, request));
        if work.workers >= MAX_WORKERS {
            return;
        }
        let shared = Arc::clone(&self.shared);
        let started = thread::Builder::new()
            .name(String::from("http"))
            .spawn(move || shared.work());
        match started {
            Ok(_) => work.workers += 1,
            // The running workers will take the request.
            Err(_) if work.workers > 0 => {}
            Err(error) => {
                let refused = work.waiting.pop_back();
                drop(work);
                if let Some((id, request)) = refused {
                    let answer = Err(failed(&request, format!("no thread for it: {error}")));
                    self.shared.answer(id, answer);
                }
            }
        }
    }

    /// Sends a request whose response is passed on as it arrives.
    pub(crate) fn stream(
        &self,
        id: ConnectionId,
        request: HttpRequest,
        take: TakeNews,
    ) -> Connection {
        let unwanted = Unwanted::default();
        // It has an agent of its own, since its connection ends with it.
        let connector = DefaultConnector::default().chain(Interruptible {
            is_unwanted: Arc::clone(&unwanted.0),
        });
        let options = &self.shared.options;
        let config = self.shared.agent.config().clone();
        let agent = Agent::with_parts(config, connector, addresses(options));
        stream::open(agent, options.load_time, (id, unwanted), request, take)
    }

    /// Drops a request that has not been sent. Nobody needs its response any more.
    pub(crate) fn forget(&self, id: FetchId) {
        self.shared
            .lock()
            .waiting
            .retain(|(waiting, _)| *waiting != id);
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        self.shared.lock().waiting.clear();
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Work> {
        // Ignore poisoning: no code panics while it holds the lock.
        self.work.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs on a worker's thread: sends requests until the queue is empty.
    fn work(&self) {
        loop {
            let mut work = self.lock();
            let Some((id, request)) = work.waiting.pop_front() else {
                work.workers -= 1;
                return;
            };
            drop(work);
            let answer = self
                .exchange(&request)
                .map_err(|error| failed(&request, describe(&error, self.options.load_time)));
            self.answer(id, answer);
        }
    }

    fn answer(&self, id: FetchId, answer: Result<Response, LoadError>) {
        (self.take_answer)(Fetched { id, answer });
    }

    /// Sends a request and reads the whole response.
    ///
    /// A server may close a connection at the moment at which it is used again. An idempotent request without any answer is
    /// then sent once more ([RFC 9110, idempotent methods](https://www.rfc-editor.org/rfc/rfc9110#name-idempotent-methods)).
    /// The server may have acted on any other request, so such a request gets a connection of its own.
    fn exchange(&self, request: &HttpRequest) -> Result<Response, Error> {
        let is_idempotent = matches!(
            request.method.as_str(),
            "GET" | "HEAD" | "OPTIONS" | "TRACE" | "PUT" | "DELETE"
        );
        let answer = match self.send_now(request, is_idempotent) {
            Err(Error::Io(error)) if is_idempotent && is_closed(&error) => {
                self.send_now(request, false)?
            }
            answer => answer?,
        };
        let (head, body) = answer.into_parts();
        let body = body
            .into_with_config()
            .limit(self.options.max_body)
            .read_to_vec()?;
        Ok(response(request, &head, body))
    }

    /// Sends a request, over a new connection or one that is open already, and waits for the head of the response.
    fn send_now(
        &self,
        request: &HttpRequest,
        may_use_an_open_connection: bool,
    ) -> Result<ureq::http::Response<ureq::Body>, Error> {
        let body = request.body.as_deref().unwrap_or_default();
        let age = match may_use_an_open_connection {
            true => self.agent.config().max_idle_age(),
            false => Duration::ZERO,
        };
        let builder = builder(request);
        match request.body {
            Some(_) => {
                let built = self.agent.configure_request(builder.body(body)?);
                self.agent.run(built.max_idle_age(age).build())
            }
            None => {
                let built = self.agent.configure_request(builder.body(())?);
                self.agent.run(built.max_idle_age(age).build())
            }
        }
    }
}

/// Looks up the addresses of hosts.
fn addresses(options: &HttpOptions) -> Addresses {
    Addresses {
        resolve: options.resolve.clone(),
        others: DefaultResolver::default(),
    }
}

/// Whether the server has closed the connection.
fn is_closed(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::UnexpectedEof
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::BrokenPipe
    )
}

/// The head of a request.
pub(super) fn builder(request: &HttpRequest) -> request::Builder {
    let mut builder = Request::builder()
        .method(request.method.as_str())
        .uri(&request.url[..url::Position::AfterQuery]);
    for (name, value) in &request.headers {
        // Each character of a value is a byte.
        let value: Vec<u8> = value
            .chars()
            .map(|c| u8::try_from(c).unwrap_or(b'?'))
            .collect();
        builder = builder.header(name.as_str(), value);
    }
    builder
}

/// The response with this head.
pub(super) fn response(request: &HttpRequest, head: &response::Parts, body: Vec<u8>) -> Response {
    let text = head.status.canonical_reason().unwrap_or_default();
    let mut response = Response::new(request.url.clone(), "", body)
        .with_status(head.status.as_u16())
        // IMPLEMENTATION-DEFINED: the client does not report the server's own text.
        .with_status_text(text);
    (response.content_type, response.headers) = headers(&head.headers);
    response
}

/// Describes an error with the same text on every operating system.
pub(super) fn describe(error: &Error, load_time: Duration) -> String {
    match error {
        Error::HostNotFound => String::from("no such host"),
        Error::Io(error) => describe_io(error),
        Error::Timeout(_) => too_late(load_time),
        Error::BodyExceedsLimit(limit) => {
            format!("the response has more than {limit} bytes")
        }
        Error::LargeResponseHeader(..) => String::from("the response has too many headers"),
        Error::Protocol(error) => format!("the response is malformed: {error}"),
        Error::Rustls(error) => format!("no secure connection: {error}"),
        other => other.to_string(),
    }
}

pub(super) fn describe_io(error: &io::Error) -> String {
    match error.kind() {
        // A failed name lookup has no public `ErrorKind`.
        kind if error.raw_os_error().is_none() && kind.to_string() == "uncategorized error" => {
            String::from("no such host")
        }
        io::ErrorKind::Other => error.to_string(),
        kind => kind.to_string(),
    }
}

pub(super) fn failed(request: &HttpRequest, message: String) -> LoadError {
    LoadError::Failed {
        url: request.url.to_string(),
        message,
    }
}

/// Splits off the `Content-Type` from the other headers.
fn headers(map: &HeaderMap) -> (Option<String>, Vec<(String, String)>) {
    let mut content_type = None;
    let mut headers = Vec::new();
    for (name, value) in map {
        // Header values are byte strings: script sees one character per byte.
        let value = value.as_bytes().iter().copied().map(char::from).collect();
        if name.as_str() == "content-type" {
            content_type = Some(value);
        } else {
            headers.push((name.as_str().to_owned(), value));
        }
    }
    (content_type, headers)
}
