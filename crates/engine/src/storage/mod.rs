//! Web storage ([HTML, web storage](https://html.spec.whatwg.org/multipage/webstorage.html)). The areas are in the
//! messaging crate.

pub(crate) mod areas;
pub(crate) mod interface;
pub(crate) mod storage_event;
