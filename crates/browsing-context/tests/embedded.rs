//! `object` and `embed` elements with content navigables.

#![allow(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

mod host;

use framepost_browsing_context::{Destination, Node};
use host::{World, check};

const CHILD: (&str, &str) = ("child.html", "<script>log child</script>");
const OTHER: (&str, &str) = ("other.html", "<script>log other</script>");

fn open(page: &str) -> World {
    let mut world = World::new(&[("index.html", page), CHILD, OTHER, ("index.svg", "<svg/>")]);
    world.open("index.html");
    world.run();
    world
}

/// Returns the log: the lines, and the events of elements and the page.
fn seen(world: &World) -> String {
    let told = |line: &&String| {
        let mut words = line.split(' ');
        let (first, second) = (words.next(), words.next());
        second.is_none_or(|target| target.starts_with('#')) || first == Some("load")
    };
    let lines: Vec<&str> = world
        .transcript
        .iter()
        .filter(told)
        .map(String::as_str)
        .collect();
    lines.join(", ")
}

fn of_page(page: &str) -> String {
    seen(&open(page))
}

fn shown(world: &World) -> Vec<String> {
    let children = world.contexts.children(world.top.unwrap());
    children
        .iter()
        .map(|child| {
            let document = world.contexts.active_document(*child).unwrap();
            let url = world.contexts.document(document).unwrap().url();
            host::short(url)
        })
        .collect()
}

fn element(world: &World, id: &str) -> Node {
    world.by_id(world.document(), id)
}

fn command(world: &mut World, text: &str) {
    let document = world.document();
    world.transcript.clear();
    world.run_commands(document, text);
    world.run();
}

#[test]
fn embedded_documents_load_before_their_parent() {
    for page in [
        "<object id=f data=child.html><p>fallback</object>",
        "<object id=f data=child.html>never closed",
        "<embed id=f src=child.html>",
    ] {
        check(
            &[("index.html", page), CHILD],
            "readystatechange document index.html
             DOMContentLoaded document index.html
             child
             readystatechange document child.html
             DOMContentLoaded document child.html
             readystatechange document child.html
             load window child.html
             pageshow window child.html
             load #f
             readystatechange document index.html
             load window index.html
             pageshow window index.html",
        );
    }
}

#[test]
fn each_resource_is_fetched_once_with_its_destination() {
    let mut world = open("<object data=child.html></object><embed src=other.html>");
    let asked: Vec<_> = world.requests.drain(..).collect();
    let asked: Vec<_> = asked[1..]
        .iter()
        .map(|request| (request.url.path(), request.destination))
        .collect();
    assert_eq!(
        asked,
        [
            ("/other.html", Destination::Embed),
            ("/child.html", Destination::Object)
        ]
    );
    assert_eq!(shown(&world), ["child.html", "other.html"]);
}

#[test]
fn failed_object_fires_error_and_failed_embed_fires_load() {
    for data in ["missing.html", "http://[", "nonsense:x", "javascript:0"] {
        let world = open(&format!("<object id=f data='{data}'></object>"));
        assert_eq!(seen(&world), "error #f, load window index.html", "{data}");
        assert!(shown(&world).is_empty());
    }
    for (src, expected) in [
        ("http://nobody.test/", "load #f, load window index.html"),
        ("http://[", "load window index.html"),
    ] {
        let world = open(&format!("<embed id=f src='{src}'>"));
        assert_eq!(seen(&world), expected);
        assert!(shown(&world).is_empty());
    }
    // An `embed` element shows the server's error page.
    let world = open("<embed id=f src=missing.html>");
    assert_eq!(shown(&world), ["missing.html"]);
}

#[test]
fn type_decides_what_is_shown() {
    let nothing = "load window index.html";
    assert_eq!(
        of_page("<object id=f data='data:image/png,x'></object>"),
        nothing
    );
    assert_eq!(
        of_page("<embed id=f src='data:application/zip,x'>"),
        nothing
    );
    // The resource is not fetched.
    let world = open("<object id=f data=child.html type=application/x-nothing></object>");
    assert_eq!((seen(&world).as_str(), world.requests.len()), (nothing, 1));
    let world = open(
        "<object id=f data='data:text/html,x' type=text/html></object>
         <embed id=g src='data:image/svg+xml,<svg/>'>",
    );
    assert_eq!(shown(&world).len(), 2);
    let svg = world.contexts.active_document(
        world
            .contexts
            .content_navigable(&element(&world, "g"))
            .unwrap(),
    );
    let held = world.contexts.document(svg.unwrap()).unwrap();
    assert_eq!(held.content_type(), "image/svg+xml");
    // The document has an opaque origin.
    assert_eq!(world.contexts.svg_document(&element(&world, "g")), None);
}

