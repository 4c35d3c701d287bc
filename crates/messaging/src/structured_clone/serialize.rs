//! [StructuredSerializeInternal](https://html.spec.whatwg.org/multipage/structured-data.html#structuredserializeinternal)
//! and the operations that are one call of it.
//!
//! The specification recurses; this code uses a stack of frames instead. The Record that
//! the specification builds is written as bytes directly, and `memory` maps objects to the numbers
//! by which the bytes refer to them. So an object is entered in memory (step 25) before its parts are
//! written, and `deep` (step 3) is a frame on the stack. The key of a property is written before its value
//! (26.4.1.3. before 26.4.1.2.), the size of a buffer before its bytes (13.2.5. and 13.2.6. before 13.2.4.), and the
//! cause of an error is read before its stack (17.7. before 17.5.).

mod buffers;

use super::class::{Class, Kind, NativeErrorKind};
use super::error::{CloneError, CloneLimits, Failure};
use super::heap::{Heap, OwnKey, PropertyKey, Scan};
use super::memory::{FEW, Keys, Memory, Shapes};
use super::message::{AgentCluster, Serialized, SharedData};
use super::platform::StateWriter;
use super::property_writer::{Form, PropertyWriter};
use super::units::HeapString;
use super::wire::{FLAGS, HEADER, REFERENCES, Writer, tags};

type Result<T, H> = std::result::Result<T, Failure<<H as Heap>::Error>>;

/// [StructuredSerialize](https://html.spec.whatwg.org/multipage/structured-data.html#structuredserialize)
pub fn structured_serialize<H: Heap>(
    heap: &mut H,
    value: &H::Value,
) -> std::result::Result<Serialized, H::Error> {
    match serialize_primitive(heap, value) {
        Ok(Some(serialized)) => Ok(serialized),
        Ok(None) => serialize(heap, value, false),
        Err(failure) => Err(failure.into_error(heap)),
    }
}

/// [StructuredSerializeForStorage](https://html.spec.whatwg.org/multipage/structured-data.html#structuredserializeforstorage)
pub fn structured_serialize_for_storage<H: Heap>(
    heap: &mut H,
    value: &H::Value,
) -> std::result::Result<Serialized, H::Error> {
    serialize(heap, value, true)
}

/// StructuredSerialize of a primitive; `None` for anything else. It runs no script.
pub(crate) fn structured_serialize_plain<H: Heap>(
    heap: &mut H,
    value: &H::Value,
) -> std::result::Result<Option<Serialized>, H::Error> {
    serialize_primitive(heap, value).map_err(|failure| failure.into_error(heap))
}

fn serialize<H: Heap>(
    heap: &mut H,
    value: &H::Value,
    for_storage: bool,
) -> std::result::Result<Serialized, H::Error> {
    structured_serialize_internal(heap, value, for_storage, Memory::default())
        .map_err(|failure| failure.into_error(heap))
}

/// [StructuredSerializeInternal](https://html.spec.whatwg.org/multipage/structured-data.html#structuredserializeinternal)
///
/// `memory` has the transferred objects, numbered from 0.
pub(super) fn structured_serialize_internal<H: Heap>(
    heap: &mut H,
    value: &H::Value,
    for_storage: bool,
    memory: Memory<H::Object>,
) -> Result<Serialized, H> {
    // 1. The caller supplies the memory.
    let limits = heap.limits();
    let mut serializer = Serializer {
        heap,
        limits,
        for_storage,
        writer: Writer::new(limits.bytes),
        shared: Vec::new(),
        agent_cluster: None,
        count: memory.len(),
        memory,
        references: false,
        names: Keys::new(),
        shapes: Shapes::new(),
        frames: Vec::with_capacity(FEW),
        // OPTIMIZATION: a small object's message does not have to enlarge it.
        keys: Vec::with_capacity(2 * FEW),
        values: Vec::new(),
        script_runs: 0,
    };
    serializer.writer.bytes.extend(HEADER);
    serializer.writer.byte(0);
    serializer.writer.varint(serializer.count as u64);
    serializer.run(value)?;
    // 27. Return what was written.
    if serializer.references
        && let Some(flags) = serializer.writer.bytes.get_mut(FLAGS)
    {
        *flags |= REFERENCES;
    }
    Ok(Serialized::new(
        serializer.writer.finish(),
        serializer.shared,
        serializer.agent_cluster,
    ))
}

