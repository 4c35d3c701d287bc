//! Attributes that
//! [reflect](https://html.spec.whatwg.org/multipage/common-dom-interfaces.html#reflect) content
//! attributes.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::{Error, LitStr, Result};

use crate::ast::{Attr, IdlType, Shape};
use crate::attributes::{ExtendedAttributes, Value};
use crate::names::{self, plain};

/// What an attribute that reflects a content attribute is made with.
pub(crate) enum Reflect {
    /// The whole member.
    Both(TokenStream),
    /// The setter.
    Setter(TokenStream),
}

pub(crate) fn reflect(
    attribute: &Attr,
    attributes: &ExtendedAttributes,
) -> Result<Option<Reflect>> {
    let Some(given) = attributes.reflect() else {
        return Ok(None);
    };
    let idl_name = plain(&attribute.name);
    let content = match &given.value {
        Value::None => idl_name.to_lowercase(),
        Value::Strings(names) if names.len() == 1 => {
            names.first().map(LitStr::value).unwrap_or_default()
        }
        _ => {
            return Err(Error::new(
                given.name.span(),
                "expected the name of a content attribute: `[Reflect=\"http-equiv\"]`",
            ));
        }
    };
    let variant = plain(&given.name);
    let kind = match variant.trim_start_matches("Reflect") {
        "" | "Setter" => by_type(&attribute.idl_type)?,
        other => names::snake(&Ident::new(other, given.name.span())).to_string(),
    };
    if variant == "ReflectSetter" {
        let set = format_ident!("set_{kind}", span = given.name.span());
        return Ok(Some(Reflect::Setter(
            quote!(|this, value, cx| reflect::#set(this, #content, value, cx)),
        )));
    }
    if attribute.getter.is_some() {
        return Err(Error::new(
            given.name.span(),
            "a reflecting attribute needs no steps; where only its setter reflects, write \
             [ReflectSetter]",
        ));
    }
    let kind = Ident::new(&kind, given.name.span());
    Ok(Some(Reflect::Both(
        quote!(reflect::#kind(#idl_name, #content)),
    )))
}

/// The function of `reflect` for a type.
fn by_type(idl_type: &IdlType) -> Result<String> {
    let kind = match &idl_type.shape {
        Shape::Standard("DomString" | "UsvString") => "string",
        Shape::Standard("Boolean") => "boolean",
        Shape::Standard("Long") => "integer",
        Shape::Standard("UnsignedLong") => "unsigned_long",
        Shape::Standard("Double") => "double",
        _ => {
            return Err(Error::new(
                idl_type.span,
                "this type is not reflected by itself: write [ReflectName], which calls \
                 `reflect::name`",
            ));
        }
    };
    Ok(match idl_type.is_nullable {
        true => format!("nullable_{kind}"),
        false => kind.to_owned(),
    })
}
