//! `Document` and its kin ([DOM, interface Document](https://dom.spec.whatwg.org/#interface-document),
//! [HTML, the Document object](https://html.spec.whatwg.org/multipage/dom.html#the-document-object)).

use boa_engine::{Context, JsNativeError, JsObject, JsResult, JsValue};
use framepost_browsing_context::dom::{self, NodeKind, node_kind};
use framepost_browsing_context::{ClientId, Document, QuirksMode, ReadyState};
use markup5ever_rcdom::{Handle as Node, NodeData};

use crate::dom::extensions::extensions;
use crate::dom::tree;
use crate::script::realm;
use crate::script::wrappers;
use crate::script::wrappers::NodeWrapper;
use crate::script::{run_steps, with_contexts};
use crate::webidl::convert::{
    argument, dom_string, dom_string_null_empty, js_str, nullable_string, optional,
};
use crate::webidl::exception;
use crate::webidl::exception::OrThrow;
use crate::webidl::{Interface, Member, Mixin, NewTarget};

use super::collections::{self, Of};
use super::node::{NODE, node_argument, wrap, wrap_or_null};
use super::{attr, child_node, event, parent_node};
use crate::html::event_handlers;

/// The `Document` interface.
pub(crate) static DOCUMENT: Interface = Interface {
    parent: Some(&NODE),
    constructor: Some((0, |target, _, ctx| {
        let document = dom::create_document();
        construct_node(target, &document, ctx)
    })),
    members: &[
        &[
            Member::Attribute(
                "implementation",
                crate::dom::implementation::of_document,
                None,
            ),
            Member::Attribute("URL", url, None),
            Member::Attribute("documentURI", url, None),
            Member::Attribute(
                "compatMode",
                |this, ctx| {
                    let quirks = read(this, ctx, Document::quirks_mode)?;
                    Ok(js_str(if quirks == Some(QuirksMode::Quirks) {
                        "BackCompat"
                    } else {
                        "CSS1Compat"
                    }))
                },
                None,
            ),
            Member::Attribute("characterSet", character_set, None),
            Member::Attribute("charset", character_set, None),
            Member::Attribute("inputEncoding", character_set, None),
            Member::Attribute(
                "contentType",
                |this, ctx| {
                    let type_ = read(this, ctx, |document| document.content_type().to_owned())?;
                    Ok(js_str(
                        type_.unwrap_or_else(|| "application/xml".to_owned()),
                    ))
                },
                None,
            ),
            Member::Attribute(
                "doctype",
                |this, ctx| {
                    let found = child_of_kind(&wrappers::node(this)?, NodeKind::Doctype);
                    Ok(wrap_or_null(ctx, found))
                },
                None,
            ),
            Member::Attribute(
                "documentElement",
                |this, ctx| {
                    let found = child_of_kind(&wrappers::node(this)?, NodeKind::Element);
                    Ok(wrap_or_null(ctx, found))
                },
                None,
            ),
            Member::Operation(
                "getElementsByTagName",
                1,
                collections::get_elements_by_tag_name,
            ),
            Member::Operation(
                "getElementsByTagNameNS",
                2,
                collections::get_elements_by_tag_name_ns,
            ),
            Member::Operation(
                "getElementsByClassName",
                1,
                collections::get_elements_by_class_name,
            ),
            Member::Operation("getElementsByName", 1, |this, args, ctx| {
                let name = dom_string(&argument(args, 0), ctx)?;
                Ok(collections::create(ctx, &wrappers::node(this)?, Of::Named(name))?.into())
            }),
            Member::Operation("getElementById", 1, get_element_by_id),
            Member::Operation("createElement", 1, |this, args, ctx| {
                let name = dom_string(&argument(args, 0), ctx)?;
                let node = dom::create_element(&name).or_throw(ctx)?;
                adopted(this, &node, ctx)
            }),
            Member::Operation("createElementNS", 2, |this, args, ctx| {
                let namespace = nullable_string(&argument(args, 0), ctx)?;
                let name = dom_string(&argument(args, 1), ctx)?;
                let node = dom::create_element_ns(namespace.as_deref(), &name).or_throw(ctx)?;
                adopted(this, &node, ctx)
            }),
            Member::Operation("createDocumentFragment", 0, |this, _, ctx| {
                adopted(this, &dom::create_document_fragment(), ctx)
            }),
            Member::Operation("createTextNode", 1, |this, args, ctx| {
                let text = dom_string(&argument(args, 0), ctx)?;
                adopted(this, &dom::create_text(&text), ctx)
            }),
            Member::Operation("createAttribute", 1, attr::create_attribute),
            Member::Operation("createComment", 1, |this, args, ctx| {
                let text = dom_string(&argument(args, 0), ctx)?;
                adopted(this, &dom::create_comment(&text), ctx)
            }),
            Member::Operation("createProcessingInstruction", 2, |this, args, ctx| {
                let target = dom_string(&argument(args, 0), ctx)?;
                let data = dom_string(&argument(args, 1), ctx)?;
                let node = dom::create_processing_instruction(&target, &data).or_throw(ctx)?;
                adopted(this, &node, ctx)
            }),
            Member::Operation("importNode", 1, |this, args, ctx| {
                let node = node_argument(args, 0, ctx)?;
                if node_kind(&node) == NodeKind::Document {
                    return Err(not_supported("A document cannot be imported.", ctx));
                }
                let attr = wrap(ctx, &node);
                if let Some(copy) = attr::clone(&attr, &wrappers::node(this)?, ctx)? {
                    return Ok(copy.into());
                }
                if dom::is_shadow_root(&node) {
                    return Err(not_supported("A shadow root cannot be imported.", ctx));
                }
                let deep = optional(args, 1).is_some_and(JsValue::to_boolean);
                let scope = if deep {
                    dom::CloneScope::Subtree
                } else {
                    dom::CloneScope::Node
                };
                let copy = with_contexts(ctx, |contexts| contexts.clone_node(&node, scope));
                adopted(this, &copy, ctx)
            }),
            Member::Operation("adoptNode", 1, |this, args, ctx| {
                let node = node_argument(args, 0, ctx)?;
                if node_kind(&node) == NodeKind::Document {
                    return Err(not_supported("A document cannot be adopted.", ctx));
                }
                if dom::is_shadow_root(&node) {
                    let message = "A shadow root cannot be adopted.";
                    return Err(exception::throw("HierarchyRequestError", message, ctx));
                }
                if dom::parent(&node).is_some() {
                    tree::remove(ctx, &node);
                }
                adopted(this, &node, ctx)
            }),
            Member::Operation("createEvent", 1, create_event),
        ],
        HTML_MEMBERS,
        event_handlers::GLOBAL,
        &[
            event_handlers::handler("onreadystatechange"),
            event_handlers::handler("onvisibilitychange"),
        ],
    ],
    own: Mixin::of(&[&parent_node::PARENT_NODE]),
    ..Interface::new("Document")
};

