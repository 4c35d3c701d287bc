//! Runs a one-hour timer at once, and stops a page that never becomes idle.
//!
//! `cargo run --release -p framepost --example page_time`

use std::time::{Duration, Instant};

use framepost::{Page, PageOptions};
use url::Url;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = Url::parse("http://localhost/")?;
    let html = "<script>setTimeout(() => console.log(performance.now()), 3600e3)</script>";
    let began = Instant::now();
    let mut page = Page::open(url.clone(), PageOptions::new().document(url.clone(), html))?;
    println!("{:?}", page.run_until_idle());
    println!("the page's clock: {} ms", page.console()[0].text);
    println!("the wall clock: {:?}", began.elapsed());

    let html = "<script>setInterval(() => postMessage('again'), 10)</script>";
    let mut page = Page::open(url.clone(), PageOptions::new().document(url, html))?;
    println!("{:?}", page.run_within(Duration::from_secs(1), None));
    Ok(())
}
