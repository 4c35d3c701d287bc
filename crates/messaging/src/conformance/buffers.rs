//! Checks of array buffers: transfer, detached buffers, shared memory.

use std::fmt::Debug;

use super::heap::{create, create_object, object_of};
use super::report::Report;
use super::samples::{Feature, Samples};
use super::values::view;
use crate::structured_clone::{
    Class, Heap, Message, PropertyKey, Transferability, ViewKind,
    structured_deserialize_with_transfer, structured_serialize, structured_serialize_for_storage,
    structured_serialize_with_transfer,
};
use crate::value::{Object, Value, ValueHeap};

pub(super) fn check_buffers<H: Heap>(
    heap: &mut H,
    realm: &H::Realm,
    samples: &Samples<H>,
    report: &mut Report,
) where
    H::Error: Debug,
{
    if check_transfer(heap, realm, report).is_none() {
        report.check("a transferred buffer", "a buffer in the heap", "none");
    }
    if samples.has(&[Feature::ResizableBuffers]) {
        check_resizable(heap, realm, report);
    }
    check_failed_transfer(heap, realm, samples, report);
    if let Some(shared) = &samples.shared_memory {
        check_shared_memory(heap, realm, shared, report);
    }
}

/// Sends a buffer into the heap by a transfer.
fn transfer_into<H: Heap>(
    heap: &mut H,
    realm: &H::Realm,
    buffer: &Object,
    value: &Value,
) -> Option<(H::Value, H::Object)> {
    let plain = &mut ValueHeap::default();
    let sent =
        structured_serialize_with_transfer(plain, value, std::slice::from_ref(buffer)).ok()?;
    let there = structured_deserialize_with_transfer(heap, sent, realm).ok()?;
    Some((
        there.deserialized,
        there.transferred_values.into_iter().next()?,
    ))
}

fn check_transfer<H: Heap>(heap: &mut H, realm: &H::Realm, report: &mut Report) -> Option<()>
where
    H::Error: Debug,
{
    let buffer = Object::array_buffer([1, 2, 3, 4]);
    let value = Value::list([
        buffer.clone().into(),
        view(ViewKind::Int8Array, &buffer, 1, Some(2)),
    ]);
    let (value, there) = transfer_into(heap, realm, &buffer, &value)?;
    report.equal(
        "a transferred buffer can be transferred",
        Transferability::ArrayBuffer { detached: false },
        heap.transferability(&there),
    );
    let list = object_of(heap, value.clone())?;
    let first = heap.own_property(&list, &PropertyKey::Index(0), 0).ok()??;
    let first = object_of(heap, first);
    report.equal(
        "the value refers to the transferred buffer",
        true,
        first.as_ref() == Some(&there),
    );
    let twice = [there.clone(), there.clone()];
    let found = structured_serialize_with_transfer(heap, &value, &twice).is_err();
    report.equal("a buffer twice in a transfer list is refused", true, found);
    let answer = structured_serialize_with_transfer(heap, &value, std::slice::from_ref(&there));
    let answer = match answer {
        Ok(answer) => answer,
        Err(error) => {
            report.check("a buffer is transferred", "a message", format!("{error:?}"));
            return Some(());
        }
    };
    report.equal(
        "a transferred buffer is detached",
        Transferability::ArrayBuffer { detached: true },
        heap.transferability(&there),
    );
    let class = heap.class(&there).ok();
    let found = match &class {
        Some(Class::ArrayBuffer(info)) => Some((info.byte_length, info.detached)),
        _ => None,
    };
    report.equal("the class of a detached buffer", Some((0, true)), found);
    let again = structured_serialize_with_transfer(heap, &value, &[there]).is_err();
    report.equal(
        "a detached buffer in a transfer list is refused",
        true,
        again,
    );
    let again = structured_serialize(heap, &value).is_err();
    report.equal("a detached buffer in a value is refused", true, again);
    check_answer(answer, report);
    Some(())
}

