//! The `interface!` macro: a binding is its Web IDL.
//!
//! The macro reads definitions of [Web IDL](https://webidl.spec.whatwg.org/) as the standards print
//! them, and makes from them the statics that a run-time turns into JavaScript objects: tables of
//! functions that check the receiver, convert the arguments, call one Rust function each and
//! convert its result. The run-time performs the conversions.
//!
//! This crate knows no script engine. The generated code uses `crate::webidl`, the run-time, and `crate::globals`,
//! the globals that `Exposed` names, both of the crate that calls the macro, and the functions and types in the
//! definitions. The documentation of the run-time in
//! `framepost-boa` describes the accepted syntax, with examples.
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
/// An interface becomes a static named by its words (`MessagePort` is `MESSAGE_PORT`), and a type of its own name for
/// the types of arguments. All that the macro makes is `pub`: it is as visible as its module.
#[proc_macro]
pub fn interface(input: TokenStream) -> TokenStream {
    expand(input.into())
        .unwrap_or_else(syn::Error::into_compile_error)
        .into()
}

/// The macro on tokens, for tests.
fn expand(input: proc_macro2::TokenStream) -> syn::Result<proc_macro2::TokenStream> {
    generate::definitions(&syn::parse2(input)?)
}
