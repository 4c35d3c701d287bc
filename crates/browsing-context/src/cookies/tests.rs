use core::time::Duration;

use url::Url;

use super::{CookieContext, CookieJar, SiteRelation};
use crate::origin::StorageKey;

const NOW: Duration = Duration::from_secs(1_000_000_000);

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

fn http(text: &str) -> CookieContext {
    CookieContext::http(url(text))
}

fn script(text: &str) -> CookieContext {
    CookieContext::script(url(text))
}

/// What a URL gets after another one has set a cookie.
fn after(set_by: &str, header: &str, read_by: &str) -> String {
    let mut jar = CookieJar::new();
    jar.set_cookie(&http(set_by), header, NOW);
    jar.cookie_string(&http(read_by), NOW)
}

#[test]
fn domains_paths_and_schemes_decide_who_gets_a_cookie() {
    let page = "https://www.example.co.uk/a/b";
    for (header, reader, expected) in [
        ("x=1", "https://www.example.co.uk/a/", "x=1"),
        ("x=1", "https://www.example.co.uk/a/b/c", "x=1"),
        ("x=1", "https://www.example.co.uk/ab", ""),
        ("x=1", "https://example.co.uk/a/", ""),
        ("x=1", "http://www.example.co.uk:81/a/", "x=1"),
        (
            "x=1; Domain=example.co.uk",
            "https://example.co.uk/a/",
            "x=1",
        ),
        (
            "x=1; Domain=.EXAMPLE.co.uk",
            "https://z.y.example.co.uk/a/",
            "x=1",
        ),
        ("x=1; Domain=co.uk", page, ""),
        ("x=1; Domain=other.co.uk", page, ""),
        ("x=1; Domain=ample.co.uk", page, ""),
        ("x=1; Path=/", "https://www.example.co.uk/", "x=1"),
        ("x=1; Path=/a/b", "https://www.example.co.uk/a/", ""),
        ("x=1; Path=a", "https://www.example.co.uk/a/", "x=1"),
        ("x=1; Secure", "http://www.example.co.uk/a/", ""),
        ("x=1; Secure", page, "x=1"),
        ("=1", page, "1"),
        ("1", page, "1"),
        ("=", page, ""),
        ("x=a b; Max-Age=1; Max-Age=x", page, "x=a b"),
        ("x=1; Max-Age=0", page, ""),
        ("x=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT", page, ""),
        ("x=1; Expires=Thu, 01 Jan 2099 00:00:00 GMT", page, "x=1"),
        (
            "x=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=5",
            page,
            "x=1",
        ),
        ("x=\u{1}", page, ""),
        ("__Secure-x=1", page, ""),
        ("__Secure-x=1; Secure", page, "__Secure-x=1"),
        ("__Host-x=1; Secure; Path=/", page, "__Host-x=1"),
        ("__host-x=1; Secure; Path=/; Domain=example.co.uk", page, ""),
        ("__Host-x=1; Secure", page, ""),
        ("=__Secure-x=1", page, ""),
        ("x=1; SameSite=None", page, ""),
        ("x=1; SameSite=None; Secure", page, "x=1"),
    ] {
        assert_eq!(
            after(page, header, reader),
            expected,
            "{header} for {reader}"
        );
    }
    assert_eq!(
        after("http://a.test/", "x=1; Secure", "https://a.test/"),
        ""
    );
    assert_eq!(
        after("http://localhost/", "x=1; Secure", "http://localhost/"),
        "x=1"
    );
    assert_eq!(
        after("http://1.2.3.4/", "x=1; Domain=1.2.3.4", "http://1.2.3.4/"),
        "x=1"
    );
    assert_eq!(
        after("http://1.2.3.4/", "x=1; Domain=3.4", "http://1.2.3.4/"),
        ""
    );
}

#[test]
fn cookies_are_ordered_by_path_and_age_and_replaced_in_place() {
    let mut jar = CookieJar::new();
    let page = http("http://a.test/x/y/z");
    for header in [
        "a=1; Path=/",
        "b=1; Path=/x/y",
        "c=1; Path=/x",
        "d=1; Path=/x/y",
    ] {
        assert!(jar.set_cookie(&page, header, NOW));
    }
    assert_eq!(jar.cookie_string(&page, NOW), "b=1; d=1; c=1; a=1");
    assert!(jar.set_cookie(&page, "b=2; Path=/x/y", NOW));
    assert_eq!(jar.cookie_string(&page, NOW), "b=2; d=1; c=1; a=1");
}

