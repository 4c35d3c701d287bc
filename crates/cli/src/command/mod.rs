//! The command line.

mod check;
mod guard;
mod network;
mod run;
mod test;

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
    #[command(after_help = test::EXIT_STATUS)]
    Test(test::Arguments),
    /// Runs one page for `framepost test`, which tells it which on standard input.
    #[command(name = test::PAGE_SUBCOMMAND, hide = true)]
    TestPage,
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
    match arguments.command {
        Command::Run(arguments) => guarded(&arguments.limits.clone(), || run::main(arguments)),
        Command::Check(arguments) => guarded(&arguments.limits, || check::main(&arguments)),
        // Each page that is tested has a process with limits of its own.
        Command::Test(arguments) => test::main(&arguments),
        Command::TestPage => test::page_main(),
    }
}

/// Does `work` in a child process with these limits.
fn guarded(limits: &guard::Limits, work: impl FnOnce() -> ExitCode) -> ExitCode {
    match guard::enter(limits) {
        guard::Role::Parent(code) => code,
        guard::Role::Child => work(),
    }
}

/// Says on standard error why something cannot be done.
fn cannot(reason: &dyn std::fmt::Display) -> ExitCode {
    guard::complain(&format!("framepost: {reason}"));
    ExitCode::from(CANNOT)
}
