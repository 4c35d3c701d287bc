//! Event streams ([HTML, interpreting an event stream](https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation)).
//!
//! This module knows no script and no connection.

use std::time::Duration;

use encoding_rs::{Decoder, UTF_8};

/// A parser of one event stream.
pub(super) struct EventStream {
    decoder: Decoder,
    /// The line that is not complete yet.
    line: String,
    /// Whether the last character was a carriage return, so that a line feed belongs to it.
    after_return: bool,
    data: String,
    event_type: String,
    last_event_id: String,
}

/// What a stream contains.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Item {
    /// An event.
    Event {
        /// Its type.
        type_: String,
        /// Its data.
        data: String,
    },
    /// The reconnection time.
    Retry(Duration),
    /// The last event ID string, also of an event without data.
    LastEventId(String),
}

impl EventStream {
    /// A stream that continues after an event with this id.
    // IMPLEMENTATION-DEFINED: the buffer begins with the id of the last connection, as in browsers.
    pub(super) fn new(last_event_id: String) -> Self {
        Self {
            decoder: UTF_8.new_decoder_with_bom_removal(),
            line: String::new(),
            after_return: false,
            data: String::new(),
            event_type: String::new(),
            last_event_id,
        }
    }

    /// Parses the next bytes. An event that is incomplete at the end of the stream is never returned.
    pub(super) fn feed(&mut self, bytes: &[u8]) -> Vec<Item> {
        let mut text = String::new();
        let most = self.decoder.max_utf8_buffer_length(bytes.len());
        text.reserve(most.unwrap_or_else(|| bytes.len().saturating_mul(3)));
        let _ = self.decoder.decode_to_string(bytes, &mut text, false);
        let mut items = Vec::new();
        for c in text.chars() {
            let is_second = std::mem::replace(&mut self.after_return, c == '\r') && c == '\n';
            match c {
                '\n' if is_second => {}
                '\r' | '\n' => {
                    let line = std::mem::take(&mut self.line);
                    self.process_line(&line, &mut items);
                }
                c => self.line.push(c),
            }
        }
        items
    }

    fn process_line(&mut self, line: &str, items: &mut Vec<Item>) {
        // An empty line ends the event.
        if line.is_empty() {
            return self.dispatch(items);
        }
        // A line that begins with a colon is a comment: it has a field without a name.
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        self.process_the_field(field, value, items);
    }

    /// [Process the field](https://html.spec.whatwg.org/multipage/server-sent-events.html#processField)
    fn process_the_field(&mut self, field: &str, value: &str, items: &mut Vec<Item>) {
        match field {
            "event" => value.clone_into(&mut self.event_type),
            "data" => {
                self.data.push_str(value);
                self.data.push('\n');
            }
            "id" if !value.contains('\0') => value.clone_into(&mut self.last_event_id),
            "retry" if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) => {
                let time = value.parse().unwrap_or(u64::MAX);
                items.push(Item::Retry(Duration::from_millis(time)));
            }
            _ => {}
        }
    }

    /// [Dispatch the event](https://html.spec.whatwg.org/multipage/server-sent-events.html#dispatchMessage)
    fn dispatch(&mut self, items: &mut Vec<Item>) {
        // 1. Set the last event ID string.
        items.push(Item::LastEventId(self.last_event_id.clone()));
        let event_type = std::mem::take(&mut self.event_type);
        let mut data = std::mem::take(&mut self.data);
        // 2. An event without data is none.
        if data.is_empty() {
            return;
        }
        // 3. The last line feed only ended the last line.
        data.pop();
        // 4. to 8. The type is "message" by default.
        let type_ = match event_type.as_str() {
            "" => "message".to_owned(),
            _ => event_type,
        };
        items.push(Item::Event { type_, data });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The items, except for ids that do not change.
    fn items(chunks: &[&[u8]]) -> Vec<String> {
        let mut stream = EventStream::new(String::new());
        let mut last = String::new();
        let all: Vec<Item> = chunks.iter().flat_map(|bytes| stream.feed(bytes)).collect();
        let shown = all.into_iter().filter_map(|item| match item {
            Item::Event { type_, data } => Some(format!("{type_}={data}")),
            Item::Retry(time) => Some(format!("retry {}", time.as_millis())),
            Item::LastEventId(id) if id == last => None,
            Item::LastEventId(id) => {
                last.clone_from(&id);
                Some(format!("id {id}"))
            }
        });
        shown.collect()
    }

    #[test]
    fn lines_end_in_three_ways_and_may_be_split_anywhere() {
        let text = b"\xef\xbb\xbfdata: a\r\ndata:b\rdata\n\ndata: \xc3\xa9\r\r\ndata: end\n";
        assert_eq!(items(&[text]), ["message=a\nb\n", "message=é"]);
        let bytes: Vec<&[u8]> = text.chunks(1).collect();
        assert_eq!(items(&bytes), ["message=a\nb\n", "message=é"]);
    }

    #[test]
    fn fields_set_type_id_and_reconnection_time() {
        let text = b"event: x\nid: 1\ndata:  two\n\n: comment\nretry: 12\nretry: 1x\nretry\nid: a\0b\nunknown: 1\n\
            data: 3\n\nid\n\nevent: y\n\ndata: 4\n\n";
        let expected = [
            "id 1",
            "x= two",
            "retry 12",
            "message=3",
            "id ",
            "message=4",
        ];
        assert_eq!(items(&[text]), expected);
    }
}
