//! Structured clone over plain Rust values: every type, identity, transfer, limits, depth.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::any::Any;
use std::sync::Arc;

use framepost_messaging::{
    AgentCluster, Attachment, BigInt, ByteBlock, CloneError, ErrorData, ErrorKind, Failure, Heap,
    In, JsString, Limits, Object, Out, PropertyKey, Serialized, Transferability, Units, Value,
    ValueHeap, ValueHost, ViewInfo, ViewKind, structured_deserialize,
    structured_deserialize_with_transfer, structured_serialize, structured_serialize_for_storage,
    structured_serialize_with_transfer,
};

fn clone(value: &Value) -> Value {
    let mut heap = ValueHeap::default();
    let serialized = structured_serialize(&mut heap, value).unwrap();
    structured_deserialize(&mut heap, &serialized, &()).unwrap()
}

fn object(value: &Value) -> &Object {
    value.as_object().expect("an object")
}

/// The clone of `value` prints the same, and is something else.
fn prints_the_same(value: impl Into<Value>) -> Value {
    let value = value.into();
    let cloned = clone(&value);
    assert_eq!(format!("{cloned:?}"), format!("{value:?}"));
    assert!(!value.is_object() || cloned != value);
    cloned
}

#[test]
fn primitives() {
    for value in [Value::Undefined, Value::Null, true.into(), false.into()] {
        assert_eq!(clone(&value), value);
    }
    for number in [
        0.0,
        -0.0,
        1.0,
        63.0,
        64.0,
        -1.0,
        1e9,
        -2147483648.0,
        2147483648.0,
        0.1,
        1e300,
    ] {
        let cloned = clone(&number.into()).as_f64().unwrap();
        assert_eq!(cloned.to_bits(), f64::to_bits(number));
    }
    assert!(clone(&f64::NAN.into()).as_f64().unwrap().is_nan());
    for integer in [0, -1, i128::MAX, i128::MIN] {
        assert_eq!(
            clone(&BigInt::from(integer).into()),
            BigInt::from(integer).into()
        );
    }
    let huge = BigInt::new(true, &vec![0xa5; 100_000]);
    assert_eq!(clone(&huge.clone().into()), huge.into());
}

#[test]
fn strings() {
    for text in [
        "",
        "a",
        "hé",
        "→",
        "😀",
        "exactly twenty-two chrs",
        &"long ".repeat(1000),
    ] {
        assert_eq!(clone(&text.into()), text.into());
    }
    let lone = JsString::from_units(Units::Utf16(&[0xdc00, 0x41, 0xd800]));
    assert_eq!(clone(&lone.clone().into()), lone.clone().into());
    let key = Value::record([(PropertyKey::Name(lone.clone()), 1)]);
    assert_eq!(clone(&key).get(lone), Some(1.into()));
}

#[test]
fn wrappers_dates_and_patterns() {
    for primitive in [
        Value::from(false),
        Value::from(true),
        Value::from(-0.0),
        Value::from(BigInt::from(7)),
        Value::from("text"),
    ] {
        let cloned = clone(&Object::wrapper(primitive.clone()).into());
        assert_eq!(object(&cloned).wrapped(), Some(primitive));
    }
    assert_eq!(object(&clone(&Value::date(-1.0))).time_value(), Some(-1.0));
    let invalid = clone(&Value::date(f64::NAN));
    assert!(object(&invalid).time_value().unwrap().is_nan());
    let pattern = clone(&Object::reg_exp("a\\/b", "giu").into());
    assert_eq!(
        object(&pattern).pattern(),
        Some(("a\\/b".into(), "giu".into()))
    );
}

#[test]
fn errors_keep_what_browsers_keep() {
    for kind in ErrorKind::ALL {
        let data = ErrorData {
            kind,
            message: Some("no".into()),
            stack: Some("at here".into()),
            cause: None,
        };
        let cloned = clone(&Object::error(data.clone()).into());
        assert_eq!(object(&cloned).error_data(), Some(data));
    }
    let bare = ErrorData {
        kind: ErrorKind::Error,
        message: None,
        stack: None,
        cause: Some(Value::Undefined),
    };
    let cloned = clone(&Object::error(bare.clone()).into());
    assert_eq!(object(&cloned).error_data(), Some(bare));
}

