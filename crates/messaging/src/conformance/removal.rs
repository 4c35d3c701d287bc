//! Checks of the end of a window: its messages, ports, channels, timers and realm end with it.

use std::fmt::Debug;

use framepost_browsing_context::{EffectHost, drive};
use framepost_event_loop::{Agent as _, TimerKind};

use super::agent::AgentOf;
use super::host::Check;
use crate::accounting::MessageDropReason;
use crate::host::MessagingHost;
use crate::structured_clone::Heap;

/// Removes the frames of the page. `None` if a frame is not there.
pub(super) fn check_removal<H, A>(check: &mut Check<'_, H, A>) -> Option<()>
where
    H: MessagingHost,
    A: AgentOf<H>,
    <H as Heap>::Error: Debug,
{
    let [page, _, second] = check.windows;
    let name = [0x6e];
    let (near, far, object) = check.channel(second)?;
    let own = check.with(|messaging| messaging.create_broadcast_channel(second, &name));
    A::agent(check.host).with_loop(|event_loop| {
        event_loop.timer_initialization_steps(second, 1_000_000, TimerKind::Timeout)
    });

    // Messages to the frame, from it, and to its port wait when it is removed.
    let before = check.ends();
    let to = check.post(page, second, "*", &[]).is_ok();
    let from = check.post(second, page, "*", &[]).is_ok();
    let on_port = check.post_on(near, &[]).is_ok();
    check.report.equal(
        "messages to a frame, from it and to its port",
        [true; 3],
        [to, from, on_port],
    );
    remove_frame(check, 1)?;
    check.run("a removed frame");

    // The message from the frame is delivered.
    check.ended(
        "messages to a removed frame and to its port are dropped, and one from it is delivered",
        before,
        (1, 2),
    );
    let entangled = check.with(|messaging| messaging.is_entangled(near));
    check.report.equal(
        "a port of a removed frame loses its other port",
        false,
        entangled,
    );
    let channels = check.with(|messaging| {
        (
            messaging.is_open(own),
            messaging.broadcast_channels_of(second),
        )
    });
    check.report.equal(
        "a broadcast channel ends with its window",
        (false, Vec::new()),
        channels,
    );
    let left = check.left_over();
    check.report.equal(
        "the host has taken the dropped tasks and the dropped timers",
        (0, 0),
        left,
    );
    let posted = check.post(page, second, "*", &[]).map(|it| it.dropped);
    check.report.equal(
        "a message to a window that is gone is dropped at once",
        Ok(Some(MessageDropReason::WindowDiscarded)),
        posted,
    );

    // Everything that was posted has an end.
    drop(object);
    check.host.with_messaging(|messaging, queues, _| {
        messaging.close(queues, near);
        messaging.close(queues, far);
    });
    remove_frame(check, 0)?;
    check.run("the last frame is removed");
    let counters = check.with(|messaging| messaging.counters());
    check.report.equal(
        "each message is delivered or dropped",
        0,
        counters.pending(),
    );
    Some(())
}

/// Removes the frame at this place.
fn remove_frame<H, A>(check: &mut Check<'_, H, A>, place: usize) -> Option<()>
where
    H: MessagingHost,
    A: AgentOf<H>,
{
    let page = check.page;
    let mut agent = A::agent(check.host);
    let steps = agent.with_contexts(|contexts, _| {
        let navigable = *contexts.children(page).get(place)?;
        let container = contexts.container(navigable)?.clone();
        Some(contexts.remove(&container))
    })?;
    drive(&mut agent, steps);
    Some(())
}
