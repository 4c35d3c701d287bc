mod cloned_arrays;
mod fairness;
mod messages;
mod serializable_objects;
mod shared_memory;
mod structured_clone;
