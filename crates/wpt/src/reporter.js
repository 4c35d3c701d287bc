// `framepost test` appends this to testharness.js. It stores the results where the runner finds them. Only the page under
// test reports, not its frames or the windows that it opens.
(() => {
  "use strict";
  if (typeof window !== "object" || window.parent !== window || window.opener) {
    return;
  }
  const { stringify } = JSON;
  const { defineProperty } = Object;
  // The table of results is not used.
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
