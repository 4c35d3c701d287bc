use framepost_browsing_context::loader::MemoryLoader;

use super::*;
use crate::plain::World;

#[test]
fn nothing_is_left_of_requests_that_ended() {
    let mut loader = MemoryLoader::new();
    loader
        .add("http://a.test/", "<iframe src=/f></iframe>")
        .unwrap();
    loader.add("http://a.test/f", "<p>").unwrap();
    let mut world = World::new(loader);
    let page = world.open("http://a.test/").unwrap();
    let _ = world.run_until_idle();
    let frame = world.frame(page, 0).unwrap();
    let options = LockOptions::new();
    let shared = options.mode(LockMode::Shared);
    for options in [
        options,
        shared,
        shared,
        options.if_available(true),
        options.steal(true),
    ] {
        world.request_lock(frame, "a", options).unwrap();
        world.request_lock(frame, "b", options).unwrap();
    }
    let aborted = world.request_lock(frame, "a", options).unwrap();
    world.with_messaging_queues(|messaging, queues| messaging.abort_lock_request(queues, aborted));
    world.remove(&world.element(page, "iframe").unwrap());
    let _ = world.run_until_idle();
    assert!(world.messaging().locks.is_empty());
}
