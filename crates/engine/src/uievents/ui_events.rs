//! `UIEvent` and the events that inherit from it ([UI Events](https://w3c.github.io/uievents/)),
//! and some small event interfaces of HTML.

use boa_engine::{Context, Finalize, JsNativeError, JsObject, JsResult, JsString, JsValue, Trace};
use framepost_event_loop::GlobalId;

use crate::script::realm;
use crate::webidl::convert::{Dictionary, argument, long, optional};
use crate::webidl::platform_object as platform;
use crate::webidl::{Interface, Member, NewTarget};
use crate::windows::window_proxy;

use crate::dom::event::{
    EVENT, NewEvent, construct, create_constructed, init_event_steps, inner_event_creation_steps,
    read, write,
};

/// Which of the interfaces.
#[derive(Clone, Copy, PartialEq, Eq, Trace, Finalize)]
#[boa_gc(empty_trace)]
pub(crate) enum UiKind {
    Ui,
    Mouse,
    Wheel,
    Keyboard,
    Focus,
    Composition,
    Input,
}

/// What such an event holds.
#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct UiData {
    kind: UiKind,
    view: Option<JsObject>,
    detail: i32,
    /// Numbers, by the attribute's name.
    #[unsafe_ignore_trace]
    numbers: Vec<(&'static str, f64)>,
    /// Booleans that are true, by the attribute's name.
    #[unsafe_ignore_trace]
    flags: Vec<&'static str>,
    /// Strings, by the attribute's name.
    #[unsafe_ignore_trace]
    strings: Vec<(&'static str, JsString)>,
}

impl UiData {
    fn new(kind: UiKind) -> Self {
        Self {
            kind,
            view: None,
            detail: 0,
            numbers: Vec::new(),
            flags: Vec::new(),
            strings: Vec::new(),
        }
    }
}

const MODIFIERS: &[&str] = &["ctrlKey", "shiftKey", "altKey", "metaKey"];
const MOUSE_NUMBERS: &[&str] = &[
    "screenX", "screenY", "clientX", "clientY", "button", "buttons",
];
const WHEEL_NUMBERS: &[&str] = &["deltaX", "deltaY", "deltaZ", "deltaMode"];
const KEY_NUMBERS: &[&str] = &["location", "charCode", "keyCode"];

/// What `document.createEvent()` makes, by the name in lower case.
pub(crate) fn uninitialized(name: &str) -> Option<NewEvent> {
    let (interface, kind) = match name {
        "uievent" | "uievents" => (&UI_EVENT, UiKind::Ui),
        "mouseevent" | "mouseevents" => (&MOUSE_EVENT, UiKind::Mouse),
        "keyboardevent" => (&KEYBOARD_EVENT, UiKind::Keyboard),
        "focusevent" => (&FOCUS_EVENT, UiKind::Focus),
        "compositionevent" | "textevent" => (&COMPOSITION_EVENT, UiKind::Composition),
        _ => return None,
    };
    Some(new_event(interface, UiData::new(kind)))
}

fn new_event(interface: &'static Interface, data: UiData) -> NewEvent {
    let mut new = NewEvent::of(interface, data);
    new.is_ui = true;
    new
}

/// The event of a click.
pub(crate) fn click(ctx: &mut Context, window: Option<GlobalId>) -> NewEvent {
    let view = window.map(|window| realm::window_value(ctx, window));
    let data = UiData {
        view: view.and_then(|view| view.as_object()),
        ..UiData::new(UiKind::Mouse)
    };
    new_event(&MOUSE_EVENT, data)
}

/// The constructor of one of these interfaces.
fn construct_ui(
    kind: UiKind,
    target: &NewTarget,
    args: &[JsValue],
    ctx: &mut Context,
) -> JsResult<JsObject> {
    let (mut event, (data, related)) =
        inner_event_creation_steps(args, ctx, |init, ctx| from_init(kind, init, ctx))?;
    event.is_ui = true;
    event.related_target = related;
    create_constructed(target, event, data, ctx)
}

fn window_member(init: &Dictionary, ctx: &mut Context) -> JsResult<Option<JsObject>> {
    let Some(value) = init.get("view", ctx)? else {
        return Ok(None);
    };
    view(&value, ctx)
}

fn view(value: &JsValue, ctx: &mut Context) -> JsResult<Option<JsObject>> {
    if value.is_null_or_undefined() {
        return Ok(None);
    }
    let window = value
        .as_object()
        .filter(|object| window_proxy::is_window(ctx, object));
    window.map(Some).ok_or_else(|| {
        JsNativeError::typ()
            .with_message("member view is not of type Window.")
            .into()
    })
}

fn target_member(name: &str, init: &Dictionary, ctx: &mut Context) -> JsResult<Option<JsObject>> {
    let Some(value) = init.get(name, ctx)?.filter(|value| !value.is_null()) else {
        return Ok(None);
    };
    let object = value.as_object().filter(|object| {
        platform::implements(object, &crate::dom::event_target::EVENT_TARGET)
            || window_proxy::is_window(ctx, object)
    });
    object.map(Some).ok_or_else(|| {
        JsNativeError::typ()
            .with_message(format!("member {name} is not of type EventTarget."))
            .into()
    })
}

/// Reads the dictionary of one of these events.
fn from_init(
    kind: UiKind,
    init: &Dictionary,
    ctx: &mut Context,
) -> JsResult<(UiData, Option<JsObject>)> {
    let mut data = UiData::new(kind);
    let mut related = None;
    data.detail = init.long("detail", ctx)?;
    data.view = window_member(init, ctx)?;
    let mut numbers: Vec<&'static str> = Vec::new();
    if matches!(kind, UiKind::Mouse | UiKind::Wheel) {
        numbers.extend(MOUSE_NUMBERS);
        related = target_member("relatedTarget", init, ctx)?;
    }
    if kind == UiKind::Wheel {
        numbers.extend(WHEEL_NUMBERS);
    }
    if kind == UiKind::Focus {
        related = target_member("relatedTarget", init, ctx)?;
    }
    if kind == UiKind::Keyboard {
        numbers.extend(KEY_NUMBERS);
        for name in ["key", "code"] {
            data.strings.push((name, init.string(name, "", ctx)?));
        }
        for name in ["repeat", "isComposing"] {
            if init.boolean(name, ctx)? {
                data.flags.push(name);
            }
        }
    }
    if matches!(kind, UiKind::Composition | UiKind::Input) {
        data.strings.push(("data", init.string("data", "", ctx)?));
    }
    if kind == UiKind::Input {
        data.strings
            .push(("inputType", init.string("inputType", "", ctx)?));
    }
    for name in numbers {
        if let Some(value) = init.get(name, ctx)? {
            let number = value.to_number(ctx)?;
            // The deltas of a wheel are `double`s.
            let whole = !name.starts_with("delta") || name == "deltaMode";
            data.numbers
                .push((name, if whole { number.trunc() } else { number }));
        }
    }
    if matches!(kind, UiKind::Mouse | UiKind::Wheel | UiKind::Keyboard) {
        for name in MODIFIERS {
            if init.boolean(name, ctx)? {
                data.flags.push(name);
            }
        }
    }
    Ok((data, related))
}

fn ui<R>(this: &JsObject, part: impl FnOnce(&UiData) -> R) -> JsResult<R> {
    platform::read(this, part)
}

const fn number(name: &'static str) -> Member {
    Member::Named(
        name,
        name,
        |this, name, _| {
            ui(this, |data| {
                let found = data.numbers.iter().find(|(held, _)| *held == name);
                JsValue::from(found.map_or(0.0, |(_, value)| *value))
            })
        },
        None,
    )
}

const fn flag(name: &'static str) -> Member {
    Member::Named(
        name,
        name,
        |this, name, _| ui(this, |data| data.flags.contains(&name).into()),
        None,
    )
}

const fn text(name: &'static str) -> Member {
    Member::Named(
        name,
        name,
        |this, name, _| {
            ui(this, |data| {
                let found = data.strings.iter().find(|(held, _)| *held == name);
                found
                    .map(|(_, value)| value.clone())
                    .unwrap_or_default()
                    .into()
            })
        },
        None,
    )
}

const RELATED_TARGET: Member = Member::Attribute(
    "relatedTarget",
    |this, _| {
        read(this, |event| {
            let related = event.related_target.clone();
            related.map_or_else(JsValue::null, JsValue::from)
        })
    },
    None,
);

const MODIFIER_STATE: Member = Member::Operation("getModifierState", 1, |this, args, ctx| {
    let key = argument(args, 0).to_string(ctx)?.to_std_string_lossy();
    let name = match key.as_str() {
        "Control" => "ctrlKey",
        "Shift" => "shiftKey",
        "Alt" => "altKey",
        "Meta" => "metaKey",
        _ => return Ok(false.into()),
    };
    ui(this, |data| data.flags.contains(&name).into())
});

/// The `UIEvent` interface.
pub(crate) static UI_EVENT: Interface = Interface {
    parent: Some(&EVENT),
    constructor: Some((1, |target, args, ctx| {
        construct_ui(UiKind::Ui, target, args, ctx)
    })),
    members: &[&[
        Member::Attribute(
            "view",
            |this, _| {
                ui(this, |data| {
                    data.view.clone().map_or_else(JsValue::null, JsValue::from)
                })
            },
            None,
        ),
        Member::Attribute(
            "detail",
            |this, _| ui(this, |data| data.detail.into()),
            None,
        ),
        Member::Attribute(
            "which",
            |this, _| {
                ui(this, |data| {
                    let number = |name: &str| {
                        data.numbers
                            .iter()
                            .find(|(held, _)| *held == name)
                            .map_or(0.0, |(_, value)| *value)
                    };
                    match data.kind {
                        UiKind::Mouse | UiKind::Wheel => (number("button") + 1.0).into(),
                        _ => number("keyCode").into(),
                    }
                })
            },
            None,
        ),
        Member::Operation("initUIEvent", 1, |this, args, ctx| {
            init_ui(this, args, ctx)?;
            Ok(JsValue::undefined())
        }),
    ]],
    ..Interface::new("UIEvent")
};

/// The steps that `initUIEvent()` and its like share; `false` while the event is dispatched.
fn init_ui(this: &JsObject, args: &[JsValue], ctx: &mut Context) -> JsResult<bool> {
    let view = view(&argument(args, 3), ctx)?;
    let detail = optional(args, 4).map_or(Ok(0), |value| long(value, ctx))?;
    if !init_event_steps(this, args, ctx)? {
        return Ok(false);
    }
    platform::write(this, |data: &mut UiData| {
        data.view = view;
        data.detail = detail;
    })?;
    Ok(true)
}

/// The `MouseEvent` interface.
pub(crate) static MOUSE_EVENT: Interface = Interface {
    parent: Some(&UI_EVENT),
    constructor: Some((1, |target, args, ctx| {
        construct_ui(UiKind::Mouse, target, args, ctx)
    })),
    members: &[&[
        number("screenX"),
        number("screenY"),
        number("clientX"),
        number("clientY"),
        number("button"),
        number("buttons"),
        flag("ctrlKey"),
        flag("shiftKey"),
        flag("altKey"),
        flag("metaKey"),
        RELATED_TARGET,
        MODIFIER_STATE,
        Member::Operation("initMouseEvent", 1, |this, args, ctx| {
            if !init_ui(this, args, ctx)? {
                return Ok(JsValue::undefined());
            }
            let mut numbers = Vec::new();
            for (name, index) in [
                ("screenX", 5),
                ("screenY", 6),
                ("clientX", 7),
                ("clientY", 8),
                ("button", 13),
            ] {
                numbers.push((name, argument(args, index).to_i32(ctx)?.into()));
            }
            let flags = [
                ("ctrlKey", 9),
                ("altKey", 10),
                ("shiftKey", 11),
                ("metaKey", 12),
            ];
            let flags = flags
                .into_iter()
                .filter(|(_, index)| argument(args, *index).to_boolean());
            let flags: Vec<&'static str> = flags.map(|(name, _)| name).collect();
            let related = argument(args, 14).as_object();
            platform::write(this, |data: &mut UiData| {
                data.numbers = numbers;
                data.flags = flags;
            })?;
            write(this, |event| event.related_target = related)
        }),
    ]],
    ..Interface::new("MouseEvent")
};

/// The `WheelEvent` interface.
pub(crate) static WHEEL_EVENT: Interface = Interface {
    parent: Some(&MOUSE_EVENT),
    constructor: Some((1, |target, args, ctx| {
        construct_ui(UiKind::Wheel, target, args, ctx)
    })),
    constants: &[
        ("DOM_DELTA_PIXEL", 0),
        ("DOM_DELTA_LINE", 1),
        ("DOM_DELTA_PAGE", 2),
    ],
    members: &[&[
        number("deltaX"),
        number("deltaY"),
        number("deltaZ"),
        number("deltaMode"),
    ]],
    ..Interface::new("WheelEvent")
};

/// The `KeyboardEvent` interface.
pub(crate) static KEYBOARD_EVENT: Interface = Interface {
    parent: Some(&UI_EVENT),
    constructor: Some((1, |target, args, ctx| {
        construct_ui(UiKind::Keyboard, target, args, ctx)
    })),
    constants: &[
        ("DOM_KEY_LOCATION_STANDARD", 0),
        ("DOM_KEY_LOCATION_LEFT", 1),
        ("DOM_KEY_LOCATION_RIGHT", 2),
        ("DOM_KEY_LOCATION_NUMPAD", 3),
    ],
    members: &[&[
        text("key"),
        text("code"),
        number("location"),
        number("charCode"),
        number("keyCode"),
        flag("ctrlKey"),
        flag("shiftKey"),
        flag("altKey"),
        flag("metaKey"),
        flag("repeat"),
        flag("isComposing"),
        MODIFIER_STATE,
        Member::Operation("initKeyboardEvent", 1, |this, args, ctx| {
            let view = view(&argument(args, 3), ctx)?;
            let key =
                optional(args, 4).map_or(Ok(JsString::default()), |value| value.to_string(ctx))?;
            let location = argument(args, 5).to_u32(ctx)?;
            if !init_event_steps(this, args, ctx)? {
                return Ok(JsValue::undefined());
            }
            let flags = [
                ("ctrlKey", 6),
                ("altKey", 7),
                ("shiftKey", 8),
                ("metaKey", 9),
            ];
            let flags = flags
                .into_iter()
                .filter(|(_, index)| argument(args, *index).to_boolean());
            let flags: Vec<&'static str> = flags.map(|(name, _)| name).collect();
            platform::write(this, |data: &mut UiData| {
                data.view = view;
                data.strings = vec![("key", key)];
                data.numbers = vec![("location", location.into())];
                data.flags = flags;
            })?;
            Ok(JsValue::undefined())
        }),
    ]],
    ..Interface::new("KeyboardEvent")
};

/// The `FocusEvent` interface.
pub(crate) static FOCUS_EVENT: Interface = Interface {
    parent: Some(&UI_EVENT),
    constructor: Some((1, |target, args, ctx| {
        construct_ui(UiKind::Focus, target, args, ctx)
    })),
    members: &[&[RELATED_TARGET]],
    ..Interface::new("FocusEvent")
};

/// The `CompositionEvent` interface.
pub(crate) static COMPOSITION_EVENT: Interface = Interface {
    parent: Some(&UI_EVENT),
    constructor: Some((1, |target, args, ctx| {
        construct_ui(UiKind::Composition, target, args, ctx)
    })),
    members: &[&[text("data")]],
    ..Interface::new("CompositionEvent")
};

/// The `InputEvent` interface.
pub(crate) static INPUT_EVENT: Interface = Interface {
    parent: Some(&UI_EVENT),
    constructor: Some((1, |target, args, ctx| {
        construct_ui(UiKind::Input, target, args, ctx)
    })),
    members: &[&[text("data"), text("inputType")]],
    ..Interface::new("InputEvent")
};

/// The `submitter` of a `SubmitEvent`.
#[derive(Trace, Finalize)]
pub(crate) struct Submitter(pub(crate) Option<JsObject>);

/// The [`SubmitEvent`](https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#submitevent) interface.
pub(crate) static SUBMIT_EVENT: Interface = Interface {
    parent: Some(&EVENT),
    constructor: Some((1, |target, args, ctx| {
        construct(target, args, ctx, |init, ctx| {
            Ok(Submitter(target_member("submitter", init, ctx)?))
        })
    })),
    members: &[&[Member::Attribute(
        "submitter",
        |this, _| {
            platform::read(this, |submitter: &Submitter| {
                submitter
                    .0
                    .clone()
                    .map_or_else(JsValue::null, JsValue::from)
            })
        },
        None,
    )]],
    ..Interface::new("SubmitEvent")
};
