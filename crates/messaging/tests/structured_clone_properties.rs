//! Tests structured clone with random graphs and hostile bytes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![allow(clippy::mutable_key_type, reason = "objects are hashed by identity")]

use std::collections::HashMap;

use framepost_messaging::Value;
use framepost_messaging::structured_clone::{
    BigInt, CloneError, CloneLimits, CodeUnits, NativeErrorKind, Serialized, ViewInfo, ViewKind,
    structured_deserialize, structured_serialize,
};
use framepost_messaging::value::{ErrorData, JsString, Object, ValueHeap};
use proptest::prelude::*;

/// A graph as data. Nodes refer to each other by number, so cycles and sharing occur by chance.
#[derive(Clone, Debug)]
enum Node {
    Record(Vec<(String, Edge)>),
    List(u32, Vec<(u32, Edge)>),
    Map(Vec<(Edge, Edge)>),
    Set(Vec<Edge>),
    Error(usize, Option<Edge>),
    Date(f64),
    Wrapper(Edge),
    Buffer(Vec<u8>, Option<u64>),
    View(usize, usize),
}

#[derive(Clone, Debug)]
enum Edge {
    Node(usize),
    Number(f64),
    Text(Vec<u16>),
    Big(i128),
    Bool(bool),
    Null,
    Undefined,
}

fn edge() -> impl Strategy<Value = Edge> {
    prop_oneof![
        4 => any::<usize>().prop_map(Edge::Node),
        1 => any::<f64>().prop_map(Edge::Number),
        1 => (-100_i32..100).prop_map(|n| Edge::Number(n.into())),
        1 => prop::collection::vec(any::<u16>(), 0..30).prop_map(Edge::Text),
        1 => any::<i128>().prop_map(Edge::Big),
        1 => any::<bool>().prop_map(Edge::Bool),
        1 => Just(Edge::Null),
        1 => Just(Edge::Undefined),
    ]
}

fn node() -> impl Strategy<Value = Node> {
    let edges = || prop::collection::vec(edge(), 0..6);
    let name = prop_oneof!["[a-d]{0,2}", "[0-9]{1,3}", ".{0,3}"];
    let index = prop_oneof![
        0..8_u32,
        0..300_u32,
        any::<u32>().prop_map(|n| n.min(u32::MAX - 1))
    ];
    prop_oneof![
        prop::collection::vec((name, edge()), 0..20).prop_map(Node::Record),
        (0..10_u32, prop::collection::vec((index, edge()), 0..10))
            .prop_map(|(length, items)| Node::List(length, items)),
        prop::collection::vec((edge(), edge()), 0..4).prop_map(Node::Map),
        edges().prop_map(Node::Set),
        (0..7_usize, prop::option::of(edge())).prop_map(|(kind, cause)| Node::Error(kind, cause)),
        any::<f64>().prop_map(Node::Date),
        edge().prop_map(Node::Wrapper),
        (
            prop::collection::vec(any::<u8>(), 0..40),
            prop::option::of(0..100_u64)
        )
            .prop_map(|(bytes, more)| Node::Buffer(bytes, more)),
        (0..13_usize, any::<usize>()).prop_map(|(kind, buffer)| Node::View(kind, buffer)),
    ]
}

