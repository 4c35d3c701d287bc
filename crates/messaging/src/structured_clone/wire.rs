//! The smallest parts of the wire form: tags, integers, strings. `docs/wire-format.md` describes the
//! whole form.
//!
//! The reader does not trust the bytes. It compares each length with the bytes that are left before it uses
//! the length, so a message cannot cause an allocation larger than itself.

use std::cell::Cell;

use super::bigint::{BigInt, Sign};
use super::bytes::Bytes;
use super::error::CloneError;
use super::units::CodeUnits;

/// The first bytes of each message: a mark that is not UTF-8, and the version.
pub(crate) const HEADER: [u8; 2] = [0xfb, 2];
/// The offset of the flags.
pub(crate) const FLAGS: usize = HEADER.len();
/// The flag for references: a reader then has to keep a list of objects.
pub(crate) const REFERENCES: u8 = 1;

/// The beginning of a message without references and without transferred objects.
pub(crate) const PLAIN_HEADER: [u8; 4] = [HEADER[0], HEADER[1], 0, 0];

/// The tags that begin a value or a property.
pub(crate) mod tags {
    pub(crate) const END: u8 = 0x01;
    /// A property with a new name. Its string follows.
    pub(crate) const NEW_KEY: u8 = 0x02;
    /// A property with a known name. Its number follows.
    pub(crate) const KEY: u8 = 0x03;
    /// A property with an array index. The index follows.
    pub(crate) const INDEX: u8 = 0x04;

    pub(crate) const UNDEFINED: u8 = 0x10;
    pub(crate) const NULL: u8 = 0x11;
    pub(crate) const FALSE: u8 = 0x12;
    pub(crate) const TRUE: u8 = 0x13;
    pub(crate) const INTEGER: u8 = 0x14;
    pub(crate) const NUMBER: u8 = 0x15;
    pub(crate) const BIG_INT: u8 = 0x16;
    pub(crate) const LATIN1: u8 = 0x17;
    pub(crate) const UTF16: u8 = 0x18;
    /// A known object. Its number follows.
    pub(crate) const REFERENCE: u8 = 0x19;

    pub(crate) const OBJECT: u8 = 0x20;
    pub(crate) const ARRAY: u8 = 0x21;
    pub(crate) const MAP: u8 = 0x22;
    pub(crate) const SET: u8 = 0x23;
    pub(crate) const DATE: u8 = 0x24;
    pub(crate) const REG_EXP: u8 = 0x25;
    pub(crate) const BOOLEAN_OBJECT: u8 = 0x26;
    pub(crate) const NUMBER_OBJECT: u8 = 0x27;
    pub(crate) const BIG_INT_OBJECT: u8 = 0x28;
    pub(crate) const STRING_OBJECT: u8 = 0x29;
    pub(crate) const ERROR: u8 = 0x2a;
    pub(crate) const ARRAY_BUFFER: u8 = 0x2b;
    pub(crate) const RESIZABLE_ARRAY_BUFFER: u8 = 0x2c;
    pub(crate) const SHARED_ARRAY_BUFFER: u8 = 0x2d;
    pub(crate) const VIEW: u8 = 0x2e;
    pub(crate) const PLATFORM_OBJECT: u8 = 0x2f;
    /// A plain object of a known shape. The number of the shape follows.
    pub(crate) const SHAPED: u8 = 0x30;
    /// A plain object of a new shape. The names follow.
    pub(crate) const NEW_SHAPE: u8 = 0x31;
    /// An Array without holes and without further properties.
    pub(crate) const LIST: u8 = 0x32;

    // Three runs of tags contain a small number.
    /// `KEY` with a number from 0 to 63.
    pub(crate) const SHORT_KEY: u8 = 0x40;
    /// `LATIN1` with a length from 0 to 63.
    pub(crate) const SHORT_LATIN1: u8 = 0x80;
    /// `INTEGER` from 0 to 63.
    pub(crate) const SHORT_INTEGER: u8 = 0xc0;
    /// The size of each run.
    pub(crate) const SHORT: u8 = 0x40;
}

