//! Marks and measures ([User Timing](https://w3c.github.io/user-timing/)), and the entries of the
//! timeline ([Performance Timeline](https://w3c.github.io/performance-timeline/)).
//!
//! NOT YET: `PerformanceObserver`, and entries of other types.

use boa_engine::JsObject;

use super::timeline::{Entry, clear, entries, mark, measure, new_mark, to_json};
use crate::webidl::interface;
use crate::webidl::receiver::receivers;

receivers!(Entry);

interface! {
    /// The `PerformanceEntry` interface.
    [Exposed=(Window,Worker)]
    interface PerformanceEntry(Entry) {
        readonly attribute DOMString name = .name;
        readonly attribute DOMString entryType = |entry| entry.entry_type.to_owned();
        readonly attribute DOMHighResTimeStamp startTime = .start_time;
        readonly attribute DOMHighResTimeStamp duration = .duration;
        [Default] object toJSON();
    }

    /// The `PerformanceMark` interface.
    [Exposed=(Window,Worker)]
    interface PerformanceMark(Entry) : PerformanceEntry {
        constructor(DOMString markName, optional PerformanceMarkOptions markOptions = {}) =
            |name: String, options, cx| new_mark(name, options, cx);
        readonly attribute any detail = .detail;
    }

    /// The `PerformanceMeasure` interface.
    [Exposed=(Window,Worker)]
    interface PerformanceMeasure(Entry) : PerformanceEntry {
        readonly attribute any detail = .detail;
    }

    dictionary PerformanceMarkOptions {
        any detail;
        double startTime;
    }

    /// Marks and measures.
    partial interface Performance {
        PerformanceMark mark(DOMString markName, optional PerformanceMarkOptions markOptions = {});
        undefined clearMarks(optional DOMString markName) =
            |performance: &JsObject, name: Option<String>, _| clear(performance, "mark", name.as_deref());
        PerformanceMeasure measure(DOMString measureName, optional any startOrMeasureOptions, optional DOMString endMark);
        undefined clearMeasures(optional DOMString measureName) =
            |performance: &JsObject, name: Option<String>, _| clear(performance, "measure", name.as_deref());
        sequence<PerformanceEntry> getEntries() = |performance: &JsObject, _| entries(performance, |_| true);
        sequence<PerformanceEntry> getEntriesByType(DOMString type) =
            |performance: &JsObject, type_: String, _| entries(performance, |entry| entry.entry_type == type_);
        sequence<PerformanceEntry> getEntriesByName(DOMString name, optional DOMString type) =
            |performance: &JsObject, name: String, type_: Option<String>, _| entries(performance, |entry| {
                entry.name == name && type_.as_deref().is_none_or(|type_| entry.entry_type == type_)
            });
    }
}
