//! [Types](https://webidl.spec.whatwg.org/#idl-types).

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::ext::IdentExt as _;
use syn::parse::ParseStream;
use syn::{Error, Path, Result, Token, Type, parenthesized, token};

use crate::ast::{IdlType, Shape};
use crate::attributes::ExtendedAttributes;
use crate::parse::next_is;

/// The types with a name of one word, and the name of their tag.
const WORDS: &[(&str, &str)] = &[
    ("any", "Any"),
    ("object", "Object"),
    ("boolean", "Boolean"),
    ("byte", "Byte"),
    ("octet", "Octet"),
    ("short", "Short"),
    ("float", "Float"),
    ("double", "Double"),
    ("bigint", "BigInt"),
    ("DOMString", "DomString"),
    ("CSSOMString", "DomString"),
    ("USVString", "UsvString"),
    ("ByteString", "ByteString"),
    ("Function", "Function"),
];

/// Parses a type.
pub(crate) fn parse_type(input: ParseStream<'_>) -> Result<IdlType> {
    parse(input, false)
}

/// Parses a type that may specify its Rust type: `DOMString(JsString)`.
pub(crate) fn parse_type_with_rust(input: ParseStream<'_>) -> Result<IdlType> {
    parse(input, true)
}

fn parse(input: ParseStream<'_>, may_name_rust: bool) -> Result<IdlType> {
    let attributes = ExtendedAttributes::parse_optional(input)?;
    let span = input.span();
    if input.peek(token::Paren) {
        return Err(input.error(
            "a union needs a name: write `typedef (A or B) Name;`, or a Rust type that implements \
             `FromJs`",
        ));
    }
    let shape = shape(input)?;
    let mut rust = None;
    if may_name_rust && input.peek(token::Paren) {
        let content;
        parenthesized!(content in input);
        rust = Some(content.parse::<Type>()?);
    }
    let is_nullable = input.parse::<Option<Token![?]>>()?.is_some();
    let parsed = IdlType {
        span,
        shape,
        is_nullable,
        clamp: false,
        enforce_range: false,
        null_to_empty: false,
        rust,
    };
    Ok(parsed.with(&attributes))
}

fn shape(input: ParseStream<'_>) -> Result<Shape> {
    let fork = input.fork();
    let word = fork
        .call(Ident::parse_any)
        .map_err(|error| Error::new(error.span(), "expected a type"))?;
    let text = word.to_string();
    let standard = WORDS.iter().find(|(name, _)| *name == text);
    let of_words = match text.as_str() {
        "unsigned" => Some(unsigned(input)?),
        "long" => {
            input.call(Ident::parse_any)?;
            Some(Shape::Standard(if next_is(input, "long") {
                input.call(Ident::parse_any)?;
                "LongLong"
            } else {
                "Long"
            }))
        }
        "unrestricted" => {
            input.call(Ident::parse_any)?;
            let kind = input.call(Ident::parse_any)?;
            Some(Shape::Standard(match kind.to_string().as_str() {
                "float" => "UnrestrictedFloat",
                "double" => "UnrestrictedDouble",
                _ => return Err(Error::new(kind.span(), "expected `float` or `double`")),
            }))
        }
        _ => None,
    };
    if let Some(shape) = of_words {
        return Ok(shape);
    }
    if let Some((_, tag)) = standard {
        input.call(Ident::parse_any)?;
        return Ok(Shape::Standard(tag));
    }
    let shape = match text.as_str() {
        "undefined" => Shape::Undefined,
        "sequence" | "FrozenArray" | "record" | "Promise" => {
            input.call(Ident::parse_any)?;
            return generic(input, &text);
        }
        "ObservableArray" | "async" | "maplike" | "setlike" | "symbol" => {
            return Err(Error::new(
                word.span(),
                format!("`{text}` is not supported"),
            ));
        }
        "EventHandler" | "OnErrorEventHandler" | "OnBeforeUnloadEventHandler" => {
            Shape::EventHandler
        }
        _ => return Ok(Shape::Named(Path::parse_mod_style(input)?)),
    };
    input.call(Ident::parse_any)?;
    Ok(shape)
}

fn unsigned(input: ParseStream<'_>) -> Result<Shape> {
    input.call(Ident::parse_any)?;
    let kind = input.call(Ident::parse_any)?;
    Ok(Shape::Standard(match kind.to_string().as_str() {
        "short" => "UnsignedShort",
        "long" if next_is(input, "long") => {
            input.call(Ident::parse_any)?;
            "UnsignedLongLong"
        }
        "long" => "UnsignedLong",
        _ => return Err(Error::new(kind.span(), "expected `short` or `long`")),
    }))
}

fn generic(input: ParseStream<'_>, name: &str) -> Result<Shape> {
    input.parse::<Token![<]>()?;
    let first = Box::new(parse(input, false)?);
    let shape = match name {
        "sequence" => Shape::Sequence(first),
        "FrozenArray" => Shape::FrozenArray(first),
        "record" => {
            input.parse::<Token![,]>()?;
            Shape::Record(first, Box::new(parse(input, false)?))
        }
        _ => Shape::Promise,
    };
    input.parse::<Token![>]>()?;
    Ok(shape)
}

impl IdlType {
    /// A type without extended attributes.
    pub(crate) const fn new(span: Span, shape: Shape) -> Self {
        Self {
            span,
            shape,
            is_nullable: false,
            clamp: false,
            enforce_range: false,
            null_to_empty: false,
            rust: None,
        }
    }

    /// The type with its extended attributes.
    pub(crate) fn with(mut self, attributes: &ExtendedAttributes) -> Self {
        self.clamp |= attributes.has("Clamp");
        self.enforce_range |= attributes.has("EnforceRange");
        self.null_to_empty |= attributes.has("LegacyNullToEmptyString");
        self
    }

    /// The tag: the Rust type for this type in the run-time's traits.
    pub(crate) fn tag(&self) -> TokenStream {
        let types = quote_spanned!(self.span=> crate::webidl::types);
        let mut tag = match &self.shape {
            Shape::Standard(name) => {
                let name = format_ident!("{name}", span = self.span);
                quote!(#types::#name)
            }
            Shape::Sequence(item) => {
                let item = item.tag();
                quote!(#types::Sequence<#item>)
            }
            Shape::FrozenArray(item) => {
                let item = item.tag();
                quote!(#types::FrozenArray<#item>)
            }
            Shape::Record(key, value) => {
                let (key, value) = (key.tag(), value.tag());
                quote!(#types::Record<#key, #value>)
            }
            Shape::Undefined | Shape::Promise | Shape::EventHandler => quote!(#types::Any),
            Shape::Named(path) => quote!(#path),
        };
        for (wraps, name) in [
            (self.clamp, "Clamp"),
            (self.enforce_range, "EnforceRange"),
            (self.null_to_empty, "NullToEmpty"),
            (self.is_nullable, "Nullable"),
        ] {
            if wraps {
                let name = format_ident!("{name}", span = self.span);
                tag = quote!(#types::#name<#tag>);
            }
        }
        tag
    }

    /// The Rust type of a value, if it is not specified.
    pub(crate) fn rust(&self) -> TokenStream {
        let tag = self.tag();
        match &self.rust {
            Some(rust) if self.is_nullable => quote!(Option<#rust>),
            Some(rust) => quote!(#rust),
            None => quote!(<#tag as crate::webidl::types::IdlType>::Value),
        }
    }

    /// Whether operations of this type return `undefined`.
    pub(crate) fn is_undefined(&self) -> bool {
        matches!(self.shape, Shape::Undefined) && !self.is_nullable
    }
}
