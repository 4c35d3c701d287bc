//! Formats objects of each kind.

use boa_engine::builtins::error::Error;
use boa_engine::builtins::map::ordered_map::OrderedMap;
use boa_engine::builtins::promise::{Promise, PromiseState};
use boa_engine::builtins::proxy::Proxy;
use boa_engine::builtins::regexp::RegExp;
use boa_engine::builtins::set::ordered_set::OrderedSet;
use boa_engine::builtins::typed_array::TypedArray;
use boa_engine::object::JsObject;
use boa_engine::object::builtins::{
    JsArrayBuffer, JsDate, JsPromise, JsRegExp, JsSharedArrayBuffer, JsTypedArray,
};
use boa_engine::property::{PropertyDescriptor, PropertyKey};
use boa_engine::value::JsVariant;
use boa_engine::{Context, JsBigInt, JsString, JsSymbol, JsValue, js_string};

use super::kinds::{bytes, error_text, escape_slashes_once, function_base};
use super::layout::{
    Entries, MAX_ENTRIES, Parts, escape, lay_out, property_name, quote, quote_lines,
};
use super::own;
use super::platform::{self, Short};

/// The most bytes that one call formats before it stops opening objects.
const MAX_OUTPUT: usize = 1 << 24;

/// The state of formatting one value.
pub(super) struct Inspector<'a> {
    context: &'a mut Context,
    /// The depth to which objects are opened. `None` after `MAX_OUTPUT` bytes.
    depth: Option<usize>,
    written: usize,
    /// The objects being formatted, outermost first. The length is the current depth.
    open: Vec<JsObject>,
    /// The objects that contain themselves, in the order of their reference numbers.
    circular: Vec<JsObject>,
    indentation: usize,
    /// The depth of the last opened object.
    innermost: usize,
}

/// The parts of an object that are known before its content is formatted.
struct Shape {
    base: String,
    open: String,
    close: &'static str,
    content: Content,
    keys: Vec<PropertyKey>,
    /// The text for an object beyond the depth limit.
    closed: String,
}

/// The content of an object besides its properties.
enum Content {
    Nothing,
    Array,
    Bytes,
    Map,
    Promise,
    Set,
    TypedArray,
    Unknown,
}

impl<'a> Inspector<'a> {
    pub(super) fn new(depth: usize, context: &'a mut Context) -> Self {
        Self {
            context,
            depth: Some(depth),
            written: 0,
            open: Vec::new(),
            circular: Vec::new(),
            indentation: 0,
            innermost: 0,
        }
    }

    /// Formats a value. Objects below `depth` are not opened, which bounds the recursion.
    pub(super) fn format(&mut self, value: &JsValue) -> String {
        match value.variant() {
            JsVariant::Object(object) => self.object(&object),
            JsVariant::String(string) => quote_lines(&string, self.indentation),
            _ => self.primitive(value),
        }
    }

    fn primitive(&mut self, value: &JsValue) -> String {
        match value.variant() {
            JsVariant::String(string) => quote(&string),
            JsVariant::Symbol(symbol) => symbol_text(&symbol),
            JsVariant::BigInt(number) => format!("{}n", number.to_string_radix(10)),
            JsVariant::Float64(number) if number == 0.0 && number.is_sign_negative() => {
                String::from("-0")
            }
            _ => value
                .to_string(self.context)
                .map(|text| text.to_std_string_lossy())
                .unwrap_or_default(),
        }
    }

