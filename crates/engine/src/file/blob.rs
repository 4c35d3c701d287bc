//! `Blob`, `File` and `FileList` ([File API](https://w3c.github.io/FileAPI/)).

use std::sync::Arc;

use boa_engine::realm::Realm;
use boa_engine::{Context, Finalize, JsNativeError, JsObject, JsResult, JsValue, Trace};

use super::blob_read::{self, Package};
use crate::script::with_loop;
use crate::webidl::buffer_source::BufferSource;
use crate::webidl::convert::{
    Dictionary, Range, argument, js_str, optional, sequence, to_int, usv_string,
};
use crate::webidl::platform;
use crate::webidl::{self, Interface, Iterable, Member, NewTarget};

/// What a blob holds: a part of bytes that any number of blobs, messages and URLs share.
#[derive(Clone, boa_engine::Trace, boa_engine::Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct BlobData {
    #[unsafe_ignore_trace]
    bytes: Arc<Vec<u8>>,
    #[unsafe_ignore_trace]
    start: usize,
    #[unsafe_ignore_trace]
    end: usize,
    /// Its `type`.
    #[unsafe_ignore_trace]
    pub(crate) content_type: String,
    /// What makes it a `File`.
    #[unsafe_ignore_trace]
    pub(crate) file: Option<FileData>,
}

/// What a `File` has besides.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FileData {
    /// Its name.
    pub(crate) name: String,
    /// When it was last modified: milliseconds since 1970.
    pub(crate) last_modified: f64,
}

impl BlobData {
    /// A blob of all of these bytes.
    pub(crate) fn new(bytes: Arc<Vec<u8>>, content_type: String, file: Option<FileData>) -> Self {
        let end = bytes.len();
        Self {
            bytes,
            start: 0,
            end,
            content_type,
            file,
        }
    }

    /// The bytes of the blob.
    pub(crate) fn bytes(&self) -> &[u8] {
        self.bytes.get(self.start..self.end).unwrap_or_default()
    }

    /// The number of bytes.
    pub(crate) fn size(&self) -> usize {
        self.end - self.start
    }

    /// [Slice blob](https://w3c.github.io/FileAPI/#slice-blob), with the offsets as script gives
    /// them: negative ones count from the end.
    fn slice(&self, start: Option<f64>, end: Option<f64>, content_type: String) -> Self {
        let start = self.offset(start.unwrap_or(0.0));
        let end = end.map_or(self.size(), |end| self.offset(end)).max(start);
        Self {
            bytes: self.bytes.clone(),
            start: self.start + start,
            end: self.start + end,
            content_type,
            file: None,
        }
    }

    #[allow(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the offset is integral and lies between zero and the size"
    )]
    fn offset(&self, offset: f64) -> usize {
        let size = self.size() as f64;
        let offset = if offset < 0.0 {
            (size + offset).max(0.0)
        } else {
            offset.min(size)
        };
        offset as usize
    }
}

/// The `Blob` interface.
///
/// NOT YET: `stream()`, since there are no streams.
pub(crate) static BLOB: Interface = Interface {
    constructor: Some((0, construct_blob)),
    members: &[&[
        Member::Attribute("size", |this, _| Ok(data(this)?.size().into()), None),
        Member::Attribute("type", |this, _| Ok(js_str(data(this)?.content_type)), None),
        Member::Operation("slice", 0, slice),
        Member::Operation("text", 0, |this, _, ctx| {
            Ok(blob_read::promise(data(this)?, Package::Text, ctx))
        }),
        Member::Operation("arrayBuffer", 0, |this, _, ctx| {
            Ok(blob_read::promise(data(this)?, Package::ArrayBuffer, ctx))
        }),
        Member::Operation("bytes", 0, |this, _, ctx| {
            Ok(blob_read::promise(data(this)?, Package::Bytes, ctx))
        }),
    ]],
    ..Interface::new("Blob")
};

/// The `File` interface.
pub(crate) static FILE: Interface = Interface {
    parent: Some(&BLOB),
    constructor: Some((2, construct_file)),
    members: &[&[
        Member::Attribute("name", |this, _| Ok(js_str(file_data(this)?.name)), None),
        Member::Attribute(
            "lastModified",
            |this, _| Ok(file_data(this)?.last_modified.into()),
            None,
        ),
        Member::Attribute("webkitRelativePath", |_, _| Ok(js_str("")), None),
    ]],
    ..Interface::new("File")
};

/// The blob that an object stands for, if it does.
pub(crate) fn as_blob(object: &JsObject) -> Option<BlobData> {
    platform::with(object, |data: &BlobData| Some(data.clone()))
}

/// The blob that an argument of type `Blob` is.
pub(crate) fn blob_argument(args: &[JsValue], index: usize) -> JsResult<BlobData> {
    let object = argument(args, index).as_object();
    object.as_ref().and_then(as_blob).ok_or_else(|| {
        JsNativeError::typ()
            .with_message(format!("parameter {} is not of type 'Blob'.", index + 1))
            .into()
    })
}

