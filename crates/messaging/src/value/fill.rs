//! Fills objects with values one by one, each in its final place.

use super::data::Data;
use super::packed::ROOM;
use super::{JsString, Object, Value};
use crate::structured_clone::{CloneError, Primitive, ValueReader};

impl Object {
    /// Writes values as long as they are primitives; see [`Heap::fill`](crate::Heap::fill).
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

    /// Writes one more value in its final place; see [`write`].
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

/// Writes a value into a slot that has no value yet.
///
/// OPTIMIZATION: each kind is written in place. A value that is built elsewhere and then moved
/// stalls the processor, because its parts are written one by one and then read as one block.
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

/// Overwrites `undefined`, which needs no drop.
#[inline(always)]
fn put(slot: &mut Value, value: Value) {
    std::mem::forget(std::mem::replace(slot, value));
}
