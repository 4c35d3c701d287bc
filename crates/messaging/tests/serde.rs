//! Conversions between values and serde types.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use framepost_messaging::Value;
use framepost_messaging::structured_clone::{
    BigInt, CodeUnits, structured_deserialize, structured_serialize,
};
use framepost_messaging::value::{JsString, Object, SerdeError, ValueHeap, from_value, to_value};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Debug, PartialEq)]
enum Shape {
    Nothing,
    Circle(f64),
    Line((i32, i32), (i32, i32)),
    Named { name: String },
    Pair(i8, i8),
}

#[derive(Serialize, Deserialize, Debug, PartialEq)]
struct Wrapped(u32);

#[derive(Serialize, Deserialize, Debug, PartialEq)]
struct Everything {
    yes: bool,
    small: i8,
    large: u64,
    huge: i128,
    float: f64,
    letter: char,
    text: String,
    list: Vec<Option<u8>>,
    tuple: (u8, String),
    unit: (),
    wrapped: Wrapped,
    shapes: Vec<Shape>,
    by_name: BTreeMap<String, i32>,
    by_number: BTreeMap<u32, bool>,
}

#[test]
fn types_survive_conversion_and_cloning() {
    let everything = Everything {
        yes: true,
        small: -7,
        large: u64::MAX,
        huge: i128::MIN,
        float: 0.25,
        letter: '→',
        text: "häß 😀".to_owned(),
        list: vec![Some(1), None, Some(255)],
        tuple: (3, "t".to_owned()),
        unit: (),
        wrapped: Wrapped(9),
        shapes: vec![
            Shape::Nothing,
            Shape::Circle(1.0),
            Shape::Line((1, 2), (3, 4)),
            Shape::Named {
                name: "n".to_owned(),
            },
            Shape::Pair(-1, 1),
        ],
        by_name: BTreeMap::from([("b".to_owned(), 1), ("a".to_owned(), 2)]),
        by_number: BTreeMap::from([(7, true), (4_000_000_000, false)]),
    };
    let value = to_value(&everything).unwrap();
    assert_eq!(from_value::<Everything>(&value).unwrap(), everything);
    assert_eq!(
        value.get("large"),
        Some(BigInt::from(u64::MAX as i128).into())
    );
    assert_eq!(value.get("small"), Some(Value::from(-7)));
    let mut heap = ValueHeap::default();
    let message = structured_serialize(&mut heap, &value).unwrap();
    let arrived = structured_deserialize(&mut heap, &message, &()).unwrap();
    assert_eq!(from_value::<Everything>(&arrived).unwrap(), everything);
}

#[test]
fn kinds_of_values_that_only_script_creates_are_converted() {
    let map = Value::map([("a", 1), ("b", 2)]);
    let expected = BTreeMap::from([("a".to_owned(), 1), ("b".to_owned(), 2)]);
    assert_eq!(from_value::<BTreeMap<String, u8>>(&map).unwrap(), expected);
    let set = Value::set([1, 2]);
    assert_eq!(from_value::<Vec<u8>>(&set).unwrap(), [1, 2]);
    assert_eq!(
        from_value::<Vec<u8>>(&Value::bytes([1, 2])).unwrap(),
        [1, 2]
    );
    assert_eq!(from_value::<f64>(&Value::date(5.0)).unwrap(), 5.0);
    let boxed = Value::from(Object::wrapper("s".into()));
    assert_eq!(from_value::<String>(&boxed).unwrap(), "s");
    assert_eq!(from_value::<Option<u8>>(&Value::Null).unwrap(), None);
    assert_eq!(
        from_value::<f64>(&Value::from(-0.0)).unwrap().to_bits(),
        (-0.0_f64).to_bits()
    );
    assert!(from_value::<u8>(&Value::from(256)).is_err());
    assert!(from_value::<u8>(&Value::from(1.5)).is_err());
}

#[test]
fn unsupported_values_give_a_typed_error() {
    let lone = Value::from(JsString::from_units(CodeUnits::Utf16(&[0xd800])));
    assert!(matches!(
        from_value::<String>(&lone),
        Err(SerdeError::LoneSurrogate(_))
    ));
    let pattern = Value::from(Object::reg_exp("a", "g"));
    assert!(matches!(
        from_value::<String>(&pattern),
        Err(SerdeError::Unsupported(_))
    ));
    let holes = Value::from(Object::array(u32::MAX));
    assert!(matches!(
        from_value::<Vec<u8>>(&holes),
        Err(SerdeError::Unsupported(_))
    ));
    let keys = BTreeMap::from([(vec![1], 1)]);
    assert_eq!(to_value(&keys), Err(SerdeError::Key));
    assert!(matches!(
        from_value::<u8>(&"x".into()),
        Err(SerdeError::Custom(_))
    ));
}

#[derive(Serialize, Deserialize)]
struct Chain(Option<Box<Chain>>);

#[test]
fn depth_is_limited() {
    let cycle = Object::new();
    cycle.set("0", cycle.clone());
    let value = Value::from(cycle.clone());
    type Nested = BTreeMap<String, serde::de::IgnoredAny>;
    assert_eq!(
        from_value::<Nested>(&value).err(),
        Some(SerdeError::TooDeep)
    );
    cycle.clear();

    let mut chain = Chain(None);
    for _ in 0..10_000 {
        chain = Chain(Some(Box::new(chain)));
    }
    assert_eq!(to_value(&chain).err(), Some(SerdeError::TooDeep));
    // Taken apart in a loop, because dropping the chain would recurse.
    while let Some(inner) = chain.0.take() {
        chain = *inner;
    }
    let deep = (0..100_000).fold(Value::Null, |inner, _| Value::list([inner]));
    assert!(from_value::<serde::de::IgnoredAny>(&deep).is_err());
}
