//! `URLSearchParams` ([URL, URLSearchParams class](https://url.spec.whatwg.org/#interface-urlsearchparams)).

use boa_engine::builtins::object::OrdinaryObject;
use boa_engine::property::PropertyKey;
use boa_engine::{Context, Finalize, JsNativeError, JsObject, JsResult, JsSymbol, JsValue, Trace};
use url::form_urlencoded;

use crate::webidl::convert::{
    argument, js_str, js_str_or_null, optional, sequence_from_iterable, usv_string,
};
use crate::webidl::pair_iterator_old::{PairIterable, PairMembers};
use crate::webidl::platform;
use crate::webidl::{self, Interface, Iterable, Member, NewTarget};

/// Names and values, in order.
pub(crate) type List = Vec<(String, String)>;

/// What a `URLSearchParams` holds.
#[derive(Trace, Finalize)]
#[boa_gc(unsafe_no_drop)]
pub(crate) struct ParamsData {
    #[unsafe_ignore_trace]
    list: List,
    /// The `URL` whose query object this is.
    url: Option<JsObject>,
}

/// The `URLSearchParams` interface.
pub(crate) static URL_SEARCH_PARAMS: Interface = Interface {
    constructor: Some((0, construct)),
    members: &[
        &[
            Member::Attribute(
                "size",
                |this, _| {
                    with_list(this, |list| {
                        u32::try_from(list.len()).unwrap_or(u32::MAX).into()
                    })
                },
                None,
            ),
            Member::Operation("append", 2, append),
            Member::Operation("delete", 1, delete),
            Member::Operation("get", 1, get),
            Member::Operation("getAll", 1, get_all),
            Member::Operation("has", 1, has),
            Member::Operation("set", 2, set),
            Member::Operation("sort", 0, sort),
            Member::Operation("toString", 0, |this, _, _| {
                with_list(this, |list| js_str(serialize(list)))
            }),
        ],
        PairMembers::<UrlSearchParams>::MEMBERS,
    ],
    iterable: Iterable::Pairs,
    ..Interface::new("URLSearchParams")
};

/// Makes the query object of a `URL`.
pub(crate) fn create(list: List, url: &JsObject, ctx: &mut Context) -> JsObject {
    let data = ParamsData {
        list,
        url: Some(url.clone()),
    };
    let realm = ctx.realm().clone();
    webidl::create_object(&realm, &URL_SEARCH_PARAMS, data, ctx)
}

/// [The application/x-www-form-urlencoded parser](https://url.spec.whatwg.org/#concept-urlencoded-parser)
pub(crate) fn parse(query: &str) -> List {
    form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect()
}

/// [The application/x-www-form-urlencoded serializer](https://url.spec.whatwg.org/#concept-urlencoded-serializer)
fn serialize(list: &List) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(list)
        .finish()
}

/// Gives a query object another list, without effect on its URL.
pub(crate) fn set_list(this: &JsObject, list: List) {
    platform::with_mut(this, |data: &mut ParamsData| {
        data.list = list;
        Some(())
    });
}

fn with_list<R>(this: &JsObject, read: impl FnOnce(&List) -> R) -> JsResult<R> {
    platform::with(this, |data: &ParamsData| Some(read(&data.list)))
        .ok_or_else(platform::illegal_invocation)
}

/// The interface, as what has pairs.
enum UrlSearchParams {}

impl PairIterable for UrlSearchParams {
    const ITERATORS: &'static str = "URLSearchParams Iterator";

    fn pair_at(object: &JsObject, index: usize) -> Option<(String, JsValue)> {
        let (name, value) = with_list(object, |list| list.get(index).cloned()).ok()??;
        Some((name, js_str(value)))
    }
}

/// The text of a `URLSearchParams`; none of other objects.
pub(crate) fn serialized(object: &JsObject) -> Option<String> {
    with_list(object, serialize).ok()
}

/// Changes the list, and [updates](https://url.spec.whatwg.org/#concept-urlsearchparams-update)
/// the URL whose query object it is.
fn change(this: &JsObject, write: impl FnOnce(&mut List)) -> JsResult<()> {
    let changed = platform::with_mut(this, |data: &mut ParamsData| {
        write(&mut data.list);
        let url = data.url.clone();
        Some(url.map(|url| (url, serialize(&data.list))))
    });
    match changed.ok_or_else(platform::illegal_invocation)? {
        Some((url, serialized)) => crate::url::url_object::set_query(&url, &serialized),
        None => Ok(()),
    }
}

/// [The constructor](https://url.spec.whatwg.org/#dom-urlsearchparams-urlsearchparams)
fn construct(target: &NewTarget, args: &[JsValue], ctx: &mut Context) -> JsResult<JsObject> {
    let list = match optional(args, 0) {
        None => List::new(),
        Some(init) => match init.as_object() {
            Some(object) => list_from_object(&object, ctx)?,
            None => {
                let text = usv_string(init, ctx)?;
                parse(text.strip_prefix('?').unwrap_or(&text))
            }
        },
    };
    let data = ParamsData { list, url: None };
    target.create(data, ctx)
}

