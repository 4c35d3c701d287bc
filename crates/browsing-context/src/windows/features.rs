//! The third argument of `window.open()`
//! ([HTML, the window open steps](https://html.spec.whatwg.org/multipage/nav-history-apis.html#window-open-steps)).
//! Embedders that show windows use the sizes and positions.

/// [Tokenized features](https://html.spec.whatwg.org/multipage/nav-history-apis.html#concept-window-open-features-tokenize)
/// in the order of the argument, each name once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WindowFeatures(Vec<(String, String)>);

impl WindowFeatures {
    /// [Tokenize the features argument](https://html.spec.whatwg.org/multipage/nav-history-apis.html#concept-window-open-features-tokenize).
    #[must_use]
    pub fn tokenize(features: &str) -> Self {
        let mut found = Self::default();
        let mut rest = features;
        while !rest.is_empty() {
            rest = rest.trim_start_matches(is_feature_separator);
            let (name, after) = split_at_separator(rest);
            // A value follows the next `=`, unless a `,` or another name comes before that.
            rest =
                after.trim_start_matches(|c: char| c != '=' && c != ',' && is_feature_separator(c));
            let mut value = "";
            if rest.starts_with(is_feature_separator) {
                let at_value = rest.trim_start_matches(|c| c != ',' && is_feature_separator(c));
                (value, rest) = split_at_separator(at_value);
            }
            if !name.is_empty() {
                found.set(normalize_feature_name(&name.to_ascii_lowercase()), value);
            }
        }
        found
    }

    fn set(&mut self, name: &str, value: &str) {
        let value = value.to_ascii_lowercase();
        match self.0.iter_mut().find(|(held, _)| held == name) {
            Some(held) => held.1 = value,
            None => self.0.push((name.to_owned(), value)),
        }
    }

    /// The value of a feature, by its normalized name in lower case.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(held, _)| held == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Names and values, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Whether the feature is present and its [boolean](https://html.spec.whatwg.org/multipage/nav-history-apis.html#concept-window-open-features-parse-boolean).
    #[must_use]
    pub fn is_set(&self, name: &str) -> bool {
        self.is_set_or(name, false)
    }

    /// [Check if a window feature is set](https://html.spec.whatwg.org/multipage/nav-history-apis.html#window-feature-is-set).
    fn is_set_or(&self, name: &str, default: bool) -> bool {
        self.get(name).map_or(default, parse_boolean_feature)
    }

    /// The value of a feature by the
    /// [rules for parsing integers](https://html.spec.whatwg.org/multipage/common-microsyntaxes.html#rules-for-parsing-integers).
    #[must_use]
    pub fn integer(&self, name: &str) -> Option<i32> {
        let value = self.get(name)?;
        let (sign, digits) = match value.strip_prefix('-') {
            Some(digits) => (-1, digits),
            None => (1, value.strip_prefix('+').unwrap_or(value)),
        };
        let end = digits.find(|c: char| !c.is_ascii_digit());
        let number: i32 = digits[..end.unwrap_or(digits.len())].parse().ok()?;
        Some(sign * number)
    }

    /// [Check if a popup window is requested](https://html.spec.whatwg.org/multipage/nav-history-apis.html#popup-window-is-requested).
    /// `noopener` and `noreferrer` do not count as features here.
    #[must_use]
    pub fn requests_popup(&self) -> bool {
        let mut counted = self.iter();
        if counted.all(|(name, _)| matches!(name, "noopener" | "noreferrer")) {
            return false;
        }
        if let Some(popup) = self.get("popup") {
            return parse_boolean_feature(popup);
        }
        if !self.is_set("location") && !self.is_set("toolbar") {
            return true;
        }
        !(self.is_set("menubar")
            && self.is_set_or("resizable", true)
            && self.is_set("scrollbars")
            && self.is_set("status"))
    }
}

/// [Feature separator](https://html.spec.whatwg.org/multipage/nav-history-apis.html#feature-separator).
fn is_feature_separator(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\x0c' | '\r' | ' ' | '=' | ',')
}

fn split_at_separator(text: &str) -> (&str, &str) {
    text.split_at(text.find(is_feature_separator).unwrap_or(text.len()))
}

/// [Normalizing the feature name](https://html.spec.whatwg.org/multipage/nav-history-apis.html#normalizing-the-feature-name).
fn normalize_feature_name(name: &str) -> &str {
    match name {
        "screenx" => "left",
        "screeny" => "top",
        "innerwidth" => "width",
        "innerheight" => "height",
        name => name,
    }
}

/// [Parse a boolean feature](https://html.spec.whatwg.org/multipage/nav-history-apis.html#concept-window-open-features-parse-boolean).
fn parse_boolean_feature(value: &str) -> bool {
    if matches!(value, "" | "yes" | "true") {
        return true;
    }
    // https://html.spec.whatwg.org/multipage/common-microsyntaxes.html#rules-for-parsing-integers
    // A value contains no separator, so there is no white space to skip.
    let digits = value.strip_prefix(['-', '+']).unwrap_or(value);
    let digits = digits.split(|c: char| !c.is_ascii_digit()).next();
    digits.is_some_and(|digits| digits.bytes().any(|digit| digit != b'0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(features: &str) -> String {
        let found = WindowFeatures::tokenize(features);
        let pairs: Vec<String> = found
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        pairs.join(" ")
    }

    #[test]
    fn any_separators_split_names_and_values() {
        assert_eq!(tokens("noopener"), "noopener=");
        assert_eq!(tokens(" = ,\tnoopener \n= = 1 ,x"), "noopener=1 x=");
        assert_eq!(tokens("a b=c,d==e f"), "a= b=c d=e f=");
        assert_eq!(tokens("a=,b"), "a= b=");
        assert_eq!(tokens("A=YES a=No"), "a=no");
        assert_eq!(tokens(""), "");
        assert_eq!(tokens(",=, ="), "");
    }

    #[test]
    fn legacy_names_of_sizes_and_positions_are_normalized() {
        assert_eq!(
            tokens("screenX=1,screenY=2,innerWidth=3,innerHeight=4,left=5"),
            "left=5 top=2 width=3 height=4"
        );
    }

    #[test]
    fn every_number_but_zero_is_true() {
        for (value, on) in [
            ("", true),
            ("yes", true),
            ("true", true),
            ("1", true),
            ("-7px", true),
            ("0", false),
            ("-0", false),
            ("00x1", false),
            ("no", false),
            ("x1", false),
        ] {
            let features = WindowFeatures::tokenize(&format!("noopener={value}"));
            assert_eq!(features.is_set("noopener"), on, "{value:?}");
        }
    }

    #[test]
    fn window_without_a_bar_is_a_popup() {
        let popup = |features| WindowFeatures::tokenize(features).requests_popup();
        assert!(!popup(""));
        assert!(!popup("noopener,noreferrer"));
        assert!(popup("width=100"));
        assert!(!popup("popup=0,width=100"));
        assert!(popup("popup"));
        assert!(popup("location,menubar,scrollbars"));
        assert!(!popup("location,menubar,scrollbars,status"));
        assert!(!popup("toolbar,menubar,scrollbars,status"));
        assert!(popup("toolbar,menubar,scrollbars,status,resizable=no"));
    }
}
