//! The options for the limits of a page.

use framepost::PageLimits;

/// The limits of [`PageLimits`], each as an option.
#[derive(Debug, clap::Args)]
pub(super) struct PageOptions {
    /// The limit on the number of messages that wait at one port. A message beyond it is dropped and
    /// reported.
    #[arg(long, value_name = "N")]
    max_port_messages: Option<usize>,

    /// The limit on the bytes of the messages that wait at one port.
    #[arg(long, value_name = "BYTES")]
    max_port_bytes: Option<usize>,

    /// The limit on the number of messages that wait for one window.
    #[arg(long, value_name = "N")]
    max_window_messages: Option<usize>,

    /// The limit on the bytes of the messages that wait for one window.
    #[arg(long, value_name = "BYTES")]
    max_window_bytes: Option<usize>,

    /// The limit on the number of microtasks in one checkpoint.
    #[arg(long, value_name = "N", default_value_t = PageLimits::default().microtasks_per_checkpoint)]
    max_microtasks: u64,

    /// The limit on the iterations of loops in one call of a function.
    #[arg(long, value_name = "N", default_value_t = PageLimits::default().loop_iterations)]
    max_loops: u64,

    /// The limit on the nesting of function calls.
    #[arg(long, value_name = "N", default_value_t = PageLimits::default().recursion)]
    max_recursion: usize,

    /// The limit on the number of frames and windows at one time.
    #[arg(long, value_name = "N", default_value_t = PageLimits::default().frames)]
    max_frames: usize,

    /// The limit on the nesting of frames.
    #[arg(long, value_name = "N", default_value_t = PageLimits::default().frame_depth)]
    max_frame_depth: usize,

    /// The limit on the number of workers at one time.
    #[arg(long, value_name = "N", default_value_t = PageLimits::default().workers)]
    max_workers: usize,

    /// The limit on the bytes of one storage area, with two for each character.
    #[arg(long, value_name = "BYTES", default_value_t = PageLimits::default().storage)]
    max_storage: usize,
}

impl PageOptions {
    pub(super) fn limits(&self) -> PageLimits {
        let mut limits = PageLimits::default();
        limits.messages_per_port = self.max_port_messages;
        limits.bytes_per_port = self.max_port_bytes;
        limits.messages_per_window = self.max_window_messages;
        limits.bytes_per_window = self.max_window_bytes;
        limits.microtasks_per_checkpoint = self.max_microtasks;
        limits.loop_iterations = self.max_loops;
        limits.recursion = self.max_recursion;
        limits.frames = self.max_frames;
        limits.frame_depth = self.max_frame_depth;
        limits.workers = self.max_workers;
        limits.storage = self.max_storage;
        limits
    }
}
