//! Recording requests and answers as a HAR.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use framepost_browsing_context::{Destination, FetchRequest, LoadError, Response};
use serde::Serialize;
use serde::ser::{SerializeStruct, Serializer};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use url::Position;

use super::CREATOR;

/// The requests of a page, in the order in which they began.
#[derive(Debug, Default)]
pub(crate) struct Recorder {
    entries: Vec<Entry>,
}

/// The number of an entry of a [`Recorder`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct EntryNumber(usize);

#[derive(Serialize)]
struct Document<'a> {
    log: Log<'a>,
}

#[derive(Serialize)]
struct Log<'a> {
    version: &'static str,
    creator: Creator,
    entries: &'a [Entry],
}

#[derive(Serialize)]
struct Creator {
    name: &'static str,
    version: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    #[serde(skip)]
    began: Duration,
    started_date_time: String,
    time: f64,
    request: Request,
    response: Answer,
    cache: Empty,
    timings: Timings,
    #[serde(rename = "_resourceType")]
    resource_type: &'static str,
}

#[derive(Debug, Default, Serialize)]
struct Empty {}

#[derive(Debug, Default, Serialize)]
struct Timings {
    send: f64,
    wait: f64,
    receive: f64,
}

#[derive(Debug, Serialize)]
struct Pair {
    name: String,
    value: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Request {
    method: String,
    url: String,
    http_version: &'static str,
    cookies: Vec<Pair>,
    headers: Vec<Pair>,
    query_string: Vec<Pair>,
    #[serde(skip_serializing_if = "Option::is_none")]
    post_data: Option<PostData>,
    headers_size: i64,
    body_size: i64,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct PostData {
    mime_type: String,
    text: String,
    /// The format has no encoding for request bodies, but allows names that begin with an underscore.
    #[serde(rename = "_encoding", skip_serializing_if = "Option::is_none")]
    encoding: Option<&'static str>,
}

#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    status: u16,
    status_text: String,
    http_version: &'static str,
    cookies: Vec<Pair>,
    headers: Vec<Pair>,
    content: Content,
    #[serde(rename = "redirectURL")]
    redirect_url: String,
    headers_size: i64,
    body_size: i64,
    #[serde(rename = "_error", skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

#[derive(Debug, Default)]
struct Content {
    content_type: String,
    body: Vec<u8>,
}

impl Serialize for Content {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (text, encoding) = text_of(&self.body, &self.content_type);
        let mut content = serializer.serialize_struct("Content", 4)?;
        content.serialize_field("size", &self.body.len())?;
        content.serialize_field("mimeType", &self.content_type)?;
        content.serialize_field("text", &text)?;
        match encoding {
            Some(encoding) => content.serialize_field("encoding", encoding)?,
            None => content.skip_field("encoding")?,
        }
        content.end()
    }
}

const HTTP_VERSION: &str = "HTTP/1.1";

impl Recorder {
    /// Adds a request that is sent now, with the headers that the network gets. Its answer is absent until
    /// [`answered`](Self::answered). Only requests over HTTP are recorded.
    pub(crate) fn sent(
        &mut self,
        request: &FetchRequest,
        headers: Vec<(String, String)>,
        now: Duration,
    ) -> Option<EntryNumber> {
        if !matches!(request.url.scheme(), "http" | "https") {
            return None;
        }
        let number = EntryNumber(self.entries.len());
        let body = request.body_bytes().filter(|body| !body.is_empty());
        let content_type = value(&headers, "content-type");
        let cookies = value(&headers, "cookie");
        let cookies = cookies.split("; ").filter_map(cookie).collect();
        let post_data = body.map(|body| {
            let (text, encoding) = text_of(body, &content_type);
            PostData {
                mime_type: content_type.clone(),
                text,
                encoding,
            }
        });
        let query = request.url.query_pairs();
        self.entries.push(Entry {
            began: now,
            started_date_time: date(now),
            time: 0.0,
            request: Request {
                method: request.method().to_owned(),
                url: request.url[..Position::AfterQuery].to_owned(),
                http_version: HTTP_VERSION,
                cookies,
                headers: headers.into_iter().map(pair).collect(),
                query_string: query.into_owned().map(pair).collect(),
                post_data,
                headers_size: -1,
                body_size: size(body.map_or(0, <[u8]>::len)),
            },
            response: Answer {
                http_version: HTTP_VERSION,
                headers_size: -1,
                body_size: -1,
                error: Some("not answered".to_owned()),
                ..Answer::default()
            },
            cache: Empty {},
            timings: Timings::default(),
            resource_type: match request.destination {
                Destination::Script | Destination::Worker => "script",
                Destination::Empty => "fetch",
                _ => "document",
            },
        });
        Some(number)
    }

