//! Teeing byte streams
//! ([Streams, ReadableByteStreamTee](https://streams.spec.whatwg.org/#abstract-opdef-readablebytestreamtee)).

use boa_engine::{Context, Finalize, JsResult, JsValue, Trace};

use super::algorithm::Algorithm;
use super::buffers::{View, clone_as_uint8_array};
use super::byob_reader::{
    self, ReadIntoRequestSteps, readable_stream_byob_reader_read,
    readable_stream_byob_reader_release,
};
use super::byte_controller::{
    ByteController, byob_request, readable_byte_stream_controller_close,
    readable_byte_stream_controller_enqueue, readable_byte_stream_controller_error,
};
use super::byte_controller_pull_into::{respond, respond_with_new_view};
use super::default_reader::{
    self, ReadRequestSteps, readable_stream_default_reader_read,
    readable_stream_default_reader_release,
};
use super::promises::{resolved, thrown, upon, upon_rejection};
use super::readable_stream::{Controller, Readable, Reader, create_readable_byte_stream};
use super::tee::{Tee, cancel_algorithm, cancel_stream, controller, new_tee};

/// [ReadableByteStreamTee](https://streams.spec.whatwg.org/#abstract-opdef-readablebytestreamtee)
pub(super) fn readable_byte_stream_tee(
    stream: &Readable,
    cx: &mut Context,
) -> JsResult<Vec<Readable>> {
    // 3. to 13. Lock the stream.
    let tee = new_tee(stream, false, cx)?;
    // 14. to 23. Create the branches.
    for branch in [0, 1] {
        let created = create_readable_byte_stream(
            &Algorithm::Nothing,
            Algorithm::native((tee.clone(), branch), |cx, (tee, branch), _| {
                pull(tee, *branch, cx)?;
                Ok(JsValue::undefined())
            }),
            cancel_algorithm(&tee, branch),
            0.0,
            cx,
        )?;
        tee.with(|data| data.branches.push(created));
    }
    // 24. An error of the stream is one of the branches.
    forward_reader_error(&tee, cx)?;
    // 25. Return the branches.
    Ok(tee.with(|data| data.branches.clone()))
}

fn byte_controller(tee: &Tee, branch: usize) -> Option<ByteController> {
    match controller(tee, branch) {
        Some(Controller::Byte(controller)) => Some(controller),
        _ => None,
    }
}

fn error_branches(tee: &Tee, error: &JsValue, cx: &mut Context) -> JsResult<()> {
    for branch in [0, 1] {
        if let Some(controller) = byte_controller(tee, branch) {
            readable_byte_stream_controller_error(&controller, error, cx)?;
        }
    }
    Ok(())
}

fn is_same(one: &Reader, other: &Reader) -> bool {
    match (one, other) {
        (Reader::Default(one), Reader::Default(other)) => one.is(other),
        (Reader::Byob(one), Reader::Byob(other)) => one.is(other),
        _ => false,
    }
}

/// Step 14: forwards an error of the present reader.
fn forward_reader_error(tee: &Tee, cx: &mut Context) -> JsResult<()> {
    let reader = tee.with(|data| data.reader.clone());
    let closed = reader.closed().promise;
    upon_rejection(
        &closed,
        (tee.clone(), reader),
        |cx, (tee, reader), error| {
            // 1. The tee may have another reader now.
            if !is_same(&tee.with(|data| data.reader.clone()), reader) {
                return Ok(());
            }
            // 2. to 4. The branches fail.
            error_branches(tee, error, cx)?;
            tee.resolve_unless_over(cx)
        },
        cx,
    )
}

/// Steps 17 and 18: the pull algorithm of a branch.
fn pull(tee: &Tee, branch: usize, cx: &mut Context) -> JsResult<()> {
    // 1. and 2. One read at a time.
    let is_reading = tee.with(|data| {
        if data.reading
            && let Some(again) = data.read_again.get_mut(branch)
        {
            *again = true;
        }
        std::mem::replace(&mut data.reading, true)
    });
    if is_reading {
        return Ok(());
    }
    // 3. to 5. Read into the buffer of the branch's reader, if there is one.
    let request = match byte_controller(tee, branch) {
        Some(controller) => byob_request(&controller, cx)?,
        None => None,
    };
    match request.and_then(|request| request.with(|request| request.view.clone())) {
        Some(view) => pull_with_byob_reader(tee, &View::of(&view, cx)?, branch, cx),
        None => pull_with_default_reader(tee, cx),
    }
}

