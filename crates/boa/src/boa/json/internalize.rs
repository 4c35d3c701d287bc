//! [JSON.parse](https://tc39.es/ecma262/#sec-json.parse) with a reviver.

use std::collections::HashMap;
use std::ops::Range;

use boa_engine::property::PropertyKey;
use boa_engine::{Context, JsObject, JsResult, JsString, JsValue, js_string};

use super::parse::{Observer, parse_observed};
use super::{call, enumerable_keys, is_array, length_of};

/// The values of the text, by number. A value comes after the values in it.
#[derive(Default)]
struct Snapshots {
    all: Vec<Snapshot>,
    /// The values that have no parent yet.
    roots: Vec<usize>,
}

enum Snapshot {
    Primitive { value: JsValue, text: Range<usize> },
    Array(Vec<usize>),
    Object(HashMap<JsString, usize>),
}

impl Snapshots {
    fn add(&mut self, snapshot: Snapshot) {
        self.roots.push(self.all.len());
        self.all.push(snapshot);
    }
}

impl Observer for Snapshots {
    fn primitive(&mut self, value: &JsValue, text: Range<usize>) {
        let value = value.clone();
        self.add(Snapshot::Primitive { value, text });
    }

    fn array(&mut self, count: usize) {
        let elements = self.roots.split_off(self.roots.len() - count);
        self.add(Snapshot::Array(elements));
    }

    fn object(&mut self, keys: &[JsString]) {
        let values = self.roots.split_off(self.roots.len() - keys.len());
        let entries = keys.iter().cloned().zip(values);
        self.add(Snapshot::Object(entries.collect()));
    }
}

/// An object whose properties are being revived.
struct Open {
    holder: JsObject,
    name: JsString,
    value: JsObject,
    snapshot: Option<usize>,
    keys: Keys,
    next: u64,
}

enum Keys {
    Indices(u64),
    Names(Vec<JsString>),
}

/// Parses a text, then calls the reviver with all its values.
pub(super) fn parse_and_revive(
    text: &JsString,
    reviver: &JsObject,
    ctx: &mut Context,
) -> JsResult<JsValue> {
    let mut snapshots = Snapshots::default();
    let unfiltered = parse_observed(text, &mut snapshots, ctx)?;
    let root = JsObject::with_object_proto(ctx.intrinsics());
    root.create_data_property_or_throw(js_string!(), unfiltered, ctx)?;
    let snapshot = snapshots.roots.pop();
    internalize(root, snapshot, &snapshots, text, reviver, ctx)
}

/// [InternalizeJSONProperty](https://tc39.es/ecma262/#sec-internalizejsonproperty)
fn internalize(
    root: JsObject,
    snapshot: Option<usize>,
    snapshots: &Snapshots,
    text: &JsString,
    reviver: &JsObject,
    ctx: &mut Context,
) -> JsResult<JsValue> {
    let mut open: Vec<Open> = Vec::new();
    let mut entered = (root, js_string!(), snapshot);
    loop {
        // 1. The value of the property that was entered.
        let (holder, name, snapshot) = entered;
        let value = holder.get(name.clone(), ctx)?;
        if let Some(object) = value.as_object() {
            // 2. An object is revived after its properties.
            let keys = match is_array(&object, ctx)? {
                true => Keys::Indices(length_of(&object, ctx)?),
                false => Keys::Names(enumerable_keys(&object, ctx)?),
            };
            open.push(Open {
                holder,
                name,
                value: object,
                snapshot,
                keys,
                next: 0,
            });
        } else {
            let source = source_of(&value, snapshot, snapshots, text);
            let revived = revive(&holder, name.clone(), value, source, reviver, ctx)?;
            match open.last() {
                Some(around) => store(around, name, revived, ctx)?,
                None => return Ok(revived),
            }
        }
        entered = loop {
            let Some(around) = open.last_mut() else {
                // The root has been returned above.
                return Ok(JsValue::undefined());
            };
            let key = match &around.keys {
                Keys::Indices(count) if around.next < *count => {
                    Some(JsString::from(around.next.to_string()))
                }
                Keys::Names(names) => usize::try_from(around.next)
                    .ok()
                    .and_then(|next| names.get(next).cloned()),
                Keys::Indices(_) => None,
            };
            if let Some(key) = key {
                let inner = around.snapshot.and_then(|it| match &snapshots.all[it] {
                    Snapshot::Array(elements) => usize::try_from(around.next)
                        .ok()
                        .and_then(|next| elements.get(next).copied()),
                    Snapshot::Object(entries) => entries.get(&key).copied(),
                    Snapshot::Primitive { .. } => None,
                });
                around.next += 1;
                break (around.value.clone(), key, inner);
            }
            // 3. All properties are revived: revive the object.
            let Some(done) = open.pop() else {
                return Ok(JsValue::undefined());
            };
            let name = done.name.clone();
            let value = done.value.into();
            let revived = revive(&done.holder, name, value, None, reviver, ctx)?;
            match open.last() {
                Some(around) => store(around, done.name, revived, ctx)?,
                None => return Ok(revived),
            }
        };
    }
}

/// Replaces a property by the result of the reviver.
fn store(around: &Open, name: JsString, revived: JsValue, ctx: &mut Context) -> JsResult<()> {
    if revived.is_undefined() {
        let args = [around.value.clone().into(), name.into()];
        call(|saved| saved.delete_property.clone(), &args, ctx)?;
    } else {
        around
            .value
            .create_data_property(PropertyKey::from(name), revived, ctx)?;
    }
    Ok(())
}

/// Returns the source text of a primitive value that has not changed.
fn source_of(
    value: &JsValue,
    snapshot: Option<usize>,
    snapshots: &Snapshots,
    text: &JsString,
) -> Option<JsString> {
    match &snapshots.all[snapshot?] {
        Snapshot::Primitive {
            value: original,
            text: range,
        } if original == value => text.get(range.clone()),
        _ => None,
    }
}

fn revive(
    holder: &JsObject,
    name: JsString,
    value: JsValue,
    source: Option<JsString>,
    reviver: &JsObject,
    ctx: &mut Context,
) -> JsResult<JsValue> {
    let context = JsObject::with_object_proto(ctx.intrinsics());
    if let Some(source) = source {
        context.create_data_property_or_throw(js_string!("source"), source, ctx)?;
    }
    let args = [name.into(), value, context.into()];
    reviver.call(&holder.clone().into(), &args, ctx)
}
