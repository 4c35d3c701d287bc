//! The output of a page: console messages, errors, diagnostics and dropped messages.

use framepost_messaging::accounting::DroppedMessage;

/// The level of a console message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Level {
    /// `console.debug`.
    Debug,
    /// `console.log`.
    Log,
    /// `console.info`.
    Info,
    /// `console.warn`.
    Warn,
    /// `console.error`, and a failed `console.assert`.
    Error,
}

/// A message that a page wrote to its console.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsoleMessage {
    /// The level of the message.
    pub level: Level,
    /// The formatted text.
    pub text: String,
    /// The URL of the document that wrote the message.
    pub url: String,
}

/// An exception or rejection that the page did not handle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptError {
    /// The thrown value, as text.
    pub message: String,
    /// The URL of the script or of the document.
    pub url: String,
    /// The line, counted from 1, or 0 if unknown.
    pub line: u32,
    /// The column, counted from 1, or 0 if unknown.
    pub column: u32,
    /// The kind of the error.
    pub kind: ScriptErrorKind,
    /// More details about it.
    pub details: Box<ErrorDetails>,
}

/// Details that help to find the cause of a [`ScriptError`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ErrorDetails {
    /// The line of the expression that is at fault.
    pub excerpt: Option<Excerpt>,
    /// A hint about a missing interface.
    pub hint: Option<String>,
    /// The innermost calls, beginning with the place of the error.
    pub frames: Vec<ErrorFrame>,
    /// The cause of the error and the members of an `AggregateError`, recursively. Each is directly after the error
    /// that it belongs to.
    pub related: Vec<RelatedError>,
    /// The call that queued the task in which the error was thrown, if the page
    /// [records it](crate::PageOptions::task_origins).
    pub origin: Option<TaskOrigin>,
    /// Another text for the message, which script does not see.
    pub(crate) words: Option<String>,
}

/// A part of a line of a source text.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Excerpt {
    /// The line's number, counted from 1.
    pub line: u32,
    /// The line, or the part of a long line around the expression.
    pub text: String,
    /// The first byte of the expression in `text`.
    pub start: usize,
    /// The byte after the expression in `text`.
    pub end: usize,
    /// Whether the start of the line is omitted.
    pub is_cut_before: bool,
    /// Whether the end of the line is omitted.
    pub is_cut_behind: bool,
}

/// A call that had not returned when an error was created.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ErrorFrame {
    /// The name of the function, or an empty text.
    pub function: String,
    /// The URL of the script.
    pub url: String,
    /// The line, counted from 1, or 0 if unknown.
    pub line: u32,
    /// The column, counted from 1, or 0 if unknown.
    pub column: u32,
}

/// The call of script that queued a task.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TaskOrigin {
    /// The called function.
    pub kind: OriginKind,
    /// The URL of the script.
    pub url: String,
    /// The line, counted from 1.
    pub line: u32,
    /// The column, counted from 1.
    pub column: u32,
}

/// A task that ran, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TaskNote {
    /// What the task did, such as `the load event of http://a.test/`.
    pub what: String,
    /// Whether it delivered a message to [`window`](Self::window).
    pub is_delivery: bool,
    /// The window or worker that it belonged to, unless [`what`](Self::what) names what it was about.
    pub window: Option<String>,
    /// The call that queued it, if it was a message, a timer or the response to a request of script.
    pub origin: Option<TaskOrigin>,
    /// The window or worker whose event loop ran it, as far as it had one.
    pub lane: Option<String>,
    /// What it printed: lines of the console, errors, and diagnostics.
    pub output: Vec<String>,
}

/// The kind of a [`TaskOrigin`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OriginKind {
    /// `postMessage()`, of a window, a port, a worker or a broadcast channel.
    Message,
    /// `setTimeout()` or `setInterval()`.
    Timer,
    /// `fetch()`, `send()` of an `XMLHttpRequest`, or `request()` of a `LockManager`.
    Request,
    /// `addEventListener()`, or an assignment to an event handler such as `onmessage`.
    Listener,
}

/// An error that belongs to another one.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RelatedError {
    /// Its relation to the other one.
    pub relation: Relation,
    /// The number of errors between it and the reported one, plus one.
    pub depth: usize,
    /// The value, as text.
    pub message: String,
    /// The URL of the script that created it, or an empty text.
    pub url: String,
    /// The line, counted from 1, or 0 if unknown.
    pub line: u32,
    /// The column, counted from 1, or 0 if unknown.
    pub column: u32,
    /// The line of the expression that is at fault.
    pub excerpt: Option<Excerpt>,
}

/// The relation of a [`RelatedError`] to the other error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Relation {
    /// Its `cause`.
    Cause,
    /// One of its `errors`, counted from 1.
    Member(usize),
}

/// The kind of a [`ScriptError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ScriptErrorKind {
    /// A script or a callback threw an exception.
    Exception,
    /// A promise was rejected without a handler.
    Rejection,
    /// The engine stopped the script at a [limit](crate::PageLimits). Script cannot catch this.
    Limit,
}

impl core::fmt::Display for ScriptError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        if self.line == 0 {
            write!(f, "{}: {}", self.url, self.message)
        } else {
            write!(
                f,
                "{}:{}:{}: {}",
                self.url, self.line, self.column, self.message
            )
        }
    }
}

impl core::error::Error for ScriptError {}

/// One piece of a page's output.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Output {
    /// A console message.
    Console(ConsoleMessage),
    /// An unhandled error.
    Error(ScriptError),
    /// A problem that the page's author should know about, such as a failed load.
    Diagnostic(String),
    /// A [limit](crate::PageLimits) on frames or workers was reached. The text states the consequence.
    Limit(String),
    /// A dropped message, with the reason.
    Dropped(DroppedMessage),
}
