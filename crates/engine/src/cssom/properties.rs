//! The CSS properties with attributes in an element's style: those of the specifications that all browsers implement.

use boa_engine::{Context, JsObject, JsResult, JsValue};

use super::{set_property, value_of};
use crate::script::wrappers::OfNode;
use crate::webidl::convert::{ConvertTo, Place, js_str};
use crate::webidl::types::{DomString, NullToEmpty};
use crate::webidl::{Member, platform};

/// The members of the properties: those with names of one word, and all others.
macro_rules! properties {
    ($($plain:literal)* ; $($dashed:literal)*) => {
        pub(super) static MEMBERS: &[Member] = &[
            $(attribute($plain, $plain),)*
            $({
                const NAME: &[u8] = &camel_cased::<{ camel_cased_length($dashed) }>($dashed);
                attribute(text(NAME), $dashed)
            },)*
            $(attribute($dashed, $dashed),)*
            attribute("cssFloat", "float"),
        ];

        /// Whether this is the name of a property.
        pub(super) fn is_property(name: &str) -> bool {
            matches!(name, $($plain |)* $($dashed)|*)
        }
    };
}

/// A [camel-cased attribute](https://drafts.csswg.org/cssom/#dom-cssstyleproperties-camel-cased-attribute)
/// or a [dashed attribute](https://drafts.csswg.org/cssom/#dom-cssstyleproperties-dashed-attribute).
const fn attribute(name: &'static str, property: &'static str) -> Member {
    Member::Named(name, property, get, Some(set))
}

fn get(this: &JsObject, property: &'static str, _: &mut Context) -> JsResult<JsValue> {
    platform::read(this, |style: &OfNode| js_str(value_of(style, property)))
}

fn set(this: &JsObject, property: &'static str, value: &JsValue, cx: &mut Context) -> JsResult<()> {
    let value: String = NullToEmpty::<DomString>::convert(value, Place::Assigned, cx)?;
    let style = platform::read(this, OfNode::clone)?;
    set_property(&style, property, &value, "", cx);
    Ok(())
}

/// [CSS property to IDL attribute](https://drafts.csswg.org/cssom/#css-property-to-idl-attribute)
const fn camel_cased<const LENGTH: usize>(property: &str) -> [u8; LENGTH] {
    let property = property.as_bytes();
    let mut name = [0; LENGTH];
    let (mut from, mut to) = (0, 0);
    while from < property.len() {
        name[to] = property[from];
        if property[from] == b'-' {
            from += 1;
            name[to] = property[from].to_ascii_uppercase();
        }
        (from, to) = (from + 1, to + 1);
    }
    name
}

const fn camel_cased_length(property: &str) -> usize {
    let property = property.as_bytes();
    let (mut index, mut length) = (0, property.len());
    while index < property.len() {
        if property[index] == b'-' {
            length -= 1;
        }
        index += 1;
    }
    length
}

const fn text(name: &[u8]) -> &str {
    match std::str::from_utf8(name) {
        Ok(name) => name,
        Err(_) => "",
    }
}

