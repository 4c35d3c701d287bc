mod collection;
mod api;
