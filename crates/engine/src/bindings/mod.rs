//! The interfaces of the web platform that pages see.
//!
//! # How to write a binding
//!
//! 1. A file per interface or family. In it a `pub(crate) static NAME: Interface`, made by
//!    [`Interface::new`] with a brand (which [`Kind`](crate::platform::Kind)s implement it) and
//!    struct update syntax for the rest: `parent`, `constructor`, `constants`, `members`.
//! 2. If objects of the interface hold something, a variant of [`Kind`](crate::platform::Kind):
//!    ids, nodes, objects, never state of the library crates.
//! 3. Members are [`Member`](crate::webidl::Member)s: `Attribute(name, getter, setter)`,
//!    `Operation(name, required arguments, steps)`, `Static`, and so on. The functions get the
//!    platform object (already brand-checked: WindowProxy resolved, `undefined` taken for the
//!    global object), the arguments (already counted) and the context. They convert the arguments
//!    with [`webidl::convert`](crate::webidl::convert), call one algorithm of a library crate, and
//!    convert the answer. No logic of the specification stands here.
//! 4. The current realm is the function's own: `ctx.realm()`,
//!    [`realm::current_window`](crate::realm::current_window). The incumbent window is
//!    [`realm::incumbent`](crate::realm::incumbent). A window as a value is
//!    [`realm::window_value`](crate::realm::window_value) (its WindowProxy), a node's object is
//!    [`node::wrap`](crate::bindings::node::wrap), a new object of an interface is
//!    [`webidl::create_object`](crate::webidl::create_object) or, in a constructor,
//!    [`NewTarget::create`](crate::webidl::NewTarget::create).
//! 5. The library crates are reached by [`with_contexts`](crate::script::with_contexts),
//!    [`with_loop`](crate::script::with_loop), or the [`Host`](crate::script::Host) where an
//!    algorithm wants one. Nothing of Boa is allocated, and no script is called, inside of such a
//!    closure, nor while a platform object's data is borrowed
//!    ([`platform::with`](crate::platform::with)).
//! 6. Errors of the crates are thrown with [`OrThrow::or_throw`](crate::exception::OrThrow), others
//!    with [`exception::throw`](crate::exception::throw) (a `DOMException`) or
//!    `JsNativeError::typ()`.
//! 7. Callbacks are kept as [`Callback`](crate::callback::Callback) and called with
//!    [`callback::invoke_and_report`](crate::callback::invoke_and_report). Event handler attributes
//!    are `handler("onmessage")`.
//! 8. Add the interface to [`INTERFACES`], or to those of [`exposed`] if workers have it, too; that is
//!    all that makes it known to pages.

pub(crate) mod abort;
pub(crate) mod activation;
pub(crate) mod attr;
pub(crate) mod base64;
pub(crate) mod blob;
pub(crate) mod blob_clone;
pub(crate) mod blob_read;
pub(crate) mod blob_url;
pub(crate) mod broadcast_channel;
pub(crate) mod buffer_source;
pub(crate) mod canvas;
pub(crate) mod character_data;
pub(crate) mod child_node;
pub(crate) mod collections;
pub(crate) mod console;
pub(crate) mod crypto;
pub(crate) mod dataset;
pub(crate) mod details;
pub(crate) mod document;
pub(crate) mod dom_implementation;
pub(crate) mod dom_parser;
pub(crate) mod element;
pub(crate) mod encoding;
pub(crate) mod error_events;
pub(crate) mod event;
pub(crate) mod event_handlers;
pub(crate) mod event_target;
pub(crate) mod events_ui;
pub(crate) mod fetch;
pub(crate) mod file_reader;
pub(crate) mod form_data;
pub(crate) mod form_submission;
pub(crate) mod forms;
pub(crate) mod frames;
pub(crate) mod geometry;
pub(crate) mod history;
pub(crate) mod html_element;
pub(crate) mod html_elements;
pub(crate) mod hyperlink;
pub(crate) mod image;
pub(crate) mod import_scripts;
pub(crate) mod later_declarations;
pub(crate) mod legacy;
pub(crate) mod location;
pub(crate) mod message_channel;
pub(crate) mod message_delivery;
pub(crate) mod message_event;
pub(crate) mod message_port;
pub(crate) mod mutation_observer;
pub(crate) mod mutation_record;
pub(crate) mod named_node_map;
pub(crate) mod named_properties;
pub(crate) mod navigation_events;
pub(crate) mod navigator;
pub(crate) mod node;
pub(crate) mod pair_iterator;
pub(crate) mod parent_node;
pub(crate) mod progress_event;
pub(crate) mod reflect;
pub(crate) mod script_element;
pub(crate) mod shadow;
pub(crate) mod shared_worker;
pub(crate) mod static_range;
pub(crate) mod style;
pub(crate) mod timers;
pub(crate) mod token_list;
pub(crate) mod url;
pub(crate) mod url_search_params;
pub(crate) mod user_activation;
pub(crate) mod window;
pub(crate) mod window_open;
pub(crate) mod worker;
pub(crate) mod worker_global_scope;
pub(crate) mod worker_location;
pub(crate) mod xml_serialize;
