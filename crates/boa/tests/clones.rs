//! Runs the cases of `clone_cases.js`, which the README's table lists, for the crate's clone and for JSON.

#![allow(clippy::unwrap_used, missing_docs)]

use boa_engine::{Context, Source};
use expect_test::expect;

/// Runs all cases with a clone of this text, and returns the numbers of those that are wrong.
fn wrong(clone: &str) -> String {
    let cases = include_str!("clone_cases.js");
    let script = format!(
        "const clone = {clone};
         const right = (test) => {{ try {{ return test(clone); }} catch {{ return false; }} }};
         {cases}.map(([name, test], index) => right(test) ? [] : [index + 1]).flat().join();"
    );
    // Boa needs a large stack for the deepest value.
    let thread = std::thread::Builder::new().stack_size(256 << 20);
    let run = thread.spawn(move || {
        let mut ctx = Context::default();
        framepost_boa::install(&mut ctx, framepost_boa::Options::default()).unwrap();
        let wrong = ctx.eval(Source::from_bytes(&script)).unwrap();
        wrong.to_string(&mut ctx).unwrap().to_std_string_lossy()
    });
    run.unwrap().join().unwrap()
}

#[test]
fn clone_is_right_in_all_cases() {
    expect![[""]].assert_eq(&wrong("structuredClone"));
}

#[test]
fn clone_by_json_is_wrong_in_most_cases() {
    expect!["1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,23,24"]
        .assert_eq(&wrong("(value) => JSON.parse(JSON.stringify(value))"));
}
