//! Entry lists: the data of form submissions and of `FormData`
//! ([HTML, constructing the entry list](https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#constructing-form-data-set)).

use std::sync::Arc;

use boa_engine::{Context, Finalize, JsObject, JsValue, Trace};
use framepost_browsing_context::dom;
use framepost_browsing_context::forms::{Entry, EntryValue, is_submit_button};
use markup5ever_rcdom::Handle as Node;

use super::control_state::{control, set_control};
use super::form_controls::{button_type, checkedness, input_type, input_value, text_area_value};
use super::form_data;
use super::form_owner::{is_disabled, submittable_elements};
use super::select_options::{self, list_of_options, option_value, selectedness};
use crate::dom::node;
use crate::dom::reflect::limited_to_known_values;
use crate::file::blob;
use crate::file::blob_data::{BlobData, FileData};
use crate::script::with_loop;
use crate::webidl::convert::js_str;
use crate::webidl::receiver::receivers;

/// An [entry](https://xhr.spec.whatwg.org/#concept-formdata-entry): its value is a string or a
/// `File`.
#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct FormEntry {
    #[unsafe_ignore_trace]
    name: String,
    value: JsValue,
}

/// An [entry list](https://xhr.spec.whatwg.org/#concept-formdata-entry-list).
#[derive(Clone, Default, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct EntryList(Vec<FormEntry>);

impl FormEntry {
    /// An entry whose value is a string.
    pub(super) fn text(name: String, value: impl AsRef<str>) -> Self {
        let value = js_str(value);
        Self { name, value }
    }

    /// [Creates an entry](https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#create-an-entry)
    /// for a blob.
    pub(super) fn blob(
        name: String,
        object: JsObject,
        file_name: Option<String>,
        cx: &mut Context,
    ) -> Self {
        let value = match blob::as_blob(&object) {
            // 1. A file without another name stays the same object.
            Some(mut blob) if blob.file.is_none() || file_name.is_some() => {
                // 2. Any other blob becomes a new file.
                let last_modified = match &blob.file {
                    Some(file) => file.last_modified,
                    None => {
                        let now = with_loop(cx, |event_loop| {
                            event_loop.time_origin().saturating_add(event_loop.now())
                        });
                        (now.as_secs_f64() * 1000.0).trunc()
                    }
                };
                let name = file_name.unwrap_or_else(|| "blob".to_owned());
                blob.file = Some(FileData {
                    name,
                    last_modified,
                });
                let realm = cx.realm().clone();
                blob::create(blob, &realm, cx)
            }
            _ => object,
        };
        Self {
            name,
            value: value.into(),
        }
    }

    /// The entry in the form for the request.
    fn to_sent(&self) -> Entry {
        let blob = self.value.as_object().as_ref().and_then(blob::as_blob);
        let Some(blob) = blob else {
            let text = self
                .value
                .as_string()
                .map(|text| text.to_std_string_lossy());
            return Entry::text(self.name.clone(), text.unwrap_or_default());
        };
        let file_name = blob.file.as_ref().map(|file| file.name.clone());
        let content_type = blob.content_type.clone();
        Entry::file(
            self.name.clone(),
            file_name.unwrap_or_default(),
            content_type,
            blob.bytes(),
        )
    }
}

receivers!(EntryList);

impl EntryList {
    /// The list of entries that were parsed or sent. Each file becomes a new `File` in the current realm.
    pub(crate) fn of_entries(entries: Vec<Entry>, cx: &mut Context) -> Self {
        let realm = cx.realm().clone();
        let now = with_loop(cx, |event_loop| {
            event_loop.time_origin().saturating_add(event_loop.now())
        });
        let entries = entries.into_iter().filter_map(|entry| {
            let value = match entry.value {
                EntryValue::Text(text) => js_str(text),
                EntryValue::File {
                    name,
                    content_type,
                    body,
                } => {
                    let file = FileData {
                        name,
                        last_modified: (now.as_secs_f64() * 1000.0).trunc(),
                    };
                    let data = BlobData::new(Arc::new(body), content_type, Some(file));
                    blob::create(data, &realm, cx).into()
                }
                _ => return None,
            };
            Some(FormEntry {
                name: entry.name,
                value,
            })
        });
        Self(entries.collect())
    }

    fn named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a FormEntry> {
        self.0.iter().filter(move |entry| entry.name == name)
    }

    /// [append](https://xhr.spec.whatwg.org/#dom-formdata-append)
    pub(super) fn append(&mut self, entry: FormEntry) {
        self.0.push(entry);
    }

    /// [delete](https://xhr.spec.whatwg.org/#dom-formdata-delete)
    pub(super) fn delete(&mut self, name: &str) {
        self.0.retain(|entry| entry.name != name);
    }

    /// [get](https://xhr.spec.whatwg.org/#dom-formdata-get)
    pub(super) fn get(&self, name: &str) -> Option<JsValue> {
        self.named(name).next().map(|entry| entry.value.clone())
    }

    /// [getAll](https://xhr.spec.whatwg.org/#dom-formdata-getall)
    pub(super) fn get_all(&self, name: &str) -> Vec<JsValue> {
        self.named(name).map(|entry| entry.value.clone()).collect()
    }

    /// [has](https://xhr.spec.whatwg.org/#dom-formdata-has)
    pub(super) fn has(&self, name: &str) -> bool {
        self.named(name).next().is_some()
    }

