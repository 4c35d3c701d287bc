//! The stack of realms in which code runs
//! ([HTML, realms, settings objects, and global objects](https://html.spec.whatwg.org/multipage/webappapis.html#realms-settings-objects-global-objects)).
//!
//! Four realms matter: the *current*, the *incumbent*, the *entry* and the *relevant* one. The relevant realm of an
//! object is that of its creation, which the object's engine knows. [`RealmStack`] answers the other three for an
//! engine that cannot look at its own stack of frames. It runs nothing and knows no script engine.

use framepost_event_loop::GlobalId;

/// A frame of the stack.
#[derive(Clone, Copy, Debug)]
enum Frame {
    /// A call of the event loop into this realm: a script or a callback begins.
    Entry(GlobalId),
    /// The realm that was incumbent when the running callback was given away.
    Backup(GlobalId),
    /// A function or a script of a page, in its realm.
    Function(GlobalId),
    /// A native function, in its realm.
    Native(GlobalId),
}

/// The realms of the running scripts and functions, innermost last.
///
/// Each method that begins something returns the depth to which [`leave`](Self::leave) returns when it ends, by a
/// result or by an exception.
///
/// ```
/// use framepost_browsing_context::{GlobalId, RealmStack};
/// # let mut ids = framepost_event_loop::Arena::<GlobalId, ()>::new();
/// # let (page, frame) = (ids.insert(()), ids.insert(()));
/// let mut realms = RealmStack::new();
/// // The loop runs a script of the page. It calls a function of the frame, which calls `page.postMessage()`.
/// let script = realms.enter_script(page);
/// let function = realms.enter_function(frame);
/// let native = realms.enter_native(page);
/// assert_eq!(realms.current(), Some(page));
/// assert_eq!(realms.incumbent(), Some(frame));
/// assert_eq!(realms.entry(), Some(page));
/// realms.leave(native);
/// realms.leave(function);
/// realms.leave(script);
/// assert_eq!(realms.incumbent(), None);
/// ```
#[derive(Clone, Debug, Default)]
pub struct RealmStack {
    frames: Vec<Frame>,
}

/// The depth of a [`RealmStack`] before something began.
#[derive(Clone, Copy, Debug)]
#[must_use = "give it to `RealmStack::leave`"]
pub struct RealmDepth(usize);

impl RealmStack {
    /// Creates a stack on which nothing runs.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// [Prepares to run script](https://html.spec.whatwg.org/multipage/webappapis.html#prepare-to-run-script):
    /// a script of this realm begins.
    pub fn enter_script(&mut self, realm: GlobalId) -> RealmDepth {
        self.push([Frame::Entry(realm), Frame::Function(realm)])
    }

    /// [Prepares to run a callback](https://html.spec.whatwg.org/multipage/webappapis.html#prepare-to-run-a-callback):
    /// the loop or a native function calls a callback of the realm `relevant`. `incumbent` was the incumbent realm when
    /// the page gave the callback away: to `addEventListener()`, `setTimeout()` or `then()`.
    ///
    /// If the callback is a function of the page, [`enter_function`](Self::enter_function) follows.
    pub fn enter_callback(&mut self, relevant: GlobalId, incumbent: GlobalId) -> RealmDepth {
        self.push([Frame::Entry(relevant), Frame::Backup(incumbent)])
    }

    /// A function of a page begins, of whatever caller: a function, a native function or a callback.
    pub fn enter_function(&mut self, realm: GlobalId) -> RealmDepth {
        self.push([Frame::Function(realm)])
    }

    /// A native function of this realm begins.
    pub fn enter_native(&mut self, realm: GlobalId) -> RealmDepth {
        self.push([Frame::Native(realm)])
    }

    fn push<const N: usize>(&mut self, frames: [Frame; N]) -> RealmDepth {
        let depth = RealmDepth(self.frames.len());
        self.frames.extend(frames);
        depth
    }

    /// Whatever has returned `depth` ends, with everything inside it.
    pub fn leave(&mut self, depth: RealmDepth) {
        self.frames.truncate(depth.0);
    }

    /// The [current realm](https://tc39.es/ecma262/#current-realm): that of the running function, native or not.
    #[must_use]
    pub fn current(&self) -> Option<GlobalId> {
        self.frames.iter().rev().find_map(|frame| match *frame {
            Frame::Entry(realm) | Frame::Function(realm) | Frame::Native(realm) => Some(realm),
            Frame::Backup(_) => None,
        })
    }

    /// The global of the
    /// [incumbent settings object](https://html.spec.whatwg.org/multipage/webappapis.html#incumbent-settings-object).
    #[must_use]
    pub fn incumbent(&self) -> Option<GlobalId> {
        // 1. Take the topmost script-having execution context.
        // 2. If there is none above the last callback, take what the callback has kept.
        // 3. Otherwise take its realm.
        self.frames.iter().rev().find_map(|frame| match *frame {
            Frame::Function(realm) | Frame::Backup(realm) => Some(realm),
            Frame::Entry(_) | Frame::Native(_) => None,
        })
    }

    /// The [entry realm](https://html.spec.whatwg.org/multipage/webappapis.html#concept-entry-everything): that of the
    /// script or callback that began last.
    #[must_use]
    pub fn entry(&self) -> Option<GlobalId> {
        self.frames.iter().rev().find_map(|frame| match *frame {
            Frame::Entry(realm) => Some(realm),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use framepost_event_loop::Arena;

    use super::*;

    fn realms() -> [GlobalId; 2] {
        let mut ids = Arena::new();
        [ids.insert(()), ids.insert(())]
    }

    #[test]
    fn a_native_callback_has_the_incumbent_that_was_kept() {
        let [page, frame] = realms();
        let mut stack = RealmStack::new();
        // `setTimeout(frame.postMessage.bind(frame))`, called by the page.
        let callback = stack.enter_callback(frame, page);
        let native = stack.enter_native(frame);
        assert_eq!(stack.incumbent(), Some(page));
        assert_eq!(stack.current(), Some(frame));
        assert_eq!(stack.entry(), Some(frame));
        stack.leave(native);
        // A function of a page has its own realm.
        let function = stack.enter_function(frame);
        assert_eq!(stack.incumbent(), Some(frame));
        stack.leave(function);
        stack.leave(callback);
        assert_eq!(stack.current(), None);
    }

    #[test]
    fn a_callback_hides_the_functions_below_it() {
        let [page, frame] = realms();
        let mut stack = RealmStack::new();
        let script = stack.enter_script(page);
        let native = stack.enter_native(page);
        let callback = stack.enter_callback(page, frame);
        assert_eq!(stack.incumbent(), Some(frame));
        stack.leave(callback);
        assert_eq!(stack.incumbent(), Some(page));
        stack.leave(native);
        stack.leave(script);
    }

    #[test]
    fn an_exception_leaves_everything_inside() {
        let [page, frame] = realms();
        let mut stack = RealmStack::new();
        let script = stack.enter_script(page);
        let _thrown = stack.enter_function(frame);
        let _thrown = stack.enter_native(page);
        stack.leave(script);
        assert_eq!((stack.entry(), stack.current()), (None, None));
    }
}
