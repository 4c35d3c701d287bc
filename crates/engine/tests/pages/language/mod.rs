//! The language itself: what the engine adds to Boa, and what it mends.

mod allocation;
mod declarations;
mod json;
mod recursion;
mod script_inside;
mod source_text;
