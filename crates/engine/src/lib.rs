//! framepost
