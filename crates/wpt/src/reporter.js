// Appended to testharness.js when a page is loaded by `framepost test`: keeps the results where the
// runner finds them. Only the page under test reports, not what it embeds or opens.
(() => {
  "use strict";
  if (typeof window !== "object" || window.parent !== window || window.opener) {
    return;
  }
  const { stringify } = JSON;
  const { defineProperty } = Object;
  // Nobody looks at the table of results.
  setup({ output: false });
  add_completion_callback((tests, status) => {
    const subtests = [];
    for (const { name, status, message } of tests) {
      subtests[subtests.length] = { name, status, message };
    }
    const value = stringify({ status: status.status, message: status.message, subtests });
    defineProperty(window, Symbol.for("framepost.results"), { value });
  });
})();
