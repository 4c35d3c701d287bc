//! The toy language: its parser and its evaluator.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use framepost_browsing_context::RealmStack;
use framepost_event_loop::GlobalId;

use super::value::{Data, Function, Object, Value};

/// Why a script failed.
#[derive(Clone, Debug)]
pub struct Error(pub String);

/// The maximum nesting of expressions during evaluation.
const DEPTH: usize = 200;

#[derive(Clone)]
pub enum Expression {
    Value(Value),
    Name(String),
    List(Rc<[Expression]>),
}

/// The names that an expression can use.
#[derive(Default)]
pub struct Scope {
    names: RefCell<HashMap<String, Value>>,
    outer: Option<Rc<Scope>>,
}

impl Scope {
    pub fn set(&self, name: &str, value: Value) {
        self.names.borrow_mut().insert(name.to_owned(), value);
    }

    pub fn get(&self, name: &str) -> Option<Value> {
        let mut scope = Some(self);
        while let Some(here) = scope {
            if let Some(value) = here.names.borrow().get(name) {
                return Some(value.clone());
            }
            scope = here.outer.as_deref();
        }
        None
    }
}

/// Parses a script.
pub fn parse(text: &str) -> Result<Vec<Expression>, Error> {
    let mut open: Vec<Vec<Expression>> = vec![Vec::new()];
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let mut length = first.len_utf8();
        let expression = match first {
            '(' => {
                open.push(Vec::new());
                None
            }
            ')' => {
                let closed = open.pop().filter(|_| !open.is_empty());
                let closed = closed.ok_or_else(|| Error("too many )".to_owned()))?;
                Some(Expression::List(closed.into()))
            }
            '"' => {
                let end = rest[1..].find('"');
                let end = end.ok_or_else(|| Error("a text without an end".to_owned()))?;
                length = end + 2;
                Some(Expression::Value(Value::text(&rest[1..=end])))
            }
            _ => {
                let end = rest.find(|c: char| c.is_whitespace() || "()\"".contains(c));
                length = end.unwrap_or(rest.len());
                let word = &rest[..length];
                Some(match (word, word.parse()) {
                    (_, Ok(number)) => Expression::Value(Value::Number(number)),
                    ("nil", _) => Expression::Value(Value::Nil),
                    _ => Expression::Name(word.to_owned()),
                })
            }
        };
        if let (Some(expression), Some(list)) = (expression, open.last_mut()) {
            list.push(expression);
        }
        rest = rest[length..].trim_start();
    }
    match (open.pop(), open.is_empty()) {
        (Some(script), true) => Ok(script),
        _ => Err(Error("too few )".to_owned())),
    }
}

/// The interface to the engine: every call of a named function.
pub trait Machine {
    /// The realms of what is running.
    fn realms(&mut self) -> &mut RealmStack;

    fn call_builtin(
        &mut self,
        realm: GlobalId,
        name: &str,
        arguments: &[Value],
        depth: usize,
    ) -> Result<Value, Error>;
}

/// Evaluates expressions in order and returns the last result.
pub fn evaluate(
    machine: &mut impl Machine,
    realm: GlobalId,
    scope: &Rc<Scope>,
    body: &[Expression],
    depth: usize,
) -> Result<Value, Error> {
    let mut result = Value::Nil;
    for expression in body {
        result = evaluate_one(machine, realm, scope, expression, depth)?;
    }
    Ok(result)
}

fn evaluate_one(
    machine: &mut impl Machine,
    realm: GlobalId,
    scope: &Rc<Scope>,
    expression: &Expression,
    depth: usize,
) -> Result<Value, Error> {
    if depth > DEPTH {
        return Err(Error("nested too deeply".to_owned()));
    }
    let list = match expression {
        Expression::Value(value) => return Ok(value.clone()),
        Expression::Name(name) => {
            let unknown = || Error(format!("{name} is not defined"));
            return scope.get(name).ok_or_else(unknown);
        }
        Expression::List(list) => list,
    };
    match &**list {
        [Expression::Name(word), Expression::Name(name), value] if word == "let" => {
            let value = evaluate_one(machine, realm, scope, value, depth + 1)?;
            scope.set(name, value);
            Ok(Value::Nil)
        }
        [
            Expression::Name(word),
            Expression::List(parameters),
            body @ ..,
        ] if word == "fn" => {
            let name = |parameter: &Expression| match parameter {
                Expression::Name(name) => Ok(name.clone()),
                _ => Err(Error("a parameter is a name".to_owned())),
            };
            let parameters: Vec<String> = parameters.iter().map(name).collect::<Result<_, _>>()?;
            let function = Function {
                parameters: parameters.into(),
                body: body.into(),
                scope: Rc::clone(scope),
            };
            Ok(Value::Object(Object::new(realm, Data::Function(function))))
        }
        [Expression::Name(name), arguments @ ..] => {
            let mut values = Vec::with_capacity(arguments.len());
            for argument in arguments {
                values.push(evaluate_one(machine, realm, scope, argument, depth + 1)?);
            }
            match scope.get(name).as_ref().and_then(Value::as_object) {
                Some(function) => call(machine, function, &values, depth + 1),
                None => machine.call_builtin(realm, name, &values, depth + 1),
            }
        }
        _ => Err(Error("a call begins with a name".to_owned())),
    }
}

/// Calls a function in its own realm, which is the incumbent one while it runs. A builtin function is native: the
/// incumbent realm stays that of its caller.
pub fn call(
    machine: &mut impl Machine,
    object: &Object,
    arguments: &[Value],
    depth: usize,
) -> Result<Value, Error> {
    let realm = object.realm();
    match object.data() {
        Data::Function(function) => {
            let entered = machine.realms().enter_function(realm);
            let result = call_function(machine, realm, function, arguments, depth);
            machine.realms().leave(entered);
            result
        }
        Data::Builtin(name) => {
            let entered = machine.realms().enter_native(realm);
            let result = machine.call_builtin(realm, name, arguments, depth);
            machine.realms().leave(entered);
            result
        }
        _ => Err(Error("this is not a function".to_owned())),
    }
}

fn call_function(
    machine: &mut impl Machine,
    realm: GlobalId,
    function: &Function,
    arguments: &[Value],
    depth: usize,
) -> Result<Value, Error> {
    let scope = Rc::new(Scope {
        names: RefCell::default(),
        outer: Some(Rc::clone(&function.scope)),
    });
    for (number, name) in function.parameters.iter().enumerate() {
        scope.set(name, arguments.get(number).cloned().unwrap_or(Value::Nil));
    }
    evaluate(machine, realm, &scope, &function.body, depth)
}
