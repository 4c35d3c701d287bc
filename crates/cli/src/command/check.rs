//! `framepost check`.

use std::path::PathBuf;
use std::process::ExitCode;

use framepost_cli::check::{Checked, check};

use super::{CANNOT, guard, network};

/// Run fixtures and compare what they show with what they should.
///
/// A fixture is a directory with an index.html and an expected.txt; fixture.toml may say more. A
/// directory without an index.html or fixture.toml stands for the fixtures in it.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Fixtures, or directories of fixtures.
    #[arg(value_name = "DIR", required = true)]
    directories: Vec<PathBuf>,

    /// Accept what the fixtures show now: write it to their expected.txt.
    #[arg(long)]
    bless: bool,

    #[command(flatten)]
    network: network::Network,

    #[command(flatten)]
    pub(super) limits: guard::Limits,
}

pub(super) fn main(arguments: &Arguments) -> ExitCode {
    let http = arguments.network.options();
    let mut code = 0;
    for directory in &arguments.directories {
        let found = match framepost_cli::check::fixtures(directory) {
            Ok(found) => found,
            Err(error) => {
                guard::complain(&format!("framepost: {error}"));
                code = CANNOT;
                continue;
            }
        };
        for fixture in found {
            let name = fixture.display();
            match check(&fixture, arguments.bless, http.as_ref()) {
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
