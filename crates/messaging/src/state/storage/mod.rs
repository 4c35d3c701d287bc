//! The areas of local and session storage, and the tasks of their events, as data.

mod area;
mod object;
mod table;
mod task;
mod text;

pub(crate) use area::Area;
pub use object::Storage;
pub(crate) use table::StorageAreas;
pub use task::{StorageChange, StorageEventTask};
pub use text::StorageText;