/// What HTML adds to `Document`.
const HTML_MEMBERS: &[Member] = &[
    Member::UnforgeableAttribute(
        "location",
        |this, ctx| {
            let window = active_window(this, ctx)?;
            Ok(window.map_or_else(JsValue::null, |window| {
                crate::html::location::of_window(ctx, window).into()
            }))
        },
        Some(|this, value, ctx| {
            let text = dom_string(value, ctx)?;
            match active_window(this, ctx)? {
                Some(window) => crate::html::location::navigate(ctx, window, &text),
                None => Ok(()),
            }
        }),
    ),
    Member::Attribute("domain", domain, Some(set_domain)),
    Member::Attribute(
        "referrer",
        |this, ctx| {
            let referrer = read(this, ctx, |document| document.referrer().to_owned())?;
            Ok(js_str(referrer.unwrap_or_default()))
        },
        None,
    ),
    Member::Attribute(
        "readyState",
        |this, ctx| {
            let document = read(this, ctx, Document::id)?;
            let state = with_contexts(ctx, |contexts| contexts.ready_state(document?));
            Ok(js_str(state.unwrap_or(ReadyState::Complete).as_str()))
        },
        None,
    ),
    Member::Attribute("title", title, Some(set_title)),
    Member::Attribute(
        "body",
        |this, ctx| {
            let body = body_of(&wrappers::node(this)?);
            Ok(wrap_or_null(ctx, body))
        },
        Some(set_body),
    ),
    Member::Attribute(
        "head",
        |this, ctx| {
            let html = html_element_of(&wrappers::node(this)?);
            let head = html.and_then(|html| {
                html.children
                    .borrow()
                    .iter()
                    .find(|node| dom::is_html_element(node, "head"))
                    .cloned()
            });
            Ok(wrap_or_null(ctx, head))
        },
        None,
    ),
    Member::Attribute(
        "images",
        |this, ctx| collections::of_node(this, "images", ctx),
        None,
    ),
    Member::Attribute(
        "embeds",
        |this, ctx| collections::of_node(this, "embeds", ctx),
        None,
    ),
    Member::Attribute(
        "plugins",
        |this, ctx| collections::of_node(this, "plugins", ctx),
        None,
    ),
    Member::Attribute(
        "links",
        |this, ctx| collections::of_node(this, "links", ctx),
        None,
    ),
    Member::Attribute(
        "forms",
        |this, ctx| collections::of_node(this, "forms", ctx),
        None,
    ),
    Member::Attribute(
        "scripts",
        |this, ctx| collections::of_node(this, "scripts", ctx),
        None,
    ),
    Member::Attribute(
        "currentScript",
        |this, ctx| {
            let document = read(this, ctx, Document::id)?;
            let script = with_contexts(ctx, |contexts| contexts.current_script(document?).cloned());
            Ok(wrap_or_null(ctx, script))
        },
        None,
    ),
    Member::Attribute(
        "defaultView",
        |this, ctx| {
            let window = active_window(this, ctx)?;
            Ok(window.map_or_else(JsValue::null, |window| realm::window_value(ctx, window)))
        },
        None,
    ),
    Member::Attribute("hidden", |_, _| Ok(false.into()), None),
    Member::Attribute("visibilityState", |_, _| Ok(js_str("visible")), None),
    Member::Operation("hasFocus", 0, |this, _, ctx| {
        Ok(active_window(this, ctx)?.is_some().into())
    }),
    Member::Attribute(
        "activeElement",
        |this, ctx| {
            // Nothing is focused: the body has the keyboard.
            let body = body_of(&wrappers::node(this)?);
            Ok(wrap_or_null(ctx, body))
        },
        None,
    ),
    Member::Operation("write", 0, |this, args, ctx| write(this, args, "", ctx)),
    Member::Operation("writeln", 0, |this, args, ctx| write(this, args, "\n", ctx)),
    Member::Operation("open", 0, open),
    Member::Operation("close", 0, |this, _, ctx| {
        if let Some(document) = document_id(this, ctx)? {
            let steps = with_contexts(ctx, |contexts| contexts.document_close(document));
            run_steps(ctx, steps);
        }
        Ok(JsValue::undefined())
    }),
];

