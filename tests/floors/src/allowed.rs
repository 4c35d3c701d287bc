//! The list of the exceptions to the order.
//!
//! A line contains the number of lines of a room that may use a higher room: `FOLDER FROM TO COUNT`.

use std::collections::BTreeMap;

use crate::krate::Use;

/// The exceptions, by crate and rooms.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Allowed(BTreeMap<(String, String, String), usize>);

const HEAD: &str = "\
# Uses of higher floors that are still allowed: FOLDER FROM TO COUNT. This list may only shrink.
# `cargo run -p framepost-floors -- --write` rewrites it.
";

impl Allowed {
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut allowed = BTreeMap::new();
        for (index, line) in text.lines().enumerate() {
            let wrong = || format!("line {}: expected FOLDER FROM TO COUNT", index + 1);
            let parts: Vec<&str> = line.split_whitespace().collect();
            match parts.as_slice() {
                [] => {}
                [first, ..] if first.starts_with('#') => {}
                [krate, from, to, count] => {
                    let count = count.parse().map_err(|_| wrong())?;
                    allowed.insert(key(krate, from, to), count);
                }
                _ => return Err(wrong()),
            }
        }
        Ok(Self(allowed))
    }

    /// The present violations of the order.
    pub(crate) fn of(uses: &[Use]) -> Self {
        let mut allowed = BTreeMap::new();
        for used in uses.iter().filter(|used| used.is_upwards()) {
            *allowed
                .entry(key(&used.krate, &used.from, &used.to))
                .or_default() += 1;
        }
        Self(allowed)
    }

    pub(crate) fn to_text(&self) -> String {
        let mut text = HEAD.to_owned();
        for ((krate, from, to), count) in &self.0 {
            text.push_str(&format!("{krate} {from} {to} {count}\n"));
        }
        text
    }

    /// The number of allowed lines.
    pub(crate) fn lines(&self) -> usize {
        self.0.values().sum()
    }

    /// A line for each use that is not allowed, and for each entry without a use.
    pub(crate) fn judge(&self, uses: &[Use]) -> Vec<String> {
        let now = Self::of(uses);
        let mut complaints = Vec::new();
        for used in uses.iter().filter(|used| used.is_upwards()) {
            let key = key(&used.krate, &used.from, &used.to);
            if now.0.get(&key) > self.0.get(&key) {
                complaints.push(format!(
                    "{}:{}: room {} may not use room {} ({})",
                    used.file.display(),
                    used.line,
                    used.from,
                    used.to,
                    used.path
                ));
            }
        }
        for key in self.0.keys().filter(|key| !now.0.contains_key(*key)) {
            let (krate, from, to) = key;
            complaints.push(format!(
                ".ci/floors-allowed.txt: {krate} {from} {to}: no such use is left: remove the line"
            ));
        }
        complaints
    }
}

fn key(krate: &str, from: &str, to: &str) -> (String, String, String) {
    (krate.to_owned(), from.to_owned(), to.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn upwards(line: usize) -> Use {
        Use {
            krate: "c".to_owned(),
            file: "f.rs".into(),
            line,
            path: "crate::b".to_owned(),
            from: "a".to_owned(),
            from_floor: 0,
            to: "b".to_owned(),
            to_floor: 1,
        }
    }

    #[test]
    fn list_may_only_shrink() {
        let judge = |list: &str, uses: &[Use]| Allowed::parse(list).unwrap().judge(uses);
        let uses = [upwards(3), upwards(5)];
        assert_eq!(judge("# x\nc a b 2", &uses), [""; 0]);
        assert_eq!(
            judge("c a b 1", &uses),
            [
                "f.rs:3: room a may not use room b (crate::b)",
                "f.rs:5: room a may not use room b (crate::b)"
            ]
        );
        assert_eq!(judge("", &uses[..1]).len(), 1);
        assert_eq!(
            judge("c a b 2", &[]),
            [".ci/floors-allowed.txt: c a b: no such use is left: remove the line"]
        );
    }

    #[test]
    fn list_is_written_as_it_is_read() {
        let written = Allowed::of(&[upwards(1), upwards(2)]).to_text();
        assert!(written.ends_with("c a b 2\n"));
        assert_eq!(Allowed::parse(&written).unwrap().lines(), 2);
    }
}
