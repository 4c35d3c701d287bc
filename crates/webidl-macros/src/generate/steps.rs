//! The glue around a member's steps: functions that convert the values from script, call the steps, and convert their
//! results.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens as _, quote, quote_spanned};
use syn::spanned::Spanned as _;
use syn::{Error, ExprClosure, Lit, Pat, Result, Type};

use super::arguments::{Passed, hidden_at, pass_all};
use crate::ast::{Attr, IdlType, Operation, Shape, Steps};
use crate::names;

impl Steps {
    /// Their place in the source.
    fn span(&self) -> Span {
        match self {
            Self::Path(path) | Self::Reflect(path, _) => path.span(),
            Self::Closure(closure) => closure.span(),
            Self::Literal(literal) => literal.span(),
            Self::Field(field) => field.span(),
        }
    }
}

/// The context of the steps of an interface's members.
#[derive(Clone, Copy)]
pub(crate) struct Binding<'a> {
    /// The data of its objects.
    pub(crate) data: Option<&'a Type>,
}

/// The identifiers of the glue, which the steps cannot see.
pub(super) struct Names {
    pub(super) this: Ident,
    pub(super) args: Ident,
    pub(super) cx: Ident,
}

pub(crate) fn hidden(name: &str) -> Ident {
    Ident::new(name, Span::mixed_site())
}

pub(super) fn hidden_names() -> Names {
    Names {
        this: hidden("this"),
        args: hidden("args"),
        cx: hidden("cx"),
    }
}

/// The first argument of a member's steps.
#[derive(Clone, Copy, PartialEq, Eq)]
enum First {
    /// The object of a regular member.
    This,
    /// The `NewTarget` of a constructor.
    NewTarget,
    /// Nothing.
    None,
}

