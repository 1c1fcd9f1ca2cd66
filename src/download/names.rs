//! File names that every Windows accepts.

use std::collections::HashMap;

/// The longest name kept, in bytes: folders of practice programs are deep, and old Windows stops at 260 characters.
const LONGEST: usize = 120;

const RESERVED: [&str; 6] = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"];

/// Whether Windows takes this for a device; its digits are superscripts too.
fn is_device(stem: &str) -> bool {
    let stem = stem.to_uppercase();
    let port = |name: &str| {
        let digit = stem.strip_prefix(name);
        digit.is_some_and(|digit| {
            let mut digits = digit.chars();
            matches!(digits.next(), Some('1'..='9' | '¹' | '²' | '³')) && digits.next().is_none()
        })
    };
    RESERVED.contains(&stem.as_str()) || port("COM") || port("LPT")
}

/// A name without folders, streams, devices, control characters or trailing dots; `fallback` when nothing is left.
pub fn safe(name: &str, fallback: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let cleaned: String = last
        .chars()
        .map(|c| {
            if c.is_control() || "<>:\"|?*".contains(c) || is_invisible(c) {
                '_'
            } else {
                c
            }
        })
        .collect();
    let cleaned = trim_end(cleaned.trim_start()).to_owned();
    let mut cleaned = if cleaned.is_empty() {
        fallback.to_owned()
    } else {
        cleaned
    };
    // "NUL.txt" is the device as well as "NUL", and so is "NUL .txt".
    let stem = cleaned.split('.').next().unwrap_or_default().trim_end();
    if is_device(stem) {
        cleaned.insert(0, '_');
    }
    shorten(&cleaned)
}

/// Characters that change how the rest of a name is shown.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Windows drops dots and spaces at a name's end, and people overlook other kinds of spaces there.
fn trim_end(name: &str) -> &str {
    name.trim_end_matches(|c: char| c == '.' || c.is_whitespace())
}

fn shorten(name: &str) -> String {
    if name.len() <= LONGEST {
        return name.to_owned();
    }
    let (stem, extension) = match name.rsplit_once('.') {
        Some((stem, extension)) if extension.len() <= 10 => (stem, format!(".{extension}")),
        _ => (name, String::new()),
    };
    let mut end = LONGEST - extension.len();
    while !stem.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}{extension}", trim_end(&stem[..end]))
}

/// The name, or one with a number behind it when `taken` has it already (letter case aside, as on Windows). With each
/// name, `taken` keeps the number to try next: an archive may hold thousands of one name.
pub fn unique(name: String, taken: &mut HashMap<String, u32>) -> String {
    let key = name.to_lowercase();
    let Some(mut number) = taken.get(&key).copied() else {
        taken.insert(key, 2);
        return name;
    };
    let (stem, extension) = match name.rsplit_once('.') {
        Some((stem, extension)) => (stem, format!(".{extension}")),
        None => (name.as_str(), String::new()),
    };
    loop {
        let candidate = format!("{stem} ({number}){extension}");
        number += 1;
        let own = candidate.to_lowercase();
        if !taken.contains_key(&own) {
            taken.insert(own, 2);
            taken.insert(key, number);
            return candidate;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_safe_on_windows() {
        for (name, expected) in [
            (
                "gallery_#77_penta_front_m.jpg",
                "gallery_#77_penta_front_m.jpg",
            ),
            ("../../etc/passwd", "passwd"),
            ("C:\\Windows\\x.dll", "x.dll"),
            ("a.stl:stream", "a.stl_stream"),
            ("nul", "_nul"),
            ("COM1.stl", "_COM1.stl"),
            ("aux .txt", "_aux .txt"),
            ("conin$", "_conin$"),
            ("LPT².stl", "_LPT².stl"),
            ("com10.stl", "com10.stl"),
            ("x. . .", "x"),
            ("x\u{202f}.", "x"),
            ("x.stl\u{a0}. ", "x.stl"),
            ("..", "file"),
            ("", "file"),
            ("a\u{0}b\u{7}.stl", "a_b_.stl"),
            ("evil\u{202e}lts.exe", "evil_lts.exe"),
            ("צילום_歯.jpg", "צילום_歯.jpg"),
        ] {
            assert_eq!(safe(name, "file"), expected);
        }
        let long = safe(&format!("{}.stl", "歯".repeat(200)), "file");
        assert!(long.len() <= LONGEST && long.ends_with(".stl"), "{long}");
        let cut = safe(&format!("{}\u{202f}x", "a".repeat(LONGEST - 3)), "file");
        assert_eq!(
            cut,
            "a".repeat(LONGEST - 3),
            "a space where the name was cut"
        );
    }

    #[test]
    fn two_files_never_share_a_name() {
        let mut taken = HashMap::new();
        assert_eq!(unique("a.stl".into(), &mut taken), "a.stl");
        assert_eq!(unique("A.STL".into(), &mut taken), "A (2).STL");
        assert_eq!(unique("a.stl".into(), &mut taken), "a (3).stl");
        assert_eq!(unique("a (2).stl".into(), &mut taken), "a (2) (2).stl");
    }
}
