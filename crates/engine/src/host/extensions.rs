//! The tables of extension points of the DOM and of Web IDL, filled in by family.

use super::interfaces;
use crate::canvas;
use crate::dom::extensions::Extensions;
use crate::html::event_handlers;
use crate::html::{activation, details, document_names, html_elements, navigation_events};
use crate::messaging::port_steps;
use crate::messaging::{message_delivery, message_event};
use crate::storage::storage_event;
use crate::svg;
use crate::uievents::ui_events;
use crate::webidl;

/// The functions that the families provide to Web IDL.
pub(crate) static WEB_IDL: webidl::extensions::Extensions = webidl::extensions::Extensions {
    definitions: interfaces::DEFINITIONS,
    event_handler: event_handlers::get,
    set_event_handler: event_handlers::set,
};

/// The functions that the families add to the algorithms of the DOM.
pub(crate) static EXTENSIONS: Extensions = Extensions {
    attribute_changed: &[
        event_handlers::attribute_changed,
        canvas::element::attribute_changed,
        details::attribute_changed,
    ],
    element_interface: |node| {
        canvas::element::interface_of(node)
            .or_else(|| html_elements::interface_of(node))
            .or_else(|| svg::interface_of(node))
    },
    has_declared_listeners: event_handlers::has_content_attributes,
    named_elements_changed: document_names::update,
    wrapped: |cx, node, object| {
        event_handlers::activate_content_attributes(cx, node, object);
        document_names::wrapped(cx, node);
    },
    before_global_listeners: event_handlers::activate_body_handlers,
    listeners_changed: port_steps::listeners_changed,
    extract_an_origin: &[message_delivery::extract_an_origin],
    creatable_events: &[
        message_event::uninitialized,
        ui_events::uninitialized,
        navigation_events::uninitialized,
        storage_event::uninitialized,
    ],
    activation: activation::ACTIVATION_BEHAVIOR,
};
