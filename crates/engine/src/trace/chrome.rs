//! Writes a trace as JSON trace events for Perfetto.

use framepost_event_loop::FxHashMap;
use std::time::Duration;

use framepost_messaging::accounting::{Cause, Endpoint, MessageInfo, TraceEvent, TraceRecord};
use framepost_messaging::ports::HalfId;
use serde_json::{Value, json};

use super::waiting::waiting;
use super::{Place, Trace, name, places, role};

/// The process ID of every event. The format requires one.
const PROCESS: u64 = 1;

/// The drawn length of an event, in microseconds. A task takes no virtual time, so its events are
/// drawn one after another at this distance.
const DRAWN: f64 = 0.1;

struct Writer<'a> {
    trace: &'a Trace,
    tracks: FxHashMap<String, u64>,
    /// The time of the last drawn event.
    last_drawn: f64,
    out: Vec<Value>,
}

pub(super) fn write(trace: &Trace) -> String {
    let mut writer = Writer {
        trace,
        tracks: FxHashMap::default(),
        last_drawn: f64::NEG_INFINITY,
        out: vec![json!({
            "ph": "M", "pid": PROCESS, "name": "process_name", "args": {"name": "messages"},
        })],
    };
    for (track, place) in (1_u64..).zip(places(trace)) {
        let name = name(trace, place);
        writer.out.push(json!({
            "ph": "M", "pid": PROCESS, "tid": track, "name": "thread_name", "args": {"name": &name},
        }));
        writer.out.push(json!({
            "ph": "M", "pid": PROCESS, "tid": track, "name": "thread_sort_index",
            "args": {"sort_index": track},
        }));
        writer.tracks.insert(name, track);
    }
    for event in trace.events() {
        writer.event(event);
    }
    if let Some(last) = trace.events().last() {
        let at = microseconds(last.at);
        for message in waiting(trace.events()) {
            let details = json!({"message": message.message.id.number()});
            let place = Some(message.place);
            writer.instant(place, at, &message.text(), details, Cause::default());
        }
    }
    let document = json!({"displayTimeUnit": "ms", "traceEvents": writer.out});
    format!("{document:#}\n")
}

fn microseconds(at: Duration) -> f64 {
    at.as_secs_f64() * 1e6
}

