//! Tests of windows, links, forms and user activation.

use std::sync::{Arc, Mutex};

use framepost::{Output, Page, PageOptions, PopupPolicy};
use framepost_browsing_context::{FetchRequest, LoadError, Loader, MemoryLoader, Response};

use crate::support::{idle, open, run, text, url};

#[test]
fn window_and_opener_exchange_messages_until_close() {
    let mut page = run(&[
        (
            "/",
            "<script>
              const w = open('w.html', 'w');
              console.log(w === open('', 'w'), w.closed, w.name, w.location.href, w.parent === w);
              onmessage = (event) => {
                console.log(event.data, event.source === w);
                w.close();
                console.log(w.closed, open('', 'w', 'popup') === w);
                setTimeout(() => console.log(w.closed, w.opener, w.self === w));
              };
            </script>",
        ),
        (
            "/w.html",
            "<script>
              console.log(name, opener === top, opener.location.pathname);
              onunload = () => console.log('unload');
              opener.postMessage('hello', '*');
            </script>",
        ),
    ]);
    assert_eq!(
        text(&page),
        "true false w about:blank true\nw false /\nhello true\ntrue false\nunload\ntrue null true"
    );
    let windows: Vec<_> = page
        .windows()
        .into_iter()
        .map(|window| (window.url, window.name, window.has_opener))
        .collect();
    assert_eq!(
        windows,
        [
            ("http://a.test/".to_owned(), String::new(), false),
            ("about:blank".to_owned(), "w".to_owned(), true),
        ]
    );
}

#[test]
fn opener_can_be_disowned_or_replaced() {
    assert_eq!(
        text(&run(&[(
            "/",
            "<iframe name=f></iframe><script>
              const w = open();
              w.opener = 'x';
              console.log(w.opener);
              delete w.opener;
              const other = open();
              other.opener = null;
              console.log(other.opener, open('', '', 'noopener'), open('', '', 'noreferrer=1'));
              console.log(frames[0].opener, open('', 'f') === frames[0], frames[0].opener === self);
            </script>"
        )])),
        "x\nnull null null\nnull true true"
    );
}

#[test]
fn bar_props_report_visibility() {
    assert_eq!(
        text(&run(&[(
            "/",
            "<script>
              const bars = ['locationbar', 'menubar', 'personalbar', 'scrollbars', 'statusbar', 'toolbar'];
              console.log(bars.every((bar) => self[bar] === self[bar] && self[bar].visible));
              console.log(new Set(bars.map((bar) => self[bar])).size, String(menubar));
              console.log(open('', '', 'popup').menubar.visible, open('', '', 'left=1').menubar.visible);
              const w = open();
              const bar = w.toolbar;
              w.close();
              console.log(bar.visible);
              setTimeout(() => console.log(bar.visible));
            </script>"
        )])),
        "true\n6 [object BarProp]\nfalse false\ntrue\nfalse"
    );
}

#[test]
fn open_returns_null_during_unload() {
    assert_eq!(
        text(&run(&[
            (
                "/",
                "<iframe src=in.html></iframe><script>
                  onload = () => {
                    frames[0].onpagehide = () => console.log(open(), frames[0].open());
                    frames[0].location = 'in.html?2';
                  };
                </script>",
            ),
            ("/in.html", ""),
            ("/in.html?2", ""),
        ])),
        "null null"
    );
}

#[test]
fn invalid_and_sandboxed_navigations_throw() {
    assert_eq!(
        text(&run(&[(
            "/",
            "<script>
              const name = (f) => { try { return f() } catch (error) { return error.name } };
              console.log(name(() => open('http://a b')));
              const sandboxed = document.createElement('iframe');
              sandboxed.sandbox = 'allow-scripts';
              sandboxed.srcdoc = `<script>
                const name = (f) => { try { return f() } catch (error) { return error.name } };
                console.log(name(() => { top.location = '/' }), name(() => open('/', '_top')), open('/'));
                console.log(confirm('?'), prompt('?'), alert('!'));
              <\\/script>`;
              document.write('<body>');
              document.body.append(sandboxed);
            </script>"
        )])),
        "SyntaxError\nSecurityError SecurityError null\nfalse null undefined"
    );
}

