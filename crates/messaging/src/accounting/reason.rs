//! The reasons why messages are not delivered.

use std::fmt;

/// The reason why a message was not delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum MessageDropReason {
    /// The target's origin was not the one that the sender required.
    TargetOriginMismatch,
    /// The target window was discarded before the post or before the delivery.
    WindowDiscarded,
    /// The target worker ended before the post or before the delivery.
    WorkerEnded,
    /// The worker that posted the message was terminated before the delivery.
    WorkerTerminated,
    /// The target document was no longer fully active.
    DocumentNotActive,
    /// The target port, or the port that it was posted on, was closed or had no peer.
    PortClosed,
    /// The target port was collected, or nothing could reach it any more.
    PortCollected,
    /// The message carried its own target port.
    PortInOwnMessage,
    /// The target port was in transit in a message that was not delivered.
    CarrierDropped,
    /// The target broadcast channel was closed.
    ChannelClosed,
    /// It could not be deserialized in the realm of its target. `messageerror` was fired there.
    DeserializationFailed,
    /// A limit on waiting messages or bytes was reached.
    Limit,
    /// The embedder dropped the task or the value that held it.
    Abandoned,
}

impl fmt::Display for MessageDropReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TargetOriginMismatch => {
                "the target's origin is not the one that the sender named"
            }
            Self::WindowDiscarded => "the target window is gone",
            Self::WorkerEnded => "the target worker is gone",
            Self::WorkerTerminated => "the worker that posted it was terminated",
            Self::DocumentNotActive => "the target document is not fully active",
            Self::PortClosed => "the port is closed",
            Self::PortCollected => "the port is unreachable",
            Self::PortInOwnMessage => "the message contains its own target port",
            Self::CarrierDropped => "the message that carried the port was dropped",
            Self::ChannelClosed => "the broadcast channel is closed",
            Self::DeserializationFailed => "it could not be deserialized in the target's realm",
            Self::Limit => "a limit on waiting messages was reached",
            Self::Abandoned => "the embedder dropped the message or its task",
        })
    }
}
