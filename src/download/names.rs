//! File names that every Windows accepts.

/// The longest name kept, in bytes: folders of practice programs are deep, and old Windows stops at 260 characters.
const LONGEST: usize = 120;

const RESERVED: [&str; 22] = [
    "CON", "PRN", "AUX", "NUL", "COM1", "COM2", "COM3", "COM4", "COM5", "COM6", "COM7", "COM8",
    "COM9", "LPT1", "LPT2", "LPT3", "LPT4", "LPT5", "LPT6", "LPT7", "LPT8", "LPT9",
];

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
    let cleaned = cleaned.trim().trim_end_matches(['.', ' ']).to_owned();
    let mut cleaned = if cleaned.is_empty() {
        fallback.to_owned()
    } else {
        cleaned
    };
    // "NUL.txt" is the device as well as "NUL", and so is "NUL .txt".
    let stem = cleaned.split('.').next().unwrap_or_default().trim_end();
    if RESERVED
        .iter()
        .any(|reserved| reserved.eq_ignore_ascii_case(stem))
    {
        cleaned.insert(0, '_');
    }
    shorten(&cleaned)
}

/// Characters that change how the rest of a name is shown.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
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
    format!("{}{extension}", stem[..end].trim_end_matches(['.', ' ']))
}

/// The name, or one with a number behind it when `taken` has it already (letter case aside, as on Windows).
pub fn unique(name: String, taken: &mut Vec<String>) -> String {
    let (stem, extension) = match name.rsplit_once('.') {
        Some((stem, extension)) => (stem.to_owned(), format!(".{extension}")),
        None => (name.clone(), String::new()),
    };
    let mut candidate = name;
    let mut number = 2;
    while taken.contains(&candidate.to_lowercase()) {
        candidate = format!("{stem} ({number}){extension}");
        number += 1;
    }
    taken.push(candidate.to_lowercase());
    candidate
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
            ("x. . .", "x"),
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
    }

    #[test]
    fn two_files_never_share_a_name() {
        let mut taken = Vec::new();
        assert_eq!(unique("a.stl".into(), &mut taken), "a.stl");
        assert_eq!(unique("A.STL".into(), &mut taken), "A (2).STL");
        assert_eq!(unique("a.stl".into(), &mut taken), "a (3).stl");
    }
}
