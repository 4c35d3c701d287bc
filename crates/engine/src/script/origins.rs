//! The posts and timers that queue tasks, by their positions in the source, for error reports.
//!
//! Nothing is recorded unless the embedder requests it (see [`record`]).

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use boa_engine::Context;
use boa_engine::vm::SourcePath;
use framepost_messaging::accounting::{MessageId, Posted};
use framepost_messaging::broadcast_channel::BroadcastChannelId;
use framepost_messaging::locks::LockRequestId;
use framepost_messaging::ports::PortId;

use super::error_place::Place;
use super::muted_scripts;
use super::state::{State, state, with_loop};
use crate::boa::error_text::LineAndColumn;
use crate::boa::source_text::original_place;
use crate::output::{OriginKind, TaskOrigin};

/// The number of messages whose posts are kept at one time. A message has no origin if more messages were posted
/// after it.
const REMEMBERED: usize = 4096;

/// A position in a source text.
#[derive(Clone, Debug)]
pub(crate) struct Position {
    path: SourcePath,
    line: u32,
    column: u32,
    /// When the call was made, on the page's clock.
    at: Duration,
}

/// What waits for something that script has asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Waits {
    /// A port with a listener.
    Port(PortId),
    /// A broadcast channel with a listener.
    Channel(BroadcastChannelId),
    /// A lock request.
    Lock(LockRequestId),
}

/// The records of an agent.
#[derive(Default)]
pub(crate) struct Origins {
    is_recording: bool,
    /// The posts, each at its message's number modulo [`REMEMBERED`].
    posts: Vec<Option<(u64, Position)>>,
    /// The place at which the running task's timer was set.
    timer: Option<Position>,
    /// The calls that made ports, channels and lock requests wait: the last [`REMEMBERED`] ones.
    waits: BTreeMap<Waits, Position>,
}

impl Origins {
    /// The position of the post of a message.
    fn of_message(&self, number: u64) -> Option<Position> {
        let held = self.posts.get(number as usize % REMEMBERED)?.as_ref();
        held.filter(|(of, _)| *of == number)
            .map(|(_, position)| position.clone())
    }
}

/// Whether any agent of the process records positions.
static ANY_RECORDS: AtomicBool = AtomicBool::new(false);

/// Records positions from now on.
pub(crate) fn record(ctx: &Context) {
    ANY_RECORDS.store(true, Ordering::Relaxed);
    let state = state(ctx);
    let mut origins = state.origins.borrow_mut();
    origins.is_recording = true;
    origins.posts.resize(REMEMBERED, None);
}

/// Whether positions are recorded.
#[inline]
fn recording(ctx: &Context) -> Option<Rc<State>> {
    // OPTIMIZATION: without recording, a message takes two more instructions, not fifty.
    if !ANY_RECORDS.load(Ordering::Relaxed) {
        return None;
    }
    Some(state(ctx)).filter(|state| state.origins.borrow().is_recording)
}

/// Returns the position of the running script.
fn position(ctx: &Context, state: &State) -> Option<Position> {
    ctx.stack_trace().find_map(|frame| {
        let location = frame.position();
        let position = location.position?;
        matches!(location.path, SourcePath::Path(_)).then(|| Position {
            path: location.path,
            line: position.line_number(),
            column: position.column_number(),
            at: state.world.borrow().event_loop.peek_now(),
        })
    })
}

/// Returns the place that the running script has reached.
pub(crate) fn running_place(ctx: &Context) -> Option<Place> {
    let position = position(ctx, &state(ctx))?;
    Some(Place {
        url: position.path.to_string(),
        line: position.line,
        column: position.column,
    })
}

/// Returns the place that the running script has reached, if positions are recorded.
pub(crate) fn reached_if_recording(ctx: &Context) -> Option<Place> {
    recording(ctx)?;
    running_place(ctx)
}

/// Records the position of a post.
#[inline]
pub(crate) fn posted(ctx: &Context, posted: Posted) {
    if let Some(state) = recording(ctx)
        && let Some(position) = position(ctx, &state)
    {
        let number = posted.id.number();
        let place = number as usize % REMEMBERED;
        if let Some(held) = state.origins.borrow_mut().posts.get_mut(place) {
            *held = Some((number, position));
        }
    }
}

/// Returns the position at which script sets a timer or sends a request, if positions are recorded.
#[inline]
pub(crate) fn of_call(ctx: &Context) -> Option<Box<Position>> {
    let state = recording(ctx)?;
    position(ctx, &state).map(Box::new)
}

/// Records the call by which something begins to wait.
#[inline]
pub(crate) fn listens(ctx: &Context, waits: Waits) {
    if let Some(state) = recording(ctx)
        && let Some(position) = position(ctx, &state)
    {
        let known = &mut state.origins.borrow_mut().waits;
        known.insert(waits, position);
        if known.len() > REMEMBERED {
            known.pop_first();
        }
    }
}

/// Returns the call by which something began to wait, and how long ago it was.
pub(crate) fn of_waiting(ctx: &Context, waits: Waits) -> Option<(TaskOrigin, Duration)> {
    let position = state(ctx).origins.borrow().waits.get(&waits).cloned()?;
    let kind = match waits {
        Waits::Lock(_) => OriginKind::Request,
        _ => OriginKind::Listener,
    };
    let origin = of_position(ctx, kind, &position);
    Some((origin, age(ctx, &position)))
}

/// The task of a timer begins or ends.
pub(crate) fn set_timer(ctx: &Context, position: Option<Position>) {
    state(ctx).origins.borrow_mut().timer = position;
}

/// Returns the post of a message, and how long ago it was.
pub(crate) fn of_message(ctx: &Context, message: MessageId) -> Option<(TaskOrigin, Duration)> {
    let number = message.number();
    let position = state(ctx).origins.borrow().of_message(number)?;
    let origin = of_position(ctx, OriginKind::Message, &position);
    Some((origin, age(ctx, &position)))
}

/// Returns the time since a call, on the page's clock.
pub(crate) fn age(ctx: &Context, position: &Position) -> Duration {
    let now = with_loop(ctx, |event_loop| event_loop.peek_now());
    now.saturating_sub(position.at)
}

/// Returns the origin of the running task.
pub(crate) fn current(ctx: &Context) -> Option<TaskOrigin> {
    let state = state(ctx);
    let origins = state.origins.borrow();
    let (kind, position) = match state.handling.get() {
        Some(message) => (OriginKind::Message, origins.of_message(message.number())?),
        None => (OriginKind::Timer, origins.timer.clone()?),
    };
    drop(origins);
    Some(of_position(ctx, kind, &position))
}

/// Returns a position as an origin.
pub(crate) fn of_position(ctx: &Context, kind: OriginKind, position: &Position) -> TaskOrigin {
    let url = muted_scripts::without_marks(&position.path.to_string());
    let place = LineAndColumn {
        line: position.line,
        column: position.column,
    };
    let place = original_place(ctx, &url, place);
    TaskOrigin {
        kind,
        url,
        line: place.line,
        column: place.column,
    }
}
