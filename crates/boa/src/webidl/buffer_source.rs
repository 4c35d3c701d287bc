//! [Buffer source types](https://webidl.spec.whatwg.org/#js-buffer-source-types): reads bytes from
//! JavaScript's buffers and writes bytes into them.

use boa_engine::object::builtins::{
    AlignedVec, JsArrayBuffer, JsDataView, JsFloat32Array, JsFloat64Array, JsSharedArrayBuffer,
    JsTypedArray, JsUint8Array,
};
use boa_engine::{Context, JsObject, JsResult, JsValue};

use super::convert::{FromJs, Place};
use super::types::Category;
use crate::boa::intrinsics;

/// A buffer, or a view with its buffer.
#[derive(Clone, Debug)]
enum Source {
    Buffer(JsObject),
    TypedArray(JsObject),
    DataView(JsObject),
}

/// A value of the type `BufferSource` or `AllowSharedBufferSource`. A resizable buffer is no `BufferSource`.
#[derive(Clone, Debug)]
pub struct BufferSource(Source);

impl BufferSource {
    /// Converts an object to a buffer source, if it is one. Shared memory is refused.
    pub fn new(object: &JsObject, ctx: &mut Context) -> JsResult<Option<Self>> {
        let Some(source) = Self::allow_shared(object) else {
            return Ok(None);
        };
        let (buffer, _, _) = source.parts(ctx)?;
        Ok(JsArrayBuffer::from_object(buffer).is_ok().then_some(source))
    }

    /// Like [`new`](Self::new), but accepts shared memory.
    pub fn allow_shared(object: &JsObject) -> Option<Self> {
        let is_buffer = JsArrayBuffer::from_object(object.clone()).is_ok()
            || JsSharedArrayBuffer::from_object(object.clone()).is_ok();
        if is_buffer {
            return Some(Self(Source::Buffer(object.clone())));
        }
        if JsTypedArray::from_object(object.clone()).is_ok() {
            return Some(Self(Source::TypedArray(object.clone())));
        }
        JsDataView::from_object(object.clone()).ok()?;
        Some(Self(Source::DataView(object.clone())))
    }

    /// The buffer, the byte offset, and the byte length. Without a length, the range covers the
    /// rest.
    fn parts(&self, ctx: &mut Context) -> JsResult<(JsObject, usize, Option<usize>)> {
        let (buffer, object, offset, length) = match &self.0 {
            Source::Buffer(object) => return Ok((object.clone(), 0, None)),
            Source::TypedArray(object) => {
                let array = JsTypedArray::from_object(object.clone())?;
                (
                    array.buffer(ctx)?,
                    object,
                    array.byte_offset(ctx)?,
                    array.byte_length(ctx)?,
                )
            }
            Source::DataView(object) => {
                let view = JsDataView::from_object(object.clone())?;
                // Both throw if the buffer is detached or has become too short.
                let offset = view.byte_offset(ctx).unwrap_or(0);
                let length = view.byte_length(ctx).unwrap_or(0);
                let saturated = |number| usize::try_from(number).unwrap_or(usize::MAX);
                (
                    view.buffer(ctx)?,
                    object,
                    saturated(offset),
                    saturated(length),
                )
            }
        };
        let buffer = buffer.as_object().unwrap_or_else(|| object.clone());
        Ok((buffer, offset, Some(length)))
    }

    /// [Get a copy of the bytes held by the buffer
    /// source](https://webidl.spec.whatwg.org/#dfn-get-buffer-source-copy). Empty if the buffer is
    /// detached.
    pub fn bytes(&self, ctx: &mut Context) -> JsResult<Vec<u8>> {
        let (buffer, offset, length) = self.parts(ctx)?;
        if let Ok(shared) = JsSharedArrayBuffer::from_object(buffer.clone()) {
            return Ok(part(&shared.to_vec(), offset, length).to_vec());
        }
        let buffer = JsArrayBuffer::from_object(buffer)?;
        let data = buffer.data();
        Ok(part(data.as_deref().unwrap_or_default(), offset, length).to_vec())
    }
}

impl FromJs for BufferSource {
    const CATEGORY: Category = Category::Objects(|object, cx| Ok(Self::new(object, cx)?.is_some()));

    fn from_js(value: &JsValue, place: Place<'_>, cx: &mut Context) -> JsResult<Self> {
        let source = match value.as_object() {
            Some(object) => Self::new(&object, cx)?,
            None => None,
        };
        let source = source.ok_or_else(|| place.is_not("BufferSource"))?;
        let (buffer, _, _) = source.parts(cx)?;
        match is_resizable(&buffer, cx)? {
            true => Err(place.is_resizable()),
            false => Ok(source),
        }
    }
}

