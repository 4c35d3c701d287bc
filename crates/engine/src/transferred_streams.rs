//! Transferred streams: two ends that exchange messages by ports
//! ([Streams, transferable streams](https://streams.spec.whatwg.org/#transferrable-streams)).

use boa_engine::object::builtins::JsPromise;
use boa_engine::property::PropertyKey;
use boa_engine::realm::Realm;
use boa_engine::{
    Context, Finalize, JsError, JsObject, JsResult, JsString, JsValue, NativeFunction, Trace,
    js_string,
};
use framepost_messaging::ports::{Half, Owner, PortId};
use framepost_messaging::structured_clone::TransferDataHolder;

use crate::boa::errors::type_error;
use crate::dom::event_listeners::{NewListener, add_an_event_listener};
use crate::messaging::host::post_to_port;
use crate::messaging::message_event::MessageData;
use crate::messaging::port_steps;
use crate::script::callback::Callback;
use crate::script::realm::{current_global, in_realm, window_of};
use crate::script::{origins, with_messaging};
use crate::streams::algorithm::Algorithm;
use crate::streams::default_controller::{
    readable_stream_default_controller_close, readable_stream_default_controller_enqueue,
    readable_stream_default_controller_error,
};
use crate::streams::handle::Handle;
use crate::streams::pipe::{no_options, readable_stream_pipe_to};
use crate::streams::promises::{Deferred, mark_as_handled, object_of, react, resolved, thrown};
use crate::streams::readable_stream::{Controller, Readable, create_readable_stream};
use crate::streams::strategies::SizeAlgorithm;
use crate::streams::transferable::Steps;
use crate::streams::transform_stream::Transform;
use crate::streams::writable::error_if_needed;
use crate::streams::writable_stream::{Writable, create_writable_stream};
use crate::webidl::{exception, platform};

/// The steps of all three interfaces.
pub(crate) static STEPS: Steps = Steps {
    readable: (transfer_readable, receive_readable),
    writable: (transfer_writable, receive_writable),
    transform: (transfer_transform, receive_transform),
};

/// The port of one end of a transferred stream.
#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
struct End {
    #[unsafe_ignore_trace]
    port: PortId,
    /// The object keeps the port alive, and has the listeners.
    object: JsObject,
}

/// Creates two entangled ports: an end here, and the half for the other realm.
fn entangled_ports(cx: &mut Context) -> JsResult<(End, Half)> {
    let global = current_global(cx)?;
    let (port, half) = with_messaging(cx, |messaging, _| {
        let (port1, port2) = messaging.create_channel(Owner::Global(global));
        (port1, messaging.detach(port2))
    });
    let half = half.map_err(|_| type_error("A new port could not be transferred."))?;
    let object = port_steps::create(cx, global, port);
    Ok((End { port, object }, half))
}

/// The end that a transferred half becomes in the current realm.
fn received_end(half: Half, cx: &mut Context) -> Option<End> {
    let global = current_global(cx).ok()?;
    let attached = with_messaging(cx, |messaging, queues| {
        messaging.attach(queues, Owner::Global(global), half)
    });
    let port = attached.ok()?;
    let object = port_steps::create(cx, global, port);
    Some(End { port, object })
}

fn locked(cx: &mut Context) -> JsError {
    let message = "A stream that is locked could not be transferred.";
    exception::throw("DataCloneError", message, cx)
}

fn holder(interface: &'static str, halves: Vec<Half>) -> TransferDataHolder {
    TransferDataHolder::Ports { interface, halves }
}

fn halves(holder: TransferDataHolder) -> Vec<Half> {
    match holder {
        TransferDataHolder::Ports { halves, .. } => halves,
        _ => Vec::new(),
    }
}

/// [The transfer steps](https://streams.spec.whatwg.org/#rs-transfer) of a readable stream.
fn transfer_readable(object: &JsObject, cx: &mut Context) -> JsResult<TransferDataHolder> {
    let stream = Readable::of_object(object).ok_or_else(platform::illegal_invocation)?;
    Ok(holder("ReadableStream", vec![send_readable(&stream, cx)?]))
}

fn send_readable(stream: &Readable, cx: &mut Context) -> JsResult<Half> {
    // 1. A locked stream cannot be transferred.
    if stream.is_locked() {
        return Err(locked(cx));
    }
    // 2. to 4. Two entangled ports.
    let (end, half) = entangled_ports(cx)?;
    // 5. and 6. One is a writable stream here.
    let writable = cross_realm_transform_writable(&end, cx)?;
    // 7. and 8. The stream is piped to it.
    let promise = readable_stream_pipe_to(stream, &writable, &no_options(), cx)?;
    mark_as_handled(&promise, cx)?;
    stream.with(|data| data.detached = true);
    // 9. The other is transferred.
    Ok(half)
}

