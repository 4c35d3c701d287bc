//! Slots: a module's own part of an agent's state.
//!
//! A module declares a static [`Slot`], through which it accesses its part for a context's agent.
//! So no type lists the state of all modules, and no module can access the state of another.
//!
//! Two rules: no Boa object is allocated while a slot is borrowed, because Boa may collect at any
//! allocation; and a closure that borrows a slot does not borrow it again.
//!
//! OPTIMIZATION: the slots are the context's job executor, the one object of the embedder that Boa returns by type
//! without hashing. An access through Boa's host data took 150 instructions, and a message needs fifty.
//!
//! Rejected: Boa's host data by type (a hash look-up for each access, and no two slots of one
//! type); a growing vector of parts (a borrowed part must not move).

use std::any::Any;
use std::cell::{OnceCell, RefCell};
use std::marker::PhantomData;
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering};

use boa_engine::job::{Job, JobExecutor};
use boa_engine::{Context, JsResult};

/// A module's own part of an agent's state, created with its default at first use.
#[derive(Debug)]
pub struct Slot<T> {
    /// The place of the part in every agent's [`Slots`], counted from one; zero before first use.
    place: AtomicUsize,
    part: PhantomData<fn() -> T>,
}

/// The number of places in use. Slots are statics, so all agents of the process share the count.
static PLACES: AtomicUsize = AtomicUsize::new(0);

impl<T: Default + 'static> Slot<T> {
    /// Creates a slot without a place.
    #[allow(clippy::new_without_default, reason = "a slot is a static")]
    pub const fn new() -> Self {
        Self {
            place: AtomicUsize::new(0),
            part: PhantomData,
        }
    }

    /// Borrows the agent's part. `f` must not allocate Boa objects.
    #[inline]
    pub fn with<R>(&self, ctx: &Context, f: impl FnOnce(&mut T) -> R) -> R {
        match ctx.downcast_job_executor::<Slots>() {
            Some(slots) => f(&mut slots.part(self.place()).borrow_mut()),
            None => f(&mut provided(ctx).part(self.place()).borrow_mut()),
        }
    }

    /// Replaces the agent's part.
    pub fn set(&self, ctx: &Context, part: T) {
        let before = self.with(ctx, |held| std::mem::replace(held, part));
        // The old part may contain script values, so it is dropped outside the borrow.
        drop(before);
    }

    #[inline]
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
        // Another thread may have set the place first.
        taken.map_or_else(|place| place, |_| fresh)
    }
}

/// Gives a context slots if it has none, as data of the context. Returns whether it had none.
///
/// A program that has created its context already cannot change its job executor.
pub fn provide(ctx: &mut Context) -> bool {
    if ctx.downcast_job_executor::<Slots>().is_some() || ctx.has_data::<Rc<Slots>>() {
        return false;
    }
    ctx.insert_data(Slots::new(|_, _| {}));
    true
}

/// The slots that a context was provided with.
#[cold]
fn provided(ctx: &Context) -> &Slots {
    // An agent creates its context with its slots, and `install` provides a program's context with them.
    #[allow(
        clippy::expect_used,
        reason = "no input can take the slots out of a context"
    )]
    ctx.get_data::<Rc<Slots>>()
        .expect("a context without slots")
}

/// The number of parts in a block. There are fewer slots, so one block is enough.
const BLOCK: usize = 64;

/// Enqueues a job that Boa hands to its executor.
pub type EnqueueJob = fn(Job, &mut Context);

/// The parts of one agent.
pub struct Slots {
    parts: Block,
    enqueue_job: EnqueueJob,
}

impl std::fmt::Debug for Slots {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Slots").finish_non_exhaustive()
    }
}

/// Parts that never move.
struct Block {
    parts: [OnceCell<Box<dyn Any>>; BLOCK],
    next: OnceCell<Box<Self>>,
}

impl Default for Block {
    fn default() -> Self {
        Self {
            parts: std::array::from_fn(|_| OnceCell::new()),
            next: OnceCell::new(),
        }
    }
}

/// The event loop runs the jobs, so the executor only passes them on.
impl JobExecutor for Slots {
    fn enqueue_job(self: Rc<Self>, job: Job, ctx: &mut Context) {
        (self.enqueue_job)(job, ctx);
    }

    fn run_jobs(self: Rc<Self>, _: &mut Context) -> JsResult<()> {
        Ok(())
    }
}

impl Slots {
    /// Creates the slots of a new context, as its job executor.
    pub fn new(enqueue_job: EnqueueJob) -> Rc<Self> {
        Rc::new(Self {
            parts: Block::default(),
            enqueue_job,
        })
    }

    #[inline]
    fn part<T: Default + 'static>(&self, place: usize) -> &RefCell<T> {
        let (mut block, mut place) = (&self.parts, place);
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
        let builder = Context::builder().job_executor(Slots::new(|_, _| {}));
        builder.build().unwrap()
    }

    #[test]
    fn slots_of_one_type_are_separate() {
        let ctx = context();
        ONE.with(&ctx, |one| {
            one.push(1);
            OTHER.with(&ctx, |other| other.push(2));
        });
        ONE.with(&ctx, |one| assert_eq!(*one, [1]));
        OTHER.with(&ctx, |other| assert_eq!(*other, [2]));
    }

    #[test]
    fn each_context_has_its_own_parts() {
        let (first, second) = (context(), context());
        ONE.set(&first, vec![7]);
        ONE.with(&second, |one| assert!(one.is_empty()));
        ONE.with(&first, |one| assert_eq!(*one, [7]));
    }

    #[test]
    fn places_beyond_the_first_block_have_parts() {
        let slots = Slots::new(|_, _| {});
        let far = 5 * BLOCK + 3;
        slots.part::<String>(far).borrow_mut().push('x');
        assert_eq!(*slots.part::<String>(far).borrow(), "x");
        assert_eq!(*slots.part::<String>(far - BLOCK).borrow(), "");
    }
}
