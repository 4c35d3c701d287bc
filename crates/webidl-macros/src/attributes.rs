//! [Extended attributes](https://webidl.spec.whatwg.org/#idl-extended-attributes).

use proc_macro2::Ident;
use syn::ext::IdentExt as _;
use syn::parse::{Parse, ParseBuffer, ParseStream};
use syn::{Error, LitStr, Result, Token, bracketed, parenthesized, token};

use crate::ast::{IdlType, Operation, Shape};
use crate::names::plain;
use crate::parse::{arguments, steps};

/// The extended attributes that have an effect or need none.
const KNOWN: &[&str] = &[
    "CEReactions",
    "Clamp",
    "Default",
    "Elements",
    "EnforceRange",
    "Exposed",
    "Global",
    "HTMLConstructor",
    "LegacyFactoryFunction",
    "LegacyLenientThis",
    "LegacyNullToEmptyString",
    "LegacyOverrideBuiltIns",
    "LegacyUnenumerableNamedProperties",
    "LegacyUnforgeable",
    "LegacyWindowAlias",
    "NewObject",
    "PutForwards",
    "PropertiesBehindMembers",
    "Replaceable",
    "SameObject",
    "SecureContext",
    "SecurityCheck",
    "Serializable",
    "Transferable",
    "Unscopable",
];

/// The value after the `=` of an extended attribute.
pub(crate) enum Value {
    None,
    /// `=Name`, `=(A, B)` or `=*`.
    Names(Vec<Ident>),
    /// `="text"` or `=("a", "b")`.
    Strings(Vec<LitStr>),
    /// `=Name(long argument) = steps`.
    Function(Box<Operation>),
}

/// An extended attribute.
pub(crate) struct ExtendedAttribute {
    pub(crate) name: Ident,
    pub(crate) value: Value,
}

/// The extended attributes of one definition, member, argument or type.
#[derive(Default)]
pub(crate) struct ExtendedAttributes(pub(crate) Vec<ExtendedAttribute>);

impl ExtendedAttributes {
    /// Parses `[A, B=c]`, if present.
    pub(crate) fn parse_optional(input: ParseStream<'_>) -> Result<Self> {
        let mut all = Vec::new();
        while input.peek(token::Bracket) {
            let content;
            bracketed!(content in input);
            while !content.is_empty() {
                all.push(content.parse()?);
                if !content.is_empty() {
                    content.parse::<Token![,]>()?;
                }
            }
        }
        Ok(Self(all))
    }

    /// The attribute of this name.
    pub(crate) fn get(&self, name: &str) -> Option<&ExtendedAttribute> {
        self.0.iter().find(|attribute| attribute.name == name)
    }

    /// Whether there is an attribute of this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// The names in the value of the attribute.
    pub(crate) fn names(&self, name: &str) -> Vec<&Ident> {
        self.0
            .iter()
            .filter(|attribute| attribute.name == name)
            .flat_map(|attribute| match &attribute.value {
                Value::Names(names) => names.iter().collect(),
                _ => Vec::new(),
            })
            .collect()
    }

    /// The one name that the attribute must have.
    pub(crate) fn name(&self, name: &str) -> Result<Option<&Ident>> {
        let Some(attribute) = self.get(name) else {
            return Ok(None);
        };
        match &attribute.value {
            Value::Names(names) if names.len() == 1 => Ok(names.first()),
            _ => Err(Error::new(
                attribute.name.span(),
                format!("`{name}` takes one identifier: `[{name}=member]`"),
            )),
        }
    }

    /// The attribute for reflecting a content attribute.
    pub(crate) fn reflect(&self) -> Option<&ExtendedAttribute> {
        let mut all = self.0.iter();
        all.find(|attribute| attribute.name.to_string().starts_with("Reflect"))
    }
}

impl Parse for ExtendedAttribute {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let name = input.call(Ident::parse_any)?;
        let text = plain(&name);
        if !KNOWN.contains(&text.as_str()) && !text.starts_with("Reflect") {
            return Err(Error::new(
                name.span(),
                format!(
                    "`{text}` is not an extended attribute of this macro; it knows {} and Reflect…",
                    KNOWN.join(", ")
                ),
            ));
        }
        if !input.peek(Token![=]) {
            return Ok(Self {
                name,
                value: Value::None,
            });
        }
        input.parse::<Token![=]>()?;
        let value = if input.peek(LitStr) {
            Value::Strings(vec![input.parse()?])
        } else if input.peek(Token![*]) {
            let star: Token![*] = input.parse()?;
            Value::Names(vec![Ident::new("All", star.span)])
        } else if input.peek(token::Paren) {
            let content;
            parenthesized!(content in input);
            if content.peek(LitStr) {
                let list = content.parse_terminated(ParseBuffer::parse::<LitStr>, Token![,])?;
                Value::Strings(list.into_iter().collect())
            } else {
                let list = content.parse_terminated(Ident::parse_any, Token![,])?;
                Value::Names(list.into_iter().collect())
            }
        } else {
            let name = input.call(Ident::parse_any)?;
            if input.peek(token::Paren) {
                Value::Function(Box::new(factory_function(input, name)?))
            } else {
                Value::Names(vec![name])
            }
        };
        Ok(Self { name, value })
    }
}

/// Parses the arguments and the steps of a
/// [legacy factory function](https://webidl.spec.whatwg.org/#LegacyFactoryFunction).
fn factory_function(input: ParseStream<'_>, name: Ident) -> Result<Operation> {
    Ok(Operation {
        span: name.span(),
        result: IdlType::new(name.span(), Shape::Standard("Any")),
        name: Some(name),
        arguments: arguments(input)?,
        is_static: true,
        special: None,
        steps: steps(input)?,
        names: None,
    })
}
