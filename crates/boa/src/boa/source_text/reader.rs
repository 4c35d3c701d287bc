//! The reader from which Boa's parser takes a text.

use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

use super::scan::Edit;
use crate::boa::stack;

/// Returns a text with its edits and its suffix. Fails when only a sixteenth of the initial stack is left. This works
/// at any depth, because the parser has to read before it recurses.
pub(super) struct Reader<'a> {
    text: &'a [u8],
    at: usize,
    edits: std::slice::Iter<'a, Edit>,
    next_edit: Option<&'a Edit>,
    /// The pending text before the rest.
    pending: &'a [u8],
    after: &'a [u8],
    /// The stack that must be left.
    floor: usize,
    too_deep: Rc<Cell<bool>>,
}

/// Whether a reader has failed.
pub(super) struct Watch(Rc<Cell<bool>>);

impl Watch {
    pub(super) fn too_deep(&self) -> bool {
        self.0.get()
    }
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a [u8], edits: &'a [Edit], after: &'a str) -> Self {
        let mut edits = edits.iter();
        Self {
            text,
            at: 0,
            next_edit: edits.next(),
            edits,
            pending: &[],
            after: after.as_bytes(),
            floor: stack::left() / 16,
            too_deep: Rc::new(Cell::new(false)),
        }
    }

    pub(super) fn watch(&self) -> Watch {
        Watch(self.too_deep.clone())
    }

    fn next(&mut self) -> Option<u8> {
        loop {
            if let Some((first, rest)) = self.pending.split_first() {
                self.pending = rest;
                return Some(*first);
            }
            match self.next_edit {
                Some(edit) if edit.at.start == self.at => {
                    self.pending = edit.by.as_bytes();
                    self.at = edit.at.end;
                    self.next_edit = self.edits.next();
                }
                _ => break,
            }
        }
        if let Some(byte) = self.text.get(self.at) {
            self.at += 1;
            return Some(*byte);
        }
        let (first, rest) = self.after.split_first()?;
        self.after = rest;
        Some(*first)
    }
}

impl Read for Reader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if stack::left() < self.floor {
            self.too_deep.set(true);
        }
        if self.too_deep.get() {
            return Err(io::Error::other("nested too deeply"));
        }
        let mut count = 0;
        for place in buffer {
            let Some(byte) = self.next() else { break };
            *place = byte;
            count += 1;
        }
        Ok(count)
    }
}
