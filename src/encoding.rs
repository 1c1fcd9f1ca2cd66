//! Text in the Windows code pages, for programs that were written before Unicode.
//!
//! On Windows the system converts: it is what wrote the host's text, and its tables weigh nothing in the DLL (those of
//! encoding_rs weigh 200 KB of the 3 MB it may have). Elsewhere, where such text comes from files and tests, encoding_rs
//! has the tables of the WHATWG's Encoding Standard, which follows what Windows does (its Big5 has a few letters more than
//! code page 950).

#[cfg_attr(windows, path = "encoding/system.rs")]
#[cfg_attr(not(windows), path = "encoding/tables.rs")]
mod tables;

use unicode_normalization::UnicodeNormalization;

use crate::error::{Error, Result};

/// A code page other than UTF-8.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CodePage {
    pub number: i32,
}

const KNOWN: [i32; 14] = [
    874, 932, 936, 949, 950, 1250, 1251, 1252, 1253, 1254, 1255, 1256, 1257, 1258,
];

/// The code page of a number; none for UTF-8, which has two: 0 and Windows' own 65001.
pub fn code_page(number: i32) -> Result<Option<CodePage>> {
    match number {
        0 | 65001 => Ok(None),
        _ if KNOWN.contains(&number) => Ok(Some(CodePage { number })),
        _ => Err(Error::argument(format!(
            "the code page {number} is none of 0 (UTF-8), 874, 932, 936, 949, 950 and 1250 to 1258"
        ))),
    }
}

impl CodePage {
    /// The text behind the bytes; none when they are not of this code page.
    pub fn decode(self, bytes: &[u8]) -> Option<String> {
        tables::decode(self.number, bytes)
    }

    /// The bytes of a text; none when this code page lacks one of its characters, however that is composed.
    pub fn encode(self, text: &str) -> Option<Vec<u8>> {
        self.exactly(text)
            .or_else(|| self.exactly(&text.nfc().collect::<String>()))
            .or_else(|| self.exactly(&self.tones_apart(text)))
    }

    fn exactly(self, text: &str) -> Option<Vec<u8>> {
        tables::encode(self.number, text)
    }

    /// The way of code page 1258, which has Vietnamese letters and tone marks, but not all letters with their tone.
    fn tones_apart(self, text: &str) -> String {
        let mut written = String::with_capacity(text.len());
        for character in text.nfc() {
            if self.exactly(character.encode_utf8(&mut [0; 4])).is_some() {
                written.push(character);
                continue;
            }
            let (tones, letter): (Vec<char>, Vec<char>) = std::iter::once(character)
                .nfd()
                .partition(|part| "\u{300}\u{301}\u{303}\u{309}\u{323}".contains(*part));
            written.extend(letter.into_iter().nfc().chain(tones));
        }
        written
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(number: i32) -> CodePage {
        code_page(number).unwrap().unwrap()
    }

    #[test]
    fn every_code_page_brings_its_own_names_back() {
        for (number, name, bytes) in [
            (874, "สมชาย", &b"\xca\xc1\xaa\xd2\xc2"[..]),
            (932, "山田 ﾊﾅｺ", b"\x8eR\x93c \xca\xc5\xba"),
            (936, "张伟", b"\xd5\xc5\xce\xb0"),
            (949, "김민준", b"\xb1\xe8\xb9\xce\xc1\xd8"),
            (950, "陳大文", b"\xb3\xaf\xa4j\xa4\xe5"),
            (1250, "Łukasz Żak", b"\xa3ukasz \xafak"),
            (1251, "Иван", b"\xc8\xe2\xe0\xed"),
            (1252, "Müller-Léger €", b"M\xfcller-L\xe9ger \x80"),
            (1253, "Νίκος", b"\xcd\xdf\xea\xef\xf2"),
            (1254, "Işık", b"I\xfe\xfdk"),
            (1255, "דוד", b"\xe3\xe5\xe3"),
            (1256, "محمد", b"\xe3\xcd\xe3\xcf"),
            (1257, "Jānis", b"J\xe2nis"),
            (1258, "Đặng", b"\xd0\xe3\xf2ng"),
        ] {
            assert_eq!(
                page(number).encode(name).as_deref(),
                Some(bytes),
                "{number}"
            );
            let back: String = page(number).decode(bytes).unwrap().nfc().collect();
            assert_eq!(back, name, "{number}");
        }
    }

    #[test]
    fn composition_is_no_reason_to_refuse() {
        assert_eq!(page(1252).encode("Mu\u{308}ller").unwrap(), b"M\xfcller");
        assert_eq!(page(1258).encode("Ti\u{1ebf}ng").unwrap(), b"Ti\xea\xecng");
    }

    #[test]
    fn nothing_is_replaced_in_silence() {
        assert_eq!(page(1252).encode("דוד"), None);
        assert_eq!(page(1258).encode("דוד"), None);
        assert_eq!(page(932).decode(b"\x81"), None);
        assert_eq!(page(874).decode(b"\xdb"), None);
        assert!(code_page(437).is_err());
        assert!(code_page(-1).is_err());
        assert_eq!(code_page(65001).unwrap(), None);
    }
}
