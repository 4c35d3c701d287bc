//! Tests of streams.

mod bodies;
mod byte_streams;
mod coders;
mod pipes;
mod readable;
mod transfer;
