//! Answers requests from a checkout, like the server of web-platform-tests.

use std::cell::Cell;
use std::path::{Component, Path, PathBuf};

use framepost::request_headers;
use framepost_browsing_context::loader::{MAX_FILE, read_regular};
use framepost_browsing_context::{FetchRequest, LoadError, Response};
use percent_encoding::percent_decode_str;
use url::{Position, Url};

use super::generated;
use super::loader::{Handlers, Refusals};
use super::meta::ScriptMeta;
use super::pipe::{self, Pipe};
use super::substitute::{Environment, Escape, TemplateError, query_value, substitute};

/// Prefixes of paths that no page may load.
const FORBIDDEN: [&str; 3] = ["/_certs/", "/tools/", "/results/"];
/// Aliases of paths.
const REWRITES: [(&str, &str); 1] = [(
    "/resources/WebIDLParser.js",
    "/resources/webidl2/lib/webidl2.js",
)];
/// Content types by extension.
const CONTENT_TYPES: [(&str, &str); 33] = [
    ("html", "text/html"),
    ("htm", "text/html"),
    ("js", "text/javascript"),
    ("mjs", "text/javascript"),
    ("css", "text/css"),
    ("json", "application/json"),
    ("txt", "text/plain"),
    ("md", "text/plain"),
    ("xht", "application/xhtml+xml"),
    ("xhtm", "application/xhtml+xml"),
    ("xhtml", "application/xhtml+xml"),
    ("xml", "application/xml"),
    ("svg", "image/svg+xml"),
    ("png", "image/png"),
    ("gif", "image/gif"),
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("bmp", "image/bmp"),
    ("wasm", "application/wasm"),
    ("xpi", "application/x-xpinstall"),
    ("m4a", "audio/mp4"),
    ("mp3", "audio/mpeg"),
    ("oga", "audio/ogg"),
    ("weba", "audio/webm"),
    ("wav", "audio/x-wav"),
    ("manifest", "text/cache-manifest"),
    ("event_stream", "text/event-stream"),
    ("vtt", "text/vtt"),
    ("mp4", "video/mp4"),
    ("m4v", "video/mp4"),
    ("ogg", "video/ogg"),
    ("ogv", "video/ogg"),
    ("webm", "video/webm"),
];

/// A checkout of web-platform-tests, at the hosts and ports of its configuration.
#[derive(Debug)]
pub(super) struct Server {
    root: PathBuf,
    identifiers: Cell<u64>,
    refusals: Refusals,
    handlers: Handlers,
}

/// The reason of a skipped test.
pub(crate) const NEEDS_PYTHON: &str = "needs a handler in Python";

impl Server {
    pub(super) fn new(root: &Path, refusals: Refusals, handlers: Handlers, seed: u64) -> Self {
        Self {
            root: root.to_owned(),
            // Tests that share the state of handlers must not have the same identifiers.
            identifiers: Cell::new(seed << 16),
            refusals,
            handlers,
        }
    }

    /// Answers a request.
    pub(super) fn respond(&self, request: &FetchRequest) -> Result<Response, LoadError> {
        let url = &request.url;
        let unknown = || LoadError::UnknownOrigin {
            url: url.to_string(),
        };
        if !super::is_served(url) {
            return Err(match self.handlers {
                Handlers::Absent => unknown(),
                // No other server may be used.
                Handlers::Served => LoadError::Refused {
                    url: url.to_string(),
                    reason: "it is not served by web-platform-tests",
                },
            });
        }
        let path = url.path();
        if FORBIDDEN
            .iter()
            .any(|forbidden| path.starts_with(forbidden))
        {
            return Ok(not_found(url));
        }
        let rewritten = REWRITES.iter().find(|(from, _)| *from == path);
        let path = rewritten.map_or(path, |(_, to)| to);
        let mut headers = request_headers(request);
        headers.push((
            "host".to_owned(),
            url[Position::BeforeHost..Position::AfterPort].to_owned(),
        ));
        let environment = Environment {
            url,
            headers: &headers,
            identifiers: &self.identifiers,
        };
        let answer = if let Some(plan) = generated::plan(path) {
            self.generated(&plan, path, &environment)
        } else if path.ends_with(".py") {
            self.file(path)
                .map_or(Ok(None), |_| Err(self.refuse(url, NEEDS_PYTHON, path)))
        } else if request.method() != "GET" {
            // Files support only GET.
            Ok(None)
        } else if path.ends_with(".asis") {
            Ok(self.file(path).and_then(|content| as_is(url, &content)))
        } else {
            self.static_file(path, &environment)
        };
        Ok(answer?.unwrap_or_else(|| not_found(url)))
    }

