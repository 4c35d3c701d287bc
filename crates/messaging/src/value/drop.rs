//! Drops object graphs without deep recursion: objects below a fixed depth go on a work list.

use std::rc::Rc;

use super::Value;
use super::data::Data;
use super::object::{Inner, Object};

/// Objects up to this depth are dropped recursively; deeper ones go on the list.
///
/// OPTIMIZATION: most messages are not deeper and need no list.
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

/// Drops the objects that `data` refers to, so that the drop of `data` drops no further objects.
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
            // The drop of `data` must not visit these values again.
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

/// Drops a reference to an object, and the object itself if the reference was the last.
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
