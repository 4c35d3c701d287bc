//! The response of an `XMLHttpRequest` ([XMLHttpRequest, response](https://xhr.spec.whatwg.org/#xmlhttprequest-response)).

use boa_engine::{Context, JsObject, JsResult, JsValue};
use data_url::mime::Mime;
use framepost_browsing_context::fetch::decode_text;
use framepost_browsing_context::fetch::headers::extract_mime_type;
use framepost_browsing_context::{DocumentKind, DocumentProperties, about_blank};
use markup5ever_rcdom::Handle as Node;

use super::interfaces::XMLHttpRequestResponseType as Type;
use super::state::{DONE, LOADING, XhrData, invalid_state};
use crate::dom::node;
use crate::fetch::bodies::parse_json;
use crate::file::blob::BLOB;
use crate::file::blob_data::BlobData;
use crate::script::with_contexts;
use crate::webidl::convert::js_str;
use crate::webidl::{buffer_source, create_here, platform};

impl XhrData {
    /// [Get a response MIME type](https://xhr.spec.whatwg.org/#response-mime-type)
    fn response_mime_type(&self) -> Option<Mime> {
        let found = self.response.as_ref();
        let found = found.and_then(|held| extract_mime_type(&held.headers));
        found.as_deref().unwrap_or("text/xml").parse().ok()
    }

    /// [Get a final MIME type](https://xhr.spec.whatwg.org/#final-mime-type)
    fn final_mime_type(&self) -> Option<Mime> {
        match &self.override_mime {
            Some(own) => own.parse().ok(),
            None => self.response_mime_type(),
        }
    }

    /// The label of the [final encoding](https://xhr.spec.whatwg.org/#final-charset).
    fn final_charset(&self) -> Option<String> {
        let charset = |mime: Option<Mime>| mime?.get_parameter("charset").map(str::to_owned);
        let of_override = self.override_mime.as_ref().map(|own| own.parse().ok());
        charset(of_override.flatten()).or_else(|| charset(self.response_mime_type()))
    }

    fn bytes(&self) -> Vec<u8> {
        let received = self.received.as_ref();
        received.map_or_else(Vec::new, |body| body.bytes().to_vec())
    }

    /// [Get a text response](https://xhr.spec.whatwg.org/#text-response)
    fn text(&self) -> String {
        let is_xml = self.response_type == Type::Default
            && self.final_mime_type().is_some_and(|mime| is_xml(&mime));
        let kind = match is_xml {
            true => "text/xml",
            false => "text/plain",
        };
        decode_text(&self.bytes(), self.final_charset().as_deref(), kind)
    }
}

fn is_xml(mime: &Mime) -> bool {
    mime.subtype.ends_with("+xml")
        || mime.subtype == "xml" && matches!(mime.type_.as_str(), "text" | "application")
}

/// [getAllResponseHeaders()](https://xhr.spec.whatwg.org/#dom-xmlhttprequest-getallresponseheaders)
pub(super) fn all_response_headers(data: &XhrData) -> String {
    let Some(response) = &data.response else {
        return String::new();
    };
    let mut names: Vec<String> = response
        .headers
        .iter()
        .map(|(name, _)| name.to_ascii_lowercase())
        .collect();
    // The order is that of the names in upper case.
    names.sort_unstable_by_key(|name| name.to_ascii_uppercase());
    names.dedup();
    let line = |name: &String| {
        let value = data.response_header(name).unwrap_or_default();
        format!("{name}: {value}\r\n")
    };
    names.iter().map(line).collect()
}

/// [overrideMimeType()](https://xhr.spec.whatwg.org/#dom-xmlhttprequest-overridemimetype)
pub(super) fn override_mime_type(xhr: &JsObject, mime: &str, cx: &mut Context) -> JsResult<()> {
    // 1. It is too late once bytes arrive.
    let state = platform::read(xhr, |data: &XhrData| data.state)?;
    if state == LOADING || state == DONE {
        let message = "MimeType cannot be overridden when the state is LOADING or DONE.";
        return Err(invalid_state(message, cx));
    }
    // 2. and 3. Parse it.
    let parsed = mime.parse::<Mime>().map(|mime| mime.to_string());
    let parsed = parsed.unwrap_or_else(|_| "application/octet-stream".to_owned());
    platform::write(xhr, |data: &mut XhrData| data.override_mime = Some(parsed))
}

/// [responseText](https://xhr.spec.whatwg.org/#dom-xmlhttprequest-responsetext)
pub(super) fn response_text(xhr: &JsObject, cx: &mut Context) -> JsResult<String> {
    let (kind, state) = platform::read(xhr, |data: &XhrData| (data.response_type, data.state))?;
    // 1. The type has to be text.
    if !matches!(kind, Type::Default | Type::Text) {
        let message =
            "The value is only accessible if the object's 'responseType' is '' or 'text'.";
        return Err(invalid_state(message, cx));
    }
    // 2. and 3. Return what has arrived.
    match state {
        LOADING | DONE => platform::read(xhr, XhrData::text),
        _ => Ok(String::new()),
    }
}

