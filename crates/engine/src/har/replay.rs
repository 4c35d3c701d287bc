//! Answering requests from a HAR.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use encoding_rs::{Encoding, UTF_8};
use framepost_browsing_context::fetch::headers::{self, HeaderList};
use framepost_browsing_context::{FetchRequest, Response};
use serde::Deserialize;
use url::{Position, Url};

use super::{Har, Known};

/// An entry as other programs write it. Absent fields have the defaults of the format.
#[derive(Deserialize)]
pub(super) struct ReadEntry {
    request: ReadRequest,
    response: ReadResponse,
    /// The duration in milliseconds; negative if it is unknown.
    #[serde(default)]
    time: Option<f64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ReadRequest {
    method: String,
    url: String,
    #[serde(default)]
    post_data: Option<ReadPostData>,
}

#[derive(Deserialize)]
struct ReadPostData {
    #[serde(default)]
    text: Option<String>,
    #[serde(default, rename = "_encoding")]
    encoding: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ReadResponse {
    status: i64,
    #[serde(default)]
    status_text: String,
    #[serde(default)]
    headers: Vec<ReadHeader>,
    #[serde(default)]
    content: ReadContent,
}

#[derive(Deserialize)]
struct ReadHeader {
    name: String,
    value: String,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ReadContent {
    #[serde(default)]
    size: Option<i64>,
    #[serde(default)]
    mime_type: String,
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    encoding: Option<String>,
}

impl TryFrom<ReadEntry> for Known {
    type Error = String;

    fn try_from(entry: ReadEntry) -> Result<Self, String> {
        let ReadRequest {
            method,
            url,
            post_data,
        } = entry.request;
        let url = Url::parse(&url).map_err(|error| format!("{url:?} is not a URL: {error}"))?;
        let body = match post_data {
            Some(ReadPostData {
                text: Some(text),
                encoding,
            }) => Some(decoded(text, encoding.as_deref(), "")?),
            _ => None,
        };
        Ok(Self {
            method,
            body,
            answer: response(&url, entry.response, entry.time)?,
            url: url[..Position::AfterQuery].to_owned(),
        })
    }
}

/// The response that an entry stands for; `None` if the request was not answered, or the body was left out.
fn response(url: &Url, read: ReadResponse, time: Option<f64>) -> Result<Option<Response>, String> {
    let is_http = matches!(url.scheme(), "http" | "https");
    // Browsers give a request without an answer the status 0 or -1.
    if read.status <= 0 || !is_http {
        return Ok(None);
    }
    let status = u16::try_from(read.status).ok();
    let status = status.filter(|status| (100..=599).contains(status));
    let status = status.ok_or_else(|| format!("{} is not a status", read.status))?;
    let content = read.content;
    if content.text.is_none() && content.size.is_some_and(|size| size > 0) {
        return Ok(None);
    }
    let mut content_type = None;
    let mut headers = HeaderList::new();
    for ReadHeader { name, value } in read.headers {
        let name = name.to_ascii_lowercase();
        match name.as_str() {
            "content-type" => content_type = Some(value),
            // The pseudo-headers of HTTP/2.
            _ if name.starts_with(':') => {}
            // Some programs write several headers of a name as lines of one.
            _ => headers.extend(
                value
                    .split('\n')
                    .map(|line| (name.clone(), line.to_owned())),
            ),
        }
    }
    let content_type =
        content_type.or_else(|| Some(content.mime_type).filter(|text| !text.is_empty()));
    let text = content.text.unwrap_or_default();
    let declared = content_type.clone().unwrap_or_default();
    let body = decoded(text, content.encoding.as_deref(), &declared)?;
    // A browser answers from its cache after a 304, and archives the content that the page got.
    let status = if status == 304 && !body.is_empty() {
        200
    } else {
        status
    };
    let delay = time.filter(|time| *time > 0.0).unwrap_or_default();
    let delay = Duration::try_from_secs_f64(delay / 1000.0).unwrap_or_default();
    let mut response = Response::new(url.clone(), "", body)
        .with_status(status)
        .with_delay(delay);
    if !read.status_text.is_empty() {
        response = response.with_status_text(read.status_text);
    }
    response.content_type = content_type;
    response.headers = headers;
    Ok(Some(response))
}

/// The bytes of a body.
fn decoded(text: String, encoding: Option<&str>, content_type: &str) -> Result<Vec<u8>, String> {
    match encoding {
        None | Some("") => Ok(match charset(content_type) {
            Some(charset) => charset.encode(&text).0.into_owned(),
            None => text.into_bytes(),
        }),
        Some("base64") => {
            let bytes = STANDARD.decode(text.as_bytes());
            bytes.map_err(|error| format!("the body is not base64: {error}"))
        }
        Some(other) => Err(format!(
            "{other:?} is not an encoding of a body: expected \"base64\""
        )),
    }
}

/// The charset of a content type, unless it is UTF-8 or unknown.
pub(super) fn charset(content_type: &str) -> Option<&'static Encoding> {
    let parameters = content_type.split(';').skip(1);
    let mut pairs = parameters.filter_map(|parameter| parameter.split_once('='));
    let (_, label) = pairs.find(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))?;
    let encoding = Encoding::for_label(label.trim().trim_matches('"').as_bytes())?;
    Some(encoding).filter(|encoding| *encoding != UTF_8)
}

/// Answers requests from an archive. The entries of one request answer in their order, and the last of them answers all
/// later requests.
#[derive(Debug)]
pub(crate) struct Replay {
    har: Har,
    is_used: Vec<bool>,
}

impl Replay {
    pub(crate) fn new(har: Har) -> Self {
        let is_used = vec![false; har.entries.len()];
        Self { har, is_used }
    }

