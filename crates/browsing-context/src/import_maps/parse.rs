//! [Parsing import maps](https://html.spec.whatwg.org/multipage/webappapis.html#parse-an-import-map-string).

use serde_json::{Map, Value};
use url::Url;

use super::{
    Descending, ImportMap, ImportMapWarning, SpecifierMap, resolve_a_url_like_module_specifier,
};

/// The reason why a text is not an import map. The window reports it as an exception.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ImportMapError {
    /// The text is not JSON: a `SyntaxError`.
    #[error("an import map is not JSON: {0}")]
    Syntax(String),
    /// A part of it is not an object: a `TypeError`.
    #[error("{0} has to be an object")]
    NotAnObject(String),
}

impl ImportMap {
    /// [Parse an import map string](https://html.spec.whatwg.org/multipage/webappapis.html#parse-an-import-map-string).
    /// The warnings name the parts that have no effect.
    ///
    /// # Errors
    ///
    /// The text is not JSON, or a part of it is not an object.
    pub fn parse(
        text: &str,
        base_url: &Url,
    ) -> Result<(Self, Vec<ImportMapWarning>), ImportMapError> {
        // 1. and 2. Parse the text, which has to be an object.
        let parsed: Value = serde_json::from_str(text)
            .map_err(|error| ImportMapError::Syntax(error.to_string()))?;
        let Value::Object(mut parsed) = parsed else {
            return Err(ImportMapError::NotAnObject("an import map".to_owned()));
        };
        // 4.1., 6.1. and 8.1. Each part has to be an object. All are checked before the first one is read.
        let mut part = |name: &str| match parsed.remove(name) {
            None => Ok(Map::new()),
            Some(value) => object(value, || format!("the '{name}' of an import map")),
        };
        let (imports, scopes) = (part("imports")?, part("scopes")?);
        let integrity = part("integrity")?;
        let mut reader = Reader {
            base_url,
            warnings: Vec::new(),
        };
        // 3. to 6. Normalize the imports and the scopes.
        let map = Self {
            imports: reader.sort_and_normalize_a_module_specifier_map(imports),
            scopes: reader.sort_and_normalize_scopes(scopes)?,
        };
        // 7. and 8. Normalize the integrity metadata. NOT YET: it has no effect.
        reader.normalize_a_module_integrity_map(&integrity);
        // 9. Warn of other keys.
        let unknown = parsed.into_iter().map(|(key, _)| key);
        reader
            .warnings
            .extend(unknown.map(ImportMapWarning::UnknownKey));
        // 10. Return the map.
        Ok((map, reader.warnings))
    }
}

fn object(
    value: Value,
    what: impl FnOnce() -> String,
) -> Result<Map<String, Value>, ImportMapError> {
    match value {
        Value::Object(object) => Ok(object),
        _ => Err(ImportMapError::NotAnObject(what())),
    }
}

struct Reader<'a> {
    base_url: &'a Url,
    warnings: Vec<ImportMapWarning>,
}

