//! Forms and links: which navigables they navigate and which data they send.

#![allow(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

mod host;

use framepost_browsing_context::forms::{Entry, Submission};
use framepost_browsing_context::{ClientId, FetchRequest, Node, UserInvolvement, dom};
use host::World;

fn entries() -> Vec<Entry> {
    vec![Entry::text("a", "1 2"), Entry::text("b", "ü")]
}

fn loaded(page: &str) -> World {
    let mut world = World::new(&[("index.html", page), ("to.html", ""), ("other.html", "")]);
    world.open("index.html");
    world.run();
    world.transcript.clear();
    world.requests.clear();
    world
}

fn submit(world: &mut World, form: &Node, submitter: Option<&Node>) {
    let steps = {
        let (contexts, queues) = (&mut world.contexts, &mut world.event_loop);
        let submission = Submission {
            submitter,
            entries: &entries(),
            ..Submission::default()
        };
        contexts.submit(queues, form, submission)
    };
    world.steps(steps);
}

/// Submits `#f`, with the button `#b` if it exists, and returns the requests that follow.
fn requested(page: &str) -> Vec<FetchRequest> {
    let mut world = loaded(page);
    let document = world.document();
    let form = world.by_id(document, "f");
    let button = world.find(document, "b");
    submit(&mut world, &form, button.as_ref());
    assert!(world.requests.is_empty(), "it navigates in a task");
    world.run();
    std::mem::take(&mut world.requests)
}

fn follow(world: &mut World, document: ClientId, id: &str) {
    let link = world.by_id(document, id);
    let steps = {
        let (contexts, queues) = (&mut world.contexts, &mut world.event_loop);
        contexts.follow_the_hyperlink(queues, &link, UserInvolvement::None)
    };
    world.steps(steps);
    world.run();
}

fn url_in(world: &World, index: usize) -> String {
    let child = world.contexts.children(world.top.unwrap())[index];
    let document = world.contexts.active_document(child).unwrap();
    world.contexts.document(document).unwrap().url().to_string()
}

#[test]
fn get_replaces_the_query_by_the_entries() {
    let requests = requested("<form id=f action='to.html?x#y'></form>");
    assert_eq!(requests.len(), 1);
    assert_eq!(
        requests[0].url.as_str(),
        "http://a.test/to.html?a=1+2&b=%C3%BC#y"
    );
    assert_eq!(requests[0].method(), "GET");
    assert_eq!(requests[0].post_resource, None);
}

#[test]
fn missing_action_is_the_document_url() {
    let requests = requested("<form id=f></form>");
    assert_eq!(
        requests[0].url.as_str(),
        "http://a.test/index.html?a=1+2&b=%C3%BC"
    );
}

#[test]
fn post_sends_the_entries_with_the_attributes_of_the_button() {
    let body = |page: &str| {
        let request = requested(page).remove(0);
        assert_eq!(request.url.as_str(), "http://a.test/to.html?x");
        assert_eq!(request.method(), "POST");
        let resource = request.post_resource.unwrap();
        (
            resource.content_type,
            String::from_utf8(resource.body).unwrap(),
        )
    };
    assert_eq!(
        body("<form id=f action=to.html?x method=post></form>"),
        (
            "application/x-www-form-urlencoded".to_owned(),
            "a=1+2&b=%C3%BC".to_owned()
        )
    );
    assert_eq!(
        body(
            "<form id=f method=get><button id=b formaction=to.html?x formmethod=POST
             formenctype=Text/Plain></button></form>"
        ),
        ("text/plain".to_owned(), "a=1 2\r\nb=ü\r\n".to_owned())
    );
    let (content_type, text) =
        body("<form id=f action=to.html?x method=post enctype=multipart/form-data></form>");
    let boundary = content_type.strip_prefix("multipart/form-data; boundary=");
    assert!(text.starts_with(&format!("--{}\r\n", boundary.unwrap())));
    // Only the attributes of submit buttons count.
    assert_eq!(
        body(
            "<form id=f action=to.html?x method=post><button id=b type=button
             formaction=/ formmethod=get></button></form>"
        )
        .1,
        "a=1+2&b=%C3%BC"
    );
}

#[test]
fn form_has_one_planned_navigation() {
    let mut world =
        loaded("<form id=f action=to.html></form><form id=g action=other.html target=x></form>");
    let document = world.document();
    let form = world.by_id(document, "f");
    submit(&mut world, &form, None);
    let steps = world.contexts.set_attribute(&form, "action", "other.html");
    world.steps(steps.unwrap());
    submit(&mut world, &form, None);
    world.run();
    let urls: Vec<&str> = world.requests.iter().map(|held| held.url.path()).collect();
    assert_eq!(urls, ["/other.html"]);
}

#[test]
fn sandbox_forbids_submission() {
    let world = loaded(
        "<iframe sandbox srcdoc='<form id=f></form>'></iframe>
         <iframe sandbox=allow-forms srcdoc='<form id=f></form>'></iframe>",
    );
    let children = world.contexts.children(world.top.unwrap()).to_vec();
    let may = |world: &World, index: usize| {
        let document = world.contexts.active_document(children[index]).unwrap();
        world.contexts.may_submit(&world.by_id(document, "f"))
    };
    assert!(may(&world, 0).unwrap_err().is_some());
    assert_eq!(may(&world, 1), Ok(()));
    // A form outside a document is not submitted, without a report.
    let loose = dom::create_element("form").unwrap();
    assert_eq!(world.contexts.may_submit(&loose), Err(None));
}

#[test]
fn links_navigate_their_target() {
    let mut world = loaded(
        "<base target=one><iframe name=one></iframe><iframe name=two></iframe>
         <a id=a href=to.html>a</a><area id=b href=to.html target=two>
         <a id=c href=to.html target='new\n<'>c</a><a id=d href=other.html rel=opener target=_blank>d</a>
         <a id=e href=other.html rel='x NoReferrer' target=two>e</a>",
    );
    let document = world.document();
    follow(&mut world, document, "a");
    assert_eq!(
        (url_in(&world, 0).as_str(), url_in(&world, 1).as_str()),
        ("http://a.test/to.html", "about:blank")
    );
    follow(&mut world, document, "b");
    assert_eq!(url_in(&world, 1), "http://a.test/to.html");
    assert_eq!(
        world.requests.last().unwrap().referrer,
        "http://a.test/index.html"
    );
    follow(&mut world, document, "e");
    assert_eq!(url_in(&world, 1), "http://a.test/other.html");
    assert_eq!(world.requests.last().unwrap().referrer, "");
    follow(&mut world, document, "c");
    follow(&mut world, document, "d");
    let tops = world.contexts.top_level_navigables();
    let openers: Vec<bool> = tops
        .iter()
        .map(|top| world.contexts.navigable(*top).unwrap().opener().is_some())
        .collect();
    // A link into a new window makes no opener, unless it has `rel=opener`.
    assert_eq!(openers, [false, false, true]);
    assert!(
        tops.iter()
            .all(|top| world.contexts.navigable(*top).unwrap().name().is_empty())
    );
}