    /// A file's content, if there is such a file below the root.
    fn file(&self, path: &str) -> Option<Vec<u8>> {
        read_regular(&self.file_path(path)?, MAX_FILE).ok()
    }

    fn file_path(&self, path: &str) -> Option<PathBuf> {
        let decoded = percent_decode_str(path.strip_prefix('/')?)
            .decode_utf8()
            .ok()?;
        let relative = Path::new(decoded.as_ref());
        // An encoded slash or dot must not lead out of the checkout.
        let inside = relative
            .components()
            .all(|part| matches!(part, Component::Normal(_)));
        inside.then(|| self.root.join(relative))
    }

    fn static_file(
        &self,
        path: &str,
        environment: &Environment<'_>,
    ) -> Result<Option<Response>, LoadError> {
        let Some(content) = self.file(path) else {
            return Ok(None);
        };
        let url = environment.url;
        let mut response = Response::new(url.clone(), content_type(path), content);
        self.add_headers(path, environment, &mut response)?;
        self.apply_pipes(path, environment, &mut response)?;
        Ok(Some(response))
    }

    fn generated(
        &self,
        plan: &generated::Plan,
        path: &str,
        environment: &Environment<'_>,
    ) -> Result<Option<Response>, LoadError> {
        let Some(source) = self.file(&plan.file) else {
            return Ok(None);
        };
        let url = environment.url;
        let query = url.query().filter(|query| !query.is_empty());
        let query = query.map(|query| format!("?{query}")).unwrap_or_default();
        let Some(text) = plan.generate(&ScriptMeta::read(&source), &query) else {
            return Ok(None);
        };
        let mut response = Response::new(url.clone(), text.content_type, text.text);
        self.add_headers(&plan.file, environment, &mut response)?;
        self.apply_pipes(path, environment, &mut response)?;
        Ok(Some(response))
    }

    /// Adds the headers of the directory, then those of the file.
    fn add_headers(
        &self,
        path: &str,
        environment: &Environment<'_>,
        response: &mut Response,
    ) -> Result<(), LoadError> {
        let directory = path.rsplit_once('/').map_or("", |(directory, _)| directory);
        for of in [format!("{directory}/__dir__"), path.to_owned()] {
            let lines = match self.file(&format!("{of}.sub.headers")) {
                Some(template) => self.fill_in(&template, environment, Escape::None)?,
                None => self.file(&format!("{of}.headers")).unwrap_or_default(),
            };
            for line in String::from_utf8_lossy(&lines).lines() {
                if let Some((name, value)) = line.split_once(':') {
                    set_header(response, name.trim(), value.trim(), true);
                }
            }
        }
        Ok(())
    }

    fn fill_in(
        &self,
        template: &[u8],
        environment: &Environment<'_>,
        escape: Escape,
    ) -> Result<Vec<u8>, LoadError> {
        substitute(template, environment, escape).map_err(|error| {
            if let TemplateError::Unsupported(_) = error {
                self.refusals.add(error.to_string());
            }
            LoadError::Failed {
                url: environment.url.to_string(),
                message: error.to_string(),
            }
        })
    }

