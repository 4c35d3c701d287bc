//! `TextEncoder` and `TextDecoder` ([Encoding, API](https://encoding.spec.whatwg.org/#api)), by
//! `encoding_rs`.

use boa_engine::object::builtins::JsUint8Array;
use boa_engine::{Context, JsNativeError, JsObject, JsResult, JsString, JsValue, js_string};
use encoding_rs::{CoderResult, Decoder, DecoderResult, Encoding};

use crate::webidl::buffer_source;
use crate::webidl::buffer_source::BufferSource;
use crate::webidl::convert::{Dictionary, argument, js_str, optional, usv_string};
use crate::webidl::platform;
use crate::webidl::{Interface, Member, NewTarget};

/// The `TextEncoder` interface.
pub(crate) static TEXT_ENCODER: Interface = Interface {
    constructor: Some((0, |target, _, ctx| target.create((), ctx))),
    members: &[&[
        Member::Attribute("encoding", |_, _| Ok(js_str("utf-8")), None),
        Member::Operation("encode", 0, encode),
        Member::Operation("encodeInto", 2, encode_into),
    ]],
    ..Interface::new("TextEncoder")
};

/// The `TextDecoder` interface.
pub(crate) static TEXT_DECODER: Interface = Interface {
    constructor: Some((0, construct_decoder)),
    members: &[&[
        Member::Attribute(
            "encoding",
            |this, _| {
                read(this, |data| {
                    js_str(data.encoding.name().to_ascii_lowercase())
                })
            },
            None,
        ),
        Member::Attribute(
            "fatal",
            |this, _| read(this, |data| data.fatal.into()),
            None,
        ),
        Member::Attribute(
            "ignoreBOM",
            |this, _| read(this, |data| data.ignore_bom.into()),
            None,
        ),
        Member::Operation("decode", 0, decode),
    ]],
    ..Interface::new("TextDecoder")
};

/// [TextEncoder, encode](https://encoding.spec.whatwg.org/#dom-textencoder-encode)
fn encode(_: &JsObject, args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let input = optional(args, 0).map_or(Ok(String::new()), |input| usv_string(input, ctx))?;
    Ok(buffer_source::uint8_array(input.as_bytes(), ctx)?.into())
}

/// [TextEncoder, encodeInto](https://encoding.spec.whatwg.org/#dom-textencoder-encodeinto)
fn encode_into(_: &JsObject, args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let source = usv_string(&argument(args, 0), ctx)?;
    let destination = argument(args, 1).as_object().map(JsUint8Array::from_object);
    let Some(Ok(destination)) = destination else {
        return Err(JsNativeError::typ()
            .with_message("The destination is not of type 'Uint8Array'.")
            .into());
    };
    let room = buffer_source::capacity(&destination, ctx)?;
    let mut written = 0;
    let mut read = 0;
    for character in source.chars() {
        if written + character.len_utf8() > room {
            break;
        }
        written += character.len_utf8();
        read += character.len_utf16();
    }
    let bytes = source.as_bytes().get(..written).unwrap_or_default();
    buffer_source::write(&destination, bytes, ctx)?;
    let result = JsObject::with_object_proto(ctx.intrinsics());
    result.create_data_property(js_string!("read"), read, ctx)?;
    result.create_data_property(js_string!("written"), written, ctx)?;
    Ok(result.into())
}

/// What a `TextDecoder` holds.
#[derive(boa_engine::Trace, boa_engine::Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct DecoderData {
    #[unsafe_ignore_trace]
    encoding: &'static Encoding,
    #[unsafe_ignore_trace]
    fatal: bool,
    #[unsafe_ignore_trace]
    ignore_bom: bool,
    /// The decoder that goes on with the next call: set while "do not flush" is.
    #[unsafe_ignore_trace]
    decoder: Option<Decoder>,
}

fn read(this: &JsObject, read: impl FnOnce(&DecoderData) -> JsValue) -> JsResult<JsValue> {
    platform::with(this, |data: &DecoderData| Some(read(data)))
        .ok_or_else(platform::illegal_invocation)
}

/// [The constructor](https://encoding.spec.whatwg.org/#dom-textdecoder)
fn construct_decoder(
    target: &NewTarget,
    args: &[JsValue],
    ctx: &mut Context,
) -> JsResult<JsObject> {
    let label = match optional(args, 0) {
        Some(label) => label.to_string(ctx)?.to_std_string_lossy(),
        None => "utf-8".to_owned(),
    };
    let options = Dictionary::new(&argument(args, 1))?;
    let fatal = options.boolean("fatal", ctx)?;
    let ignore_bom = options.boolean("ignoreBOM", ctx)?;
    let Some(encoding) = Encoding::for_label_no_replacement(label.as_bytes()) else {
        return Err(JsNativeError::range()
            .with_message(format!(
                "The encoding label provided ('{label}') is invalid."
            ))
            .into());
    };
    let data = DecoderData {
        encoding,
        fatal,
        ignore_bom,
        decoder: None,
    };
    target.create(data, ctx)
}

/// [TextDecoder, decode](https://encoding.spec.whatwg.org/#dom-textdecoder-decode)
fn decode(this: &JsObject, args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let input = match optional(args, 0) {
        Some(input) => {
            let source = input
                .as_object()
                .as_ref()
                .and_then(BufferSource::allow_shared);
            let Some(source) = source else {
                return Err(JsNativeError::typ()
                    .with_message("The input is not of type 'ArrayBuffer' or a view on one.")
                    .into());
            };
            Some(source)
        }
        None => None,
    };
    let stream = Dictionary::new(&argument(args, 1))?.boolean("stream", ctx)?;
    let bytes = input.map_or(Ok(Vec::new()), |input| input.bytes(ctx))?;
    let decoded = platform::with_mut(this, |data: &mut DecoderData| {
        Some(data.decode(&bytes, stream))
    })
    .ok_or_else(platform::illegal_invocation)?;
    match decoded {
        Some(text) => Ok(JsString::from(text.as_str()).into()),
        None => Err(JsNativeError::typ()
            .with_message("The encoded data was not valid.")
            .into()),
    }
}

impl DecoderData {
    /// Decodes; none when the bytes are wrong and errors are fatal.
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
    fn a_stream_goes_on_where_it_stopped() {
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
