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

use boa_engine::{JsObject, JsValue};

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
        undefined subscribe(optional any observer, optional SubscribeOptions options = {}) =
            |observable: &JsObject, observer: Option<JsValue>, options, cx| subscribe_by_script(observable, observer, &options, cx);

        static Observable from(any value) = |value: JsValue, cx| convert::from(&value, cx);

        Observable takeUntil(any value) = |source: &JsObject, value: JsValue, cx| operators::take_until(source, &value, cx);
        Observable map(Mapper mapper) = |source: &JsObject, mapper: JsObject, cx| operators::map(source, mapper, cx);
        Observable filter(Predicate predicate) = |source: &JsObject, predicate: JsObject, cx| operators::filter(source, predicate, cx);
        Observable take(unsigned long long amount) = |source: &JsObject, amount: f64, cx| operators::take(source, amount, cx);
        Observable drop(unsigned long long amount) = |source: &JsObject, amount: f64, cx| operators::drop_first(source, amount, cx);
        Observable flatMap(Mapper mapper) = |source: &JsObject, mapper: JsObject, cx| operators::flat_map(source, mapper, cx);
        Observable switchMap(Mapper mapper) = |source: &JsObject, mapper: JsObject, cx| operators::switch_map(source, mapper, cx);
        Observable inspect(optional any inspectorUnion) = |source: &JsObject, inspector: Option<JsValue>, cx| operators::inspect(source, inspector, cx);
        Observable catch(CatchCallback callback) = |source: &JsObject, callback: JsObject, cx| operators::catch(source, callback, cx);
        Observable finally(VoidFunction callback) = |source: &JsObject, callback: JsObject, cx| operators::finally(source, callback, cx);

        Promise<any> toArray(optional SubscribeOptions options = {}) =
            |source: &JsObject, options, cx| promises::to_array(source, &options, cx);
        Promise<undefined> forEach(Visitor callback, optional SubscribeOptions options = {}) =
            |source: &JsObject, callback: JsObject, options, cx| promises::for_each(source, callback, &options, cx);
        Promise<boolean> every(Predicate predicate, optional SubscribeOptions options = {}) =
            |source: &JsObject, predicate: JsObject, options, cx| promises::every(source, predicate, &options, cx);
        Promise<any> first(optional SubscribeOptions options = {}) =
            |source: &JsObject, options, cx| promises::first(source, &options, cx);
        Promise<any> last(optional SubscribeOptions options = {}) =
            |source: &JsObject, options, cx| promises::last(source, &options, cx);
        Promise<any> find(Predicate predicate, optional SubscribeOptions options = {}) =
            |source: &JsObject, predicate: JsObject, options, cx| promises::find(source, predicate, &options, cx);
        Promise<boolean> some(Predicate predicate, optional SubscribeOptions options = {}) =
            |source: &JsObject, predicate: JsObject, options, cx| promises::some(source, predicate, &options, cx);
        Promise<any> reduce(Reducer reducer, optional any initialValue, optional SubscribeOptions options = {}) =
            |source: &JsObject, reducer: JsObject, initial: Option<JsValue>, options, cx| promises::reduce(source, reducer, initial, &options, cx);
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
