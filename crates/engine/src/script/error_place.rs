//! The place of an exception, read from Boa's error text, which alone contains it.

use boa_engine::{Context, JsError, JsNativeErrorKind, JsValue};
use framepost_event_loop::GlobalId;

use super::muted_scripts;
use super::realm::{in_realm, window_record};
use crate::boa::error_text;

/// Where an exception was thrown.
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
    let object = value.as_object()?;
    let stack = match crate::webidl::exception::stack_of(&object) {
        Some(stack) => stack,
        None => crate::boa::intrinsics::places_of_error(&object, ctx)?,
    };
    // The stack of a DOMException begins with its name and message.
    place_in_frames(&stack.to_std_string_lossy())
}
