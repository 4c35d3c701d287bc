//! Every fixture shows what its `expected.txt` says.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::Path;

use framepost_cli::check::{CheckOptions, Checked, check, fixtures};

#[test]
fn every_fixture_shows_the_expected_output() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures");
    let mut failed = Vec::new();
    for fixture in fixtures(&directory).unwrap() {
        let name = fixture.file_name().unwrap().to_string_lossy().into_owned();
        match check(&fixture, &CheckOptions::new()) {
            Ok(Checked::Differs(difference)) => failed.push(format!("{name}\n{difference}")),
            Ok(_) => {}
            Err(error) => failed.push(format!("{name}: {error}")),
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[test]
fn other_output_is_reported_and_can_be_blessed() {
    let directory = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| std::fs::write(directory.path().join(name), text).unwrap();
    file(
        "index.html",
        "<p>one<script>\nconsole.log({ a: 1 }); console.warn('w'); throw new Error('x')</script>",
    );
    file("expected.txt", "something else\n");
    let Ok(Checked::Differs(difference)) = check(directory.path(), &CheckOptions::new()) else {
        panic!("it differs");
    };
    assert!(difference.contains("-something else"), "{difference}");
    assert!(difference.contains("+{ a: 1 }"), "{difference}");
    assert!(matches!(
        check(directory.path(), &CheckOptions::new().bless(true)),
        Ok(Checked::Blessed)
    ));
    assert!(matches!(
        check(directory.path(), &CheckOptions::new()),
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
fn invalid_fixture_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let error = fixtures(directory.path()).unwrap_err().to_string();
    assert!(error.contains("is not a fixture"), "{error}");
    std::fs::write(directory.path().join("fixture.toml"), "evals = []").unwrap();
    let error = check(directory.path(), &CheckOptions::new())
        .unwrap_err()
        .to_string();
    assert!(error.contains("evals"), "{error}");
}
