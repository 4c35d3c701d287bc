//! Generates the code for the definitions.

mod arguments;
mod definitions;
mod exposed;
mod overloads;
mod reflect;
mod special;
mod steps;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};
use syn::{Error, LitStr, Path, Result};

use self::exposed::{exposed, narrowed};
use self::reflect::reflecting;
use self::steps::{Binding, hidden};
use crate::ast::{Attr, Input, Interface, Member, MemberKind, Operation, Shape, Sort};
use crate::attributes::{ExtendedAttributes, Value};
use crate::names::{plain, static_of};

/// The code for all definitions of one `interface!`.
pub(crate) fn definitions(input: &Input) -> Result<TokenStream> {
    let interfaces = input.interfaces.iter().map(interface);
    let dictionaries = input.dictionaries.iter().map(definitions::dictionary);
    let enums = input.enums.iter().map(definitions::enumeration);
    let aliases = input.aliases.iter().map(definitions::alias);
    let made = interfaces
        .chain(dictionaries.chain(enums).map(Ok))
        .chain(aliases)
        .chain([Ok(list(input)), element_interface(input)]);
    collect(made)
}

/// The results, or all errors in one.
fn collect<T, C: Default + Extend<T>>(results: impl Iterator<Item = Result<T>>) -> Result<C> {
    let mut collected = C::default();
    let mut errors: Option<Error> = None;
    for result in results {
        match (result, &mut errors) {
            (Ok(made), _) => collected.extend([made]),
            (Err(error), Some(errors)) => errors.combine(error),
            (Err(error), None) => errors = Some(error),
        }
    }
    errors.map_or(Ok(collected), Err)
}

