//! Tests of web storage.

use expect_test::expect;
use framepost::{PageLimits, PageOptions};

use crate::support::{check_script, idle, lines, open, page_with, pages, text, url};

#[test]
fn storage_has_methods_and_named_properties() {
    check_script(
        "localStorage.setItem('b', 1);
         localStorage.a = null;
         localStorage[3] = 'three';
         log(localStorage.length, localStorage.key(0), localStorage.key(3), localStorage.getItem('x'), localStorage.x);
         log(Object.keys(localStorage).join(), JSON.stringify(localStorage), 'a' in localStorage, localStorage['3']);
         // A name of the prototype is stored, but does not hide the method.
         localStorage.getItem = 'hidden';
         log(typeof localStorage.getItem, localStorage.getItem('getItem'), Object.keys(localStorage).length);
         log(delete localStorage.b, delete localStorage.none, localStorage.length);
         localStorage.removeItem('a');
         log(localStorage.hasOwnProperty('a'), localStorage === localStorage, localStorage !== sessionStorage);
         localStorage.clear();
         log(localStorage.length, String(localStorage), sessionStorage.length);
         Object.defineProperty(sessionStorage, 'd', { value: 4 });
         log(JSON.stringify(Object.getOwnPropertyDescriptor(sessionStorage, 'd')));
         for (const f of [() => localStorage.key(), () => localStorage.setItem('x'), () => new Storage(),
                          () => Storage.prototype.length]) {
           try { f(); } catch (error) { log(error.name); }
         }",
        expect![[r#"
            3 b null null undefined
            b,a,3 {"b":"1","a":"null","3":"three"} true three
            function hidden 3
            true true 3
            false true true
            0 [object Storage] 0
            {"value":"4","writable":true,"enumerable":true,"configurable":true}
            TypeError
            TypeError
            TypeError
            TypeError
        "#]],
    );
}

#[test]
fn objects_that_inherit_from_storage_have_properties_of_their_own() {
    check_script(
        "const object = Object.create(localStorage);
         object.x = 1;
         localStorage.y = 2;
         log(localStorage.length, localStorage.x, Object.keys(object).join(), object.y);",
        expect![[r#"
            1 undefined x 2
        "#]],
    );
}

#[test]
fn lone_surrogates_are_kept() {
    check_script(
        "localStorage.setItem('\\ud800', '\\udfff');
         const [key] = Object.keys(localStorage);
         log(key.charCodeAt(0).toString(16), localStorage.key(0) === key, localStorage[key].charCodeAt(0).toString(16));",
        expect![[r#"
            d800 true dfff
        "#]],
    );
}

#[test]
fn setting_too_much_throws_a_quota_exceeded_error() {
    let mut limits = PageLimits::default();
    limits.storage = 100;
    let html = "<script>
        localStorage.a = 'x'.repeat(40);
        try { localStorage.b = 'y'.repeat(20); } catch (error) {
            console.log(error instanceof QuotaExceededError, error.name, error.code, error.quota, error.requested);
        }
        console.log(localStorage.length, localStorage.b);
        sessionStorage.b = 'y'.repeat(20);
        </script>";
    let mut page = open(&[("", html)], PageOptions::new().limits(limits));
    idle(&mut page);
    assert_eq!(
        text(&page),
        "true QuotaExceededError 22 null null\n1 undefined"
    );
}

#[test]
fn opaque_origins_are_refused() {
    page_with(
        "<iframe sandbox=allow-scripts src=frame.html></iframe>
         <iframe src='data:text/html,<script>try { sessionStorage } catch (error) { console.log(error.name) }</script>'></iframe>
         <iframe sandbox='allow-scripts allow-same-origin' src=frame.html></iframe>",
        &[(
            "frame.html",
            "<script>try { localStorage.x = 1; console.log('stored') } catch (error) { console.log(error.name, error.code) }</script>",
        )],
        &["SecurityError 18", "SecurityError", "stored"],
    );
}

#[test]
fn storage_events_reach_the_other_windows_with_their_area() {
    page_with(
        "<iframe src=frame.html></iframe>
         <script>
           onstorage = (event) => console.log('page', event.key);
           onload = () => {
             localStorage.a = 'x';
             localStorage.a = 'y';
             localStorage.a = 'y';
             sessionStorage.b = 1;
             delete localStorage.a;
             localStorage.clear();
             localStorage.c = 2;
             localStorage.clear();
             console.log('changed');
           };
         </script>",
        &[(
            "frame.html",
            "<script>
               addEventListener('storage', (event) => {
                 const { key, oldValue, newValue, url, storageArea, isTrusted, bubbles } = event;
                 console.log(key, oldValue, newValue, new URL(url).pathname, isTrusted, bubbles,
                   storageArea === localStorage, storageArea === sessionStorage);
                 if (key === null) localStorage.fromFrame = 1;
               });
             </script>",
        )],
        &[
            "changed",
            "a null x / true false true false",
            "a x y / true false true false",
            "b null 1 / true false false true",
            "a y null / true false true false",
            "c null 2 / true false true false",
            "null null null / true false true false",
            "page fromFrame",
        ],
    );
}

#[test]
fn body_attribute_hears_storage_events() {
    page_with(
        "<iframe src=frame.html></iframe><script>onload = () => { sessionStorage.a = 1 }</script>",
        &[(
            "frame.html",
            "<body onstorage='console.log(event.type, event.key, event instanceof StorageEvent)'>",
        )],
        &["storage a true"],
    );
}

#[test]
fn storage_event_can_be_constructed() {
    check_script(
        "let event = new StorageEvent('x');
         log(event.key, event.oldValue, event.newValue, event.url === '', event.storageArea);
         event = new StorageEvent('x', { key: 'k', oldValue: 1, newValue: null, url: 'u', storageArea: localStorage });
         log(event.key, event.oldValue, event.newValue, event.url, event.storageArea === localStorage);
         event = document.createEvent('StorageEvent');
         event.initStorageEvent('y', true, false, 'k', 'o', 'n', 'u', sessionStorage);
         log(event.type, event.bubbles, event.key, event.newValue, event.storageArea === sessionStorage);
         try { new StorageEvent('x', { storageArea: {} }) } catch (error) { log(error.name) }",
        expect![[r#"
            null null null true null
            k 1 null u true
            y true k n true
            TypeError
        "#]],
    );
}

#[test]
fn opened_window_gets_a_copy_of_session_storage() {
    let other = "<script>
        opener.postMessage([name, sessionStorage.a, localStorage.l], '*');
        </script>";
    pages(
        &[
            (
                "/",
                "<script>
                   sessionStorage.a = 'before';
                   localStorage.l = 1;
                   onmessage = ({ data }) => {
                     console.log(data.join());
                     if (data[0] === 'first') {
                       first.sessionStorage.a = 'changed';
                       console.log(sessionStorage.a, first.sessionStorage.a);
                     }
                   };
                   const first = open('w.html', 'first');
                   sessionStorage.a = 'after';
                   const none = open('bare.html', '_blank', 'noopener');
                 </script>",
            ),
            ("/w.html", other),
            (
                "/bare.html",
                "<script>console.log('noopener', sessionStorage.length, localStorage.l)</script>",
            ),
        ],
        &["noopener 0 1", "first,before,1", "after changed"],
    );
}

#[test]
fn frames_below_another_site_share_nothing() {
    let other = "http://b.test/frame.html";
    pages(
        &[
            (
                "/",
                "<iframe src=http://b.test/outer.html></iframe>
                 <script>
                   localStorage.a = 1;
                   new BroadcastChannel('c').onmessage = (event) => console.log('page got', event.data);
                 </script>",
            ),
            (
                "http://b.test/outer.html",
                "<iframe src=http://a.test/inner.html></iframe>",
            ),
            (
                "/inner.html",
                "<script>
                   console.log('inner', localStorage.a);
                   onstorage = () => console.log('heard');
                   new BroadcastChannel('c').postMessage('from inner');
                 </script>",
            ),
            (other, "<p>"),
        ],
        &["inner undefined"],
    );
}

#[test]
fn local_storage_is_kept_for_a_later_page() {
    let html = "<script>
        console.log(localStorage.count);
        localStorage.count = 1 + Number(localStorage.count ?? 0);
        </script>";
    let mut areas = Vec::new();
    for expected in ["undefined", "1", "2"] {
        let options = PageOptions::new().local_storage(areas);
        let mut page = open(&[("", html)], options);
        idle(&mut page);
        assert_eq!(lines(&page), [expected]);
        areas = page.local_storage();
    }
    assert_eq!(areas.len(), 1);
    assert_eq!(
        areas[0].key.origin(),
        url("").origin().ascii_serialization()
    );
}
