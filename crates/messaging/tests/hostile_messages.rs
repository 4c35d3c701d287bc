//! Damaged messages with attachments: reading them never panics, a value that was read can be written again, and no
//! port outlives its objects. `PROPTEST_CASES` sets the number of messages.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use framepost_event_loop::{EventLoop, TimerTask};
use framepost_messaging::ports::Owner;
use framepost_messaging::structured_clone::{
    BigInt, Message, Serialized, TransferDataHolder, structured_deserialize_with_transfer,
    structured_serialize, structured_serialize_with_transfer,
};
use framepost_messaging::value::{HostHeap, Object};
use framepost_messaging::{Messaging, MessagingTask, Value};
use proptest::prelude::*;

#[derive(Debug)]
struct Task;

impl From<MessagingTask> for Task {
    fn from(_: MessagingTask) -> Self {
        Self
    }
}

impl From<TimerTask> for Task {
    fn from(_: TimerTask) -> Self {
        Self
    }
}

/// A place in a list of any length.
#[derive(Clone, Copy, Debug)]
struct Index(usize);

impl Index {
    fn index(self, length: usize) -> usize {
        self.0 % length
    }

    fn get<T>(self, list: &[T]) -> &T {
        &list[self.index(list.len())]
    }

    fn get_mut(self, bytes: &mut [u8]) -> &mut u8 {
        let at = self.index(bytes.len());
        &mut bytes[at]
    }
}

fn index() -> impl Strategy<Value = Index> {
    any::<usize>().prop_map(Index)
}

/// A change of the bytes.
#[derive(Clone, Debug)]
enum Damage {
    Set(Index, u8),
    Flip(Index, u8),
    Insert(Index, u8),
    Remove(Index),
    Repeat(Index, Index),
    CutOff(Index),
}

fn damage() -> impl Strategy<Value = Damage> {
    let at = index;
    prop_oneof![
        4 => (at(), any::<u8>()).prop_map(|(at, byte)| Damage::Set(at, byte)),
        2 => (at(), 0..8_u8).prop_map(|(at, bit)| Damage::Flip(at, 1 << bit)),
        2 => (at(), any::<u8>()).prop_map(|(at, byte)| Damage::Insert(at, byte)),
        2 => at().prop_map(Damage::Remove),
        1 => (at(), at()).prop_map(|(from, to)| Damage::Repeat(from, to)),
        1 => at().prop_map(Damage::CutOff),
    ]
}

fn apply(bytes: &mut Vec<u8>, damage: &Damage) {
    if bytes.is_empty() {
        return;
    }
    match damage {
        Damage::Set(at, byte) => *at.get_mut(bytes) = *byte,
        Damage::Flip(at, bits) => *at.get_mut(bytes) ^= bits,
        Damage::Insert(at, byte) => bytes.insert(at.index(bytes.len()), *byte),
        Damage::Remove(at) => {
            bytes.remove(at.index(bytes.len()));
        }
        Damage::Repeat(from, to) => {
            let (from, to) = (from.index(bytes.len()), to.index(bytes.len()));
            let part = bytes[from.min(to)..from.max(to)].to_vec();
            bytes.splice(from..from, part);
        }
        Damage::CutOff(at) => bytes.truncate(at.index(bytes.len())),
    }
}

/// Values of all kinds, with these objects in them. They are the seeds.
fn seeds(transferred: &[Object]) -> Vec<Value> {
    let objects = || transferred.iter().cloned().map(Value::from);
    let cycle = Object::new();
    cycle.set("self", cycle.clone());
    vec![
        Value::list(objects()),
        Value::record([("a", Value::from("text")), ("b", Value::list(objects()))]),
        Value::map(objects().map(|object| (object.clone(), object))),
        Value::set(objects()),
        Value::list([
            Value::Null,
            Value::from(1.5),
            BigInt::from(-(1_i128 << 90)).into(),
            Object::date(3.0).into(),
            Value::bytes(vec![1, 2, 3]),
            cycle.into(),
            Value::list(objects()),
        ]),
    ]
}

/// The damage to a message in transit.
#[derive(Clone, Debug)]
pub struct Damages {
    seed: Index,
    bytes: Vec<Damage>,
    /// The attachments that are lost.
    lost: Vec<Index>,
    /// Two attachments that change places.
    swapped: Option<(Index, Index)>,
}

