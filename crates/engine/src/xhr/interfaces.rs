//! `XMLHttpRequest` and its targets of events ([XMLHttpRequest, interface XMLHttpRequest](https://xhr.spec.whatwg.org/#interface-xmlhttprequest)).

use super::response::{
    all_response_headers, override_mime_type, response, response_text, response_xml,
};
use super::sending::{abort, send};
use super::state::{
    XhrData, open, open_async, set_request_header, set_response_type, set_timeout,
    set_with_credentials,
};
use crate::dom::document::Document;
use crate::dom::event_target::EVENT_TARGET;
use crate::file::blob::Blob;
use crate::file::blob_data::BlobData;
use crate::html::entry_list::EntryList;
use crate::html::form_data::FormData;
use crate::url::query::ParamsData;
use crate::url::url_search_params::URLSearchParams;
use crate::webidl::buffer_source::BufferSource;
use crate::webidl::{create_here, interface};
use markup5ever_rcdom::Handle as Node;

interface! {
    /// The `XMLHttpRequestEventTarget` interface.
    [Exposed=(Window,DedicatedWorker,SharedWorker)]
    interface XMLHttpRequestEventTarget : EventTarget {
        attribute EventHandler onloadstart;
        attribute EventHandler onprogress;
        attribute EventHandler onabort;
        attribute EventHandler onerror;
        attribute EventHandler onload;
        attribute EventHandler ontimeout;
        attribute EventHandler onloadend;
    }

    /// The `XMLHttpRequestUpload` interface.
    [Exposed=(Window,DedicatedWorker,SharedWorker)]
    interface XMLHttpRequestUpload : XMLHttpRequestEventTarget {}

    /// The `XMLHttpRequest` interface.
    [Exposed=(Window,DedicatedWorker,SharedWorker)]
    interface XMLHttpRequest(XhrData) : XMLHttpRequestEventTarget {
        constructor() = || XhrData::default();

        attribute EventHandler onreadystatechange;

        const unsigned short UNSENT = 0;
        const unsigned short OPENED = 1;
        const unsigned short HEADERS_RECEIVED = 2;
        const unsigned short LOADING = 3;
        const unsigned short DONE = 4;
        readonly attribute unsigned short readyState = .state;

        undefined open(ByteString method, USVString url) = |this, method: String, url: String, cx| open_async(this, &method, &url, cx);
        undefined open(ByteString method, USVString url, boolean async, optional USVString? username = null, optional USVString? password = null) =
            |this, method: String, url: String, is_async: bool, username: Option<String>, password: Option<String>, cx| open(this, &method, &url, is_async, (username, password), cx);
        undefined setRequestHeader(ByteString name, ByteString value);
        attribute unsigned long timeout = .timeout, set_timeout;
        attribute boolean withCredentials = .with_credentials, set_with_credentials;
        [SameObject] readonly attribute XMLHttpRequestUpload upload = |_, cx| create_here(&XML_HTTP_REQUEST_UPLOAD, (), cx);
        undefined send(optional XMLHttpRequestBody? body = null);
        undefined abort();

        readonly attribute USVString responseURL = |data| data.response_url();
        readonly attribute unsigned short status = |data| data.status();
        readonly attribute ByteString statusText = |data| data.status_text();
        ByteString? getResponseHeader(ByteString name) = |data: &XhrData, name: String| data.response_header(&name);
        ByteString getAllResponseHeaders() = |data: &XhrData| all_response_headers(data);
        undefined overrideMimeType(DOMString mime);
        attribute XMLHttpRequestResponseType responseType = .response_type, set_response_type;
        readonly attribute any response;
        readonly attribute USVString responseText;
        [Exposed=Window] readonly attribute Document? responseXML;
    }

    enum XMLHttpRequestResponseType { "" = Default, "arraybuffer", "blob", "document", "json", "text" };

    typedef (Document(Node) or Blob(BlobData) or BufferSource or FormData(EntryList) or URLSearchParams(ParamsData) or USVString) XMLHttpRequestBody;
}