fn data(this: &JsObject) -> JsResult<BlobData> {
    as_blob(this).ok_or_else(platform::illegal_invocation)
}

fn file_data(this: &JsObject) -> JsResult<FileData> {
    data(this)?.file.ok_or_else(platform::illegal_invocation)
}

/// Makes the `Blob` or `File` that shows `data` in `realm`.
pub(crate) fn create(data: BlobData, realm: &Realm, ctx: &mut Context) -> JsObject {
    let interface = if data.file.is_some() { &FILE } else { &BLOB };
    webidl::create_object(realm, interface, data, ctx)
}

/// A part of a blob, as its constructor is given it.
enum Part {
    Buffer(BufferSource),
    Blob(BlobData),
    Text(String),
}

fn part(value: &JsValue, ctx: &mut Context) -> JsResult<Part> {
    if let Some(object) = value.as_object() {
        if let Some(blob) = as_blob(&object) {
            return Ok(Part::Blob(blob));
        }
        if let Some(source) = BufferSource::new(&object, ctx)? {
            return Ok(Part::Buffer(source));
        }
    }
    usv_string(value, ctx).map(Part::Text)
}

fn parts(value: &JsValue, ctx: &mut Context) -> JsResult<Vec<Part>> {
    sequence(value, ctx)?
        .iter()
        .map(|value| part(value, ctx))
        .collect()
}

/// A [`BlobPropertyBag`](https://w3c.github.io/FileAPI/#dfn-BlobPropertyBag).
struct PropertyBag {
    native_endings: bool,
    content_type: String,
}

fn property_bag(options: &Dictionary, ctx: &mut Context) -> JsResult<PropertyBag> {
    let endings = options
        .string("endings", "transparent", ctx)?
        .to_std_string_lossy();
    if endings != "native" && endings != "transparent" {
        return Err(JsNativeError::typ()
            .with_message(format!(
                "The provided value '{endings}' is not a valid enum value of type EndingType."
            ))
            .into());
    }
    let content_type = options.string("type", "", ctx)?.to_std_string_lossy();
    Ok(PropertyBag {
        native_endings: endings == "native",
        content_type: normalize_type(&content_type),
    })
}

/// A type that is not made of printable ASCII is none; letters become small.
fn normalize_type(content_type: &str) -> String {
    if content_type.chars().all(|c| matches!(c, ' '..='~')) {
        content_type.to_ascii_lowercase()
    } else {
        String::new()
    }
}

/// [Process blob parts](https://w3c.github.io/FileAPI/#process-blob-parts)
fn process_blob_parts(parts: Vec<Part>, native: bool, ctx: &mut Context) -> JsResult<Arc<Vec<u8>>> {
    // OPTIMIZATION: a blob made of one whole blob shares its bytes.
    if let [Part::Blob(only)] = parts.as_slice()
        && only.size() == only.bytes.len()
    {
        return Ok(only.bytes.clone());
    }
    let mut bytes = Vec::new();
    for part in parts {
        match part {
            Part::Buffer(source) => bytes.extend(source.bytes(ctx)?),
            Part::Blob(blob) => bytes.extend_from_slice(blob.bytes()),
            Part::Text(text) if native => {
                bytes.extend(convert_line_endings_to_native(&text).as_bytes());
            }
            Part::Text(text) => bytes.extend(text.as_bytes()),
        }
    }
    Ok(Arc::new(bytes))
}

/// [Convert line endings to native](https://w3c.github.io/FileAPI/#convert-line-endings-to-native):
/// the native one is a line feed here, on every machine.
fn convert_line_endings_to_native(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// [The Blob constructor](https://w3c.github.io/FileAPI/#dom-blob-blob)
fn construct_blob(target: &NewTarget, args: &[JsValue], ctx: &mut Context) -> JsResult<JsObject> {
    let parts = optional(args, 0).map_or(Ok(Vec::new()), |value| parts(value, ctx))?;
    let options = Dictionary::new(&argument(args, 1))?;
    let bag = property_bag(&options, ctx)?;
    let bytes = process_blob_parts(parts, bag.native_endings, ctx)?;
    let data = BlobData::new(bytes, bag.content_type, None);
    target.create(data, ctx)
}

/// [The File constructor](https://w3c.github.io/FileAPI/#dom-file-file)
fn construct_file(target: &NewTarget, args: &[JsValue], ctx: &mut Context) -> JsResult<JsObject> {
    let parts = parts(&argument(args, 0), ctx)?;
    let name = usv_string(&argument(args, 1), ctx)?;
    let options = Dictionary::new(&argument(args, 2))?;
    let bag = property_bag(&options, ctx)?;
    let last_modified = match options.get("lastModified", ctx)? {
        Some(value) => to_int(&value, 64, true, Range::Modulo, ctx)?,
        None => {
            let now = with_loop(ctx, |event_loop| {
                event_loop.time_origin() + event_loop.now()
            });
            (now.as_secs_f64() * 1000.0).floor()
        }
    };
    let bytes = process_blob_parts(parts, bag.native_endings, ctx)?;
    let data = BlobData::new(
        bytes,
        bag.content_type,
        Some(FileData {
            name,
            last_modified,
        }),
    );
    target.create(data, ctx)
}

/// A `long long` with [`[Clamp]`](https://webidl.spec.whatwg.org/#Clamp).
fn clamp(value: &JsValue, ctx: &mut Context) -> JsResult<f64> {
    let number = value.to_number(ctx)?;
    let largest = 9_007_199_254_740_991.0;
    Ok(if number.is_nan() {
        0.0
    } else {
        number.clamp(-largest, largest).round_ties_even()
    })
}

/// [slice](https://w3c.github.io/FileAPI/#dfn-slice)
fn slice(this: &JsObject, args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let start = optional(args, 0)
        .map(|value| clamp(value, ctx))
        .transpose()?;
    let end = optional(args, 1)
        .map(|value| clamp(value, ctx))
        .transpose()?;
    let content_type = match optional(args, 2) {
        Some(value) => normalize_type(&value.to_string(ctx)?.to_std_string_lossy()),
        None => String::new(),
    };
    let sliced = data(this)?.slice(start, end, content_type);
    let realm = ctx.realm().clone();
    Ok(create(sliced, &realm, ctx).into())
}

/// What a `FileList` holds.
#[derive(Default, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct FileListData {
    files: Vec<JsObject>,
}

