//! The file host: links, ranges, tags.

use super::*;
use std::time::Duration;

fn file_of(peer: &Peer) -> Value {
    let rx = peer.new_rx();
    peer.sandbox.scan(&rx).expect("an order");
    peer.get(&peer.v1(&format!("/orders/rx/{rx}"))).json()["files"][0].clone()
}

#[test]
fn ranges_and_tags() {
    let peer = Peer::paired(small());
    let file = file_of(&peer);
    let url = text(&file["url"]);
    assert!(url.contains("gallery_%231.jpg"), "{url}");
    let get = |headers: &[(&str, &str)]| {
        let request = headers
            .iter()
            .fold(peer.http.get(&url), |request, (name, value)| {
                request.header(*name, *value)
            });
        peer.ask(request)
    };
    let whole = get(&[]);
    assert_eq!(
        (
            whole.status,
            whole.header("content-length"),
            whole.header("accept-ranges")
        ),
        (200, "10", "bytes")
    );
    let tag = whole.header("etag").to_owned();
    assert_eq!(tag, format!("\"{}\"", text(&file["sha256"])));
    assert_eq!(file["etag"], tag.as_str());

    let tail = get(&[("range", "bytes=4-")]);
    assert_eq!(
        (
            tail.status,
            tail.header("content-range"),
            tail.bytes.as_slice()
        ),
        (206, "bytes 4-9/10", &b"456789"[..])
    );
    assert_eq!(
        get(&[("range", "bytes=4-"), ("if-range", &tag)]).status,
        206
    );
    let changed = get(&[("range", "bytes=4-"), ("if-range", "\"other\"")]);
    assert_eq!((changed.status, changed.bytes.len()), (200, 10));
    let weak = format!("W/{tag}");
    assert_eq!(
        get(&[("range", "bytes=4-"), ("if-range", &weak)]).status,
        200
    );
    let beyond = get(&[("range", "bytes=10-")]);
    assert_eq!(
        (beyond.status, beyond.header("content-range")),
        (416, "bytes */10")
    );
    assert_eq!(beyond.code(), "RangeNotSatisfiable");
    let head = peer.ask(peer.http.head(&url));
    assert_eq!(
        (head.status, head.header("content-length"), head.bytes.len()),
        (200, "10", 0)
    );
}

#[test]
fn links_are_signed_and_refuse_bearers() {
    let peer = Peer::paired(small());
    let url = text(&file_of(&peer)["url"]);
    let status = |url: &str| peer.ask(peer.http.get(url)).status;
    assert_eq!(status(&url), 200);
    let later = format!("{}9", query(&url, "expires").expect("a time"));
    let longer = url.replace(&query(&url, "expires").expect("a time"), &later);
    assert_eq!(status(&longer), 403, "a longer life isn't signed");
    assert_eq!(status(&url.replace("gallery", "other")), 403);
    assert_eq!(status(url.split('?').next().expect("a path")), 403);
    assert_eq!(peer.get(&url).status, 400, "with an Authorization header");
    let counters = peer.sandbox.counters();
    assert_eq!(
        (counters.bearer_on_file_host, counters.requests["file"]),
        (1, 5)
    );
}

#[test]
fn links_expire_and_fresh_ones_work() {
    let peer = Peer::paired(Options {
        url_life: Duration::from_millis(300),
        ..small()
    });
    let rx = peer.new_rx();
    let order = peer.sandbox.scan(&rx).expect("an order");
    let files = peer.v1(&format!("/orders/{order}/files"));
    let link = || text(&peer.get(&files).json()["files"][0]["url"]);
    let old = link();
    std::thread::sleep(Duration::from_millis(400));
    assert_eq!(peer.ask(peer.http.get(&old)).code(), "LinkExpired");
    assert_eq!(peer.ask(peer.http.get(link())).status, 200);
}

#[test]
fn generated_files_are_made_once_for_each_version() {
    let peer = Peer::paired(Options {
        triangles_per_arch: 500,
        ..Options::default()
    });
    let rx = peer.new_rx();
    peer.sandbox.scan(&rx).expect("an order");
    let list = || peer.get(&peer.v1(&format!("/orders/rx/{rx}"))).json()["files"].clone();
    let digests = |files: &Value| -> Vec<String> {
        files
            .as_array()
            .expect("files")
            .iter()
            .map(|file| text(&file["sha256"]))
            .collect()
    };
    let first = list();
    assert!(!digests(&first).is_empty());
    assert_eq!(digests(&first), digests(&list()));
    let bytes = peer.ask(peer.http.get(text(&first[0]["url"]))).bytes;
    assert_eq!(
        super::super::files::hex(&Sha256::digest(&bytes)),
        text(&first[0]["sha256"])
    );
    peer.sandbox.rescan(&rx).expect("a rescan");
    assert_ne!(digests(&first), digests(&list()));
}

#[test]
fn files_of_a_folder_with_links_through_something_in_front() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in [("b.stl", "mesh"), ("a.zip", "archive"), ("c", "other")] {
        std::fs::write(folder.path().join(name), text).expect("a file");
    }
    std::fs::create_dir(folder.path().join("d.stl")).expect("a folder");
    let peer = Peer::paired(Options {
        files: FileSource::folder(folder.path()).expect("files"),
        file_links: Some("http://127.0.0.1:9".to_owned()),
        ..Options::default()
    });
    let rx = peer.new_rx();
    peer.sandbox.scan(&rx).expect("an order");
    let order = peer.get(&peer.v1(&format!("/orders/rx/{rx}"))).json();
    let files: Vec<(String, String)> = order["files"]
        .as_array()
        .expect("files")
        .iter()
        .map(|file| (text(&file["name"]), text(&file["kind"])))
        .collect();
    let pairs = [("a.zip", "IDE"), ("b.stl", "STL"), ("c", "VIEWER")];
    assert_eq!(
        files,
        pairs.map(|(name, kind)| (name.to_owned(), kind.to_owned()))
    );
    let url = text(&order["files"][0]["url"]);
    let path = url.strip_prefix("http://127.0.0.1:9").expect("the link");
    let own = format!("{}{path}", peer.sandbox.addresses().file_host);
    assert_eq!(peer.ask(peer.http.get(own)).bytes, b"archive");
    assert!(FileSource::folder(&folder.path().join("missing")).is_err());
}
