//! The interfaces of the HTML elements, as a table
//! ([HTML, element interfaces](https://html.spec.whatwg.org/multipage/indices.html#element-interfaces)).

use boa_engine::Context;
use framepost_browsing_context::dom;
use markup5ever_rcdom::Handle as Node;

use super::frame_elements::{content_document, content_window, get_svg_document};
use super::html_element::{HTML_ELEMENT, HTML_UNKNOWN_ELEMENT};
use super::hyperlink::HTML_HYPERLINK_ELEMENT_UTILS;
use super::slot::{self, AssignedNodesOptions};
use super::{event_handler_mixins, form_elements, image, script_element};
use crate::dom::collection::Of;
use crate::dom::collections;
use crate::dom::elements::is_html;
use crate::dom::reflect;
use crate::dom::tree;
use crate::script::with_contexts;
use crate::webidl::{Interface, interface};

/// Elements without an interface of their own.
#[rustfmt::skip]
const PLAIN: &[&str] = &[
    "abbr", "acronym", "address", "article", "aside", "b", "basefont", "bdi", "bdo", "big",
    "center", "cite", "code", "dd", "dfn", "dt", "em", "figcaption", "figure", "footer", "header",
    "hgroup", "i", "kbd", "main", "mark", "nav", "nobr", "noembed", "noframes", "noscript",
    "plaintext", "rb", "rp", "rt", "rtc", "ruby", "s", "samp", "search", "section", "small",
    "strike", "strong", "sub", "summary", "sup", "tt", "u", "var", "wbr",
];

/// The interface of an element's object; `None` for elements that are not HTML elements.
/// [Element interface](https://html.spec.whatwg.org/multipage/dom.html#elements-in-the-dom:element-interface)
pub(crate) fn interface_of(node: &Node) -> Option<&'static Interface> {
    if !is_html(node) {
        return None;
    }
    let own = of_local_name(dom::local_name(node)?);
    Some(own.unwrap_or(match is_unknown(node) {
        true => &HTML_UNKNOWN_ELEMENT,
        false => &HTML_ELEMENT,
    }))
}

fn of_local_name(local: &str) -> Option<&'static Interface> {
    element_interface(local).or_else(|| form_elements::element_interface(local))
}

/// Whether the element's name is unknown. A valid custom element name has the interface `HTMLElement`.
pub(crate) fn is_unknown(node: &Node) -> bool {
    let local = dom::local_name(node).unwrap_or_default();
    of_local_name(local).is_none()
        && local != "canvas"
        && !PLAIN.contains(&local)
        && !local.contains('-')
}

/// [`cellIndex`](https://html.spec.whatwg.org/multipage/tables.html#dom-tdth-cellindex)
fn cell_index(cell: &Node, _: &mut Context) -> i32 {
    let index = dom::parent(cell).and_then(|row| {
        let children = row.children.borrow();
        let mut cells = children
            .iter()
            .filter(|node| dom::is_one_of(node, &["td", "th"]));
        cells.position(|node| dom::is_same(node, cell))
    });
    index
        .and_then(|index| i32::try_from(index).ok())
        .unwrap_or(-1)
}

/// Sets the text of an element, for its attribute `text`.
fn set_text(element: &Node, text: &str, cx: &mut Context) {
    tree::string_replace_all(cx, element, text);
}

