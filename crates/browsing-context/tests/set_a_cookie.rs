//! Cookies that script sets by their parts.

#![allow(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]
#![cfg(feature = "cookies")]

use core::time::Duration;

use framepost_browsing_context::Url;
use framepost_browsing_context::cookies::{CookieContext, CookieError, CookieInit, CookieJar};

const NOW: Duration = Duration::from_secs(1_000_000_000);

#[test]
fn cookie_is_set_by_its_parts_or_refused_with_the_reason() {
    let page = Url::parse("https://www.example.co.uk/a/b").unwrap();
    let page = CookieContext::script(page);
    let set = |change: &dyn Fn(&mut CookieInit)| {
        let mut jar = CookieJar::new();
        let mut init = CookieInit::new(" n ", "v");
        change(&mut init);
        let set = jar.set_a_cookie(&page, &init, NOW);
        set.map(|()| jar.cookie_string(&page, NOW))
    };
    assert_eq!(set(&|_| {}), Ok("n=v".to_owned()));
    assert_eq!(set(&|init| init.name.clear()), Ok("v".to_owned()));
    assert_eq!(set(&|init| init.path.clear()), Ok("n=v".to_owned()));
    assert_eq!(set(&|init| init.path = "/other".into()), Ok(String::new()));
    assert_eq!(set(&|init| init.expires = Some(NOW)), Ok(String::new()));
    let domain = |domain: &str| set(&|init| init.domain = Some(domain.to_owned()));
    assert_eq!(domain("EXAMPLE.co.uk"), Ok("n=v".to_owned()));
    for refused in ["", ".example.co.uk", "ample.co.uk", "other.co.uk", "a;b"] {
        assert_eq!(domain(refused), Err(CookieError::Domain), "{refused}");
    }
    assert_eq!(domain("co.uk"), Err(CookieError::Refused));
    let name = |name: &str, value: &str| {
        set(&|init| (init.name, init.value) = (name.to_owned(), value.to_owned()))
    };
    for (given, value, error) in [
        ("a;b", "", CookieError::Character),
        ("a", "\u{7f}", CookieError::Character),
        ("a=b", "", CookieError::EqualsSign),
        ("", "a=b", CookieError::EqualsSign),
        (" ", "\t", CookieError::Empty),
        ("", "__sEcure-a", CookieError::Prefix),
        ("__Http-a", "1", CookieError::Prefix),
        ("__host-http-a", "1", CookieError::Prefix),
        ("a", &"x".repeat(4096), CookieError::TooLong),
    ] {
        assert_eq!(name(given, value), Err(error), "{given:?}");
    }
    assert_eq!(name("__Host-a", "1"), Ok("__Host-a=1".to_owned()));
    let bound = |init: &mut CookieInit| init.name = "__Host-a".to_owned();
    let host = "www.example.co.uk".to_owned();
    let with_domain = |init: &mut CookieInit| {
        bound(init);
        init.domain = Some(host.clone());
    };
    assert_eq!(set(&with_domain), Err(CookieError::Domain));
    let with_path = |init: &mut CookieInit| {
        bound(init);
        init.path = "/a".to_owned();
    };
    assert_eq!(set(&with_path), Err(CookieError::Path));
    assert_eq!(set(&|init| init.path = "a".into()), Err(CookieError::Path));
    let semicolon = set(&|init| init.path = "/a;b".into());
    assert_eq!(semicolon, Err(CookieError::Character));
}
