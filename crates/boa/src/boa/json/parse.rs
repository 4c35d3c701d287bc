//! [JSON.parse](https://tc39.es/ecma262/#sec-json.parse) without a reviver.

use std::ops::Range;

use boa_engine::object::builtins::JsArray;
use boa_engine::property::PropertyKey;
use boa_engine::{Context, JsNativeError, JsObject, JsResult, JsString, JsValue};

use crate::boa::properties::{ORDINARY, data_property};

/// Receives the values of a text in the order in which they end.
pub(super) trait Observer {
    fn primitive(&mut self, value: &JsValue, text: Range<usize>);
    fn array(&mut self, count: usize);
    fn object(&mut self, keys: &[JsString]);
}

struct NoObserver;

impl Observer for NoObserver {
    fn primitive(&mut self, _: &JsValue, _: Range<usize>) {}
    fn array(&mut self, _: usize) {}
    fn object(&mut self, _: &[JsString]) {}
}

/// Returns the value of a JSON text.
pub fn parse(text: &JsString, ctx: &mut Context) -> JsResult<JsValue> {
    parse_observed(text, &mut NoObserver, ctx)
}

/// An array or an object that is not complete.
enum Open {
    Array(Vec<JsValue>),
    Object {
        keys: Vec<JsString>,
        values: Vec<JsValue>,
    },
}

/// Returns the value of a JSON text, and reports all values in it to an observer.
pub(super) fn parse_observed(
    text: &JsString,
    observer: &mut impl Observer,
    ctx: &mut Context,
) -> JsResult<JsValue> {
    let units = text.to_vec();
    let mut parser = Parser {
        units: &units,
        at: 0,
    };
    let mut open: Vec<Open> = Vec::new();
    loop {
        // A value begins.
        parser.space();
        let mut value = match parser.peek() {
            Some('[') => {
                parser.at += 1;
                parser.space();
                if parser.peek() != Some(']') {
                    open.push(Open::Array(Vec::new()));
                    continue;
                }
                parser.at += 1;
                observer.array(0);
                JsArray::new(ctx)?.into()
            }
            Some('{') => {
                parser.at += 1;
                parser.space();
                if parser.peek() != Some('}') {
                    let keys = vec![parser.key()?];
                    let values = Vec::new();
                    open.push(Open::Object { keys, values });
                    continue;
                }
                parser.at += 1;
                observer.object(&[]);
                JsObject::with_object_proto(ctx.intrinsics()).into()
            }
            _ => {
                let start = parser.at;
                let value = parser.primitive()?;
                observer.primitive(&value, start..parser.at);
                value
            }
        };
        // A value has ended, and perhaps the values around it.
        loop {
            parser.space();
            let next = parser.peek();
            match open.last_mut() {
                None if next.is_none() => return Ok(value),
                Some(Open::Array(elements)) if next == Some(',') => {
                    elements.push(value);
                    parser.at += 1;
                    break;
                }
                Some(Open::Object { keys, values }) if next == Some(',') => {
                    values.push(value);
                    parser.at += 1;
                    parser.space();
                    keys.push(parser.key()?);
                    break;
                }
                Some(Open::Array(_)) if next == Some(']') => {}
                Some(Open::Object { .. }) if next == Some('}') => {}
                _ => return Err(parser.unexpected()),
            }
            parser.at += 1;
            value = match open.pop() {
                Some(Open::Array(mut elements)) => {
                    elements.push(value);
                    observer.array(elements.len());
                    JsArray::from_iter(elements, ctx).into()
                }
                Some(Open::Object { keys, mut values }) => {
                    values.push(value);
                    observer.object(&keys);
                    object(keys, values, ctx)
                }
                None => value,
            };
        }
    }
}

fn object(keys: Vec<JsString>, values: Vec<JsValue>, ctx: &Context) -> JsValue {
    let object = JsObject::with_object_proto(ctx.intrinsics());
    for (key, value) in keys.into_iter().zip(values) {
        // `__proto__` is a name like any other.
        object.insert_property(PropertyKey::from(key), data_property(value, ORDINARY));
    }
    object.into()
}

