//! Changing attributes, with HTML's
//! [attribute change steps](https://dom.spec.whatwg.org/#concept-element-attributes-change-ext).

use std::rc::Rc;

use html5ever::QualName;

use crate::Contexts;
use crate::dom::{self, DomError, Node};
use crate::steps::{EmbeddedAction, FrameAction, Insertion, ScriptAction, Steps};

impl Contexts {
    /// [`setAttribute`](https://dom.spec.whatwg.org/#dom-element-setattribute).
    ///
    /// # Errors
    /// `InvalidCharacterError` when the name is not a
    /// [valid attribute local name](https://dom.spec.whatwg.org/#valid-attribute-local-name).
    pub fn set_attribute(
        &mut self,
        node: &Node,
        name: &str,
        value: &str,
    ) -> Result<Steps, DomError> {
        // 1. The name has to be valid.
        if !dom::is_valid_attribute_local_name(name) {
            return Err(DomError::InvalidCharacter {
                name: name.to_owned(),
            });
        }
        // 2. On an HTML element it is in lower case.
        let name = self.attribute_name(node, name);
        // 3. Find the first attribute of this qualified name.
        let found = dom::attribute_name(node, &name);
        let name = found.unwrap_or_else(|| dom::plain_attribute_name(&name));
        // 4. to 6. Change or append the attribute.
        Ok(self.set_attribute_value(node, &name, value))
    }

    /// [Set an attribute value](https://dom.spec.whatwg.org/#concept-element-attributes-set-value) of a
    /// namespace and a local name.
    pub fn set_attribute_value(&mut self, node: &Node, name: &QualName, value: &str) -> Steps {
        let old = dom::put_attribute(node, name, value);
        self.attribute_change_steps(node, name, old.as_deref(), Some(value))
    }

    /// [`removeAttribute`](https://dom.spec.whatwg.org/#dom-element-removeattribute).
    pub fn remove_attribute(&mut self, node: &Node, name: &str) -> Steps {
        let name = self.attribute_name(node, name);
        match dom::attribute_name(node, &name) {
            Some(name) => self.remove_attribute_value(node, &name),
            None => Steps::none(),
        }
    }

    /// [Remove an attribute by namespace and local name](https://dom.spec.whatwg.org/#concept-element-attributes-remove-by-namespace).
    pub fn remove_attribute_value(&mut self, node: &Node, name: &QualName) -> Steps {
        match dom::take_attribute(node, name) {
            Some(old) => self.attribute_change_steps(node, name, Some(&old), None),
            None => Steps::none(),
        }
    }

    /// HTML's [attribute change steps](https://dom.spec.whatwg.org/#concept-element-attributes-change-ext).
    fn attribute_change_steps(
        &mut self,
        node: &Node,
        name: &QualName,
        old: Option<&str>,
        value: Option<&str>,
    ) -> Steps {
        // An attribute of a namespace means nothing to HTML.
        if !name.ns.is_empty() {
            return Steps::none();
        }
        let name = &*name.local;
        let named = match name {
            "name" | "id" if dom::is_nameable(node) => self
                .connected_document(node)
                .and_then(|document| self.named_elements_changed(document)),
            _ => None,
        };
        match (dom::html_name(node), name) {
            _ if named.is_some() => Steps::sequence(named.into_iter().collect()),
            // A frame that has a navigable processes its attributes again when its resource changes.
            // A new name applies only to the next navigable of the element.
            (Some("iframe" | "frame"), _) => {
                let Some(navigable) = self.content_navigable(node) else {
                    return Steps::none();
                };
                match name {
                    "srcdoc" if dom::is_html_element(node, "iframe") => {}
                    "src" if !dom::has_attribute(node, "srcdoc") => {}
                    _ => return Steps::none(),
                }
                let insertion = Insertion::Later;
                Steps::one(FrameAction::ProcessAttributes(navigable, insertion))
            }
            (Some("object"), "data") | (Some("embed"), "src" | "type") => {
                Steps::one(EmbeddedAction::Determine(Rc::clone(node)))
            }
            // A script that gets a source prepares itself.
            (Some("script"), "src") if old.is_none() && value.is_some() => {
                Steps::one(ScriptAction::Prepare(Rc::clone(node)))
            }
            (None, "href") if old.is_none() && value.is_some() && dom::is_script_element(node) => {
                Steps::one(ScriptAction::Prepare(Rc::clone(node)))
            }
            (Some("script"), "async") if value.is_some() => {
                self.unset_force_async(node);
                Steps::none()
            }
            _ => Steps::none(),
        }
    }

    /// The qualified name of an attribute: in lower case on an HTML element of an HTML document.
    fn attribute_name(&self, node: &Node, name: &str) -> String {
        if dom::html_name(node).is_some() && self.is_in_html_document(node) {
            name.to_ascii_lowercase()
        } else {
            name.to_owned()
        }
    }
}
