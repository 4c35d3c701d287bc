//! Subscribing to an observable, by script and by operators
//! ([Observable, the Observable interface](https://wicg.github.io/observable/#observable-api)).

use boa_engine::{Context, Finalize, JsData, JsObject, JsResult, JsValue, Trace, js_string};

use super::operation::{Operation, Steps, call, thrown};
use super::subscriber::SUBSCRIBER;
use super::subscription::{
    Observer, SubscriberData, add_observer, error_of, is_active, is_inactive, remove_observer,
    signal_of,
};
use super::{OBSERVABLE, SubscribeOptions};
use crate::boa::errors::type_error;
use crate::dom::aborting::{self, SignalData};
use crate::script::callback::Callback;
use crate::script::realm;
use crate::webidl::{create_here, platform};

/// The data of an `Observable`.
#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct ObservableData {
    source: Source,
    /// The [weak subscriber](https://wicg.github.io/observable/#observable-weak-subscriber).
    ///
    /// IMPLEMENTATION-DEFINED: the reference is strong. This affects only the lifetime of memory.
    subscriber: Option<JsObject>,
}

/// The [subscribe callback](https://wicg.github.io/observable/#observable-subscribe-callback).
#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(super) enum Source {
    /// A function of script.
    Callback(Callback),
    /// Steps of an operator, and their data.
    Steps(#[unsafe_ignore_trace] SubscribeSteps, Box<Captured>),
}

/// Steps that run for a new subscriber.
pub(super) type SubscribeSteps = fn(&mut Context, &JsObject, &Captured);

/// The arguments of an operator.
#[derive(Clone, Default, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(super) struct Captured {
    /// The observable, or a value that was converted to one.
    pub(super) source: Option<JsObject>,
    /// The other observable.
    pub(super) other: Option<JsObject>,
    pub(super) callback: Option<Callback>,
    pub(super) inspector: Option<Inspector>,
    pub(super) amount: f64,
    #[unsafe_ignore_trace]
    pub(super) capture: bool,
    #[unsafe_ignore_trace]
    pub(super) passive: Option<bool>,
    pub(super) text: JsValue,
}

/// The callbacks of [`inspect()`](https://wicg.github.io/observable/#dom-observable-inspect).
#[derive(Clone, Default, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(super) struct Inspector {
    pub(super) next: Option<Callback>,
    pub(super) error: Option<Callback>,
    pub(super) complete: Option<Callback>,
    pub(super) subscribe: Option<Callback>,
    pub(super) abort: Option<Callback>,
}

impl ObservableData {
    pub(super) fn new(source: Source) -> Self {
        Self {
            source,
            subscriber: None,
        }
    }
}

/// Creates an observable with the steps of an operator.
pub(super) fn observable(steps: SubscribeSteps, captured: Captured, cx: &mut Context) -> JsObject {
    create_here(
        &OBSERVABLE,
        ObservableData::new(Source::Steps(steps, Box::new(captured))),
        cx,
    )
}

/// A member of an observer that is a function, if present.
pub(super) fn member(
    object: &JsObject,
    name: &'static str,
    cx: &mut Context,
) -> JsResult<Option<Callback>> {
    let value = object.get(js_string!(name), cx)?;
    if value.is_undefined() {
        return Ok(None);
    }
    match value.as_callable() {
        Some(function) => Ok(Some(Callback::new(function, cx))),
        None => {
            let message = format!("The '{name}' of an observer is not a function.");
            Err(type_error(message))
        }
    }
}

/// Converts an argument: a function, or an object with functions.
pub(super) enum Given {
    Function(Callback),
    Members(Option<JsObject>),
}

pub(super) fn given(value: Option<JsValue>, cx: &mut Context) -> JsResult<Given> {
    let value = value.unwrap_or_default();
    if value.is_null_or_undefined() {
        return Ok(Given::Members(None));
    }
    let Some(object) = value.as_object() else {
        return Err(type_error(
            "The observer is neither a function nor an object.",
        ));
    };
    Ok(match object.is_callable() {
        true => Given::Function(Callback::new(object, cx)),
        false => Given::Members(Some(object)),
    })
}

