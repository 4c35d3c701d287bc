//! Tests of requests over connections that are already open.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::sync::{Arc, Mutex};

use framepost::{HttpOptions, PageOptions};

use crate::support::{idle, lines, open};

/// A server that answers the first request of each connection, and closes the connection when a second one arrives.
/// Returns its port, and the list of requests with the number of their connection.
fn server() -> (u16, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let of_thread = Arc::clone(&seen);
    std::thread::spawn(move || {
        for (number, stream) in listener.incoming().enumerate() {
            let (mut stream, seen) = (stream.unwrap(), Arc::clone(&of_thread));
            std::thread::spawn(move || {
                let mut reader = BufReader::new(stream.try_clone().unwrap());
                for turn in 0..2 {
                    let mut line = String::new();
                    if reader.read_line(&mut line).unwrap_or(0) == 0 {
                        return;
                    }
                    let mut length = 0;
                    loop {
                        let mut header = String::new();
                        reader.read_line(&mut header).unwrap();
                        if header.len() <= 2 {
                            break;
                        }
                        let header = header.to_ascii_lowercase();
                        if let Some(value) = header.strip_prefix("content-length:") {
                            length = value.trim().parse().unwrap();
                        }
                    }
                    reader.read_exact(&mut vec![0; length]).unwrap();
                    let method = line.split(' ').next().unwrap();
                    seen.lock().unwrap().push(format!("{method} {number}"));
                    if turn == 1 {
                        return;
                    }
                    let cors = "Access-Control-Allow-Origin: *\r\n";
                    write!(
                        stream,
                        "HTTP/1.1 200 OK\r\n{cors}Content-Length: 2\r\n\r\nok"
                    )
                    .unwrap();
                }
            });
        }
    });
    (port, seen)
}

#[test]
fn get_is_sent_again_and_post_gets_a_connection_of_its_own() {
    let (port, seen) = server();
    let page = format!(
        "<script type=module>
        for (const method of ['GET', 'GET', 'POST', 'POST']) {{
            const answer = await fetch('http://127.0.0.1:{port}/', {{ method, body: method === 'POST' ? 'x' : undefined }});
            console.log(method, await answer.text());
        }}
        </script>"
    );
    let options = PageOptions::new().http(HttpOptions::new());
    let mut page = open(&[("", &page)], options);
    idle(&mut page);
    assert_eq!(lines(&page), ["GET ok", "GET ok", "POST ok", "POST ok"]);
    // The second GET was not answered on the first connection. No POST was sent on a connection that was open.
    let expected = ["GET 0", "GET 0", "GET 1", "POST 2", "POST 3"];
    assert_eq!(*seen.lock().unwrap(), expected);
}
