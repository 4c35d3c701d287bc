//! Writes a trace as a Mermaid sequence diagram.

use std::fmt::Write as _;
use std::time::Duration;

use framepost_messaging::accounting::{TraceEvent, TraceRecord};

use super::waiting::waiting;
use super::{Place, Trace, name, places, role};

pub(super) fn write(trace: &Trace) -> String {
    let places = places(trace);
    let mut out = String::from("sequenceDiagram\n");
    for (number, place) in places.iter().enumerate() {
        let name = escaped(&name(trace, *place));
        line(&mut out, format_args!("participant p{number} as {name}"));
    }
    for event in trace.events() {
        write_event(&mut out, &places, event);
    }
    for message in waiting(trace.events()) {
        let place = places.iter().position(|known| *known == message.place);
        let text = escaped(&message.text());
        let place = place.unwrap_or_default();
        line(&mut out, format_args!("Note over p{place}: {text}"));
    }
    out
}

fn line(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = writeln!(out, "    {text}");
}

/// Escapes `#`, which begins an entity in Mermaid, and `;`, which ends a statement.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '#' => out.push_str("#35;"),
            ';' => out.push_str("#59;"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

fn time(at: Duration) -> String {
    let micros = at.as_micros();
    format!("{}.{:03} ms", micros / 1000, micros % 1000)
}

fn write_event(out: &mut String, places: &[Place], event: &TraceEvent) {
    let life_line = |place: Place| {
        let number = places.iter().position(|known| *known == place);
        format!("p{}", number.unwrap_or_default())
    };
    let by = match event.cause.global {
        Some(window) => life_line(Place::Window(window)),
        None => String::new(),
    };
    let at = time(event.at);
    match &event.record {
        TraceRecord::Posted { message, ports } => {
            let (from, to) = (
                life_line(Place::of(message.from)),
                life_line(Place::of(message.to)),
            );
            let mut text = format!(
                "{}: {} to {}, {} bytes",
                message.id,
                role(message.from),
                role(message.to),
                message.bytes
            );
            for (number, port) in ports.iter().enumerate() {
                let _ = write!(text, "{} {port}", if number == 0 { ", with" } else { "," });
            }
            let text = escaped(&text);
            line(out, format_args!("{from}-){to}: {at}<br>{text}"));
        }
        TraceRecord::Delivered { message } => {
            let to = life_line(Place::of(message.to));
            let text = escaped(&message.id.to_string());
            line(out, format_args!("Note over {to}: {at}<br>{text} arrives"));
        }
        TraceRecord::Dropped { message, reason } => {
            let (from, to) = (
                life_line(Place::of(message.from)),
                life_line(Place::of(message.to)),
            );
            let text = escaped(&format!("{} is dropped: {reason}", message.id));
            line(out, format_args!("{from}--x{to}: {at}<br>{text}"));
        }
        TraceRecord::Attached { half, owner, .. } => {
            let place = life_line(Place::of_owner(*owner));
            let half = escaped(&half.to_string());
            line(out, format_args!("Note over {place}: {half} is here now"));
        }
        TraceRecord::Closed { half, reason, .. } if !by.is_empty() => {
            let text = escaped(&format!("{half} ends: {reason}"));
            line(out, format_args!("Note over {by}: {at}<br>{text}"));
        }
        TraceRecord::Lock {
            global,
            name,
            mode,
            stage,
        } => {
            let place = life_line(Place::Window(*global));
            let text = escaped(&format!("{mode} lock {name:?}: {stage}"));
            line(out, format_args!("Note over {place}: {at}<br>{text}"));
        }
        TraceRecord::Request {
            global,
            request,
            answer,
        } if !places.is_empty() => {
            // The request of the user has no window yet, so it is above the first one.
            let place = global.map_or_else(|| "p0".to_owned(), |of| life_line(Place::Window(of)));
            let text = escaped(&format!("{request}: {answer}"));
            line(out, format_args!("Note over {place}: {at}<br>{text}"));
        }
        TraceRecord::GlobalDestroyed { global: window }
            if places.contains(&Place::Window(*window)) =>
        {
            let place = life_line(Place::Window(*window));
            line(
                out,
                format_args!("Note over {place}: {at}<br>the window is gone"),
            );
        }
        _ => {}
    }
}