#[test]
fn a_cause_may_lead_back_to_its_error() {
    let list = Value::list::<Value>([]);
    let error = Object::error(ErrorData {
        kind: ErrorKind::RangeError,
        message: None,
        stack: None,
        cause: Some(list.clone()),
    });
    object(&list).set(0, error.clone());
    let cloned = clone(&error.clone().into());
    let cause = object(&cloned).error_data().unwrap().cause.unwrap();
    assert_eq!(cause.get(0), Some(cloned));
    object(&list).clear();
    object(&cause).clear();
}

#[test]
fn arrays_keep_length_holes_and_further_properties() {
    let array = Object::array(10);
    array.set(2, "two");
    array.set(7, Value::Undefined);
    array.set("extra", true);
    let cloned = prints_the_same(array);
    assert_eq!(object(&cloned).array_length(), Some(10));
    assert_eq!(object(&cloned).keys().len(), 3);

    let sparse = Object::array(u32::MAX);
    sparse.set(4_294_967_294, 1);
    let cloned = clone(&sparse.into());
    assert_eq!(object(&cloned).array_length(), Some(u32::MAX));
    assert_eq!(cloned.get(4_294_967_294), Some(1.into()));
}

#[test]
fn objects_keep_their_order_of_keys() {
    let value = Value::record([("z", 1), ("10", 2), ("__proto__", 3), ("", 4), ("9", 5)]);
    prints_the_same(value.clone());
    // Many objects alike, then others with the same names otherwise arranged.
    let mut list = vec![value; 3];
    list.push(Value::record([
        ("", 1),
        ("__proto__", 2),
        ("new", 3),
        ("z", 4),
    ]));
    let many = (0..1000).map(|n| (format!("name {n}"), n));
    list.push(Value::record(many.clone()));
    list.push(Value::record(many.rev()));
    prints_the_same(list);
}

#[test]
fn maps_and_sets_keep_their_order() {
    let key = Value::record([("k", 1)]);
    let map = prints_the_same(Value::map([
        (key.clone(), key),
        (Value::Null, f64::NAN.into()),
    ]));
    let entries = object(&map).map_entries().unwrap();
    assert_eq!(entries[0].0, entries[0].1);
    prints_the_same(Value::set([
        Value::from(3),
        Value::from("x"),
        Value::list([1]),
    ]));
}

#[test]
fn identity_and_cycles() {
    let shared = Value::record([("n", 1)]);
    let root = Object::new();
    root.set("a", shared.clone());
    root.set("b", Value::list([shared.clone(), shared]));
    root.set("self", root.clone());
    let cloned = clone(&root.clone().into());
    assert_eq!(cloned.get("self"), Some(cloned.clone()));
    assert_eq!(cloned.get("a"), cloned.get("b").unwrap().get(0));
    assert_eq!(cloned.get("a"), cloned.get("b").unwrap().get(1));
    assert_ne!(cloned.get("a"), root.get("a"));
    root.clear();
    object(&cloned).clear();
}

fn view(kind: ViewKind, buffer: &Object, byte_offset: u64, length: Option<u64>) -> Value {
    Object::view(ViewInfo {
        kind,
        buffer: buffer.clone(),
        byte_offset,
        length,
        out_of_bounds: false,
    })
    .into()
}

#[test]
fn buffers_and_views() {
    let buffer = Object::array_buffer((0..64).collect::<Vec<u8>>());
    let mut views: Vec<Value> = ViewKind::ALL
        .into_iter()
        .map(|kind| view(kind, &buffer, 8, Some(3)))
        .collect();
    views.push(buffer.clone().into());
    let cloned = prints_the_same(views).elements().unwrap();
    let (cloned_buffer, views) = cloned.split_last().unwrap();
    assert_eq!(object(cloned_buffer).bytes(), buffer.bytes());
    for (kind, cloned) in ViewKind::ALL.into_iter().zip(views) {
        let info = object(cloned).view_info().unwrap();
        assert_eq!(
            (info.kind, info.byte_offset, info.length),
            (kind, 8, Some(3))
        );
        assert_eq!(&info.buffer, object(cloned_buffer), "one buffer stays one");
    }

    let resizable = Object::resizable_array_buffer([1, 2, 3, 4], 16);
    let tracking = clone(&view(ViewKind::Uint16Array, &resizable, 2, None));
    let info = object(&tracking).view_info().unwrap();
    assert_eq!(
        (info.length, info.buffer.max_byte_length()),
        (None, Some(16))
    );
    assert_eq!(object(&tracking).bytes(), Some(vec![3, 4]));
}

