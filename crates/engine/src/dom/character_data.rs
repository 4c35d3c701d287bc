//! `CharacterData` and its kin ([DOM, interface CharacterData](https://dom.spec.whatwg.org/#interface-characterdata)).

use crate::script::wrappers;
use boa_engine::{Context, JsObject, JsResult, JsString, JsValue, js_string};
use framepost_browsing_context::dom::{self, NodeKind, node_kind};
use markup5ever_rcdom::{Handle as Node, NodeData};

use crate::dom::tree;
use crate::webidl::convert::{
    argument, dom_string, dom_string_null_empty, js_str, optional, unsigned_long,
};
use crate::webidl::platform;
use crate::webidl::{Interface, Member, Mixin, NewTarget};

use super::node::{NODE, wrap};
use super::{child_node, document, shadow};

/// The `CharacterData` interface.
pub(crate) static CHARACTER_DATA: Interface = Interface {
    parent: Some(&NODE),
    members: &[&[
        Member::Attribute(
            "data",
            get_data,
            Some(|this, value, ctx| {
                let text = dom_string_null_empty(value, ctx)?;
                set_data(&wrappers::node(this)?, &text, ctx)
            }),
        ),
        Member::Attribute("length", |this, _| Ok(units(this)?.len().into()), None),
        Member::Operation("substringData", 2, substring_data),
        Member::Operation("appendData", 1, |this, args, ctx| {
            let length = units(this)?.len();
            replace_data(this, length, 0, &argument(args, 0), ctx)
        }),
        Member::Operation("insertData", 2, |this, args, ctx| {
            let offset = unsigned_long(&argument(args, 0), ctx)?;
            replace_data(this, offset as usize, 0, &argument(args, 1), ctx)
        }),
        Member::Operation("deleteData", 2, |this, args, ctx| {
            let offset = unsigned_long(&argument(args, 0), ctx)?;
            let count = unsigned_long(&argument(args, 1), ctx)?;
            replace_data(
                this,
                offset as usize,
                count as usize,
                &js_string!("").into(),
                ctx,
            )
        }),
        Member::Operation("replaceData", 3, |this, args, ctx| {
            let offset = unsigned_long(&argument(args, 0), ctx)?;
            let count = unsigned_long(&argument(args, 1), ctx)?;
            replace_data(
                this,
                offset as usize,
                count as usize,
                &argument(args, 2),
                ctx,
            )
        }),
    ]],
    own: Mixin::of(&[
        &child_node::NON_DOCUMENT_TYPE_CHILD_NODE,
        &child_node::CHILD_NODE,
    ]),
    ..Interface::new("CharacterData")
};

/// The `Text` interface.
pub(crate) static TEXT: Interface = Interface {
    parent: Some(&CHARACTER_DATA),
    constructor: Some((0, |target, args, ctx| {
        construct(target, args, dom::create_text, ctx)
    })),
    members: &[
        &[
            Member::Operation("splitText", 1, split_text),
            Member::Attribute("wholeText", whole_text, None),
        ],
        shadow::SLOTTABLE,
    ],
    ..Interface::new("Text")
};

/// The `CDATASection` interface. The tree has no such nodes.
pub(crate) static CDATA_SECTION: Interface = Interface {
    parent: Some(&TEXT),
    ..Interface::new("CDATASection")
};

/// The `Comment` interface.
pub(crate) static COMMENT: Interface = Interface {
    parent: Some(&CHARACTER_DATA),
    constructor: Some((0, |target, args, ctx| {
        construct(target, args, dom::create_comment, ctx)
    })),
    ..Interface::new("Comment")
};

/// The `ProcessingInstruction` interface.
pub(crate) static PROCESSING_INSTRUCTION: Interface = Interface {
    parent: Some(&CHARACTER_DATA),
    members: &[&[Member::Attribute(
        "target",
        |this, _| {
            let node = wrappers::node(this)?;
            Ok(match &node.data {
                NodeData::ProcessingInstruction { target, .. } => js_str(target),
                _ => JsValue::null(),
            })
        },
        None,
    )]],
    ..Interface::new("ProcessingInstruction")
};

