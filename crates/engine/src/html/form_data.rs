//! `FormData` and `FormDataEvent`
//! ([XHR, FormData](https://xhr.spec.whatwg.org/#interface-formdata),
//! [HTML, FormDataEvent](https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#the-formdataevent-interface)).

use boa_engine::{Context, JsObject, JsResult, JsString};
use framepost_browsing_context::forms::Entry;
use markup5ever_rcdom::Handle as Node;

use super::entry_list::{EntryList, FormEntry, construct_the_entry_list};
use super::form_elements::HTMLFormElement;
use super::form_submission::check_submitter;
use super::html_element::HTMLElement;
use crate::dom::event::{EVENT, EventInit};
use crate::dom::event_dispatch::{self, Target};
use crate::dom::events::{NewEvent, constructing_steps};
use crate::dom::node;
use crate::file::blob::Blob;
use crate::webidl::platform::{self, OfObject};
use crate::webidl::{self, NewTarget, exception, interface};

interface! {
    /// The `FormData` interface.
    [Exposed=(Window,Worker)]
    interface FormData(EntryList) {
        constructor(optional HTMLFormElement form, optional HTMLElement? submitter = null);

        undefined append(USVString name, USVString value) = |entries, name, value| entries.append(FormEntry::text(name, value));
        undefined append(USVString name, Blob blobValue, optional USVString filename) = |this, name: String, blob, filename, cx| {
            let entry = FormEntry::blob(name, blob, filename, cx);
            platform::write(this, |entries: &mut EntryList| entries.append(entry))
        };
        undefined delete(USVString name) = |entries, name| entries.delete(&name);
        FormDataEntryValue? get(USVString name) = |entries, name| entries.get(&name);
        sequence<FormDataEntryValue> getAll(USVString name) = |entries, name| entries.get_all(&name);
        boolean has(USVString name) = |entries, name| entries.has(&name);
        undefined set(USVString name, USVString value) = |entries, name, value| entries.set(FormEntry::text(name, value));
        undefined set(USVString name, Blob blobValue, optional USVString filename) = |this, name: String, blob, filename, cx| {
            let entry = FormEntry::blob(name, blob, filename, cx);
            platform::write(this, |entries: &mut EntryList| entries.set(entry))
        };
        iterable<USVString, FormDataEntryValue> = |entries, index| entries.pair_at(index);
    }

    /// The `FormDataEvent` interface.
    [Exposed=Window]
    interface FormDataEvent(OfObject) : Event {
        constructor(DOMString type, FormDataEventInit init) =
            |type_: JsString, init, cx| constructing_steps(type_, &init, cx).with(OfObject(init.form_data));
        readonly attribute FormData formData = |event| event.0.clone();
    }

    dictionary FormDataEventInit : EventInit {
        required FormData formData;
    }
}

/// [The constructor](https://xhr.spec.whatwg.org/#dom-formdata)
fn construct(
    _: &NewTarget,
    form: Option<Node>,
    submitter: Option<&Node>,
    cx: &mut Context,
) -> JsResult<EntryList> {
    // 1. Without a form, the list is empty.
    let Some(form) = form else {
        return Ok(EntryList::default());
    };
    // 1.1. The submitter has to be a submit button of the form.
    if let Some(submitter) = submitter {
        check_submitter(&form, submitter, cx)?;
    }
    // 1.2. to 1.4. Take the list of the form, unless it is being constructed.
    construct_the_entry_list(&form, submitter, cx).ok_or_else(|| {
        let message = "The form is already constructing an entry list.";
        exception::throw("InvalidStateError", message, cx)
    })
}

/// Fires `formdata` at a form, and returns the list after the listeners ran.
pub(super) fn fire_formdata(
    form: &Node,
    entries: EntryList,
    cx: &mut Context,
) -> Option<EntryList> {
    let realm = node::realm_of(cx, form);
    let form_data = webidl::create_object(&realm, &FORM_DATA, entries, cx);
    let event = NewEvent::of(&FORM_DATA_EVENT, OfObject(form_data.clone()));
    let target = Target::Node(form.clone());
    event_dispatch::fire(cx, &target, None, "formdata", (true, false), event);
    platform::with(&form_data, |entries: &EntryList| Some(entries.clone()))
}

/// The `FormData` of a request's entries.
pub(super) fn of_sent_entries(entries: &[Entry], cx: &mut Context) -> Option<JsObject> {
    let list = EntryList::of_entries(entries.to_vec(), cx);
    Some(webidl::create_here(&FORM_DATA, list, cx))
}
