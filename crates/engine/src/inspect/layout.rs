//! Formats primitives, and lays entries out on lines.

use boa_engine::JsString;

/// The width at which lines break.
const LINE: usize = 80;
/// The most nesting levels on one line.
const COMPACT: usize = 3;
/// The most entries that are printed of a collection.
pub(super) const MAX_ENTRIES: usize = 100;
/// The most code units that are printed of a string inside an object.
const MAX_STRING: usize = 10_000;

/// The kind of an object's entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Entries {
    /// Named entries. They stand one per line if they do not fit on one line.
    Named,
    /// Array entries. Many entries are arranged in columns. Numbers are aligned to the right.
    Listed { numbers: bool, has_more: bool },
}

/// Returns the width of a text in UTF-16 code units.
fn width(text: &str) -> usize {
    text.encode_utf16().count()
}

/// Formats a string literal with the quotes that need the fewest escapes.
pub(super) fn quote(string: &JsString) -> String {
    let mut units = string.to_vec();
    let hidden = units.len().saturating_sub(MAX_STRING);
    units.truncate(MAX_STRING);
    let has = |wanted: char| units.contains(&(wanted as u16));
    let mark = if !has('\'') {
        '\''
    } else if !has('"') {
        '"'
    } else if !has('`') && !units.windows(2).any(|pair| pair == [0x24, 0x7b]) {
        '`'
    } else {
        '\''
    };
    let mut output = String::from(mark);
    escape_units(&units, Some(mark), &mut output);
    output.push(mark);
    if hidden > 0 {
        let plural = if hidden > 1 { "s" } else { "" };
        output.push_str(&format!("... {hidden} more character{plural}"));
    }
    output
}

/// Formats a string inside an object. A long string is split at its line breaks.
pub(super) fn quote_lines(string: &JsString, indentation: usize) -> String {
    const SHORT: usize = 16;
    let length = string.len();
    if length <= SHORT || length + indentation + 4 <= LINE || length > MAX_STRING {
        return quote(string);
    }
    let units = string.to_vec();
    let lines: Vec<String> = units
        .split_inclusive(|unit| *unit == 0x0a)
        .map(|line| quote(&JsString::from(line)))
        .collect();
    lines.join(&format!(" +\n{}", " ".repeat(indentation + 2)))
}

/// Escapes the control characters of an unquoted text.
pub(super) fn escape(string: &JsString) -> String {
    let mut output = String::new();
    escape_units(&string.to_vec(), None, &mut output);
    output
}

fn escape_units(units: &[u16], mark: Option<char>, output: &mut String) {
    for character in char::decode_utf16(units.iter().copied()) {
        match character {
            Err(lone) => output.push_str(&format!("\\u{:x}", lone.unpaired_surrogate())),
            Ok('\u{8}') => output.push_str("\\b"),
            Ok('\t') => output.push_str("\\t"),
            Ok('\n') => output.push_str("\\n"),
            Ok('\u{c}') => output.push_str("\\f"),
            Ok('\r') => output.push_str("\\r"),
            Ok('\\') => output.push_str("\\\\"),
            Ok('\'') if mark.is_none_or(|mark| mark == '\'') => output.push_str("\\'"),
            Ok(control) if matches!(control, '\0'..='\x1f' | '\x7f'..='\u{9f}') => {
                output.push_str(&format!("\\x{:02X}", control as u32));
            }
            Ok(character) => output.push(character),
        }
    }
}

/// Formats a property name. A plain identifier needs no quotes.
pub(super) fn property_name(name: &JsString) -> String {
    let text = name.to_std_string_lossy();
    let mut characters = text.chars();
    let plain = characters
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && characters.all(|next| next.is_ascii_alphanumeric() || next == '_');
    if text == "__proto__" {
        String::from("['__proto__']")
    } else if plain {
        text
    } else {
        quote(name)
    }
}

