//! `FormData` and `FormDataEvent`
//! ([XHR, FormData](https://xhr.spec.whatwg.org/#interface-formdata),
//! [HTML, FormDataEvent](https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#the-formdataevent-interface)).

use crate::script::wrappers;
use crate::webidl::platform::OfObject;
use boa_engine::object::builtins::JsArray;
use boa_engine::realm::Realm;
use boa_engine::{Context, Finalize, JsNativeError, JsObject, JsResult, JsValue, Trace};
use framepost_browsing_context::dom;
use framepost_browsing_context::forms::{Entry, is_submit_button};
use markup5ever_rcdom::Handle as Node;

use super::{form_submission, forms};
use crate::dom::event::{EVENT, construct as construct_event};
use crate::file::blob;
use crate::file::blob::FileData;
use crate::script::with_loop;
use crate::webidl::convert::{argument, js_str, optional, usv_string};
use crate::webidl::exception;
use crate::webidl::pair_iterator_old::{PairIterable, PairMembers};
use crate::webidl::platform;
use crate::webidl::{self, Interface, Iterable, Member, NewTarget};

/// An entry of a `FormData`: its value is a string or a `File`.
#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct FormEntry {
    #[unsafe_ignore_trace]
    pub(crate) name: String,
    pub(crate) value: JsValue,
}

/// What a `FormData` holds.
#[derive(Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct FormDataData {
    entries: Vec<FormEntry>,
}

/// The `FormData` interface.
pub(crate) static FORM_DATA: Interface = Interface {
    constructor: Some((0, construct)),
    members: &[
        &[
            Member::Operation("append", 2, |this, args, ctx| {
                let entry = create_an_entry(args, ctx)?;
                with_entries(this, |entries| entries.push(entry))?;
                Ok(JsValue::undefined())
            }),
            Member::Operation("delete", 1, |this, args, ctx| {
                let name = usv_string(&argument(args, 0), ctx)?;
                with_entries(this, |entries| entries.retain(|entry| entry.name != name))?;
                Ok(JsValue::undefined())
            }),
            Member::Operation("get", 1, |this, args, ctx| {
                let name = usv_string(&argument(args, 0), ctx)?;
                let found = with_entries(this, |entries| {
                    let found = entries.iter().find(|entry| entry.name == name);
                    found.map(|entry| entry.value.clone())
                })?;
                Ok(found.unwrap_or_else(JsValue::null))
            }),
            Member::Operation("getAll", 1, |this, args, ctx| {
                let name = usv_string(&argument(args, 0), ctx)?;
                let found: Vec<JsValue> = with_entries(this, |entries| {
                    let found = entries.iter().filter(|entry| entry.name == name);
                    found.map(|entry| entry.value.clone()).collect()
                })?;
                Ok(JsArray::from_iter(found, ctx).into())
            }),
            Member::Operation("has", 1, |this, args, ctx| {
                let name = usv_string(&argument(args, 0), ctx)?;
                with_entries(this, |entries| {
                    entries.iter().any(|entry| entry.name == name).into()
                })
            }),
            Member::Operation("set", 2, set),
        ],
        PairMembers::<FormData>::MEMBERS,
    ],
    iterable: Iterable::Pairs,
    ..Interface::new("FormData")
};

/// The `FormDataEvent` interface.
pub(crate) static FORM_DATA_EVENT: Interface = Interface {
    parent: Some(&EVENT),
    constructor: Some((2, |target, args, ctx| {
        construct_event(target, args, ctx, |init, ctx| {
            let given = init
                .get("formData", ctx)?
                .and_then(|value| value.as_object());
            let form_data = given.filter(|object| platform::implements(object, &FORM_DATA));
            form_data.map(OfObject).ok_or_else(|| {
                JsNativeError::typ()
                    .with_message("member formData is not of type FormData.")
                    .into()
            })
        })
    })),
    members: &[&[Member::Attribute(
        "formData",
        |this, _| platform::read(this, |form_data: &OfObject| form_data.0.clone().into()),
        None,
    )]],
    ..Interface::new("FormDataEvent")
};

/// Makes a `FormData` with these entries.
pub(crate) fn create(entries: Vec<FormEntry>, realm: &Realm, ctx: &mut Context) -> JsObject {
    let data = FormDataData { entries };
    webidl::create_object(realm, &FORM_DATA, data, ctx)
}

/// The entries of a `FormData` as they are now.
pub(crate) fn entries_of(object: &JsObject) -> JsResult<Vec<FormEntry>> {
    with_entries(object, |entries| entries.clone())
}

