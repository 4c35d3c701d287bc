//! `DOMException` ([Web IDL, DOMException](https://webidl.spec.whatwg.org/#idl-DOMException)), and
//! the one place in which the errors of the library crates become exceptions.

use boa_engine::realm::Realm;
use boa_engine::{Context, JsError, JsNativeError, JsObject, JsResult, JsString, JsValue};
use framepost_browsing_context::DomError;

use crate::boa::error_stack;
use crate::webidl::convert::{Dictionary, argument, double, optional};
use crate::webidl::platform;
use crate::webidl::{self, Interface, Member, NewTarget};

/// What a `DOMException` holds.
#[derive(Clone, Debug, boa_engine::Trace, boa_engine::Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct ExceptionData {
    #[unsafe_ignore_trace]
    pub(crate) name: JsString,
    #[unsafe_ignore_trace]
    pub(crate) message: JsString,
    /// What a `QuotaExceededError` has besides.
    #[unsafe_ignore_trace]
    pub(crate) quota: Option<Quota>,
    /// Where it was made, in words.
    #[unsafe_ignore_trace]
    pub(crate) stack: JsString,
    /// Whether a member of an interface throws it and is still to be named in its message.
    #[unsafe_ignore_trace]
    pub(crate) unnamed: bool,
}

/// The slots of a `QuotaExceededError`.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Quota {
    pub(crate) quota: Option<f64>,
    pub(crate) requested: Option<f64>,
}

/// The names that have a legacy code
/// ([error names](https://webidl.spec.whatwg.org/#idl-DOMException-error-names)), and the names of
/// the constants.
const CODES: &[(&str, &str, u32)] = &[
    ("IndexSizeError", "INDEX_SIZE_ERR", 1),
    ("", "DOMSTRING_SIZE_ERR", 2),
    ("HierarchyRequestError", "HIERARCHY_REQUEST_ERR", 3),
    ("WrongDocumentError", "WRONG_DOCUMENT_ERR", 4),
    ("InvalidCharacterError", "INVALID_CHARACTER_ERR", 5),
    ("", "NO_DATA_ALLOWED_ERR", 6),
    (
        "NoModificationAllowedError",
        "NO_MODIFICATION_ALLOWED_ERR",
        7,
    ),
    ("NotFoundError", "NOT_FOUND_ERR", 8),
    ("NotSupportedError", "NOT_SUPPORTED_ERR", 9),
    ("InUseAttributeError", "INUSE_ATTRIBUTE_ERR", 10),
    ("InvalidStateError", "INVALID_STATE_ERR", 11),
    ("SyntaxError", "SYNTAX_ERR", 12),
    ("InvalidModificationError", "INVALID_MODIFICATION_ERR", 13),
    ("NamespaceError", "NAMESPACE_ERR", 14),
    ("InvalidAccessError", "INVALID_ACCESS_ERR", 15),
    ("", "VALIDATION_ERR", 16),
    ("TypeMismatchError", "TYPE_MISMATCH_ERR", 17),
    ("SecurityError", "SECURITY_ERR", 18),
    ("NetworkError", "NETWORK_ERR", 19),
    ("AbortError", "ABORT_ERR", 20),
    ("URLMismatchError", "URL_MISMATCH_ERR", 21),
    ("QuotaExceededError", "QUOTA_EXCEEDED_ERR", 22),
    ("TimeoutError", "TIMEOUT_ERR", 23),
    ("InvalidNodeTypeError", "INVALID_NODE_TYPE_ERR", 24),
    ("DataCloneError", "DATA_CLONE_ERR", 25),
];

const CONSTANTS: [(&str, u32); CODES.len()] = {
    let mut constants = [("", 0); CODES.len()];
    let mut i = 0;
    while i < CODES.len() {
        constants[i] = (CODES[i].1, CODES[i].2);
        i += 1;
    }
    constants
};

/// The `DOMException` interface. Its prototype inherits from `Error.prototype`.
pub(crate) static DOM_EXCEPTION: Interface = Interface {
    constructor: Some((0, construct)),
    constants: &CONSTANTS,
    members: &[&[
        Member::Attribute(
            "name",
            |this, _| read(this, |data| data.name.clone().into()),
            None,
        ),
        Member::Attribute(
            "message",
            |this, _| read(this, |data| data.message.clone().into()),
            None,
        ),
        Member::Attribute(
            "code",
            |this, _| read(this, |data| code_of(&data.name).into()),
            None,
        ),
    ]],
    ..Interface::new("DOMException")
};

/// The [`QuotaExceededError`](https://webidl.spec.whatwg.org/#quotaexceedederror) interface.
pub(crate) static QUOTA_EXCEEDED_ERROR: Interface = Interface {
    parent: Some(&DOM_EXCEPTION),
    constructor: Some((0, construct_quota_exceeded)),
    members: &[&[
        Member::Attribute("quota", |this, _| read_quota(this, |data| data.quota), None),
        Member::Attribute(
            "requested",
            |this, _| read_quota(this, |data| data.requested),
            None,
        ),
    ]],
    ..Interface::new("QuotaExceededError")
};

const QUOTA_EXCEEDED: &str = "QuotaExceededError";

fn read_quota(this: &JsObject, read: impl FnOnce(Quota) -> Option<f64>) -> JsResult<JsValue> {
    platform::with(this, |data: &ExceptionData| data.quota.map(read))
        .map(|value| value.map_or_else(JsValue::null, JsValue::from))
        .ok_or_else(platform::illegal_invocation)
}

