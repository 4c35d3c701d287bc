//! [StructuredDeserialize](https://html.spec.whatwg.org/multipage/structured-data.html#structureddeserialize).
//!
//! It reads the bytes once, with a stack of frames in place of the specification's recursion. The
//! bytes are not trusted: anything unexpected is [`CloneError::Malformed`]. What the bytes say decides about
//! `deep` (step 3): an object whose parts follow has a frame.

mod buffers;
mod objects;
mod values;

use super::class::{Kind, NewObject};
use super::error::{CloneError, CloneLimits, Failure};
use super::heap::{Heap, Properties, PropertyKey};
use super::memory::FEW;
use super::message::{AgentCluster, Serialized, SharedData};
use super::units::CodeUnits;
use super::wire::{HEADER, PLAIN_HEADER, REFERENCES, Reader, tags};
use framepost_event_loop::FxHashSet;
use values::Collected;

type Result<T, H> = std::result::Result<T, Failure<<H as Heap>::Error>>;

/// [StructuredDeserialize](https://html.spec.whatwg.org/multipage/structured-data.html#structureddeserialize)
pub fn structured_deserialize<H: Heap>(
    heap: &mut H,
    serialized: &Serialized,
    realm: &H::Realm,
) -> std::result::Result<H::Value, H::Error> {
    match deserialize_primitive(heap, serialized) {
        Ok(Some(value)) => Ok(value),
        Ok(None) => deserialize(heap, serialized, realm, Vec::new())
            .map_err(|failure| failure.into_error(heap)),
        Err(failure) => Err(failure.into_error(heap)),
    }
}

/// StructuredDeserialize with a memory: the transferred objects, which were received before.
pub(super) fn deserialize<H: Heap>(
    heap: &mut H,
    serialized: &Serialized,
    realm: &H::Realm,
    memory: Vec<H::Object>,
) -> Result<H::Value, H> {
    // 1. The caller supplies the memory.
    let limits = heap.limits();
    if serialized.bytes().len() > limits.bytes {
        return Err(CloneError::TooManyBytes {
            limit: limits.bytes,
        }
        .into());
    }
    let mut deserializer = Deserializer {
        heap,
        limits,
        realm,
        reader: Reader::new(serialized.bytes()),
        shared: serialized.shared(),
        agent_cluster: serialized.agent_cluster(),
        references: true,
        count: memory.len(),
        memory,
        names: Vec::with_capacity(FEW),
        distinct_names: FxHashSet::default(),
        frames: Vec::with_capacity(FEW),
        shapes: Vec::new(),
        filled: Vec::new(),
        values: Vec::new(),
        keys: Vec::with_capacity(FEW),
        // OPTIMIZATION: a small object's message does not have to enlarge it.
        properties: Vec::with_capacity(2 * FEW),
        buffer: Vec::new(),
    };
    deserializer.run()
}

/// StructuredDeserialize of a primitive, without memory; `None` if the message is anything else, or
/// malformed.
///
/// OPTIMIZATION: see [`serialize_primitive`](super::serialize::serialize_primitive).
#[inline]
pub(super) fn deserialize_primitive<H: Heap>(
    heap: &mut H,
    serialized: &Serialized,
) -> Result<Option<H::Value>, H> {
    let Some((&PLAIN_HEADER, rest)) = serialized.bytes().split_first_chunk() else {
        return Ok(None);
    };
    let mut reader = Reader::new(rest);
    let Ok(tag) = reader.byte() else {
        return Ok(None);
    };
    let primitive = match tag {
        tags::SHORT_INTEGER.. => Kind::Number(f64::from(tag - tags::SHORT_INTEGER)),
        tags::INTEGER => match reader.integer() {
            Ok(integer) => Kind::Number(f64::from(integer)),
            Err(_) => return Ok(None),
        },
        tags::NUMBER => match reader.float() {
            Ok(float) => Kind::Number(float),
            Err(_) => return Ok(None),
        },
        tags::SHORT_LATIN1..tags::SHORT_INTEGER | tags::LATIN1 => {
            match reader.string_after(tag, &mut Vec::new()) {
                Ok(Some(units)) => Kind::String(heap.string(units).map_err(Failure::Heap)?),
                _ => return Ok(None),
            }
        }
        tags::UNDEFINED => Kind::Undefined,
        tags::NULL => Kind::Null,
        tags::FALSE => Kind::Boolean(false),
        tags::TRUE => Kind::Boolean(true),
        _ => return Ok(None),
    };
    if !reader.is_at_end() || serialized.bytes().len() > heap.limits().bytes {
        return Ok(None);
    }
    heap.value(primitive).map_err(Failure::Heap).map(Some)
}

