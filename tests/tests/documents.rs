//! The documents name only files that exist.

#![allow(clippy::unwrap_used)]

use std::path::Path;

#[test]
fn every_named_file_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut documents: Vec<_> = ["README.md", "CONTRIBUTING.md"]
        .map(|name| root.join(name))
        .into();
    let docs = std::fs::read_dir(root.join("docs")).unwrap();
    documents.extend(docs.map(|entry| entry.unwrap().path()));
    let mut missing = Vec::new();
    for document in documents {
        let text = std::fs::read_to_string(&document).unwrap();
        // Paths in code and in links; `<` stands for any name.
        let ends = |character: char| "`()[] \n,;:".contains(character);
        for path in text.split(ends).filter(|word| !word.contains('<')) {
            let path = path.trim_start_matches("../");
            let of_project = ["crates/", "docs/", "tests/", "fixtures/", ".ci/"];
            let named = of_project.iter().any(|folder| path.starts_with(folder));
            if named && !path.contains("NAME") && !root.join(path).exists() {
                missing.push(format!("{}: {path}", document.display()));
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}