/// Builds the graph. The first node is the root.
fn build(nodes: &[Node]) -> Vec<Object> {
    // Some kinds of objects get their contents only on creation, so they cannot refer to later
    // nodes.
    let mut objects: Vec<Object> = Vec::new();
    for node in nodes {
        let value = |edge: &Edge| match edge {
            Edge::Node(_) => Value::Null,
            edge => resolve(edge, &objects),
        };
        objects.push(match node {
            Node::Record(_) => Object::new(),
            Node::List(length, _) => Object::array(*length),
            Node::Map(entries) => Object::map(
                entries
                    .iter()
                    .map(|(key, entry)| (resolve(key, &objects), resolve(entry, &objects))),
            ),
            Node::Set(values) => Object::set_of(values.iter().map(|edge| resolve(edge, &objects))),
            Node::Error(kind, cause) => Object::error(ErrorData {
                kind: NativeErrorKind::ALL[*kind],
                message: Some("m".into()),
                stack: None,
                cause: cause.as_ref().map(|edge| resolve(edge, &objects)),
            }),
            Node::Date(time) => Object::date(*time),
            Node::Wrapper(edge) => Object::wrapper(value(edge)),
            Node::Buffer(bytes, None) => Object::array_buffer(bytes.clone()),
            Node::Buffer(bytes, Some(more)) => {
                Object::resizable_array_buffer(bytes.clone(), bytes.len() as u64 + more)
            }
            Node::View(kind, buffer) => {
                let buffers: Vec<&Object> = objects
                    .iter()
                    .filter(|object| object.bytes().is_some())
                    .collect();
                let found = buffers.get(buffer % buffers.len().max(1));
                let buffer = match found {
                    Some(buffer) if buffer.view_info().is_none() => (*buffer).clone(),
                    _ => Object::array_buffer([0; 16]),
                };
                let kind = ViewKind::ALL[*kind];
                let tracks = buffer.max_byte_length().is_some();
                let length = buffer.bytes().unwrap().len() as u64 / kind.element_size();
                Object::view(ViewInfo {
                    kind,
                    buffer,
                    byte_offset: 0,
                    length: (!tracks).then_some(length),
                    out_of_bounds: false,
                })
            }
        });
    }
    for (node, object) in nodes.iter().zip(&objects) {
        match node {
            Node::Record(properties) => {
                for (name, edge) in properties {
                    object.set(name.as_str(), resolve(edge, &objects));
                }
            }
            Node::List(_, items) => {
                for (index, edge) in items {
                    object.set(*index, resolve(edge, &objects));
                }
            }
            _ => {}
        }
    }
    objects
}

fn resolve(edge: &Edge, objects: &[Object]) -> Value {
    match edge {
        Edge::Node(number) if objects.is_empty() => Value::from(*number as f64),
        Edge::Node(number) => objects[number % objects.len()].clone().into(),
        Edge::Number(number) => Value::from(*number),
        Edge::Text(units) => JsString::from_units(CodeUnits::Utf16(units)).into(),
        Edge::Big(value) => BigInt::from(*value).into(),
        Edge::Bool(value) => Value::from(*value),
        Edge::Null => Value::Null,
        Edge::Undefined => Value::Undefined,
    }
}

/// Asserts that two graphs are equal, identities included, and share no object.
fn assert_isomorphic(a: &Value, b: &Value) {
    let mut pairs: HashMap<Object, Object> = HashMap::new();
    let mut back: HashMap<Object, Object> = HashMap::new();
    let mut stack = vec![(a.clone(), b.clone())];
    while let Some((a, b)) = stack.pop() {
        let (Value::Object(a), Value::Object(b)) = (&a, &b) else {
            match (&a, &b) {
                (Value::Number(a), Value::Number(b)) => {
                    assert!(a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan()));
                }
                _ => assert_eq!(a, b),
            }
            continue;
        };
        assert_ne!(a, b, "an object was not cloned");
        match (pairs.get(a), back.get(b)) {
            (None, None) => {}
            (known, known_back) => {
                assert_eq!((known, known_back), (Some(b), Some(a)), "identities differ");
                continue;
            }
        }
        pairs.insert(a.clone(), b.clone());
        back.insert(b.clone(), a.clone());
        let shape = |object: &Object| {
            let view = object.view_info();
            (
                object.array_length(),
                object.wrapped().map(|value| format!("{value:?}")),
                object.time_value().map(|time| format!("{time}")),
                object.error_data().map(|error| (error.kind, error.message)),
                view.map(|view| (view.kind, view.byte_offset, view.length)),
                (object.bytes(), object.max_byte_length()),
                (
                    object.keys(),
                    object.map_entries().is_some(),
                    object.set_values().is_some(),
                ),
            )
        };
        assert_eq!(shape(a), shape(b));
        let children = |object: &Object| -> Vec<Value> {
            let mut children: Vec<Value> = object
                .keys()
                .into_iter()
                .map(|key| object.get(key).unwrap())
                .collect();
            let entries = object.map_entries().unwrap_or_default();
            children.extend(entries.into_iter().flat_map(|(key, value)| [key, value]));
            children.extend(object.set_values().unwrap_or_default());
            children.extend(object.error_data().and_then(|error| error.cause));
            children.extend(object.view_info().map(|view| Value::from(view.buffer)));
            children
        };
        let (a, b) = (children(a), children(b));
        assert_eq!(a.len(), b.len());
        stack.extend(a.into_iter().zip(b));
    }
}