struct Deserializer<'h, 'm, H: Heap> {
    heap: &'h mut H,
    limits: CloneLimits,
    realm: &'h H::Realm,
    reader: Reader<'m>,
    shared: &'m [SharedData],
    agent_cluster: Option<AgentCluster>,
    // Whether the message has references, and how many objects it has so far.
    references: bool,
    count: usize,
    // All objects by number, if there are references.
    memory: Vec<H::Object>,
    // All property names by number.
    names: Vec<PropertyKey<H::Key>>,
    // The same, once there are more than a few.
    distinct_names: FxHashSet<PropertyKey<H::Key>>,
    // All shapes by number, each with its number of names.
    shapes: Vec<(H::Shape, usize)>,
    // The objects that are partly read, outermost first.
    frames: Vec<Frame<H>>,
    // The objects that the heap fills, each with the number of missing values.
    filled: Vec<(H::Object, usize)>,
    // Values of objects whose keys are known. Those of the innermost object are last.
    values: Vec<H::Value>,
    // The keys of properties whose values are partly read.
    keys: Vec<PropertyKey<H::Key>>,
    // Properties of partly read objects. Those of the innermost object are last.
    properties: Vec<(PropertyKey<H::Key>, H::Value)>,
    // For strings that are not Latin-1.
    buffer: Vec<u16>,
}

enum Frame<H: Heap> {
    /// An object with known keys, whose values are collected.
    Collected(Collected<H::Object>),
    /// Objects that the heap fills, each nested in the one before: those in `filled` from `start` on.
    Filled {
        start: usize,
    },
    Properties {
        // `None` while nothing can refer to the object.
        object: Option<H::Object>,
        // The length of an Array.
        length: Option<u32>,
        // Where its properties begin.
        start: usize,
        // The index of a property without a key.
        next_index: u32,
    },
    Map {
        object: H::Object,
        key: Option<H::Value>,
    },
    Set(H::Object),
    Cause(H::Object),
    Platform(H::Object),
}

impl<H: Heap> Deserializer<'_, '_, H> {
    fn run(&mut self) -> Result<H::Value, H> {
        let expected = || Reader::new(&[]).malformed("this version's header expected");
        if self.reader.take(HEADER.len() as u64).ok() != Some(&HEADER) {
            return Err(expected().into());
        }
        let flags = self.reader.byte()?;
        if flags & !REFERENCES != 0 {
            return Err(expected().into());
        }
        self.references = flags & REFERENCES != 0;
        if self.reader.varint()? != self.count as u64 {
            let what = "the number of transferred objects expected";
            return Err(self.reader.malformed(what).into());
        }
        let tag = self.reader.byte()?;
        let mut value = self.value(tag)?;
        loop {
            if let Some(value) = value.take()
                && let Some(value) = self.deliver(value)?
            {
                if !self.reader.is_at_end() {
                    return Err(self.reader.malformed("the end expected").into());
                }
                // 25. Return the value.
                return Ok(value);
            }
            value = match self.frames.last_mut() {
                Some(Frame::Collected(_) | Frame::Filled { .. }) => self.keyless()?,
                Some(Frame::Properties { .. }) => self.properties()?,
                _ => match self.reader.byte()? {
                    tags::END => Some(self.end()?),
                    tag => self.value(tag)?,
                },
            };
        }
    }

