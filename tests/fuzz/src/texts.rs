//! Texts for arguments: right ones by the parameter's name, and all the wrong ones.
//!
//! Nothing here leads out of the computer or out of the scratch folder: URLs are loopback ones from a list, and bytes of
//! the fuzzer's choice can become neither an absolute path nor a URL.

use std::ffi::c_void;
use std::sync::LazyLock;

use crate::cast;
use crate::values::Choices;

/// A word in many texts; no message of the library may repeat it.
pub const MARK: &str = "zebra";

const MEGABYTE: usize = 1 << 20;

/// A megabyte; just short enough for a text, and just too long.
static LONG: LazyLock<[Vec<u8>; 5]> = LazyLock::new(|| {
    [
        vec![b'a'; MEGABYTE],
        "ä".repeat(MEGABYTE / 2).into_bytes(),
        vec![b'b'; (64 << 10) - 1],
        vec![b'b'; 64 << 10],
        vec![b'b'; (64 << 10) + 1],
    ]
    .map(|mut text| {
        text.push(0);
        text
    })
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

/// What a parameter of this name wants to hear.
const RIGHT: [(&str, &str); 17] = [
    ("account_id", "30417"),
    ("doctor_id", "7001"),
    ("procedure_map_id", "102"),
    ("first_name", "Maria"),
    ("last_name", "Gonzalez Ferreira"),
    ("chart_number", "10023"),
    ("patient_birth_date", "1990-02-28"),
    ("patient_gender", "F"),
    ("due_date", "2036-05-31"),
    ("from", "2026-03-31"),
    ("since", "2026-03-31"),
    ("to", "2036-04-30"),
    ("tooth_number", "11"),
    ("version", "1.0"),
    ("name", "token"),
    ("domain", "zebra.example.com"),
    ("body", "{\"rxId\":\"zebra\",\"accountNumber\":30417}"),
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
    ["url", "page", "base", "proxy", "endpoint", "host"]
        .iter()
        .any(|word| name.contains(word))
}

fn path(choices: &mut Choices) -> String {
    let scratch = cast::scratch().display();
    match choices.next() % 6 {
        0 => format!("{scratch}/a"),
        1 => format!("{scratch}/b/c"),
        2 => format!("{scratch}/d/zebra"),
        3 => format!("{scratch}/{}", "x".repeat(300)),
        4 => "relative/zebra".to_owned(),
        _ => String::new(),
    }
}

fn url(choices: &mut Choices) -> String {
    let base = match choices.next() % 4 {
        0 => cast::sandbox_url(),
        1 => "none",
        2 => "https://127.0.0.1:9",
        _ => cast::CLOSED_PORT,
    };
    format!("{base}{}", choices.of(&URL_TAILS))
}

fn right(choices: &mut Choices, name: &str) -> String {
    if is_path(name) {
        return path(choices);
    }
    if is_url(name) {
        return url(choices);
    }
    let known = cast::id(name).or_else(|| {
        let of_name = |(ending, _): &&(&str, &str)| name.ends_with(ending);
        RIGHT.iter().find(of_name).map(|(_, text)| *text)
    });
    known.unwrap_or("zebra-quince").to_owned()
}

/// Bytes of the fuzzer's choice, made harmless.
fn own(choices: &mut Choices, name: &str) -> Vec<u8> {
    let length = usize::from(choices.next() % 64);
    let mut text: Vec<u8> = (0..length).map(|_| choices.next()).collect();
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

/// A text for a parameter, NULL or one with its NUL, which lives as long as `kept`.
pub fn choose(choices: &mut Choices, name: &str, kept: &mut Vec<Vec<u8>>) -> *mut c_void {
    let choice = choices.next();
    let mut text = match choice % 16 {
        15 => return std::ptr::null_mut(),
        14 => return choices.of(&BROKEN).as_ptr().cast_mut().cast(),
        13 if choice > 200 => return choices.of(&*LONG).as_ptr().cast_mut().cast(),
        11..=13 => own(choices, name),
        // A path or a URL of the common texts would lead out.
        8..=10 if !is_path(name) && !is_url(name) => choices.of(&COMMON).as_bytes().to_vec(),
        7 if !is_path(name) && !is_url(name) => right(choices, "rx_id").into_bytes(),
        _ => right(choices, name).into_bytes(),
    };
    text.push(0);
    kept.push(text);
    kept.last()
        .map_or(std::ptr::null_mut(), |text| text.as_ptr().cast_mut().cast())
}

/// So many units of UTF-16 with a NUL behind them, at an odd address; NULL now and then.
pub fn units(count: usize, choices: &mut Choices, kept: &mut Vec<Vec<u8>>) -> *mut c_void {
    if choices.next() == 255 {
        return std::ptr::null_mut();
    }
    let mut bytes = vec![0];
    for _ in 0..count {
        // Letters, halves of surrogate pairs, and anything.
        let unit = match choices.next() {
            byte if byte < 128 => 0x40 + u16::from(byte),
            byte if byte < 192 => 0xd800 + (u16::from(byte) << 4),
            byte => u16::from(byte) << 8 | u16::from(choices.next()),
        };
        bytes.extend(unit.to_ne_bytes());
    }
    bytes.extend([0, 0]);
    kept.push(bytes);
    kept.last().map_or(std::ptr::null_mut(), |bytes| {
        bytes[1..].as_ptr().cast_mut().cast()
    })
}

/// Whether a message repeats what was passed.
pub fn repeats(message: &str) -> bool {
    message.contains(MARK) || message.contains("aaaaaaaa") || message.contains("bbbbbbbb")
}
