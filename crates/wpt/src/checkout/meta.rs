//! Reads the metadata of a test: the `// META:` lines of a script, the `meta` elements of a page, and
//! the parts of its file name.

use std::cell::RefCell;

use html5ever::Attribute;
use html5ever::buffer_queue::BufferQueue;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};

/// The kinds of global that a `.any.js` test can be run in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Global {
    Window,
    DedicatedWorker,
    DedicatedWorkerModule,
    SharedWorker,
    SharedWorkerModule,
    ServiceWorker,
    ServiceWorkerModule,
}

impl Global {
    /// All kinds, with the suffix of the test's URL instead of `.any.js`.
    pub(super) const ALL: [(Self, &'static str); 7] = [
        (Self::Window, ".any.html"),
        (Self::DedicatedWorker, ".any.worker.html"),
        (Self::DedicatedWorkerModule, ".any.worker-module.html"),
        (Self::SharedWorker, ".any.sharedworker.html"),
        (Self::SharedWorkerModule, ".any.sharedworker-module.html"),
        (Self::ServiceWorker, ".any.serviceworker.html"),
        (Self::ServiceWorkerModule, ".any.serviceworker-module.html"),
    ];

    /// The globals of one word of `META: global=`.
    fn named(word: &str) -> &'static [Self] {
        match word {
            "window" => &[Self::Window],
            "dedicatedworker" => &[Self::DedicatedWorker],
            "dedicatedworker-module" => &[Self::DedicatedWorkerModule],
            "sharedworker" => &[Self::SharedWorker],
            "sharedworker-module" => &[Self::SharedWorkerModule],
            "serviceworker" => &[Self::ServiceWorker],
            "serviceworker-module" => &[Self::ServiceWorkerModule],
            "worker" => &[
                Self::DedicatedWorker,
                Self::SharedWorker,
                Self::ServiceWorker,
            ],
            _ => &[],
        }
    }
}

/// The `// META: key=value` lines at the start of a script.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct ScriptMeta(Vec<(String, String)>);

impl ScriptMeta {
    pub(super) fn read(source: &[u8]) -> Self {
        let text = String::from_utf8_lossy(source);
        let line = |line: &str| {
            let meta = line
                .strip_prefix("//")?
                .trim_start()
                .strip_prefix("META:")?
                .trim_start();
            let (key, value) = meta.split_once('=')?;
            Some((key.to_owned(), value.to_owned()))
        };
        Self(text.lines().map_while(line).collect())
    }

    pub(super) fn values<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a str> {
        let matching = self.0.iter().filter(move |(held, _)| held == key);
        matching.map(|(_, value)| value.as_str())
    }

    /// All lines in their order.
    pub(super) fn lines(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(key, value)| (key.as_str(), value.as_str()))
    }

    pub(super) fn is_long(&self) -> bool {
        self.values("timeout").any(|value| value == "long")
    }

    /// The globals that the test is for: by default `window` and `dedicatedworker`.
    pub(super) fn globals(&self) -> Vec<Global> {
        let Some(value) = self
            .values("global")
            .next()
            .filter(|value| !value.is_empty())
        else {
            return vec![Global::Window, Global::DedicatedWorker];
        };
        let words = value.split(',').map(str::trim);
        let mut globals: Vec<Global> = words.flat_map(Global::named).copied().collect();
        globals.sort_unstable();
        globals.dedup();
        globals
    }
}

/// The metadata in the markup of a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PageMeta {
    /// Whether it includes `/resources/testharness.js`, as all tests of web-platform-tests do.
    pub is_testharness: bool,
    /// Whether it includes a `testharness.js` of any folder.
    pub has_testharness: bool,
    /// Whether it has the long timeout.
    pub is_long: bool,
    /// The variants to run: suffixes of its URL.
    pub variants: Vec<String>,
}

impl PageMeta {
    /// Reads markup, without a tree and without scripts.
    #[must_use]
    pub fn read(markup: &[u8]) -> Self {
        let text = String::from_utf8_lossy(markup);
        let tokenizer = Tokenizer::new(MetaSink::default(), TokenizerOpts::default());
        let input = BufferQueue::default();
        input.push_back(text.as_ref().into());
        // The sink never pauses the tokenizer, so one call takes all of the input.
        let _ = tokenizer.feed(&input);
        tokenizer.end();
        tokenizer.sink.0.into_inner()
    }
}

