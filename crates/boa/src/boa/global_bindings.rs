//! Realms that can be collected, with the global bindings of the language.
//!
//! Boa gives all realms of a context one root shape. That shape refers to every prototype of an object that was ever
//! created, and through it to the prototype's realm, until the context is dropped. So this module gives each realm a
//! root shape of its own, and creates the bindings that Boa would have created.

use boa_engine::context::HostHooks;
use boa_engine::context::intrinsics::Intrinsics;
use boa_engine::object::shape::RootShape;
use boa_engine::property::PropertyDescriptor;
use boa_engine::realm::Realm;
use boa_engine::{Context, JsNativeError, JsObject, JsResult, JsString, JsValue};
use framepost_event_loop::FxHashMap;

use super::functions::{function, intrinsic_method};
use super::slots::Slot;

/// The hidden realm's URI functions, which the functions of window realms call.
static SAVED_URI_FUNCTIONS: Slot<FxHashMap<&'static str, JsObject>> = Slot::new();

/// Creates a realm with the global bindings of
/// [SetDefaultGlobalBindings](https://tc39.es/ecma262/#sec-setdefaultglobalbindings) and a root
/// shape of its own. `global_this` defaults to the global object.
pub fn create_realm(
    hooks: &dyn HostHooks,
    global_this: Option<&JsObject>,
    global_of: impl FnOnce(&Realm) -> JsObject,
) -> JsResult<(Realm, RootShape, JsObject)> {
    let root_shape = RootShape::default();
    let realm = Realm::create(hooks, &root_shape)?;
    let global = global_of(&realm);
    let define = |name: &str, value: JsValue, changeable: bool| {
        let descriptor = PropertyDescriptor::builder()
            .value(value)
            .writable(changeable)
            .enumerable(false)
            .configurable(changeable);
        global.insert_property(JsString::from(name), descriptor);
    };
    define(
        "globalThis",
        global_this.unwrap_or(&global).clone().into(),
        true,
    );
    define("Infinity", f64::INFINITY.into(), false);
    define("NaN", f64::NAN.into(), false);
    define("undefined", JsValue::undefined(), false);
    for (name, intrinsic) in INTRINSICS {
        define(name, intrinsic(realm.intrinsics()).into(), true);
    }
    for name in URI_FUNCTIONS {
        define(name, uri_function(&realm, name).into(), true);
    }
    Ok((realm, root_shape, global))
}

