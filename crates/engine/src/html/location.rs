//! `Location` ([HTML, the Location interface](https://html.spec.whatwg.org/multipage/nav-history-apis.html#the-location-interface)).

use boa_engine::realm::Realm;
use boa_engine::{Context, JsObject, JsResult, JsSymbol, JsValue, js_string};
use framepost_event_loop::GlobalId;
use url::{Url, quirks};

use super::location_object_navigate::{
    assign, change, navigate, origin, part, reload, replace, set_fragment, set_protocol,
};
use crate::boa::functions::intrinsic_method;
use crate::boa::properties::{FIXED, data_property};
use crate::html::dom_string_list;
use crate::script::globals::{self, LocationOf};
use crate::script::{realm, with_contexts};
use crate::webidl::{self, interface, platform};
use crate::windows::cross_origin::perform_a_security_check;
use crate::windows::window_proxy;

interface! {
    /// The `Location` interface.
    [Exposed=Window, SecurityCheck=perform_a_security_check]
    interface Location(GlobalId) {
        [LegacyUnforgeable] stringifier attribute USVString href = |window: GlobalId, cx| part(window, Url::as_str, cx), navigate;
        [LegacyUnforgeable] readonly attribute USVString origin;
        [LegacyUnforgeable] attribute USVString protocol = |window: GlobalId, cx| part(window, quirks::protocol, cx), set_protocol;
        [LegacyUnforgeable] attribute USVString host = |window: GlobalId, cx| part(window, quirks::host, cx),
            |window: GlobalId, value, cx| change(window, |url| quirks::set_host(url, &value).is_ok(), cx);
        [LegacyUnforgeable] attribute USVString hostname = |window: GlobalId, cx| part(window, quirks::hostname, cx),
            |window: GlobalId, value, cx| change(window, |url| quirks::set_hostname(url, &value).is_ok(), cx);
        [LegacyUnforgeable] attribute USVString port = |window: GlobalId, cx| part(window, quirks::port, cx),
            |window: GlobalId, value, cx| change(window, |url| quirks::set_port(url, &value).is_ok(), cx);
        [LegacyUnforgeable] attribute USVString pathname = |window: GlobalId, cx| part(window, quirks::pathname, cx),
            |window: GlobalId, value, cx| change(window, |url| { quirks::set_pathname(url, &value); true }, cx);
        [LegacyUnforgeable] attribute USVString search = |window: GlobalId, cx| part(window, quirks::search, cx),
            |window: GlobalId, value, cx| change(window, |url| { quirks::set_search(url, &value); true }, cx);
        [LegacyUnforgeable] attribute USVString hash = |window: GlobalId, cx| part(window, quirks::hash, cx),
            |window: GlobalId, value, cx| change(window, |url| set_fragment(url, &value), cx);

        [LegacyUnforgeable] readonly attribute DOMStringList ancestorOrigins;

        [LegacyUnforgeable] undefined assign(USVString url);
        [LegacyUnforgeable] undefined replace(USVString url);
        [LegacyUnforgeable] undefined reload();
    }
}

/// [`ancestorOrigins`](https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-location-ancestororigins)
// NOT YET: a referrer policy of a container hides no origin.
fn ancestor_origins(location: &JsObject, cx: &mut Context) -> JsResult<JsObject> {
    let window = globals::global_of_receiver(location)?;
    let origins = with_contexts(cx, |contexts| {
        let navigable = contexts.window(window)?.navigable();
        let origins = contexts.ancestor_origins(navigable);
        contexts
            .is_active_window(window)
            .then(|| origins.map(ToString::to_string).collect::<Vec<_>>())
    });
    let realm = realm::realm_of(cx, window);
    // The list of a document that is left is another one.
    let key = match origins {
        Some(_) => "ancestorOrigins",
        None => "no ancestorOrigins",
    };
    platform::companion(location, key, cx, |cx| {
        dom_string_list::create(&realm, origins.unwrap_or_default(), cx)
    })
}

/// The `Location` of a window.
pub(crate) fn of_window(window: GlobalId, cx: &mut Context) -> JsObject {
    let realm = realm::realm_of(cx, window);
    realm::singleton(cx, &realm, "location", |cx, realm| {
        let location = webidl::create_object(realm, &LOCATION, LocationOf(window), cx);
        define_primitives(&location, realm);
        // This can fail only without an agent's state.
        window_proxy::location_proxy(cx, location.clone()).unwrap_or(location)
    })
}

/// [Creates a Location object](https://html.spec.whatwg.org/multipage/nav-history-apis.html#create-a-location-object),
/// steps 2 to 4: the properties that its interface does not define.
fn define_primitives(location: &JsObject, realm: &Realm) {
    let prototype = realm.intrinsics().constructors().object().prototype();
    let value_of = intrinsic_method(&prototype, "valueOf");
    let fixed = |value: JsValue| data_property(value, FIXED);
    let value_of = value_of.map_or_else(JsValue::undefined, JsValue::from);
    location.insert_property(js_string!("valueOf"), fixed(value_of));
    location.insert_property(JsSymbol::to_primitive(), fixed(JsValue::undefined()));
}