/// The parts of an object or list to lay out.
pub(super) struct Parts {
    /// The text before the opening brace, such as `[Function: f]` or a reference number.
    pub(super) base: String,
    pub(super) open: String,
    pub(super) close: &'static str,
    pub(super) entries: Vec<String>,
    pub(super) kind: Entries,
}

/// Lays an object out: on one line if it is short and shallow, else one entry per line.
///
/// `levels` is the number of nesting levels inside the object.
pub(super) fn lay_out(parts: Parts, levels: usize, indentation: usize) -> String {
    let Parts {
        base,
        open,
        close,
        entries,
        kind,
    } = parts;
    let count = entries.len();
    let entries = match kind {
        Entries::Listed { numbers, has_more } if count > 6 => {
            in_columns(entries, numbers, has_more, indentation)
        }
        _ => entries,
    };
    let base_and_space = if base.is_empty() {
        String::new()
    } else {
        format!("{base} ")
    };
    if levels < COMPACT && count == entries.len() {
        let start = entries.len() + indentation + width(&open) + width(&base) + 10;
        let length: usize = entries.iter().map(|entry| width(entry)).sum();
        let fits = length + entries.len() + start <= LINE && !base.contains('\n');
        if fits && !entries.iter().any(|entry| entry.contains('\n')) {
            let joined = entries.join(", ");
            return format!("{base_and_space}{open} {joined} {close}");
        }
    }
    let line = format!("\n{}", " ".repeat(indentation));
    let joined = entries.join(&format!(",{line}  "));
    format!("{base_and_space}{open}{line}  {joined}{line}{close}")
}

/// Arranges the entries of a long list in columns, if their widths are similar.
fn in_columns(
    entries: Vec<String>,
    numbers: bool,
    has_more: bool,
    indentation: usize,
) -> Vec<String> {
    const SEPARATOR: usize = 2;
    const MOST_COLUMNS: usize = 15;
    // The assumed ratio of height to width of a character. The block of columns aims at a square.
    const HEIGHT: f64 = 2.5;

    let shown = entries.len() - usize::from(has_more);
    let widths: Vec<usize> = entries[..shown].iter().map(|entry| width(entry)).collect();
    let widest = widths.iter().copied().max().unwrap_or(0);
    let total: usize = widths.iter().map(|width| width + SEPARATOR).sum();
    let column = widest + SEPARATOR;
    let even = total as f64 / column as f64 > 5.0 || widest <= 6;
    if column * 3 + indentation >= LINE || !even {
        return entries;
    }
    let bias = (column as f64 - total as f64 / entries.len() as f64).sqrt();
    let biased = (column as f64 - 3.0 - bias).max(1.0);
    let square = ((HEIGHT * biased * shown as f64).sqrt() / biased).round() as usize;
    let columns = square
        .min((LINE - indentation) / column)
        .min(COMPACT * 4)
        .min(MOST_COLUMNS);
    if columns <= 1 {
        return entries;
    }
    let column_widths: Vec<usize> = (0..columns)
        .map(|first| {
            let widest = widths.iter().skip(first).step_by(columns).max();
            widest.copied().unwrap_or(0) + SEPARATOR
        })
        .collect();
    let mut lines = Vec::new();
    for (row, cells) in entries[..shown].chunks(columns).enumerate() {
        let mut line = String::new();
        for (index, cell) in cells.iter().enumerate() {
            let last = index + 1 == cells.len();
            let padding = column_widths[index] - SEPARATOR - widths[row * columns + index];
            let padding = " ".repeat(padding);
            match (numbers, last) {
                (true, false) => line.push_str(&format!("{padding}{cell}, ")),
                (true, true) => line.push_str(&format!("{padding}{cell}")),
                (false, false) => line.push_str(&format!("{cell}, {padding}")),
                (false, true) => line.push_str(cell),
            }
        }
        lines.push(line);
    }
    lines.extend(entries.into_iter().skip(shown));
    lines
}
