//! Scripts that a worker imports while it runs
//! ([HTML, fetch a classic worker-imported script](https://html.spec.whatwg.org/multipage/webappapis.html#fetch-a-classic-worker-imported-script)).
//!
//! The worker waits for them: the embedder fetches them by itself, and asks here what for and
//! whether it may run what has come.

use framepost_event_loop::GlobalId;
use url::Url;

use crate::encoding::decode_script;
use crate::fetch::{Destination, FetchRequest, LoadError, Response, is_cross_origin};
use crate::mime::{MimeType, is_javascript};
use crate::{Contexts, Diagnostic};

/// A script that a worker has imported, to be run at once.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ImportedScript {
    /// The URL that answered.
    pub url: Url,
    /// The text.
    pub text: String,
    /// Whether what goes wrong in it is told to nobody
    /// ([muted errors](https://html.spec.whatwg.org/multipage/webappapis.html#muted-errors)).
    pub muted_errors: bool,
}

impl Contexts {
    /// What is to be fetched for a script that a worker imports; `None` when there is no such
    /// worker any more.
    #[must_use]
    pub fn worker_import_request(&self, worker: GlobalId, url: Url) -> Option<FetchRequest> {
        let held = self.worker(worker)?;
        Some(FetchRequest {
            initiator: Some(held.event_loop),
            origin: Some(held.origin.clone()),
            referrer: crate::navigation::referrer(&held.url, &url),
            ..FetchRequest::new(url, Destination::Script)
        })
    }

    /// The script of an answer.
    ///
    /// # Errors
    /// Why it is none: `"NetworkError"` is then to be thrown.
    pub fn worker_import(
        &self,
        worker: GlobalId,
        answer: Result<Response, LoadError>,
    ) -> Result<ImportedScript, Diagnostic> {
        let response = answer?;
        let url = response.url.to_string();
        if !(200..300).contains(&response.status) {
            let status = response.status;
            return Err(Diagnostic::HttpError { url, status });
        }
        let mime = response.content_type.as_deref().and_then(MimeType::parse);
        let essence = mime.map_or_else(String::new, |mime| mime.essence);
        if !is_javascript(&essence) {
            let content_type = essence;
            return Err(Diagnostic::UnsupportedType { url, content_type });
        }
        let held = self.worker(worker);
        let muted_errors = held.is_some_and(|held| is_cross_origin(&held.origin, &response));
        Ok(ImportedScript {
            text: decode_script(&response.body, None, "UTF-8"),
            url: response.url,
            muted_errors,
        })
    }
}
