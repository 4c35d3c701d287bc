//! Import maps: the resolution of module specifiers to URLs
//! ([HTML, import maps](https://html.spec.whatwg.org/multipage/webappapis.html#import-maps)).
//!
//! NOT YET: `integrity` is parsed and has no effect, like the attribute of that name.

mod parse;

use std::cmp::Ordering;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use url::Url;

pub use parse::ImportMapError;

/// An [import map](https://html.spec.whatwg.org/multipage/webappapis.html#concept-import-map).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportMap {
    imports: SpecifierMap,
    scopes: BTreeMap<Descending, SpecifierMap>,
}

/// A [module specifier map](https://html.spec.whatwg.org/multipage/webappapis.html#module-specifier-map):
/// a specifier whose entry has no URL is refused.
type SpecifierMap = BTreeMap<Descending, Option<Url>>;

/// A key of an import map. Keys are ordered descending by UTF-16 code units, so that the longer of
/// two prefixes comes first.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Descending(String);

impl Ord for Descending {
    fn cmp(&self, other: &Self) -> Ordering {
        other.0.encode_utf16().cmp(self.0.encode_utf16())
    }
}

impl PartialOrd for Descending {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The reason why a module specifier [cannot be
/// resolved](https://html.spec.whatwg.org/multipage/webappapis.html#resolve-a-module-specifier). For script it is a
/// `TypeError`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SpecifierError {
    /// It is not a URL, and no import map contains it.
    #[error(
        "cannot resolve the module specifier '{0}': it is not a URL, does not begin with '/', './' or '../', and is not in an import map"
    )]
    Bare(String),
    /// An import map contains it without a URL.
    #[error("cannot resolve the module specifier '{specifier}': the import map refuses '{key}'")]
    Refused {
        /// The specifier.
        specifier: String,
        /// The key that has no URL.
        key: String,
    },
    /// The part after the prefix in the import map does not form a valid URL.
    #[error(
        "cannot resolve the module specifier '{specifier}': the URL of '{key}' in the import map does not form a valid URL with it"
    )]
    NoUrl {
        /// The specifier.
        specifier: String,
        /// The prefix in the map.
        key: String,
    },
    /// The part after the prefix in the import map leads out of the prefix's URL.
    #[error(
        "cannot resolve the module specifier '{specifier}': it leads out of the import map's URL for '{key}'"
    )]
    Backtracks {
        /// The specifier.
        specifier: String,
        /// The prefix in the map.
        key: String,
    },
}

/// Part of an import map that has no effect.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ImportMapWarning {
    /// The map has an unknown top-level key.
    #[error("an import map has the unknown key '{0}'")]
    UnknownKey(String),
    /// A specifier is the empty string.
    #[error("an import map has an empty specifier")]
    EmptySpecifier,
    /// The address of a specifier is not a URL.
    #[error("an import map has no URL for '{0}'")]
    NoUrl(String),
    /// A specifier ends with a slash, but its URL does not.
    #[error("an import map has a URL without a slash at its end for '{0}'")]
    NoSlash(String),
    /// The prefix of a scope is not a URL.
    #[error("an import map has the scope '{0}', which is not a URL")]
    ScopeIsNoUrl(String),
    /// The integrity metadata of a URL is not a string.
    #[error("an import map has no integrity metadata for '{0}'")]
    NoIntegrity(String),
    /// An earlier map contains the specifier, or a script has already resolved it.
    #[error(
        "an import map cannot change '{0}': an earlier map contains it, or a script has resolved it"
    )]
    TooLate(String),
}

/// The import map of a document's window, and the specifiers that were resolved so far.
#[derive(Debug, Default)]
pub(crate) struct ResolvedImports {
    map: ImportMap,
    resolved: BTreeSet<SpecifierResolution>,
}

/// A [specifier resolution record](https://html.spec.whatwg.org/multipage/webappapis.html#specifier-resolution-record).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct SpecifierResolution {
    serialized_base_url: String,
    specifier: String,
    /// Whether prefixes apply to it: it is not a URL, or a URL with a special scheme.
    takes_prefixes: bool,
}

