//! `ReadableStreamBYOBRequest`
//! ([Streams, the ReadableStreamBYOBRequest class](https://streams.spec.whatwg.org/#rs-byob-request-class)).

use boa_engine::{Context, Finalize, JsObject, JsResult, Trace};

use super::buffers::View;
use super::byte_controller::ByteController;
use super::byte_controller_pull_into::{
    respond as respond_to, respond_with_new_view as respond_view,
};
use super::handle::{Handle, Interfaced};
use super::interfaces::READABLE_STREAM_BYOB_REQUEST;
use crate::boa::errors::type_error;
use crate::webidl::Interface;

/// A BYOB request.
pub(crate) type ByobRequest = Handle<ByobRequestData>;

/// The state of a BYOB request.
#[derive(Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct ByobRequestData {
    pub(super) controller: Option<ByteController>,
    pub(super) view: Option<JsObject>,
}

impl Interfaced for ByobRequestData {
    fn interface() -> &'static Interface {
        &READABLE_STREAM_BYOB_REQUEST
    }
}

/// [view](https://streams.spec.whatwg.org/#rs-byob-request-view)
pub(super) fn view(request: &ByobRequest) -> Option<JsObject> {
    request.with(|data| data.view.clone())
}

fn controller_of(request: &ByobRequest) -> JsResult<ByteController> {
    let controller = request.with(|data| data.controller.clone());
    controller.ok_or_else(|| type_error("The request was already answered."))
}

fn check_buffer(view: &View) -> JsResult<()> {
    match view.is_detached() {
        true => Err(type_error("The buffer of the view is detached.")),
        false => Ok(()),
    }
}

/// [respond()](https://streams.spec.whatwg.org/#rs-byob-request-respond)
pub(super) fn respond(request: &ByobRequest, bytes_written: f64, cx: &mut Context) -> JsResult<()> {
    // 1. A request is answered once.
    let controller = controller_of(request)?;
    // 2. to 4. Its buffer is still there.
    if let Some(view) = view(request) {
        check_buffer(&View::of(&view, cx)?)?;
    }
    // 5. Answer it.
    respond_to(&controller, bytes_written as usize, cx)
}

/// [respondWithNewView()](https://streams.spec.whatwg.org/#rs-byob-request-respond-with-new-view)
pub(super) fn respond_with_new_view(
    request: &ByobRequest,
    view: &View,
    cx: &mut Context,
) -> JsResult<()> {
    // 1. A request is answered once.
    let controller = controller_of(request)?;
    // 2. The buffer is not detached.
    check_buffer(view)?;
    // 3. Answer it.
    respond_view(&controller, view, cx)
}