#[test]
fn dialogs_are_reported_and_return_defaults() {
    let mut page = run(&[(
        "/",
        "<script>console.log(alert('a'), confirm('b'), prompt('c', 'd'), print())</script>
         <iframe sandbox=allow-scripts srcdoc='<script>alert(1)</script>'></iframe>",
    )]);
    assert_eq!(text(&page), "undefined false null undefined");
    let said: Vec<String> = page
        .take_output()
        .into_iter()
        .filter_map(|output| match output {
            Output::Diagnostic(text) => Some(text),
            _ => None,
        })
        .collect();
    assert_eq!(said, ["alert: a", "confirm: b", "prompt: c"]);
}

const ACTIVATION: &str = "<button onclick='said(event)'>b</button><script>
  const said = (event) => {
    const { isActive, hasBeenActive } = navigator.userActivation;
    console.log(event.type, event.isTrusted, isActive, hasBeenActive, open() !== null, open() !== null);
  };
</script>";

#[test]
fn user_click_allows_one_popup() {
    let options = PageOptions::new().popups(PopupPolicy::RequireUserActivation);
    let mut page = open(&[("/", ACTIVATION)], options);
    idle(&mut page);
    page.eval("document.querySelector('button').click()")
        .unwrap();
    page.click("button").unwrap();
    assert_eq!(
        text(&page),
        "click false false false false false\nclick true true true true false"
    );
    // Transient activation expires after some seconds.
    page.eval("navigator.userActivation.isActive").unwrap();
    page.click("button").unwrap();
    page.eval(
        "setTimeout(() => console.log(open(), navigator.userActivation.hasBeenActive), 6000)",
    )
    .unwrap();
    idle(&mut page);
    assert!(text(&page).ends_with("\nnull true"), "{}", text(&page));
}

#[test]
fn sandboxed_frame_navigates_top_only_after_click() {
    let pages: &[(&str, &str)] = &[
        (
            "/",
            "<button>b</button><iframe src=in.html
              sandbox='allow-scripts allow-same-origin allow-top-navigation-by-user-activation'></iframe>",
        ),
        (
            "/in.html",
            "<script>
              onmessage = () => { try { top.location = 'end.html' } catch (e) { console.log(e.name) } };
            </script>",
        ),
        ("/end.html", "end"),
    ];
    let mut page = run(pages);
    page.eval("frames[0].postMessage('', '*')").unwrap();
    idle(&mut page);
    assert_eq!(text(&page), "SecurityError");
    // The frame has the page's origin, so activating the page activates it too.
    page.click("button").unwrap();
    page.eval("frames[0].postMessage('', '*')").unwrap();
    idle(&mut page);
    assert_eq!(page.text(), "end\n");
}

/// Serves pages and records the requests.
struct Recorder(MemoryLoader, Arc<Mutex<Vec<String>>>);

impl Loader for Recorder {
    fn load(&mut self, request: &FetchRequest) -> Result<Response, LoadError> {
        let mut line = format!("{} {}", request.method(), request.url.path());
        if let Some(query) = request.url.query() {
            line = format!("{line}?{query}");
        }
        if let Some(resource) = &request.post_resource {
            let body = String::from_utf8_lossy(&resource.body).replace("\r\n", "|");
            line = format!("{line} {} {body}", resource.content_type);
        }
        self.1.lock().unwrap().push(line);
        self.0.load(request)
    }
}

/// Runs a page with a form. Returns the page and the log of requests, without the page's own.
fn recorded(html: &str) -> (Page, Arc<Mutex<Vec<String>>>) {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let (kept, html) = (Arc::clone(&asked), html.to_owned());
    let options = PageOptions::new().loader(move || {
        let mut loader = MemoryLoader::new();
        loader.add("http://a.test/", html).unwrap();
        loader.add("http://a.test/to", "<p>to").unwrap();
        Box::new(Recorder(loader, kept))
    });
    let mut page = Page::open(url("/"), options).unwrap();
    idle(&mut page);
    asked.lock().unwrap().clear();
    (page, asked)
}