/// Pulls again for a branch that wanted bytes meanwhile.
fn pull_again(tee: &Tee, cx: &mut Context) -> JsResult<()> {
    let again = tee.with(|data| {
        data.reading = false;
        data.read_again
    });
    match again {
        [true, _] => pull(tee, 0, cx),
        [_, true] => pull(tee, 1, cx),
        _ => Ok(()),
    }
}

/// Step 15: reads with a default reader.
fn pull_with_default_reader(tee: &Tee, cx: &mut Context) -> JsResult<()> {
    // 1. Replace a BYOB reader.
    let (stream, mut reader) = tee.with(|data| (data.stream.clone(), data.reader.clone()));
    if let Reader::Byob(held) = &reader {
        readable_stream_byob_reader_release(held, cx)?;
        reader = Reader::Default(default_reader::acquire(&stream, cx)?);
        tee.with(|data| data.reader = reader.clone());
        forward_reader_error(tee, cx)?;
    }
    // 2. and 3. Read.
    match reader {
        Reader::Default(reader) => {
            readable_stream_default_reader_read(&reader, Box::new(DefaultRequest(tee.clone())), cx)
        }
        Reader::Byob(_) => Ok(()),
    }
}

/// The read request of a tee.
#[derive(Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
struct DefaultRequest(Tee);

impl ReadRequestSteps for DefaultRequest {
    fn chunk(&self, chunk: &JsValue, cx: &mut Context) -> JsResult<()> {
        // 1. In a microtask, so that errors come first.
        let now = resolved(cx)?;
        upon(
            &now,
            (self.0.clone(), chunk.clone()),
            |cx, (tee, chunk), _| give(tee, chunk, cx),
            |_, _, _| Ok(()),
            cx,
        )
    }

    fn close(&self, cx: &mut Context) -> JsResult<()> {
        let tee = &self.0;
        // 1. The read is over.
        tee.with(|data| data.reading = false);
        // 2. and 3. Close the branches.
        for branch in [0, 1] {
            if let (false, Some(controller)) =
                (tee.is_canceled(branch), byte_controller(tee, branch))
            {
                readable_byte_stream_controller_close(&controller, cx)?;
            }
        }
        // 4. and 5. Waiting requests end.
        for branch in [0, 1] {
            if let Some(controller) = byte_controller(tee, branch)
                && controller.first_pull_into().is_some()
            {
                respond(&controller, 0, cx)?;
            }
        }
        // 6. Nobody needs to cancel.
        tee.resolve_unless_over(cx)
    }

    fn error(&self, _: &JsValue, _: &mut Context) -> JsResult<()> {
        // 1. The read is over.
        self.0.with(|data| data.reading = false);
        Ok(())
    }
}

fn view_of(chunk: &JsValue, cx: &mut Context) -> JsResult<Option<View>> {
    match chunk.as_object() {
        Some(object) => View::find(&object, cx),
        None => Ok(None),
    }
}

/// A copy of a chunk, or `None` if the branches have failed.
fn copy(tee: &Tee, chunk: &View, cx: &mut Context) -> JsResult<Option<View>> {
    match clone_as_uint8_array(chunk, cx) {
        Ok(copy) => Ok(Some(View::of(&copy, cx)?)),
        Err(error) => {
            let error = thrown(error, cx)?;
            error_branches(tee, &error, cx)?;
            cancel_stream(tee, &error, cx)?;
            Ok(None)
        }
    }
}

/// The chunk steps of a read with a default reader, in their microtask.
fn give(tee: &Tee, chunk: &JsValue, cx: &mut Context) -> JsResult<()> {
    // 1. and 2. Nobody has asked again yet.
    tee.with(|data| data.read_again = [false; 2]);
    let Some(chunk) = view_of(chunk, cx)? else {
        return Ok(());
    };
    // 3. and 4. The second branch gets a copy, if both are there.
    let (canceled_1, canceled_2) = (tee.is_canceled(0), tee.is_canceled(1));
    let second = match !canceled_1 && !canceled_2 {
        true => match copy(tee, &chunk, cx)? {
            Some(copy) => copy,
            None => return Ok(()),
        },
        false => chunk.clone(),
    };
    // 5. and 6. Enqueue them.
    if let (false, Some(controller)) = (canceled_1, byte_controller(tee, 0)) {
        readable_byte_stream_controller_enqueue(&controller, &chunk, cx)?;
    }
    if let (false, Some(controller)) = (canceled_2, byte_controller(tee, 1)) {
        readable_byte_stream_controller_enqueue(&controller, &second, cx)?;
    }
    // 7. to 9. Read again if a branch wants more.
    pull_again(tee, cx)
}

