//! `Observable` and `Subscriber` ([Observable](https://wicg.github.io/observable/)).
//!
//! A native subscriber is an operator. It keeps its state in an [`Operation`], and reacts with a table of functions.

mod convert;
pub(crate) mod event_target;
mod operation;
mod operators;
mod promises;
pub(crate) mod subscriber;
mod subscribing;
mod subscription;

use boa_engine::JsObject;

use crate::dom::abort::AbortSignal;
use crate::script::callback::Callback;
use crate::webidl::interface;
use subscribing::{ObservableData, Source, subscribe_by_script};

interface! {
    /// The `Observable` interface.
    [Exposed=*]
    interface Observable(ObservableData) {
        constructor(SubscribeCallback callback) =
            |callback: JsObject, cx| ObservableData::new(Source::Callback(Callback::new(callback, cx)));
        undefined subscribe(optional any observer, optional SubscribeOptions options = {}) = subscribe_by_script;

        static Observable from(any value) = convert::from;

        Observable takeUntil(any value) = operators::take_until;
        Observable map(Mapper mapper) = operators::map;
        Observable filter(Predicate predicate) = operators::filter;
        Observable take(unsigned long long amount) = operators::take;
        Observable drop(unsigned long long amount) = operators::drop_first;
        Observable flatMap(Mapper mapper) = operators::flat_map;
        Observable switchMap(Mapper mapper) = operators::switch_map;
        Observable inspect(optional any inspectorUnion) = operators::inspect;
        Observable catch(CatchCallback callback) = operators::catch;
        Observable finally(VoidFunction callback) = operators::finally;

        Promise<any> toArray(optional SubscribeOptions options = {}) = promises::to_array;
        Promise<undefined> forEach(Visitor callback, optional SubscribeOptions options = {}) = promises::for_each;
        Promise<boolean> every(Predicate predicate, optional SubscribeOptions options = {}) = promises::every;
        Promise<any> first(optional SubscribeOptions options = {}) = promises::first;
        Promise<any> last(optional SubscribeOptions options = {}) = promises::last;
        Promise<any> find(Predicate predicate, optional SubscribeOptions options = {}) = promises::find;
        Promise<boolean> some(Predicate predicate, optional SubscribeOptions options = {}) = promises::some;
        Promise<any> reduce(Reducer reducer, optional any initialValue, optional SubscribeOptions options = {}) = promises::reduce;
    }

    dictionary SubscribeOptions {
        AbortSignal signal;
    }

    callback SubscribeCallback = undefined (Subscriber subscriber);
    callback Predicate = boolean (any value, unsigned long long index);
    callback Reducer = any (any accumulator, any currentValue, unsigned long long index);
    callback Mapper = any (any value, unsigned long long index);
    callback Visitor = undefined (any value, unsigned long long index);
    callback CatchCallback = any (any value);
    callback VoidFunction = undefined ();
}
