//! A world in plain Rust: pages, frames, windows and ports, without scripts.
//!
//! [`World`] combines the three library crates with the heap of plain Rust [`Value`]s. It loads
//! pages and their frames, but runs no scripts. The caller acts in place of the scripts and
//! receives every event as a value. Use it for tests, for programs that exchange messages with
//! pages, and as the smallest complete example of an embedding.
//!
//! ```
//! use framepost_browsing_context::loader::MemoryLoader;
//! use framepost_messaging::plain::{Event, World};
//!
//! let mut loader = MemoryLoader::new();
//! loader.add("http://localhost/", "<iframe srcdoc='<p>Inside'></iframe>")?;
//! let mut world = World::new(loader);
//! let page = world.open("http://localhost/")?;
//! world.run_until_idle();
//! let frame = world.frame(page, 0).unwrap();
//!
//! world.take_events();
//! world.post_message(page, frame, "hello", "*", &[])?;
//! world.run_until_idle();
//! let Some(Event::Message { data, origin, source, .. }) = world.take_events().pop() else { panic!() };
//! assert_eq!((data, origin.as_str(), source), ("hello".into(), "http://localhost", Some(page)));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A world can be explored in all legal orders of its tasks, like any program on the event loop:
//!
//! ```
//! use framepost_browsing_context::loader::MemoryLoader;
//! use framepost_event_loop::explore::{Exploration, Strategy, explore};
//! use framepost_event_loop::{EventLoopOptions, Record, Schedule};
//! use framepost_messaging::plain::{Event, World};
//!
//! // Two channels: the standard does not say which message comes first.
//! fn run(schedule: &Schedule) -> (Vec<String>, Record) {
//!     let loader = MemoryLoader::new().with("http://localhost/", "").unwrap();
//!     let options = EventLoopOptions::new().schedule(schedule);
//!     let mut world = World::with_options(loader, options);
//!     let page = world.open("http://localhost/").unwrap();
//!     world.run_until_idle();
//!     for text in ["one", "two"] {
//!         let (sender, receiver) = world.create_message_channel(page).unwrap();
//!         world.start(receiver);
//!         world.port_post_message(sender, text, &[]).unwrap();
//!     }
//!     world.run_until_idle();
//!     let received = world.take_events().into_iter().filter_map(|event| match event {
//!         Event::Message { data, .. } => Some(format!("{data:?}")),
//!         _ => None,
//!     });
//!     (received.collect(), world.event_loop().take_record())
//! }
//!
//! let outcomes = explore(Exploration::new(Strategy::Portfolio), 20, run);
//! assert_eq!(outcomes.len(), 2);
//! assert_eq!(outcomes[1].holds.len(), 1);
//! ```

mod embedding;
mod event;
#[cfg(feature = "locks")]
mod locks;
#[cfg(feature = "storage")]
mod storage;

pub use embedding::Task;
pub use event::{Error, Event};

use std::collections::VecDeque;
use std::fmt;

use framepost_browsing_context::loader::Loader;
use framepost_browsing_context::{
    ContextTask, Contexts, NavigableId, NavigateParams, Node, Steps, Url, dom, drive,
};
use framepost_event_loop::{
    EventLoop, EventLoopOptions, FxHashMap, GlobalId, RunOutcome, RunUntil, TaskQueues, run_until,
};

use crate::accounting::Posted;
use crate::broadcast_channel::broadcast_channel_post_message_steps;
use crate::host::MessagingHost;
use crate::identity::{BroadcastChannelId, Owner, PortId};
use crate::ports::message_port_post_message_steps;
use crate::state::{Messaging, Queues, State};
use crate::value::{Object, Value};
use crate::window_post_message::window_post_message_steps;

/// A set of pages, frames, windows and ports; see the [module](self).
pub struct World {
    state: State,
    loader: Box<dyn Loader>,
    events: VecDeque<Event>,
    /// The object of each port that has one, so that a port always maps to the same object. Never
    /// iterated.
    objects: FxHashMap<PortId, Object>,
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("World")
            .field("event_loop", &self.state.event_loop)
            .field("counters", &self.state.messaging.counters())
            .field("events", &self.events.len())
            .finish_non_exhaustive()
    }
}

