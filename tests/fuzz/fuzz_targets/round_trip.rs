//! Builds an object graph from the bytes, clones it, and compares the serialized forms of both.
#![no_main]

use framepost_messaging::Value;
use framepost_messaging::structured_clone::{BigInt, CodeUnits, structured_deserialize, structured_serialize};
use framepost_messaging::value::{JsString, Object, ValueHeap};
use libfuzzer_sys::fuzz_target;

/// Builds a graph. Each three bytes add a property to an object that already exists.
fn build(bytes: &[u8]) -> Vec<Object> {
    let mut objects = vec![Object::array(0)];
    for chunk in bytes.chunks(3) {
        let [what, key, with] = [0, 1, 2].map(|at| chunk.get(at).copied().unwrap_or(0));
        let target = objects[usize::from(key) % objects.len()].clone();
        let value = match what % 12 {
            0 => Value::Null,
            1 => Value::from(f64::from(with) / 2.0),
            2 => Value::from("text".repeat(usize::from(with % 20))),
            3 => JsString::from_units(CodeUnits::Utf16(&[0xd7f0 + u16::from(with)])).into(),
            4 => BigInt::from(-(i128::from(with) << 60)).into(),
            5 => objects[usize::from(with) % objects.len()].clone().into(),
            6 => Object::date(f64::from(with)).into(),
            7 => Value::bytes(vec![key; usize::from(with)]),
            8 => Value::map([(Value::from(key), Value::from(target.clone()))]),
            9 => Object::wrapper(Value::from(with)).into(),
            kind => {
                let object = match kind {
                    10 => Object::new(),
                    _ => Object::array(u32::from(with)),
                };
                objects.push(object.clone());
                object.into()
            }
        };
        if with % 2 == 0 {
            target.set(u32::from(with) * 7, value);
        } else {
            target.set(format!("k{}", with % 32), value);
        }
    }
    objects
}

fuzz_target!(|bytes: &[u8]| {
    let mut heap = ValueHeap::default();
    let objects = build(bytes);
    let root = Value::from(objects[0].clone());
    let written = structured_serialize(&mut heap, &root).expect("everything here is cloneable");
    let cloned = structured_deserialize(&mut heap, &written, &()).expect("what was written");
    let again = structured_serialize(&mut heap, &cloned).expect("what was read");
    assert_eq!(again.bytes(), written.bytes());
    for object in objects {
        object.clear();
    }
    if let Some(object) = cloned.as_object() {
        object.clear();
    }
});
