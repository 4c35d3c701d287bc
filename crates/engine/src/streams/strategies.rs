//! Queuing strategies ([Streams, queuing strategies](https://streams.spec.whatwg.org/#qs)).

use boa_engine::{Context, Finalize, JsObject, JsResult, JsValue, Trace, js_string};

use super::algorithm::Algorithm;
use crate::boa::errors::range_error;
use crate::boa::functions::function;
use crate::webidl::interface;
use crate::webidl::realm::singleton;

/// The data of a queuing strategy.
#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct StrategyData {
    high_water_mark: f64,
}

interface! {
    /// The `CountQueuingStrategy` interface.
    [Exposed=*]
    interface CountQueuingStrategy(StrategyData) {
        constructor(QueuingStrategyInit init) =
            |init: QueuingStrategyInit| StrategyData { high_water_mark: init.high_water_mark };
        readonly attribute unrestricted double highWaterMark = .high_water_mark;
        readonly attribute Function size = |_, cx| count_size(cx);
    }

    /// The `ByteLengthQueuingStrategy` interface.
    [Exposed=*]
    interface ByteLengthQueuingStrategy(StrategyData) {
        constructor(QueuingStrategyInit init) =
            |init: QueuingStrategyInit| StrategyData { high_water_mark: init.high_water_mark };
        readonly attribute unrestricted double highWaterMark = .high_water_mark;
        readonly attribute Function size = |_, cx| byte_length_size(cx);
    }

    dictionary QueuingStrategyInit {
        required unrestricted double highWaterMark;
    }

    #[derive(Default)]
    dictionary QueuingStrategy {
        unrestricted double highWaterMark;
        QueuingStrategySize size;
    }

    callback QueuingStrategySize = unrestricted double (any chunk);
}

/// The [count queuing strategy size function](https://streams.spec.whatwg.org/#count-queuing-strategy-size-function)
/// of the realm.
fn count_size(cx: &mut Context) -> JsObject {
    let realm = cx.realm().clone();
    singleton(cx, &realm, "count queuing strategy size", |_, realm| {
        function(realm, "size", 0, |_, _, _| Ok(1.into()))
    })
}

/// The [byte length queuing strategy size
/// function](https://streams.spec.whatwg.org/#byte-length-queuing-strategy-size-function) of the realm.
fn byte_length_size(cx: &mut Context) -> JsObject {
    let realm = cx.realm().clone();
    singleton(
        cx,
        &realm,
        "byte length queuing strategy size",
        |_, realm| {
            function(realm, "size", 1, |_, args, cx| {
                let chunk = args.first().cloned().unwrap_or_default();
                chunk.to_object(cx)?.get(js_string!("byteLength"), cx)
            })
        },
    )
}

impl QueuingStrategy {
    /// [ExtractHighWaterMark](https://streams.spec.whatwg.org/#validate-and-normalize-high-water-mark)
    pub(super) fn extract_high_water_mark(&self, default: f64) -> JsResult<f64> {
        // 1. and 2. Take the mark or the default.
        let mark = self.high_water_mark.unwrap_or(default);
        // 3. It is a number that is not negative.
        if mark.is_nan() || mark < 0.0 {
            return Err(range_error(format!(
                "{mark} is not a valid high water mark."
            )));
        }
        // 4. Return it.
        Ok(mark)
    }

    /// [ExtractSizeAlgorithm](https://streams.spec.whatwg.org/#make-size-algorithm-from-size-function)
    pub(super) fn extract_size_algorithm(&self, cx: &Context) -> SizeAlgorithm {
        SizeAlgorithm(
            self.size
                .clone()
                .map(|size| Algorithm::of(Some(size), &JsValue::undefined(), cx)),
        )
    }
}

/// The size algorithm of a stream; without a callback, each chunk has the size 1.
#[derive(Clone, Default, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct SizeAlgorithm(Option<Algorithm>);

impl SizeAlgorithm {
    /// The size of a chunk.
    pub(super) fn size(&self, chunk: &JsValue, cx: &mut Context) -> JsResult<f64> {
        match &self.0 {
            Some(algorithm) => algorithm
                .call(std::slice::from_ref(chunk), cx)?
                .to_number(cx),
            None => Ok(1.0),
        }
    }
}
