//! Structured clone of plain Rust values: limits, depth, and the wire format.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{World, clone, object, view};
use framepost_messaging::Value;
use framepost_messaging::structured_clone::{
    BigInt, CloneError, CloneLimits, NativeErrorKind, Serialized, ViewKind, structured_deserialize,
    structured_serialize, structured_serialize_for_storage,
};
use framepost_messaging::value::{ErrorData, Object, ValueHeap};

#[test]
fn limits_apply_to_writing_and_reading() {
    let value = Value::list((0..100).map(|n| Value::list([n])));
    let serialized = structured_serialize(&mut ValueHeap::default(), &value).unwrap();
    let length = serialized.bytes().len();
    let limited = |limits| ValueHeap { limits };
    let few_bytes = CloneLimits::DEFAULT.with_bytes(length - 1);
    let few_objects = CloneLimits::DEFAULT.with_objects(100);
    for (limits, expected) in [
        (few_bytes, CloneError::TooManyBytes { limit: length - 1 }),
        (few_objects, CloneError::TooManyObjects { limit: 100 }),
    ] {
        let mut heap = limited(limits);
        assert_eq!(
            structured_serialize(&mut heap, &value).unwrap_err(),
            expected
        );
        let error = structured_deserialize(&mut heap, &serialized, &()).unwrap_err();
        assert_eq!(error, expected);
    }
    let mut enough = limited(CloneLimits::DEFAULT.with_bytes(length).with_objects(101));
    let serialized = structured_serialize(&mut enough, &value).unwrap();
    assert!(structured_deserialize(&mut enough, &serialized, &()).is_ok());
    // A large buffer is refused before it is copied.
    let error = structured_serialize(&mut enough, &Value::bytes(vec![0; length])).unwrap_err();
    assert_eq!(error, CloneError::TooManyBytes { limit: length });
}

fn on_a_small_stack(test: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(512 << 10);
    thread.spawn(test).unwrap().join().unwrap();
}

#[test]
fn values_a_million_levels_deep_are_cloned() {
    const DEPTH: usize = 1_000_000;
    on_a_small_stack(|| {
        let wraps: [fn(Value) -> Value; 5] = [
            |inner| Value::list([inner]),
            |inner| Value::record([("inner", inner)]),
            |inner| Value::map([(0, inner)]),
            |inner| Value::set([inner]),
            |inner| {
                Object::error(ErrorData {
                    kind: NativeErrorKind::Error,
                    message: None,
                    stack: None,
                    cause: Some(inner),
                })
                .into()
            },
        ];
        let mut heap = ValueHeap::default();
        let value = (0..DEPTH).fold(Value::Null, |inner, n| wraps[n % wraps.len()](inner));
        let serialized = structured_serialize(&mut heap, &value).unwrap();
        drop(value);
        let mut cloned = structured_deserialize(&mut heap, &serialized, &()).unwrap();
        drop(serialized);
        for n in (0..DEPTH).rev() {
            let outer = object(&cloned).clone();
            let inner = match n % wraps.len() {
                0 => outer.get(0),
                1 => outer.get("inner"),
                2 => outer.map_entries().map(|entries| entries[0].1.clone()),
                3 => outer.set_values().map(|values| values[0].clone()),
                _ => outer.error_data().unwrap().cause,
            };
            cloned = inner.unwrap();
        }
        assert!(cloned.is_null());
        // A value that is dropped from its outer end.
        let value = (0..DEPTH).fold(Value::Null, |inner, n| wraps[n % wraps.len()](inner));
        drop(clone(&value));
    });
}

#[test]
fn values_with_a_million_elements_are_cloned() {
    on_a_small_stack(|| {
        let value = Value::list((0..1_000_000).map(|n| Value::list([n])));
        let cloned = clone(&value);
        assert_eq!(object(&cloned).array_length(), Some(1_000_000));
        assert_eq!(cloned.get(999_999).unwrap().get(0), Some(999_999.into()));
        let value = Value::record((0..100_000).map(|n| (format!("k{n}"), n)));
        assert_eq!(clone(&value).get("k99999"), Some(99_999.into()));
    });
}

