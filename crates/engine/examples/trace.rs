//! Runs a page from a directory and prints its messages as a Mermaid sequence diagram.
//!
//! `cargo run --release -p framepost --example trace -- fixtures/mdn-channel-messaging index.html`

use framepost::{Page, PageOptions, RunOutcome, TraceFormat};
use url::Url;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(directory), Some(file)) = (arguments.next(), arguments.next()) else {
        return Err("usage: trace DIRECTORY FILE".into());
    };
    let origin = Url::parse("http://localhost/")?;
    let url = origin.join(&file)?;
    let mut page = Page::open(
        url,
        PageOptions::new().directory(origin, directory).trace(true),
    )?;
    let outcome = page.run_until_idle();
    if outcome != RunOutcome::Idle {
        eprintln!("not idle: {outcome:?}");
    }
    print!("{}", page.take_trace().to_text(TraceFormat::Mermaid));
    for dropped in page.drops() {
        println!("%% {dropped}");
    }
    Ok(())
}
