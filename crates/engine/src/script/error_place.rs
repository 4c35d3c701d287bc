//! The place of an exception, read from Boa's error text. Boa provides it in no other way.

use boa_engine::{Context, JsError, JsNativeErrorKind, JsObject, JsValue};
use framepost_event_loop::GlobalId;

use super::muted_scripts;
use super::realm::{in_realm, window_record};
use crate::boa::error_text;
use crate::output::ErrorFrame;

/// The place where an exception was thrown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) url: String,
    pub(crate) line: u32,
    pub(crate) column: u32,
}

/// Returns the thrown value. A native error gets an error object of the realm that it is reported
/// for.
pub(crate) fn into_value(
    ctx: &mut Context,
    window: Option<GlobalId>,
    error: JsError,
) -> Option<JsValue> {
    match window.and_then(|window| window_record(ctx, window)) {
        Some(record) => in_realm(ctx, &record.realm, |ctx| error.into_opaque(ctx)).ok(),
        None => error.into_opaque(ctx).ok(),
    }
}

/// Returns the place of a Boa error: its innermost frame with a source.
pub(crate) fn place_of(error: &JsError) -> Option<Place> {
    place_in_frames(&error.to_string())
}

/// Returns the place of the innermost frame with a source.
fn place_in_frames(text: &str) -> Option<Place> {
    let frames = text.lines().filter(|line| line.starts_with("    at "));
    let mut places = frames.filter_map(place_in_frame);
    let mut place = places.next()?;
    if is_compiled(&place) {
        let caller = places.find(|place| !is_compiled(place));
        muted_scripts::mark_compiled(&mut place.url, caller.as_ref().map(|place| &*place.url));
    }
    Some(place)
}

/// Whether this is a place in code that `eval` or `Function` has compiled, which has no URL.
fn is_compiled(place: &Place) -> bool {
    place.url.ends_with(" at ")
}

/// Returns the URL of a place for display.
pub(crate) fn shown_url(url: &str) -> String {
    match muted_scripts::without_marks(url).as_str() {
        "eval at " => "eval code".to_owned(),
        "unknown at " => "Function code".to_owned(),
        shown => shown.to_owned(),
    }
}

/// Returns the calls in the text of an error, and whether the innermost one is of a built-in
/// function.
pub(crate) fn frames_of(text: &str) -> (Vec<ErrorFrame>, bool) {
    let lines = text.lines().filter(|line| line.starts_with("    at "));
    let is_native = lines
        .clone()
        .next()
        .is_some_and(|line| line.ends_with("(native)"));
    let frames = lines.filter_map(|line| {
        let place = place_in_frame(line)?;
        let name = line.trim_start().strip_prefix("at ")?;
        let name = name.split_once(" (").map_or("", |(name, _)| name);
        Some(ErrorFrame {
            function: if name == "<main>" { "" } else { name }.to_owned(),
            url: shown_url(&place.url),
            line: place.line,
            column: place.column,
        })
    });
    (frames.collect(), is_native)
}

/// Reads `    at name (url:line:column)`.
fn place_in_frame(frame: &str) -> Option<Place> {
    let frame = frame.strip_suffix(')')?;
    let open = frame.find(" (")?;
    let inner = &frame[open + 2..];
    let (rest, column) = inner.rsplit_once(':')?;
    let (url, line) = rest.rsplit_once(':')?;
    let (line, column) = (line.parse().ok()?, column.parse().ok()?);
    (!url.starts_with("native")).then(|| Place {
        url: url.to_owned(),
        line,
        column,
    })
}

/// Returns the place of a syntax error, which Boa puts into the message only.
pub(crate) fn syntax_error_place(error: &JsError) -> Option<Place> {
    let native = error.as_native()?;
    if !matches!(native.kind(), JsNativeErrorKind::Syntax) {
        return None;
    }
    let place = error_text::place_in_message(native.message())?;
    Some(Place {
        url: String::new(),
        line: place.line,
        column: place.column,
    })
}

/// Returns the place of an exception of the script at this URL.
pub(crate) fn place_in_script(error: &JsError, url: &str) -> Place {
    let place = place_of(error).or_else(|| {
        let place = syntax_error_place(error)?;
        Some(Place {
            url: url.to_owned(),
            ..place
        })
    });
    place.unwrap_or_else(|| Place {
        url: url.to_owned(),
        ..Place::default()
    })
}

/// Returns the place where an error object was created.
pub(crate) fn place_of_error_object(ctx: &mut Context, value: &JsValue) -> Option<Place> {
    place_in_frames(&stack_of_error(ctx, &value.as_object()?)?)
}

/// Returns the calls that had not returned when an error object was created. The stack of a
/// `DOMException` begins with its name and message.
pub(crate) fn stack_of_error(ctx: &mut Context, object: &JsObject) -> Option<String> {
    let stack = match crate::webidl::exception::stack_of(object) {
        Some(stack) => stack,
        None => crate::boa::intrinsics::places_of_error(object, ctx)?,
    };
    Some(stack.to_std_string_lossy())
}
