//! Tests of WebSockets, with a server of a few lines.

use std::net::{Ipv4Addr, TcpListener};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use framepost::{HttpOptions, Output, Page, PageOptions, TraceFormat};
use tungstenite::handshake::server::{Request, Response};
use tungstenite::protocol::CloseFrame;
use tungstenite::protocol::frame::coding::CloseCode;
use tungstenite::{Message, accept_hdr};

use crate::support::{idle, open};

/// What the server has seen: the headers of each handshake, and the code of each close frame.
type Seen = Arc<Mutex<Vec<String>>>;

/// A server that sends each message back. It closes the connection after the text `bye`, drops it after the text `drop`,
/// selects the last protocol, and refuses the path `/refused`.
fn server() -> (u16, Seen) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let seen = Seen::default();
    let of_thread = Arc::clone(&seen);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let seen = Arc::clone(&of_thread);
            std::thread::spawn(move || serve(stream.unwrap(), &seen));
        }
    });
    (port, seen)
}

#[allow(
    clippy::result_large_err,
    reason = "the callback of the crate has this type"
)]
fn serve(stream: std::net::TcpStream, seen: &Seen) {
    let answer = |request: &Request, mut response: Response| {
        let header = |name: &str| {
            let value = request.headers().get(name);
            value
                .map_or("none", |value| value.to_str().unwrap())
                .to_owned()
        };
        let line = format!(
            "{} {} {}",
            request.uri(),
            header("origin"),
            header("cookie")
        );
        seen.lock().unwrap().push(line);
        if request.uri().path() == "/refused" {
            return Err(Response::builder()
                .status(403)
                .body(None)
                .unwrap()
                .map(|_: Option<String>| None));
        }
        let protocols = header("sec-websocket-protocol");
        if protocols != "none" {
            let last = protocols.rsplit(", ").next().unwrap().parse().unwrap();
            response
                .headers_mut()
                .insert("sec-websocket-protocol", last);
        }
        Ok(response)
    };
    let Ok(mut socket) = accept_hdr(stream, answer) else {
        return;
    };
    while let Ok(message) = socket.read() {
        match message {
            Message::Text(text) if text.as_str() == "bye" => {
                let reason = "so long".into();
                let code = CloseCode::Library(3001);
                socket.close(Some(CloseFrame { code, reason })).unwrap();
            }
            Message::Text(text) if text.as_str() == "drop" => return,
            Message::Text(_) | Message::Binary(_) => socket.send(message).unwrap(),
            Message::Close(frame) => {
                let code = frame.map_or(0, |frame| u16::from(frame.code));
                seen.lock().unwrap().push(format!("closed {code}"));
            }
            _ => {}
        }
    }
}

fn options() -> PageOptions {
    let mut http = HttpOptions::new();
    http.quiet_time = Duration::from_millis(200);
    PageOptions::new().http(http)
}

/// Runs a page until idle, with a function `connect(path, protocols)` that logs all events.
fn run(port: u16, script: &str) -> Vec<String> {
    let page = format!(
        "<script type=module>
        const connect = (path, ...rest) => {{
            const socket = new WebSocket('ws://127.0.0.1:{port}' + path, ...rest);
            for (const type of ['open', 'error']) socket.addEventListener(type, () => console.log(type, socket.readyState));
            socket.onclose = (e) => console.log('close', e.code, e.reason, e.wasClean, socket.readyState, e instanceof CloseEvent);
            return socket;
        }};
        const on = (socket, type) => new Promise((resolve) => socket.addEventListener(type, resolve, {{ once: true }}));
        {script}</script>"
    );
    let mut page = open(&[("", &page)], options());
    idle(&mut page);
    all_lines(&mut page)
}

/// The lines of the console, and the diagnostics.
fn all_lines(page: &mut Page) -> Vec<String> {
    let output = page.take_output().into_iter();
    let shown = output.filter_map(|output| match output {
        Output::Console(message) => Some(message.text),
        Output::Diagnostic(text) => Some(text),
        Output::Error(error) => Some(format!("ERROR {error}")),
        _ => None,
    });
    shown.collect()
}

