//! Two realms of one context hand a port round.
//!
//! Run with `cargo run -p framepost-boa --example two_realms`.

use boa_engine::property::Attribute;
use boa_engine::{Context, JsResult, JsValue, NativeFunction, Source, js_string};
use framepost_boa::Options;

/// The script of the second realm doubles what comes in over the port that it was given, and hands the port back.
const PLUGIN: &str = r#"
    onmessage = (event) => {
        const [port] = event.ports;
        port.onmessage = ({data}) => {
            port.onmessage = null;
            event.source.postMessage({doubled: data * 2n}, event.origin, [port]);
        };
    };
"#;

/// The script of the first realm.
const PAGE: &str = r#"
    const {port1, port2} = new MessageChannel();
    plugin.postMessage("here is a port", "*", [port2]);
    port1.postMessage(21n);
    onmessage = (event) => {
        print("the plugin answered", event.data.doubled);
        // The port has come home: its messages now arrive here.
        event.ports[0].onmessage = ({data}) => print("the port is back:", data);
        port1.postMessage("hello");
    };
"#;

fn main() -> JsResult<()> {
    let mut ctx = Context::default();
    framepost_boa::install(&mut ctx, Options::default())?;
    let print = NativeFunction::from_fn_ptr(|_, args, ctx| {
        let mut words = Vec::new();
        for value in args {
            words.push(value.to_string(ctx)?.to_std_string_lossy());
        }
        println!("{}", words.join(" "));
        Ok(JsValue::undefined())
    });
    ctx.register_global_callable(js_string!("print"), 0, print)?;

    // Another realm: globals of its own, in the same context.
    let realm = ctx.create_realm()?;
    let page = ctx.enter_realm(realm);
    framepost_boa::install(&mut ctx, Options::default())?;
    let plugin = ctx.global_object();
    ctx.eval(Source::from_bytes(PLUGIN))?;
    ctx.enter_realm(page);

    // The first realm knows the global object of the other one, and so its `postMessage()`.
    ctx.register_global_property(js_string!("plugin"), plugin, Attribute::all())?;
    ctx.eval(Source::from_bytes(PAGE))?;
    framepost_boa::run(&mut ctx)
}
