//! Attributes that
//! [reflect](https://html.spec.whatwg.org/multipage/common-dom-interfaces.html#reflect) content
//! attributes.

use proc_macro2::Ident;
use quote::format_ident;
use syn::{Error, LitStr, Result, parse_quote};

use crate::ast::{Attr, IdlType, Shape, Steps};
use crate::attributes::{ExtendedAttributes, Value};
use crate::names::{self, plain};

/// The attribute with the steps that reflect a content attribute, if it reflects one.
pub(crate) fn reflecting(
    attribute: &Attr,
    attributes: &ExtendedAttributes,
) -> Result<Option<Attr>> {
    let Some(given) = attributes.reflect() else {
        return Ok(None);
    };
    let content = match &given.value {
        Value::None => plain(&attribute.name).to_lowercase(),
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
    let get = format_ident!("{kind}", span = given.name.span());
    let set = format_ident!("set_{kind}", span = given.name.span());
    let mut reflecting = attribute.clone();
    reflecting.setter = Some(Steps::Reflect(parse_quote!(reflect::#set), content.clone()));
    if variant != "ReflectSetter" {
        if attribute.getter.is_some() {
            return Err(Error::new(
                given.name.span(),
                "a reflecting attribute needs no steps; where only its setter reflects, write \
                 [ReflectSetter]",
            ));
        }
        reflecting.getter = Some(Steps::Reflect(parse_quote!(reflect::#get), content));
    }
    Ok(Some(reflecting))
}

/// The function of `reflect` for a type.
fn by_type(idl_type: &IdlType) -> Result<String> {
    let kind = match &idl_type.shape {
        Shape::Standard("DomString" | "UsvString") => "string",
        Shape::Standard("Boolean") => "boolean",
        Shape::Standard("Long") => "integer",
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
