//! `Debug` for values. Prints a form close to JavaScript source, and terminates on any value.

use std::fmt;

use super::data::Data;
use super::{Object, Value};
use crate::structured_clone::PropertyKey;

/// Objects below this depth are printed as `…`. This also limits the recursion of the printing.
const DEEPEST: usize = 6;
/// Elements beyond this number are only counted.
const LONGEST: usize = 100;

/// The objects that are being printed, outermost first.
#[derive(Clone, Copy)]
struct Path<'a> {
    object: &'a Object,
    depth: usize,
    outer: Option<&'a Path<'a>>,
}

impl Path<'_> {
    fn contains(&self, object: &Object) -> bool {
        self.object == object || self.outer.is_some_and(|outer| outer.contains(object))
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt_value(self, None, f)
    }
}

impl fmt::Debug for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt_object(self, None, f)
    }
}

fn fmt_value(value: &Value, path: Option<&Path<'_>>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match value {
        Value::Undefined => f.write_str("undefined"),
        Value::Null => f.write_str("null"),
        Value::Boolean(value) => write!(f, "{value}"),
        Value::Number(value) => write!(f, "{value}"),
        Value::BigInt(value) => write!(f, "{value:?}"),
        Value::String(value) => write!(f, "{value:?}"),
        Value::Object(object) => fmt_object(object, path, f),
    }
}

fn fmt_object(
    object: &Object,
    outer: Option<&Path<'_>>,
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    if outer.is_some_and(|outer| outer.contains(object)) {
        return f.write_str("<circular>");
    }
    let depth = outer.map_or(0, |outer| outer.depth + 1);
    if depth > DEEPEST {
        return f.write_str("…");
    }
    let path = Some(&Path {
        object,
        depth,
        outer,
    });
    // `Debug` may run while the object is being changed.
    let Ok(data) = object.0.data.try_borrow() else {
        return f.write_str("<in use>");
    };
    match &*data {
        data if data.is_ordinary() => fmt_properties(object, path, f),
        Data::Packed { .. } | Data::Ordinary(_) | Data::Array(_) => {
            let length = data.array_length().unwrap_or(0);
            if length as usize != object.keys().len() {
                write!(f, "Array({length}) ")?;
                return fmt_properties(object, path, f);
            }
            f.write_str("[")?;
            fmt_list(f, object.keys().into_iter(), |key, f| {
                fmt_value(&object.get(key).unwrap_or_default(), path, f)
            })?;
            f.write_str("]")
        }
        Data::Map(entries) => {
            f.write_str("Map {")?;
            fmt_list(f, entries.iter(), |(key, value), f| {
                fmt_value(key, path, f)?;
                f.write_str(" => ")?;
                fmt_value(value, path, f)
            })?;
            f.write_str("}")
        }
        Data::Set(values) => {
            f.write_str("Set {")?;
            fmt_list(f, values.iter(), |value, f| fmt_value(value, path, f))?;
            f.write_str("}")
        }
        Data::Boolean(value) => write!(f, "Boolean({value})"),
        Data::Number(value) => write!(f, "Number({value})"),
        Data::BigInt(value) => write!(f, "BigInt({value:?})"),
        Data::String(value) => write!(f, "String({value:?})"),
        Data::Date(time) => write!(f, "Date({time})"),
        Data::RegExp { source, flags } => write!(f, "/{source}/{flags}"),
        Data::Error(error) => {
            f.write_str(error.kind.name())?;
            if let Some(message) = &error.message {
                write!(f, ": {message}")?;
            }
            if let Some(cause) = &error.cause {
                f.write_str(" <cause: ")?;
                fmt_value(cause, path, f)?;
                f.write_str(">")?;
            }
            Ok(())
        }
        Data::ArrayBuffer { bytes, .. } => match bytes {
            Some(bytes) => write!(f, "ArrayBuffer({})", bytes.len()),
            None => f.write_str("ArrayBuffer(detached)"),
        },
        Data::SharedArrayBuffer(_) => f.write_str("SharedArrayBuffer"),
        Data::View(view) => {
            write!(f, "{:?}({}, ", view.kind, view.byte_offset)?;
            match view.length {
                Some(length) => write!(f, "{length}, ")?,
                None => f.write_str("to the end, ")?,
            }
            fmt_object(&view.buffer, path, f)?;
            f.write_str(")")
        }
        Data::Platform { interface, .. } => f.write_str(interface),
    }
}

fn fmt_properties(
    object: &Object,
    path: Option<&Path<'_>>,
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    f.write_str("{")?;
    fmt_list(f, object.keys().into_iter(), |key, f| {
        match &key {
            PropertyKey::Index(index) => write!(f, "{index}: ")?,
            PropertyKey::Name(name) => {
                let text = name.to_string_lossy();
                let plain = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
                if text.chars().all(plain) && !text.is_empty() {
                    write!(f, "{text}: ")?;
                } else {
                    write!(f, "{name:?}: ")?;
                }
            }
        }
        fmt_value(&object.get(key).unwrap_or_default(), path, f)
    })?;
    f.write_str("}")
}

fn fmt_list<T>(
    f: &mut fmt::Formatter<'_>,
    mut items: impl ExactSizeIterator<Item = T>,
    mut each: impl FnMut(T, &mut fmt::Formatter<'_>) -> fmt::Result,
) -> fmt::Result {
    for (number, item) in items.by_ref().take(LONGEST).enumerate() {
        if number > 0 {
            f.write_str(", ")?;
        }
        each(item, f)?;
    }
    match items.len() {
        0 => Ok(()),
        more => write!(f, ", … {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::structured_clone::NativeErrorKind;

    #[test]
    fn output_reads_like_script() {
        let value = Value::record([
            ("id", Value::from(1)),
            ("the name", Value::from("a\"b")),
            ("tags", Value::from(vec!["x", "y"])),
            ("map", Value::map([(1, true)])),
            ("set", Value::set([Value::Null, Value::Undefined])),
            ("bytes", Value::bytes([1, 2])),
            ("error", Value::error(NativeErrorKind::TypeError, "no")),
        ]);
        assert_eq!(
            format!("{value:?}"),
            "{id: 1, \"the name\": \"a\\\"b\", tags: [\"x\", \"y\"], map: Map {1 => true}, \
             set: Set {null, undefined}, bytes: ArrayBuffer(2), error: TypeError: no}"
        );
    }

    #[test]
    fn output_of_deep_long_and_cyclic_values_is_bounded() {
        let array = Object::array(3);
        array.set(1, 5);
        assert_eq!(format!("{array:?}"), "Array(3) {1: 5}");
        array.set(0, array.clone());
        assert_eq!(format!("{array:?}"), "Array(3) {0: <circular>, 1: 5}");
        array.clear();

        let deep = (0..100_000).fold(Value::Null, |inner, _| Value::list([inner]));
        assert_eq!(format!("{deep:?}"), "[[[[[[[…]]]]]]]");
        let long = format!("{:?}", Value::list(0..1000));
        assert!(long.ends_with(", 98, 99, … 900 more]"), "{long}");
    }
}
