//! Forms and their controls ([HTML, forms](https://html.spec.whatwg.org/multipage/forms.html)).
//!
//! NOT YET: values are not sanitized by type, and constraints are not validated.

use crate::script::wrappers;
use boa_engine::{Context, JsObject, JsResult, JsValue};
use framepost_browsing_context::dom;
use markup5ever_rcdom::Handle as Node;

use crate::dom::tree;
use crate::html::control_state::{control, set_control};
use crate::webidl::Member;
use crate::webidl::convert::{dom_string, dom_string_null_empty, js_str, long};
use crate::webidl::platform;

use super::form_data;
use super::form_submission::{self, By};
use super::html_element::keyword;
use crate::dom::node::wrap_or_null;
use crate::dom::{collections, reflect};

/// What listed elements share.
pub(crate) const CONTROL: &[Member] = &[Member::Attribute(
    "form",
    |this, ctx| {
        let owner = form_owner(&wrappers::node(this)?);
        Ok(wrap_or_null(ctx, owner))
    },
    None,
)];

/// The members of `HTMLFormElement`.
pub(crate) const FORM: &[Member] = &[
    reflect::string("acceptCharset", "accept-charset"),
    reflect::url("action", "action"),
    reflect::string("autocomplete", "autocomplete"),
    Member::Attribute(
        "enctype",
        enctype,
        Some(|this, value, ctx| reflect::set_string(this, "enctype", value, ctx)),
    ),
    Member::Attribute(
        "encoding",
        enctype,
        Some(|this, value, ctx| reflect::set_string(this, "enctype", value, ctx)),
    ),
    Member::Attribute(
        "method",
        |this, _| {
            let method = keyword(&wrappers::node(this)?, "method");
            Ok(js_str(if matches!(method.as_str(), "post" | "dialog") {
                method.as_str()
            } else {
                "get"
            }))
        },
        Some(|this, value, ctx| reflect::set_string(this, "method", value, ctx)),
    ),
    reflect::string("name", "name"),
    reflect::boolean("noValidate", "novalidate"),
    reflect::string("target", "target"),
    Member::Attribute(
        "elements",
        |this, ctx| {
            collections::of_node_with(this, "elements", collections::Of::Listed(controls_of), ctx)
        },
        None,
    ),
    Member::Attribute(
        "length",
        |this, _| Ok(controls_of(&wrappers::node(this)?).len().into()),
        None,
    ),
    Member::Operation("submit", 0, |this, _, ctx| {
        form_submission::submit(ctx, &wrappers::node(this)?, None, By::SubmitMethod);
        Ok(JsValue::undefined())
    }),
    Member::Operation("requestSubmit", 0, |this, args, ctx| {
        let form = wrappers::node(this)?;
        let submitter = crate::dom::node::nullable_node_argument(args, 0, ctx)?;
        if let Some(submitter) = &submitter {
            form_data::check_submitter(&form, submitter, ctx)?;
        }
        form_submission::submit(ctx, &form, submitter.as_ref(), By::Request);
        Ok(JsValue::undefined())
    }),
    Member::Operation("reset", 0, |this, _, ctx| {
        form_submission::reset(ctx, &wrappers::node(this)?);
        Ok(JsValue::undefined())
    }),
];

/// The members of `HTMLInputElement`.
pub(crate) const INPUT: &[Member] = &[
    reflect::string("alt", "alt"),
    reflect::string("autocomplete", "autocomplete"),
    reflect::boolean("defaultChecked", "checked"),
    reflect::string("defaultValue", "value"),
    reflect::boolean("disabled", "disabled"),
    reflect::string("max", "max"),
    reflect::string("min", "min"),
    reflect::boolean("multiple", "multiple"),
    reflect::string("name", "name"),
    reflect::string("pattern", "pattern"),
    reflect::string("placeholder", "placeholder"),
    reflect::boolean("readOnly", "readonly"),
    reflect::boolean("required", "required"),
    reflect::url("src", "src"),
    reflect::string("step", "step"),
    Member::Attribute(
        "type",
        |this, _| Ok(js_str(input_type(&wrappers::node(this)?))),
        Some(|this, value, ctx| reflect::set_string(this, "type", value, ctx)),
    ),
    Member::Attribute(
        "checked",
        |this, ctx| Ok(checkedness(ctx, &wrappers::node(this)?).into()),
        Some(|this, value, ctx| {
            set_checkedness(ctx, &wrappers::node(this)?, value.to_boolean());
            Ok(())
        }),
    ),
    Member::Attribute(
        "value",
        |this, ctx| Ok(js_str(input_value(ctx, &wrappers::node(this)?))),
        Some(set_input_value),
    ),
    Member::Attribute("files", files, None),
    Member::Operation("select", 0, |_, _, _| Ok(JsValue::undefined())),
];

