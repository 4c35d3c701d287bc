//! Shared helpers for the tests of structured clone.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used, clippy::expect_used)]

use framepost_messaging::Value;
use framepost_messaging::structured_clone::{
    AgentCluster, CloneError, Failure, StateReader, StateWriter, TransferDataHolder,
    Transferability, ViewInfo, ViewKind, structured_deserialize, structured_serialize,
};
use framepost_messaging::value::{Object, ValueHeap, ValueHost};

pub fn clone(value: &Value) -> Value {
    let mut heap = ValueHeap::default();
    let serialized = structured_serialize(&mut heap, value).unwrap();
    structured_deserialize(&mut heap, &serialized, &()).unwrap()
}

pub fn object(value: &Value) -> &Object {
    value.as_object().expect("an object")
}

/// Clones `value` and checks that the clone prints the same but is a different object.
pub fn prints_the_same(value: impl Into<Value>) -> Value {
    let value = value.into();
    let cloned = clone(&value);
    assert_eq!(format!("{cloned:?}"), format!("{value:?}"));
    assert!(!value.is_object() || cloned != value);
    cloned
}

/// Creates an object for a view.
pub fn view(kind: ViewKind, buffer: &Object, byte_offset: u64, length: Option<u64>) -> Value {
    Object::view(ViewInfo {
        kind,
        buffer: buffer.clone(),
        byte_offset,
        length,
        out_of_bounds: false,
    })
    .into()
}

/// A host with one kind of transferable object ("Port"), one kind of serializable object ("Box",
/// with a number and a value), and shared memory.
#[derive(Default)]
pub struct World {
    pub detached: Vec<Object>,
    pub cluster: Option<AgentCluster>,
    pub not_inert: bool,
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
        out: &mut StateWriter<'_, Value>,
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
        input: &mut StateReader<'_, '_>,
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
    fn transfer_steps(
        &mut self,
        object: &Object,
    ) -> Result<TransferDataHolder, Failure<CloneError>> {
        self.detached.push(object.clone());
        let number = *object.platform_data::<u32>().unwrap();
        Ok(TransferDataHolder::Platform("Port", Box::new(number)))
    }
    fn transfer_receiving_steps(
        &mut self,
        _: &Self::Realm,
        attachment: TransferDataHolder,
    ) -> Result<Object, Failure<CloneError>> {
        let TransferDataHolder::Platform("Port", data) = attachment else {
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
