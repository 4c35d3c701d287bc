//! `Performance` ([High Resolution Time](https://w3c.github.io/hr-time/#sec-performance)).

use boa_engine::{Context, JsObject, JsResult, js_string};

use crate::dom::event_target::EVENT_TARGET;
use crate::script::{time, with_loop};
use crate::webidl::interface;

interface! {
    /// The `Performance` interface.
    [Exposed=(Window,Worker)]
    interface Performance : EventTarget {
        DOMHighResTimeStamp now() = |_, cx| time::now(cx);
        readonly attribute DOMHighResTimeStamp timeOrigin = |_, cx| with_loop(cx, |event_loop| event_loop.time_origin()).as_secs_f64() * 1000.0;
        [Default] object toJSON();
    }
}

/// The [default toJSON steps](https://webidl.spec.whatwg.org/#default-tojson-steps)
fn to_json(performance: &JsObject, cx: &mut Context) -> JsResult<JsObject> {
    let object = JsObject::with_object_proto(cx.intrinsics());
    let origin = performance.get(js_string!("timeOrigin"), cx)?;
    object.create_data_property_or_throw(js_string!("timeOrigin"), origin, cx)?;
    Ok(object)
}
