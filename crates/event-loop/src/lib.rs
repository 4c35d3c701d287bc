//! framepost-event-loop
#![forbid(unsafe_code)]