/// A random damage to a message.
pub fn damages() -> impl Strategy<Value = Damages> {
    let parts = (
        index(),
        proptest::collection::vec(damage(), 0..6),
        proptest::collection::vec(index(), 0..2),
        proptest::option::of((index(), index())),
    );
    parts.prop_map(|(seed, bytes, lost, swapped)| Damages {
        seed,
        bytes,
        lost,
        swapped,
    })
}

/// What happens to a message, of a fuzzer's bytes: five for the attachments, then four for each change.
pub fn damages_of_bytes(bytes: &[u8]) -> Option<Damages> {
    let ([seed, flags, lost, one, other], changes) = bytes.split_first_chunk()?;
    let at = |byte: &u8| Index(usize::from(*byte));
    let changes = changes.chunks_exact(4).map(|bytes| {
        let place = Index(usize::from(u16::from_le_bytes([bytes[1], bytes[2]])));
        let byte = bytes[3];
        match bytes[0] % 6 {
            0 => Damage::Set(place, byte),
            1 => Damage::Flip(place, 1 << (byte % 8)),
            2 => Damage::Insert(place, byte),
            3 => Damage::Remove(place),
            4 => Damage::Repeat(place, Index(usize::from(byte))),
            _ => Damage::CutOff(place),
        }
    });
    Some(Damages {
        seed: at(seed),
        bytes: changes.collect(),
        lost: (flags % 2 == 1).then(|| at(lost)).into_iter().collect(),
        swapped: (flags % 4 > 1).then(|| (at(one), at(other))),
    })
}

/// Reads a message that was damaged.
pub fn read(damages: &Damages) {
    let mut event_loop: EventLoop<Task, ()> = EventLoop::new();
    let mut messaging = Messaging::new();
    let (one, other) = messaging.create_channel(Owner::Host);
    let ports = [one, other].map(|port| HostHeap::port(messaging.detach(port).unwrap()));
    let buffer = Object::array_buffer(vec![7; 100]);
    let transferred = [ports[0].clone(), buffer, ports[1].clone()];
    let values = seeds(&transferred);
    let value = damages.seed.get(&values);
    let message = structured_serialize_with_transfer(&mut HostHeap, value, &transferred);
    let message = message.expect("a seed is a message");
    let mut bytes = message.serialized.bytes().to_vec();
    for damage in &damages.bytes {
        apply(&mut bytes, damage);
    }
    let mut holders: Vec<TransferDataHolder> = message.transfer_data_holders.into_iter().collect();
    for lost in &damages.lost {
        if !holders.is_empty() {
            drop(holders.remove(lost.index(holders.len())));
        }
    }
    if let (Some((one, other)), false) = (damages.swapped, holders.is_empty()) {
        let (one, other) = (one.index(holders.len()), other.index(holders.len()));
        holders.swap(one, other);
    }
    let mut damaged = Message::from(Serialized::from_bytes(bytes));
    damaged.transfer_data_holders = holders.into();
    if let Ok(received) = structured_deserialize_with_transfer(&mut HostHeap, damaged, &()) {
        let _ = format!("{:?}", received.deserialized);
        if let Ok(written) = structured_serialize(&mut HostHeap, &received.deserialized) {
            assert!(!written.bytes().is_empty());
        }
        // Most cycles include the outermost object.
        if let Some(object) = received.deserialized.as_object() {
            object.clear();
        }
    }
    for value in values {
        if let Some(object) = value.as_object() {
            object.clear();
        }
    }
    drop((ports, transferred));
    messaging.process_drops(&mut event_loop);
    // A damaged message may hold its ports in a cycle that only its reader could break.
    assert!(messaging.half_count() <= 2);
    if damages.bytes.is_empty() {
        assert_eq!(messaging.half_count(), 0);
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: ProptestConfig::default().cases.max(2000),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn damaged_message_is_refused_or_read(damages in damages()) {
        read(&damages);
    }

    #[test]
    fn message_that_bytes_damage_is_refused_or_read(bytes in proptest::collection::vec(any::<u8>(), 5..30)) {
        damages_of_bytes(&bytes).iter().for_each(read);
    }
}
