//! The parser: Web IDL, token by token, with the Rust parts of the binding.

use proc_macro2::{Ident, Span};
use syn::ext::IdentExt as _;
use syn::parse::discouraged::Speculative as _;
use syn::parse::{Parse, ParseStream};
use syn::{
    Attribute, Error, ExprClosure, ExprPath, Lit, LitInt, LitStr, Path, Result, Token, Type,
    braced, bracketed, parenthesized, token,
};

use crate::ast::{
    Alias, Argument, Default, Dictionary, DictionaryMember, Enum, Input, Interface, MemberKind,
    Shape, Sort, Steps,
};
use crate::attributes::ExtendedAttributes;
use crate::names::variant;
use crate::types::{parse_type, parse_type_with_rust};

impl Parse for Input {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let mut all = Self {
            interfaces: Vec::new(),
            dictionaries: Vec::new(),
            enums: Vec::new(),
            aliases: Vec::new(),
        };
        let mut includes = Vec::new();
        while !input.is_empty() {
            let docs = input.call(Attribute::parse_outer)?;
            let attributes = ExtendedAttributes::parse_optional(input)?;
            let docs = [docs, input.call(Attribute::parse_outer)?].concat();
            let keyword = input.call(Ident::parse_any).map_err(|error| {
                Error::new(error.span(), "expected a definition: `interface`, `interface mixin`, \
                    `partial interface`, `namespace`, `dictionary`, `enum`, `typedef`, `callback` or \
                    `A includes B;`")
            })?;
            match keyword.to_string().as_str() {
                "interface" => {
                    let sort = if next_is(input, "mixin") {
                        input.call(Ident::parse_any)?;
                        Sort::Mixin
                    } else {
                        Sort::Interface
                    };
                    all.interfaces
                        .push(interface(input, docs, attributes, sort)?);
                }
                "namespace" => {
                    all.interfaces
                        .push(interface(input, docs, attributes, Sort::Namespace)?);
                }
                "partial" => {
                    expect(input, "interface")?;
                    if next_is(input, "mixin") {
                        input.call(Ident::parse_any)?;
                    }
                    all.interfaces
                        .push(interface(input, docs, attributes, Sort::Partial)?);
                }
                "dictionary" => all.dictionaries.push(dictionary(input, docs)?),
                "enum" => all.enums.push(enumeration(input, docs)?),
                "typedef" => all.aliases.push(typedef(input, docs)?),
                "callback" => all.aliases.push(callback(input, docs)?),
                _ if next_is(input, "includes") => {
                    input.call(Ident::parse_any)?;
                    includes.push((keyword, Path::parse_mod_style(input)?));
                    semicolon(input, "the mixin")?;
                }
                other => {
                    return Err(Error::new(
                        keyword.span(),
                        format!(
                            "`{other}` begins no definition: expected `interface`, `interface mixin`, \
                             `partial interface`, `namespace`, `dictionary`, `enum`, `typedef`, \
                             `callback` or `A includes B;`"
                        ),
                    ));
                }
            }
        }
        for (target, mixin) in includes {
            let found = all
                .interfaces
                .iter_mut()
                .find(|interface| interface.name == target);
            let Some(found) = found else {
                return Err(Error::new(
                    target.span(),
                    format!(
                        "`{target}` is not defined in this `interface!`: define it here, or add \
                         `partial interface {target} {{}}`"
                    ),
                ));
            };
            found.includes.push(mixin);
        }
        Ok(all)
    }
}

/// Whether the next token is this word.
pub(crate) fn next_is(input: ParseStream<'_>, word: &str) -> bool {
    let fork = input.fork();
    fork.call(Ident::parse_any).is_ok_and(|next| next == word)
}

fn expect(input: ParseStream<'_>, word: &str) -> Result<()> {
    let found = input.call(Ident::parse_any)?;
    if found == word {
        return Ok(());
    }
    Err(Error::new(
        found.span(),
        format!("expected `{word}`, found `{found}`"),
    ))
}

/// The `;` at the end of a member or a definition.
pub(crate) fn semicolon(input: ParseStream<'_>, after: &str) -> Result<()> {
    let ended = input.parse::<Token![;]>();
    ended
        .map(drop)
        .map_err(|error| Error::new(error.span(), format!("expected `;` after {after}")))
}

fn interface(
    input: ParseStream<'_>,
    docs: Vec<Attribute>,
    attributes: ExtendedAttributes,
    sort: Sort,
) -> Result<Interface> {
    let name = input.call(Ident::parse_any)?;
    let mut data = None;
    if input.peek(token::Paren) {
        let content;
        parenthesized!(content in input);
        data = Some(content.parse::<Type>()?);
    }
    let mut parent = None;
    if input.peek(Token![:]) {
        let colon: Token![:] = input.parse()?;
        if sort != Sort::Interface {
            return Err(Error::new(colon.span, "only interfaces inherit"));
        }
        parent = Some(Path::parse_mod_style(input)?);
    }
    let content;
    braced!(content in input);
    let mut members = Vec::new();
    while !content.is_empty() {
        let mut member = crate::members::member(&content, &name)?;
        if let (Sort::Namespace, MemberKind::Operation(operation)) = (sort, &mut member.kind) {
            operation.is_static = true;
        }
        members.push(member);
    }
    // The standards end a definition with a semicolon.
    input.parse::<Option<Token![;]>>()?;
    Ok(Interface {
        docs,
        attributes,
        sort,
        name,
        data,
        parent,
        members,
        includes: Vec::new(),
    })
}

