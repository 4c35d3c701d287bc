//! Tests of cookies. The pages are at https://a.test/ unless a test says otherwise.

use std::sync::{Arc, Mutex};

use framepost::{Page, PageOptions};
use framepost_browsing_context::{FetchRequest, LoadError, Loader, MemoryLoader, Response};

use crate::support::{idle, pages, text, url};

/// Serves documents, and records the `Cookie` header of each request.
struct Recording {
    documents: MemoryLoader,
    cookies: Arc<Mutex<Vec<String>>>,
}

impl Loader for Recording {
    fn load(&mut self, request: &FetchRequest) -> Result<Response, LoadError> {
        let header = request.headers.iter().find(|(name, _)| name == "cookie");
        let header = header.map_or("none", |(_, value)| value.as_str());
        let line = format!("{} {}: {header}", request.method(), request.url);
        self.cookies.lock().unwrap().push(line);
        self.documents.load(request)
    }
}

/// Runs the first of these documents, each with `Set-Cookie` headers. Returns the page's lines and the requests.
#[track_caller]
fn run(documents: &[(&str, &str, &[&str])]) -> (String, Vec<String>) {
    let mut loader = MemoryLoader::new();
    for (at, html, cookies) in documents {
        let at = url(at);
        let kind = match at.path().ends_with(".js") {
            true => "text/javascript",
            false => "text/html",
        };
        let mut response = Response::new(at, kind, *html);
        for cookie in *cookies {
            response = response.with_header("set-cookie", *cookie);
        }
        loader.add_response(response);
    }
    let recorded = Arc::new(Mutex::new(Vec::new()));
    let cookies = Arc::clone(&recorded);
    let loader = Recording {
        documents: loader,
        cookies,
    };
    let options = PageOptions::new().loader(move || Box::new(loader));
    let mut page = Page::open(url(documents[0].0), options).unwrap();
    idle(&mut page);
    let requests = recorded.lock().unwrap().clone();
    (text(&page), requests)
}

#[test]
fn script_sets_and_reads_cookies() {
    let (lines, _) = run(&[(
        "https://a.test/dir/page.html",
        "<script>
           document.cookie = 'a=1';
           document.cookie = 'b=2; Path=/';
           document.cookie = 'c=3; Path=/other';
           document.cookie = 'd=4; Domain=test';
           document.cookie = 'e=5; HttpOnly';
           document.cookie = 'f';
           console.log(document.cookie, navigator.cookieEnabled);
           document.cookie = 'a=; Max-Age=0';
           document.cookie = 'b=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/';
           console.log(document.cookie);
           document.cookie = 'g=7; Max-Age=5';
           setTimeout(() => console.log('before', document.cookie), 4000);
           setTimeout(() => console.log('after', document.cookie), 5000);
           const frame = document.documentElement.appendChild(document.createElement('iframe'));
           console.log(frame.contentDocument.cookie, document.implementation.createHTMLDocument('').cookie === '');
         </script>",
        &[],
    )]);
    assert_eq!(
        lines,
        "a=1; f; b=2 true\nf\nf; g=7 true\nbefore f; g=7\nafter f"
    );
}

#[test]
fn responses_set_cookies_and_requests_carry_them() {
    let (lines, requests) = run(&[
        (
            "https://www.a.test/",
            "<script>console.log(document.cookie)</script><script src=s.js></script>
             <iframe src=/dir/frame></iframe><script src=https://other.test/o.js></script>
             <script>onload = () => fetch('/data', { credentials: 'omit' }).then(() => fetch('/data'))</script>",
            &["s=1; Secure; HttpOnly", "v=2; Domain=a.test", "d=3; Path=/dir"],
        ),
        ("https://www.a.test/s.js", "", &["fromscript=4"]),
        ("https://www.a.test/data", "", &[]),
        (
            "https://www.a.test/dir/frame",
            "<script>console.log('frame', document.cookie)</script>",
            &[],
        ),
        ("https://other.test/o.js", "", &["strict=1", "none=1; SameSite=None; Secure"]),
    ]);
    assert_eq!(lines, "v=2\nframe d=3; v=2; fromscript=4");
    assert_eq!(
        requests,
        [
            "GET https://www.a.test/: none",
            "GET https://www.a.test/s.js: s=1; v=2",
            "GET https://www.a.test/dir/frame: d=3; s=1; v=2; fromscript=4",
            "GET https://other.test/o.js: none",
            "GET https://www.a.test/data: none",
            "GET https://www.a.test/data: s=1; v=2; fromscript=4",
        ]
    );
}

