//! [Overloads](https://webidl.spec.whatwg.org/#dfn-overloaded): operations and constructors of one
//! name.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::{Error, Result};

use super::steps::{Binding, hidden};
use crate::ast::{Argument, Operation};

/// The number of arguments that every overload requires at least.
pub(crate) fn required(overloads: &[&Operation]) -> usize {
    overloads
        .iter()
        .map(|operation| required_of(operation))
        .min()
        .unwrap_or(0)
}

fn required_of(operation: &Operation) -> usize {
    let arguments = operation.arguments.iter();
    arguments
        .take_while(|argument| !argument.is_optional && !argument.is_variadic)
        .count()
}

/// The argument at an index, if the overload can take as many.
fn argument_at(operation: &Operation, index: usize) -> Option<&Argument> {
    operation.arguments.get(index).or_else(|| {
        let last = operation.arguments.last()?;
        last.is_variadic.then_some(last)
    })
}

/// The steps of an operation with overloads.
pub(crate) fn operation(binding: &Binding<'_>, overloads: &[&Operation]) -> Result<TokenStream> {
    let (this, args, cx) = (hidden("this"), hidden("args"), hidden("cx"));
    let bodies = overloads
        .iter()
        .map(|operation| binding.operation_body(operation));
    let body = resolve(overloads, &bodies.collect::<Result<Vec<_>>>()?)?;
    if overloads.first().is_some_and(|first| first.is_static) {
        return Ok(quote!(|#args, #cx| { #body }));
    }
    Ok(quote!(|#this, #args, #cx| { #body }))
}

/// The number of required arguments and the steps of a constructor.
pub(crate) fn constructor(binding: &Binding<'_>, overloads: &[&Operation]) -> Result<TokenStream> {
    let required = required(overloads);
    if let [only] = overloads {
        let steps = binding.constructor(only)?;
        return Ok(quote!((#required, #steps)));
    }
    let (this, args, cx) = (hidden("this"), hidden("args"), hidden("cx"));
    let bodies = overloads
        .iter()
        .map(|operation| binding.constructor_body(operation));
    let body = resolve(overloads, &bodies.collect::<Result<Vec<_>>>()?)?;
    Ok(quote!((#required, |#this, #args, #cx| { #body })))
}

/// The [overload resolution algorithm](https://webidl.spec.whatwg.org/#es-overloads): by the number
/// of arguments, and then by the value of the distinguishing argument.
fn resolve(overloads: &[&Operation], bodies: &[TokenStream]) -> Result<TokenStream> {
    let (args, cx) = (hidden("args"), hidden("cx"));
    let most = overloads
        .iter()
        .map(|operation| operation.arguments.len())
        .max()
        .unwrap_or(0);
    let mut arms = Vec::new();
    for count in 0..=most {
        let fitting: Vec<usize> = (0..overloads.len())
            .filter(|index| {
                let operation = overloads[*index];
                required_of(operation) <= count
                    && (count == 0 || argument_at(operation, count - 1).is_some())
            })
            .collect();
        let pattern = match count == most {
            true => quote!(_),
            false => quote!(#count),
        };
        let arm = match fitting.as_slice() {
            [] => quote!(return Err(
                crate::webidl::overload::no_overload(#args.len())
            )),
            [only] => quote!(#only),
            _ => by_value(overloads, &fitting, count)?,
        };
        arms.push(quote!(#pattern => #arm,));
    }
    let chosen = hidden("chosen");
    let last = bodies.len().saturating_sub(1);
    let bodies = bodies.iter().enumerate().map(|(index, body)| {
        let pattern = match index == last {
            true => quote!(_),
            false => quote!(#index),
        };
        quote!(#pattern => { #body })
    });
    Ok(quote! {
        let #chosen: usize = match #args.len() { #(#arms)* };
        let _ = &#cx;
        match #chosen { #(#bodies)* }
    })
}

/// The choice among overloads that take the same number of arguments.
fn by_value(overloads: &[&Operation], fitting: &[usize], count: usize) -> Result<TokenStream> {
    let (args, cx) = (hidden("args"), hidden("cx"));
    // The distinguishing argument is the first whose types differ.
    let tag_at = |overload: usize, index: usize| {
        argument_at(overloads[overload], index).map(|argument| argument.idl_type.tag().to_string())
    };
    let distinguishing = (0..count).find(|index| {
        let mut tags: Vec<Option<String>> = fitting
            .iter()
            .map(|overload| tag_at(*overload, *index))
            .collect();
        tags.sort();
        tags.dedup();
        tags.len() == fitting.len()
    });
    let Some(distinguishing) = distinguishing else {
        let span = fitting
            .first()
            .map_or_else(Span::call_site, |index| overloads[*index].span);
        return Err(Error::new(
            span,
            format!("with {count} arguments, nothing tells these overloads apart"),
        ));
    };
    let candidates = fitting.iter().filter_map(|overload| {
        let argument = argument_at(overloads[*overload], distinguishing)?;
        let tag = argument.idl_type.tag();
        let optional = argument.is_optional.then(|| quote!(.optional()));
        Some(quote!(crate::webidl::overload::Candidate::of::<#tag>() #optional,))
    });
    let fitting = fitting.iter();
    let (value, index) = (hidden("value"), hidden("index"));
    Ok(quote! {{
        const CANDIDATES: &[crate::webidl::overload::Candidate] = &[#(#candidates)*];
        const FITTING: &[usize] = &[#(#fitting),*];
        let #value = crate::webidl::convert::argument(#args, #distinguishing);
        match crate::webidl::overload::choose(CANDIDATES, &#value, #cx)?.index {
            Some(#index) => FITTING.get(#index).copied().unwrap_or_default(),
            None => return Err(
                crate::webidl::overload::no_overload(#args.len())
            ),
        }
    }})
}