#[test]
fn form_submits_values_of_its_controls() {
    let (mut page, asked) = recorded(
        "<form action=to method=post enctype=text/plain>
           <input name=text value=old><input name=off disabled><input value=unnamed>
           <input type=checkbox name=yes checked><input type=checkbox name=no>
           <input type=radio name=r value=1><input type=radio name=r value=2 checked>
           <select name=s><option>a<option selected>b<option disabled>c</select>
           <select name=m multiple><option selected>a<option selected disabled>b<option selected value=C>c</select>
           <textarea name=t>x\ny</textarea><input type=hidden name=_charset_>
           <input type=file name=file><input type=image name=i>
           <button name=other value=1>o</button><button name=go value=1>go</button>
         </form><input name=outside form=nowhere>
         <script>document.forms[0].elements.namedItem ? 0 : 0; document.querySelector('input').value = 'new'</script>",
    );
    page.click("button[name=go]").unwrap();
    idle(&mut page);
    assert_eq!(
        asked.lock().unwrap().as_slice(),
        ["POST /to text/plain text=new|yes=on|r=2|s=b|m=a|m=C|t=x|y|_charset_=UTF-8|file=|go=1|"]
    );
    assert_eq!(page.text(), "to\n");
}

#[test]
fn submit_events_fire_first_and_can_cancel() {
    let (mut page, asked) = recorded(
        "<form action=to><input name=a value=1><button name=b value=2>b</button></form><script>
          const form = document.querySelector('form');
          let keep = true;
          form.onsubmit = (event) => {
            console.log('submit', event.submitter?.name, event instanceof SubmitEvent, keep);
            form.requestSubmit();
            if (keep) event.preventDefault();
          };
          form.onformdata = (event) => {
            console.log('formdata', JSON.stringify([...event.formData]), event.cancelable);
            event.formData.append('c', '3');
            form.submit();
            try { new FormData(form) } catch (error) { console.log(error.name) }
          };
        </script>",
    );
    page.click("button").unwrap();
    idle(&mut page);
    assert_eq!(text(&page), "submit b true true");
    assert!(asked.lock().unwrap().is_empty());
    page.eval("keep = false; form.requestSubmit()").unwrap();
    idle(&mut page);
    assert_eq!(
        text(&page),
        "submit b true true\nsubmit undefined true false\n\
         formdata [[\"a\",\"1\"]] false\nInvalidStateError"
    );
    assert_eq!(asked.lock().unwrap().as_slice(), ["GET /to?a=1&c=3"]);
}

#[test]
fn submit_method_skips_events_and_last_call_wins() {
    let (mut page, asked) = recorded(
        "<form action=to onsubmit='console.log(1)'><input name=a value=1></form><script>
          const form = document.querySelector('form');
          const errors = [() => form.requestSubmit(form), () => {
            const other = document.createElement('button');
            form.requestSubmit(other);
          }].map((f) => { try { f() } catch (error) { return error.name } });
          console.log(errors.join());
        </script>",
    );
    page.eval("form.submit(); form.firstChild.value = 2; form.submit()")
        .unwrap();
    idle(&mut page);
    assert_eq!(text(&page), "TypeError,NotFoundError");
    assert_eq!(asked.lock().unwrap().as_slice(), ["GET /to?a=2"]);
}

#[test]
fn form_target_selects_navigable() {
    let page = run(&[
        (
            "/",
            "<iframe name=f></iframe><form action=to target=f><input name=q value=1>
             <button formaction=\"javascript:console.log('script', opener)\" formtarget=_blank>b</button></form>
             <script>
               const form = document.querySelector('form');
               document.querySelector('iframe').onload = (event) => {
                 if (frames[0].location.pathname !== '/to') return;
                 console.log(frames[0].location.search, frames[0].opener);
               };
               form.submit();
               document.querySelector('iframe').remove;
             </script>",
        ),
        ("/to?q=1", "to"),
    ]);
    assert_eq!(text(&page), "?q=1 null");
}

