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
        // If the module map has the module, or is fetching it, do not fetch it.
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
        // NOT YET: the referrer of an import is the module that contains it; the destination of a
        // JSON module; credentials modes; integrity metadata.
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
            // Create the module script, and fetch its imports.
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
            // Otherwise the module map has null.
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
        // The status has to be ok.
        let response = answer?;
        let url = response.url.to_string();
        if !(200..300).contains(&response.status) {
            let status = response.status;
            return Err(Diagnostic::HttpError { url, status });
        }
        // The mode of the request is "cors".
        let held = self.module(module);
        if let Some(client) = held.and_then(|held| self.fetch_client(held.client)) {
            cors_check(&client.origin, &response)?;
        }
        // The MIME type has to match the type of the module.
        let mime = response.content_type.as_deref().and_then(MimeType::parse);
        let essence = mime.map_or_else(String::new, |mime| mime.essence);
        let fits = match held.map(|held| held.kind) {
            Some(ModuleKind::Json) => is_json(&essence),
            _ => is_javascript(&essence),
        };
        if !fits {
            return Err(Diagnostic::UnsupportedType {
                url,
                content_type: essence,
            });
        }
        // Modules are always UTF-8.
        let text = decode_script(&response.body, None, "UTF-8");
        Ok((response.url, text))
    }
}
