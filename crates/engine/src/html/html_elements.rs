//! The interfaces of the HTML elements, as a table
//! ([HTML, element interfaces](https://html.spec.whatwg.org/multipage/indices.html#element-interfaces)).

use framepost_browsing_context::dom;
use markup5ever_rcdom::Handle as Node;

use crate::webidl::convert::js_str;
use crate::webidl::platform_object as platform;
use crate::webidl::{Interface, Member};

use super::html_element::{HTML_ELEMENT, HTML_UNKNOWN_ELEMENT};
use super::{event_handlers, forms, script_element};
use crate::dom::element::is_html;
use crate::dom::{collections, reflect};
use crate::html::frame_elements as frames;

/// One row a interface: its constant, its name, its elements, its members.
macro_rules! html_interfaces {
    ($($constant:ident $name:literal [$($tag:literal),*] $members:expr;)*) => {
        $(
            pub(crate) static $constant: Interface = Interface {
                parent: Some(&HTML_ELEMENT),
                members: $members,
                ..Interface::new($name)
            };
        )*

        /// The interfaces of this table.
        pub(crate) static INTERFACES: &[&Interface] = &[$(&$constant),*];

        /// The interface that HTML gives an element of this local name.
        fn of_local_name(local: &str) -> Option<&'static Interface> {
            match local {
                $($($tag => Some(&$constant),)*)*
                _ => None,
            }
        }
    };
}

/// Elements that have no interface of their own.
const PLAIN: &[&str] = &[
    "abbr",
    "acronym",
    "address",
    "article",
    "aside",
    "b",
    "basefont",
    "bdi",
    "bdo",
    "big",
    "center",
    "cite",
    "code",
    "dd",
    "dfn",
    "dt",
    "em",
    "figcaption",
    "figure",
    "footer",
    "header",
    "hgroup",
    "i",
    "kbd",
    "main",
    "mark",
    "nav",
    "nobr",
    "noembed",
    "noframes",
    "noscript",
    "plaintext",
    "rb",
    "rp",
    "rt",
    "rtc",
    "ruby",
    "s",
    "samp",
    "search",
    "section",
    "small",
    "strike",
    "strong",
    "sub",
    "summary",
    "sup",
    "tt",
    "u",
    "var",
    "wbr",
];

/// The interface of an element's object; none for elements that are not HTML's.
/// [Element interface](https://html.spec.whatwg.org/multipage/dom.html#elements-in-the-dom:element-interface)
pub(crate) fn interface_of(node: &Node) -> Option<&'static Interface> {
    if !is_html(node) {
        return None;
    }
    let local = dom::local_name(node)?;
    Some(of_local_name(local).unwrap_or(if is_unknown(node) {
        &HTML_UNKNOWN_ELEMENT
    } else {
        &HTML_ELEMENT
    }))
}

/// Whether HTML does not know the element's name. A valid custom element name is `HTMLElement`'s.
pub(crate) fn is_unknown(node: &Node) -> bool {
    let local = dom::local_name(node).unwrap_or_default();
    of_local_name(local).is_none()
        && local != "canvas"
        && !PLAIN.contains(&local)
        && !local.contains('-')
}

const TEXT: &[Member] = &[Member::Attribute(
    "text",
    |this, _| {
        Ok(js_str(
            dom::text_content(&platform::node(this)?).unwrap_or_default(),
        ))
    },
    Some(|this, value, ctx| {
        let text = crate::webidl::convert::dom_string(value, ctx)?;
        crate::dom::node::string_replace_all(ctx, &platform::node(this)?, &text);
        Ok(())
    }),
)];

