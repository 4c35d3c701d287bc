//! `[Exposed]` and `[SecureContext]`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::{Error, Result};

use crate::ast::{Interface, Sort};
use crate::attributes::ExtendedAttributes;

/// The globals that expose the interface.
pub(super) fn exposed(attributes: &ExtendedAttributes) -> Result<TokenStream> {
    let condition = attributes
        .has("SecureContext")
        .then(|| quote!(.in_secure_contexts()));
    let Some(attribute) = attributes.get("Exposed") else {
        return Ok(quote!(crate::globals::WINDOW #condition));
    };
    let mut flags = Vec::new();
    for name in attributes.names("Exposed") {
        let flag = match name.to_string().as_str() {
            "Window" => "WINDOW",
            "Worker" => "WORKERS",
            "DedicatedWorker" => "DEDICATED_WORKER",
            "SharedWorker" => "SHARED_WORKER",
            "All" => {
                flags.push(quote!(.or(crate::webidl::Exposed::EVERYWHERE)));
                continue;
            }
            "ServiceWorker" | "AudioWorklet" => continue,
            _ => {
                return Err(Error::new(
                    name.span(),
                    "this global is not known: expected Window, Worker, DedicatedWorker, \
                     SharedWorker or *",
                ));
            }
        };
        let flag = Ident::new(flag, Span::call_site());
        flags.push(quote!(.or(crate::globals::#flag)));
    }
    if flags.is_empty() {
        return Err(Error::new(
            attribute.name.span(),
            "`Exposed` takes globals: `[Exposed=(Window,Worker)]`",
        ));
    }
    Ok(quote!(crate::webidl::Exposed::NOWHERE #(#flags)* #condition))
}

/// The globals that expose a member, of those that expose its interface, if they are fewer.
pub(super) fn narrowed(
    interface: &Interface,
    attributes: &ExtendedAttributes,
) -> Result<Option<TokenStream>> {
    // The condition of a mixin or a partial interface is that of each of its members.
    let of_part = matches!(interface.sort, Sort::Mixin | Sort::Partial)
        && interface.attributes.has("SecureContext");
    let is_secure = of_part || attributes.has("SecureContext");
    let condition = is_secure.then(|| quote!(.in_secure_contexts()));
    if attributes.has("Exposed") {
        let exposed = exposed(attributes)?;
        return Ok(Some(quote!(#exposed #condition)));
    }
    Ok(condition.map(|condition| quote!(crate::webidl::Exposed::EVERYWHERE #condition)))
}
