//! The `interface!` macro: a binding is its Web IDL.
//!
//! The macro reads definitions of [Web IDL](https://webidl.spec.whatwg.org/) as the standards print
//! them, and makes from them the statics that a run-time turns into JavaScript objects: tables of
//! functions that check the receiver, convert the arguments, call one Rust function each and
//! convert its result. The conversions themselves are the run-time's.
//!
//! This crate knows no script engine. What it emits names `crate::webidl`, the run-time of the
//! crate that uses the macro, and nothing else but the functions and types that the definitions
//! name. The run-time of Framepost's engine documents what the macro accepts, with examples.
#![forbid(unsafe_code)]

mod ast;
mod attributes;
mod generate;
mod members;
mod names;
mod parse;
#[cfg(test)]
mod tests;
mod types;

use proc_macro::TokenStream;

/// Defines interfaces, mixins, partial interfaces, dictionaries, enumerations and typedefs.
///
/// An interface becomes a `pub(crate) static` named by its words (`MessagePort` is
/// `MESSAGE_PORT`), and a type of its own name that stands for it in the types of arguments.
#[proc_macro]
pub fn interface(input: TokenStream) -> TokenStream {
    expand(input.into())
        .unwrap_or_else(syn::Error::into_compile_error)
        .into()
}

/// The macro on tokens that tests can make.
fn expand(input: proc_macro2::TokenStream) -> syn::Result<proc_macro2::TokenStream> {
    generate::definitions(&syn::parse2(input)?)
}