proptest! {
    #[test]
    fn random_graphs_are_cloned(nodes in prop::collection::vec(node(), 1..24)) {
        let objects = build(&nodes);
        let root = Value::list(objects.iter().cloned());
        let mut heap = ValueHeap::default();
        let serialized = structured_serialize(&mut heap, &root).unwrap();
        let cloned = structured_deserialize(&mut heap, &serialized, &()).unwrap();
        assert_isomorphic(&root, &cloned);
        // The clone serializes to the same bytes.
        let again = structured_serialize(&mut heap, &cloned).unwrap();
        prop_assert_eq!(again.bytes(), serialized.bytes());
        for element in cloned.elements().unwrap() {
            element.as_object().unwrap().clear();
        }
        for object in objects {
            object.clear();
        }
    }

    #[test]
    fn random_bytes_are_read_or_refused(tail in prop::collection::vec(any::<u8>(), 0..200)) {
        let bytes = [&[0xfb, 2, 1, 0], &tail[..]].concat();
        read(bytes);
    }

    #[test]
    fn random_tags_are_read_or_refused(tail in prop::collection::vec(
        prop_oneof![0_u8..5, 0x10_u8..0x33, 0x40_u8..0x44, 0x80_u8..0x84, 0xc0_u8..0xc4], 0..200,
    )) {
        let bytes = [&[0xfb, 2, 1, 0], &tail[..]].concat();
        read(bytes);
    }
}

/// Reads hostile bytes. Every value read can be written and read again.
fn read(bytes: Vec<u8>) {
    let mut heap = ValueHeap {
        limits: CloneLimits::DEFAULT.with_objects(10_000),
    };
    let result = structured_deserialize(&mut heap, &Serialized::from_bytes(bytes), &());
    match result {
        Ok(value) => {
            let _ = format!("{value:?}");
            match structured_serialize(&mut heap, &value) {
                Ok(serialized) => {
                    let again = structured_deserialize(&mut heap, &serialized, &()).unwrap();
                    assert_isomorphic(&value, &again);
                    clear(&again);
                }
                // A view may arrive out of the bounds of its resizable buffer.
                Err(error) => assert_eq!(error, CloneError::OutOfBoundsView, "{value:?}"),
            }
            clear(&value);
        }
        Err(error) => assert!(
            matches!(
                error,
                CloneError::Malformed { .. } | CloneError::NotExposed(_)
            ),
            "{error}"
        ),
    }
}

fn clear(value: &Value) {
    if let Some(object) = value.as_object() {
        object.clear();
    }
}

