//! The documents name only files that exist.

#![allow(clippy::unwrap_used)]

use std::path::Path;

#[test]
fn every_named_file_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut documents: Vec<_> = ["README.md", "CONTRIBUTING.md"]
        .map(|name| root.join(name))
        .into();
    for folder in ["docs", "docs/performance"] {
        let entries = std::fs::read_dir(root.join(folder)).unwrap();
        let paths = entries.map(|entry| entry.unwrap().path());
        documents.extend(paths.filter(|path| path.extension().is_some_and(|it| it == "md")));
    }
    let mut missing = Vec::new();
    for document in documents {
        let text = std::fs::read_to_string(&document).unwrap();
        // Paths in code and in links; `<` stands for any name.
        let ends = |character: char| "`()[] \n,;:".contains(character);
        for path in text.split(ends).filter(|word| !word.contains('<')) {
            let path = path.trim_start_matches("../");
            let path = path.split('#').next().unwrap();
            let of_project = ["crates/", "docs/", "tests/", "fixtures/", ".ci/"];
            let named = of_project.iter().any(|folder| path.starts_with(folder));
            if named && !path.contains("NAME") && !root.join(path).exists() {
                missing.push(format!("{}: {path}", document.display()));
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

/// The variants of an enum, in order.
fn variants(source: &str, name: &str) -> Vec<String> {
    let start = source.find(&format!("pub enum {name} {{")).unwrap();
    let body = source[start..].split("\n}").next().unwrap();
    let indented = body.lines().filter_map(|line| line.strip_prefix("    "));
    let names = indented.filter(|line| line.starts_with(|first: char| first.is_ascii_uppercase()));
    names
        .map(|line| {
            let end = line.find(|character: char| !character.is_alphanumeric());
            line[..end.unwrap_or(line.len())].to_owned()
        })
        .collect()
}

#[test]
fn the_guide_to_embedding_lists_every_effect() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let read = |path: &str| std::fs::read_to_string(root.join(path)).unwrap();
    let source = read("crates/browsing-context/src/steps/effect.rs");
    let effects = variants(&source, "Effect");
    assert!(effects.len() > 20, "{effects:?}");
    let guide = read("docs/embedding.md");
    let table = guide.split("| effect |").nth(1).unwrap();
    let rows = table.split("\n\n").next().unwrap().lines();
    let cells = rows.filter_map(|row| row.split('|').nth(1));
    let mut listed: Vec<_> = cells
        .flat_map(|cell| cell.split('`').skip(1).step_by(2))
        .map(str::to_owned)
        .collect();
    let missing: Vec<_> = effects.iter().filter(|it| !listed.contains(it)).collect();
    assert!(missing.is_empty(), "missing: {missing:?}");
    listed.retain(|it| !effects.contains(it));
    assert!(listed.is_empty(), "no such effect: {listed:?}");
}

/// The number of methods of a trait that have no default.
fn required_methods(source: &str, name: &str) -> usize {
    let start = source.find(&format!("pub trait {name}")).unwrap();
    let body = source[start..].split("\n}").next().unwrap();
    let methods = body.split("\n    fn ").skip(1);
    let required = methods.filter(|method| {
        // The end of a signature, or the beginning of a body.
        method
            .find([';', '{'])
            .is_some_and(|at| method[at..].starts_with(';'))
    });
    required.count()
}

#[test]
fn the_guide_to_embedding_counts_the_required_methods() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let read = |path: &str| std::fs::read_to_string(root.join(path)).unwrap();
    let counts = [
        ("crates/event-loop/src/agent.rs", "HasState"),
        ("crates/event-loop/src/agent.rs", "Agent"),
        ("crates/browsing-context/src/run/host.rs", "EffectHost"),
        ("crates/messaging/src/host.rs", "MessagingHost"),
        ("crates/messaging/src/structured_clone/heap.rs", "Heap"),
    ]
    .map(|(path, name)| required_methods(&read(path), name));
    let [state, agent, effects, messages, heap] = counts;
    let text = format!(
        "`HasState` has {state} required method, `Agent` {agent}, `EffectHost` {effects}, `MessagingHost` {messages} and \
         `Heap` {heap}: {} in all.",
        counts.iter().sum::<usize>()
    );
    let guide = read("docs/embedding.md").replace('\n', " ");
    assert!(
        guide.contains(&text),
        "docs/embedding.md should say: {text}"
    );
}