/// [`files`](https://html.spec.whatwg.org/multipage/input.html#dom-input-files): nobody is there to
/// select a file.
///
/// NOT YET: setting it.
fn files(this: &JsObject, ctx: &mut Context) -> JsResult<JsValue> {
    let node = wrappers::node(this)?;
    if input_type(&node) != "file" {
        return Ok(JsValue::null());
    }
    let list = platform::companion(this, "files", ctx, |ctx| {
        let realm = crate::dom::node::realm_of(ctx, &node);
        Ok(crate::file::blob::create_file_list(&realm, ctx))
    })?;
    Ok(list.into())
}

/// The members of `HTMLTextAreaElement`.
pub(crate) const TEXT_AREA: &[Member] = &[
    reflect::boolean("disabled", "disabled"),
    reflect::string("name", "name"),
    reflect::string("placeholder", "placeholder"),
    reflect::boolean("readOnly", "readonly"),
    reflect::boolean("required", "required"),
    Member::Attribute("type", |_, _| Ok(js_str("textarea")), None),
    Member::Attribute(
        "defaultValue",
        |this, _| Ok(js_str(dom::child_text_content(&wrappers::node(this)?))),
        Some(|this, value, ctx| {
            let text = dom_string(value, ctx)?;
            crate::dom::node::string_replace_all(ctx, &wrappers::node(this)?, &text);
            Ok(())
        }),
    ),
    Member::Attribute(
        "value",
        |this, ctx| Ok(js_str(text_area_value(ctx, &wrappers::node(this)?))),
        Some(|this, value, ctx| {
            let text = dom_string_null_empty(value, ctx)?
                .replace("\r\n", "\n")
                .replace('\r', "\n");
            set_control(ctx, &wrappers::node(this)?, |control| {
                control.value = Some(text);
            });
            Ok(())
        }),
    ),
    Member::Attribute(
        "textLength",
        |this, ctx| {
            Ok(text_area_value(ctx, &wrappers::node(this)?)
                .encode_utf16()
                .count()
                .into())
        },
        None,
    ),
    Member::Operation("select", 0, |_, _, _| Ok(JsValue::undefined())),
];

/// The members of `HTMLOptionElement`.
pub(crate) const OPTION: &[Member] = &[
    reflect::boolean("disabled", "disabled"),
    reflect::boolean("defaultSelected", "selected"),
    Member::Attribute(
        "value",
        |this, _| Ok(js_str(option_value(&wrappers::node(this)?))),
        Some(|this, value, ctx| reflect::set_string(this, "value", value, ctx)),
    ),
    Member::Attribute(
        "label",
        |this, _| {
            let node = wrappers::node(this)?;
            Ok(js_str(
                dom::attribute(&node, "label").unwrap_or_else(|| option_text(&node)),
            ))
        },
        Some(|this, value, ctx| reflect::set_string(this, "label", value, ctx)),
    ),
    Member::Attribute(
        "text",
        |this, _| Ok(js_str(option_text(&wrappers::node(this)?))),
        Some(|this, value, ctx| {
            let text = dom_string(value, ctx)?;
            crate::dom::node::string_replace_all(ctx, &wrappers::node(this)?, &text);
            Ok(())
        }),
    ),
    Member::Attribute(
        "selected",
        |this, ctx| {
            let node = wrappers::node(this)?;
            Ok(selectedness(ctx, &node).into())
        },
        Some(|this, value, ctx| {
            let selected = value.to_boolean();
            let node = wrappers::node(this)?;
            if let Some(select) = select_of(&node)
                && selected
                && !dom::has_attribute(&select, "multiple")
            {
                deselect_all(ctx, &select);
            }
            set_control(ctx, &node, |control| control.checked = Some(selected));
            Ok(())
        }),
    ),
];

