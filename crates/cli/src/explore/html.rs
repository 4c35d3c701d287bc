//! The report of an exploration or of one run, as a page that needs no network.
//!
//! The page is a template, with the report as JSON in it. A script of the page draws the JSON.

use std::collections::BTreeMap;

use framepost::TaskName;
use framepost::explore::{ExploreOptions, ExploreReport, OutcomeGroup, RanTask};
use serde::Serialize;

use super::report::{command, counted, heading, in_words, parts};
use crate::run::RunOptions;

const TEMPLATE: &str = include_str!("report.html");

/// The most tasks of an outcome that are drawn.
const TASKS: usize = 2000;
/// The most outcomes that are drawn.
const OUTCOMES: usize = 10;
/// The most characters of a line of output that are shown.
const CHARACTERS: usize = 400;
/// The most lines of one part of an outcome that are shown.
const LINES: usize = 200;

#[derive(Serialize)]
struct Data<'a> {
    page: &'a str,
    summary: String,
    text: &'a str,
    /// The texts of all tasks, which name them by their numbers.
    texts: Vec<String>,
    outcomes: Vec<OutcomeData>,
}

#[derive(Serialize)]
struct OutcomeData {
    heading: String,
    parts: Vec<(&'static str, Vec<String>)>,
    command: Option<String>,
    /// The two tasks of each departure: the one that runs first, and the one that waits for it.
    departures: Vec<(usize, usize)>,
    tasks: Vec<TaskData>,
    /// The number of tasks that are left out.
    more: usize,
}

/// A task: its number in all orders, that of its cause, the texts of its lane and of its description, its time in
/// microseconds, whether it delivers a message, and the texts that it printed.
#[derive(Serialize)]
struct TaskData(
    usize,
    Option<usize>,
    usize,
    usize,
    u64,
    u8,
    #[serde(skip_serializing_if = "Vec::is_empty")] Vec<usize>,
);

/// Numbers for texts and for tasks.
#[derive(Default)]
struct Numbers {
    texts: Vec<String>,
    by_text: BTreeMap<String, usize>,
    by_task: BTreeMap<TaskName, usize>,
}

impl Numbers {
    fn text(&mut self, text: String) -> usize {
        if let Some(number) = self.by_text.get(&text) {
            return *number;
        }
        let number = self.texts.len();
        self.texts.push(text.clone());
        self.by_text.insert(text, number);
        number
    }

    fn task(&mut self, name: TaskName) -> usize {
        let next = self.by_task.len();
        *self.by_task.entry(name).or_insert(next)
    }
}

/// Writes the page for one run.
pub(crate) fn write_run(page: &str, tasks: &[RanTask], documents: &str) -> String {
    let mut numbers = Numbers::default();
    let printed: Vec<&String> = tasks.iter().flat_map(|ran| &ran.note.output).collect();
    let output = printed.iter().map(|line| (*line).clone()).collect();
    let documents = documents.lines().map(ToOwned::to_owned).collect();
    let parts: [(&'static str, Vec<String>); 2] = [("output", output), ("documents", documents)];
    let parts = parts.into_iter().filter(|(_, lines)| !lines.is_empty());
    let text: Vec<String> = tasks.iter().map(|ran| in_words(&ran.note)).collect();
    let heading = counted(tasks.len(), "task");
    let run = OutcomeData {
        heading: format!("The run: {heading}"),
        parts: parts
            .map(|(name, lines)| (name, shortened(lines)))
            .collect(),
        command: None,
        departures: Vec::new(),
        tasks: drawn(tasks, &mut numbers),
        more: tasks.len().saturating_sub(TASKS),
    };
    let text = shortened(text).join("\n");
    page_of(&Data {
        page,
        summary: format!("One run, {heading}"),
        text: &text,
        texts: numbers.texts,
        outcomes: vec![run],
    })
}

fn drawn(tasks: &[RanTask], numbers: &mut Numbers) -> Vec<TaskData> {
    let tasks = tasks.iter().take(TASKS);
    tasks.map(|ran| task(ran, numbers)).collect()
}

fn page_of(data: &Data<'_>) -> String {
    // Strings and numbers can always be written. No text may end the script element.
    let json = serde_json::to_string(data).unwrap_or_default();
    TEMPLATE.replace("/*REPORT*/null", &json.replace('<', "\\u003c"))
}

/// Writes the page for an exploration.
pub(super) fn write(
    report: &ExploreReport,
    run: &RunOptions,
    options: &ExploreOptions,
    text: &str,
) -> String {
    let mut numbers = Numbers::default();
    let groups = (1..).zip(&report.outcomes).take(OUTCOMES);
    let outcomes: Vec<OutcomeData> = groups
        .map(|(number, group)| outcome(number, group, report.runs, run, options, &mut numbers))
        .collect();
    page_of(&Data {
        page: &run.page,
        summary: text.lines().next().unwrap_or_default().to_owned(),
        text,
        texts: numbers.texts,
        outcomes,
    })
}

fn outcome(
    number: usize,
    group: &OutcomeGroup,
    runs: u64,
    run: &RunOptions,
    options: &ExploreOptions,
    numbers: &mut Numbers,
) -> OutcomeData {
    let parts = parts(&group.outcome).into_iter();
    let parts = parts.filter(|(_, lines)| !lines.is_empty());
    let holds = group.departures.iter().map(|departure| departure.hold);
    OutcomeData {
        heading: heading(number, group, runs),
        parts: parts
            .map(|(name, lines)| (name, shortened(lines)))
            .collect(),
        command: (group.first_run != 0 && !group.departures.is_empty())
            .then(|| command(group, run, options)),
        departures: holds
            .map(|hold| (numbers.task(hold.until), numbers.task(hold.held)))
            .collect(),
        tasks: drawn(&group.tasks, numbers),
        more: group.tasks.len().saturating_sub(TASKS),
    }
}

fn task(ran: &RanTask, numbers: &mut Numbers) -> TaskData {
    let lane = ran.note.lane.as_deref().unwrap_or("the network");
    let lane = match ran.port {
        Some(port) => format!("port {port} of {lane}"),
        None => lane.to_owned(),
    };
    let output = ran.note.output.iter().take(LINES);
    let output: Vec<usize> = output.map(|line| numbers.text(cut(line))).collect();
    TaskData(
        numbers.task(ran.name),
        (ran.cause != TaskName::OUTSIDE).then(|| numbers.task(ran.cause)),
        numbers.text(lane),
        numbers.text(in_words(&ran.note)),
        u64::try_from(ran.at.as_micros()).unwrap_or(u64::MAX),
        u8::from(ran.note.is_delivery),
        output,
    )
}

fn shortened(mut lines: Vec<String>) -> Vec<String> {
    let more = lines.len().saturating_sub(LINES);
    lines.truncate(LINES);
    for line in &mut lines {
        *line = cut(line);
    }
    if more > 0 {
        lines.push(format!("and {}", counted(more, "more line")));
    }
    lines
}

fn cut(line: &str) -> String {
    match line.char_indices().nth(CHARACTERS) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
        None => line.to_owned(),
    }
}
