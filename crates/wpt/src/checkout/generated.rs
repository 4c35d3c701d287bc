//! Generates the pages and worker scripts of test scripts: `a.any.html` for `a.any.js` and so on.

use super::meta::{Global, ScriptMeta};

/// The kind of text that is generated for a suffix of a URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Generated {
    /// A page that runs the script itself, with the global named if the script has to allow it.
    Page(Option<Global>),
    /// A page that starts the script in a worker of its own.
    Worker(Global),
    /// A script that a worker starts with, which imports the test script.
    WorkerScript { module: bool },
}

struct Rule {
    /// The suffix of the URL.
    suffix: &'static str,
    /// The suffix of the source file.
    file: &'static str,
    /// The suffix of the URL that the generated text loads.
    resource: &'static str,
    what: Generated,
}

/// The first match applies.
const RULES: [Rule; 11] = [
    rule(
        ".any.worker.html",
        ".any.js",
        ".any.worker.js",
        Generated::Worker(Global::DedicatedWorker),
    ),
    rule(
        ".worker.html",
        ".worker.js",
        ".worker.js",
        Generated::Worker(Global::DedicatedWorker),
    ),
    rule(
        ".any.worker-module.html",
        ".any.js",
        ".any.worker-module.js",
        Generated::Worker(Global::DedicatedWorkerModule),
    ),
    rule(
        ".window.html",
        ".window.js",
        ".window.js",
        Generated::Page(None),
    ),
    rule(
        ".any.html",
        ".any.js",
        ".any.js",
        Generated::Page(Some(Global::Window)),
    ),
    rule(
        ".any.sharedworker.html",
        ".any.js",
        ".any.worker.js",
        Generated::Worker(Global::SharedWorker),
    ),
    rule(
        ".any.sharedworker-module.html",
        ".any.js",
        ".any.worker-module.js",
        Generated::Worker(Global::SharedWorkerModule),
    ),
    rule(
        ".any.serviceworker.html",
        ".any.js",
        ".any.worker.js",
        Generated::Worker(Global::ServiceWorker),
    ),
    rule(
        ".any.serviceworker-module.html",
        ".any.js",
        ".any.worker-module.js",
        Generated::Worker(Global::ServiceWorkerModule),
    ),
    rule(
        ".any.worker.js",
        ".any.js",
        ".any.js",
        Generated::WorkerScript { module: false },
    ),
    rule(
        ".any.worker-module.js",
        ".any.js",
        ".any.js",
        Generated::WorkerScript { module: true },
    ),
];

const fn rule(
    suffix: &'static str,
    file: &'static str,
    resource: &'static str,
    what: Generated,
) -> Rule {
    Rule {
        suffix,
        file,
        resource,
        what,
    }
}

/// The path of a generated text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Plan {
    /// The path of the source file.
    pub(super) file: String,
    /// The path that the generated text loads.
    resource: String,
    what: Generated,
}

/// What to generate for this path; `None` for other paths.
pub(super) fn plan(path: &str) -> Option<Plan> {
    let rule = RULES.iter().find(|rule| path.ends_with(rule.suffix))?;
    let stem = path.strip_suffix(rule.suffix)?;
    Some(Plan {
        file: format!("{stem}{}", rule.file),
        resource: format!("{stem}{}", rule.resource),
        what: rule.what,
    })
}

/// A generated text.
pub(super) struct Text {
    pub(super) content_type: &'static str,
    pub(super) text: String,
}

impl Plan {
    /// The text, or `None` if the script is not for this kind of global. `query` is the URL's,
    /// with its question mark.
    pub(super) fn generate(&self, meta: &ScriptMeta, query: &str) -> Option<Text> {
        match self.what {
            Generated::WorkerScript { module } => Some(Text {
                content_type: "text/javascript",
                text: worker_script(meta, &self.resource, module),
            }),
            Generated::Page(global) => {
                if global.is_some_and(|global| !meta.globals().contains(&global)) {
                    return None;
                }
                Some(Text {
                    content_type: "text/html",
                    text: self.page(meta, global.is_some()),
                })
            }
            Generated::Worker(global) => {
                // The name of a `.worker.js` script makes it a script for workers.
                if self.file.ends_with(".any.js") && !meta.globals().contains(&global) {
                    return None;
                }
                let text = self.worker_page(meta, global, query);
                Some(Text {
                    content_type: "text/html",
                    text,
                })
            }
        }
    }

    fn page(&self, meta: &ScriptMeta, announces_global: bool) -> String {
        let mut page = head(meta);
        if announces_global {
            page.push_str("<script>\nself.GLOBAL = {\n");
            page.push_str("  isWindow: () => true,\n  isWorker: () => false,\n");
            page.push_str("  isShadowRealm: () => false,\n};\n</script>\n");
        }
        page.push_str(HARNESS);
        for script in meta.values("script") {
            page.push_str(&script_element(script));
        }
        page.push_str("<div id=log></div>\n");
        page.push_str(&script_element(&self.resource));
        page
    }

    fn worker_page(&self, meta: &ScriptMeta, global: Global, query: &str) -> String {
        let url = javascript_string(&format!("{}{query}", self.resource));
        let start = match global {
            Global::Window | Global::DedicatedWorker => {
                format!("fetch_tests_from_worker(new Worker({url}));")
            }
            Global::DedicatedWorkerModule => {
                format!("fetch_tests_from_worker(new Worker({url}, {{ type: \"module\" }}));")
            }
            Global::SharedWorker => format!("fetch_tests_from_worker(new SharedWorker({url}));"),
            Global::SharedWorkerModule => {
                format!("fetch_tests_from_worker(new SharedWorker({url}, {{ type: \"module\" }}));")
            }
            Global::ServiceWorker => service_worker(&url, "{ scope }"),
            Global::ServiceWorkerModule => service_worker(&url, "{ scope, type: \"module\" }"),
        };
        format!(
            "{}{HARNESS}<div id=log></div>\n<script>\n{start}\n</script>\n",
            head(meta)
        )
    }
}

