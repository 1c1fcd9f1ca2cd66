//! Plain HTTP over a socket, one request for each connection: what the tests send is what they write, also where a real
//! client would refuse to.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::{Duration, Instant};

pub struct Answer {
    pub status: u16,
    head: String,
    pub body: String,
}

impl Answer {
    /// A header's value; empty when there is none.
    pub fn header(&self, name: &str) -> &str {
        let fields = self.head.lines().filter_map(|line| line.split_once(':'));
        let mut values = fields.filter(|(field, _)| field.eq_ignore_ascii_case(name));
        values.next().map_or("", |(_, value)| value.trim())
    }

    fn read(stream: &mut impl Read) -> io::Result<Answer> {
        let broken = || io::Error::other("the answer breaks off");
        let (mut bytes, mut chunk) = (Vec::new(), [0; 16 << 10]);
        let mut more = |bytes: &mut Vec<u8>| {
            let count = stream.read(&mut chunk)?;
            bytes.extend_from_slice(&chunk[..count]);
            io::Result::Ok(count)
        };
        let end = loop {
            if let Some(end) = bytes.windows(4).position(|part| part == b"\r\n\r\n") {
                break end;
            }
            if more(&mut bytes)? == 0 {
                return Err(broken());
            }
        };
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let status = head.split(' ').nth(1).and_then(|word| word.parse().ok());
        let mut answer = Answer {
            status: status.ok_or_else(broken)?,
            head,
            body: String::new(),
        };
        let length: Option<usize> = answer.header("content-length").parse().ok();
        let mut body = bytes.split_off(end + 4);
        while length.is_none_or(|length| body.len() < length) {
            if more(&mut body)? == 0 {
                break;
            }
        }
        if length.is_some_and(|length| body.len() != length) {
            return Err(broken());
        }
        answer.body = String::from_utf8_lossy(&body).into_owned();
        Ok(answer)
    }
}

/// One request to a port of this computer, with this `Host` header.
pub fn request_as(
    host: &str,
    port: u16,
    method: &str,
    target: &str,
    body: &str,
    patience: Duration,
) -> io::Result<Answer> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect_timeout(&address, patience)?;
    stream.set_read_timeout(Some(patience))?;
    stream.set_write_timeout(Some(patience))?;
    let length = body.len();
    let head = format!(
        "{method} {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\
         Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
    );
    stream.write_all(head.as_bytes())?;
    Answer::read(&mut stream)
}

pub fn request(
    port: u16,
    method: &str,
    target: &str,
    body: &str,
    patience: Duration,
) -> io::Result<Answer> {
    let host = format!("127.0.0.1:{port}");
    request_as(&host, port, method, target, body, patience)
}

/// A visit as a browser makes it.
pub fn get(port: u16, target: &str) -> io::Result<Answer> {
    request(port, "GET", target, "", Duration::from_secs(5))
}

/// Whether anybody listens there.
pub fn is_open(port: u16) -> bool {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    TcpStream::connect_timeout(&address, Duration::from_secs(1)).is_ok()
}

/// Whether the port is closed now or in a moment: a process that is being started elsewhere in these tests holds copies
/// of all sockets until it runs.
pub fn is_closed_soon(port: u16) -> bool {
    let until = Instant::now() + Duration::from_secs(1);
    while is_open(port) {
        if Instant::now() > until {
            return false;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    true
}
