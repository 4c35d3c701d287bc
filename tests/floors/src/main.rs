//! Checks the floors inside crates: no room of a crate uses a higher room or contains a forbidden word.
//!
//! `.ci/floors.txt` lists the rooms in their order. `.ci/floors-allowed.txt` lists exceptions to the order; the list
//! may only shrink. Run this from the workspace's root:
//!
//! ```text
//! framepost-floors            check; exit status 1 when a rule is broken
//! framepost-floors --rooms    print the uses between rooms, with the number of lines
//! framepost-floors --write    write the list of exceptions
//! ```
//!
//! The uses of a file are read from its `use` declarations, its paths that begin with `crate::` or `super::`, and its
//! calls of methods on `self`. Tests are ignored.

mod allowed;
mod krate;
mod lexer;
mod methods;
mod paths;
mod table;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use allowed::Allowed;
use krate::Use;
use table::Table;

const TABLE: &str = ".ci/floors.txt";
const ALLOWED: &str = ".ci/floors-allowed.txt";

fn main() -> ExitCode {
    let mode = std::env::args().nth(1);
    let result = match mode.as_deref() {
        None => check(),
        Some("--rooms") => print_rooms(),
        Some("--write") => write_allowed(),
        Some(other) => Err(format!(
            "unknown option {other}: expected --rooms or --write"
        )),
    };
    match result {
        Ok(code) => code,
        Err(error) => {
            eprintln!("framepost-floors: {error}");
            ExitCode::from(2)
        }
    }
}

/// The uses between the rooms of all crates, and errors in the table.
fn uses(table: &Table) -> Result<(Vec<Use>, Vec<String>), String> {
    let (mut uses, mut complaints) = (Vec::new(), Vec::new());
    for floors in &table.crates {
        krate::read(floors, &mut uses, &mut complaints)?;
    }
    Ok((uses, complaints))
}

fn read(path: &str) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| format!("cannot read {path}: {error}"))
}

fn check() -> Result<ExitCode, String> {
    let table = Table::parse(&read(TABLE)?).map_err(|error| format!("{TABLE}: {error}"))?;
    let mut allowed = Allowed::default();
    if Path::new(ALLOWED).exists() {
        allowed = Allowed::parse(&read(ALLOWED)?).map_err(|error| format!("{ALLOWED}: {error}"))?;
    }
    let (uses, mut complaints) = uses(&table)?;
    complaints.extend(allowed.judge(&uses));
    for complaint in &complaints {
        println!("{complaint}");
    }
    let still = allowed.lines();
    println!(
        "floors: {} uses of other rooms, {still} of them still allowed to break the order",
        uses.len()
    );
    Ok(ExitCode::from(u8::from(!complaints.is_empty())))
}

fn write_allowed() -> Result<ExitCode, String> {
    let table = Table::parse(&read(TABLE)?).map_err(|error| format!("{TABLE}: {error}"))?;
    let text = Allowed::of(&uses(&table)?.0).to_text();
    std::fs::write(ALLOWED, text).map_err(|error| format!("cannot write {ALLOWED}: {error}"))?;
    Ok(ExitCode::SUCCESS)
}

fn print_rooms() -> Result<ExitCode, String> {
    let table = Table::parse(&read(TABLE)?).map_err(|error| format!("{TABLE}: {error}"))?;
    let mut lines: BTreeMap<(String, String, String), (usize, bool)> = BTreeMap::new();
    for used in uses(&table)?.0 {
        let upwards = used.is_upwards();
        let entry = lines.entry((used.krate, used.from, used.to)).or_default();
        entry.0 += 1;
        entry.1 = upwards;
    }
    for ((krate, from, to), (count, upwards)) in lines {
        let mark = if upwards { " (upwards)" } else { "" };
        println!("{krate}: {from} -> {to}: {count}{mark}");
    }
    Ok(ExitCode::SUCCESS)
}