/// The `DocumentFragment` interface.
pub(crate) static DOCUMENT_FRAGMENT: Interface = Interface {
    parent: Some(&NODE),
    constructor: Some((0, |target, _, ctx| {
        construct_node(target, &dom::create_document_fragment(), ctx)
    })),
    members: &[&[Member::Operation("getElementById", 1, get_element_by_id)]],
    own: Mixin::of(&[&parent_node::PARENT_NODE]),
    ..Interface::new("DocumentFragment")
};

/// The `DocumentType` interface.
pub(crate) static DOCUMENT_TYPE: Interface = Interface {
    parent: Some(&NODE),
    members: &[&[
        Member::Attribute("name", |this, _| doctype(this, 0), None),
        Member::Attribute("publicId", |this, _| doctype(this, 1), None),
        Member::Attribute("systemId", |this, _| doctype(this, 2), None),
    ]],
    own: Mixin::of(&[&child_node::CHILD_NODE]),
    ..Interface::new("DocumentType")
};

/// Makes a new node the object of a construction, as a node of the current window's document.
pub(crate) fn construct_node(
    target: &NewTarget,
    node: &Node,
    ctx: &mut Context,
) -> JsResult<JsObject> {
    let object = target.create(NodeWrapper::reference(node.clone()), ctx)?;
    if node_kind(node) != NodeKind::Document {
        adopt_to_current(node, ctx);
    }
    wrappers::remember(ctx, node, &object);
    Ok(object)
}

/// Makes a new node one of the current window's document.
pub(crate) fn adopt_to_current(node: &Node, ctx: &mut Context) {
    let Some(window) = realm::current_window(ctx) else {
        return;
    };
    let steps = with_contexts(ctx, |contexts| {
        let document = contexts.window(window)?.document();
        Some(contexts.adopt(node, document))
    });
    if let Some(steps) = steps {
        run_steps(ctx, steps);
    }
}

/// The id of a document that is in a navigable.
fn document_id(this: &JsObject, ctx: &mut Context) -> JsResult<Option<ClientId>> {
    let node = wrappers::node(this)?;
    Ok(with_contexts(ctx, |contexts| {
        contexts.connected_document(&node)
    }))
}

/// Reads from a document that is in a navigable.
fn read<R>(
    this: &JsObject,
    ctx: &mut Context,
    read: impl FnOnce(&Document) -> R,
) -> JsResult<Option<R>> {
    let node = wrappers::node(this)?;
    Ok(with_contexts(ctx, |contexts| {
        let document = contexts.connected_document(&node)?;
        contexts.document(document).map(read)
    }))
}

