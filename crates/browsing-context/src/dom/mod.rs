//! Trees of nodes ([DOM, nodes](https://dom.spec.whatwg.org/#nodes)), over the nodes of
//! `markup5ever_rcdom`.
//!
//! This module knows no browsing context, no script and no effect. The consequences of an insertion or a removal are
//! in the methods of [`Contexts`](crate::Contexts). No function recurses over the tree.

mod attributes;
mod change;
mod changes;
mod clone;
mod error;
mod mutation;
mod named_elements;
mod node;
mod roots;
mod serialize;
mod shadow_hosts;
mod table;
mod tree;

pub use attributes::{
    attribute, attribute_name, attribute_names, attribute_ns, attributes, has_attribute, html_name,
    is_html_element, is_one_of, is_script_element, local_name, node_label, plain_attribute_name,
    script_source,
};
pub(crate) use attributes::{put_attribute, take_attribute};
pub use change::TreeChange;
pub use changes::{TreeWatch, tree_changes};
pub(crate) use changes::{tree_changed, watched_changed};
pub use clone::{CloneScope, clone_node};
pub use error::DomError;
pub(crate) use mutation::{attach, detach, take_children};
pub use mutation::{ensure_pre_insertion_validity, ensure_replace_validity};
pub(crate) use named_elements::{is_nameable, may_be_named_element};
pub use named_elements::{is_named_element, supported_property_names};
use node::create_template_contents;
pub use node::{
    DocumentFormat, NodeKind, attribute_name_ns, create_attribute_node, create_cdata_section,
    create_comment, create_doctype, create_document, create_document_fragment, create_element,
    create_element_in, create_element_ns, create_processing_instruction, create_text, data,
    is_character_data, is_document_fragment, is_element, is_exclusive_text, is_shadow_root,
    is_template_contents, is_text, is_valid_attribute_local_name, node_kind, set_data,
    template_contents, text,
};
pub(crate) use node::{address, create_shadow_root, html_element, is_xml_name, new_element};
pub use roots::{contains, root};
pub use serialize::{serialize_inner, serialize_outer};
pub use shadow_hosts::ShadowRootInit;
pub(crate) use shadow_hosts::{DeclaredShadowRoot, can_be_shadow_host};
pub use table::NodeTable;
pub use tree::{
    Descendants, TreeOrder, child_text_content, descendants, first_child, inclusive_ancestors,
    inclusive_descendants, index_of, is_same, last_child, next_sibling, parent, previous_sibling,
    text_content, tree_order,
};

/// A node of a tree.
pub type Node = markup5ever_rcdom::Handle;