impl SpecifierResolution {
    fn is_changed_by(&self, key: &str) -> bool {
        key == self.specifier
            || (key.ends_with('/') && self.specifier.starts_with(key) && self.takes_prefixes)
    }
}

impl ImportMap {
    /// [Resolve a module specifier](https://html.spec.whatwg.org/multipage/webappapis.html#resolve-a-module-specifier),
    /// of the script with this base URL.
    ///
    /// # Errors
    ///
    /// The specifier is bare and the map does not contain it, or the map refuses it.
    pub fn resolve(&self, specifier: &str, base_url: &Url) -> Result<Url, SpecifierError> {
        // 1. to 6. The caller knows the base URL and the import map.
        // 7. and 8. Normalize the specifier.
        let as_url = resolve_a_url_like_module_specifier(specifier, base_url);
        let normalized = as_url.as_ref().map_or(specifier, Url::as_str);
        // 9. to 11. The scopes that contain the base URL come first (10.), then the imports (11.).
        let scopes = self
            .scopes
            .iter()
            .filter(|(prefix, _)| is_in_scope(base_url.as_str(), &prefix.0));
        for imports in scopes.map(|(_, imports)| imports).chain([&self.imports]) {
            let found = resolve_an_imports_match(normalized, as_url.as_ref(), imports)?;
            if let Some(url) = found {
                return Ok(url);
            }
        }
        // 12. and 14. Otherwise the specifier has to be a URL. 13. The caller records that it was resolved.
        as_url.ok_or_else(|| SpecifierError::Bare(specifier.to_owned()))
    }
}

fn is_in_scope(base_url: &str, prefix: &str) -> bool {
    prefix == base_url || (prefix.ends_with('/') && base_url.starts_with(prefix))
}

/// [Resolve a URL-like module specifier](https://html.spec.whatwg.org/multipage/webappapis.html#resolving-a-url-like-module-specifier)
fn resolve_a_url_like_module_specifier(specifier: &str, base_url: &Url) -> Option<Url> {
    // 1. Such a specifier is relative to the base URL.
    let relative = ["/", "./", "../"];
    if relative.iter().any(|prefix| specifier.starts_with(prefix)) {
        return base_url.join(specifier).ok();
    }
    // 2. to 4. Any other one has to be a URL.
    Url::parse(specifier).ok()
}

/// [Resolve an imports match](https://html.spec.whatwg.org/multipage/webappapis.html#resolving-an-imports-match)
fn resolve_an_imports_match(
    normalized_specifier: &str,
    as_url: Option<&Url>,
    imports: &SpecifierMap,
) -> Result<Option<Url>, SpecifierError> {
    // 1. For each key:
    for (Descending(key), address) in imports {
        let specifier = || normalized_specifier.to_owned();
        let refused = || SpecifierError::Refused {
            specifier: specifier(),
            key: key.clone(),
        };
        // 1.1. It is the specifier: its URL is the result, unless the map refuses it.
        if key == normalized_specifier {
            return address.clone().map(Some).ok_or_else(refused);
        }
        // 1.2. It is a prefix, which applies to bare specifiers and special URLs:
        if !key.ends_with('/') || !as_url.is_none_or(Url::is_special) {
            continue;
        }
        let Some(after_prefix) = normalized_specifier.strip_prefix(key.as_str()) else {
            continue;
        };
        // 1.2.1. and 1.2.2. The map may refuse it.
        let address = address.as_ref().ok_or_else(refused)?;
        // 1.2.3. to 1.2.6. Parse the rest relative to its URL.
        let url = address
            .join(after_prefix)
            .map_err(|_| SpecifierError::NoUrl {
                specifier: specifier(),
                key: key.clone(),
            })?;
        // 1.2.7. and 1.2.8. It may not lead out of that URL.
        if !url.as_str().starts_with(address.as_str()) {
            return Err(SpecifierError::Backtracks {
                specifier: specifier(),
                key: key.clone(),
            });
        }
        // 1.2.9. Return it.
        return Ok(Some(url));
    }
    // 2. Nothing matches.
    Ok(None)
}

