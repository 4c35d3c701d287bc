mod collection;
mod page;
