//! An embedding without script, with one fault.

use framepost_browsing_context::loader::{Loader, MemoryLoader};
use framepost_browsing_context::{
    ContextState, ContextTask, Contexts, Effect, EffectHost, NavigateParams, Url, drive,
};
use framepost_event_loop::{
    Agent, EventLoop, GlobalId, HasState, LoopState, Queued, RunUntil, TaskQueues,
    perform_a_microtask_checkpoint, run_until,
};
use framepost_messaging::conformance::{PAGE, Report, check_host};
use framepost_messaging::plain::Task;
use framepost_messaging::ports::{Owner, PortId};
use framepost_messaging::structured_clone::{
    CloneError, Failure, TransferDataHolder, Transferability,
};
use framepost_messaging::value::{Object, ValueHost};
use framepost_messaging::{
    EnvironmentSettings, Messaging, MessagingError, MessagingHost, MessagingState, Queues,
    run_messaging_task,
};

/// What is wrong with the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HostFault {
    NoRealmOfFrames,
    OriginOfAnother,
    NewestTaskFirst,
    DroppedTasksKept,
    DroppedTimersKept,
    EndNotReported,
    PortForgottenWhenDetached,
    PortStaysAttached,
    PortArrivesElsewhere,
    PortIsPlain,
    ScriptNeverEnds,
    MessagesAreNotRun,
}

impl HostFault {
    /// Each fault, and a check that finds it.
    pub(crate) const ALL: [(Self, &'static str); 12] = [
        (Self::NoRealmOfFrames, "the realm of the first frame"),
        (
            Self::OriginOfAnother,
            "the origin and the navigable of the first frame",
        ),
        (
            Self::NewestTaskFirst,
            "messages are delivered one in a task, in the order of their posts",
        ),
        (
            Self::DroppedTasksKept,
            "messages to a removed frame and to its port are dropped, and one from it is delivered (delivered, dropped)",
        ),
        (
            Self::DroppedTimersKept,
            "the host has taken the dropped tasks and the dropped timers",
        ),
        (
            Self::EndNotReported,
            "a broadcast channel ends with its window",
        ),
        (
            Self::PortForgottenWhenDetached,
            "a transferred port is detached, and still a port",
        ),
        (
            Self::PortStaysAttached,
            "a transferred port is detached, and still a port",
        ),
        (
            Self::PortArrivesElsewhere,
            "a transferred port arrives in its target's realm, with its messages",
        ),
        (Self::PortIsPlain, "the class of a port"),
        (
            Self::ScriptNeverEnds,
            "a message to a window: each script has ended",
        ),
        (
            Self::MessagesAreNotRun,
            "a message to a window is delivered (delivered, dropped)",
        ),
    ];
}

pub(crate) struct FaultyHost {
    event_loop: EventLoop<Task, ()>,
    contexts: Contexts,
    messaging: Messaging,
    loader: MemoryLoader,
    fault: Option<HostFault>,
    /// A task that was put aside.
    aside: Option<Queued<Task>>,
}

impl FaultyHost {
    /// The report about a host with this fault.
    pub(crate) fn checked(fault: Option<HostFault>) -> Report {
        let mut loader = MemoryLoader::new();
        loader.add("http://localhost/", PAGE).expect("a URL");
        let mut host = Self {
            event_loop: EventLoop::new(),
            contexts: Contexts::new(),
            messaging: Messaging::new(),
            loader,
            fault: None,
            aside: None,
        };
        let (page, steps) = host
            .contexts
            .create_top_level_traversable(&mut host.event_loop);
        drive(&mut host, steps);
        let url = Url::parse("http://localhost/").expect("a URL");
        let params = NavigateParams::new(url);
        let steps = host.contexts.navigate(&mut host.event_loop, page, params);
        drive(&mut host, steps);
        let _ = run_until(&mut host, RunUntil::idle());
        host.fault = fault;
        check_host(&mut host, page)
    }

    fn has(&self, fault: HostFault) -> bool {
        self.fault == Some(fault)
    }

    fn housekeep(&mut self) {
        if !self.has(HostFault::DroppedTasksKept) {
            for dropped in self.event_loop.take_dropped() {
                if let Task::Messaging(task) = dropped.queued.task {
                    self.messaging.task_dropped(&mut self.event_loop, task);
                }
            }
        }
        if !self.has(HostFault::DroppedTimersKept) {
            drop(self.event_loop.take_dropped_timers());
        }
    }

    fn run_one(&mut self, queued: Queued<Task>) {
        match queued.task {
            Task::Context(task) => {
                let steps = self.contexts.run_task(task);
                drive(self, steps);
            }
            Task::Messaging(task) => {
                if self.has(HostFault::MessagesAreNotRun) {
                    return;
                }
                if self.has(HostFault::ScriptNeverEnds) {
                    self.event_loop.prepare_to_run_script();
                }
                drop(run_messaging_task(self, task));
            }
            _ => {}
        }
        self.housekeep();
    }
}

impl HasState for FaultyHost {
    type State = Self;

