//! The tables of encoding_rs.

use encoding_rs::Encoding;

fn encoding(code_page: i32) -> Option<&'static Encoding> {
    Some(match code_page {
        874 => encoding_rs::WINDOWS_874,
        932 => encoding_rs::SHIFT_JIS,
        936 => encoding_rs::GBK,
        949 => encoding_rs::EUC_KR,
        950 => encoding_rs::BIG5,
        1250 => encoding_rs::WINDOWS_1250,
        1251 => encoding_rs::WINDOWS_1251,
        1252 => encoding_rs::WINDOWS_1252,
        1253 => encoding_rs::WINDOWS_1253,
        1254 => encoding_rs::WINDOWS_1254,
        1255 => encoding_rs::WINDOWS_1255,
        1256 => encoding_rs::WINDOWS_1256,
        1257 => encoding_rs::WINDOWS_1257,
        1258 => encoding_rs::WINDOWS_1258,
        _ => return None,
    })
}

pub fn decode(code_page: i32, bytes: &[u8]) -> Option<String> {
    encoding(code_page)?
        .decode_without_bom_handling_and_without_replacement(bytes)
        .map(std::borrow::Cow::into_owned)
}

pub fn encode(code_page: i32, text: &str) -> Option<Vec<u8>> {
    let (bytes, _, lacking) = encoding(code_page)?.encode(text);
    (!lacking).then(|| bytes.into_owned())
}
