//! Tests the expansion of `interface!` from scripts.

use boa_engine::{
    Context, Finalize, JsObject, JsResult, JsString, JsValue, Source, Trace, js_string,
    property::Attribute,
};

use super::receiver::receivers;
use super::{
    Interface, create_object, extensions, extensions::Extensions, interface, interface_objects,
    legacy_platform_object,
};
use crate::boa::slots::Slots;

/// The data of a `Counter`.
#[derive(Clone, Default, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct CounterData {
    count: i32,
    #[unsafe_ignore_trace]
    label: JsString,
    #[unsafe_ignore_trace]
    pairs: Vec<(String, String)>,
}

receivers!(CounterData);

interface! {
    /// An interface with every kind of member.
    [Exposed=(Window,Worker), LegacyWindowAlias=OldCounter]
    interface Counter(CounterData) {
        constructor(optional long start = 7, optional CounterInit init = {}) =
            |start, init: CounterInit| CounterData { count: start, label: init.label.clone(), pairs: Vec::new() };

        const unsigned short LIMIT = 0xff;

        readonly attribute long count = .count;
        attribute DOMString label = .label;
        [LegacyUnforgeable] readonly attribute boolean isCounter = true;
        readonly attribute DOMString kind = "counter";
        attribute [LegacyNullToEmptyString] DOMString name = |data| data.label.clone(), |data, name: JsString| data.label = name;
        [SameObject] readonly attribute FrozenArray<long> history = |data| vec![data.count];
        [Replaceable] readonly attribute long replaceable = 1;
        [PutForwards=label] readonly attribute Counter self = |object, _| object.clone();
        attribute Mode? mode = || Some(Mode::NoWait), |object: &JsObject, mode: Option<Mode>, cx| {
            object.set(js_string!("label"), JsString::from(mode.map_or("none", Mode::as_str)), true, cx)
        };

        undefined add(long amount) = |data, amount| data.count += amount;
        [Unscopable] long addAll(long... amounts);
        DOMString join(sequence<DOMString> parts, optional DOMString separator = ", ");
        long plus(Counter other);
        DOMString? either(any value, optional DOMString? fallback);
        boolean isWide(optional [EnforceRange] unsigned short width) = |_: &CounterData, width: Option<u16>| width.is_some();
        octet clamped([Clamp] octet value) = |_: &CounterData, value| value;
        static Counter of(long count) = |count: i32, cx| create_counter(count, cx);
        undefined set(DOMString name, DOMString value) =
            |data: &mut CounterData, name, value| data.pairs.push((name, value));

        DOMString pick(long number) = |_: &CounterData, number| format!("number {number}");
        DOMString pick(DOMString text, optional boolean loud = false) =
            |_: &CounterData, text, loud| format!("text {text} {loud}");
        DOMString pick(sequence<long> numbers) = |_: &CounterData, numbers| format!("sequence {numbers:?}");
        DOMString pick(Counter counter) = |_: &CounterData, _| "counter";
        DOMString pick(CounterInit init) = |_: &CounterData, init: CounterInit| format!("dictionary {}", init.label.to_std_string_lossy());

        long weigh(Strict value) = |_: &CounterData, value: Strict| value.weight;
        DOMString which(Choice value) = |_: &CounterData, value| match value {
            Choice::Counter(_) => "counter".to_owned(),
            Choice::Sequence(list) => format!("list of {}", list.len()),
            Choice::DomString(text) => text,
        };

        iterable<DOMString, DOMString> = |data, index| data.pairs.get(index).cloned();
        stringifier = |data| data.label.clone();
    }

    /// An interface that inherits.
    interface LoudCounter(CounterData) : Counter {
        DOMString shout() = |data| data.label.to_std_string_lossy().to_uppercase();
    }
    LoudCounter includes Loud;

    interface mixin Loud(CounterData) {
        readonly attribute boolean loud = true;
        [Unscopable] undefined whisper() = || ();
    }

    partial interface mixin Loud(CounterData) {
        readonly attribute DOMString addedToMixin = "by another family";
    }

    partial interface LoudCounter(CounterData) {
        readonly attribute DOMString added = "by another family";
    }

    dictionary LabelInit {
        DOMString(JsString) label = "none";
    }

    dictionary CounterInit : LabelInit {
        long weight = 0;
        Mode mode = "wait";
        sequence<long> list = [];
        Counter? counter;
    }

    dictionary Strict {
        required long weight;
    }

    enum Mode { "wait", "no-wait" };

    typedef (Counter or sequence<any> or DOMString) Choice;

    callback Handler = undefined (any event);

    /// A collection.
    interface Letters(LettersData) {
        readonly attribute unsigned long length = |data| data.0.chars().count();
        getter DOMString? item(unsigned long index) = |data, index: usize| data.0.chars().nth(index).map(String::from);
        iterable<DOMString>;
    }

