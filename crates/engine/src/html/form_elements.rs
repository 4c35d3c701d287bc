//! The elements of forms ([HTML, forms](https://html.spec.whatwg.org/multipage/forms.html)).
//!
//! NOT YET: values are not sanitized by type, constraints are not validated, and there are no text selections.

use boa_engine::{Context, JsObject, JsResult};
use framepost_browsing_context::dom;
use framepost_browsing_context::forms::{enctype_of, method_of};
use markup5ever_rcdom::Handle as Node;

use super::form_controls::{
    button_type, checkedness, input_type, input_value, set_checkedness, set_input_value,
    set_text_area_value, text_area_value,
};
use super::form_controls_collection::{self, property_of_form};
use super::form_owner::{form_owner, labeled_control, listed_elements};
use super::form_submission::{self, By};
use super::html_element::{HTML_ELEMENT, HTMLElement};
use super::select_options::{
    list_of_options, option_label, option_text, option_value, select_value, selected_index,
    selectedness, set_select_value, set_selected, set_selected_index,
};
use crate::dom::collection::Of;
use crate::dom::collections;
use crate::dom::{document, tree};
use crate::dom::{node, reflect};
use crate::file::blob;
use crate::script::wrappers;
use crate::webidl::exception::OrThrow;
use crate::webidl::{interface, platform};

interface! {
    /// The [`HTMLFormElement`](https://html.spec.whatwg.org/multipage/forms.html#htmlformelement) interface.
    // IMPLEMENTATION-DEFINED: its named properties hide no member, and are not own properties.
    [Elements="form", PropertiesBehindMembers=property_of_form]
    interface HTMLFormElement(Node) : HTMLElement {
        [Reflect="accept-charset"] attribute DOMString acceptCharset;
        [ReflectFormAction] attribute USVString action;
        [ReflectAutocomplete] attribute DOMString autocomplete;
        [ReflectSetter] attribute DOMString enctype = |form| enctype_of(form, None).as_str();
        [ReflectSetter="enctype"] attribute DOMString encoding = |form| enctype_of(form, None).as_str();
        [ReflectSetter] attribute DOMString method = |form| method_of(form, None).as_str();
        [Reflect] attribute DOMString name;
        [Reflect] attribute boolean noValidate;
        [Reflect] attribute DOMString target;
        [SameObject] readonly attribute HTMLFormControlsCollection elements = |form: &Node, cx| collections::create(cx, form, form_controls_collection::all());
        readonly attribute unsigned long length = |form| listed_elements(form).len();
        undefined submit() = |form: &Node, cx| form_submission::submit(form, None, By::SubmitMethod, cx);
        undefined requestSubmit(optional HTMLElement? submitter = null) = form_submission::request_submit;
        undefined reset() = form_submission::reset;
    }

    /// The [`HTMLLabelElement`](https://html.spec.whatwg.org/multipage/forms.html#htmllabelelement) interface.
    [Elements="label"]
    interface HTMLLabelElement(Node) : HTMLElement {
        [Reflect="for"] attribute DOMString htmlFor;
        readonly attribute HTMLElement? control = |label: &Node, _| labeled_control(label);
        readonly attribute HTMLFormElement? form = |label: &Node, _| form_owner(&labeled_control(label)?);
    }