/// StructuredSerializeInternal of a primitive, without memory; `None` for an object or a symbol.
///
/// OPTIMIZATION: a message is often one number or one short string. The general algorithm took 900
/// instructions for a number.
#[inline]
pub(super) fn serialize_primitive<H: Heap>(
    heap: &mut H,
    value: &H::Value,
) -> Result<Option<Serialized>, H> {
    let kind = heap.kind(value.clone()).map_err(Failure::Heap)?;
    if matches!(kind, Kind::BigInt(_) | Kind::Symbol(_) | Kind::Object(_)) {
        return Ok(None);
    }
    let mut writer = Writer::new(heap.limits().bytes);
    match kind {
        Kind::Undefined => writer.header().byte(tags::UNDEFINED),
        Kind::Null => writer.header().byte(tags::NULL),
        Kind::Boolean(value) => writer
            .header()
            .byte(if value { tags::TRUE } else { tags::FALSE }),
        Kind::Number(value) => writer.header().number(value),
        Kind::String(value) => writer.header().string(value.units())?,
        Kind::BigInt(_) | Kind::Symbol(_) | Kind::Object(_) => return Ok(None),
    }
    writer.check(0)?;
    Ok(Some(Serialized::new(writer.finish(), Vec::new(), None)))
}

struct Serializer<'h, H: Heap> {
    heap: &'h mut H,
    limits: CloneLimits,
    for_storage: bool,
    writer: Writer,
    shared: Vec<SharedData>,
    agent_cluster: Option<AgentCluster>,
    memory: Memory<H::Object>,
    // How many objects have a number, whether they are in `memory` or not.
    count: usize,
    // Whether any object was met twice.
    references: bool,
    names: Keys<H::Key>,
    shapes: Shapes<H::Shape>,
    // The objects that are partly written, outermost first.
    frames: Vec<Frame<H::Object>>,
    // What the frames still have to write. The part of the innermost frame is last.
    keys: Vec<OwnKey<H>>,
    values: Vec<H::Value>,
    // How many calls so far may have run script.
    script_runs: u64,
}

/// An object that the algorithm meets for the first time.
struct Met<'a, O> {
    object: &'a O,
    // Whether the algorithm may meet it again.
    shared: bool,
}

enum Frame<O> {
    /// Own properties that the heap scans.
    Scan {
        object: O,
        position: u64,
        form: Form,
    },
    /// Own properties, by a list of the keys they had at first.
    Properties {
        object: O,
        // The range of its keys: where they begin, and the next one.
        start: usize,
        next: usize,
        form: Form,
        // `script_runs` at the time of the list.
        script_runs: u64,
    },
    /// The values from `start` on, which were copied in advance, in reverse.
    Values { start: usize, with_end: bool },
}

