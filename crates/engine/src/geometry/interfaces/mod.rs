//! The [geometry interfaces](https://drafts.fxtf.org/geometry/): points, rectangles, quads and
//! matrices. Their arithmetic is in [`crate::geometry`].

mod clone;
pub(crate) mod matrix;
mod matrix_init;
pub(crate) mod point;
pub(crate) mod quad;
pub(crate) mod rect;

use boa_engine::builtins::object::OrdinaryObject;
use boa_engine::{Context, JsObject, JsResult, JsString};

use crate::boa::properties::{ORDINARY, data_property};
use crate::geometry::{Matrix, Point, Rect};
use crate::webidl::receiver::receivers;
use crate::webidl::{Interface, Member};

receivers!(Matrix, Point, Rect);

/// [The default toJSON steps](https://webidl.spec.whatwg.org/#default-tojson-steps) of an interface without a parent.
fn default_to_json(
    object: &JsObject,
    interface: &'static Interface,
    cx: &mut Context,
) -> JsResult<JsObject> {
    let prototype = cx.intrinsics().constructors().object().prototype();
    let shape = crate::script::realm::root_shape(cx);
    let result = JsObject::new(&shape, prototype, OrdinaryObject).upcast();
    for member in interface.all_members(cx) {
        if let Member::Attribute(name, getter, _) = member {
            let property = data_property(getter(object, cx)?, ORDINARY);
            result.insert_property(JsString::from(*name), property);
        }
    }
    Ok(result)
}
