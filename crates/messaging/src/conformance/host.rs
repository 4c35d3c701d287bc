//! Checks of a host: its realms, ports and windows.
//!
//! The checks look at the state of the three crates, not at the events: what scripts see is the subject of
//! [`check_pages`](super::check_pages).

use std::fmt::Debug;
use std::marker::PhantomData;

use framepost_browsing_context::{Contexts, EffectHost, NavigableId};
use framepost_event_loop::{Agent as _, EventLoop, GlobalId, RunOutcome, RunUntil, run_until};

use super::agent::{AgentOf, Itself};
use super::heap::create;
use super::removal::check_removal;
use super::report::Report;
use crate::accounting::{MessageDropReason, Posted, TraceRecord};
use crate::broadcast_channel::broadcast_channel_post_message_steps;
use crate::host::MessagingHost;
use crate::identity::{HalfId, Owner, PortId};
use crate::ports::message_port_post_message_steps;
use crate::state::{HalfLocation, Messaging};
use crate::structured_clone::{
    Class, Heap, Message, Serialized, TransferDataHolder, Transferability, structured_serialize,
};
use crate::value::Value;
use crate::window_post_message::window_post_message_steps;

/// The page that [`check_host`] needs: a document with two frames of the same origin.
pub const PAGE: &str = "<!DOCTYPE html><p>The page</p>\
    <iframe srcdoc=\"<p>The first frame</p>\"></iframe>\
    <iframe srcdoc=\"<p>The second frame</p>\"></iframe>";

/// Checks an implementation of [`MessagingHost`] and [`EffectHost`]. `page` is a top-level navigable with [`PAGE`] as its
/// document, of any `http:` or `https:` URL. Its loop is idle. The checks remove both frames.
pub fn check_host<H>(host: &mut H, page: NavigableId) -> Report
where
    H: MessagingHost + EffectHost,
    <H as Heap>::Error: Debug,
{
    check_host_with_agent::<H, Itself>(host, page)
}

/// [`check_host`] for a host whose agent is another type.
pub fn check_host_with_agent<H, A>(host: &mut H, page: NavigableId) -> Report
where
    H: MessagingHost,
    A: AgentOf<H>,
    <H as Heap>::Error: Debug,
{
    let mut report = Report::default();
    let windows = host.with_messaging(|_, _, contexts| windows_of(contexts, page));
    let Some(windows) = windows else {
        report.check("the page", "two frames with windows", "other frames");
        return report;
    };
    let mut check = Check {
        host,
        report: &mut report,
        page,
        windows,
        agent: PhantomData::<A>,
    };
    check.with(|messaging| messaging.set_trace(true));
    check.settings();
    check.window_messages();
    check.order();
    check.target_origins();
    check.damaged_message();
    if check.ports().is_none() {
        check.report.check("ports", "objects for ports", "none");
    }
    check.broadcast_channels();
    if check_removal(&mut check).is_none() {
        check
            .report
            .check("the removal of a frame", "a frame", "none");
    }
    check.with(|messaging| messaging.set_trace(false));
    report
}

/// The windows of the page and of its frames.
fn windows_of(contexts: &Contexts, page: NavigableId) -> Option<[GlobalId; 3]> {
    let &[first, second] = contexts.children(page) else {
        return None;
    };
    Some([
        contexts.active_window(page)?,
        contexts.active_window(first)?,
        contexts.active_window(second)?,
    ])
}

pub(super) struct Check<'a, H, A> {
    pub(super) host: &'a mut H,
    pub(super) report: &'a mut Report,
    pub(super) page: NavigableId,
    /// Those of the page, of the first frame, and of the second.
    pub(super) windows: [GlobalId; 3],
    agent: PhantomData<A>,
}