/// [responseXML](https://xhr.spec.whatwg.org/#dom-xmlhttprequest-responsexml)
pub(super) fn response_xml(xhr: &JsObject, cx: &mut Context) -> JsResult<JsValue> {
    let (kind, state) = platform::read(xhr, |data: &XhrData| (data.response_type, data.state))?;
    // 1. The type has to be that of a document.
    if !matches!(kind, Type::Default | Type::Document) {
        let message =
            "The value is only accessible if the object's 'responseType' is '' or 'document'.";
        return Err(invalid_state(message, cx));
    }
    // 2. The response has to be complete.
    if state != DONE {
        return Ok(JsValue::null());
    }
    // 3. to 6. Return the document, which stays the same.
    held_or(xhr, cx, document_response)
}

/// [response](https://xhr.spec.whatwg.org/#dom-xmlhttprequest-response)
pub(super) fn response(xhr: &JsObject, cx: &mut Context) -> JsResult<JsValue> {
    let (kind, state) = platform::read(xhr, |data: &XhrData| (data.response_type, data.state))?;
    // 1. A text may be incomplete.
    if matches!(kind, Type::Default | Type::Text) {
        return Ok(js_str(response_text(xhr, cx)?));
    }
    // 2. Anything else has to be complete.
    if state != DONE {
        return Ok(JsValue::null());
    }
    // 3. to 10. Return the object, which stays the same.
    held_or(xhr, cx, |xhr, cx| match kind {
        Type::Arraybuffer => {
            let bytes = platform::read(xhr, XhrData::bytes)?;
            Ok(buffer_source::array_buffer(&bytes, cx)?.into())
        }
        Type::Blob => {
            let (body, mime) = platform::read(xhr, |data: &XhrData| {
                (data.received.clone(), data.final_mime_type())
            })?;
            let content_type = mime.map(|mime| mime.to_string()).unwrap_or_default();
            let mut blob = body
                .unwrap_or_else(|| BlobData::new(std::sync::Arc::default(), String::new(), None));
            blob.content_type = content_type;
            Ok(create_here(&BLOB, blob, cx).into())
        }
        Type::Document => document_response(xhr, cx),
        _ => {
            // 8. JSON is always in UTF-8, and a failure is null.
            let body = platform::read(xhr, |data: &XhrData| {
                data.received.as_ref().map(|_| data.bytes())
            })?;
            let Some(bytes) = body else {
                return Ok(JsValue::null());
            };
            let text = js_str(decode_text(&bytes, Some("utf-8"), "text/plain"));
            match parse_json(&text, cx) {
                Ok(value) => Ok(value),
                Err(error) if error.as_engine().is_some() => Err(error),
                Err(_) => Ok(JsValue::null()),
            }
        }
    })
}

/// The response object, made once. A network error has none.
fn held_or(
    xhr: &JsObject,
    cx: &mut Context,
    make: impl FnOnce(&JsObject, &mut Context) -> JsResult<JsValue>,
) -> JsResult<JsValue> {
    let (held, is_error) = platform::read(xhr, |data: &XhrData| {
        (data.response_object.clone(), data.is_network_error())
    })?;
    if is_error {
        return Ok(JsValue::null());
    }
    if let Some(held) = held {
        return Ok(held);
    }
    let made = make(xhr, cx)?;
    let kept = made.clone();
    platform::write(xhr, |data: &mut XhrData| data.response_object = Some(kept))?;
    Ok(made)
}

/// [Set a document response](https://xhr.spec.whatwg.org/#document-response)
fn document_response(xhr: &JsObject, cx: &mut Context) -> JsResult<JsValue> {
    let found = platform::read(xhr, |data: &XhrData| {
        // 1. and 2. Without a body there is no document.
        data.received.as_ref()?;
        // 3. Only HTML and XML become documents.
        let mime = data.final_mime_type()?;
        let is_html = mime.type_ == "text" && mime.subtype == "html";
        if !is_html && !is_xml(&mime) {
            return None;
        }
        // 4. HTML becomes one only if script asks for it.
        if is_html && data.response_type == Type::Default {
            return None;
        }
        let content_type = format!("{}/{}", mime.type_, mime.subtype);
        let text = decode_text(
            &data.bytes(),
            data.final_charset().as_deref(),
            if is_html { "text/html" } else { "text/xml" },
        );
        let url = data.response.as_ref().and_then(|held| held.url.clone());
        Some((is_html, content_type, text, url))
    })?;
    let Some((is_html, content_type, text, url)) = found else {
        return Ok(JsValue::null());
    };
    // 5. to 10. Parse it. Malformed XML gives no document.
    let url = url.unwrap_or_else(about_blank);
    let document: Option<Node> = with_contexts(cx, |contexts| {
        if is_html {
            let properties = DocumentProperties::new(url, DocumentKind::Html, &content_type);
            return Some(contexts.parse_html_from_a_string(&text, properties));
        }
        let properties = DocumentProperties::new(url, DocumentKind::Xml, &content_type);
        contexts.parse_xml_from_a_string(&text, properties).ok()
    });
    Ok(document.map_or_else(JsValue::null, |document| node::wrap(cx, &document).into()))
}
