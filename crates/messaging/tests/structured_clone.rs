//! Structured clone of plain Rust values: every type, and identity.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{clone, object, prints_the_same, view};
use framepost_messaging::Value;
use framepost_messaging::structured_clone::{
    BigInt, CloneError, CodeUnits, Heap, NativeErrorKind, PropertyKey, Sign, ViewKind,
    structured_serialize,
};
use framepost_messaging::value::{ErrorData, JsString, Object, ValueHeap};

#[test]
fn primitives_are_cloned() {
    for value in [Value::Undefined, Value::Null, true.into(), false.into()] {
        assert_eq!(clone(&value), value);
    }
    for number in [
        0.0,
        -0.0,
        1.0,
        63.0,
        64.0,
        -1.0,
        1e9,
        -2147483648.0,
        2147483648.0,
        0.1,
        1e300,
    ] {
        let cloned = clone(&number.into()).as_f64().unwrap();
        assert_eq!(cloned.to_bits(), f64::to_bits(number));
    }
    assert!(clone(&f64::NAN.into()).as_f64().unwrap().is_nan());
    for integer in [0, -1, i128::MAX, i128::MIN] {
        assert_eq!(
            clone(&BigInt::from(integer).into()),
            BigInt::from(integer).into()
        );
    }
    let huge = BigInt::new(Sign::Minus, &vec![0xa5; 100_000]);
    assert_eq!(clone(&huge.clone().into()), huge.into());
}

#[test]
fn strings_are_cloned() {
    for text in [
        "",
        "a",
        "hé",
        "→",
        "😀",
        "exactly twenty-two chrs",
        &"long ".repeat(1000),
    ] {
        assert_eq!(clone(&text.into()), text.into());
    }
    let lone = JsString::from_units(CodeUnits::Utf16(&[0xdc00, 0x41, 0xd800]));
    assert_eq!(clone(&lone.clone().into()), lone.clone().into());
    let key = Value::record([(PropertyKey::Name(lone.clone()), 1)]);
    assert_eq!(clone(&key).get(lone), Some(1.into()));
}

#[test]
fn wrappers_dates_and_patterns_are_cloned() {
    for primitive in [
        Value::from(false),
        Value::from(true),
        Value::from(-0.0),
        Value::from(BigInt::from(7)),
        Value::from("text"),
    ] {
        let cloned = clone(&Object::wrapper(primitive.clone()).into());
        assert_eq!(object(&cloned).wrapped(), Some(primitive));
    }
    assert_eq!(object(&clone(&Value::date(-1.0))).time_value(), Some(-1.0));
    let invalid = clone(&Value::date(f64::NAN));
    assert!(object(&invalid).time_value().unwrap().is_nan());
    let pattern = clone(&Object::reg_exp("a\\/b", "giu").into());
    assert_eq!(
        object(&pattern).pattern(),
        Some(("a\\/b".into(), "giu".into()))
    );
}

#[test]
fn errors_keep_the_fields_that_browsers_keep() {
    for kind in NativeErrorKind::ALL {
        let data = ErrorData {
            kind,
            message: Some("no".into()),
            stack: Some("at here".into()),
            cause: None,
        };
        let cloned = clone(&Object::error(data.clone()).into());
        assert_eq!(object(&cloned).error_data(), Some(data));
    }
    let bare = ErrorData {
        kind: NativeErrorKind::Error,
        message: None,
        stack: None,
        cause: Some(Value::Undefined),
    };
    let cloned = clone(&Object::error(bare.clone()).into());
    assert_eq!(object(&cloned).error_data(), Some(bare));
}

#[test]
fn cause_of_an_error_may_refer_back_to_it() {
    let list = Value::list::<Value>([]);
    let error = Object::error(ErrorData {
        kind: NativeErrorKind::RangeError,
        message: None,
        stack: None,
        cause: Some(list.clone()),
    });
    object(&list).set(0, error.clone());
    let cloned = clone(&error.clone().into());
    let cause = object(&cloned).error_data().unwrap().cause.unwrap();
    assert_eq!(cause.get(0), Some(cloned));
    object(&list).clear();
    object(&cause).clear();
}

