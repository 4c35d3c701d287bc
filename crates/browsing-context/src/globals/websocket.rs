//! The checks before a WebSocket ([WebSockets, opening handshake](https://websockets.spec.whatwg.org/#handshake-connections)).

use framepost_event_loop::GlobalId;
use url::Url;

use crate::Contexts;
use crate::fetch::{Destination, FetchRequest, LoadError, has_bad_port};
use crate::origin::is_potentially_trustworthy;

impl Contexts {
    /// Checks that a global may [establish a WebSocket connection](https://websockets.spec.whatwg.org/#concept-websocket-establish)
    /// to a URL of `ws` or `wss`. Returns the handshake as a request, for its cookies and its origin.
    ///
    /// # Errors
    /// A policy or a rule of fetches forbids it.
    pub fn websocket_request(
        &self,
        global: GlobalId,
        url: &Url,
    ) -> Result<FetchRequest, LoadError> {
        let refused = |reason| {
            let url = url.to_string();
            Err(LoadError::Refused { url, reason })
        };
        let initiator = self.client_of_global(global);
        let client = initiator.and_then(|client| self.fetch_client(client));
        let (Some(initiator), Some(client)) = (initiator, client) else {
            return refused("its window or worker is gone");
        };
        // 1. The request has the scheme of HTTP. The setter fails for no such URL.
        let mut of_http = url.clone();
        let is_secure = url.scheme() == "wss";
        let _ = of_http.set_scheme(if is_secure { "https" } else { "http" });
        // 2. to 9. The checks of a fetch apply.
        if has_bad_port(url) {
            return refused("its port belongs to another protocol");
        }
        let csp = &client.policies.csp;
        if !csp.allow_connection(url) && !csp.allow_connection(&of_http) {
            return refused("the content security policy forbids it");
        }
        let is_secure_page = client.origin.to_string().starts_with("https:");
        if is_secure_page && !is_potentially_trustworthy(&of_http) {
            return refused("a secure page may not use an insecure connection");
        }
        let mut request = FetchRequest::new(of_http, Destination::Empty);
        request.initiator = Some(initiator);
        request.origin = Some(client.origin);
        Ok(request)
    }
}
