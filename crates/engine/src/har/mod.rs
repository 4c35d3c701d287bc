//! HAR: an archive of requests and their answers ([HAR 1.2](http://www.softwareishard.com/blog/har-12-spec/)).
//!
//! [`Recorder`] writes the requests of a page as an archive, and [`Replay`] answers requests from one. This module
//! knows no page and no file.

mod record;
mod replay;

use std::collections::BTreeMap;

use framepost_browsing_context::Response;
use serde::Deserialize;
use thiserror::Error;

pub(crate) use record::{EntryNumber, Recorder};
use replay::ReadEntry;
pub(crate) use replay::Replay;

/// The name of the program in the archives that it writes.
const CREATOR: &str = "Framepost";

/// An archive of requests and answers in the format HAR, of this program or of another one, such as a browser.
///
/// [`PageOptions::har_replay`](crate::PageOptions::har_replay) answers the requests of a page from it. An archive holds what
/// was sent and received, so it may contain passwords and cookies.
///
/// ```
/// use framepost::{Har, Page, PageOptions};
///
/// let url: url::Url = "http://a.test/".parse()?;
/// let html = "<script>fetch('/n').then((answer) => answer.text()).then(console.log)</script>";
/// let options = PageOptions::new().document(url.clone(), html).document(url.join("/n")?, "42");
/// let mut page = Page::open(url.clone(), options.har(true))?;
/// page.run_until_idle();
/// let archive = page.har();
///
/// // The second page has nothing but the archive.
/// let har = Har::parse(archive.as_bytes())?;
/// let mut page = Page::open(url, PageOptions::new().har_replay(har))?;
/// page.run_until_idle();
/// assert_eq!(page.console()[0].text, "42");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Har {
    creator: String,
    entries: Vec<Known>,
    /// The numbers of the entries with an answer, by method and URL.
    by_request: BTreeMap<(String, String), Vec<usize>>,
}

/// A request and its answer.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "ReadEntry")]
struct Known {
    method: String,
    /// The URL without its fragment.
    url: String,
    /// The body of the request.
    body: Option<Vec<u8>>,
    /// `None` if the archive has no answer that could be given again.
    answer: Option<Response>,
}

/// The reason why a text is not a HAR.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{line}:{column}: {why}")]
#[non_exhaustive]
pub struct HarError {
    /// The line of the error, from 1.
    pub line: usize,
    /// Its column, from 1.
    pub column: usize,
    /// What is wrong.
    pub why: String,
}

#[derive(Deserialize)]
struct Document {
    log: Log,
}

#[derive(Deserialize)]
struct Log {
    #[serde(default)]
    creator: Creator,
    entries: Vec<Known>,
}

#[derive(Default, Deserialize)]
struct Creator {
    #[serde(default)]
    name: String,
}

impl Har {
    /// Parses a HAR in JSON. Fields that are not needed for answers may be absent.
    ///
    /// # Errors
    /// It is malformed.
    pub fn parse(bytes: &[u8]) -> Result<Self, HarError> {
        // Programs may write a byte order mark.
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let Document { log } = serde_json::from_slice(bytes).map_err(|error| {
            let text = error.to_string();
            let place = format!(" at line {} column {}", error.line(), error.column());
            HarError {
                line: error.line(),
                column: error.column(),
                why: text.strip_suffix(&place).unwrap_or(&text).to_owned(),
            }
        })?;
        let mut by_request: BTreeMap<_, Vec<usize>> = BTreeMap::new();
        for (number, entry) in log.entries.iter().enumerate() {
            if entry.answer.is_some() {
                let request = (entry.method.clone(), entry.url.clone());
                by_request.entry(request).or_default().push(number);
            }
        }
        Ok(Self {
            creator: log.creator.name,
            entries: log.entries,
            by_request,
        })
    }

    /// Whether this program has written it.
    #[must_use]
    pub fn is_own(&self) -> bool {
        self.creator == CREATOR
    }

    /// The number of requests in it.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it has no requests.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests;