interface! {
    [Elements="a"]
    interface HTMLAnchorElement(Node) : HTMLElement {
        [Reflect] attribute DOMString target;
        [Reflect] attribute DOMString download;
        [Reflect] attribute DOMString rel;
        [Reflect] attribute DOMString hreflang;
        [Reflect] attribute DOMString type;
        [ReflectReferrerPolicy] attribute DOMString referrerPolicy;
        [Reflect] attribute DOMString name;
        [Reflect] attribute DOMString ping;
        [Reflect] attribute DOMString charset;
        [Reflect] attribute DOMString coords;
        [Reflect] attribute DOMString rev;
        [Reflect] attribute DOMString shape;
        [SameObject] readonly attribute DOMTokenList relList = |element: &Node, cx| collections::create(cx, element, Of::Tokens("rel"));
        attribute DOMString text = |node| dom::text_content(node).unwrap_or_default(), set_text;
    }
    HTMLAnchorElement includes HTMLHyperlinkElementUtils;
    [Elements="area"]
    interface HTMLAreaElement(Node) : HTMLElement {
        [Reflect] attribute DOMString alt;
        [Reflect] attribute DOMString coords;
        [Reflect] attribute DOMString shape;
        [Reflect] attribute DOMString target;
        [Reflect] attribute DOMString download;
        [Reflect] attribute DOMString ping;
        [Reflect] attribute DOMString rel;
        [ReflectReferrerPolicy] attribute DOMString referrerPolicy;
        [Reflect] attribute boolean noHref;
        [SameObject] readonly attribute DOMTokenList relList = |element: &Node, cx| collections::create(cx, element, Of::Tokens("rel"));
    }
    HTMLAreaElement includes HTMLHyperlinkElementUtils;
    /// The parent of the interfaces of audio and video.
    // NOT YET: playback.
    interface HTMLMediaElement(Node) : HTMLElement {
        [ReflectURL] attribute USVString src;
        [ReflectCORS] attribute DOMString? crossOrigin;
        [ReflectPreload] attribute DOMString preload;
        [Reflect] attribute boolean autoplay;
        [Reflect] attribute boolean loop;
        [Reflect] attribute boolean controls;
        [Reflect="muted"] attribute boolean defaultMuted;
    }
    [Elements="audio"] interface HTMLAudioElement(Node) : HTMLMediaElement {}
    [Elements="br"] interface HTMLBRElement(Node) : HTMLElement { [Reflect] attribute DOMString clear; }
    [Elements="base"]
    interface HTMLBaseElement(Node) : HTMLElement {
        [ReflectURL] attribute USVString href;
        [Reflect] attribute DOMString target;
    }
    [Elements="body"]
    interface HTMLBodyElement(Node) : HTMLElement {
        [Reflect] attribute DOMString text;
        [Reflect] attribute DOMString link;
        [Reflect] attribute DOMString bgColor;
    }
    HTMLBodyElement includes event_handler_mixins::WindowEventHandlers;
    [Elements="dl"] interface HTMLDListElement(Node) : HTMLElement { [Reflect] attribute boolean compact; }
    [Elements="data"] interface HTMLDataElement(Node) : HTMLElement { [Reflect] attribute DOMString value; }
    [Elements="details"]
    interface HTMLDetailsElement(Node) : HTMLElement {
        [Reflect] attribute DOMString name;
        [Reflect] attribute boolean open;
    }
    [Elements="dialog"] interface HTMLDialogElement(Node) : HTMLElement { [Reflect] attribute boolean open; }
    [Elements="dir"] interface HTMLDirectoryElement(Node) : HTMLElement { [Reflect] attribute boolean compact; }
    [Elements="div"] interface HTMLDivElement(Node) : HTMLElement { [Reflect] attribute DOMString align; }
    [Elements="embed"]
    interface HTMLEmbedElement(Node) : HTMLElement {
        [ReflectURL] attribute USVString src;
        [Reflect] attribute DOMString type;
        [Reflect] attribute DOMString name;
        [Reflect] attribute DOMString width;
        [Reflect] attribute DOMString height;
        [Reflect] attribute DOMString align;
        Document? getSVGDocument();
    }
    [Elements="font"]
    interface HTMLFontElement(Node) : HTMLElement {
        [Reflect] attribute DOMString color;
        [Reflect] attribute DOMString face;
        [Reflect] attribute DOMString size;
    }
    [Elements="frame"]
    interface HTMLFrameElement(Node) : HTMLElement {
        [Reflect] attribute DOMString name;
        [ReflectURL] attribute USVString src;
        readonly attribute Document? contentDocument;
        readonly attribute WindowProxy? contentWindow;
    }
    [Elements="frameset"]
    interface HTMLFrameSetElement(Node) : HTMLElement {
        [Reflect] attribute DOMString cols;
        [Reflect] attribute DOMString rows;
    }
    HTMLFrameSetElement includes event_handler_mixins::WindowEventHandlers;
    [Elements="hr"] interface HTMLHRElement(Node) : HTMLElement {}
    [Elements="head"] interface HTMLHeadElement(Node) : HTMLElement {}
    [Elements=("h1", "h2", "h3", "h4", "h5", "h6")] interface HTMLHeadingElement(Node) : HTMLElement { [Reflect] attribute DOMString align; }
    [Elements="html"] interface HTMLHtmlElement(Node) : HTMLElement { [Reflect] attribute DOMString version; }
    [Elements="iframe"]
    interface HTMLIFrameElement(Node) : HTMLElement {
        [ReflectURL] attribute USVString src;
        [Reflect] attribute DOMString srcdoc;
        [Reflect] attribute DOMString name;
        [Reflect] attribute DOMString allow;
        [Reflect] attribute boolean allowFullscreen;
        [Reflect] attribute DOMString width;
        [Reflect] attribute DOMString height;
        [ReflectReferrerPolicy] attribute DOMString referrerPolicy;
        [ReflectLoading] attribute DOMString loading;
        [Reflect] attribute DOMString align;
        [Reflect] attribute DOMString scrolling;
        [Reflect] attribute DOMString frameBorder;
        [ReflectURL] attribute USVString longDesc;
        [SameObject, PutForwards=value] readonly attribute DOMTokenList sandbox = |frame: &Node, cx| collections::create(cx, frame, Of::Tokens("sandbox"));
        readonly attribute Document? contentDocument;
        readonly attribute WindowProxy? contentWindow;
        Document? getSVGDocument();
    }
    [Elements="img", LegacyFactoryFunction=Image(optional unsigned long width, optional unsigned long height) = image::construct]
    interface HTMLImageElement(Node) : HTMLElement {
        [Reflect] attribute DOMString alt;
        [ReflectURL] attribute USVString src;
        [Reflect] attribute DOMString srcset;
        [ReflectCORS] attribute DOMString? crossOrigin;
        [Reflect] attribute DOMString sizes;
        [Reflect] attribute DOMString useMap;
        [Reflect] attribute boolean isMap;
        [ReflectReferrerPolicy] attribute DOMString referrerPolicy;
        [ReflectDecoding] attribute DOMString decoding;
        [ReflectLoading] attribute DOMString loading;
        [ReflectFetchPriority] attribute DOMString fetchPriority;
        [Reflect] attribute DOMString name;
        [Reflect] attribute long width;
        [Reflect] attribute long height;
        readonly attribute unsigned long naturalWidth = 0;
        readonly attribute unsigned long naturalHeight = 0;
        readonly attribute USVString currentSrc = "";
        readonly attribute boolean complete = image::complete;
        Promise<undefined> decode() = image::decode;
    }
    [Elements="li"]
    interface HTMLLIElement(Node) : HTMLElement {
        [Reflect] attribute long value;
        [Reflect] attribute DOMString type;
    }
    [Elements="link"]
    interface HTMLLinkElement(Node) : HTMLElement {
        [SameObject, PutForwards=value] readonly attribute DOMTokenList sizes = |element: &Node, cx| collections::create(cx, element, Of::Tokens("sizes"));
        [ReflectURL] attribute USVString href;
        [Reflect] attribute DOMString rel;
        [ReflectLinkAs="as"] attribute DOMString as;
        [Reflect] attribute DOMString integrity;
        [Reflect] attribute DOMString hreflang;
        [Reflect] attribute DOMString imageSrcset;
        [Reflect] attribute DOMString imageSizes;
        [Reflect] attribute boolean disabled;
        [ReflectReferrerPolicy] attribute DOMString referrerPolicy;
        [ReflectFetchPriority] attribute DOMString fetchPriority;
        [Reflect] attribute DOMString media;
        [Reflect] attribute DOMString type;
        [ReflectCORS] attribute DOMString? crossOrigin;
        [SameObject] readonly attribute DOMTokenList relList = |element: &Node, cx| collections::create(cx, element, Of::Tokens("rel"));
    }
    [Elements="map"] interface HTMLMapElement(Node) : HTMLElement { [Reflect] attribute DOMString name; }
    [Elements="marquee"] interface HTMLMarqueeElement(Node) : HTMLElement {}
    [Elements="menu"] interface HTMLMenuElement(Node) : HTMLElement {}
    [Elements="meta"]
    interface HTMLMetaElement(Node) : HTMLElement {
        [Reflect] attribute DOMString name;
        [Reflect="http-equiv"] attribute DOMString httpEquiv;
        [Reflect] attribute DOMString content;
        [Reflect] attribute DOMString media;
        [Reflect] attribute DOMString scheme;
    }
    [Elements=("ins", "del")]
    interface HTMLModElement(Node) : HTMLElement {
        [ReflectURL] attribute USVString cite;
        [Reflect] attribute DOMString dateTime;
    }
    [Elements="ol"]
    interface HTMLOListElement(Node) : HTMLElement {
        [Reflect] attribute boolean reversed;
        [Reflect] attribute DOMString type;
    }
    [Elements="object"]
    interface HTMLObjectElement(Node) : HTMLElement {
        [ReflectURL] attribute USVString data;
        [Reflect] attribute DOMString type;
        [Reflect] attribute DOMString name;
        [Reflect] attribute DOMString width;
        [Reflect] attribute DOMString height;
        readonly attribute Document? contentDocument;
        readonly attribute WindowProxy? contentWindow;
        Document? getSVGDocument();
    }
    [Elements="p"] interface HTMLParagraphElement(Node) : HTMLElement { [Reflect] attribute DOMString align; }
    [Elements="param"]
    interface HTMLParamElement(Node) : HTMLElement {
        [Reflect] attribute DOMString name;
        [Reflect] attribute DOMString value;
    }
    [Elements="picture"] interface HTMLPictureElement(Node) : HTMLElement {}
    [Elements=("pre", "listing", "xmp")] interface HTMLPreElement(Node) : HTMLElement {}
    [Elements=("blockquote", "q")] interface HTMLQuoteElement(Node) : HTMLElement { [ReflectURL] attribute USVString cite; }
    [Elements="script"]
    interface HTMLScriptElement(Node) : HTMLElement {
        [ReflectURL] attribute USVString src;
        [Reflect] attribute DOMString type;
        [Reflect] attribute boolean noModule;
        [Reflect] attribute boolean defer;
        [ReflectCORS] attribute DOMString? crossOrigin;
        [ReflectReferrerPolicy] attribute DOMString referrerPolicy;
        [Reflect] attribute DOMString integrity;
        [Reflect] attribute DOMString charset;
        [ReflectFetchPriority] attribute DOMString fetchPriority;
        [Reflect="for"] attribute DOMString htmlFor;
        [Reflect] attribute DOMString event;
        attribute boolean async = script_element::is_async, script_element::set_async;
        static boolean supports(DOMString type) = script_element::supports;
        attribute DOMString text = |node| dom::text_content(node).unwrap_or_default(), set_text;
    }
    [Elements="slot"] interface HTMLSlotElement(Node) : HTMLElement {
        [Reflect] attribute DOMString name;
        sequence<Node> assignedNodes(optional AssignedNodesOptions options = {}) = slot::assigned_nodes;
        sequence<Element> assignedElements(optional AssignedNodesOptions options = {}) = slot::assigned_elements;
    }
    [Elements="source"]
    interface HTMLSourceElement(Node) : HTMLElement {
        [ReflectURL] attribute USVString src;
        [Reflect] attribute DOMString type;
    }
    [Elements="span"] interface HTMLSpanElement(Node) : HTMLElement {}
    [Elements="style"]
    interface HTMLStyleElement(Node) : HTMLElement {
        [Reflect] attribute DOMString media;
        [Reflect] attribute DOMString type;
    }
    [Elements="caption"] interface HTMLTableCaptionElement(Node) : HTMLElement {}
    [Elements=("td", "th")]
    interface HTMLTableCellElement(Node) : HTMLElement {
        [Reflect] attribute DOMString headers;
        [Reflect] attribute DOMString abbr;
        [ReflectScope] attribute DOMString scope;
        readonly attribute long cellIndex;
    }
    [Elements=("col", "colgroup")] interface HTMLTableColElement(Node) : HTMLElement {}
    [Elements="table"] interface HTMLTableElement(Node) : HTMLElement {}
    [Elements="tr"] interface HTMLTableRowElement(Node) : HTMLElement {}
    [Elements=("tbody", "thead", "tfoot")] interface HTMLTableSectionElement(Node) : HTMLElement {}
    [Elements="template"]
    interface HTMLTemplateElement(Node) : HTMLElement {
        readonly attribute DocumentFragment content =
            |template: &Node, cx| with_contexts(cx, |contexts| contexts.template_contents(template));
        [ReflectShadowRootMode] attribute DOMString shadowRootMode;
        [Reflect] attribute boolean shadowRootDelegatesFocus;
        [Reflect] attribute boolean shadowRootClonable;
        [Reflect] attribute boolean shadowRootSerializable;
    }
    [Elements="time"] interface HTMLTimeElement(Node) : HTMLElement { [Reflect] attribute DOMString dateTime; }
    [Elements="title"]
    interface HTMLTitleElement(Node) : HTMLElement {
        attribute DOMString text = |title| dom::child_text_content(title), set_text;
    }
    [Elements="track"]
    interface HTMLTrackElement(Node) : HTMLElement {
        [ReflectKind] attribute DOMString kind;
        [ReflectURL] attribute USVString src;
        [Reflect] attribute DOMString srclang;
        [Reflect] attribute DOMString label;
        [Reflect] attribute boolean default;
    }
    [Elements="ul"]
    interface HTMLUListElement(Node) : HTMLElement {
        [Reflect] attribute boolean compact;
        [Reflect] attribute DOMString type;
    }
    [Elements="video"]
    interface HTMLVideoElement(Node) : HTMLMediaElement {
        [ReflectURL] attribute USVString poster;
        [Reflect] attribute boolean playsInline;
    }
}
