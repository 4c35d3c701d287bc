//! Tests of `history` and navigation.

use framepost::RunOutcome;

use crate::support::{lines, run};

#[test]
fn history_state_is_a_cached_clone() {
    let lines = lines(&run(&[(
        "",
        "<script>
           const state = { list: [1], self: null };
           state.self = state;
           console.log(history.state, history.length);
           history.pushState(state, '', '?x');
           console.log(history.state !== state, history.state === history.state,
                       history.state.self === history.state, location.search);
           const before = history.state;
           history.replaceState(before, 'title');
           console.log(history.state !== before, history.length, location.search);
           for (const bad of [() => history.pushState(() => {}, ''),
                              () => history.pushState(1, '', 'http://b.test/'),
                              () => history.pushState(Symbol(), ''),
                              () => history.pushState(1)]) {
             try { bad() } catch (e) { console.log(e.name, e instanceof DOMException) }
           }
           console.log(history.length, history.scrollRestoration);
           history.scrollRestoration = 'manual';
           history.scrollRestoration = 'nonsense';
           console.log(history.scrollRestoration);
         </script>",
    )]));
    assert_eq!(
        lines,
        [
            "null 1",
            "true true true ?x",
            "true 2 ?x",
            "DataCloneError true",
            "SecurityError true",
            "DataCloneError true",
            "TypeError false",
            "2 auto",
            "manual",
        ]
    );
}

#[test]
fn popstate_fires_synchronously_and_hashchange_in_a_task() {
    let lines = lines(&run(&[(
        "",
        "<script>
           onpopstate = e => console.log('popstate', e.state, e.state === history.state,
             e instanceof PopStateEvent, e.hasUAVisualTransition, location.hash);
           onhashchange = e => console.log('hashchange', new URL(e.oldURL).hash, new URL(e.newURL).hash);
           onload = () => setTimeout(() => {
             history.replaceState({ n: 1 }, '');
             location.hash = 'a';
             console.log('after');
             location.hash = '#a';
             setTimeout(() => { history.back(); console.log('asked', location.hash) });
           });
         </script>",
    )]));
    assert_eq!(
        lines,
        [
            "popstate null true true false #a",
            "after",
            "hashchange  #a",
            "asked #a",
            "popstate { n: 1 } true true false ",
            "hashchange #a ",
        ]
    );
}

#[test]
fn hashchange_does_not_fire_if_more_than_the_fragment_differs() {
    let lines = lines(&run(&[(
        "",
        "<script>
           onpopstate = () => console.log('popstate', location.search, location.hash);
           onhashchange = () => console.log('hashchange');
           onload = () => setTimeout(() => {
             history.pushState(1, '', '#a'); history.pushState(2, '', '?q=1#b'); history.back();
             setTimeout(() => history.back(), 10);
           });
         </script>",
    )]));
    assert_eq!(lines, ["popstate  #a", "popstate  ", "hashchange"]);
}

#[test]
fn going_back_reloads_page_with_its_state() {
    let mut page = run(&[
        (
            "1",
            "<script>console.log('one', history.state, history.length)</script>",
        ),
        ("2", "<script>console.log('two', history.length)</script>"),
    ]);
    page.eval("history.replaceState('kept', ''); location = '2'")
        .unwrap();
    assert_eq!(page.run_until_idle(), RunOutcome::Idle);
    page.eval("history.back()").unwrap();
    assert_eq!(page.run_until_idle(), RunOutcome::Idle);
    assert_eq!(lines(&page), ["one null 1", "two 2", "one kept 2"]);
    assert_eq!(page.url().as_deref(), Some("http://a.test/1"));
}

#[test]
fn history_of_inactive_document_throws() {
    let lines = lines(&run(&[(
        "",
        "<iframe></iframe><script>
           const held = frames[0].history;
           document.querySelector('iframe').remove();
           for (const ask of [() => held.length, () => held.state, () => held.back(),
                              () => held.pushState(1, ''), () => held.scrollRestoration]) {
             try { ask(); console.log('no error') } catch (e) { console.log(e.name) }
           }
         </script>",
    )]));
    assert_eq!(lines, ["SecurityError"; 5]);
}