#[test]
fn script_neither_sees_nor_replaces_http_only_cookies() {
    let mut jar = CookieJar::new();
    let page = "https://a.test/";
    assert!(jar.set_cookie(&http(page), "x=1; HttpOnly", NOW));
    assert!(!jar.set_cookie(&script(page), "x=2", NOW));
    assert!(!jar.set_cookie(&script(page), "y=2; HttpOnly", NOW));
    assert_eq!(jar.cookie_string(&script(page), NOW), "");
    assert_eq!(jar.cookie_string(&http(page), NOW), "x=1");
    // A page that is not secure does not replace a secure cookie.
    assert!(jar.set_cookie(&http(page), "s=1; Secure", NOW));
    assert!(!jar.set_cookie(&http("http://a.test/"), "s=2", NOW));
}

#[test]
fn cookies_expire_on_the_given_clock() {
    let mut jar = CookieJar::new();
    let page = http("http://a.test/");
    jar.set_cookie(&page, "a=1; Max-Age=10", NOW);
    jar.set_cookie(&page, "b=1; Expires=Sun, 09 Sep 2001 01:47:00 GMT", NOW);
    jar.set_cookie(&page, "c=1; Max-Age=999999999999", NOW);
    let at = |seconds| jar.cookie_string(&page, NOW + Duration::from_secs(seconds));
    assert_eq!(at(9), "a=1; b=1; c=1");
    assert_eq!(at(10), "b=1; c=1");
    assert_eq!(at(20), "c=1");
    assert_eq!(at(400 * 24 * 60 * 60), "");
}

#[test]
fn same_site_decides_what_other_sites_send() {
    let page = "https://a.test/";
    let mut jar = CookieJar::new();
    for header in [
        "n=1; SameSite=None; Secure",
        "l=1; SameSite=Lax",
        "s=1; SameSite=Strict",
        "d=1",
    ] {
        assert!(jar.set_cookie(&http(page), header, NOW));
    }
    for (relation, expected) in [
        (SiteRelation::Same, "n=1; l=1; s=1; d=1"),
        (SiteRelation::TopLevelNavigation, "n=1; l=1; d=1"),
        (SiteRelation::UnsafeTopLevelNavigation, "n=1"),
        (SiteRelation::Cross, "n=1"),
    ] {
        let context = http(page).with_relation(relation);
        assert_eq!(jar.cookie_string(&context, NOW), expected);
    }
    let other = http("https://b.test/").with_relation(SiteRelation::Cross);
    assert!(!jar.set_cookie(&other, "x=1", NOW));
    assert!(!jar.set_cookie(&other, "x=1; SameSite=Lax", NOW));
    assert!(jar.set_cookie(&other, "x=1; SameSite=None; Secure", NOW));
}

#[test]
fn partitions_keep_cookies_apart() {
    let mut jar = CookieJar::new();
    let below = |site: &str| {
        let key = StorageKey::from_origin_below("https://b.test", site).unwrap();
        let relation = SiteRelation::Cross;
        http("https://b.test/")
            .with_relation(relation)
            .with_partition_of(&key)
    };
    let (one, two) = (below("https://one.test"), below("https://two.test"));
    let set = "p=1; SameSite=None; Secure; Partitioned";
    assert!(jar.set_cookie(&one, set, NOW));
    assert!(!jar.set_cookie(&one, "q=1; SameSite=None; Partitioned", NOW));
    assert_eq!(jar.cookie_string(&one, NOW), "p=1");
    assert_eq!(jar.cookie_string(&two, NOW), "");
    assert_eq!(jar.cookie_string(&http("https://b.test/"), NOW), "");
}

#[test]
fn number_of_cookies_is_limited() {
    let mut jar = CookieJar::new();
    let page = http("http://a.test/");
    for number in 0..200 {
        assert!(jar.set_cookie(&page, &format!("c{number}=1"), NOW));
    }
    let cookies = jar.cookie_string(&page, NOW);
    assert_eq!(cookies.split("; ").count(), 180);
    assert!(cookies.starts_with("c20=1; "));
    assert!(!jar.set_cookie(&page, &format!("x={}", "y".repeat(4096)), NOW));
}

#[test]
fn changes_are_recorded() {
    let mut jar = CookieJar::new();
    let page = http("http://a.test/");
    jar.set_cookie(&page, "before=1", NOW);
    jar.record_changes();
    jar.set_cookie(&page, "a=1; Max-Age=5", NOW);
    jar.set_cookie(&page, "before=; Max-Age=0", NOW);
    jar.set_cookie(&page, "b=1", NOW + Duration::from_secs(6));
    let changes = jar.take_changes().into_iter();
    let lines: Vec<(String, bool)> = changes
        .map(|change| (change.cookie.name, change.is_deleted))
        .collect();
    let expected = [("a", false), ("before", true), ("a", true), ("b", false)];
    assert_eq!(
        lines,
        expected.map(|(name, deleted)| (name.to_owned(), deleted))
    );
}