/// [`subscribe()`](https://wicg.github.io/observable/#dom-observable-subscribe)
pub(super) fn subscribe_by_script(
    observable: &JsObject,
    observer: Option<JsValue>,
    options: &SubscribeOptions,
    cx: &mut Context,
) -> JsResult<()> {
    let observer = match given(observer, cx)? {
        Given::Function(next) => Observer::Script {
            next: Some(next),
            error: None,
            complete: None,
        },
        Given::Members(None) => Observer::Script {
            next: None,
            error: None,
            complete: None,
        },
        Given::Members(Some(object)) => {
            let complete = member(&object, "complete", cx)?;
            let error = member(&object, "error", cx)?;
            let next = member(&object, "next", cx)?;
            Observer::Script {
                next,
                error,
                complete,
            }
        }
    };
    subscribe(observable, observer, options.signal.as_ref(), cx);
    Ok(())
}

/// An observer of a subscriber, which a signal removes.
#[derive(Clone, Trace, Finalize, JsData)]
#[boa_gc(unsafe_no_drop)]
struct Link {
    subscriber: JsObject,
    observer: u32,
}

/// [Subscribe to an Observable](https://wicg.github.io/observable/#observable-subscribe-to-an-observable)
pub(super) fn subscribe(
    observable: &JsObject,
    observer: Observer,
    signal: Option<&JsObject>,
    cx: &mut Context,
) {
    // 1. In a document that is not fully active, return.
    let global = realm::current_window(cx);
    if is_inactive(global, cx) {
        return;
    }
    let data = platform::with(observable, |data: &ObservableData| Some(data.clone()));
    let Some(data) = data else { return };
    // 4. An active subscriber gets one more observer.
    if let Some(subscriber) = data.subscriber.filter(is_active) {
        let number = add_observer(&subscriber, observer);
        follow(signal, &subscriber, number, cx);
        return;
    }
    // 5. to 7. Create a subscriber.
    let own_signal = aborting::create(SignalData::default(), cx);
    let subscriber = create_here(&SUBSCRIBER, SubscriberData::new(own_signal, global), cx);
    let number = add_observer(&subscriber, observer);
    platform::with_mut(observable, |data: &mut ObservableData| {
        data.subscriber = Some(subscriber.clone());
        Some(())
    });
    // 8. Follow the signal.
    follow(signal, &subscriber, number, cx);
    // 9. and 10. Run the subscribe callback.
    match &data.source {
        Source::Callback(callback) => {
            let args = [JsValue::from(subscriber.clone())];
            if let Err(error) = call(cx, callback, &args) {
                let error = thrown(error, cx);
                error_of(&subscriber, &error, cx);
            }
        }
        Source::Steps(steps, captured) => steps(cx, &subscriber, captured),
    }
}

/// Removes an observer when the signal is aborted, and closes a subscriber that has no other.
fn follow(signal: Option<&JsObject>, subscriber: &JsObject, observer: u32, cx: &mut Context) {
    let Some(signal) = signal else { return };
    if let Some(reason) = aborting::reason(signal) {
        return remove_observer(subscriber, observer, &reason, cx);
    }
    let link = Link {
        subscriber: subscriber.clone(),
        observer,
    };
    let steps = |cx: &mut Context, object: &JsObject, reason: &JsValue| {
        let link = object.downcast_ref::<Link>().map(|link| link.clone());
        if let Some(link) = link {
            remove_observer(&link.subscriber, link.observer, reason, cx);
        }
    };
    aborting::run_on_abort(signal, steps, JsObject::from_proto_and_data(None, link));
}

/// Subscribes an operator to an observable, while its own subscriber is active.
pub(super) fn subscribe_natively(
    source: Option<&JsObject>,
    steps: &'static Steps,
    operation: Operation,
    subscriber: &JsObject,
    cx: &mut Context,
) {
    if let Some(source) = source {
        let signal = signal_of(subscriber);
        let observer = Observer::Native(steps, operation);
        subscribe(source, observer, signal.as_ref(), cx);
    }
}
