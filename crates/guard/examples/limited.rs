//! Starts itself as a child that never ends, and lets the watchdog end it after half a second.
//!
//! Run with `cargo run -p framepost-guard --example limited`.

use std::error::Error;
use std::process::Command;
use std::time::Duration;

use framepost_guard::{Lifeline, Stop, Watch, this_program, watch};

/// The exit status of a child that the watchdog has ended.
const STOPPED: i32 = 3;

fn main() -> Result<(), Box<dyn Error>> {
    if let Some(lifeline) = std::env::args().nth(1) {
        return child(lifeline.parse()?);
    }
    let lifeline = Lifeline::new()?;
    let mut child = Command::new(this_program()?)
        .arg(lifeline.number().to_string())
        .spawn()?;
    println!("the child ended: {}", child.wait()?);
    Ok(())
}

fn child(lifeline: i32) -> Result<(), Box<dyn Error>> {
    let limits = Watch {
        lifeline,
        wall_time: Duration::from_millis(500),
        memory: 256,
        reserved: 256,
    };
    watch(limits, |stop| {
        match stop {
            Stop::WallTime => println!("child: out of time"),
            _ => println!("child: out of memory"),
        }
        std::process::exit(STOPPED);
    })?;
    loop {
        std::thread::park();
    }
}
