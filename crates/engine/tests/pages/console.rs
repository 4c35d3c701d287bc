//! Tests of the console.

use expect_test::expect;

use crate::support::check_script;

#[test]
fn console_draws_tables() {
    check_script(
        "console.table([{ a: 1, b: 'x' }, { a: 2, c: true }, 7]); console.table([['p', 'q']], ['1']); console.table(5); \
         console.timeStamp('x'); console.profile(); console.profileEnd();",
        expect![[r#"
            ┌─────────┬───┬─────┬──────┬────────┐
            │ (index) │ a │ b   │ c    │ Values │
            ├─────────┼───┼─────┼──────┼────────┤
            │ 0       │ 1 │ 'x' │      │        │
            │ 1       │ 2 │     │ true │        │
            │ 2       │   │     │      │ 7      │
            └─────────┴───┴─────┴──────┴────────┘
            ┌─────────┬─────┐
            │ (index) │ 1   │
            ├─────────┼─────┤
            │ 0       │ 'q' │
            └─────────┴─────┘
            5
        "#]],
    );
}
