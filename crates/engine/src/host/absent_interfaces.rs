//! The web interfaces on the global objects of browsers that this engine lacks.
//!
//! The list was made by a page that collected the property names of a window's and a worker's global
//! object in Chromium 148, without event handlers. A name is looked up only after a script did not
//! find it, so the list may contain names that the engine gets later.

/// The names, in order, separated by white space.
const NAMES: &str = include_str!("web_interfaces.txt");

/// Whether browsers have this name on a global object.
pub(crate) fn contains(name: &str) -> bool {
    NAMES.split_ascii_whitespace().any(|held| held == name)
}

/// Returns the name of an absent interface to which an expression such as `window.X` refers.
pub(crate) fn in_expression(expression: &str) -> Option<&str> {
    let name = ["window.", "self.", "globalThis."]
        .iter()
        .find_map(|global| expression.strip_prefix(global));
    let name = name.unwrap_or(expression);
    contains(name).then_some(name)
}

/// Returns the hint about absent interfaces.
pub(crate) fn hint(name: &str) -> String {
    format!("browsers have `{name}`, Framepost does not: see docs/conformance.md")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_alone_and_on_the_global_object() {
        assert!(contains("matchMedia") && contains("IntersectionObserver"));
        assert!(!contains("match") && !contains(""));
        assert_eq!(in_expression("window.matchMedia"), Some("matchMedia"));
        assert_eq!(in_expression("document.matchMedia"), None);
    }
}
