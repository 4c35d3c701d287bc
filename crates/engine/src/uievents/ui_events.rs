//! `UIEvent` and the events that inherit from it ([UI Events](https://w3c.github.io/uievents/)),
//! and some small event interfaces of HTML.

use boa_engine::{Context, Finalize, JsObject, JsString, Trace};
use framepost_event_loop::GlobalId;

use crate::dom::event::{EVENT, EventInit};
use crate::dom::event_target::EventTarget;
use crate::dom::events::{ConstructedEvent, EventData, NewEvent, constructing_steps, initialize};
use crate::script::realm;
use crate::webidl::{Interface, interface, platform};
use crate::windows::window_proxy::Window;

/// The data of an event of any of these interfaces.
#[derive(Clone, Default, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct UiData {
    /// Whether it is a `MouseEvent`, whose `which` is a button.
    is_mouse: bool,
    view: Option<JsObject>,
    detail: i32,
    ctrl_key: bool,
    shift_key: bool,
    alt_key: bool,
    meta_key: bool,
    screen_x: i32,
    screen_y: i32,
    client_x: i32,
    client_y: i32,
    button: i16,
    buttons: u16,
    delta_x: f64,
    delta_y: f64,
    delta_z: f64,
    delta_mode: u32,
    #[unsafe_ignore_trace]
    key: JsString,
    #[unsafe_ignore_trace]
    code: JsString,
    location: u32,
    char_code: u32,
    key_code: u32,
    repeat: bool,
    is_composing: bool,
    #[unsafe_ignore_trace]
    data: JsString,
    #[unsafe_ignore_trace]
    input_type: JsString,
}

/// The data of a `SubmitEvent`.
#[derive(Trace, Finalize)]
pub(crate) struct Submitter(pub(crate) Option<JsObject>);

interface! {
    /// The `UIEvent` interface.
    [Exposed=Window]
    interface UIEvent(UiData) : Event {
        constructor(DOMString type, optional UIEventInit init = {}) =
            |type_: JsString, init, cx| construct(type_, &init, (&init).into(), None, cx);
        readonly attribute Window? view = .view;
        readonly attribute long detail = .detail;
        readonly attribute unsigned long which = |data| data.which();
        undefined initUIEvent(DOMString type, optional boolean bubbles = false, optional boolean cancelable = false, optional Window? view = null, optional long detail = 0) =
            |this, type_: JsString, bubbles, cancelable, view, detail, _| {
                if initialize(this, type_, bubbles, cancelable)? {
                    platform::write(this, |data: &mut UiData| (data.view, data.detail) = (view.map(object_of), detail))?;
                }
                Ok(())
            };
    }

    dictionary UIEventInit : EventInit {
        Window? view = null;
        long detail = 0;
    }

    dictionary EventModifierInit : UIEventInit {
        boolean ctrlKey = false;
        boolean shiftKey = false;
        boolean altKey = false;
        boolean metaKey = false;
    }

    /// The modifier keys in `MouseEvent` and `KeyboardEvent`.
    interface mixin Modifiers(UiData) {
        readonly attribute boolean ctrlKey = .ctrl_key;
        readonly attribute boolean shiftKey = .shift_key;
        readonly attribute boolean altKey = .alt_key;
        readonly attribute boolean metaKey = .meta_key;
        boolean getModifierState(DOMString key) = |data, key| data.modifier_state(&key);
    }

    /// The `MouseEvent` interface.
    [Exposed=Window]
    interface MouseEvent(UiData) : UIEvent {
        constructor(DOMString type, optional MouseEventInit init = {}) =
            |type_: JsString, init, cx| construct(type_, &init, (&init).into(), init.related_target.clone(), cx);
        readonly attribute long screenX = .screen_x;
        readonly attribute long screenY = .screen_y;
        readonly attribute long clientX = .client_x;
        readonly attribute long clientY = .client_y;
        readonly attribute short button = .button;
        readonly attribute unsigned short buttons = .buttons;
        readonly attribute EventTarget? relatedTarget = |event: &EventData| event.related_target.clone();
        undefined initMouseEvent(DOMString type, optional boolean bubbles = false, optional boolean cancelable = false, optional Window? view = null, optional long detail = 0, optional long screenX = 0, optional long screenY = 0, optional long clientX = 0, optional long clientY = 0, optional boolean ctrlKey = false, optional boolean altKey = false, optional boolean shiftKey = false, optional boolean metaKey = false, optional short button = 0, optional EventTarget? relatedTarget = null) =
            |this, type_: JsString, bubbles, cancelable, view, detail, screen_x, screen_y, client_x, client_y, ctrl_key, alt_key, shift_key, meta_key, button, related_target, _| {
                if initialize(this, type_, bubbles, cancelable)? {
                    platform::write(this, |event: &mut EventData| event.related_target = related_target)?;
                    platform::write(this, |data: &mut UiData| *data = UiData {
                        is_mouse: true, view: view.map(object_of), detail, screen_x, screen_y, client_x, client_y, ctrl_key, alt_key, shift_key, meta_key, button, ..UiData::default()
                    })?;
                }
                Ok(())
            };
    }
    MouseEvent includes Modifiers;

