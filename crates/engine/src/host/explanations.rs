//! Explains uncaught errors: the expression, its line, the callers, the causes.
//!
//! All of this is determined when the error is reported. Until then, only the source texts are kept.

use std::collections::VecDeque;

use boa_engine::builtins::error::Error;
use boa_engine::property::PropertyKey;
use boa_engine::{Context, JsError, JsObject, JsString, JsValue, js_string};

use framepost_event_loop::GlobalId;

use super::absent_interfaces;
use super::report::describe;
use crate::boa::error_text::LineAndColumn;
use crate::boa::error_trace::{self, ErrorTrace};
use crate::boa::faults::{self, Fault};
use crate::boa::slots::Slot;
use crate::boa::source_text::{Edits, byte_of_place, original_place, place_of_byte};
use crate::boa::sources::{self, Kind, SourceOf};
use crate::output::{ErrorDetails, ErrorFrame, Excerpt, RelatedError, Relation};
use crate::script::error_place::{
    Place, frames_of, place_of_error_object, shown_url, stack_of_error,
};
use crate::script::origins;

/// The bytes of source texts that are parsed to explain errors, at most.
const MAX_PARSED: usize = 64 << 20;

/// The number of explanations that are kept for repeated errors.
const MAX_KEPT: usize = 64;

/// The most frames, causes and members in the report of an error.
const MAX_FRAMES: usize = 10;
const MAX_RELATED: usize = 20;

/// The longest excerpt of a line, in characters, and the most characters before the expression.
const MAX_EXCERPT: usize = 120;
const MAX_BEFORE: usize = 50;

/// The explanations of an agent's errors.
#[derive(Default)]
struct Explanations {
    parsed: usize,
    kept: VecDeque<(Key, Option<Found>)>,
    /// The explanations of worker errors that were not reported to the owners yet.
    for_owners: Vec<(GlobalId, String, ErrorDetails)>,
}

/// A path, a trace, a message, whether a built-in function threw, and the number of texts.
type Key = (String, ErrorTrace, String, bool, usize);

/// An expression, its line, and its source text.
type Found = (Fault, Excerpt, Kind);

static EXPLANATIONS: Slot<Explanations> = Slot::new();

/// The origin of an error, before it became a value.
#[derive(Clone, Debug, Default)]
pub(crate) struct Evidence {
    trace: Option<ErrorTrace>,
    frames: Vec<ErrorFrame>,
    is_native: bool,
}

impl Evidence {
    /// Reads an exception that Boa threw.
    pub(crate) fn of_native(error: &JsError) -> Option<Self> {
        let trace = error_trace::of_native(error)?;
        Some(Self::new(Some(trace), &error.to_string()))
    }

    fn of_object(ctx: &mut Context, object: &JsObject) -> Self {
        let trace = error_trace::of_object(object);
        let text = stack_of_error(ctx, object).unwrap_or_default();
        Self::new(trace, &text)
    }

    fn new(trace: Option<ErrorTrace>, text: &str) -> Self {
        let (frames, is_native) = frames_of(text);
        Self {
            trace,
            frames,
            is_native,
        }
    }
}

/// Explains a value that was thrown at a place. A vague message of Boa in an error object is
/// replaced.
pub(crate) fn explain(
    ctx: &mut Context,
    value: &JsValue,
    place: &mut Place,
    evidence: Option<Evidence>,
) -> ErrorDetails {
    let mut details = explain_alone(ctx, value, place, evidence);
    details.related = related(ctx, value);
    details.origin = origins::current(ctx);
    details
}

/// Names the expression that is at fault in the message of an error object, if Boa's message names none.
pub(crate) fn name_the_expression(ctx: &mut Context, object: &JsObject) {
    let is_error = object.is::<Error>();
    if is_error && own_message(object).is_some_and(|message| faults::is_vague(&message)) {
        let value = JsValue::from(object.clone());
        let mut place = place_of_error_object(ctx, &value).unwrap_or_default();
        let _ = explain_alone(ctx, &value, &mut place, None);
    }
}