/// [The transfer-receiving steps](https://streams.spec.whatwg.org/#rs-transfer) of a readable stream.
fn receive_readable(
    realm: &Realm,
    holder: TransferDataHolder,
    cx: &mut Context,
) -> Option<JsObject> {
    let half = halves(holder).into_iter().next()?;
    window_of(realm)?;
    in_realm(cx, realm, |cx| {
        // 1. and 2. Receive the port. 3. It is the source of the stream.
        let end = received_end(half, cx)?;
        let stream = cross_realm_transform_readable(&end, cx).ok()?;
        Some(stream.object(cx))
    })
}

/// [The transfer steps](https://streams.spec.whatwg.org/#ws-transfer) of a writable stream.
fn transfer_writable(object: &JsObject, cx: &mut Context) -> JsResult<TransferDataHolder> {
    let stream = Writable::of_object(object).ok_or_else(platform::illegal_invocation)?;
    Ok(holder("WritableStream", vec![send_writable(&stream, cx)?]))
}

fn send_writable(stream: &Writable, cx: &mut Context) -> JsResult<Half> {
    // 1. A locked stream cannot be transferred.
    if stream.is_locked() {
        return Err(locked(cx));
    }
    // 2. to 4. Two entangled ports.
    let (end, half) = entangled_ports(cx)?;
    // 5. and 6. One is a readable stream here.
    let readable = cross_realm_transform_readable(&end, cx)?;
    // 7. and 8. It is piped to the stream.
    let promise = readable_stream_pipe_to(&readable, stream, &no_options(), cx)?;
    mark_as_handled(&promise, cx)?;
    stream.with(|data| data.detached = true);
    // 9. The other is transferred.
    Ok(half)
}

/// [The transfer-receiving steps](https://streams.spec.whatwg.org/#ws-transfer) of a writable stream.
fn receive_writable(
    realm: &Realm,
    holder: TransferDataHolder,
    cx: &mut Context,
) -> Option<JsObject> {
    let half = halves(holder).into_iter().next()?;
    window_of(realm)?;
    in_realm(cx, realm, |cx| {
        // 1. and 2. Receive the port. 3. It is the sink of the stream.
        let end = received_end(half, cx)?;
        let stream = cross_realm_transform_writable(&end, cx).ok()?;
        Some(stream.object(cx))
    })
}

/// [The transfer steps](https://streams.spec.whatwg.org/#ts-transfer) of a transform stream.
fn transfer_transform(object: &JsObject, cx: &mut Context) -> JsResult<TransferDataHolder> {
    let stream = Transform::of_object(object).ok_or_else(platform::illegal_invocation)?;
    // 1. and 2. Take both sides.
    let (readable, writable) = (stream.readable(), stream.writable());
    // 3. and 4. Neither is locked.
    if readable.is_locked() || writable.is_locked() {
        return Err(locked(cx));
    }
    // 5. and 6. Transfer both.
    let halves = vec![send_readable(&readable, cx)?, send_writable(&writable, cx)?];
    stream.with(|data| data.detached = true);
    Ok(holder("TransformStream", halves))
}

/// [The transfer-receiving steps](https://streams.spec.whatwg.org/#ts-transfer) of a transform stream.
fn receive_transform(
    realm: &Realm,
    holder: TransferDataHolder,
    cx: &mut Context,
) -> Option<JsObject> {
    let mut halves = halves(holder).into_iter();
    let (readable, writable) = (halves.next()?, halves.next()?);
    window_of(realm)?;
    in_realm(cx, realm, |cx| {
        // 1. to 4. Receive both sides.
        let (readable, writable) = (received_end(readable, cx)?, received_end(writable, cx)?);
        let readable = cross_realm_transform_readable(&readable, cx).ok()?;
        let writable = cross_realm_transform_writable(&writable, cx).ok()?;
        // 5. to 7. The other slots stay empty.
        Some(Transform::of(readable, writable).object(cx))
    })
}

/// [PackAndPostMessage](https://streams.spec.whatwg.org/#abstract-opdef-packandpostmessage)
fn pack_and_post_message(
    end: &End,
    kind: JsString,
    value: &JsValue,
    cx: &mut Context,
) -> JsResult<()> {
    // 1. to 3. The message is an object without a prototype.
    let message = JsObject::with_null_proto();
    message.create_data_property(js_string!("type"), kind, cx)?;
    message.create_data_property(js_string!("value"), value.clone(), cx)?;
    // 4. to 6. Post it.
    let posted = post_to_port(cx, end.port, &message.into(), &[])?;
    origins::posted(cx, posted);
    Ok(())
}

