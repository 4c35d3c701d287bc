mod api;
mod collection;
