//! `framepost check`.

use std::path::PathBuf;
use std::process::ExitCode;

use framepost_cli::check::{CheckOptions, Checked, check, fixtures};

use super::{CANNOT, guard, network};

/// Run fixtures and compare their output with the expected output.
///
/// A fixture is a directory with an index.html and an expected.txt. An optional fixture.toml has options. A
/// directory without an index.html or fixture.toml stands for the fixtures in it.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Fixtures, or directories of fixtures.
    #[arg(value_name = "DIR", required = true)]
    directories: Vec<PathBuf>,

    /// Accept the present output: write it to the expected.txt of each fixture.
    #[arg(long)]
    bless: bool,

    #[command(flatten)]
    network: network::Network,

    #[command(flatten)]
    pub(super) limits: guard::Limits,
}

pub(super) fn main(arguments: &Arguments) -> ExitCode {
    let options = CheckOptions::new()
        .bless(arguments.bless)
        .http(arguments.network.options());
    let mut code = 0;
    for directory in &arguments.directories {
        let found = match fixtures(directory) {
            Ok(found) => found,
            Err(error) => {
                guard::complain(&format!("framepost: {error}"));
                code = CANNOT;
                continue;
            }
        };
        for fixture in found {
            let name = fixture.display();
            match check(&fixture, &options) {
                Ok(Checked::Same) => println!("{name}: same"),
                Ok(Checked::Blessed) => println!("{name}: blessed"),
                Ok(Checked::Differs(difference)) => {
                    println!("{name}: differs\n{difference}");
                    code = code.max(1);
                }
                Err(error) => {
                    guard::complain(&format!("framepost: {error}"));
                    code = CANNOT;
                }
            }
        }
    }
    ExitCode::from(code)
}
