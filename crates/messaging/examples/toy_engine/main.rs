//! A complete embedding without JavaScript. A toy script engine, with its own values, objects,
//! realms and listeners, uses the three library crates.
//!
//! The language consists of lists in parentheses. [`language`] is independent of windows. [`value`]
//! defines the values, and [`heap`] exposes them to structured clone. [`engine`] implements the
//! traits that an embedder implements. [`builtins`] holds the functions that scripts can call. Run
//! it with `cargo run -p framepost-messaging --example toy_engine`.
#![allow(unreachable_pub)] // Its own tests include this file as a module.

mod builtins;
mod engine;
mod heap;
mod language;
mod value;

use framepost_browsing_context::loader::MemoryLoader;
use framepost_browsing_context::{NavigableId, Url};

const PAGE: &str = r#"<!DOCTYPE html>
<p>The page</p>
<iframe src="frame.html"></iframe>
<script>
(let channel (channel))
(let near (get channel "port1"))
(listen near "message" (fn (event)
  (log "the page gets an answer on its port: " (get (get event "data") "answer"))))
(listen near "close" (fn (event) (log "the page gets the close event of its port")))
(start near)

(listen window "message" (fn (event)
  (log "the page hears " (get event "data") " from " (get event "origin"))))

(listen window "load" (fn (event)
  (post (frame 0) (record "question" 21) "*" (list (get channel "port2")))
  (log "the page has asked")
  (send near (fn () 1))))
</script>
"#;

const FRAME: &str = r#"<!DOCTYPE html>
<p>The frame</p>
<script>
(listen window "message" (fn (event)
  (let port (get (get event "ports") 0))
  (let number (get (get event "data") "question"))
  (log "the frame is asked to double " number)
  (send port (record "answer" (+ number number)))
  (post (get event "source") "thank you" "/")
  (post (get event "source") "not for you" "http://elsewhere.test")
  (close port)))
</script>
"#;

/// Loads the first of these pages and runs it. Each has a URL and a text.
pub(crate) fn run_pages(
    pages: &[(&str, &str)],
) -> Result<(engine::Engine, NavigableId), Box<dyn std::error::Error>> {
    let mut loader = MemoryLoader::new();
    for (url, text) in pages {
        loader.add(url, *text)?;
    }
    let mut engine = engine::Engine::new(loader);
    let (url, _) = pages.first().ok_or("no page")?;
    let page = engine.open(Url::parse(url)?);
    engine.run_until_idle();
    Ok((engine, page))
}

/// Runs the page of this example, and returns the lines that its scripts logged.
pub fn run() -> Result<Vec<String>, Box<dyn std::error::Error>> {
    let pages = [
        ("http://toy.test/", PAGE),
        ("http://toy.test/frame.html", FRAME),
    ];
    let (engine, _) = run_pages(&pages)?;
    Ok(engine.log)
}

#[allow(dead_code, reason = "the test includes this file for `run`")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    for line in run()? {
        println!("{line}");
    }
    Ok(())
}
