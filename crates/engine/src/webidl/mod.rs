//! Web IDL on Boa: a binding is its Web IDL.
//!
//! [`interface!`](interface) reads the definitions of a specification as it prints them, and makes an
//! [`Interface`] from each: a `static` table of plain functions. From the table this module makes an
//! interface object and an interface prototype object in each realm that asks for them, as
//! [Web IDL's JavaScript binding](https://webidl.spec.whatwg.org/#javascript-binding) says. The
//! table also converts arguments and results, counts arguments and checks receivers. What an
//! interface *does* is not known here.
//!
//! # How to write a binding
//!
//! ```ignore
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
//!    and `Finalize`. Its type stands in parentheses behind the name of the interface. Several
//!    interfaces may share a type: every element has `Node`. Without data, leave the parentheses out
//!    and create objects with `()`.
//! 2. Copy the IDL. Drop what is not there yet, with a `// NOT YET:` comment.
//! 3. Write the functions that the members name, one for each algorithm.
//! 4. Add the interface to the list of its floor. Objects are made with [`create_object`], and where the
//!    interface has indexed or named properties, put behind [`legacy::proxy`].
//!
//! # Names
//!
//! `interface MessagePort` makes the static `MESSAGE_PORT`, and `HTMLElement` makes
//! `HTML_ELEMENT`: the name's words. The parent is found under the same rule, so that
//! `interface MessageEvent : Event` needs `EVENT` in scope. `interface` also makes a type of its own
//! name, which stands for it in the types of arguments: `undefined add(Blob blob)` needs `Blob` in
//! scope. A member without steps calls the function of its name in snake case: `postMessage()` calls
//! `post_message`, the attribute `origin` calls `origin`, and its setter calls `set_origin`.
//! A constructor calls `construct`, a stringifier `stringify`.
//!
//! `interfaces LIST;` at the beginning makes the static `LIST` of all interfaces of this `interface!`.
//!
//! # Steps
//!
//! Behind `=` stands how a member is carried out. For an attribute that can be set, a second one for
//! the setter follows after a comma.
//!
//! | Steps | Run |
//! |---|---|
//! | `= path::to::function` | the function, with the receiver, the arguments, and the context |
//! | `= .field` | the field of the data: a getter clones it, a setter assigns it |
//! | `= "text"`, `= true`, `= 0` | nothing: the member is constant |
//! | `= \|\| value` | the closure |
//! | `= \|data, arguments…\| …` | the closure on the borrowed data, without context |
//! | `= \|object, arguments…, cx\| …` | the closure, with the receiver (`&JsObject` where it does not say another type) |
//!
//! A closure on the data gets `&Data` in getters and in operations with a result, `&mut Data` in
//! setters and in operations without result. The closure may say otherwise: `|data: &mut Data, name|`.
//! It gets no context, since nothing of Boa may be allocated while the data is borrowed.
//!
//! The *receiver* of a function is what its first parameter says: `&JsObject`, `&Node`, or any
//! [`Receiver`](receiver::Receiver). List a type of data in [`receivers!`](receiver::receivers) to
//! let functions take `&Data`: a clone of the object's data.
//!
//! The steps of constructors and of static members have no receiver. A constructor gives the data of
//! the new object, alone or in a `JsResult`; or anything that is
//! [`Constructed`](constructed::Constructed), where the object takes more than data. A closure with
//! one more parameter gets the [`NewTarget`] first.
//!
//! Parameters of functions are what they need to be: for a `DOMString` it may be `&str`, `String`,
//! `JsString` or `&JsString`; for `DOMString?` also `Option<&str>`. The compiler finds the conversion
//! ([`Convert`](convert::Convert), see [`conversions`]). A closure may say the type of a parameter; if
//! it does not, that is the type's own, such as `String` and `JsObject` ([`types`]).
//!
//! Results are values that implement [`IntoJs`](into_js::IntoJs), alone or in a `JsResult`: a `Node`
//! becomes its object, an `Option` null or its value, a `Vec` an array. The result of an operation
//! that returns `undefined` is dropped, its error is not.
//!
//! # Types
//!
//! | Web IDL | Rust |
//! |---|---|
//! | `any`, `object` | `JsValue`, `JsObject` |
//! | `boolean`, `byte` … `unrestricted double` | the number types; `f64` and `usize` where a wider one fits |
//! | `DOMString`, `USVString`, `ByteString` | `String` (lone surrogates become U+FFFD), `JsString` |
//! | `Interface` | `JsObject`, or any `Receiver`; a `WindowProxy` stays one |
//! | a dictionary, an enumeration, a union | its Rust type |
//! | `T?` | `Option<T>` |
//! | `sequence<T>`, `FrozenArray<T>`, `record<K, V>` | `Vec<T>`, `Vec<(K, V)>` |
//! | a `callback`, `Function` | `JsObject` |
//! | `BufferSource`, `AllowSharedBufferSource` | the types of [`buffer_source`] |
//! | `Uint8Array` and its like, `ArrayBufferView` | the array of Boa, `use … JsUint8Array as Uint8Array` |
//! | `optional T name` | `Option<T>`; with a default, `T` |
//! | `T... names` | `Vec<T>`, `&[T]` |
//!
//! Any other name is a Rust type in scope that implements [`FromJs`](convert::FromJs), or an
//! interface. Errors name the place of the value: see [`Place`](convert::Place).
//!
//! A *dictionary* becomes a struct whose fields are its members in snake case. The type of a field
//! can be given: `DOMString(JsString) label`. Members without default are `Option`s, unless they are
//! `required`. A dictionary that inherits has its parent in the field `parent`, and derefs to it.
//! Members are read in the order of the standard: the parent's first, then by name.
//! `#[derive(…)]` before a dictionary stands before the struct.
//!
//! An *enumeration* becomes an enum with the values as variants (`"no-cors"` is `NoCors`; another name
//! can be given: `"2d" = TwoD`), with `as_str` and `from_text`.
//!
//! A *typedef* of a union becomes an enum with a variant for each type: the last part of its name
//! (`Blob`, `DomString`, `Sequence`). Any other typedef, and a callback, is another name of its type.
//!
//! # Members
//!
//! - `const unsigned short NONE = 0;`
//! - `constructor(…)`, several for overloads; attributes; operations, several of one name for
//!   [overloads](overload); `static` attributes and operations.
//! - `attribute EventHandler onclick;` needs `event_handlers` in scope. Its steps, if there are any, run
//!   once the handler was set.
//! - `stringifier;`, `stringifier attribute …`: the operation `toString()`.
//! - `iterable<T>;` beside an indexed property getter; `iterable<K, V> = pair_at;` with a function of
//!   `&Data` and an index that gives the pair there, or nothing ([`pair_iterator`]).
//! - `getter T? item(unsigned long index);` indexed properties, with the attribute `length`; null
//!   is no value. `getter T (DOMString name) = named_item, supported_property_names;` named
//!   properties: the second function gives the supported names. `setter` and `deleter` alike
//!   ([`legacy`]).
//! - `include path;` a table of [`Member`]s that is written by hand.
//! - Doc comments may stand anywhere.
//!
//! # Extended attributes
//!
//! | Attribute | Effect |
//! |---|---|
//! | `[Exposed=…]` | where the interface is ([`Interface::exposed`]); on a member, `[Exposed=Window]` keeps it from workers |
//! | `[Global]` | the members stand on the global object |
//! | `[LegacyUnforgeable]` | the member is an own property of each object |
//! | `[Unscopable]` | the name is no variable in inline event handlers |
//! | `[SameObject]` | the getter runs once, its object is kept with the receiver (`platform::drop_companion` lets it run again) |
//! | `[Replaceable]` | assignment replaces the property |
//! | `[PutForwards=x]` | assignment sets `x` of the value |
//! | `[Clamp]`, `[EnforceRange]`, `[LegacyNullToEmptyString]` | on types, arguments and attributes |
//! | `[Reflect]`, `[Reflect="content"]` | the attribute reflects a content attribute with the functions of a module `reflect` in scope: `reflect::string`, `boolean`, `integer` by its type |
//! | `[ReflectURL]`, `[ReflectX]` | the same with `reflect::url`, `reflect::x` |
//! | `[ReflectSetter]` | only the setter reflects |
//! | `[Serializable=X]`, `[Transferable=X]` | the steps for messages are in the static `X` ([`serializable`]) |
//! | `[LegacyWindowAlias=X]` | another name ([`Interface::aliases`]) |
//! | `[LegacyOverrideBuiltIns]`, `[LegacyUnenumerableNamedProperties]` | how named properties behave |
//! | `[Elements=("td", "th")]` | not of the standard: `element_interface(local)` gives the interface of these elements |
//! | `[CEReactions]`, `[NewObject]`, `[SecureContext]`, `[HTMLConstructor]`, `[LegacyLenientThis]`, `[Default]` | none |
//!
//! # Mixins and partial interfaces
//!
//! `interface mixin ParentNode(Node) { … }` makes the static `PARENT_NODE`, and
//! `Document includes ParentNode;`, beside the interface, gives it to `Document`.
//!
//! `partial interface Document(Node) { … }` makes the static `PARTIAL_DOCUMENT`. The top floor lists
//! all of them and gives them to an agent with [`add_partials`], so that a family adds members to an
//! interface of a lower one, which does not know of it. Mixins that only one family knows are
//! included by a partial interface.
//!
//! # By hand
//!
//! A [`Member`] by hand has functions with the platform object, the arguments and the context. The
//! macro makes the same.

#![allow(
    dead_code,
    unused_imports,
    unused_macros,
    reason = "the bindings move over one by one"
)]

pub(crate) mod arguments;
pub(crate) mod constructed;
pub(crate) mod conversions;
pub(crate) mod convert;
pub(crate) mod glue;
pub(crate) mod interface;
pub(crate) mod into_js;
pub(crate) mod legacy;
pub(crate) mod members;
pub(crate) mod objects;
pub(crate) mod overload;
pub(crate) mod pair_iterator;
pub(crate) mod receiver;
pub(crate) mod serializable;
#[cfg(test)]
mod tests;
pub(crate) mod types;

pub(crate) use framepost_webidl_macros::interface;
pub(crate) use interface::{
    Constructor, Exposed, Interface, Iterable, Mixin, Pairs, Partial, add_partials,
};
pub(crate) use members::{Access, Member, Operation};
pub(crate) use objects::{
    InterfaceObjects, NewTarget, create_here, create_object, create_with, interface_objects,
    is_window, receiver, too_few_arguments,
};
pub(crate) mod buffer_source;
pub(crate) mod exception;
pub(crate) mod platform;
pub(crate) mod realm;