    /// Step 24: adds a complete value to the innermost object. Returns it if there is none.
    fn deliver(&mut self, value: H::Value) -> Result<Option<H::Value>, H> {
        let mut value = value;
        loop {
            match self.frames.last_mut() {
                None => return Ok(Some(value)),
                // 24.3. A property of an Array or an object whose keys are known.
                Some(Frame::Collected(_)) => self.values.push(value),
                // 24.3. A property that the heap defines at once.
                Some(Frame::Filled { .. }) => {
                    if let Some((object, left)) = self.filled.last_mut() {
                        *left = left.saturating_sub(1);
                        let value = self.heap.kind(value).map_err(Failure::Heap)?;
                        self.heap.append(object, value).map_err(Failure::Heap)?;
                    }
                }
                // 24.3. Any other property of an Array or an object.
                Some(Frame::Properties { .. }) => {
                    if let Some(key) = self.keys.pop() {
                        self.properties.push((key, value));
                    }
                }
                // 24.1. A key or a value of a Map.
                Some(Frame::Map { object, key }) => match key.take() {
                    None => *key = Some(value),
                    Some(key) => self
                        .heap
                        .map_append(object, key, value)
                        .map_err(Failure::Heap)?,
                },
                // 24.2. A value of a Set.
                Some(Frame::Set(object)) => {
                    self.heap.set_append(object, value).map_err(Failure::Heap)?;
                }
                // 24.4. A sub-deserialization of a platform object.
                Some(Frame::Platform(object)) => self.heap.sub_deserialized(object, value)?,
                // 21.13. The accompanying data of an error.
                Some(Frame::Cause(object)) => {
                    self.heap
                        .define_cause(object, value)
                        .map_err(Failure::Heap)?;
                    // An error has one such value, so it is complete too.
                    let Some(Frame::Cause(object)) = self.frames.pop() else {
                        return Err(self.reader.malformed("an error expected").into());
                    };
                    value = self.object_value(object)?;
                    continue;
                }
            }
            return Ok(None);
        }
    }

    /// Completes the innermost object.
    fn end(&mut self) -> Result<H::Value, H> {
        let object = match self.frames.pop() {
            Some(Frame::Properties {
                object,
                length,
                start,
                ..
            }) => {
                let properties = Properties {
                    properties: self.properties.drain(start..),
                };
                match object {
                    Some(object) => {
                        self.heap
                            .define_properties(&object, properties)
                            .map_err(Failure::Heap)?;
                        object
                    }
                    None => self.heap.create_complete(self.realm, length, properties)?,
                }
            }
            Some(
                Frame::Map { object, key: None } | Frame::Set(object) | Frame::Platform(object),
            ) => object,
            _ => return Err(self.reader.malformed("a value expected").into()),
        };
        self.object_value(object)
    }

    /// Reads properties of the innermost object, up to its end or to a value with parts.
    fn properties(&mut self) -> Result<Option<H::Value>, H> {
        loop {
            let Some(Frame::Properties { next_index, .. }) = self.frames.last_mut() else {
                return Ok(None);
            };
            let mut tag = self.reader.byte()?;
            let key = match tag {
                tags::END => return self.end().map(Some),
                tags::SHORT_KEY..tags::SHORT_LATIN1 | tags::KEY | tags::NEW_KEY => {
                    let number = self.name_number(tag)?;
                    tag = self.reader.byte()?;
                    self.name(number)?
                }
                _ => {
                    let mut index = *next_index;
                    if tag == tags::INDEX {
                        index = self.reader.varint32()?;
                        tag = self.reader.byte()?;
                    }
                    *next_index = index
                        .checked_add(1)
                        .ok_or_else(|| self.reader.malformed("an array index expected"))?;
                    PropertyKey::Index(index)
                }
            };
            let value = match self.primitive(tag)? {
                Some(primitive) => self.heap.value(primitive).map_err(Failure::Heap)?,
                None => {
                    self.keys.push(key);
                    return self.object(tag);
                }
            };
            self.properties.push((key, value));
        }
    }