    fn object(&mut self, object: &JsObject) -> String {
        if self.open.iter().any(|open| JsObject::equals(open, object)) {
            let number = self
                .circular
                .iter()
                .position(|known| JsObject::equals(known, object))
                .unwrap_or_else(|| {
                    self.circular.push(object.clone());
                    self.circular.len() - 1
                });
            return format!("[Circular *{}]", number + 1);
        }
        let shape = match self.shape(object) {
            Ok(shape) => shape,
            Err(text) => return text,
        };
        if self.depth.is_none_or(|depth| self.open.len() > depth) {
            return shape.closed;
        }
        self.open.push(object.clone());
        self.innermost = self.open.len();
        let (mut entries, kind) = self.content(object, &shape.content);
        let named = shape.keys.len();
        for key in &shape.keys {
            let entry = self.property(object, key);
            entries.push(entry);
        }
        self.open.pop();
        let mut base = shape.base;
        if let Some(number) = self
            .circular
            .iter()
            .position(|known| JsObject::equals(known, object))
        {
            let separator = if base.is_empty() { "" } else { " " };
            base = format!("<ref *{}>{separator}{base}", number + 1);
        }
        let kind = match kind {
            // An array with named properties is not aligned as numbers, for any values.
            Entries::Listed { has_more, .. } if named > 0 => Entries::Listed {
                numbers: false,
                has_more: has_more && named == 0,
            },
            kind => kind,
        };
        let parts = Parts {
            base,
            open: shape.open,
            close: shape.close,
            entries,
            kind,
        };
        let text = lay_out(
            parts,
            self.innermost - self.open.len() - 1,
            self.indentation,
        );
        self.written += text.len();
        if self.written > MAX_OUTPUT {
            self.depth = None;
        }
        text
    }

    /// Returns the shape of an object, or `Err` with the whole text if there is nothing to open.
    fn shape(&mut self, object: &JsObject) -> Result<Shape, String> {
        match platform::short(object, self.context) {
            Some(Short::Text(text)) => return Err(text),
            Some(Short::Error(text)) if self.open.is_empty() => return Err(text),
            Some(Short::Error(text)) => return Err(format!("[{text}]")),
            None => {}
        }
        if object.is::<Proxy>() {
            // NOT YET: Node shows the target, but Boa has no access to it.
            return Err(String::from("[Proxy]"));
        }
        let constructor = own::constructor_name(object);
        let tag = tag(object);
        let prefix = |fallback: &str, size: Option<usize>| {
            prefix(constructor.as_deref(), &tag, fallback, size)
        };
        let closed = |fallback: &str| {
            let text = prefix(fallback, None);
            let text = text.trim_end();
            if constructor.is_some() {
                format!("[{text}]")
            } else {
                text.to_owned()
            }
        };
        let mut shape = Shape {
            base: String::new(),
            open: String::from("{"),
            close: "}",
            content: Content::Nothing,
            keys: Vec::new(),
            closed: closed("Object"),
        };
        if object.is_array() {
            let length = array_length(object);
            shape.keys = enumerable(object, own::own_names(object));
            let named = constructor.as_deref() != Some("Array") || !tag.is_empty();
            let prefix = if named {
                prefix("Array", Some(length as usize))
            } else {
                String::new()
            };
            if length == 0 && shape.keys.is_empty() {
                return Err(format!("{prefix}[]"));
            }
            shape.open = format!("{prefix}[");
            shape.close = "]";
            shape.content = Content::Array;
            shape.closed = closed("Array");
            return Ok(shape);
        }
        if let Some((name, size, content)) = self.collection(object) {
            let list = matches!(content, Content::TypedArray);
            shape.keys = enumerable(object, own::own_names(object));
            shape.content = content;
            shape.open = format!(
                "{}{}",
                prefix(name, Some(size)),
                if list { "[" } else { "{" }
            );
            shape.close = if list { "]" } else { "}" };
            shape.closed = closed(name);
            if size == 0 && shape.keys.is_empty() {
                return Err(format!("{}{}", shape.open, shape.close));
            }
            return Ok(shape);
        }
        shape.keys = enumerable(object, own::own_keys(object));
        platform::retain_expandos(object, &mut shape.keys);
        if object.is_callable() {
            shape.base = function_base(object, constructor.as_deref(), &tag);
        } else if let Ok(date) = JsDate::from_object(object.clone()) {
            shape.base = self.date(&date);
        } else if object.is::<RegExp>() {
            shape.base = self.regular_expression(object);
        } else if object.is::<Error>() {
            shape.base = error_text(object, constructor.as_deref(), &mut shape.keys);
            // An error is bare at the top level and in brackets inside an object.
            if !self.open.is_empty() {
                shape.base = format!("[{}]", shape.base.replace('\n', &self.line()));
            }
        } else if let Some(boxed) = self.boxed(object, constructor.as_deref(), &tag) {
            if object.is::<JsString>() {
                shape
                    .keys
                    .retain(|key| !matches!(key, PropertyKey::Index(_)));
            }
            shape.base = boxed;
        } else if let Some((name, content)) = opaque(object) {
            shape.open = format!("{}{{", prefix(name, None));
            shape.closed = closed(name);
            shape.content = content;
            return Ok(shape);
        } else if constructor.as_deref() == Some("Object") && tag.is_empty() {
            if shape.keys.is_empty() {
                return Err(String::from("{}"));
            }
        } else {
            shape.open = format!("{}{{", prefix("Object", None));
            if shape.keys.is_empty() {
                return Err(format!("{}}}", shape.open));
            }
        }
        if shape.keys.is_empty() {
            return Err(shape.base);
        }
        Ok(shape)
    }

