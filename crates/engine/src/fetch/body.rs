//! Bodies ([Fetch, Body mixin](https://fetch.spec.whatwg.org/#body-mixin)).

use super::bodies::{blob, body_used, consume, form_data, parse_json};
use crate::file::blob::Blob;
use crate::file::blob_data::BlobData;
use crate::file::blob_read::{Package, package_data};
use crate::html::entry_list::EntryList;
use crate::html::form_data::FormData;
use crate::url::query::ParamsData;
use crate::url::url_search_params::URLSearchParams;
use crate::webidl::buffer_source::BufferSource;
use crate::webidl::interface;

interface! {
    /// The members of objects with a body.
    ///
    /// NOT YET: `body` and `textStream()`, since there are no streams.
    interface mixin Body {
        readonly attribute boolean bodyUsed = |this, _| body_used(this);
        [NewObject] Promise<ArrayBuffer> arrayBuffer() = |this, cx| consume(this, cx, |body, cx| package_data(&body, &Package::ArrayBuffer, cx));
        [NewObject] Promise<Blob> blob() = |this, cx| consume(this, cx, |body, cx| blob(this, &body, cx));
        [NewObject] Promise<Uint8Array> bytes() = |this, cx| consume(this, cx, |body, cx| package_data(&body, &Package::Bytes, cx));
        [NewObject] Promise<FormData> formData() = |this, cx| consume(this, cx, |body, cx| form_data(this, &body, cx));
        [NewObject] Promise<any> json() = |this, cx| consume(this, cx, |body, cx| {
            let text = package_data(&body, &Package::Text, cx)?;
            parse_json(&text, cx)
        });
        [NewObject] Promise<USVString> text() = |this, cx| consume(this, cx, |body, cx| package_data(&body, &Package::Text, cx));
    }

    typedef (Blob(BlobData) or BufferSource or FormData(EntryList) or URLSearchParams(ParamsData) or USVString) BodyInit;
}