#[test]
fn arrays_keep_length_holes_and_extra_properties() {
    let array = Object::array(10);
    array.set(2, "two");
    array.set(7, Value::Undefined);
    array.set("extra", true);
    let cloned = prints_the_same(array);
    assert_eq!(object(&cloned).array_length(), Some(10));
    assert_eq!(object(&cloned).keys().len(), 3);

    let sparse = Object::array(u32::MAX);
    sparse.set(4_294_967_294, 1);
    let cloned = clone(&sparse.into());
    assert_eq!(object(&cloned).array_length(), Some(u32::MAX));
    assert_eq!(cloned.get(4_294_967_294), Some(1.into()));
}

#[test]
fn objects_keep_their_key_order() {
    let value = Value::record([("z", 1), ("10", 2), ("__proto__", 3), ("", 4), ("9", 5)]);
    prints_the_same(value.clone());
    // Several records of one shape, then others with the same names in another order.
    let mut list = vec![value; 3];
    list.push(Value::record([
        ("", 1),
        ("__proto__", 2),
        ("new", 3),
        ("z", 4),
    ]));
    let many = (0..1000).map(|n| (format!("name {n}"), n));
    list.push(Value::record(many.clone()));
    list.push(Value::record(many.rev()));
    prints_the_same(list);
}

#[test]
fn maps_and_sets_keep_their_order() {
    let key = Value::record([("k", 1)]);
    let map = prints_the_same(Value::map([
        (key.clone(), key),
        (Value::Null, f64::NAN.into()),
    ]));
    let entries = object(&map).map_entries().unwrap();
    assert_eq!(entries[0].0, entries[0].1);
    prints_the_same(Value::set([
        Value::from(3),
        Value::from("x"),
        Value::list([1]),
    ]));
}

#[test]
fn identity_and_cycles_are_kept() {
    let shared = Value::record([("n", 1)]);
    let root = Object::new();
    root.set("a", shared.clone());
    root.set("b", Value::list([shared.clone(), shared]));
    root.set("self", root.clone());
    let cloned = clone(&root.clone().into());
    assert_eq!(cloned.get("self"), Some(cloned.clone()));
    assert_eq!(cloned.get("a"), cloned.get("b").unwrap().get(0));
    assert_eq!(cloned.get("a"), cloned.get("b").unwrap().get(1));
    assert_ne!(cloned.get("a"), root.get("a"));
    root.clear();
    object(&cloned).clear();
}

#[test]
fn buffers_and_views_are_cloned() {
    let buffer = Object::array_buffer((0..64).collect::<Vec<u8>>());
    let mut views: Vec<Value> = ViewKind::ALL
        .into_iter()
        .map(|kind| view(kind, &buffer, 8, Some(3)))
        .collect();
    views.push(buffer.clone().into());
    let cloned = prints_the_same(views).elements().unwrap();
    let (cloned_buffer, views) = cloned.split_last().unwrap();
    assert_eq!(object(cloned_buffer).bytes(), buffer.bytes());
    for (kind, cloned) in ViewKind::ALL.into_iter().zip(views) {
        let info = object(cloned).view_info().unwrap();
        assert_eq!(
            (info.kind, info.byte_offset, info.length),
            (kind, 8, Some(3))
        );
        assert_eq!(&info.buffer, object(cloned_buffer), "one buffer stays one");
    }

    let resizable = Object::resizable_array_buffer([1, 2, 3, 4], 16);
    let tracking = clone(&view(ViewKind::Uint16Array, &resizable, 2, None));
    let info = object(&tracking).view_info().unwrap();
    assert_eq!(
        (info.length, info.buffer.max_byte_length()),
        (None, Some(16))
    );
    assert_eq!(object(&tracking).bytes(), Some(vec![3, 4]));
}

#[test]
fn detached_buffers_and_their_views_are_refused() {
    let mut heap = ValueHeap::default();
    let buffer = Object::array_buffer([1, 2]);
    let bytes = view(ViewKind::Uint8Array, &buffer, 0, Some(2));
    heap.detach_array_buffer(&buffer).unwrap();
    assert_eq!(
        structured_serialize(&mut heap, &buffer.into()).unwrap_err(),
        CloneError::DetachedBuffer
    );
    assert_eq!(
        structured_serialize(&mut heap, &bytes).unwrap_err(),
        CloneError::DetachedBuffer
    );
}
