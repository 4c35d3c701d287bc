//! The performance timeline, and the marks and measures on it.

use boa_engine::{
    Context, Finalize, JsError, JsNativeError, JsObject, JsResult, JsString, JsValue, Trace,
    js_string,
};

use super::interfaces::{PERFORMANCE_MARK, PERFORMANCE_MEASURE, PerformanceMarkOptions};
use crate::messaging::host::structured_clone;
use crate::script::{realm, time, with_contexts};
use crate::webidl::{Interface, create_here, exception, platform};

/// The data of an entry.
#[derive(Clone, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct Entry {
    #[unsafe_ignore_trace]
    pub(super) name: String,
    #[unsafe_ignore_trace]
    pub(super) entry_type: &'static str,
    pub(super) start_time: f64,
    pub(super) duration: f64,
    pub(super) detail: JsValue,
}

/// The [performance entry buffer](https://w3c.github.io/performance-timeline/#dfn-performance-entry-buffer)
/// of a global, in chronological order.
#[derive(Default, Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
struct Buffer(Vec<JsObject>);

/// The buffer, as a companion of a `Performance`. It is not an interface of the standard.
static BUFFER: Interface = Interface::new("performance entry buffer");

const COMPANION: &str = "performance entry buffer";

fn read_entry<R>(object: &JsObject, read: impl FnOnce(&Entry) -> R) -> Option<R> {
    platform::with(object, |entry: &Entry| Some(read(entry)))
}

/// The requested entries of the buffer.
pub(super) fn entries(performance: &JsObject, wanted: impl Fn(&Entry) -> bool) -> Vec<JsObject> {
    let Some(buffer) = platform::held_companion(performance, COMPANION) else {
        return Vec::new();
    };
    let mut all = platform::with(&buffer, |buffer: &Buffer| Some(buffer.0.clone()));
    let all = all.get_or_insert_default();
    all.retain(|entry| read_entry(entry, &wanted).unwrap_or(false));
    std::mem::take(all)
}

/// [Queue a PerformanceEntry](https://w3c.github.io/performance-timeline/#queue-a-performanceentry):
/// adds it to the buffer, which is ordered by time.
fn queue(performance: &JsObject, entry: &JsObject, cx: &mut Context) -> JsResult<()> {
    let buffer = platform::companion(performance, COMPANION, cx, |cx| {
        let no_prototype = JsObject::with_null_proto();
        let data = Buffer::default();
        Ok(platform::PlatformObject::create(
            data,
            &BUFFER,
            no_prototype,
            cx,
        ))
    })?;
    let start = read_entry(entry, |entry| entry.start_time).unwrap_or_default();
    let held = platform::with(&buffer, |buffer: &Buffer| Some(buffer.0.clone()));
    let mut held = held.unwrap_or_default();
    let later = |held: &JsObject| read_entry(held, |held| held.start_time > start) == Some(true);
    let behind = held.iter().rev().take_while(|held| later(held)).count();
    held.insert(held.len() - behind, entry.clone());
    platform::with_mut(&buffer, |buffer: &mut Buffer| {
        buffer.0 = held;
        Some(())
    });
    Ok(())
}

/// Removes the entries of a type: all of them or those of one name.
pub(super) fn clear(performance: &JsObject, entry_type: &str, name: Option<&str>) {
    let kept = entries(performance, |entry| {
        entry.entry_type != entry_type || name.is_some_and(|name| entry.name != name)
    });
    if let Some(buffer) = platform::held_companion(performance, COMPANION) {
        platform::with_mut(&buffer, |buffer: &mut Buffer| {
            buffer.0 = kept;
            Some(())
        });
    }
}

/// The clone of a `detail`, or null.
fn cloned_detail(detail: Option<JsValue>, cx: &mut Context) -> JsResult<JsValue> {
    match (detail, realm::current_window(cx)) {
        (Some(detail), Some(global)) if !detail.is_null_or_undefined() => {
            structured_clone(cx, global, &detail, &[])
        }
        _ => Ok(JsValue::null()),
    }
}

