//! Texts that come from outside through a host: redirect URLs, notification bodies, file names.

#![no_main]

use std::ffi::CString;
use std::ptr::null_mut;
use std::sync::LazyLock;

use itero::ffi::*;

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

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    let Some((kind, rest)) = input.split_first() else {
        return;
    };
    let bytes: Vec<u8> = rest.iter().copied().filter(|byte| *byte != 0).collect();
    let Ok(text) = CString::new(bytes) else {
        return;
    };
    match kind % 3 {
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
        _ => {
            let name = itero::fuzzing::safe_name(&String::from_utf8_lossy(text.as_bytes()));
            let wrong = name.is_empty()
                || name.len() > 255
                || name.ends_with(['.', ' '])
                || name
                    .chars()
                    .any(|c| c.is_control() || "<>:\"/\\|?*".contains(c));
            assert!(!wrong, "the name {name:?}");
            assert_eq!(
                itero::fuzzing::safe_name(&name),
                name,
                "a safe name is safe"
            );
        }
    }
});