fn explain_alone(
    ctx: &mut Context,
    value: &JsValue,
    place: &mut Place,
    evidence: Option<Evidence>,
) -> ErrorDetails {
    let object = value.as_object();
    let evidence = evidence.or_else(|| Some(Evidence::of_object(ctx, object.as_ref()?)));
    let evidence = evidence.unwrap_or_default();
    let message = object.as_ref().and_then(own_message).unwrap_or_default();
    let mut details = ErrorDetails::default();
    let mut at_place = (place.line > 0).then_some(LineAndColumn {
        line: place.line,
        column: place.column,
    });
    let trace = evidence.trace.unwrap_or(ErrorTrace {
        at: at_place,
        ..ErrorTrace::default()
    });
    let mut words = None;
    if let Some(name) = faults::undefined_name(&message)
        && absent_interfaces::contains(name)
    {
        words = Some(format!("`{name}` is not defined here"));
        details.hint = Some(absent_interfaces::hint(name));
    }
    // The place of a syntax error is in the text: no expression is at fault.
    let is_error = object.as_ref().is_some_and(|object| object.is::<Error>());
    let is_syntax = is_error && evidence.frames.is_empty() && evidence.trace.is_none();
    let found = match is_syntax {
        true => None,
        false => find(ctx, &place.url, trace, &message, evidence.is_native),
    };
    match found {
        Some((fault, excerpt, kind)) => {
            (place.line, place.column) = (fault.place.line, fault.place.column);
            match kind {
                Kind::Handler => (place.line, place.column) = (0, 0),
                Kind::Body => place.line = excerpt.line,
                _ => {}
            }
            details.excerpt = Some(excerpt);
            if faults::is_vague(&message) || fault.message.is_some() {
                if let Some(name) = absent_interfaces::in_expression(&fault.subject) {
                    details.hint = Some(absent_interfaces::hint(name));
                }
                let error = object.as_ref().filter(|object| object.is::<Error>());
                if let (Some(error), Some(text)) = (error, &fault.message) {
                    set_message(error, text);
                }
            }
        }
        None => {
            if let Some(at) = at_place
                && !is_syntax
            {
                at_place = Some(original_place(ctx, &place.url, at));
            }
            if let Some(at) = at_place {
                (place.line, place.column) = (at.line, at.column);
            }
            details.excerpt = at_place.and_then(|at| plain_excerpt(ctx, &place.url, at));
            if is_syntax
                && !message.starts_with("could not find export")
                && let Some(excerpt) = &details.excerpt
            {
                details.hint = syntax_hint(excerpt);
            }
        }
    }
    // The message was replaced, if the expression was found.
    let message = object.as_ref().and_then(own_message).unwrap_or_default();
    details.words = words.or_else(|| faults::plain_words(&message));
    let mut frames = evidence.frames;
    frames.truncate(MAX_FRAMES);
    for frame in &mut frames {
        let at = LineAndColumn {
            line: frame.line,
            column: frame.column,
        };
        let at = original_place(ctx, &frame.url, at);
        (frame.line, frame.column) = (at.line, at.column);
    }
    // The first one is the place itself.
    if !frames.is_empty() && frames[0].line == trace.at.map_or(0, |at| at.line) {
        frames[0].line = place.line;
        frames[0].column = place.column;
    }
    details.frames = frames;
    details
}

/// Explains where a script was stopped. The callers are omitted: most stopped scripts are loops or recursions.
pub(crate) fn of_limit(ctx: &Context, place: &Place) -> ErrorDetails {
    let at = LineAndColumn {
        line: place.line,
        column: place.column,
    };
    ErrorDetails {
        excerpt: plain_excerpt(ctx, &place.url, at),
        origin: origins::current(ctx),
        ..ErrorDetails::default()
    }
}

/// Keeps the explanation of a worker's error until its owner reports it. The report itself contains no script values.
pub(crate) fn keep_for_owner(
    ctx: &Context,
    worker: GlobalId,
    message: &str,
    details: &ErrorDetails,
) {
    EXPLANATIONS.with(ctx, |explanations| {
        let kept = (worker, message.to_owned(), details.clone());
        explanations.for_owners.push(kept);
    });
}

/// Takes the explanation of this error of a worker.
pub(crate) fn take_for_owner(ctx: &Context, worker: GlobalId, message: &str) -> ErrorDetails {
    EXPLANATIONS.with(ctx, |explanations| {
        let kept = &mut explanations.for_owners;
        let is_it = |it: &(GlobalId, String, ErrorDetails)| it.0 == worker && it.1 == message;
        let at = kept.iter().position(is_it);
        at.map_or_else(ErrorDetails::default, |at| kept.remove(at).2)
    })
}

