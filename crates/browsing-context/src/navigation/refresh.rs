//! Declarative refreshes
//! ([HTML, the refresh state](https://html.spec.whatwg.org/multipage/semantics.html#attr-meta-http-equiv-refresh)).

use std::time::Duration;

use framepost_event_loop::{ClientId, TaskQueues, TaskSource};

use super::ongoing::Refresh;
use crate::Contexts;
use crate::origin::SandboxFlags;
use crate::steps::{ContextTask, HistoryHandling, NavigateParams, Next};

/// The parts of a declaration.
#[derive(Debug, PartialEq, Eq)]
struct Declared<'a> {
    seconds: u32,
    url: Option<&'a str>,
}

impl Contexts {
    /// [Shared declarative refresh steps](https://html.spec.whatwg.org/multipage/semantics.html#shared-declarative-refresh-steps).
    pub(crate) fn shared_declarative_refresh_steps(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        document: ClientId,
        input: &str,
    ) {
        let Some(held) = self.document(document) else {
            return;
        };
        // 1. Only the first declaration has an effect.
        if self.navigation.refreshes.contains_key(&document) {
            return;
        }
        // 2. to 11. Parse the input.
        let Some(declared) = parse(input) else {
            return;
        };
        // Without a URL, the document is loaded again.
        let url = match declared.url {
            Some(url) => self.parse_url(document, url),
            None => Ok(held.url().clone()),
        };
        let Ok(url) = url else { return };
        // A javascript: URL is ignored.
        if url.scheme() == "javascript" {
            return;
        }
        // The document will declaratively refresh.
        let delay = Duration::from_secs(declared.seconds.into());
        let refresh = Refresh { delay, url };
        self.navigation.refreshes.insert(document, refresh);
        if self.is_completely_loaded(document) {
            self.schedule_the_refresh(queues, document);
        }
    }

    /// Queues the task of a refresh. The time starts when the document is completely loaded or the element is
    /// inserted, whichever is later.
    pub(crate) fn schedule_the_refresh(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        document: ClientId,
    ) {
        if let Some(refresh) = self.navigation.refreshes.get(&document) {
            let task = ContextTask::Refresh(document);
            queues.queue_after(
                refresh.delay,
                TaskSource::DomManipulation,
                Some(document),
                task,
            );
        }
    }

    /// The task of a refresh: navigates the document's navigable.
    pub(crate) fn refresh(
        &mut self,
        queues: &mut dyn TaskQueues<ContextTask>,
        document: ClientId,
        next: &mut Next<'_>,
    ) {
        let Some(held) = self.document(document) else {
            return;
        };
        if held.sandbox().contains(SandboxFlags::AUTOMATIC_FEATURES) {
            return;
        }
        let navigable = held.navigable();
        let Some(refresh) = self.navigation.refreshes.get(&document) else {
            return;
        };
        let params = NavigateParams::new(refresh.url.clone())
            .by(document)
            .with_history(HistoryHandling::Replace);
        let steps = self.navigate(queues, navigable, params);
        next.push_steps(steps);
    }
}

/// The parser of the [shared declarative refresh steps](https://html.spec.whatwg.org/multipage/semantics.html#shared-declarative-refresh-steps).
fn parse(input: &str) -> Option<Declared<'_>> {
    let input = input.trim_ascii_start();
    let digits = input.len() - input.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (time, rest) = input.split_at(digits);
    if time.is_empty() && !rest.starts_with('.') {
        return None;
    }
    let seconds = match time {
        "" => 0,
        time => time.parse().unwrap_or(u32::MAX),
    };
    let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    if rest.is_empty() {
        return Some(Declared { seconds, url: None });
    }
    if !rest.starts_with(|c: char| c == ';' || c == ',' || c.is_ascii_whitespace()) {
        return None;
    }
    let rest = rest.trim_ascii_start();
    let rest = rest.strip_prefix([';', ',']).unwrap_or(rest);
    let rest = rest.trim_ascii_start();
    if rest.is_empty() {
        return Some(Declared { seconds, url: None });
    }
    let url = match rest.strip_prefix(['u', 'U']) {
        None => without_quotes(rest),
        Some(after_u) => match after_url_equals(after_u) {
            Some(after) => without_quotes(after),
            None => rest,
        },
    };
    Some(Declared {
        seconds,
        url: Some(url),
    })
}

/// The text after `rl`, white space, `=` and white space.
fn after_url_equals(text: &str) -> Option<&str> {
    let text = text.strip_prefix(['r', 'R'])?.strip_prefix(['l', 'L'])?;
    let text = text.trim_ascii_start().strip_prefix('=')?;
    Some(text.trim_ascii_start())
}

fn without_quotes(text: &str) -> &str {
    for quote in ['\'', '"'] {
        if let Some(quoted) = text.strip_prefix(quote) {
            return quoted
                .split_once(quote)
                .map_or(quoted, |(inside, _)| inside);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_are_parsed_as_the_standard_says() {
        let declared = |seconds, url| Some(Declared { seconds, url });
        for (input, expected) in [
            ("", None),
            ("x", None),
            ("1x", None),
            ("1", declared(1, None)),
            (" 1.9 ", declared(1, None)),
            (".5", declared(0, None)),
            ("1; url=foo", declared(1, Some("foo"))),
            ("1,foo", declared(1, Some("foo"))),
            ("1 foo", declared(1, Some("foo"))),
            ("1;URL = 'a b'c", declared(1, Some("a b"))),
            ("1;url=\"a", declared(1, Some("a"))),
            ("1;'a'", declared(1, Some("a"))),
            ("1;url foo", declared(1, Some("url foo"))),
            ("1;unrelated", declared(1, Some("unrelated"))),
            ("1;;", declared(1, Some(";"))),
            ("99999999999", declared(u32::MAX, None)),
        ] {
            assert_eq!(parse(input), expected, "{input}");
        }
    }
}