/// Entries as they are sent.
pub(crate) fn to_entry_list(entries: &[FormEntry]) -> Vec<Entry> {
    let convert = |entry: &FormEntry| {
        let blob = entry.value.as_object().as_ref().and_then(blob::as_blob);
        match (blob, entry.value.as_string()) {
            (Some(blob), _) => {
                let file_name = blob.file.as_ref().map(|file| file.name.clone());
                Entry::file(
                    entry.name.clone(),
                    file_name.unwrap_or_default(),
                    blob.content_type.clone(),
                    blob.bytes(),
                )
            }
            (None, text) => {
                let text = text.map(|text| text.to_std_string_lossy());
                Entry::text(entry.name.clone(), text.unwrap_or_default())
            }
        }
    };
    entries.iter().map(convert).collect()
}

fn with_entries<R>(this: &JsObject, change: impl FnOnce(&mut Vec<FormEntry>) -> R) -> JsResult<R> {
    platform::with_mut(this, |data: &mut FormDataData| {
        Some(change(&mut data.entries))
    })
    .ok_or_else(platform::illegal_invocation)
}

/// [The constructor](https://xhr.spec.whatwg.org/#dom-formdata)
fn construct(target: &NewTarget, args: &[JsValue], ctx: &mut Context) -> JsResult<JsObject> {
    let mut entries = Vec::new();
    if let Some(form) = optional(args, 0) {
        let node = form.as_object().and_then(|form| wrappers::as_node(&form));
        let form = node.filter(|node| dom::is_html_element(node, "form"));
        let form = form.ok_or_else(|| {
            JsNativeError::typ().with_message("parameter 1 is not of type 'HTMLFormElement'.")
        })?;
        let submitter = crate::dom::node::nullable_node_argument(args, 1, ctx)?;
        if let Some(submitter) = &submitter {
            check_submitter(&form, submitter, ctx)?;
        }
        let constructed = form_submission::construct_the_entry_list(ctx, &form, submitter.as_ref());
        entries = constructed.ok_or_else(|| {
            let message = "The form constructs an entry list already.";
            exception::throw("InvalidStateError", message, ctx)
        })?;
    }
    target.create(FormDataData { entries }, ctx)
}

/// Who submits a form has to be a submit button of that form.
pub(crate) fn check_submitter(form: &Node, submitter: &Node, ctx: &mut Context) -> JsResult<()> {
    if !is_submit_button(submitter) {
        return Err(JsNativeError::typ()
            .with_message("The submitter is not a submit button.")
            .into());
    }
    if !forms::form_owner(submitter).is_some_and(|owner| dom::is_same(&owner, form)) {
        let message = "The submitter is not owned by the form.";
        return Err(exception::throw("NotFoundError", message, ctx));
    }
    Ok(())
}

/// [Create an entry](https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#create-an-entry)
/// of a name, a value and perhaps a file name.
fn create_an_entry(args: &[JsValue], ctx: &mut Context) -> JsResult<FormEntry> {
    let name = usv_string(&argument(args, 0), ctx)?;
    let value = argument(args, 1);
    let blob = value.as_object().as_ref().and_then(blob::as_blob);
    let Some(mut blob) = blob else {
        if args.len() > 2 {
            return Err(JsNativeError::typ()
                .with_message("parameter 2 is not of type 'Blob'.")
                .into());
        }
        let value = usv_string(&value, ctx)?;
        return Ok(FormEntry {
            name,
            value: js_str(value),
        });
    };
    let file_name = optional(args, 2)
        .map(|file_name| usv_string(file_name, ctx))
        .transpose()?;
    if blob.file.is_some() && file_name.is_none() {
        return Ok(FormEntry { name, value });
    }
    let now = with_loop(ctx, |event_loop| {
        event_loop.time_origin().saturating_add(event_loop.now())
    });
    let last_modified = match &blob.file {
        Some(file) => file.last_modified,
        None => (now.as_secs_f64() * 1000.0).trunc(),
    };
    blob.file = Some(FileData {
        name: file_name.unwrap_or_else(|| "blob".to_owned()),
        last_modified,
    });
    let realm = ctx.realm().clone();
    let value = blob::create(blob, &realm, ctx).into();
    Ok(FormEntry { name, value })
}

/// [set](https://xhr.spec.whatwg.org/#dom-formdata-set)
fn set(this: &JsObject, args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let entry = create_an_entry(args, ctx)?;
    with_entries(this, |entries| {
        let at = entries.iter().position(|held| held.name == entry.name);
        entries.retain(|held| held.name != entry.name);
        // Those before the first of the name were not among the ones taken out.
        entries.insert(at.unwrap_or(entries.len()), entry);
    })?;
    Ok(JsValue::undefined())
}

/// The interface, as what has pairs.
enum FormData {}

impl PairIterable for FormData {
    const ITERATORS: &'static str = "FormData Iterator";

    fn pair_at(object: &JsObject, index: usize) -> Option<(String, JsValue)> {
        let entry = with_entries(object, |entries| entries.get(index).cloned()).ok()??;
        Some((entry.name, entry.value))
    }
}
