//! Telling values apart by their types: overloads and unions.

use boa_engine::{Context, JsError, JsNativeError, JsObject, JsResult, JsValue};

use super::convert::iterator_method;
use super::types::{Category, IdlType};
use crate::webidl::platform;

/// A type that a value may be of.
#[derive(Clone, Copy)]
pub(crate) struct Candidate {
    category: Category,
    is_nullable: bool,
    is_optional: bool,
}

impl Candidate {
    /// The type.
    pub(crate) const fn of<T: IdlType>() -> Self {
        Self {
            category: T::CATEGORY,
            is_nullable: T::IS_NULLABLE,
            is_optional: false,
        }
    }

    /// The type of an optional argument.
    pub(crate) const fn optional(self) -> Self {
        Self {
            is_optional: true,
            ..self
        }
    }
}

/// Which candidate a value is of.
pub(crate) struct Choice {
    /// Its index; none if there is no such candidate.
    pub(crate) index: Option<usize>,
    /// The method that makes the value a sequence, looked up once.
    pub(crate) method: Option<JsObject>,
}

/// The error of a call that fits no overload.
pub(crate) fn no_overload(count: usize) -> JsError {
    JsNativeError::typ()
        .with_message(format!("no overload takes these {count} arguments"))
        .into()
}

/// The candidate that a value is of: step 12 of the
/// [overload resolution algorithm](https://webidl.spec.whatwg.org/#es-overloads), which for unions
/// comes to the same.
pub(crate) fn choose(
    candidates: &[Candidate],
    value: &JsValue,
    cx: &mut Context,
) -> JsResult<Choice> {
    let find = |test: &dyn Fn(&Candidate) -> bool| candidates.iter().position(test);
    let chosen = |index: Option<usize>| Choice {
        index,
        method: None,
    };
    // 2. An undefined value stands for an optional argument that is missing.
    if value.is_undefined()
        && let Some(index) = find(&|candidate| candidate.is_optional)
    {
        return Ok(chosen(Some(index)));
    }
    // 3. null and undefined are nullable types, or an empty dictionary.
    if value.is_null_or_undefined() {
        let of_null = |candidate: &Candidate| {
            candidate.is_nullable || matches!(candidate.category, Category::Dictionary)
        };
        if let Some(index) = find(&of_null) {
            return Ok(chosen(Some(index)));
        }
    }
    if let Some(object) = value.as_object() {
        // 4. A platform object is of the interfaces that it implements.
        if let Some(behind) = platform::unwrap_proxy(&object, cx)? {
            let implements = |candidate: &Candidate| match candidate.category {
                Category::Interface(interface) => platform::implements(&behind, interface),
                Category::Object => true,
                _ => false,
            };
            if let Some(index) = find(&implements) {
                return Ok(chosen(Some(index)));
            }
        }
        // 5. to 7. Buffers and views are of their types.
        for (index, candidate) in candidates.iter().enumerate() {
            if let Category::Objects(includes) = candidate.category
                && includes(&object, cx)?
            {
                return Ok(chosen(Some(index)));
            }
        }
        // 8. A callable object is a callback function.
        if object.is_callable()
            && let Some(index) = find(&|candidate| matches!(candidate.category, Category::Function))
        {
            return Ok(chosen(Some(index)));
        }
        // 10. An iterable object is a sequence.
        if let Some(index) = find(&|candidate| matches!(candidate.category, Category::Sequence))
            && let Some(method) = iterator_method(&object, cx)?
        {
            return Ok(Choice {
                index: Some(index),
                method: Some(method),
            });
        }
        // 11. Any other object is a dictionary, a record or an object.
        let of_objects = |candidate: &Candidate| {
            let category = candidate.category;
            matches!(
                category,
                Category::Dictionary | Category::Record | Category::Object
            )
        };
        if let Some(index) = find(&of_objects) {
            return Ok(chosen(Some(index)));
        }
    }
    // 12. to 17. Booleans and numbers are of their types, everything else becomes a string, or a
    // number or boolean where there is no string.
    let of = |wanted: fn(&Category) -> bool| find(&|candidate| wanted(&candidate.category));
    let boolean = of(|category| matches!(category, Category::Boolean));
    let number = of(|category| matches!(category, Category::Number));
    let string = of(|category| matches!(category, Category::String));
    let any = of(|category| matches!(category, Category::Any));
    let exact = if value.is_boolean() {
        boolean
    } else if value.is_number() {
        number
    } else {
        None
    };
    Ok(chosen(exact.or(string).or(number).or(boolean).or(any)))
}
