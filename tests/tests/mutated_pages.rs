//! Pages with randomly damaged HTML: loading them never panics, and always ends. `PROPTEST_CASES` sets the
//! number of pages. The fixtures are the seeds.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::Path;
use std::time::Duration;

use framepost::{Page, PageLimits, PageOptions};
use framepost_browsing_context::loader::MemoryLoader;
use proptest::prelude::*;
use proptest::sample::Index;
use url::Url;

/// Pieces that change the state of a parser.
const PIECES: [&str; 24] = [
    "<",
    ">",
    "</",
    "'",
    "\"",
    "=",
    "&",
    "&#0;",
    "\0",
    "<!--",
    "-->",
    "<![CDATA[",
    "<script>",
    "</script>",
    "<iframe srcdoc='<p>",
    "<template>",
    "</template>",
    "<table><tr>",
    "<select>",
    "<svg><foreignObject>",
    "<math><mi>",
    "<frameset>",
    "<p><b><i>",
    "</body>",
];

#[derive(Clone, Debug)]
enum Damage {
    Insert(Index, usize),
    Remove(Index, u8),
    Repeat(Index, Index),
    Move(Index, Index, u8),
    CutOff(Index),
}

fn damage() -> impl Strategy<Value = Damage> {
    let at = any::<Index>;
    prop_oneof![
        4 => (at(), 0..PIECES.len()).prop_map(|(at, piece)| Damage::Insert(at, piece)),
        2 => (at(), any::<u8>()).prop_map(|(at, length)| Damage::Remove(at, length)),
        2 => (at(), at()).prop_map(|(from, to)| Damage::Repeat(from, to)),
        2 => (at(), at(), any::<u8>()).prop_map(|(from, to, length)| Damage::Move(from, to, length)),
        1 => at().prop_map(Damage::CutOff),
    ]
}

fn apply(text: &mut Vec<char>, damage: &Damage) {
    if text.is_empty() {
        return;
    }
    let place = |at: &Index| at.index(text.len());
    match damage {
        Damage::Insert(at, piece) => {
            let at = place(at);
            text.splice(at..at, PIECES[*piece].chars());
        }
        Damage::Remove(at, length) => {
            let at = place(at);
            let end = (at + usize::from(*length)).min(text.len());
            text.drain(at..end);
        }
        Damage::Repeat(from, to) => {
            let (from, to) = (place(from), place(to));
            let part = text[from.min(to)..from.max(to)].to_vec();
            text.splice(from..from, part);
        }
        Damage::Move(from, to, length) => {
            let (from, to) = (place(from), *to);
            let end = (from + usize::from(*length)).min(text.len());
            let part: Vec<char> = text.drain(from..end).collect();
            let to = if text.is_empty() {
                0
            } else {
                to.index(text.len())
            };
            text.splice(to..to, part);
        }
        Damage::CutOff(at) => {
            let at = place(at);
            text.truncate(at);
        }
    }
}

/// All pages of a directory, by their URLs.
fn pages(directory: &Path, base: &Url, found: &mut Vec<(Url, String)>) {
    let mut entries: Vec<_> = std::fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    entries.sort();
    for path in entries {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            pages(&path, &base.join(&format!("{name}/")).unwrap(), found);
        } else if name.ends_with(".html") || name.ends_with(".js") {
            let text = std::fs::read_to_string(&path).unwrap();
            found.push((base.join(&name).unwrap(), text));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        // A page takes some 50 ms.
        cases: std::env::var("PROPTEST_CASES").map_or(60, |cases| cases.parse().unwrap_or(60)),
        failure_persistence: None,
        max_shrink_iters: 200,
        ..ProptestConfig::default()
    })]

    #[test]
    fn damaged_page_loads_to_an_end(
        seed in any::<Index>(),
        damages in proptest::collection::vec(damage(), 1..8),
    ) {
        let base = Url::parse("http://localhost/").unwrap();
        let mut seeds = Vec::new();
        pages(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures"), &base, &mut seeds);
        let html: Vec<usize> = (0..seeds.len())
            .filter(|n| seeds[*n].0.path().ends_with(".html"))
            .collect();
        let damaged = *seed.get(&html);
        let mut text: Vec<char> = seeds[damaged].1.chars().collect();
        for damage in &damages {
            apply(&mut text, damage);
        }
        seeds[damaged].1 = text.into_iter().collect();
        let url = seeds[damaged].0.clone();
        let mut limits = PageLimits::default();
        limits.loop_iterations = 100_000;
        limits.recursion = 500;
        limits.microtasks_per_checkpoint = 10_000;
        let mut loader = MemoryLoader::new();
        for (url, text) in seeds {
            loader.add(url.as_str(), text).unwrap();
        }
        let options = PageOptions::new()
            .limits(limits)
            .loader(move || Box::new(loader));
        let mut page = Page::open(url, options).unwrap();
        let _ = page.run_within(Duration::from_secs(5), Some(5000));
        let _ = (page.html(), page.text());
    }
}
