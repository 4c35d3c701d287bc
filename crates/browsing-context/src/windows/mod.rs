//! Opening windows, finding them by name, closing them, and user activation ([HTML, APIs for creating and navigating
//! navigables](https://html.spec.whatwg.org/multipage/nav-history-apis.html#apis-for-creating-and-navigating-browsing-contexts-by-name)).

mod activation;
mod close;
mod features;
mod open;
mod window_open;

pub use features::WindowFeatures;
pub use open::PopupPolicy;
