//! The threads of responses that are passed on as they arrive, each with its own thread.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use framepost_browsing_context::LoadError;
use ureq::{Agent, Error};

use super::HttpRequest;
use super::client::{builder, describe, describe_io, failed, response};
use super::connection::{Connection, ConnectionEvent, ConnectionId, News, TakeNews, Unwanted};

/// The most bytes of a part.
const PART: usize = 16 << 10;

/// The thread of a stream.
struct Stream {
    agent: Agent,
    load_time: Duration,
    id: ConnectionId,
    is_unwanted: Arc<AtomicBool>,
    take: TakeNews,
}

/// Sends a request, and passes on the head of its response, the parts of its body and its end.
pub(super) fn open(
    agent: Agent,
    load_time: Duration,
    (id, unwanted): (ConnectionId, Unwanted),
    request: HttpRequest,
    take: TakeNews,
) -> Connection {
    let stream = Stream {
        agent,
        load_time,
        id,
        is_unwanted: Arc::clone(&unwanted.0),
        take,
    };
    let started = thread::Builder::new().name(String::from("stream"));
    // Without a thread, the callback is dropped with its closure. The fetch then never ends, so report that first.
    let (sender, receiver) = std::sync::mpsc::channel::<Stream>();
    let spawned = started.spawn(move || {
        if let Ok(stream) = receiver.recv() {
            let ended = stream.run(&request);
            stream.tell(ConnectionEvent::Ended(ended));
        }
    });
    match spawned {
        Ok(_) => {
            // The thread waits for it.
            let _ = sender.send(stream);
        }
        Err(error) => {
            let url = String::new();
            let message = format!("no thread for it: {error}");
            stream.tell(ConnectionEvent::Ended(Err(LoadError::Failed {
                url,
                message,
            })));
        }
    }
    Connection::Stream(unwanted)
}

impl Stream {
    fn tell(&self, event: ConnectionEvent) -> bool {
        let id = self.id;
        !self.is_unwanted.load(Ordering::Relaxed) && (self.take)(News { id, event })
    }

    fn run(&self, request: &HttpRequest) -> Result<(), LoadError> {
        let error = |error: &Error| failed(request, describe(error, self.load_time));
        let built = builder(request).body(());
        let built = built.map_err(|wrong| error(&wrong.into()))?;
        // The whole response has no limit on time. Each read has one. The connection ends when nobody wants the rest.
        let built = self
            .agent
            .configure_request(built)
            .timeout_global(None)
            .timeout_connect(Some(self.load_time))
            .timeout_per_read(Some(self.load_time))
            .build();
        let answer = self.agent.run(built).map_err(|wrong| error(&wrong))?;
        let (head, body) = answer.into_parts();
        let head = response(request, &head, Vec::new());
        if !self.tell(ConnectionEvent::Opened(Box::new(head))) {
            return Ok(());
        }
        let mut reader = body.into_with_config().limit(u64::MAX).reader();
        let mut part = vec![0; PART];
        loop {
            match reader.read(&mut part) {
                Ok(0) => return Ok(()),
                Ok(length) => {
                    let bytes = part.get(..length).unwrap_or_default().to_vec();
                    if !self.tell(ConnectionEvent::Part(bytes)) {
                        return Ok(());
                    }
                }
                Err(wrong) if is_only_late(&wrong) => {
                    if self.is_unwanted.load(Ordering::Relaxed) {
                        return Ok(());
                    }
                }
                Err(wrong) => return Err(failed(request, describe_io(&wrong))),
            }
        }
    }
}

/// Whether nothing has arrived for a while.
fn is_only_late(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted
    )
}
