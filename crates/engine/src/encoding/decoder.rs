//! Decoding streams of bytes ([Encoding, interface TextDecoder](https://encoding.spec.whatwg.org/#interface-textdecoder)), by
//! `encoding_rs`.

use encoding_rs::{CoderResult, Decoder, DecoderResult, Encoding};

/// The data of a `TextDecoder`.
#[derive(boa_engine::Trace, boa_engine::Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct DecoderData {
    #[unsafe_ignore_trace]
    pub(super) encoding: &'static Encoding,
    #[unsafe_ignore_trace]
    pub(super) fatal: bool,
    #[unsafe_ignore_trace]
    pub(super) ignore_bom: bool,
    /// The decoder for the next call: set while "do not flush" is set.
    #[unsafe_ignore_trace]
    pub(super) decoder: Option<Decoder>,
}

impl DecoderData {
    /// The name of the encoding, as script sees it.
    pub(crate) fn name(&self) -> String {
        self.encoding.name().to_ascii_lowercase()
    }

    /// Decodes; `None` if the bytes are invalid and errors are fatal.
    pub(crate) fn decode(&mut self, bytes: &[u8], stream: bool) -> Option<String> {
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
