//! The functions that scripts can call. Each takes a line or two on top of the messaging crate.

use framepost_browsing_context::{NavigableId, RealmStack, Window};
use framepost_event_loop::{GlobalId, TimerKind};
use framepost_messaging::ports::{Owner, PortId, message_port_post_message_steps};
use framepost_messaging::window_post_message::window_post_message_steps;

use super::engine::{Engine, Microtask, Target};
use super::language::{self, Error, Machine};
use super::value::{Data, Object, Value};

fn expected<T>(what: &str) -> Result<T, Error> {
    Err(Error(format!("TypeError: expected {what}")))
}

fn port(value: &Value) -> Result<PortId, Error> {
    match value.as_object().map(Object::data) {
        Some(Data::Port(port)) => Ok(*port),
        _ => expected("a port"),
    }
}

fn navigable(value: &Value) -> Result<NavigableId, Error> {
    match value.as_object().map(Object::data) {
        Some(Data::Window(navigable)) => Ok(*navigable),
        _ => expected("a window"),
    }
}

fn objects(list: Option<&Value>) -> Result<Vec<Object>, Error> {
    let values = list.map(Value::elements).unwrap_or_default();
    let objects = values.iter().map(|value| value.as_object().cloned());
    objects
        .collect::<Option<_>>()
        .map_or_else(|| expected("a list of objects"), Ok)
}

impl Engine {
    /// The current window of a window object.
    fn window_behind(&self, value: &Value) -> Result<GlobalId, Error> {
        let window = self.state.contexts.active_window(navigable(value)?);
        window.map_or_else(|| expected("a window that is not gone"), Ok)
    }
}

impl Machine for Engine {
    fn realms(&mut self) -> &mut RealmStack {
        &mut self.running
    }

    fn call_builtin(
        &mut self,
        realm: GlobalId,
        name: &str,
        arguments: &[Value],
        depth: usize,
    ) -> Result<Value, Error> {
        let here = |data| Value::Object(Object::new(realm, data));
        match (name, arguments) {
            ("log", values) => {
                self.log.push(values.iter().map(Value::to_string).collect());
            }
            ("+", [Value::Number(a), Value::Number(b)]) => return Ok(Value::Number(a + b)),
            ("list", values) => return Ok(here(Data::List(values.to_vec().into()))),
            ("record", fields) => {
                let fields = fields.chunks_exact(2);
                let fields = fields.map(|field| (field[0].to_string(), field[1].clone()));
                return Ok(here(Data::Record(fields.collect::<Vec<_>>().into())));
            }
            ("get", [Value::Object(object), key]) => {
                return Ok(match (object.data(), key) {
                    (Data::Record(fields), key) => {
                        let fields = fields.borrow();
                        let key = key.to_string();
                        let field = fields.iter().find(|(name, _)| *name == key);
                        field.map_or(Value::Nil, |(_, value)| value.clone())
                    }
                    (Data::List(values), Value::Number(index)) => {
                        let values = values.borrow();
                        values.get(*index as usize).cloned().unwrap_or(Value::Nil)
                    }
                    _ => Value::Nil,
                });
            }
            ("frame", [Value::Number(index)]) => {
                let window = self.state.contexts.window(realm).map(Window::navigable);
                let children = window.map_or(&[][..], |it| self.state.contexts.children(it));
                let frame = children.get(*index as usize).copied();
                return Ok(frame.map_or(Value::Nil, |it| Self::window_object(realm, it)));
            }
            ("channel", []) => {
                let (port1, port2) = self.state.messaging.create_channel(Owner::Global(realm));
                let ports = vec![
                    ("port1", Value::Object(self.port_object(realm, port1))),
                    ("port2", Value::Object(self.port_object(realm, port2))),
                ];
                return Ok(Self::record(realm, ports));
            }
            ("listen", [target, event_type, Value::Object(function)]) => {
                let target = match port(target) {
                    Ok(port) => Target::Port(port),
                    Err(_) => Target::Window(self.window_behind(target)?),
                };
                let callback = self.callback(realm, function, &[]);
                let listener = (event_type.to_string(), callback);
                self.listeners.entry(target).or_default().push(listener);
            }
            // A value of another window, and a builtin function as a value.
            ("global", [window, name]) => {
                let scope = self.realms.get(&self.window_behind(window)?);
                let value = scope.and_then(|scope| scope.get(&name.to_string()));
                return Ok(value.unwrap_or(Value::Nil));
            }
            ("method", [window, name]) => {
                let owner = self.window_behind(window)?;
                let function = Object::new(owner, Data::Builtin(name.to_string()));
                return Ok(Value::Object(function));
            }
            ("apply", [Value::Object(function), arguments]) => {
                return language::call(self, function, &arguments.elements(), depth + 1);
            }
            ("each", [list, Value::Object(function)]) => {
                for element in list.elements() {
                    language::call(self, function, &[element], depth + 1)?;
                }
            }
            ("later", [Value::Object(function), arguments @ ..]) => {
                let callback = self.callback(realm, function, arguments);
                let event_loop = &mut self.state.event_loop;
                let (_, timer) =
                    event_loop.timer_initialization_steps(realm, 0, TimerKind::Timeout);
                self.timers.insert(timer, callback);
            }
            ("soon", [Value::Object(function), arguments @ ..]) => {
                let callback = self.callback(realm, function, arguments);
                self.state.event_loop.queue_microtask(Microtask(callback));
            }
            // The incumbent realm is that of the running function of a page, whatever the owner of `post` is.
            ("post", [target, message, origin, transfer @ ..]) => {
                let incumbent = self.running.incumbent().unwrap_or(realm);
                let (target, origin) = (self.window_behind(target)?, origin.to_string());
                let transfer = objects(transfer.first())?;
                window_post_message_steps(self, target, incumbent, message, &origin, &transfer)?;
            }
            ("send", [source, message, transfer @ ..]) => {
                let (source, transfer) = (port(source)?, objects(transfer.first())?);
                message_port_post_message_steps(self, source, message, &transfer)?;
            }
            ("start", [it]) => self
                .state
                .messaging
                .start(&mut self.state.event_loop, port(it)?),
            ("close", [it]) => {
                let port = port(it)?;
                self.state.messaging.close(&mut self.state.event_loop, port);
                self.ports.remove(&port);
            }
            _ => return Err(Error(format!("{name} cannot be called like this"))),
        }
        Ok(Value::Nil)
    }
}
