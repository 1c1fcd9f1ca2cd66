//! Serves lists of orders of any length from memory, so that reading them is what takes the time.
//!
//!     pages FILE...                 prints its port and serves until its input ends
//!
//! Each FILE holds one page's orders as a JSON list. `GET /{count}/orders?pageToken=k` answers with page k of a list of
//! `count` pages, which takes the files in turn.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

/// The number after `mark`, 0 when there is none.
fn number(text: &str, mark: &str) -> usize {
    let digits = text.split_once(mark).map_or("", |(_, rest)| rest);
    let end = digits
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(digits.len());
    digits[..end].parse().unwrap_or(0)
}

fn answer(stream: &mut TcpStream, pages: &[Vec<u8>], request: &str) -> io::Result<()> {
    let (count, page) = (number(request, "/"), number(request, "pageToken="));
    let next = match page + 1 < count {
        true => format!(",\"nextPageToken\":\"{}\"}}", page + 1),
        false => "}".to_owned(),
    };
    let (start, orders) = ("{\"orders\":", &pages[page % pages.len()]);
    let length = start.len() + orders.len() + next.len();
    let mut whole = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{start}"
    )
    .into_bytes();
    whole.extend_from_slice(orders);
    whole.extend_from_slice(next.as_bytes());
    stream.write_all(&whole)
}

fn serve(mut stream: TcpStream, pages: &[Vec<u8>]) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    while let Some(request) = lines.next() {
        let request = request?;
        for line in lines.by_ref() {
            if line?.is_empty() {
                break;
            }
        }
        answer(&mut stream, pages, &request)?;
    }
    Ok(())
}

fn main() -> io::Result<()> {
    let read = |path| std::fs::read(path);
    let pages: Arc<Vec<Vec<u8>>> = Arc::new(
        std::env::args()
            .skip(1)
            .map(read)
            .collect::<io::Result<_>>()?,
    );
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    println!("{}", listener.local_addr()?.port());
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let pages = pages.clone();
            // A client that goes away in mid-answer is none of this server's trouble.
            thread::spawn(move || drop(serve(stream, &pages)));
        }
    });
    io::copy(&mut io::stdin(), &mut io::sink()).map(drop)
}