/// The window of the document, while the document is active.
fn active_window(
    this: &JsObject,
    ctx: &mut Context,
) -> JsResult<Option<framepost_event_loop::GlobalId>> {
    let node = wrappers::node(this)?;
    Ok(with_contexts(ctx, |contexts| {
        let document = contexts.connected_document(&node)?;
        contexts
            .is_fully_active(document)
            .then(|| contexts.document(document).map(Document::window))?
    }))
}

fn adopted(this: &JsObject, node: &Node, ctx: &mut Context) -> JsResult<JsValue> {
    tree::adopt(ctx, node, &wrappers::node(this)?);
    Ok(wrap(ctx, node).into())
}

fn not_supported(message: &str, ctx: &mut Context) -> boa_engine::JsError {
    exception::throw("NotSupportedError", message, ctx)
}

fn url(this: &JsObject, ctx: &mut Context) -> JsResult<JsValue> {
    let url = read(this, ctx, |document| document.url().to_string())?;
    Ok(js_str(url.unwrap_or_else(|| "about:blank".to_owned())))
}

fn character_set(this: &JsObject, ctx: &mut Context) -> JsResult<JsValue> {
    Ok(js_str(
        read(this, ctx, Document::character_encoding)?.unwrap_or("UTF-8"),
    ))
}

fn child_of_kind(document: &Node, kind: NodeKind) -> Option<Node> {
    document
        .children
        .borrow()
        .iter()
        .find(|node| node_kind(node) == kind)
        .cloned()
}

fn get_element_by_id(this: &JsObject, args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let id = dom_string(&argument(args, 0), ctx)?;
    let root = wrappers::node(this)?;
    let found = element_by_id(&root, &id);
    Ok(wrap_or_null(ctx, found))
}

/// The first element below `root` with this id.
pub(crate) fn element_by_id(root: &Node, id: &str) -> Option<Node> {
    if id.is_empty() {
        return None;
    }
    dom::descendants(root).find(|node| match &node.data {
        NodeData::Element { attrs, .. } => attrs.borrow().iter().any(|attribute| {
            &*attribute.name.local == "id"
                && attribute.name.ns.is_empty()
                && &*attribute.value == id
        }),
        _ => false,
    })
}

/// [The html element](https://html.spec.whatwg.org/multipage/dom.html#the-html-element-2)
fn html_element_of(document: &Node) -> Option<Node> {
    child_of_kind(document, NodeKind::Element).filter(|node| dom::is_html_element(node, "html"))
}

/// [The body element](https://html.spec.whatwg.org/multipage/dom.html#the-body-element-2)
pub(crate) fn body_of(document: &Node) -> Option<Node> {
    let html = html_element_of(document)?;
    let children = html.children.borrow();
    let is_body =
        |node: &&Node| dom::is_html_element(node, "body") || dom::is_html_element(node, "frameset");
    children.iter().find(is_body).cloned()
}

/// [`body`'s setter](https://html.spec.whatwg.org/multipage/dom.html#dom-document-body)
fn set_body(this: &JsObject, value: &JsValue, ctx: &mut Context) -> JsResult<()> {
    let new = value
        .as_object()
        .and_then(|object| wrappers::as_node(&object));
    let Some(new) = new.filter(super::element::is_html) else {
        return Err(JsNativeError::typ()
            .with_message("the value is not of type 'HTMLElement'.")
            .into());
    };
    let document = wrappers::node(this)?;
    if !dom::is_html_element(&new, "body") && !dom::is_html_element(&new, "frameset") {
        let message = "The new body is neither a body nor a frameset element.";
        return Err(exception::throw("HierarchyRequestError", message, ctx));
    }
    match (
        body_of(&document),
        child_of_kind(&document, NodeKind::Element),
    ) {
        (Some(old), _) if dom::is_same(&old, &new) => Ok(()),
        (Some(old), _) => match dom::parent(&old) {
            Some(parent) => tree::replace(ctx, &parent, &new, &old),
            None => Ok(()),
        },
        (None, Some(root)) => tree::insert(ctx, &root, &new, None),
        (None, None) => {
            let message = "The document has no document element.";
            Err(exception::throw("HierarchyRequestError", message, ctx))
        }
    }
}

fn title_element(document: &Node) -> Option<Node> {
    dom::descendants(document).find(|node| dom::is_html_element(node, "title"))
}

/// [`title`](https://html.spec.whatwg.org/multipage/dom.html#document.title)
fn title(this: &JsObject, _: &mut Context) -> JsResult<JsValue> {
    let title = title_element(&wrappers::node(this)?);
    let text = title
        .map(|title| dom::child_text_content(&title))
        .unwrap_or_default();
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    Ok(js_str(words.join(" ")))
}

