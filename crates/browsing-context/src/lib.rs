//! framepost-browsing-context
#![forbid(unsafe_code)]
