//! Programs that work in a Windows code page, or have wide text alone.

use std::ffi::{CStr, CString, c_char};
use std::ptr::null_mut;

use itero::ffi::*;

use crate::host::*;

/// A client of a program that writes in this code page, paired.
fn ansi(sandbox: &itero::sandbox::Sandbox, code_page: i32) -> Client {
    let config = config(sandbox, V2);
    outcome(itero_config_set_text_encoding(config.at, code_page)).unwrap();
    let client = Client::of(&config);
    client.sign_in(sandbox, ADA).unwrap();
    client.pair(HARBOR, None).unwrap();
    client
}

fn search(client: &Client, first: &[u8], last: &[u8]) -> Outcome<Owned<itero_patients>> {
    let (first, last) = (CString::new(first).unwrap(), CString::new(last).unwrap());
    take(itero_patients_free, |at| unsafe {
        let none = std::ptr::null();
        itero_patients_search(client.at(), first.as_ptr(), last.as_ptr(), none, at)
    })
}

fn bytes(text: *const c_char) -> Vec<u8> {
    unsafe { CStr::from_ptr(text) }.to_bytes().to_vec()
}

#[test]
fn names_arrive_in_the_programs_own_code_page() {
    let sandbox = small_sandbox();
    for (code_page, first, last) in [
        (1250, &b"Zo\xeb"[..], &b"M\xfcller-\xa3ukasz"[..]),
        (1254, b"Aylin", b"Y\xfdld\xfdz"),
        (1255, b"\xf0\xe5\xf2\xe4", b"\xe1\xef-\xe3\xe5\xe3"),
        (932, b"\x82\xb3\x82\xad\x82\xe7", b"\x8eR\x96{"),
        (0, "Zoë".as_bytes(), "Müller-Łukasz".as_bytes()),
    ] {
        let client = ansi(&sandbox, code_page);
        let found = search(&client, first, last).unwrap();
        assert_eq!(itero_patients_count(found.at), 1, "{code_page}");
        let shown = itero_patients_first_name(found.at, 0);
        assert_eq!(bytes(shown), first, "{code_page}");
        assert_eq!(bytes(itero_patients_last_name(found.at, 0)), last);
        // The text lives as long as the table, however often it is asked for and whatever becomes of the client.
        assert_eq!(itero_patients_first_name(found.at, 0), shown);
        drop(client);
        assert_eq!(bytes(shown), first);
    }
}

#[test]
fn what_the_code_page_lacks_is_an_error_and_never_a_question_mark() {
    let sandbox = small_sandbox();
    let client = ansi(&sandbox, 1252);
    let found = search(&client, b"Zo\xeb", b"").unwrap();
    assert_eq!(bytes(itero_patients_first_name(found.at, 0)), b"Zo\xeb");
    assert_eq!(bytes(itero_patients_last_name(found.at, 0)), b"");
    let failure = outcome(itero_last_error_status()).unwrap_err();
    assert_eq!(failure.status, ITERO_E_TEXT);
    assert_eq!(failure.operation, "itero_patients_last_name");
    assert!(failure.message.contains("code page 1252"), "{failure:?}");
    assert!(!failure.message.contains("ukasz"), "{failure:?}");
    // JSON can say it in ASCII.
    let json = bytes(itero_patients_json(found.at));
    assert!(json.is_ascii());
    let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
    assert_eq!(json["patients"][0]["lastName"], "Müller-Łukasz");

    let client = ansi(&sandbox, 932);
    let failure = search(&client, b"\x81", b"").err().unwrap();
    assert_eq!(failure.status, ITERO_E_TEXT);
    assert!(
        failure
            .message
            .contains("first_name is not text of code page 932"),
        "{failure:?}"
    );
}

