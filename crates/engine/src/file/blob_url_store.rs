//! The [blob URL store](https://w3c.github.io/FileAPI/#url): of an agent. The frames of a page can load each other's
//! entries.

use std::collections::BTreeMap;

use boa_engine::Context;
use framepost_browsing_context::{FetchRequest, LoadError, Response};
use framepost_event_loop::GlobalId;
use url::Url;

use super::blob_data::BlobData;
use crate::boa::random;
use crate::boa::slots::Slot;
use crate::script::realm::{current_window, origin_of_window};

/// The agent's blob URLs.
static BLOB_URLS: Slot<BlobUrls> = Slot::new();

/// An [entry](https://w3c.github.io/FileAPI/#blob-url-entry).
struct Entry {
    blob: BlobData,
    /// The window or worker whose environment it is.
    window: GlobalId,
}

/// The blob URLs of an agent.
#[derive(Default)]
pub(crate) struct BlobUrls {
    entries: BTreeMap<String, Entry>,
}

impl BlobUrls {
    fn get(&self, url: &Url) -> Option<&Entry> {
        self.entries.get(without_fragment(url))
    }
}

/// Removes the URLs of a window or a worker that is gone
/// ([lifetime of blob URLs](https://w3c.github.io/FileAPI/#lifeTime)).
pub(crate) fn global_discarded(ctx: &Context, global: GlobalId) {
    BLOB_URLS.with(ctx, |urls| {
        urls.entries.retain(|_, entry| entry.window != global);
    });
}

fn without_fragment(url: &Url) -> &str {
    url[..url::Position::AfterQuery].as_ref()
}

/// The blob of a blob URL, and the window or worker that owns it
/// ([resolve a blob URL](https://w3c.github.io/FileAPI/#blob-url-resolve)).
pub(crate) fn entry(ctx: &Context, url: &Url) -> Option<(BlobData, GlobalId)> {
    if url.scheme() != "blob" {
        return None;
    }
    BLOB_URLS.with(ctx, |blob_urls| {
        let entry = blob_urls.get(url)?;
        Some((entry.blob.clone(), entry.window))
    })
}

/// Answers a request whose URL is a blob URL
/// ([scheme fetch](https://fetch.spec.whatwg.org/#scheme-fetch)).
pub(crate) fn load(ctx: &Context, request: &FetchRequest) -> Result<Response, LoadError> {
    let Some((blob, owner)) = entry(ctx, &request.url) else {
        return Err(LoadError::NotFound {
            url: request.url.to_string(),
        });
    };
    // Scripts, modules, workers and frames of another origin cannot load it.
    if let (Some(ours), Some(theirs)) = (&request.origin, origin_of_window(ctx, owner))
        && !ours.same_origin(&theirs)
    {
        return Err(LoadError::Refused {
            url: request.url.to_string(),
            reason: "only its own origin can load a blob URL",
        });
    }
    let mut response = Response::new(request.url.clone(), blob.content_type.clone(), blob.bytes());
    response.content_type = response
        .content_type
        .filter(|content_type| !content_type.is_empty());
    Ok(response)
}

/// [Generate a new blob URL](https://w3c.github.io/FileAPI/#unicodeBlobURL)
pub(super) fn generate(origin: &str, high: u64, low: u64) -> String {
    format!("blob:{origin}/{}", crate::boa::random::uuid(high, low))
}

/// [createObjectURL](https://w3c.github.io/FileAPI/#dfn-createObjectURL)
pub(super) fn create_object_url(blob: BlobData, cx: &mut Context) -> Option<String> {
    let window = current_window(cx)?;
    let origin = origin_of_window(cx, window);
    let origin = origin.map_or_else(|| "null".to_owned(), |origin| origin.to_string());
    let url = generate(&origin, random::next_u64(cx), random::next_u64(cx));
    BLOB_URLS.with(cx, |blob_urls| {
        let entry = Entry { blob, window };
        blob_urls.entries.insert(url.clone(), entry)
    });
    Some(url)
}

/// [revokeObjectURL](https://w3c.github.io/FileAPI/#dfn-revokeObjectURL)
pub(super) fn revoke_object_url(url: &str, cx: &mut Context) {
    // 1. Parse the URL.
    let Ok(url) = Url::parse(url) else { return };
    // 2. and 3. Only the exact URL revokes: a URL with a fragment names no entry.
    let owner = BLOB_URLS.with(cx, |blob_urls| {
        let entry = blob_urls.entries.get(url.as_str());
        entry.map(|entry| entry.window)
    });
    let (Some(owner), Some(window)) = (owner, current_window(cx)) else {
        return;
    };
    // 4. and 5. Only its own origin can revoke it.
    let allowed = owner == window
        || match (origin_of_window(cx, owner), origin_of_window(cx, window)) {
            (Some(theirs), Some(ours)) => theirs.same_origin(&ours),
            _ => false,
        };
    // 6. Remove the entry.
    if allowed {
        BLOB_URLS.with(cx, |blob_urls| blob_urls.entries.remove(url.as_str()));
    }
}

#[cfg(test)]
mod tests {
    use super::generate;

    #[test]
    fn a_generated_url_ends_with_a_random_uuid() {
        assert_eq!(
            generate("http://a.test", 0x0123_4567_89ab_cdef, u64::MAX),
            "blob:http://a.test/01234567-89ab-4def-bfff-ffffffffffff"
        );
        assert_eq!(
            generate("null", 0, 0),
            "blob:null/00000000-0000-4000-8000-000000000000"
        );
    }
}