/// Removes the explanations of an ended worker.
pub(crate) fn global_discarded(ctx: &Context, global: GlobalId) {
    EXPLANATIONS.with(ctx, |explanations| {
        explanations
            .for_owners
            .retain(|(worker, ..)| *worker != global);
    });
}

/// Returns the message of an error, if it is an own data property.
fn own_message(object: &JsObject) -> Option<String> {
    let value = own_value(object, js_string!("message"))?;
    Some(value.as_string()?.to_std_string_lossy())
}

fn own_value(object: &JsObject, key: impl Into<PropertyKey>) -> Option<JsValue> {
    let property = object.borrow().properties().get(&key.into())?;
    property.value().cloned()
}

fn set_message(object: &JsObject, text: &str) {
    let message =
        crate::boa::properties::data_property(JsString::from(text), crate::boa::properties::HIDDEN);
    object.insert_property(js_string!("message"), message);
}

/// Finds the expression in the texts at a path.
fn find(
    ctx: &Context,
    path: &str,
    trace: ErrorTrace,
    message: &str,
    is_native: bool,
) -> Option<Found> {
    let texts = sources::at(ctx, path);
    // A later script may contain the same place.
    let count = texts.len();
    let key = (path.to_owned(), trace, message.to_owned(), is_native, count);
    let kept = EXPLANATIONS.with(ctx, |explanations| {
        let mut kept = explanations.kept.iter();
        kept.find(|(held, _)| *held == key)
            .map(|(_, found)| found.clone())
    });
    if let Some(kept) = kept {
        return kept;
    }
    let mut found: Vec<Found> = Vec::new();
    for source in texts {
        let edits = Edits::of(&source);
        let original = |at| edits.original_place(source.text.as_bytes(), at);
        let in_text = |at| line_at(&source, original(at)).is_some();
        if trace.at.is_some_and(|at| !in_text(at)) {
            continue;
        }
        let parsed = EXPLANATIONS.with(ctx, |explanations| {
            explanations.parsed += source.text.len();
            explanations.parsed
        });
        if parsed > MAX_PARSED {
            return None;
        }
        if let Some(fault) = faults::explain(&source, message, trace, is_native)
            && let Some(excerpt) = excerpt(&source, fault.start, fault.end)
        {
            let new = (fault, excerpt, source.kind);
            if !found.contains(&new) {
                found.push(new);
            }
        }
    }
    // Two scripts at one place, such as two handlers of one document: it is unknown which one threw.
    let found = match found.len() {
        1 => found.pop(),
        _ => None,
    };
    EXPLANATIONS.with(ctx, |explanations| {
        if explanations.kept.len() >= MAX_KEPT {
            explanations.kept.pop_front();
        }
        explanations.kept.push_back((key, found.clone()));
    });
    found
}

/// Returns the line of a place, with the byte of the place in it.
fn line_at(source: &SourceOf, at: LineAndColumn) -> Option<(&str, usize)> {
    let text = source.text.as_str();
    let start = byte_of_place(text.as_bytes(), at.line, 1)?;
    let byte = byte_of_place(text.as_bytes(), at.line, at.column)?;
    let line = text.get(start..)?;
    let end = line.find(['\n', '\r', '\u{2028}', '\u{2029}']);
    let line = &line[..end.unwrap_or(line.len())];
    (!line.trim().is_empty()).then_some((line, byte - start))
}

/// Returns the line of a place, if exactly one text contains it.
fn plain_excerpt(ctx: &Context, path: &str, at: LineAndColumn) -> Option<Excerpt> {
    let mut found: Vec<Excerpt> = Vec::new();
    for source in sources::at(ctx, path) {
        let end = LineAndColumn {
            column: at.column + 1,
            ..at
        };
        let shown = excerpt(&source, at, end).or_else(|| end_of_input(&source, at));
        if let Some(excerpt) = shown
            && !found.contains(&excerpt)
        {
            found.push(excerpt);
        }
    }
    match found.len() {
        1 => found.pop(),
        _ => None,
    }
}