#[test]
fn about_blank_loads_at_once() {
    let world = open("<object id=f data=about:blank></object>");
    assert_eq!(seen(&world), "load #f, load window index.html");
    let document = world
        .contexts
        .content_document(&element(&world, "f"))
        .unwrap();
    let held = world.contexts.document(document).unwrap();
    assert!(held.is_initial_about_blank());
    let origin = world.contexts.document(world.document()).unwrap().origin();
    assert!(held.origin().same_origin(origin));
}

#[test]
fn nested_content_shows_when_the_object_fails() {
    let loaded = |outer: &str| {
        let page = format!("<object {outer}><div><embed id=f src=child.html></div></object>");
        open(&page).transcript.contains(&"child".to_owned())
    };
    assert!(loaded(""));
    assert!(loaded("data=missing.html"));
    assert!(loaded("data='data:image/png,x'"));
    assert!(!loaded("data=other.html"));
    let page = "<video><embed src=child.html><object data=child.html></object></video>";
    assert_eq!(of_page(page), "load window index.html");
    // A script inside the object does not complete the element.
    let page = "<object data=other.html><embed src=child.html><script>log here</script></object>";
    assert_eq!(of_page(page).split(", ").next(), Some("here"));
    assert!(!of_page(page).contains("child"));
}

#[test]
fn new_url_navigates_and_no_url_destroys_the_frame() {
    for (tag, name) in [("object", "data"), ("embed", "src")] {
        let mut world = open(&format!("<{tag} id=f {name}=child.html></{tag}>"));
        let navigable = world.contexts.content_navigable(&element(&world, "f"));
        command(&mut world, &format!("set f {name} other.html#x"));
        assert_eq!(seen(&world), "other, load window other.html#x, load #f");
        assert_eq!(shown(&world), ["other.html#x"]);
        assert_eq!(
            world.contexts.content_navigable(&element(&world, "f")),
            navigable
        );
        command(&mut world, &format!("set f {name}"));
        assert!(shown(&world).is_empty());
        command(
            &mut world,
            &format!("set f {name} child.html; set f {name} other.html"),
        );
        assert_eq!(seen(&world), "other, load window other.html, load #f");
    }
}

#[test]
fn object_that_fails_later_shows_nested_content() {
    let mut world = open("<object id=o data=other.html><embed id=f src=child.html></object>");
    assert_eq!(shown(&world), ["other.html"]);
    command(&mut world, "set o data missing.html");
    assert_eq!(shown(&world), ["child.html"]);
    command(&mut world, "set o data other.html");
    assert_eq!(shown(&world), ["other.html"]);
}

#[test]
fn inserted_element_is_named_and_removed() {
    let mut world = open("<p id=p></p>");
    command(
        &mut world,
        "html p <object id=f name=n data=child.html></object><embed id=g name=m src=other.html>",
    );
    assert_eq!(shown(&world), ["child.html", "other.html"]);
    let children = world.contexts.children(world.top.unwrap());
    let names = children
        .iter()
        .map(|child| world.contexts.navigable(*child).unwrap().name());
    assert_eq!(names.collect::<Vec<_>>(), ["n", "m"]);
    command(&mut world, "remove f; remove g");
    assert!(shown(&world).is_empty());
    assert_eq!(world.contexts.counts().navigables, 1);
}

#[test]
fn removed_element_delays_no_load_event() {
    let page = "<object id=f data=child.html></object><embed id=g src=child.html>
                <script>remove g; remove f</script>";
    let world = open(page);
    assert_eq!(seen(&world), "load window index.html");
    assert_eq!(world.contexts.counts().requests, 0);
}

#[test]
fn sandboxes_are_inherited_and_nesting_is_limited() {
    let world =
        open("<iframe sandbox=allow-scripts srcdoc='<object data=child.html></object>'></iframe>");
    let frame = world.contexts.children(world.top.unwrap())[0];
    let inner = world.contexts.children(frame)[0];
    let document = world.contexts.active_document(inner).unwrap();
    assert!(
        world
            .contexts
            .document(document)
            .unwrap()
            .origin()
            .is_opaque()
    );

    for page in [
        "<object data=index.html></object>",
        "<embed src=index.html>",
    ] {
        let mut world =
            World::new(&[("index.html", page)]).with_limits(|limits| limits.frame_depth = 3);
        world.open("index.html");
        world.run();
        assert!(world.contexts.counts().navigables <= 3);
    }
    let mut world = World::new(&[
        ("index.html", "<embed src=child.html><embed src=child.html>"),
        CHILD,
    ])
    .with_limits(|limits| limits.frames = 2);
    world.open("index.html");
    world.run();
    assert_eq!(shown(&world), ["child.html"]);
    assert!(seen(&world).ends_with("load window index.html"));
}
