//! Letters: case, accents, and the two ways in which accents are written out (ü as u and as ue).

use unicode_normalization::UnicodeNormalization;

use super::{DIACRITICS, Permutation};

/// What is compared: one Unicode form, no difference of case or of the number of spaces.
pub fn key(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").nfc().collect::<String>().to_lowercase()
}

pub fn is_same(one: &str, other: &str) -> bool {
    key(one) == key(other)
}

/// Accents that stand above, below or through a letter, points of Hebrew and Arabic included.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5bd}' | '\u{5bf}'..='\u{5c7}' | '\u{64b}'..='\u{652}')
}

/// Letters that don't come apart in Unicode's decomposition.
fn base(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' => "ss",
        'ẞ' => "SS",
        'ø' => "o",
        'Ø' => "O",
        'ł' => "l",
        'Ł' => "L",
        'ı' => "i",
        'đ' | 'ð' => "d",
        'Đ' | 'Ð' => "D",
        'þ' => "th",
        'Þ' => "Th",
        'æ' => "ae",
        'Æ' => "Ae",
        'œ' => "oe",
        'Œ' => "Oe",
        'ħ' => "h",
        'Ħ' => "H",
        'ə' => "e",
        _ => return None,
    })
}

/// Without accents: ü as u.
pub fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.nfd().filter(|c| !is_mark(*c)) {
        match base(c) {
            Some(letters) => out.push_str(letters),
            None => out.push(c),
        }
    }
    out.nfc().collect()
}

/// Accents written out: ü as ue, ø as oe, å as aa.
fn written_out(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 4);
    for c in text.nfc() {
        out.push_str(match c {
            'ä' => "ae",
            'Ä' => "Ae",
            'ö' | 'ø' => "oe",
            'Ö' | 'Ø' => "Oe",
            'ü' => "ue",
            'Ü' => "Ue",
            'å' => "aa",
            'Å' => "Aa",
            _ => {
                out.push(c);
                continue;
            }
        });
    }
    plain(&out)
}

/// The other way around: ue as ü. Many names have these letters by chance, so it comes late.
fn written_in(text: &str) -> String {
    let mut out = text.to_owned();
    for (two, one) in [
        ("ae", "ä"),
        ("oe", "ö"),
        ("ue", "ü"),
        ("Ae", "Ä"),
        ("Oe", "Ö"),
        ("Ue", "Ü"),
    ] {
        out = out.replace(two, one);
    }
    out
}

/// The same way to write the name without its accents: in both fields, and in one of them.
pub(super) fn without_accents(way: &Permutation, found: &mut Vec<Permutation>) {
    let (first, last) = (&way.first, &way.last);
    for (first, last, cost) in [
        (plain(first), plain(last), 1),
        (written_out(first), written_out(last), 1),
        (plain(first), last.clone(), 2),
        (first.clone(), plain(last), 2),
        (first.clone(), written_out(last), 2),
        (written_in(first), written_in(last), 3),
        (first.clone(), written_in(last), 3),
    ] {
        if first != way.first || last != way.last {
            found.push(Permutation {
                first,
                last,
                reason: way.reason | DIACRITICS,
                cost: way.cost + cost,
            });
        }
    }
}