/// The name of a binding, and a function that finds its value among the intrinsics.
type Binding = (&'static str, fn(&Intrinsics) -> JsObject);

const INTRINSICS: &[Binding] = &[
    ("Function", |it| it.constructors().function().constructor()),
    ("Object", |it| it.constructors().object().constructor()),
    ("Math", |it| it.objects().math()),
    ("JSON", |it| it.objects().json()),
    ("Array", |it| it.constructors().array().constructor()),
    ("Proxy", |it| it.constructors().proxy().constructor()),
    ("ArrayBuffer", |it| {
        it.constructors().array_buffer().constructor()
    }),
    ("SharedArrayBuffer", |it| {
        it.constructors().shared_array_buffer().constructor()
    }),
    ("BigInt", |it| it.constructors().bigint().constructor()),
    ("Boolean", |it| it.constructors().boolean().constructor()),
    ("Date", |it| it.constructors().date().constructor()),
    ("DataView", |it| it.constructors().data_view().constructor()),
    ("Map", |it| it.constructors().map().constructor()),
    ("isFinite", |it| it.objects().is_finite().into()),
    ("isNaN", |it| it.objects().is_nan().into()),
    ("parseInt", |it| it.objects().parse_int().into()),
    ("parseFloat", |it| it.objects().parse_float().into()),
    ("Number", |it| it.constructors().number().constructor()),
    ("eval", |it| it.objects().eval().into()),
    ("Set", |it| it.constructors().set().constructor()),
    ("String", |it| it.constructors().string().constructor()),
    ("RegExp", |it| it.constructors().regexp().constructor()),
    ("Int8Array", |it| {
        it.constructors().typed_int8_array().constructor()
    }),
    ("Uint8Array", |it| {
        it.constructors().typed_uint8_array().constructor()
    }),
    ("Uint8ClampedArray", |it| {
        it.constructors().typed_uint8clamped_array().constructor()
    }),
    ("Int16Array", |it| {
        it.constructors().typed_int16_array().constructor()
    }),
    ("Uint16Array", |it| {
        it.constructors().typed_uint16_array().constructor()
    }),
    ("Int32Array", |it| {
        it.constructors().typed_int32_array().constructor()
    }),
    ("Uint32Array", |it| {
        it.constructors().typed_uint32_array().constructor()
    }),
    ("BigInt64Array", |it| {
        it.constructors().typed_bigint64_array().constructor()
    }),
    ("BigUint64Array", |it| {
        it.constructors().typed_biguint64_array().constructor()
    }),
    ("Float16Array", |it| {
        it.constructors().typed_float16_array().constructor()
    }),
    ("Float32Array", |it| {
        it.constructors().typed_float32_array().constructor()
    }),
    ("Float64Array", |it| {
        it.constructors().typed_float64_array().constructor()
    }),
    ("Symbol", |it| it.constructors().symbol().constructor()),
    ("Error", |it| it.constructors().error().constructor()),
    ("RangeError", |it| {
        it.constructors().range_error().constructor()
    }),
    ("ReferenceError", |it| {
        it.constructors().reference_error().constructor()
    }),
    ("TypeError", |it| {
        it.constructors().type_error().constructor()
    }),
    ("SyntaxError", |it| {
        it.constructors().syntax_error().constructor()
    }),
    ("EvalError", |it| {
        it.constructors().eval_error().constructor()
    }),
    ("URIError", |it| it.constructors().uri_error().constructor()),
    ("AggregateError", |it| {
        it.constructors().aggregate_error().constructor()
    }),
    ("Reflect", |it| it.objects().reflect()),
    ("Promise", |it| it.constructors().promise().constructor()),
    ("WeakRef", |it| it.constructors().weak_ref().constructor()),
    ("WeakMap", |it| it.constructors().weak_map().constructor()),
    ("WeakSet", |it| it.constructors().weak_set().constructor()),
    ("Iterator", |it| it.constructors().iterator().constructor()),
    ("Atomics", |it| it.objects().atomics()),
    ("FinalizationRegistry", |it| {
        it.constructors().finalization_registry().constructor()
    }),
    ("escape", |it| it.objects().escape().into()),
    ("unescape", |it| it.objects().unescape().into()),
];

/// The functions whose intrinsics Boa keeps private. Each calls its namesake in the hidden realm.
const URI_FUNCTIONS: &[&str] = &[
    "decodeURI",
    "decodeURIComponent",
    "encodeURI",
    "encodeURIComponent",
];

fn uri_function(realm: &Realm, name: &'static str) -> JsObject {
    function(realm, name, 1, move |_, args, ctx| {
        // The conversion runs the page's code, so its exception is passed on.
        let text = args.first().cloned().unwrap_or_default().to_string(ctx)?;
        let steps = SAVED_URI_FUNCTIONS
            .with(ctx, |uri_functions| uri_functions.get(name).cloned())
            .ok_or_else(|| JsNativeError::typ().with_message("Illegal invocation"))?;
        steps
            .call(&JsValue::undefined(), &[text.into()], ctx)
            // The error must belong to this realm.
            .map_err(|_| JsNativeError::uri().with_message("URI malformed").into())
    })
}

/// Saves the functions of the hidden realm, the first one of the context. Call it in that realm.
pub fn save_uri_functions(ctx: &mut Context) {
    for name in URI_FUNCTIONS {
        let found = intrinsic_method(&ctx.global_object(), name);
        if let Some(found) = found {
            SAVED_URI_FUNCTIONS.with(ctx, |uri_functions| uri_functions.insert(name, found));
        }
    }
}
