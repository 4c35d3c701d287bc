//! `TextEncoder` and `TextDecoder` ([Encoding, API](https://encoding.spec.whatwg.org/#api)), by
//! `encoding_rs`.

use boa_engine::object::builtins::JsUint8Array as Uint8Array;
use boa_engine::{Context, JsObject, JsResult, js_string};
use encoding_rs::Encoding;

use super::decoder::DecoderData;
use crate::boa::errors::{range_error, type_error};
use crate::webidl::buffer_source::{self, AllowSharedBufferSource};
use crate::webidl::{interface, platform};

interface! {
    /// The `TextEncoder` interface.
    [Exposed=*]
    interface TextEncoder {
        constructor() = || ();
        readonly attribute DOMString encoding = "utf-8";
        [NewObject] Uint8Array encode(optional USVString input = "") =
            |_, input, cx| buffer_source::uint8_array(input.as_bytes(), cx).map(JsObject::from);
        TextEncoderEncodeIntoResult encodeInto(USVString source, Uint8Array destination) =
            |_, source, destination, cx| encode_into(&source, &destination, cx);
    }

    /// The `TextDecoder` interface.
    [Exposed=*]
    interface TextDecoder(DecoderData) {
        constructor(optional DOMString label = "utf-8", optional TextDecoderOptions options = {}) =
            |label, options| new_decoder(&label, &options);
        readonly attribute DOMString encoding = |decoder| decoder.name();
        readonly attribute boolean fatal = .fatal;
        readonly attribute boolean ignoreBOM = .ignore_bom;
        USVString decode(optional AllowSharedBufferSource input, optional TextDecodeOptions options = {});
    }

    dictionary TextDecoderOptions {
        boolean fatal = false;
        boolean ignoreBOM = false;
    }

    dictionary TextDecodeOptions {
        boolean stream = false;
    }
}

/// [encodeInto](https://encoding.spec.whatwg.org/#dom-textencoder-encodeinto)
fn encode_into(source: &str, destination: &Uint8Array, cx: &mut Context) -> JsResult<JsObject> {
    let room = buffer_source::capacity(destination, cx)?;
    let (mut read, mut written) = (0, 0);
    for character in source.chars() {
        if written + character.len_utf8() > room {
            break;
        }
        written += character.len_utf8();
        read += character.len_utf16();
    }
    let bytes = source.as_bytes().get(..written).unwrap_or_default();
    buffer_source::write(destination, bytes, cx)?;
    let result = JsObject::with_object_proto(cx.intrinsics());
    result.create_data_property(js_string!("read"), read, cx)?;
    result.create_data_property(js_string!("written"), written, cx)?;
    Ok(result)
}

/// [The constructor](https://encoding.spec.whatwg.org/#dom-textdecoder)
pub(crate) fn new_decoder(label: &str, options: &TextDecoderOptions) -> JsResult<DecoderData> {
    // 1. and 2. The label names an encoding other than "replacement".
    let Some(encoding) = Encoding::for_label_no_replacement(label.as_bytes()) else {
        let message = format!("The encoding label provided ('{label}') is invalid.");
        return Err(range_error(message));
    };
    // 3. to 5. Store the options.
    Ok(DecoderData {
        encoding,
        fatal: options.fatal,
        ignore_bom: options.ignore_bom,
        decoder: None,
    })
}

/// [decode](https://encoding.spec.whatwg.org/#dom-textdecoder-decode)
fn decode(
    decoder: &JsObject,
    input: Option<AllowSharedBufferSource>,
    options: &TextDecodeOptions,
    cx: &mut Context,
) -> JsResult<String> {
    let bytes = input.map_or(Ok(Vec::new()), |input| input.0.bytes(cx))?;
    let decode = |data: &mut DecoderData| data.decode(&bytes, options.stream);
    platform::write(decoder, decode)?.ok_or_else(|| {
        let message = "The encoded data was not valid.";
        type_error(message)
    })
}
