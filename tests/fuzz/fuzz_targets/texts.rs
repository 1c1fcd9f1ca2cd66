//! Texts that come from outside: redirect URLs and notification bodies through a host, names and heads of files from a
//! file server, and how long a service asks to wait.

#![no_main]

use std::ffi::CString;
use std::ptr::null_mut;
use std::sync::LazyLock;

use itero::ffi::*;
use itero::fuzzing::{self, FileAnswer};

const BASE: &std::ffi::CStr = c"http://127.0.0.1:9";

/// A sign-in that waits for its redirect URL, and the state that the URL must hold.
static LOGIN: LazyLock<(usize, String)> = LazyLock::new(|| {
    let (mut config, mut client, mut login) = (null_mut(), null_mut(), null_mut());
    // SAFETY: the texts end with a NUL, the places are there.
    unsafe {
        assert_eq!(itero_config_new(&mut config), ITERO_OK);
        for set in [
            itero_config_set_client_id,
            itero_config_set_login_page,
            itero_config_set_oauth_base,
            itero_config_set_base_url,
            itero_config_set_redirect_url,
        ] {
            assert_eq!(set(config, BASE.as_ptr()), ITERO_OK);
        }
        assert_eq!(itero_client_new(config, &mut client), ITERO_OK);
        assert_eq!(itero_login_begin(client, &mut login), ITERO_OK);
        let url = std::ffi::CStr::from_ptr(itero_login_url(login))
            .to_string_lossy()
            .into_owned();
        let state = url.split("state=").nth(1).unwrap_or_default();
        let state = state.split('&').next().unwrap_or_default().to_owned();
        (login.addr(), state)
    }
});

/// A file server's head, one field a line, for a file that may have been begun.
fn file_answer(text: &str) {
    let mut lines = text.split('\n').map(|line| line.trim_end_matches('\r'));
    let mut next = || lines.next().unwrap_or_default();
    let answer = FileAnswer {
        http_status: match next() {
            "" => 206,
            status => status.parse().unwrap_or(200),
        },
        content_range: next(),
        tag: next(),
        encoding: next(),
        length: next().parse().ok(),
        chunked: next() == "chunked",
    };
    let begun = next().parse().ok().map(|at: u64| (at, next()));
    let size = next().parse().ok();
    let Some((start, total)) = fuzzing::file_answer(&answer, begun, size) else {
        return;
    };
    assert!(
        matches!(answer.encoding, "" | "identity"),
        "compressed bytes"
    );
    if answer.http_status == 206 {
        let (at, tag) = begun.expect("a part that nobody asked for");
        assert_eq!(
            (start, answer.tag),
            (at, tag),
            "bytes of another place or version"
        );
        assert!(
            total.is_some_and(|total| start < total),
            "a part beyond the end"
        );
    } else {
        assert_eq!(
            (start, answer.http_status),
            (0, 200),
            "whole, and not from the start"
        );
    }
    assert!(
        size.is_none() || total == size,
        "another size than the list says"
    );
}

fn retry_after(text: &str) {
    let (value, date) = text.split_once('\n').unwrap_or((text, ""));
    let wait = fuzzing::retry_after(Some(value), Some(date).filter(|date| !date.is_empty()));
    if let Ok(seconds) = value.trim().parse::<u32>() {
        assert_eq!(wait.map(|wait| wait.as_secs()), Some(u64::from(seconds)));
    }
}

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    let Some((kind, rest)) = input.split_first() else {
        return;
    };
    let bytes: Vec<u8> = rest.iter().copied().filter(|byte| *byte != 0).collect();
    let Ok(text) = CString::new(bytes) else {
        return;
    };
    match kind % 5 {
        0 => {
            let mut notification = null_mut();
            // SAFETY: as above.
            unsafe {
                if itero_notification_parse(text.as_ptr(), &mut notification) == ITERO_OK {
                    assert!(
                        !std::ffi::CStr::from_ptr(itero_notification_rx_id(notification))
                            .is_empty()
                    );
                    assert_eq!(itero_notification_free(notification), ITERO_OK);
                }
            }
        }
        1 => {
            let (login, state) = &*LOGIN;
            let url = String::from_utf8_lossy(text.as_bytes());
            // A URL with the right state would spend it and ask the closed port.
            if url.contains(state.as_str()) {
                return;
            }
            let url = format!("http://127.0.0.1:9/{url}").replace('\0', "");
            let login = std::ptr::without_provenance_mut(*login);
            for url in [CString::new(url).unwrap_or_default(), text] {
                // SAFETY: as above.
                let status = unsafe { itero_login_complete(login, url.as_ptr()) };
                assert_ne!(status, ITERO_OK, "a redirect without the state signs in");
                assert_ne!(status, ITERO_E_PANIC);
            }
        }
        2 => file_answer(&text.to_string_lossy()),
        3 => retry_after(&text.to_string_lossy()),
        _ => {
            let name = fuzzing::safe_name(&String::from_utf8_lossy(text.as_bytes()));
            let wrong = name.is_empty()
                || name.len() > 255
                || name.ends_with(['.', ' '])
                || name
                    .chars()
                    .any(|c| c.is_control() || "<>:\"/\\|?*".contains(c));
            assert!(!wrong, "the name {name:?}");
            assert_eq!(fuzzing::safe_name(&name), name, "a safe name is safe");
        }
    }
});
