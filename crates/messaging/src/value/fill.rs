//! Objects that get their values one after the other, where they are to stay.

use super::data::Data;
use super::packed::ROOM;
use super::{JsString, Object, Value};
use crate::structured_clone::{CloneError, Primitive, ValueReader};

impl Object {
    /// Takes values as long as they are primitives: see [`Heap::fill`](crate::Heap::fill).
    #[inline(always)]
    pub(super) fn fill(&self, values: &mut ValueReader<'_, '_>) -> Result<(), CloneError> {
        let data = &mut *self.0.data.borrow_mut();
        if let Data::Packed {
            length,
            values: room,
            ..
        } = data
        {
            let filled = usize::from(*length);
            let mut more = 0;
            for slot in room.get_mut(filled..).unwrap_or_default() {
                let Some(primitive) = values.next_primitive()? else {
                    break;
                };
                write(slot, primitive);
                more += 1;
            }
            *length += more;
            if filled + usize::from(more) < ROOM {
                return Ok(());
            }
        }
        fill_many(data, values)
    }

    /// Takes one more value, which is made where it is to stay: see [`write`].
    #[inline(always)]
    pub(super) fn append(&self, make: impl FnOnce() -> Value) {
        let data = &mut *self.0.data.borrow_mut();
        if let Data::Packed {
            length,
            values: room,
            ..
        } = data
        {
            if let Some(slot) = room.get_mut(usize::from(*length)) {
                put(slot, make());
                *length += 1;
                return;
            }
            data.unpack();
        }
        append_many(data, make);
    }
}

#[inline(always)]
fn fill_many(data: &mut Data, values: &mut ValueReader<'_, '_>) -> Result<(), CloneError> {
    while let Some(primitive) = values.next_primitive()? {
        data.unpack();
        append_many(data, || {
            let mut value = Value::Undefined;
            write(&mut value, primitive);
            value
        });
    }
    Ok(())
}

#[inline(always)]
fn append_many(data: &mut Data, make: impl FnOnce() -> Value) {
    match data {
        Data::Ordinary(ordinary) => ordinary.named.append(make()),
        Data::Array(array) => {
            array.length = array.length.saturating_add(1);
            array.indexed.append(make());
        }
        _ => {}
    }
}

/// Writes a value where there is none yet.
///
/// OPTIMIZATION: each kind is written in its place. A value that is made elsewhere and moved there
/// at once makes a processor wait, since its parts are written one by one and then read together.
#[inline(always)]
fn write(slot: &mut Value, primitive: Primitive<'_>) {
    match primitive {
        Primitive::Undefined => {}
        Primitive::Null => put(slot, Value::Null),
        Primitive::Boolean(value) => put(slot, Value::Boolean(value)),
        Primitive::Number(value) => put(slot, Value::Number(value)),
        Primitive::BigInt(value) => put(slot, Value::BigInt(value)),
        Primitive::String(units) => match JsString::zeros(units) {
            Some((string, bytes)) => {
                put(slot, Value::String(string));
                if let Value::String(string) = slot {
                    string.set_bytes(bytes);
                }
            }
            None => put(slot, Value::String(JsString::from_units(units))),
        },
    }
}

/// Writes over `undefined`, which needs no drop.
#[inline(always)]
fn put(slot: &mut Value, value: Value) {
    std::mem::forget(std::mem::replace(slot, value));
}
