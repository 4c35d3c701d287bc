//! framepost-messaging
#![forbid(unsafe_code)]
