//! Structured clone of plain Rust values: platform objects, transfer, shared memory.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::any::Any;
use std::sync::Arc;

use common::{World, object, view};
use framepost_messaging::Value;
use framepost_messaging::structured_clone::{
    AgentCluster, ByteBlock, CloneError, Serialized, TransferDataHolder, ViewKind,
    structured_deserialize, structured_deserialize_with_transfer, structured_serialize,
    structured_serialize_for_storage, structured_serialize_with_transfer,
};
use framepost_messaging::value::{Object, ValueHeap};

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
    let Some(TransferDataHolder::Block { block, .. }) = message.transfer_data_holders.get_mut(0)
    else {
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
fn failed_transfer_detaches_nothing() {
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
        // The order of the checks: transferable kinds first, then serialization, then detachment.
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
