//! What a page says to those who run it.

use framepost_messaging::accounting::DroppedMessage;

/// The level of a console line.
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

/// A line that a page wrote to its console.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsoleMessage {
    /// How it was written.
    pub level: Level,
    /// The text.
    pub text: String,
    /// The URL of the document whose console it is.
    pub url: String,
}

/// An exception that nothing handled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptError {
    /// What was thrown, as text.
    pub message: String,
    /// The URL of the script, or of the document.
    pub url: String,
    /// The line, from 1; 0 when unknown.
    pub line: u32,
    /// The column, from 1; 0 when unknown.
    pub column: u32,
    /// What kind of failure it is.
    pub kind: ScriptErrorKind,
}

/// What kind of failure a [`ScriptError`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ScriptErrorKind {
    /// A script or callback threw.
    Exception,
    /// A promise was rejected, and nothing handled it.
    Rejection,
    /// The script engine stopped the script at one of its limits, which script cannot catch.
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

/// One thing a page said, in the order in which it did.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Output {
    /// A console line.
    Console(ConsoleMessage),
    /// An unhandled error.
    Error(ScriptError),
    /// Something that went otherwise than the page's author will have wished.
    Diagnostic(String),
    /// A message was dropped, and why.
    Dropped(DroppedMessage),
}