#[test]
fn a_scan_request_in_ansi_is_the_patient_that_was_meant() {
    let sandbox = small_sandbox();
    let client = ansi(&sandbox, 1252);
    let request = request("placeholder", "placeholder", "90210");
    outcome(itero_scan_request_set_text_encoding(request.at, 1252)).unwrap();
    let set = |set: unsafe extern "C" fn(*mut itero_scan_request, *const c_char) -> i32,
               text: &[u8]| {
        let text = CString::new(text).unwrap();
        outcome(unsafe { set(request.at, text.as_ptr()) }).unwrap();
    };
    set(itero_scan_request_set_patient_first_name, b"Ren\xe9e");
    set(itero_scan_request_set_patient_last_name, b"Gro\xdfmann");
    client.send(&request).unwrap();
    let utf8 = Client::paired(&sandbox, V2, HARBOR);
    let found = utf8.search("Renée", "Großmann", "90210").unwrap();
    assert_eq!(names(&found), ["Renée Großmann"]);

    // Without its code page the same text is refused, with what to do.
    outcome(itero_scan_request_set_text_encoding(request.at, 0)).unwrap();
    let text = CString::new(&b"Gro\xdfmann"[..]).unwrap();
    let status = unsafe { itero_scan_request_set_patient_last_name(request.at, text.as_ptr()) };
    let failure = outcome(status).unwrap_err();
    assert_eq!(failure.status, ITERO_E_TEXT);
    assert!(
        failure.advice.contains("itero_config_set_text_encoding"),
        "{failure:?}"
    );
}

#[test]
fn callbacks_and_queries_speak_the_code_page_too() {
    let sandbox = small_sandbox();
    let client = ansi(&sandbox, 1254);
    let query = take(itero_order_query_free, |at| unsafe {
        itero_order_query_new(at)
    })
    .unwrap();
    outcome(itero_order_query_set_text_encoding(query.at, 1254)).unwrap();
    let chart = CString::new(&b"\xdd-1"[..]).unwrap();
    outcome(unsafe { itero_order_query_set_chart_number(query.at, chart.as_ptr()) }).unwrap();
    let orders = take(itero_orders_free, |at| unsafe {
        itero_orders_list(client.at(), query.at, at)
    })
    .unwrap();
    assert_eq!(itero_orders_count(orders.at), 0);

    extern "C" fn look(user: *mut std::ffi::c_void, matches: *const itero_matches) -> i32 {
        let seen = unsafe { &mut *user.cast::<Vec<u8>>() };
        seen.extend(bytes(itero_matches_last_name(matches, 0)));
        ITERO_PUSH_STOP
    }
    let mut seen: Vec<u8> = Vec::new();
    let request = request("Ayse", "Yıldız", "10031/A #2");
    let pushed = take(itero_rx_free, |at| unsafe {
        let user = (&raw mut seen).cast();
        itero_rx_push(
            client.at(),
            request.at,
            ITERO_PUSH_ASK,
            Some(look),
            user,
            at,
        )
    });
    assert_eq!(pushed.err().unwrap().status, ITERO_E_CANCELLED);
    assert_eq!(seen, b"Y\xfdld\xfdz");
}

#[test]
fn only_known_code_pages_are_taken() {
    let config = take(itero_config_free, |at| unsafe { itero_config_new(at) }).unwrap();
    for known in [
        0, 65001, 874, 932, 936, 949, 950, 1250, 1251, 1252, 1253, 1254, 1255, 1256, 1257, 1258,
    ] {
        outcome(itero_config_set_text_encoding(config.at, known)).unwrap();
    }
    for unknown in [-1, 1, 437, 850, 1259, 1200, i32::MAX, i32::MIN] {
        let failure = outcome(itero_config_set_text_encoding(config.at, unknown)).unwrap_err();
        assert_eq!(failure.status, ITERO_E_ARGUMENT);
        assert!(failure.message.contains("1250 to 1258"), "{failure:?}");
    }
}

