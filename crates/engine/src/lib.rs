//! framepost
mod inspect;
mod selectors;