#[test]
fn both_ways_of_reading_properties_agree() {
    let sparse = Object::array(1_000_000);
    for index in [0, 1, 5, 100, 70_000, 999_999] {
        sparse.set(index, Value::record([("i", index)]));
    }
    sparse.set(
        "x",
        Value::list([Value::Null, 0.5.into(), "s".into(), true.into()]),
    );
    sparse.set("y", BigInt::from(1_i64 << 40));
    sparse.set("z", sparse.clone());
    let value = Value::record([("5", Value::from(1)), ("a", sparse.clone().into())]);
    let written = [false, true].map(|not_inert| {
        let mut world = World {
            not_inert,
            ..World::default()
        };
        structured_serialize(&mut world, &value).unwrap()
    });
    // The inert heap knows the names in advance, so its form is shorter. Both have the same
    // content.
    assert!(written[0].bytes().len() < written[1].bytes().len());
    let again = written.map(|serialized| {
        let mut heap = ValueHeap::default();
        let cloned = structured_deserialize(&mut heap, &serialized, &()).unwrap();
        let again = structured_serialize(&mut heap, &cloned).unwrap();
        object(&cloned.get("a").unwrap()).clear();
        again.bytes().to_vec()
    });
    assert_eq!(again[0], again[1]);
    sparse.clear();
}

/// The examples in `docs/wire-format.md` match the written bytes.
#[test]
fn wire_format_matches_its_documentation() {
    let document = include_str!("../../../docs/wire-format.md");
    let (_, examples) = document.split_once("## Examples").unwrap();
    let documented: Vec<Vec<u8>> = examples
        .split("```")
        .filter_map(|part| part.strip_prefix("text\n"))
        .map(|example| {
            let bytes = example.lines().flat_map(|line| {
                let two_digits =
                    |word: &&str| word.len() == 2 && u8::from_str_radix(word, 16).is_ok();
                line.split_whitespace()
                    .take_while(two_digits)
                    .collect::<Vec<_>>()
            });
            bytes
                .map(|byte| u8::from_str_radix(byte, 16).unwrap())
                .collect()
        })
        .collect();

    let plain = Value::record([
        ("a", Value::from(1)),
        ("b", Value::list([Value::from(true), Value::from(-0.0)])),
        ("c", "é".into()),
    ]);
    let bytes = view(
        ViewKind::Uint8Array,
        &Object::array_buffer([7, 8]),
        0,
        Some(2),
    );
    let twice = Value::list([bytes.clone(), bytes]);
    let alike = Value::list([true, false].map(|b| {
        let number = if b { 1 } else { 2 };
        Value::record([("a", Value::from(number)), ("b", Value::list([b]))])
    }));
    let written = [(plain, true), (alike, false), (twice, false)].map(|(value, not_inert)| {
        let mut world = World {
            not_inert,
            ..World::default()
        };
        let serialized = structured_serialize(&mut world, &value).unwrap();
        serialized.bytes().to_vec()
    });
    assert_eq!(written[..], documented[..]);
}

/// The same message, marked as one with references, which the general algorithm reads.
fn with_references(serialized: &Serialized) -> Serialized {
    let mut bytes = serialized.bytes().to_vec();
    if let Some(flags) = bytes.get_mut(2) {
        *flags = 1;
    }
    Serialized::from_bytes(bytes)
}

#[test]
fn fast_path_of_primitives_agrees_with_the_general_algorithm() {
    let long = "x".repeat(1_000);
    let numbers = [0.0, 63.0, 64.0, -1.0, -2_147_483_648.0, -0.0, 1.5, f64::NAN];
    let texts = ["", "short", long.as_str(), "日本"];
    let others = [Value::Undefined, Value::Null, true.into(), false.into()];
    let values = others
        .into_iter()
        .chain(numbers.map(Value::from))
        .chain(texts.map(Value::from));
    for value in values {
        let heap = &mut ValueHeap::default();
        let short = structured_serialize(heap, &value).unwrap();
        let general = structured_serialize_for_storage(heap, &value).unwrap();
        assert_eq!(short.bytes(), general.bytes(), "{value:?}");
        let read = structured_deserialize(heap, &short, &()).unwrap();
        let general = structured_deserialize(heap, &with_references(&short), &()).unwrap();
        assert_eq!(format!("{read:?}"), format!("{general:?}"));
        // Both refuse the same broken messages, and messages beyond a limit.
        let bytes = short.bytes();
        for length in 0..bytes.len() {
            let broken = Serialized::from_bytes(bytes[..length].to_vec());
            let error = structured_deserialize(heap, &broken, &()).unwrap_err();
            if length > 2 {
                let broken = with_references(&broken);
                let general = structured_deserialize(heap, &broken, &()).unwrap_err();
                assert_eq!(error, general);
            }
        }
        heap.limits = CloneLimits::DEFAULT.with_bytes(bytes.len() - 1);
        let error = structured_serialize(heap, &value).unwrap_err();
        let general = structured_serialize_for_storage(heap, &value).unwrap_err();
        assert_eq!(error, general);
        assert!(structured_deserialize(heap, &short, &()).is_err());
    }
}
