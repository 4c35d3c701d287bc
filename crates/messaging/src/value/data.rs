//! What an object is, and what it holds.

use std::any::Any;
use std::rc::Rc;

use super::named::{Named, Shape};
use super::object::{ErrorData, Object};
use super::packed::{EMPTY, Packed, ROOM};
use super::properties::{Array, Ordinary, Own};
use super::{JsString, Value};
use crate::structured_clone::{BigInt, SharedData, ViewInfo};

pub(super) enum Data {
    /// A plain object of this shape, or an Array if it has none: one with this many properties,
    /// which do not come and go.
    ///
    /// OPTIMIZATION: most objects in messages are small and never changed, and allocating is most
    /// of what it costs to make one. The fields stand here and not in a type of their own, where
    /// they would make every object larger.
    Packed {
        length: u8,
        shape: Option<Shape>,
        values: [Value; ROOM],
    },
    /// Any other plain object.
    Ordinary(Ordinary),
    /// Any other Array.
    Array(Array),
    Map(Vec<(Value, Value)>),
    Set(Vec<Value>),
    Boolean(bool),
    Number(f64),
    BigInt(BigInt),
    String(JsString),
    Date(f64),
    RegExp {
        source: JsString,
        flags: JsString,
    },
    Error(Box<ErrorData>),
    // No bytes: detached.
    ArrayBuffer {
        bytes: Option<Vec<u8>>,
        max_byte_length: Option<u64>,
    },
    SharedArrayBuffer(SharedData),
    View(Box<ViewInfo<Object>>),
    Platform {
        interface: &'static str,
        data: Rc<dyn Any>,
    },
}

impl Data {
    /// A plain object of this shape, or an Array, to be [filled](super::fill).
    #[inline]
    pub(super) fn to_fill(shape: Option<&Shape>) -> Self {
        match shape {
            Some(shape) if shape.as_ref().len() > ROOM => Self::Ordinary(Ordinary {
                named: Named::of(shape.clone(), std::iter::empty()),
                indexed: None,
            }),
            shape => Self::Packed {
                length: 0,
                shape: shape.cloned(),
                values: EMPTY,
            },
        }
    }

    /// A plain object of this shape, or an Array, of these values.
    pub(super) fn of(
        shape: Option<Shape>,
        mut values: impl ExactSizeIterator<Item = Value>,
    ) -> Self {
        if values.len() > ROOM {
            return Self::unpacked(shape, values);
        }
        Self::Packed {
            length: values.len() as u8,
            shape,
            values: std::array::from_fn(|_| values.next().unwrap_or_default()),
        }
    }

    fn unpacked(shape: Option<Shape>, values: impl ExactSizeIterator<Item = Value>) -> Self {
        match shape {
            Some(shape) => Self::Ordinary(Ordinary {
                named: Named::of(shape, values),
                indexed: None,
            }),
            None => Self::Array(Array::of(values)),
        }
    }

    /// Makes room for changes.
    pub(super) fn unpack(&mut self) {
        let Self::Packed {
            length,
            shape,
            values,
        } = self
        else {
            return;
        };
        let (length, shape) = (usize::from(*length), shape.take());
        let values = std::mem::take(values).into_iter().take(length);
        *self = Self::unpacked(shape, values);
    }

    /// The other way round, if that is possible.
    pub(super) fn pack(&mut self) {
        let packed = match self {
            Self::Ordinary(ordinary) => ordinary.take_few(),
            Self::Array(array) => array.take_few().map(|values| (None, values)),
            _ => None,
        };
        if let Some((shape, values)) = packed {
            *self = Self::of(shape.map(Shape::shared), values.into_iter());
        }
    }

    /// The properties, if it is a plain object or an Array.
    #[inline]
    pub(super) fn own(&self) -> Option<Own<'_>> {
        match self {
            Self::Packed {
                length,
                shape,
                values,
            } => Some(Own::Packed(Packed {
                shape: shape.as_ref(),
                values: values.get(..usize::from(*length)).unwrap_or_default(),
            })),
            Self::Ordinary(ordinary) => Some(Own::Other(ordinary.parts())),
            Self::Array(array) => Some(Own::Other(array.parts())),
            _ => None,
        }
    }

    /// The `length` of an Array.
    #[inline]
    pub(super) fn array_length(&self) -> Option<u32> {
        match self {
            Self::Packed {
                length,
                shape: None,
                ..
            } => Some(u32::from(*length)),
            Self::Array(array) => Some(array.length),
            _ => None,
        }
    }

    #[inline]
    pub(super) fn is_ordinary(&self) -> bool {
        matches!(
            self,
            Self::Packed { shape: Some(_), .. } | Self::Ordinary(_)
        )
    }
}