#[test]
fn wide_text_goes_there_and_back() {
    for name in ["", "Zoë", "נועה בן-דוד", "山本さくら", "𝔷 🦷"] {
        let mut wide = [0xffff_u16; 64];
        let mut length = -1;
        let text = c(name);
        unsafe {
            outcome(itero_text_to_utf16(
                text.as_ptr(),
                null_mut(),
                0,
                &mut length,
            ))
            .unwrap();
            assert_eq!(length as usize, name.encode_utf16().count());
            // Exactly enough room, and one unit too little.
            let status = itero_text_to_utf16(text.as_ptr(), wide.as_mut_ptr(), length, null_mut());
            assert!(
                outcome(status)
                    .unwrap_err()
                    .message
                    .contains(&format!("needs {}", length + 1))
            );
            assert_eq!(wide, [0xffff; 64], "nothing is written on failure");
            let room = length + 1;
            outcome(itero_text_to_utf16(
                text.as_ptr(),
                wide.as_mut_ptr(),
                room,
                &mut length,
            ))
            .unwrap();
        }
        assert_eq!(String::from_utf16(&wide[..length as usize]).unwrap(), name);
        assert_eq!(wide[length as usize], 0);
        assert_eq!(wide[length as usize + 1], 0xffff);

        for wide_length in [length, -1] {
            let mut back = [0x7f_u8; 128];
            let mut bytes = -1;
            outcome(unsafe {
                itero_text_from_utf16(
                    wide.as_ptr(),
                    wide_length,
                    back.as_mut_ptr().cast(),
                    128,
                    &mut bytes,
                )
            })
            .unwrap();
            assert_eq!(&back[..bytes as usize], name.as_bytes());
            assert_eq!(back[bytes as usize..bytes as usize + 2], [0, 0x7f]);
        }
    }
}

#[test]
fn bad_wide_text_is_refused() {
    let mut room = [0_u8; 16];
    let mut try_it = |wide: &[u16], length: i32| {
        let buffer = room.as_mut_ptr().cast();
        outcome(unsafe { itero_text_from_utf16(wide.as_ptr(), length, buffer, 16, null_mut()) })
    };
    assert_eq!(try_it(&[0xd800, 0], -1).unwrap_err().status, ITERO_E_TEXT);
    assert_eq!(
        try_it(&[0xdc00, 0x41, 0], 2).unwrap_err().status,
        ITERO_E_TEXT
    );
    assert_eq!(
        try_it(&[0x41, 0, 0x42], 3).unwrap_err().status,
        ITERO_E_TEXT
    );
    assert_eq!(try_it(&[0x41, 0], -2).unwrap_err().status, ITERO_E_ARGUMENT);
    assert_eq!(
        try_it(&[0x41; 20], 20).unwrap_err().status,
        ITERO_E_ARGUMENT
    );
    assert_eq!(
        try_it(&[0x41; 70_000], -1).unwrap_err().status,
        ITERO_E_ARGUMENT
    );
    assert_eq!(
        try_it(&[0x41; 70_000], 70_000).unwrap_err().status,
        ITERO_E_ARGUMENT
    );
}

#[test]
fn paths_in_a_code_page_become_utf_8() {
    let mut path = [0_u8; 64];
    let mut length = 0;
    let ansi = CString::new(&b"C:\\R\xf6ntgen\\\x80"[..]).unwrap();
    let room = path.as_mut_ptr().cast();
    outcome(unsafe { itero_text_from_code_page(ansi.as_ptr(), 1252, room, 64, &mut length) })
        .unwrap();
    assert_eq!(&path[..length as usize], "C:\\Röntgen\\€".as_bytes());
    let mut back = [0_u8; 64];
    let room = back.as_mut_ptr().cast();
    outcome(unsafe { itero_text_to_code_page(path.as_ptr().cast(), 1252, room, 64, &mut length) })
        .unwrap();
    assert_eq!(&back[..length as usize], ansi.as_bytes());
    let status =
        unsafe { itero_text_to_code_page(path.as_ptr().cast(), 1253, room, 64, null_mut()) };
    assert_eq!(outcome(status).unwrap_err().status, ITERO_E_TEXT);
    let status =
        unsafe { itero_text_to_code_page(path.as_ptr().cast(), 437, room, 64, null_mut()) };
    assert_eq!(outcome(status).unwrap_err().status, ITERO_E_ARGUMENT);
}