    /// [set](https://xhr.spec.whatwg.org/#dom-formdata-set): the entry replaces the first of its name.
    pub(super) fn set(&mut self, entry: FormEntry) {
        let place = self.0.iter().position(|held| held.name == entry.name);
        self.delete(&entry.name);
        self.0.insert(place.unwrap_or(self.0.len()), entry);
    }

    /// The [pair](https://webidl.spec.whatwg.org/#dfn-value-pairs-to-iterate-over) at an index.
    pub(super) fn pair_at(&self, index: usize) -> Option<(String, JsValue)> {
        let entry = self.0.get(index)?;
        Some((entry.name.clone(), entry.value.clone()))
    }

    /// The entries in the form for the request.
    pub(crate) fn to_sent(&self) -> Vec<Entry> {
        self.0.iter().map(FormEntry::to_sent).collect()
    }
}

/// [Construct the entry list](https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#constructing-the-form-data-set)
/// of a form.
// NOT YET: another encoding than UTF-8.
pub(super) fn construct_the_entry_list(
    form: &Node,
    submitter: Option<&Node>,
    cx: &mut Context,
) -> Option<EntryList> {
    // 1. If the form is already constructing a list, return null.
    if control(cx, form).constructing_entry_list {
        return None;
    }
    // 2. Set the flag of the form.
    set_control(cx, form, |form| form.constructing_entry_list = true);
    // 3. to 5. Every field adds its entries.
    let mut entries = EntryList::default();
    for field in submittable_elements(form) {
        append_entries(&field, submitter, &mut entries, cx);
    }
    // 6. and 7. Listeners of `formdata` may change the list.
    let entries = form_data::fire_formdata(form, entries, cx);
    // 8. and 9. Return a copy, which later changes do not affect.
    set_control(cx, form, |form| form.constructing_entry_list = false);
    entries
}

/// Step 5 of [constructing the entry list](https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#constructing-the-form-data-set).
fn append_entries(
    field: &Node,
    submitter: Option<&Node>,
    entries: &mut EntryList,
    cx: &mut Context,
) {
    let kind = match dom::html_name(field) {
        Some("button") => button_type(field),
        Some("input") => input_type(field),
        Some("select") => "select",
        _ => "textarea",
    };
    let is_button = is_submit_button(field) || matches!(kind, "button" | "reset");
    let is_submitter = submitter.is_some_and(|submitter| dom::is_same(submitter, field));
    let is_unchecked = matches!(kind, "checkbox" | "radio") && !checkedness(field, cx);
    let is_in_datalist =
        || dom::inclusive_ancestors(field).any(|node| dom::is_html_element(&node, "datalist"));
    // 1. Some fields have no entries.
    if is_disabled(field) || is_in_datalist() || is_button && !is_submitter || is_unchecked {
        return;
    }
    let name = dom::attribute(field, "name").unwrap_or_default();
    // 2. An image button has the coordinates of the click, which are always 0.
    if kind == "image" {
        let prefix = if name.is_empty() { "" } else { "." };
        for axis in ["x", "y"] {
            entries.append(FormEntry::text(format!("{name}{prefix}{axis}"), "0"));
        }
        return;
    }
    // NOT YET: 3. Form-associated custom elements.
    // 4. and 5. A field needs a name.
    if name.is_empty() {
        return;
    }
    match kind {
        // 6. A select has an entry for each selected option.
        "select" => {
            for option in list_of_options(field) {
                if selectedness(&option, cx) && !select_options::is_disabled(&option) {
                    entries.append(FormEntry::text(name.clone(), option_value(&option)));
                }
            }
        }
        // 8. No file can be selected, so the entry is an empty file.
        "file" => {
            let file = FileData {
                name: String::new(),
                last_modified: 0.0,
            };
            let content_type = "application/octet-stream".to_owned();
            let data = BlobData::new(Arc::new(Vec::new()), content_type, Some(file));
            let realm = node::realm_of(cx, field);
            let value = blob::create(data, &realm, cx).into();
            entries.append(FormEntry { name, value });
        }
        // 9. This name requests the encoding.
        "hidden" if name.eq_ignore_ascii_case("_charset_") => {
            entries.append(FormEntry::text(name, "UTF-8"));
        }
        // 7. and 10. Any other field has its value.
        _ => entries.append(FormEntry::text(name, value_of(field, cx))),
    }
    // 11. A field can also have an entry for its direction.
    let has_direction = matches!(kind, "textarea" | "text" | "search" | "hidden");
    if let Some(name) = dom::attribute(field, "dirname").filter(|name| !name.is_empty())
        && has_direction
    {
        let mut directions = dom::inclusive_ancestors(field)
            .map(|node| limited_to_known_values(&node, "dir", &["", "ltr", "rtl"]));
        let direction = directions.find(|direction| !direction.is_empty());
        entries.append(FormEntry::text(name, direction.unwrap_or("ltr")));
    }
}

/// The value of an input, a text area or a button.
fn value_of(field: &Node, cx: &Context) -> String {
    match dom::html_name(field) {
        Some("input") => input_value(field, cx),
        Some("textarea") => text_area_value(field, cx),
        _ => dom::attribute(field, "value").unwrap_or_default(),
    }
}
