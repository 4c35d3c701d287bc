//! `Window` ([HTML, the Window object](https://html.spec.whatwg.org/multipage/nav-history-apis.html#the-window-object)).

use boa_engine::JsValue;
use framepost_event_loop::GlobalId;

use super::animation_frame_provider::ANIMATION_FRAME_PROVIDER;
use super::bar_prop::bar;
use super::event_handler_mixins::{GLOBAL_EVENT_HANDLERS, WINDOW_EVENT_HANDLERS};
use super::location;
use super::navigator::navigator_of;
use super::related_windows::{
    document, frame_element, length, name, opener, parent, set_name, set_opener, top,
};
use super::window_open::{close, closed, show_dialog, stop, window_open_steps};
use super::window_or_worker_global_scope::WINDOW_OR_WORKER_GLOBAL_SCOPE;
use crate::console;
use crate::dom::event_dispatch::current_event;
use crate::dom::event_target::EVENT_TARGET;
use crate::html::history_state;
use crate::script::realm;
use crate::webidl::interface;
use crate::windows::cross_origin::perform_a_security_check;

interface! {
    /// The `Window` interface.
    [Global=Window, Exposed=Window, SecurityCheck=perform_a_security_check]
    interface Window(GlobalId) : EventTarget {
        // The current browsing context.
        [LegacyUnforgeable] readonly attribute WindowProxy window = |window: GlobalId, cx| realm::window_value(cx, window);
        [Replaceable] readonly attribute WindowProxy self = |window: GlobalId, cx| realm::window_value(cx, window);
        [LegacyUnforgeable] readonly attribute Document document;
        attribute DOMString name;
        [PutForwards=href, LegacyUnforgeable] readonly attribute Location location = location::of_window;
        readonly attribute History history = history_state::of_window;
        [Replaceable, SameObject] readonly attribute BarProp locationbar = bar;
        [Replaceable, SameObject] readonly attribute BarProp menubar = bar;
        [Replaceable, SameObject] readonly attribute BarProp personalbar = bar;
        [Replaceable, SameObject] readonly attribute BarProp scrollbars = bar;
        [Replaceable, SameObject] readonly attribute BarProp statusbar = bar;
        [Replaceable, SameObject] readonly attribute BarProp toolbar = bar;
        // NOT YET: the status is not kept.
        attribute DOMString status = "", |_, _, _| ();
        undefined close();
        readonly attribute boolean closed;
        undefined stop();
        undefined focus() = || ();
        undefined blur() = || ();

        // Other browsing contexts.
        [Replaceable] readonly attribute WindowProxy frames = |window: GlobalId, cx| realm::window_value(cx, window);
        [Replaceable] readonly attribute unsigned long length;
        [LegacyUnforgeable] readonly attribute WindowProxy? top;
        attribute any opener;
        [Replaceable] readonly attribute WindowProxy? parent;
        readonly attribute Element? frameElement;
        WindowProxy? open(
            optional USVString url = "",
            optional DOMString target = "_blank",
            optional [LegacyNullToEmptyString] DOMString features = ""
        ) = window_open_steps;

        // The user agent.
        readonly attribute Navigator navigator = navigator_of;
        [Replaceable] readonly attribute Navigator clientInformation = navigator_of;

        // User prompts, which are never answered.
        undefined alert() = |window: GlobalId, cx| show_dialog(window, "alert", "", cx);
        undefined alert(DOMString message) = |window: GlobalId, message, cx| show_dialog(window, "alert", &message, cx);
        boolean confirm(optional DOMString message = "") = |window: GlobalId, message, cx| {
            show_dialog(window, "confirm", &message, cx);
            false
        };
        DOMString? prompt(optional DOMString message = "", optional DOMString default = "") = |window: GlobalId, message, _, cx| {
            show_dialog(window, "prompt", &message, cx);
            JsValue::null()
        };
        undefined print() = || ();

        // The DOM Standard's and the Console Standard's.
        [Replaceable] readonly attribute any event = |window: GlobalId, cx| current_event(cx, window).map_or_else(JsValue::undefined, JsValue::from);
        [Replaceable] readonly attribute any console = |_, cx| console::console_of_realm(cx);
    }
    Window includes AnimationFrameProvider;
    Window includes GlobalEventHandlers;
    Window includes WindowEventHandlers;
    Window includes WindowOrWorkerGlobalScope;
}
