//! The options about loading over http and https.

use std::time::Duration;

use framepost::{HttpOptions, Resolve};

/// How pages load what no directory serves.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Network {
    /// Load nothing over the network: only what is served from directories is there.
    #[arg(long)]
    offline: bool,

    /// Use this address for a host, instead of asking for it. May be given several times.
    #[arg(long, value_name = "HOST=ADDRESS[:PORT]", conflicts_with = "offline")]
    resolve: Vec<Resolve>,

    /// How many seconds by the clock on the wall one load may take.
    #[arg(long, value_name = "SECONDS", default_value = "30", value_parser = super::run::seconds)]
    load_time: Duration,

    /// How many MiB one load may bring.
    #[arg(long, value_name = "MIB", default_value_t = 64)]
    max_load: u64,
}

impl Network {
    /// The same as the library has it; `None` when there is no network.
    pub(super) fn options(&self) -> Option<HttpOptions> {
        if self.offline {
            return None;
        }
        let mut options = HttpOptions::new();
        options.load_time = self.load_time;
        // The whole run has a limit of its own.
        options.wait_time = Duration::MAX;
        options.max_body = self.max_load.saturating_mul(1 << 20);
        options.resolve.clone_from(&self.resolve);
        Some(options)
    }
}