impl ResolvedImports {
    /// Resolves a specifier, and records that it was resolved.
    pub(crate) fn resolve(
        &mut self,
        specifier: &str,
        base_url: &Url,
    ) -> Result<Url, SpecifierError> {
        let resolved = self.map.resolve(specifier, base_url)?;
        // Step 13 of "resolve a module specifier": add it to the resolved module set.
        let as_url = resolve_a_url_like_module_specifier(specifier, base_url);
        self.resolved.insert(SpecifierResolution {
            serialized_base_url: base_url.as_str().to_owned(),
            specifier: as_url.as_ref().map_or(specifier, Url::as_str).to_owned(),
            takes_prefixes: as_url.as_ref().is_none_or(Url::is_special),
        });
        Ok(resolved)
    }

    /// [Merge existing and new import maps](https://html.spec.whatwg.org/multipage/webappapis.html#merge-existing-and-new-import-maps):
    /// entries that exist and specifiers that were resolved do not change.
    pub(crate) fn merge(&mut self, new: ImportMap, warnings: &mut Vec<ImportMapWarning>) {
        let mut too_late = |key: &Descending| {
            warnings.push(ImportMapWarning::TooLate(key.0.clone()));
        };
        // 1. to 3. The new map is the caller's copy.
        // 4. For each scope:
        for (prefix, mut imports) in new.scopes {
            // 4.1. Remove the entries that would change a specifier that was resolved.
            let resolved = self
                .resolved
                .iter()
                .filter(|record| is_in_scope(&record.serialized_base_url, &prefix.0));
            for record in resolved {
                imports.retain(|key, _| {
                    let changes = record.is_changed_by(&key.0);
                    if changes {
                        too_late(key);
                    }
                    !changes
                });
            }
            // 4.2. and 4.3. Merge it into the scope of this prefix.
            let held = self.map.scopes.entry(prefix).or_default();
            merge_module_specifier_maps(imports, held, &mut too_late);
        }
        // NOT YET: 5. Integrity metadata.
        // 6. Remove the imports that would change a specifier that was resolved.
        let mut imports = new.imports;
        for record in &self.resolved {
            imports.retain(|key, _| {
                let changes = key.0.starts_with(&record.specifier);
                if changes {
                    too_late(key);
                }
                !changes
            });
        }
        // 7. Merge the imports.
        merge_module_specifier_maps(imports, &mut self.map.imports, &mut too_late);
    }
}

