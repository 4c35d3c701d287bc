//! The command line.

mod check;
mod guard;
mod run;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// What could not be done at all.
const CANNOT: u8 = 2;

const EXIT_STATUS: &str = "\
Exit status:
  0  the page came to rest, or every fixture showed what it should
  1  a script of the page threw, or a promise was rejected, and nothing handled it;
     or a fixture showed something else
  2  it could not be done at all: no such file, a bad option
  3  a limit stopped the page: time, tasks, memory, stack";

/// Runs HTML pages that talk to each other, without a browser.
#[derive(Debug, Parser)]
#[command(name = "framepost", version, after_help = EXIT_STATUS)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    #[command(after_help = EXIT_STATUS)]
    Run(run::Arguments),
    #[command(after_help = EXIT_STATUS)]
    Check(check::Arguments),
}

/// Does what the arguments of this process say.
pub(crate) fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let code = if error.use_stderr() { CANNOT } else { 0 };
            // Nothing is left to be told if even this cannot be printed.
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    let limits = match &arguments.command {
        Command::Run(arguments) => &arguments.limits,
        Command::Check(arguments) => &arguments.limits,
    };
    match guard::enter(limits) {
        guard::Role::Parent(code) => code,
        guard::Role::Child => match arguments.command {
            Command::Run(arguments) => run::main(arguments),
            Command::Check(arguments) => check::main(&arguments),
        },
    }
}

/// Says on standard error why something cannot be done.
fn cannot(reason: &dyn std::fmt::Display) -> ExitCode {
    guard::complain(&format!("framepost: {reason}"));
    ExitCode::from(CANNOT)
}
