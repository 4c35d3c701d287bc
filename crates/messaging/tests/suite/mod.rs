//! A suite of structured clone tests for every heap. The tests of each heap include this file as a
//! module.
//!
//! Each case is a plain Rust value. The test clones it into the heap, serializes it there, and
//! clones it back. The result must serialize to the same bytes as the original. The bytes cover
//! types, keys and their order, holes, identities and cycles.

use framepost_messaging::Value;
use framepost_messaging::structured_clone::{
    BigInt, CodeUnits, Heap, NativeErrorKind, PropertyKey, Serialized, Sign, ViewInfo, ViewKind,
    structured_deserialize, structured_deserialize_with_transfer, structured_serialize,
    structured_serialize_with_transfer,
};
use framepost_messaging::value::{ErrorData, JsString, Object, ValueHeap};

fn view(kind: ViewKind, buffer: &Object, byte_offset: u64, length: Option<u64>) -> Value {
    let buffer = buffer.clone();
    Object::view(ViewInfo {
        kind,
        buffer,
        byte_offset,
        length,
        out_of_bounds: false,
    })
    .into()
}

fn error(kind: NativeErrorKind, message: Option<&str>, cause: Option<Value>) -> Value {
    Object::error(ErrorData {
        kind,
        message: message.map(Into::into),
        stack: Some("at here".into()),
        cause,
    })
    .into()
}

fn cases() -> Vec<(&'static str, Value)> {
    let lone = JsString::from_units(CodeUnits::Utf16(&[0xdc00, 0x41, 0xd800]));
    let numbers = [
        0.0,
        -0.0,
        63.0,
        64.0,
        -1.0,
        2147483648.0,
        -2147483649.0,
        0.1,
        1e300,
        f64::NAN,
        f64::INFINITY,
    ];
    let integers = [0, 1, -1, i128::MAX, i128::MIN].map(BigInt::from);
    let holes = Object::array(20);
    holes.set(3, "three");
    holes.set(7, Value::Undefined);
    holes.set("extra", true);
    let sparse = Object::array(4_000_000_000);
    sparse.set(3_999_999_999, 1);
    let shared = Value::record([("n", 1)]);
    let cycle = Object::new();
    cycle.set(
        "list",
        Value::list([shared.clone(), shared, cycle.clone().into()]),
    );
    let buffer = Object::array_buffer((0..64).collect::<Vec<u8>>());
    let kinds = ViewKind::ALL.into_iter();
    let views = kinds.map(|kind| view(kind, &buffer, 8, Some(3)));
    let resizable = Object::resizable_array_buffer([1, 2, 3, 4], 16);
    let wrappers = [
        true.into(),
        Value::from(-0.0),
        BigInt::from(7).into(),
        "text".into(),
    ];
    vec![
        ("undefined", Value::Undefined),
        ("null", Value::Null),
        ("booleans", Value::list([true, false])),
        ("numbers", Value::list(numbers)),
        ("BigInts", Value::list(integers)),
        (
            "a large BigInt",
            BigInt::new(Sign::Minus, &[0xa5; 1000]).into(),
        ),
        (
            "strings",
            Value::list(["", "a", "hé", "→", "😀", &"long ".repeat(100)]),
        ),
        (
            "lone surrogates",
            Value::record([(PropertyKey::Name(lone.clone()), lone)]),
        ),
        ("wrappers", Value::list(wrappers.map(Object::wrapper))),
        ("dates", Value::list([-1.0, 0.0, f64::NAN].map(Value::date))),
        ("patterns", Object::reg_exp("a\\/b|[/]", "gi").into()),
        (
            "errors",
            Value::list(NativeErrorKind::ALL.map(|kind| error(kind, Some("no"), None))),
        ),
        (
            "an error without a message",
            error(NativeErrorKind::Error, None, Some(Value::Undefined)),
        ),
        (
            "a cause",
            error(NativeErrorKind::TypeError, Some(""), Some(Value::list([1]))),
        ),
        ("an empty object", Object::new().into()),
        ("an empty Array", Object::array(0).into()),
        (
            "keys",
            Value::record([("z", 1), ("10", 2), ("__proto__", 3), ("", 4), ("9", 5)]),
        ),
        (
            "many alike",
            Value::list((0..99).map(|n| Value::record([("a", n), ("b", -n)]))),
        ),
        ("holes", holes.into()),
        ("a sparse Array", sparse.into()),
        ("identity and a cycle", cycle.into()),
        (
            "a Map",
            Value::map([(Value::list([1]), f64::NAN.into()), (0.into(), Value::Null)]),
        ),
        (
            "a Set",
            Value::set([Value::from(3), "x".into(), Object::new().into()]),
        ),
        ("views on one buffer", Value::list(views)),
        (
            "a view that tracks",
            view(ViewKind::Uint16Array, &resizable, 2, None),
        ),
        ("a resizable buffer", resizable.into()),
    ]
}