fn type_error(message: &str) -> JsError {
    JsNativeError::typ().with_message(message.to_owned()).into()
}

/// The attributes of [`PerformanceTiming`](https://w3c.github.io/navigation-timing/#the-performancetiming-interface).
///
/// NOT YET: the interface itself. So all times but that of `navigationStart` count as 0, as if nothing had been noted.
const PERFORMANCE_TIMING: [&str; 21] = [
    "navigationStart",
    "unloadEventStart",
    "unloadEventEnd",
    "redirectStart",
    "redirectEnd",
    "fetchStart",
    "domainLookupStart",
    "domainLookupEnd",
    "connectStart",
    "connectEnd",
    "secureConnectionStart",
    "requestStart",
    "responseStart",
    "responseEnd",
    "domLoading",
    "domInteractive",
    "domContentLoadedEventStart",
    "domContentLoadedEventEnd",
    "domComplete",
    "loadEventStart",
    "loadEventEnd",
];

/// Whether a name is that of a time of the navigation, in the current realm. Workers have none.
fn is_time_of_navigation(name: &str, cx: &Context) -> bool {
    PERFORMANCE_TIMING.contains(&name)
        && realm::current_window(cx)
            .is_some_and(|global| with_contexts(cx, |contexts| contexts.window(global).is_some()))
}

/// [The PerformanceMark constructor](https://w3c.github.io/user-timing/#the-performancemark-constructor)
pub(super) fn new_mark(
    name: String,
    options: PerformanceMarkOptions,
    cx: &mut Context,
) -> JsResult<Entry> {
    // 1. Refuse the names of the times of a navigation.
    if is_time_of_navigation(&name, cx) {
        let message = format!("'{name}' is a time of the navigation.");
        return Err(exception::throw("SyntaxError", &message, cx));
    }
    // 5. The start time is the given time or the present time.
    let start_time = match options.start_time {
        Some(start) if start < 0.0 => {
            return Err(type_error("The start time of a mark must not be negative."));
        }
        Some(start) => start,
        None => time::now(cx),
    };
    // 7. and 8. Clone the detail.
    let detail = cloned_detail(options.detail, cx)?;
    Ok(Entry {
        name,
        entry_type: "mark",
        start_time,
        duration: 0.0,
        detail,
    })
}

/// [`mark()`](https://w3c.github.io/user-timing/#dom-performance-mark)
pub(super) fn mark(
    performance: &JsObject,
    name: String,
    options: PerformanceMarkOptions,
    cx: &mut Context,
) -> JsResult<JsObject> {
    // 1. Create the mark.
    let entry = new_mark(name, options, cx)?;
    let entry = create_here(&PERFORMANCE_MARK, entry, cx);
    // 2. and 3. Add it to the buffer.
    queue(performance, &entry, cx)?;
    // 4. Return it.
    Ok(entry)
}

/// The time arguments of `measure()`.
#[derive(Default)]
struct Measured {
    start: Option<JsValue>,
    end: Option<JsValue>,
    duration: Option<f64>,
    detail: Option<JsValue>,
}