/// The members of `HTMLSelectElement`.
pub(crate) const SELECT: &[Member] = &[
    reflect::boolean("disabled", "disabled"),
    reflect::boolean("multiple", "multiple"),
    reflect::string("name", "name"),
    reflect::boolean("required", "required"),
    Member::Attribute(
        "type",
        |this, _| {
            let multiple = dom::has_attribute(&wrappers::node(this)?, "multiple");
            Ok(js_str(if multiple {
                "select-multiple"
            } else {
                "select-one"
            }))
        },
        None,
    ),
    Member::Attribute(
        "options",
        |this, ctx| collections::of_node(this, "options", ctx),
        None,
    ),
    Member::Attribute(
        "length",
        |this, _| Ok(options_of(&wrappers::node(this)?).len().into()),
        None,
    ),
    Member::Attribute(
        "selectedIndex",
        |this, ctx| {
            let select = wrappers::node(this)?;
            let at = options_of(&select)
                .iter()
                .position(|option| selectedness(ctx, option));
            Ok(at.map_or(JsValue::from(-1), JsValue::from))
        },
        Some(|this, value, ctx| {
            let index = long(value, ctx)?;
            let select = wrappers::node(this)?;
            deselect_all(ctx, &select);
            let option = usize::try_from(index)
                .ok()
                .and_then(|index| options_of(&select).get(index).cloned());
            if let Some(option) = option {
                set_control(ctx, &option, |control| control.checked = Some(true));
            }
            Ok(())
        }),
    ),
    Member::Attribute(
        "value",
        |this, ctx| {
            let options = options_of(&wrappers::node(this)?);
            let selected = options.iter().find(|option| selectedness(ctx, option));
            Ok(js_str(selected.map(option_value).unwrap_or_default()))
        },
        Some(|this, value, ctx| {
            let value = dom_string(value, ctx)?;
            let select = wrappers::node(this)?;
            deselect_all(ctx, &select);
            let option = options_of(&select)
                .into_iter()
                .find(|option| option_value(option) == value);
            if let Some(option) = option {
                set_control(ctx, &option, |control| control.checked = Some(true));
            }
            Ok(())
        }),
    ),
];

/// The members of `HTMLLabelElement`.
pub(crate) const LABEL: &[Member] = &[
    reflect::string("htmlFor", "for"),
    Member::Attribute(
        "control",
        |this, ctx| {
            let control = labeled_control(&wrappers::node(this)?);
            Ok(wrap_or_null(ctx, control))
        },
        None,
    ),
    Member::Attribute(
        "form",
        |this, ctx| {
            let form =
                labeled_control(&wrappers::node(this)?).and_then(|control| form_owner(&control));
            Ok(wrap_or_null(ctx, form))
        },
        None,
    ),
];

/// The type of an input, as its `type` shows it.
pub(super) fn input_type(node: &Node) -> String {
    const TYPES: &[&str] = &[
        "hidden",
        "text",
        "search",
        "tel",
        "url",
        "email",
        "password",
        "date",
        "month",
        "week",
        "time",
        "datetime-local",
        "number",
        "range",
        "color",
        "checkbox",
        "radio",
        "file",
        "submit",
        "image",
        "reset",
        "button",
    ];
    let given = keyword(node, "type");
    if TYPES.contains(&given.as_str()) {
        given
    } else {
        "text".to_owned()
    }
}

/// `type` of a button.
pub(crate) fn button_type(this: &JsObject, _: &mut Context) -> JsResult<JsValue> {
    Ok(js_str(button_kind(&wrappers::node(this)?)))
}

