//! Buffers and views of byte streams
//! ([Streams, miscellaneous operations](https://streams.spec.whatwg.org/#misc-abstract-ops)).

use boa_engine::object::builtins::{AlignedVec, JsArrayBuffer};
use boa_engine::{Context, Finalize, JsObject, JsResult, JsValue, Trace};
use framepost_messaging::structured_clone::{ViewInfo, ViewKind};

use crate::boa::array_buffer::is_detached;
use crate::boa::errors::type_error;
use crate::boa::intrinsics;
use crate::webidl::convert::{FromJs, Place};
use crate::webidl::types::Category;

/// The type of a view.
#[derive(Clone, Copy, Debug, Trace, Finalize)]
#[boa_gc(empty_trace)]
pub(super) struct Kind(#[unsafe_ignore_trace] ViewKind);

impl Kind {
    pub(super) const UINT8_ARRAY: Self = Self(ViewKind::Uint8Array);

    /// The size of an element; 1 for a `DataView`.
    pub(super) fn element_size(self) -> usize {
        usize::try_from(self.0.element_size()).unwrap_or(1).max(1)
    }
}

/// An `ArrayBufferView`.
#[derive(Clone)]
pub(crate) struct View {
    pub(super) kind: Kind,
    pub(super) buffer: JsObject,
    pub(super) byte_offset: usize,
    pub(super) byte_length: usize,
}

impl View {
    /// The view that an object is.
    pub(super) fn find(object: &JsObject, cx: &mut Context) -> JsResult<Option<Self>> {
        let Some(info) = framepost_boa::view(object, cx)? else {
            return Ok(None);
        };
        let kind = Kind(info.kind);
        let is_there = !info.out_of_bounds;
        let length = info.length.filter(|_| is_there).unwrap_or(0);
        let number = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        Ok(Some(Self {
            kind,
            buffer: info.buffer,
            byte_offset: number(info.byte_offset),
            byte_length: number(length).saturating_mul(kind.element_size()),
        }))
    }

    /// The view that an object has to be.
    pub(super) fn of(object: &JsObject, cx: &mut Context) -> JsResult<Self> {
        Self::find(object, cx)?.ok_or_else(|| type_error("The object is not a view."))
    }

    /// Whether its buffer is detached.
    pub(super) fn is_detached(&self) -> bool {
        is_detached(&self.buffer) == Some(true)
    }

    /// The byte length of its buffer.
    pub(super) fn buffer_length(&self) -> usize {
        byte_length(&self.buffer)
    }
}

impl FromJs for View {
    const CATEGORY: Category =
        Category::Objects(|object, cx| Ok(Self::find(object, cx)?.is_some()));

    fn from_js(value: &JsValue, place: Place<'_>, cx: &mut Context) -> JsResult<Self> {
        let found = match value.as_object() {
            Some(object) => Self::find(&object, cx)?,
            None => None,
        };
        let view = found
            .filter(|view| is_detached(&view.buffer).is_some())
            .ok_or_else(|| place.is_not("ArrayBufferView"))?;
        match !view.is_detached() && intrinsics::max_byte_length(&view.buffer, cx)?.is_some() {
            true => Err(place.is_resizable()),
            false => Ok(view),
        }
    }
}

/// The byte length of an `ArrayBuffer`; 0 if it is detached.
pub(super) fn byte_length(buffer: &JsObject) -> usize {
    JsArrayBuffer::from_object(buffer.clone())
        .ok()
        .and_then(|buffer| Some(buffer.data()?.len()))
        .unwrap_or(0)
}

/// [TransferArrayBuffer](https://streams.spec.whatwg.org/#transfer-array-buffer)
pub(super) fn transfer_array_buffer(buffer: &JsObject, cx: &mut Context) -> JsResult<JsObject> {
    // 1. to 3. Take the bytes. A detached buffer throws.
    let buffer = JsArrayBuffer::from_object(buffer.clone())?;
    let block = buffer.detach(&JsValue::undefined())?;
    // 4. The new buffer has them.
    Ok(JsArrayBuffer::from_byte_block(block, cx)?.into())
}

/// [CanTransferArrayBuffer](https://streams.spec.whatwg.org/#can-transfer-array-buffer)
pub(super) fn can_transfer_array_buffer(buffer: &JsObject) -> bool {
    is_detached(buffer) == Some(false)
}

/// A copy of a part of a buffer.
fn part(buffer: &JsObject, offset: usize, length: usize) -> JsResult<Vec<u8>> {
    let buffer = JsArrayBuffer::from_object(buffer.clone())?;
    let bytes = buffer.data();
    let part = bytes.as_deref().and_then(|bytes| {
        let end = offset.checked_add(length)?;
        bytes.get(offset..end)
    });
    part.map(<[u8]>::to_vec)
        .ok_or_else(|| type_error("The buffer of the view is detached or too short."))
}

/// [CloneArrayBuffer](https://tc39.es/ecma262/#sec-clonearraybuffer)
pub(super) fn clone_array_buffer(
    buffer: &JsObject,
    offset: usize,
    length: usize,
    cx: &mut Context,
) -> JsResult<JsObject> {
    let bytes = part(buffer, offset, length)?;
    let block = AlignedVec::from_slice(0, &bytes);
    Ok(JsArrayBuffer::from_byte_block(block, cx)?.into())
}

/// [CloneAsUint8Array](https://streams.spec.whatwg.org/#abstract-opdef-cloneasuint8array)
pub(super) fn clone_as_uint8_array(view: &View, cx: &mut Context) -> JsResult<JsObject> {
    let buffer = clone_array_buffer(&view.buffer, view.byte_offset, view.byte_length, cx)?;
    construct_view(Kind::UINT8_ARRAY, buffer, 0, view.byte_length, cx)
}

/// [CopyDataBlockBytes](https://tc39.es/ecma262/#sec-copydatablockbytes)
pub(super) fn copy_bytes(
    to: &JsObject,
    to_offset: usize,
    from: &JsObject,
    from_offset: usize,
    length: usize,
) -> JsResult<()> {
    let bytes = part(from, from_offset, length)?;
    let to = JsArrayBuffer::from_object(to.clone())?;
    let mut room = to.data_mut();
    let room = room
        .as_deref_mut()
        .and_then(|room| room.get_mut(to_offset..to_offset.checked_add(length)?));
    match room {
        Some(room) => {
            room.copy_from_slice(&bytes);
            Ok(())
        }
        None => Err(type_error(
            "The buffer of the view is detached or too short.",
        )),
    }
}

/// Creates an `ArrayBuffer` of this length, or throws if there is too little memory.
pub(super) fn new_array_buffer(length: f64, cx: &mut Context) -> JsResult<JsObject> {
    let constructor = cx.intrinsics().constructors().array_buffer().constructor();
    constructor.construct(&[JsValue::from(length)], None, cx)
}

/// Constructs a view of `length` elements.
pub(super) fn construct_view(
    kind: Kind,
    buffer: JsObject,
    byte_offset: usize,
    length: usize,
    cx: &mut Context,
) -> JsResult<JsObject> {
    let info = ViewInfo {
        kind: kind.0,
        buffer,
        byte_offset: byte_offset as u64,
        length: Some(length as u64),
        out_of_bounds: false,
    };
    let realm = cx.realm().clone();
    framepost_boa::create_view(info, &realm, cx)
        .map_err(|_| type_error("The buffer of the view is detached or too short."))
}
