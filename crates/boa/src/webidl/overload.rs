//! Selects overloads and union members by the type of a value.

use boa_engine::{Context, JsError, JsObject, JsResult, JsValue};

use super::convert::iterator_method;
use super::types::{Category, IdlType};
use crate::boa::errors::type_error;
use crate::webidl::platform;

/// A candidate type for a value.
#[derive(Clone, Copy, Debug)]
pub struct Candidate {
    category: Category,
    is_nullable: bool,
    is_optional: bool,
}

impl Candidate {
    /// Creates the candidate for a type.
    pub const fn of<T: IdlType>() -> Self {
        Self {
            category: T::CATEGORY,
            is_nullable: T::IS_NULLABLE,
            is_optional: false,
        }
    }

    /// Marks the type as that of an optional argument.
    pub const fn optional(self) -> Self {
        Self {
            is_optional: true,
            ..self
        }
    }
}

/// The selected candidate.
#[derive(Debug)]
pub struct Choice {
    /// Its index, or `None` if no candidate matches.
    pub index: Option<usize>,
    /// The iterator method that makes the value a sequence. It must be looked up only once.
    pub method: Option<JsObject>,
}

/// Creates the error for a call that matches no overload.
pub fn no_overload(count: usize) -> JsError {
    type_error(format!("no overload takes these {count} arguments"))
}

/// Selects the candidate for a value: step 12 of the [overload resolution
/// algorithm](https://webidl.spec.whatwg.org/#es-overloads). Unions are resolved in the same way.
pub fn choose(candidates: &[Candidate], value: &JsValue, cx: &mut Context) -> JsResult<Choice> {
    let find = |test: &dyn Fn(&Candidate) -> bool| candidates.iter().position(test);
    let chosen = |index: Option<usize>| Choice {
        index,
        method: None,
    };
    // 2. undefined matches an optional argument, as if it were missing.
    if value.is_undefined()
        && let Some(index) = find(&|candidate| candidate.is_optional)
    {
        return Ok(chosen(Some(index)));
    }
    // 3. null and undefined match a nullable type or a dictionary.
    if value.is_null_or_undefined() {
        let of_null = |candidate: &Candidate| {
            candidate.is_nullable || matches!(candidate.category, Category::Dictionary)
        };
        if let Some(index) = find(&of_null) {
            return Ok(chosen(Some(index)));
        }
    }
    if let Some(object) = value.as_object() {
        // 4. A platform object matches the interfaces that it implements.
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
        // 5. to 7. Buffers and views match their types.
        for (index, candidate) in candidates.iter().enumerate() {
            if let Category::Objects(includes) = candidate.category
                && includes(&object, cx)?
            {
                return Ok(chosen(Some(index)));
            }
        }
        // 8. A callable object matches a callback function.
        if object.is_callable()
            && let Some(index) = find(&|candidate| matches!(candidate.category, Category::Function))
        {
            return Ok(chosen(Some(index)));
        }
        // 10. An iterable object matches a sequence.
        if let Some(index) = find(&|candidate| matches!(candidate.category, Category::Sequence))
            && let Some(method) = iterator_method(&object, cx)?
        {
            return Ok(Choice {
                index: Some(index),
                method: Some(method),
            });
        }
        // 11. Any other object matches a dictionary, a record or an object.
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
    // 12. to 17. Booleans and numbers match their types. Other values match a string type, or a
    // number or boolean type if there is no string type.
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