/// [Merge module specifier maps](https://html.spec.whatwg.org/multipage/webappapis.html#merge-module-specifier-maps)
fn merge_module_specifier_maps(
    new: SpecifierMap,
    held: &mut SpecifierMap,
    too_late: &mut impl FnMut(&Descending),
) {
    // 1. and 3. The old map becomes the merged one.
    // 2. Add each entry that does not exist.
    for (key, address) in new {
        match held.entry(key) {
            Entry::Occupied(held) => too_late(held.key()),
            Entry::Vacant(free) => {
                free.insert(address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    fn map(text: &str) -> ImportMap {
        ImportMap::parse(text, &url("http://a.test/app/index.html"))
            .unwrap()
            .0
    }

    #[track_caller]
    fn check(map: &ImportMap, base: &str, cases: &[(&str, &str)]) {
        for (specifier, expected) in cases {
            let found = match map.resolve(specifier, &url(base)) {
                Ok(found) => found.to_string(),
                Err(error) => format!("{error:?}")
                    .split([' ', '('])
                    .next()
                    .unwrap()
                    .to_owned(),
            };
            assert_eq!(found, *expected, "{specifier} of {base}");
        }
    }

    #[test]
    fn without_a_map_only_urls_and_relative_specifiers_resolve() {
        check(
            &ImportMap::default(),
            "http://a/b/c.js",
            &[
                ("./d.js", "http://a/b/d.js"),
                ("../d.js", "http://a/d.js"),
                ("/d.js", "http://a/d.js"),
                ("http://e/f", "http://e/f"),
                ("data:text/javascript,1", "data:text/javascript,1"),
                ("d.js", "Bare"),
                ("", "Bare"),
                (".d.js", "Bare"),
            ],
        );
    }

    #[test]
    fn specifiers_match_whole_or_by_prefix() {
        let map = map(r#"{ "imports": {
            "lib": "./lib/main.mjs", "lib/": "./lib/", "lib/deep/": "http://b.test/deep/",
            "none": null, "refused/": null, "./local.js": "/other.js", "http://c.test/": "/c/",
            "data:text/": "/never/"
        } }"#);
        check(
            &map,
            "http://a.test/app/index.html",
            &[
                ("lib", "http://a.test/app/lib/main.mjs"),
                ("lib/x.js", "http://a.test/app/lib/x.js"),
                ("lib/deep/x.js", "http://b.test/deep/x.js"),
                ("lib/../x.js", "Backtracks"),
                ("lib/http://", "NoUrl"),
                ("none", "Refused"),
                ("refused/x", "Refused"),
                ("libs", "Bare"),
                ("./local.js", "http://a.test/other.js"),
                ("/app/local.js", "http://a.test/other.js"),
                ("http://c.test/x", "http://a.test/c/x"),
                // Prefixes are for URLs with special schemes.
                ("data:text/javascript,1", "data:text/javascript,1"),
            ],
        );
    }

    #[test]
    fn innermost_scope_is_used_first() {
        let map = map(r#"{
            "imports": { "a": "/a-1.js", "b": "/b-1.js", "c": "/c-1.js" },
            "scopes": {
                "/x/": { "a": "/a-2.js", "b": "/b-2.js" },
                "/x/y/": { "a": "/a-3.js" },
                "/x/y/only.js": { "c": "/c-4.js" }
            }
        }"#);
        let cases: [(&str, [&str; 3]); 4] = [
            ("http://a.test/app.js", ["a-1", "b-1", "c-1"]),
            ("http://a.test/x/app.js", ["a-2", "b-2", "c-1"]),
            ("http://a.test/x/y/app.js", ["a-3", "b-2", "c-1"]),
            ("http://a.test/x/y/only.js", ["a-3", "b-2", "c-4"]),
        ];
        for (base, expected) in cases {
            let expected = expected.map(|name| format!("http://a.test/{name}.js"));
            let found = ["a", "b", "c"].map(|name| map.resolve(name, &url(base)).unwrap());
            assert_eq!(found.map(String::from), expected, "{base}");
        }
    }

    #[test]
    fn resolved_and_mapped_specifiers_stay() {
        let base = url("http://a.test/app/index.html");
        let mut imports = ResolvedImports::default();
        let mut warnings = Vec::new();
        imports.merge(map(r#"{ "imports": { "a": "/a.js" } }"#), &mut warnings);
        assert!(warnings.is_empty());
        assert_eq!(imports.resolve("a", &base).unwrap().path(), "/a.js");
        assert_eq!(
            imports.resolve("./b.js", &base).unwrap().path(),
            "/app/b.js"
        );
        let later = r#"{
            "imports": { "a": "/late.js", "./b.js": "/late.js", "c": "/c.js" },
            "scopes": { "/app/": { "a": "/late.js", "./": "/late/", "d": "/d.js" } }
        }"#;
        imports.merge(map(later), &mut warnings);
        let late = |key: &str| ImportMapWarning::TooLate(key.to_owned());
        let names = ["a", "http://a.test/app/", "a", "http://a.test/app/b.js"];
        assert_eq!(warnings, names.map(late));
        for (specifier, path) in [
            ("a", "/a.js"),
            ("./b.js", "/app/b.js"),
            ("c", "/c.js"),
            ("d", "/d.js"),
        ] {
            assert_eq!(imports.resolve(specifier, &base).unwrap().path(), path);
        }
    }
}
