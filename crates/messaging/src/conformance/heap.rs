//! Checks of a heap.
//!
//! Most checks clone a plain Rust value into the heap and back. The result must serialize to the same bytes as the
//! original. The bytes cover types, keys and their order, holes, identities and cycles.

use std::fmt::Debug;

use super::buffers::check_buffers;
use super::report::Report;
use super::samples::{Feature, Samples};
use super::values::cases;
use crate::structured_clone::{
    BigInt, Class, CodeUnits, Heap, HeapString, Kind, NativeErrorKind, NewObject, PropertyKey,
    Serialized, structured_deserialize, structured_serialize,
};
use crate::value::{Value, ValueHeap};

/// Checks an implementation of [`Heap`]. Objects are created in `realm`.
///
/// Its values are shallow: [`check_depth`](super::check_depth) has the deep ones.
pub fn check_heap<H: Heap>(heap: &mut H, realm: &H::Realm, samples: &Samples<H>) -> Report
where
    H::Error: Debug,
{
    let mut report = Report::default();
    for case in cases() {
        if samples.has(case.needs) {
            check_round_trip(heap, realm, case.name, &case.value, &mut report);
        }
        clear(&case.value);
    }
    check_kinds(heap, samples, &mut report);
    check_classes(heap, realm, samples, &mut report);
    check_properties(heap, realm, samples, &mut report);
    check_identity(heap, realm, &mut report);
    check_refusals(heap, realm, samples, &mut report);
    if samples.has(&[Feature::Buffers]) {
        check_buffers(heap, realm, samples, &mut report);
    }
    check_damaged_messages(heap, realm, &mut report);
    report
}

/// How many bytes of a message a failure shows.
const SHOWN: usize = 100;

/// A plain value as text, and its bytes: two values that print alike may still differ.
fn shown(value: &Value, bytes: &[u8]) -> String {
    let first = bytes.get(..SHOWN).unwrap_or(bytes);
    format!("{value:?} ({} bytes: {first:02x?})", bytes.len())
}

/// Frees a value with cycles.
fn clear(value: &Value) {
    if let Some(object) = value.as_object() {
        object.clear();
    }
}

/// Clones a value into the heap and back, and compares.
pub(super) fn check_round_trip<H: Heap>(
    heap: &mut H,
    realm: &H::Realm,
    name: &str,
    value: &Value,
    report: &mut Report,
) where
    H::Error: Debug,
{
    let plain = &mut ValueHeap::default();
    let sent = match structured_serialize(plain, value) {
        Ok(sent) => sent,
        Err(error) => return report.check(name, "a value that can be cloned", error.to_string()),
    };
    match round_trip(heap, realm, &sent) {
        Ok((back, bytes)) => {
            match bytes == sent.bytes() {
                true => report.check(name, "", ""),
                false => report.check(name, shown(value, sent.bytes()), shown(&back, &bytes)),
            }
            clear(&back);
        }
        Err(found) => report.check(name, shown(value, sent.bytes()), found),
    }
}

/// What comes back from the heap, and its bytes.
fn round_trip<H: Heap>(
    heap: &mut H,
    realm: &H::Realm,
    sent: &Serialized,
) -> Result<(Value, Vec<u8>), String>
where
    H::Error: Debug,
{
    let plain = &mut ValueHeap::default();
    let there = structured_deserialize(heap, sent, realm)
        .map_err(|error| format!("it cannot be created: {error:?}"))?;
    let answer = structured_serialize(heap, &there)
        .map_err(|error| format!("its copy cannot be serialized: {error:?}"))?;
    let back = structured_deserialize(plain, &answer, &())
        .map_err(|error| format!("its copy is serialized badly: {error}"))?;
    // The bytes of a heap may differ where values do not: in the order of names, for example.
    let again = structured_serialize(plain, &back)
        .map_err(|error| format!("its copy is serialized badly: {error}"))?;
    Ok((back, again.bytes().to_vec()))
}

/// Clones a plain value into the heap.
pub(super) fn create<H: Heap>(heap: &mut H, realm: &H::Realm, value: &Value) -> Option<H::Value> {
    let sent = structured_serialize(&mut ValueHeap::default(), value).ok()?;
    structured_deserialize(heap, &sent, realm).ok()
}

/// The object that a value is.
pub(super) fn object_of<H: Heap>(heap: &mut H, value: H::Value) -> Option<H::Object> {
    match heap.kind(value).ok()? {
        Kind::Object(object) => Some(object),
        _ => None,
    }
}

/// Clones a plain object into the heap.
pub(super) fn create_object<H: Heap>(
    heap: &mut H,
    realm: &H::Realm,
    value: &Value,
) -> Option<H::Object> {
    let value = create(heap, realm, value)?;
    object_of(heap, value)
}

/// A check of a kind: its name, the features that it needs, and the kind that the heap has to return.
type KindCheck<'a, H> = (&'a str, &'a [Feature], fn(&mut H) -> Option<Kind<H>>);

