//! Web IDL bindings for Boa. A binding looks like its Web IDL.
//!
//! [`interface!`](interface) parses definitions in the form in which a specification prints them.
//! From each definition it makes an [`Interface`]: a `static` table of plain functions. From the
//! table, this module creates an interface object and an interface prototype object in each realm
//! that needs them, according to [Web IDL's JavaScript
//! binding](https://webidl.spec.whatwg.org/#javascript-binding). The generated functions convert
//! arguments and results, count arguments and check receivers. This module does not know what any
//! interface does.
//!
//! # How to write a binding
//!
//! ```text
//! interface! {
//!     /// The [`Blob`](https://w3c.github.io/FileAPI/#dfn-Blob) interface.
//!     [Exposed=(Window,Worker), Serializable=STEPS]
//!     interface Blob(BlobData) {
//!         constructor(optional sequence<BlobPart> blobParts = [], optional BlobPropertyBag options = {});
//!
//!         readonly attribute unsigned long long size = |blob| blob.size();
//!         readonly attribute DOMString type = .content_type;
//!
//!         Blob slice(optional [Clamp] long long start, optional [Clamp] long long end, optional DOMString contentType = "");
//!         [NewObject] Promise<USVString> text();
//!     }
//!
//!     dictionary BlobPropertyBag {
//!         DOMString type = "";
//!         EndingType endings = "transparent";
//!     }
//!
//!     enum EndingType { "transparent", "native" };
//!
//!     typedef (BufferSource or Blob or USVString) BlobPart;
//! }
//!
//! /// [slice](https://w3c.github.io/FileAPI/#dfn-slice)
//! fn slice(blob: &BlobData, start: Option<i64>, end: Option<i64>, content_type: &str, cx: &mut Context) -> JsObject { … }
//! ```
//!
//! 1. Write the data of the objects: a struct with ids, nodes and script values that derives `Trace`
//!    and `Finalize`. Write its type in parentheses after the name of the interface. Several
//!    interfaces may share a type: every element has `Node`. Without data, omit the parentheses and
//!    create objects with `()`.
//! 2. Copy the IDL. Omit members that are not implemented, and list them in a `// NOT YET:` comment.
//! 3. Write the functions that the members name, one for each algorithm.
//! 4. Add the `DEFINITIONS` of a new file to `host/interfaces.rs` of the engine. Create objects with [`create_object`]. If the
//!    interface has indexed or named properties, wrap each object with [`legacy_platform_object::proxy`].
//!
//! # Names
//!
//! `interface MessagePort` makes the static `MESSAGE_PORT`, and `HTMLElement` makes `HTML_ELEMENT`:
//! one part for each word of the name. The macro finds the parent by the same rule, so
//! `interface MessageEvent : Event` needs `EVENT` in scope. `interface` also makes a type with the
//! name of the interface, which argument types use: `undefined add(Blob blob)` needs `Blob` in
//! scope. A member without steps calls the function with its name in snake case: `postMessage()` calls
//! `post_message`, the attribute `origin` calls `origin`, and its setter calls `set_origin`. A
//! constructor calls `construct`, and a stringifier calls `stringify`.
//!
//! The static `DEFINITIONS` lists the interfaces and partial interfaces of an `interface!`.
//!
//! # Steps
//!
//! The steps of a member follow `=`. For an attribute with a setter, the steps of the setter follow
//! after a comma.
//!
//! | Steps | Run |
//! |---|---|
//! | `= path::to::function` | the function, with the receiver, the arguments, and the context |
//! | `= .field` | nothing; a getter clones the field of the data, a setter assigns it |
//! | `= "text"`, `= true`, `= 0` | nothing; the value is constant |
//! | `= \|\| value` | the closure |
//! | `= \|data, arguments…\| …` | the closure, with the borrowed data and without a context |
//! | `= \|object, arguments…, cx\| …` | the closure, with the receiver (`&JsObject`, unless the parameter has another type) |
//!
//! A closure on the data receives `&Data` in getters and in operations with a result, and
//! `&mut Data` in setters and in operations without a result. A parameter type overrides this:
//! `|data: &mut Data, name|`. The closure receives no context, because Boa must not allocate while
//! the data is borrowed.
//!
//! The first parameter of a function determines its *receiver*: `&JsObject`, `&Node`, or any
//! [`Receiver`](receiver::Receiver). To let functions take `&Data`, a clone of the object's data,
//! list the type in [`receivers!`](receiver::receivers).
//!
//! The steps of constructors and static members have no receiver. A constructor returns the data of
//! the new object, alone or in a `JsResult`. If the object needs more than data, the constructor
//! returns a value that is [`Constructed`](constructed::Constructed). A closure with one more
//! parameter receives the [`NewTarget`] first.
//!
//! A function chooses the types of its parameters. For a `DOMString`, the type may be `&str`,
//! `String`, `JsString` or `&JsString`; for `DOMString?` also `Option<&str>`. The compiler selects
//! the conversion ([`ConvertTo`](convert::ConvertTo), see [`conversions`]). A closure may declare the
//! type of a parameter. The default is the Rust type of the IDL type, such as `String` or
//! `JsObject` ([`types`]).
//!
//! Results are values that implement [`IntoJs`](into_js::IntoJs), alone or in a `JsResult`. A
//! `Node` becomes its object, an `Option` becomes null or its value, and a `Vec` becomes an array.
//! An operation that returns `undefined` ignores the result of its steps, but not their error. The
//! errors of an operation that returns a `Promise` reject the promise.
//!
//! # Types
//!
//! | Web IDL | Rust |
//! |---|---|
//! | `any`, `object` | `JsValue`, `JsObject` |
//! | `boolean`, `byte` … `unrestricted double` | the number type of that width, or a wider one such as `f64` or `usize` |
//! | `DOMString`, `USVString`, `ByteString` | `String` (lone surrogates become U+FFFD), `JsString` |
//! | `Interface` | `JsObject`, or any `Receiver`; a `WindowProxy` stays a `WindowProxy` |
//! | a dictionary, an enumeration, a union | its Rust type |
//! | `T?` | `Option<T>` |
//! | `sequence<T>`, `FrozenArray<T>`, `record<K, V>` | `Vec<T>`, `Vec<(K, V)>` |
//! | a `callback`, `Function` | `JsObject` |
//! | `BufferSource`, `AllowSharedBufferSource` | the types of [`buffer_source`] |
//! | `Uint8Array` and similar, `ArrayBufferView` | Boa's type, imported with `use … JsUint8Array as Uint8Array` |
//! | `optional T name` | `Option<T>`; with a default, `T` |
//! | `T... names` | `Vec<T>`, `&[T]` |
//!
//! Any other name is an interface, or a Rust type in scope that implements
//! [`FromJs`](convert::FromJs). Errors name the place of the value: see [`Place`](convert::Place).
//!
//! A *dictionary* becomes a struct with one field for each member, in snake case.
//! `DOMString(JsString) label` sets the type of a field. Members without a default are `Option`s,
//! unless they are `required`. A dictionary that inherits has its parent in the field `parent`, and
//! derefs to it. Members are read in the order of the standard: the parent's first, then by name.
//! `#[derive(…)]` before a dictionary applies to the struct.
//!
//! An *enumeration* becomes an enum with the methods `as_str` and `from_text`. Each value becomes a
//! variant: `"no-cors"` becomes `NoCors`, and `"2d" = TwoD` sets another name. `enum A(Path) {…}` adds
//! the conversions to an existing Rust enum. A setter ignores values that are not in the enumeration.
//!
//! A *typedef* of a union becomes an enum with one variant for each type, named after the last part
//! of the type's name (`Blob`, `DomString`, `Sequence`). Any other typedef, and a callback, becomes
//! a type alias.
//!
//! # Members
//!
//! - `const unsigned short NONE = 0;`
//! - `constructor(…)`, several for overloads; attributes; operations, several of one name for
//!   [overloads](overload); `static` operations.
//! - `attribute EventHandler onclick;` gets its steps from [`extensions`]. Its own steps, if any, run
//!   after the handler was set.
//! - `stringifier;` and `stringifier attribute …` declare the operation `toString()`.
//! - `iterable<T>;` beside an indexed property getter; `iterable<K, V> = pair_at;` with a function
//!   that takes `&Data` and an index, and returns the pair at the index or `None`
//!   ([`pair_iterator`]).
//! - `async_iterable<T>;` beside an operation `values`, which is also `Symbol.asyncIterator`.
//! - `getter T? item(unsigned long index);` declares indexed properties, together with the
//!   attribute `length`. A null result means that there is no value.
//!   `getter T (DOMString name) = named_item, supported_property_names;` declares named properties;
//!   the second function, or a closure on the data, returns the supported names. `setter` and `deleter` are declared in the
//!   same way ([`legacy_platform_object`]).
//! - `include path;` adds a hand-written table of [`Member`]s.
//! - Doc comments are allowed everywhere.
//!
//! # Extended attributes
//!
//! | Attribute | Effect |
//! |---|---|
//! | `[Exposed=…]` | the globals that have the interface, by default only windows ([`Interface::exposed`]); on a member, `[Exposed=Window]` hides it from workers |
//! | `[Global]` | the members are own properties of the global object ([`define_on_global`]) |
//! | `[LegacyUnforgeable]` | the member is an own property of each object |
//! | `[Unscopable]` | the name is not in scope in inline event handlers |
//! | `[SameObject]` | the getter runs once, and the receiver keeps its object (`platform::drop_companion` removes it, so that the getter runs again) |
//! | `[Replaceable]` | assignment replaces the property |
//! | `[PutForwards=x]` | assignment sets `x` of the value |
//! | `[Clamp]`, `[EnforceRange]`, `[LegacyNullToEmptyString]` | on types, arguments and attributes |
//! | `[Reflect]`, `[Reflect="content"]` | the attribute reflects a content attribute, with the functions of a module `reflect` in scope; the type of the attribute selects `reflect::string`, `boolean` or `integer` |
//! | `[ReflectURL]`, `[ReflectX]` | the same with `reflect::url`, `reflect::x` |
//! | `[ReflectSetter]` | only the setter reflects the content attribute |
//! | `[Serializable=X]`, `[Transferable=X]` | the static `X` contains the steps for messages ([`serializable`]) |
//! | `[LegacyFactoryFunction=Image(…) = f]` | a second constructor, whose steps return the object |
//! | `[LegacyWindowAlias=X]` | a second name of the interface ([`Interface::aliases`]) |
//! | `[LegacyOverrideBuiltIns]`, `[LegacyUnenumerableNamedProperties]` | the behaviour of named properties ([`legacy_platform_object`]) |
//! | `[Elements=("td", "th")]` | not in the standard: `element_interface(local)` returns the interface of these elements |
//! | `[PropertiesBehindMembers=f]` | not in the standard: `f` finds indexed and named properties of objects that are not proxies ([`interface::BehindMembers`]) |
//! | `[SecurityCheck=f]` | not in the standard: `f` decides whether script may use a member ([`interface::SecurityCheck`]) |
//! | `[LegacyLenientThis]` | an event handler ignores receivers of other interfaces |
//! | `[SecureContext]` | only globals that are secure contexts have the interface, the member, or the members of the mixin or partial interface |
//! | `[CEReactions]`, `[NewObject]`, `[HTMLConstructor]`, `[Default]` | no effect |
//!
//! # Mixins and partial interfaces
//!
//! `interface mixin ParentNode(Node) { … }` makes the static `PARENT_NODE`.
//! `Document includes ParentNode;`, beside the interface, includes it in `Document`.
//!
//! `partial interface Document(Node) { … }` makes the static `PARTIAL_DOCUMENT`, and
//! `partial interface mixin X { … }` makes `PARTIAL_X`. [`extensions`] finds them in the `DEFINITIONS`
//! of all families. A family can thus add members to an interface or a mixin of a lower family, which
//! does not depend on it. A partial interface includes the mixins that only one family uses.
//!
//! # Namespaces
//!
//! `namespace console { … }` makes the static `CONSOLE`, whose operations are static.
//! [`define_namespace`] defines them on the namespace object.
//!
//! # Hand-written members
//!
//! A hand-written [`Member`] has functions that take the platform object, the arguments and the
//! context. The macro makes the same tables.

pub mod arguments;
mod behind_members;
pub mod constructed;
pub mod conversions;
pub mod convert;
pub mod extensions;
pub mod glue;
pub mod interface;
pub mod into_js;
pub mod legacy_platform_object;
pub mod members;
pub mod objects;
pub mod overload;
pub mod pair_iterator;
pub mod receiver;
pub mod serializable;
#[cfg(test)]
mod tests;
pub mod types;

pub use framepost_webidl_macros::interface;
pub use interface::{Definitions, Exposed, Interface, Iterable, Mixin, Pairs, Partial};
pub use members::{Access, Member};
pub use objects::{
    InterfaceObjects, NewTarget, adopt_interface, create_here, create_object, create_with,
    define_namespace, define_on_global, interface_objects, legacy_factory_function,
    members_of_global, receiver, too_few_arguments,
};
pub mod buffer_source;
pub mod exception;
pub mod platform;
pub mod realm;
