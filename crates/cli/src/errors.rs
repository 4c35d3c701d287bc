//! The formats of a page's uncaught errors: one line, with the line of the source, or JSON.

use annotate_snippets::{AnnotationKind, Group, Level, Message, Renderer, Snippet};
use framepost::{
    ErrorFrame, Excerpt, OriginKind, RelatedError, Relation, ScriptError, ScriptErrorKind,
    TaskOrigin,
};
use serde::Serialize;

/// The format of uncaught errors.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorFormat {
    /// The place and the message, in one line.
    #[default]
    Line,
    /// The same, then the line of the source and further details.
    Text,
    /// The same as [`Text`](Self::Text), with colours.
    Coloured,
    /// A JSON object in one line.
    Json,
}

/// Wide enough for every excerpt: lines were already cut around the expression.
const WIDTH: usize = 400;

/// Returns the text for an error, without a line terminator at its end. `option` names the option
/// of a limit.
pub(crate) fn show(error: &ScriptError, option: &str, format: ErrorFormat) -> String {
    let line = format!("{error}{option}");
    let renderer = match format {
        ErrorFormat::Line => return line,
        ErrorFormat::Json => return json(error),
        ErrorFormat::Text => Renderer::plain(),
        ErrorFormat::Coloured => Renderer::styled(),
    };
    let renderer = renderer.term_width(WIDTH);
    let details = &error.details;
    let mut text = match format {
        ErrorFormat::Coloured => coloured(error, option),
        _ => line,
    };
    let mut notes = Vec::new();
    // The innermost call is the place itself.
    let callers = details.frames.iter().skip(1);
    notes.extend(callers.map(|frame| Level::NOTE.message(called_from(frame))));
    notes.extend(
        details
            .origin
            .iter()
            .map(|origin| Level::NOTE.message(brought_by(origin))),
    );
    notes.extend(
        details
            .hint
            .iter()
            .map(|hint| Level::HELP.message(hint.clone())),
    );
    push_group(&mut text, &renderer, details.excerpt.as_ref(), notes);
    for related in &details.related {
        let indent = "  ".repeat(related.depth);
        let mut part = heading(related);
        push_group(&mut part, &renderer, related.excerpt.as_ref(), Vec::new());
        for line in part.lines() {
            text.push('\n');
            text.push_str(&indent);
            text.push_str(line);
        }
    }
    text
}

/// The place in bold, the message in red.
fn coloured(error: &ScriptError, option: &str) -> String {
    let text = error.to_string();
    let place = text.strip_suffix(&error.message).unwrap_or_default();
    format!("\x1b[1m{place}\x1b[31m{}{option}\x1b[0m", error.message)
}

fn push_group(
    text: &mut String,
    renderer: &Renderer,
    of: Option<&Excerpt>,
    notes: Vec<Message<'_>>,
) {
    if of.is_none() && notes.is_empty() {
        return;
    }
    let mut group = Group::with_level(Level::ERROR);
    if let Some(excerpt) = of {
        let before = if excerpt.is_cut_before { "…" } else { "" };
        let behind = if excerpt.is_cut_behind { "…" } else { "" };
        let shift = before.len();
        let span = excerpt.start + shift..excerpt.end + shift;
        let snippet = Snippet::source(format!("{before}{}{behind}", excerpt.text))
            .line_start(excerpt.line as usize)
            .annotation(AnnotationKind::Primary.span(span));
        group = group.element(snippet);
    }
    for note in notes {
        group = group.element(note);
    }
    text.push('\n');
    text.push_str(renderer.render(&[group]).trim_end());
}

fn place(url: &str, line: u32, column: u32) -> String {
    match line {
        0 => url.to_owned(),
        _ => format!("{url}:{line}:{column}"),
    }
}

fn called_from(frame: &ErrorFrame) -> String {
    let place = place(&frame.url, frame.line, frame.column);
    match frame.function.as_str() {
        "" => format!("called from {place}"),
        function => format!("called from {function} ({place})"),
    }
}