#[test]
fn reset_restores_initial_values_once() {
    assert_eq!(
        text(&run(&[(
            "/",
            "<form><input value=a><input type=checkbox checked><textarea>t</textarea></form><script>
              const form = document.querySelector('form');
              const [text, check, area] = form.elements;
              text.value = area.value = 'x';
              check.checked = false;
              let count = 0;
              form.onreset = (event) => { count += 1; form.reset(); if (count === 1) event.preventDefault() };
              form.reset();
              console.log(text.value, check.checked, area.value, count);
              form.reset();
              console.log(text.value, check.checked, area.value, count);
            </script>"
        )])),
        "x false x 1\na true t 2"
    );
}

#[test]
fn form_data_is_a_list_of_named_strings_and_files() {
    assert_eq!(
        text(&run(&[(
            "/",
            "<script>
              const data = new FormData();
              data.append('a', 1);
              data.append('b', new Blob(['x'], { type: 'text/plain' }));
              data.append('a', null);
              data.append('c', new File([], 'f.txt'), 'g.txt');
              console.log([...data.keys()].join(), data.getAll('a').join(), data.get('z'), data.has('b'));
              console.log(data.get('b').name, data.get('b').type, data.get('c').name, data.get('c') instanceof File);
              data.set('a', 'new');
              data.set('d', 'e');
              data.delete('c');
              for (const [name, value] of data) console.log(name, typeof value);
              data.forEach((value, name, all) => { if (all !== data) throw name });
              try { data.append('a', 'b', 'c') } catch (error) { console.log(error.name) }
              console.log(String(data), String(data.entries()), data[Symbol.iterator] === data.entries);
            </script>"
        )])),
        "a,b,a,c 1,null null true\nblob text/plain g.txt true\na string\nb object\nd string\nTypeError\n\
         [object FormData] [object FormData Iterator] true"
    );
}

#[test]
fn windows_that_pages_open_can_be_closed_by_themselves() {
    let page = "<script>
        new BroadcastChannel('c').postMessage('loaded ' + history.length);
        onload = () => setTimeout(() => {
          if (history.length === 1) { location = location.pathname + '?again'; return; }
          close();
          new BroadcastChannel('c').postMessage('closed ' + closed);
        });
      </script>";
    let opener = "<a href=w.html target=_blank rel=noopener></a><script>
        new BroadcastChannel('c').onmessage = e => console.log(e.data);
        document.querySelector('a').click();
      </script>";
    assert_eq!(
        text(&run(&[
            ("/", opener),
            ("/w.html", page),
            ("/w.html?again", page)
        ])),
        "loaded 1\nloaded 2\nclosed true"
    );
}

#[test]
fn closing_an_empty_window_hides_its_page() {
    assert_eq!(
        text(&run(&[(
            "/",
            "<script>
              const w = open();
              w.onpagehide = () => { console.log('pagehide', w.closed, w.opener === window); setTimeout(() => console.log(w.opener)); };
              w.close();
              console.log(w.closed);
            </script>"
        )])),
        "true\npagehide true true\nnull"
    );
}

#[test]
fn targets_are_relative_to_the_window_whose_open_is_called() {
    assert_eq!(
        text(&run(&[
            (
                "/",
                "<iframe></iframe><script>
                  const frame = document.querySelector('iframe');
                  frame.onload = () => console.log('load', frame.contentWindow.location.pathname, location.pathname);
                  onload = () => {
                    console.log(frame.contentWindow.open('f.html', '_self') === frame.contentWindow);
                    const popup = frame.contentWindow.open();
                    console.log(popup.opener === frame.contentWindow);
                    const gone = document.body.appendChild(document.createElement('iframe')), { contentWindow } = gone;
                    gone.remove();
                    console.log(contentWindow.open('f.html'));
                  };
                </script>"
            ),
            ("/f.html", ""),
        ])),
        "true\ntrue\nnull\nload /f.html /"
    );
}

#[test]
fn frames_in_documents_of_other_origins_are_not_navigated() {
    let page = "<script>
        try { parent.location = 'x.html'; console.log('navigates') } catch (e) { console.log(e.name) }
        top.location.hash;
      </script>";
    let page = run(&[
        (
            "",
            "<iframe srcdoc=\"<iframe src='http://b.test/'></iframe>\"></iframe>",
        ),
        ("http://b.test/", page),
    ]);
    assert!(text(&page).starts_with("SecurityError"), "{}", text(&page));
}
