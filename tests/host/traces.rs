//! With `ITERO_TEST_TRACES` set to a folder, all that the library tells a test program, and all that it must not tell, is
//! written there; `tests/security/traces` then looks for the one in the other.

use std::ffi::{c_char, c_void};
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::PathBuf;
use std::ptr::null_mut;
use std::sync::{LazyLock, Mutex, Once};

use itero::ffi::{ITERO_LOG_DEBUG, itero_log_set};

struct Traces {
    told: Mutex<File>,
    untold: Mutex<File>,
}

static TRACES: LazyLock<Option<Traces>> = LazyLock::new(|| {
    let folder = PathBuf::from(std::env::var_os("ITERO_TEST_TRACES")?);
    let program = std::env::current_exe().ok()?;
    let name = program.file_stem()?.to_string_lossy().into_owned();
    let open = |kind: &str| {
        let folder = folder.join(kind);
        std::fs::create_dir_all(&folder).expect("the folder of the traces is writable");
        let path = folder.join(format!("{name}-{}.txt", std::process::id()));
        let file = OpenOptions::new().create(true).append(true).open(path);
        Mutex::new(file.expect("the folder of the traces is writable"))
    };
    Some(Traces {
        told: open("told"),
        untold: open("untold"),
    })
});

fn line(file: &Mutex<File>, text: &str) {
    let text = text.replace(['\r', '\n'], " ");
    let mut file = file.lock().unwrap();
    file.write_all(format!("{text}\n").as_bytes())
        .expect("the traces are writable");
}

/// The library told this.
pub fn told(text: &str) {
    if let Some(traces) = &*TRACES {
        line(&traces.told, text);
    }
}

/// The library must tell none of these: names, chart numbers, codes, secrets. Short ones may be parts of other words.
pub fn untold(texts: &[&str]) {
    if let Some(traces) = &*TRACES {
        for text in texts.iter().filter(|text| text.chars().count() >= 4) {
            line(&traces.untold, text);
        }
    }
}

unsafe extern "C" fn hear(_user: *mut c_void, _level: i32, message: *const c_char) {
    told(&super::text(message));
}

/// Hears the log at its finest level, unless a test takes it for itself.
pub fn hear_the_log() {
    static ONCE: Once = Once::new();
    if TRACES.is_some() {
        ONCE.call_once(|| {
            itero_log_set(ITERO_LOG_DEBUG, Some(hear), null_mut());
        });
    }
}