impl Binding<'_> {
    fn data(&self, span: Span) -> Result<&Type> {
        self.data.ok_or_else(|| {
            Error::new(
                span,
                "these steps need the data of the object: name its type, as in \
                 `interface Name(Data)`",
            )
        })
    }

    /// The getter of an attribute: a closure `|this, cx|` that returns a value.
    pub(crate) fn getter(&self, attribute: &Attr) -> Result<TokenStream> {
        let Names { this, cx, .. } = hidden_names();
        let default = default_steps(&attribute.name);
        let steps = attribute.getter.as_ref().unwrap_or(&default);
        let called = self.call(steps, &attribute.idl_type, &[], First::This)?;
        Ok(quote!(|#this, #cx| { #called }))
    }

    /// The setter of an attribute: a closure `|this, value, cx|`.
    pub(crate) fn setter(&self, attribute: &Attr) -> Result<TokenStream> {
        let Names { this, cx, .. } = hidden_names();
        let value = hidden("value");
        let mut default = Steps::Path(syn::ExprPath {
            attrs: Vec::new(),
            qself: None,
            path: names::setter(&attribute.name).into(),
        });
        if let Some(Steps::Field(field)) = &attribute.getter {
            default = Steps::Field(field.clone());
        }
        let steps = attribute.setter.as_ref().unwrap_or(&default);
        let span = attribute.name.span();
        let (slot, held) = (hidden_at("slot", span), hidden_at("held", span));
        let tag = attribute.idl_type.tag();
        let passed = Passed {
            convert: quote_spanned! {span=>
                let #slot = crate::webidl::glue::Slot::<'_, #tag, _, _>::new();
                let mut #held = #slot.hold_assigned(#value, #cx)?;
                if #held.is_none() {
                    return Ok(());
                }
            },
            pass: quote_spanned!(span=> #slot.pass(&mut #held)?),
            rust: attribute.idl_type.rust(),
        };
        if let Steps::Field(field) = steps {
            let data = self.data(field.span())?;
            let (convert, pass) = (&passed.convert, &passed.pass);
            let object = hidden("data");
            let write = access(
                "write",
                data,
                &this,
                &quote!(|#object: &mut #data| #object.#field = #value),
            );
            return Ok(quote!(|#this, #value, #cx| {
                #convert
                let #value = #pass;
                #write
            }));
        }
        let nothing = IdlType::new(attribute.idl_type.span, Shape::Undefined);
        let called = self.call(steps, &nothing, &[passed], First::This)?;
        Ok(quote!(|#this, #value, #cx| { crate::webidl::glue::ended(#called) }))
    }

    /// The setter of an event handler: a closure `|this, name, value, cx|` that sets the handler and
    /// then runs the steps.
    pub(crate) fn handler_setter(&self, attribute: &Attr, steps: &Steps) -> Result<TokenStream> {
        let Names { this, cx, .. } = hidden_names();
        let (name, value) = (hidden("name"), hidden("value"));
        let nothing = IdlType::new(attribute.idl_type.span, Shape::Undefined);
        let called = self.call(steps, &nothing, &[], First::This)?;
        Ok(quote!(|#this, #name, #value, #cx| {
            crate::webidl::extensions::set_event_handler(#this, #name, #value, #cx)?;
            crate::webidl::glue::ended(#called)
        }))
    }

    /// An operation: a closure `|this, args, cx|`, or `|args, cx|` of a static one.
    pub(crate) fn operation(&self, operation: &Operation) -> Result<TokenStream> {
        let Names { this, args, cx } = hidden_names();
        let called = self.operation_body(operation)?;
        if operation.is_static {
            return Ok(quote!(|#args, #cx| { #called }));
        }
        Ok(quote!(|#this, #args, #cx| { #called }))
    }

    /// The body of an operation, for glue with the names `this`, `args` and `cx`.
    pub(crate) fn operation_body(&self, operation: &Operation) -> Result<TokenStream> {
        let default = match (&operation.name, operation.special) {
            (Some(name), _) => default_steps(name),
            (None, Some(special)) => {
                let name = match special {
                    crate::ast::Special::Getter => "named_item",
                    crate::ast::Special::Setter => "set_named_item",
                    crate::ast::Special::Deleter => "remove_named_item",
                };
                default_steps(&Ident::new(name, operation.span))
            }
            (None, None) => default_steps(&Ident::new("construct", operation.span)),
        };
        let steps = operation.steps.as_ref().unwrap_or(&default);
        let passed = pass_all(&operation.arguments)?;
        let first = match operation.is_static {
            true => First::None,
            false => First::This,
        };
        self.call(steps, &operation.result, &passed, first)
    }

    /// A constructor: a closure `|target, args, cx|`.
    pub(crate) fn constructor(&self, operation: &Operation) -> Result<TokenStream> {
        let Names { this, args, cx } = hidden_names();
        let body = self.constructor_body(operation)?;
        Ok(quote!(|#this, #args, #cx| { #body }))
    }

    /// The body of a constructor.
    pub(crate) fn constructor_body(&self, operation: &Operation) -> Result<TokenStream> {
        let default = default_steps(&Ident::new("construct", operation.span));
        let steps = operation.steps.as_ref().unwrap_or(&default);
        let passed = pass_all(&operation.arguments)?;
        self.call(steps, &operation.result, &passed, First::NewTarget)
    }

    /// The stringification behavior: a closure `|this, args, cx|`.
    pub(crate) fn stringifier(&self, steps: Option<&Steps>, span: Span) -> Result<TokenStream> {
        let Names { this, args, cx } = hidden_names();
        let default = default_steps(&Ident::new("stringify", span));
        let result = IdlType::new(span, Shape::Standard("DomString"));
        let called = self.call(steps.unwrap_or(&default), &result, &[], First::This)?;
        Ok(quote!(|#this, #args, #cx| { let _ = #args; #called }))
    }

    /// The pair at an index: a closure `|this, index, cx|`.
    pub(crate) fn pairs(&self, steps: &Steps, span: Span) -> Result<TokenStream> {
        let Names { this, cx, .. } = hidden_names();
        let (object, index) = (hidden("data"), hidden("index"));
        let data = self.data(span)?;
        let steps = match steps {
            Steps::Path(path) => quote!(#path),
            Steps::Closure(closure) => {
                let typed = typed(closure, &[quote!(&#data), quote!(usize)]);
                quote!((#typed))
            }
            _ => return Err(Error::new(span, "expected a function or a closure")),
        };
        let read = access(
            "read",
            data,
            &this,
            &quote!(|#object: &#data| #steps(#object, #index)),
        );
        Ok(quote!(|#this, #index, #cx| crate::webidl::glue::pair(#read?, #cx)))
    }

    /// The supported property names: a closure `|this, cx|`.
    pub(crate) fn supported_names(&self, steps: Option<&Steps>, span: Span) -> Result<TokenStream> {
        let Names { this, cx, .. } = hidden_names();
        if let Some(Steps::Path(path)) = steps {
            let (bind, before) = receiver(&this, path.span());
            return Ok(quote!(|#this, #cx| {
                #bind
                Ok(crate::webidl::legacy_platform_object::supported(#path(#before, #cx)))
            }));
        }
        let Some(Steps::Closure(closure)) = steps else {
            let message = "expected a function or a closure that gives the supported property names: \
                           `|data| data.names()`";
            return Err(Error::new(span, message));
        };
        let data = self.data(closure.span())?;
        let read = access("read", data, &this, &typed(closure, &[quote!(&#data)]));
        Ok(quote!(|#this, #cx| {
            let _ = &#cx;
            #read.map(crate::webidl::legacy_platform_object::supported)
        }))
    }

    /// The call of the steps, and the conversion of their result.
    fn call(
        &self,
        steps: &Steps,
        result: &IdlType,
        passed: &[Passed],
        first: First,
    ) -> Result<TokenStream> {
        let Names { this, cx, .. } = hidden_names();
        let convert: TokenStream = passed.iter().map(|passed| passed.convert.clone()).collect();
        let pass: Vec<&TokenStream> = passed.iter().map(|passed| &passed.pass).collect();
        let (bind, before) = match first {
            First::This => receiver(&this, steps.span()),
            First::NewTarget => (quote!(), quote!(#this)),
            First::None => (quote!(), quote!()),
        };
        let comma = (first != First::None).then(|| quote!(,));
        let called = match steps {
            Steps::Path(path) => quote!(#path(#before #comma #(#pass,)* #cx)),
            Steps::Reflect(path, content) => {
                quote!(#path(#before #comma #content, #(#pass,)* #cx))
            }
            Steps::Literal(lit) => {
                let value = literal(lit);
                return Ok(quote!({ #convert crate::webidl::glue::returned(#value, #cx) }));
            }
            Steps::Field(field) if passed.is_empty() && first == First::This => {
                let data = self.data(field.span())?;
                let object = hidden("data");
                let field = quote!(|#object: &#data| ::core::clone::Clone::clone(&#object.#field));
                let read = access("read", data, &this, &field);
                return Ok(finish(&quote!(#read?), result, first));
            }
            Steps::Field(field) => {
                return Err(Error::new(field.span(), "only an attribute can be a field"));
            }
            Steps::Closure(closure) => {
                let call = self.closure(closure, result, passed, first)?;
                return Ok(finish(&quote!({ #convert #call }), result, first));
            }
        };
        Ok(finish(&quote!({ #convert #bind #called }), result, first))
    }

    /// The call of a closure, by the number of its parameters.
    fn closure(
        &self,
        closure: &ExprClosure,
        result: &IdlType,
        passed: &[Passed],
        first: First,
    ) -> Result<TokenStream> {
        let Names { this, cx, .. } = hidden_names();
        let (given, count) = (closure.inputs.len(), passed.len());
        let steps = hidden("steps");
        if given == 0 && count == 0 {
            return Ok(quote!({ let #steps = #closure; #steps() }));
        }
        if first == First::This && given == count + 1 {
            return self.closure_on_data(closure, result, passed);
        }
        let object = match first {
            First::This => Some(quote!(&crate::webidl::glue::JsObject)),
            First::NewTarget if given == count + 2 => Some(quote!(&crate::webidl::NewTarget)),
            First::NewTarget | First::None => None,
        };
        let besides = usize::from(object.is_some());
        let takes_context = given == count + besides + 1;
        if !takes_context && (given != count || object.is_some()) {
            return Err(wrong_count(closure, count, first));
        }
        let (bind, before) = match first {
            First::This => receiver(&this, closure.span()),
            First::NewTarget | First::None => (quote!(), quote!(#this)),
        };
        let before = object.is_some().then_some(before);
        let pass = before
            .iter()
            .chain(passed.iter().map(|passed| &passed.pass));
        let context = takes_context.then(|| quote!(#cx));
        let pass = pass.chain(&context);
        let types = passed.iter().map(|passed| passed.rust.clone());
        let types = object.into_iter().chain(types);
        let types: Vec<TokenStream> = types.chain(takes_context.then(context_type)).collect();
        let closure = typed(closure, &types);
        Ok(quote!({ #bind let #steps = #closure; #steps(#(#pass),*) }))
    }

    /// The call of a closure `|data, arguments…|` on the borrowed data.
    fn closure_on_data(
        &self,
        closure: &ExprClosure,
        result: &IdlType,
        passed: &[Passed],
    ) -> Result<TokenStream> {
        let this = hidden("this");
        let (steps, object) = (hidden("steps"), hidden("data"));
        let named = named_data(closure);
        let data = match &named {
            Some(data) => data,
            None => self.data(closure.span())?,
        };
        let (method, object_type) = match writes(closure, result) {
            true => ("write", quote!(&mut #data)),
            false => ("read", quote!(&#data)),
        };
        let types = passed.iter().map(|passed| passed.rust.clone());
        let types: Vec<TokenStream> = [object_type.clone()].into_iter().chain(types).collect();
        let closure = typed(closure, &types);
        let pass = passed.iter().map(|passed| &passed.pass);
        let given: Vec<Ident> = (0..passed.len())
            .map(|index| hidden(&format!("given{index}")))
            .collect();
        let call = quote!(|#object: #object_type| #steps(#object, #(#given),*));
        let access = access(method, data, &this, &call);
        Ok(quote!({
            let #steps = #closure;
            #(let #given = #pass;)*
            #access?
        }))
    }
}

/// The error for a closure with another number of parameters than its member has arguments.
fn wrong_count(closure: &ExprClosure, count: usize, first: First) -> Error {
    let given = closure.inputs.len();
    let (most, what) = match first {
        First::This => (
            count + 2,
            "the object or its data, the arguments, and the context with the object",
        ),
        First::NewTarget | First::None => (count + 1, "the arguments, and the context if it wants"),
    };
    Error::new(
        closure.span(),
        format!(
            "this closure has {given} parameters; it may have {} or {most}: {what}",
            most - 1
        ),
    )
}

/// Whether a closure on borrowed data writes: it is declared so, or it has no result.
fn writes(closure: &ExprClosure, result: &IdlType) -> bool {
    match closure.inputs.first() {
        Some(Pat::Type(pattern)) => match &*pattern.ty {
            Type::Reference(reference) => reference.to_token_stream().to_string().contains("mut"),
            _ => false,
        },
        _ => result.is_undefined(),
    }
}

/// The type of data that a closure declares.
fn named_data(closure: &ExprClosure) -> Option<Type> {
    match closure.inputs.first()? {
        Pat::Type(pattern) => match &*pattern.ty {
            Type::Reference(reference) => Some((*reference.elem).clone()),
            _ => None,
        },
        _ => None,
    }
}

/// The closure with the missing types of its parameters.
fn typed(closure: &ExprClosure, types: &[TokenStream]) -> TokenStream {
    let mut closure = closure.clone();
    let inputs = closure.inputs.iter().zip(types).map(|(pattern, ty)| {
        if matches!(pattern, Pat::Type(_)) {
            return quote!(#pattern);
        }
        quote!(#pattern: #ty)
    });
    let inputs: Vec<TokenStream> = inputs.collect();
    closure.inputs = syn::punctuated::Punctuated::new();
    let (capture, output, body) = (&closure.capture, &closure.output, &closure.body);
    quote!(#capture |#(#inputs),*| #output #body)
}

/// A call of `read` or `write` for a closure without a context: on the data of the object, or on the receiver.
fn access(method: &str, data: &Type, this: &Ident, closure: &TokenStream) -> TokenStream {
    let method = Ident::new(method, Span::call_site());
    quote!({
        #[allow(unused_imports, reason = "one of them is needed")]
        use crate::webidl::glue::{ToData as _, ToReceiver as _};
        (&&crate::webidl::glue::DataOf::<#data>::new()).#method(#this, #closure)
    })
}

fn context_type() -> TokenStream {
    quote!(&mut crate::webidl::glue::Context)
}

/// The statements that create the receiver of the steps, and the expression that passes it.
fn receiver(this: &Ident, span: Span) -> (TokenStream, TokenStream) {
    let (slot, held) = (
        hidden_at("receiver", span),
        hidden_at("held_receiver", span),
    );
    (
        quote_spanned! {span=>
            let #slot = crate::webidl::glue::This::<'_, _, _>::new();
            let mut #held = #slot.hold(#this)?;
        },
        quote_spanned!(span=> #slot.pass(&mut #held)?),
    )
}

/// The conversion of a result.
fn finish(called: &TokenStream, result: &IdlType, first: First) -> TokenStream {
    let Names { this, cx, .. } = hidden_names();
    let span = result.span;
    if first == First::NewTarget {
        let made = hidden("made");
        return quote_spanned!(span=> {
            #[allow(unused_imports, reason = "one of them is needed")]
            use crate::webidl::glue::{OfData as _, OfSteps as _, OfStepsThatFail as _};
            let #made = #called;
            (&&&crate::webidl::glue::given(&#made)).finish(#made, #this, #cx)
        });
    }
    if result.is_undefined() {
        return quote_spanned!(span=> crate::webidl::glue::done(#called, #cx));
    }
    if matches!(result.shape, Shape::FrozenArray(_)) {
        return quote_spanned!(span=> crate::webidl::glue::frozen(#called, #cx));
    }
    quote_spanned!(span=> crate::webidl::glue::returned(#called, #cx))
}

fn literal(lit: &Lit) -> TokenStream {
    match lit {
        Lit::Str(text) => quote!(::boa_engine::js_string!(#text)),
        _ => quote!(#lit),
    }
}

/// The steps of a member without steps: the function of its name.
fn default_steps(name: &Ident) -> Steps {
    Steps::Path(syn::ExprPath {
        attrs: Vec::new(),
        qself: None,
        path: names::snake(name).into(),
    })
}