fn set_title(this: &JsObject, value: &JsValue, ctx: &mut Context) -> JsResult<()> {
    let text = dom_string(value, ctx)?;
    let document = wrappers::node(this)?;
    let title = match title_element(&document) {
        Some(title) => title,
        None => {
            let head = html_element_of(&document).and_then(|html| {
                html.children
                    .borrow()
                    .iter()
                    .find(|node| dom::is_html_element(node, "head"))
                    .cloned()
            });
            let Some(head) = head else { return Ok(()) };
            let title = dom::create_element("title").or_throw(ctx)?;
            tree::adopt(ctx, &title, &document);
            tree::insert(ctx, &head, &title, None)?;
            title
        }
    };
    super::node::string_replace_all(ctx, &title, &text);
    Ok(())
}

/// [`domain`](https://html.spec.whatwg.org/multipage/browsers.html#dom-document-domain)
fn domain(this: &JsObject, ctx: &mut Context) -> JsResult<JsValue> {
    let domain = read(this, ctx, |document| {
        document
            .origin()
            .effective_domain()
            .map(ToString::to_string)
    })?;
    Ok(js_str(domain.flatten().unwrap_or_default()))
}

/// The setter of [`domain`](https://html.spec.whatwg.org/multipage/browsers.html#dom-document-domain).
fn set_domain(this: &JsObject, value: &JsValue, ctx: &mut Context) -> JsResult<()> {
    let text = dom_string(value, ctx)?;
    let node = wrappers::node(this)?;
    let set = with_contexts(ctx, |contexts| {
        let Some(document) = contexts.connected_document(&node) else {
            return Err(framepost_browsing_context::DomError::Security {
                reason: "a document without a window has no domain to set".to_owned(),
            });
        };
        contexts.set_document_domain(document, &text)
    });
    set.or_throw(ctx)?;
    // Windows that could reach each other may not any more.
    crate::windows::window_proxy::guard(ctx)
}

/// [`document.write()`](https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#dom-document-write)
fn write(this: &JsObject, args: &[JsValue], end: &str, ctx: &mut Context) -> JsResult<JsValue> {
    let mut text = String::new();
    for arg in args {
        text.push_str(&dom_string(arg, ctx)?);
    }
    text.push_str(end);
    let entry = realm::entry(ctx);
    let entry = with_contexts(ctx, |contexts| Some(contexts.window(entry?)?.document()));
    if let (Some(document), Some(entry)) = (document_id(this, ctx)?, entry) {
        let steps = with_contexts(ctx, |contexts| {
            contexts.document_write(document, entry, &text)
        });
        let steps = steps.or_throw(ctx)?;
        run_steps(ctx, steps);
    }
    Ok(JsValue::undefined())
}

/// [`document.open()`](https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#dom-document-open)
fn open(this: &JsObject, args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    if args.len() >= 3 {
        return crate::html::window_open::document_open(this, args, ctx);
    }
    let entry = realm::entry(ctx);
    let entry = with_contexts(ctx, |contexts| Some(contexts.window(entry?)?.document()));
    if let (Some(document), Some(entry)) = (document_id(this, ctx)?, entry) {
        let steps = with_contexts(ctx, |contexts| contexts.document_open(document, entry));
        let steps = steps.or_throw(ctx)?;
        run_steps(ctx, steps);
    }
    Ok(wrap(ctx, &wrappers::node(this)?).into())
}

fn doctype(this: &JsObject, part: usize) -> JsResult<JsValue> {
    let node = wrappers::node(this)?;
    Ok(match &node.data {
        NodeData::Doctype {
            name,
            public_id,
            system_id,
        } => js_str([name, public_id, system_id][part]),
        _ => js_str(""),
    })
}

/// [`createEvent()`](https://dom.spec.whatwg.org/#dom-document-createevent)
fn create_event(this: &JsObject, args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let name = dom_string_null_empty(&argument(args, 0), ctx)?.to_ascii_lowercase();
    let of = match name.as_str() {
        "event" | "events" | "htmlevents" | "svgevents" => event::NewEvent::plain(),
        "customevent" => event::uninitialized_custom(),
        other => match extensions()
            .creatable_events
            .iter()
            .find_map(|make| make(other))
        {
            Some(of) => of,
            None => {
                let message = format!("The event interface {name:?} is not known.");
                return Err(not_supported(&message, ctx));
            }
        },
    };
    let window = super::node::window_of(ctx, &wrappers::node(this)?);
    Ok(event::create(ctx, window, of).into())
}
