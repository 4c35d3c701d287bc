//! The real server of web-platform-tests, for tests that need handlers in Python.
//!
//! It is `wpt serve` of the checkout, at the ports of its configuration and at the local address only. The
//! pages themselves still come from the [checkout](crate::checkout). It ends when the value is dropped, and with this
//! process.

use std::fs;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use framepost::{HttpOptions, Resolve};

use crate::checkout::{NEEDS_PYTHON, hosts};
use crate::outcome::{PageStatus, TestOutcome};

/// The script for Python.
const SCRIPT: &str = include_str!("serve.py");
/// The time limit for the start of the server.
const START: Duration = Duration::from_secs(120);
/// The certificate of the checkout's own authority.
const AUTHORITY: &str = "tools/certs/cacert.pem";
/// The most bytes of the server's output that are shown if it does not start.
const SHOWN: usize = 2000;

/// The reason why the server does not run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WptServerError {
    /// Python is not installed.
    #[error("cannot run python3: {0}")]
    NoPython(io::Error),
    /// The certificates cannot be read.
    #[error("cannot read certificates from {path}: {source}")]
    NoCertificates {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It ended before it answered.
    #[error("the server of web-platform-tests has not started:\n{0}")]
    NotStarted(String),
}

/// The running server.
#[derive(Debug)]
pub struct WptServer {
    /// `None` if another process owns it.
    _process: Option<Process>,
    authorities: String,
}

#[derive(Debug)]
struct Process {
    child: Child,
    /// The server ends when this is closed, even if this process is killed.
    stdin: Option<ChildStdin>,
}

impl WptServer {
    /// Starts the server of a checkout, and waits until it answers. `authorities` is a file with the
    /// certificates for its https pages, instead of the checkout's own.
    ///
    /// # Errors
    /// It does not start.
    pub fn start(checkout: &Path, authorities: Option<&Path>) -> Result<Self, WptServerError> {
        Ok(Self {
            _process: Some(Process::start(checkout)?),
            ..Self::running(checkout, authorities)?
        })
    }

    /// A server that is already running, and that another process ends.
    ///
    /// # Errors
    /// The certificates cannot be read.
    pub fn running(checkout: &Path, authorities: Option<&Path>) -> Result<Self, WptServerError> {
        let path = authorities.map_or_else(|| checkout.join(AUTHORITY), Path::to_owned);
        let read = framepost_browsing_context::loader::read_regular(&path, 1 << 20)
            .map_err(io::Error::other)
            .and_then(|pem| String::from_utf8(pem).map_err(io::Error::other));
        let no_certificates = |source| WptServerError::NoCertificates {
            path: path.clone(),
            source,
        };
        let authorities = read.map_err(no_certificates)?;
        if !authorities.contains("-----BEGIN CERTIFICATE-----") {
            return Err(no_certificates(io::Error::other("there are none")));
        }
        Ok(Self {
            _process: None,
            authorities,
        })
    }

    /// The network options for the server: all hosts of the tests are at the local address.
    #[must_use]
    pub fn http(&self, mut options: HttpOptions) -> HttpOptions {
        let local = |host: &String| Resolve::new(host, "127.0.0.1").ok();
        options.resolve = hosts::all().iter().filter_map(local).collect();
        options.authorities = Some(self.authorities.clone());
        options
    }
}

impl Process {
    fn start(checkout: &Path) -> Result<Self, WptServerError> {
        let root = fs::canonicalize(checkout).map_err(WptServerError::NoPython)?;
        let mut command = Command::new("python3");
        command.arg("-c").arg(SCRIPT).arg(root);
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(WptServerError::NoPython)?;
        let stdin = child.stdin.take();
        let (said, ready) = (child.stderr.take(), child.stdout.take());
        let server = Self { child, stdin };
        let said = keep_the_end(said);
        if first_line(ready).recv_timeout(START).as_deref() == Ok("ready\n") {
            return Ok(server);
        }
        drop(server);
        let said = said.recv_timeout(Duration::from_secs(10));
        Err(WptServerError::NotStarted(said.unwrap_or_default()))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.stdin.take());
        // The script ends its process group, unless it cannot run.
        framepost_guard::kill_group(&self.child);
        let _ = self.child.wait();
    }
}

/// The number of pages that were skipped because no server has the handlers in Python.
#[must_use]
pub fn skipped_for_python(outcomes: &[TestOutcome]) -> usize {
    let needs_python = |outcome: &&TestOutcome| {
        let reason = outcome.message.as_deref().unwrap_or_default();
        outcome.status == PageStatus::Skip && reason.starts_with(NEEDS_PYTHON)
    };
    outcomes.iter().filter(needs_python).count()
}

/// Sends the first line, then discards the rest.
fn first_line<R: Read + Send + 'static>(from: Option<R>) -> mpsc::Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    if let Some(from) = from {
        thread::spawn(move || {
            let mut from = BufReader::new(from);
            let mut line = String::new();
            let _ = from.read_line(&mut line);
            let _ = sender.send(line);
            let _ = io::copy(&mut from, &mut io::sink());
        });
    }
    receiver
}

/// Sends the end of the output when all writers have ended.
fn keep_the_end<R: Read + Send + 'static>(from: Option<R>) -> mpsc::Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    if let Some(mut from) = from {
        thread::spawn(move || {
            let mut kept = Vec::new();
            let mut buffer = [0; 4096];
            while let Ok(length @ 1..) = from.read(&mut buffer) {
                kept.extend_from_slice(buffer.get(..length).unwrap_or_default());
                let before = kept.len().saturating_sub(SHOWN);
                kept.drain(..before);
            }
            let _ = sender.send(String::from_utf8_lossy(&kept).into_owned());
        });
    }
    receiver
}
