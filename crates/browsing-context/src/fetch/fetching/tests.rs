use super::*;
use crate::fetch::PolicyContainer;
use crate::fetch::csp::CspList;

fn client(origin: &str) -> FetchClient {
    let url = Url::parse(origin).unwrap();
    FetchClient {
        origin: Origin::of_url(&url).unwrap(),
        url,
        policies: PolicyContainer::default(),
    }
}

fn fetching(request: Request) -> Fetching {
    use framepost_event_loop::Key;
    Fetching::new(
        request,
        ClientId::from_parts(1, 1),
        client("http://a.test/"),
    )
}

fn request(url: &str) -> Request {
    Request::new(Url::parse(url).unwrap())
}

fn response(url: &str) -> Response {
    Response::new(Url::parse(url).unwrap(), "text/plain", "x")
}

#[track_caller]
fn sent(step: FetchStep) -> FetchRequest {
    match step {
        FetchStep::Send(request) => *request,
        FetchStep::Done(result) => panic!("{result:?}"),
    }
}

#[track_caller]
fn done(step: FetchStep) -> Result<Box<FilteredResponse>, LoadError> {
    match step {
        FetchStep::Done(result) => result,
        FetchStep::Send(request) => panic!("{request:?}"),
    }
}

#[test]
fn unsafe_request_to_another_origin_has_a_preflight() {
    let mut made = request("http://b.test/x");
    made.method = "PUT".to_owned();
    made.headers = vec![("X-B".into(), "1".into()), ("X-A".into(), "1".into())];
    let mut fetching = fetching(made);
    let preflight = sent(fetching.begin());
    assert_eq!(preflight.method(), "OPTIONS");
    let of = |name| headers::get(&preflight.headers, name);
    assert_eq!(of("access-control-request-method").unwrap(), "PUT");
    assert_eq!(of("access-control-request-headers").unwrap(), "x-a,x-b");
    assert_eq!(of("origin").unwrap(), "http://a.test");
    let allowing = response("http://b.test/x")
        .with_header("access-control-allow-origin", "http://a.test")
        .with_header("access-control-allow-methods", "PUT")
        .with_header("access-control-allow-headers", "*");
    let request = sent(fetching.answered(Ok(allowing.clone())));
    assert_eq!(
        (request.method(), request.includes_credentials),
        ("PUT", false)
    );
    let read = done(fetching.answered(Ok(allowing))).unwrap();
    assert_eq!((read.kind, read.status), (ResponseType::Cors, 200));
    let names: Vec<&str> = read.headers.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["content-type"]);
}

#[test]
fn preflight_without_permission_sends_nothing_more() {
    let mut made = request("http://b.test/x");
    made.method = "DELETE".to_owned();
    let mut fetching = fetching(made);
    sent(fetching.begin());
    let answer = response("http://b.test/x").with_header("access-control-allow-origin", "*");
    assert!(done(fetching.answered(Ok(answer))).is_err());
}

#[test]
fn redirect_over_two_origins_has_no_origin() {
    let mut fetching = fetching(request("http://b.test/"));
    sent(fetching.begin());
    let moved = response("http://b.test/")
        .with_status(302)
        .with_header("access-control-allow-origin", "*")
        .with_header("location", "http://c.test/#f");
    let next = sent(fetching.answered(Ok(moved)));
    assert_eq!(next.url.as_str(), "http://c.test/#f");
    assert_eq!(headers::get(&next.headers, "origin").unwrap(), "null");
    let named =
        response("http://c.test/").with_header("access-control-allow-origin", "http://a.test");
    assert!(done(fetching.answered(Ok(named))).is_err());
}

#[test]
fn authorization_does_not_follow_to_another_origin() {
    let mut made = request("http://a.test/");
    made.headers = vec![("Authorization".into(), "secret".into())];
    let mut fetching = fetching(made);
    assert_eq!(sent(fetching.begin()).headers.len(), 1);
    let moved = response("http://a.test/")
        .with_status(307)
        .with_header("location", "http://b.test/");
    let next = sent(fetching.answered(Ok(moved)));
    assert!(!headers::contains(&next.headers, "authorization"));
}

#[test]
fn refused_urls_are_never_sent() {
    for url in [
        "file:///x",
        "about:srcdoc",
        "ftp://a.test/",
        "http://a.test:25/",
    ] {
        assert!(done(fetching(request(url)).begin()).is_err(), "{url}");
        let mut made = request(url);
        made.mode = RequestMode::NoCors;
        assert!(done(fetching(made).begin()).is_err(), "{url}");
    }
    let mut made = fetching(request("http://a.test/"));
    let policy = response("http://a.test/")
        .with_header("content-security-policy", "connect-src http://b.test");
    made.client.policies.csp = CspList::of_response(&policy);
    assert!(done(made.begin()).is_err());
}

#[test]
fn absent_resource_is_a_response_with_an_error_status() {
    let mut fetching = fetching(request("http://a.test/"));
    sent(fetching.begin());
    let url = "http://a.test/".to_owned();
    let read = done(fetching.answered(Err(LoadError::NotFound { url }))).unwrap();
    assert_eq!((read.status, &*read.status_text), (404, "Not Found"));
}

#[test]
fn range_of_a_blob_is_a_part_of_it() {
    let range = |value: &str| {
        let mut made = request("blob:http://a.test/1");
        made.blob_origin = Origin::of_url(&made.url);
        made.headers = vec![("Range".into(), value.into())];
        let mut fetching = fetching(made);
        sent(fetching.begin());
        let blob = Response::new(request("blob:http://a.test/1").url, "", "0123456789");
        let read = done(fetching.answered(Ok(blob))).ok()?;
        assert_eq!(read.status, 206);
        let range = headers::get(&read.headers, "content-range").unwrap();
        Some((String::from_utf8(read.body.unwrap()).unwrap(), range))
    };
    let part = |body: &str, range: &str| Some((body.to_owned(), range.to_owned()));
    assert_eq!(range("bytes=2-4"), part("234", "bytes 2-4/10"));
    assert_eq!(range("bytes=8-99"), part("89", "bytes 8-9/10"));
    assert_eq!(range("bytes=-3"), part("789", "bytes 7-9/10"));
    assert_eq!(range("bytes=10-"), None);
    assert_eq!(range("bytes=-"), None);
}

#[test]
fn redirect_cannot_extend_the_referrer() {
    let mut made = request("http://a.test/x");
    made.referrer_policy = ReferrerPolicy::Origin;
    let mut fetching = fetching(made);
    fetching.client.url.set_path("/page");
    assert_eq!(sent(fetching.begin()).referrer, "http://a.test/");
    let moved = response("http://a.test/x")
        .with_status(302)
        .with_header("referrer-policy", "unsafe-url")
        .with_header("location", "/y?\u{e2}\u{98}\u{83}");
    let next = sent(fetching.answered(Ok(moved)));
    assert_eq!(next.referrer, "http://a.test/");
    assert_eq!(next.url.as_str(), "http://a.test/y?%E2%98%83");
}
