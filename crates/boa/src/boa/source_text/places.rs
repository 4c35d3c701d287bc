//! Lines and columns of a text, also of one that was edited for Boa's parser.

use super::Kind;
use super::chars;
use super::scan::{Edit, Goal, scan};
use boa_engine::Context;

use crate::boa::error_text::LineAndColumn;
use crate::boa::sources::{self, SourceOf};

/// What was changed in a text for Boa's parser, whose columns therefore differ.
#[derive(Clone, Debug, Default)]
pub struct Edits(pub(super) Vec<Edit>);

impl Edits {
    /// Finds the changes of a source once more.
    pub fn of(source: &SourceOf) -> Self {
        let goal = match source.kind {
            Kind::Module => Goal::Module,
            // The parser gets these as they are.
            Kind::Eval | Kind::Body => return Self(Vec::new()),
            Kind::Script | Kind::Handler => Goal::Script,
        };
        Self(scan(source.text.as_bytes(), goal).edits)
    }

    /// Returns the byte of the text at a place that Boa tells. A place inside of what was put in is behind
    /// that.
    pub fn byte_of_place(&self, text: &[u8], place: LineAndColumn) -> Option<usize> {
        let mut at = byte_of_place(text, place.line, 1)?;
        let mut left = place.column.checked_sub(1)? as usize;
        let first = self.0.partition_point(|edit| edit.at.start < at);
        for edit in &self.0[first..] {
            let Some(between) = text.get(at..edit.at.start) else {
                continue;
            };
            let count = characters(between);
            if left <= count || chars::ends_line(between) {
                break;
            }
            left -= count;
            at = edit.at.end;
            let count = edit.by.chars().count();
            if left < count {
                return Some(at);
            }
            left -= count;
        }
        advance(text, at, left)
    }

    /// Returns the place in the text for one that Boa tells.
    pub fn original_place(&self, text: &[u8], place: LineAndColumn) -> LineAndColumn {
        let byte = match self.0.is_empty() {
            true => None,
            false => self.byte_of_place(text, place),
        };
        byte.map_or(place, |byte| {
            let (line, column) = place_of_byte(text, byte);
            LineAndColumn { line, column }
        })
    }
}

/// Returns the place in the texts at a path for one that Boa tells, if only one text can be meant.
pub fn original_place(ctx: &Context, path: &str, at: LineAndColumn) -> LineAndColumn {
    let mut found = None;
    for source in sources::at(ctx, path) {
        let text = source.text.as_bytes();
        let place = Edits::of(&source).original_place(text, at);
        // An inline script begins with empty lines, up to where it is in its file.
        let line = byte_of_place(text, place.line, 1).and_then(|byte| source.text.get(byte..));
        let is_here = line
            .and_then(|line| line.lines().next())
            .is_some_and(|line| !line.trim().is_empty());
        match found {
            _ if !is_here => {}
            Some(other) if other != place => return at,
            _ => found = Some(place),
        }
    }
    found.unwrap_or(at)
}

/// Counts characters. A column is a character, not a byte.
fn characters(text: &[u8]) -> usize {
    text.iter().filter(|byte| **byte & 0xc0 != 0x80).count()
}

/// Returns the line and the column of a byte.
pub fn place_of_byte(text: &[u8], at: usize) -> (u32, u32) {
    let (mut line, mut column, mut index) = (1_u32, 1_u32, 0);
    while index < at {
        let rest = &text[index..];
        let length = chars::line_terminator(rest);
        if length > 0 {
            index += length + usize::from(rest.starts_with(b"\r\n"));
            (line, column) = (line.saturating_add(1), 1);
        } else {
            index += 1;
            // A column is a character, not a byte.
            let continues = text.get(index).is_some_and(|byte| byte & 0xc0 == 0x80);
            column = column.saturating_add(u32::from(!continues));
        }
    }
    (line, column)
}

/// Returns the byte at a line and a column.
pub fn byte_of_place(text: &[u8], line: u32, column: u32) -> Option<usize> {
    let (mut now, mut index) = (1_u32, 0);
    while now < line {
        let rest = text.get(index..).filter(|rest| !rest.is_empty())?;
        let length = chars::line_terminator(rest);
        if length > 0 {
            index += length + usize::from(rest.starts_with(b"\r\n"));
            now += 1;
        } else {
            index += 1;
        }
    }
    advance(text, index, column.checked_sub(1)? as usize)
}

/// Returns the byte that is so many characters behind another one on the same line.
fn advance(text: &[u8], mut index: usize, mut left: usize) -> Option<usize> {
    while left > 0 {
        let rest = text.get(index..).filter(|rest| !rest.is_empty())?;
        if chars::line_terminator(rest) > 0 {
            return None;
        }
        index += 1;
        while text.get(index).is_some_and(|byte| byte & 0xc0 == 0x80) {
            index += 1;
        }
        left -= 1;
    }
    Some(index)
}
