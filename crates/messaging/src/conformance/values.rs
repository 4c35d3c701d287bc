//! The values of the checks of heaps.

use super::samples::Feature;
use crate::structured_clone::{
    BigInt, CodeUnits, NativeErrorKind, PropertyKey, Sign, ViewInfo, ViewKind,
};
use crate::value::{ErrorData, JsString, Object, Value};

/// A value that a heap has to keep, and the features that it needs.
pub(super) struct Case {
    pub(super) name: &'static str,
    pub(super) needs: &'static [Feature],
    pub(super) value: Value,
}

pub(super) fn view(
    kind: ViewKind,
    buffer: &Object,
    byte_offset: u64,
    length: Option<u64>,
) -> Value {
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

pub(super) fn error(kind: NativeErrorKind, message: Option<&str>, cause: Option<Value>) -> Value {
    Object::error(ErrorData {
        kind,
        message: message.map(Into::into),
        stack: Some("at here".into()),
        cause,
    })
    .into()
}

pub(super) fn cases() -> Vec<Case> {
    let mut all = primitives();
    all.extend(objects());
    all.extend(collections());
    all.extend(buffers());
    all
}

fn case(name: &'static str, needs: &'static [Feature], value: impl Into<Value>) -> Case {
    let value = value.into();
    Case { name, needs, value }
}

fn primitives() -> Vec<Case> {
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
    let large = BigInt::new(Sign::Minus, &[0xa5; 1000]);
    let texts = ["", "a", "hé", "→", "😀", &"long ".repeat(100)];
    let wrappers = [
        true.into(),
        Value::from(-0.0),
        BigInt::from(7).into(),
        "text".into(),
    ];
    vec![
        case("undefined", &[], Value::Undefined),
        case("null", &[Feature::Null], Value::Null),
        case("booleans", &[], Value::list([true, false])),
        case("numbers", &[], Value::list(numbers)),
        case("BigInts", &[Feature::BigInts], Value::list(integers)),
        case("a large BigInt", &[Feature::BigInts], large),
        case("strings", &[], Value::list(texts)),
        case(
            "lone surrogates, in a key and in a value",
            &[Feature::LoneSurrogates],
            Value::record([(PropertyKey::Name(lone.clone()), lone)]),
        ),
        case(
            "Boolean, Number, BigInt and String objects",
            &[Feature::Wrappers, Feature::BigInts],
            Value::list(wrappers.map(Object::wrapper)),
        ),
        case(
            "dates",
            &[Feature::Dates],
            Value::list([-1.0, 0.0, f64::NAN].map(Value::date)),
        ),
        case(
            "a regular expression",
            &[Feature::RegExps],
            Object::reg_exp("a\\/b|[/]", "gi"),
        ),
    ]
}

fn objects() -> Vec<Case> {
    let holes = Object::array(20);
    holes.set(3, "three");
    holes.set(7, Value::Undefined);
    holes.set("extra", true);
    let sparse = Object::array(4_000_000_000);
    sparse.set(3_999_999_999, 1);
    let shared = Value::record([("n", 1)]);
    let cycle = Object::new();
    let list = [shared.clone(), shared, cycle.clone().into()];
    cycle.set("list", Value::list(list));
    let own_cause = Object::error(ErrorData {
        kind: NativeErrorKind::Error,
        message: None,
        stack: None,
        cause: None,
    });
    own_cause.set("cause", 1);
    let kinds = NativeErrorKind::ALL.map(|kind| error(kind, Some("no"), None));
    let keys = [("z", 1), ("10", 2), ("__proto__", 3), ("", 4), ("9", 5)];
    vec![
        case("an empty object", &[], Object::new()),
        case(
            "a property that is undefined",
            &[],
            Value::record([("a", Value::Undefined), ("b", true.into())]),
        ),
        case("an empty Array", &[], Object::array(0)),
        case(
            "names in order",
            &[],
            Value::record([("z", 1), ("a", 2), ("__proto__", 3), ("", 4)]),
        ),
        case(
            "indices before names",
            &[Feature::IndexKeys],
            Value::record(keys),
        ),
        case(
            "many objects alike",
            &[],
            Value::list((0..99).map(|n| Value::record([("a", n), ("b", -n)]))),
        ),
        case(
            "holes and a name in an Array",
            &[Feature::SparseArrays],
            holes,
        ),
        case(
            "a long Array with one element",
            &[Feature::SparseArrays],
            sparse,
        ),
        case("an object that occurs twice, and a cycle", &[], cycle),
        case(
            "errors of each kind",
            &[Feature::Errors],
            Value::list(kinds),
        ),
        case(
            "an error without a message, whose cause is undefined",
            &[Feature::Errors],
            error(NativeErrorKind::Error, None, Some(Value::Undefined)),
        ),
        case(
            "an error with a cause",
            &[Feature::Errors],
            error(NativeErrorKind::TypeError, Some(""), Some(Value::list([1]))),
        ),
    ]
}

fn collections() -> Vec<Case> {
    let map = [
        (Value::list([1]), f64::NAN.into()),
        (0.into(), Value::Undefined),
        ("b".into(), "a".into()),
    ];
    let set = [
        Value::from(3),
        "x".into(),
        Object::new().into(),
        f64::NAN.into(),
    ];
    let cycle = Object::map([]);
    let inner = Value::set([Value::from(cycle.clone())]);
    let cycle_in_map = Object::map([(1.into(), inner)]);
    vec![
        case("a Map", &[Feature::Maps], Value::map(map)),
        case("a Set", &[Feature::Sets], Value::set(set)),
        case(
            "collections within collections",
            &[Feature::Maps, Feature::Sets],
            cycle_in_map,
        ),
    ]
}

fn buffers() -> Vec<Case> {
    let buffer = Object::array_buffer((0..64).collect::<Vec<u8>>());
    let views = ViewKind::ALL.map(|kind| view(kind, &buffer, 8, Some(3)));
    let resizable = || Object::resizable_array_buffer([1, 2, 3, 4], 16);
    let shared = resizable();
    let fixed = Value::list([
        view(ViewKind::Uint8Array, &shared, 1, Some(2)),
        shared.into(),
    ]);
    vec![
        case("an empty buffer", &[Feature::Buffers], Value::bytes([])),
        case(
            "views of each kind on one buffer",
            &[Feature::Buffers],
            Value::list(views),
        ),
        case(
            "a resizable buffer",
            &[Feature::Buffers, Feature::ResizableBuffers],
            resizable(),
        ),
        case(
            "a view of fixed length on a resizable buffer",
            &[Feature::Buffers, Feature::ResizableBuffers],
            fixed,
        ),
        case(
            "a view that follows its buffer's length",
            &[
                Feature::Buffers,
                Feature::ResizableBuffers,
                Feature::LengthTrackingViews,
            ],
            view(ViewKind::Uint16Array, &resizable(), 2, None),
        ),
    ]
}
