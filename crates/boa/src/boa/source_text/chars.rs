//! White space, line terminators and words in UTF-8
//! ([ECMAScript, lexical grammar](https://tc39.es/ecma262/#sec-ecmascript-language-lexical-grammar)).

/// Returns the length of the [LineTerminator](https://tc39.es/ecma262/#prod-LineTerminator) that
/// begins the text, or 0.
pub(super) fn line_terminator(text: &[u8]) -> usize {
    match text {
        [b'\n' | b'\r', ..] => 1,
        [0xe2, 0x80, 0xa8 | 0xa9, ..] => 3,
        _ => 0,
    }
}

/// Returns the length of the [WhiteSpace](https://tc39.es/ecma262/#prod-WhiteSpace) character that
/// begins the text, or 0.
pub(super) fn white_space(text: &[u8]) -> usize {
    match text {
        [b' ' | b'\t' | 0x0b | 0x0c, ..] => 1,
        [0xc2, 0xa0, ..] => 2,
        [0xef, 0xbb, 0xbf, ..]
        | [0xe1, 0x9a, 0x80, ..]
        | [0xe2, 0x80, 0x80..=0x8a | 0xaf, ..]
        | [0xe2, 0x81, 0x9f, ..]
        | [0xe3, 0x80, 0x80, ..] => 3,
        _ => 0,
    }
}

/// Whether a text contains a line terminator.
pub(super) fn ends_line(text: &[u8]) -> bool {
    (0..text.len()).any(|at| line_terminator(&text[at..]) > 0)
}

/// Whether this byte can be in a word. All bytes of characters beyond ASCII can.
pub(super) fn is_word_part(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | b'\\') || byte >= 0x80
}
