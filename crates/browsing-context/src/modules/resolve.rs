//! Resolving module specifiers by the import map of a document's window.

use framepost_event_loop::ClientId;
use url::Url;

use super::table::Modules;
use crate::Contexts;
use crate::import_maps::{ImportMap, ImportMapError, ImportMapWarning, SpecifierError};

impl Contexts {
    /// [Resolve a module specifier](https://html.spec.whatwg.org/multipage/webappapis.html#resolve-a-module-specifier)
    /// of a script with this base URL. A document uses the import map of its window, and a later import map does not
    /// change the result. A worker has no import map.
    ///
    /// # Errors
    ///
    /// The specifier is bare and no import map contains it, or the import map refuses it.
    pub fn resolve_a_module_specifier(
        &mut self,
        client: ClientId,
        specifier: &str,
        base_url: &Url,
    ) -> Result<Url, SpecifierError> {
        if self.document(client).is_none() {
            return ImportMap::default().resolve(specifier, base_url);
        }
        let imports = self.modules.import_maps.entry(client).or_default();
        imports.resolve(specifier, base_url)
    }
}

impl Modules {
    /// [Register an import map](https://html.spec.whatwg.org/multipage/webappapis.html#register-an-import-map),
    /// the text of a script element.
    pub(crate) fn register_an_import_map(
        &mut self,
        document: ClientId,
        text: &str,
        base_url: &Url,
    ) -> Result<Vec<ImportMapWarning>, ImportMapError> {
        let (map, mut warnings) = ImportMap::parse(text, base_url)?;
        let imports = self.import_maps.entry(document).or_default();
        imports.merge(map, &mut warnings);
        Ok(warnings)
    }
}
