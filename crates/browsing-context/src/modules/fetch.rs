//! Fetching one module
//! ([fetch a single module script](https://html.spec.whatwg.org/multipage/webappapis.html#fetch-a-single-module-script)).

use url::Url;

use super::table::{ModuleKind, State};
use crate::Contexts;
use crate::fetch::{
    Destination, LoadError, MimeType, PolicyContainer, ReferrerPolicy, Response, ScriptSource,
    cors_check, decode_script, is_javascript, is_json,
};
use crate::ids::ModuleId;
use crate::requests::Purpose;
use crate::steps::{Diagnostic, Effect, ModuleAction, Next};

impl Contexts {
    /// [Fetch a single module script](https://html.spec.whatwg.org/multipage/webappapis.html#fetch-a-single-module-script).
    pub(super) fn fetch_a_single_module_script(
        &mut self,
        module: ModuleId,
        next: &mut Next<'_>,
    ) -> Option<Effect> {
        // 1. to 4. The module has its type, and the module map of its client has the module.
        // 5. If it is fetched, nothing happens. The graphs find it in the map.
        // 6. Nor if it is being fetched. They wait for it.
        // 7. Otherwise it is being fetched now.
        if !self.modules.to_fetch.remove(&module) {
            return None;
        }
        let held = self.module(module)?;
        let (client, url) = (held.client, held.url.clone());
        let settings = self.fetch_client(client)?;
        // The content security policy may forbid it. A worker's own script is subject to its creator's policy.
        let source = ScriptSource::External(&url, &held.options);
        if !self.is_the_script_of_a_worker(module) && !settings.policies.csp.allow_script(source) {
            let url = settings.url.to_string();
            if let Some(held) = self.modules.modules.get_mut(module) {
                held.state = State::Failed;
            }
            next.push(ModuleAction::CheckGraphs(client));
            return Some(Effect::Report(Diagnostic::ScriptForbidden { url }));
        }
        // 8. Make the request. NOT YET: the referrer of an import is the module that contains it.
        // NOT YET: 9. The destination of a JSON module.
        // 10. `Worker::may_load` decides about the origin of a worker's script.
        // NOT YET: 11. The initiator type. 12. Credentials modes and integrity metadata.
        // 13. Fetch it.
        let request = self.requests.insert(Purpose::Module(module));
        let fetch = settings.request(client, url, Destination::Script, ReferrerPolicy::Unset);
        Some(Effect::Fetch(request, fetch))
    }

    /// The end of [fetch a single module script](https://html.spec.whatwg.org/multipage/webappapis.html#fetch-a-single-module-script):
    /// the response has arrived.
    pub(super) fn module_is_loaded(
        &mut self,
        module: ModuleId,
        answer: Result<Response, LoadError>,
        next: &mut Next<'_>,
    ) -> Option<Effect> {
        let client = self.module(module)?.client;
        let creator = self.fetch_client(client)?.policies;
        let policies = answer
            .as_ref()
            .ok()
            .map(|response| PolicyContainer::of_response(response, &creator));
        let text = self.module_text(module, answer);
        let held = self.modules.modules.get_mut(module)?;
        match text {
            // 13.7. Create the module script.
            // 13.8. The graphs wait for it.
            // 13.9. Enter it in the module map.
            // 13.10. Go on with the graphs.
            Ok((url, text)) => {
                held.url = url.clone();
                held.base_url = url;
                held.text = Some(text);
                held.policies = policies;
                held.state = State::Fetched;
                next.push_all([
                    ModuleAction::Parse(module).into(),
                    ModuleAction::FetchDescendants(module).into(),
                    ModuleAction::CheckGraphs(client).into(),
                ]);
                None
            }
            // 13.1. Otherwise the graphs that wait for it fail.
            // IMPLEMENTATION-DEFINED: the map keeps the failure, while the standard removes it.
            Err(diagnostic) => {
                held.state = State::Failed;
                next.push(ModuleAction::CheckGraphs(client));
                Some(Effect::Report(diagnostic))
            }
        }
    }

    /// The URL and the text of a response, if it is valid for this module.
    fn module_text(
        &self,
        module: ModuleId,
        answer: Result<Response, LoadError>,
    ) -> Result<(Url, String), Diagnostic> {
        // 13.1. The status has to be ok.
        let response = answer?;
        let url = response.url.to_string();
        if !(200..300).contains(&response.status) {
            let status = response.status;
            return Err(Diagnostic::HttpError { url, status });
        }
        // 8. The mode of the request is "cors".
        let held = self.module(module);
        if let Some(client) = held.and_then(|held| self.fetch_client(held.client)) {
            cors_check(&client.origin, &response)?;
        }
        // 13.2. Find the MIME type.
        // 13.3. There is no module script so far.
        // NOT YET: 13.4. and 13.5. The referrer policy of the response. 13.6. WebAssembly.
        let mime = response.content_type.as_deref().and_then(MimeType::parse);
        let essence = mime.map_or_else(String::new, |mime| mime.essence);
        let fits = match held.map(|held| held.kind) {
            // 13.7.5. A JSON module.
            Some(ModuleKind::Json) => is_json(&essence),
            // 13.7.3. A JavaScript module.
            // NOT YET: 13.7.2. Text modules. 13.7.4. CSS modules.
            _ => is_javascript(&essence),
        };
        if !fits {
            return Err(Diagnostic::UnsupportedType {
                url,
                content_type: essence,
            });
        }
        // 13.7.1. Decode the body as UTF-8.
        let text = decode_script(&response.body, None, "UTF-8");
        Ok((response.url, text))
    }
}