impl<H, A> Check<'_, H, A>
where
    H: MessagingHost,
    A: AgentOf<H>,
    <H as Heap>::Error: Debug,
{
    pub(super) fn with<R>(&mut self, f: impl FnOnce(&mut Messaging) -> R) -> R {
        self.host.with_messaging(|messaging, _, _| f(messaging))
    }

    /// Runs the loop until it is idle.
    pub(super) fn run(&mut self, name: &str) {
        let outcome = run_until(
            &mut A::agent(self.host),
            RunUntil::idle().after_tasks(10_000),
        );
        self.report.equal(
            format!("{name}: the loop becomes idle"),
            RunOutcome::Idle,
            outcome,
        );
        let no_script =
            A::agent(self.host).with_loop(|event_loop| event_loop.script_stack_is_empty());
        self.report
            .equal(format!("{name}: each script has ended"), true, no_script);
    }

    /// The trace since the last call.
    pub(super) fn trace(&mut self) -> Vec<TraceRecord> {
        let events = self.with(Messaging::take_trace);
        events.into_iter().map(|event| event.record).collect()
    }

    /// How many messages were delivered and dropped so far.
    pub(super) fn ends(&mut self) -> (u64, u64) {
        let counters = self.with(|messaging| messaging.counters());
        (counters.delivered, counters.dropped)
    }

    /// Compares the number of messages that were delivered and dropped since `before`.
    pub(super) fn ended(&mut self, name: &str, before: (u64, u64), expected: (u64, u64)) {
        let now = self.ends();
        let found = (now.0 - before.0, now.1 - before.1);
        self.report
            .equal(format!("{name} (delivered, dropped)"), expected, found);
    }

    /// Compares the reasons of the messages that were dropped, unless the host has taken them.
    fn reasons(&mut self, name: &str, expected: MessageDropReason) {
        let dropped = self.with(Messaging::take_dropped);
        for dropped in dropped {
            self.report
                .equal(format!("the reason: {name}"), expected, dropped.reason);
        }
    }

    /// Posts a string from one window to another.
    pub(super) fn post(
        &mut self,
        from: GlobalId,
        to: GlobalId,
        target_origin: &str,
        transfer: &[H::Object],
    ) -> Result<Posted, String> {
        let realm = self.host.realm_of(from).ok_or("the sender has no realm")?;
        let message = create(self.host, &realm, &Value::from("a message"));
        let message = message.ok_or("a string cannot be created")?;
        window_post_message_steps(self.host, to, from, &message, target_origin, transfer)
            .map_err(|error| format!("{error:?}"))
    }

    /// Posts a string on a port.
    pub(super) fn post_on(
        &mut self,
        port: PortId,
        transfer: &[H::Object],
    ) -> Result<Posted, String> {
        let page = self.windows[0];
        let realm = self.host.realm_of(page).ok_or("the page has no realm")?;
        let message = create(self.host, &realm, &Value::from("a message"));
        let message = message.ok_or("a string cannot be created")?;
        message_port_post_message_steps(self.host, port, &message, transfer)
            .map_err(|error| format!("{error:?}"))
    }

    /// Creates a channel. The object of its second port is one of `window`.
    pub(super) fn channel(&mut self, window: GlobalId) -> Option<(PortId, PortId, H::Object)> {
        let page = self.windows[0];
        let realm = self.host.realm_of(window)?;
        let (near, half) = self.with(|messaging| {
            let (near, far) = messaging.create_channel(Owner::Global(page));
            Some((near, messaging.detach(far).ok()?))
        })?;
        let holder = TransferDataHolder::Port(half);
        let object = self.host.transfer_receiving_steps(&realm, holder).ok()?;
        let far = self.host.port_of(&object)?;
        Some((near, far, object))
    }

    fn settings(&mut self) {
        for (name, window) in ["the page", "the first frame", "the second frame"]
            .into_iter()
            .zip(self.windows)
        {
            let realm = self.host.realm_of(window).is_some();
            self.report
                .equal(format!("the realm of {name}"), true, realm);
            let settings = self.host.settings_of(window);
            let settings = settings.map(|it| (it.origin.serialize().to_string(), it.navigable));
            let expected = self.host.with_messaging(|_, _, contexts| {
                let origin = contexts.origin_of_global(window)?.serialize().to_string();
                Some((origin, contexts.window(window)?.navigable()))
            });
            self.report.equal(
                format!("the origin and the navigable of {name}"),
                expected,
                settings,
            );
        }
    }

    fn window_messages(&mut self) {
        let [page, first, _] = self.windows;
        let before = self.ends();
        let posted = self.post(first, page, "*", &[]);
        let posted = posted.map(|it| it.dropped);
        self.report
            .equal("a message to a window waits", Ok(None), posted);
        self.ended("a message is delivered in a later task", before, (0, 0));
        self.run("a message to a window");
        self.ended("a message to a window is delivered", before, (1, 0));
    }

    /// The senders whose messages still wait tell which message was delivered.
    fn order(&mut self) {
        let [page, first, second] = self.windows;
        let routes = [(second, first), (page, second), (first, page)];
        let posted = routes.map(|(from, to)| self.post(from, to, "/", &[]).is_ok());
        let mut found = Vec::new();
        for _ in 0..routes.len() {
            let before = self.ends();
            for _ in 0..100 {
                if self.ends() != before {
                    break;
                }
                let _ = run_until(&mut A::agent(self.host), RunUntil::idle().after_tasks(1));
            }
            found.push(routes.map(|(from, _)| self.with(|it| it.has_undelivered_from(from))));
        }
        self.report.equal(
            "messages are delivered one in a task, in the order of their posts",
            (
                [true; 3],
                vec![[false, true, true], [false, false, true], [false; 3]],
            ),
            (posted, found),
        );
    }

    fn target_origins(&mut self) {
        let [page, first, _] = self.windows;
        let _ = self.with(Messaging::take_dropped);
        let before = self.ends();
        let other = self.post(page, first, "http://elsewhere.test", &[]).is_ok();
        let invalid = self.post(page, first, "elsewhere", &[]).is_err();
        self.report.equal(
            "a target origin that is no URL throws, and another origin does not",
            (true, true),
            (other, invalid),
        );
        self.run("a message for another origin");
        let name = "a message for another origin is dropped";
        self.ended(name, before, (0, 1));
        self.reasons(name, MessageDropReason::TargetOriginMismatch);
    }

    fn damaged_message(&mut self) {
        let page = self.windows[0];
        let before = self.ends();
        let message = Message::from(Serialized::from_bytes(vec![0xff; 8]));
        self.host.with_messaging(|messaging, queues, _| {
            messaging.host_post_to_window(queues, page, message);
        });
        self.run("a damaged message");
        let name = "a message that cannot be deserialized is dropped";
        self.ended(name, before, (0, 1));
        self.reasons(name, MessageDropReason::DeserializationFailed);
    }

    fn ports(&mut self) -> Option<()> {
        let [page, first, _] = self.windows;
        let (near, far, object) = self.channel(page)?;
        let owner = self.with(|messaging| messaging.owner(far));
        self.report.equal(
            "a port that arrives belongs to the realm in which it arrives",
            Some(Owner::Global(page)),
            owner,
        );
        let class = self.host.class(&object).map(|class| format!("{class:?}"));
        let expected = format!("{:?}", Class::<H>::Platform("MessagePort".to_owned()));
        self.report
            .check("the class of a port", expected, class.unwrap_or_default());
        let transferability = self.host.transferability(&object);
        self.report.equal(
            "a port can be transferred",
            Transferability::Platform { detached: false },
            transferability,
        );
        let value = self
            .host
            .value(crate::structured_clone::Kind::Object(object.clone()))
            .ok()?;
        let refused = structured_serialize(self.host, &value).is_err();
        self.report.equal(
            "a port that is not in the transfer list is refused",
            true,
            refused,
        );

        // Its messages wait until it is enabled.
        let before = self.ends();
        for _ in 0..3 {
            let _ = self.post_on(near, &[]);
        }
        self.run("messages to a port that is not enabled");
        let waiting = self.with(|it| it.waiting(far));
        self.report
            .equal("messages to a port that is not enabled wait", 3, waiting);
        self.ended(
            "a port that is not enabled delivers nothing",
            before,
            (0, 0),
        );
        let refused = self.post_on(far, std::slice::from_ref(&object)).is_err();
        self.report
            .equal("a port in a message on itself is refused", true, refused);
        let twice = [object.clone(), object.clone()];
        let refused = self.post(page, first, "*", &twice).is_err();
        let transferability = self.host.transferability(&object);
        self.report.equal(
            "a port twice in a transfer list is refused, and stays",
            (true, Transferability::Platform { detached: false }),
            (refused, transferability),
        );

        // It is transferred with them.
        self.trace();
        let half = self.with(|messaging| messaging.half_of(far))?;
        let before = self.ends();
        let list = [object.clone()];
        let posted_port = self.post(page, first, "*", &list).is_ok();
        let transferability = self.host.transferability(&object);
        let port = self.host.port_of(&object);
        self.report.equal(
            "a transferred port is detached, and still a port",
            (
                true,
                Transferability::Platform { detached: true },
                Some(far),
            ),
            (posted_port, transferability, port),
        );
        let refused = self.post(page, first, "*", &list).is_err();
        self.report
            .equal("a port is transferred once", true, refused);
        self.run("a transferred port");
        // Where counts of references are used, the port may have ended with its object, and its messages with it.
        let delivered = self.ends().0 - before.0;
        self.report
            .equal("a message with a port is delivered", 1, delivered);
        let arrived = self.arrived(half);
        self.report.equal(
            "a transferred port arrives in its target's realm, with its messages",
            Some((Owner::Global(first), 3)),
            arrived,
        );
        self.started_port()?;
        self.host
            .with_messaging(|messaging, queues, _| messaging.close(queues, near));
        self.run("a closed port");
        Some(())
    }

    /// The owner of a port that has arrived, and how many messages waited in its queue. The trace shows it even if the
    /// port has no object any more. If the host has taken the trace, the port's present state does.
    fn arrived(&mut self, half: HalfId) -> Option<(Owner, usize)> {
        let traced = self.trace().into_iter().find_map(|record| match record {
            TraceRecord::Attached {
                half: of,
                owner,
                waiting,
                ..
            } if of == half => Some((owner, waiting)),
            _ => None,
        });
        traced.or_else(|| {
            self.with(|messaging| match messaging.half_location(half)? {
                HalfLocation::Owned(port) => {
                    Some((messaging.owner(port)?, messaging.waiting(port)))
                }
                _ => None,
            })
        })
    }

    /// A port that is enabled delivers its messages.
    fn started_port(&mut self) -> Option<()> {
        let (near, far, object) = self.channel(self.windows[1])?;
        let before = self.ends();
        for _ in 0..3 {
            let _ = self.post_on(near, &[]);
        }
        self.host
            .with_messaging(|messaging, queues, _| messaging.start(queues, far));
        self.run("an enabled port");
        self.ended("an enabled port delivers its messages", before, (3, 0));
        // The object keeps the port alive until here.
        drop(object);
        self.host
            .with_messaging(|messaging, queues, _| messaging.close(queues, near));
        Some(())
    }

    fn broadcast_channels(&mut self) {
        let name = [0x6e, 0x65, 0x77, 0x73];
        let windows = self.windows;
        let channels = self.with(|messaging| {
            windows.map(|window| messaging.create_broadcast_channel(window, &name))
        });
        let before = self.ends();
        let realm = self.host.realm_of(windows[0]);
        let message = realm.and_then(|realm| create(self.host, &realm, &Value::from(true)));
        if let Some(message) = message {
            let posted = broadcast_channel_post_message_steps(self.host, channels[0], &message);
            let posted = posted.map_or(0, |posted| posted.len());
            self.with(|messaging| messaging.close_broadcast_channel(channels[1]));
            self.run("a broadcast");
            self.report
                .equal("a broadcast goes to the other channels", 2, posted);
            self.ended("a broadcast reaches the open channels", before, (1, 1));
            self.with(|messaging| messaging.close_broadcast_channel(channels[0]));
            let refused = broadcast_channel_post_message_steps(self.host, channels[0], &message);
            self.report
                .equal("a closed channel throws", true, refused.is_err());
        }
        self.with(|messaging| {
            for channel in channels {
                messaging.close_broadcast_channel(channel);
                messaging.broadcast_channel_collected(channel);
            }
        });
    }

    /// What the host has not taken from the loop: dropped tasks and timers.
    pub(super) fn left_over(&mut self) -> (usize, usize) {
        A::agent(self.host).with_loop(|event_loop: &mut EventLoop<_, _>| {
            (
                event_loop.take_dropped().len(),
                event_loop.take_dropped_timers().len(),
            )
        })
    }
}
