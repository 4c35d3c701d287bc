//! Messages for script ([HTML, web messaging](https://html.spec.whatwg.org/multipage/web-messaging.html)).
pub(crate) mod broadcast_channel;
pub(crate) mod host;
pub(crate) mod message_channel;
pub(crate) mod message_delivery;
pub(crate) mod message_event;
pub(crate) mod message_port;
pub(crate) mod port_steps;
pub(crate) mod post_message;