#[test]
fn detached_buffers_and_their_views_are_refused() {
    let mut heap = ValueHeap::default();
    let buffer = Object::array_buffer([1, 2]);
    let bytes = view(ViewKind::Uint8Array, &buffer, 0, Some(2));
    heap.detach_array_buffer(&buffer).unwrap();
    assert_eq!(
        structured_serialize(&mut heap, &buffer.into()).unwrap_err(),
        CloneError::DetachedBuffer
    );
    assert_eq!(
        structured_serialize(&mut heap, &bytes).unwrap_err(),
        CloneError::OutOfBoundsView
    );
}

/// A world with one kind of transferable object ("Port"), one that is serializable ("Box", with a
/// number and a value inside), and shared memory.
#[derive(Default)]
struct World {
    detached: Vec<Object>,
    cluster: Option<AgentCluster>,
    not_inert: bool,
}

impl ValueHost for World {
    type Realm = Option<AgentCluster>;
    type Error = CloneError;

    fn is_inert(&self) -> bool {
        !self.not_inert
    }
    fn is_serializable(&mut self, interface: &'static str, _: &Object) -> bool {
        interface == "Box"
    }
    fn serialization_steps(
        &mut self,
        _: &'static str,
        object: &Object,
        out: &mut Out<'_, Self>,
    ) -> Result<(), Failure<CloneError>> {
        let (number, value) = &*object.platform_data::<(u64, Value)>().unwrap();
        out.integer(*number);
        out.text("state")?;
        out.sub_serialize(value.clone());
        out.sub_serialize(Value::from("second"));
        Ok(())
    }
    fn deserialization_steps(
        &mut self,
        interface: &str,
        _: &Self::Realm,
        input: &mut In<'_, '_>,
    ) -> Result<Object, Failure<CloneError>> {
        if interface != "Box" {
            return Err(CloneError::NotExposed(interface.to_owned()).into());
        }
        let number = input.integer()?;
        assert!(input.string()?.is_ascii_text("state"));
        let values = std::cell::RefCell::new(Vec::<Value>::new());
        Ok(Object::platform("Box", (number, values)))
    }
    fn sub_deserialized(
        &mut self,
        object: &Object,
        value: Value,
    ) -> Result<(), Failure<CloneError>> {
        let data = object.platform_data::<(u64, std::cell::RefCell<Vec<Value>>)>();
        data.unwrap().1.borrow_mut().push(value);
        Ok(())
    }
    fn platform_transferability(
        &mut self,
        interface: &'static str,
        object: &Object,
    ) -> Transferability {
        match interface {
            "Port" => Transferability::Platform {
                detached: self.detached.contains(object),
            },
            _ => Transferability::No,
        }
    }
    fn transfer_steps(&mut self, object: &Object) -> Result<Attachment, Failure<CloneError>> {
        self.detached.push(object.clone());
        let number = *object.platform_data::<u32>().unwrap();
        Ok(Attachment::Platform("Port", Box::new(number)))
    }
    fn transfer_receiving_steps(
        &mut self,
        _: &Self::Realm,
        attachment: Attachment,
    ) -> Result<Object, Failure<CloneError>> {
        let Attachment::Platform("Port", data) = attachment else {
            return Err(CloneError::NotExposed(attachment.interface().to_owned()).into());
        };
        Ok(Object::platform("Port", *data.downcast::<u32>().unwrap()))
    }
    fn current_agent_cluster(&mut self) -> Option<AgentCluster> {
        self.cluster
    }
    fn agent_cluster_of(&mut self, realm: &Self::Realm) -> Option<AgentCluster> {
        *realm
    }
}