/// Creates a value that contains every kind of value.
fn everything() -> Value {
    let buffer = Object::resizable_array_buffer([1, 2, 3, 4, 5, 6, 7, 8], 32);
    let view = |kind, length| {
        Object::view(ViewInfo {
            kind,
            buffer: buffer.clone(),
            byte_offset: 0,
            length,
            out_of_bounds: false,
        })
    };
    let array = Object::array(9);
    array.set(3, "three");
    array.set("extra", f64::NAN);
    Value::record([
        ("undefined", Value::Undefined),
        ("numbers", Value::list([0.0, -0.0, 1.5, 70.0, -3.0])),
        ("big", BigInt::from(-(1_i128 << 90)).into()),
        ("strings", Value::list(["é", "→ wide", &"long".repeat(30)])),
        ("array", array.into()),
        ("same", Value::list([buffer.clone(), buffer.clone()])),
        ("view", view(ViewKind::Float32Array, Some(2)).into()),
        ("tracking", view(ViewKind::DataView, None).into()),
        (
            "map",
            Value::map([(Value::date(5.0), Object::reg_exp("a+", "g"))]),
        ),
        (
            "set",
            Value::set([Object::wrapper(true.into()), Object::wrapper("s".into())]),
        ),
        ("7", Object::wrapper(2.5.into()).into()),
        (
            "error",
            Object::error(ErrorData {
                kind: NativeErrorKind::TypeError,
                message: Some("message".into()),
                stack: Some("stack".into()),
                cause: Some(Object::wrapper(BigInt::from(5).into()).into()),
            })
            .into(),
        ),
    ])
}

#[test]
fn every_truncation_is_an_error() {
    let serialized = structured_serialize(&mut ValueHeap::default(), &everything()).unwrap();
    let bytes = serialized.bytes();
    for length in 0..bytes.len() {
        let cut = Serialized::from_bytes(bytes[..length].to_vec());
        let error = structured_deserialize(&mut ValueHeap::default(), &cut, &()).unwrap_err();
        assert!(
            matches!(error, CloneError::Malformed { .. }),
            "{length}: {error}"
        );
    }
    let longer = [bytes, &[0]].concat();
    let error = structured_deserialize(
        &mut ValueHeap::default(),
        &Serialized::from_bytes(longer),
        &(),
    );
    assert!(error.is_err());
}

#[test]
fn every_mutated_message_is_read_or_refused() {
    let serialized = structured_serialize(&mut ValueHeap::default(), &everything()).unwrap();
    let bytes = serialized.bytes();
    for position in 0..bytes.len() {
        // Each bit flipped, and special values: end tags, references, large numbers.
        let flipped = (0..8).map(|bit| bytes[position] ^ (1 << bit));
        for byte in flipped.chain([0, 1, 2, 0x19, 0x2e, 0x2f, 0x80, 0xff]) {
            let mut mutated = bytes.to_vec();
            mutated[position] = byte;
            read(mutated);
        }
    }
}

#[test]
fn declared_lengths_are_not_trusted() {
    // Declares an array of 2³² − 1 elements, a buffer and a string of that size, but supplies no
    // data.
    for tail in [
        &[0x2b, 0xff, 0xff, 0xff, 0xff, 0x0f][..],
        &[0x17, 0xff, 0xff, 0xff, 0xff, 0x0f],
        &[0x18, 0xff, 0xff, 0xff, 0xff, 0x0f],
        &[0x16, 0, 0xff, 0xff, 0xff, 0xff, 0x0f],
    ] {
        let bytes = [&[0xfb, 2, 0, 0], tail].concat();
        let result = structured_deserialize(
            &mut ValueHeap::default(),
            &Serialized::from_bytes(bytes),
            &(),
        );
        assert!(
            matches!(result, Err(CloneError::Malformed { .. })),
            "{tail:?}"
        );
    }
    let array = [0xfb, 2, 0, 0, 0x21, 0xff, 0xff, 0xff, 0xff, 0x0f, 0x01].to_vec();
    let array = structured_deserialize(
        &mut ValueHeap::default(),
        &Serialized::from_bytes(array),
        &(),
    );
    assert_eq!(
        array.unwrap().as_object().unwrap().array_length(),
        Some(u32::MAX)
    );
}

#[test]
fn messages_of_another_version_are_refused() {
    for header in [[0xfb, 1], [0xfb, 3], [0xfa, 2]] {
        let bytes = [&header[..], &[0, 0, 0x11]].concat();
        let result = structured_deserialize(
            &mut ValueHeap::default(),
            &Serialized::from_bytes(bytes),
            &(),
        );
        assert!(result.is_err(), "{header:?}");
    }
}
