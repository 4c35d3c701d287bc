//! The interfaces of windows and workers
//! ([Web IDL, `[Exposed]`](https://webidl.spec.whatwg.org/#Exposed)).

use framepost_browsing_context::WorkerKind;

use crate::dom::{
    abort, attr, character_data, collections, document, element, event, event_target,
    implementation as dom_implementation, mutation_observer, mutation_record, named_node_map, node,
    shadow, static_range, token_list,
};
use crate::encoding::text_coders as encoding;
use crate::file::{blob, blob_url, file_reader, progress_event};
use crate::geometry::interfaces as geometry;
use crate::html::{
    dataset, dom_parser, dynamic_markup, error_events, form_data, form_elements, history,
    html_element, image, location, navigation_events, navigator, performance, toggle_event,
    user_activation, window, window_open,
};
use crate::html::{document as html_document, html_elements};
use crate::messaging::{
    broadcast_channel, message_channel, message_event, message_port, post_message,
};
use crate::scheduling::idle_callbacks;
use crate::uievents::ui_events;
use crate::url::{url_object as url, url_search_params};
use crate::webidl::{Interface, Partial};
use crate::windows::lazy_globals::Lazy;
use crate::workers::{shared_worker, worker, worker_global_scope, worker_location};
use crate::{canvas, crypto, cssom as style, fetch};

/// The interfaces of windows only, without those of [`html_elements`] and [`form_elements`].
static WINDOWS: &[&Interface] = &[
    &attr::ATTR,
    &canvas::CANVAS_RENDERING_CONTEXT_2D,
    &canvas::HTML_CANVAS_ELEMENT,
    &character_data::CDATA_SECTION,
    &character_data::CHARACTER_DATA,
    &character_data::COMMENT,
    &character_data::PROCESSING_INSTRUCTION,
    &character_data::TEXT,
    &collections::HTML_COLLECTION,
    &collections::NODE_LIST,
    &dataset::DOM_STRING_MAP,
    &style::CSS_STYLE_DECLARATION,
    &document::DOCUMENT,
    &document::HTML_DOCUMENT,
    &document::XML_DOCUMENT,
    &document::DOCUMENT_FRAGMENT,
    &document::DOCUMENT_TYPE,
    &dom_implementation::DOM_IMPLEMENTATION,
    &dom_parser::DOM_PARSER,
    &dom_parser::XML_SERIALIZER,
    &element::ELEMENT,
    &ui_events::COMPOSITION_EVENT,
    &ui_events::FOCUS_EVENT,
    &ui_events::INPUT_EVENT,
    &ui_events::KEYBOARD_EVENT,
    &ui_events::MOUSE_EVENT,
    &ui_events::SUBMIT_EVENT,
    &ui_events::UI_EVENT,
    &ui_events::WHEEL_EVENT,
    &form_data::FORM_DATA_EVENT,
    &history::HISTORY,
    &idle_callbacks::IDLE_DEADLINE,
    &html_element::HTML_ELEMENT,
    &html_element::HTML_UNKNOWN_ELEMENT,
    &location::LOCATION,
    &mutation_observer::MUTATION_OBSERVER,
    &mutation_record::MUTATION_RECORD,
    &named_node_map::NAMED_NODE_MAP,
    &navigation_events::BEFORE_UNLOAD_EVENT,
    &navigation_events::HASH_CHANGE_EVENT,
    &navigation_events::PAGE_TRANSITION_EVENT,
    &navigation_events::POP_STATE_EVENT,
    &navigator::NAVIGATOR,
    &node::NODE,
    &toggle_event::TOGGLE_EVENT,
    &shadow::SHADOW_ROOT,
    &static_range::ABSTRACT_RANGE,
    &static_range::STATIC_RANGE,
    &token_list::DOM_TOKEN_LIST,
    &user_activation::USER_ACTIVATION,
    &window::WINDOW,
    &window_open::BAR_PROP,
    &shared_worker::SHARED_WORKER,
];

/// The aliases of interfaces
/// ([`[LegacyWindowAlias]`](https://webidl.spec.whatwg.org/#LegacyWindowAlias)).
static ALIASES: &[(&str, &Interface)] = &[
    ("SVGMatrix", &geometry::DOM_MATRIX),
    ("SVGPoint", &geometry::DOM_POINT),
    ("SVGRect", &geometry::DOM_RECT),
    ("WebKitCSSMatrix", &geometry::DOM_MATRIX),
    ("webkitURL", &url::URL),
];

