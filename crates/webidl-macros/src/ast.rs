//! The syntax tree of the definitions.

use proc_macro2::{Ident, Span};
use syn::{Attribute, ExprClosure, ExprPath, Lit, LitStr, Path, Type};

use crate::attributes::ExtendedAttributes;

/// Everything between the braces of one `interface!`.
pub(crate) struct Input {
    pub(crate) interfaces: Vec<Interface>,
    pub(crate) dictionaries: Vec<Dictionary>,
    pub(crate) enums: Vec<Enum>,
    pub(crate) aliases: Vec<Alias>,
}

/// The kinds of definitions with members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sort {
    Interface,
    Mixin,
    Namespace,
    Partial,
}

/// An interface, a mixin, a partial interface or a namespace.
pub(crate) struct Interface {
    pub(crate) docs: Vec<Attribute>,
    pub(crate) attributes: ExtendedAttributes,
    pub(crate) sort: Sort,
    pub(crate) name: Ident,
    /// The Rust type of the data of its objects.
    pub(crate) data: Option<Type>,
    pub(crate) parent: Option<Path>,
    pub(crate) members: Vec<Member>,
    /// The mixins that `includes` statements name.
    pub(crate) includes: Vec<Path>,
}

/// A member, with the data of every kind of member.
pub(crate) struct Member {
    pub(crate) attributes: ExtendedAttributes,
    pub(crate) kind: MemberKind,
}

pub(crate) enum MemberKind {
    Const(Ident, syn::LitInt),
    Constructor(Operation),
    Attribute(Attr),
    Operation(Operation),
    /// `iterable<V>` or `iterable<K, V> = pairs`.
    Iterable(Option<Steps>, Span),
    /// `async_iterable<V>`, beside an operation `values`.
    AsyncIterable,
    /// `stringifier;`, with its steps.
    Stringifier(Option<Steps>, Span),
    /// `include path;`: a hand-written table of members.
    Table(Path),
}

/// An attribute.
#[derive(Clone)]
pub(crate) struct Attr {
    pub(crate) name: Ident,
    pub(crate) idl_type: IdlType,
    pub(crate) is_readonly: bool,
    pub(crate) is_stringifier: bool,
    pub(crate) getter: Option<Steps>,
    pub(crate) setter: Option<Steps>,
}

/// A special operation of a legacy platform object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Special {
    Getter,
    Setter,
    Deleter,
}

/// An operation or a constructor.
pub(crate) struct Operation {
    /// Empty for special operations without an identifier; the name of the interface for constructors.
    pub(crate) name: Option<Ident>,
    pub(crate) span: Span,
    pub(crate) result: IdlType,
    pub(crate) arguments: Vec<Argument>,
    pub(crate) is_static: bool,
    pub(crate) special: Option<Special>,
    pub(crate) steps: Option<Steps>,
    /// The steps for the supported property names, for a named property getter.
    pub(crate) names: Option<Steps>,
}

/// An argument.
pub(crate) struct Argument {
    pub(crate) name: Ident,
    pub(crate) idl_type: IdlType,
    pub(crate) is_optional: bool,
    pub(crate) is_variadic: bool,
    pub(crate) default: Option<Default>,
}

/// A default value.
pub(crate) enum Default {
    Null,
    Undefined,
    Bool(bool),
    Str(LitStr),
    /// A number, with its sign.
    Number(syn::Expr),
    EmptyList,
    EmptyDictionary,
}

/// The steps of a member.
#[derive(Clone)]
pub(crate) enum Steps {
    /// A function.
    Path(ExprPath),
    /// A closure.
    Closure(Box<ExprClosure>),
    /// A constant.
    Literal(Lit),
    /// A field of the object's data.
    Field(Ident),
    /// A function that reflects the content attribute of this name.
    Reflect(ExprPath, String),
}

/// A type, in the detail that the macro needs.
#[derive(Clone)]
pub(crate) struct IdlType {
    pub(crate) span: Span,
    pub(crate) shape: Shape,
    pub(crate) is_nullable: bool,
    pub(crate) clamp: bool,
    pub(crate) enforce_range: bool,
    pub(crate) null_to_empty: bool,
    /// Its Rust type, if one is given.
    pub(crate) rust: Option<Type>,
}

#[derive(Clone)]
pub(crate) enum Shape {
    Undefined,
    /// A type of the standard, by the name of its tag.
    Standard(&'static str),
    Sequence(Box<IdlType>),
    FrozenArray(Box<IdlType>),
    Record(Box<IdlType>, Box<IdlType>),
    Promise,
    /// `EventHandler` and similar types.
    EventHandler,
    /// A Rust type in scope: an interface, a dictionary, an enumeration, a union.
    Named(Path),
}

/// A dictionary.
pub(crate) struct Dictionary {
    pub(crate) docs: Vec<Attribute>,
    pub(crate) name: Ident,
    pub(crate) parent: Option<Path>,
    pub(crate) members: Vec<DictionaryMember>,
}

pub(crate) struct DictionaryMember {
    pub(crate) docs: Vec<Attribute>,
    pub(crate) name: Ident,
    pub(crate) idl_type: IdlType,
    pub(crate) is_required: bool,
    pub(crate) default: Option<Default>,
}

/// An enumeration.
pub(crate) struct Enum {
    pub(crate) docs: Vec<Attribute>,
    pub(crate) name: Ident,
    /// The existing Rust enum, if there is one.
    pub(crate) rust: Option<Type>,
    pub(crate) values: Vec<(LitStr, Ident)>,
}

/// A `typedef` or a `callback`: another name of a type.
pub(crate) struct Alias {
    pub(crate) docs: Vec<Attribute>,
    pub(crate) name: Ident,
    /// The variants of a union; one type is a plain alias.
    pub(crate) types: Vec<IdlType>,
}