/// `Heap::value` creates what `Heap::kind` then returns.
fn check_kinds<H: Heap>(heap: &mut H, samples: &Samples<H>, report: &mut Report)
where
    H::Error: Debug,
{
    let kinds: [KindCheck<'_, H>; 7] = [
        ("the kind of undefined", &[], |_| Some(Kind::Undefined)),
        ("the kind of null", &[Feature::Null], |_| Some(Kind::Null)),
        ("the kind of a boolean", &[], |_| Some(Kind::Boolean(true))),
        ("the kind of -0", &[], |_| Some(Kind::Number(-0.0))),
        ("the kind of NaN", &[], |_| Some(Kind::Number(f64::NAN))),
        ("the kind of a BigInt", &[Feature::BigInts], |_| {
            Some(Kind::BigInt(BigInt::from(-300)))
        }),
        ("the kind of a string", &[], |heap| {
            let text = heap.string(CodeUnits::Latin1(b"text")).ok()?;
            Some(Kind::String(text))
        }),
    ];
    for (name, needs, kind) in kinds {
        if !samples.has(needs) {
            continue;
        }
        let Some(kind) = kind(heap) else {
            report.check(name, "a string", "no string could be created");
            continue;
        };
        let expected = format!("{kind:?}");
        let found = heap.value(kind).and_then(|value| heap.kind(value));
        let found = found.map_or_else(|error| format!("{error:?}"), |kind| format!("{kind:?}"));
        report.check(name, expected, found);
    }
}

