//! [Content Security Policy](https://w3c.github.io/webappsec-csp/): the scripts that may run, the
//! connections of scripts, and the documents that may frame a document.
//!
//! NOT YET: all other directives, reports, and policies that only report.

use std::rc::Rc;

use url::Url;

use super::integrity::{Algorithm, has_digest, parse_hash};
use super::{Response, ScriptFetchOptions};
use crate::origin::{Origin, SandboxFlags, parse_a_sandboxing_directive};

/// The [CSP list](https://w3c.github.io/webappsec-csp/#framework-policy) of a document. Documents that
/// inherit it share it.
#[derive(Clone, Debug, Default)]
pub(crate) struct CspList(Rc<[Rc<Policy>]>);

/// A [policy](https://w3c.github.io/webappsec-csp/#framework-policy): the first directive of each
/// name.
#[derive(Debug)]
struct Policy {
    directives: Vec<(String, Vec<String>)>,
    /// Its [self-origin](https://w3c.github.io/webappsec-csp/#policy-self-origin).
    self_origin: Option<Origin>,
}

/// A script to check against the policies.
#[derive(Clone, Copy)]
pub(crate) enum ScriptSource<'a> {
    /// The text of a script element, with its nonce.
    Element(&'a str, Option<&'a str>),
    /// The text of an event handler content attribute.
    Attribute(&'a str),
    /// A `javascript:` URL.
    Navigation(&'a str),
    /// A URL that is loaded as a script.
    External(&'a Url, &'a ScriptFetchOptions),
    /// The URL of a worker.
    Worker(&'a Url),
    /// `eval()` and similar functions.
    Eval,
}

impl CspList {
    /// [Parse a response's Content Security Policies](https://w3c.github.io/webappsec-csp/#parse-response-csp)
    pub(crate) fn of_response(response: &Response) -> Self {
        let headers = response.headers.iter();
        let values = headers.filter(|(name, _)| name == "content-security-policy");
        let policies = values.flat_map(|(_, value)| value.split(','));
        let origin = Origin::of_url(&response.url);
        Self(
            policies
                .map(|text| Rc::new(Policy::parse(text, origin.clone())))
                .collect(),
        )
    }

    /// Whether there is no policy.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds the policy that a `meta` element declares
    /// ([Content-Security-Policy state](https://html.spec.whatwg.org/multipage/semantics.html#attr-meta-http-equiv-content-security-policy)).
    /// Some directives have no effect there.
    pub(crate) fn enforce_meta(&mut self, content: &str, self_origin: &Origin) {
        let mut policy = Policy::parse(content, Some(self_origin.clone()));
        let ignored = ["report-uri", "frame-ancestors", "sandbox"];
        policy
            .directives
            .retain(|(name, _)| !ignored.contains(&name.as_str()));
        let held = self.0.iter().cloned();
        self.0 = held.chain([Rc::new(policy)]).collect();
    }

    /// Whether all policies allow a script
    /// ([should element's inline type behavior be blocked](https://w3c.github.io/webappsec-csp/#should-block-inline)
    /// and [should request be blocked](https://w3c.github.io/webappsec-csp/#should-block-request)).
    pub(crate) fn allow_script(&self, source: ScriptSource<'_>) -> bool {
        self.0.iter().all(|policy| policy.allows_script(source))
    }

    /// Whether all policies allow a script to fetch a URL
    /// ([connect-src pre-request check](https://w3c.github.io/webappsec-csp/#connect-src-pre-request)).
    pub(crate) fn allow_connection(&self, url: &Url) -> bool {
        self.0.iter().all(|policy| {
            let sources = ["connect-src", "default-src"].map(|name| policy.directive(name));
            let sources = sources.into_iter().flatten().next();
            sources.is_none_or(|sources| policy.matches_a_source(url, sources))
        })
    }

    /// The flags of the [sandbox directives](https://w3c.github.io/webappsec-csp/#directive-sandbox).
    pub(crate) fn sandbox(&self) -> SandboxFlags {
        let values = self
            .0
            .iter()
            .filter_map(|policy| policy.directive("sandbox"));
        values.fold(SandboxFlags::empty(), |flags, value| {
            flags | parse_a_sandboxing_directive(&value.join(" "))
        })
    }

    /// Whether there is a `frame-ancestors` directive.
    pub(crate) fn has_frame_ancestors(&self) -> bool {
        let mut policies = self.0.iter();
        policies.any(|policy| policy.directive("frame-ancestors").is_some())
    }

    /// Whether all policies allow a document of this origin as an ancestor of the frame
    /// ([frame-ancestors navigation response check](https://w3c.github.io/webappsec-csp/#frame-ancestors-navigation-response)).
    pub(crate) fn allow_ancestor(&self, ancestor: &Origin) -> bool {
        self.0.iter().all(|policy| {
            let Some(sources) = policy.directive("frame-ancestors") else {
                return true;
            };
            // An opaque origin matches nothing.
            let Ok(url) = Url::parse(&ancestor.to_string()) else {
                return false;
            };
            policy.matches_a_source(&url, sources)
        })
    }
}

impl Policy {
    /// [Parse a serialized CSP](https://w3c.github.io/webappsec-csp/#parse-serialized-policy)
    fn parse(text: &str, self_origin: Option<Origin>) -> Self {
        let mut directives: Vec<(String, Vec<String>)> = Vec::new();
        for directive in text.split(';') {
            let mut tokens = directive.split_ascii_whitespace();
            let Some(name) = tokens.next().map(str::to_ascii_lowercase) else {
                continue;
            };
            if !directives.iter().any(|(held, _)| *held == name) {
                directives.push((name, tokens.map(str::to_owned).collect()));
            }
        }
        Self {
            directives,
            self_origin,
        }
    }

    fn directive(&self, name: &str) -> Option<&[String]> {
        let found = self.directives.iter().find(|(held, _)| held == name);
        found.map(|(_, sources)| sources.as_slice())
    }

    fn allows_script(&self, source: ScriptSource<'_>) -> bool {
        // https://w3c.github.io/webappsec-csp/#directive-fallback-list
        let names: &[&str] = match source {
            ScriptSource::Attribute(_) => &["script-src-attr", "script-src", "default-src"],
            ScriptSource::Eval => &["script-src", "default-src"],
            ScriptSource::Worker(_) => &["worker-src", "child-src", "script-src", "default-src"],
            ScriptSource::Element(..)
            | ScriptSource::Navigation(_)
            | ScriptSource::External(..) => &["script-src-elem", "script-src", "default-src"],
        };
        let Some(sources) = names.iter().find_map(|name| self.directive(name)) else {
            return true;
        };
        let has = |word: &str| sources.iter().any(|held| held.eq_ignore_ascii_case(word));
        let has_nonce = |nonce: Option<&str>| {
            let nonce = nonce.filter(|nonce| !nonce.is_empty());
            nonce.is_some_and(|nonce| sources.iter().any(|held| nonce_of(held) == Some(nonce)))
        };
        match source {
            ScriptSource::Eval => has("'unsafe-eval'"),
            // https://w3c.github.io/webappsec-csp/#script-pre-request
            ScriptSource::External(url, options) => {
                if has_nonce(options.nonce.as_deref()) {
                    return true;
                }
                if has("'strict-dynamic'") {
                    return !options.is_parser_inserted;
                }
                self.matches_a_source(url, sources)
            }
            // https://w3c.github.io/webappsec-csp/#worker-src-pre-request
            ScriptSource::Worker(url) => self.matches_a_source(url, sources),
            // https://w3c.github.io/webappsec-csp/#match-element-to-source-list
            ScriptSource::Element(text, _)
            | ScriptSource::Attribute(text)
            | ScriptSource::Navigation(text) => {
                if allows_all_inline(sources) {
                    return true;
                }
                if let ScriptSource::Element(_, nonce) = source
                    && has_nonce(nonce)
                {
                    return true;
                }
                let with_hashes =
                    matches!(source, ScriptSource::Element(..)) || has("'unsafe-hashes'");
                with_hashes && sources.iter().any(|held| is_hash_of(held, text))
            }
        }
    }

    /// [Does url match source list](https://w3c.github.io/webappsec-csp/#match-url-to-source-list)
    fn matches_a_source(&self, url: &Url, sources: &[String]) -> bool {
        let mut sources = sources.iter();
        sources.any(|source| self.matches(url, &source.to_ascii_lowercase(), source))
    }

    /// [Does url match expression](https://w3c.github.io/webappsec-csp/#match-url-to-source-expression)
    fn matches(&self, url: &Url, source: &str, with_case: &str) -> bool {
        // 1. A star matches network schemes, and that of the document.
        if source == "*" {
            let own = match &self.self_origin {
                Some(Origin::Tuple(own)) => own.scheme == url.scheme(),
                _ => false,
            };
            return own || matches!(url.scheme(), "http" | "https" | "ws" | "wss" | "ftp");
        }
        if source == "'self'" {
            let Some(Origin::Tuple(own)) = &self.self_origin else {
                return false;
            };
            let same_host = url.host().map(|host| host.to_owned()) == Some(own.host.clone());
            let same_port = url.port() == own.port;
            let is_upgrade = own.scheme == "http" && url.scheme() == "https";
            return same_host && (own.scheme == url.scheme() && same_port || is_upgrade);
        }
        if source.starts_with('\'') {
            return false;
        }
        // 2. A scheme.
        if let Some(scheme) = source.strip_suffix(':')
            && !scheme.contains('/')
        {
            return scheme_part_matches(scheme, url.scheme());
        }
        // 3. A host with or without a scheme, a port and a path.
        let (scheme, rest) = match source.split_once("://") {
            Some((scheme, rest)) => (Some(scheme), rest),
            None => (None, source),
        };
        let own_scheme = match &self.self_origin {
            Some(Origin::Tuple(own)) => own.scheme.as_str(),
            _ => "https",
        };
        if !scheme_part_matches(scheme.unwrap_or(own_scheme), url.scheme()) {
            return false;
        }
        let (authority, has_path) = match rest.split_once('/') {
            Some((authority, _)) => (authority, true),
            None => (rest, false),
        };
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !port.contains(']') => (host, Some(port)),
            _ => (authority, None),
        };
        let url_host = url.host_str().unwrap_or_default();
        let host_matches = match host.strip_prefix("*.") {
            Some(domain) => {
                let below = url_host.strip_suffix(domain);
                below.is_some_and(|below| below.len() > 1 && below.ends_with('.'))
            }
            None => host == "*" || host == url_host,
        };
        let url_port = url.port_or_known_default();
        let port_matches = match port {
            Some("*") => true,
            Some(port) => port.parse().ok() == url_port,
            None => url.port().is_none(),
        };
        // The path keeps its case.
        let path = with_case
            .split_once("://")
            .map_or(with_case, |(_, rest)| rest);
        let path = path.split_once('/').map(|(_, path)| format!("/{path}"));
        let path_matches = match path.filter(|path| has_path && path != "/") {
            Some(path) if path.ends_with('/') => url.path().starts_with(&path),
            Some(path) => url.path() == path,
            None => true,
        };
        host_matches && port_matches && path_matches
    }
}

/// [scheme-part matches](https://w3c.github.io/webappsec-csp/#scheme-part-match)
fn scheme_part_matches(expression: &str, scheme: &str) -> bool {
    expression == scheme
        || matches!(
            (expression, scheme),
            ("http" | "wss", "https") | ("ws", "wss" | "http" | "https")
        )
}

fn nonce_of(source: &str) -> Option<&str> {
    let inner = source.strip_prefix('\'')?.strip_suffix('\'')?;
    let (name, nonce) = inner.split_once('-')?;
    name.eq_ignore_ascii_case("nonce").then_some(nonce)
}

/// The algorithm and the digest of a hash source.
fn hash_of(source: &str) -> Option<(Algorithm, &str)> {
    parse_hash(source.strip_prefix('\'')?.strip_suffix('\'')?)
}

/// [Does a source list allow all inline behavior](https://w3c.github.io/webappsec-csp/#allow-all-inline)
fn allows_all_inline(sources: &[String]) -> bool {
    let mut allows = false;
    for source in sources {
        if nonce_of(source).is_some()
            || hash_of(source).is_some()
            || source.eq_ignore_ascii_case("'strict-dynamic'")
        {
            return false;
        }
        allows |= source.eq_ignore_ascii_case("'unsafe-inline'");
    }
    allows
}

/// Whether a source is the hash of a text.
fn is_hash_of(source: &str, text: &str) -> bool {
    hash_of(source)
        .is_some_and(|(algorithm, expected)| has_digest(text.as_bytes(), algorithm, expected))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(policy: &str) -> CspList {
        let url = Url::parse("http://a.test/x").unwrap();
        let response = Response::new(url, "text/html", "");
        CspList::of_response(&response.with_header("Content-Security-Policy", policy))
    }

    #[test]
    fn inline_scripts_need_a_nonce_a_hash_or_permission() {
        let inline =
            |policy: &str, nonce| list(policy).allow_script(ScriptSource::Element("1", nonce));
        assert!(inline("img-src x", None));
        assert!(!inline("script-src 'self'", None));
        assert!(!inline("default-src *", None));
        assert!(inline("script-src 'unsafe-inline'", None));
        assert!(!inline("script-src 'unsafe-inline' 'nonce-n'", None));
        assert!(inline("script-src 'nonce-n'", Some("n")));
        assert!(!inline("script-src 'nonce-n'", Some("m")));
        assert!(!inline("script-src 'nonce-'", Some("")));
        assert!(inline(
            "script-src 'sha256-a4ayc/80/OGda4BO/1o/V0etpOqiLx1JwB5S3beHW0s='",
            None
        ));
        assert!(!inline("script-src 'sha256-aaaa='", None));
        assert!(inline(
            "script-src 'none'; script-src-elem 'unsafe-inline'",
            None
        ));
        assert!(!inline(
            "script-src 'unsafe-inline', script-src 'none'",
            None
        ));
        assert!(!inline(
            "script-src 'none'; script-src 'unsafe-inline'",
            None
        ));
    }

    #[test]
    fn handlers_and_eval_need_their_own_keywords() {
        let hash = "'sha256-a4ayc/80/OGda4BO/1o/V0etpOqiLx1JwB5S3beHW0s='";
        let handler = |policy: &str| list(policy).allow_script(ScriptSource::Attribute("1"));
        assert!(!handler(&format!("script-src {hash}")));
        assert!(handler(&format!("script-src {hash} 'unsafe-hashes'")));
        assert!(handler(
            "script-src 'none'; script-src-attr 'unsafe-inline'"
        ));
        let eval = |policy: &str| list(policy).allow_script(ScriptSource::Eval);
        assert!(!eval("script-src *"));
        assert!(eval("script-src 'unsafe-eval'"));
        assert!(!eval("default-src 'none'"));
    }

    #[test]
    fn external_scripts_match_their_sources() {
        let loads = |policy: &str, url: &str| {
            let url = Url::parse(url).unwrap();
            let options = ScriptFetchOptions {
                nonce: None,
                is_parser_inserted: true,
            };
            list(policy).allow_script(ScriptSource::External(&url, &options))
        };
        assert!(loads("script-src 'self'", "http://a.test/y.js"));
        assert!(loads("script-src 'self'", "https://a.test/y.js"));
        assert!(!loads("script-src 'self'", "http://b.test/y.js"));
        assert!(!loads("script-src 'self'", "http://a.test:81/y.js"));
        assert!(loads("script-src *.test", "http://b.test/y.js"));
        assert!(!loads("script-src *.test", "http://test/y.js"));
        assert!(loads("script-src b.test:*", "http://b.test:8080/y.js"));
        assert!(!loads("script-src b.test", "http://b.test:8080/y.js"));
        assert!(loads(
            "script-src http://b.test/js/",
            "http://b.test/js/y.js"
        ));
        assert!(!loads(
            "script-src http://b.test/js",
            "http://b.test/js/y.js"
        ));
        assert!(!loads("script-src https://b.test", "http://b.test/y.js"));
        assert!(loads("script-src https:", "https://c.test/"));
        assert!(!loads("script-src 'none'", "http://a.test/y.js"));
        assert!(!loads("script-src *", "data:text/javascript,1"));
        assert!(loads("script-src data:", "data:text/javascript,1"));
        assert!(!loads(
            "script-src 'strict-dynamic' *",
            "http://b.test/y.js"
        ));
    }

    #[test]
    fn first_directive_of_each_name_is_used() {
        let flags = |header: &str| list(header).sandbox();
        assert_eq!(flags("default-src 'none'"), SandboxFlags::empty());
        assert_eq!(
            flags("img-src x; SandBox ; sandbox allow-forms"),
            SandboxFlags::all()
        );
        assert!(!flags("sandbox allow-forms").contains(SandboxFlags::FORMS));
        // Each of two policies may forbid a feature.
        assert!(flags("sandbox allow-forms, sandbox").contains(SandboxFlags::FORMS));
    }

    #[test]
    fn workers_have_a_directive_of_their_own() {
        let starts = |policy: &str| {
            let url = Url::parse("http://a.test/worker.js").unwrap();
            list(policy).allow_script(ScriptSource::Worker(&url))
        };
        assert!(starts("script-src 'none'; worker-src 'self'"));
        assert!(!starts("worker-src 'none'"));
        assert!(!starts("script-src 'none'"));
        assert!(starts("script-src-elem 'none'"));
        assert!(!starts("child-src http://b.test; script-src *"));
    }

    #[test]
    fn declared_policy_is_enforced_without_some_directives() {
        let mut list = list("script-src 'self'");
        let origin = Origin::of_url(&Url::parse("http://a.test/").unwrap()).unwrap();
        list.enforce_meta("frame-ancestors 'none'; script-src 'unsafe-eval'", &origin);
        assert!(!list.allow_script(ScriptSource::Eval));
        assert!(!list.has_frame_ancestors());
        assert!(!list.allow_script(ScriptSource::Element("1", None)));
    }

    #[test]
    fn ancestors_match_their_sources() {
        let allows = |policy: &str, ancestor: &str| {
            let origin = Origin::of_url(&Url::parse(ancestor).unwrap()).unwrap();
            list(policy).allow_ancestor(&origin)
        };
        assert!(!allows("frame-ancestors 'none'", "http://a.test/"));
        assert!(allows("frame-ancestors 'self'", "http://a.test/"));
        assert!(!allows("frame-ancestors 'self'", "http://b.test/"));
        assert!(allows(
            "frame-ancestors 'self' http://b.test:81",
            "http://b.test:81/"
        ));
        assert!(!list("frame-ancestors *").allow_ancestor(&Origin::opaque(1)));
    }
}
