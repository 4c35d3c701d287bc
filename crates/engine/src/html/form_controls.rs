//! The values of form controls
//! ([HTML, form controls](https://html.spec.whatwg.org/multipage/form-control-infrastructure.html)).

use boa_engine::{Context, JsResult};
use framepost_browsing_context::dom;
use markup5ever_rcdom::Handle as Node;

use super::control_state::{control, set_control};
use super::form_owner::form_owner;
use crate::dom::reflect::limited_to_known_values;
use crate::dom::tree;
use crate::webidl::exception;

/// The [type](https://html.spec.whatwg.org/multipage/input.html#attr-input-type) of an input.
pub(super) fn input_type(input: &Node) -> &'static str {
    #[rustfmt::skip]
    const TYPES: &[&str] = &[
        "text", "hidden", "search", "tel", "url", "email", "password", "date", "month", "week",
        "time", "datetime-local", "number", "range", "color", "checkbox", "radio", "file", "submit",
        "image", "reset", "button",
    ];
    limited_to_known_values(input, "type", TYPES)
}

/// The [type](https://html.spec.whatwg.org/multipage/form-elements.html#attr-button-type) of a button.
pub(super) fn button_type(button: &Node) -> &'static str {
    limited_to_known_values(button, "type", &["submit", "reset", "button"])
}

/// The modes of [`value`](https://html.spec.whatwg.org/multipage/input.html#dom-input-value).
enum ValueMode {
    Value,
    Default,
    DefaultOn,
    Filename,
}

fn value_mode(input: &Node) -> ValueMode {
    match input_type(input) {
        "hidden" | "submit" | "image" | "reset" | "button" => ValueMode::Default,
        "checkbox" | "radio" => ValueMode::DefaultOn,
        "file" => ValueMode::Filename,
        _ => ValueMode::Value,
    }
}

/// [`value`](https://html.spec.whatwg.org/multipage/input.html#dom-input-value) of an input.
pub(super) fn input_value(input: &Node, cx: &Context) -> String {
    let attribute = dom::attribute(input, "value");
    match value_mode(input) {
        ValueMode::Value => control(cx, input).value.or(attribute).unwrap_or_default(),
        ValueMode::Default => attribute.unwrap_or_default(),
        ValueMode::DefaultOn => attribute.unwrap_or_else(|| "on".to_owned()),
        ValueMode::Filename => String::new(),
    }
}

/// Sets [`value`](https://html.spec.whatwg.org/multipage/input.html#dom-input-value) of an input.
pub(super) fn set_input_value(input: &Node, value: &str, cx: &mut Context) -> JsResult<()> {
    match value_mode(input) {
        ValueMode::Value => set_control(cx, input, |control| {
            control.value = Some(value.replace(['\n', '\r'], ""));
        }),
        ValueMode::Default | ValueMode::DefaultOn => {
            tree::set_attribute(cx, input, "value", value);
        }
        ValueMode::Filename if value.is_empty() => {}
        ValueMode::Filename => {
            let message = "Only the empty string can be set as a file's value.";
            return Err(exception::throw("InvalidStateError", message, cx));
        }
    }
    Ok(())
}

/// The [API value](https://html.spec.whatwg.org/multipage/form-elements.html#the-textarea-element:concept-fe-api-value)
/// of a text area.
pub(super) fn text_area_value(area: &Node, cx: &Context) -> String {
    let value = control(cx, area).value;
    value.unwrap_or_else(|| dom::child_text_content(area))
}

/// Sets [`value`](https://html.spec.whatwg.org/multipage/form-elements.html#dom-textarea-value) of a
/// text area.
pub(super) fn set_text_area_value(area: &Node, value: &str, cx: &mut Context) {
    let value = value.replace("\r\n", "\n").replace('\r', "\n");
    set_control(cx, area, |control| control.value = Some(value));
}

/// The [checkedness](https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#concept-fe-checked)
/// of an input.
pub(super) fn checkedness(input: &Node, cx: &Context) -> bool {
    let checked = control(cx, input).checked;
    checked.unwrap_or_else(|| dom::has_attribute(input, "checked"))
}

/// Sets the checkedness of an input. A radio button that is checked unchecks its group.
pub(super) fn set_checkedness(input: &Node, checked: bool, cx: &Context) {
    if checked && input_type(input) == "radio" {
        for other in radio_group(input) {
            set_control(cx, &other, |control| control.checked = Some(false));
        }
    }
    set_control(cx, input, |control| control.checked = Some(checked));
}

/// The [radio button group](https://html.spec.whatwg.org/multipage/input.html#radio-button-group)
/// of a radio button.
pub(super) fn radio_group(button: &Node) -> Vec<Node> {
    let Some(name) = dom::attribute(button, "name").filter(|name| !name.is_empty()) else {
        return Vec::new();
    };
    let owner = form_owner(button);
    let has_same_owner = |other: &Node| match (&owner, form_owner(other)) {
        (Some(a), Some(b)) => dom::is_same(a, &b),
        (None, None) => true,
        _ => false,
    };
    dom::inclusive_descendants(&dom::root(button))
        .filter(|other| {
            dom::is_html_element(other, "input")
                && input_type(other) == "radio"
                && dom::attribute(other, "name").as_deref() == Some(&name)
                && has_same_owner(other)
        })
        .collect()
}
