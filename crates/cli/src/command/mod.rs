//! The command line.

mod check;
mod guard;
mod network;
mod run;
mod test;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The exit status if the command could not run.
const CANNOT: u8 = 2;

const EXIT_STATUS: &str = "\
Exit status:
  0  the page became idle, or every fixture showed the expected output
  1  an exception or a rejected promise of the page was not handled,
     or a fixture showed another output
  2  the command could not run: no such file, a bad option
  3  a limit stopped the page: time, tasks, memory, stack";

/// Runs HTML pages that exchange messages, without a browser.
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
    /// Runs one page for `framepost test`, which names the page on standard input.
    #[command(name = test::PAGE_SUBCOMMAND, hide = true)]
    TestPage,
}

/// Runs the subcommand that the arguments name.
pub(crate) fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let code = if error.use_stderr() { CANNOT } else { 0 };
            // If this cannot be printed, nothing else can.
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    match arguments.command {
        Command::Run(arguments) => guarded(&arguments.limits.clone(), || run::main(arguments)),
        Command::Check(arguments) => guarded(&arguments.limits, || check::main(&arguments)),
        // Each tested page has a process with limits of its own.
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

/// Reports on standard error why the command cannot run.
fn cannot(reason: &dyn std::fmt::Display) -> ExitCode {
    guard::complain(&format!("framepost: {reason}"));
    ExitCode::from(CANNOT)
}
