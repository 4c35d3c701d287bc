//! `Subscriber` ([Observable, the Subscriber interface](https://wicg.github.io/observable/#subscriber-api)).

use boa_engine::{JsObject, JsValue};

use super::VoidFunction;
use super::subscription::{SubscriberData, add_teardown, complete, error_of, next};
use crate::webidl::interface;

interface! {
    /// The `Subscriber` interface.
    [Exposed=*]
    interface Subscriber(SubscriberData) {
        undefined next(any value) = |subscriber: &JsObject, value: JsValue, cx| next(subscriber, &value, cx);
        undefined error(any error) = |subscriber: &JsObject, error: JsValue, cx| error_of(subscriber, &error, cx);
        undefined complete() = |subscriber: &JsObject, cx| complete(subscriber, cx);
        undefined addTeardown(VoidFunction teardown) =
            |subscriber: &JsObject, teardown: JsObject, cx| add_teardown(subscriber, teardown, cx);

        readonly attribute boolean active = |subscriber| subscriber.active;
        readonly attribute AbortSignal signal = |subscriber| subscriber.signal.clone();
    }
}
