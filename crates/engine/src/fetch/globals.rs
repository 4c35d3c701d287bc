//! The members of globals and of `Navigator` that start fetches.

use super::beacon::send_beacon;
use super::body::BodyInit;
use super::method::fetch;
use super::request::{RequestInfo, RequestInit};
use crate::webidl::interface;

interface! {
    /// The fetch method of windows and workers.
    partial interface mixin WindowOrWorkerGlobalScope {
        [NewObject] Promise<Response> fetch(RequestInfo input, optional RequestInit init = {});
    }

    /// The beacons of a window.
    partial interface Navigator {
        boolean sendBeacon(USVString url, optional BodyInit? data = null);
    }
}
