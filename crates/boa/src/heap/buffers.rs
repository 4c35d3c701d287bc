//! Array buffers and their views, for structured clone.

use boa_engine::builtins::array_buffer::{ArrayBuffer, SharedArrayBuffer};
use boa_engine::builtins::dataview::DataView;
use boa_engine::builtins::typed_array::{TypedArray, TypedArrayKind};
use boa_engine::object::builtins::{
    AlignedVec, JsArrayBuffer, JsDataView, JsSharedArrayBuffer, JsTypedArray,
};
use boa_engine::realm::Realm;
use boa_engine::{Context, JsNativeError, JsObject, JsResult, JsValue};
use framepost_messaging::structured_clone::{
    BufferInfo, ByteBlock, CloneError, Failure, SharedData, ViewInfo, ViewKind, take_block,
};

use crate::boa::collection::buffer_received;
use crate::boa::intrinsics;
use crate::webidl::realm::in_realm;

/// Boa's block of bytes. Its alignment differs from that of a `Vec`, so the block moves as it is.
struct Block(AlignedVec<u8>);

impl ByteBlock for Block {
    fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// Returns the lengths of an `ArrayBuffer`, or `None` for any other object.
pub(super) fn info(object: &JsObject, ctx: &mut Context) -> JsResult<Option<BufferInfo>> {
    let Some(length) = object
        .downcast_ref::<ArrayBuffer>()
        .map(|buffer| buffer.data().map(<[u8]>::len))
    else {
        return Ok(None);
    };
    Ok(Some(BufferInfo {
        byte_length: length.unwrap_or(0) as u64,
        max_byte_length: match length {
            Some(_) => intrinsics::max_byte_length(object, ctx)?,
            None => None,
        },
        detached: length.is_none(),
    }))
}

/// Whether the object is a `SharedArrayBuffer`.
pub(super) fn is_shared(object: &JsObject) -> bool {
    object.is::<SharedArrayBuffer>()
}

/// Appends the bytes of an `ArrayBuffer`.
pub(super) fn append(object: &JsObject, bytes: &mut Vec<u8>) {
    if let Some(buffer) = object.downcast_ref::<ArrayBuffer>() {
        bytes.extend_from_slice(buffer.data().unwrap_or_default());
    }
}

/// Returns the memory of a `SharedArrayBuffer`.
pub(super) fn share(object: &JsObject) -> JsResult<SharedData> {
    let buffer = JsSharedArrayBuffer::from_object(object.clone())?;
    Ok(std::sync::Arc::new(buffer.inner()))
}

/// Detaches an `ArrayBuffer` and returns its memory.
pub(super) fn detach(object: &JsObject) -> JsResult<Box<dyn ByteBlock>> {
    let buffer = JsArrayBuffer::from_object(object.clone())?;
    Ok(Box::new(Block(buffer.detach(&JsValue::undefined())?)))
}

/// Returns the length of a view's buffer, or `None` if it is detached.
fn length_of(buffer: &JsObject) -> Option<usize> {
    if let Some(buffer) = buffer.downcast_ref::<ArrayBuffer>() {
        return buffer.data().map(<[u8]>::len);
    }
    JsSharedArrayBuffer::from_object(buffer.clone())
        .ok()
        .map(|buffer| buffer.byte_length())
}

/// Returns the state of a typed array or a `DataView`, or `None` for any other object.
pub fn view(object: &JsObject, ctx: &mut Context) -> JsResult<Option<ViewInfo<JsObject>>> {
    let not_a_buffer = || JsNativeError::typ().with_message("the view has no buffer");
    if let Ok(array) = JsTypedArray::from_object(object.clone()) {
        let buffer = array.buffer(ctx)?.as_object().ok_or_else(not_a_buffer)?;
        return Ok(typed_array(object, buffer));
    }
    if !object.is::<DataView>() {
        return Ok(None);
    }
    let view = JsDataView::from_object(object.clone())?;
    let buffer = view.buffer(ctx)?.as_object().ok_or_else(not_a_buffer)?;
    // Both throw if the buffer is detached or has become too short.
    let lengths = view
        .byte_offset(ctx)
        .and_then(|offset| Ok((offset, view.byte_length(ctx)?)));
    let Ok((byte_offset, length)) = lengths else {
        let out_of_bounds = true;
        let kind = ViewKind::DataView;
        return Ok(Some(ViewInfo {
            kind,
            buffer,
            byte_offset: 0,
            length: None,
            out_of_bounds,
        }));
    };
    let tracks = tracks_length(&view, &buffer, byte_offset, length, ctx)?;
    Ok(Some(ViewInfo {
        kind: ViewKind::DataView,
        buffer,
        byte_offset,
        length: (!tracks).then_some(length),
        out_of_bounds: false,
    }))
}

fn typed_array(object: &JsObject, buffer: JsObject) -> Option<ViewInfo<JsObject>> {
    let array = object.downcast_ref::<TypedArray>()?;
    let kind = match array.kind() {
        TypedArrayKind::Int8 => ViewKind::Int8Array,
        TypedArrayKind::Uint8 => ViewKind::Uint8Array,
        TypedArrayKind::Uint8Clamped => ViewKind::Uint8ClampedArray,
        TypedArrayKind::Int16 => ViewKind::Int16Array,
        TypedArrayKind::Uint16 => ViewKind::Uint16Array,
        TypedArrayKind::Int32 => ViewKind::Int32Array,
        TypedArrayKind::Uint32 => ViewKind::Uint32Array,
        TypedArrayKind::BigInt64 => ViewKind::BigInt64Array,
        TypedArrayKind::BigUint64 => ViewKind::BigUint64Array,
        TypedArrayKind::Float32 => ViewKind::Float32Array,
        TypedArrayKind::Float64 => ViewKind::Float64Array,
        TypedArrayKind::Float16 => ViewKind::Float16Array,
    };
    // Boa does not expose whether the array tracks its buffer's length. A tracking array would
    // have different lengths over two imaginary huge buffers.
    let (large, larger) = (1_usize << 52, (1_usize << 52) + 64);
    let fixed = array.array_length(large) == array.array_length(larger);
    let length = fixed.then(|| array.array_length(large));
    let byte_offset = array.byte_offset();
    let end = byte_offset + length.unwrap_or(0) * kind.element_size();
    let out_of_bounds = length_of(&buffer).is_none_or(|bytes| end > bytes as u64);
    drop(array);
    Some(ViewInfo {
        kind,
        buffer,
        byte_offset,
        length,
        out_of_bounds,
    })
}

/// Whether a `DataView` tracks the length of its buffer.
///
/// Boa does not expose that. The function makes the buffer one byte longer or shorter for a moment
/// and compares the view's lengths. A `SharedArrayBuffer` cannot shrink, so its view is recognized
/// by Boa's debug output.
fn tracks_length(
    view: &JsDataView,
    buffer: &JsObject,
    byte_offset: u64,
    length: u64,
    ctx: &mut Context,
) -> JsResult<bool> {
    let Some(info) = info(buffer, ctx)? else {
        let view: JsObject = view.clone().into();
        let printed = view
            .downcast_ref::<DataView>()
            .map(|view| format!("{:?}", *view));
        return Ok(printed.is_some_and(|text| text.contains("byte_length: None")));
    };
    let bytes = info.byte_length;
    let Some(most) = info
        .max_byte_length
        .filter(|_| byte_offset + length == bytes)
    else {
        return Ok(false);
    };
    let resize = |length: u64| match buffer.downcast_mut::<ArrayBuffer>() {
        Some(mut buffer) => buffer.resize(length),
        None => Ok(()),
    };
    if bytes < most {
        resize(bytes + 1)?;
        let tracks = view.byte_length(ctx).is_ok_and(|now| now != length);
        resize(bytes)?;
        return Ok(tracks);
    }
    if length == 0 {
        // The view is empty and the buffer cannot grow: script cannot observe the difference.
        return Ok(true);
    }
    let array_buffer = JsArrayBuffer::from_object(buffer.clone())?;
    let last = array_buffer.data().and_then(|bytes| bytes.last().copied());
    resize(bytes - 1)?;
    // Only a view of fixed length is out of bounds now.
    let tracks = view.byte_length(ctx).is_ok();
    resize(bytes)?;
    if let (Some(mut data), Some(last)) = (array_buffer.data_mut(), last)
        && let Some(end) = data.last_mut()
    {
        *end = last;
    }
    Ok(tracks)
}

/// Creates an `ArrayBuffer` with a copy of `bytes`.
pub(super) fn create(
    bytes: &[u8],
    max_byte_length: Option<u64>,
    realm: &Realm,
    ctx: &mut Context,
) -> Result<JsObject, Failure<boa_engine::JsError>> {
    from_block(
        AlignedVec::from_slice(0, bytes),
        max_byte_length,
        realm,
        ctx,
    )
}

/// Creates an `ArrayBuffer` on a moved block.
pub(super) fn receive(
    block: Box<dyn ByteBlock>,
    max_byte_length: Option<u64>,
    realm: &Realm,
    ctx: &mut Context,
) -> Result<JsObject, Failure<boa_engine::JsError>> {
    match take_block::<Block>(block) {
        Ok(block) => from_block(block.0, max_byte_length, realm, ctx),
        Err(block) => create(block.bytes(), max_byte_length, realm, ctx),
    }
}

fn from_block(
    block: AlignedVec<u8>,
    max_byte_length: Option<u64>,
    realm: &Realm,
    ctx: &mut Context,
) -> Result<JsObject, Failure<boa_engine::JsError>> {
    if let Some(most) = max_byte_length
        && isize::try_from(most).is_err()
    {
        return Err(CloneError::OutOfMemory(most).into());
    }
    buffer_received(block.len());
    let buffer = in_realm(ctx, realm, |ctx| JsArrayBuffer::from_byte_block(block, ctx))
        .map_err(Failure::Heap)?;
    Ok(match max_byte_length {
        Some(most) => buffer.with_max_byte_length(most),
        None => buffer,
    }
    .into())
}

/// Creates a `SharedArrayBuffer` on memory that another heap of this kind shares.
pub(super) fn create_shared(
    memory: &SharedData,
    realm: &Realm,
    ctx: &mut Context,
) -> Result<JsObject, Failure<boa_engine::JsError>> {
    let memory: &(dyn std::any::Any + Send + Sync) = &**memory;
    let Some(memory) = memory.downcast_ref::<SharedArrayBuffer>() else {
        return Err(CloneError::NotExposed("SharedArrayBuffer".to_owned()).into());
    };
    let memory = memory.clone();
    Ok(in_realm(ctx, realm, |ctx| {
        JsSharedArrayBuffer::from_buffer(memory, ctx)
    })
    .into())
}

/// Creates a typed array or a `DataView`.
pub fn create_view(
    view: ViewInfo<JsObject>,
    realm: &Realm,
    ctx: &mut Context,
) -> Result<JsObject, Failure<boa_engine::JsError>> {
    let constructors = realm.intrinsics().constructors();
    let constructor = match view.kind {
        ViewKind::Int8Array => constructors.typed_int8_array(),
        ViewKind::Uint8Array => constructors.typed_uint8_array(),
        ViewKind::Uint8ClampedArray => constructors.typed_uint8clamped_array(),
        ViewKind::Int16Array => constructors.typed_int16_array(),
        ViewKind::Uint16Array => constructors.typed_uint16_array(),
        ViewKind::Int32Array => constructors.typed_int32_array(),
        ViewKind::Uint32Array => constructors.typed_uint32_array(),
        ViewKind::Float16Array => constructors.typed_float16_array(),
        ViewKind::Float32Array => constructors.typed_float32_array(),
        ViewKind::Float64Array => constructors.typed_float64_array(),
        ViewKind::BigInt64Array => constructors.typed_bigint64_array(),
        ViewKind::BigUint64Array => constructors.typed_biguint64_array(),
        ViewKind::DataView => constructors.data_view(),
        other => return Err(CloneError::NotExposed(format!("{other:?}")).into()),
    }
    .constructor();
    let arguments = [
        view.buffer.into(),
        JsValue::from(view.byte_offset as f64),
        view.length
            .map_or_else(JsValue::undefined, |length| JsValue::from(length as f64)),
    ];
    // The constructor refuses only a buffer that has become shorter than its view.
    in_realm(ctx, realm, |ctx| {
        constructor.construct(&arguments, None, ctx)
    })
    .map_err(|_| CloneError::OutOfBoundsView.into())
}

#[cfg(test)]
mod tests {
    use boa_gc::{Finalize, Gc, Trace, WeakGc};