/// [`measure()`](https://w3c.github.io/user-timing/#dom-performance-measure)
pub(super) fn measure(
    performance: &JsObject,
    name: String,
    start: Option<JsValue>,
    end: Option<String>,
    cx: &mut Context,
) -> JsResult<JsObject> {
    let start = start.filter(|start| !start.is_null_or_undefined());
    let end = end.map(|end| JsValue::from(JsString::from(end)));
    // 1. Refuse options that are incomplete or contradictory.
    let measured = match start.as_ref().and_then(JsValue::as_object) {
        Some(options) => {
            let mut member = |name| {
                let value = options.get(js_string!(name), cx)?;
                Ok::<_, JsError>((!value.is_undefined()).then_some(value))
            };
            let detail = member("detail")?;
            let duration = member("duration")?;
            let options_end = member("end")?;
            let options_start = member("start")?;
            let is_empty = detail.is_none()
                && duration.is_none()
                && options_end.is_none()
                && options_start.is_none();
            if end.is_some() && !is_empty {
                return Err(type_error(
                    "The options and the mark of the end exclude each other.",
                ));
            }
            if !is_empty && options_start.is_none() && options_end.is_none() {
                return Err(type_error("The options name neither 'start' nor 'end'."));
            }
            if options_start.is_some() && options_end.is_some() && duration.is_some() {
                return Err(type_error(
                    "The options name all of 'start', 'end' and 'duration'.",
                ));
            }
            let duration = duration.map(|value| value.to_number(cx)).transpose()?;
            Measured {
                start: options_start,
                end: options_end.or(end),
                duration,
                detail,
            }
        }
        None => Measured {
            start,
            end,
            ..Measured::default()
        },
    };
    // 2. Find the end.
    let end_time = match (&measured.end, &measured.start, measured.duration) {
        (Some(end), ..) => timestamp(performance, end, cx)?,
        (None, Some(start), Some(duration)) => timestamp(performance, start, cx)? + duration,
        _ => time::now(cx),
    };
    // 3. Find the start.
    let start_time = match (&measured.start, &measured.end, measured.duration) {
        (Some(start), ..) => timestamp(performance, start, cx)?,
        (None, Some(end), Some(duration)) => timestamp(performance, end, cx)? - duration,
        _ => 0.0,
    };
    // 4. to 9. Create the measure.
    let entry = Entry {
        name,
        entry_type: "measure",
        start_time,
        duration: end_time - start_time,
        detail: cloned_detail(measured.detail, cx)?,
    };
    let entry = create_here(&PERFORMANCE_MEASURE, entry, cx);
    // 10. and 11. Add it to the buffer.
    queue(performance, &entry, cx)?;
    // 12. Return it.
    Ok(entry)
}

/// [Convert a mark to a timestamp](https://w3c.github.io/user-timing/#convert-a-mark-to-a-timestamp)
fn timestamp(performance: &JsObject, mark: &JsValue, cx: &mut Context) -> JsResult<f64> {
    // 2. A number is a time.
    if mark.is_number() {
        let time = mark.to_number(cx)?;
        return match time < 0.0 {
            true => Err(type_error("A time must not be negative.")),
            false => Ok(time),
        };
    }
    // 1. A name is that of a time of the navigation, or refers to the last mark of this name.
    let name = mark.to_string(cx)?.to_std_string_lossy();
    if is_time_of_navigation(&name, cx) {
        return convert_a_name(&name, cx);
    }
    let marks = entries(performance, |entry| {
        entry.entry_type == "mark" && entry.name == name
    });
    let last = marks
        .last()
        .and_then(|mark| read_entry(mark, |mark| mark.start_time));
    last.ok_or_else(|| {
        let message = format!("The mark '{name}' does not exist.");
        exception::throw("SyntaxError", &message, cx)
    })
}

/// [Convert a name to a timestamp](https://w3c.github.io/user-timing/#convert-a-name-to-a-timestamp), in a window
fn convert_a_name(name: &str, cx: &mut Context) -> JsResult<f64> {
    // 2. Times count from the start of the navigation.
    if name == "navigationStart" {
        return Ok(0.0);
    }
    // 3. and 4. Take the time. 5. It must have been noted.
    let message = format!("The time '{name}' of the navigation is not known.");
    Err(exception::throw("InvalidAccessError", &message, cx))
}

/// [`toJSON()`](https://w3c.github.io/performance-timeline/#dom-performanceentry-tojson)
pub(super) fn to_json(entry: &JsObject, cx: &mut Context) -> JsResult<JsObject> {
    let json = JsObject::with_object_proto(cx.intrinsics());
    let has_detail = read_entry(entry, |entry| {
        matches!(entry.entry_type, "mark" | "measure")
    });
    let mut names = vec!["name", "entryType", "startTime", "duration"];
    if has_detail == Some(true) {
        names.push("detail");
    }
    for name in names {
        let value = entry.get(js_string!(name), cx)?;
        json.create_data_property_or_throw(js_string!(name), value, cx)?;
    }
    Ok(json)
}
