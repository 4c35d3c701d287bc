//! [Legacy platform objects](https://webidl.spec.whatwg.org/#dfn-legacy-platform-object): special
//! operations.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Error, Result};

use super::option;
use super::steps::Binding;
use crate::ast::{Interface, MemberKind, Operation, Shape, Special};
use crate::names::plain;

fn special_operations(interface: &Interface) -> impl Iterator<Item = (&Operation, Special)> {
    interface
        .members
        .iter()
        .filter_map(|member| match &member.kind {
            MemberKind::Operation(operation) => Some((operation, operation.special?)),
            _ => None,
        })
}

/// Whether the operation is for indices, by its first argument.
fn is_indexed(operation: &Operation) -> bool {
    operation
        .arguments
        .first()
        .is_some_and(|first| matches!(first.idl_type.shape, Shape::Standard("UnsignedLong")))
}

/// Whether the interface supports indexed properties.
pub(crate) fn has_indexed_getter(interface: &Interface) -> bool {
    special_operations(interface)
        .any(|(operation, special)| special == Special::Getter && is_indexed(operation))
}

/// The table of the special operations, if there are any.
pub(crate) fn legacy(interface: &Interface) -> Result<Option<TokenStream>> {
    let binding = Binding {
        data: interface.data.as_ref(),
    };
    let find = |indexed: bool, wanted: Special| {
        special_operations(interface)
            .find(|(operation, special)| *special == wanted && is_indexed(operation) == indexed)
            .map(|(operation, _)| operation)
    };
    if special_operations(interface).next().is_none() {
        return Ok(None);
    }
    let optional = |indexed: bool, wanted: Special| -> Result<TokenStream> {
        let operation = find(indexed, wanted);
        let steps = operation.map(|operation| binding.operation(operation));
        Ok(option(steps.transpose()?))
    };
    let indexed = match find(true, Special::Getter) {
        Some(getter) => {
            let length = length(interface, &binding, getter)?;
            let get = binding.operation(getter)?;
            let set = optional(true, Special::Setter)?;
            let nullable = getter.result.is_nullable;
            Some(quote!(crate::webidl::legacy_platform_object::Indexed {
                length: #length,
                get: #get,
                null_is_none: #nullable,
                set: #set,
            }))
        }
        None => None,
    };
    let named = match find(false, Special::Getter) {
        Some(getter) => {
            let names = binding.supported_names(getter.names.as_ref(), getter.span)?;
            let get = binding.operation(getter)?;
            let set = optional(false, Special::Setter)?;
            let delete = optional(false, Special::Deleter)?;
            Some(quote!(crate::webidl::legacy_platform_object::Named {
                names: #names,
                get: #get,
                set: #set,
                delete: #delete,
            }))
        }
        None => {
            let alone = [Special::Setter, Special::Deleter];
            if let Some(alone) = alone.into_iter().find_map(|special| find(false, special)) {
                return Err(Error::new(
                    alone.span,
                    "a named property setter or deleter needs a named property getter",
                ));
            }
            None
        }
    };
    let (indexed, named) = (option(indexed), option(named));
    let overrides = interface.attributes.has("LegacyOverrideBuiltIns");
    let enumerable = !interface
        .attributes
        .has("LegacyUnenumerableNamedProperties");
    Ok(Some(
        quote!(crate::webidl::legacy_platform_object::LegacyPlatformObject {
            indexed: #indexed,
            named: #named,
            override_built_ins: #overrides,
            enumerable_names: #enumerable,
        }),
    ))
}

/// The getter of `length`, which determines the supported indices.
fn length(interface: &Interface, binding: &Binding<'_>, getter: &Operation) -> Result<TokenStream> {
    let length = interface
        .members
        .iter()
        .find_map(|member| match &member.kind {
            MemberKind::Attribute(attribute) if plain(&attribute.name) == "length" => {
                Some(attribute)
            }
            _ => None,
        });
    match length {
        Some(length) => binding.getter(length),
        None => Err(Error::new(
            getter.span,
            "an indexed property getter needs `readonly attribute unsigned long length`",
        )),
    }
}
