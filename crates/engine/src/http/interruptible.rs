//! Connections that end when the page does not want them any more, even if the server is silent.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use ureq::unversioned::transport::{Buffers, ConnectionDetails, Connector, NextTimeout, Transport};
use ureq::{Error, Timeout};

/// The time between two looks whether the connection is still wanted.
const LOOK: Duration = Duration::from_millis(100);

/// Makes connections interruptible.
#[derive(Debug)]
pub(super) struct Interruptible {
    pub(super) is_unwanted: Arc<AtomicBool>,
}

impl<In: Transport> Connector<In> for Interruptible {
    type Out = InterruptibleTransport<In>;

    fn connect(
        &self,
        _: &ConnectionDetails<'_>,
        chained: Option<In>,
    ) -> Result<Option<Self::Out>, Error> {
        Ok(chained.map(|inner| InterruptibleTransport {
            inner,
            is_unwanted: Arc::clone(&self.is_unwanted),
        }))
    }
}

/// A connection that looks from time to time whether it is still wanted.
#[derive(Debug)]
pub(super) struct InterruptibleTransport<In> {
    inner: In,
    is_unwanted: Arc<AtomicBool>,
}

impl<In: Transport> Transport for InterruptibleTransport<In> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.inner.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        self.inner.transmit_output(amount, timeout)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        let whole = timeout.per_read.unwrap_or(timeout.after);
        let whole = whole.min(timeout.after);
        let start = Instant::now();
        loop {
            let left = whole.saturating_sub(start.elapsed());
            let is_last = left <= LOOK;
            let part = NextTimeout {
                per_read: Some(left.min(LOOK).into()),
                ..timeout
            };
            match self.inner.await_input(part) {
                Err(Error::Timeout(Timeout::PerRead)) if !is_last => {}
                answer => return answer,
            }
            if self.is_unwanted.load(Ordering::Relaxed) {
                return Err(Error::Io(io::ErrorKind::ConnectionAborted.into()));
            }
        }
    }

    fn is_open(&mut self) -> bool {
        self.inner.is_open()
    }

    fn is_tls(&self) -> bool {
        self.inner.is_tls()
    }
}
