//! A test rig of ports, windows and a loop without a heap. Messages are numbers.

use framepost_browsing_context::SerializedOrigin;
use framepost_event_loop::{EventLoop, GlobalId, NextTask, TimerTask};

use crate::accounting::Endpoint;
use crate::accounting::{MessageDropReason, MessageInfo, Posted};
use crate::half::Half;
use crate::identity::{Owner, PortId};
use crate::ports::Taken;
use crate::state::TargetOrigin;
use crate::state::{Messaging, MessagingTask};
use crate::structured_clone::{Message, Serialized, TransferDataHolder};

#[derive(Debug)]
pub(super) enum Task {
    Messaging(MessagingTask),
    Timer,
}

impl From<MessagingTask> for Task {
    fn from(task: MessagingTask) -> Self {
        Self::Messaging(task)
    }
}

impl From<TimerTask> for Task {
    fn from(_: TimerTask) -> Self {
        Self::Timer
    }
}

/// The result of a turn of the loop.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// A port received this number and these ports.
    Message(PortId, u64, Vec<PortId>),
    /// A window received this number and these ports.
    WindowMessage(GlobalId, u64, Vec<PortId>),
    Close(PortId),
    /// This number could not be deserialized.
    Failed(u64),
    /// A port of Rust code has something to receive.
    Host(PortId),
    /// The task was stale.
    Nothing,
}

/// Whether a heap can deserialize messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Heap {
    Works,
    Fails,
}

#[derive(Debug, Default)]
pub(super) struct Rig {
    pub(super) messaging: Messaging,
    pub(super) event_loop: EventLoop<Task, ()>,
}

pub(super) fn message(number: u64, ports: Vec<Half>) -> Message {
    let mut message = Message::from(Serialized::from_bytes(number.to_le_bytes().to_vec()));
    message.transfer_data_holders = ports.into_iter().map(TransferDataHolder::Port).collect();
    message
}

pub(super) fn number(message: &Message) -> u64 {
    u64::from_le_bytes(message.serialized.bytes().try_into().unwrap())
}

impl Rig {
    pub(super) fn window(&mut self) -> GlobalId {
        let window = self.event_loop.create_global();
        let document = self.event_loop.create_client(window);
        self.event_loop.set_fully_active(document, true);
        window
    }

    pub(super) fn channel(&mut self, window: GlobalId) -> (PortId, PortId) {
        self.messaging.create_channel(Owner::Global(window))
    }

    pub(super) fn message(&mut self, number: u64, ports: &[PortId]) -> Message {
        let detach = |port: &PortId| self.messaging.detach(*port).unwrap();
        message(number, ports.iter().map(detach).collect())
    }

    pub(super) fn post(&mut self, port: PortId, number: u64, ports: &[PortId]) -> Posted {
        let message = self.message(number, ports);
        self.messaging
            .post(&mut self.event_loop, port, message)
            .unwrap()
    }

    pub(super) fn post_to_window(
        &mut self,
        window: GlobalId,
        number: u64,
        ports: &[PortId],
    ) -> Posted {
        let message = self.message(number, ports);
        self.messaging.post_to_window(
            &mut self.event_loop,
            Endpoint::Window(window),
            window,
            TargetOrigin::Any,
            SerializedOrigin::default(),
            None,
            message,
        )
    }

    pub(super) fn start(&mut self, port: PortId) {
        self.messaging.start(&mut self.event_loop, port);
    }

    pub(super) fn close(&mut self, port: PortId) {
        self.messaging.close(&mut self.event_loop, port);
    }

    pub(super) fn destroy_window(&mut self, window: GlobalId) {
        self.event_loop.destroy_global(window);
        self.messaging.global_ended(&mut self.event_loop, window);
        self.hand_back_dropped_tasks();
    }

    /// Replaces the document of a window: its tasks go with the old one.
    pub(super) fn next_document(&mut self, window: GlobalId) {
        let old = self.event_loop.client_of(window).unwrap();
        let new = self.event_loop.create_client(window);
        self.event_loop.set_fully_active(new, true);
        self.event_loop.destroy_client(old);
        self.hand_back_dropped_tasks();
    }

