//! What scripts of a window declare with `let`, `const` and `class`, for functions that were
//! compiled before
//! ([ECMAScript, Global Environment Records](https://tc39.es/ecma262/#sec-global-environment-records)).
//!
//! Boa settles when it compiles a script which of its names are such declarations, and asks the
//! global object for all others. A function that uses what a later script declares asks it in vain,
//! and so comes to the named properties object, above the global one. What is asked for as a bare
//! name has the global object as its receiver; what is asked for as a property of the window has
//! the WindowProxy. So the first is told from the second, and answered here.

use std::collections::HashMap;

use boa_engine::property::{PropertyDescriptor, PropertyKey};
use boa_engine::realm::Realm;
use boa_engine::{Context, Finalize, JsObject, JsResult, JsString, JsValue, Script, Source, Trace};
use boa_gc::GcRefCell;

use crate::script::realm::in_realm;

/// Those of one window that were asked for.
#[derive(Default, Trace, Finalize)]
pub(crate) struct LaterDeclarations(GcRefCell<HashMap<JsString, Accessor>>);

/// Functions that were compiled when the name was declared.
#[derive(Clone, Trace, Finalize)]
pub(crate) struct Accessor {
    /// Gives the value.
    get: JsObject,
    /// Sets the value.
    set: JsObject,
}

/// Whether a script of the realm declares this.
pub(crate) fn is_declared(realm: &Realm, key: &PropertyKey) -> bool {
    matches!(key, PropertyKey::String(name) if realm.scope().has_lex_binding(name))
}

impl LaterDeclarations {
    /// How the declaration is reached, if it was reached before.
    pub(crate) fn known(&self, key: &PropertyKey) -> Option<Accessor> {
        match key {
            PropertyKey::String(name) => self.0.borrow().get(name).cloned(),
            _ => None,
        }
    }

    /// Remembers how a declaration is reached.
    pub(crate) fn remember(&self, key: &PropertyKey, accessor: Accessor) {
        if let PropertyKey::String(name) = key {
            self.0.borrow_mut().insert(name.clone(), accessor);
        }
    }
}

impl Accessor {
    /// Compiles the functions that reach a declaration of the realm.
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

    /// The declaration as a property of a global object that has no better place for it.
    pub(crate) fn descriptor(&self) -> PropertyDescriptor {
        PropertyDescriptor::builder()
            .get(self.get.clone())
            .set(self.set.clone())
            .enumerable(false)
            .configurable(true)
            .build()
    }

    /// The value of the declaration.
    pub(crate) fn get(&self, ctx: &mut Context) -> JsResult<JsValue> {
        self.get.call(&JsValue::undefined(), &[], ctx)
    }

    /// Gives the declaration another value.
    pub(crate) fn set(&self, value: JsValue, ctx: &mut Context) -> JsResult<()> {
        self.set.call(&JsValue::undefined(), &[value], ctx)?;
        Ok(())
    }
}
