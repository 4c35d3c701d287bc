//! Every fixture shows what its `expected.txt` says.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::Path;

use framepost_cli::check::{Checked, check, fixtures};

#[test]
fn every_fixture_shows_what_it_should() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures");
    let mut failed = Vec::new();
    for fixture in fixtures(&directory).unwrap() {
        let name = fixture.file_name().unwrap().to_string_lossy().into_owned();
        match check(&fixture, false, None) {
            Ok(Checked::Differs(difference)) => failed.push(format!("{name}\n{difference}")),
            Ok(_) => {}
            Err(error) => failed.push(format!("{name}: {error}")),
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[test]
fn a_fixture_that_shows_something_else_is_told_apart_and_blessed() {
    let directory = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| std::fs::write(directory.path().join(name), text).unwrap();
    file(
        "index.html",
        "<p>one<script>\nconsole.log({ a: 1 }); console.warn('w'); throw new Error('x')</script>",
    );
    file("expected.txt", "something else\n");
    let Ok(Checked::Differs(difference)) = check(directory.path(), false, None) else {
        panic!("it differs");
    };
    assert!(difference.contains("-something else"), "{difference}");
    assert!(difference.contains("+{ a: 1 }"), "{difference}");
    assert!(matches!(
        check(directory.path(), true, None),
        Ok(Checked::Blessed)
    ));
    assert!(matches!(
        check(directory.path(), false, None),
        Ok(Checked::Same)
    ));
    assert_eq!(
        std::fs::read_to_string(directory.path().join("expected.txt")).unwrap(),
        "{ a: 1 }\n\
         http://localhost/index.html\n\
         \x20 one\n\
         --- standard error ---\n\
         w\n\
         http://localhost/index.html:2:49: Uncaught Error: x\n\
         --- exit status 1 ---\n"
    );
}

#[test]
fn what_cannot_be_a_fixture_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let error = fixtures(directory.path()).unwrap_err().to_string();
    assert!(error.contains("no fixture here"), "{error}");
    std::fs::write(directory.path().join("fixture.toml"), "evals = []").unwrap();
    let error = check(directory.path(), false, None)
        .unwrap_err()
        .to_string();
    assert!(error.contains("evals"), "{error}");
}
