//! `LockManager` and `Lock` ([Web Locks, API](https://w3c.github.io/web-locks/#api)).

use boa_engine::{Context, Finalize, JsObject, JsString, Trace};

use super::requests::{query, request};
use crate::dom::abort::AbortSignal;
use crate::script::realm;
use crate::webidl::interface;
use crate::webidl::platform;

/// The data of a `Lock`.
#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct LockData {
    #[unsafe_ignore_trace]
    pub(super) name: JsString,
    #[unsafe_ignore_trace]
    pub(super) mode: JsString,
}

interface! {
    /// The `LockManager` interface.
    [SecureContext, Exposed=(Window,Worker)]
    interface LockManager {
        Promise<any> request(DOMString name, LockGrantedCallback callback) =
            |manager, name: JsString, callback, cx| request(manager, &name, LockOptions::default(), callback, cx);
        Promise<any> request(DOMString name, LockOptions options, LockGrantedCallback callback) =
            |manager, name: JsString, options, callback, cx| request(manager, &name, options, callback, cx);
        Promise<LockManagerSnapshot> query();
    }

    /// The `Lock` interface.
    [SecureContext, Exposed=(Window,Worker)]
    interface Lock(LockData) {
        readonly attribute DOMString name = .name;
        readonly attribute LockMode mode = .mode;
    }

    callback LockGrantedCallback = Promise<any> (Lock? lock);

    enum LockMode { "shared", "exclusive" };

    dictionary LockOptions {
        LockMode mode = "exclusive";
        boolean ifAvailable = false;
        boolean steal = false;
        AbortSignal signal;
    }

    /// The [`NavigatorLocks`](https://w3c.github.io/web-locks/#navigator-mixins) mixin.
    interface mixin NavigatorLocks {
        [SecureContext, SameObject] readonly attribute LockManager locks = |navigator, cx| manager_of(navigator, cx);
    }

    partial interface Navigator {}
    Navigator includes NavigatorLocks;

    partial interface WorkerNavigator {}
    WorkerNavigator includes NavigatorLocks;
}

impl Default for LockOptions {
    fn default() -> Self {
        Self {
            mode: LockMode::Exclusive,
            if_available: false,
            steal: false,
            signal: None,
        }
    }
}

/// The lock manager of the global of a navigator.
fn manager_of(navigator: &JsObject, cx: &mut Context) -> Option<JsObject> {
    let global = platform::relevant_global(navigator)?;
    Some(realm::create_in(global, &LOCK_MANAGER, (), cx))
}
