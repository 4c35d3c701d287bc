//! The report of an exploration, as text.

use std::fmt::Write as _;

use framepost::explore::{
    Departure, Difference, ExploreOptions, ExploreReport, OutcomeGroup, PageOutcome, TaskStory,
};
use framepost::{Order, OrderFreedom, OriginKind, TaskNote};
use similar::{ChangeTag, TextDiff};

use crate::run::RunOptions;

/// The most lines of one part of an outcome that are shown.
const SHOWN: usize = 20;
/// The most outcomes that are shown.
const OUTCOMES: usize = 10;
/// The most causes of a task that are shown.
const CAUSES: usize = 4;

pub(super) fn write(report: &ExploreReport, run: &RunOptions, options: &ExploreOptions) -> String {
    let mut text = String::new();
    let (runs, outcomes) = (report.runs, report.outcomes.len());
    let how = match options.exhaustive {
        true => "exhaustive".to_owned(),
        false => format!("{}, seed {}", options.strategy, options.seed),
    };
    let _ = writeln!(
        text,
        "{} in {} ({how}, model {})",
        counted(outcomes, "outcome"),
        counted(usize::try_from(runs).unwrap_or(usize::MAX), "run"),
        options.freedom,
    );
    if let Some(coverage) = report.coverage {
        let what = match coverage.is_complete {
            true => "all orders are covered",
            false => "stopped at a limit (--runs, --time): not all orders are covered",
        };
        let pruned = counted(
            usize::try_from(coverage.pruned).unwrap_or(usize::MAX),
            "branch",
        );
        let pruned = pruned.replace("branchs", "branches");
        let _ = writeln!(
            text,
            "{what}; {pruned} left out, which only swap tasks of different agents that queue nothing on the same source"
        );
    }
    if outcomes > 1 && report.visible_outcomes <= 1 {
        let _ = writeln!(
            text,
            "they differ only in messages that were dropped, which does not count as a difference"
        );
    }
    if report.is_cut_short {
        let _ = writeln!(text, "stopped after the limit on time (--time)");
    }
    let reference = report.outcomes.first().map(|group| &group.outcome);
    for (number, group) in (1..).zip(&report.outcomes).take(OUTCOMES) {
        let _ = writeln!(text, "\n{}", heading(number, group, runs));
        match reference {
            Some(reference) if number > 1 => differences(&mut text, reference, &group.outcome),
            _ => contents(&mut text, &group.outcome),
        }
        match group.shows_the_same_as {
            Some(0) => text.push_str(
                "  it shows the same as outcome 1, so it does not count as a difference\n",
            ),
            Some(other) => {
                let _ = writeln!(text, "  it shows the same as outcome {}", other + 1);
            }
            None => {}
        }
        if group.difference == Difference::LineOrder {
            let _ = writeln!(text, "  only the order of lines of the console differs");
        }
        why(&mut text, group, run, options);
    }
    if let Some(more @ 1..) = outcomes.checked_sub(OUTCOMES) {
        let _ = writeln!(text, "\nand {}", counted(more, "more outcome"));
    }
    text
}

pub(super) fn counted(count: usize, noun: &str) -> String {
    match count {
        1 => format!("1 {noun}"),
        _ => format!("{count} {noun}s"),
    }
}

/// The heading of an outcome.
pub(super) fn heading(number: usize, group: &OutcomeGroup, runs: u64) -> String {
    // Shares are printed with one decimal, so the loss of precision does not show.
    #[allow(clippy::cast_precision_loss)]
    let share = group.runs as f64 * 100.0 / runs.max(1) as f64;
    let first = match group.first_run {
        0 => "with the default order".to_owned(),
        run => format!("first in run {run}"),
    };
    format!(
        "Outcome {number}: {} of {runs} runs ({share:.1} %), {first}",
        group.runs
    )
}