#[test]
fn platform_objects_have_their_own_steps() {
    let mut world = World::default();
    let root = Object::new();
    let inner: (u64, Value) = (7, root.clone().into());
    let boxed = Object::platform("Box", inner);
    root.set("box", boxed.clone());
    root.set("again", boxed);
    let serialized = structured_serialize(&mut world, &root.clone().into()).unwrap();
    let cloned = structured_deserialize(&mut world, &serialized, &None).unwrap();
    assert_eq!(cloned.get("box"), cloned.get("again"));
    let boxed = cloned.get("box").unwrap();
    let data = object(&boxed)
        .platform_data::<(u64, std::cell::RefCell<Vec<Value>>)>()
        .unwrap();
    assert_eq!(
        (data.0, data.1.borrow().as_slice()),
        (7, &[cloned.clone(), "second".into()][..])
    );

    let error = structured_deserialize(&mut ValueHeap::default(), &serialized, &()).unwrap_err();
    assert_eq!(error, CloneError::NotExposed("Box".to_owned()));
    let port = Value::from(vec![Object::platform("Port", 1_u32)]);
    let error = structured_serialize(&mut world, &port).unwrap_err();
    assert_eq!(error, CloneError::NotSerializable("Port".to_owned()));
    root.clear();
    object(&cloned).clear();
}

#[test]
fn transferred_buffers_are_moved_and_not_copied() {
    let mut heap = ValueHeap::default();
    let buffer = Object::array_buffer(vec![7; 1 << 20]);
    let address = buffer.with_bytes(<[u8]>::as_ptr).unwrap();
    let value = Value::record([
        ("buffer", buffer.clone().into()),
        ("view", view(ViewKind::Int32Array, &buffer, 4, Some(2))),
        ("again", buffer.clone().into()),
    ]);
    let message =
        structured_serialize_with_transfer(&mut heap, &value, std::slice::from_ref(&buffer))
            .unwrap();
    assert!(buffer.is_detached());
    assert!(message.serialized.bytes().len() < 100);
    let received = structured_deserialize_with_transfer(&mut heap, message, &()).unwrap();
    let [moved] = &received.transferred_values[..] else {
        panic!("one buffer was transferred");
    };
    assert_eq!(moved.with_bytes(<[u8]>::as_ptr), Some(address));
    let deserialized = received.deserialized;
    assert_eq!(deserialized.get("buffer"), Some(moved.clone().into()));
    assert_eq!(deserialized.get("again"), Some(moved.clone().into()));
    let view = deserialized.get("view").unwrap();
    assert_eq!(object(&view).view_info().unwrap().buffer, *moved);
}

#[test]
fn resizable_buffers_stay_resizable_and_foreign_blocks_are_read() {
    struct Foreign;
    impl ByteBlock for Foreign {
        fn bytes(&self) -> &[u8] {
            b"foreign"
        }
    }
    let mut heap = ValueHeap::default();
    let buffer = Object::resizable_array_buffer([1], 10);
    let mut message =
        structured_serialize_with_transfer(&mut heap, &Value::Null, &[buffer]).unwrap();
    let Some(Attachment::Block { block, .. }) = message.transfer_data_holders.get_mut(0) else {
        panic!("a block was transferred");
    };
    *block = Box::new(Foreign);
    let received = structured_deserialize_with_transfer(&mut heap, message, &()).unwrap();
    assert_eq!(
        received.transferred_values[0].bytes(),
        Some(b"foreign".to_vec())
    );
    assert_eq!(received.transferred_values[0].max_byte_length(), Some(10));
}

#[test]
fn a_transfer_that_fails_leaves_everything_usable() {
    let mut world = World::default();
    let buffer = Object::array_buffer([1]);
    let port = Object::platform("Port", 1_u32);
    let gone = Object::platform("Port", 2_u32);
    world.detached.push(gone.clone());
    let plain = Object::new();
    let unserializable = Value::from(vec![Object::platform("Port", 3_u32)]);
    for (value, list, expected) in [
        (
            &Value::Null,
            vec![&buffer, &plain],
            CloneError::NotTransferable(1),
        ),
        (
            &Value::Null,
            vec![&buffer, &port, &buffer],
            CloneError::DuplicateTransfer(2),
        ),
        (
            &Value::Null,
            vec![&port, &buffer, &gone],
            CloneError::DetachedTransfer(2),
        ),
        // What is refused by its kind comes first, serialization next, detachment last.
        (
            &unserializable,
            vec![&plain],
            CloneError::NotTransferable(0),
        ),
        (
            &unserializable,
            vec![&buffer, &gone],
            CloneError::NotSerializable("Port".to_owned()),
        ),
    ] {
        let list: Vec<Object> = list.into_iter().cloned().collect();
        let error = structured_serialize_with_transfer(&mut world, value, &list).unwrap_err();
        assert_eq!(error, expected);
        assert!(!buffer.is_detached());
        assert!(!world.detached.contains(&port));
    }
}