const HARNESS: &str = "<script src=\"/resources/testharness.js\"></script>\n\
                       <script src=\"/resources/testharnessreport.js\"></script>\n";

fn head(meta: &ScriptMeta) -> String {
    let mut head = String::from("<!doctype html>\n<meta charset=utf-8>\n");
    for (key, value) in meta.lines() {
        match (key, value) {
            ("timeout", "long") => head.push_str("<meta name=\"timeout\" content=\"long\">\n"),
            ("title", title) => {
                let title = title.replace('&', "&amp;").replace('<', "&lt;");
                head.push_str(&format!("<title>{title}</title>\n"));
            }
            _ => {}
        }
    }
    head
}

fn script_element(source: &str) -> String {
    let source = source.replace('&', "&amp;").replace('"', "&quot;");
    format!("<script src=\"{source}\"></script>\n")
}

fn service_worker(url: &str, options: &str) -> String {
    format!(
        "(async () => {{\n  const scope = \"does/not/exist\";\n  \
         const earlier = await navigator.serviceWorker.getRegistration(scope);\n  \
         if (earlier) {{\n    await earlier.unregister();\n  }}\n  \
         const now = await navigator.serviceWorker.register({url}, {options});\n  \
         fetch_tests_from_worker(now.installing);\n}})();"
    )
}

fn worker_script(meta: &ScriptMeta, resource: &str, module: bool) -> String {
    let import = |path: &str| {
        let path = javascript_string(path);
        if module {
            format!("import {path};\n")
        } else {
            format!("importScripts({path});\n")
        }
    };
    let mut script = String::new();
    for title in meta.values("title") {
        script.push_str(&format!(
            "self.META_TITLE = {};\n",
            javascript_string(title)
        ));
    }
    script.push_str("self.GLOBAL = {\n  isWindow: () => false,\n  isWorker: () => true,\n");
    script.push_str("  isShadowRealm: () => false,\n};\n");
    script.push_str(&import("/resources/testharness.js"));
    for path in meta.values("script") {
        script.push_str(&import(path));
    }
    script.push_str(&import(resource));
    script.push_str("done();\n");
    script
}

fn javascript_string(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn generate(path: &str, meta: &str, query: &str) -> Option<String> {
        let plan = plan(path)?;
        Some(
            plan.generate(&ScriptMeta::read(meta.as_bytes()), query)?
                .text,
        )
    }

    #[test]
    fn plans_by_the_end_of_the_path() {
        let file = |path: &str| plan(path).map(|plan| (plan.file, plan.resource));
        let pair = |file: &str, resource: &str| Some((file.to_owned(), resource.to_owned()));
        assert_eq!(file("/a/b.any.html"), pair("/a/b.any.js", "/a/b.any.js"));
        assert_eq!(
            file("/a/b.any.worker.html"),
            pair("/a/b.any.js", "/a/b.any.worker.js")
        );
        assert_eq!(
            file("/a/b.worker.html"),
            pair("/a/b.worker.js", "/a/b.worker.js")
        );
        assert_eq!(
            file("/a/b.any.worker.js"),
            pair("/a/b.any.js", "/a/b.any.js")
        );
        assert_eq!(file("/a/b.html"), None);
    }

    #[test]
    fn generated_pages_contain_the_scripts_that_a_test_names() {
        let meta = "// META: title=A & <B>\n// META: script=/c/d.js?e&f\n// META: timeout=long\n";
        let page = generate("/a/b.window.html", meta, "").unwrap();
        assert!(page.contains("<title>A &amp; &lt;B></title>"));
        assert!(page.contains("<meta name=\"timeout\" content=\"long\">"));
        let harness = page.find("/resources/testharness.js").unwrap();
        let helper = page
            .find("<script src=\"/c/d.js?e&amp;f\"></script>")
            .unwrap();
        let test = page
            .find("<script src=\"/a/b.window.js\"></script>")
            .unwrap();
        assert!(harness < helper && helper < test);
        assert!(!page.contains("GLOBAL"));
    }

    #[test]
    fn script_runs_only_in_the_globals_that_it_names() {
        let window = generate("/a.any.html", "", "").unwrap();
        assert!(window.contains("isWindow: () => true"));
        assert!(window.contains("isShadowRealm: () => false"));
        assert_eq!(
            generate("/a.any.html", "// META: global=worker\n", ""),
            None
        );
        assert_eq!(generate("/a.any.sharedworker.html", "", ""), None);
        assert!(generate("/a.worker.html", "", "").is_some());
    }

    #[test]
    fn workers_are_started_with_the_query() {
        let page = generate("/a.any.worker.html", "", "?x=\"1").unwrap();
        assert!(
            page.contains("new Worker(\"/a.any.worker.js?x=\\\"1\")"),
            "{page}"
        );
        let script = generate(
            "/a.any.worker.js",
            "// META: title=T\n// META: script=b.js\n",
            "",
        )
        .unwrap();
        assert_eq!(
            script,
            "self.META_TITLE = \"T\";\nself.GLOBAL = {\n  isWindow: () => false,\n  \
             isWorker: () => true,\n  isShadowRealm: () => false,\n};\nimportScripts(\"/resources/testharness.js\");\n\
             importScripts(\"b.js\");\nimportScripts(\"/a.any.js\");\ndone();\n"
        );
    }
}
