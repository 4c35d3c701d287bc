//! A loader of responses in memory.

use std::collections::BTreeMap;

use url::Url;

use super::{Loader, content_type_of_path};
use crate::fetch::{FetchRequest, LoadError, Response};

/// Serves the responses that the embedder has added, by URL with the query and without the fragment.
#[derive(Clone, Debug, Default)]
pub struct MemoryLoader {
    responses: BTreeMap<String, Response>,
}

impl MemoryLoader {
    /// A loader without any response.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Serves `body` at `url`. The type is that of the URL's extension, or HTML if it has none.
    ///
    /// # Errors
    /// The URL cannot be parsed.
    pub fn add(
        &mut self,
        url: &str,
        body: impl Into<Vec<u8>>,
    ) -> Result<&mut Self, url::ParseError> {
        let url = Url::parse(url)?;
        let file = url.path().rsplit('/').next().unwrap_or_default();
        let content_type = if file.contains('.') {
            content_type_of_path(file)
        } else {
            "text/html"
        };
        Ok(self.add_response(Response::new(url, content_type, body)))
    }

    /// Serves a response at its URL.
    pub fn add_response(&mut self, response: Response) -> &mut Self {
        let mut url = response.url.clone();
        url.set_fragment(None);
        self.responses.insert(url.into(), response);
        self
    }

    /// Like [`add`](Self::add), as a builder.
    ///
    /// # Errors
    /// The URL cannot be parsed.
    pub fn with(mut self, url: &str, body: impl Into<Vec<u8>>) -> Result<Self, url::ParseError> {
        self.add(url, body)?;
        Ok(self)
    }
}

impl Loader for MemoryLoader {
    fn load(&mut self, request: &FetchRequest) -> Result<Response, LoadError> {
        let mut url = request.url.clone();
        url.set_fragment(None);
        if let Some(response) = self.responses.get(url.as_str()) {
            return Ok(response.clone());
        }
        let origin = url.origin();
        let knows_origin = self
            .responses
            .values()
            .any(|held| held.url.origin() == origin);
        let url = url.to_string();
        Err(if knows_origin {
            LoadError::NotFound { url }
        } else {
            LoadError::UnknownOrigin { url }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fetch::Destination;

    #[test]
    fn responses_are_found_by_url_without_the_fragment() {
        let mut loader = MemoryLoader::new()
            .with("http://a.test/x.js?1", "x")
            .unwrap();
        let mut load = |url: &str| {
            loader.load(&FetchRequest::new(
                Url::parse(url).unwrap(),
                Destination::Script,
            ))
        };
        let response = load("http://a.test/x.js?1#y").unwrap();
        assert_eq!(response.content_type.as_deref(), Some("text/javascript"));
        assert!(matches!(
            load("http://a.test/x.js"),
            Err(LoadError::NotFound { .. })
        ));
        assert!(matches!(
            load("http://b.test/x.js"),
            Err(LoadError::UnknownOrigin { .. })
        ));
    }
}