    /// Returns the name and size of a collection that prints its number of entries.
    fn collection(&mut self, object: &JsObject) -> Option<(&'static str, usize, Content)> {
        if let Some(map) = object.downcast_ref::<OrderedMap<JsValue>>() {
            return Some(("Map", map.len(), Content::Map));
        }
        if let Some(set) = object.downcast_ref::<OrderedSet>() {
            return Some(("Set", set.len(), Content::Set));
        }
        if object.is::<TypedArray>() {
            let array = JsTypedArray::from_object(object.clone()).ok()?;
            let length = array.length(self.context).unwrap_or(0);
            return Some(("TypedArray", length, Content::TypedArray));
        }
        None
    }

    fn content(&mut self, object: &JsObject, content: &Content) -> (Vec<String>, Entries) {
        let named = |entries| (entries, Entries::Named);
        match content {
            Content::Nothing => named(Vec::new()),
            Content::Unknown => named(vec![String::from("<items unknown>")]),
            Content::Array => self.array(object),
            Content::TypedArray => self.typed_array(object),
            Content::Bytes => named(bytes(object)),
            Content::Promise => named(self.promise(object)),
            Content::Map => {
                let (entries, size) = match object.downcast_ref::<OrderedMap<JsValue>>() {
                    Some(map) => (
                        map.iter()
                            .take(MAX_ENTRIES)
                            .map(|(key, value)| (key.clone(), value.clone()))
                            .collect(),
                        map.len(),
                    ),
                    None => (Vec::new(), 0),
                };
                let lines = self.indented(|inspector| {
                    entries
                        .iter()
                        .map(|(key, value)| {
                            let key = inspector.format(key);
                            format!("{key} => {}", inspector.format(value))
                        })
                        .collect()
                });
                named(with_more(lines, size))
            }
            Content::Set => {
                let (entries, size): (Vec<JsValue>, _) = match object.downcast_ref::<OrderedSet>() {
                    Some(set) => (set.iter().take(MAX_ENTRIES).cloned().collect(), set.len()),
                    None => (Vec::new(), 0),
                };
                let lines = self.indented(|inspector| {
                    entries
                        .iter()
                        .map(|entry| inspector.format(entry))
                        .collect()
                });
                named(with_more(lines, size))
            }
        }
    }

    fn array(&mut self, object: &JsObject) -> (Vec<String>, Entries) {
        let length = array_length(object);
        let mut entries = Vec::new();
        let mut numbers = true;
        let mut next = 0;
        let mut indices = None;
        while next < length && entries.len() < MAX_ENTRIES {
            let Some(property) = own::own_property(object, &PropertyKey::from(next)) else {
                // A hole extends to the next existing index.
                let indices = indices.get_or_insert_with(|| own::own_indices(object));
                let after = indices.partition_point(|index| *index < next);
                let end = indices.get(after).copied().unwrap_or(length).min(length);
                let plural = if end - next > 1 { "s" } else { "" };
                entries.push(format!("<{} empty item{plural}>", end - next));
                numbers = false;
                next = end;
                continue;
            };
            numbers &= property
                .value()
                .is_some_and(|value| value.is_number() || value.is_bigint());
            let entry = self.property_value(&property);
            entries.push(entry);
            next += 1;
        }
        let left = (length - next) as usize;
        let has_more = left > 0;
        if has_more {
            entries.push(more_items(left));
            // The entry "... more items" takes the kind of the first hidden element.
            numbers = numbers && own::own_property(object, &PropertyKey::from(next)).is_some();
        }
        (entries, Entries::Listed { numbers, has_more })
    }

