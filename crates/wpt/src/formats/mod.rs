//! Results for other tools: JUnit, TAP, JSON.

use std::io;

use crate::expectations::Expectations;
use crate::outcome::{PageStatus, SubtestStatus, TestOutcome};
use crate::report;

mod junit;
mod tap;

/// A format of results.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// The XML of JUnit, which most services support.
    Junit,
    /// The [Test Anything Protocol](https://testanything.org/tap-version-14-specification.html), version 14.
    Tap,
    /// `wptreport.json`.
    Json,
}

impl Format {
    /// Writes results, sorted by their tests. Known failures do not count as failures, except in JSON, which contains
    /// the plain results.
    ///
    /// # Errors
    /// The results cannot be written.
    pub fn write(
        self,
        to: &mut dyn io::Write,
        results: &[TestOutcome],
        expectations: &Expectations,
    ) -> io::Result<()> {
        let pages = || {
            let pages = report::sorted(results).into_iter();
            pages.map(|page| (page, cases(page, expectations)))
        };
        match self {
            Self::Junit => junit::write(to, &pages().collect::<Vec<_>>()),
            Self::Tap => tap::write(to, &pages().collect::<Vec<_>>()),
            Self::Json => report::write_report(to, results),
        }
    }
}

/// A page or subtest with its result, compared with the known failures.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Case<'a> {
    /// The subtest; `None` for the page itself.
    subtest: Option<&'a str>,
    result: CaseResult,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum CaseResult {
    Passed,
    /// With the status, and what it says.
    Failed(String, String),
    /// With the reason of the list.
    Known(String),
    /// With the reason.
    Skipped(String),
}