properties! {
    "all" "animation" "appearance" "background" "border" "bottom" "clear" "clip" "color" "columns"
    "contain" "container" "content" "cursor" "cx" "cy" "d" "direction" "display" "fill" "filter"
    "flex" "float" "font" "gap" "grid" "height" "hyphens" "inset" "isolation" "left" "margin"
    "marker" "mask" "offset" "opacity" "order" "orphans" "outline" "overflow" "padding" "page"
    "perspective" "position" "quotes" "r" "resize" "right" "rotate" "rx" "ry" "scale" "size"
    "stroke" "top" "transform" "transition" "translate" "visibility" "widows" "width" "x" "y"
    "zoom"
    ;
    "accent-color" "align-content" "align-items" "align-self" "alignment-baseline"
    "animation-composition" "animation-delay" "animation-direction" "animation-duration"
    "animation-fill-mode" "animation-iteration-count" "animation-name" "animation-play-state"
    "animation-timeline" "animation-timing-function" "aspect-ratio" "backdrop-filter"
    "backface-visibility" "background-attachment" "background-blend-mode" "background-clip"
    "background-color" "background-image" "background-origin" "background-position"
    "background-position-x" "background-position-y" "background-repeat" "background-size"
    "baseline-shift" "baseline-source" "block-size" "border-block" "border-block-color"
    "border-block-end" "border-block-end-color" "border-block-end-style" "border-block-end-width"
    "border-block-start" "border-block-start-color" "border-block-start-style"
    "border-block-start-width" "border-block-style" "border-block-width" "border-bottom"
    "border-bottom-color" "border-bottom-left-radius" "border-bottom-right-radius"
    "border-bottom-style" "border-bottom-width" "border-collapse" "border-color"
    "border-end-end-radius" "border-end-start-radius" "border-image" "border-image-outset"
    "border-image-repeat" "border-image-slice" "border-image-source" "border-image-width"
    "border-inline" "border-inline-color" "border-inline-end" "border-inline-end-color"
    "border-inline-end-style" "border-inline-end-width" "border-inline-start"
    "border-inline-start-color" "border-inline-start-style" "border-inline-start-width"
    "border-inline-style" "border-inline-width" "border-left" "border-left-color"
    "border-left-style" "border-left-width" "border-radius" "border-right" "border-right-color"
    "border-right-style" "border-right-width" "border-spacing" "border-start-end-radius"
    "border-start-start-radius" "border-style" "border-top" "border-top-color"
    "border-top-left-radius" "border-top-right-radius" "border-top-style" "border-top-width"
    "border-width" "box-decoration-break" "box-shadow" "box-sizing" "break-after" "break-before"
    "break-inside" "caption-side" "caret-color" "clip-path" "clip-rule" "color-interpolation"
    "color-interpolation-filters" "color-scheme" "column-count" "column-fill" "column-gap"
    "column-height" "column-rule" "column-rule-color" "column-rule-style" "column-rule-width"
    "column-span" "column-width" "contain-intrinsic-block-size" "contain-intrinsic-height"
    "contain-intrinsic-inline-size" "contain-intrinsic-size" "contain-intrinsic-width"
    "container-name" "container-type" "content-visibility" "counter-increment" "counter-reset"
    "counter-set" "dominant-baseline" "empty-cells" "fill-opacity" "fill-rule" "flex-basis"
    "flex-direction" "flex-flow" "flex-grow" "flex-shrink" "flex-wrap" "flood-color" "flood-opacity"
    "font-family" "font-feature-settings" "font-kerning" "font-optical-sizing" "font-palette"
    "font-size" "font-size-adjust" "font-stretch" "font-style" "font-synthesis"
    "font-synthesis-small-caps" "font-synthesis-style" "font-synthesis-weight" "font-variant"
    "font-variant-alternates" "font-variant-caps" "font-variant-east-asian" "font-variant-emoji"
    "font-variant-ligatures" "font-variant-numeric" "font-variant-position"
    "font-variation-settings" "font-weight" "forced-color-adjust" "grid-area" "grid-auto-columns"
    "grid-auto-flow" "grid-auto-rows" "grid-column" "grid-column-end" "grid-column-start" "grid-row"
    "grid-row-end" "grid-row-start" "grid-template" "grid-template-areas" "grid-template-columns"
    "grid-template-rows" "image-orientation" "image-rendering" "inline-size" "inset-block"
    "inset-block-end" "inset-block-start" "inset-inline" "inset-inline-end" "inset-inline-start"
    "justify-content" "justify-items" "justify-self" "letter-spacing" "lighting-color" "line-break"
    "line-height" "list-style" "list-style-image" "list-style-position" "list-style-type"
    "margin-block" "margin-block-end" "margin-block-start" "margin-bottom" "margin-inline"
    "margin-inline-end" "margin-inline-start" "margin-left" "margin-right" "margin-top" "marker-end"
    "marker-mid" "marker-start" "mask-clip" "mask-composite" "mask-image" "mask-mode" "mask-origin"
    "mask-position" "mask-repeat" "mask-size" "mask-type" "max-block-size" "max-height"
    "max-inline-size" "max-width" "min-block-size" "min-height" "min-inline-size" "min-width"
    "mix-blend-mode" "object-fit" "object-position" "offset-anchor" "offset-distance" "offset-path"
    "offset-position" "offset-rotate" "outline-color" "outline-offset" "outline-style"
    "outline-width" "overflow-anchor" "overflow-block" "overflow-inline" "overflow-wrap"
    "overflow-x" "overflow-y" "overscroll-behavior" "overscroll-behavior-block"
    "overscroll-behavior-inline" "overscroll-behavior-x" "overscroll-behavior-y" "padding-block"
    "padding-block-end" "padding-block-start" "padding-bottom" "padding-inline" "padding-inline-end"
    "padding-inline-start" "padding-left" "padding-right" "padding-top" "page-break-after"
    "page-break-before" "page-break-inside" "paint-order" "perspective-origin" "place-content"
    "place-items" "place-self" "pointer-events" "print-color-adjust" "row-gap" "ruby-align"
    "ruby-position" "scroll-behavior" "scroll-margin" "scroll-margin-block"
    "scroll-margin-block-end" "scroll-margin-block-start" "scroll-margin-bottom"
    "scroll-margin-inline" "scroll-margin-inline-end" "scroll-margin-inline-start"
    "scroll-margin-left" "scroll-margin-right" "scroll-margin-top" "scroll-padding"
    "scroll-padding-block" "scroll-padding-block-end" "scroll-padding-block-start"
    "scroll-padding-bottom" "scroll-padding-inline" "scroll-padding-inline-end"
    "scroll-padding-inline-start" "scroll-padding-left" "scroll-padding-right" "scroll-padding-top"
    "scroll-snap-align" "scroll-snap-stop" "scroll-snap-type" "scroll-timeline"
    "scroll-timeline-axis" "scroll-timeline-name" "scrollbar-color" "scrollbar-gutter"
    "scrollbar-width" "shape-image-threshold" "shape-margin" "shape-outside" "shape-rendering"
    "stop-color" "stop-opacity" "stroke-dasharray" "stroke-dashoffset" "stroke-linecap"
    "stroke-linejoin" "stroke-miterlimit" "stroke-opacity" "stroke-width" "tab-size" "table-layout"
    "text-align" "text-align-last" "text-anchor" "text-combine-upright" "text-decoration"
    "text-decoration-color" "text-decoration-line" "text-decoration-skip-ink"
    "text-decoration-style" "text-decoration-thickness" "text-emphasis" "text-emphasis-color"
    "text-emphasis-position" "text-emphasis-style" "text-indent" "text-justify" "text-orientation"
    "text-overflow" "text-rendering" "text-shadow" "text-transform" "text-underline-offset"
    "text-underline-position" "text-wrap" "text-wrap-mode" "text-wrap-style" "timeline-scope"
    "touch-action" "transform-box" "transform-origin" "transform-style" "transition-behavior"
    "transition-delay" "transition-duration" "transition-property" "transition-timing-function"
    "unicode-bidi" "user-select" "vector-effect" "vertical-align" "view-timeline"
    "view-timeline-axis" "view-timeline-inset" "view-timeline-name" "view-transition-class"
    "view-transition-name" "white-space" "white-space-collapse" "will-change" "word-break"
    "word-spacing" "word-wrap" "writing-mode" "z-index"
}
