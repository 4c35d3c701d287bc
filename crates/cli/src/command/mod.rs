//! The command line.

mod check;
mod explore;
mod guard;
mod merge;
mod network;
mod order;
mod output;
mod page_limits;
mod replay;
mod results;
mod run;
mod test;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The exit status if the command could not run.
const CANNOT: u8 = 2;

const EXIT_STATUS: &str = "\
Exit status:
  0  the page became idle, or every fixture showed the expected output
  1  an exception or a rejected promise of the page was not handled,
     or a fixture showed different output
  2  the command could not run, for example because of a missing file or an
     invalid option, or its output could not be written
  3  a limit stopped the page, for example on time, tasks, memory or stack";

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
    #[command(after_help = EXIT_STATUS)]
    Replay(replay::Arguments),
    #[command(after_help = explore::EXIT_STATUS)]
    Explore(explore::Arguments),
    #[command(after_help = test::EXIT_STATUS)]
    Test(test::Arguments),
    #[command(after_help = test::EXIT_STATUS)]
    Merge(merge::Arguments),
    /// Runs one page for `framepost test`, which names the page on standard input.
    #[command(name = test::PAGE_SUBCOMMAND, hide = true)]
    TestPage,
}

/// Runs the subcommand of the arguments.
pub(crate) fn main() -> ExitCode {
    let mut given: Vec<OsString> = std::env::args_os().collect();
    let child = guard::Child::take(&mut given);
    let arguments = match Arguments::try_parse_from(&given) {
        Ok(arguments) => arguments,
        Err(error) => {
            let code = if error.use_stderr() { CANNOT } else { 0 };
            if let Err(problem) = error.print()
                && !error.use_stderr()
            {
                output::not_written(&problem);
            }
            return output::exit_code(code);
        }
    };
    given.remove(0);
    match arguments.command {
        Command::Run(arguments) => match child {
            Some(child) => run::child_main(&child, arguments),
            None => run::main(&arguments, given),
        },
        Command::Check(arguments) => match child {
            Some(child) => check::child_main(&child, &arguments),
            None => check::main(&arguments, &given),
        },
        Command::Replay(arguments) => match child {
            Some(child) => replay::child_main(&child, &arguments),
            None => replay::main(&arguments, given),
        },
        Command::Explore(arguments) => match child {
            Some(child) => explore::child_main(&child, &arguments),
            None => explore::main(&arguments, given),
        },
        // Each tested page has a process with its own limits.
        Command::Test(arguments) => test::main(&arguments),
        Command::Merge(arguments) => merge::main(&arguments),
        Command::TestPage => test::page_main(),
    }
}

/// Reports on standard error the reason why the command cannot run.
fn cannot(reason: &dyn std::fmt::Display) -> ExitCode {
    guard::complain(&format!("framepost: {reason}"));
    ExitCode::from(CANNOT)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    /// Groups of options have the names of their structs, which must differ.
    #[test]
    fn arguments_are_consistent() {
        super::Arguments::command().debug_assert();
    }
}
