//! The `Origin` interface
//! ([HTML, the Origin interface](https://html.spec.whatwg.org/multipage/browsers.html#the-origin-interface)).

use boa_engine::{Context, Finalize, JsError, JsNativeError, JsObject, JsResult, JsValue, Trace};
use framepost_browsing_context::Origin as HtmlOrigin;
use url::Url;

use super::origins::{extract_an_origin, is_same_site, of_url, opaque};
use crate::webidl::receiver::receivers;
use crate::webidl::{create_here, interface, platform};

/// The data of an `Origin`.
#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct OriginData(#[unsafe_ignore_trace] pub(super) HtmlOrigin);

receivers!(OriginData);

interface! {
    /// The `Origin` interface.
    [Exposed=*]
    interface Origin(OriginData) {
        constructor() = |cx| OriginData(opaque(cx));
        [NewObject] static Origin from(any value);

        readonly attribute boolean opaque = |origin| origin.0.is_opaque();

        boolean isSameOrigin(Origin other) = |origin: &OriginData, other: &JsObject, _| compare(origin, other, HtmlOrigin::same_origin);
        boolean isSameSite(Origin other) = |origin: &OriginData, other: &JsObject, _| compare(origin, other, is_same_site);
    }
}

/// [`Origin.from()`](https://html.spec.whatwg.org/multipage/browsers.html#dom-origin-from)
fn from(value: &JsValue, cx: &mut Context) -> JsResult<JsObject> {
    let origin = match value.as_object() {
        // 1. Extract the origin of a platform object.
        Some(object) => extract_an_origin(&object, cx),
        // 2. A string is parsed as a URL.
        None => match value.as_string() {
            Some(text) => {
                let url = Url::parse(&text.to_std_string_lossy());
                url.ok().map(|url| of_url(&url, cx))
            }
            None => None,
        },
    };
    // 3. Refuse any other value.
    let origin = origin.ok_or_else(|| {
        let message = "The value has no origin.";
        JsError::from(JsNativeError::typ().with_message(message))
    })?;
    Ok(create_here(&ORIGIN, OriginData(origin), cx))
}

fn compare(
    origin: &OriginData,
    other: &JsObject,
    compare: fn(&HtmlOrigin, &HtmlOrigin) -> bool,
) -> JsResult<bool> {
    let other = platform::read(other, |data: &OriginData| data.0.clone())?;
    Ok(compare(&origin.0, &other))
}
