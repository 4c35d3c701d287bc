mod attributes;
mod documents;
mod events;
mod observables;
mod shadow_trees;
mod traversal;
mod trees;
