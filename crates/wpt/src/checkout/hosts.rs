//! The hosts and ports of the configuration of web-platform-tests. All of them serve the same checkout. For a page
//! they are different origins.

/// The host of most tests.
const HOST: &str = "web-platform.test";
/// The host of another site.
const ALTERNATE_HOST: &str = "not-web-platform.test";
/// Subdomains, in the form for tests and in the form for URLs.
const SUBDOMAINS: [(&str, &str); 5] = [
    ("www", "www"),
    ("www1", "www1"),
    ("www2", "www2"),
    ("天気の良い日", "xn--n8j6ds53lwwkrqhv28a"),
    ("élève", "xn--lve-6lad"),
];
/// A subdomain that tests may name and that must not be reachable.
const NOT_A_SUBDOMAIN: &str = "nonexistent";

/// Protocols and their ports. The ports of protocols that are not served are for substitution: a page cannot connect
/// to them.
const PORTS: [(&str, &[u16]); 9] = [
    ("http", &[8000, 8001]),
    ("http-private", &[8002]),
    ("http-public", &[8003]),
    ("https", &[8443, 8444]),
    ("https-private", &[8445]),
    ("https-public", &[8446]),
    ("ws", &[8888]),
    ("wss", &[8889]),
    ("h2", &[9000]),
];

/// The URL scheme of a port, if it is served.
fn served_protocol(protocol: &str) -> Option<&'static str> {
    match protocol {
        "http" | "http-private" | "http-public" => Some("http"),
        "https" | "https-private" | "https-public" => Some("https"),
        _ => None,
    }
}

/// The ASCII form of one label of a subdomain, if there is such a subdomain.
fn label(label: &str) -> Option<&'static str> {
    let found = SUBDOMAINS
        .iter()
        .find(|(unicode, ascii)| *unicode == label || *ascii == label);
    found.map(|(_, ascii)| *ascii)
}

/// The value of `{{hosts[alternate][subdomain]}}`.
pub(super) fn domain(alternate: &str, subdomain: &str) -> Option<String> {
    let host = match alternate {
        "" => HOST,
        "alt" => ALTERNATE_HOST,
        _ => return None,
    };
    if subdomain.is_empty() {
        return Some(host.to_owned());
    }
    if subdomain == NOT_A_SUBDOMAIN {
        return Some(format!("{NOT_A_SUBDOMAIN}.{host}"));
    }
    let labels: Option<Vec<&str>> = subdomain.split('.').map(label).collect();
    let labels = labels.filter(|labels| labels.len() <= 2)?;
    Some(format!("{}.{host}", labels.join(".")))
}

/// The value of `{{ports[protocol][index]}}`.
pub(super) fn port(protocol: &str, index: usize) -> Option<u16> {
    let (_, ports) = PORTS.iter().find(|(name, _)| *name == protocol)?;
    ports.get(index).copied()
}

/// All hosts that are served.
pub(crate) fn all() -> Vec<String> {
    let mut subdomains = vec![String::new()];
    for (_, first) in SUBDOMAINS {
        subdomains.push(format!("{first}."));
        subdomains.extend(SUBDOMAINS.map(|(_, second)| format!("{first}.{second}.")));
    }
    let of = |host| {
        subdomains
            .iter()
            .map(move |subdomain| format!("{subdomain}{host}"))
    };
    of(HOST).chain(of(ALTERNATE_HOST)).collect()
}

/// Whether this origin is served.
pub(super) fn is_served(scheme: &str, host: &str, port: u16) -> bool {
    let listening = PORTS.iter().any(|(protocol, ports)| {
        served_protocol(protocol) == Some(scheme) && ports.contains(&port)
    });
    listening && is_served_host(host)
}

fn is_served_host(host: &str) -> bool {
    [HOST, ALTERNATE_HOST].iter().any(|base| {
        let Some(rest) = host.strip_suffix(base) else {
            return false;
        };
        if rest.is_empty() {
            return true;
        }
        let Some(subdomain) = rest.strip_suffix('.') else {
            return false;
        };
        let labels: Vec<&str> = subdomain.split('.').collect();
        labels.len() <= 2 && labels.iter().all(|name| label(name).is_some())
    })
}

/// The origin from which a test of this path is loaded: over https if its name requests it.
pub(super) fn origin_of_test(path: &str) -> String {
    let file = path.rsplit('/').next().unwrap_or(path);
    if file.contains(".https.") || file.contains(".serviceworker") {
        format!("https://{HOST}:8443")
    } else {
        format!("http://{HOST}:8000")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_domains() {
        assert_eq!(domain("", "").as_deref(), Some("web-platform.test"));
        assert_eq!(
            domain("", "www1").as_deref(),
            Some("www1.web-platform.test")
        );
        assert_eq!(
            domain("alt", "www2.élève").as_deref(),
            Some("www2.xn--lve-6lad.not-web-platform.test")
        );
        assert_eq!(
            domain("", "nonexistent").as_deref(),
            Some("nonexistent.web-platform.test")
        );
        assert_eq!(domain("", "nowhere"), None);
        assert_eq!(domain("other", ""), None);
    }

    #[test]
    fn ascii_labels_equal_the_url_form_of_unicode_labels() {
        for (unicode, ascii) in SUBDOMAINS {
            let url = url::Url::parse(&format!("http://{unicode}.test/")).unwrap();
            assert_eq!(url.host_str(), Some(format!("{ascii}.test").as_str()));
        }
    }

    #[test]
    fn serves_only_the_named_hosts() {
        assert!(is_served("http", "web-platform.test", 8000));
        assert!(is_served("http", "www1.www2.web-platform.test", 8001));
        assert!(is_served(
            "https",
            "xn--lve-6lad.not-web-platform.test",
            8443
        ));
        assert!(!is_served("http", "nonexistent.web-platform.test", 8000));
        assert!(!is_served("http", "www.www.www.web-platform.test", 8000));
        assert!(!is_served("http", "wwwweb-platform.test", 8000));
        assert!(!is_served("https", "web-platform.test", 8000));
        assert!(!is_served("ws", "web-platform.test", 8888));
        assert!(!is_served("http", "web-platform.test", 80));
    }

    #[test]
    fn all_hosts_are_served() {
        let hosts = all();
        assert_eq!(hosts.len(), 62);
        assert!(hosts.iter().all(|host| is_served_host(host)));
    }

    #[test]
    fn some_tests_are_loaded_over_https() {
        assert_eq!(origin_of_test("/a/b.html"), "http://web-platform.test:8000");
        assert_eq!(
            origin_of_test("/a/b.https.any.html?x"),
            "https://web-platform.test:8443"
        );
        assert_eq!(
            origin_of_test("/a.https.d/b.html"),
            "http://web-platform.test:8000"
        );
    }
}