#[test]
fn text_and_bytes_are_echoed() {
    let (port, seen) = server();
    let lines = run(
        port,
        "document.cookie = 'a=1';
        const socket = connect('/echo?q#'.replace('#', ''));
        console.log(socket.url.replace(/[0-9]{4,}/, 'N'), socket.readyState, socket.binaryType, socket.bufferedAmount);
        try { socket.send('early') } catch (error) { console.log(error.name) }
        await on(socket, 'open');
        socket.send('é\\ud800');
        console.log(socket.bufferedAmount);
        const text = await on(socket, 'message');
        console.log(text.data, text.origin.replace(/[0-9]{4,}/, 'N'), socket.bufferedAmount);
        socket.send(new Uint8Array([1, 2, 3]).subarray(1));
        const { data: blob } = await on(socket, 'message');
        console.log(blob instanceof Blob, [...await blob.bytes()].join());
        socket.binaryType = 'arraybuffer';
        socket.binaryType = 'nonsense';
        socket.send(new Blob(['xy']));
        const { data: buffer } = await on(socket, 'message');
        console.log(buffer instanceof ArrayBuffer, buffer.byteLength);
        socket.close();
        socket.send('late');
        console.log(socket.readyState, socket.bufferedAmount);",
    );
    assert_eq!(
        lines,
        [
            "ws://127.0.0.1:N/echo?q 0 blob 0",
            "InvalidStateError",
            "open 1",
            "5",
            "é\u{fffd} ws://127.0.0.1:N 0",
            "true 2,3",
            "true 2",
            "2 4",
            "close 1005  true 3 true",
        ]
    );
    let seen = seen.lock().unwrap();
    assert_eq!(seen.first().unwrap(), "/echo?q http://a.test none");
}

#[test]
fn both_sides_can_close() {
    let (port, seen) = server();
    let lines = run(
        port,
        "let socket = connect('/');
        await on(socket, 'open');
        socket.send('bye');
        await on(socket, 'close');
        socket = connect('/');
        await on(socket, 'open');
        socket.close(4000, 'own');
        socket.close(1);
        ",
    );
    // The second call is wrong, and does not stop the first one.
    let expected = [
        "open 1",
        "close 3001 so long true 3 true",
        "open 1",
        "close 4000 own true 3 true",
    ];
    let (errors, others): (Vec<_>, Vec<_>) = lines
        .into_iter()
        .partition(|line| line.starts_with("ERROR"));
    assert_eq!(others, expected);
    assert!(
        errors.len() == 1 && errors[0].contains("close code"),
        "{errors:?}"
    );
    assert!(seen.lock().unwrap().contains(&"closed 4000".to_owned()));
}

#[test]
fn connection_that_ends_or_never_begins_is_an_unclean_close() {
    let (port, _) = server();
    let lines = run(
        port,
        "let socket = connect('/');
        await on(socket, 'open');
        socket.send('drop');
        await on(socket, 'close');
        socket = connect('/refused');
        await on(socket, 'close');
        socket = connect('/');
        socket.close();
        console.log(socket.readyState);
        await on(socket, 'close');",
    );
    let shown: Vec<&String> = lines
        .iter()
        .filter(|line| !line.starts_with("loading"))
        .collect();
    let unclean = "close 1006  false 3 true";
    assert_eq!(
        shown,
        [
            "open 1", unclean, "error 3", unclean, "2", "error 3", unclean
        ]
    );
    assert!(
        lines.iter().any(|line| line.ends_with("status 403")),
        "{lines:?}"
    );
}

#[test]
fn protocols_are_offered_and_one_is_selected() {
    let (port, _) = server();
    let lines = run(
        port,
        "const socket = connect('/', ['one', 'two']);
        console.log(JSON.stringify(socket.protocol));
        await on(socket, 'open');
        console.log(socket.protocol, JSON.stringify(socket.extensions));
        socket.close(1000);
        await on(socket, 'close');
        for (const [url, protocols] of [['http://['], ['ftp://x/'], ['/#x'], ['/', ['a', 'A']], ['/', 'a b'], ['/', '']]) {
            try { new WebSocket(url, protocols); console.log('none') } catch (error) { console.log(error.name) }
        }
        console.log(new WebSocket('/x').url, new WebSocket('https://b.test').url);",
    );
    let shown: Vec<&String> = lines
        .iter()
        .filter(|line| !line.starts_with("loading"))
        .collect();
    let mut expected = vec!["\"\"", "open 1", "two \"\"", "close 1000  true 3 true"];
    expected.extend(["SyntaxError"; 6]);
    expected.push("ws://a.test/x wss://b.test/");
    assert_eq!(shown, expected);
}