    /// Reads the number of a property name that begins with `tag`.
    #[inline]
    fn name_number(&mut self, tag: u8) -> Result<u32, H> {
        Ok(match tag {
            tags::SHORT_KEY..tags::SHORT_LATIN1 => u32::from(tag - tags::SHORT_KEY),
            tags::KEY => self.reader.varint32()?,
            tags::NEW_KEY => {
                self.new_name()?;
                (self.names.len() - 1) as u32
            }
            _ => return Err(self.reader.malformed("a property name expected").into()),
        })
    }

    fn name(&self, number: u32) -> Result<PropertyKey<H::Key>, H> {
        let name = self.names.get(number as usize).cloned();
        Ok(name.ok_or_else(|| self.reader.malformed("a known property name expected"))?)
    }

    /// Reads a new shape, which gets the next number.
    fn new_shape(&mut self) -> Result<u32, H> {
        let malformed = self.reader.malformed("distinct property names expected");
        let length = self.reader.varint32()?;
        let (mut names, mut numbers) = (Vec::new(), Vec::new());
        for _ in 0..length {
            let tag = self.reader.byte()?;
            let number = self.name_number(tag)?;
            let PropertyKey::Name(name) = self.name(number)? else {
                return Err(malformed.into());
            };
            names.push(name);
            numbers.push(number);
        }
        numbers.sort_unstable();
        numbers.dedup();
        if numbers.len() < names.len() {
            return Err(malformed.into());
        }
        let length = names.len();
        let shape = self.heap.shape(names).map_err(Failure::Heap)?;
        self.shapes.push((shape, length));
        Ok((self.shapes.len() - 1) as u32)
    }

    fn new_name(&mut self) -> Result<(), H> {
        let units = self.reader.string(&mut self.buffer)?;
        let name = self.heap.key(units).map_err(Failure::Heap)?;
        // Each name has one number.
        let known = if self.names.len() < FEW {
            self.names.contains(&name)
        } else {
            if self.distinct_names.is_empty() {
                self.distinct_names.extend(self.names.iter().cloned());
            }
            !self.distinct_names.insert(name.clone())
        };
        if known {
            return Err(self.reader.malformed("a new property name expected").into());
        }
        self.names.push(name);
        Ok(())
    }

    /// Reads the value that begins with `tag`. The result is `None` if its parts follow.
    fn value(&mut self, tag: u8) -> Result<Option<H::Value>, H> {
        match self.primitive(tag)? {
            Some(primitive) => self.heap.value(primitive).map_err(Failure::Heap).map(Some),
            None => self.object(tag),
        }
    }

    /// Reads a primitive or a reference, if `tag` begins one.
    #[inline]
    fn primitive(&mut self, tag: u8) -> Result<Option<Kind<H>>, H> {
        // 5. A primitive.
        Ok(Some(match tag {
            tags::SHORT_INTEGER.. => Kind::Number(f64::from(tag - tags::SHORT_INTEGER)),
            tags::SHORT_LATIN1..tags::SHORT_INTEGER | tags::LATIN1 | tags::UTF16 => {
                Kind::String(self.string_after(tag)?)
            }
            tags::UNDEFINED => Kind::Undefined,
            tags::NULL => Kind::Null,
            tags::FALSE => Kind::Boolean(false),
            tags::TRUE => Kind::Boolean(true),
            tags::INTEGER => Kind::Number(f64::from(self.reader.integer()?)),
            tags::NUMBER => Kind::Number(self.reader.float()?),
            tags::BIG_INT => Kind::BigInt(self.reader.big_int()?),
            // 2. An object in memory.
            tags::REFERENCE => Kind::Object(self.referenced()?),
            _ => return Ok(None),
        }))
    }