#[test]
fn location_replaces_entry_during_load_but_links_push() {
    let lines = lines(&run(&[
        (
            "",
            "<iframe id=a src=replace></iframe><iframe id=b src=push></iframe><script>
               onload = () => setTimeout(() => console.log(history.length,
                 frames[0].location.pathname, frames[1].location.pathname), 50);
             </script>",
        ),
        ("replace", "<script>location.assign('end')</script>"),
        (
            "push",
            "<a href=end></a><script>document.links[0].click()</script>",
        ),
        ("end", ""),
    ]));
    assert_eq!(lines, ["2 /end /end"]);
}

#[test]
fn invalid_protocol_throws_and_discarded_location_is_inert() {
    let lines = lines(&run(&[(
        "",
        "<iframe></iframe><script>
           for (const bad of ['', ':', '1', 'x y', 'a\\n']) {
             try { location.protocol = bad } catch (e) { console.log(e.name) }
           }
           location.protocol = 'mailto';
           const dead = frames[0].location;
           document.querySelector('iframe').remove();
           dead.href = 'http://['; dead.assign('http://['); dead.protocol = '1'; dead.hash = 'x';
           console.log(dead.href, dead.origin, dead.protocol, dead.pathname, dead.search === '');
         </script>",
    )]));
    assert_eq!(
        lines,
        [
            "SyntaxError",
            "SyntaxError",
            "SyntaxError",
            "SyntaxError",
            "SyntaxError",
            "about:blank null about: blank true"
        ]
    );
}

#[test]
fn unload_events_fire_in_order() {
    let mut page = run(&[
        (
            "1",
            "<iframe src=in></iframe><script>
               for (const type of ['beforeunload', 'pagehide', 'unload', 'visibilitychange']) {
                 addEventListener(type, e => console.log('top', type, e.constructor.name, e.persisted));
               }
               onbeforeunload = e => { e.returnValue = 'asked'; console.log(e.returnValue, e.cancelable) };
               onunload = () => { location = 'nowhere' };
             </script>",
        ),
        (
            "in",
            "<script>
               for (const type of ['beforeunload', 'pagehide', 'unload']) {
                 addEventListener(type, () => console.log('in', type));
               }
             </script>",
        ),
        ("2", "<script>onpageshow = e => console.log('shown', e.persisted)</script>"),
    ]);
    page.eval("location = '2'; console.log('begun')").unwrap();
    assert_eq!(page.run_until_idle(), RunOutcome::Idle);
    assert_eq!(
        lines(&page),
        [
            "top beforeunload BeforeUnloadEvent undefined",
            "asked true",
            "in beforeunload",
            "begun",
            "in pagehide",
            "in unload",
            "top pagehide PageTransitionEvent false",
            "top visibilitychange Event undefined",
            "top unload Event undefined",
            "shown false",
        ]
    );
}

#[test]
fn beforeunload_handler_result_becomes_string() {
    let lines = lines(&run(&[(
        "",
        "<script>
           for (const returned of [undefined, null, false, '', 'x']) {
             onbeforeunload = () => returned;
             const event = document.createEvent('BeforeUnloadEvent');
             event.initEvent('beforeunload', false, true);
             dispatchEvent(event);
             const custom = new CustomEvent('beforeunload', { cancelable: true });
             dispatchEvent(custom);
             console.log(event.defaultPrevented, JSON.stringify(event.returnValue), custom.defaultPrevented);
           }
         </script>",
    )]));
    assert_eq!(
        lines,
        [
            "false \"\" false",
            "false \"\" false",
            "true \"false\" false",
            "true \"\" false",
            "true \"x\" false",
        ]
    );
}
