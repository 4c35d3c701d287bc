//! Elements that contain navigables: `iframe`, `frame`, `object` and `embed`
//! ([HTML, embedded content](https://html.spec.whatwg.org/multipage/iframe-embed-object.html)).

mod child;
mod embedded;
mod iframe;

pub(crate) use embedded::Embedded;