    /// The [`HTMLInputElement`](https://html.spec.whatwg.org/multipage/input.html#htmlinputelement) interface.
    [Elements="input"]
    interface HTMLInputElement(Node) : HTMLElement {
        [Reflect] attribute DOMString alt;
        [Reflect] attribute DOMString autocomplete;
        [Reflect="checked"] attribute boolean defaultChecked;
        [Reflect="value"] attribute DOMString defaultValue;
        [Reflect] attribute DOMString dirName;
        [Reflect] attribute DOMString accept;
        [ReflectFormAction] attribute USVString formAction;
        [ReflectFormEnctype] attribute DOMString formEnctype;
        [ReflectFormMethod] attribute DOMString formMethod;
        [Reflect] attribute boolean formNoValidate;
        [Reflect] attribute DOMString formTarget;
        [Reflect] attribute boolean disabled;
        [Reflect] attribute DOMString max;
        [Reflect] attribute DOMString min;
        [Reflect] attribute boolean multiple;
        [Reflect] attribute DOMString name;
        [Reflect] attribute DOMString pattern;
        [Reflect] attribute DOMString placeholder;
        [Reflect] attribute boolean readOnly;
        [Reflect] attribute boolean required;
        [ReflectURL] attribute USVString src;
        [Reflect] attribute DOMString step;
        [ReflectSetter] attribute DOMString type = |input| input_type(input);
        attribute boolean checked = checkedness, set_checkedness;
        attribute [LegacyNullToEmptyString] DOMString value = input_value, set_input_value;
        // NOT YET: assigning a list of files.
        readonly attribute FileList? files;
        readonly attribute HTMLFormElement? form = |input: &Node, _| form_owner(input);
        undefined select() = || ();
    }

    /// The [`HTMLButtonElement`](https://html.spec.whatwg.org/multipage/form-elements.html#htmlbuttonelement) interface.
    [Elements="button"]
    interface HTMLButtonElement(Node) : HTMLElement {
        [ReflectFormAction] attribute USVString formAction;
        [ReflectFormEnctype] attribute DOMString formEnctype;
        [ReflectFormMethod] attribute DOMString formMethod;
        [Reflect] attribute boolean formNoValidate;
        [Reflect] attribute DOMString formTarget;
        [Reflect] attribute boolean disabled;
        [Reflect] attribute DOMString name;
        [Reflect] attribute DOMString value;
        [ReflectSetter] attribute DOMString type = |button| button_type(button);
        readonly attribute HTMLFormElement? form = |button: &Node, _| form_owner(button);
    }

    /// The [`HTMLSelectElement`](https://html.spec.whatwg.org/multipage/form-elements.html#htmlselectelement) interface.
    [Elements="select"]
    interface HTMLSelectElement(Node) : HTMLElement {
        [Reflect] attribute boolean disabled;
        [Reflect] attribute boolean multiple;
        [Reflect] attribute DOMString name;
        [Reflect] attribute boolean required;
        readonly attribute DOMString type = |select| if dom::has_attribute(select, "multiple") { "select-multiple" } else { "select-one" };
        [SameObject] readonly attribute HTMLOptionsCollection options = |select: &Node, cx| collections::create(cx, select, Of::Listed(list_of_options));
        readonly attribute unsigned long length = |select| list_of_options(select).len();
        attribute long selectedIndex;
        attribute DOMString value = select_value, set_select_value;
        readonly attribute HTMLFormElement? form = |select: &Node, _| form_owner(select);
    }

    /// The [`HTMLDataListElement`](https://html.spec.whatwg.org/multipage/form-elements.html#htmldatalistelement) interface.
    [Elements="datalist"]
    interface HTMLDataListElement(Node) : HTMLElement {
        [SameObject] readonly attribute HTMLCollection options = |datalist: &Node, cx| collections::create(cx, datalist, Of::Listed(list_of_options));
    }

    /// The [`HTMLOptGroupElement`](https://html.spec.whatwg.org/multipage/form-elements.html#htmloptgroupelement) interface.
    [Elements="optgroup"]
    interface HTMLOptGroupElement(Node) : HTMLElement {
        [Reflect] attribute boolean disabled;
        [Reflect] attribute DOMString label;
    }

    /// The [`HTMLOptionElement`](https://html.spec.whatwg.org/multipage/form-elements.html#htmloptionelement) interface.
    [Elements="option", LegacyFactoryFunction=Option(optional DOMString text = "", optional DOMString value, optional boolean defaultSelected = false, optional boolean selected = false) = construct_option]
    interface HTMLOptionElement(Node) : HTMLElement {
        [Reflect] attribute boolean disabled;
        [Reflect="selected"] attribute boolean defaultSelected;
        [ReflectSetter] attribute DOMString value = |option| option_value(option);
        [ReflectSetter] attribute DOMString label = |option| option_label(option);
        attribute DOMString text = |option| option_text(option), set_text;
        attribute boolean selected = selectedness, set_selected;
    }