/// The parts of an outcome, each with its lines.
pub(super) fn parts(outcome: &PageOutcome) -> [(&'static str, Vec<String>); 7] {
    let documents = outcome.documents.lines().map(ToOwned::to_owned);
    [
        ("console", outcome.console.clone()),
        ("documents", documents.collect()),
        ("unhandled errors", outcome.errors.clone()),
        ("dropped messages", outcome.drops.clone()),
        ("failed tests", outcome.tests.clone()),
        ("failed assertions", outcome.assertions.clone()),
        ("limit", outcome.limit.iter().cloned().collect()),
    ]
}

fn contents(text: &mut String, outcome: &PageOutcome) {
    for (name, lines) in parts(outcome) {
        if !lines.is_empty() {
            let _ = writeln!(text, "  {name}:");
            write_lines(text, lines.iter().map(|line| format!("    {line}")));
        }
    }
}

/// Writes what differs from the first outcome.
fn differences(text: &mut String, reference: &PageOutcome, outcome: &PageOutcome) {
    for ((name, old), (_, new)) in parts(reference).into_iter().zip(parts(outcome)) {
        if old == new {
            continue;
        }
        let _ = writeln!(text, "  {name} (- outcome 1, + this one):");
        let (old, new) = (old.join("\n") + "\n", new.join("\n") + "\n");
        let difference = TextDiff::from_lines(old.as_str(), new.as_str());
        let lines = difference.iter_all_changes().filter_map(|change| {
            let sign = match change.tag() {
                ChangeTag::Delete => '-',
                ChangeTag::Insert => '+',
                ChangeTag::Equal => ' ',
            };
            let line = change.value().trim_end_matches('\n');
            (!line.is_empty()).then(|| format!("  {sign} {line}"))
        });
        write_lines(text, lines);
    }
}

fn write_lines(text: &mut String, lines: impl Iterator<Item = String>) {
    let lines: Vec<String> = lines.collect();
    for line in lines.iter().take(SHOWN) {
        let _ = writeln!(text, "{line}");
    }
    if let Some(more @ 1..) = lines.len().checked_sub(SHOWN) {
        let _ = writeln!(text, "    and {}", counted(more, "more line"));
    }
}

fn why(text: &mut String, group: &OutcomeGroup, run: &RunOptions, options: &ExploreOptions) {
    let count = group.departures.len();
    if count == 0 {
        return;
    }
    let _ = writeln!(
        text,
        "  because of {} from the default order, in which they run the other way round:",
        counted(count, "departure")
    );
    for Departure { first, second, .. } in &group.departures {
        story(text, "runs first:", first);
        story(text, "runs after it:", second);
    }
    let _ = writeln!(text, "  to repeat it: {}", command(group, run, options));
}

/// Quotes an argument for a shell, if it needs that.
fn quoted(argument: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@%+=,".contains(c);
    match argument.chars().all(is_plain) {
        true => argument.to_owned(),
        false => format!("'{}'", argument.replace('\'', "'\\''")),
    }
}

/// The command that repeats an outcome.
pub(super) fn command(group: &OutcomeGroup, run: &RunOptions, options: &ExploreOptions) -> String {
    let mut text = format!("framepost run {}", quoted(&run.page));
    let mut option = |name: &str, value: &str| {
        let _ = write!(text, " --{name} {}", quoted(value));
    };
    if let Some(root) = &run.root {
        option("root", &root.display().to_string());
    }
    for (url, directory) in &run.origins {
        option("origin", &format!("{url}={}", directory.display()));
    }
    for route in &run.routes {
        option("route", &route.to_string());
    }
    for selector in &run.clicks {
        option("click", selector);
    }
    for script in &run.evals {
        option("eval", script);
    }
    if let Order::Held(holds) = &group.schedule.order {
        for hold in holds {
            let _ = write!(text, " --hold {}:{}", hold.held, hold.until);
        }
    }
    if options.freedom == OrderFreedom::Browsers {
        text.push_str(" --model browsers");
    }
    if options.slack.as_secs_f64() != 1.0 {
        let _ = write!(text, " --slack {}", options.slack.as_secs_f64());
    }
    text
}

fn story(text: &mut String, label: &str, story: &TaskStory) {
    let _ = writeln!(text, "    {label:<14} {}", in_words(&story.task));
    for cause in story.causes.iter().take(CAUSES) {
        let _ = writeln!(text, "    {:<14}   queued by {}", "", in_words(cause));
    }
}

/// A task in one line.
pub(super) fn in_words(note: &TaskNote) -> String {
    let mut words = note.what.clone();
    if let Some(window) = &note.window {
        let _ = match note.is_delivery {
            true => write!(words, " to {window}"),
            false => write!(words, " of {window}"),
        };
    }
    if let Some(origin) = &note.origin {
        let verb = match origin.kind {
            OriginKind::Timer => "set",
            OriginKind::Request => "requested",
            _ => "posted",
        };
        let _ = write!(
            words,
            ", {verb} at {}:{}:{}",
            origin.url, origin.line, origin.column
        );
    }
    words
}
