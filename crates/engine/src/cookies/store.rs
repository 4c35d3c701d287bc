//! `CookieStore` and `CookieChangeEvent`
//! ([Cookie Store API](https://cookiestore.spec.whatwg.org/#CookieStore)).

use boa_engine::{Finalize, Trace};
use framepost_event_loop::GlobalId;

use super::changes::store_of;
use super::store_steps::{delete, get, get_all, set};
use crate::dom::event::{EVENT, EventInit};
use crate::dom::event_target::EVENT_TARGET;
use crate::dom::events::construct_event;
use crate::webidl::interface;

interface! {
    /// The `CookieStore` interface.
    // NOT YET: service workers.
    [SecureContext, Exposed=Window]
    interface CookieStore : EventTarget {
        Promise<CookieListItem?> get(USVString name) = |store, name: String, cx| {
            let options = CookieStoreGetOptions { name: Some(name), url: None };
            get(store, &options, cx)
        };
        Promise<CookieListItem?> get(optional CookieStoreGetOptions options = {});
        Promise<CookieList> getAll(USVString name) = |store, name: String, cx| {
            let options = CookieStoreGetOptions { name: Some(name), url: None };
            get_all(store, &options, cx)
        };
        Promise<CookieList> getAll(optional CookieStoreGetOptions options = {});
        Promise<undefined> set(USVString name, USVString value) = |store, name: String, value: String, cx| {
            set(store, CookieInit::of(name, value), cx)
        };
        Promise<undefined> set(CookieInit options);
        Promise<undefined> delete(USVString name) = |store, name: String, cx| {
            delete(store, CookieStoreDeleteOptions::of(name), cx)
        };
        Promise<undefined> delete(CookieStoreDeleteOptions options);
        attribute EventHandler onchange;
    }

    dictionary CookieStoreGetOptions {
        USVString name;
        USVString url;
    }

    dictionary CookieInit {
        required USVString name;
        required USVString value;
        double? expires = null;
        USVString? domain = null;
        USVString path = "/";
        CookieSameSite sameSite = "strict";
        boolean partitioned = false;
    }

    dictionary CookieStoreDeleteOptions {
        required USVString name;
        USVString? domain = null;
        USVString path = "/";
        boolean partitioned = false;
    }

    enum CookieSameSite { "strict", "lax", "none" };

    /// The `CookieChangeEvent` interface.
    [SecureContext, Exposed=Window]
    interface CookieChangeEvent(CookieChangeEventInit) : Event {
        constructor(DOMString type, optional CookieChangeEventInit init = {}) = construct_event::<CookieChangeEventInit>;
        [SameObject] readonly attribute FrozenArray<CookieListItem> changed = .changed;
        [SameObject] readonly attribute FrozenArray<CookieListItem> deleted = .deleted;
    }

    #[derive(Trace, Finalize)]
    dictionary CookieChangeEventInit : EventInit {
        sequence<object> changed = [];
        sequence<object> deleted = [];
    }

    /// The [`cookieStore`](https://cookiestore.spec.whatwg.org/#dom-window-cookiestore) of windows.
    partial interface Window(GlobalId) {
        [SecureContext] readonly attribute CookieStore cookieStore = |window: GlobalId, cx| store_of(window, cx);
    }
}

impl CookieInit {
    fn of(name: String, value: String) -> Self {
        Self {
            name,
            value,
            expires: None,
            domain: None,
            path: "/".to_owned(),
            same_site: CookieSameSite::Strict,
            partitioned: false,
        }
    }
}

impl CookieStoreDeleteOptions {
    fn of(name: String) -> Self {
        Self {
            name,
            domain: None,
            path: "/".to_owned(),
            partitioned: false,
        }
    }
}