pub(super) fn button_kind(node: &Node) -> &'static str {
    match keyword(node, "type").as_str() {
        "reset" => "reset",
        "button" => "button",
        _ => "submit",
    }
}

/// The [value mode](https://html.spec.whatwg.org/multipage/input.html#dom-input-value) of an input.
pub(super) fn input_value(ctx: &Context, node: &Node) -> String {
    let attribute = dom::attribute(node, "value");
    match input_type(node).as_str() {
        "hidden" | "submit" | "image" | "reset" | "button" => attribute.unwrap_or_default(),
        "checkbox" | "radio" => attribute.unwrap_or_else(|| "on".to_owned()),
        "file" => String::new(),
        _ => control(ctx, node).value.or(attribute).unwrap_or_default(),
    }
}

fn set_input_value(this: &JsObject, value: &JsValue, ctx: &mut Context) -> JsResult<()> {
    let text = dom_string_null_empty(value, ctx)?;
    let node = wrappers::node(this)?;
    match input_type(&node).as_str() {
        "hidden" | "submit" | "image" | "reset" | "button" | "checkbox" | "radio" => {
            tree::set_attribute(ctx, &node, "value", &text);
        }
        "file" if text.is_empty() => {}
        "file" => {
            let message = "Only the empty string can be set as a file's value.";
            return Err(crate::webidl::exception::throw(
                "InvalidStateError",
                message,
                ctx,
            ));
        }
        _ => set_control(ctx, &node, |control| {
            control.value = Some(text.replace(['\n', '\r'], ""));
        }),
    }
    Ok(())
}

pub(super) fn text_area_value(ctx: &Context, node: &Node) -> String {
    control(ctx, node)
        .value
        .unwrap_or_else(|| dom::child_text_content(node))
}

pub(super) fn checkedness(ctx: &Context, node: &Node) -> bool {
    control(ctx, node)
        .checked
        .unwrap_or_else(|| dom::has_attribute(node, "checked"))
}

pub(super) fn set_checkedness(ctx: &Context, node: &Node, checked: bool) {
    if checked && input_type(node) == "radio" {
        for other in radio_group(node) {
            set_control(ctx, &other, |control| control.checked = Some(false));
        }
    }
    set_control(ctx, node, |control| control.checked = Some(checked));
}

/// The [radio button group](https://html.spec.whatwg.org/multipage/input.html#radio-button-group)
pub(super) fn radio_group(node: &Node) -> Vec<Node> {
    let Some(name) = dom::attribute(node, "name").filter(|name| !name.is_empty()) else {
        return Vec::new();
    };
    let owner = form_owner(node);
    let same_owner = |other: &Node| match (&owner, form_owner(other)) {
        (Some(a), Some(b)) => dom::is_same(a, &b),
        (None, None) => true,
        _ => false,
    };
    dom::inclusive_descendants(&dom::root(node))
        .filter(|other| {
            dom::is_html_element(other, "input")
                && input_type(other) == "radio"
                && dom::attribute(other, "name").as_deref() == Some(&name)
                && same_owner(other)
        })
        .collect()
}

fn option_text(node: &Node) -> String {
    let text = dom::text_content(node).unwrap_or_default();
    text.split_ascii_whitespace().collect::<Vec<_>>().join(" ")
}

pub(super) fn option_value(node: &Node) -> String {
    dom::attribute(node, "value").unwrap_or_else(|| option_text(node))
}

pub(super) fn options_of(select: &Node) -> Vec<Node> {
    dom::descendants(select)
        .filter(|node| dom::is_html_element(node, "option"))
        .collect()
}

fn select_of(option: &Node) -> Option<Node> {
    dom::inclusive_ancestors(option).find(|node| dom::is_html_element(node, "select"))
}

