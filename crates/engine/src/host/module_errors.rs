//! The places of errors in modules: of their texts, of JSON, and of imports without an export.

use boa_engine::{Context, JsError, JsNativeError, JsObject, JsValue, Module};

use super::modules::find_parse_error;
use crate::boa::error_text::{LineAndColumn, place_in_json_message};
use crate::boa::source_text::place_of_import;
use crate::boa::sources::{self, Kind};
use crate::script::error_place::{Place, place_in_script};

/// Returns the place of an error in the text of a module.
pub(super) fn place(error: &JsError, url: &str) -> Place {
    let mut place = place_in_script(error, url);
    let message = error.as_native().map(boa_engine::JsNativeError::message);
    if place.line == 0
        && let Some(LineAndColumn { line, column }) = message.and_then(place_in_json_message)
    {
        (place.line, place.column) = (line, column);
    }
    place
}

/// Adds the place of the import to the error that a module lacks an export.
pub(super) fn with_place_of_import(ctx: &Context, module: &Module, error: JsError) -> JsError {
    let message = error.as_native().map(|native| native.message().to_string());
    let place = message.as_ref().and_then(|message| {
        let name = message.strip_prefix("could not find export `")?;
        let name = name.strip_suffix('`')?;
        let url = module.path()?.to_str()?;
        let texts = sources::at(ctx, url);
        let texts = texts.iter().filter(|source| source.kind == Kind::Module);
        let mut places = texts.filter_map(|source| place_of_import(&source.text, name));
        let place = places.next()?;
        places.next().is_none().then_some(place)
    });
    match (message, place) {
        (Some(message), Some(LineAndColumn { line, column })) => {
            let message = format!("{message} at line {line}, col {column}");
            JsNativeError::syntax().with_message(message).into()
        }
        _ => error,
    }
}

/// Returns the place of a module's parse error.
pub(super) fn place_of_parse_error(ctx: &Context, error: &JsValue) -> Option<Place> {
    let error = error.as_object()?;
    find_parse_error(ctx, |value| {
        let object = value.as_object();
        object.is_some_and(|object| JsObject::equals(&object, &error))
    })
}
