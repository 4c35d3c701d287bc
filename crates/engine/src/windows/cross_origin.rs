//! Cross-origin views of windows and locations
//! ([HTML, cross-origin objects](https://html.spec.whatwg.org/multipage/nav-history-apis.html#cross-origin-objects)).

use boa_engine::object::FunctionObjectBuilder;
use boa_engine::property::PropertyKey;
use boa_engine::realm::Realm;
use boa_engine::{
    Context, JsError, JsObject, JsResult, JsString, JsSymbol, JsValue, NativeFunction,
};
use framepost_event_loop::{FxHashMap, GlobalId};

use crate::boa::slots::Slot;
use crate::script::{realm, with_contexts};
use crate::webidl::{Access, Interface, Member, platform};
use crate::windows::internal_methods::{self, WindowOrLocation};
use crate::windows::window_proxy::may_access;

/// The functions that cross-origin windows and locations expose.
static CROSS_ORIGIN_FUNCTIONS: Slot<FxHashMap<CrossOriginKey, JsObject>> = Slot::new();

/// An entry of [CrossOriginProperties](https://html.spec.whatwg.org/multipage/nav-history-apis.html#crossoriginproperties-(-o-)).
pub(crate) struct Property {
    pub(crate) name: &'static str,
    /// Whether the property has a getter and a setter. An operation has neither.
    needs_get: bool,
    needs_set: bool,
}

const fn property(name: &'static str, needs_get: bool, needs_set: bool) -> Property {
    Property {
        name,
        needs_get,
        needs_set,
    }
}

const OF_WINDOW: &[Property] = &[
    property("window", true, false),
    property("self", true, false),
    property("location", true, true),
    property("close", false, false),
    property("closed", true, false),
    property("focus", false, false),
    property("blur", false, false),
    property("frames", true, false),
    property("length", true, false),
    property("top", true, false),
    property("opener", true, false),
    property("parent", true, false),
    property("postMessage", false, false),
];

const OF_LOCATION: &[Property] = &[
    property("href", false, true),
    property("replace", false, false),
];

/// [CrossOriginProperties](https://html.spec.whatwg.org/multipage/nav-history-apis.html#crossoriginproperties-(-o-))
pub(crate) fn properties(of_location: bool) -> &'static [Property] {
    if of_location { OF_LOCATION } else { OF_WINDOW }
}

/// [Perform a security check](https://html.spec.whatwg.org/multipage/nav-history-apis.html#integration-with-idl)
///
/// Checks whether the running script may use this member of this object.
pub(crate) fn perform_a_security_check(
    object: &JsObject,
    name: &str,
    access: Access,
    ctx: &mut Context,
) -> JsResult<()> {
    let found = internal_methods::window_or_location(object);
    let Some((window, is_location)) = found else {
        return Ok(());
    };
    if may_access(ctx, window) {
        return Ok(());
    }
    let shown = properties(is_location).iter().any(|property| {
        property.name == name
            && match access {
                Access::Method => !property.needs_get && !property.needs_set,
                Access::Getter => property.needs_get,
                Access::Setter => property.needs_set,
            }
    });
    if shown { Ok(()) } else { Err(blocked(ctx)) }
}

/// Creates the `SecurityError` for a forbidden access.
pub(crate) fn blocked(ctx: &mut Context) -> JsError {
    blocked_operation("", ctx)
}

/// Creates the `SecurityError` for a forbidden reading or setting of a property.
pub(crate) fn blocked_property(
    accessed: &WindowOrLocation,
    key: &PropertyKey,
    is_setting: bool,
    ctx: &mut Context,
) -> JsError {
    let interface = match accessed.is_location {
        true => "Location",
        false => "Window",
    };
    let operation = match (key, is_setting) {
        (PropertyKey::String(name), false) => {
            let name = name.to_std_string_lossy();
            format!("Failed to read a named property '{name}' from '{interface}': ")
        }
        (PropertyKey::String(name), true) => {
            let name = name.to_std_string_lossy();
            format!("Failed to set a named property '{name}' on '{interface}': ")
        }
        _ => String::new(),
    };
    blocked_operation(&operation, ctx)
}

fn blocked_operation(operation: &str, ctx: &mut Context) -> JsError {
    // The running script gets the exception, so it belongs to that script's realm.
    let window = realm::incumbent(ctx);
    let origin = window.and_then(|window| realm::origin_of_window(ctx, window));
    let origin = origin.map_or_else(|| "null".to_owned(), |origin| origin.to_string());
    let message = &format!(
        "{operation}Blocked a frame with origin \"{origin}\" from accessing a cross-origin frame."
    );
    match window.and_then(|window| realm::window_record(ctx, window)) {
        Some(record) => realm::in_realm(ctx, &record.realm, |ctx| {
            crate::webidl::exception::throw("SecurityError", message, ctx)
        }),
        None => crate::webidl::exception::throw("SecurityError", message, ctx),
    }
}

/// A property as another origin sees it.
pub(crate) enum Seen {
    /// The value, and whether the property is enumerable.
    Value(JsValue, bool),
    /// The getter and the setter.
    Accessor(Option<JsObject>, Option<JsObject>),
}

