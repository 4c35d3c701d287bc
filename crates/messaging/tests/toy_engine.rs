//! The example engine behaves as its documentation says.
#![allow(missing_docs, clippy::expect_used)]

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

/// Frames of another origin, so that the origin of a message tells which window posted it.
const INCUMBENT_PAGE: &str = r#"<!DOCTYPE html><iframe src="http://frame.test/"></iframe><script>
(listen window "message" (fn (event) (log (get event "data") " " (get event "origin"))))
(listen window "load" (fn (event)
  (let tell (global (frame 0) "tell"))
  (tell window "1. a function of the frame")
  (let back (global (frame 0) "back"))
  (back (fn () (post window "2. a function of the page, called by the frame" "*")))
  (let tell-by (global (frame 0) "tell-by"))
  (tell-by (method window "post") window "3. the frame, with a method of the page")
  (let post-of-frame (method (frame 0) "post"))
  (post-of-frame window "4. the page, with a method of the frame" "*")
  (apply tell (list window "5. apply"))
  (each (list window) (global (frame 0) "tell-one"))
  (later post-of-frame window "9. a timer of the page" "*")
  (let tell-later (global (frame 0) "tell-later"))
  (tell-later window "9. a timer of the frame")
  (soon post-of-frame window "10. a job of the page" "*")
  (let tell-soon (global (frame 0) "tell-soon"))
  (tell-soon window (method window "post") "10. a job of the frame")))
</script>"#;

const INCUMBENT_FRAME: &str = r#"<!DOCTYPE html><script>
(let tell (fn (to text) (post to text "*")))
(let back (fn (f) (f)))
(let tell-by (fn (post to text) (post to text "*")))
(let tell-one (fn (to) (post to "6. each" "*")))
(let tell-later (fn (to text) (later tell to text)))
(let tell-soon (fn (to post text) (soon post to text "*")))
</script>"#;

/// Cases 7 and 8 of `docs/embedding.md` need constructors and getters, which the language lacks.
#[test]
fn the_incumbent_is_the_window_of_the_running_function() {
    let pages = [
        ("http://toy.test/", INCUMBENT_PAGE),
        ("http://frame.test/", INCUMBENT_FRAME),
    ];
    let log = toy_engine::run_pages(&pages).map(|(engine, _)| {
        let mut log = engine.log;
        log.pop();
        log.sort();
        log
    });
    let (page, frame) = ("http://toy.test", "http://frame.test");
    let mut expected = [
        format!("1. a function of the frame {frame}"),
        format!("2. a function of the page, called by the frame {page}"),
        format!("3. the frame, with a method of the page {frame}"),
        format!("4. the page, with a method of the frame {page}"),
        format!("5. apply {frame}"),
        format!("6. each {frame}"),
        format!("9. a timer of the page {page}"),
        format!("9. a timer of the frame {frame}"),
        format!("10. a job of the page {page}"),
        format!("10. a job of the frame {frame}"),
    ];
    expected.sort();
    assert_eq!(
        log.map_err(|error| error.to_string()),
        Ok(expected.to_vec())
    );
}

#[cfg(feature = "conformance")]
mod conformance {
    use framepost_messaging::conformance::{
        Feature, PAGE, Samples, check_depth, check_heap, check_host,
    };

    use super::toy_engine;

    #[test]
    fn the_toy_engine_passes_the_checks_for_embedders() {
        let pages = [("http://toy.test/", PAGE)];
        let (mut engine, page) = toy_engine::run_pages(&pages).expect("a page");
        let window = engine.state.contexts.active_window(page).expect("a window");
        let samples = Samples::new().lacking(&[
            Feature::Null,
            Feature::BigInts,
            Feature::LoneSurrogates,
            Feature::Wrappers,
            Feature::Dates,
            Feature::RegExps,
            Feature::Errors,
            Feature::Maps,
            Feature::Sets,
            Feature::Buffers,
            Feature::SparseArrays,
            Feature::IndexKeys,
        ]);
        let report = check_heap(&mut engine, &window, &samples);
        assert!(report.failures().is_empty(), "{report}");
        let report = check_depth(&mut engine, &window, &samples);
        assert!(report.failures().is_empty(), "{report}");
        let report = check_host(&mut engine, page);
        assert!(report.failures().is_empty(), "{report}");
    }
}
