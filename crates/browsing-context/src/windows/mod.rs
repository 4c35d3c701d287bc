//! What script does with windows: open them, find them by name, close them; and what the user does
//! to them ([HTML, APIs for creating and navigating navigables](https://html.spec.whatwg.org/multipage/nav-history-apis.html#apis-for-creating-and-navigating-browsing-contexts-by-name)).

mod activation;
mod close;
mod features;
mod open;
mod window_open;

pub use features::WindowFeatures;
pub use open::PopupPolicy;