/// `[[GetOwnProperty]]` of a cross-origin [WindowProxy](https://html.spec.whatwg.org/multipage/nav-history-apis.html#windowproxy-getownproperty)
/// or [Location](https://html.spec.whatwg.org/multipage/nav-history-apis.html#location-getownproperty)
///
/// Finds the exposed properties, the indexed and named frames, and the
/// [CrossOriginPropertyFallback](https://html.spec.whatwg.org/multipage/nav-history-apis.html#crossoriginpropertyfallback-(-p-)).
pub(crate) fn get_own_property(
    accessed: &WindowOrLocation,
    key: &PropertyKey,
    ctx: &mut Context,
) -> JsResult<Seen> {
    if let PropertyKey::Index(_) = key {
        let own = accessed.behind.borrow().properties().get(key);
        let frame = own.filter(|_| !accessed.is_location);
        return match frame.and_then(|property| property.value().cloned()) {
            Some(frame) => Ok(Seen::Value(frame, true)),
            None => Err(blocked(ctx)),
        };
    }
    if let PropertyKey::String(name) = key {
        let name = name.to_std_string_lossy();
        let mut exposed = properties(accessed.is_location).iter();
        if let Some(property) = exposed.find(|property| property.name == name)
            && let Some(seen) = cross_origin_get_own_property_helper(accessed, property, ctx)
        {
            return Ok(seen);
        }
        let window = Some(accessed.window).filter(|_| !accessed.is_location);
        if let Some(window) = window
            && let Some(frame) = with_contexts(ctx, |contexts| {
                contexts.document_tree_child_navigable(window, &name)
            })
        {
            let frame = crate::windows::window_proxy::proxy_value(ctx, frame);
            return Ok(Seen::Value(frame, false));
        }
    }
    let fallback = match key {
        PropertyKey::String(name) => *name == *"then",
        PropertyKey::Symbol(symbol) => {
            *symbol == JsSymbol::to_string_tag()
                || *symbol == JsSymbol::has_instance()
                || *symbol == JsSymbol::is_concat_spreadable()
        }
        PropertyKey::Index(_) => false,
    };
    if fallback {
        Ok(Seen::Value(JsValue::undefined(), false))
    } else {
        Err(blocked(ctx))
    }
}

/// A key of the
/// [cross-origin property descriptor map](https://html.spec.whatwg.org/multipage/nav-history-apis.html#cross-origin-property-descriptor-map):
/// the accessing global, the window, whether its location is meant, the property and the kind of
/// access.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct CrossOriginKey {
    accessor: GlobalId,
    target: GlobalId,
    is_location: bool,
    name: &'static str,
    access: Access,
}

/// Removes the functions that a discarded window accesses or exposes.
pub(crate) fn window_discarded(ctx: &Context, window: GlobalId) {
    drop(CROSS_ORIGIN_FUNCTIONS.with(ctx, |functions| {
        functions
            .extract_if(|key, _| key.accessor == window || key.target == window)
            .collect::<Vec<_>>()
    }));
}

/// Counts the functions.
#[cfg(test)]
pub(crate) fn count(ctx: &Context) -> usize {
    CROSS_ORIGIN_FUNCTIONS.with(ctx, |functions| functions.len())
}

/// [CrossOriginGetOwnPropertyHelper](https://html.spec.whatwg.org/multipage/nav-history-apis.html#crossorigingetownpropertyhelper-(-o,-p-))
///
/// The functions belong to the realm of the accessing script and are created once for each key.
fn cross_origin_get_own_property_helper(
    accessed: &WindowOrLocation,
    property: &Property,
    ctx: &mut Context,
) -> Option<Seen> {
    let accessor = realm::incumbent(ctx)?;
    let interface = platform::interface_of(&accessed.behind)?;
    let members = interface.all_members(ctx);
    // The IDL member of that name, even if a page has replaced it.
    let mut members = members.into_iter();
    let member = members.find(|member| member.name() == property.name)?;
    let function = |access| {
        let key = CrossOriginKey {
            accessor,
            target: accessed.window,
            is_location: accessed.is_location,
            name: property.name,
            access,
        };
        // Step 2.1.1: the map has an entry already.
        if let Some(held) =
            CROSS_ORIGIN_FUNCTIONS.with(ctx, |cross_origin| cross_origin.get(&key).cloned())
        {
            return held;
        }
        let realm = realm::realm_of(ctx, accessor);
        let function = same_steps(&realm, interface, member, access);
        CROSS_ORIGIN_FUNCTIONS.with(ctx, |cross_origin| {
            cross_origin.insert(key, function.clone())
        });
        function
    };
    if property.needs_get || property.needs_set {
        let get = property.needs_get.then(|| function(Access::Getter));
        let set = property.needs_set.then(|| function(Access::Setter));
        return Some(Seen::Accessor(get, set));
    }
    Some(Seen::Value(function(Access::Method).into(), false))
}

/// Creates an anonymous built-in function of `realm` that performs the steps of a member on its receiver, which
/// is the global object of `realm` for a call without one.
fn same_steps(
    realm: &Realm,
    interface: &'static Interface,
    member: &'static Member,
    access: Access,
) -> JsObject {
    // The closure captures only static references and a number.
    let steps = NativeFunction::from_copy_closure(move |this, args, ctx| {
        let receiver = match this.as_object() {
            None if this.is_null_or_undefined() => Some(ctx.global_object()),
            Some(object) => platform::unwrap_proxy(&object, ctx)?,
            None => None,
        };
        let receiver = receiver.filter(|receiver| platform::implements(receiver, interface));
        let receiver = receiver.ok_or_else(platform::illegal_invocation)?;
        member.perform(interface, access, &receiver, args, ctx)
    });
    let (name, length) = member.name_and_length(access);
    FunctionObjectBuilder::new(realm, steps)
        .name(JsString::from(name))
        .length(length)
        .build()
        .into()
}