impl Reader<'_> {
    /// [Sort and normalize a module specifier map](https://html.spec.whatwg.org/multipage/webappapis.html#sorting-and-normalizing-a-module-specifier-map)
    fn sort_and_normalize_a_module_specifier_map(
        &mut self,
        original: Map<String, Value>,
    ) -> SpecifierMap {
        let mut normalized = SpecifierMap::new();
        // 2. For each entry:
        for (specifier, address) in original {
            // 2.1. and 2.2. Normalize its key.
            let Some(key) = self.normalize_a_specifier_key(&specifier) else {
                continue;
            };
            // 2.3. and 2.4. Its address has to be the text of a URL.
            let address = address
                .as_str()
                .and_then(|address| resolve_a_url_like_module_specifier(address, self.base_url));
            let address = match address {
                // 2.5. Without a URL, the specifier is refused.
                None => {
                    self.warnings.push(ImportMapWarning::NoUrl(specifier));
                    None
                }
                // 2.6. The same holds for a prefix whose URL does not end with a slash.
                Some(address) if specifier.ends_with('/') && !address.as_str().ends_with('/') => {
                    self.warnings.push(ImportMapWarning::NoSlash(specifier));
                    None
                }
                address => address,
            };
            // 2.7. Add the entry, in order.
            normalized.insert(Descending(key), address);
        }
        normalized
    }

    /// [Normalize a specifier key](https://html.spec.whatwg.org/multipage/webappapis.html#normalizing-a-specifier-key)
    fn normalize_a_specifier_key(&mut self, key: &str) -> Option<String> {
        if key.is_empty() {
            self.warnings.push(ImportMapWarning::EmptySpecifier);
            return None;
        }
        let url = resolve_a_url_like_module_specifier(key, self.base_url);
        Some(url.map_or_else(|| key.to_owned(), String::from))
    }

    /// [Sort and normalize scopes](https://html.spec.whatwg.org/multipage/webappapis.html#sorting-and-normalizing-scopes)
    fn sort_and_normalize_scopes(
        &mut self,
        original: Map<String, Value>,
    ) -> Result<std::collections::BTreeMap<Descending, SpecifierMap>, ImportMapError> {
        let mut normalized = std::collections::BTreeMap::new();
        for (prefix, imports) in original {
            let imports = object(imports, || format!("the scope '{prefix}' of an import map"))?;
            let Ok(url) = self.base_url.join(&prefix) else {
                self.warnings.push(ImportMapWarning::ScopeIsNoUrl(prefix));
                continue;
            };
            let imports = self.sort_and_normalize_a_module_specifier_map(imports);
            normalized.insert(Descending(url.into()), imports);
        }
        Ok(normalized)
    }

    /// [Normalize a module integrity map](https://html.spec.whatwg.org/multipage/webappapis.html#normalizing-a-module-integrity-map)
    fn normalize_a_module_integrity_map(&mut self, original: &Map<String, Value>) {
        for (key, value) in original {
            let url = resolve_a_url_like_module_specifier(key, self.base_url);
            if url.is_none() {
                self.warnings.push(ImportMapWarning::NoUrl(key.clone()));
            } else if !value.is_string() {
                self.warnings
                    .push(ImportMapWarning::NoIntegrity(key.clone()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<(ImportMap, Vec<ImportMapWarning>), ImportMapError> {
        ImportMap::parse(text, &Url::parse("http://a.test/").unwrap())
    }

    #[test]
    fn text_that_is_not_an_import_map_is_refused() {
        for text in ["", "{", "{]", "{ imports: {} }"] {
            assert!(
                matches!(parse(text), Err(ImportMapError::Syntax(_))),
                "{text}"
            );
        }
        for (text, what) in [
            ("1", "an import map"),
            ("[]", "an import map"),
            (r#"{ "imports": null }"#, "the 'imports' of an import map"),
            (r#"{ "scopes": [] }"#, "the 'scopes' of an import map"),
            (
                r#"{ "scopes": { "/": 1 } }"#,
                "the scope '/' of an import map",
            ),
            (r#"{ "integrity": "" }"#, "the 'integrity' of an import map"),
        ] {
            assert_eq!(
                parse(text),
                Err(ImportMapError::NotAnObject(what.to_owned()))
            );
        }
        assert!(parse(&"[".repeat(100_000)).is_err());
    }

    #[test]
    fn parts_without_effect_are_reported() {
        use ImportMapWarning::{
            EmptySpecifier, NoIntegrity, NoSlash, NoUrl, ScopeIsNoUrl, UnknownKey,
        };
        let text = r#"{
            "imports": { "": "/a", "bare": "b", "dir/": "/dir", "number": 1 },
            "scopes": { "http://:": {} },
            "integrity": { "bare": "", "/x": 1 },
            "more": 1
        }"#;
        let (map, warnings) = parse(text).unwrap();
        let name = str::to_owned;
        assert_eq!(
            warnings,
            [
                EmptySpecifier,
                NoUrl(name("bare")),
                NoSlash(name("dir/")),
                NoUrl(name("number")),
                ScopeIsNoUrl(name("http://:")),
                NoIntegrity(name("/x")),
                NoUrl(name("bare")),
                UnknownKey(name("more")),
            ]
        );
        let base = Url::parse("http://a.test/").unwrap();
        assert!(map.resolve("dir/x", &base).is_err());
        assert!(map.resolve("bare", &base).is_err());
    }
}