#[test]
fn platform_objects_are_transferred_and_keep_their_places() {
    let mut world = World::default();
    let [a, b] = [1_u32, 2].map(|number| Object::platform("Port", number));
    let value = Value::list([b.clone(), a.clone(), b.clone()]);
    let message = structured_serialize_with_transfer(&mut world, &value, &[a, b]).unwrap();
    let received = structured_deserialize_with_transfer(&mut world, message, &None).unwrap();
    let numbers: Vec<u32> = received
        .transferred_values
        .iter()
        .map(|port| *port.platform_data().unwrap())
        .collect();
    assert_eq!(numbers, [1, 2]);
    let [a, b] = &received.transferred_values[..] else {
        panic!("two ports were transferred");
    };
    let places = [b, a, b].map(|port| Value::from(port.clone())).to_vec();
    assert_eq!(received.deserialized.elements(), Some(places));
}

#[test]
fn shared_memory_stays_in_its_agent_cluster() {
    let memory: Arc<dyn Any + Send + Sync> = Arc::new([1_u8, 2, 3]);
    let buffer = Object::shared_array_buffer(memory.clone());
    let value = Value::from(vec![
        buffer.clone().into(),
        view(ViewKind::Uint8Array, &buffer, 1, Some(1)),
    ]);
    let mut world = World::default();
    assert_eq!(
        structured_serialize(&mut world, &value).unwrap_err(),
        CloneError::SharedMemoryNotAllowed
    );
    world.cluster = Some(AgentCluster(1));
    assert_eq!(
        structured_serialize_for_storage(&mut world, &value).unwrap_err(),
        CloneError::SharedMemoryInStorage
    );
    assert_eq!(
        structured_serialize_with_transfer(&mut world, &Value::Null, &[buffer]).unwrap_err(),
        CloneError::NotTransferable(0)
    );
    let serialized = structured_serialize(&mut world, &value).unwrap();
    for elsewhere in [None, Some(AgentCluster(2))] {
        let error = structured_deserialize(&mut world, &serialized, &elsewhere).unwrap_err();
        assert_eq!(error, CloneError::OtherAgentCluster);
    }
    let here = Some(AgentCluster(1));
    let cloned = structured_deserialize(&mut world, &serialized, &here).unwrap();
    let shared = cloned.get(0).unwrap();
    assert!(Arc::ptr_eq(
        &object(&shared).shared_memory().unwrap(),
        &memory
    ));
    let bytes_alone = Serialized::from_bytes(serialized.bytes().to_vec());
    let error = structured_deserialize(&mut world, &bytes_alone, &here).unwrap_err();
    assert!(matches!(error, CloneError::Malformed { .. }));
}

#[test]
fn limits_are_kept_both_ways() {
    let value = Value::list((0..100).map(|n| Value::list([n])));
    let serialized = structured_serialize(&mut ValueHeap::default(), &value).unwrap();
    let length = serialized.bytes().len();
    let limited = |limits| ValueHeap { limits };
    let few_bytes = Limits::DEFAULT.with_bytes(length - 1);
    let few_objects = Limits::DEFAULT.with_objects(100);
    for (limits, expected) in [
        (few_bytes, CloneError::TooManyBytes { limit: length - 1 }),
        (few_objects, CloneError::TooManyObjects { limit: 100 }),
    ] {
        let mut heap = limited(limits);
        assert_eq!(
            structured_serialize(&mut heap, &value).unwrap_err(),
            expected
        );
        let error = structured_deserialize(&mut heap, &serialized, &()).unwrap_err();
        assert_eq!(error, expected);
    }
    let mut enough = limited(Limits::DEFAULT.with_bytes(length).with_objects(101));
    let serialized = structured_serialize(&mut enough, &value).unwrap();
    assert!(structured_deserialize(&mut enough, &serialized, &()).is_ok());
    // A large buffer is refused before it is copied.
    let error = structured_serialize(&mut enough, &Value::bytes(vec![0; length])).unwrap_err();
    assert_eq!(error, CloneError::TooManyBytes { limit: length });
}

fn on_a_small_stack(test: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(512 << 10);
    thread.spawn(test).unwrap().join().unwrap();
}

