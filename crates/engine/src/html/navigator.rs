//! `Navigator` ([HTML, the Navigator object](https://html.spec.whatwg.org/multipage/system-state.html#the-navigator-object)).

use boa_engine::{Context, JsObject};
use framepost_event_loop::GlobalId;

use crate::loads::{LANGUAGE, USER_AGENT};
use crate::script::realm;
use crate::webidl::platform::{self, Untraced};
use crate::webidl::{self, Interface, interface};

use super::plugins::{MIME_TYPE_ARRAY, PLUGIN_ARRAY};
use super::user_activation::{Activation, USER_ACTIVATION};

/// [`navigator`](https://html.spec.whatwg.org/multipage/system-state.html#dom-navigator): one object a
/// window.
pub(super) fn navigator_of(window: GlobalId, cx: &mut Context) -> JsObject {
    let realm = realm::realm_of(cx, window);
    realm::singleton(cx, &realm, "navigator", |cx, realm| {
        webidl::create_object(realm, &NAVIGATOR, (), cx)
    })
}

/// Creates an object without data for a navigator.
fn object_of(
    navigator: &JsObject,
    interface: &'static Interface,
    cx: &mut Context,
) -> Option<JsObject> {
    let window = platform::relevant_global(navigator);
    window.map(|window| realm::create_in(window, interface, (), cx))
}

interface! {
    /// The `Navigator` interface.
    [Exposed=Window]
    interface Navigator {
        readonly attribute DOMString vendor = "";
        readonly attribute boolean cookieEnabled = true;
        readonly attribute boolean webdriver = true;
        [SameObject] readonly attribute UserActivation userActivation = |this, cx| {
            let window: Option<GlobalId> = platform::relevant_global(this);
            window.map(|window| realm::create_in(window, &USER_ACTIVATION, Untraced(None::<Activation>), cx))
        };
        [SameObject] readonly attribute PluginArray plugins = |this, cx| object_of(this, &PLUGIN_ARRAY, cx);
        [SameObject] readonly attribute MimeTypeArray mimeTypes = |this, cx| object_of(this, &MIME_TYPE_ARRAY, cx);
        boolean javaEnabled() = false;
        readonly attribute boolean pdfViewerEnabled = false;
    }
    Navigator includes NavigatorID;
    Navigator includes NavigatorLanguage;
    Navigator includes NavigatorOnLine;
    Navigator includes NavigatorConcurrentHardware;

    /// The name of the engine.
    interface mixin NavigatorID {
        readonly attribute DOMString appCodeName = "Mozilla";
        readonly attribute DOMString appName = "Netscape";
        readonly attribute DOMString appVersion = || USER_AGENT.trim_start_matches("Mozilla/");
        readonly attribute DOMString platform = "";
        readonly attribute DOMString product = "Gecko";
        readonly attribute DOMString userAgent = || USER_AGENT;
    }

    /// The languages of its user.
    interface mixin NavigatorLanguage {
        readonly attribute DOMString language = || LANGUAGE;
        [SameObject] readonly attribute FrozenArray<DOMString> languages = || vec![LANGUAGE];
    }

    /// Whether it is online.
    interface mixin NavigatorOnLine {
        readonly attribute boolean onLine = true;
    }

    /// The number of processors.
    interface mixin NavigatorConcurrentHardware {
        readonly attribute unsigned long long hardwareConcurrency = 1;
    }
}