/// Runs the suite on `heap`. Values are deserialized in `realm`.
pub(super) fn run<H: Heap>(heap: &mut H, realm: &H::Realm)
where
    H::Error: std::fmt::Debug,
{
    let plain = &mut ValueHeap::default();
    for (name, value) in cases() {
        let sent = structured_serialize(plain, &value).expect(name);
        let there = structured_deserialize(heap, &sent, realm).expect(name);
        let answer = structured_serialize(heap, &there).expect(name);
        let back = structured_deserialize(plain, &answer, &()).expect(name);
        let again = structured_serialize(plain, &back).expect(name);
        assert_eq!(again.bytes(), sent.bytes(), "{name}: {value:?}, {back:?}");
        for value in [value, back] {
            if let Some(object) = value.as_object() {
                object.clear();
            }
        }
    }
    transfer(heap, realm);
    depth(heap, realm);
    hostile_bytes(heap, realm);
}

/// Changes a few bytes of messages. Each message is read or refused, and a value that was read can
/// be serialized.
fn hostile_bytes<H: Heap>(heap: &mut H, realm: &H::Realm)
where
    H::Error: std::fmt::Debug,
{
    let plain = &mut ValueHeap::default();
    // A pseudorandom sequence with a fixed seed.
    let mut state = 1_u64;
    let mut random = move |below: usize| {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1);
        (state >> 33) as usize % below
    };
    let (mut read, mut refused) = (0, 0);
    for (name, value) in cases() {
        let sent = structured_serialize(plain, &value).expect(name);
        if let Some(object) = value.as_object() {
            object.clear();
        }
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
                    let _ = structured_serialize(heap, &value);
                }
                Err(_) => refused += 1,
            }
        }
    }
    assert!(read > 100 && refused > 100, "{read}, {refused}");
}

/// Transfers a buffer into the heap and back.
fn transfer<H: Heap>(heap: &mut H, realm: &H::Realm)
where
    H::Error: std::fmt::Debug,
{
    let plain = &mut ValueHeap::default();
    let buffer = Object::array_buffer([1, 2, 3, 4]);
    let value = Value::list([
        buffer.clone().into(),
        view(ViewKind::Int8Array, &buffer, 1, Some(2)),
    ]);
    let list = [buffer.clone()];
    let sent = structured_serialize_with_transfer(plain, &value, &list).expect("a buffer");
    assert!(buffer.is_detached());
    let there = structured_deserialize_with_transfer(heap, sent, realm).expect("a buffer");
    let (value, list) = (there.deserialized, there.transferred_values);
    let twice = [list[0].clone(), list[0].clone()];
    assert!(structured_serialize_with_transfer(heap, &value, &twice).is_err());
    let answer = structured_serialize_with_transfer(heap, &value, &list).expect("still there");
    assert!(
        structured_serialize_with_transfer(heap, &value, &list).is_err(),
        "detached"
    );
    let back = structured_deserialize_with_transfer(plain, answer, &()).expect("a buffer");
    let [moved] = &back.transferred_values[..] else {
        panic!("one buffer");
    };
    assert_eq!(moved.bytes(), Some(vec![1, 2, 3, 4]));
    let view = back.deserialized.get(1).expect("the view");
    let info = view
        .as_object()
        .and_then(Object::view_info)
        .expect("a view");
    assert_eq!(
        (&info.buffer, info.byte_offset, info.length),
        (moved, 1, Some(2))
    );
}

/// The algorithms use no stack for depth.
fn depth<H: Heap>(heap: &mut H, realm: &H::Realm)
where
    H::Error: std::fmt::Debug,
{
    let plain = &mut ValueHeap::default();
    let wraps: [fn(Value) -> Value; 5] = [
        |inner| Value::record([("inner", inner)]),
        |inner| Value::list([inner]),
        |inner| Value::map([(0.into(), inner.clone()), (inner, Value::Null)]),
        |inner| Value::set([inner]),
        |inner| error(NativeErrorKind::Error, None, Some(inner)),
    ];
    let deep = (0..50_000).fold(Value::Null, |inner, n| wraps[n % wraps.len()](inner));
    let sent = structured_serialize(plain, &deep).expect("deep");
    let there = structured_deserialize(heap, &sent, realm).expect("deep");
    let answer = structured_serialize(heap, &there).expect("deep");
    let back = structured_deserialize(plain, &answer, &()).expect("deep");
    let again = structured_serialize(plain, &back).expect("deep");
    assert_eq!(again.bytes(), sent.bytes());
}
