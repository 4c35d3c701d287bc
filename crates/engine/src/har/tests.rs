use framepost_browsing_context::{Destination, FetchRequest};
use url::Url;

use super::{Har, Recorder, Replay};

fn request(method: &str, url: &str, body: &str) -> FetchRequest {
    let mut request = FetchRequest::new(Url::parse(url).unwrap(), Destination::Empty);
    request.method = Some(method.to_owned());
    request.body = Some(std::sync::Arc::new(body.as_bytes().to_vec()));
    request
}

fn har(entries: &[(&str, &str, &str)]) -> Har {
    let entries: Vec<_> = entries
        .iter()
        .map(|(method, body, answer)| {
            serde_json::json!({
                "request": { "method": method, "url": "http://a.test/", "postData": { "text": body } },
                "response": { "status": 200, "content": { "text": answer } },
            })
        })
        .collect();
    let har = serde_json::json!({ "log": { "entries": entries } });
    Har::parse(har.to_string().as_bytes()).unwrap()
}

fn answers(har: Har, requests: &[(&str, &str)]) -> Vec<String> {
    let mut replay = Replay::new(har);
    let mut answer = |method: &str, body: &str| {
        let response = replay.respond(&request(method, "http://a.test/#part", body))?;
        String::from_utf8(response.body).ok()
    };
    requests
        .iter()
        .map(|(method, body)| answer(method, body).unwrap_or_default())
        .collect()
}

#[test]
fn entries_of_a_request_answer_in_order_and_the_last_one_again() {
    let har = har(&[("GET", "", "1"), ("GET", "", "2"), ("POST", "", "3")]);
    let requests = [
        ("GET", ""),
        ("GET", ""),
        ("GET", ""),
        ("POST", ""),
        ("PUT", ""),
    ];
    assert_eq!(answers(har, &requests), ["1", "2", "2", "3", ""]);
}

#[test]
fn entry_with_the_same_body_comes_first() {
    let har = har(&[("POST", "a", "A"), ("POST", "b", "B"), ("POST", "", "none")]);
    let requests = [
        ("POST", "b"),
        ("POST", "a"),
        ("POST", ""),
        ("POST", "c"),
        ("POST", "b"),
    ];
    assert_eq!(answers(har, &requests), ["B", "A", "none", "none", "B"]);
}

#[test]
fn only_requests_over_http_are_recorded() {
    let mut recorder = Recorder::default();
    let data = request("GET", "data:,x", "");
    assert!(
        recorder
            .sent(&data, Vec::new(), std::time::Duration::ZERO)
            .is_none()
    );
    let har = Har::parse(recorder.to_text().as_bytes()).unwrap();
    assert!(har.is_own() && har.is_empty());
}

#[test]
fn time_beyond_the_calendar_is_recorded() {
    let mut recorder = Recorder::default();
    let sent = request("GET", "http://a.test/", "");
    assert!(
        recorder
            .sent(&sent, Vec::new(), std::time::Duration::MAX)
            .is_some()
    );
    assert!(recorder.to_text().contains("9999-12-31"));
}