    fn typed_array(&mut self, object: &JsObject) -> (Vec<String>, Entries) {
        let length = JsTypedArray::from_object(object.clone())
            .and_then(|array| array.length(self.context))
            .unwrap_or(0);
        let mut entries = Vec::new();
        for index in 0..length.min(MAX_ENTRIES) {
            // Reading an element of a typed array runs no page code.
            let value = object.get(index as u64, self.context).unwrap_or_default();
            entries.push(self.primitive(&value));
        }
        let entries = with_more(entries, length);
        let has_more = length > MAX_ENTRIES;
        (
            entries,
            Entries::Listed {
                numbers: true,
                has_more,
            },
        )
    }

    fn promise(&mut self, object: &JsObject) -> Vec<String> {
        let Ok(promise) = JsPromise::from_object(object.clone()) else {
            return Vec::new();
        };
        match promise.state() {
            PromiseState::Pending => vec![String::from("<pending>")],
            PromiseState::Fulfilled(value) => {
                vec![self.indented(|inspector| inspector.format(&value))]
            }
            PromiseState::Rejected(reason) => {
                let reason = self.indented(|inspector| inspector.format(&reason));
                vec![format!("<rejected> {reason}")]
            }
        }
    }

    fn date(&mut self, date: &JsDate) -> String {
        date.to_iso_string(self.context)
            .ok()
            .and_then(|text| text.as_string())
            .map_or_else(
                || String::from("Invalid Date"),
                |text| text.to_std_string_lossy(),
            )
    }

    fn regular_expression(&mut self, object: &JsObject) -> String {
        let Ok(expression) = JsRegExp::from_object(object.clone()) else {
            return String::from("[RegExp]");
        };
        let source = expression
            .source(self.context)
            .unwrap_or_else(|_| String::from("(?:)"));
        let mut text = format!("/{}/", escape_slashes_once(&source));
        type Flag = fn(&JsRegExp, &mut Context) -> boa_engine::JsResult<bool>;
        let flags: [(char, Flag); 7] = [
            ('d', JsRegExp::has_indices),
            ('g', JsRegExp::global),
            ('i', JsRegExp::ignore_case),
            ('m', JsRegExp::multiline),
            ('s', JsRegExp::dot_all),
            ('u', JsRegExp::unicode),
            ('y', JsRegExp::sticky),
        ];
        for (letter, flag) in flags {
            if flag(&expression, self.context).unwrap_or(false) {
                text.push(letter);
            }
        }
        text
    }

    /// Formats a primitive wrapper object, such as `[Number: 1]`.
    fn boxed(&mut self, object: &JsObject, constructor: Option<&str>, tag: &str) -> Option<String> {
        let (name, value) = if let Some(value) = object.downcast_ref::<bool>() {
            ("Boolean", JsValue::from(*value))
        } else if let Some(value) = object.downcast_ref::<f64>() {
            ("Number", JsValue::from(*value))
        } else if let Some(value) = object.downcast_ref::<JsString>() {
            ("String", JsValue::from(value.clone()))
        } else if let Some(value) = object.downcast_ref::<JsBigInt>() {
            ("BigInt", JsValue::from(value.clone()))
        } else {
            let value = object.downcast_ref::<JsSymbol>()?;
            ("Symbol", JsValue::from(value.clone()))
        };
        let mut text = format!("[{name}");
        match constructor {
            None => text.push_str(" (null prototype)"),
            Some(constructor) if constructor != name => {
                text.push_str(&format!(" ({constructor})"));
            }
            Some(_) => {}
        }
        text.push_str(&format!(": {}]", self.primitive(&value)));
        if !tag.is_empty() && Some(tag) != constructor {
            text.push_str(&format!(" [{tag}]"));
        }
        Some(text)
    }

