//! Tests of the HTML Standard, except for messages and workers.

mod cross_origin;
mod documents_and_elements;
mod embedded_content;
mod errors;
mod frames;
mod headers;
mod history;
mod incumbent;
mod interfaces;
mod modules;
mod navigation_api;
mod order_of_loading;
mod policies;
mod scripting_enabled;
mod timers;
mod unloading;
mod windows;