    fn apply_pipes(
        &self,
        path: &str,
        environment: &Environment<'_>,
        response: &mut Response,
    ) -> Result<(), LoadError> {
        let mut pipes = Vec::new();
        if path.contains(".sub.") {
            let markup = [".html", ".htm", ".xht", ".xhtml", ".xml", ".svg"];
            let escape = if markup.iter().any(|end| path.ends_with(end)) {
                "html"
            } else {
                "none"
            };
            pipes.push(Pipe {
                name: "sub".to_owned(),
                arguments: vec![escape.to_owned()],
            });
        }
        if let Some(text) = query_value(environment.url, "pipe") {
            pipes.extend(pipe::parse(&text));
        }
        pipes
            .iter()
            .try_for_each(|pipe| self.apply(pipe, environment, response))
    }

    fn apply(
        &self,
        pipe: &Pipe,
        environment: &Environment<'_>,
        response: &mut Response,
    ) -> Result<(), LoadError> {
        let argument = |index: usize| pipe.arguments.get(index).map(String::as_str);
        let malformed = || LoadError::Failed {
            url: environment.url.to_string(),
            message: format!(
                "cannot apply the pipe {}({})",
                pipe.name,
                pipe.arguments.join(",")
            ),
        };
        match (pipe.name.as_str(), argument(0)) {
            ("sub", None | Some("" | "html")) => {
                response.body = self.fill_in(&response.body, environment, Escape::Html)?;
            }
            ("sub", Some("none")) => {
                response.body = self.fill_in(&response.body, environment, Escape::None)?;
            }
            ("status", Some(code)) => {
                response.status = code.trim().parse().map_err(|_| malformed())?;
            }
            ("header", Some(name)) => {
                let value = argument(1).ok_or_else(malformed)?;
                let append = argument(2)
                    .is_some_and(|text| text == "1" || text.eq_ignore_ascii_case("true"));
                // In the form in which a client reads the value.
                set_header(response, name, value.trim(), !append);
            }
            ("slice", Some(_)) => {
                response.body =
                    pipe::slice(&response.body, &pipe.arguments).ok_or_else(malformed)?;
            }
            // NOT YET: the body arrives at once, at the end, not in parts with delays between them.
            ("trickle", Some(parts)) => response.delay = pipe::trickle_delay(parts),
            _ => {
                let what = format!("the pipe {}", pipe.name);
                return Err(self.refuse(
                    environment.url,
                    "needs a pipe that is not supported",
                    &what,
                ));
            }
        }
        Ok(())
    }

    /// Passes a request to the server of the checkout, or refuses it.
    fn refuse(&self, url: &Url, reason: &'static str, what: &str) -> LoadError {
        if self.handlers == Handlers::Served {
            return LoadError::UnknownOrigin {
                url: url.to_string(),
            };
        }
        self.refusals.add(format!("{reason}: {what}"));
        LoadError::Refused {
            url: url.to_string(),
            reason,
        }
    }
}

fn content_type(path: &str) -> &'static str {
    let extension = path
        .rsplit('/')
        .next()
        .and_then(|file| file.rsplit_once('.'));
    let found = extension
        .and_then(|(_, extension)| CONTENT_TYPES.iter().find(|(name, _)| *name == extension));
    found.map_or("application/octet-stream", |(_, content_type)| content_type)
}

fn not_found(url: &Url) -> Response {
    Response::new(url.clone(), "text/plain", "not found\n").with_status(404)
}

fn set_header(response: &mut Response, name: &str, value: &str, replace: bool) {
    let name = name.to_ascii_lowercase();
    if name == "content-type" {
        response.content_type = Some(value.to_owned());
        return;
    }
    if replace {
        response.headers.retain(|(held, _)| *held != name);
    }
    response.headers.push((name, value.to_owned()));
}

