//! Cookies ([HTML, cookies](https://html.spec.whatwg.org/multipage/dom.html#dom-document-cookie), and the
//! [Cookie Store API](https://cookiestore.spec.whatwg.org/)). The jar is in the browsing-context crate.

pub(crate) mod changes;
pub(crate) mod document;
pub(crate) mod jar;
pub(crate) mod store;
pub(crate) mod store_steps;
