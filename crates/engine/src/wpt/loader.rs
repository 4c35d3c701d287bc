//! The loader over the [server](super::server).

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use framepost_browsing_context::loader::data_url_response;
use framepost_browsing_context::{FetchRequest, LoadError, Loader, Response};
use url::Url;

use super::server::Server;

/// How many redirects a load follows
/// ([Fetch, HTTP-redirect fetch](https://fetch.spec.whatwg.org/#http-redirect-fetch)).
const MAX_REDIRECTS: usize = 20;

/// What a page has asked a [`WptLoader`] for and was refused, because it would need what only the
/// server of web-platform-tests has. A test that was refused something shows nothing by failing.
///
/// Clones share one list.
#[derive(Clone, Debug, Default)]
pub struct Refusals(Arc<Mutex<Vec<String>>>);

impl Refusals {
    pub(super) fn add(&self, what: String) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(what);
    }

    /// What was refused and why, in the order of the requests.
    #[must_use]
    pub fn all(&self) -> Vec<String> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

/// Serves a checkout of web-platform-tests at the hosts and ports that its configuration names.
pub struct WptLoader(Server);

impl WptLoader {
    /// Serves the checkout at `root`. What is refused is noted in `refusals`.
    #[must_use]
    pub fn new(root: &Path, refusals: Refusals) -> Self {
        Self(Server::new(root, refusals))
    }
}

impl Loader for WptLoader {
    fn load(&mut self, request: &FetchRequest) -> Result<Response, LoadError> {
        let mut url = request.url.clone();
        if url.scheme() == "data" {
            return data_url_response(&url);
        }
        // NOT YET: a request has no headers here, so that no `Referer` can be substituted.
        let headers = Vec::new();
        for _ in 0..=MAX_REDIRECTS {
            let response = self.0.respond(&url, &headers)?;
            let Some(location) = redirect(&response) else {
                return Ok(response);
            };
            url = location?;
        }
        Err(LoadError::Failed {
            url: request.url.to_string(),
            message: format!("redirected more than {MAX_REDIRECTS} times"),
        })
    }
}

/// Where a response leads on to, if it does. A URL without a fragment keeps the one there is.
fn redirect(response: &Response) -> Option<Result<Url, LoadError>> {
    if !matches!(response.status, 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    let location = response.header("location")?;
    Some(match response.url.join(location) {
        Ok(mut url) => {
            if url.fragment().is_none() {
                url.set_fragment(response.url.fragment());
            }
            Ok(url)
        }
        Err(error) => Err(LoadError::Failed {
            url: response.url.to_string(),
            message: format!("cannot follow the redirect to {location}: {error}"),
        }),
    })
}

#[cfg(test)]
mod tests {
    use framepost_browsing_context::Destination;

    use super::*;

    fn load(files: &[(&str, &str)], path: &str) -> Result<Response, LoadError> {
        let directory = tempfile::tempdir().unwrap();
        for (name, content) in files {
            std::fs::write(directory.path().join(name), content).unwrap();
        }
        let url = Url::parse(&format!("http://web-platform.test:8000{path}")).unwrap();
        WptLoader::new(directory.path(), Refusals::default())
            .load(&FetchRequest::new(url, Destination::Document))
    }

    #[test]
    fn follows_redirects() {
        let files = [("a.txt", ""), ("b.txt", "b")];
        let to = |path: &str| format!("/a.txt?pipe=status(302)|header(Location,{path})");
        let response = load(&files, &format!("{}#x", to("/b.txt"))).unwrap();
        assert_eq!(response.body, b"b");
        assert_eq!(
            response.url.as_str(),
            "http://web-platform.test:8000/b.txt#x"
        );
        let error = load(&files, &to("//elsewhere.test/")).unwrap_err();
        assert_eq!(
            error,
            LoadError::UnknownOrigin {
                url: "http://elsewhere.test/".to_owned()
            }
        );
        assert!(load(&files, &to("http://[")).is_err());
        assert_eq!(load(&files, "/a.txt?pipe=status(302)").unwrap().status, 302);
    }

    #[test]
    fn redirects_come_to_an_end() {
        let circle = "HTTP/1.1 302 Found\nLocation: /a.asis\n\n";
        let error = load(&[("a.asis", circle)], "/a.asis").unwrap_err();
        assert!(error.to_string().contains("more than 20"), "{error}");
    }
}
