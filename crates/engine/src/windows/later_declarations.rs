//! Later declarations: `let`, `const` and `class` for functions that were compiled before them
//! ([ECMAScript, Global Environment Records](https://tc39.es/ecma262/#sec-global-environment-records)).
//!
//! Boa decides at compile time which names of a script are such declarations. It looks up all other
//! names on the global object. If a later script declares such a name, the lookup fails there and
//! reaches the named properties object, which is in the global object's prototype chain. There, a
//! bare name has the global object as its receiver, and a property of the window has the
//! WindowProxy. So this module can distinguish the two, and handles the first.

use boa_engine::property::{PropertyDescriptor, PropertyKey};
use boa_engine::realm::Realm;
use boa_engine::{Context, Finalize, JsObject, JsResult, JsString, JsValue, Script, Source, Trace};
use boa_gc::GcRefCell;
use framepost_event_loop::FxHashMap;

use crate::boa::properties::{CONFIGURABLE, accessor_property};
use crate::script::realm::in_realm;

/// The later declarations of one window that functions have looked up.
#[derive(Default, Trace, Finalize)]
pub(crate) struct LaterDeclarations(GcRefCell<FxHashMap<JsString, Accessor>>);

/// Functions that were compiled after the declaration of the name.
#[derive(Clone, Trace, Finalize)]
pub(crate) struct Accessor {
    /// Returns the value.
    get: JsObject,
    /// Sets the value.
    set: JsObject,
}

/// Whether a script of the realm declares this name.
pub(crate) fn is_declared(realm: &Realm, key: &PropertyKey) -> bool {
    matches!(key, PropertyKey::String(name) if realm.scope().has_lex_binding(name))
}

impl LaterDeclarations {
    /// Returns the accessor of a declaration that was looked up before.
    pub(crate) fn known(&self, key: &PropertyKey) -> Option<Accessor> {
        match key {
            PropertyKey::String(name) => self.0.borrow().get(name).cloned(),
            _ => None,
        }
    }

    /// Adds the accessor of a declaration.
    pub(crate) fn remember(&self, key: &PropertyKey, accessor: Accessor) {
        if let PropertyKey::String(name) = key {
            self.0.borrow_mut().insert(name.clone(), accessor);
        }
    }
}

impl Accessor {
    /// Compiles the functions that read and write a declaration of the realm.
    pub(crate) fn compile(
        realm: &Realm,
        key: &PropertyKey,
        ctx: &mut Context,
    ) -> JsResult<Option<Self>> {
        let PropertyKey::String(name) = key else {
            return Ok(None);
        };
        let name = name.to_std_string_lossy();
        in_realm(ctx, realm, |ctx| {
            let mut function = |source: String| -> JsResult<Option<JsObject>> {
                let script = Script::parse(Source::from_bytes(&source), None, ctx)?;
                Ok(script.evaluate(ctx)?.as_object())
            };
            let get = function(format!("() => {name}"))?;
            let set = function(format!("value => {{ {name} = value }}"))?;
            Ok(get.zip(set).map(|(get, set)| Self { get, set }))
        })
    }

    /// Returns the declaration as an accessor property of the global object.
    pub(crate) fn descriptor(&self) -> PropertyDescriptor {
        accessor_property(Some(self.get.clone()), Some(self.set.clone()), CONFIGURABLE)
    }

    /// Returns the value of the declaration.
    pub(crate) fn get(&self, ctx: &mut Context) -> JsResult<JsValue> {
        self.get.call(&JsValue::undefined(), &[], ctx)
    }

    /// Assigns to the declaration.
    pub(crate) fn set(&self, value: JsValue, ctx: &mut Context) -> JsResult<()> {
        self.set.call(&JsValue::undefined(), &[value], ctx)?;
        Ok(())
    }
}