    fn with_state<R>(&mut self, f: impl FnOnce(&mut Self) -> R) -> R {
        f(self)
    }
}

impl LoopState for FaultyHost {
    type Task = Task;
    type Microtask = ();

    fn event_loop(&mut self) -> &mut EventLoop<Task, ()> {
        &mut self.event_loop
    }
}

impl ContextState for FaultyHost {
    fn contexts(&mut self) -> (&mut Contexts, &mut dyn TaskQueues<ContextTask>) {
        (&mut self.contexts, &mut self.event_loop)
    }
}

impl MessagingState for FaultyHost {
    fn messaging(&mut self) -> (&mut Messaging, &mut Queues<'_>, &Contexts) {
        (&mut self.messaging, &mut self.event_loop, &self.contexts)
    }
}

impl Agent for FaultyHost {
    fn run_task(&mut self, queued: Queued<Task>) {
        if !self.has(HostFault::NewestTaskFirst) {
            return self.run_one(queued);
        }
        // Every second task waits for the next one.
        match self.aside.take() {
            None => self.aside = Some(queued),
            Some(earlier) => {
                self.run_one(queued);
                self.run_one(earlier);
            }
        }
    }

    fn run_microtask(&mut self, (): ()) {}
}

impl EffectHost for FaultyHost {
    fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::Fetch(request, what) => {
                let response = self.loader.load(&what);
                self.contexts
                    .respond(&mut self.event_loop, request, response);
            }
            Effect::Checkpoint => perform_a_microtask_checkpoint(self),
            Effect::WindowDiscarded(window) if !self.has(HostFault::EndNotReported) => {
                self.messaging.global_ended(&mut self.event_loop, window);
            }
            _ => {}
        }
        self.housekeep();
    }
}

impl ValueHost for FaultyHost {
    type Realm = GlobalId;
    type Error = CloneError;

    fn is_serializable(&mut self, _interface: &'static str, _object: &Object) -> bool {
        self.has(HostFault::PortIsPlain)
    }

    fn platform_transferability(
        &mut self,
        _interface: &'static str,
        object: &Object,
    ) -> Transferability {
        match object.platform_data::<PortId>() {
            Some(port) => Transferability::Platform {
                detached: self.messaging.is_detached(*port)
                    && !self.has(HostFault::PortStaysAttached),
            },
            None => Transferability::No,
        }
    }

    fn transfer_steps(
        &mut self,
        object: &Object,
    ) -> Result<TransferDataHolder, Failure<CloneError>> {
        let half = self
            .port_of(object)
            .and_then(|port| self.messaging.detach(port).ok());
        let refused = || CloneError::NotSerializable("MessagePort".to_owned());
        Ok(TransferDataHolder::Port(half.ok_or_else(refused)?))
    }

    fn transfer_receiving_steps(
        &mut self,
        realm: &GlobalId,
        attachment: TransferDataHolder,
    ) -> Result<Object, Failure<CloneError>> {
        let refused = CloneError::NotExposed(attachment.interface().to_owned());
        let TransferDataHolder::Port(half) = attachment else {
            return Err(refused.into());
        };
        let owner = match self.has(HostFault::PortArrivesElsewhere) {
            true => Owner::Host,
            false => Owner::Global(*realm),
        };
        match self.messaging.attach(&mut self.event_loop, owner, half) {
            Ok(port) => Ok(Object::platform("MessagePort", port)),
            Err(_) => Err(refused.into()),
        }
    }
}

impl MessagingHost for FaultyHost {
    fn realm_of(&mut self, window: GlobalId) -> Option<GlobalId> {
        let found = self.contexts.window(window);
        let top = found.is_some_and(|it| self.contexts.parent(it.navigable()).is_none());
        let realm = match self.fault {
            Some(HostFault::NoRealmOfFrames) => top,
            _ => found.is_some(),
        };
        realm.then_some(window)
    }

    fn settings_of(&mut self, window: GlobalId) -> Option<EnvironmentSettings> {
        let navigable = self.contexts.window(window)?.navigable();
        let named = match self.has(HostFault::OriginOfAnother) {
            true => self.contexts.parent(navigable).unwrap_or(navigable),
            false => navigable,
        };
        let origin = self.contexts.origin_of_global(window)?.clone();
        Some(EnvironmentSettings::new(origin, named))
    }

    fn port_of(&mut self, object: &Object) -> Option<PortId> {
        let port = *object.platform_data::<PortId>()?;
        let forgotten = self.has(HostFault::PortForgottenWhenDetached);
        (!forgotten || !self.messaging.is_detached(port)).then_some(port)
    }

    fn messaging_error(&mut self, error: MessagingError) -> CloneError {
        CloneError::NotCloneable(error.to_string())
    }
}
