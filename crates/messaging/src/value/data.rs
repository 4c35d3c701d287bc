//! The kinds of objects and their data.

use std::any::Any;
use std::rc::Rc;

use super::named::{Named, Shape};
use super::object::{ErrorData, Object};
use super::packed::{EMPTY, Packed, ROOM};
use super::properties::{Array, Ordinary, Own};
use super::{JsString, Value};
use crate::structured_clone::{BigInt, SharedData, ViewInfo};

pub(super) enum Data {
    /// A small plain object of this shape, or a small Array if there is no shape. The number of
    /// properties is fixed.
    ///
    /// OPTIMIZATION: most objects in messages are small and never change, and allocation is most of
    /// the cost of creating one. The fields are inline here because a separate type would make
    /// every object larger.
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
    // Detached if there are no bytes.
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
    /// Creates a plain object of this shape, or an Array, to be [filled](super::fill).
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

    /// Creates a plain object of this shape, or an Array, with these values.
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

    /// Converts packed data to the form that can change.
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

    /// Converts the data to the packed form, if possible.
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

    /// The properties of a plain object or an Array.
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
