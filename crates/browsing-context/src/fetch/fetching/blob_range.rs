//! The ranges of blobs ([Fetch, scheme fetch](https://fetch.spec.whatwg.org/#scheme-fetch)).

use super::Fetching;
use crate::fetch::{Response, headers};

impl Fetching {
    /// The range of a blob that the request asks for
    /// ([scheme fetch](https://fetch.spec.whatwg.org/#scheme-fetch), `blob`, steps 3.10 to 3.15). Returns whether it exists.
    pub(super) fn take_range(&self, response: &mut Response) -> bool {
        // 3.10. and 3.11. Find the length.
        let size = response.body.len() as u64;
        let length = |response: &mut Response| {
            let length = response.body.len().to_string();
            response.headers.push(("content-length".to_owned(), length));
        };
        // 3.12. The embedder has set the type.
        // 3.13. Without a range, the response is the whole blob.
        let Some(value) = headers::get(&self.request.headers, "range") else {
            length(response);
            return true;
        };
        // 3.14.2. to 3.14.4. Parse the range.
        let Some(range) = headers::single_range(&value) else {
            return false;
        };
        // 3.14.5. to 3.14.7. Find its start and its end.
        let (start, end) = match range {
            (Some(start), Some(end)) => (start, end.saturating_add(1).min(size)),
            (Some(start), None) => (start, size),
            (None, last) => (size.saturating_sub(last.unwrap_or(0)), size),
        };
        let bounds = usize::try_from(start).ok().zip(usize::try_from(end).ok());
        let part = bounds.and_then(|(start, end)| response.body.get(start..end));
        let Some(part) = part.filter(|_| start < size) else {
            return false;
        };
        // 3.14.8. to 3.14.15. The response is the part.
        response.body = part.to_vec();
        response.status = 206;
        "Partial Content".clone_into(&mut response.status_text);
        length(response);
        let content_range = format!("bytes {start}-{}/{size}", end - 1);
        response
            .headers
            .push(("content-range".to_owned(), content_range));
        true
    }
}