    use super::*;

    #[derive(Trace, Finalize)]
    struct Garbage;

    #[test]
    fn received_buffers_cause_a_collection() {
        const BYTES: usize = 1 << 20;
        let ctx = &mut Context::default();
        let realm = ctx.realm().clone();
        let mut receive = |count: usize| {
            let garbage = WeakGc::new(&Gc::new(Garbage));
            for _ in 0..count {
                let block = AlignedVec::from_slice(0, &[7; BYTES]);
                assert!(from_block(block, None, &realm, ctx).is_ok());
            }
            garbage.upgrade().is_none()
        };
        assert!(!receive(2), "two small ones need none");
        assert!(receive(20), "20 MiB of buffers were received");
    }

    #[test]
    fn transferred_block_is_moved_not_copied() {
        let ctx = &mut Context::default();
        let realm = ctx.realm().clone();
        let bytes = AlignedVec::from_slice(0, &[7; 4096]);
        let address = bytes.as_ptr();
        let Ok(sent) = from_block(bytes, None, &realm, ctx) else {
            panic!("a buffer of 4096 bytes");
        };
        let block = detach(&sent).expect("not detached");
        assert_eq!(crate::boa::array_buffer::is_detached(&sent), Some(true));
        assert_eq!(block.bytes().as_ptr(), address);
        let Ok(received) = receive(block, None, &realm, ctx) else {
            panic!("a buffer of 4096 bytes");
        };
        let buffer = received.downcast_ref::<ArrayBuffer>().expect("a buffer");
        let data = buffer.data().expect("not detached");
        assert_eq!((data.as_ptr(), data.len()), (address, 4096));
    }
}
