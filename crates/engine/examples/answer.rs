//! Sends a message to a frame, which answers over a port.
//!
//! `cargo run --release -p framepost --example answer`

use framepost::{Page, PageOptions, RunOutcome};
use url::Url;

const PAGE: &str = r#"
    <iframe src="frame.html"></iframe>
    <script>
        onload = () => {
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = ({ data }) => console.log("the frame answers", data);
            frames[0].postMessage([3, 4], "*", [port2]);
        };
    </script>"#;
const FRAME: &str = r#"
    <script>
        onmessage = ({ data, ports: [port] }) => port.postMessage(Math.hypot(...data));
    </script>"#;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = Url::parse("http://localhost/index.html")?;
    let options = PageOptions::new()
        .document(url.clone(), PAGE)
        .document(url.join("frame.html")?, FRAME);
    let mut page = Page::open(url, options)?;
    assert_eq!(page.run_until_idle(), RunOutcome::Idle);
    for message in page.console() {
        println!("{}", message.text);
    }
    Ok(())
}