#[test]
fn many_large_messages_arrive_whole_and_in_order() {
    let (port, _) = server();
    let lines = run(
        port,
        "const socket = connect('/');
        await on(socket, 'open');
        const text = 'x'.repeat(70000);
        let next = 0;
        socket.onmessage = (e) => {
            if (e.data !== next + text) throw new Error('not the next one: ' + e.data.slice(0, 10));
            if (++next === 100) { console.log('all', socket.bufferedAmount); socket.close() }
        };
        for (let i = 0; i < 100; i++) socket.send(i + text);",
    );
    assert_eq!(lines, ["open 1", "all 0", "close 1005  true 3 true"]);
}

#[test]
fn socket_of_a_removed_frame_is_closed() {
    let (port, seen) = server();
    let lines = run(
        port,
        "const frame = document.createElement('iframe');
        document.documentElement.append(frame);
        const socket = new frame.contentWindow.WebSocket('ws://127.0.0.1:' + connect('/').url.match(/:([0-9]+)/)[1] + '/frame');
        socket.onclose = () => console.log('never');
        await new Promise((resolve) => socket.onopen = resolve);
        frame.remove();",
    );
    assert_eq!(lines, ["open 1"]);
    let limit = std::time::Instant::now() + Duration::from_secs(20);
    while !seen.lock().unwrap().contains(&"closed 1001".to_owned()) {
        assert!(
            std::time::Instant::now() < limit,
            "{:?}",
            seen.lock().unwrap()
        );
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn without_a_network_and_against_policies_nothing_is_sent() {
    let page = "<meta http-equiv=Content-Security-Policy content=\"connect-src 'self'\"><script>
        for (const url of ['ws://b.test/', 'ws://a.test:25/', 'ws://a.test/']) {
            const socket = new WebSocket(url);
            socket.onerror = () => console.log('error', url);
            socket.onclose = (e) => console.log('close', url, e.code);
        }
        </script>";
    let mut page = open(&[("", page)], PageOptions::new());
    idle(&mut page);
    let all = all_lines(&mut page);
    let events: Vec<&String> = all
        .iter()
        .filter(|line| line.starts_with("error") || line.starts_with("close"))
        .collect();
    assert_eq!(
        events,
        [
            "error ws://b.test/",
            "close ws://b.test/ 1006",
            "error ws://a.test:25/",
            "close ws://a.test:25/ 1006",
            "error ws://a.test/",
            "close ws://a.test/ 1006",
        ]
    );
    for reason in [
        "the content security policy",
        "another protocol",
        "there is no network",
    ] {
        assert!(
            all.iter().any(|line| line.contains(reason)),
            "{reason}: {all:?}"
        );
    }
    assert_eq!(page.unanswered_requests(), ["GET ws://a.test/"]);
}

#[test]
fn trace_shows_the_messages_of_a_socket() {
    let (port, _) = server();
    let page = format!(
        "<script>
        const socket = new WebSocket('ws://127.0.0.1:{port}/');
        socket.onopen = () => socket.send('four');
        socket.onmessage = () => socket.close();
        </script>"
    );
    let mut page = open(&[("", &page)], options().trace(true));
    idle(&mut page);
    let text = page.take_trace().to_text(TraceFormat::Mermaid);
    let text = text.replace(&port.to_string(), "N");
    for part in [
        "GET ws://127.0.0.1:N/: 101, 0 bytes",
        "send to ws://127.0.0.1:N/: text, 4 bytes",
        "receive from ws://127.0.0.1:N/: text, 4 bytes",
        "close ws://127.0.0.1:N/: code 1005",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
}