fn dictionary(input: ParseStream<'_>, docs: Vec<Attribute>) -> Result<Dictionary> {
    let name = input.call(Ident::parse_any)?;
    let mut parent = None;
    if input.parse::<Option<Token![:]>>()?.is_some() {
        parent = Some(Path::parse_mod_style(input)?);
    }
    let content;
    braced!(content in input);
    let mut members = Vec::new();
    while !content.is_empty() {
        let docs = content.call(Attribute::parse_outer)?;
        let attributes = ExtendedAttributes::parse_optional(&content)?;
        let is_required = next_is(&content, "required");
        if is_required {
            content.call(Ident::parse_any)?;
        }
        let idl_type = parse_type_with_rust(&content)?.with(&attributes);
        let name = content.call(Ident::parse_any).map_err(|error| {
            Error::new(error.span(), "expected the name of the dictionary member")
        })?;
        let default = default(&content)?;
        if is_required && default.is_some() {
            return Err(Error::new(name.span(), "a required member has no default"));
        }
        semicolon(&content, "the dictionary member")?;
        members.push(DictionaryMember {
            docs,
            name,
            idl_type,
            is_required,
            default,
        });
    }
    input.parse::<Option<Token![;]>>()?;
    Ok(Dictionary {
        docs,
        name,
        parent,
        members,
    })
}

fn enumeration(input: ParseStream<'_>, docs: Vec<Attribute>) -> Result<Enum> {
    let name = input.call(Ident::parse_any)?;
    let mut rust = None;
    if input.peek(token::Paren) {
        let content;
        parenthesized!(content in input);
        rust = Some(content.parse()?);
    }
    let content;
    braced!(content in input);
    let mut values = Vec::new();
    while !content.is_empty() {
        let value: LitStr = content.parse()?;
        let name = if content.parse::<Option<Token![=]>>()?.is_some() {
            content.parse::<Ident>()?
        } else {
            variant(&value.value(), value.span()).ok_or_else(|| {
                Error::new(
                    value.span(),
                    "this value does not make a Rust name: give one, as in `\"2d\" = TwoD`",
                )
            })?
        };
        values.push((value, name));
        if !content.is_empty() {
            content.parse::<Token![,]>()?;
        }
    }
    input.parse::<Option<Token![;]>>()?;
    Ok(Enum {
        docs,
        name,
        rust,
        values,
    })
}

fn typedef(input: ParseStream<'_>, docs: Vec<Attribute>) -> Result<Alias> {
    let mut types = Vec::new();
    if input.peek(token::Paren) {
        let content;
        parenthesized!(content in input);
        loop {
            types.push(parse_type_with_rust(&content)?);
            if content.is_empty() {
                break;
            }
            expect(&content, "or")?;
        }
    } else {
        types.push(parse_type(input)?);
    }
    let name = input.call(Ident::parse_any)?;
    semicolon(input, "the typedef")?;
    Ok(Alias { docs, name, types })
}

fn callback(input: ParseStream<'_>, docs: Vec<Attribute>) -> Result<Alias> {
    let name = input.call(Ident::parse_any)?;
    input.parse::<Token![=]>()?;
    let mut function = parse_type(input)?;
    function.shape = Shape::Standard("Function");
    function.is_nullable = false;
    arguments(input)?;
    semicolon(input, "the callback")?;
    Ok(Alias {
        docs,
        name,
        types: vec![function],
    })
}

/// The arguments of an operation, with their parentheses.
pub(crate) fn arguments(input: ParseStream<'_>) -> Result<Vec<Argument>> {
    let content;
    parenthesized!(content in input);
    let mut arguments: Vec<Argument> = Vec::new();
    while !content.is_empty() {
        let argument = argument(&content)?;
        if let Some(last) = arguments.last() {
            if last.is_variadic {
                return Err(Error::new(
                    argument.name.span(),
                    "nothing follows a variadic argument",
                ));
            }
            if last.is_optional && !argument.is_optional && !argument.is_variadic {
                return Err(Error::new(
                    argument.name.span(),
                    "an argument after an optional one is optional, too: write `optional` before \
                     its type",
                ));
            }
        }
        arguments.push(argument);
        if !content.is_empty() {
            content.parse::<Token![,]>()?;
        }
    }
    Ok(arguments)
}

