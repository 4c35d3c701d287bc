//! The members of interfaces.

use proc_macro2::Ident;
use syn::ext::IdentExt as _;
use syn::parse::ParseStream;
use syn::{Attribute, Error, Path, Result, Token, token};

use crate::ast::{Attr, IdlType, Member, MemberKind, Operation, Shape, Special, Steps};
use crate::attributes::ExtendedAttributes;
use crate::parse::{arguments, constant, here, more_steps, next_is, semicolon, steps};
use crate::types::parse_type;

/// Parses one member of the interface of this name.
pub(crate) fn member(input: ParseStream<'_>, interface: &Ident) -> Result<Member> {
    input.call(Attribute::parse_outer)?;
    let attributes = ExtendedAttributes::parse_optional(input)?;
    input.call(Attribute::parse_outer)?;
    let kind = kind(input, interface, &attributes)?;
    Ok(Member { attributes, kind })
}

fn kind(
    input: ParseStream<'_>,
    interface: &Ident,
    attributes: &ExtendedAttributes,
) -> Result<MemberKind> {
    let start = here(input);
    let fork = input.fork();
    let word = fork.call(Ident::parse_any).map_err(|error| {
        Error::new(
            error.span(),
            "expected a member: `const`, `constructor`, `attribute`, an operation (its type comes \
             first), `iterable<…>`, `stringifier`, `getter`, `setter`, `deleter` or `include`",
        )
    })?;
    let word_text = word.to_string();
    match word_text.as_str() {
        "const" => {
            input.call(Ident::parse_any)?;
            parse_type(input)?;
            let name = input.call(Ident::parse_any)?;
            input.parse::<Token![=]>()?;
            let value = constant(input)?;
            semicolon(input, "the constant")?;
            Ok(MemberKind::Const(name, value))
        }
        "constructor" => {
            input.call(Ident::parse_any)?;
            let arguments = arguments(input)?;
            let steps = steps(input)?;
            semicolon(input, "the constructor")?;
            let result = IdlType::new(start, Shape::Named(Path::from(interface.clone())));
            Ok(MemberKind::Constructor(Operation {
                name: None,
                span: start,
                result,
                arguments,
                is_static: false,
                special: None,
                steps,
                names: None,
            }))
        }
        "include" => {
            input.call(Ident::parse_any)?;
            let path = Path::parse_mod_style(input)?;
            semicolon(input, "the table")?;
            Ok(MemberKind::Table(path))
        }
        "async_iterable" => {
            input.call(Ident::parse_any)?;
            input.parse::<Token![<]>()?;
            parse_type(input)?;
            input.parse::<Token![>]>()?;
            semicolon(input, "the iterable declaration")?;
            Ok(MemberKind::AsyncIterable)
        }
        "iterable" => {
            input.call(Ident::parse_any)?;
            input.parse::<Token![<]>()?;
            parse_type(input)?;
            let is_pair = input.parse::<Option<Token![,]>>()?.is_some();
            if is_pair {
                parse_type(input)?;
            }
            input.parse::<Token![>]>()?;
            let given = steps(input)?;
            semicolon(input, "the iterable declaration")?;
            match (is_pair, given) {
                (true, Some(given)) => Ok(MemberKind::Iterable(Some(given), start)),
                (true, None) => Err(Error::new(
                    start,
                    "a pair iterator needs the function that gives the pair at an index: \
                     `iterable<K, V> = pair_at;`",
                )),
                (false, None) => Ok(MemberKind::Iterable(None, start)),
                (false, Some(_)) => Err(Error::new(
                    start,
                    "a value iterator goes over the indexed properties and needs no steps",
                )),
            }
        }
        "stringifier" => {
            input.call(Ident::parse_any)?;
            if next_is(input, "attribute") || next_is(input, "readonly") {
                let mut attribute = attribute(input, attributes)?;
                attribute.is_stringifier = true;
                return Ok(MemberKind::Attribute(attribute));
            }
            let given = steps(input)?;
            semicolon(input, "the stringifier")?;
            Ok(MemberKind::Stringifier(given, start))
        }
        "static" => {
            input.call(Ident::parse_any)?;
            let mut operation = operation(input, None)?;
            operation.is_static = true;
            Ok(MemberKind::Operation(operation))
        }
        "readonly" | "attribute" | "inherit" => {
            attribute(input, attributes).map(MemberKind::Attribute)
        }
        "getter" | "setter" | "deleter" => {
            input.call(Ident::parse_any)?;
            let special = match word_text.as_str() {
                "getter" => Special::Getter,
                "setter" => Special::Setter,
                _ => Special::Deleter,
            };
            operation(input, Some(special)).map(MemberKind::Operation)
        }
        "async" | "maplike" | "setlike" => Err(Error::new(
            word.span(),
            format!("`{word}` is not supported"),
        )),
        _ => operation(input, None).map(MemberKind::Operation),
    }
}

fn attribute(input: ParseStream<'_>, attributes: &ExtendedAttributes) -> Result<Attr> {
    let mut is_readonly = false;
    loop {
        let word = input.call(Ident::parse_any)?;
        match word.to_string().as_str() {
            "attribute" => break,
            "readonly" => is_readonly = true,
            "inherit" => {}
            _ => return Err(Error::new(word.span(), "expected `attribute`")),
        }
    }
    let idl_type = parse_type(input)?.with(attributes);
    let name = input
        .call(Ident::parse_any)
        .map_err(|error| Error::new(error.span(), "expected the attribute's name"))?;
    let getter = steps(input)?;
    let setter = if getter.is_some() {
        more_steps(input)?
    } else {
        None
    };
    semicolon(input, "the attribute")?;
    if setter.is_some() && is_readonly {
        return Err(Error::new(
            name.span(),
            "a readonly attribute has no setter; [Replaceable] and [PutForwards] make their own",
        ));
    }
    Ok(Attr {
        name,
        idl_type,
        is_readonly,
        is_stringifier: false,
        getter,
        setter,
    })
}

fn operation(input: ParseStream<'_>, special: Option<Special>) -> Result<Operation> {
    let span = here(input);
    let result = parse_type(input)?;
    let name = if input.peek(token::Paren) {
        None
    } else {
        Some(input.call(Ident::parse_any).map_err(|error| {
            Error::new(
                error.span(),
                "expected the name of the operation, after the type of its result",
            )
        })?)
    };
    if name.is_none() && special.is_none() {
        return Err(Error::new(
            span,
            "an operation needs the type of its result and a name: `undefined close();`",
        ));
    }
    if !input.peek(token::Paren) {
        return Err(input.error("expected the arguments of the operation, in parentheses"));
    }
    let arguments = arguments(input)?;
    let given = steps(input)?;
    let names: Option<Steps> = if given.is_some() {
        more_steps(input)?
    } else {
        None
    };
    semicolon(input, "the operation")?;
    if names.is_some() && special != Some(Special::Getter) {
        return Err(Error::new(
            span,
            "only a named property getter has a second function: the supported property names",
        ));
    }
    Ok(Operation {
        name,
        span,
        result,
        arguments,
        is_static: false,
        special,
        steps: given,
        names,
    })
}