/// Returns what the keyword at the place of a syntax error needs.
fn syntax_hint(excerpt: &Excerpt) -> Option<String> {
    let before = excerpt.text.get(..excerpt.start)?.trim_end();
    let at = excerpt.text.get(excerpt.start..)?;
    let is_word = |text: &str, word: &str| {
        let rest = text.strip_suffix(word);
        rest.is_some_and(|rest| !rest.ends_with(|char: char| char.is_alphanumeric() || char == '_'))
    };
    let hint = if is_word(before, "await") {
        "`await` is allowed in async functions and at the top of modules"
    } else if at.starts_with("export ") || at.starts_with("export{") {
        "`export` is allowed in modules: `<script type=\"module\">`"
    } else if is_word(before, "import") {
        "`import` declarations are allowed in modules: `<script type=\"module\">`"
    } else {
        return None;
    };
    Some(hint.to_owned())
}

/// Returns the last line that is not empty, for an error at the end of a text.
fn end_of_input(source: &SourceOf, at: LineAndColumn) -> Option<Excerpt> {
    let text = source.text.as_str();
    if byte_of_place(text.as_bytes(), at.line, at.column) != Some(text.len()) {
        return None;
    }
    let (line, column) = place_of_byte(text.as_bytes(), text.trim_end().len());
    let end = LineAndColumn { line, column };
    excerpt(source, end, end)
}

/// Cuts an excerpt from a line.
fn excerpt(source: &SourceOf, start: LineAndColumn, end: LineAndColumn) -> Option<Excerpt> {
    let (line, from) = line_at(source, start)?;
    let to = match end.line == start.line {
        true => line_at(source, end).map_or(line.len(), |(_, to)| to),
        false => line.len(),
    };
    let before: Vec<usize> = line[..from].char_indices().map(|(at, _)| at).collect();
    let is_short = line.chars().count() <= MAX_EXCERPT;
    let first = match before.len().checked_sub(MAX_BEFORE) {
        Some(skipped @ 1..) if !is_short => before[skipped],
        _ => 0,
    };
    let rest = &line[first..];
    let last = match rest.char_indices().nth(MAX_EXCERPT) {
        Some((at, _)) if !is_short => first + at,
        _ => line.len(),
    };
    let number = match source.kind {
        Kind::Handler => 1,
        // The body follows a line terminator that Boa adds.
        Kind::Body => start.line.saturating_sub(1).max(1),
        _ => start.line,
    };
    Some(Excerpt {
        line: number,
        text: line[first..last].to_owned(),
        start: from - first,
        end: to.clamp(from, last) - first,
        is_cut_before: first > 0,
        is_cut_behind: last < line.len(),
    })
}

/// Returns the cause of an error and the members of an `AggregateError`, recursively.
fn related(ctx: &mut Context, value: &JsValue) -> Vec<RelatedError> {
    let mut found = Vec::new();
    let mut waiting = related_values(value, 1);
    while let Some((relation, depth, value)) = waiting.pop() {
        if found.len() == MAX_RELATED {
            break;
        }
        let mut place = place_of_error_object(ctx, &value).unwrap_or_default();
        let details = explain_alone(ctx, &value, &mut place, None);
        let message = match &details.words {
            Some(words) => with_words(ctx, &value, words),
            None => describe(ctx, &value),
        };
        found.push(RelatedError {
            relation,
            depth,
            message,
            url: shown_url(&place.url),
            line: place.line,
            column: place.column,
            excerpt: details.excerpt,
        });
        waiting.extend(related_values(&value, depth + 1));
    }
    found
}

/// Returns them with the last one first. Runs no script.
fn related_values(value: &JsValue, depth: usize) -> Vec<(Relation, usize, JsValue)> {
    let mut values = Vec::new();
    let Some(object) = value.as_object().filter(|object| object.is::<Error>()) else {
        return values;
    };
    if let Some(cause) = own_value(&object, js_string!("cause")) {
        values.push((Relation::Cause, depth, cause));
    }
    if let Some(errors) = own_value(&object, js_string!("errors"))
        && let Some(errors) = errors.as_object()
    {
        let members = (0..MAX_RELATED as u32).map_while(|index| own_value(&errors, index));
        let members = members.zip(1..);
        values.extend(members.map(|(member, index)| (Relation::Member(index), depth, member)));
    }
    values.reverse();
    values
}

/// Describes an error with text other than its message.
pub(crate) fn with_words(ctx: &mut Context, value: &JsValue, words: &str) -> String {
    let described = describe(ctx, value);
    let message = value.as_object().as_ref().and_then(own_message);
    match message.and_then(|message| described.strip_suffix(&message).map(str::to_owned)) {
        Some(name) => format!("{name}{words}"),
        None => described,
    }
}
