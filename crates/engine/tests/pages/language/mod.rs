//! Tests of the language: the engine's additions and corrections to Boa.

mod allocation;
mod declarations;
mod early_errors;
mod json;
mod recursion;
mod script_inside;
mod source_text;
