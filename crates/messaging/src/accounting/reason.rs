//! Why a message was not delivered.

use std::fmt;

/// Why a message was not delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum DropReason {
    /// The target's origin was not the one that the sender named.
    TargetOriginMismatch,
    /// The target window was gone, or went before the message could be delivered.
    WindowGone,
    /// The target worker was gone, or went before the message could be delivered.
    WorkerGone,
    /// The worker that had posted the message was terminated before it could be delivered.
    WorkerTerminated,
    /// The document that was to hear the message was not fully active any more.
    DocumentNotActive,
    /// The port that it was for, or was posted on, had been closed.
    PortClosed,
    /// The port that it was for was collected, or nobody could ever reach it again.
    PortCollected,
    /// The message carried the very port that it was for.
    PortInOwnMessage,
    /// The message that carried the port that it was for was not delivered.
    CarrierDropped,
    /// The broadcast channel that it was for had been closed.
    ChannelClosed,
    /// It could not be deserialized in the realm of its target; `messageerror` told the target.
    DeserializationFailed,
    /// A limit on waiting messages or bytes had been reached.
    Limit,
    /// The task or the value that held it was dropped by the embedder.
    Abandoned,
}

impl fmt::Display for DropReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TargetOriginMismatch => {
                "the target's origin is not the one that the sender named"
            }
            Self::WindowGone => "the target window is gone",
            Self::WorkerGone => "the target worker is gone",
            Self::WorkerTerminated => "the worker that posted it was terminated",
            Self::DocumentNotActive => "the target document is not fully active",
            Self::PortClosed => "the port is closed",
            Self::PortCollected => "nobody can reach the port",
            Self::PortInOwnMessage => "the message carries the port that it is for",
            Self::CarrierDropped => "the message that carried the port was dropped",
            Self::ChannelClosed => "the broadcast channel is closed",
            Self::DeserializationFailed => "it could not be deserialized in the target's realm",
            Self::Limit => "a limit on waiting messages was reached",
            Self::Abandoned => "the embedder dropped what held it",
        })
    }
}
