//! The practice program in the tests: a client and its sign-ins, through the C functions.

use std::ffi::{CStr, CString, c_char};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::ptr::null_mut;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use itero::ffi::*;
use itero::sandbox::{self, Sandbox};

/// What a failing call leaves for its thread.
#[derive(Debug)]
pub struct Failure {
    pub status: i32,
    pub message: String,
    pub advice: String,
    pub service_code: String,
}

/// A call's status, with its error.
fn outcome(status: i32) -> Result<(), Failure> {
    if status == ITERO_OK {
        return Ok(());
    }
    Err(Failure {
        status,
        message: text(itero_last_error_message()),
        advice: text(itero_last_error_advice()),
        service_code: text(itero_last_error_service_code()),
    })
}

#[track_caller]
fn check(status: i32) {
    outcome(status).expect("the call succeeds");
}

fn text(pointer: *const c_char) -> String {
    // SAFETY: getters return NUL-terminated text that lives as long as its handle.
    let text = unsafe { CStr::from_ptr(pointer) };
    text.to_str().expect("UTF-8").to_owned()
}

fn c(text: &str) -> CString {
    CString::new(text).expect("no NUL inside")
}

#[track_caller]
fn handle<T>(call: impl FnOnce(*mut *mut T) -> i32) -> *mut T {
    let mut place = null_mut();
    check(call(&mut place));
    place
}

/// How a test's configuration differs from the usual one.
#[derive(Default)]
pub struct Setup<'a> {
    pub redirect_url: &'a str,
    /// In place of the program that catches the URL.
    pub browser: Option<&'a str>,
}

/// A client whose "browser" keeps the URL that it is started with.
pub struct Program {
    client: *mut itero_client,
    folder: tempfile::TempDir,
}

// SAFETY: a handle is a number that the library looks up; every function may be called from every thread.
unsafe impl Send for Program {}
unsafe impl Sync for Program {}

impl Program {
    pub fn new(sandbox: &Sandbox, setup: &Setup) -> Program {
        let catcher = url_catcher();
        let folder = tempfile::tempdir().expect("a temporary folder");
        let browser = folder.path().join("browser");
        symlink(catcher, &browser).expect("a link to the catcher");
        let browser = setup
            .browser
            .unwrap_or(browser.to_str().expect("a Unicode path"));
        let addresses = sandbox.addresses();
        let config = handle(|place| unsafe { itero_config_new(place) });
        let set = |set: unsafe extern "C" fn(*mut itero_config, *const c_char) -> i32,
                   value: &str| check(unsafe { set(config, c(value).as_ptr()) });
        set(itero_config_set_client_id, sandbox::CLIENT_ID);
        set(itero_config_set_client_secret, sandbox::CLIENT_SECRET);
        set(itero_config_set_login_page, &addresses.login_page);
        set(itero_config_set_oauth_base, &addresses.oauth_base);
        set(itero_config_set_base_url, &addresses.base_url);
        set(itero_config_set_redirect_url, setup.redirect_url);
        set(itero_config_set_browser, browser);
        let authority = sandbox.ca_file().and_then(Path::to_str);
        set(itero_config_set_ca_file, authority.unwrap_or_default());
        check(itero_config_set_token_memory(config));
        let client = handle(|place| unsafe { itero_client_new(config, place) });
        check(itero_config_free(config));
        Program { client, folder }
    }

    pub fn is_signed_in(&self) -> bool {
        itero_client_state(self.client) == ITERO_STATE_SIGNED_IN
    }

    pub fn cancel(&self) {
        check(itero_client_cancel(self.client));
    }

    pub fn run(&self, limit_ms: i32) -> Login {
        Login(handle(|place| unsafe {
            itero_login_run(self.client, limit_ms, place)
        }))
    }

    pub fn begin(&self) -> Login {
        Login(handle(|place| unsafe {
            itero_login_begin(self.client, place)
        }))
    }

    /// The URL that the library opened the browser with, once it has.
    pub fn opened_url(&self) -> String {
        let mut urls = self.opened_urls(1);
        urls.remove(0)
    }

    /// The URLs of this many starts of the browser, in no order.
    pub fn opened_urls(&self, count: usize) -> Vec<String> {
        let until = Instant::now() + Duration::from_secs(10);
        loop {
            let entries = std::fs::read_dir(self.folder.path()).expect("the folder");
            let paths = entries.map(|entry| entry.expect("an entry").path());
            let is_done = |path: &PathBuf| path.extension().is_some_and(|end| end == "url");
            let paths: Vec<PathBuf> = paths.filter(is_done).collect();
            if paths.len() == count {
                let read = |path| std::fs::read_to_string(path).expect("the caught URL");
                return paths.iter().map(read).map(only_argument).collect();
            }
            assert!(Instant::now() < until, "the library starts the browser");
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        itero_client_free(self.client);
    }
}

/// A sign-in. Freeing one that was freed is harmless.
pub struct Login(*mut itero_login);

// SAFETY: as for the program.
unsafe impl Send for Login {}
unsafe impl Sync for Login {}

impl Login {
    pub fn url(&self) -> String {
        text(itero_login_url(self.0))
    }

    pub fn wait(&self, wait_ms: i32) -> Result<(), Failure> {
        outcome(itero_login_wait(self.0, wait_ms))
    }

    pub fn complete(&self, redirect_url: &str) -> Result<(), Failure> {
        outcome(unsafe { itero_login_complete(self.0, c(redirect_url).as_ptr()) })
    }

    pub fn cancel(&self) {
        check(itero_login_cancel(self.0));
    }

    pub fn free(&self) {
        check(itero_login_free(self.0));
    }
}

impl Drop for Login {
    fn drop(&mut self) {
        itero_login_free(self.0);
    }
}

/// The arguments were written one on each line.
fn only_argument(lines: String) -> String {
    let lines: Vec<&str> = lines.lines().collect();
    assert_eq!(lines.len(), 1, "the URL is the browser's one argument");
    lines[0].to_owned()
}

/// The script that is started as the browser: it writes its arguments to a file beside the name that it was called by.
///
/// It is written once and linked to afterwards, for a file that is still open for writing somewhere can't be started,
/// and a process that is being started on another thread has all files open for a moment.
fn url_catcher() -> &'static Path {
    static CATCHER: OnceLock<PathBuf> = OnceLock::new();
    CATCHER.get_or_init(|| {
        let script = "#!/bin/sh\nprintf '%s\\n' \"$@\" >\"$0.$$\" && mv \"$0.$$\" \"$0.$$.url\"\n";
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("url-catcher.sh");
        std::fs::write(&path, script).expect("the catcher");
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o755)).expect("executable");
        path
    })
}