#[test]
fn same_site_and_partitions_decide_about_frames_of_other_sites() {
    let set = &[
        "strict=1; SameSite=Strict",
        "lax=1",
        "none=1; SameSite=None; Secure",
    ];
    let inner = "<script>console.log(location.host, document.cookie);
        document.cookie = 'mine=1';
        document.cookie = 'p=1; SameSite=None; Secure; Partitioned';
        console.log(document.cookie);</script>";
    let (lines, requests) = run(&[
        (
            "https://a.test/",
            "<iframe src=https://b.test/inner></iframe><script>
               onload = () => { location = 'https://b.test/top' };
             </script>",
            &[],
        ),
        ("https://b.test/inner", inner, set),
        (
            "https://b.test/top",
            "<script>console.log('top', document.cookie)</script>",
            set,
        ),
    ]);
    assert_eq!(
        lines,
        "b.test none=1\nnone=1; p=1\ntop none=1; strict=1; lax=1"
    );
    assert_eq!(
        requests,
        [
            "GET https://a.test/: none",
            "GET https://b.test/inner: none",
            "GET https://b.test/top: none=1",
        ]
    );
}

#[test]
fn opaque_origins_have_no_cookies() {
    let frame = "<script>
           try { document.cookie } catch (error) { console.log(error.name) }
           try { document.cookie = 'a=1' } catch (error) { console.log(error.name) }
           cookieStore.get('a').catch((error) => console.log(error.name));
         </script>";
    pages(
        &[
            (
                "https://a.test/",
                "<iframe sandbox=allow-scripts src=frame.html></iframe>",
            ),
            ("https://a.test/frame.html", frame),
        ],
        &["SecurityError", "SecurityError", "SecurityError"],
    );
}

#[test]
fn cookie_store_sets_gets_and_tells_of_changes() {
    let (lines, _) = run(&[(
        "https://a.test/",
        "<script>
           cookieStore.onchange = (event) => {
             console.log(event instanceof CookieChangeEvent, event.isTrusted, JSON.stringify(event.changed), JSON.stringify(event.deleted));
           };
           (async () => {
             await cookieStore.set('a', '1');
             await cookieStore.set({ name: 'b', value: '2', sameSite: 'lax', expires: Date.now() + 10000 });
             document.cookie = 'c=3';
             console.log(document.cookie);
             console.log(JSON.stringify(await cookieStore.get('a')), await cookieStore.get('none'));
             console.log(JSON.stringify(await cookieStore.getAll()), (await cookieStore.getAll('b')).length);
             await cookieStore.delete('a');
             document.cookie = 'c=; Max-Age=0';
             console.log(document.cookie, cookieStore === cookieStore);
             for (const init of [{ name: 'x', value: 'a;b' }, { name: 'x=', value: '' }, { name: '', value: '' },
                                 { name: 'x', value: '', path: 'a' }, { name: 'x', value: '', domain: 'b.test' },
                                 { name: '__Host-x', value: '', domain: 'a.test' }, { name: '__Http-x', value: '1' }]) {
               await cookieStore.set(init).catch((error) => console.log(error.name));
             }
             await cookieStore.get().catch((error) => console.log(error.name));
             await cookieStore.get({ url: '/other' }).catch((error) => console.log(error.name));
           })();
         </script>",
        &["h=0; HttpOnly"],
    )]);
    let expected = "\
true true [{\"name\":\"a\",\"value\":\"1\"}] []
a=1; b=2; c=3
true true [{\"name\":\"b\",\"value\":\"2\"}] []
true true [{\"name\":\"c\",\"value\":\"3\"}] []
{\"name\":\"a\",\"value\":\"1\"} null
[{\"name\":\"a\",\"value\":\"1\"},{\"name\":\"b\",\"value\":\"2\"},{\"name\":\"c\",\"value\":\"3\"}] 1
b=2 true
true true [] [{\"name\":\"a\"}]
true true [] [{\"name\":\"c\"}]
TypeError
TypeError
TypeError
TypeError
TypeError
TypeError
TypeError
TypeError
TypeError";
    let sorted = |text: &str| {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    // The standard does not order the tasks of events and promises.
    assert_eq!(sorted(&lines), sorted(expected), "{lines}");
}
