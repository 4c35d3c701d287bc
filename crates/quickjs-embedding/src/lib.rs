//! Windows, frames, workers and messages for [QuickJS](https://github.com/quickjs-ng/quickjs), by the three library
//! crates of Framepost.
//!
//! It is an example: read it beside `docs/embedding.md`. In this order:
//!
//! 1. `world`: the state, and the traits of the loop, the browsing contexts and messaging; `events`: what they fire;
//! 2. `realm`: a context of QuickJS for each window and worker, and the WindowProxy of each navigable;
//! 3. `heap`: structured clone over QuickJS's values;
//! 4. `objects`: the objects of ports, channels and nodes, and how long they live;
//! 5. `bindings`, `prelude.js`: the interfaces that scripts see.
//!
//! The README says what QuickJS cannot do.

mod bindings;
mod events;
mod heap;
mod objects;
mod realm;
#[cfg(test)]
#[path = "../tests/common/engine.rs"]
mod tests;
mod world;

use std::cell::RefCell;
use std::rc::Rc;

use framepost_browsing_context::{Contexts, EffectHost as _, MemoryLoader, NavigableId, NavigateParams, Url, drive};
use framepost_event_loop::{RunOutcome, RunUntil, run_until};
use rquickjs::{Context, Object, Persistent, Runtime};

use world::{Engine, Shared, World};

/// A page, its frames and workers.
pub struct Page {
    // The order is that in which they are dropped: the values of the engine before QuickJS.
    shared: Rc<Shared>,
    navigable: NavigableId,
    main: Context,
    runtime: Runtime,
}

/// The sizes of the tables, for tests that look for leaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    /// The objects of ports, channels, workers and nodes.
    pub objects: usize,
    /// Ends of channels, and broadcast channels.
    pub channels: [usize; 2],
    /// Realms, WindowProxies, timers.
    pub realms: [usize; 3],
    /// All objects of QuickJS.
    pub live: i64,
}

impl Page {
    /// Opens a page.
    ///
    /// # Errors
    /// An error of QuickJS: there is no memory for another context.
    pub fn open(url: Url, loader: MemoryLoader) -> rquickjs::Result<Self> {
        let runtime = Runtime::new()?;
        let main = Context::full(&runtime)?;
        let mut world = World { loader, ..World::default() };
        world.state.messaging.track_reachability();
        let shared = Rc::new(RefCell::new(world));
        let navigable = main.with(|ctx| {
            let functions = Persistent::save(&ctx, ctx.eval::<Object<'_>, _>(objects::WEAKNESS)?);
            shared.borrow_mut().weakness = Some(functions);
            let mut engine = Engine { shared: Rc::clone(&shared), ctx };
            let (navigable, steps) =
                engine.with_contexts(|contexts, queues| contexts.create_top_level_traversable(queues));
            drive(&mut engine, steps);
            let params = NavigateParams::new(url);
            let steps = engine.with_contexts(|contexts, queues| contexts.navigate(queues, navigable, params));
            drive(&mut engine, steps);
            rquickjs::Result::Ok(navigable)
        })?;
        Ok(Self { shared, navigable, main, runtime })
    }

    fn with_engine<R>(&mut self, f: impl FnOnce(&mut Engine<'_>) -> R) -> R {
        self.main.with(|ctx| f(&mut Engine { shared: Rc::clone(&self.shared), ctx }))
    }

    /// Runs until the loop is idle, or until `until`.
    pub fn run(&mut self, until: RunUntil) -> RunOutcome {
        self.with_engine(|engine| run_until(engine, until))
    }

    /// Collects cycles, and tells the three crates which objects are gone.
    pub fn collect(&mut self) {
        // A port may keep others alive, so that one collection reveals the next.
        for _ in 0..3 {
            self.runtime.run_gc();
            self.with_engine(|engine| engine.housekeep());
        }
    }

    /// Takes the lines that scripts logged, and their errors.
    pub fn take_log(&mut self) -> Vec<String> {
        std::mem::take(&mut self.shared.borrow_mut().log)
    }

    /// Uses the browsing contexts.
    pub fn with_contexts<R>(&self, f: impl FnOnce(&Contexts, NavigableId) -> R) -> R {
        f(&self.shared.borrow().state.contexts, self.navigable)
    }

    /// Counts the entries of the tables, and QuickJS's objects.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let world = self.shared.borrow();
        Counts {
            objects: world.objects.count(),
            channels: [world.state.messaging.half_count(), world.state.messaging.broadcast_channel_count()],
            realms: [world.realms.len(), world.proxies.len(), world.timers.len()],
            live: self.runtime.memory_usage().obj_count,
        }
    }
}

impl Drop for Page {
    /// QuickJS aborts if a value outlives its runtime.
    fn drop(&mut self) {
        let world = std::mem::take(&mut *self.shared.borrow_mut());
        self.main.with(|_| drop(world));
    }
}