    /// Adds the answer to a request.
    pub(crate) fn answered(
        &mut self,
        EntryNumber(number): EntryNumber,
        answer: &Result<Response, LoadError>,
        now: Duration,
    ) {
        let Some(entry) = self.entries.get_mut(number) else {
            return;
        };
        let response = match answer {
            Ok(response) => response,
            Err(error) => {
                entry.response.error = Some(error.to_string());
                return;
            }
        };
        // A virtual clock creeps while other tasks run. Whole milliseconds do not show that.
        let waited = now.saturating_sub(entry.began).as_millis();
        let waited = Duration::from_millis(u64::try_from(waited).unwrap_or(u64::MAX));
        entry.time = waited.saturating_add(response.delay).as_secs_f64() * 1000.0;
        entry.timings.wait = entry.time;
        let content_type = response.content_type.clone().unwrap_or_default();
        let of_content = response.content_type.clone();
        let of_content = of_content.map(|value| ("content-type".to_owned(), value));
        let headers = of_content.into_iter().chain(response.headers.clone());
        let set_cookies = response.headers.iter();
        let set_cookies = set_cookies.filter(|(name, _)| name == "set-cookie");
        entry.response = Answer {
            status: response.status,
            status_text: response.status_text.clone(),
            http_version: HTTP_VERSION,
            cookies: set_cookies
                .filter_map(|(_, value)| cookie(value.split(';').next()?))
                .collect(),
            headers: headers.map(pair).collect(),
            content: Content {
                content_type,
                body: response.body.clone(),
            },
            redirect_url: response.header("location").unwrap_or_default().to_owned(),
            headers_size: -1,
            body_size: size(response.body.len()),
            error: None,
        };
    }

    /// Adds a part to the body of an answer that arrives in parts.
    pub(crate) fn add_to_body(&mut self, EntryNumber(number): EntryNumber, part: &[u8]) {
        if let Some(entry) = self.entries.get_mut(number) {
            entry.response.content.body.extend_from_slice(part);
            entry.response.body_size = size(entry.response.content.body.len());
        }
    }

    /// The archive, as JSON.
    pub(crate) fn to_text(&self) -> String {
        let document = Document {
            log: Log {
                version: "1.2",
                creator: Creator {
                    name: CREATOR,
                    version: env!("CARGO_PKG_VERSION"),
                },
                entries: &self.entries,
            },
        };
        // Writing to a string cannot fail, and all keys are strings.
        serde_json::to_string_pretty(&document).unwrap_or_default() + "\n"
    }
}

fn value(headers: &[(String, String)], name: &str) -> String {
    let mut headers = headers.iter();
    let found = headers.find(|(held, _)| held.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value.clone()).unwrap_or_default()
}

fn pair((name, value): (String, String)) -> Pair {
    Pair { name, value }
}

fn cookie(text: &str) -> Option<Pair> {
    let (name, value) = text.split_once('=')?;
    Some(pair((name.trim().to_owned(), value.trim().to_owned())))
}

fn size(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}

/// A body as text, and its encoding. Only UTF-8 stays as it is, because a reader writes other text in its charset again.
fn text_of(body: &[u8], content_type: &str) -> (String, Option<&'static str>) {
    match std::str::from_utf8(body) {
        Ok(text) if text.is_ascii() || super::replay::charset(content_type).is_none() => {
            (text.to_owned(), None)
        }
        _ => (STANDARD.encode(body), Some("base64")),
    }
}

/// A time since the epoch as ISO 8601, in milliseconds.
fn date(since_epoch: Duration) -> String {
    let whole = i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX);
    let date = OffsetDateTime::UNIX_EPOCH.checked_add(time::Duration::milliseconds(whole));
    let text = date.and_then(|date| date.format(&Rfc3339).ok());
    // Years after 9999 have no such form.
    text.unwrap_or_else(|| "9999-12-31T23:59:59.999Z".to_owned())
}