thread_local! {
    /// The memory that the last writer of this thread has used.
    static BUFFER: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// The most bytes of a message that are copied out of the writer's memory.
const COPIED: usize = 1 << 12;

/// Writes a message.
///
/// OPTIMIZATION: a short message is copied out of the writer's memory, and the next writer uses that
/// memory again, so that it need not grow while it writes.
pub(crate) struct Writer {
    pub(crate) bytes: Vec<u8>,
    limit: usize,
}

impl Writer {
    pub(crate) fn new(limit: usize) -> Self {
        let mut bytes = BUFFER.take();
        bytes.clear();
        Self { bytes, limit }
    }

    /// What was written.
    #[inline]
    pub(super) fn finish(self) -> Bytes {
        let bytes = self.bytes;
        if bytes.len() > COPIED {
            return Bytes::from(bytes);
        }
        let copy = Bytes::inline(&bytes);
        let copy = copy.unwrap_or_else(|| Bytes::from(bytes.clone()));
        BUFFER.set(bytes);
        copy
    }

    /// Writes the header of a message without references and without transferred objects.
    #[inline]
    pub(crate) fn header(&mut self) -> &mut Self {
        self.bytes.extend_from_slice(&PLAIN_HEADER);
        self
    }

    /// Checks that the written bytes and `more` bytes are within the limit.
    #[inline]
    pub(crate) fn check(&self, more: u64) -> Result<(), CloneError> {
        match (self.bytes.len() as u64).checked_add(more) {
            Some(length) if length <= self.limit as u64 => Ok(()),
            _ => Err(CloneError::TooManyBytes { limit: self.limit }),
        }
    }

    #[inline]
    pub(crate) fn byte(&mut self, byte: u8) {
        self.bytes.push(byte);
    }

    #[inline]
    pub(crate) fn varint(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.bytes.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.bytes.push(value as u8);
    }

    #[inline]
    pub(crate) fn float(&mut self, value: f64) {
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    pub(crate) fn blob(&mut self, bytes: &[u8]) -> Result<(), CloneError> {
        self.check(bytes.len() as u64)?;
        self.varint(bytes.len() as u64);
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    /// A number value, in the shortest exact form.
    #[inline]
    pub(crate) fn number(&mut self, value: f64) {
        let integer = value as i32;
        if f64::from(integer).to_bits() != value.to_bits() {
            self.byte(tags::NUMBER);
            // Script cannot distinguish NaNs.
            self.float(if value.is_nan() { f64::NAN } else { value });
        } else if (0..i32::from(tags::SHORT)).contains(&integer) {
            self.byte(tags::SHORT_INTEGER | integer as u8);
        } else {
            self.byte(tags::INTEGER);
            self.varint(u64::from(zigzag(integer)));
        }
    }

    /// A string value. Strings that are parts of other values are written in the same way.
    #[inline]
    pub(crate) fn string(&mut self, units: CodeUnits<'_>) -> Result<(), CloneError> {
        match units {
            CodeUnits::Latin1(bytes) => {
                self.check(bytes.len() as u64)?;
                if bytes.len() < usize::from(tags::SHORT) {
                    self.byte(tags::SHORT_LATIN1 | bytes.len() as u8);
                } else {
                    self.byte(tags::LATIN1);
                    self.varint(bytes.len() as u64);
                }
                self.bytes.extend_from_slice(bytes);
            }
            CodeUnits::Utf16(units) => {
                self.check(units.len() as u64 * 2)?;
                self.byte(tags::UTF16);
                self.varint(units.len() as u64);
                self.bytes
                    .extend(units.iter().flat_map(|unit| unit.to_le_bytes()));
            }
        }
        Ok(())
    }

    /// A string of the first `length` of these bytes, fewer than [`tags::SHORT`].
    ///
    /// OPTIMIZATION: a block of a constant size is copied fast.
    #[inline]
    pub(crate) fn short_latin1<const N: usize>(&mut self, bytes: &[u8; N], length: u8) {
        const { assert!(N < tags::SHORT as usize) };
        self.byte(tags::SHORT_LATIN1 | length);
        let end = self.bytes.len() + usize::from(length);
        self.bytes.extend_from_slice(bytes);
        self.bytes.truncate(end);
    }

    /// The sign and the bytes of the magnitude.
    pub(crate) fn big_int(&mut self, value: &BigInt) -> Result<(), CloneError> {
        self.byte(u8::from(value.is_negative()));
        self.blob(value.magnitude())
    }

    /// A reference to the property name with this number.
    pub(crate) fn key(&mut self, number: u32) {
        if number < u32::from(tags::SHORT) {
            self.byte(tags::SHORT_KEY | number as u8);
        } else {
            self.byte(tags::KEY);
            self.varint(u64::from(number));
        }
    }
}

fn zigzag(value: i32) -> u32 {
    (value.cast_unsigned() << 1) ^ (value >> 31).cast_unsigned()
}

fn unzigzag(value: u32) -> i32 {
    (value >> 1).cast_signed() ^ -(value & 1).cast_signed()
}

/// Reads a message, or one part of it.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'a> {
    bytes: &'a [u8],
    offset: usize,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, offset: 0 }
    }

    #[inline(always)]
    pub(crate) fn malformed(&self, what: &'static str) -> CloneError {
        CloneError::Malformed {
            offset: self.offset,
            what,
        }
    }

    pub(crate) fn is_at_end(&self) -> bool {
        self.offset == self.bytes.len()
    }

    /// The number of bytes left.
    pub(crate) fn left(&self) -> usize {
        self.bytes.len() - self.offset
    }

    #[inline]
    pub(crate) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.offset).copied()
    }

    #[inline]
    pub(crate) fn byte(&mut self) -> Result<u8, CloneError> {
        let byte = self
            .peek()
            .ok_or_else(|| self.malformed("more bytes expected"))?;
        self.offset += 1;
        Ok(byte)
    }

    #[inline]
    pub(crate) fn take(&mut self, length: u64) -> Result<&'a [u8], CloneError> {
        let bytes = usize::try_from(length)
            .ok()
            .and_then(|length| self.offset.checked_add(length))
            .and_then(|end| self.bytes.get(self.offset..end))
            .ok_or_else(|| self.malformed("a length within the message expected"))?;
        self.offset += bytes.len();
        Ok(bytes)
    }

    /// `take` for the shortest strings.
    #[inline]
    pub(crate) fn short(&mut self, length: u8) -> Result<&'a [u8], CloneError> {
        let rest = self.bytes.get(self.offset..).unwrap_or_default();
        match rest.get(..usize::from(length)) {
            Some(bytes) => {
                self.offset += bytes.len();
                Ok(bytes)
            }
            None => Err(self.malformed("a length within the message expected")),
        }
    }

    #[inline]
    pub(crate) fn varint(&mut self) -> Result<u64, CloneError> {
        // OPTIMIZATION: most integers fit one byte.
        match self.peek() {
            Some(byte) if byte < 0x80 => {
                self.offset += 1;
                Ok(u64::from(byte))
            }
            _ => {
                // A copy, so that the reader stays in registers.
                let mut copy = *self;
                let value = copy.longer_varint();
                *self = copy;
                value
            }
        }
    }

    fn longer_varint(&mut self) -> Result<u64, CloneError> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            if shift == 63 && bits > 1 {
                break;
            }
            value |= bits << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(self.malformed("an integer of at most 64 bits expected"))
    }

    #[inline]
    pub(crate) fn varint32(&mut self) -> Result<u32, CloneError> {
        let value = self.varint()?;
        u32::try_from(value).map_err(|_| self.malformed("an integer of at most 32 bits expected"))
    }

    #[inline]
    pub(crate) fn float(&mut self) -> Result<f64, CloneError> {
        let mut bytes = [0; 8];
        bytes.copy_from_slice(self.take(8)?);
        let value = f64::from_le_bytes(bytes);
        // Engines that keep values in the payloads of NaNs need the canonical NaN.
        Ok(if value.is_nan() { f64::NAN } else { value })
    }

    #[inline]
    pub(crate) fn integer(&mut self) -> Result<i32, CloneError> {
        Ok(unzigzag(self.varint32()?))
    }

    pub(crate) fn blob(&mut self) -> Result<&'a [u8], CloneError> {
        let length = self.varint()?;
        self.take(length)
    }

    /// A reader for a part of the message that has its length in front.
    pub(crate) fn part(&mut self) -> Result<Reader<'a>, CloneError> {
        let length = self.blob()?.len();
        Ok(Self {
            bytes: self.bytes.get(..self.offset).unwrap_or_default(),
            offset: self.offset - length,
        })
    }

    pub(crate) fn big_int(&mut self) -> Result<BigInt, CloneError> {
        let sign = match self.byte()? {
            0 => Sign::Plus,
            1 => Sign::Minus,
            _ => return Err(self.malformed("a sign expected")),
        };
        Ok(BigInt::new(sign, self.blob()?))
    }

    /// The string that begins with `tag`, if `tag` begins a string. `buffer` receives UTF-16 in the
    /// byte order of the machine.
    #[inline]
    pub(crate) fn string_after<'b>(
        &mut self,
        tag: u8,
        buffer: &'b mut Vec<u16>,
    ) -> Result<Option<CodeUnits<'b>>, CloneError>
    where
        'a: 'b,
    {
        Ok(Some(match tag {
            tags::SHORT_LATIN1..tags::SHORT_INTEGER => {
                CodeUnits::Latin1(self.take(u64::from(tag - tags::SHORT_LATIN1))?)
            }
            tags::LATIN1 => CodeUnits::Latin1(self.blob()?),
            tags::UTF16 => {
                let length = self.varint()?;
                let bytes = self.take(length.saturating_mul(2))?;
                buffer.clear();
                buffer.extend(
                    bytes
                        .as_chunks::<2>()
                        .0
                        .iter()
                        .map(|pair| u16::from_le_bytes(*pair)),
                );
                CodeUnits::Utf16(buffer)
            }
            _ => return Ok(None),
        }))
    }

    pub(crate) fn string<'b>(
        &mut self,
        buffer: &'b mut Vec<u16>,
    ) -> Result<CodeUnits<'b>, CloneError>
    where
        'a: 'b,
    {
        let malformed = self.malformed("a string expected");
        let tag = self.byte()?;
        self.string_after(tag, buffer)?.ok_or(malformed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn varints_hold_64_bits_and_no_more() {
        for value in [
            0,
            1,
            127,
            128,
            16_383,
            16_384,
            u64::from(u32::MAX),
            u64::MAX,
        ] {
            let mut writer = Writer::new(100);
            writer.varint(value);
            let mut reader = Reader::new(&writer.bytes);
            assert_eq!(reader.varint(), Ok(value));
            assert!(reader.is_at_end());
        }
        let mut too_long = vec![0xff; 9];
        too_long.push(2);
        assert!(Reader::new(&too_long).varint().is_err());
        assert!(Reader::new(&[0x80]).varint().is_err());
    }

    #[test]
    fn integers_of_every_sign() {
        for value in [0, 1, -1, 63, 64, -64, i32::MAX, i32::MIN] {
            assert_eq!(unzigzag(zigzag(value)), value);
        }
    }

    #[test]
    fn minus_zero_is_not_an_integer() {
        let mut writer = Writer::new(100);
        writer.number(-0.0);
        assert_eq!(writer.bytes.first(), Some(&tags::NUMBER));
        let mut reader = Reader::new(&writer.bytes[1..]);
        assert_eq!(reader.float().map(f64::to_bits), Ok((-0.0_f64).to_bits()));
    }

    #[test]
    fn lengths_beyond_the_end_are_refused() {
        let mut buffer = Vec::new();
        for bytes in [
            &[tags::LATIN1, 3, b'a'][..],
            &[tags::UTF16, 1, 0],
            &[
                tags::UTF16,
                0xff,
                0xff,
                0xff,
                0xff,
                0xff,
                0xff,
                0xff,
                0xff,
                0xff,
                1,
                0,
            ],
            &[tags::SHORT_LATIN1 | 2, b'a'],
            &[tags::NULL],
            &[],
        ] {
            assert!(Reader::new(bytes).string(&mut buffer).is_err(), "{bytes:?}");
        }
    }
}