html_interfaces! {
    HTML_ANCHOR_ELEMENT "HTMLAnchorElement" ["a"] &[&[
        reflect::string("target", "target"), reflect::string("download", "download"),
        reflect::string("rel", "rel"), reflect::string("hreflang", "hreflang"),
        reflect::string("type", "type"), reflect::string("referrerPolicy", "referrerpolicy"),
        reflect::string("name", "name"),
        Member::Attribute("relList", |this, ctx| collections::of_node(this, "relList", ctx), None),
    ], TEXT, super::hyperlink::MEMBERS];
    HTML_AREA_ELEMENT "HTMLAreaElement" ["area"] &[&[
        reflect::string("alt", "alt"), reflect::string("coords", "coords"),
        reflect::string("shape", "shape"), reflect::string("target", "target"),
        reflect::string("rel", "rel"),
    ], super::hyperlink::MEMBERS];
    HTML_AUDIO_ELEMENT "HTMLAudioElement" ["audio"] &[&[reflect::url("src", "src")]];
    HTML_BR_ELEMENT "HTMLBRElement" ["br"] &[&[reflect::string("clear", "clear")]];
    HTML_BASE_ELEMENT "HTMLBaseElement" ["base"] &[&[
        reflect::url("href", "href"), reflect::string("target", "target"),
    ]];
    HTML_BODY_ELEMENT "HTMLBodyElement" ["body"] &[event_handlers::WINDOW, &[
        reflect::string("text", "text"), reflect::string("link", "link"),
        reflect::string("bgColor", "bgcolor"),
    ]];
    HTML_BUTTON_ELEMENT "HTMLButtonElement" ["button"] &[&[
        reflect::boolean("disabled", "disabled"), reflect::string("name", "name"),
        reflect::string("value", "value"),
        Member::Attribute("type", forms::button_type, Some(|this, value, ctx| {
            reflect::set_string(this, "type", value, ctx)
        })),
    ], forms::CONTROL];
    HTML_DLIST_ELEMENT "HTMLDListElement" ["dl"] &[&[reflect::boolean("compact", "compact")]];
    HTML_DATA_ELEMENT "HTMLDataElement" ["data"] &[&[reflect::string("value", "value")]];
    HTML_DATALIST_ELEMENT "HTMLDataListElement" ["datalist"] &[&[
        Member::Attribute("options", |this, ctx| collections::of_node(this, "options", ctx), None),
    ]];
    HTML_DETAILS_ELEMENT "HTMLDetailsElement" ["details"] &[&[
        reflect::string("name", "name"), reflect::boolean("open", "open"),
    ]];
    HTML_DIALOG_ELEMENT "HTMLDialogElement" ["dialog"] &[&[reflect::boolean("open", "open")]];
    HTML_DIRECTORY_ELEMENT "HTMLDirectoryElement" ["dir"] &[&[reflect::boolean("compact", "compact")]];
    HTML_DIV_ELEMENT "HTMLDivElement" ["div"] &[&[reflect::string("align", "align")]];
    HTML_EMBED_ELEMENT "HTMLEmbedElement" ["embed"] &[&[
        reflect::url("src", "src"), reflect::string("type", "type"), reflect::string("name", "name"),
        reflect::string("width", "width"), reflect::string("height", "height"),
        reflect::string("align", "align"),
    ], frames::SVG_DOCUMENT];
    HTML_FIELDSET_ELEMENT "HTMLFieldSetElement" ["fieldset"] &[&[
        reflect::boolean("disabled", "disabled"), reflect::string("name", "name"),
    ], forms::CONTROL];
    HTML_FONT_ELEMENT "HTMLFontElement" ["font"] &[&[
        reflect::string("color", "color"), reflect::string("face", "face"),
        reflect::string("size", "size"),
    ]];
    HTML_FORM_ELEMENT "HTMLFormElement" ["form"] &[forms::FORM];
    HTML_FRAME_ELEMENT "HTMLFrameElement" ["frame"] &[&[
        reflect::string("name", "name"), reflect::url("src", "src"),
    ], frames::CONTENT];
    HTML_FRAMESET_ELEMENT "HTMLFrameSetElement" ["frameset"] &[event_handlers::WINDOW, &[
        reflect::string("cols", "cols"), reflect::string("rows", "rows"),
    ]];
    HTML_HR_ELEMENT "HTMLHRElement" ["hr"] &[];
    HTML_HEAD_ELEMENT "HTMLHeadElement" ["head"] &[];
    HTML_HEADING_ELEMENT "HTMLHeadingElement" ["h1", "h2", "h3", "h4", "h5", "h6"] &[&[reflect::string("align", "align")]];
    HTML_HTML_ELEMENT "HTMLHtmlElement" ["html"] &[&[reflect::string("version", "version")]];
    HTML_IFRAME_ELEMENT "HTMLIFrameElement" ["iframe"] &[&[
        reflect::url("src", "src"), reflect::string("srcdoc", "srcdoc"),
        reflect::string("name", "name"), reflect::string("allow", "allow"),
        reflect::boolean("allowFullscreen", "allowfullscreen"),
        reflect::string("width", "width"), reflect::string("height", "height"),
        reflect::string("referrerPolicy", "referrerpolicy"),
        Member::Attribute("loading", frames::loading, Some(|this, value, ctx| {
            reflect::set_string(this, "loading", value, ctx)
        })),
        Member::Attribute("sandbox", |this, ctx| collections::of_node(this, "sandbox", ctx), Some(|this, value, ctx| {
            reflect::set_string(this, "sandbox", value, ctx)
        })),
    ], frames::CONTENT, frames::SVG_DOCUMENT];
    HTML_IMAGE_ELEMENT "HTMLImageElement" ["img"] &[&[
        reflect::string("alt", "alt"), reflect::url("src", "src"), reflect::string("srcset", "srcset"),
        reflect::cors("crossOrigin", "crossorigin"), reflect::string("name", "name"),
    ], super::image::MEMBERS];
    HTML_INPUT_ELEMENT "HTMLInputElement" ["input"] &[forms::INPUT, forms::CONTROL];
    HTML_LI_ELEMENT "HTMLLIElement" ["li"] &[&[reflect::integer("value", "value"), reflect::string("type", "type")]];
    HTML_LABEL_ELEMENT "HTMLLabelElement" ["label"] &[forms::LABEL];
    HTML_LEGEND_ELEMENT "HTMLLegendElement" ["legend"] &[];
    HTML_LINK_ELEMENT "HTMLLinkElement" ["link"] &[&[
        reflect::url("href", "href"), reflect::string("rel", "rel"), reflect::string("as", "as"),
        reflect::string("media", "media"), reflect::string("type", "type"),
        reflect::cors("crossOrigin", "crossorigin"),
        Member::Attribute("relList", |this, ctx| collections::of_node(this, "relList", ctx), None),
    ]];
    HTML_MAP_ELEMENT "HTMLMapElement" ["map"] &[&[reflect::string("name", "name")]];
    HTML_MARQUEE_ELEMENT "HTMLMarqueeElement" ["marquee"] &[];
    HTML_MENU_ELEMENT "HTMLMenuElement" ["menu"] &[];
    HTML_META_ELEMENT "HTMLMetaElement" ["meta"] &[&[
        reflect::string("name", "name"), reflect::string("httpEquiv", "http-equiv"),
        reflect::string("content", "content"), reflect::string("media", "media"),
        reflect::string("scheme", "scheme"),
    ]];
    HTML_METER_ELEMENT "HTMLMeterElement" ["meter"] &[];
    HTML_MOD_ELEMENT "HTMLModElement" ["ins", "del"] &[&[
        reflect::url("cite", "cite"), reflect::string("dateTime", "datetime"),
    ]];
    HTML_OLIST_ELEMENT "HTMLOListElement" ["ol"] &[&[reflect::boolean("reversed", "reversed"), reflect::string("type", "type")]];
    HTML_OBJECT_ELEMENT "HTMLObjectElement" ["object"] &[&[
        reflect::url("data", "data"), reflect::string("type", "type"), reflect::string("name", "name"),
        reflect::string("width", "width"), reflect::string("height", "height"),
    ], frames::CONTENT, frames::SVG_DOCUMENT];
    HTML_OPT_GROUP_ELEMENT "HTMLOptGroupElement" ["optgroup"] &[&[
        reflect::boolean("disabled", "disabled"), reflect::string("label", "label"),
    ]];
    HTML_OPTION_ELEMENT "HTMLOptionElement" ["option"] &[forms::OPTION];
    HTML_OUTPUT_ELEMENT "HTMLOutputElement" ["output"] &[&[reflect::string("name", "name")], forms::CONTROL];
    HTML_PARAGRAPH_ELEMENT "HTMLParagraphElement" ["p"] &[&[reflect::string("align", "align")]];
    HTML_PARAM_ELEMENT "HTMLParamElement" ["param"] &[&[reflect::string("name", "name"), reflect::string("value", "value")]];
    HTML_PICTURE_ELEMENT "HTMLPictureElement" ["picture"] &[];
    HTML_PRE_ELEMENT "HTMLPreElement" ["pre", "listing", "xmp"] &[];
    HTML_PROGRESS_ELEMENT "HTMLProgressElement" ["progress"] &[];
    HTML_QUOTE_ELEMENT "HTMLQuoteElement" ["blockquote", "q"] &[&[reflect::url("cite", "cite")]];
    HTML_SCRIPT_ELEMENT "HTMLScriptElement" ["script"] &[script_element::MEMBERS, TEXT];
    HTML_SELECT_ELEMENT "HTMLSelectElement" ["select"] &[forms::SELECT, forms::CONTROL];
    HTML_SLOT_ELEMENT "HTMLSlotElement" ["slot"] &[crate::dom::shadow::SLOT];
    HTML_SOURCE_ELEMENT "HTMLSourceElement" ["source"] &[&[reflect::url("src", "src"), reflect::string("type", "type")]];
    HTML_SPAN_ELEMENT "HTMLSpanElement" ["span"] &[];
    HTML_STYLE_ELEMENT "HTMLStyleElement" ["style"] &[&[reflect::string("media", "media"), reflect::string("type", "type")]];
    HTML_TABLE_CAPTION_ELEMENT "HTMLTableCaptionElement" ["caption"] &[];
    HTML_TABLE_CELL_ELEMENT "HTMLTableCellElement" ["td", "th"] &[&[
        reflect::string("headers", "headers"), reflect::string("scope", "scope"),
        Member::Attribute("cellIndex", |this, _| {
            let cell = platform::node(this)?;
            let index = dom::parent(&cell).and_then(|row| {
                let children = row.children.borrow();
                let mut cells = children.iter().filter(|node| {
                    dom::is_html_element(node, "td") || dom::is_html_element(node, "th")
                });
                cells.position(|node| dom::is_same(node, &cell))
            });
            Ok(index.map_or(boa_engine::JsValue::from(-1), boa_engine::JsValue::from))
        }, None),
    ]];
    HTML_TABLE_COL_ELEMENT "HTMLTableColElement" ["col", "colgroup"] &[];
    HTML_TABLE_ELEMENT "HTMLTableElement" ["table"] &[];
    HTML_TABLE_ROW_ELEMENT "HTMLTableRowElement" ["tr"] &[];
    HTML_TABLE_SECTION_ELEMENT "HTMLTableSectionElement" ["tbody", "thead", "tfoot"] &[];
    HTML_TEMPLATE_ELEMENT "HTMLTemplateElement" ["template"] &[&[
        Member::Attribute("content", |this, ctx| {
            let contents = dom::template_contents(&platform::node(this)?);
            Ok(crate::dom::node::wrap_or_null(ctx, contents))
        }, None),
    ]];
    HTML_TEXT_AREA_ELEMENT "HTMLTextAreaElement" ["textarea"] &[forms::TEXT_AREA, forms::CONTROL];
    HTML_TIME_ELEMENT "HTMLTimeElement" ["time"] &[&[reflect::string("dateTime", "datetime")]];
    HTML_TITLE_ELEMENT "HTMLTitleElement" ["title"] &[&[
        Member::Attribute("text", |this, _| Ok(js_str(dom::child_text_content(&platform::node(this)?))), Some(|this, value, ctx| {
            let text = crate::webidl::convert::dom_string(value, ctx)?;
            crate::dom::node::string_replace_all(ctx, &platform::node(this)?, &text);
            Ok(())
        })),
    ]];
    HTML_TRACK_ELEMENT "HTMLTrackElement" ["track"] &[];
    HTML_ULIST_ELEMENT "HTMLUListElement" ["ul"] &[&[reflect::boolean("compact", "compact"), reflect::string("type", "type")]];
    HTML_VIDEO_ELEMENT "HTMLVideoElement" ["video"] &[&[reflect::url("src", "src")]];
}