/// The selectedness of an option; the first of a drop-down is selected if no other is
/// ([ask for a reset](https://html.spec.whatwg.org/multipage/form-elements.html#ask-for-a-reset)).
pub(super) fn selectedness(ctx: &Context, option: &Node) -> bool {
    let own = |option: &Node| {
        control(ctx, option)
            .checked
            .unwrap_or_else(|| dom::has_attribute(option, "selected"))
    };
    let Some(select) = select_of(option) else {
        return own(option);
    };
    if dom::has_attribute(&select, "multiple") {
        return own(option);
    }
    let options = options_of(&select);
    match options.iter().rfind(|other| own(other)) {
        Some(selected) => dom::is_same(selected, option),
        None if control(ctx, &select).cleared => false,
        None => {
            let first = options
                .iter()
                .find(|other| !dom::has_attribute(other, "disabled"));
            first.is_some_and(|first| dom::is_same(first, option))
        }
    }
}

fn deselect_all(ctx: &Context, select: &Node) {
    for option in options_of(select) {
        set_control(ctx, &option, |control| control.checked = Some(false));
    }
    set_control(ctx, select, |control| control.cleared = true);
}

/// The [form owner](https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#form-owner)
/// of an element: by its `form` attribute, or the nearest form around it.
///
/// NOT YET: the form that the parser had open where tags are misnested.
pub(crate) fn form_owner(node: &Node) -> Option<Node> {
    let is_form = |node: &Node| dom::is_html_element(node, "form");
    if let Some(id) = dom::attribute(node, "form") {
        return crate::dom::document::element_by_id(&dom::root(node), &id).filter(is_form);
    }
    dom::parent(node).and_then(|parent| dom::inclusive_ancestors(&parent).find(is_form))
}

/// The [listed elements](https://html.spec.whatwg.org/multipage/forms.html#category-listed) of a form.
pub(crate) fn controls_of(form: &Node) -> Vec<Node> {
    const LISTED: &[&str] = &[
        "button", "fieldset", "input", "object", "output", "select", "textarea",
    ];
    dom::descendants(&dom::root(form))
        .filter(|node| {
            LISTED.iter().any(|name| dom::is_html_element(node, name))
                && !(dom::is_html_element(node, "input") && input_type(node) == "image")
                && form_owner(node).is_some_and(|owner| dom::is_same(&owner, form))
        })
        .collect()
}

fn enctype(this: &JsObject, _: &mut Context) -> JsResult<JsValue> {
    let given = keyword(&wrappers::node(this)?, "enctype");
    Ok(js_str(match given.as_str() {
        "multipart/form-data" | "text/plain" => given.as_str(),
        _ => "application/x-www-form-urlencoded",
    }))
}

/// [Disabled](https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#concept-fe-disabled)
pub(crate) fn is_disabled(node: &Node) -> bool {
    const CAN_BE: &[&str] = &["button", "input", "select", "textarea", "fieldset"];
    if !CAN_BE.iter().any(|name| dom::is_html_element(node, name)) {
        return false;
    }
    dom::has_attribute(node, "disabled")
        || dom::inclusive_ancestors(node).skip(1).any(|above| {
            dom::is_html_element(&above, "fieldset")
                && dom::has_attribute(&above, "disabled")
                && !first_legend_contains(&above, node)
        })
}

fn first_legend_contains(fieldset: &Node, node: &Node) -> bool {
    let children = fieldset.children.borrow();
    let legend = children
        .iter()
        .find(|child| dom::is_html_element(child, "legend"));
    legend.is_some_and(|legend| dom::contains(legend, node))
}

/// The [labeled control](https://html.spec.whatwg.org/multipage/forms.html#labeled-control)
pub(super) fn labeled_control(label: &Node) -> Option<Node> {
    const LABELABLE: &[&str] = &[
        "button", "input", "meter", "output", "progress", "select", "textarea",
    ];
    let labelable = |node: &Node| {
        LABELABLE
            .iter()
            .any(|name| dom::is_html_element(node, name))
            && !(dom::is_html_element(node, "input") && input_type(node) == "hidden")
    };
    match dom::attribute(label, "for") {
        Some(id) => crate::dom::document::element_by_id(&dom::root(label), &id).filter(labelable),
        None => dom::descendants(label).find(labelable),
    }
}