/// `Heap::create` creates what `Heap::class` then returns.
fn check_classes<H: Heap>(heap: &mut H, realm: &H::Realm, samples: &Samples<H>, report: &mut Report)
where
    H::Error: Debug,
{
    type Make<H> = fn() -> (NewObject<'static, H>, Class<H>);
    let classes: [(&str, &[Feature], Make<H>); 10] = [
        ("the class of a plain object", &[], || {
            (NewObject::Ordinary, Class::Ordinary)
        }),
        ("the class of an Array", &[], || {
            (NewObject::Array(0), Class::Array(0))
        }),
        (
            "the class of an Array with holes only",
            &[Feature::SparseArrays],
            || (NewObject::Array(3), Class::Array(3)),
        ),
        (
            "the class of a Boolean object",
            &[Feature::Wrappers],
            || (NewObject::Boolean(false), Class::Boolean(false)),
        ),
        ("the class of a Number object", &[Feature::Wrappers], || {
            (NewObject::Number(-0.0), Class::Number(-0.0))
        }),
        ("the class of a Date", &[Feature::Dates], || {
            (NewObject::Date(12.0), Class::Date(12.0))
        }),
        ("the class of an invalid Date", &[Feature::Dates], || {
            (NewObject::Date(f64::NAN), Class::Date(f64::NAN))
        }),
        ("the class of a Map", &[Feature::Maps], || {
            (NewObject::Map, Class::Map)
        }),
        ("the class of a Set", &[Feature::Sets], || {
            (NewObject::Set, Class::Set)
        }),
        ("the class of an error", &[Feature::Errors], || {
            let new = NewObject::Error {
                kind: NativeErrorKind::RangeError,
                message: None,
                stack: None,
            };
            (new, Class::Error)
        }),
    ];
    for (name, needs, make) in classes {
        if !samples.has(needs) {
            continue;
        }
        let (new, expected) = make();
        let found = match heap.create(realm, new) {
            Ok(object) => heap
                .class(&object)
                .map_or_else(|error| format!("{error:?}"), |class| format!("{class:?}")),
            Err(error) => format!("it cannot be created: {error:?}"),
        };
        report.check(name, format!("{expected:?}"), found);
    }
}

/// What the methods that read properties return.
fn check_properties<H: Heap>(
    heap: &mut H,
    realm: &H::Realm,
    samples: &Samples<H>,
    report: &mut Report,
) where
    H::Error: Debug,
{
    let record = Value::record([("b", 1), ("a", 2)]);
    let Some(object) = create_object(heap, realm, &record) else {
        report.check(
            "reading a plain object",
            "an object",
            "it cannot be created",
        );
        return;
    };
    let mut keys = Vec::new();
    let listed = heap.own_enumerable_string_keys(&object, &mut keys);
    let names: Vec<String> = keys
        .iter()
        .map(|(key, _)| match key {
            PropertyKey::Index(index) => index.to_string(),
            PropertyKey::Name(name) => {
                let units: Vec<u16> = heap.key_string(name).units().iter().collect();
                String::from_utf16_lossy(&units)
            }
        })
        .collect();
    let listed = listed.map(|()| names);
    report.check(
        "the keys of a plain object",
        r#"Ok(["b", "a"])"#,
        format!("{listed:?}"),
    );
    // Neither an absent name nor that of an inherited property is an own property.
    for name in ["absent", "toString", "constructor", "__proto__"] {
        let found = match heap.key(CodeUnits::Latin1(name.as_bytes())) {
            Ok(key) => heap.own_property(&object, &key, 0),
            Err(error) => Err(error),
        };
        let found = found.map(|value| value.is_some());
        report.check(
            format!("the own property {name:?} of an object without it"),
            "Ok(false)",
            format!("{found:?}"),
        );
    }
    let collections: [(&str, &[Feature], Value, bool, usize); 2] = [
        (
            "the entries of a Map follow those that are there",
            &[Feature::Maps],
            Value::map([(1, 2), (3, 4)]),
            true,
            5,
        ),
        (
            "the entries of a Set follow those that are there",
            &[Feature::Sets],
            Value::set([1, 2]),
            false,
            3,
        ),
    ];
    for (name, needs, value, map, expected) in collections {
        if !samples.has(needs) {
            continue;
        }
        let (Some(object), Ok(first)) = (
            create_object(heap, realm, &value),
            heap.value(Kind::Undefined),
        ) else {
            report.check(name, "an object", "it cannot be created");
            continue;
        };
        let mut entries = vec![first];
        let read = match map {
            true => heap.map_data(&object, &mut entries),
            false => heap.set_data(&object, &mut entries),
        };
        let read = read.map(|()| entries.len());
        report.check(name, format!("Ok({expected})"), format!("{read:?}"));
    }
}

/// The objects at these indices of an Array.
fn elements<H: Heap>(heap: &mut H, array: &H::Object, count: u32) -> Option<Vec<H::Object>> {
    (0..count)
        .map(|index| {
            let key = PropertyKey::Index(index);
            let value = heap.own_property(array, &key, index as usize).ok()??;
            object_of(heap, value)
        })
        .collect()
}

/// Objects of the heap are equal if they are the same object.
fn check_identity<H: Heap>(heap: &mut H, realm: &H::Realm, report: &mut Report) {
    let twice = Value::record([("n", 1)]);
    let other = Value::record([("n", 1)]);
    let list = Value::list([twice.clone(), twice, other]);
    let objects = create_object(heap, realm, &list).and_then(|it| elements(heap, &it, 3));
    let found = objects.map(|it| (it[0] == it[1], it[0] == it[2], it[1] == it[2]));
    report.equal(
        "an object that occurs twice is one object, and another is another",
        Some((true, false, false)),
        found,
    );
    let again = [(); 2].map(|()| create_object(heap, realm, &list));
    report.equal(
        "a message that is received twice creates two objects",
        (true, false),
        (again[0].is_some(), again[0] == again[1]),
    );
}

/// Values that cannot be cloned are refused, at any place.
fn check_refusals<H: Heap>(
    heap: &mut H,
    realm: &H::Realm,
    samples: &Samples<H>,
    report: &mut Report,
) where
    H::Error: Debug,
{
    for (name, value) in &samples.refused {
        let found = structured_serialize(heap, value).map(|it| it.bytes().to_vec());
        report.equal(format!("{name} is refused"), true, found.is_err());
        let Some(list) = create_object(heap, realm, &Value::list([0])) else {
            continue;
        };
        // In an Array, behind a value that can be cloned.
        let mut values = vec![value.clone(), value.clone()];
        let defined = heap.define_elements(&list, values.drain(..));
        let list = defined.and_then(|()| heap.value(Kind::Object(list)));
        let found = list.and_then(|list| structured_serialize(heap, &list));
        report.equal(
            format!("{name} in an Array is refused"),
            true,
            found.is_err(),
        );
    }
}

/// Changes a few bytes of messages. Each message is read or refused, and a value that was read is a value of the heap.
fn check_damaged_messages<H: Heap>(heap: &mut H, realm: &H::Realm, report: &mut Report) {
    let plain = &mut ValueHeap::default();
    // A pseudorandom sequence with a fixed seed.
    let mut state = 1_u64;
    let mut random = move |below: usize| {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1);
        (state >> 33) as usize % below
    };
    let (mut read, mut refused) = (0, 0);
    for case in cases() {
        let sent = structured_serialize(plain, &case.value);
        clear(&case.value);
        let Ok(sent) = sent else {
            continue;
        };
        for _ in 0..100 {
            let mut bytes = sent.bytes().to_vec();
            for _ in 0..=random(3) {
                let at = random(bytes.len());
                // Any byte, a tag, or a small number.
                bytes[at] = [random(0x100), 0x10 + random(0x24), random(4)][random(3)] as u8;
            }
            match structured_deserialize(heap, &Serialized::from_bytes(bytes), realm) {
                Ok(value) => {
                    read += 1;
                    // It may be refused. It must not hang or panic.
                    let _ = structured_serialize(heap, &value);
                }
                Err(_) => refused += 1,
            }
        }
    }
    report.equal(
        "of damaged messages, some are read and some are refused",
        (true, true),
        (read > 100, refused > 100),
    );
}