/// The list of all interfaces and partial interfaces.
fn list(input: &Input) -> TokenStream {
    let names = |sort: Sort| {
        let all = input.interfaces.iter();
        let of_sort = all.filter(move |interface| interface.sort == sort);
        of_sort.map(name_of).collect::<Vec<_>>()
    };
    let (interfaces, partials) = (names(Sort::Interface), names(Sort::Partial));
    if interfaces.is_empty() && partials.is_empty() {
        return TokenStream::new();
    }
    quote! {
        /// The interfaces and the partial interfaces that are defined here.
        #[allow(unreachable_pub, reason = "it is as visible as its module")]
        pub static DEFINITIONS: crate::webidl::Definitions = crate::webidl::Definitions {
            interfaces: &[#(&#interfaces),*],
            partials: &[#(&#partials),*],
        };
    }
}

/// The name of the static of an interface, a mixin or a partial interface.
fn name_of(interface: &Interface) -> Ident {
    let name = static_of(&interface.name);
    match interface.sort {
        Sort::Partial => format_ident!("PARTIAL_{name}", span = interface.name.span()),
        Sort::Interface | Sort::Mixin | Sort::Namespace => name,
    }
}

/// The function that finds the interfaces of elements by their local names.
fn element_interface(input: &Input) -> Result<TokenStream> {
    let mut arms = Vec::new();
    for interface in &input.interfaces {
        let Some(elements) = interface.attributes.get("Elements") else {
            continue;
        };
        let name = name_of(interface);
        match &elements.value {
            Value::Strings(tags) => arms.push(quote!(#(#tags)|* => Some(&#name),)),
            _ => {
                return Err(Error::new(
                    elements.name.span(),
                    "`Elements` takes local names: `[Elements=(\"td\", \"th\")]`",
                ));
            }
        }
    }
    if arms.is_empty() {
        return Ok(TokenStream::new());
    }
    Ok(quote! {
        /// The interface of the elements with this local name, if one is defined here.
        pub(crate) fn element_interface(
            local: &str,
        ) -> Option<&'static crate::webidl::Interface> {
            match local {
                #(#arms)*
                _ => None,
            }
        }
    })
}

/// The tables of the members of an interface or a mixin.
#[derive(Default)]
struct Tables {
    constants: Vec<TokenStream>,
    members: Vec<TokenStream>,
    /// Hand-written tables.
    tables: Vec<TokenStream>,
    unscopables: Vec<String>,
    narrowed: Vec<TokenStream>,
    constructor: Option<TokenStream>,
    iterable: Option<TokenStream>,
    pairs: Option<TokenStream>,
}

/// The lints that the glue cannot satisfy.
fn allowances() -> TokenStream {
    quote! {
        #[allow(
            clippy::redundant_closure_call,
            clippy::redundant_closure,
            clippy::redundant_closure_for_method_calls,
            clippy::needless_question_mark,
            clippy::let_unit_value,
            clippy::unit_arg,
            clippy::question_mark_used,
            clippy::clone_on_copy,
            clippy::useless_conversion,
            clippy::needless_borrow,
            reason = "one shape of glue fits all steps"
        )]
    }
}

fn interface(interface: &Interface) -> Result<TokenStream> {
    let tables = tables(interface)?;
    let Tables {
        constants,
        members,
        tables,
        unscopables,
        narrowed,
        constructor,
        iterable,
        pairs,
    } = tables;
    let docs = &interface.docs;
    let allowances = allowances();
    let text = plain(&interface.name);
    let name = name_of(interface);
    let mixins: Vec<Path> = interface.includes.iter().map(static_path).collect();
    let mixin = quote! {
        crate::webidl::Mixin {
            name: #text,
            constants: &[#(#constants),*],
            members: &[&[#(#members),*] #(, #tables)*],
            unscopables: &[#(#unscopables),*],
            narrowed: &[#(#narrowed),*],
            mixins: &[#(&#mixins),*],
        }
    };
    match interface.sort {
        Sort::Mixin => {
            if let Some(pairs) = pairs.or(constructor).or(iterable) {
                return Err(Error::new_spanned(
                    pairs,
                    "a mixin has no constructor, no iterator and no special operations",
                ));
            }
            return Ok(quote! {
                #(#docs)*
                #allowances
                #[allow(unreachable_pub, reason = "it is as visible as its module")]
                pub static #name: crate::webidl::Mixin = #mixin;
            });
        }
        Sort::Partial => {
            return Ok(quote! {
                #(#docs)*
                #allowances
                #[allow(unreachable_pub, reason = "it is as visible as its module")]
                pub static #name: crate::webidl::Partial = crate::webidl::Partial {
                    of: #text,
                    mixin: #mixin,
                };
            });
        }
        Sort::Interface | Sort::Namespace => {}
    }
    let attributes = &interface.attributes;
    let steps = |attribute: &str| -> Result<Option<TokenStream>> {
        let steps = attributes.name(attribute)?;
        Ok(steps.map(|steps| quote!(&#steps)))
    };
    let parent = interface.parent.as_ref().map(|parent| {
        let parent = static_path(parent);
        quote!(&#parent)
    });
    let check = attributes.name("SecurityCheck")?;
    let behind = attributes.name("PropertiesBehindMembers")?;
    let legacy = special::legacy(interface)?;
    let fields = [
        ("parent", parent),
        ("constructor", constructor),
        ("pairs", pairs),
        ("serializable", steps("Serializable")?),
        ("transferable", steps("Transferable")?),
        (
            "legacy_platform_object",
            legacy.map(|legacy| quote!(&#legacy)),
        ),
        ("factory", factory(interface)?),
        ("security_check", check.map(|check| quote!(#check))),
        ("behind_members", behind.map(|behind| quote!(#behind))),
    ];
    let fields = fields.into_iter().filter_map(|(field, value)| {
        let field = Ident::new(field, Span::call_site());
        value.map(|value| quote!(#field: Some(#value),))
    });
    let iterable = iterable.map(|iterable| quote!(iterable: #iterable,));
    let exposed = exposed(attributes)?;
    let aliases = attributes.names("LegacyWindowAlias");
    let aliases = aliases.into_iter().map(plain);
    let is_global = attributes.has("Global");
    let tag = (interface.sort == Sort::Interface).then(|| tag(interface, &name));
    Ok(quote! {
        #(#docs)*
        #allowances
        #[allow(unreachable_pub, reason = "it is as visible as its module")]
        pub static #name: crate::webidl::Interface = crate::webidl::Interface {
            #(#fields)*
            own: #mixin,
            #iterable
            exposed: #exposed,
            is_global: #is_global,
            aliases: &[#(#aliases),*],
            ..crate::webidl::Interface::new(#text)
        };
        #tag
    })
}

/// The code of an `Option`.
fn option(value: Option<TokenStream>) -> TokenStream {
    match value {
        Some(value) => quote!(Some(#value)),
        None => quote!(None),
    }
}

/// The legacy factory function.
fn factory(interface: &Interface) -> Result<Option<TokenStream>> {
    let attribute = interface.attributes.get("LegacyFactoryFunction");
    let Some(Value::Function(function)) = attribute.map(|attribute| &attribute.value) else {
        return Ok(None);
    };
    let name = function.name.as_ref().map(plain);
    let length = overloads::required(&[function]);
    let steps = Binding { data: None }.operation(function)?;
    Ok(Some(quote! {
        crate::webidl::interface::Factory { name: #name, length: #length, steps: #steps }
    }))
}

/// The type for the interface in the types of arguments, unless the type of its data has the same name and implements
/// the conversions.
fn tag(interface: &Interface, name: &Ident) -> TokenStream {
    let tag = &interface.name;
    // Data of the interface's own name is the type.
    if let Some(syn::Type::Path(data)) = &interface.data
        && data.path.is_ident(tag)
    {
        return TokenStream::new();
    }
    let doc = format!("`{}` as a type of Web IDL.", plain(tag));
    quote! {
        #[doc = #doc]
        #[allow(dead_code, unreachable_pub, clippy::upper_case_acronyms, reason = "a name for signatures")]
        pub enum #tag {}

        impl crate::webidl::types::IdlType for #tag {
            type Value = crate::webidl::glue::JsObject;
            const CATEGORY: crate::webidl::types::Category =
                crate::webidl::types::Category::Interface(&#name);
        }

        impl<D: crate::webidl::receiver::Receiver> crate::webidl::convert::ConvertTo<D> for #tag {
            fn convert(
                value: &crate::webidl::glue::JsValue,
                place: crate::webidl::convert::Place<'_>,
                cx: &mut crate::webidl::glue::Context,
            ) -> crate::webidl::glue::JsResult<D> {
                crate::webidl::receiver::argument(&#name, value, place, cx)
            }
        }
    }
}

/// The path of the static for the path of an interface or a mixin.
fn static_path(path: &Path) -> Path {
    let mut path = path.clone();
    if let Some(last) = path.segments.last_mut() {
        last.ident = static_of(&last.ident);
    }
    path
}

fn tables(interface: &Interface) -> Result<Tables> {
    let binding = Binding {
        data: interface.data.as_ref(),
    };
    let mut tables = Tables::default();
    let mut errors = Vec::new();
    let mut constructors = Vec::new();
    let mut done: Vec<(String, bool)> = Vec::new();
    for member in &interface.members {
        if let MemberKind::Constructor(constructor) = &member.kind {
            constructors.push(constructor);
            continue;
        }
        let made = match &member.kind {
            MemberKind::Operation(operation) => {
                let Some(name) = &operation.name else {
                    continue;
                };
                let key = (plain(name), operation.is_static);
                if done.contains(&key) {
                    continue;
                }
                done.push(key);
                let overloads = overloads_of(interface, name, operation.is_static);
                operation_member(&binding, &overloads, &member.attributes).map(|made| {
                    tables.members.push(made);
                })
            }
            MemberKind::Attribute(attribute) => {
                attribute_members(&binding, attribute, &member.attributes)
                    .map(|made| tables.members.extend(made))
            }
            _ => {
                let name = plain(&interface.name);
                other_member(&binding, &name, member, &mut tables)
            }
        };
        errors.push(made);
        note(interface, member, &mut tables)?;
    }
    let () = collect(errors.into_iter())?;
    if !constructors.is_empty() {
        tables.constructor = Some(overloads::constructor(&binding, &constructors)?);
    }
    let has_indexed = special::has_indexed_getter(interface)
        || interface
            .attributes
            .name("PropertiesBehindMembers")?
            .is_some();
    if tables.iterable.is_none() && has_indexed {
        tables.iterable = Some(quote!(crate::webidl::Iterable::Indexed));
    }
    Ok(tables)
}

/// The operations of this name, in the order of their declarations.
fn overloads_of<'a>(interface: &'a Interface, name: &Ident, is_static: bool) -> Vec<&'a Operation> {
    let operations = interface
        .members
        .iter()
        .filter_map(|member| match &member.kind {
            MemberKind::Operation(operation) => Some(operation),
            _ => None,
        });
    operations
        .filter(|operation| {
            operation.is_static == is_static
                && operation
                    .name
                    .as_ref()
                    .is_some_and(|other| plain(other) == plain(name))
        })
        .collect()
}

/// Records the effect of the extended attributes on the member's name.
fn note(interface: &Interface, member: &Member, tables: &mut Tables) -> Result<()> {
    let attributes = &member.attributes;
    let name = match &member.kind {
        MemberKind::Attribute(attribute) => plain(&attribute.name),
        MemberKind::Operation(Operation {
            name: Some(name), ..
        }) => plain(name),
        MemberKind::Stringifier(..) => "toString".to_owned(),
        _ => return Ok(()),
    };
    if attributes.has("Unscopable") {
        tables.unscopables.push(name.clone());
    }
    if let Some(exposed) = narrowed(interface, attributes)? {
        tables.narrowed.push(quote!((#name, #exposed)));
    }
    Ok(())
}

fn other_member(
    binding: &Binding<'_>,
    interface: &str,
    member: &Member,
    tables: &mut Tables,
) -> Result<()> {
    match &member.kind {
        MemberKind::Const(name, value) => {
            let name = plain(name);
            tables.constants.push(quote!((#name, #value)));
        }
        MemberKind::Iterable(None, _) => {
            tables.iterable = Some(quote!(crate::webidl::Iterable::Values));
        }
        MemberKind::Iterable(Some(steps), span) => {
            tables.iterable = Some(quote!(crate::webidl::Iterable::Pairs));
            let at = binding.pairs(steps, *span)?;
            let class = format!("{interface} Iterator");
            tables.pairs = Some(quote!(crate::webidl::Pairs { class: #class, at: #at }));
            tables
                .tables
                .push(quote!(crate::webidl::pair_iterator::MEMBERS));
        }
        MemberKind::AsyncIterable => {
            tables.iterable = Some(quote!(crate::webidl::Iterable::Async));
        }
        MemberKind::Stringifier(steps, span) => {
            let steps = binding.stringifier(steps.as_ref(), *span)?;
            tables.members.push(to_string(&steps, &member.attributes));
        }
        MemberKind::Table(path) => tables.tables.push(quote!(#path)),
        MemberKind::Constructor(_) | MemberKind::Attribute(_) | MemberKind::Operation(_) => {}
    }
    Ok(())
}

fn to_string(steps: &TokenStream, attributes: &ExtendedAttributes) -> TokenStream {
    if attributes.has("LegacyUnforgeable") {
        quote!(crate::webidl::Member::UnforgeableOperation("toString", 0, #steps))
    } else {
        quote!(crate::webidl::Member::Operation("toString", 0, #steps))
    }
}

/// An operation, or several of one name.
fn operation_member(
    binding: &Binding<'_>,
    overloads: &[&Operation],
    attributes: &ExtendedAttributes,
) -> Result<TokenStream> {
    let Some(first) = overloads.first() else {
        return Ok(quote!());
    };
    let Some(name) = &first.name else {
        return Ok(quote!());
    };
    let text = plain(name);
    let text = LitStr::new(&text, name.span());
    let required = overloads::required(overloads);
    let steps = if overloads.len() == 1 {
        binding.operation(first)?
    } else {
        overloads::operation(binding, overloads)?
    };
    let variant = if first.is_static {
        quote!(Static)
    } else if attributes.has("LegacyUnforgeable") {
        quote!(UnforgeableOperation)
    } else if matches!(first.result.shape, Shape::Promise) {
        quote!(PromiseOperation)
    } else {
        quote!(Operation)
    };
    Ok(quote!(crate::webidl::Member::#variant(#text, #required, #steps)))
}

/// An attribute, and its stringifier if it has one.
fn attribute_members(
    binding: &Binding<'_>,
    attribute: &Attr,
    attributes: &ExtendedAttributes,
) -> Result<Vec<TokenStream>> {
    let text = LitStr::new(&plain(&attribute.name), attribute.name.span());
    if matches!(attribute.idl_type.shape, Shape::EventHandler) {
        return Ok(vec![match (&attribute.getter, &attribute.setter) {
            (None, _) if attributes.has("LegacyLenientThis") => {
                quote!(crate::webidl::extensions::lenient_event_handler(#text))
            }
            (None, _) => quote!(crate::webidl::extensions::event_handler(#text)),
            (Some(steps), None) => {
                let set = binding.handler_setter(attribute, steps)?;
                quote!(crate::webidl::Member::Named(
                    #text,
                    #text,
                    crate::webidl::extensions::get_event_handler,
                    Some(#set),
                ))
            }
            (Some(_), Some(_)) => {
                return Err(Error::new(
                    attribute.name.span(),
                    "an event handler has one kind of steps: those that run once it was set",
                ));
            }
        }]);
    }
    let reflecting = reflecting(attribute, attributes)?;
    let attribute = reflecting.as_ref().unwrap_or(attribute);
    let mut getter = binding.getter(attribute)?;
    let (this, cx, value) = (hidden("this"), hidden("cx"), hidden("value"));
    if attributes.has("SameObject") && !is_stored(attribute) {
        getter = quote!(|#this, #cx| {
            crate::webidl::glue::same_object(#this, #text, #cx, #getter)
        });
    }
    let setter = if attributes.has("Replaceable") {
        Some(quote!(|#this, #value, _| crate::webidl::glue::replace(#this, #text, #value)))
    } else if let Some(forward) = attributes.name("PutForwards")? {
        let forward = plain(forward);
        Some(quote!(|#this, #value, #cx| {
            crate::webidl::glue::put_forward(#this, #getter, #forward, #value, #cx)
        }))
    } else if attribute.is_readonly {
        None
    } else {
        Some(binding.setter(attribute)?)
    };
    let setter = option(setter);
    let variant = match attributes.has("LegacyUnforgeable") {
        true => quote!(UnforgeableAttribute),
        false => quote!(Attribute),
    };
    let mut made = vec![quote!(crate::webidl::Member::#variant(#text, #getter, #setter))];
    if attribute.is_stringifier {
        let steps = quote!(|#this, _, #cx| {
            let #value: crate::webidl::members::Getter = #getter;
            #value(#this, #cx)
        });
        made.push(to_string(&steps, attributes));
    }
    Ok(made)
}

/// Whether the value is stored with the object, so that it is the same each time.
fn is_stored(attribute: &Attr) -> bool {
    matches!(attribute.getter, Some(crate::ast::Steps::Field(_)))
        && !matches!(attribute.idl_type.shape, Shape::FrozenArray(_))
}
