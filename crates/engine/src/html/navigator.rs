//! `Navigator` ([HTML, the Navigator object](https://html.spec.whatwg.org/multipage/system-state.html#the-navigator-object)).

use framepost_event_loop::GlobalId;

use crate::fetch::loads::USER_AGENT;
use crate::script::realm;
use crate::webidl::interface;
use crate::webidl::platform::{self, Untraced};

use super::user_activation::{Activation, USER_ACTIVATION};

interface! {
    /// The `Navigator` interface.
    [Exposed=Window]
    interface Navigator {
        readonly attribute DOMString vendor = "";
        readonly attribute boolean cookieEnabled = false;
        readonly attribute boolean webdriver = true;
        [SameObject] readonly attribute UserActivation userActivation = |this, cx| {
            let window: Option<GlobalId> = platform::relevant_window(this);
            window.map(|window| realm::create_in(window, &USER_ACTIVATION, Untraced(None::<Activation>), cx))
        };
        boolean javaEnabled() = false;
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
        readonly attribute DOMString language = "en-US";
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