/// [CrossRealmTransformSendError](https://streams.spec.whatwg.org/#abstract-opdef-crossrealmtransformsenderror)
fn send_error(end: &End, error: &JsValue, cx: &mut Context) {
    // 1. Post it. If that fails, nobody learns of it.
    let _posted = pack_and_post_message(end, js_string!("error"), error, cx);
}

/// [PackAndPostMessageHandlingError](https://streams.spec.whatwg.org/#abstract-opdef-packandpostmessagehandlingerror)
fn pack_and_post_message_handling_error(
    end: &End,
    kind: JsString,
    value: &JsValue,
    cx: &mut Context,
) -> JsResult<()> {
    // 1. Post it. 2. If that fails, post the error. 3. Return the result.
    match pack_and_post_message(end, kind, value, cx) {
        Ok(()) => Ok(()),
        Err(error) => {
            let error = thrown(error, cx)?;
            send_error(end, &error, cx);
            Err(JsError::from_opaque(error))
        }
    }
}

/// [Disentangle](https://html.spec.whatwg.org/multipage/web-messaging.html#disentangle) the port.
fn disentangle(end: &End, cx: &Context) {
    with_messaging(cx, |messaging, queues| {
        messaging.close(queues, end.port);
    });
}

/// The steps for a message or its error, with the data of the event.
type Handler<C> = fn(&mut Context, &C, &JsValue) -> JsResult<()>;

/// Adds steps for an event of a port.
fn handle<C: Trace + 'static>(
    end: &End,
    event_type: JsString,
    captured: C,
    steps: Handler<C>,
    cx: &mut Context,
) {
    let function = NativeFunction::from_copy_closure_with_captures(
        move |_, args, captured: &C, cx| {
            let event = args.first().and_then(JsValue::as_object);
            let data = event.and_then(|event| {
                platform::with(&event, |data: &MessageData| Some(data.data.clone()))
            });
            steps(cx, captured, &data.unwrap_or_default())?;
            Ok(JsValue::undefined())
        },
        captured,
    );
    let function = function.to_js_function(cx.realm());
    let listener = NewListener {
        event_type,
        callback: Callback::new(function.into(), cx),
        capture: false,
        once: false,
        passive: None,
        signal: None,
    };
    add_an_event_listener(&end.object, listener, cx);
}

/// Enables the port message queue.
fn enable(end: &End, cx: &Context) {
    with_messaging(cx, |messaging, queues| messaging.start(queues, end.port));
}

/// The type and the value of a message of the other end.
fn unpack(data: &JsValue, cx: &mut Context) -> JsResult<(String, JsValue)> {
    let Some(data) = data.as_object() else {
        return Ok((String::new(), JsValue::undefined()));
    };
    let kind = data.get(PropertyKey::from(js_string!("type")), cx)?;
    let value = data.get(PropertyKey::from(js_string!("value")), cx)?;
    let kind = kind
        .as_string()
        .map(|kind| kind.to_std_string_lossy())
        .unwrap_or_default();
    Ok((kind, value))
}

fn data_clone_error(cx: &mut Context) -> JsValue {
    let message = "A chunk of the stream could not be deserialized.";
    exception::create("DataCloneError", message, cx).into()
}

/// [SetUpCrossRealmTransformReadable](https://streams.spec.whatwg.org/#abstract-opdef-setupcrossrealmtransformreadable)
fn cross_realm_transform_readable(end: &End, cx: &mut Context) -> JsResult<Readable> {
    fn controller_of(
        stream: &Readable,
    ) -> JsResult<crate::streams::default_controller::DefaultController> {
        match stream.controller() {
            Some(Controller::Default(controller)) => Ok(controller),
            _ => Err(type_error("The stream has no default controller.")),
        }
    }
    // 6. A pull asks the other end for a chunk.
    let pull = Algorithm::native(end.clone(), |cx, end, _| {
        pack_and_post_message(end, js_string!("pull"), &JsValue::undefined(), cx)?;
        Ok(JsValue::undefined())
    });
    // 7. A cancellation is an error of the other end.
    let cancel = Algorithm::native(end.clone(), |cx, end, args| {
        let reason = args.first().cloned().unwrap_or_default();
        let posted = pack_and_post_message_handling_error(end, js_string!("error"), &reason, cx);
        disentangle(end, cx);
        posted.map(|()| JsValue::undefined())
    });
    // 1., 2., 5., 8. and 9. Create the stream, whose high water mark is 0.
    let stream = create_readable_stream(
        &Algorithm::Nothing,
        pull,
        cancel,
        0.0,
        SizeAlgorithm::default(),
        cx,
    )?;
    // 3. A message is a chunk, the end, or an error.
    handle(
        end,
        js_string!("message"),
        (stream.clone(), end.clone()),
        |cx, (stream, end), data| {
            let (kind, value) = unpack(data, cx)?;
            let controller = controller_of(stream)?;
            match kind.as_str() {
                "chunk" => readable_stream_default_controller_enqueue(&controller, &value, cx),
                "close" => {
                    readable_stream_default_controller_close(&controller, cx)?;
                    disentangle(end, cx);
                    Ok(())
                }
                "error" => {
                    readable_stream_default_controller_error(&controller, &value, cx)?;
                    disentangle(end, cx);
                    Ok(())
                }
                _ => Ok(()),
            }
        },
        cx,
    );
    // 4. A message that cannot be deserialized is an error of both ends.
    handle(
        end,
        js_string!("messageerror"),
        (stream.clone(), end.clone()),
        |cx, (stream, end), _| {
            let error = data_clone_error(cx);
            send_error(end, &error, cx);
            readable_stream_default_controller_error(&controller_of(stream)?, &error, cx)?;
            disentangle(end, cx);
            Ok(())
        },
        cx,
    );
    // 5. Messages arrive from now on.
    enable(end, cx);
    Ok(stream)
}