/// [The constructor of `QuotaExceededError`](https://webidl.spec.whatwg.org/#dom-quotaexceedederror-quotaexceedederror)
fn construct_quota_exceeded(
    target: &NewTarget,
    args: &[JsValue],
    ctx: &mut Context,
) -> JsResult<JsObject> {
    let message = match optional(args, 0) {
        Some(message) => message.to_string(ctx)?,
        None => JsString::default(),
    };
    let options = Dictionary::new(&argument(args, 1))?;
    let mut member = |name| match options.get(name, ctx)? {
        Some(value) => double(&value, ctx).map(Some),
        None => Ok(None),
    };
    let (quota, requested) = (member("quota")?, member("requested")?);
    let range = |what| Err(JsNativeError::range().with_message(what).into());
    if quota.is_some_and(|quota| quota < 0.0) {
        return range("quota is below zero");
    }
    if requested.is_some_and(|requested| requested < 0.0) {
        return range("requested is below zero");
    }
    if let (Some(quota), Some(requested)) = (quota, requested)
        && requested < quota
    {
        return range("requested is below the quota");
    }
    let name = JsString::from(QUOTA_EXCEEDED);
    let data = ExceptionData {
        stack: error_stack::capture(&name, &message, ctx),
        name,
        message,
        quota: Some(Quota { quota, requested }),
        unnamed: false,
    };
    target.create(data, ctx)
}

fn read(this: &JsObject, read: impl FnOnce(&ExceptionData) -> JsValue) -> JsResult<JsValue> {
    platform::with(this, |data: &ExceptionData| Some(read(data)))
        .ok_or_else(platform::illegal_invocation)
}

/// The `stack` of an exception; none if the object is no exception.
pub(crate) fn stack_of(object: &JsObject) -> Option<JsString> {
    platform::with(object, |data: &ExceptionData| Some(data.stack.clone()))
}

fn code_of(name: &JsString) -> u32 {
    let name = name.to_std_string_lossy();
    CODES
        .iter()
        .find(|(of, _, _)| !of.is_empty() && *of == name)
        .map_or(0, |(_, _, code)| *code)
}

fn construct(target: &NewTarget, args: &[JsValue], ctx: &mut Context) -> JsResult<JsObject> {
    let message = match optional(args, 0) {
        Some(message) => message.to_string(ctx)?,
        None => JsString::default(),
    };
    let name = match optional(args, 1) {
        Some(name) => name.to_string(ctx)?,
        None => JsString::from("Error"),
    };
    let data = ExceptionData {
        stack: error_stack::capture(&name, &message, ctx),
        name,
        message,
        quota: None,
        unnamed: false,
    };
    target.create(data, ctx)
}

/// Makes a `DOMException` in the current realm.
pub(crate) fn create(name: &str, message: &str, ctx: &mut Context) -> JsObject {
    make(name, message, false, ctx)
}

fn make(name: &str, message: &str, unnamed: bool, ctx: &mut Context) -> JsObject {
    let quota = (name == QUOTA_EXCEEDED).then(Quota::default);
    let (name, message) = (JsString::from(name), JsString::from(message));
    let data = ExceptionData {
        stack: error_stack::capture(&name, &message, ctx),
        name,
        message,
        quota,
        unnamed,
    };
    let realm = ctx.realm().clone();
    create_in(&realm, data, ctx)
}

/// Makes an exception with this data.
pub(crate) fn create_in(realm: &Realm, data: ExceptionData, ctx: &mut Context) -> JsObject {
    let interface = match data.quota {
        Some(_) => &QUOTA_EXCEEDED_ERROR,
        None => &DOM_EXCEPTION,
    };
    webidl::create_object(realm, interface, data, ctx)
}

/// Makes a `DOMException` to be thrown.
pub(crate) fn throw(name: &str, message: &str, ctx: &mut Context) -> JsError {
    JsError::from_opaque(make(name, message, true, ctx).into())
}

/// Lets the message of an exception that a member of an interface throws begin with what failed.
/// Others, which script throws on the way, stay as they are.
pub(crate) fn name_what_failed(error: JsError, what: impl FnOnce() -> String) -> JsError {
    let object = error.as_opaque().and_then(JsValue::as_object);
    let exception = object.and_then(|object| {
        let data = platform::with(&object, |data: &ExceptionData| {
            data.unnamed.then(|| data.clone())
        });
        Some((object, data?))
    });
    if let Some((object, data)) = exception {
        let message = data.message.to_std_string_lossy();
        let message = JsString::from(format!("{}: {message}", what()));
        let renamed = ExceptionData {
            stack: error_stack::reworded(&data.stack, &data.name, &data.message, &message),
            message,
            unnamed: false,
            ..data
        };
        platform::with_mut(&object, |data: &mut ExceptionData| {
            *data = renamed;
            Some(())
        });
    }
    error
}

/// An error of the library crates as an exception.
pub(crate) trait OrThrow<T> {
    /// Throws the error in the current realm.
    fn or_throw(self, ctx: &mut Context) -> JsResult<T>;
}

impl<T> OrThrow<T> for Result<T, DomError> {
    fn or_throw(self, ctx: &mut Context) -> JsResult<T> {
        self.map_err(|error| throw(error.name(), &error.to_string(), ctx))
    }
}

impl<T> OrThrow<T> for Result<T, crate::dom::selectors::SelectorError> {
    fn or_throw(self, ctx: &mut Context) -> JsResult<T> {
        self.map_err(|error| throw("SyntaxError", &error.to_string(), ctx))
    }
}