impl Writer<'_> {
    fn event(&mut self, event: &TraceEvent) {
        let cause = event.cause;
        let at = microseconds(event.at);
        match &event.record {
            TraceRecord::Posted { message, ports } => {
                let mut details = self.details(message, at, cause);
                details["ports"] = ports.iter().map(HalfId::to_string).collect();
                let title = format!("post {}", message.id);
                let drawn = self.slice(Place::of(message.from), at, &title, &details);
                self.arrow("s", message, drawn, Place::of(message.from));
            }
            TraceRecord::Delivered { message } => {
                let details = self.details(message, at, cause);
                let title = format!("{} arrives", message.id);
                let drawn = self.slice(Place::of(message.to), at, &title, &details);
                self.arrow("f", message, drawn, Place::of(message.to));
            }
            TraceRecord::Dropped { message, reason } => {
                let mut details = self.details(message, at, cause);
                details["reason"] = reason.to_string().into();
                let title = format!("{} is dropped", message.id);
                let drawn = self.slice(Place::of(message.to), at, &title, &details);
                self.arrow("f", message, drawn, Place::of(message.to));
            }
            TraceRecord::Detached { half, port, owner } => {
                let details = json!({"end": half.to_string(), "port": port.to_string()});
                let title = format!("{half} leaves");
                self.instant(Some(Place::of_owner(*owner)), at, &title, details, cause);
            }
            TraceRecord::Attached {
                half,
                port,
                owner,
                waiting,
            } => {
                let details = json!({
                    "end": half.to_string(), "port": port.to_string(), "waiting": waiting,
                });
                let title = format!("{half} arrives");
                self.instant(Some(Place::of_owner(*owner)), at, &title, details, cause);
            }
            TraceRecord::Created { halves: (a, b) } => {
                let details = json!({"ends": [a.to_string(), b.to_string()]});
                self.instant(None, at, &format!("{a} and {b} are made"), details, cause);
            }
            TraceRecord::Started { half } => {
                let details = json!({"end": half.to_string()});
                self.instant(None, at, &format!("{half} is started"), details, cause);
            }
            TraceRecord::Closed { half, peer, reason } => {
                let details = json!({
                    "end": half.to_string(),
                    "peer": peer.map(|peer| peer.to_string()),
                    "reason": reason.to_string(),
                });
                self.instant(None, at, &format!("{half} ends"), details, cause);
            }
            TraceRecord::Lock {
                global,
                name,
                mode,
                stage,
            } => {
                let place = Some(Place::Window(*global));
                let details = json!({
                    "name": name, "mode": mode.to_string(), "stage": stage.to_string(),
                });
                self.instant(
                    place,
                    at,
                    &format!("lock {name:?}: {stage}"),
                    details,
                    cause,
                );
            }
            TraceRecord::Request {
                global,
                request,
                answer,
            } => {
                let details = json!({"request": request, "answer": answer});
                self.instant(global.map(Place::Window), at, request, details, cause);
            }
            TraceRecord::GlobalDestroyed { global: window } => {
                let place = Some(Place::Window(*window));
                let details = json!({"window": window.to_string()});
                self.instant(place, at, "the window is gone", details, cause);
            }
            _ => {}
        }
    }

    fn details(&self, message: &MessageInfo, at: f64, cause: Cause) -> Value {
        let end = |place, endpoint| match endpoint {
            Endpoint::Nobody => role(endpoint),
            _ => format!("{} ({})", role(endpoint), name(self.trace, place)),
        };
        json!({
            "message": message.id.number(),
            "bytes": message.bytes,
            "from": end(Place::of(message.from), message.from),
            "to": end(Place::of(message.to), message.to),
            "time": at,
            "caused by": self.cause(cause),
        })
    }

    fn cause(&self, cause: Cause) -> Value {
        json!({
            "script of": cause.global.map(|window| name(self.trace, Place::Window(window))),
            "on": cause.message.map(|message| message.to_string()),
        })
    }

    fn track(&self, place: Place) -> u64 {
        self.tracks
            .get(&name(self.trace, place))
            .copied()
            .unwrap_or_default()
    }

    fn time(&mut self, at: f64) -> f64 {
        let time = at.max(self.last_drawn + DRAWN);
        // Round to whole nanoseconds, to remove errors of floating-point addition.
        self.last_drawn = (time * 1000.0).round() / 1000.0;
        self.last_drawn
    }

    fn slice(&mut self, place: Place, at: f64, title: &str, details: &Value) -> f64 {
        let time = self.time(at);
        self.out.push(json!({
            "ph": "X", "pid": PROCESS, "tid": self.track(place), "ts": time, "dur": DRAWN,
            "cat": "message", "name": title, "args": details,
        }));
        time
    }

    fn arrow(&mut self, end: &str, message: &MessageInfo, time: f64, place: Place) {
        let mut arrow = json!({
            "ph": end, "pid": PROCESS, "tid": self.track(place), "ts": time,
            "id": message.id.number(), "cat": "message", "name": "message",
        });
        if end == "f" {
            // Bind the arrow to the enclosing slice, not to the next one.
            arrow["bp"] = "e".into();
        }
        self.out.push(arrow);
    }

    fn instant(
        &mut self,
        place: Option<Place>,
        at: f64,
        title: &str,
        mut details: Value,
        cause: Cause,
    ) {
        details["time"] = at.into();
        details["caused by"] = self.cause(cause);
        let time = self.time(at);
        let place = place.or(cause.global.map(Place::Window));
        let track = place.and_then(|place| self.tracks.get(&name(self.trace, place)));
        self.out.push(json!({
            "ph": "i", "pid": PROCESS, "tid": track.unwrap_or(&0), "ts": time,
            "s": if track.is_some() { "t" } else { "p" },
            "cat": "port", "name": title, "args": details,
        }));
    }
}
