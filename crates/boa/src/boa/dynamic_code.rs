//! `eval` and the `Function` constructors of one realm, called from another realm.
//!
//! Boa attributes the code that they compile to the running script. So code that is
//! compiled by `frame.eval(…)` or `frame.Function(…)` would act for the realm of the caller. With this module it acts
//! for the realm of the function that compiled it, as in every browser. In ECMAScript the same is true of the
//! functions that the code creates: their `[[Realm]]` applies.
//!
//! The intrinsic objects keep their identity, since Boa compares the callee of a direct `eval` with
//! the intrinsic. Only their native code is replaced. The new code calls the original through a function of
//! the realm itself when the running script belongs to another realm.

use std::path::Path;

use boa_engine::module::Referrer;
use boa_engine::native_function::NativeFunctionObject;
use boa_engine::object::FunctionObjectBuilder;
use boa_engine::realm::Realm;
use boa_engine::vm::ActiveRunnable;
use boa_engine::{
    Context, Finalize, JsData, JsNativeError, JsObject, JsResult, JsString, JsValue,
    NativeFunction, Script, Source, Trace,
};

/// The functions of a realm that call their argument, one for each path of a script that compiles
/// strings for this realm. They are created on first use.
#[derive(Default, Trace, Finalize, JsData)]
struct CallInRealm(Vec<(Option<String>, JsObject)>);

/// A call of an original function.
#[derive(Clone, Trace, Finalize)]
struct Call {
    original: JsObject,
    arguments: Vec<JsValue>,
    /// `new.target` of a construction.
    new_target: Option<JsObject>,
}

impl Call {
    fn perform(&self, ctx: &mut Context) -> JsResult<JsValue> {
        match &self.new_target {
            Some(new_target) => {
                let made = self
                    .original
                    .construct(&self.arguments, Some(new_target), ctx)?;
                Ok(made.into())
            }
            None => {
                let this = JsValue::undefined();
                self.original.call(&this, &self.arguments, ctx)
            }
        }
    }
}

/// Lets the code that a realm's `eval` and `Function` compile act for this realm.
pub fn install(realm: &Realm) {
    let constructors = realm.intrinsics().constructors();
    for (name, constructor) in [
        ("Function", constructors.function()),
        ("AsyncFunction", constructors.async_function()),
        ("GeneratorFunction", constructors.generator_function()),
        (
            "AsyncGeneratorFunction",
            constructors.async_generator_function(),
        ),
    ] {
        exchange(realm, name, &constructor.constructor(), true);
    }
    let eval: JsObject = realm.intrinsics().objects().eval().into();
    exchange(realm, "eval", &eval, false);
}

/// Replaces the native code of an intrinsic function.
fn exchange(realm: &Realm, name: &str, intrinsic: &JsObject, is_constructor: bool) {
    let native = |steps| {
        FunctionObjectBuilder::new(realm, steps)
            .name(JsString::from(name))
            .constructor(is_constructor)
            .build()
    };
    // The original code moves to a new function object.
    let original = native(NativeFunction::from_copy_closure(|_, _, _| {
        Ok(JsValue::undefined())
    }));
    let original = JsObject::from(original);
    let replacement: JsObject = native(NativeFunction::from_copy_closure_with_captures(
        compile,
        original.clone(),
    ))
    .into();
    let data = intrinsic
        .downcast_ref::<NativeFunctionObject>()
        .map(|data| data.clone());
    let new_data = replacement
        .downcast_ref::<NativeFunctionObject>()
        .map(|data| data.clone());
    if let (Some(data), Some(new_data)) = (data, new_data)
        && let Some(mut at) = original.downcast_mut::<NativeFunctionObject>()
        && let Some(mut intrinsic) = intrinsic.downcast_mut::<NativeFunctionObject>()
    {
        *at = data;
        *intrinsic = new_data;
    }
}

/// Calls the original function. `this` is `new.target`, if it is constructed.
fn compile(
    this: &JsValue,
    arguments: &[JsValue],
    original: &JsObject,
    ctx: &mut Context,
) -> JsResult<JsValue> {
    let call = Call {
        original: original.clone(),
        arguments: arguments.to_vec(),
        new_target: this.as_object().filter(|_| original.is_constructor()),
    };
    // If a script of this realm is running, call the original directly.
    let running = ctx.get_active_script_or_module();
    let is_own = match &running {
        Some(ActiveRunnable::Script(script)) => script.realm() == ctx.realm(),
        Some(ActiveRunnable::Module(module)) => module.realm() == ctx.realm(),
        None => false,
    };
    if is_own {
        return call.perform(ctx);
    }
    let steps = NativeFunction::from_copy_closure_with_captures(
        |_, _, call: &Call, ctx| call.perform(ctx),
        call,
    );
    let steps = steps.to_js_function(ctx.realm());
    // The code keeps the path of the script that compiles it, for its imports.
    let path = running.map(Referrer::from).and_then(|running| {
        let path = running.path()?;
        Some(path.to_string_lossy().into_owned())
    });
    call_in_realm(path, ctx)?.call(&JsValue::undefined(), &[steps.into()], ctx)
}

/// Returns the current realm's function that calls its argument, of a script with this path.
fn call_in_realm(path: Option<String>, ctx: &mut Context) -> JsResult<JsObject> {
    let realm = ctx.realm().clone();
    let held = realm.host_defined().get::<CallInRealm>().and_then(|held| {
        let mut functions = held.0.iter();
        let (_, function) = functions.find(|(of, _)| *of == path)?;
        Some(function.clone())
    });
    if let Some(held) = held {
        return Ok(held);
    }
    let source = Source::from_bytes("(steps => steps())");
    let script = match &path {
        Some(path) => Script::parse(source.with_path(Path::new(path)), None, ctx)?,
        None => Script::parse(source, None, ctx)?,
    };
    let function = script.evaluate(ctx)?.as_callable().ok_or_else(|| {
        JsNativeError::typ().with_message("the function that calls its argument is none")
    })?;
    let mut host_defined = realm.host_defined_mut();
    if host_defined.get::<CallInRealm>().is_none() {
        host_defined.insert_default::<CallInRealm>();
    }
    if let Some(held) = host_defined.get_mut::<CallInRealm>() {
        held.0.push((path, function.clone()));
    }
    Ok(function)
}