    /// Ends a worker. A worker that is terminated from outside posts nothing any more.
    pub(super) fn end_worker(&mut self, worker: GlobalId, terminated: bool) {
        if terminated {
            self.messaging
                .empty_worker_port_message_queue(&mut self.event_loop, worker);
        }
        self.event_loop.destroy_global(worker);
        self.hand_back_dropped_tasks();
        self.messaging.global_ended(&mut self.event_loop, worker);
    }

    pub(super) fn hand_back_dropped_tasks(&mut self) {
        for dropped in self.event_loop.take_dropped() {
            if let Task::Messaging(task) = dropped.queued.task {
                self.messaging.task_dropped(&mut self.event_loop, task);
            }
        }
    }

    fn receive(&mut self, window: GlobalId, message: Message) -> (u64, Vec<PortId>) {
        let number = number(&message);
        let mut ports = Vec::new();
        for holder in message.transfer_data_holders {
            if let TransferDataHolder::Port(half) = holder {
                let owner = Owner::Global(window);
                let attached = self.messaging.attach(&mut self.event_loop, owner, half);
                ports.push(attached.unwrap());
            }
        }
        (number, ports)
    }

    /// Takes a message that cannot be deserialized.
    fn fail(&mut self, info: MessageInfo, message: Message) -> u64 {
        let number = number(&message);
        drop(message);
        self.messaging
            .accounting
            .dropped(info, MessageDropReason::DeserializationFailed);
        self.messaging.process_drops(&mut self.event_loop);
        number
    }

    /// Runs one turn of the loop. Returns `None` if the loop is idle.
    pub(super) fn step(&mut self) -> Option<Event> {
        self.step_with(Heap::Works)
    }

    /// Runs one turn of the loop, in which messages can be deserialized or not.
    pub(super) fn step_with(&mut self, heap: Heap) -> Option<Event> {
        let NextTask::Task(queued) = self.event_loop.next_task() else {
            return None;
        };
        let Task::Messaging(task) = queued.task else {
            panic!("no timer was set");
        };
        Some(match task {
            MessagingTask::Port(token) => match self.messaging.take(&mut self.event_loop, token) {
                None => Event::Nothing,
                Some(Taken::Close { .. }) => Event::Close(token.port),
                Some(Taken::Host) => Event::Host(token.port),
                Some(Taken::Message {
                    global: window,
                    envelope,
                    ..
                }) => {
                    let (info, message) = envelope.open();
                    let message = message.unwrap();
                    if heap == Heap::Fails {
                        return Some(Event::Failed(self.fail(info, message)));
                    }
                    let (number, ports) = self.receive(window, message);
                    self.messaging.accounting.delivered(info);
                    Event::Message(token.port, number, ports)
                }
            },
            MessagingTask::PostedMessage(posted) => {
                let target = posted.target;
                let info = posted.envelope.info();
                self.messaging.message_left_task(&info);
                let (info, message) = posted.envelope.open();
                if heap == Heap::Fails {
                    return Some(Event::Failed(self.fail(info, message.unwrap())));
                }
                let (number, ports) = self.receive(target, message.unwrap());
                self.messaging.accounting.delivered(info);
                Event::WindowMessage(target, number, ports)
            }
            task => panic!("{task:?}"),
        })
    }

    /// Runs turns until idle, and returns all events except `Nothing`.
    pub(super) fn run(&mut self) -> Vec<Event> {
        let mut events = Vec::new();
        while let Some(event) = self.step() {
            if event != Event::Nothing {
                events.push(event);
            }
        }
        events
    }

    /// The reasons of all drops since the last call.
    pub(super) fn dropped(&mut self) -> Vec<MessageDropReason> {
        self.messaging.process_drops(&mut self.event_loop);
        let dropped = self.messaging.take_dropped();
        dropped.iter().map(|dropped| dropped.reason).collect()
    }
}