    dictionary MouseEventInit : EventModifierInit {
        long screenX = 0;
        long screenY = 0;
        long clientX = 0;
        long clientY = 0;
        short button = 0;
        unsigned short buttons = 0;
        EventTarget? relatedTarget = null;
    }

    /// The `WheelEvent` interface.
    [Exposed=Window]
    interface WheelEvent(UiData) : MouseEvent {
        constructor(DOMString type, optional WheelEventInit init = {}) =
            |type_: JsString, init, cx| construct(type_, &init, (&init).into(), init.related_target.clone(), cx);
        const unsigned long DOM_DELTA_PIXEL = 0;
        const unsigned long DOM_DELTA_LINE = 1;
        const unsigned long DOM_DELTA_PAGE = 2;
        readonly attribute double deltaX = .delta_x;
        readonly attribute double deltaY = .delta_y;
        readonly attribute double deltaZ = .delta_z;
        readonly attribute unsigned long deltaMode = .delta_mode;
    }

    dictionary WheelEventInit : MouseEventInit {
        double deltaX = 0.0;
        double deltaY = 0.0;
        double deltaZ = 0.0;
        unsigned long deltaMode = 0;
    }

    /// The `KeyboardEvent` interface.
    [Exposed=Window]
    interface KeyboardEvent(UiData) : UIEvent {
        constructor(DOMString type, optional KeyboardEventInit init = {}) =
            |type_: JsString, init, cx| construct(type_, &init, (&init).into(), None, cx);
        const unsigned long DOM_KEY_LOCATION_STANDARD = 0;
        const unsigned long DOM_KEY_LOCATION_LEFT = 1;
        const unsigned long DOM_KEY_LOCATION_RIGHT = 2;
        const unsigned long DOM_KEY_LOCATION_NUMPAD = 3;
        readonly attribute DOMString key = .key;
        readonly attribute DOMString code = .code;
        readonly attribute unsigned long location = .location;
        readonly attribute unsigned long charCode = .char_code;
        readonly attribute unsigned long keyCode = .key_code;
        readonly attribute boolean repeat = .repeat;
        readonly attribute boolean isComposing = .is_composing;
        undefined initKeyboardEvent(DOMString type, optional boolean bubbles = false, optional boolean cancelable = false, optional Window? view = null, optional DOMString key = "", optional unsigned long location = 0, optional boolean ctrlKey = false, optional boolean altKey = false, optional boolean shiftKey = false, optional boolean metaKey = false) =
            |this, type_: JsString, bubbles, cancelable, view, key: JsString, location, ctrl_key, alt_key, shift_key, meta_key, _| {
                if initialize(this, type_, bubbles, cancelable)? {
                    platform::write(this, |data: &mut UiData| *data = UiData {
                        view: view.map(object_of), key, location, ctrl_key, alt_key, shift_key, meta_key, detail: data.detail, ..UiData::default()
                    })?;
                }
                Ok(())
            };
    }
    KeyboardEvent includes Modifiers;

    dictionary KeyboardEventInit : EventModifierInit {
        DOMString(JsString) key = "";
        DOMString(JsString) code = "";
        unsigned long location = 0;
        boolean repeat = false;
        boolean isComposing = false;
        unsigned long charCode = 0;
        unsigned long keyCode = 0;
    }

    /// The `FocusEvent` interface.
    [Exposed=Window]
    interface FocusEvent(UiData) : UIEvent {
        constructor(DOMString type, optional FocusEventInit init = {}) =
            |type_: JsString, init, cx| construct(type_, &init, UiData::from(&*init), init.related_target.clone(), cx);
        readonly attribute EventTarget? relatedTarget = |event: &EventData| event.related_target.clone();
    }

    dictionary FocusEventInit : UIEventInit {
        EventTarget? relatedTarget = null;
    }

    /// The `CompositionEvent` interface.
    [Exposed=Window]
    interface CompositionEvent(UiData) : UIEvent {
        constructor(DOMString type, optional CompositionEventInit init = {}) = |type_: JsString, init, cx| {
            construct(type_, &init, UiData { data: init.data.clone(), ..UiData::from(&*init) }, None, cx)
        };
        readonly attribute DOMString data = .data;
    }

    dictionary CompositionEventInit : UIEventInit {
        DOMString(JsString) data = "";
    }

