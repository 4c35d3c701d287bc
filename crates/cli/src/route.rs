//! Routes: answers of the user to requests, in place of the directories and the network.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use framepost_browsing_context::loader::{content_type_of_path, read_regular};
use framepost_browsing_context::{FetchRequest, Response};
use thiserror::Error;
use url::{Position, Url};

/// An answer to all requests whose URL matches a glob. Parses from `GLOB=FILE` or `GLOB=STATUS`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    glob: String,
    answer: Answer,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Answer {
    File(PathBuf),
    Status(u16),
}

/// The reason why a text is not a valid [`Route`].
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RouteError {
    /// The text has no `=`, or nothing before or after it.
    #[error("expected GLOB=FILE or GLOB=STATUS, for example '*/users=users.json', not {0:?}")]
    Malformed(String),
    /// The number is not the status of a response.
    #[error("{0} is not a status: expected a number from 200 to 599, or a file")]
    BadStatus(String),
}

impl FromStr for Route {
    type Err = RouteError;

    fn from_str(text: &str) -> Result<Self, RouteError> {
        // A URL may contain an equals sign, so the last one counts.
        let parts = text.rsplit_once('=');
        let parts = parts.filter(|(glob, answer)| !glob.is_empty() && !answer.is_empty());
        let (glob, answer) = parts.ok_or_else(|| RouteError::Malformed(text.to_owned()))?;
        let answer = if answer.bytes().all(|byte| byte.is_ascii_digit()) {
            let status = answer.parse().ok();
            let status = status.filter(|status| (200..=599).contains(status));
            Answer::Status(status.ok_or_else(|| RouteError::BadStatus(answer.to_owned()))?)
        } else {
            Answer::File(PathBuf::from(answer))
        };
        Ok(Self {
            glob: glob.to_owned(),
            answer,
        })
    }
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.answer {
            Answer::File(file) => write!(f, "{}={}", self.glob, file.display()),
            Answer::Status(status) => write!(f, "{}={status}", self.glob),
        }
    }
}

impl Route {
    /// Whether it answers requests for this URL.
    pub(crate) fn matches(&self, url: &Url) -> bool {
        glob_matches(&self.glob, url)
    }

    /// The same route with its file below a directory.
    #[must_use]
    pub(crate) fn below(mut self, directory: &Path) -> Self {
        if let Answer::File(file) = &mut self.answer {
            *file = directory.join(&file);
        }
        self
    }
}

/// Routes whose files were read.
#[derive(Debug, Default)]
pub(crate) struct Routes(Vec<(String, Response)>);

impl Routes {
    /// Reads the files of routes. An error names the file.
    pub(crate) fn read(routes: &[Route], limit: u64) -> Result<Self, (String, String)> {
        let read = routes.iter().map(|route| {
            // The URL is that of each request, later.
            let url = framepost_browsing_context::about_blank();
            let response = match &route.answer {
                Answer::Status(status) => {
                    Response::new(url, "text/plain", Vec::new()).with_status(*status)
                }
                Answer::File(file) => {
                    let name = file.display().to_string();
                    let body = read_regular(file, limit);
                    let body = body.map_err(|error| (name.clone(), error.to_string()))?;
                    Response::new(url, content_type_of_path(&name), body)
                }
            };
            Ok((route.glob.clone(), response))
        });
        read.collect::<Result<_, _>>().map(Self)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The answer to a request: that of the first route that matches. It allows every origin to read it.
    pub(crate) fn respond(&self, request: &FetchRequest) -> Option<Response> {
        let mut routes = self.0.iter();
        let (_, response) = routes.find(|(glob, _)| glob_matches(glob, &request.url))?;
        let mut response = response.clone();
        response.url = request.url.clone();
        let Some(origin) = &request.origin else {
            return Some(response);
        };
        response = response
            .with_header("access-control-allow-origin", origin.to_string())
            .with_header("access-control-allow-credentials", "true")
            .with_header("access-control-expose-headers", "*");
        // A preflight is allowed what it asks for.
        let asked = |name: &str| {
            let mut headers = request.headers.iter();
            headers
                .find(|(held, _)| held == name)
                .map(|(_, value)| value.clone())
        };
        if let Some(method) = asked("access-control-request-method") {
            response = response
                .with_status(204)
                .with_header("access-control-allow-methods", method);
            if let Some(names) = asked("access-control-request-headers") {
                response = response.with_header("access-control-allow-headers", names);
            }
        }
        Some(response)
    }
}

/// Whether a glob matches a URL without its fragment. `*` stands for any characters. A glob that begins with a slash is
/// compared with the path and the query.
fn glob_matches(glob: &str, url: &Url) -> bool {
    let whole = match glob.starts_with('/') {
        true => &url[Position::BeforePath..Position::AfterQuery],
        false => &url[..Position::AfterQuery],
    };
    let mut parts = glob.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = whole.strip_prefix(first) else {
        return false;
    };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else {
        // Without a star, the whole URL has to be the same.
        return rest.is_empty();
    };
    for part in middle {
        let Some((_, after)) = rest.split_once(part) else {
            return false;
        };
        rest = after;
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn star_stands_for_any_characters() {
        let matches = |glob: &str| {
            glob_matches(
                glob,
                &Url::parse("http://api.test/v1/users?page=2#x").unwrap(),
            )
        };
        for glob in [
            "*",
            "http://api.test/v1/users?page=2",
            "*/users*",
            "http://*/v1/*?page=2",
            "/v1/users?page=2",
            "/v1/*",
        ] {
            assert!(matches(glob), "{glob}");
        }
        for glob in [
            "",
            "*/users",
            "/users*",
            "http://api.test/",
            "*users*users*",
        ] {
            assert!(!matches(glob), "{glob}");
        }
    }

    #[test]
    fn malformed_routes_are_refused_with_their_text() {
        let parse = |text: &str| text.parse::<Route>();
        assert!(parse("*/x?a=b=users.json").is_ok() && parse("*=404").is_ok());
        for bad in ["", "x", "=x", "x="] {
            assert_eq!(parse(bad), Err(RouteError::Malformed(bad.to_owned())));
        }
        assert_eq!(parse("*=99"), Err(RouteError::BadStatus("99".to_owned())));
        assert!(
            parse("*=99")
                .unwrap_err()
                .to_string()
                .starts_with("99 is not")
        );
    }
}