/// Whether a buffer is resizable, so that only a type with `[AllowResizable]` accepts it.
fn is_resizable(buffer: &JsObject, cx: &mut Context) -> JsResult<bool> {
    let is_shared = JsArrayBuffer::from_object(buffer.clone()).is_err();
    Ok(!is_shared && intrinsics::max_byte_length(buffer, cx)?.is_some())
}

/// Whether an object is a typed array whose buffer is resizable.
pub fn is_view_of_resizable(object: &JsObject, cx: &mut Context) -> JsResult<bool> {
    let Ok(array) = JsTypedArray::from_object(object.clone()) else {
        return Ok(false);
    };
    let buffer = array.buffer(cx)?.as_object();
    buffer.map_or(Ok(false), |buffer| is_resizable(&buffer, cx))
}

/// A value of the type `AllowSharedBufferSource`.
// IMPLEMENTATION-DEFINED: it may be resizable, as in Chromium.
#[derive(Debug)]
pub struct AllowSharedBufferSource(pub BufferSource);

impl FromJs for AllowSharedBufferSource {
    const CATEGORY: Category =
        Category::Objects(|object, _| Ok(BufferSource::allow_shared(object).is_some()));

    fn from_js(value: &JsValue, place: Place<'_>, _: &mut Context) -> JsResult<Self> {
        let object = value.as_object();
        let source = object.as_ref().and_then(BufferSource::allow_shared);
        source.map(Self).ok_or_else(|| place.is_not("BufferSource"))
    }
}

/// Implements the conversions for typed arrays. Import them under their Web IDL names.
macro_rules! typed_arrays {
    ($($array:ident: $name:literal),*) => {
        $(
            impl FromJs for $array {
                const CATEGORY: Category =
                    Category::Objects(|object, _| Ok(Self::from_object(object.clone()).is_ok()));

                fn from_js(value: &JsValue, place: Place<'_>, cx: &mut Context) -> JsResult<Self> {
                    let array = value.as_object().and_then(|object| Self::from_object(object).ok());
                    let array = array.ok_or_else(|| place.is_not($name))?;
                    match is_view_of_resizable(&array, cx)? {
                        true => Err(place.is_resizable()),
                        false => Ok(array),
                    }
                }
            }
        )*
    };
}

typed_arrays! {
    JsFloat32Array: "Float32Array",
    JsFloat64Array: "Float64Array",
    JsTypedArray: "ArrayBufferView",
    JsUint8Array: "Uint8Array"
}

/// The range of `bytes`; empty if `bytes` has become too short for it.
fn part(bytes: &[u8], offset: usize, length: Option<usize>) -> &[u8] {
    let end = length.map_or(bytes.len(), |length| offset.saturating_add(length));
    bytes.get(offset..end).unwrap_or_default()
}

/// The byte length of a `Uint8Array`: [view, byte
/// length](https://webidl.spec.whatwg.org/#buffersource-byte-length).
pub fn capacity(array: &JsUint8Array, ctx: &mut Context) -> JsResult<usize> {
    array.byte_length(ctx)
}

/// [Write](https://webidl.spec.whatwg.org/#arraybuffer-write) bytes to the start of a `Uint8Array`,
/// which must be large enough.
pub fn write(array: &JsUint8Array, bytes: &[u8], ctx: &mut Context) -> JsResult<()> {
    let buffer = array.buffer(ctx)?.as_object();
    if let Some(Ok(buffer)) = buffer.map(JsArrayBuffer::from_object) {
        let offset = array.byte_offset(ctx)?;
        if let Some(mut data) = buffer.data_mut()
            && let Some(room) = data.get_mut(offset..offset.saturating_add(bytes.len()))
        {
            room.copy_from_slice(bytes);
        }
        return Ok(());
    }
    // Shared memory is written element by element.
    let array = JsObject::from(array.clone());
    for (index, byte) in bytes.iter().enumerate() {
        array.set(index, *byte, false, ctx)?;
    }
    Ok(())
}

/// Creates an `ArrayBuffer` in the current realm with a copy of these bytes.
pub fn array_buffer(bytes: &[u8], ctx: &mut Context) -> JsResult<JsArrayBuffer> {
    JsArrayBuffer::from_byte_block(AlignedVec::from_slice(0, bytes), ctx)
}

/// Creates a `Uint8Array` in the current realm with a copy of these bytes.
pub fn uint8_array(bytes: &[u8], ctx: &mut Context) -> JsResult<JsUint8Array> {
    let buffer = array_buffer(bytes, ctx)?;
    JsUint8Array::from_array_buffer(buffer, ctx)
}
