mod attributes;
mod documents;
mod events;
mod shadow_trees;
mod trees;
