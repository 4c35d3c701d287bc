//! The interfaces of SVG and MathML elements, which scripts test for
//! ([SVG 2, basic data types and interfaces](https://svgwg.org/svg2-draft/types.html),
//! [MathML Core](https://w3c.github.io/mathml-core/#dom-mathmlelement)).
//!
//! NOT YET: their members of geometry, animation and painting.

use framepost_browsing_context::dom;
use html5ever::ns;
use markup5ever_rcdom::{Handle as Node, NodeData};

use crate::cssom::ELEMENT_CSS_INLINE_STYLE;
use crate::dom::element::ELEMENT;
use crate::dom::reflect;
use crate::html::event_handler_mixins::GLOBAL_EVENT_HANDLERS;
use crate::html::html_element::HTML_OR_SVG_ELEMENT;
use crate::webidl::{Interface, interface};

interface! {
    /// The [`SVGElement`](https://svgwg.org/svg2-draft/types.html#InterfaceSVGElement) interface.
    [Exposed=Window]
    interface SVGElement(Node) : Element {
        readonly attribute SVGSVGElement? ownerSVGElement = |element: &Node, _| owner_svg_element(element);
        readonly attribute SVGElement? viewportElement = |element: &Node, _| owner_svg_element(element);
    }
    SVGElement includes HTMLOrSVGElement;
    SVGElement includes ElementCSSInlineStyle;
    SVGElement includes GlobalEventHandlers;

    /// The `SVGGraphicsElement` interface.
    [Exposed=Window]
    interface SVGGraphicsElement(Node) : SVGElement {}
    /// The `SVGGeometryElement` interface.
    [Exposed=Window]
    interface SVGGeometryElement(Node) : SVGGraphicsElement {}
    /// The `SVGTextContentElement` interface.
    [Exposed=Window]
    interface SVGTextContentElement(Node) : SVGGraphicsElement {}
    /// The `SVGTextPositioningElement` interface.
    [Exposed=Window]
    interface SVGTextPositioningElement(Node) : SVGTextContentElement {}

    [Elements="svg"] interface SVGSVGElement(Node) : SVGGraphicsElement {}
    [Elements="g"] interface SVGGElement(Node) : SVGGraphicsElement {}
    [Elements="defs"] interface SVGDefsElement(Node) : SVGGraphicsElement {}
    [Elements="symbol"] interface SVGSymbolElement(Node) : SVGGraphicsElement {}
    [Elements="use"] interface SVGUseElement(Node) : SVGGraphicsElement {}
    [Elements="switch"] interface SVGSwitchElement(Node) : SVGGraphicsElement {}
    [Elements="image"] interface SVGImageElement(Node) : SVGGraphicsElement {}
    [Elements="foreignObject"] interface SVGForeignObjectElement(Node) : SVGGraphicsElement {}
    [Elements="a"] interface SVGAElement(Node) : SVGGraphicsElement {}
    [Elements="path"] interface SVGPathElement(Node) : SVGGeometryElement {}
    [Elements="rect"] interface SVGRectElement(Node) : SVGGeometryElement {}
    [Elements="circle"] interface SVGCircleElement(Node) : SVGGeometryElement {}
    [Elements="ellipse"] interface SVGEllipseElement(Node) : SVGGeometryElement {}
    [Elements="line"] interface SVGLineElement(Node) : SVGGeometryElement {}
    [Elements="polyline"] interface SVGPolylineElement(Node) : SVGGeometryElement {}
    [Elements="polygon"] interface SVGPolygonElement(Node) : SVGGeometryElement {}
    [Elements="text"] interface SVGTextElement(Node) : SVGTextPositioningElement {}
    [Elements="tspan"] interface SVGTSpanElement(Node) : SVGTextPositioningElement {}
    [Elements="textPath"] interface SVGTextPathElement(Node) : SVGTextContentElement {}
    [Elements="title"] interface SVGTitleElement(Node) : SVGElement {}
    [Elements="desc"] interface SVGDescElement(Node) : SVGElement {}
    [Elements="metadata"] interface SVGMetadataElement(Node) : SVGElement {}
    [Elements="script"] interface SVGScriptElement(Node) : SVGElement { [Reflect] attribute DOMString type; }
    [Elements="style"]
    interface SVGStyleElement(Node) : SVGElement {
        [Reflect] attribute DOMString type;
        [Reflect] attribute DOMString media;
        [Reflect] attribute DOMString title;
    }
    [Elements="view"] interface SVGViewElement(Node) : SVGElement {}
    [Elements="stop"] interface SVGStopElement(Node) : SVGElement {}
    [Elements="marker"] interface SVGMarkerElement(Node) : SVGElement {}
    [Elements="mask"] interface SVGMaskElement(Node) : SVGElement {}
    [Elements="pattern"] interface SVGPatternElement(Node) : SVGElement {}
    [Elements="clipPath"] interface SVGClipPathElement(Node) : SVGElement {}
    [Elements="filter"] interface SVGFilterElement(Node) : SVGElement {}

    /// The [`MathMLElement`](https://w3c.github.io/mathml-core/#dom-mathmlelement) interface.
    [Exposed=Window]
    interface MathMLElement(Node) : Element {}
    MathMLElement includes HTMLOrSVGElement;
    MathMLElement includes ElementCSSInlineStyle;
    MathMLElement includes GlobalEventHandlers;
}

/// The interface of an element of SVG or MathML.
pub(crate) fn interface_of(node: &Node) -> Option<&'static Interface> {
    let NodeData::Element { name, .. } = &node.data else {
        return None;
    };
    match name.ns {
        ns!(svg) => Some(element_interface(&name.local).unwrap_or(&SVG_ELEMENT)),
        ns!(mathml) => Some(&MATH_ML_ELEMENT),
        _ => None,
    }
}

/// [`ownerSVGElement`](https://svgwg.org/svg2-draft/types.html#__svg__SVGElement__ownerSVGElement): the
/// nearest `svg` element around an element.
fn owner_svg_element(element: &Node) -> Option<Node> {
    let is_svg = |node: &Node| match &node.data {
        NodeData::Element { name, .. } => name.ns == ns!(svg) && &*name.local == "svg",
        _ => false,
    };
    dom::inclusive_ancestors(element).skip(1).find(is_svg)
}
