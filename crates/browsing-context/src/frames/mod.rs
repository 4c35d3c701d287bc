//! Elements that contain navigables: `iframe`, `frame`, `object` and `embed`
//! ([HTML, embedded content](https://html.spec.whatwg.org/multipage/iframe-embed-object.html)).

pub(crate) mod attempts;
mod child;
mod embedded;
mod iframe;
