mod attributes;
mod events;
mod shadow_trees;
mod trees;