/// The buffer and its view, back in plain Rust.
fn check_answer(answer: Message, report: &mut Report) {
    let plain = &mut ValueHeap::default();
    let back = structured_deserialize_with_transfer(plain, answer, &());
    let Ok(back) = back else {
        report.check("a transferred buffer arrives", "a message", "no message");
        return;
    };
    let moved = back.transferred_values.first();
    report.equal(
        "a transferred buffer has its bytes",
        Some(vec![1, 2, 3, 4]),
        moved.and_then(Object::bytes),
    );
    let view = back.deserialized.get(1);
    let info = view.as_ref().and_then(|it| it.as_object()?.view_info());
    let found = info.map(|it| (Some(&it.buffer) == moved, it.byte_offset, it.length));
    report.equal(
        "the view of a transferred buffer",
        Some((true, 1, Some(2))),
        found,
    );
}

fn check_resizable<H: Heap>(heap: &mut H, realm: &H::Realm, report: &mut Report) {
    let buffer = Object::resizable_array_buffer([5, 6], 9);
    let there = transfer_into(heap, realm, &buffer, &buffer.clone().into());
    let answer = there
        .and_then(|(value, there)| structured_serialize_with_transfer(heap, &value, &[there]).ok());
    let plain = &mut ValueHeap::default();
    let back = answer.and_then(|it| structured_deserialize_with_transfer(plain, it, &()).ok());
    let found = back.and_then(|back| {
        let moved = back.transferred_values.into_iter().next()?;
        Some((moved.bytes()?, moved.max_byte_length()))
    });
    report.equal(
        "a transferred buffer stays resizable",
        Some((vec![5, 6], Some(9))),
        found,
    );
}

/// If a transfer fails, nothing is detached.
fn check_failed_transfer<H: Heap>(
    heap: &mut H,
    realm: &H::Realm,
    samples: &Samples<H>,
    report: &mut Report,
) {
    let buffer = create_object(heap, realm, &Value::bytes([1, 2]));
    let plain = create_object(heap, realm, &Object::new().into());
    let value = create(heap, realm, &Value::from(1));
    let (Some(buffer), Some(plain), Some(value)) = (buffer, plain, value) else {
        report.check("a transfer that fails", "a buffer", "it cannot be created");
        return;
    };
    let attached = Transferability::ArrayBuffer { detached: false };
    let list = [buffer.clone(), plain.clone()];
    let found = structured_serialize_with_transfer(heap, &value, &list).is_err();
    report.equal(
        "a plain object in a transfer list is refused",
        (Transferability::No, true),
        (heap.transferability(&plain), found),
    );
    let found = heap.transferability(&buffer);
    report.equal("then the buffer before it is not detached", attached, found);
    for (name, refused) in &samples.refused {
        let list = [buffer.clone()];
        let found = structured_serialize_with_transfer(heap, refused, &list).is_err();
        report.equal(
            format!("{name} is refused, and the transferred buffer is not detached"),
            (true, attached),
            (found, heap.transferability(&buffer)),
        );
    }
}

fn check_shared_memory<H: Heap>(
    heap: &mut H,
    realm: &H::Realm,
    shared: &H::Value,
    report: &mut Report,
) {
    let Some(object) = object_of(heap, shared.clone()) else {
        report.check("shared memory", "an object", "another value");
        return;
    };
    let class = heap.class(&object).map(|class| format!("{class:?}"));
    report.equal(
        "the class of shared memory",
        Some("SharedArrayBuffer".to_owned()),
        class.ok(),
    );
    let list = [object.clone()];
    let found = structured_serialize_with_transfer(heap, shared, &list).is_err();
    report.equal("shared memory in a transfer list is refused", true, found);
    let found = structured_serialize_for_storage(heap, shared).is_err();
    report.equal("shared memory is not stored", true, found);
    let may = heap.current_agent_cluster().is_some();
    let sent = structured_serialize(heap, shared);
    report.equal(
        "shared memory is sent if the current realm may share memory",
        may,
        sent.is_ok(),
    );
    if let Ok(sent) = sent {
        let same = heap.agent_cluster_of(realm) == heap.current_agent_cluster();
        let there = crate::structured_clone::structured_deserialize(heap, &sent, realm);
        report.equal(
            "shared memory arrives in its agent cluster only",
            same,
            there.is_ok(),
        );
    }
}