/// A file that holds a whole HTTP response: a status line, headers, an empty line, the body.
fn as_is(url: &Url, content: &[u8]) -> Option<Response> {
    let (head_end, body_start) = [b"\r\n\r\n".as_slice(), b"\n\n"]
        .iter()
        .filter_map(|end| {
            let at = content
                .windows(end.len())
                .position(|window| window == *end)?;
            Some((at, at + end.len()))
        })
        .min()?;
    let head = String::from_utf8_lossy(&content[..head_end]);
    let mut lines = head.lines();
    let status = lines.next()?.split_whitespace().nth(1)?.parse().ok()?;
    let mut response = Response::new(url.clone(), "", &content[body_start..]).with_status(status);
    response.content_type = None;
    for line in lines {
        let (name, value) = line.split_once(':')?;
        set_header(&mut response, name.trim(), value.trim(), false);
    }
    Some(response)
}

#[cfg(test)]
mod tests {
    use framepost_browsing_context::Destination;

    use super::*;

    /// A small checkout with these files.
    struct Checkout {
        _directory: tempfile::TempDir,
        server: Server,
    }

    fn checkout(files: &[(&str, &str)]) -> Checkout {
        let directory = crate::testing::files(files);
        let server = Server::new(directory.path(), Refusals::default(), Handlers::Absent, 0);
        Checkout {
            _directory: directory,
            server,
        }
    }

    impl Checkout {
        fn load(&self, url: &str) -> Result<Response, LoadError> {
            let url = Url::parse(url).unwrap();
            self.server
                .respond(&FetchRequest::new(url, Destination::Document))
        }

        /// The status, content type and body at this path.
        #[track_caller]
        fn get(&self, path: &str) -> (u16, String, String) {
            let response = self
                .load(&format!("http://web-platform.test:8000{path}"))
                .unwrap();
            (
                response.status,
                response.content_type.unwrap_or_default(),
                String::from_utf8(response.body).unwrap(),
            )
        }
    }

    fn answer(status: u16, content_type: &str, body: &str) -> (u16, String, String) {
        (status, content_type.to_owned(), body.to_owned())
    }

    #[test]
    fn serves_files_at_every_host() {
        let checkout = checkout(&[("a/b.html", "<p>"), ("a/c d.svg", "x"), ("e", "y")]);
        assert_eq!(checkout.get("/a/b.html"), answer(200, "text/html", "<p>"));
        assert_eq!(
            checkout.get("/a/c%20d.svg?x"),
            answer(200, "image/svg+xml", "x")
        );
        assert_eq!(
            checkout.get("/e"),
            answer(200, "application/octet-stream", "y")
        );
        assert_eq!(checkout.get("/a/").0, 404);
        assert_eq!(checkout.get("/a/f.html").0, 404);
        assert!(
            checkout
                .load("https://www1.not-web-platform.test:8443/a/b.html")
                .is_ok()
        );
        assert_eq!(
            checkout.load("http://nonexistent.web-platform.test:8000/a/b.html"),
            Err(LoadError::UnknownOrigin {
                url: "http://nonexistent.web-platform.test:8000/a/b.html".to_owned()
            })
        );
    }

    #[test]
    fn paths_stay_inside_the_checkout() {
        let outside = checkout(&[("secret", "s"), ("root/a.txt", "a")]);
        let server = Server::new(
            &outside._directory.path().join("root"),
            Refusals::default(),
            Handlers::Absent,
            0,
        );
        let inside = Checkout { server, ..outside };
        assert_eq!(inside.get("/a.txt").0, 200);
        for path in [
            "/..%2fsecret",
            "/%2e%2e/secret",
            "/x/..%2f..%2fsecret",
            "/%2fetc%2fpasswd",
        ] {
            assert_eq!(inside.get(path).0, 404, "{path}");
        }
    }

