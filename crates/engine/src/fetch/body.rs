//! Bodies ([Fetch, Body mixin](https://fetch.spec.whatwg.org/#body-mixin)).

use super::bodies::{blob, body_used, consume, form_data, parse_json, stream_of};
use crate::file::blob::Blob;
use crate::file::blob_data::BlobData;
use crate::file::blob_read::{Package, package_data};
use crate::html::entry_list::EntryList;
use crate::html::form_data::FormData;
use crate::streams::interfaces::ReadableStream;
use crate::streams::readable_stream::Readable;
use crate::url::query::ParamsData;
use crate::url::url_search_params::URLSearchParams;
use crate::webidl::buffer_source::BufferSource;
use crate::webidl::interface;

interface! {
    /// The members of objects with a body.
    ///
    /// NOT YET: `textStream()`.
    interface mixin Body {
        readonly attribute ReadableStream? body = |this, cx| stream_of(this, cx);
        readonly attribute boolean bodyUsed = |this, _| body_used(this);
        [NewObject] Promise<ArrayBuffer> arrayBuffer() = |this, cx| consume(this, |_, body, cx| package_data(body, &Package::ArrayBuffer, cx), cx);
        [NewObject] Promise<Blob> blob() = |this, cx| consume(this, blob, cx);
        [NewObject] Promise<Uint8Array> bytes() = |this, cx| consume(this, |_, body, cx| package_data(body, &Package::Bytes, cx), cx);
        [NewObject] Promise<FormData> formData() = |this, cx| consume(this, form_data, cx);
        [NewObject] Promise<any> json() = |this, cx| consume(this, |_, body, cx| {
            let text = package_data(body, &Package::Text, cx)?;
            parse_json(&text, cx)
        }, cx);
        [NewObject] Promise<USVString> text() = |this, cx| consume(this, |_, body, cx| package_data(body, &Package::Text, cx), cx);
    }

    typedef (ReadableStream(Readable) or Blob(BlobData) or BufferSource or FormData(EntryList) or URLSearchParams(ParamsData) or USVString) BodyInit;
}
