//! Names and [namespaces](https://www.w3.org/TR/xml-names/) of XML.

use html5ever::{LocalName, Namespace, Prefix, QualName, ns};
use markup5ever_rcdom::NodeData;

use super::Malformed;
use crate::dom::{self, Node, is_xml_name};

/// The namespaces in scope.
#[derive(Default)]
pub(super) struct Scope {
    /// Prefixes, with the empty prefix for the default namespace; the innermost last.
    declared: Vec<(String, String)>,
    /// The number of declarations before each open element.
    entered: Vec<usize>,
}

impl Scope {
    /// The namespaces in scope at an element
    /// ([locate a namespace](https://dom.spec.whatwg.org/#locate-a-namespace) of each prefix).
    pub(super) fn at(element: &Node) -> Self {
        let mut scope = Self::default();
        let mut above: Vec<Node> = dom::inclusive_ancestors(element).collect();
        above.reverse();
        for element in above {
            let NodeData::Element { name, attrs, .. } = &element.data else {
                continue;
            };
            for attribute in attrs.borrow().iter() {
                if attribute.name.ns == ns!(xmlns) {
                    let prefix = match &*attribute.name.local {
                        "xmlns" => "",
                        prefix => prefix,
                    };
                    scope.push(prefix, &attribute.value);
                }
            }
            scope.push(name.prefix.as_deref().unwrap_or_default(), &name.ns);
        }
        scope
    }

    fn push(&mut self, prefix: &str, namespace: &str) {
        self.declared
            .push((prefix.to_owned(), namespace.to_owned()));
    }

    /// Begins an element.
    pub(super) fn enter(&mut self) {
        self.entered.push(self.declared.len());
    }

    /// Ends the innermost element.
    pub(super) fn leave(&mut self) {
        if let Some(before) = self.entered.pop() {
            self.declared.truncate(before);
        }
    }

    /// Processes an attribute that declares a namespace.
    pub(super) fn declare(&mut self, name: &str, value: &str) -> Result<(), Malformed> {
        let prefix = match name.strip_prefix("xmlns") {
            Some("") => "",
            Some(rest) => match rest.strip_prefix(':') {
                Some(prefix) => prefix,
                None => return Ok(()),
            },
            None => return Ok(()),
        };
        let is_xml = prefix == "xml";
        if prefix == "xmlns"
            || is_xml != (value == &*ns!(xml))
            || value == &*ns!(xmlns)
            || (value.is_empty() && !prefix.is_empty())
        {
            return Err(format!("the namespace {value:?} cannot be declared here"));
        }
        self.push(prefix, value);
        Ok(())
    }

    fn namespace(&self, prefix: &str) -> Option<&str> {
        let found = self.declared.iter().rev().find(|(held, _)| held == prefix);
        found.map(|(_, namespace)| namespace.as_str())
    }

    fn of_prefix(&self, prefix: &str) -> Result<Namespace, Malformed> {
        match prefix {
            "xml" => Ok(ns!(xml)),
            "xmlns" => Ok(ns!(xmlns)),
            _ => match self.namespace(prefix) {
                Some(namespace) => Ok(Namespace::from(namespace)),
                None => Err(format!("the namespace prefix {prefix:?} is not declared")),
            },
        }
    }

    /// The name of an element.
    pub(super) fn element_name(
        &self,
        prefix: Option<&str>,
        local: &str,
    ) -> Result<QualName, Malformed> {
        let namespace = match prefix {
            Some(prefix) => self.of_prefix(prefix)?,
            None => Namespace::from(self.namespace("").unwrap_or_default()),
        };
        let prefix = prefix.map(Prefix::from);
        Ok(QualName::new(prefix, namespace, LocalName::from(local)))
    }

    /// The name of an attribute.
    pub(super) fn attribute_name(
        &self,
        prefix: Option<&str>,
        local: &str,
    ) -> Result<QualName, Malformed> {
        let namespace = match (prefix, local) {
            (Some(prefix), _) => self.of_prefix(prefix)?,
            (None, "xmlns") => ns!(xmlns),
            (None, _) => ns!(),
        };
        let prefix = prefix.map(Prefix::from);
        Ok(QualName::new(prefix, namespace, LocalName::from(local)))
    }
}

/// The prefix and the local part of a [qualified name](https://www.w3.org/TR/xml-names/#NT-QName).
pub(super) fn split(name: &str) -> Result<(Option<&str>, &str), Malformed> {
    let (prefix, local) = match name.split_once(':') {
        Some((prefix, local)) => (Some(prefix), local),
        None => (None, name),
    };
    let is_part = |part: &str| is_xml_name(part) && !part.contains(':');
    if is_part(local) && prefix.is_none_or(is_part) {
        Ok((prefix, local))
    } else {
        Err(format!("{name:?} is not a qualified name"))
    }
}