    /// A map.
    [LegacyOverrideBuiltIns]
    interface Words(LettersData) {
        getter DOMString (DOMString name) =
            |data, name: String| data.0.contains(&name).then(|| name.to_uppercase()),
            |data| data.0.split(' ').map(String::from).collect();
        setter undefined (DOMString name, DOMString value) =
            |data: &mut LettersData, name: String, value: String| data.0 = data.0.replace(&name, &value);
        deleter undefined (DOMString name) =
            |data: &mut LettersData, name: String| data.0 = data.0.replace(&name, "").trim().to_owned();
    }
}

/// The text in a collection or a map.
#[derive(Clone, Default, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct LettersData(String);

fn add_all(data: &CounterData, amounts: &[i32], _: &mut Context) -> i32 {
    data.count + amounts.iter().sum::<i32>()
}

#[allow(
    clippy::needless_pass_by_value,
    reason = "that values are passed is the test"
)]
fn join(_: &JsObject, parts: Vec<String>, separator: &str, _: &mut Context) -> String {
    parts.join(separator)
}

#[allow(
    clippy::needless_pass_by_value,
    reason = "that values are passed is the test"
)]
fn plus(this: &CounterData, other: CounterData, _: &mut Context) -> JsResult<i32> {
    Ok(this.count + other.count)
}

fn either(
    _: &JsObject,
    value: &JsValue,
    fallback: Option<Option<String>>,
    _: &mut Context,
) -> Option<String> {
    if value.is_null() {
        return fallback.flatten();
    }
    Some("value".to_owned())
}

fn create_counter(count: i32, cx: &mut Context) -> JsObject {
    let realm = cx.realm().clone();
    let data = CounterData {
        count,
        ..CounterData::default()
    };
    create_object(&realm, &COUNTER, data, cx)
}

static EXTENSIONS: Extensions = Extensions {
    definitions: &[&DEFINITIONS],
    ..Extensions::NONE
};

/// Runs a script in a realm that has the interfaces.
fn run(script: &str) -> String {
    let builder = Context::builder().job_executor(Slots::new(|_, _| {}));
    let mut cx = builder.build().unwrap();
    extensions::install(&EXTENSIONS, &cx);
    let realm = cx.realm().clone();
    let define = |name: &str, value: JsObject, cx: &mut Context| {
        cx.register_global_property(JsString::from(name), value, Attribute::all())
            .unwrap();
    };
    let counter = interface_objects(&realm, &COUNTER, &mut cx);
    define("Counter", counter.constructor.clone(), &mut cx);
    let loud = interface_objects(&realm, &LOUD_COUNTER, &mut cx);
    define("LoudCounter", loud.constructor.clone(), &mut cx);
    let data = CounterData {
        label: js_string!("loud"),
        ..CounterData::default()
    };
    let loud = create_object(&realm, &LOUD_COUNTER, data, &mut cx);
    define("loud", loud, &mut cx);
    for (name, interface) in [("letters", &LETTERS), ("words", &WORDS)] {
        let interface: &'static Interface = interface;
        let data = LettersData("ab cd".to_owned());
        let target = create_object(&realm, interface, data, &mut cx);
        let proxy = legacy_platform_object::proxy(&mut cx, &target).unwrap();
        define(name, proxy, &mut cx);
    }
    match cx.eval(Source::from_bytes(script)) {
        Ok(value) => value.to_string(&mut cx).unwrap().to_std_string_lossy(),
        Err(error) => error.to_string(),
    }
}

fn check(script: &str, expected: &str) {
    let found = run(script);
    // The position of an error is not under test.
    let found = found.split(" (unknown").next().unwrap_or_default();
    assert_eq!(found, expected, "{script}");
}

#[test]
fn constructors_convert_their_arguments() {
    check("new Counter().count", "7");
    check("new Counter('3', { weight: 1, label: 'x' }).label", "x");
    check(
        "new Counter().weigh({})",
        "TypeError: the required member weight is missing",
    );
    check(
        "new Counter(1, { weight: 1, mode: 'bogus' })",
        "TypeError: The provided value 'bogus' is not a valid enum value of type Mode.",
    );
    check(
        "new Counter(1, { weight: 1, counter: {} })",
        "TypeError: member counter is not of type Counter.",
    );
    check("new LoudCounter()", "TypeError: Illegal constructor");
}

#[test]
fn attributes_read_and_write_the_data() {
    check(
        "const c = new Counter(); c.label = 5; c.label + typeof c.label",
        "5string",
    );
    check("const c = new Counter(); c.name = null; c.label", "");
    check(
        "const c = new Counter(); c.self = 'forwarded'; c.label",
        "forwarded",
    );
    check(
        "const c = new Counter(); c.replaceable = 'mine'; c.replaceable",
        "mine",
    );
    check(
        "const c = new Counter(); c.mode = 'wait'; c.mode + c.label",
        "no-waitwait",
    );
    check(
        "const c = new Counter(); c.history === c.history && Object.isFrozen(c.history)",
        "true",
    );
    check("new Counter().kind + Counter.LIMIT", "counter255");
    check("Object.getOwnPropertyNames(new Counter())", "isCounter");
    check("Counter.prototype.count", "TypeError: Illegal invocation");
}