/// The interfaces of windows and workers.
pub(crate) static EVERYWHERE: &[&Interface] = &[
    &abort::ABORT_CONTROLLER,
    &abort::ABORT_SIGNAL,
    &blob::BLOB,
    &blob::FILE,
    &blob::FILE_LIST,
    &broadcast_channel::BROADCAST_CHANNEL,
    &canvas::IMAGE_BITMAP,
    &canvas::IMAGE_DATA,
    &canvas::OFFSCREEN_CANVAS,
    &canvas::OFFSCREEN_CANVAS_RENDERING_CONTEXT_2D,
    &crate::webidl::exception::DOM_EXCEPTION,
    &crate::webidl::exception::QUOTA_EXCEEDED_ERROR,
    &crypto::CRYPTO,
    &encoding::TEXT_DECODER,
    &encoding::TEXT_ENCODER,
    &error_events::ERROR_EVENT,
    &error_events::PROMISE_REJECTION_EVENT,
    &event::CUSTOM_EVENT,
    &event::EVENT,
    &event_target::EVENT_TARGET,
    &fetch::HEADERS,
    &fetch::RESPONSE,
    &file_reader::FILE_READER,
    &form_data::FORM_DATA,
    &geometry::DOM_MATRIX,
    &geometry::DOM_MATRIX_READ_ONLY,
    &geometry::DOM_POINT,
    &geometry::DOM_POINT_READ_ONLY,
    &geometry::DOM_QUAD,
    &geometry::DOM_RECT,
    &geometry::DOM_RECT_READ_ONLY,
    &message_channel::MESSAGE_CHANNEL,
    &message_event::MESSAGE_EVENT,
    &message_port::MESSAGE_PORT,
    &performance::PERFORMANCE,
    &progress_event::PROGRESS_EVENT,
    &url::URL,
    &url_search_params::URL_SEARCH_PARAMS,
    &worker::WORKER,
];

/// The members that families add to the interfaces and mixins of lower families.
pub(crate) static PARTIALS: &[&Partial] = &[
    &blob_url::PARTIAL_URL,
    &canvas::PARTIAL_WINDOW_OR_WORKER_GLOBAL_SCOPE,
    &crypto::PARTIAL_WINDOW_OR_WORKER_GLOBAL_SCOPE,
    &dynamic_markup::PARTIAL_DOCUMENT,
    &dynamic_markup::PARTIAL_ELEMENT,
    &dynamic_markup::PARTIAL_SHADOW_ROOT,
    &html_document::PARTIAL_ABORT_SIGNAL,
    &html_document::PARTIAL_DOCUMENT,
    &html_document::PARTIAL_SHADOW_ROOT,
    &idle_callbacks::PARTIAL_WINDOW,
    &post_message::PARTIAL_WINDOW,
    &post_message::PARTIAL_WINDOW_OR_WORKER_GLOBAL_SCOPE,
];

/// The interfaces of all workers, and of no window.
static WORKERS: &[&Interface] = &[
    &worker_global_scope::WORKER_GLOBAL_SCOPE,
    &worker_location::WORKER_LOCATION,
    &worker_location::WORKER_NAVIGATOR,
];

/// Returns the interfaces of a worker of this kind.
pub(crate) fn to_workers(kind: WorkerKind) -> impl Iterator<Item = &'static Interface> {
    let own = match kind {
        WorkerKind::Shared => &worker_global_scope::SHARED_WORKER_GLOBAL_SCOPE,
        _ => &worker_global_scope::DEDICATED_WORKER_GLOBAL_SCOPE,
    };
    EVERYWHERE.iter().chain(WORKERS).copied().chain([own])
}

/// Returns the properties of a window's global object whose values are created at first use.
pub(crate) fn lazy_globals() -> impl Iterator<Item = (&'static str, Lazy)> {
    let interfaces = EVERYWHERE
        .iter()
        .chain(WINDOWS)
        .chain(html_elements::INTERFACES)
        .chain(form_elements::INTERFACES);
    let aliases = ALIASES.iter();
    interfaces
        .map(|interface| (interface.name, Lazy::Interface(interface)))
        .chain(aliases.map(|(name, interface)| (*name, Lazy::Interface(interface))))
        .chain([(image::FACTORY, Lazy::Made(image::factory))])
}
