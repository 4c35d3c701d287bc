//! Dictionaries, enumerations and typedefs.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{Error, Result};

use super::arguments::default_value;
use crate::ast::{Alias, Default, Dictionary, DictionaryMember, Enum, Shape};
use crate::names::{plain, snake};

/// A struct with the members as fields, and its conversion.
pub(crate) fn dictionary(dictionary: &Dictionary) -> TokenStream {
    let Dictionary {
        docs,
        name,
        parent,
        members,
    } = dictionary;
    let parent_field = parent
        .as_ref()
        .map(|parent| quote!(/** What it inherits. */ pub parent: #parent,));
    let fields = members.iter().map(|member| {
        let DictionaryMember { docs, name, .. } = member;
        let (field, ty) = (snake(name), field_type(member));
        quote!(#(#docs)* pub #field: #ty,)
    });
    // Members are read in lexicographical order, after inherited members.
    let mut sorted: Vec<&DictionaryMember> = members.iter().collect();
    sorted.sort_by_key(|member| plain(&member.name));
    let reads = sorted.iter().map(|member| read(member));
    let read_parent = parent.as_ref().map(|parent| {
        quote! {
            let parent =
                <#parent as crate::webidl::convert::FromDictionary>::from_dictionary(dictionary, cx)?;
        }
    });
    let names = members.iter().map(|member| snake(&member.name));
    let parent_name = parent.as_ref().map(|_| quote!(parent,));
    let deref = parent.as_ref().map(|parent| {
        quote! {
            impl ::core::ops::Deref for #name {
                type Target = #parent;

                fn deref(&self) -> &#parent {
                    &self.parent
                }
            }
        }
    });
    quote! {
        #(#docs)*
        #[allow(unreachable_pub, reason = "it is as visible as its module")]
        pub struct #name {
            #parent_field
            #(#fields)*
        }

        impl crate::webidl::convert::FromDictionary for #name {
            fn from_dictionary(
                dictionary: &crate::webidl::convert::Dictionary,
                cx: &mut crate::webidl::glue::Context,
            ) -> crate::webidl::glue::JsResult<Self> {
                let _ = (dictionary, &*cx);
                #read_parent
                #(#reads)*
                Ok(Self { #parent_name #(#names,)* })
            }
        }

        impl crate::webidl::convert::FromJs for #name {
            const CATEGORY: crate::webidl::types::Category =
                crate::webidl::types::Category::Dictionary;

            fn from_js(
                value: &crate::webidl::glue::JsValue,
                _: crate::webidl::convert::Place<'_>,
                cx: &mut crate::webidl::glue::Context,
            ) -> crate::webidl::glue::JsResult<Self> {
                let dictionary = crate::webidl::convert::Dictionary::new(value)?;
                <Self as crate::webidl::convert::FromDictionary>::from_dictionary(&dictionary, cx)
            }
        }

        #deref
    }
}

fn field_type(member: &DictionaryMember) -> TokenStream {
    let rust = member.idl_type.rust();
    if member.is_required || member.default.is_some() {
        rust
    } else {
        quote!(Option<#rust>)
    }
}

fn read(member: &DictionaryMember) -> TokenStream {
    let field = snake(&member.name);
    let name = plain(&member.name);
    let tag = member.idl_type.tag();
    let span = member.idl_type.span;
    match &member.default {
        _ if member.is_required => quote_spanned! {span=>
            let #field = crate::webidl::glue::required_member::<#tag, _>(dictionary, #name, cx)?;
        },
        None => quote_spanned! {span=>
            let #field = crate::webidl::glue::member::<#tag, _>(dictionary, #name, cx)?;
        },
        Some(Default::EmptyList) => quote_spanned! {span=>
            let #field = crate::webidl::glue::member::<#tag, _>(dictionary, #name, cx)?
                .unwrap_or_default();
        },
        Some(default) => {
            let value = default_value(default);
            quote_spanned! {span=>
                let #field =
                    crate::webidl::glue::member_or::<#tag, _>(dictionary, #name, || #value, cx)?;
            }
        }
    }
}

/// An enum with the values as variants, and its conversions.
pub(crate) fn enumeration(definition: &Enum) -> TokenStream {
    let Enum {
        docs,
        name,
        rust,
        values,
    } = definition;
    let text = plain(name);
    let variants = values.iter().map(|(value, variant)| {
        let doc = format!("`{:?}`", value.value());
        quote!(#[doc = #doc] #variant,)
    });
    let to_text: Vec<TokenStream> = values
        .iter()
        .map(|(value, variant)| quote!(Self::#variant => #value,))
        .collect();
    let from_text = values
        .iter()
        .map(|(value, variant)| quote!(#value => Some(Self::#variant),));
    let definition = match rust {
        Some(rust) => quote! {
            #(#docs)*
            #[allow(dead_code, unreachable_pub, reason = "a name for signatures")]
            pub type #name = #rust;
        },
        None => quote! {
            #(#docs)*
            #[derive(Clone, Copy, Debug, PartialEq, Eq)]
            #[allow(unreachable_pub, reason = "it is as visible as its module")]
            pub enum #name {
                #(#variants)*
            }

            #[allow(dead_code, unreachable_pub, reason = "few need every one of them")]
            impl #name {
                /// The value as the page sees it.
                pub fn as_str(self) -> &'static str {
                    <Self as crate::webidl::convert::Enumeration>::as_str(self)
                }

                /// The value that the text names.
                pub fn from_text(text: &str) -> Option<Self> {
                    <Self as crate::webidl::convert::Enumeration>::from_text(text)
                }
            }
        },
    };
    quote! {
        #definition

        impl crate::webidl::convert::Enumeration for #name {
            const NAME: &'static str = #text;

            fn as_str(self) -> &'static str {
                #[allow(unreachable_patterns, reason = "the enum may have further variants")]
                match self {
                    #(#to_text)*
                    _ => "",
                }
            }

            fn from_text(text: &str) -> Option<Self> {
                match text {
                    #(#from_text)*
                    _ => None,
                }
            }
        }

        impl crate::webidl::convert::FromJs for #name {
            const CATEGORY: crate::webidl::types::Category = crate::webidl::types::Category::String;

            fn from_js(
                value: &crate::webidl::glue::JsValue,
                _: crate::webidl::convert::Place<'_>,
                cx: &mut crate::webidl::glue::Context,
            ) -> crate::webidl::glue::JsResult<Self> {
                crate::webidl::glue::enumeration(value, cx)
            }

            // https://webidl.spec.whatwg.org/#dfn-attribute-setter: other values are ignored.
            fn from_assigned(
                value: &crate::webidl::glue::JsValue,
                cx: &mut crate::webidl::glue::Context,
            ) -> crate::webidl::glue::JsResult<Option<Self>> {
                let text = value.to_string(cx)?.to_std_string_lossy();
                Ok(<Self as crate::webidl::convert::Enumeration>::from_text(&text))
            }
        }

        impl crate::webidl::into_js::IntoJs for #name {
            fn into_js(
                self,
                _: &mut crate::webidl::glue::Context,
            ) -> crate::webidl::glue::JsResult<crate::webidl::glue::JsValue> {
                let text = <Self as crate::webidl::convert::Enumeration>::as_str(self);
                Ok(crate::webidl::convert::js_str(text))
            }
        }
    }
}