#[derive(Default)]
struct MetaSink(RefCell<PageMeta>);

impl TokenSink for MetaSink {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let Token::TagToken(tag) = token else {
            return TokenSinkResult::Continue;
        };
        if tag.kind != TagKind::StartTag {
            return TokenSinkResult::Continue;
        }
        let mut meta = self.0.borrow_mut();
        match &*tag.name {
            "script" => {
                let source = attribute(&tag.attrs, "src");
                meta.is_testharness |= source == Some("/resources/testharness.js");
                meta.has_testharness |= source.is_some_and(is_harness);
                if tag.self_closing {
                    // In XML it ends here; no HTML test has such scripts.
                    return TokenSinkResult::Continue;
                }
                return TokenSinkResult::RawData(RawKind::ScriptData);
            }
            "style" | "iframe" | "xmp" | "noembed" | "noframes" if !tag.self_closing => {
                return TokenSinkResult::RawData(RawKind::Rawtext);
            }
            "title" | "textarea" if !tag.self_closing => {
                return TokenSinkResult::RawData(RawKind::Rcdata);
            }
            "meta" => {
                let content = attribute(&tag.attrs, "content");
                match (attribute(&tag.attrs, "name"), content) {
                    (Some("timeout"), Some(value)) => {
                        meta.is_long |= value.eq_ignore_ascii_case("long");
                    }
                    (Some("variant"), Some(value)) => meta.variants.push(value.to_owned()),
                    _ => {}
                }
            }
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

/// Whether a script of this path or URL is the test harness.
fn is_harness(path: &str) -> bool {
    let path = path.split(['?', '#']).next().unwrap_or(path);
    path.rsplit('/').next() == Some("testharness.js")
}

fn attribute<'a>(attributes: &'a [Attribute], name: &str) -> Option<&'a str> {
    let found = attributes
        .iter()
        .find(|attribute| &*attribute.name.local == name);
    found.map(|attribute| &*attribute.value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn meta_lines_at_the_start_are_read() {
        let meta = ScriptMeta::read(
            b"// META: title=A & B\n//META: script=one.js\n// META: script=two.js\n\n// META: timeout=long\n",
        );
        assert_eq!(
            meta.values("script").collect::<Vec<_>>(),
            ["one.js", "two.js"]
        );
        assert_eq!(meta.values("title").next(), Some("A & B"));
        assert!(!meta.is_long());
        assert!(ScriptMeta::read(b"// META: timeout=long\r\nx").is_long());
    }

    #[test]
    fn globals() {
        let globals = |line: &str| ScriptMeta::read(line.as_bytes()).globals();
        assert_eq!(globals(""), [Global::Window, Global::DedicatedWorker]);
        assert_eq!(
            globals("// META: global=window, worker"),
            [
                Global::Window,
                Global::DedicatedWorker,
                Global::SharedWorker,
                Global::ServiceWorker
            ]
        );
        assert_eq!(globals("// META: global=jsshell"), []);
        assert_eq!(
            globals("// META: global="),
            [Global::Window, Global::DedicatedWorker]
        );
    }

    #[test]
    fn page_meta_is_read() {
        let meta = PageMeta::read(
            b"<!doctype html><META name=timeout content=LONG><meta name=variant content='?a'>\
              <meta name=variant content=''><script src='/resources/testharness.js'></script>",
        );
        assert!(meta.is_testharness && meta.has_testharness && meta.is_long);
        assert_eq!(meta.variants, ["?a", ""]);
    }

    #[test]
    fn harness_may_be_in_another_folder() {
        let meta = PageMeta::read(b"<script src='../x/testharness.js?1'></script>");
        assert!(meta.has_testharness && !meta.is_testharness);
        assert!(!PageMeta::read(b"<script src='mytestharness.js'></script>").has_testharness);
    }

    #[test]
    fn content_of_scripts_is_not_markup() {
        let meta = PageMeta::read(
            b"<title><meta name=timeout content=long></title>\
              <script>'<script src=\"/resources/testharness.js\">'</script><!-- <meta name=variant content=b> -->",
        );
        assert_eq!(meta, PageMeta::default());
    }

    #[test]
    fn self_closing_script_ends_in_its_own_tag() {
        let meta = PageMeta::read(
            b"<html xmlns='http://www.w3.org/1999/xhtml'><script src='a.js'/>\
              <script src='/resources/testharness.js'/></html>",
        );
        assert!(meta.is_testharness);
    }
}