/// An object as a sequence of pairs if it is iterable, as a record otherwise.
pub(crate) fn list_from_object(object: &JsObject, ctx: &mut Context) -> JsResult<List> {
    let method = object.get(JsSymbol::iterator(), ctx)?;
    if method.is_null_or_undefined() {
        return record(object, ctx);
    }
    let Some(method) = method.as_callable() else {
        return Err(JsNativeError::typ()
            .with_message("The object's Symbol.iterator is not a function.")
            .into());
    };
    let mut pairs = Vec::new();
    for item in sequence_from_iterable(object, &method, ctx)? {
        let strings: Vec<String> = crate::webidl::convert::sequence(&item, ctx)?
            .iter()
            .map(|value| usv_string(value, ctx))
            .collect::<JsResult<_>>()?;
        pairs.push(strings);
    }
    let two = |pair: Vec<String>| <[String; 2]>::try_from(pair).ok().map(|[a, b]| (a, b));
    pairs
        .into_iter()
        .map(two)
        .collect::<Option<List>>()
        .ok_or_else(|| {
            JsNativeError::typ()
                .with_message("Each element of the sequence must be a pair of a name and a value.")
                .into()
        })
}

/// A [`record<USVString, USVString>`](https://webidl.spec.whatwg.org/#js-record).
fn record(object: &JsObject, ctx: &mut Context) -> JsResult<List> {
    let mut list = List::new();
    let this = JsValue::from(object.clone());
    for key in object.own_property_keys(ctx)? {
        let key_value: JsValue = match &key {
            PropertyKey::String(name) => name.clone().into(),
            PropertyKey::Symbol(symbol) => symbol.clone().into(),
            PropertyKey::Index(index) => js_str(index.get().to_string()),
        };
        let enumerable =
            OrdinaryObject::property_is_enumerable(&this, std::slice::from_ref(&key_value), ctx)?;
        if !enumerable.to_boolean() {
            continue;
        }
        let name = usv_string(&key_value, ctx)?;
        let value = object.get(key, ctx)?;
        let value = usv_string(&value, ctx)?;
        // Different keys can become the same name.
        match list.iter_mut().find(|(held, _)| *held == name) {
            Some(held) => held.1 = value,
            None => list.push((name, value)),
        }
    }
    Ok(list)
}

fn name_and_value(args: &[JsValue], ctx: &mut Context) -> JsResult<(String, String)> {
    Ok((
        usv_string(&argument(args, 0), ctx)?,
        usv_string(&argument(args, 1), ctx)?,
    ))
}

fn name_and_optional_value(
    args: &[JsValue],
    ctx: &mut Context,
) -> JsResult<(String, Option<String>)> {
    let name = usv_string(&argument(args, 0), ctx)?;
    let value = optional(args, 1)
        .map(|value| usv_string(value, ctx))
        .transpose()?;
    Ok((name, value))
}

fn matches(pair: &(String, String), name: &str, value: Option<&str>) -> bool {
    pair.0 == name && value.is_none_or(|value| pair.1 == value)
}

/// [append](https://url.spec.whatwg.org/#dom-urlsearchparams-append)
fn append(this: &JsObject, args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let pair = name_and_value(args, ctx)?;
    change(this, |list| list.push(pair))?;
    Ok(JsValue::undefined())
}

/// [delete](https://url.spec.whatwg.org/#dom-urlsearchparams-delete)
fn delete(this: &JsObject, args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let (name, value) = name_and_optional_value(args, ctx)?;
    change(this, |list| {
        list.retain(|pair| !matches(pair, &name, value.as_deref()));
    })?;
    Ok(JsValue::undefined())
}

/// [get](https://url.spec.whatwg.org/#dom-urlsearchparams-get)
fn get(this: &JsObject, args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let name = usv_string(&argument(args, 0), ctx)?;
    with_list(this, |list| {
        let found = list.iter().find(|pair| pair.0 == name);
        js_str_or_null(found.map(|pair| pair.1.as_str()))
    })
}

/// [getAll](https://url.spec.whatwg.org/#dom-urlsearchparams-getall)
fn get_all(this: &JsObject, args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let name = usv_string(&argument(args, 0), ctx)?;
    let values: Vec<JsValue> = with_list(this, |list| {
        list.iter()
            .filter(|pair| pair.0 == name)
            .map(|pair| js_str(&pair.1))
            .collect()
    })?;
    Ok(boa_engine::object::builtins::JsArray::from_iter(values, ctx).into())
}

/// [has](https://url.spec.whatwg.org/#dom-urlsearchparams-has)
fn has(this: &JsObject, args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let (name, value) = name_and_optional_value(args, ctx)?;
    with_list(this, |list| {
        list.iter()
            .any(|pair| matches(pair, &name, value.as_deref()))
            .into()
    })
}

/// [set](https://url.spec.whatwg.org/#dom-urlsearchparams-set)
fn set(this: &JsObject, args: &[JsValue], ctx: &mut Context) -> JsResult<JsValue> {
    let (name, value) = name_and_value(args, ctx)?;
    change(this, |list| {
        let Some(first) = list.iter().position(|pair| pair.0 == name) else {
            list.push((name, value));
            return;
        };
        let mut index = 0;
        list.retain(|pair| {
            index += 1;
            index - 1 <= first || pair.0 != name
        });
        if let Some(pair) = list.get_mut(first) {
            pair.1 = value;
        }
    })?;
    Ok(JsValue::undefined())
}

/// [sort](https://url.spec.whatwg.org/#dom-urlsearchparams-sort): by the code units of the names.
fn sort(this: &JsObject, _: &[JsValue], _: &mut Context) -> JsResult<JsValue> {
    change(this, |list| {
        list.sort_by(|a, b| a.0.encode_utf16().cmp(b.0.encode_utf16()));
    })?;
    Ok(JsValue::undefined())
}