struct Parser<'a> {
    units: &'a [u16],
    at: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<char> {
        let unit = self.units.get(self.at)?;
        Some(char::from_u32(u32::from(*unit)).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(' ' | '\t' | '\n' | '\r')) {
            self.at += 1;
        }
    }

    /// The error for the present character, with Chromium's text.
    fn unexpected(&self) -> boa_engine::JsError {
        let message = match self.peek() {
            None => "Unexpected end of JSON input".to_owned(),
            Some(found) => {
                let before = &self.units[..self.at];
                let line = 1 + before.iter().filter(|unit| **unit == 10).count();
                let start = before.iter().rposition(|unit| *unit == 10);
                let column = self.at - start.map_or(0, |start| start + 1) + 1;
                format!(
                    "Unexpected token '{found}' in JSON at position {} (line {line} column {column})",
                    self.at
                )
            }
        };
        JsNativeError::syntax().with_message(message).into()
    }

    /// The name of a property and its colon.
    fn key(&mut self) -> JsResult<JsString> {
        if self.peek() != Some('"') {
            return Err(self.unexpected());
        }
        let key = self.string()?;
        self.space();
        if self.peek() != Some(':') {
            return Err(self.unexpected());
        }
        self.at += 1;
        Ok(key)
    }

    fn primitive(&mut self) -> JsResult<JsValue> {
        match self.peek() {
            Some('"') => Ok(self.string()?.into()),
            Some('t') => self.word("true", JsValue::from(true)),
            Some('f') => self.word("false", JsValue::from(false)),
            Some('n') => self.word("null", JsValue::null()),
            Some('-' | '0'..='9') => self.number(),
            _ => Err(self.unexpected()),
        }
    }

    fn word(&mut self, word: &str, value: JsValue) -> JsResult<JsValue> {
        for expected in word.chars() {
            if self.peek() != Some(expected) {
                return Err(self.unexpected());
            }
            self.at += 1;
        }
        Ok(value)
    }

    fn digits(&mut self) -> JsResult<()> {
        if !matches!(self.peek(), Some('0'..='9')) {
            return Err(self.unexpected());
        }
        while matches!(self.peek(), Some('0'..='9')) {
            self.at += 1;
        }
        Ok(())
    }

    fn number(&mut self) -> JsResult<JsValue> {
        let start = self.at;
        if self.peek() == Some('-') {
            self.at += 1;
        }
        if self.peek() == Some('0') {
            self.at += 1;
        } else {
            self.digits()?;
        }
        let mut is_integer = true;
        if self.peek() == Some('.') {
            is_integer = false;
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some('e' | 'E')) {
            is_integer = false;
            self.at += 1;
            if matches!(self.peek(), Some('+' | '-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        let text = String::from_utf16_lossy(&self.units[start..self.at]);
        // Rust's integers have no minus zero.
        if is_integer
            && let Ok(number) = text.parse::<i32>()
            && number != 0
        {
            return Ok(number.into());
        }
        // The text has the form of a number of Rust, too.
        Ok(text.parse::<f64>().unwrap_or(f64::NAN).into())
    }

    fn string(&mut self) -> JsResult<JsString> {
        self.at += 1;
        let start = self.at;
        let is_plain = |unit: &u16| *unit >= 0x20 && *unit != 0x22 && *unit != 0x5c;
        let plain = |from: usize, units: &[u16]| {
            let length = units[from..].iter().position(|unit| !is_plain(unit));
            length.map_or(units.len(), |length| from + length)
        };
        self.at = plain(start, self.units);
        if self.peek() == Some('"') {
            let string = JsString::from(&self.units[start..self.at]);
            self.at += 1;
            return Ok(string);
        }
        let mut string = self.units[start..self.at].to_vec();
        loop {
            match self.peek() {
                Some('"') => {
                    self.at += 1;
                    return Ok(JsString::from(&string[..]));
                }
                Some('\\') => {
                    self.at += 1;
                    let unit = self.escape()?;
                    string.push(unit);
                }
                Some(_) if is_plain(&self.units[self.at]) => {
                    let end = plain(self.at, self.units);
                    string.extend_from_slice(&self.units[self.at..end]);
                    self.at = end;
                }
                Some(_) => {
                    let message = format!(
                        "Bad control character in string literal in JSON at position {}",
                        self.at
                    );
                    return Err(JsNativeError::syntax().with_message(message).into());
                }
                None => {
                    let message = format!("Unterminated string in JSON at position {}", self.at);
                    return Err(JsNativeError::syntax().with_message(message).into());
                }
            }
        }
    }

    fn escape(&mut self) -> JsResult<u16> {
        let unit = match self.peek() {
            Some(same @ ('"' | '\\' | '/')) => same as u16,
            Some('b') => 8,
            Some('f') => 12,
            Some('n') => 10,
            Some('r') => 13,
            Some('t') => 9,
            Some('u') => {
                let mut code = 0;
                for _ in 0..4 {
                    self.at += 1;
                    let digit = self.peek().and_then(|digit| digit.to_digit(16));
                    let digit = digit.ok_or_else(|| self.unexpected())?;
                    code = code << 4 | digit as u16;
                }
                code
            }
            _ => return Err(self.unexpected()),
        };
        self.at += 1;
        Ok(unit)
    }
}
