//! Scripts that a worker imports while it runs
//! ([HTML, fetch a classic worker-imported script](https://html.spec.whatwg.org/multipage/webappapis.html#fetch-a-classic-worker-imported-script)).
//!
//! The worker waits for them. So the embedder fetches them itself. This module provides the request, and decides
//! whether the response may run.

use framepost_event_loop::GlobalId;
use url::Url;

use crate::Contexts;
use crate::fetch::{
    Destination, FetchRequest, LoadError, MimeType, ReferrerPolicy, Response, ScriptFetchOptions,
    ScriptSource, decode_script, is_cross_origin, is_javascript,
};
use crate::steps::Diagnostic;

/// An imported script, to run at once.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ImportedScript {
    /// The URL of the response.
    pub url: Url,
    /// The text.
    pub text: String,
    /// Its [muted errors](https://html.spec.whatwg.org/multipage/webappapis.html#muted-errors) flag:
    /// whether the details of its exceptions are hidden from the worker.
    pub muted_errors: bool,
}

impl Contexts {
    /// The request of [fetch a classic worker-imported script](https://html.spec.whatwg.org/multipage/webappapis.html#fetch-a-classic-worker-imported-script).
    ///
    /// # Errors
    /// The worker is gone, or its content security policy forbids the script. The embedder throws a `NetworkError`.
    pub fn worker_import_request(
        &self,
        worker: GlobalId,
        url: Url,
    ) -> Result<FetchRequest, LoadError> {
        let refused = |url: &Url, reason| LoadError::Refused {
            url: url.to_string(),
            reason,
        };
        let Some(held) = self.worker(worker) else {
            return Err(refused(&url, "the worker is closing"));
        };
        let client = held.fetch_client();
        // 1. and 2. There is no response yet.
        let options = ScriptFetchOptions::default();
        let source = ScriptSource::External(&url, &options);
        if !client.policies.csp.allow_script(source) {
            let reason = "the content security policy of the worker forbids it";
            return Err(refused(&url, reason));
        }
        // 3. Make the request.
        // 4. and 5. The embedder fetches it, and waits.
        let policy = ReferrerPolicy::Unset;
        Ok(client.request(held.event_loop, url, Destination::Script, policy))
    }

    /// The script of [fetch a classic worker-imported script](https://html.spec.whatwg.org/multipage/webappapis.html#fetch-a-classic-worker-imported-script),
    /// from the response.
    ///
    /// # Errors
    /// The reason why the response is not a script. The embedder throws a `NetworkError`.
    pub fn worker_import(
        &self,
        worker: GlobalId,
        answer: Result<Response, LoadError>,
    ) -> Result<ImportedScript, Diagnostic> {
        // 6. The response is not filtered.
        // 7. The fetch has to succeed, with an ok status
        let response = answer?;
        let url = response.url.to_string();
        if !(200..300).contains(&response.status) {
            let status = response.status;
            return Err(Diagnostic::HttpError { url, status });
        }
        // 7. and a JavaScript MIME type.
        let mime = response.content_type.as_deref().and_then(MimeType::parse);
        let essence = mime.map_or_else(String::new, |mime| mime.essence);
        if !is_javascript(&essence) {
            let content_type = essence;
            return Err(Diagnostic::UnsupportedType { url, content_type });
        }
        // 8. Decode the body as UTF-8.
        let text = decode_script(&response.body, None, "UTF-8");
        // 9. A script of another origin has muted errors.
        let held = self.worker(worker);
        let muted_errors = held.is_some_and(|held| is_cross_origin(&held.origin, &response));
        // 10. and 11. Return the script.
        Ok(ImportedScript {
            text,
            url: response.url,
            muted_errors,
        })
    }
}