    /// The `InputEvent` interface.
    [Exposed=Window]
    interface InputEvent(UiData) : UIEvent {
        constructor(DOMString type, optional InputEventInit init = {}) = |type_: JsString, init, cx| {
            construct(type_, &init, UiData { data: init.data.clone(), input_type: init.input_type.clone(), ..UiData::from(&*init) }, None, cx)
        };
        readonly attribute DOMString data = .data;
        readonly attribute DOMString inputType = .input_type;
    }

    dictionary InputEventInit : UIEventInit {
        DOMString(JsString) data = "";
        DOMString(JsString) inputType = "";
    }

    /// The [`SubmitEvent`](https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#submitevent) interface.
    [Exposed=Window]
    interface SubmitEvent(Submitter) : Event {
        constructor(DOMString type, optional SubmitEventInit init = {}) =
            |type_: JsString, init, cx| constructing_steps(type_, &init, cx).with(Submitter(init.submitter.clone()));
        readonly attribute EventTarget? submitter = |event| event.0.clone();
    }

    dictionary SubmitEventInit : EventInit {
        EventTarget? submitter = null;
    }
}

impl From<&UIEventInit> for UiData {
    fn from(init: &UIEventInit) -> Self {
        Self {
            view: init.view.as_ref().map(|view| view.0.clone()),
            detail: init.detail,
            ..Self::default()
        }
    }
}

impl From<&EventModifierInit> for UiData {
    fn from(init: &EventModifierInit) -> Self {
        Self {
            ctrl_key: init.ctrl_key,
            shift_key: init.shift_key,
            alt_key: init.alt_key,
            meta_key: init.meta_key,
            ..Self::from(&init.parent)
        }
    }
}

impl From<&MouseEventInit> for UiData {
    fn from(init: &MouseEventInit) -> Self {
        Self {
            is_mouse: true,
            screen_x: init.screen_x,
            screen_y: init.screen_y,
            client_x: init.client_x,
            client_y: init.client_y,
            button: init.button,
            buttons: init.buttons,
            ..Self::from(&init.parent)
        }
    }
}

impl From<&WheelEventInit> for UiData {
    fn from(init: &WheelEventInit) -> Self {
        Self {
            delta_x: init.delta_x,
            delta_y: init.delta_y,
            delta_z: init.delta_z,
            delta_mode: init.delta_mode,
            ..Self::from(&init.parent)
        }
    }
}

impl From<&KeyboardEventInit> for UiData {
    fn from(init: &KeyboardEventInit) -> Self {
        Self {
            key: init.key.clone(),
            code: init.code.clone(),
            location: init.location,
            char_code: init.char_code,
            key_code: init.key_code,
            repeat: init.repeat,
            is_composing: init.is_composing,
            ..Self::from(&init.parent)
        }
    }
}

impl UiData {
    fn which(&self) -> i64 {
        if self.is_mouse {
            i64::from(self.button) + 1
        } else {
            i64::from(self.key_code)
        }
    }

    fn modifier_state(&self, key: &str) -> bool {
        match key {
            "Control" => self.ctrl_key,
            "Shift" => self.shift_key,
            "Alt" => self.alt_key,
            "Meta" => self.meta_key,
            _ => false,
        }
    }
}

fn object_of(window: Window) -> JsObject {
    window.0
}

/// The constructor of one of these interfaces.
fn construct(
    type_: JsString,
    init: &EventInit,
    data: UiData,
    related_target: Option<JsObject>,
    cx: &Context,
) -> ConstructedEvent {
    let mut constructed = constructing_steps(type_, init, cx);
    constructed.data.is_ui = true;
    constructed.data.related_target = related_target;
    constructed.with(data)
}

/// The events that `document.createEvent()` creates, by the name in lower case.
pub(crate) fn uninitialized(name: &str) -> Option<NewEvent> {
    let interface = match name {
        "uievent" | "uievents" => &UI_EVENT,
        "mouseevent" | "mouseevents" => &MOUSE_EVENT,
        "keyboardevent" => &KEYBOARD_EVENT,
        "focusevent" => &FOCUS_EVENT,
        "compositionevent" | "textevent" => &COMPOSITION_EVENT,
        _ => return None,
    };
    let is_mouse = name.starts_with("mouse");
    Some(new_event(
        interface,
        UiData {
            is_mouse,
            ..UiData::default()
        },
    ))
}

fn new_event(interface: &'static Interface, data: UiData) -> NewEvent {
    let mut new = NewEvent::of(interface, data);
    new.is_ui = true;
    new
}

/// The event of a click.
pub(crate) fn click(ctx: &mut Context, window: Option<GlobalId>) -> NewEvent {
    let view = window.and_then(|window| realm::window_value(ctx, window).as_object());
    new_event(
        &MOUSE_EVENT,
        UiData {
            is_mouse: true,
            view,
            ..UiData::default()
        },
    )
}