    fn property(&mut self, object: &JsObject, key: &PropertyKey) -> String {
        let property = own::own_property(object, key).unwrap_or_default();
        let value = self.property_value(&property);
        let hidden = property.enumerable() == Some(false);
        let name = match key {
            PropertyKey::Symbol(symbol) => format!("[{}]", symbol_text(symbol)),
            PropertyKey::String(name) if hidden => format!("[{}]", escape(name)),
            PropertyKey::String(name) => property_name(name),
            PropertyKey::Index(index) => format!("'{}'", index.get()),
        };
        format!("{name}: {value}")
    }

    fn property_value(&mut self, property: &PropertyDescriptor) -> String {
        let is_function = |accessor: Option<&JsValue>| accessor.is_some_and(JsValue::is_object);
        match (is_function(property.get()), is_function(property.set())) {
            (true, true) => String::from("[Getter/Setter]"),
            (true, false) => String::from("[Getter]"),
            (false, true) => String::from("[Setter]"),
            (false, false) => match property.value() {
                Some(value) => self.indented(|inspector| inspector.format(value)),
                None => String::from("undefined"),
            },
        }
    }

    fn indented<R>(&mut self, write: impl FnOnce(&mut Self) -> R) -> R {
        self.indentation += 2;
        let result = write(self);
        self.indentation -= 2;
        result
    }

    fn line(&self) -> String {
        format!("\n{}", " ".repeat(self.indentation))
    }
}

/// Returns the text before the brace, such as `Map(2) [Tag] `. A plain object has none.
fn prefix(constructor: Option<&str>, tag: &str, fallback: &str, size: Option<usize>) -> String {
    let size = size.map(|size| format!("({size})")).unwrap_or_default();
    match constructor {
        None if !tag.is_empty() && tag != fallback => {
            format!("[{fallback}{size}: null prototype] [{tag}] ")
        }
        None => format!("[{fallback}{size}: null prototype] "),
        Some(constructor) if !tag.is_empty() && tag != constructor => {
            format!("{constructor}{size} [{tag}] ")
        }
        Some(constructor) => format!("{constructor}{size} "),
    }
}

/// Returns `Symbol.toStringTag`, unless it is printed as a property anyway.
fn tag(object: &JsObject) -> String {
    let key = PropertyKey::from(JsSymbol::to_string_tag());
    if own::own_property(object, &key).is_some_and(|own| own.enumerable() == Some(true)) {
        return String::new();
    }
    own::string(object, key)
        .map(|tag| tag.to_std_string_lossy())
        .unwrap_or_default()
}

/// Returns the name of a kind that is opened even without properties.
fn opaque(object: &JsObject) -> Option<(&'static str, Content)> {
    if object.is::<Promise>() {
        return Some(("Promise", Content::Promise));
    }
    if JsArrayBuffer::from_object(object.clone()).is_ok() {
        return Some(("ArrayBuffer", Content::Bytes));
    }
    if JsSharedArrayBuffer::from_object(object.clone()).is_ok() {
        return Some(("SharedArrayBuffer", Content::Bytes));
    }
    use boa_engine::object::builtins::{JsWeakMap, JsWeakSet};
    if JsWeakMap::from_object(object.clone()).is_ok() {
        return Some(("WeakMap", Content::Unknown));
    }
    if JsWeakSet::from_object(object.clone()).is_ok() {
        return Some(("WeakSet", Content::Unknown));
    }
    None
}

fn symbol_text(symbol: &JsSymbol) -> String {
    let description = symbol.description().map(|text| escape(&text));
    format!("Symbol({})", description.unwrap_or_default())
}

fn enumerable(object: &JsObject, keys: Vec<PropertyKey>) -> Vec<PropertyKey> {
    keys.into_iter()
        .filter(|key| {
            own::own_property(object, key).is_some_and(|own| own.enumerable() == Some(true))
        })
        .collect()
}

fn array_length(object: &JsObject) -> u32 {
    own::own_value(object, js_string!("length"))
        .and_then(|length| length.as_number())
        .map_or(0, |length| length as u32)
}

fn more_items(left: usize) -> String {
    let plural = if left > 1 { "s" } else { "" };
    format!("... {left} more item{plural}")
}

fn with_more(mut entries: Vec<String>, size: usize) -> Vec<String> {
    if size > entries.len() {
        entries.push(more_items(size - entries.len()));
    }
    entries
}