fn brought_by(origin: &TaskOrigin) -> String {
    let place = place(&origin.url, origin.line, origin.column);
    match origin.kind {
        OriginKind::Message => format!("while handling a message that was posted at {place}"),
        _ => format!("in a timer that was set at {place}"),
    }
}

fn heading(related: &RelatedError) -> String {
    let of = match related.relation {
        Relation::Member(index) => format!("errors[{}]", index - 1),
        _ => "cause".to_owned(),
    };
    match related.url.as_str() {
        "" => format!("{of}: {}", related.message),
        url => {
            let place = place(url, related.line, related.column);
            format!("{of}: {place}: {}", related.message)
        }
    }
}

/// The object of one line of `--errors json`. Its fields are documented in `docs/errors.md`.
#[derive(Serialize)]
struct Json<'a> {
    kind: &'static str,
    message: &'a str,
    url: &'a str,
    line: u32,
    column: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    excerpt: Option<JsonExcerpt<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    frames: Vec<JsonFrame<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<JsonOrigin<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related: Vec<JsonRelated<'a>>,
}

#[derive(Serialize)]
struct JsonExcerpt<'a> {
    line: u32,
    text: &'a str,
    start: usize,
    end: usize,
    cut_before: bool,
    cut_behind: bool,
}

#[derive(Serialize)]
struct JsonFrame<'a> {
    function: &'a str,
    url: &'a str,
    line: u32,
    column: u32,
}

#[derive(Serialize)]
struct JsonOrigin<'a> {
    kind: &'static str,
    url: &'a str,
    line: u32,
    column: u32,
}

#[derive(Serialize)]
struct JsonRelated<'a> {
    relation: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    index: Option<usize>,
    depth: usize,
    message: &'a str,
    url: &'a str,
    line: u32,
    column: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    excerpt: Option<JsonExcerpt<'a>>,
}

impl<'a> From<&'a Excerpt> for JsonExcerpt<'a> {
    fn from(excerpt: &'a Excerpt) -> Self {
        // Every language can count characters.
        let count = |bytes: usize| {
            excerpt
                .text
                .get(..bytes)
                .map_or(0, |text| text.chars().count())
        };
        Self {
            line: excerpt.line,
            text: &excerpt.text,
            start: count(excerpt.start),
            end: count(excerpt.end),
            cut_before: excerpt.is_cut_before,
            cut_behind: excerpt.is_cut_behind,
        }
    }
}

fn json(error: &ScriptError) -> String {
    let details = &error.details;
    let frames = details.frames.iter().map(|frame| JsonFrame {
        function: &frame.function,
        url: &frame.url,
        line: frame.line,
        column: frame.column,
    });
    let origin = details.origin.as_ref().map(|origin| JsonOrigin {
        kind: match origin.kind {
            OriginKind::Message => "message",
            _ => "timer",
        },
        url: &origin.url,
        line: origin.line,
        column: origin.column,
    });
    let related = details.related.iter().map(|related| {
        let (relation, index) = match related.relation {
            Relation::Member(index) => ("member", Some(index - 1)),
            _ => ("cause", None),
        };
        JsonRelated {
            relation,
            index,
            depth: related.depth,
            message: &related.message,
            url: &related.url,
            line: related.line,
            column: related.column,
            excerpt: related.excerpt.as_ref().map(JsonExcerpt::from),
        }
    });
    let object = Json {
        kind: match error.kind {
            ScriptErrorKind::Rejection => "rejection",
            ScriptErrorKind::Limit => "limit",
            _ => "exception",
        },
        message: &error.message,
        url: &error.url,
        line: error.line,
        column: error.column,
        excerpt: details.excerpt.as_ref().map(JsonExcerpt::from),
        hint: details.hint.as_deref(),
        frames: frames.collect(),
        origin,
        related: related.collect(),
    };
    // Strings and numbers can always be written.
    serde_json::to_string(&object).unwrap_or_default()
}
