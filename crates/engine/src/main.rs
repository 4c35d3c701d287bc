//! The framepost command.
fn main() {}
