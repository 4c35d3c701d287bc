//! `framepost check`.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use framepost_cli::check::{CheckOptions, Checked, check, fixtures};

use super::guard::{ChildOutput, STOPPED};
use super::{CANNOT, cannot, guard, network, output};

/// Run fixtures and compare their output with the expected output.
///
/// A fixture is a directory with an index.html and an expected.txt. An optional fixture.toml has options. A
/// directory without an index.html or fixture.toml stands for the fixtures in it. Each fixture runs in a process
/// of its own, with the limits below.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Fixtures, or directories of fixtures.
    #[arg(value_name = "DIR", required = true)]
    directories: Vec<PathBuf>,

    /// Accept the present output: write it to the expected.txt of each fixture.
    #[arg(long)]
    bless: bool,

    /// The fixture that this process checks.
    #[arg(long, value_name = "FIXTURE", hide = true)]
    only: Option<PathBuf>,

    #[command(flatten)]
    network: network::Network,

    #[command(flatten)]
    pub(super) limits: guard::Limits,
}

/// Checks each fixture in a child.
pub(super) fn main(arguments: &Arguments, given: &[OsString]) -> ExitCode {
    let mut code = 0;
    for directory in &arguments.directories {
        let found = match fixtures(directory) {
            Ok(found) => found,
            Err(error) => {
                guard::complain(&format!("framepost: {error}"));
                code = worse(code, CANNOT);
                continue;
            }
        };
        for fixture in found {
            let name = fixture.display().to_string();
            let given = for_child(given, &fixture);
            let limits = &arguments.limits;
            let ended = guard::run_child(
                given.into_iter(),
                limits,
                ChildOutput::Collected,
                Some(&name),
            );
            output::out(&String::from_utf8_lossy(&ended.output));
            code = worse(code, ended.code);
        }
    }
    output::exit_code(code)
}

/// The arguments of a child that checks one fixture.
fn for_child(given: &[OsString], fixture: &Path) -> Vec<OsString> {
    let mut only = OsString::from("--only=");
    only.push(fixture);
    let mut arguments = given.to_vec();
    // After the name of the subcommand.
    arguments.insert(1.min(arguments.len()), only);
    arguments
}

/// The worse of two exit statuses, in the order of those of `run`.
fn worse(one: u8, other: u8) -> u8 {
    let rank = |code| match code {
        0 => 0,
        CANNOT => 3,
        STOPPED => 2,
        _ => 1,
    };
    if rank(other) > rank(one) { other } else { one }
}

/// Checks a fixture in this process, which is a child.
pub(super) fn child_main(child: &guard::Child, arguments: &Arguments) -> ExitCode {
    let Some(fixture) = &arguments.only else {
        return cannot(&"no fixture was named for this process");
    };
    let name = fixture.display().to_string();
    if let Err(error) = child.prepare(&arguments.limits, Some(&name)) {
        return cannot(&format_args!("{name}: cannot start the watchdog: {error}"));
    }
    let mut options = CheckOptions::new()
        .bless(arguments.bless)
        .http(arguments.network.options());
    options.max_load = arguments.network.max_load();
    options.stack = arguments.limits.space.stack();
    match check(fixture, &options) {
        Ok(Checked::Same) => output::out(&format!("{name}: same\n")),
        Ok(Checked::Blessed) => output::out(&format!("{name}: blessed\n")),
        Ok(Checked::Differs(difference)) => {
            output::out(&format!("{name}: differs\n{difference}\n"));
            return output::exit_code(1);
        }
        Err(error) => return cannot(&error),
    }
    output::exit_code(0)
}
