//! The end of objects: however deep the graph that only one of them holds, it is taken apart with
//! a list of what is left to do.

use std::rc::Rc;

use super::Value;
use super::data::Data;
use super::object::{Inner, Object};

/// As deep is an object taken apart where it is; what lies deeper goes on the list.
///
/// OPTIMIZATION: most messages are no deeper, and need no list.
const DEPTH: u32 = 8;

impl Drop for Inner {
    fn drop(&mut self) {
        let mut rest = Vec::new();
        dismantle(self.data.get_mut(), DEPTH, &mut rest);
        while let Some(object) = rest.pop() {
            take_apart(object, DEPTH, &mut rest);
        }
    }
}

/// Drops the objects that `data` refers to, so that its own drop leads to no further ones.
fn dismantle(data: &mut Data, depth: u32, rest: &mut Vec<Object>) {
    let mut drop_value = |value: &mut Value| {
        if value.is_object()
            && let Value::Object(object) = std::mem::take(value)
        {
            take_apart(object, depth, rest);
        }
    };
    match data {
        Data::Packed { length, values, .. } => {
            let values = values.iter_mut().take(usize::from(*length));
            // What is taken apart already is not looked through again by its own drop.
            *length = 0;
            values.for_each(drop_value);
        }
        Data::Ordinary(ordinary) => ordinary.each_value(&mut drop_value),
        Data::Array(array) => array.each_value(&mut drop_value),
        Data::Map(entries) => {
            for (key, value) in entries {
                drop_value(key);
                drop_value(value);
            }
        }
        Data::Set(entries) => entries.iter_mut().for_each(drop_value),
        Data::Error(error) => error.cause.iter_mut().for_each(drop_value),
        Data::View(_) => {
            if let Data::View(view) = std::mem::replace(data, Data::Boolean(false)) {
                take_apart(view.buffer, depth, rest);
            }
        }
        _ => {}
    }
}

/// Drops a reference to an object; with the object, if that was the last one.
fn take_apart(mut object: Object, depth: u32, rest: &mut Vec<Object>) {
    let Some(inner) = Rc::get_mut(&mut object.0) else {
        return;
    };
    if depth == 0 {
        rest.push(object);
        return;
    }
    dismantle(inner.data.get_mut(), depth - 1, rest);
}
