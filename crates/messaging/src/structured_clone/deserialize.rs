//! [StructuredDeserialize](https://html.spec.whatwg.org/multipage/structured-data.html#structureddeserialize)

use super::error::{CloneError, Failure, Limits};
use super::heap::{Class, ErrorKind, Heap, Kind, New, PropertyKey, ViewInfo, ViewKind};
use super::message::{AgentCluster, Serialized, Shared};
use super::platform::In;
use super::units::Units;
use super::wire::{HEADER, Reader, tags};

type Result<T, H> = std::result::Result<T, Failure<<H as Heap>::Error>>;

/// [StructuredDeserialize](https://html.spec.whatwg.org/multipage/structured-data.html#structureddeserialize)
pub fn structured_deserialize<H: Heap>(
    heap: &mut H,
    serialized: &Serialized,
    realm: &H::Realm,
) -> std::result::Result<H::Value, H::Error> {
    deserialize(heap, serialized, realm, Vec::new()).map_err(|failure| failure.into_error(heap))
}

/// StructuredDeserialize with a memory: what was transferred, and has been received already.
pub(super) fn deserialize<H: Heap>(
    heap: &mut H,
    serialized: &Serialized,
    realm: &H::Realm,
    memory: Vec<H::Object>,
) -> Result<H::Value, H> {
    let limits = heap.limits();
    if serialized.bytes.len() > limits.bytes {
        return Err(CloneError::TooManyBytes {
            limit: limits.bytes,
        }
        .into());
    }
    let mut deserializer = Deserializer {
        heap,
        limits,
        realm,
        reader: Reader::new(&serialized.bytes),
        shared: &serialized.shared,
        agent_cluster: serialized.agent_cluster,
        memory,
        names: Vec::new(),
        frames: Vec::new(),
        properties: Vec::new(),
        buffer: Vec::new(),
    };
    deserializer.run()
}

struct Deserializer<'h, 'm, H: Heap> {
    heap: &'h mut H,
    limits: Limits,
    realm: &'h H::Realm,
    reader: Reader<'m>,
    shared: &'m [Shared],
    agent_cluster: Option<AgentCluster>,
    // Every object, by its number.
    memory: Vec<H::Object>,
    // Every property name, by its number.
    names: Vec<PropertyKey<H::Key>>,
    // The objects that are not yet read to their ends, from the outermost in.
    frames: Vec<Frame<H>>,
    // The properties of those objects; the innermost object's are last.
    properties: Vec<(PropertyKey<H::Key>, H::Value)>,
    // For strings that are not Latin-1.
    buffer: Vec<u16>,
}