/// Step 16: reads into the buffer of a branch.
fn pull_with_byob_reader(tee: &Tee, view: &View, branch: usize, cx: &mut Context) -> JsResult<()> {
    // 1. Replace a default reader.
    let (stream, mut reader) = tee.with(|data| (data.stream.clone(), data.reader.clone()));
    if let Reader::Default(held) = &reader {
        readable_stream_default_reader_release(held, cx)?;
        reader = Reader::Byob(byob_reader::acquire(&stream, cx)?);
        tee.with(|data| data.reader = reader.clone());
        forward_reader_error(tee, cx)?;
    }
    // 2. to 5. Read.
    match reader {
        Reader::Byob(reader) => {
            let request = Box::new(ByobRequest(tee.clone(), branch));
            readable_stream_byob_reader_read(&reader, view, 1.0, request, cx)
        }
        Reader::Default(_) => Ok(()),
    }
}

/// The read-into request of a tee, for this branch.
#[derive(Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
struct ByobRequest(Tee, usize);

impl ReadIntoRequestSteps for ByobRequest {
    fn chunk(&self, chunk: &JsValue, cx: &mut Context) -> JsResult<()> {
        // 1. In a microtask, so that errors come first.
        let now = resolved(cx)?;
        upon(
            &now,
            (self.0.clone(), self.1, chunk.clone()),
            |cx, (tee, branch, chunk), _| give_back(tee, *branch, chunk, cx),
            |_, _, _| Ok(()),
            cx,
        )
    }

    fn close(&self, chunk: &JsValue, cx: &mut Context) -> JsResult<()> {
        let Self(tee, branch) = self;
        // 1. The read is over.
        tee.with(|data| data.reading = false);
        // 2. and 3. The branches that are not canceled.
        let (own, other) = (
            byte_controller(tee, *branch),
            byte_controller(tee, 1 - branch),
        );
        let own = own.filter(|_| !tee.is_canceled(*branch));
        let other = other.filter(|_| !tee.is_canceled(1 - branch));
        // 4. and 5. Close them.
        for controller in own.iter().chain(&other) {
            readable_byte_stream_controller_close(controller, cx)?;
        }
        // 6. Their requests end.
        if let Some(chunk) = view_of(chunk, cx)? {
            if let Some(controller) = &own {
                respond_with_new_view(controller, &chunk, cx)?;
            }
            if let Some(controller) = &other
                && controller.first_pull_into().is_some()
            {
                respond(controller, 0, cx)?;
            }
        }
        // 7. Nobody needs to cancel.
        tee.resolve_unless_over(cx)
    }

    fn error(&self, _: &JsValue, _: &mut Context) -> JsResult<()> {
        // 1. The read is over.
        self.0.with(|data| data.reading = false);
        Ok(())
    }
}

/// The chunk steps of a read into the buffer of a branch, in their microtask.
fn give_back(tee: &Tee, branch: usize, chunk: &JsValue, cx: &mut Context) -> JsResult<()> {
    // 1. and 2. Nobody has asked again yet.
    tee.with(|data| data.read_again = [false; 2]);
    let Some(chunk) = view_of(chunk, cx)? else {
        return Ok(());
    };
    // 3. and 4. The branches that are not canceled.
    let own = byte_controller(tee, branch).filter(|_| !tee.is_canceled(branch));
    let other = byte_controller(tee, 1 - branch).filter(|_| !tee.is_canceled(1 - branch));
    // 5. and 6. The other branch gets a copy.
    let copied = match &other {
        Some(_) => match copy(tee, &chunk, cx)? {
            Some(copied) => Some(copied),
            None => return Ok(()),
        },
        None => None,
    };
    if let Some(controller) = &own {
        respond_with_new_view(controller, &chunk, cx)?;
    }
    if let (Some(controller), Some(copied)) = (&other, &copied) {
        readable_byte_stream_controller_enqueue(controller, copied, cx)?;
    }
    // 7. to 9. Read again if a branch wants more.
    pull_again(tee, cx)
}
