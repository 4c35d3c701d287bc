//! The example engine behaves as its documentation says.
#![allow(missing_docs)]

#[path = "../examples/toy_engine/main.rs"]
mod toy_engine;

#[test]
fn two_windows_exchange_messages_in_a_toy_language() {
    let log = toy_engine::run().map_err(|error| error.to_string());
    let expected = [
        "the page has asked",
        "a script failed: DataCloneError: a function could not be cloned",
        "the frame is asked to double 21",
        "the page gets an answer on its port: 42",
        "the page hears thank you from http://toy.test",
        "the page gets the close event of its port",
    ];
    assert_eq!(
        log.map(|log| log[..expected.len()].to_vec()),
        Ok(expected.map(str::to_owned).to_vec())
    );
}
