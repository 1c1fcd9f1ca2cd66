//! Names and chart numbers compared: exact after Unicode case folding, as the patient search promises.

use unicode_normalization::UnicodeNormalization;

/// One form for all spellings that differ only in case or in how accents are composed. Character by character, so
/// that a Greek final sigma equals the other sigma; a dotless i stays itself, as in Unicode's default folding.
pub fn fold(text: &str) -> String {
    let composed = text.trim().nfc();
    let folded = composed.flat_map(|c| {
        let upper: Vec<char> = if c == 'ı' {
            vec![c]
        } else {
            c.to_uppercase().collect()
        };
        upper.into_iter().flat_map(char::to_lowercase)
    });
    folded.nfc().collect()
}

pub fn same(one: &str, other: &str) -> bool {
    fold(one) == fold(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_composition_do_not_matter() {
        assert!(same("ZOË", "zoe\u{308}"));
        assert!(same("Weiß", "WEISS"));
        assert!(same("ΟΔΥΣΣΕΥΣ", "οδυσσευς"));
        assert!(same("Łukasz", "łUKASZ"));
    }

    #[test]
    fn accents_and_order_do_matter() {
        assert!(!same("Zoe", "Zoë"));
        assert!(!same("Jan Petrov", "Petrov Jan"));
        assert!(!same("Işık", "isik"));
    }
}
