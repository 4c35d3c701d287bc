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
    /// A [limit](crate::PageLimits) on frames or workers was reached. The text says what did not happen.
    Limit(String),
    /// A dropped message, with the reason.
    Dropped(DroppedMessage),
}
