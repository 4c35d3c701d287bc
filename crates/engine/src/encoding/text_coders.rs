//! `TextEncoder` and `TextDecoder` ([Encoding, API](https://encoding.spec.whatwg.org/#api)), by
//! `encoding_rs`.

use boa_engine::object::builtins::JsUint8Array as Uint8Array;
use boa_engine::{Context, JsObject, JsResult, js_string};
use encoding_rs::{CoderResult, Decoder, DecoderResult, Encoding};

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
            |label, options| construct(&label, &options);
        readonly attribute DOMString encoding = |decoder| decoder.encoding.name().to_ascii_lowercase();
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

/// The data of a `TextDecoder`.
#[derive(boa_engine::Trace, boa_engine::Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct DecoderData {
    #[unsafe_ignore_trace]
    encoding: &'static Encoding,
    #[unsafe_ignore_trace]
    fatal: bool,
    #[unsafe_ignore_trace]
    ignore_bom: bool,
    /// The decoder for the next call: set while "do not flush" is set.
    #[unsafe_ignore_trace]
    decoder: Option<Decoder>,
}

/// [The constructor](https://encoding.spec.whatwg.org/#dom-textdecoder)
fn construct(label: &str, options: &TextDecoderOptions) -> JsResult<DecoderData> {
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

impl DecoderData {
    /// Decodes; `None` if the bytes are invalid and errors are fatal.
    fn decode(&mut self, bytes: &[u8], stream: bool) -> Option<String> {
        let mut decoder = self.decoder.take().unwrap_or_else(|| {
            if self.ignore_bom {
                self.encoding.new_decoder_without_bom_handling()
            } else {
                self.encoding.new_decoder_with_bom_removal()
            }
        });
        let decoded = if self.fatal {
            decode_or_fail(&mut decoder, bytes, !stream)
        } else {
            Some(decode_with_replacement(&mut decoder, bytes, !stream))
        };
        self.decoder = stream.then_some(decoder);
        decoded
    }
}

fn decode_with_replacement(decoder: &mut Decoder, mut bytes: &[u8], last: bool) -> String {
    let mut text = String::new();
    loop {
        text.reserve(decoder.max_utf8_buffer_length(bytes.len()).unwrap_or(64));
        let (result, read, _) = decoder.decode_to_string(bytes, &mut text, last);
        bytes = bytes.get(read..).unwrap_or_default();
        if result == CoderResult::InputEmpty {
            return text;
        }
    }
}

fn decode_or_fail(decoder: &mut Decoder, mut bytes: &[u8], last: bool) -> Option<String> {
    let mut text = String::new();
    loop {
        let room = decoder.max_utf8_buffer_length_without_replacement(bytes.len());
        text.reserve(room.unwrap_or(64));
        let (result, read) = decoder.decode_to_string_without_replacement(bytes, &mut text, last);
        bytes = bytes.get(read..).unwrap_or_default();
        match result {
            DecoderResult::InputEmpty => return Some(text),
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(..) => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::DecoderData;

    fn decoder(label: &str, fatal: bool, ignore_bom: bool) -> DecoderData {
        let encoding = encoding_rs::Encoding::for_label(label.as_bytes()).unwrap();
        DecoderData {
            encoding,
            fatal,
            ignore_bom,
            decoder: None,
        }
    }

    #[test]
    fn decoder_continues_a_stream_where_it_stopped() {
        let mut utf8 = decoder("utf-8", false, false);
        assert_eq!(utf8.decode(b"\xef\xbb", true).as_deref(), Some(""));
        assert_eq!(utf8.decode(b"\xbfa\xe2\x82", true).as_deref(), Some("a"));
        assert_eq!(utf8.decode(b"\xac", false).as_deref(), Some("\u{20ac}"));
        assert_eq!(utf8.decode(b"\xe2\x82", false).as_deref(), Some("\u{fffd}"));
    }

    #[test]
    fn a_byte_order_mark_stays_if_it_is_to_be_ignored() {
        let mark = b"\xef\xbb\xbfx";
        assert_eq!(
            decoder("utf8", false, true).decode(mark, false).as_deref(),
            Some("\u{feff}x")
        );
        assert_eq!(
            decoder("utf8", false, false).decode(mark, false).as_deref(),
            Some("x")
        );
    }

    #[test]
    fn wrong_bytes_are_fatal_or_replaced() {
        assert_eq!(decoder("utf-8", true, false).decode(b"a\xff", false), None);
        assert_eq!(decoder("utf-8", true, false).decode(b"a\xc3", false), None);
        let mut lenient = decoder("utf-8", false, false);
        assert_eq!(
            lenient.decode(b"a\xffb", false).as_deref(),
            Some("a\u{fffd}b")
        );
        let mut utf16 = decoder("utf-16le", false, false);
        assert_eq!(
            utf16.decode(b"a\0\x3d\xd8", false).as_deref(),
            Some("a\u{fffd}")
        );
    }
}