    /// The [`HTMLTextAreaElement`](https://html.spec.whatwg.org/multipage/form-elements.html#htmltextareaelement) interface.
    [Elements="textarea"]
    interface HTMLTextAreaElement(Node) : HTMLElement {
        [Reflect] attribute boolean disabled;
        [Reflect] attribute DOMString name;
        [Reflect] attribute DOMString placeholder;
        [Reflect] attribute boolean readOnly;
        [Reflect] attribute boolean required;
        readonly attribute DOMString type = "textarea";
        attribute DOMString defaultValue = |area| dom::child_text_content(area), set_text;
        attribute [LegacyNullToEmptyString] DOMString value = text_area_value, set_text_area_value;
        readonly attribute unsigned long textLength = |area: &Node, cx| text_area_value(area, cx).encode_utf16().count();
        readonly attribute HTMLFormElement? form = |area: &Node, _| form_owner(area);
        undefined select() = || ();
    }

    /// The [`HTMLOutputElement`](https://html.spec.whatwg.org/multipage/form-elements.html#htmloutputelement) interface.
    [Elements="output"]
    interface HTMLOutputElement(Node) : HTMLElement {
        [SameObject, PutForwards=value] readonly attribute DOMTokenList htmlFor = |output: &Node, cx| collections::create(cx, output, Of::Tokens("for"));
        [Reflect] attribute DOMString name;
        readonly attribute HTMLFormElement? form = |output: &Node, _| form_owner(output);
    }

    [Elements="progress"] interface HTMLProgressElement(Node) : HTMLElement {}
    [Elements="meter"] interface HTMLMeterElement(Node) : HTMLElement {}

    /// The [`HTMLFieldSetElement`](https://html.spec.whatwg.org/multipage/form-elements.html#htmlfieldsetelement) interface.
    [Elements="fieldset"]
    interface HTMLFieldSetElement(Node) : HTMLElement {
        [Reflect] attribute boolean disabled;
        [Reflect] attribute DOMString name;
        readonly attribute HTMLFormElement? form = |fieldset: &Node, _| form_owner(fieldset);
    }

    [Elements="legend"] interface HTMLLegendElement(Node) : HTMLElement {}
}

/// [`files`](https://html.spec.whatwg.org/multipage/input.html#dom-input-files): no file can be selected, so the list
/// stays empty.
fn files(input: &JsObject, cx: &mut Context) -> JsResult<Option<JsObject>> {
    let element = wrappers::node(input)?;
    if input_type(&element) != "file" {
        return Ok(None);
    }
    let realm = node::realm_of(cx, &element);
    platform::companion(input, "files", cx, |cx| {
        Ok(blob::create_file_list(&realm, cx))
    })
    .map(Some)
}

/// [`new Option(text, value, defaultSelected, selected)`](https://html.spec.whatwg.org/multipage/form-elements.html#dom-option)
fn construct_option(
    text: &str,
    value: Option<&str>,
    default_selected: bool,
    selected: bool,
    cx: &mut Context,
) -> JsResult<Node> {
    // 1. and 2. Create an `option` element of the window's document.
    let option = dom::create_element("option").or_throw(cx)?;
    document::adopt_to_current(&option, cx);
    // 3. Append the text, unless it is empty.
    tree::string_replace_all(cx, &option, text);
    // 4. Set the value, if it is given.
    if let Some(value) = value {
        tree::set_attribute(cx, &option, "value", value);
    }
    // 5. Set the attribute of options that are selected at first.
    if default_selected {
        tree::set_attribute(cx, &option, "selected", "");
    }
    // 6. It is selected only if the last argument is true.
    set_selected(&option, selected, cx);
    // 7. Return it.
    Ok(option)
}

/// Sets the text of an element.
fn set_text(element: &Node, text: &str, cx: &mut Context) {
    tree::string_replace_all(cx, element, text);
}
