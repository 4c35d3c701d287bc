//! The options of a select
//! ([HTML, the select element](https://html.spec.whatwg.org/multipage/form-elements.html#the-select-element)).

use boa_engine::Context;
use framepost_browsing_context::dom;
use markup5ever_rcdom::Handle as Node;

use super::control_state::{control, set_control};

/// [`text`](https://html.spec.whatwg.org/multipage/form-elements.html#dom-option-text) of an option.
pub(super) fn option_text(option: &Node) -> String {
    let text = dom::text_content(option).unwrap_or_default();
    text.split_ascii_whitespace().collect::<Vec<_>>().join(" ")
}

/// The [value](https://html.spec.whatwg.org/multipage/form-elements.html#concept-option-value) of an
/// option.
pub(super) fn option_value(option: &Node) -> String {
    dom::attribute(option, "value").unwrap_or_else(|| option_text(option))
}

/// The [label](https://html.spec.whatwg.org/multipage/form-elements.html#concept-option-label) of an
/// option.
pub(super) fn option_label(option: &Node) -> String {
    dom::attribute(option, "label").unwrap_or_else(|| option_text(option))
}

/// Whether an option is [disabled](https://html.spec.whatwg.org/multipage/form-elements.html#concept-option-disabled).
pub(super) fn is_disabled(option: &Node) -> bool {
    dom::has_attribute(option, "disabled")
        || dom::parent(option).is_some_and(|parent| {
            dom::is_html_element(&parent, "optgroup") && dom::has_attribute(&parent, "disabled")
        })
}

/// The [list of options](https://html.spec.whatwg.org/multipage/form-elements.html#concept-select-option-list)
/// of a select.
pub(super) fn list_of_options(select: &Node) -> Vec<Node> {
    dom::descendants(select)
        .filter(|node| dom::is_html_element(node, "option"))
        .collect()
}

fn select_of(option: &Node) -> Option<Node> {
    dom::inclusive_ancestors(option).find(|node| dom::is_html_element(node, "select"))
}

/// The [selectedness](https://html.spec.whatwg.org/multipage/form-elements.html#concept-option-selectedness)
/// of an option. The first of a drop-down is selected if no other is
/// ([selectedness setting algorithm](https://html.spec.whatwg.org/multipage/form-elements.html#selectedness-setting-algorithm)).
pub(super) fn selectedness(option: &Node, cx: &Context) -> bool {
    let own = |option: &Node| {
        let selected = control(cx, option).checked;
        selected.unwrap_or_else(|| dom::has_attribute(option, "selected"))
    };
    let Some(select) = select_of(option) else {
        return own(option);
    };
    if dom::has_attribute(&select, "multiple") {
        return own(option);
    }
    let options = list_of_options(&select);
    match options.iter().rfind(|other| own(other)) {
        Some(selected) => dom::is_same(selected, option),
        None if control(cx, &select).cleared => false,
        None => {
            let mut options = options.iter();
            let first = options.find(|other| !dom::has_attribute(other, "disabled"));
            first.is_some_and(|first| dom::is_same(first, option))
        }
    }
}

/// Sets [`selected`](https://html.spec.whatwg.org/multipage/form-elements.html#dom-option-selected)
/// of an option. A drop-down has one selected option.
pub(super) fn set_selected(option: &Node, selected: bool, cx: &Context) {
    if let Some(select) = select_of(option)
        && selected
        && !dom::has_attribute(&select, "multiple")
    {
        deselect_all(&select, cx);
    }
    set_control(cx, option, |control| control.checked = Some(selected));
}

fn deselect_all(select: &Node, cx: &Context) {
    for option in list_of_options(select) {
        set_control(cx, &option, |control| control.checked = Some(false));
    }
    set_control(cx, select, |control| control.cleared = true);
}

fn select_only(select: &Node, option: Option<&Node>, cx: &Context) {
    deselect_all(select, cx);
    if let Some(option) = option {
        set_control(cx, option, |control| control.checked = Some(true));
    }
}

/// [`selectedIndex`](https://html.spec.whatwg.org/multipage/form-elements.html#dom-select-selectedindex)
pub(super) fn selected_index(select: &Node, cx: &Context) -> i32 {
    let options = list_of_options(select);
    let index = options.iter().position(|option| selectedness(option, cx));
    index
        .and_then(|index| i32::try_from(index).ok())
        .unwrap_or(-1)
}

/// Sets [`selectedIndex`](https://html.spec.whatwg.org/multipage/form-elements.html#dom-select-selectedindex).
pub(super) fn set_selected_index(select: &Node, index: i32, cx: &Context) {
    let options = list_of_options(select);
    let index = usize::try_from(index).ok();
    select_only(select, index.and_then(|index| options.get(index)), cx);
}

/// [`value`](https://html.spec.whatwg.org/multipage/form-elements.html#dom-select-value) of a select.
pub(super) fn select_value(select: &Node, cx: &Context) -> String {
    let options = list_of_options(select);
    let selected = options.iter().find(|option| selectedness(option, cx));
    selected.map(option_value).unwrap_or_default()
}

/// Sets [`value`](https://html.spec.whatwg.org/multipage/form-elements.html#dom-select-value) of a
/// select.
pub(super) fn set_select_value(select: &Node, value: &str, cx: &Context) {
    let options = list_of_options(select);
    let option = options.iter().find(|option| option_value(option) == value);
    select_only(select, option, cx);
}