impl<H: Heap> Serializer<'_, H> {
    fn run(&mut self, value: &H::Value) -> Result<(), H> {
        self.value(value.clone())?;
        while let Some(frame) = self.frames.last_mut() {
            self.writer.check(0)?;
            match frame {
                Frame::Scan {
                    object,
                    position,
                    form,
                } => {
                    let mut out = PropertyWriter {
                        writer: &mut self.writer,
                        names: &mut self.names,
                        shapes: &mut self.shapes,
                        form,
                        count: &mut self.count,
                        limit: self.limits.objects,
                    };
                    match self.heap.scan_properties(object, position, &mut out)? {
                        Scan::Object(object) => self.object(object)?,
                        Scan::End => {
                            out.end();
                            self.frames.pop();
                        }
                    }
                }
                Frame::Values { start, with_end } => {
                    // 26.1.3. and 26.2.3. Serialize each copied entry, and append it.
                    if self.values.len() > *start
                        && let Some(value) = self.values.pop()
                    {
                        self.value(value)?;
                    } else {
                        if *with_end {
                            self.writer.byte(tags::END);
                        }
                        self.frames.pop();
                    }
                }
                Frame::Properties {
                    object,
                    start,
                    next,
                    form,
                    script_runs,
                } => {
                    let Some((key, known)) = self.keys.get_mut(*next) else {
                        self.keys.truncate(*start);
                        form.open(&mut self.writer);
                        self.writer.byte(tags::END);
                        self.frames.pop();
                        continue;
                    };
                    let position = *next - *start;
                    *next += 1;
                    let known = known.take().filter(|_| *script_runs == self.script_runs);
                    // 26.4. For each key that there was at first:
                    // 26.4.1. If the object still has the property,
                    // 26.4.1.1. get its value,
                    let value = match known {
                        Some(value) => value,
                        None => {
                            self.script_runs += 1;
                            let value = self.heap.own_property(object, key, position);
                            match value.map_err(Failure::Heap)? {
                                Some(value) => value,
                                // Script removed the property meanwhile.
                                None => continue,
                            }
                        }
                    };
                    let mut out = PropertyWriter {
                        writer: &mut self.writer,
                        names: &mut self.names,
                        shapes: &mut self.shapes,
                        form,
                        count: &mut self.count,
                        limit: self.limits.objects,
                    };
                    // 26.4.1.3. append the key,
                    match key {
                        PropertyKey::Index(index) => out.index(*index),
                        PropertyKey::Name(name) => {
                            let string = self.heap.key_string(name);
                            out.name(name, |_| string.units())?;
                        }
                    }
                    // 26.4.1.2. and serialize the value.
                    self.value(value)?;
                }
            }
        }
        Ok(self.writer.check(0)?)
    }

    /// Writes a value, or its beginning and a frame for the rest.
    fn value(&mut self, value: H::Value) -> Result<(), H> {
        // 4. A primitive is written as it is.
        match self.heap.kind(value).map_err(Failure::Heap)? {
            Kind::Undefined => self.writer.byte(tags::UNDEFINED),
            Kind::Null => self.writer.byte(tags::NULL),
            Kind::Boolean(value) => self
                .writer
                .byte(if value { tags::TRUE } else { tags::FALSE }),
            Kind::Number(value) => self.writer.number(value),
            Kind::BigInt(value) => {
                self.writer.byte(tags::BIG_INT);
                self.writer.big_int(&value)?;
            }
            Kind::String(value) => self.writer.string(value.units())?,
            // 5. A symbol throws.
            Kind::Symbol(symbol) => return Err(CloneError::NotCloneable(symbol).into()),
            Kind::Object(object) => self.object(object)?,
        }
        Ok(())
    }

    fn object(&mut self, object: H::Object) -> Result<(), H> {
        // 2. An object in memory becomes a reference.
        // OPTIMIZATION: an object with one reference is met once and is not in the transfer list.
        let shared = self.heap.may_be_shared(&object);
        if shared && self.reference(&object) {
            return Ok(());
        }
        let new = &Met {
            object: &object,
            shared,
        };
        // 6. Nothing is written for it so far.
        match self.heap.class(&object).map_err(Failure::Heap)? {
            // 7. A Boolean object.
            Class::Boolean(value) => {
                self.begin(new, tags::BOOLEAN_OBJECT)?;
                self.writer.byte(u8::from(value));
            }
            // 8. A Number object.
            Class::Number(value) => {
                self.begin(new, tags::NUMBER_OBJECT)?;
                self.writer.float(value);
            }
            // 9. A BigInt object.
            Class::BigInt(value) => {
                self.begin(new, tags::BIG_INT_OBJECT)?;
                self.writer.big_int(&value)?;
            }
            // 10. A String object.
            Class::String(value) => {
                self.begin(new, tags::STRING_OBJECT)?;
                self.writer.string(value.units())?;
            }
            // 11. A Date.
            Class::Date(time) => {
                self.begin(new, tags::DATE)?;
                self.writer.float(time);
            }
            // 12. A RegExp.
            Class::RegExp { source, flags } => {
                self.begin(new, tags::REG_EXP)?;
                self.writer.string(source.units())?;
                self.writer.string(flags.units())?;
            }
            // 13. A buffer.
            class @ (Class::ArrayBuffer(_) | Class::SharedArrayBuffer) => {
                self.buffer(new, &class)?;
            }
            // 14. A view.
            Class::View(view) => self.view(new, &view)?,
            // 15. A Map.
            Class::Map => {
                self.begin(new, tags::MAP)?;
                // 26.1.1. and 26.1.2. Copy its entries before any of them is serialized.
                let start = self.values.len();
                self.heap
                    .map_data(&object, &mut self.values)
                    .map_err(Failure::Heap)?;
                self.values_from(start, true);
            }
            // 16. A Set.
            Class::Set => {
                self.begin(new, tags::SET)?;
                // 26.2.1. and 26.2.2. Copy its entries before any of them is serialized.
                let start = self.values.len();
                self.heap
                    .set_data(&object, &mut self.values)
                    .map_err(Failure::Heap)?;
                self.values_from(start, true);
            }
            // 17. An error that is no platform object.
            Class::Error => self.error(new)?,
            // 18. An Array: 18.1. to 18.3. Its length is written with its properties.
            Class::Array(length) => {
                self.remember(new)?;
                self.properties(object, Form::Array(length))?;
            }
            // 19. A serializable object.
            Class::Serializable(interface) => self.platform_object(interface, new)?,
            // 20. Any other platform object throws.
            Class::Platform(interface) => {
                return Err(CloneError::NotSerializable(interface).into());
            }
            // 21. A function throws,
            // 22. and an object with other internal slots,
            // 23. and an exotic object.
            Class::Other(what) => return Err(CloneError::NotCloneable(what).into()),
            // 24. Any other object.
            Class::Ordinary => {
                self.remember(new)?;
                self.properties(object, Form::Object)?;
            }
        }
        Ok(())
    }

    /// Writes a reference if the object was written before.
    fn reference(&mut self, object: &H::Object) -> bool {
        let number = self.memory.get(object);
        if let Some(number) = number {
            self.references = true;
            self.writer.byte(tags::REFERENCE);
            self.writer.varint(u64::from(number));
        }
        number.is_some()
    }

    /// Writes the tag of a new object and gives the object a number.
    fn begin(&mut self, new: &Met<'_, H::Object>, tag: u8) -> Result<&mut Writer, H> {
        self.writer.byte(tag);
        self.remember(new)?;
        Ok(&mut self.writer)
    }

    /// Step 25: enters a new object in memory.
    fn remember(&mut self, new: &Met<'_, H::Object>) -> Result<(), H> {
        let number = u32::try_from(self.count)
            .ok()
            .filter(|_| self.count < self.limits.objects)
            .ok_or(CloneError::TooManyObjects {
                limit: self.limits.objects,
            })?;
        self.count += 1;
        if new.shared {
            self.memory.insert(new.object.clone(), number);
        }
        Ok(())
    }

    /// Continues with the properties of `object`: step 26.4. The list of keys is taken now.
    fn properties(&mut self, object: H::Object, form: Form) -> Result<(), H> {
        if self.heap.is_inert() {
            self.frames.push(Frame::Scan {
                object,
                position: 0,
                form,
            });
            return Ok(());
        }
        let start = self.keys.len();
        self.heap
            .own_enumerable_string_keys(&object, &mut self.keys)
            .map_err(Failure::Heap)?;
        self.frames.push(Frame::Properties {
            object,
            start,
            next: start,
            form,
            script_runs: self.script_runs,
        });
        Ok(())
    }

    /// Continues with the values that were appended to `values`.
    fn values_from(&mut self, start: usize, with_end: bool) {
        if let Some(values) = self.values.get_mut(start..) {
            values.reverse();
        }
        self.frames.push(Frame::Values { start, with_end });
    }

    /// Step 17: an error.
    fn error(&mut self, new: &Met<'_, H::Object>) -> Result<(), H> {
        self.script_runs += 1;
        // 17.1. Get the name.
        let name = self.heap.get(new.object, "name").map_err(Failure::Heap)?;
        // 17.2. If it is not that of a native error, it is "Error".
        let kind = match self.heap.kind(name).map_err(Failure::Heap)? {
            Kind::String(name) => NativeErrorKind::ALL
                .into_iter()
                .find(|kind| name.units().is_ascii_text(kind.name())),
            _ => None,
        };
        let kind = kind.unwrap_or(NativeErrorKind::Error);
        // 17.3. The message is an own data property,
        let message = self
            .heap
            .own_data_property(new.object, "message")
            .map_err(Failure::Heap)?;
        // 17.4. converted to a string.
        let message = match message {
            Some(message) => Some(self.heap.to_string(&message).map_err(Failure::Heap)?),
            None => None,
        };
        // 17.7. The accompanying data that browsers agree on: `cause`.
        // SPEC-ISSUE: https://github.com/whatwg/html/issues/11321: the standard does not define how
        // `cause` is cloned. As in Chromium, it is cloned if it is an own data property.
        let cause = self
            .heap
            .own_data_property(new.object, "cause")
            .map_err(Failure::Heap)?;
        // 17.5. The stack.
        let stack = self.heap.error_stack(new.object).map_err(Failure::Heap)?;

        // 17.6. Write all this.
        self.begin(new, tags::ERROR)?;
        self.writer.byte(kind as u8);
        let parts = [message.is_some(), stack.is_some(), cause.is_some()];
        self.writer.byte(
            parts
                .iter()
                .enumerate()
                .map(|(bit, &part)| u8::from(part) << bit)
                .sum(),
        );
        for part in [message, stack].into_iter().flatten() {
            self.writer.string(part.units())?;
        }
        if let Some(cause) = cause {
            self.values.push(cause);
            self.values_from(self.values.len() - 1, false);
        }
        Ok(())
    }

    /// Steps 19 and 26.3: a serializable object.
    fn platform_object(
        &mut self,
        interface: &'static str,
        new: &Met<'_, H::Object>,
    ) -> Result<(), H> {
        self.script_runs += 1;
        // 19.1. The serialization steps of the heap refuse a detached object.
        // 19.2. and 19.3. Write the name of its primary interface.
        self.begin(new, tags::PLATFORM_OBJECT)?
            .blob(interface.as_bytes())?;
        let start = self.values.len();
        // 26.3. Perform the serialization steps.
        // The state has its length in front, so that its reader cannot read beyond it.
        let mut writer = Writer::new(self.limits.bytes);
        self.heap.serialization_steps(
            interface,
            new.object,
            &mut StateWriter {
                writer: &mut writer,
                shared: &mut self.shared,
                sub_values: &mut self.values,
                for_storage: self.for_storage,
            },
        )?;
        self.writer.blob(&writer.bytes)?;
        self.values_from(start, true);
        Ok(())
    }
}
