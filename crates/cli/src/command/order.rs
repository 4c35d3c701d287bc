//! The options for the order of a page's tasks.

use std::time::Duration;

use clap::ValueEnum;
use framepost::{Hold, Order, OrderFreedom, Schedule, TaskName};

/// The legal orders.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Model {
    /// The order that the standard leaves open: a task source of an agent keeps its order.
    #[default]
    Standard,
    /// Also the order between documents, as in engines with a scheduler for each frame.
    Browsers,
}

impl Model {
    pub(super) fn freedom(self) -> OrderFreedom {
        match self {
            Self::Standard => OrderFreedom::Standard,
            Self::Browsers => OrderFreedom::Browsers,
        }
    }
}

/// The order of the tasks of one run.
#[derive(Debug, clap::Args)]
pub(super) struct OrderOptions {
    /// Hold one task back until another one has run. `framepost explore` prints such pairs of names. May be given
    /// several times.
    #[arg(long = "hold", value_name = "TASK:TASK", value_parser = hold)]
    holds: Vec<Hold>,

    /// Choose the order of tasks at random, by this seed.
    #[arg(long, value_name = "N", conflicts_with = "holds")]
    order_seed: Option<u64>,

    /// The orders that are legal, for --hold and --order-seed.
    #[arg(long, value_enum, default_value_t)]
    model: Model,

    /// The time by which a task may be late, in seconds, for --hold and --order-seed.
    #[arg(long, value_name = "SECONDS", default_value = "1", value_parser = super::run::seconds)]
    slack: Duration,
}

impl OrderOptions {
    pub(super) fn schedule(&self) -> Option<Schedule> {
        let order = match self.order_seed {
            Some(seed) => Order::Random { seed },
            None if self.holds.is_empty() => return None,
            None => Order::Held(self.holds.clone()),
        };
        let schedule = Schedule::new(order).freedom(self.model.freedom());
        Some(schedule.slack(self.slack))
    }
}

fn hold(text: &str) -> Result<Hold, String> {
    let name = |text: &str| {
        let bits = u64::from_str_radix(text, 16);
        bits.map(TaskName::from_bits)
            .map_err(|_| format!("{text:?} does not name a task"))
    };
    let (held, until) = text
        .split_once(':')
        .ok_or("expected the names of two tasks, as printed by framepost explore")?;
    Ok(Hold {
        held: name(held)?,
        until: name(until)?,
    })
}