enum Frame<H: Heap> {
    Properties {
        object: H::Object,
        // Where its properties begin.
        start: usize,
        // The index that goes without saying.
        next_index: u32,
        // Whose value is being read.
        key: Option<PropertyKey<H::Key>>,
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
        if self.reader.take(HEADER.len() as u64).ok() != Some(&HEADER) {
            return Err(Reader::new(&[])
                .malformed("this version's header expected")
                .into());
        }
        if self.reader.varint()? != self.memory.len() as u64 {
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
                return Ok(value);
            }
            let tag = self.reader.byte()?;
            value = if tag == tags::END {
                Some(self.end()?)
            } else {
                self.item(tag)?
            };
        }
    }

    /// Gives a complete value to the object that it belongs to; gives it back if there is none.
    fn deliver(&mut self, value: H::Value) -> Result<Option<H::Value>, H> {
        let mut value = value;
        loop {
            match self.frames.last_mut() {
                None => return Ok(Some(value)),
                Some(Frame::Properties { key, .. }) => {
                    if let Some(key) = key.take() {
                        self.properties.push((key, value));
                    }
                }
                Some(Frame::Map { object, key }) => match key.take() {
                    None => *key = Some(value),
                    Some(key) => self
                        .heap
                        .map_append(object, key, value)
                        .map_err(Failure::Heap)?,
                },
                Some(Frame::Set(object)) => {
                    self.heap.set_append(object, value).map_err(Failure::Heap)?
                }
                Some(Frame::Platform(object)) => self.heap.sub_deserialized(object, value)?,
                Some(Frame::Cause(object)) => {
                    self.heap
                        .define_cause(object, value)
                        .map_err(Failure::Heap)?;
                    // One value is all, so the error is complete as well.
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
            Some(Frame::Properties { object, start, .. }) => {
                if self.properties.len() > start {
                    self.heap
                        .define_properties(&object, self.properties.drain(start..))
                        .map_err(Failure::Heap)?;
                }
                object
            }
            Some(
                Frame::Map { object, key: None } | Frame::Set(object) | Frame::Platform(object),
            ) => object,
            _ => return Err(self.reader.malformed("a value expected").into()),
        };
        self.object_value(object)
    }

    /// Reads what belongs to the innermost object and begins with `tag`.
    fn item(&mut self, tag: u8) -> Result<Option<H::Value>, H> {
        let Some(Frame::Properties {
            next_index, key, ..
        }) = self.frames.last_mut()
        else {
            return self.value(tag);
        };
        let number = match tag {
            tags::NEW_KEY => {
                let name = self.reader.string(&mut self.buffer)?;
                let name = self.heap.key(name).map_err(Failure::Heap)?;
                *key = Some(name.clone());
                self.names.push(name);
                let tag = self.reader.byte()?;
                return self.value(tag);
            }
            tags::SHORT_KEY..tags::SHORT_LATIN1 => usize::from(tag - tags::SHORT_KEY),
            tags::KEY => self.reader.varint32()? as usize,
            _ => {
                let (index, tag) = if tag == tags::INDEX {
                    (self.reader.varint32()?, self.reader.byte()?)
                } else {
                    (*next_index, tag)
                };
                *next_index = index
                    .checked_add(1)
                    .ok_or_else(|| self.reader.malformed("an array index expected"))?;
                *key = Some(PropertyKey::Index(index));
                return self.value(tag);
            }
        };
        let name = self.names.get(number);
        *key = Some(
            name.ok_or_else(|| self.reader.malformed("a known property name expected"))?
                .clone(),
        );
        let tag = self.reader.byte()?;
        self.value(tag)
    }

    /// Reads the value that begins with `tag`; none if it was begun and has an end to come.
    fn value(&mut self, tag: u8) -> Result<Option<H::Value>, H> {
        let primitive = match tag {
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
            tags::REFERENCE => Kind::Object(self.referenced()?),
            _ => return self.object(tag),
        };
        let value = self.heap.value(primitive).map_err(Failure::Heap)?;
        Ok(Some(value))
    }

    fn object(&mut self, tag: u8) -> Result<Option<H::Value>, H> {
        let new = match tag {
            tags::OBJECT => return self.begin_properties(New::Ordinary),
            tags::ARRAY => {
                let length = self.reader.varint32()?;
                return self.begin_properties(New::Array(length));
            }
            tags::MAP => {
                let object = self.create(New::Map)?;
                self.frames.push(Frame::Map { object, key: None });
                return Ok(None);
            }
            tags::SET => {
                let object = self.create(New::Set)?;
                self.frames.push(Frame::Set(object));
                return Ok(None);
            }
            tags::ERROR => return self.error(),
            tags::PLATFORM_OBJECT => return self.platform_object(),
            tags::VIEW => self.view()?,
            tags::DATE => New::Date(self.reader.float()?),
            tags::REG_EXP => New::RegExp {
                source: self.string()?,
                flags: self.string()?,
            },
            tags::BOOLEAN_OBJECT => match self.reader.byte()? {
                0 => New::Boolean(false),
                1 => New::Boolean(true),
                _ => return Err(self.reader.malformed("a boolean expected").into()),
            },
            tags::NUMBER_OBJECT => New::Number(self.reader.float()?),
            tags::BIG_INT_OBJECT => New::BigInt(self.reader.big_int()?),
            tags::STRING_OBJECT => New::String(self.string()?),
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

    fn create(&mut self, new: New<'_, H>) -> Result<H::Object, H> {
        let object = self.heap.create(self.realm, new)?;
        self.remember(object)
    }

    fn remember(&mut self, object: H::Object) -> Result<H::Object, H> {
        if self.memory.len() >= self.limits.objects {
            return Err(CloneError::TooManyObjects {
                limit: self.limits.objects,
            }
            .into());
        }
        self.memory.push(object.clone());
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
        let units: Option<Units<'_>> = self.reader.string_after(tag, &mut self.buffer)?;
        let Some(units) = units else {
            return Err(self.reader.malformed("a string expected").into());
        };
        self.heap.string(units).map_err(Failure::Heap)
    }

    fn begin_properties(&mut self, new: New<'_, H>) -> Result<Option<H::Value>, H> {
        let object = self.create(new)?;
        self.frames.push(Frame::Properties {
            object,
            start: self.properties.len(),
            next_index: 0,
            key: None,
        });
        Ok(None)
    }

    fn error(&mut self) -> Result<Option<H::Value>, H> {
        let kind = usize::from(self.reader.byte()?);
        let parts = self.reader.byte()?;
        let Some(&kind) = ErrorKind::ALL.get(kind).filter(|_| parts < 8) else {
            return Err(self.reader.malformed("an error expected").into());
        };
        let message = if parts & 1 != 0 {
            Some(self.string()?)
        } else {
            None
        };
        let stack = if parts & 2 != 0 {
            Some(self.string()?)
        } else {
            None
        };
        let object = self.create(New::Error {
            kind,
            message,
            stack,
        })?;
        if parts & 4 == 0 {
            return self.object_value(object).map(Some);
        }
        self.frames.push(Frame::Cause(object));
        Ok(None)
    }

    fn platform_object(&mut self) -> Result<Option<H::Value>, H> {
        let interface = self.reader.blob()?;
        let Ok(interface) = std::str::from_utf8(interface) else {
            return Err(self
                .reader
                .malformed("the name of an interface expected")
                .into());
        };
        let mut reader = self.reader.part()?;
        let object = self.heap.deserialization_steps(
            interface,
            self.realm,
            &mut In {
                reader: &mut reader,
                shared: self.shared,
                buffer: &mut self.buffer,
            },
        )?;
        if !reader.is_at_end() {
            return Err(reader
                .malformed("the end of the object's state expected")
                .into());
        }
        let object = self.remember(object)?;
        self.frames.push(Frame::Platform(object));
        Ok(None)
    }

    /// Reads the buffer that begins with `tag`.
    fn buffer(&mut self, tag: u8) -> Result<H::Object, H> {
        match tag {
            tags::REFERENCE => self.referenced(),
            tags::ARRAY_BUFFER => {
                let bytes = self.reader.blob()?;
                self.create(New::ArrayBuffer {
                    bytes,
                    max_byte_length: None,
                })
            }
            tags::RESIZABLE_ARRAY_BUFFER => {
                let max_byte_length = self.reader.varint()?;
                let bytes = self.reader.blob()?;
                if max_byte_length < bytes.len() as u64 {
                    return Err(self.reader.malformed("a larger maximum expected").into());
                }
                self.create(New::ArrayBuffer {
                    bytes,
                    max_byte_length: Some(max_byte_length),
                })
            }
            tags::SHARED_ARRAY_BUFFER => {
                let number = self.reader.varint32()? as usize;
                let Some(memory) = self.shared.get(number) else {
                    return Err(self.reader.malformed("shared memory expected").into());
                };
                let here = self.heap.agent_cluster_of(self.realm);
                if here.is_none() || here != self.agent_cluster {
                    return Err(CloneError::OtherAgentCluster.into());
                }
                self.create(New::SharedArrayBuffer(memory.clone()))
            }
            _ => Err(self.reader.malformed("a value expected").into()),
        }
    }

    fn view<'a>(&mut self) -> Result<New<'a, H>, H> {
        let kind = usize::from(self.reader.byte()?);
        let Some(&kind) = ViewKind::ALL.get(kind) else {
            return Err(self.reader.malformed("the kind of a view expected").into());
        };
        let byte_offset = self.reader.varint()?;
        let length = self.reader.varint()?.checked_sub(1);
        let tag = self.reader.byte()?;
        let buffer = self.buffer(tag)?;

        let end = length
            .unwrap_or(0)
            .checked_mul(kind.element_size())
            .and_then(|bytes| bytes.checked_add(byte_offset));
        let fits = match self.heap.class(&buffer).map_err(Failure::Heap)? {
            // Script may have shrunk a buffer between the view and its transfer.
            Class::ArrayBuffer(info) => match info.max_byte_length {
                Some(most) => end.is_some_and(|end| end <= most),
                None => length.is_some() && end.is_some_and(|end| end <= info.byte_length),
            },
            // The heap knows how long it is.
            Class::SharedArrayBuffer => end.is_some(),
            _ => false,
        };
        if !fits || byte_offset % kind.element_size() != 0 {
            return Err(self
                .reader
                .malformed("a view within its buffer expected")
                .into());
        }
        Ok(New::View(ViewInfo {
            kind,
            buffer,
            byte_offset,
            length,
            out_of_bounds: false,
        }))
    }
}