    /// Creates the object that begins with `tag` (steps 6 to 22).
    fn object(&mut self, tag: u8) -> Result<Option<H::Value>, H> {
        // 4. There is no object so far.
        let new = match tag {
            // 6. A Boolean object.
            tags::BOOLEAN_OBJECT => match self.reader.byte()? {
                0 => NewObject::Boolean(false),
                1 => NewObject::Boolean(true),
                _ => return Err(self.reader.malformed("a boolean expected").into()),
            },
            // 7. A Number object.
            tags::NUMBER_OBJECT => NewObject::Number(self.reader.float()?),
            // 8. A BigInt object.
            tags::BIG_INT_OBJECT => NewObject::BigInt(self.reader.big_int()?),
            // 9. A String object.
            tags::STRING_OBJECT => NewObject::String(self.string()?),
            // 10. A Date.
            tags::DATE => NewObject::Date(self.reader.float()?),
            // 11. A RegExp.
            tags::REG_EXP => NewObject::RegExp {
                source: self.string()?,
                flags: self.string()?,
            },
            // 16. A view.
            tags::VIEW => self.view()?,
            // 17. A Map.
            tags::MAP => {
                let object = self.create(NewObject::Map)?;
                self.frames.push(Frame::Map { object, key: None });
                return Ok(None);
            }
            // 18. A Set.
            tags::SET => {
                let object = self.create(NewObject::Set)?;
                self.frames.push(Frame::Set(object));
                return Ok(None);
            }
            // 19. An Array.
            tags::ARRAY => {
                let length = self.reader.varint32()?;
                return self.begin_properties(Some(length));
            }
            // 19. or 20. An Array or an object whose keys are known.
            tags::SHAPED | tags::NEW_SHAPE | tags::LIST => return self.begin_keyless(tag),
            // 20. An object.
            tags::OBJECT => return self.begin_properties(None),
            // 21. An error.
            tags::ERROR => return self.error(),
            // 22. A platform object.
            tags::PLATFORM_OBJECT => return self.platform_object(),
            // 12. to 15. `buffer` has an arm for each kind of buffer.
            _ => {
                let buffer = self.buffer(tag)?;
                return self.object_value(buffer).map(Some);
            }
        };
        let object = self.create(new)?;
        self.object_value(object).map(Some)
    }

    fn object_value(&mut self, object: H::Object) -> Result<H::Value, H> {
        self.heap.value(Kind::Object(object)).map_err(Failure::Heap)
    }

    fn create(&mut self, new: NewObject<'_, H>) -> Result<H::Object, H> {
        let object = self.heap.create(self.realm, new)?;
        self.remember(object)
    }

    #[inline]
    fn count_object(&mut self) -> Result<(), H> {
        if self.count >= self.limits.objects {
            return Err(CloneError::TooManyObjects {
                limit: self.limits.objects,
            }
            .into());
        }
        self.count += 1;
        Ok(())
    }

    /// Step 23: enters the object in memory.
    fn remember(&mut self, object: H::Object) -> Result<H::Object, H> {
        self.count_object()?;
        if self.references {
            self.memory.push(object.clone());
        }
        Ok(object)
    }

    fn referenced(&mut self) -> Result<H::Object, H> {
        let number = self.reader.varint32()? as usize;
        let object = self.memory.get(number).cloned();
        Ok(object.ok_or_else(|| self.reader.malformed("a known object expected"))?)
    }

    fn string(&mut self) -> Result<H::String, H> {
        let tag = self.reader.byte()?;
        self.string_after(tag)
    }

    fn string_after(&mut self, tag: u8) -> Result<H::String, H> {
        let units: Option<CodeUnits<'_>> = self.reader.string_after(tag, &mut self.buffer)?;
        let Some(units) = units else {
            return Err(self.reader.malformed("a string expected").into());
        };
        self.heap.string(units).map_err(Failure::Heap)
    }

    /// Begins a plain object, or an Array of this length.
    fn begin_properties(&mut self, length: Option<u32>) -> Result<Option<H::Value>, H> {
        let object = self.create_early(length.map_or(NewObject::Ordinary, NewObject::Array))?;
        self.frames.push(Frame::Properties {
            object,
            length,
            start: self.properties.len(),
            next_index: 0,
        });
        Ok(None)
    }

    /// Creates an object before its parts, if something may refer to it.
    ///
    /// OPTIMIZATION: without references the object is created when its parts are known.
    fn create_early(&mut self, new: NewObject<'_, H>) -> Result<Option<H::Object>, H> {
        if self.references {
            return self.create(new).map(Some);
        }
        self.count_object()?;
        Ok(None)
    }
}