#[test]
fn a_million_deep() {
    const DEPTH: usize = 1_000_000;
    on_a_small_stack(|| {
        let wraps: [fn(Value) -> Value; 5] = [
            |inner| Value::list([inner]),
            |inner| Value::record([("inner", inner)]),
            |inner| Value::map([(0, inner)]),
            |inner| Value::set([inner]),
            |inner| {
                Object::error(ErrorData {
                    kind: ErrorKind::Error,
                    message: None,
                    stack: None,
                    cause: Some(inner),
                })
                .into()
            },
        ];
        let mut heap = ValueHeap::default();
        let value = (0..DEPTH).fold(Value::Null, |inner, n| wraps[n % wraps.len()](inner));
        let serialized = structured_serialize(&mut heap, &value).unwrap();
        drop(value);
        let mut cloned = structured_deserialize(&mut heap, &serialized, &()).unwrap();
        drop(serialized);
        for n in (0..DEPTH).rev() {
            let outer = object(&cloned).clone();
            let inner = match n % wraps.len() {
                0 => outer.get(0),
                1 => outer.get("inner"),
                2 => outer.map_entries().map(|entries| entries[0].1.clone()),
                3 => outer.set_values().map(|values| values[0].clone()),
                _ => outer.error_data().unwrap().cause,
            };
            cloned = inner.unwrap();
        }
        assert!(cloned.is_null());
        // One that is dropped from its outer end.
        let value = (0..DEPTH).fold(Value::Null, |inner, n| wraps[n % wraps.len()](inner));
        drop(clone(&value));
    });
}

#[test]
fn a_million_wide() {
    on_a_small_stack(|| {
        let value = Value::list((0..1_000_000).map(|n| Value::list([n])));
        let cloned = clone(&value);
        assert_eq!(object(&cloned).array_length(), Some(1_000_000));
        assert_eq!(cloned.get(999_999).unwrap().get(0), Some(999_999.into()));
        let value = Value::record((0..100_000).map(|n| (format!("k{n}"), n)));
        assert_eq!(clone(&value).get("k99999"), Some(99_999.into()));
    });
}

#[test]
fn both_ways_of_reading_properties_agree() {
    let sparse = Object::array(1_000_000);
    for index in [0, 1, 5, 100, 70_000, 999_999] {
        sparse.set(index, Value::record([("i", index)]));
    }
    sparse.set(
        "x",
        Value::list([Value::Null, 0.5.into(), "s".into(), true.into()]),
    );
    sparse.set("y", BigInt::from(1_i64 << 40));
    sparse.set("z", sparse.clone());
    let value = Value::record([("5", Value::from(1)), ("a", sparse.clone().into())]);
    let bytes = [false, true].map(|not_inert| {
        let mut world = World {
            not_inert,
            ..World::default()
        };
        structured_serialize(&mut world, &value)
            .unwrap()
            .bytes()
            .to_vec()
    });
    assert_eq!(bytes[0], bytes[1]);
    sparse.clear();
}

/// The examples of `docs/wire-format.md`, which have to be what is written.
#[test]
fn the_wire_form_is_as_documented() {
    let document = include_str!("../../../docs/wire-format.md");
    let (_, examples) = document.split_once("## Examples").unwrap();
    let documented: Vec<Vec<u8>> = examples
        .split("```")
        .filter_map(|part| part.strip_prefix("text\n"))
        .map(|example| {
            let bytes = example.lines().flat_map(|line| {
                let two_digits =
                    |word: &&str| word.len() == 2 && u8::from_str_radix(word, 16).is_ok();
                line.split_whitespace()
                    .take_while(two_digits)
                    .collect::<Vec<_>>()
            });
            bytes
                .map(|byte| u8::from_str_radix(byte, 16).unwrap())
                .collect()
        })
        .collect();

    let plain = Value::record([
        ("a", Value::from(1)),
        ("b", Value::list([Value::from(true), Value::from(-0.0)])),
        ("c", "é".into()),
    ]);
    let bytes = view(
        ViewKind::Uint8Array,
        &Object::array_buffer([7, 8]),
        0,
        Some(2),
    );
    let twice = Value::list([bytes.clone(), bytes]);
    let written = [plain, twice].map(|value| {
        let serialized = structured_serialize(&mut ValueHeap::default(), &value);
        serialized.unwrap().bytes().to_vec()
    });
    assert_eq!(written[..], documented[..]);
}
