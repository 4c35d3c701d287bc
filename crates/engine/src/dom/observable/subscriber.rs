//! `Subscriber` ([Observable, the Subscriber interface](https://wicg.github.io/observable/#subscriber-api)).

use super::VoidFunction;
use super::subscription::{SubscriberData, add_teardown, complete, error_of, next};
use crate::webidl::interface;

interface! {
    /// The `Subscriber` interface.
    [Exposed=*]
    interface Subscriber(SubscriberData) {
        undefined next(any value);
        undefined error(any error) = error_of;
        undefined complete();
        undefined addTeardown(VoidFunction teardown);

        readonly attribute boolean active = |subscriber| subscriber.active;
        readonly attribute AbortSignal signal = |subscriber| subscriber.signal.clone();
    }
}
