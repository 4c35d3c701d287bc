//! `WorkerLocation` and `WorkerNavigator`
//! ([HTML, the WorkerLocation interface](https://html.spec.whatwg.org/multipage/workers.html#worker-locations)).

use boa_engine::Context;
use framepost_event_loop::GlobalId;
use url::{Url, quirks};

use crate::html::navigator;
use crate::script::with_contexts;
use crate::webidl::interface;

interface! {
    /// The `WorkerLocation` interface.
    [Exposed=Worker]
    interface WorkerLocation(GlobalId) {
        stringifier readonly attribute USVString href = |worker: GlobalId, cx| part(worker, Url::as_str, cx);
        readonly attribute USVString origin;
        readonly attribute USVString protocol = |worker: GlobalId, cx| part(worker, quirks::protocol, cx);
        readonly attribute USVString host = |worker: GlobalId, cx| part(worker, quirks::host, cx);
        readonly attribute USVString hostname = |worker: GlobalId, cx| part(worker, quirks::hostname, cx);
        readonly attribute USVString port = |worker: GlobalId, cx| part(worker, quirks::port, cx);
        readonly attribute USVString pathname = |worker: GlobalId, cx| part(worker, quirks::pathname, cx);
        readonly attribute USVString search = |worker: GlobalId, cx| part(worker, quirks::search, cx);
        readonly attribute USVString hash = |worker: GlobalId, cx| part(worker, quirks::hash, cx);
    }

    /// The `WorkerNavigator` interface.
    [Exposed=Worker]
    interface WorkerNavigator {}
    WorkerNavigator includes navigator::NavigatorID;
    WorkerNavigator includes navigator::NavigatorLanguage;
    WorkerNavigator includes navigator::NavigatorOnLine;
    WorkerNavigator includes navigator::NavigatorConcurrentHardware;
}

/// A part of the worker's URL.
fn part(worker: GlobalId, part: fn(&Url) -> &str, cx: &mut Context) -> String {
    let part = with_contexts(cx, |contexts| {
        Some(part(contexts.worker(worker)?.url()).to_owned())
    });
    part.unwrap_or_default()
}

/// [`origin`](https://html.spec.whatwg.org/multipage/workers.html#dom-workerlocation-origin)
fn origin(worker: GlobalId, cx: &mut Context) -> String {
    let origin = with_contexts(cx, |contexts| {
        Some(
            contexts
                .worker(worker)?
                .url()
                .origin()
                .ascii_serialization(),
        )
    });
    origin.unwrap_or_default()
}