#[test]
fn operations_convert_their_arguments() {
    check("const c = new Counter(1); c.add(2); c.add(3); c.count", "6");
    check(
        "new Counter(1).addAll() + new Counter(1).addAll(2, '3')",
        "7",
    );
    check(
        "new Counter().join(['a', 1]) + new Counter().join(['a', 'b'], '')",
        "a, 1ab",
    );
    check("new Counter(1).plus(new Counter(2))", "3");
    check(
        "new Counter(1).plus({})",
        "TypeError: parameter 1 is not of type 'Counter'.",
    );
    check("new Counter().either(null)", "null");
    check(
        "new Counter().either(null, 'x') + new Counter().either(null, null)",
        "xnull",
    );
    check(
        "new Counter().isWide() || new Counter().isWide(undefined)",
        "false",
    );
    check(
        "new Counter().isWide(65536)",
        "TypeError: the number 65536 is outside the range 0 to 65535",
    );
    check(
        "new Counter().clamped(1000) + new Counter().clamped(-1)",
        "255",
    );
    check("Counter.of(4).count", "4");
    check(
        "new Counter().add()",
        "TypeError: Failed to execute 'add' on 'Counter': 1 argument required, but only 0 present.",
    );
    check(
        "[Counter.length, Counter.prototype.join.length, Counter.of.length]",
        "0,1,1",
    );
}

#[test]
fn overloads_are_selected_by_the_arguments() {
    for (arguments, expected) in [
        ("4", "number 4"),
        ("'4'", "text 4 false"),
        ("4, 1", "text 4 true"),
        ("[1, 2]", "sequence [1, 2]"),
        ("new Counter()", "counter"),
        ("{ weight: 1 }", "dictionary none"),
    ] {
        check(&format!("new Counter().pick({arguments})"), expected);
    }
    check("Counter.prototype.pick.length", "1");
    for (argument, expected) in [
        ("new Counter()", "counter"),
        ("[1, 2]", "list of 2"),
        ("12", "12"),
    ] {
        check(&format!("new Counter().which({argument})"), expected);
    }
}

#[test]
fn iterators_and_stringifiers_are_members() {
    check(
        "const c = new Counter(); c.set('a', 'b'); c.set('c', 'd'); [...c] + '|' + [...c.keys()]",
        "a,b,c,d|a,c",
    );
    check(
        "Counter.prototype[Symbol.iterator] === Counter.prototype.entries",
        "true",
    );
    check(
        "Object.prototype.toString.call(new Counter().entries())",
        "[object Counter Iterator]",
    );
    check("`${new Counter(1, { weight: 1, label: 'text' })}`", "text");
}

#[test]
fn interfaces_have_the_members_of_mixins_and_partial_interfaces() {
    check(
        "loud.shout() + loud.loud + loud.added + loud.addedToMixin + loud.count",
        "LOUDtrueby another familyby another family0",
    );
    check(
        "Object.keys(LoudCounter.prototype[Symbol.unscopables])",
        "whisper",
    );
    check(
        "Object.keys(Counter.prototype[Symbol.unscopables])",
        "addAll",
    );
    check("Object.getPrototypeOf(LoudCounter).name", "Counter");
}

#[test]
fn indexed_properties_are_own_properties() {
    check(
        "letters[1] + letters.length + letters[9] + (4 in letters) + (5 in letters)",
        "b5undefinedtruefalse",
    );
    check("Object.keys(letters)", "0,1,2,3,4");
    check("[...letters].join('')", "ab cd");
    check("letters[0] = 'x'; letters[0]", "a");
    check("Reflect.defineProperty(letters, 0, { value: 1 })", "false");
    check("delete letters[0]", "false");
    check("letters.forEach === Array.prototype.forEach", "true");
}

#[test]
fn named_properties_can_be_set_and_deleted() {
    check(
        "words.ab + words.zz + words[Symbol.toStringTag]",
        "ABundefinedWords",
    );
    check("Object.keys(words)", "ab,cd");
    check("words.ab = 'xy'; words.xy + words.ab", "XYundefined");
    check("delete words.ab; Object.keys(words)", "cd");
    check(
        "JSON.stringify(Object.getOwnPropertyDescriptor(words, 'cd'))",
        r#"{"value":"CD","writable":true,"enumerable":true,"configurable":true}"#,
    );
}

#[test]
fn definitions_list_all_interfaces() {
    let interfaces = DEFINITIONS.interfaces.iter();
    let names: Vec<&str> = interfaces.map(|interface| interface.name).collect();
    assert_eq!(names, ["Counter", "LoudCounter", "Letters", "Words"]);
    assert_eq!(COUNTER.aliases, ["OldCounter"]);
    assert!(COUNTER.exposed.includes(crate::globals::SHARED_WORKER));
}
