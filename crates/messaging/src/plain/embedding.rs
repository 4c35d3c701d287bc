//! Implements the host traits of the three crates for [`World`].

use framepost_browsing_context::{Effect, EffectHost, drive};
use framepost_event_loop::{Agent, GlobalId, HasState, Queued, perform_a_microtask_checkpoint};

use super::{Error, Event, World};
use crate::accounting::Cause;
use crate::delivery::{Delivery, run_messaging_task};
use crate::error::MessagingError;
use crate::host::MessagingHost;
use crate::identity::{Owner, PortId};
use crate::state::State;
use crate::structured_clone::{CloneError, Failure, TransferDataHolder, Transferability};
use crate::value::{Object, ValueHost};

/// The interface name of port objects. Their data is a [`PortId`].
pub(super) const MESSAGE_PORT: &str = "MessagePort";

/// A task of a [`World`]. A world sets no timers, but code with access to its event loop may.
pub type Task = crate::Task;

impl HasState for World {
    type State = State;

    fn with_state<R>(&mut self, f: impl FnOnce(&mut State) -> R) -> R {
        f(&mut self.state)
    }
}

impl Agent for World {
    fn run_task(&mut self, queued: Queued<Task>) {
        let now = self.state.event_loop.peek_now();
        self.state
            .messaging
            .set_trace_context(now, Cause::default());
        match queued.task {
            Task::Context(task) => {
                let steps = self.state.contexts.run_task(task);
                drive(self, steps);
            }
            Task::Messaging(task) => {
                let delivery = run_messaging_task(self, task);
                let event = delivery.map(|delivery| self.event_of(delivery));
                self.events.extend(event);
            }
            Task::Timer(task) => {
                if self.state.event_loop.begin_timer(&task).is_some() {
                    self.state.event_loop.finish_timer(&task);
                }
            }
        }
        self.housekeep();
    }

    fn run_microtask(&mut self, (): ()) {}
}

impl EffectHost for World {
    fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::Fetch(request, what) => {
                let response = self.loader.load(&what);
                self.state
                    .contexts
                    .respond(&mut self.state.event_loop, request, response);
            }
            Effect::Fire { target, event } => self.events.push_back(Event::Frame { target, event }),
            Effect::Report(diagnostic) => self.events.push_back(Event::Report(diagnostic)),
            Effect::Checkpoint => perform_a_microtask_checkpoint(self),
            #[cfg(feature = "storage")]
            Effect::TraversableOpened { navigable, opener } => {
                let messaging = &mut self.state.messaging;
                messaging.legacy_clone_a_traversable_storage_shed(opener, navigable);
            }
            #[cfg(feature = "storage")]
            Effect::NavigableDestroyed(navigable) => {
                self.state.messaging.navigable_destroyed(navigable);
            }
            #[cfg(feature = "locks")]
            Effect::DocumentDestroyed(document) => {
                self.housekeep();
                if let Some(window) = self.state.contexts.global_of_client(document) {
                    let queues = &mut self.state.event_loop;
                    self.state
                        .messaging
                        .terminate_remaining_locks_and_requests(queues, window);
                }
            }
            Effect::WorkerEnded { worker, .. } => {
                self.housekeep();
                self.state
                    .messaging
                    .global_ended(&mut self.state.event_loop, worker);
            }
            Effect::WindowDiscarded(window) => {
                self.state
                    .messaging
                    .global_ended(&mut self.state.event_loop, window);
                let messaging = &self.state.messaging;
                self.objects.retain(|port, _| !messaging.is_detached(*port));
            }
            // This world has no realms, scripts or listeners.
            _ => {}
        }
        self.housekeep();
    }
}

impl ValueHost for World {
    type Realm = GlobalId;
    type Error = Error;

    fn platform_transferability(
        &mut self,
        _interface: &'static str,
        object: &Object,
    ) -> Transferability {
        match self.port_of(object) {
            Some(port) => Transferability::Platform {
                detached: self.state.messaging.is_detached(port),
            },
            None => Transferability::No,
        }
    }

    fn transfer_steps(&mut self, object: &Object) -> Result<TransferDataHolder, Failure<Error>> {
        let half = self
            .port_of(object)
            .and_then(|port| self.state.messaging.detach(port).ok());
        let refused = || CloneError::NotSerializable(MESSAGE_PORT.to_owned());
        Ok(TransferDataHolder::Port(half.ok_or_else(refused)?))
    }

    fn transfer_receiving_steps(
        &mut self,
        realm: &GlobalId,
        attachment: TransferDataHolder,
    ) -> Result<Object, Failure<Error>> {
        let refused = CloneError::NotExposed(attachment.interface().to_owned());
        let TransferDataHolder::Port(half) = attachment else {
            return Err(refused.into());
        };
        let owner = Owner::Global(*realm);
        match self
            .state
            .messaging
            .attach(&mut self.state.event_loop, owner, half)
        {
            Ok(port) => Ok(self.port_object(port)),
            Err(_) => Err(refused.into()),
        }
    }
}

impl MessagingHost for World {
    fn realm_of(&mut self, window: GlobalId) -> Option<GlobalId> {
        self.state.contexts.window(window).map(|_| window)
    }

    fn port_of(&mut self, object: &Object) -> Option<PortId> {
        object.platform_data::<PortId>().map(|port| *port)
    }

    fn messaging_error(&mut self, error: MessagingError) -> Error {
        error.into()
    }
}

impl World {
    fn event_of(&mut self, delivery: Delivery<Self>) -> Event {
        match delivery {
            Delivery::Message {
                target,
                data,
                origin,
                source,
                ports,
                ..
            } => Event::Message {
                target,
                data,
                origin: origin.to_string(),
                source,
                ports: ports
                    .iter()
                    .filter_map(|object| self.port_of(object))
                    .collect(),
            },
            Delivery::MessageError {
                target,
                origin,
                source,
                ..
            } => Event::MessageError {
                target,
                origin: origin.to_string(),
                source,
            },
            #[cfg(feature = "locks")]
            Delivery::Lock { request, event } => Event::Lock { request, event },
            #[cfg(feature = "storage")]
            Delivery::Storage {
                target,
                kind,
                change,
                ..
            } => Event::Storage {
                target,
                kind,
                change,
            },
            Delivery::Close { port } => Event::Close { port },
            Delivery::Host { port } => Event::Host { port },
        }
    }
}
