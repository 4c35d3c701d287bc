use serde_json::Value;
use url::Url;

use super::{Trace, TraceFormat};
use crate::page::{Page, PageOptions};

fn trace(html: &str) -> Trace {
    let url = Url::parse("http://a.test/").unwrap();
    let options = PageOptions::new().document(url.clone(), html).trace(true);
    let mut page = Page::open(url, options).unwrap();
    let _ = page.run_until_idle();
    page.take_trace()
}

const PAGE: &str = "<iframe srcdoc='<p>'></iframe><script>
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => port1.close();
    port2.postMessage('x');
    port2.postMessage('never read');
    postMessage(1, 'http://b.test', [port2]);
</script>";

#[test]
fn file_name_selects_trace_format() {
    let of = |name: &str| TraceFormat::of_file(name.as_ref());
    assert_eq!(of("a/b.json"), Some(TraceFormat::Chrome));
    assert_eq!(of("b.mmd"), Some(TraceFormat::Mermaid));
    assert_eq!((of("b.txt"), of("json")), (None, None));
}

#[test]
fn json_has_arrow_per_message_and_track_per_window() {
    let text = trace(PAGE).to_text(TraceFormat::Chrome);
    let document: Value = serde_json::from_str(&text).unwrap();
    let events = document["traceEvents"].as_array().unwrap();
    let of = |phase: &str| -> Vec<&Value> {
        events.iter().filter(|event| event["ph"] == phase).collect()
    };
    let ids = |phase: &str| {
        let mut ids: Vec<u64> = of(phase)
            .iter()
            .map(|it| it["id"].as_u64().unwrap())
            .collect();
        ids.sort_unstable();
        ids
    };
    assert_eq!(ids("s"), [1, 2, 3]);
    assert_eq!(ids("f"), [1, 2, 3]);
    let names: Vec<&str> = of("X")
        .iter()
        .map(|it| it["name"].as_str().unwrap())
        .collect();
    assert!(names.contains(&"message#1 arrives"), "{names:?}");
    let dropped = of("X")
        .into_iter()
        .filter(|it| it["args"]["reason"].is_string());
    let reasons: Vec<&str> = dropped
        .map(|it| it["args"]["reason"].as_str().unwrap())
        .collect();
    let mismatch = "the target's origin is not the one that the sender named";
    assert_eq!(reasons.len(), 2, "{reasons:?}");
    assert!(reasons.contains(&mismatch) && reasons.contains(&"the port is closed"));
    let tracks = of("M").into_iter().filter(|it| it["name"] == "thread_name");
    let tracks: Vec<&str> = tracks
        .map(|it| it["args"]["name"].as_str().unwrap())
        .collect();
    assert!(
        tracks.iter().any(|name| name.ends_with("http://a.test/")),
        "{tracks:?}"
    );
    let times: Vec<f64> = events.iter().filter_map(|it| it["ts"].as_f64()).collect();
    assert!(times.is_sorted());
    for event in of("X") {
        assert!(event["args"]["bytes"].is_u64() && event["args"]["caused by"].is_object());
    }
}

#[test]
fn diagram_is_valid_mermaid() {
    let text = trace(PAGE).to_text(TraceFormat::Mermaid);
    assert!(
        text.starts_with("sequenceDiagram\n    participant p0 as window#35;"),
        "{text}"
    );
    assert!(
        text.contains("message#35;3 is dropped: the target's origin"),
        "{text}"
    );
    for line in text.lines().skip(1) {
        let unescaped = line.replace("#35;", "").replace("#59;", "");
        assert!(!unescaped.contains(['#', ';']), "{line}");
    }
}

#[test]
fn trace_is_empty_unless_enabled() {
    let url = Url::parse("http://a.test/").unwrap();
    let options = PageOptions::new().document(url.clone(), PAGE);
    let mut page = Page::open(url, options).unwrap();
    let _ = page.run_until_idle();
    assert!(page.take_trace().events().is_empty());
    assert_eq!(page.drops().len(), 2);
}
