//! Loaders: sources of responses. The embedder calls them for [`Effect::Fetch`](crate::Effect::Fetch). The rest of
//! this crate does not use them.

use crate::fetch::{FetchRequest, LoadError, Response};

mod data;
#[cfg(feature = "fs")]
mod directory;
#[cfg(feature = "fs")]
mod file;
mod memory;

pub use data::data_url_response;
pub(crate) use data::percent_decode_lossy;
#[cfg(feature = "fs")]
pub use directory::{DirectoryLoader, url_path};
#[cfg(feature = "fs")]
pub use file::{FileError, MAX_FILE, read_regular};
pub use memory::MemoryLoader;

/// A source of responses that responds at once.
pub trait Loader {
    /// Loads the response to a request.
    ///
    /// # Errors
    /// A [`LoadError`] if there is no response.
    fn load(&mut self, request: &FetchRequest) -> Result<Response, LoadError>;
}

/// Uses the second loader if the first does not serve the origin or does not know the scheme.
impl<A: Loader, B: Loader> Loader for (A, B) {
    fn load(&mut self, request: &FetchRequest) -> Result<Response, LoadError> {
        match self.0.load(request) {
            Err(LoadError::UnknownOrigin { .. } | LoadError::UnsupportedScheme { .. }) => {
                self.1.load(request)
            }
            answer => answer,
        }
    }
}

impl<L: Loader + ?Sized> Loader for Box<L> {
    fn load(&mut self, request: &FetchRequest) -> Result<Response, LoadError> {
        (**self).load(request)
    }
}

/// The `Content-Type` that a web server would guess from a file's name.
#[must_use]
pub fn content_type_of_path(path: &str) -> &'static str {
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
    match extension.to_ascii_lowercase().as_str() {
        "html" | "htm" => "text/html",
        "xhtml" | "xht" => "application/xhtml+xml",
        "js" | "mjs" => "text/javascript",
        "json" | "map" => "application/json",
        "css" => "text/css",
        "txt" | "md" => "text/plain",
        "xml" => "application/xml",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "wasm" => "application/wasm",
        "pdf" => "application/pdf",
        _ => "application/octet-stream",
    }
}