    #[test]
    fn headers_come_from_files_beside() {
        let checkout = checkout(&[
            ("a/__dir__.headers", "X-One: directory\nX-Two: directory\n"),
            ("a/b.txt", "b"),
            (
                "a/b.txt.sub.headers",
                "Content-Type: text/x; host={{host}}\nX-Two: file\n",
            ),
        ]);
        let response = checkout
            .load("http://web-platform.test:8000/a/b.txt")
            .unwrap();
        assert_eq!(
            response.content_type.as_deref(),
            Some("text/x; host=web-platform.test")
        );
        assert_eq!(response.header("x-one"), Some("directory"));
        assert_eq!(response.header("x-two"), Some("file"));
    }

    #[test]
    fn placeholders_are_substituted_by_name_or_by_pipe() {
        let checkout = checkout(&[
            ("a.sub.html", "{{GET[q]}}"),
            ("a.sub.js", "{{GET[q]}} {{uuid()}}"),
            ("b.js", "{{location[port]}}"),
        ]);
        assert_eq!(checkout.get("/a.sub.html?q=%26").2, "&amp;");
        assert_eq!(
            checkout.get("/a.sub.js?q=%26").2,
            "& 00000000-0000-4000-8000-000000000001"
        );
        assert_eq!(checkout.get("/b.js").2, "{{location[port]}}");
        assert_eq!(checkout.get("/b.js?pipe=sub").2, "8000");
    }

    #[test]
    fn pipes_change_the_answer() {
        let checkout = checkout(&[("a.txt", "abcdef")]);
        assert_eq!(checkout.get("/a.txt?pipe=status(410)").0, 410);
        assert_eq!(
            checkout.get("/a.txt?pipe=slice(1,3)|header(Content-Type,text/x)"),
            answer(200, "text/x", "bc")
        );
        assert_eq!(checkout.get("/a.txt?pipe=trickle(d1:2)").2, "abcdef");
        assert!(
            checkout
                .load("http://web-platform.test:8000/a.txt?pipe=status(x)")
                .is_err()
        );
        assert!(checkout.server.refusals.all().is_empty());
        assert!(
            checkout
                .load("http://web-platform.test:8000/a.txt?pipe=gzip")
                .is_err()
        );
        assert_eq!(
            checkout.server.refusals.all(),
            ["needs a pipe that is not supported: the pipe gzip"]
        );
    }

    #[test]
    fn handlers_in_python_are_refused_and_recorded() {
        let checkout = checkout(&[("a.py", "def main(): pass")]);
        assert_eq!(checkout.get("/b.py").0, 404);
        assert!(matches!(
            checkout.load("http://web-platform.test:8000/a.py?x"),
            Err(LoadError::Refused { .. })
        ));
        assert_eq!(
            checkout.server.refusals.all(),
            ["needs a handler in Python: /a.py"]
        );
    }

    #[test]
    fn whole_responses() {
        let checkout = checkout(&[
            (
                "a.asis",
                "HTTP/1.1 201 Made\r\nContent-Type: text/x\r\nX-A: b\r\n\r\nbody\n\nmore",
            ),
            ("b.asis", "nothing of the kind"),
        ]);
        assert_eq!(
            checkout.get("/a.asis"),
            answer(201, "text/x", "body\n\nmore")
        );
        assert_eq!(checkout.get("/b.asis").0, 404);
    }

    #[test]
    fn generates_pages() {
        let checkout = checkout(&[
            ("a.any.js", "// META: title=T\n"),
            ("b.any.js", "// META: global=worker\n"),
            ("b.any.js.headers", "X-B: c\n"),
        ]);
        let (status, content_type, page) = checkout.get("/a.any.html");
        assert_eq!((status, content_type.as_str()), (200, "text/html"));
        assert!(page.contains("<title>T</title>"));
        assert_eq!(checkout.get("/b.any.html").0, 404);
        assert_eq!(checkout.get("/c.any.html").0, 404);
        let worker = checkout
            .load("http://web-platform.test:8000/b.any.worker.html")
            .unwrap();
        assert_eq!(worker.header("x-b"), Some("c"));
    }
}