/// The promise for room at the other end; `None` if there is room.
type Backpressure = Handle<Option<Deferred>>;

/// [SetUpCrossRealmTransformWritable](https://streams.spec.whatwg.org/#abstract-opdef-setupcrossrealmtransformwritable)
fn cross_realm_transform_writable(end: &End, cx: &mut Context) -> JsResult<Writable> {
    fn unblock(backpressure: &Backpressure, cx: &mut Context) -> JsResult<()> {
        match backpressure.with(Option::take) {
            Some(promise) => promise.resolve(&JsValue::undefined(), cx),
            None => Ok(()),
        }
    }
    // 3. There is no room yet.
    let backpressure = Backpressure::new(Some(Deferred::new(cx)));
    // 8. A write waits for room, and posts the chunk.
    let captured = (end.clone(), backpressure.clone());
    let write = Algorithm::native(captured, |cx, (end, backpressure), args| {
        let chunk = args.first().cloned().unwrap_or_default();
        let room: JsPromise = match backpressure.with(|held| held.clone()) {
            Some(promise) => promise.promise,
            None => resolved(cx)?,
        };
        let written = react(
            &room,
            (end.clone(), backpressure.clone(), chunk),
            Some(|cx, (end, backpressure, chunk), _| {
                let next = Deferred::new(cx);
                backpressure.with(|held| *held = Some(next));
                let kind = js_string!("chunk");
                let posted = pack_and_post_message_handling_error(end, kind, chunk, cx);
                if posted.is_err() {
                    disentangle(end, cx);
                }
                posted.map(|()| JsValue::undefined())
            }),
            None,
            cx,
        )?;
        Ok(object_of(&written).into())
    });
    // 9. The end is posted behind all chunks.
    let close = Algorithm::native(end.clone(), |cx, end, _| {
        pack_and_post_message(end, js_string!("close"), &JsValue::undefined(), cx)?;
        disentangle(end, cx);
        Ok(JsValue::undefined())
    });
    // 10. So is an error.
    let abort = Algorithm::native(end.clone(), |cx, end, args| {
        let reason = args.first().cloned().unwrap_or_default();
        let posted = pack_and_post_message_handling_error(end, js_string!("error"), &reason, cx);
        disentangle(end, cx);
        posted.map(|()| JsValue::undefined())
    });
    // 1., 2., 7., 11. and 12. Create the stream.
    let stream = create_writable_stream(
        &Algorithm::Nothing,
        write,
        close,
        abort,
        1.0,
        SizeAlgorithm::default(),
        cx,
    )?;
    // 4. A message asks for a chunk, or is an error.
    handle(
        end,
        js_string!("message"),
        (stream.clone(), backpressure.clone()),
        |cx, (stream, backpressure), data| {
            let (kind, value) = unpack(data, cx)?;
            match kind.as_str() {
                "pull" => unblock(backpressure, cx),
                "error" => {
                    error_if_needed(stream, &value, cx)?;
                    unblock(backpressure, cx)
                }
                _ => Ok(()),
            }
        },
        cx,
    );
    // 5. A message that cannot be deserialized is an error of both ends.
    handle(
        end,
        js_string!("messageerror"),
        (stream.clone(), end.clone()),
        |cx, (stream, end), _| {
            let error = data_clone_error(cx);
            send_error(end, &error, cx);
            error_if_needed(stream, &error, cx)?;
            disentangle(end, cx);
            Ok(())
        },
        cx,
    );
    // 6. Messages arrive from now on.
    enable(end, cx);
    Ok(stream)
}