impl World {
    /// Creates a world without pages. `loader` answers the requests of its pages.
    #[must_use]
    pub fn new(loader: impl Loader + 'static) -> Self {
        Self::with_options(loader, EventLoopOptions::new())
    }

    /// Creates a world with another clock, policy or limits of the event loop.
    #[must_use]
    pub fn with_options(loader: impl Loader + 'static, options: EventLoopOptions) -> Self {
        Self {
            state: State::new(EventLoop::with_options(options)),
            loader: Box::new(loader),
            events: VecDeque::new(),
            objects: FxHashMap::default(),
        }
    }

    /// Opens a page. [`run_until_idle`](Self::run_until_idle) loads it.
    ///
    /// # Errors
    /// Fails if `url` is invalid.
    pub fn open(&mut self, url: &str) -> Result<NavigableId, Error> {
        let url = Url::parse(url).map_err(|_| Error::InvalidUrl(url.to_owned()))?;
        let queues = &mut self.state.event_loop;
        let (page, steps) = self.state.contexts.create_top_level_traversable(queues);
        drive(self, steps);
        let params = NavigateParams::new(url);
        let steps = self
            .state
            .contexts
            .navigate(&mut self.state.event_loop, page, params);
        drive(self, steps);
        Ok(page)
    }

    /// Runs tasks until no task is queued or scheduled.
    pub fn run_until_idle(&mut self) -> RunOutcome {
        run_until(self, RunUntil::idle())
    }

    /// Runs one task. Returns `false` if no task can run.
    pub fn step(&mut self) -> bool {
        run_until(self, RunUntil::idle().after_tasks(1)) == RunOutcome::TasksReached
    }

