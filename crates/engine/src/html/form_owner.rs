//! The elements of a form, and the control of a label
//! ([HTML, association of controls and forms](https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#association-of-controls-and-forms)).

use framepost_browsing_context::dom;
use markup5ever_rcdom::Handle as Node;

use super::form_controls::input_type;
use crate::dom::document;

fn is_input_of_type(node: &Node, kind: &str) -> bool {
    dom::is_html_element(node, "input") && input_type(node) == kind
}

/// The [form owner](https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#form-owner)
/// of an element: by its `form` attribute, or the nearest form around it.
///
/// NOT YET: the open form of the parser, for misnested tags.
pub(crate) fn form_owner(element: &Node) -> Option<Node> {
    let is_form = |node: &Node| dom::is_html_element(node, "form");
    if let Some(id) = dom::attribute(element, "form") {
        return document::element_by_id(&dom::root(element), &id).filter(is_form);
    }
    dom::inclusive_ancestors(element).skip(1).find(is_form)
}

/// The elements of these names whose form owner is `form`, in tree order.
fn owned_by(form: &Node, names: &'static [&str]) -> impl Iterator<Item = Node> {
    let is_owned = |node: &Node| form_owner(node).is_some_and(|owner| dom::is_same(&owner, form));
    dom::descendants(&dom::root(form))
        .filter(move |node| dom::is_one_of(node, names) && is_owned(node))
}

/// The [listed elements](https://html.spec.whatwg.org/multipage/forms.html#category-listed) of a
/// form, without its image buttons, for historical reasons.
pub(crate) fn listed_elements(form: &Node) -> Vec<Node> {
    const LISTED: &[&str] = &[
        "button", "fieldset", "input", "object", "output", "select", "textarea",
    ];
    owned_by(form, LISTED)
        .filter(|node| !is_input_of_type(node, "image"))
        .collect()
}

/// The [submittable elements](https://html.spec.whatwg.org/multipage/forms.html#category-submit)
/// of a form.
pub(super) fn submittable_elements(form: &Node) -> Vec<Node> {
    owned_by(form, &["button", "input", "select", "textarea"]).collect()
}

/// The [labeled control](https://html.spec.whatwg.org/multipage/forms.html#labeled-control) of a
/// label.
pub(super) fn labeled_control(label: &Node) -> Option<Node> {
    const LABELABLE: &[&str] = &[
        "button", "input", "meter", "output", "progress", "select", "textarea",
    ];
    let is_labelable =
        |node: &Node| dom::is_one_of(node, LABELABLE) && !is_input_of_type(node, "hidden");
    match dom::attribute(label, "for") {
        Some(id) => document::element_by_id(&dom::root(label), &id).filter(is_labelable),
        None => dom::descendants(label).find(is_labelable),
    }
}

/// Whether an element is [disabled](https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#concept-fe-disabled).
pub(crate) fn is_disabled(element: &Node) -> bool {
    if !dom::is_one_of(
        element,
        &["button", "input", "select", "textarea", "fieldset"],
    ) {
        return false;
    }
    dom::has_attribute(element, "disabled")
        || dom::inclusive_ancestors(element).skip(1).any(|above| {
            dom::is_html_element(&above, "fieldset")
                && dom::has_attribute(&above, "disabled")
                && !is_in_first_legend(element, &above)
        })
}

fn is_in_first_legend(element: &Node, fieldset: &Node) -> bool {
    let children = fieldset.children.borrow();
    let mut children = children.iter();
    let legend = children.find(|child| dom::is_html_element(child, "legend"));
    legend.is_some_and(|legend| dom::contains(legend, element))
}