/// A typedef: another name of a type, or an enum for a union.
pub(crate) fn alias(alias: &Alias) -> Result<TokenStream> {
    let Alias { docs, name, types } = alias;
    if let [only] = types.as_slice() {
        let tag = only.tag();
        return Ok(quote! {
            #(#docs)*
            #[allow(unreachable_pub, reason = "it is as visible as its module")]
            pub type #name = #tag;
        });
    }
    let mut variants = Vec::new();
    for ty in types {
        let variant = match &ty.shape {
            Shape::Standard(name) => syn::Ident::new(name, ty.span),
            Shape::Sequence(_) | Shape::FrozenArray(_) => syn::Ident::new("Sequence", ty.span),
            Shape::Record(..) => syn::Ident::new("Record", ty.span),
            Shape::Named(path) => match path.segments.last() {
                Some(last) => last.ident.clone(),
                None => return Err(Error::new(ty.span, "expected a type")),
            },
            Shape::Undefined | Shape::Promise | Shape::EventHandler => {
                return Err(Error::new(
                    ty.span,
                    "this type cannot be a member of a union",
                ));
            }
        };
        if ty.is_nullable {
            return Err(Error::new(
                ty.span,
                "write the `?` behind the name of the union where it is used",
            ));
        }
        variants.push((variant, ty.tag(), ty.rust()));
    }
    let fields = variants
        .iter()
        .map(|(variant, _, rust)| quote!(/** One of its types. */ #variant(#rust),));
    let candidates = variants
        .iter()
        .map(|(_, tag, _)| quote!(crate::webidl::overload::Candidate::of::<#tag>(),));
    let conversions = variants
        .iter()
        .enumerate()
        .map(|(index, (variant, tag, _))| {
            quote! {
                Some(#index) => {
                    <#tag as crate::webidl::convert::ConvertTo<_>>::convert_chosen(
                        value, chosen.method.as_ref(), place, cx,
                    )
                    .map(Self::#variant)
                }
            }
        });
    let text = plain(name);
    Ok(quote! {
        #(#docs)*
        #[allow(unreachable_pub, reason = "it is as visible as its module")]
        pub enum #name {
            #(#fields)*
        }

        impl crate::webidl::convert::FromJs for #name {
            const CATEGORY: crate::webidl::types::Category = crate::webidl::types::Category::Any;

            fn from_js(
                value: &crate::webidl::glue::JsValue,
                place: crate::webidl::convert::Place<'_>,
                cx: &mut crate::webidl::glue::Context,
            ) -> crate::webidl::glue::JsResult<Self> {
                const CANDIDATES: &[crate::webidl::overload::Candidate] = &[#(#candidates)*];
                let chosen = crate::webidl::overload::choose(CANDIDATES, value, cx)?;
                match chosen.index {
                    #(#conversions)*
                    _ => Err(place.is_not(#text)),
                }
            }
        }
    })
}