    /// Returns the events fired since the last call, in order.
    #[must_use]
    pub fn take_events(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.events).into()
    }

    /// Takes the first of the events that were fired and not taken.
    pub fn take_event(&mut self) -> Option<Event> {
        self.events.pop_front()
    }

    /// The frame at `index` in a page or frame: `frames[index]` in script.
    #[must_use]
    pub fn frame(&self, parent: NavigableId, index: usize) -> Option<NavigableId> {
        self.state.contexts.children(parent).get(index).copied()
    }

    /// The window of a page or frame.
    ///
    /// # Errors
    /// Fails if the page or frame is gone.
    pub fn window(&self, navigable: NavigableId) -> Result<GlobalId, Error> {
        self.state
            .contexts
            .active_window(navigable)
            .ok_or(Error::NavigableDestroyed(navigable))
    }

    /// The first element with this name in a page or frame.
    #[must_use]
    pub fn element(&self, navigable: NavigableId, name: &str) -> Option<Node> {
        let document = self.state.contexts.active_document(navigable)?;
        let root = self.state.contexts.document(document)?.node();
        dom::descendants(root).find(|node| dom::is_html_element(node, name))
    }

    /// Sets the `textContent` of an element.
    pub fn set_text(&mut self, element: &Node, text: &str) {
        self.with_contexts_driven(|contexts, _| contexts.string_replace_all(element, text));
    }

    /// Removes an element and the frames inside it.
    pub fn remove(&mut self, element: &Node) {
        self.with_contexts_driven(|contexts, _| contexts.remove(element));
    }

    /// Runs `to.postMessage(data, targetOrigin, transfer)` for a script of `from`.
    ///
    /// # Errors
    /// Fails where `postMessage` throws, or if a page or frame is gone.
    pub fn post_message(
        &mut self,
        from: NavigableId,
        to: NavigableId,
        data: impl Into<Value>,
        target_origin: &str,
        transfer: &[PortId],
    ) -> Result<Posted, Error> {
        let (incumbent, target) = (self.window(from)?, self.window(to)?);
        let transfer = self.objects_of(transfer);
        let data = data.into();
        let posted =
            window_post_message_steps(self, target, incumbent, &data, target_origin, &transfer);
        self.forget_detached(&transfer);
        posted
    }

    /// Runs `new MessageChannel()` in a page or frame.
    ///
    /// # Errors
    /// Fails if the page or frame is gone.
    pub fn create_message_channel(
        &mut self,
        navigable: NavigableId,
    ) -> Result<(PortId, PortId), Error> {
        let window = self.window(navigable)?;
        Ok(self.state.messaging.create_channel(Owner::Global(window)))
    }

    /// The object that represents a port in a [`Value`].
    pub fn port_object(&mut self, port: PortId) -> Object {
        self.objects
            .entry(port)
            .or_insert_with(|| Object::platform(embedding::MESSAGE_PORT, port))
            .clone()
    }

    /// Runs `port.postMessage(data, transfer)`.
    ///
    /// # Errors
    /// Fails where `postMessage` throws.
    pub fn port_post_message(
        &mut self,
        port: PortId,
        data: impl Into<Value>,
        transfer: &[PortId],
    ) -> Result<Posted, Error> {
        let transfer = self.objects_of(transfer);
        let posted = message_port_post_message_steps(self, port, &data.into(), &transfer);
        self.forget_detached(&transfer);
        posted
    }

    /// Runs `port.start()`.
    pub fn start(&mut self, port: PortId) {
        self.state.messaging.start(&mut self.state.event_loop, port);
    }

    /// Runs `port.close()`.
    pub fn close(&mut self, port: PortId) {
        self.state.messaging.close(&mut self.state.event_loop, port);
        self.objects.remove(&port);
    }

    /// Runs `new BroadcastChannel(name)` in a page or frame.
    ///
    /// # Errors
    /// Fails if the page or frame is gone.
    pub fn create_broadcast_channel(
        &mut self,
        navigable: NavigableId,
        name: &str,
    ) -> Result<BroadcastChannelId, Error> {
        let window = self.window(navigable)?;
        let name: Vec<u16> = name.encode_utf16().collect();
        Ok(self.state.messaging.create_broadcast_channel(window, &name))
    }

    /// Runs `channel.postMessage(data)`.
    ///
    /// # Errors
    /// Fails where `postMessage` throws.
    pub fn broadcast(
        &mut self,
        channel: BroadcastChannelId,
        data: impl Into<Value>,
    ) -> Result<Vec<Posted>, Error> {
        broadcast_channel_post_message_steps(self, channel, &data.into())
    }

    /// The browsing contexts.
    #[must_use]
    pub fn contexts(&self) -> &Contexts {
        &self.state.contexts
    }

    /// The ports and channels, and the accounting of their messages.
    #[must_use]
    pub fn messaging(&mut self) -> &mut Messaging {
        &mut self.state.messaging
    }

    /// The event loop.
    #[must_use]
    pub fn event_loop(&mut self) -> &mut EventLoop<Task, ()> {
        &mut self.state.event_loop
    }

    /// Calls `f` with the ports and channels and the task queues that their methods need.
    pub fn with_messaging_queues<R>(
        &mut self,
        f: impl FnOnce(&mut Messaging, &mut Queues<'_>) -> R,
    ) -> R {
        f(&mut self.state.messaging, &mut self.state.event_loop)
    }

    /// Runs an algorithm of the browsing contexts, such as a navigation.
    pub fn with_contexts_driven(
        &mut self,
        f: impl FnOnce(&mut Contexts, &mut dyn TaskQueues<ContextTask>) -> Steps,
    ) {
        let steps = f(&mut self.state.contexts, &mut self.state.event_loop);
        drive(self, steps);
    }

    fn objects_of(&mut self, ports: &[PortId]) -> Vec<Object> {
        ports.iter().map(|port| self.port_object(*port)).collect()
    }

    fn forget_detached(&mut self, objects: &[Object]) {
        for object in objects {
            if let Some(port) = self.port_of(object)
                && self.state.messaging.is_detached(port)
            {
                self.objects.remove(&port);
            }
        }
    }

    fn housekeep(&mut self) {
        // A world has no callbacks of timers and no collector.
        self.state.housekeep();
    }
}