fn argument(input: ParseStream<'_>) -> Result<Argument> {
    let before = ExtendedAttributes::parse_optional(input)?;
    let is_optional = next_is(input, "optional");
    if is_optional {
        input.call(Ident::parse_any)?;
    }
    let after = ExtendedAttributes::parse_optional(input)?;
    let idl_type = parse_type(input)?.with(&before).with(&after);
    let is_variadic = input.parse::<Option<Token![...]>>()?.is_some();
    let name = input.call(Ident::parse_any).map_err(|error| {
        Error::new(
            error.span(),
            "expected the name of the argument, after its type",
        )
    })?;
    let default = default(input)?;
    if default.is_some() && !is_optional {
        return Err(Error::new(
            name.span(),
            "only an optional argument has a default: write `optional` before its type",
        ));
    }
    Ok(Argument {
        name,
        idl_type,
        is_optional,
        is_variadic,
        default,
    })
}

/// `= value`, if present.
fn default(input: ParseStream<'_>) -> Result<Option<Default>> {
    if input.parse::<Option<Token![=]>>()?.is_none() {
        return Ok(None);
    }
    if input.peek(token::Bracket) {
        let content;
        bracketed!(content in input);
        return if content.is_empty() {
            Ok(Some(Default::EmptyList))
        } else {
            Err(content.error("the only default list is `[]`"))
        };
    }
    if input.peek(token::Brace) {
        let content;
        braced!(content in input);
        return if content.is_empty() {
            Ok(Some(Default::EmptyDictionary))
        } else {
            Err(content.error("the only default dictionary is `{}`"))
        };
    }
    if input.peek(LitStr) {
        return Ok(Some(Default::Str(input.parse()?)));
    }
    if input.peek(syn::LitBool) {
        return Ok(Some(Default::Bool(input.parse::<syn::LitBool>()?.value)));
    }
    if input.peek(Lit) || input.peek(Token![-]) {
        return Ok(Some(Default::Number(number(input)?)));
    }
    let word = input.call(Ident::parse_any).map_err(|error| {
        Error::new(
            error.span(),
            "expected a default: null, undefined, true, false, a string, a number, [] or {}",
        )
    })?;
    match word.to_string().as_str() {
        "null" => Ok(Some(Default::Null)),
        "undefined" => Ok(Some(Default::Undefined)),
        "Infinity" => Ok(Some(Default::Number(syn::parse_quote!(f64::INFINITY)))),
        "NaN" => Ok(Some(Default::Number(syn::parse_quote!(f64::NAN)))),
        _ => Err(Error::new(
            word.span(),
            "expected a default: null, undefined, true, false, a string, a number, [] or {}",
        )),
    }
}

fn number(input: ParseStream<'_>) -> Result<syn::Expr> {
    let sign = input.parse::<Option<Token![-]>>()?;
    let literal: Lit = input.parse()?;
    if !matches!(literal, Lit::Int(_) | Lit::Float(_)) {
        return Err(Error::new(literal.span(), "expected a number"));
    }
    Ok(match sign {
        Some(_) => syn::parse_quote!(-#literal),
        None => syn::parse_quote!(#literal),
    })
}

/// The value of a constant.
pub(crate) fn constant(input: ParseStream<'_>) -> Result<LitInt> {
    input
        .parse()
        .map_err(|error| Error::new(error.span(), "the value of a constant is an integer"))
}

/// `= steps` of a member, if present.
pub(crate) fn steps(input: ParseStream<'_>) -> Result<Option<Steps>> {
    if input.parse::<Option<Token![=]>>()?.is_none() {
        return Ok(None);
    }
    one_of_steps(input).map(Some)
}

/// `, steps` after the first ones, if present.
pub(crate) fn more_steps(input: ParseStream<'_>) -> Result<Option<Steps>> {
    if input.parse::<Option<Token![,]>>()?.is_none() {
        return Ok(None);
    }
    one_of_steps(input).map(Some)
}

fn one_of_steps(input: ParseStream<'_>) -> Result<Steps> {
    if input.parse::<Option<Token![.]>>()?.is_some() {
        return Ok(Steps::Field(input.call(Ident::parse_any)?));
    }
    if input.peek(Lit) {
        return Ok(Steps::Literal(input.parse()?));
    }
    if input.peek(Token![|]) || input.peek(Token![||]) || input.peek(Token![move]) {
        return Ok(Steps::Closure(Box::new(input.parse::<ExprClosure>()?)));
    }
    let fork = input.fork();
    match fork.parse::<ExprPath>() {
        Ok(path) => {
            input.advance_to(&fork);
            Ok(Steps::Path(path))
        }
        Err(error) => Err(Error::new(
            error.span(),
            "expected how the member is carried out: a function's path, a closure, a literal or a \
             field of the data (`.field`)",
        )),
    }
}

/// The place of the input, for errors.
pub(crate) fn here(input: ParseStream<'_>) -> Span {
    input.span()
}
