//! The options for loading over http and https.

use std::time::Duration;

use framepost::{HttpOptions, Resolve};

/// The options for URLs that no directory serves.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Network {
    /// Load nothing over the network. Only directories are served.
    #[arg(long)]
    offline: bool,

    /// Use this address for a host, instead of a name lookup. May be given several times.
    #[arg(long, value_name = "HOST=ADDRESS[:PORT]", conflicts_with = "offline")]
    resolve: Vec<Resolve>,

    /// The limit on the wall time of one load, in seconds.
    #[arg(long, value_name = "SECONDS", default_value = "30", value_parser = super::run::seconds)]
    load_time: Duration,

    /// Stop waiting for a WebSocket or an EventSource on which nothing has happened for this wall time, in seconds.
    #[arg(long, value_name = "SECONDS", default_value = "1", value_parser = super::run::seconds)]
    quiet_time: Duration,

    /// The limit on the size of one load, in MiB, for files and for responses from the network.
    #[arg(long, value_name = "MIB", default_value_t = 64)]
    max_load: u64,
}

impl Network {
    /// The limit on the size of one load, in bytes.
    pub(super) fn max_load(&self) -> u64 {
        self.max_load.saturating_mul(1 << 20)
    }

    /// The options of the library; `None` without a network.
    pub(super) fn options(&self) -> Option<HttpOptions> {
        if self.offline {
            return None;
        }
        let mut options = HttpOptions::new();
        options.load_time = self.load_time;
        options.quiet_time = self.quiet_time;
        // The whole run has its own limit.
        options.wait_time = Duration::MAX;
        options.max_body = self.max_load();
        options.resolve.clone_from(&self.resolve);
        Some(options)
    }
}
