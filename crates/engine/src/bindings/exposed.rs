//! Which interfaces workers have ([Web IDL, `[Exposed]`](https://webidl.spec.whatwg.org/#Exposed)).
//! What windows alone have is in [`INTERFACES`](super::INTERFACES).

use framepost_browsing_context::WorkerKind;

use super::{
    abort, blob, broadcast_channel, canvas, crypto, encoding, error_events, event, event_target,
    fetch, file_reader, form_data, geometry, message_channel, message_event, message_port,
    navigator, progress_event, url, url_search_params, worker, worker_global_scope,
    worker_location,
};
use crate::webidl::Interface;

/// The interfaces that windows and workers have.
pub(crate) static EVERYWHERE: &[&Interface] = &[
    &abort::ABORT_CONTROLLER,
    &abort::ABORT_SIGNAL,
    &blob::BLOB,
    &blob::FILE,
    &blob::FILE_LIST,
    &broadcast_channel::BROADCAST_CHANNEL,
    &canvas::IMAGE_BITMAP,
    &canvas::IMAGE_DATA,
    &canvas::OFFSCREEN_CANVAS,
    &canvas::OFFSCREEN_CANVAS_RENDERING_CONTEXT_2D,
    &crate::exception::DOM_EXCEPTION,
    &crate::exception::QUOTA_EXCEEDED_ERROR,
    &crypto::CRYPTO,
    &encoding::TEXT_DECODER,
    &encoding::TEXT_ENCODER,
    &error_events::ERROR_EVENT,
    &error_events::PROMISE_REJECTION_EVENT,
    &event::CUSTOM_EVENT,
    &event::EVENT,
    &event_target::EVENT_TARGET,
    &fetch::HEADERS,
    &fetch::RESPONSE,
    &file_reader::FILE_READER,
    &form_data::FORM_DATA,
    &geometry::DOM_MATRIX,
    &geometry::DOM_MATRIX_READ_ONLY,
    &geometry::DOM_POINT,
    &geometry::DOM_POINT_READ_ONLY,
    &geometry::DOM_QUAD,
    &geometry::DOM_RECT,
    &geometry::DOM_RECT_READ_ONLY,
    &message_channel::MESSAGE_CHANNEL,
    &message_event::MESSAGE_EVENT,
    &message_port::MESSAGE_PORT,
    &navigator::PERFORMANCE,
    &progress_event::PROGRESS_EVENT,
    &url::URL,
    &url_search_params::URL_SEARCH_PARAMS,
    &worker::WORKER,
];

/// The interfaces that all workers have, and no window.
static WORKERS: &[&Interface] = &[
    &worker_global_scope::WORKER_GLOBAL_SCOPE,
    &worker_location::WORKER_LOCATION,
    &worker_location::WORKER_NAVIGATOR,
];

/// The interfaces that a worker of this kind has.
pub(crate) fn to_workers(kind: WorkerKind) -> impl Iterator<Item = &'static Interface> {
    let own = match kind {
        WorkerKind::Shared => &worker_global_scope::SHARED_WORKER_GLOBAL_SCOPE,
        _ => &worker_global_scope::DEDICATED_WORKER_GLOBAL_SCOPE,
    };
    EVERYWHERE.iter().chain(WORKERS).copied().chain([own])
}
