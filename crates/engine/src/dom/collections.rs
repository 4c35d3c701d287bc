//! `NodeList` and `HTMLCollection`
//! ([DOM, old-style collections](https://dom.spec.whatwg.org/#old-style-collections)).

use boa_engine::{Context, JsObject, JsResult, JsValue};
use framepost_browsing_context::dom;
use markup5ever_rcdom::Handle as Node;

use super::collection::{Collection, Of};
use super::node;
use crate::boa::properties::{READ_ONLY, data_property};
use crate::script::with_contexts;
use crate::script::wrappers::{self, NodeWrapper};
use crate::webidl::{self, interface, legacy_platform_object, platform};

/// Whether an element has this ID or this `name`.
pub(crate) fn has_id_or_name(node: &Node, name: &str) -> bool {
    let has = |attribute| dom::attribute(node, attribute).is_some_and(|held| held == name);
    has("id") || has("name")
}

interface! {
    /// The `NodeList` interface.
    [Exposed=Window]
    interface NodeList(Collection) {
        readonly attribute unsigned long length = |collection| collection.length();
        getter Node? item(unsigned long index) = |collection, index: usize| collection.item(index);
        iterable<Node>;
    }

    /// The `HTMLCollection` interface.
    [Exposed=Window, LegacyUnenumerableNamedProperties]
    interface HTMLCollection(Collection) {
        readonly attribute unsigned long length = |collection| collection.length();
        getter Element? item(unsigned long index) = |collection, index: usize| collection.item(index);
        getter Element? namedItem(DOMString name) =
            |collection, name: String| collection.named_item(&name), |collection| collection.names();
    }
}

/// Creates a collection in the realm of its root.
pub(crate) fn create(ctx: &mut Context, root: &Node, of: Of) -> JsResult<JsObject> {
    // The root's object is kept alive, with the properties that script added.
    node::wrap(ctx, root);
    let root_wrapper = NodeWrapper::holding(ctx, root.clone());
    let realm = node::realm_of(ctx, root);
    let collection = Collection::new(root_wrapper, of);
    let interface = collection.interface();
    let target = webidl::create_object(&realm, interface, collection, ctx);
    legacy_platform_object::proxy(ctx, &target)
}

/// A static `NodeList`. Its items are own properties.
pub(crate) fn static_node_list(ctx: &mut Context, root: &Node, nodes: &[Node]) -> JsObject {
    use boa_engine::property::PropertyKey;
    let realm = node::realm_of(ctx, root);
    let root = NodeWrapper::reference(root.clone());
    let collection = Collection::new(root, Of::Static(nodes.to_vec()));
    let list = webidl::create_object(&realm, &NODE_LIST, collection, ctx);
    for (index, found) in nodes.iter().enumerate() {
        let descriptor = data_property(node::wrap(ctx, found), READ_ONLY);
        list.insert_property(PropertyKey::from(index), descriptor);
    }
    list
}

/// The live collection of this kind of a node.
pub(crate) fn of_node(this: &JsObject, name: &'static str, ctx: &mut Context) -> JsResult<JsValue> {
    let of = match name {
        "childNodes" => Of::ChildNodes,
        "children" => Of::Children,
        "attributes" => Of::Attributes,
        "classList" => Of::Tokens("class"),
        "sandbox" => Of::Tokens("sandbox"),
        "relList" => Of::Tokens("rel"),
        "images" => Of::Html(|node| dom::is_html_element(node, "img")),
        "forms" => Of::Html(|node| dom::is_html_element(node, "form")),
        "scripts" => Of::Html(|node| dom::is_html_element(node, "script")),
        "embeds" | "plugins" => Of::Html(|node| dom::is_html_element(node, "embed")),
        "options" => Of::Html(|node| dom::is_html_element(node, "option")),
        "links" => Of::Html(|node| {
            (dom::is_html_element(node, "a") || dom::is_html_element(node, "area"))
                && dom::has_attribute(node, "href")
        }),
        _ => Of::Html(|_| false),
    };
    of_node_with(this, name, of, ctx)
}

/// The live collection of the kind `of` of a node, stored under this name.
pub(crate) fn of_node_with(
    this: &JsObject,
    name: &'static str,
    of: Of,
    ctx: &mut Context,
) -> JsResult<JsValue> {
    let root = wrappers::node(this)?;
    let made = platform::companion(this, name, ctx, |ctx| create(ctx, &root, of))?;
    Ok(made.into())
}

/// [`childNodes`](https://dom.spec.whatwg.org/#dom-node-childnodes)
pub(crate) fn child_nodes(this: &JsObject, ctx: &mut Context) -> JsResult<JsValue> {
    of_node(this, "childNodes", ctx)
}

/// [`children`](https://dom.spec.whatwg.org/#dom-parentnode-children)
pub(crate) fn children(this: &JsObject, ctx: &mut Context) -> JsResult<JsValue> {
    of_node(this, "children", ctx)
}

/// [`getElementsByTagName()`](https://dom.spec.whatwg.org/#concept-getelementsbytagname)
pub(crate) fn get_elements_by_tag_name(
    root: &Node,
    name: String,
    cx: &mut Context,
) -> JsResult<JsObject> {
    let html_document = with_contexts(cx, |contexts| contexts.is_in_html_document(root));
    create(cx, root, Of::TagName(name, html_document))
}

/// [`getElementsByTagNameNS()`](https://dom.spec.whatwg.org/#concept-getelementsbytagnamens)
pub(crate) fn get_elements_by_tag_name_ns(
    root: &Node,
    namespace: Option<String>,
    local_name: String,
    cx: &mut Context,
) -> JsResult<JsObject> {
    let namespace = namespace.filter(|name| !name.is_empty());
    create(cx, root, Of::TagNameNs(namespace, local_name))
}

/// [`getElementsByClassName()`](https://dom.spec.whatwg.org/#concept-getelementsbyclassname)
pub(crate) fn get_elements_by_class_name(
    root: &Node,
    names: &str,
    cx: &mut Context,
) -> JsResult<JsObject> {
    let names = names.split_ascii_whitespace().map(str::to_owned).collect();
    let quirks = super::parent_node::document_mode(cx, root).quirks;
    create(cx, root, Of::Classes(names, quirks))
}
