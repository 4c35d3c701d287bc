//! Slots: a module's own part of an agent's state.
//!
//! A module declares a static [`Slot`] and reaches the value that the agent of a context has in it.
//! So no type lists what all modules keep, and no module sees what another one keeps.
//!
//! Two laws: nothing of Boa is allocated while a slot is borrowed, because Boa may collect at any
//! allocation; and a slot is not borrowed again from within its own closure.
//!
//! Rejected: host data of Boa's by type (one hash look-up for each type, and no two slots of one
//! type); a growing vector of parts (a borrowed part must not move).

use std::any::Any;
use std::cell::{OnceCell, RefCell};
use std::marker::PhantomData;
use std::sync::atomic::{AtomicUsize, Ordering};

use boa_engine::Context;

/// A module's own part of an agent's state, made by default when it is first used.
pub(crate) struct Slot<T> {
    /// Where its part is in every agent's [`Slots`], counted from one; zero until it is first used.
    place: AtomicUsize,
    part: PhantomData<fn() -> T>,
}

/// How many places were given out. Slots are statics, so their places are the process's.
static PLACES: AtomicUsize = AtomicUsize::new(0);

impl<T: Default + 'static> Slot<T> {
    /// A slot that has no place yet.
    pub(crate) const fn new() -> Self {
        Self {
            place: AtomicUsize::new(0),
            part: PhantomData,
        }
    }

    /// Reads or writes the agent's part. Nothing of Boa may be allocated inside of `f`.
    pub(crate) fn with<R>(&self, ctx: &Context, f: impl FnOnce(&mut T) -> R) -> R {
        // An agent puts its slots into its context before any other code sees that.
        #[allow(
            clippy::expect_used,
            reason = "no input can take the slots out of a context"
        )]
        let slots = ctx.get_data::<Slots>().expect("a context without slots");
        f(&mut slots.part(self.place()).borrow_mut())
    }

    /// Gives the agent another part.
    pub(crate) fn set(&self, ctx: &Context, part: T) {
        let before = self.with(ctx, |held| std::mem::replace(held, part));
        // It may hold script values: they are dropped outside of the borrow.
        drop(before);
    }

    fn place(&self) -> usize {
        match self.place.load(Ordering::Relaxed) {
            0 => self.take_place(),
            place => place,
        }
    }

    #[cold]
    fn take_place(&self) -> usize {
        let fresh = PLACES.fetch_add(1, Ordering::Relaxed) + 1;
        let taken = self
            .place
            .compare_exchange(0, fresh, Ordering::Relaxed, Ordering::Relaxed);
        // Another thread may have been faster.
        taken.map_or_else(|place| place, |_| fresh)
    }
}

/// How many parts a block has: more than there are slots, so that one block is enough.
const BLOCK: usize = 64;

/// The parts of one agent, in blocks that never move.
pub(crate) struct Slots {
    parts: [OnceCell<Box<dyn Any>>; BLOCK],
    next: OnceCell<Box<Self>>,
}

impl Default for Slots {
    fn default() -> Self {
        Self {
            parts: std::array::from_fn(|_| OnceCell::new()),
            next: OnceCell::new(),
        }
    }
}

impl Slots {
    /// Gives a new context its slots.
    pub(crate) fn install(ctx: &mut Context) {
        ctx.insert_data(Self::default());
    }

    fn part<T: Default + 'static>(&self, place: usize) -> &RefCell<T> {
        let (mut block, mut place) = (self, place);
        loop {
            if let Some(part) = block.parts.get(place) {
                let part = part.get_or_init(|| Box::new(RefCell::new(T::default())));
                #[allow(clippy::expect_used, reason = "a place belongs to one slot")]
                return part
                    .downcast_ref()
                    .expect("a slot's part is of the slot's type");
            }
            place -= BLOCK;
            block = block.next.get_or_init(Box::default);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static ONE: Slot<Vec<u32>> = Slot::new();
    static OTHER: Slot<Vec<u32>> = Slot::new();

    fn context() -> Context {
        let mut ctx = Context::default();
        Slots::install(&mut ctx);
        ctx
    }

    #[test]
    fn slots_of_one_type_are_apart() {
        let ctx = context();
        ONE.with(&ctx, |one| {
            one.push(1);
            OTHER.with(&ctx, |other| other.push(2));
        });
        ONE.with(&ctx, |one| assert_eq!(*one, [1]));
        OTHER.with(&ctx, |other| assert_eq!(*other, [2]));
    }

    #[test]
    fn contexts_have_parts_of_their_own() {
        let (first, second) = (context(), context());
        ONE.set(&first, vec![7]);
        ONE.with(&second, |one| assert!(one.is_empty()));
        ONE.with(&first, |one| assert_eq!(*one, [7]));
    }

    #[test]
    fn places_beyond_the_first_block_have_parts() {
        let slots = Slots::default();
        let far = 5 * BLOCK + 3;
        slots.part::<String>(far).borrow_mut().push('x');
        assert_eq!(*slots.part::<String>(far).borrow(), "x");
        assert_eq!(*slots.part::<String>(far - BLOCK).borrow(), "");
    }
}
