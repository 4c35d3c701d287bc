//! Measures the remaining stack of the thread.
//!
//! Boa's parser, compiler and many of its built-in functions recurse. A stack overflow ends the process, so recursive
//! functions call this module first.

use std::cell::Cell;

thread_local! {
    /// The start address of the stack of the page's thread, and its size.
    static STACK: Cell<Option<(usize, usize)>> = const { Cell::new(None) };
}

/// Sets the size of this thread's stack. Call it near the start of the stack.
pub fn begin(size: usize) {
    STACK.set(Some((here(), size)));
}

/// Returns the number of remaining bytes, or `usize::MAX` if the size is unknown.
pub fn left() -> usize {
    match STACK.get() {
        Some((begin, size)) => size.saturating_sub(begin.saturating_sub(here())),
        None => usize::MAX,
    }
}

/// Returns an address in the caller's stack frame. Stacks grow downwards on all supported systems.
#[inline(always)]
fn here() -> usize {
    let marker = 0_u8;
    std::hint::black_box(std::ptr::from_ref(&marker)).addr()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deeper_calls_leave_less_stack() {
        fn inner() -> usize {
            let room = std::hint::black_box([0_u8; 4096]);
            left() - usize::from(room[0])
        }
        let thread = std::thread::spawn(|| {
            assert_eq!(left(), usize::MAX);
            begin(1 << 20);
            let outer = left();
            assert!(outer <= 1 << 20);
            assert!(inner() + 4096 <= outer);
        });
        thread.join().unwrap();
    }
}
