//! Texts for arguments: right ones by the parameter's name, and all the wrong ones.
//!
//! Nothing here leads out of the computer or out of the scratch folder: URLs are loopback ones from a list, and bytes of
//! the fuzzer's choice can become neither an absolute path nor a URL.

use std::sync::LazyLock;

use crate::cast;
use crate::values::Bytes;

/// A word in many texts; no message of the library may repeat it.
pub const MARK: &str = "zebra";

const MEGABYTE: usize = 1 << 20;

pub static LONG_TEXTS: LazyLock<[Vec<u8>; 2]> = LazyLock::new(|| {
    let mut plain = vec![b'a'; MEGABYTE];
    plain.push(0);
    let mut umlauts = "ä".repeat(MEGABYTE / 2).into_bytes();
    umlauts.push(0);
    [plain, umlauts]
});

const BROKEN: [&[u8]; 6] = [
    b"\xff\xfe\0",
    b"M\xfcller\0",
    b"a\xe2\x82\0",
    b"\xc0\xaf\0",
    b"\xed\xa0\x80\0",
    b"\xf4\x90\x80\x80\0",
];

const COMMON: [&str; 24] = [
    "zebra-quince",
    "",
    " ",
    "30417",
    "51902",
    "7001",
    "102",
    "Maria",
    "Gonzalez Ferreira",
    "10023",
    "2026-03-31",
    "2026-03-31T10:00:00Z",
    "03/31/2026",
    "2026-02-30",
    "practice",
    "orders",
    "scanRequest",
    "token",
    "F",
    "11",
    "\r\n%s%n{}\u{7}",
    "Zoe\u{308} O'Meara-van der Berg \u{6b6f}\u{202e}",
    "{\"rxId\":\"zebra\",\"accountNumber\":30417}",
    "{\"rxId\":{\"rxId\":[[[[{}]]]]}}",
];

const URL_TAILS: [&str; 9] = [
    "",
    "/",
    "/callback",
    "/callback?code=zebra&state=zebra",
    "/callback?error=access_denied&error_description=zebra",
    "/x/{rxId}/{orderId}",
    "/{",
    "/#zebra",
    "/?a=%zz&b=%00",
];

fn is_path(name: &str) -> bool {
    ["path", "folder", "file", "program", "store"]
        .iter()
        .any(|word| name.contains(word))
        && !name.ends_with("_id")
}

fn is_url(name: &str) -> bool {
    ["url", "page", "base", "proxy", "domain", "endpoint", "host"]
        .iter()
        .any(|word| name.contains(word))
}

fn path(bytes: &mut Bytes) -> Vec<u8> {
    let scratch = cast::scratch().display();
    match bytes.next() % 6 {
        0 => format!("{scratch}/a"),
        1 => format!("{scratch}/b/c"),
        2 => format!("{scratch}/d/zebra"),
        3 => format!("{scratch}/{}", "x".repeat(300)),
        4 => "relative/zebra".to_owned(),
        _ => String::new(),
    }
    .into_bytes()
}

fn url(bytes: &mut Bytes) -> Vec<u8> {
    let base = match bytes.next() % 4 {
        0 => cast::sandbox().addresses().base_url.clone(),
        1 => "none".to_owned(),
        2 => "https://127.0.0.1:9".to_owned(),
        _ => cast::CLOSED_PORT.to_owned(),
    };
    let tail = URL_TAILS[usize::from(bytes.next()) % URL_TAILS.len()];
    (base + tail).into_bytes()
}

/// The fuzzer's own bytes, made harmless.
fn own(bytes: &mut Bytes, name: &str) -> Vec<u8> {
    let length = usize::from(bytes.next() % 64);
    let mut text = bytes.take(length);
    for at in 0..text.len() {
        let leads_out = text[at] == 0
            || at == 0 && matches!(text[at], b'/' | b'\\')
            || text[at] == b'.' && at > 0 && text[at - 1] == b'.'
            || text[at] == b':' && (is_url(name) || is_path(name));
        if leads_out {
            text[at] = b'_';
        }
    }
    text
}

/// A text for a parameter, with its NUL; `None` is NULL.
pub fn choose(bytes: &mut Bytes, name: &str) -> Option<Vec<u8>> {
    let mut text = match bytes.next() % 16 {
        0 => return None,
        1 => BROKEN[usize::from(bytes.next()) % BROKEN.len()].to_vec(),
        2 => {
            // Just short enough, and just too long.
            let length = (64 << 10) - 1 + usize::from(bytes.next() % 3);
            vec![b'b'; length]
        }
        3..=5 => own(bytes, name),
        _ if is_path(name) => path(bytes),
        _ if is_url(name) => url(bytes),
        6 | 7 => bytes.pick(&cast::ids()).into_bytes(),
        _ => COMMON[usize::from(bytes.next()) % COMMON.len()]
            .as_bytes()
            .to_vec(),
    };
    text.push(0);
    Some(text)
}

/// Whether a message repeats what was passed.
pub fn repeats(message: &str) -> bool {
    message.contains(MARK) || message.contains("aaaaaaaa") || message.contains("bbbbbbbb")
}