/// The cases of a page: its subtests, and the page itself unless it is OK and has subtests.
fn cases<'a>(page: &'a TestOutcome, expectations: &Expectations) -> Vec<Case<'a>> {
    if page.status == PageStatus::Skip {
        let why = page.message.clone().unwrap_or_default();
        return vec![Case {
            subtest: None,
            result: CaseResult::Skipped(why),
        }];
    }
    let verdict = expectations.judge(page);
    let mut left: Vec<_> = verdict.complaints.iter().collect();
    let mut case = |subtest: Option<&'a str>, passed: bool| {
        let mine = left
            .iter()
            .position(|complaint| complaint.subtest.as_deref() == subtest);
        let result = match mine.map(|mine| left.remove(mine)) {
            Some(complaint) => CaseResult::Failed(
                complaint.status.clone(),
                complaint.message.clone().unwrap_or_default(),
            ),
            None if passed => CaseResult::Passed,
            None => {
                let reason = expectations.reason(&page.test, subtest);
                CaseResult::Known(reason.unwrap_or_default().to_owned())
            }
        };
        Case { subtest, result }
    };
    let mut cases = vec![case(None, page.status == PageStatus::Ok)];
    cases.extend(page.subtests.iter().map(|subtest| {
        let passed = subtest.status == SubtestStatus::Pass;
        case(Some(&subtest.name), passed)
    }));
    if page.status == PageStatus::Ok && cases.len() > 1 && cases[0].result == CaseResult::Passed {
        cases.remove(0);
    }
    // Known failures of subtests that the page no longer has.
    for complaint in left {
        let gone = format!(
            "{} {}",
            complaint.status,
            complaint.subtest.as_deref().unwrap_or_default()
        );
        cases.push(Case {
            subtest: Some("(known failures)"),
            result: CaseResult::Failed(gone, String::new()),
        });
    }
    cases
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::Subtest;

    fn pages() -> Vec<TestOutcome> {
        let subtest = |name: &str, status, message: Option<&str>| Subtest {
            name: name.to_owned(),
            status,
            message: message.map(str::to_owned),
        };
        vec![
            TestOutcome {
                test: "/b.html".to_owned(),
                status: PageStatus::Ok,
                message: None,
                subtests: vec![
                    subtest("fine", SubtestStatus::Pass, None),
                    subtest(
                        "<a> & #b\n\u{1b}",
                        SubtestStatus::Fail,
                        Some("]]> \"x\"\nsecond \u{fffe}line"),
                    ),
                    subtest("known", SubtestStatus::NotRun, Some("late")),
                ],
            },
            TestOutcome::without_subtests("/a.html", PageStatus::Skip, "needs a moon"),
            TestOutcome::without_subtests("/c.html", PageStatus::Crash, "gone"),
            TestOutcome {
                test: "/d.html".to_owned(),
                status: PageStatus::Ok,
                message: None,
                subtests: Vec::new(),
            },
        ]
    }

    fn written(format: Format) -> String {
        let list = "/b.html | known | NOTRUN | it is # slow\n/b.html | gone | FAIL | r\n";
        let expectations = Expectations::parse(list).unwrap();
        let mut written = Vec::new();
        format.write(&mut written, &pages(), &expectations).unwrap();
        String::from_utf8(written).unwrap()
    }

    #[test]
    fn junit_has_a_suite_for_each_page() {
        assert_eq!(
            written(Format::Junit),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <testsuites name=\"framepost\" tests=\"7\" failures=\"3\" errors=\"0\" skipped=\"2\">\n\
             \x20 <testsuite name=\"/a.html\" tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"1\">\n\
             \x20   <testcase classname=\"/a.html\" name=\"/a.html\"><skipped message=\"needs a moon\"/></testcase>\n\
             \x20 </testsuite>\n\
             \x20 <testsuite name=\"/b.html\" tests=\"4\" failures=\"2\" errors=\"0\" skipped=\"1\">\n\
             \x20   <testcase classname=\"/b.html\" name=\"fine\"/>\n\
             \x20   <testcase classname=\"/b.html\" name=\"&lt;a&gt; &amp; #b&#10;\u{fffd}\"><failure type=\"FAIL\" \
             message=\"]]&gt; &quot;x&quot;&#10;second \u{fffd}line\"/></testcase>\n\
             \x20   <testcase classname=\"/b.html\" name=\"known\"><skipped message=\"known failure: it is # slow\"/></testcase>\n\
             \x20   <testcase classname=\"/b.html\" name=\"(known failures)\"><failure type=\"MISSING (expected FAIL) gone\" \
             message=\"\"/></testcase>\n\
             \x20 </testsuite>\n\
             \x20 <testsuite name=\"/c.html\" tests=\"1\" failures=\"1\" errors=\"0\" skipped=\"0\">\n\
             \x20   <testcase classname=\"/c.html\" name=\"/c.html\"><failure type=\"CRASH\" message=\"gone\"/></testcase>\n\
             \x20 </testsuite>\n\
             \x20 <testsuite name=\"/d.html\" tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"0\">\n\
             \x20   <testcase classname=\"/d.html\" name=\"/d.html\"/>\n\
             \x20 </testsuite>\n\
             </testsuites>\n"
        );
    }

    #[test]
    fn tap_has_a_line_for_each_case() {
        assert_eq!(
            written(Format::Tap),
            "TAP version 14\n\
             1..7\n\
             ok 1 - /a.html # SKIP needs a moon\n\
             ok 2 - /b.html: fine\n\
             not ok 3 - /b.html: <a> & \\#b\\n\\u{1b}\n\
             \x20 ---\n\
             \x20 status: \"FAIL\"\n\
             \x20 message: \"]]> \\\"x\\\"\\nsecond \u{fffe}line\"\n\
             \x20 ...\n\
             not ok 4 - /b.html: known # TODO it is \\# slow\n\
             not ok 5 - /b.html: (known failures)\n\
             \x20 ---\n\
             \x20 status: \"MISSING (expected FAIL) gone\"\n\
             \x20 message: \"\"\n\
             \x20 ...\n\
             not ok 6 - /c.html\n\
             \x20 ---\n\
             \x20 status: \"CRASH\"\n\
             \x20 message: \"gone\"\n\
             \x20 ...\n\
             ok 7 - /d.html\n"
        );
    }

    #[test]
    fn json_is_the_report() {
        let read = report::read_report(written(Format::Json).as_bytes()).unwrap();
        let tests: Vec<&str> = read.iter().map(|page| page.test.as_str()).collect();
        assert_eq!(tests, ["/a.html", "/b.html", "/c.html", "/d.html"]);
    }
}