/// The `FileList` interface.
pub(crate) static FILE_LIST: Interface = Interface {
    members: &[&[
        Member::Operation("item", 1, |this, args, ctx| {
            let index = argument(args, 0).to_u32(ctx)? as usize;
            Ok(files(this)
                .get(index)
                .cloned()
                .map_or_else(JsValue::null, JsValue::from))
        }),
        Member::Attribute("length", |this, _| Ok(files(this).len().into()), None),
    ]],
    iterable: Iterable::Indexed,
    ..Interface::new("FileList")
};

/// The files of a `FileList`.
pub(crate) fn files(this: &JsObject) -> Vec<JsObject> {
    platform::with(this, |data: &FileListData| Some(data.files.clone())).unwrap_or_default()
}

/// Makes an empty `FileList` in `realm`.
pub(crate) fn create_file_list(realm: &Realm, ctx: &mut Context) -> JsObject {
    webidl::create_object(realm, &FILE_LIST, FileListData::default(), ctx)
}

/// Adds a file to a list that script has not seen yet. Its indexed properties are own ones, since
/// a list never changes once it is there.
pub(crate) fn push_file(list: &JsObject, file: JsObject) {
    use boa_engine::property::{PropertyDescriptor, PropertyKey};
    let index = platform::with_mut(list, |data: &mut FileListData| {
        data.files.push(file.clone());
        Some(data.files.len() - 1)
    });
    if let Some(index) = index {
        let descriptor = PropertyDescriptor::builder()
            .value(file)
            .writable(false)
            .enumerable(true)
            .configurable(true);
        list.insert_property(PropertyKey::from(index), descriptor);
    }
}

#[cfg(test)]
mod tests {
    use super::{BlobData, convert_line_endings_to_native, normalize_type};
    use std::sync::Arc;

    fn sliced(start: Option<f64>, end: Option<f64>) -> Vec<u8> {
        let blob = BlobData::new(Arc::new(b"0123456789".to_vec()), String::new(), None);
        // A slice of a slice counts from where it begins.
        let blob = blob.slice(Some(2.0), Some(8.0), String::new());
        blob.slice(start, end, String::new()).bytes().to_vec()
    }

    #[test]
    fn slices_count_from_either_end() {
        assert_eq!(sliced(None, None), b"234567");
        assert_eq!(sliced(Some(1.0), Some(3.0)), b"34");
        assert_eq!(sliced(Some(-2.0), None), b"67");
        assert_eq!(sliced(Some(-100.0), Some(-4.0)), b"23");
        assert_eq!(sliced(Some(4.0), Some(1.0)), b"");
        assert_eq!(sliced(Some(100.0), Some(200.0)), b"");
    }

    #[test]
    fn a_slice_shares_the_bytes() {
        let bytes = Arc::new(vec![0; 8]);
        let blob = BlobData::new(bytes.clone(), String::new(), None);
        let slice = blob.slice(Some(3.0), None, String::new());
        assert!(std::ptr::eq(slice.bytes().as_ptr(), &raw const bytes[3]));
    }

    #[test]
    fn types_are_printable_ascii_or_nothing() {
        assert_eq!(
            normalize_type("Text/HTML; charset=UTF-8"),
            "text/html; charset=utf-8"
        );
        assert_eq!(normalize_type("a\u{e9}"), "");
        assert_eq!(normalize_type("a\n"), "");
    }

    #[test]
    fn every_line_ending_becomes_a_line_feed() {
        assert_eq!(
            convert_line_endings_to_native("a\r\nb\rc\n\r\r\n"),
            "a\nb\nc\n\n\n"
        );
    }
}
