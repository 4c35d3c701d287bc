//! The accepted syntax of the macro, and its error messages.

use quote::quote;

use crate::ast::{Input, MemberKind, Shape, Steps};
use crate::expand;

fn parse(input: proc_macro2::TokenStream) -> Input {
    syn::parse2(input).unwrap()
}

fn error(input: proc_macro2::TokenStream) -> String {
    expand(input).unwrap_err().to_string()
}

/// The generated code, without spaces.
fn code(input: proc_macro2::TokenStream) -> String {
    expand(input).unwrap().to_string().replace(' ', "")
}

#[test]
fn interfaces_have_data_a_parent_and_members() {
    let input = parse(quote! {
        /// Documentation.
        [Exposed=(Window,Worker), Transferable]
        interface MessagePort(PortRef) : EventTarget {
            /// A member's.
            undefined postMessage(any message, optional PostOptions options = {});
            attribute EventHandler onmessage;
        };
    });
    let interface = &input.interfaces[0];
    assert_eq!(interface.name, "MessagePort");
    assert!(interface.data.is_some() && interface.parent.is_some());
    assert!(interface.attributes.has("Transferable"));
    assert_eq!(interface.attributes.names("Exposed").len(), 2);
    let MemberKind::Operation(operation) = &interface.members[0].kind else {
        panic!("an operation comes first");
    };
    assert!(operation.result.is_undefined());
    assert!(operation.arguments[1].is_optional && !operation.arguments[0].is_optional);
    let MemberKind::Attribute(attribute) = &interface.members[1].kind else {
        panic!("an attribute comes second");
    };
    assert!(matches!(attribute.idl_type.shape, Shape::EventHandler));
}

#[test]
fn types_have_tags() {
    for (idl, tag) in [
        (quote!(unsigned long long), "types::UnsignedLongLong"),
        (quote!(unrestricted double), "types::UnrestrictedDouble"),
        (
            quote!(DOMString?),
            "types::Nullable<crate::webidl::types::DomString>",
        ),
        (
            quote!(sequence<long>),
            "types::Sequence<crate::webidl::types::Long>",
        ),
        (
            quote!(record<USVString, any>),
            "types::Record<crate::webidl::types::UsvString,crate::webidl::types::Any>",
        ),
        (
            quote!([Clamp] octet),
            "types::Clamp<crate::webidl::types::Octet>",
        ),
        (quote!(Blob), "glue::Slot::<'_,Blob,_,_>"),
    ] {
        let made = code(quote!(interface A(D) { undefined f(#idl x); }));
        assert!(made.contains(tag), "{tag}: {made}");
    }
    let made = code(quote!(interface A(D) { undefined f(optional long x, any... rest); }));
    assert!(made.contains("types::Optional<crate::webidl::types::Long>"));
    assert!(made.contains("types::Variadic<crate::webidl::types::Any>"));
}

#[test]
fn steps_are_paths_closures_literals_and_fields() {
    let input = parse(quote! {
        interface A(D) {
            readonly attribute long a = module::function::<T>;
            readonly attribute long b = |data| data.b;
            readonly attribute long c = 3;
            attribute long d = .d;
            attribute long e = |data| data.e, |data, value| data.e = value;
        }
    });
    let kinds: Vec<(&str, bool)> = input.interfaces[0]
        .members
        .iter()
        .filter_map(|member| match &member.kind {
            MemberKind::Attribute(attribute) => Some((
                match attribute.getter.as_ref()? {
                    Steps::Path(_) => "path",
                    Steps::Closure(_) => "closure",
                    Steps::Literal(_) => "literal",
                    Steps::Field(_) => "field",
                    Steps::Reflect(..) => "reflect",
                },
                attribute.setter.is_some(),
            )),
            _ => None,
        })
        .collect();
    let expected = [
        ("path", false),
        ("closure", false),
        ("literal", false),
        ("field", false),
        ("closure", true),
    ];
    assert_eq!(kinds, expected);
}

#[test]
fn reflecting_attributes_name_their_functions() {
    let made = code(quote! {
        interface A(Node) {
            [Reflect] attribute DOMString alt;
            [Reflect="http-equiv"] attribute DOMString httpEquiv;
            [ReflectURL] attribute USVString src;
            [ReflectCORS="crossorigin"] attribute DOMString? crossOrigin;
            [Reflect] attribute boolean disabled;
            [ReflectSetter] attribute DOMString type = kind;
        }
    });
    for call in [
        r#"string(receiver.pass(&mutheld_receiver)?,"alt",cx)"#,
        r#"string(receiver.pass(&mutheld_receiver)?,"http-equiv",cx)"#,
        r#"set_string(receiver.pass(&mutheld_receiver)?,"http-equiv",slot.pass(&mutheld)?,cx)"#,
        r#"set_url(receiver.pass(&mutheld_receiver)?,"src",slot.pass(&mutheld)?,cx)"#,
        r#"cors(receiver.pass(&mutheld_receiver)?,"crossorigin",cx)"#,
        r#"boolean(receiver.pass(&mutheld_receiver)?,"disabled",cx)"#,
        r#"set_string(receiver.pass(&mutheld_receiver)?,"type",slot.pass(&mutheld)?,cx)"#,
    ] {
        let call = format!("reflect::{call}");
        assert!(made.contains(&call), "{call}: {made}");
    }
}

#[test]
fn dictionaries_read_their_members_by_name() {
    let made = code(quote!(dictionary D : P { long b = 1; required long a; }));
    let read = |name: &str| made.find(&format!("(dictionary,{name:?},cx)"));
    assert!(read("a").is_some() && made.contains("required_member"));
    let parent = made.find("letparent=");
    assert!(parent < read("a"), "{made}");
}

#[test]
fn errors_say_what_was_expected() {
    for (input, expected) in [
        (quote!(interfce A {}), "`interfce` begins no definition"),
        (
            quote!(interface A { foo }),
            "expected the name of the operation",
        ),
        (
            quote!(interface A { undefined f(long) }),
            "expected the name of the argument",
        ),
        (
            quote!(interface A { undefined f(long x) }),
            "expected `;` after the operation",
        ),
        (
            quote!(interface A { undefined f(long x = 1); }),
            "only an optional argument has a default",
        ),
        (
            quote!(interface A { undefined f(optional long x, long y); }),
            "an argument after an optional one is optional, too",
        ),
        (
            quote!([Foo] interface A {}),
            "`Foo` is not an extended attribute of this macro",
        ),
        (
            quote!(interface A { undefined f((long or any) x); }),
            "a union needs a name",
        ),
        (
            quote!(interface A { readonly attribute long a = |data| data.a; }),
            "these steps need the data of the object",
        ),
        (
            quote!(interface A(D) { readonly attribute long a = |a, b, c| 1; }),
            "this closure has 3 parameters",
        ),
        (
            quote!(interface A(D) { getter any item(unsigned long i); }),
            "an indexed property getter needs `readonly attribute unsigned long length`",
        ),
        (
            quote!(A includes B;),
            "`A` is not defined in this `interface!`",
        ),
        (
            quote!(interface A(D) { undefined f(long x); undefined f(long y); }),
            "nothing tells these overloads apart",
        ),
    ] {
        let found = error(input);
        assert!(found.contains(expected), "{expected}: {found}");
    }
}
