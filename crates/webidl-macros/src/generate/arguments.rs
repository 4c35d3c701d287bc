//! The arguments of operations and constructors.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Result;

use super::steps::{Names, hidden_names};
use crate::ast::{Argument, Default};

/// An argument in the glue: its slot, its value, and the type of its value.
pub(super) struct Passed {
    /// The statements that convert it.
    pub(super) convert: TokenStream,
    /// The expression that passes it on.
    pub(super) pass: TokenStream,
    /// The Rust type of its value if the steps do not specify it.
    pub(super) rust: TokenStream,
}

/// A hidden identifier that makes errors point to this place.
pub(super) fn hidden_at(name: &str, span: Span) -> Ident {
    Ident::new(name, Span::mixed_site().located_at(span))
}

/// The conversion and passing of the arguments.
pub(super) fn pass_all(arguments: &[Argument]) -> Result<Vec<Passed>> {
    let Names { args, cx, .. } = hidden_names();
    let mut passed = Vec::new();
    for (index, argument) in arguments.iter().enumerate() {
        let span = argument.name.span();
        let slot = hidden_at(&format!("slot{index}"), span);
        let held = hidden_at(&format!("held{index}"), span);
        let (tag, rust) = argument_type(argument);
        let hold = match &argument.default {
            Some(Default::EmptyList | Default::EmptyDictionary | Default::Undefined) | None => {
                quote!(#slot.hold(#args, #index, #cx)?)
            }
            Some(default) => {
                let value = default_value(default);
                quote!(#slot.hold_or(#args, #index, || #value, #cx)?)
            }
        };
        passed.push(Passed {
            convert: quote_spanned! {span=>
                let #slot = crate::webidl::glue::Slot::<'_, #tag, _, _>::new();
                let mut #held = #hold;
            },
            pass: quote_spanned!(span=> #slot.pass(&mut #held)?),
            rust,
        });
    }
    Ok(passed)
}

/// The tag and the Rust type of an argument.
fn argument_type(argument: &Argument) -> (TokenStream, TokenStream) {
    let tag = argument.idl_type.tag();
    let rust = argument.idl_type.rust();
    if argument.is_variadic {
        return (
            quote!(crate::webidl::types::Variadic<#tag>),
            quote!(Vec<#rust>),
        );
    }
    if matches!(argument.default, Some(Default::EmptyList)) {
        return (quote!(crate::webidl::types::OrEmpty<#tag>), rust);
    }
    if argument.is_optional && argument.default.is_none() {
        return (
            quote!(crate::webidl::types::Optional<#tag>),
            quote!(Option<#rust>),
        );
    }
    (tag, rust)
}

/// A default as a JavaScript value.
pub(crate) fn default_value(default: &Default) -> TokenStream {
    match default {
        Default::Null => quote!(crate::webidl::glue::JsValue::null()),
        Default::Undefined | Default::EmptyList | Default::EmptyDictionary => {
            quote!(crate::webidl::glue::JsValue::undefined())
        }
        Default::Bool(value) => quote!(crate::webidl::glue::JsValue::from(#value)),
        Default::Str(text) => {
            quote!(crate::webidl::glue::JsValue::from(
                ::boa_engine::js_string!(#text)
            ))
        }
        Default::Number(number) => quote!(crate::webidl::glue::JsValue::from(#number)),
    }
}
