//! MDN's channel-messaging example with the three library crates alone: the same HTML pages, and
//! Rust in the place of their scripts.

use std::error::Error;
use std::path::Path;

use framepost_browsing_context::loader::DirectoryLoader;
use framepost_browsing_context::{EventTarget, FiredEvent, NavigableId, Url, dom};
use framepost_messaging::MessageTarget;
use framepost_messaging::plain::{Event, World};

#[test]
fn mdn_example_works_with_plain_values() -> Result<(), Box<dyn Error>> {
    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/mdn-channel-messaging");
    let mut loader = DirectoryLoader::new();
    loader.mount(&Url::parse("http://localhost/")?, &pages)?;
    let mut world = World::new(loader);
    let page = world.open("http://localhost/index.html")?;

    // What the page's script does once the frame is there.
    while world.frame(page, 0).is_none() {
        assert!(world.step(), "the page has no frame");
    }
    let iframe = world.element(page, "iframe").ok_or("no iframe")?;
    let other_window = world.frame(page, 0).ok_or("no frame")?;
    let (port1, port2) = world.create_message_channel(page)?;
    world.start(port1);

    // And its event handlers, and those of the frame.
    let mut log = Vec::new();
    while world.step() {
        for event in world.take_events() {
            match event {
                Event::Frame {
                    target: EventTarget::Node(node),
                    event: FiredEvent::Load,
                } if dom::is_same(&node, &iframe) => {
                    log.push("load");
                    let greeting = "Hello from the main page!";
                    world.post_message(page, other_window, greeting, "*", &[port2])?;
                }
                Event::Message {
                    target: MessageTarget::Global(_),
                    data,
                    source,
                    ports,
                    ..
                } => {
                    log.push("message in the frame");
                    assert_eq!(source, Some(page));
                    set_paragraph(
                        &mut world,
                        other_window,
                        &data.to_text().unwrap_or_default(),
                    );
                    let answer = "The frame says: got your message, thank you.";
                    world.port_post_message(ports[0], answer, &[])?;
                }
                Event::Message {
                    target: MessageTarget::Port(port),
                    data,
                    ..
                } => {
                    log.push("message in the page");
                    assert_eq!(port, port1);
                    set_paragraph(&mut world, page, &data.to_text().unwrap_or_default());
                }
                _ => {}
            }
        }
    }

    assert_eq!(log, ["load", "message in the frame", "message in the page"]);
    assert_eq!(paragraph(&world, other_window), "Hello from the main page!");
    assert_eq!(
        paragraph(&world, page),
        "The frame says: got your message, thank you."
    );
    Ok(())
}

fn set_paragraph(world: &mut World, navigable: NavigableId, text: &str) {
    if let Some(paragraph) = world.element(navigable, "p") {
        world.set_text(&paragraph, text);
    }
}

fn paragraph(world: &World, navigable: NavigableId) -> String {
    let paragraph = world.element(navigable, "p");
    paragraph
        .and_then(|node| dom::text_content(&node))
        .unwrap_or_default()
}
