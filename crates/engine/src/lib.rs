//! framepost
mod selectors;
