//! Shared helpers of tests: running the command, and files for it.

// Every test file is its own crate, and uses only some of these helpers.
#![allow(dead_code, clippy::unwrap_used, unreachable_pub)]

use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

/// A minimal testharness.js for these tests: tests that end at once, a completion when the
/// page is loaded or, for `explicit` pages, when `done` is called.
pub const HARNESS: &str = "
    (() => {
      const callbacks = [], tests = [], harness = { status: 0, message: null };
      let explicit = false;
      self.setup = (properties) => { explicit ||= Boolean(properties.explicit_done) };
      self.add_completion_callback = (callback) => callbacks.push(callback);
      self.test = (body, name) => {
        const result = { name, status: 0, message: null };
        try { body() } catch (error) { result.status = 1; result.message = String(error) }
        tests.push(result);
      };
      self.done = () => callbacks.forEach((callback) => callback(tests, harness));
      addEventListener('error', (event) => {
        harness.status = 1;
        harness.message = event.message;
      });
      addEventListener('load', () => { if (!explicit) done() });
    })();
";

/// The result of a run of the command.
pub struct Ran {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

/// Runs the command in a directory.
pub fn framepost(directory: &Path, arguments: &[&str]) -> Ran {
    let output = Command::new(env!("CARGO_BIN_EXE_framepost"))
        .current_dir(directory)
        .args(arguments)
        .output()
        .unwrap();
    Ran {
        code: output.status.code(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A directory with these files.
pub fn files<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = directory.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    directory
}