    /// The answer to a request. Entries with the same body come before others.
    pub(crate) fn respond(&mut self, request: &FetchRequest) -> Option<Response> {
        let url = &request.url[..Position::AfterQuery];
        let Some(numbers) = self.numbers(request.method(), url) else {
            return self.allow(request, url);
        };
        let body = request.body_bytes().filter(|body| !body.is_empty());
        let has_body = |number: &usize| {
            let entry = self.har.entries.get(*number);
            entry.is_some_and(|entry| entry.body.as_deref().filter(|held| !held.is_empty()) == body)
        };
        let same: Vec<usize> = numbers.iter().copied().filter(has_body).collect();
        let numbers = if same.is_empty() { numbers } else { &same };
        let is_unused = |number: &&usize| self.is_used.get(**number) == Some(&false);
        let number = *numbers.iter().find(is_unused).or(numbers.last())?;
        if let Some(is_used) = self.is_used.get_mut(number) {
            *is_used = true;
        }
        let mut response = self.har.entries.get(number)?.answer.clone()?;
        response.url = request.url.clone();
        Some(response)
    }

    fn numbers(&self, method: &str, url: &str) -> Option<&Vec<usize>> {
        let request = (method.to_owned(), url.to_owned());
        self.har.by_request.get(&request)
    }

    /// Browsers do not archive preflights. A preflight is allowed what it asks for if the request after it has an answer.
    fn allow(&self, request: &FetchRequest, url: &str) -> Option<Response> {
        let method = headers::get(&request.headers, "access-control-request-method")?;
        self.numbers(&method, url)?;
        let origin = headers::get(&request.headers, "origin")?;
        let mut response = Response::new(request.url.clone(), "", Vec::new())
            .with_status(204)
            .with_header("access-control-allow-origin", origin)
            .with_header("access-control-allow-credentials", "true")
            .with_header("access-control-allow-methods", method);
        response.content_type = None;
        if let Some(names) = headers::get(&request.headers, "access-control-request-headers") {
            response = response.with_header("access-control-allow-headers", names);
        }
        Some(response)
    }
}