/// The [data](https://dom.spec.whatwg.org/#concept-cd-data) of a node that has some.
pub(crate) fn data(node: &Node) -> Option<String> {
    match node_kind(node) {
        NodeKind::Text | NodeKind::Comment | NodeKind::ProcessingInstruction => {
            dom::text_content(node)
        }
        _ => None,
    }
}

/// [Replace data](https://dom.spec.whatwg.org/#concept-cd-replace) of the whole node.
pub(crate) fn set_data(node: &Node, text: &str, ctx: &mut Context) -> JsResult<()> {
    let old = data(node).unwrap_or_default();
    if dom::set_text(node, text) {
        super::mutation_record::queue_character_data(ctx, node, &old);
        return Ok(());
    }
    // NOT YET: the tree keeps the data of comments and processing instructions immutable.
    let message = "the data of comments cannot be changed";
    Err(crate::webidl::exception::throw(
        "NotSupportedError",
        message,
        ctx,
    ))
}

fn get_data(this: &JsObject, _: &mut Context) -> JsResult<JsValue> {
    Ok(js_str(data(&wrappers::node(this)?).unwrap_or_default()))
}

fn units(this: &JsObject) -> JsResult<Vec<u16>> {
    let text = data(&wrappers::node(this)?).unwrap_or_default();
    Ok(text.encode_utf16().collect())
}

fn check_offset(offset: usize, length: usize, ctx: &mut Context) -> JsResult<()> {
    if offset > length {
        let message = format!("the offset {offset} is larger than the node's length {length}");
        return Err(crate::webidl::exception::throw(
            "IndexSizeError",
            &message,
            ctx,
        ));
    }
    Ok(())
}

fn substring_data(this: &JsObject, args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let offset = unsigned_long(&argument(args, 0), ctx)? as usize;
    let count = unsigned_long(&argument(args, 1), ctx)? as usize;
    let units = units(this)?;
    check_offset(offset, units.len(), ctx)?;
    let end = offset.saturating_add(count).min(units.len());
    Ok(JsString::from(&units[offset..end]).into())
}

fn replace_data(
    this: &JsObject,
    offset: usize,
    count: usize,
    with: &JsValue,
    ctx: &mut Context,
) -> JsResult<JsValue> {
    let with = dom_string(with, ctx)?;
    let units = units(this)?;
    check_offset(offset, units.len(), ctx)?;
    let end = offset.saturating_add(count).min(units.len());
    let mut all = units[..offset].to_vec();
    all.extend(with.encode_utf16());
    all.extend_from_slice(&units[end..]);
    set_data(&wrappers::node(this)?, &String::from_utf16_lossy(&all), ctx)?;
    Ok(JsValue::undefined())
}

/// [Split a text node](https://dom.spec.whatwg.org/#concept-text-split)
fn split_text(this: &JsObject, args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let offset = unsigned_long(&argument(args, 0), ctx)? as usize;
    let units = units(this)?;
    check_offset(offset, units.len(), ctx)?;
    let node = wrappers::node(this)?;
    let new = dom::create_text(&String::from_utf16_lossy(&units[offset..]));
    tree::adopt(ctx, &new, &node);
    if let Some(parent) = dom::parent(&node) {
        tree::insert(ctx, &parent, &new, dom::next_sibling(&node).as_ref())?;
    }
    set_data(&node, &String::from_utf16_lossy(&units[..offset]), ctx)?;
    Ok(wrap(ctx, &new).into())
}

fn whole_text(this: &JsObject, _: &mut Context) -> JsResult<JsValue> {
    let mut first = wrappers::node(this)?;
    let is_text = |node: &Node| node_kind(node) == NodeKind::Text;
    while let Some(before) = dom::previous_sibling(&first).filter(is_text) {
        first = before;
    }
    let mut text = dom::text(&first).unwrap_or_default();
    let mut last = first;
    while let Some(after) = dom::next_sibling(&last).filter(is_text) {
        text.push_str(&dom::text(&after).unwrap_or_default());
        last = after;
    }
    Ok(js_str(text))
}

fn construct(
    target: &NewTarget,
    args: &[JsValue],
    create: fn(&str) -> Node,
    ctx: &mut Context,
) -> JsResult<JsObject> {
    let text = optional(args, 0).map_or(Ok(String::new()), |value| dom_string(value, ctx))?;
    let node = create(&text);
    document::construct_node(target, &node, ctx)
}
