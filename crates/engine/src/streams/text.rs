//! `TextEncoderStream` and `TextDecoderStream`
//! ([Encoding, interface mixins of streams](https://encoding.spec.whatwg.org/#interface-textencoderstream)).

use boa_engine::{Context, Finalize, JsResult, JsString, JsValue, Trace};
use boa_gc::{Gc, GcRefCell};

use super::generic_transform::{
    GENERIC_TRANSFORM_STREAM, GenericTransform, HasTransform, enqueue_bytes, set_up,
};
use super::transform_controller::{
    TransformController, transform_stream_default_controller_enqueue,
};
use super::transform_stream::Transform;
use crate::boa::errors::type_error;
use crate::encoding::decoder::DecoderData;
use crate::encoding::text_coders::{TextDecoderOptions, new_decoder};
use crate::webidl::buffer_source::AllowSharedBufferSource;
use crate::webidl::convert::{FromJs, Place};
use crate::webidl::interface;

/// The data of a `TextDecoderStream`.
#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct DecoderStreamData {
    transform: Transform,
    encoding: String,
    fatal: bool,
    ignore_bom: bool,
}

impl HasTransform for DecoderStreamData {
    fn transform(&self) -> &Transform {
        &self.transform
    }
}

interface! {
    /// The `TextEncoderStream` interface.
    [Exposed=*]
    interface TextEncoderStream(GenericTransform) {
        constructor() = |cx| construct_encoder(cx);
        readonly attribute DOMString encoding = "utf-8";
    }

    TextEncoderStream includes GENERIC_TRANSFORM_STREAM;

    /// The `TextDecoderStream` interface.
    [Exposed=*]
    interface TextDecoderStream(DecoderStreamData) {
        constructor(optional DOMString label = "utf-8", optional TextDecoderOptions options = {}) =
            |label: String, options, cx| construct_decoder(&label, &options, cx);
        readonly attribute DOMString encoding = .encoding;
        readonly attribute boolean fatal = .fatal;
        readonly attribute boolean ignoreBOM = .ignore_bom;
    }

    TextDecoderStream includes GENERIC_TRANSFORM_STREAM;
}

/// The [leading surrogate](https://encoding.spec.whatwg.org/#textencoderstream-pending-high-surrogate) of an encoder.
type LeadingSurrogate = Gc<GcRefCell<Option<u16>>>;

/// [The constructor](https://encoding.spec.whatwg.org/#dom-textencoderstream) of `TextEncoderStream`
fn construct_encoder(cx: &mut Context) -> JsResult<GenericTransform> {
    // 1. to 5. The stream encodes.
    let state = LeadingSurrogate::new(GcRefCell::new(None));
    Ok(GenericTransform(set_up(
        state,
        encode_and_enqueue_a_chunk,
        encode_and_flush,
        cx,
    )?))
}

/// [Encode and enqueue a chunk](https://encoding.spec.whatwg.org/#encode-and-enqueue-a-chunk)
fn encode_and_enqueue_a_chunk(
    cx: &mut Context,
    leading: &LeadingSurrogate,
    controller: &TransformController,
    chunk: &JsValue,
) -> JsResult<()> {
    // 1. and 2. Convert the chunk to code units.
    let text: JsString = chunk.to_string(cx)?;
    // 3. and 4. Convert them to scalar values, and encode these. A leading surrogate at the end waits.
    let mut units: Vec<u16> = leading.borrow_mut().take().into_iter().collect();
    units.extend(text.iter());
    if let Some(last) = units.pop_if(|last| (0xd800..0xdc00).contains(last)) {
        *leading.borrow_mut() = Some(last);
    }
    enqueue_bytes(controller, String::from_utf16_lossy(&units).as_bytes(), cx)
}

/// [Encode and flush](https://encoding.spec.whatwg.org/#encode-and-flush)
fn encode_and_flush(
    cx: &mut Context,
    leading: &LeadingSurrogate,
    controller: &TransformController,
) -> JsResult<()> {
    // 1. A leading surrogate that waits stands alone.
    let waits = leading.borrow_mut().take().is_some();
    match waits {
        true => enqueue_bytes(controller, "\u{fffd}".as_bytes(), cx),
        false => Ok(()),
    }
}

/// The decoder of a stream.
type Decoder = Gc<GcRefCell<DecoderData>>;

/// [The constructor](https://encoding.spec.whatwg.org/#dom-textdecoderstream) of `TextDecoderStream`
fn construct_decoder(
    label: &str,
    options: &TextDecoderOptions,
    cx: &mut Context,
) -> JsResult<DecoderStreamData> {
    // 1. to 5. The label names an encoding.
    let decoder = new_decoder(label, options)?;
    let encoding = decoder.name();
    let decoder = Decoder::new(GcRefCell::new(decoder));
    // 6. to 10. The stream decodes.
    Ok(DecoderStreamData {
        transform: set_up(decoder, decode_and_enqueue_a_chunk, flush_and_enqueue, cx)?,
        encoding,
        fatal: options.fatal,
        ignore_bom: options.ignore_bom,
    })
}

/// [Decode and enqueue a chunk](https://encoding.spec.whatwg.org/#decode-and-enqueue-a-chunk)
fn decode_and_enqueue_a_chunk(
    cx: &mut Context,
    decoder: &Decoder,
    controller: &TransformController,
    chunk: &JsValue,
) -> JsResult<()> {
    // 1. and 2. Take the bytes.
    let source = AllowSharedBufferSource::from_js(chunk, Place::Argument(0), cx)?;
    let bytes = source.0.bytes(cx)?;
    // 3. and 4. Decode them.
    decode(cx, decoder, controller, &bytes, true)
}

/// [Flush and enqueue](https://encoding.spec.whatwg.org/#flush-and-enqueue)
fn flush_and_enqueue(
    cx: &mut Context,
    decoder: &Decoder,
    controller: &TransformController,
) -> JsResult<()> {
    // 1. and 2. Decode what is left.
    decode(cx, decoder, controller, &[], false)
}

fn decode(
    cx: &mut Context,
    decoder: &Decoder,
    controller: &TransformController,
    bytes: &[u8],
    stream: bool,
) -> JsResult<()> {
    let decoded = decoder.borrow_mut().decode(bytes, stream);
    let Some(text) = decoded else {
        return Err(type_error("The encoded data was not valid."));
    };
    if text.is_empty() {
        return Ok(());
    }
    let chunk = JsValue::from(JsString::from(text.as_str()));
    transform_stream_default_controller_enqueue(controller, &chunk, cx)
}
