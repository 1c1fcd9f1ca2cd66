//! A host program for tests: the C functions with just enough around them that a test reads like the host's story.
//! Everything goes through the C interface; the sandbox is the other side.

#![allow(dead_code, reason = "each test crate uses its part")]

pub mod traces;

use std::ffi::{CStr, CString, c_char};
use std::ptr::null_mut;
use std::time::Duration;

use itero::ffi::*;
use itero::sandbox::scan::ScanFile;
use itero::sandbox::{self, Addresses, FileSource, Options, Sandbox, person};

/// What the thread's last error tells.
#[derive(Clone, Debug)]
pub struct Failure {
    pub status: i32,
    pub message: String,
    pub operation: String,
    pub advice: String,
    pub http_status: i32,
    pub service_code: String,
    pub request_id: String,
    pub retryable: bool,
}

pub type Outcome<T> = Result<T, Box<Failure>>;

pub fn text(pointer: *const c_char) -> String {
    assert!(!pointer.is_null(), "no function returns NULL text");
    // SAFETY: getters return NUL-terminated text that lives as long as its handle.
    unsafe { CStr::from_ptr(pointer) }
        .to_str()
        .expect("returned text is UTF-8")
        .to_owned()
}

pub fn c(text: &str) -> CString {
    CString::new(text).expect("no NUL inside")
}

/// A status as a result; the error is read the way a host reads it.
pub fn outcome(status: i32) -> Outcome<()> {
    assert_eq!(
        status,
        itero_last_error_status(),
        "status and last error agree"
    );
    if status == ITERO_OK {
        assert_eq!(text(itero_last_error_message()), "");
        return Ok(());
    }
    let failure = Box::new(Failure {
        status,
        message: text(itero_last_error_message()),
        operation: text(itero_last_error_operation()),
        advice: text(itero_last_error_advice()),
        http_status: itero_last_error_http_status(),
        service_code: text(itero_last_error_service_code()),
        request_id: text(itero_last_error_request_id()),
        retryable: itero_last_error_retryable() == 1,
    });
    assert!(
        failure.message.starts_with(&failure.operation),
        "{failure:?}"
    );
    assert!(!failure.advice.is_empty(), "{failure:?}");
    traces::told(&format!("{failure:?}"));
    Err(failure)
}

/// A handle that is freed at its end.
pub struct Owned<T> {
    pub at: *mut T,
    free: extern "C" fn(*mut T) -> i32,
}

// SAFETY: handles are numbers; the library allows every function from every thread.
unsafe impl<T> Send for Owned<T> {}
// SAFETY: as above.
unsafe impl<T> Sync for Owned<T> {}

impl<T> Drop for Owned<T> {
    fn drop(&mut self) {
        assert_eq!((self.free)(self.at), ITERO_OK);
    }
}

/// Calls a function that gives out a handle; on failure the place must be untouched.
pub fn take<T>(
    free: extern "C" fn(*mut T) -> i32,
    call: impl FnOnce(*mut *mut T) -> i32,
) -> Outcome<Owned<T>> {
    let untouched = std::ptr::without_provenance_mut(0x5a5a);
    let mut at = untouched;
    let result = outcome(call(&mut at));
    if result.is_err() {
        assert_eq!(at, untouched, "nothing is written on failure");
    }
    result.map(|()| Owned { at, free })
}

pub const V1: i32 = ITERO_API_V1;
pub const V2: i32 = ITERO_API_V2;

/// The invented user who sees all accounts, and the account with every feature.
pub const ADA: usize = 0;
pub const BEN: usize = 1;
pub const CHIARA: usize = 2;
pub const HARBOR: &str = "30417";
pub const RIDGE: &str = "30418";
pub const LINDEN: &str = "51902";
pub const REDIRECT: &str = "http://127.0.0.1:9/callback";

/// A tetrahedron as binary STL.
pub fn small_stl() -> Vec<u8> {
    let corners = [
        [0.0f32, 0.0, 0.0],
        [10.0, 0.0, 0.0],
        [0.0, 20.0, 0.0],
        [0.0, 0.0, 30.0],
    ];
    let mut stl = vec![0u8; 80];
    stl.extend(4u32.to_le_bytes());
    for face in [[0, 2, 1], [0, 1, 3], [0, 3, 2], [1, 2, 3]] {
        stl.extend([0u8; 12]);
        for corner in face {
            for coordinate in corners[corner] {
                stl.extend(coordinate.to_le_bytes());
            }
        }
        stl.extend([0u8; 2]);
    }
    stl
}

pub fn small_zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    use std::io::Write;
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        zip.start_file(*name, zip::write::SimpleFileOptions::default())
            .unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

pub fn file(name: &str, kind: &'static str, bytes: Vec<u8>) -> ScanFile {
    ScanFile {
        name: name.to_owned(),
        kind,
        content_type: "application/octet-stream",
        bytes,
    }
}

/// A scan's files, small enough for fast tests: the same kinds as the real ones.
pub fn small_files() -> Vec<ScanFile> {
    let stl = small_stl();
    let zip = small_zip(&[
        ("77_shell_occlusion_u.stl", &stl),
        ("gallery_#77.jpg", b"not really a picture"),
    ]);
    vec![
        file("OrthoCAD_Export_77.zip", "IDE", zip),
        file("77_shell_occlusion_u.stl", "STL", stl),
        file("gallery_#77.jpg", "IMAGE_GALLERY", vec![7; 5000]),
        file("screen_capture_#77.png", "SCREEN_CAPTURE", vec![9; 3000]),
    ]
}

pub fn start(options: Options) -> Sandbox {
    Sandbox::start(options).expect("the sandbox starts")
}

/// A sandbox whose scans are small.
pub fn small_sandbox() -> Sandbox {
    start(Options {
        files: FileSource::Given(small_files()),
        ..Options::default()
    })
}

/// Runs a story in both versions of the service's interface, each with a sandbox of its own.
pub fn both(story: impl Fn(&Sandbox, i32)) {
    for version in [V1, V2] {
        story(&small_sandbox(), version);
    }
}

pub fn config(sandbox: &Sandbox, version: i32) -> Owned<itero_config> {
    config_at(sandbox.addresses(), sandbox.ca_file(), version)
}

/// As [`config`], for a sandbox in another process.
pub fn config_at(
    addresses: &Addresses,
    ca_file: Option<&std::path::Path>,
    version: i32,
) -> Owned<itero_config> {
    traces::hear_the_log();
    traces::untold(&[sandbox::CLIENT_SECRET]);
    let config = take(itero_config_free, |at| unsafe { itero_config_new(at) }).unwrap();
    unsafe {
        for (set, value) in [
            (
                itero_config_set_client_id
                    as unsafe extern "C" fn(*mut itero_config, *const c_char) -> i32,
                sandbox::CLIENT_ID,
            ),
            (itero_config_set_client_secret, sandbox::CLIENT_SECRET),
            (itero_config_set_login_page, &addresses.login_page),
            (itero_config_set_oauth_base, &addresses.oauth_base),
            (itero_config_set_base_url, &addresses.base_url),
            (itero_config_set_redirect_url, REDIRECT),
        ] {
            outcome(set(config.at, c(value).as_ptr())).unwrap();
        }
        if let Some(file) = ca_file {
            let file = c(file.to_str().unwrap());
            outcome(itero_config_set_ca_file(config.at, file.as_ptr())).unwrap();
        }
    }
    outcome(itero_config_set_api_version(config.at, version)).unwrap();
    // A practice program leaves this line out: its sign-in outlives it.
    outcome(itero_config_set_token_memory(config.at)).unwrap();
    config
}

pub struct Client(pub Owned<itero_client>);

impl Client {
    pub fn of(config: &Owned<itero_config>) -> Client {
        Client(
            take(itero_client_free, |at| unsafe {
                itero_client_new(config.at, at)
            })
            .unwrap(),
        )
    }

    pub fn new(sandbox: &Sandbox, version: i32) -> Client {
        Client::of(&config(sandbox, version))
    }

    /// Signed in as the user and paired to the account.
    pub fn paired(sandbox: &Sandbox, version: i32, account: &str) -> Client {
        let client = Client::signed_in(sandbox, version, ADA);
        client.pair(account, None).unwrap();
        client
    }

    pub fn signed_in(sandbox: &Sandbox, version: i32, user: usize) -> Client {
        let client = Client::new(sandbox, version);
        client.sign_in(sandbox, user).unwrap();
        client
    }

    pub fn at(&self) -> *mut itero_client {
        self.0.at
    }

    pub fn state(&self) -> i32 {
        itero_client_state(self.at())
    }

    pub fn begin(&self) -> Outcome<Owned<itero_login>> {
        take(itero_login_free, |at| unsafe {
            itero_login_begin(self.at(), at)
        })
    }

    pub fn sign_in(&self, sandbox: &Sandbox, user: usize) -> Outcome<()> {
        let login = self.begin()?;
        complete(&login, &redirect(sandbox, user, &login))
    }

    pub fn pair(&self, account: &str, notification_url: Option<&str>) -> Outcome<()> {
        let (account, url) = (c(account), notification_url.map(c));
        let url = url.as_ref().map_or(std::ptr::null(), |url| url.as_ptr());
        outcome(unsafe { itero_client_pair(self.at(), account.as_ptr(), url) })
    }

    pub fn accounts(&self) -> Outcome<Owned<itero_accounts>> {
        take(itero_accounts_free, |at| unsafe {
            itero_accounts_get(self.at(), at)
        })
    }

    pub fn practice(&self) -> Outcome<Owned<itero_practice>> {
        take(itero_practice_free, |at| unsafe {
            itero_practice_get(self.at(), at)
        })
    }

    pub fn warnings(&self) -> Outcome<Owned<itero_warnings>> {
        take(itero_warnings_free, |at| unsafe {
            itero_warnings_get(self.at(), at)
        })
    }

    pub fn search(&self, first: &str, last: &str, chart: &str) -> Outcome<Owned<itero_patients>> {
        traces::untold(&[first, last, chart]);
        let (first, last, chart) = (c(first), c(last), c(chart));
        take(itero_patients_free, |at| unsafe {
            itero_patients_search(self.at(), first.as_ptr(), last.as_ptr(), chart.as_ptr(), at)
        })
    }

    pub fn find(&self, first: &str, last: &str, chart: &str) -> Outcome<Owned<itero_matches>> {
        traces::untold(&[first, last, chart]);
        let (first, last, chart) = (c(first), c(last), c(chart));
        take(itero_matches_free, |at| unsafe {
            itero_patients_match(self.at(), first.as_ptr(), last.as_ptr(), chart.as_ptr(), at)
        })
    }

    /// The ledger's rows of a chart number, or all.
    pub fn ledger(&self, chart: Option<&str>) -> Outcome<Owned<itero_ledger>> {
        let chart = chart.map(c);
        let chart = chart
            .as_ref()
            .map_or(std::ptr::null(), |chart| chart.as_ptr());
        take(itero_ledger_free, |at| unsafe {
            itero_ledger_find(self.at(), chart, at)
        })
    }

    pub fn knows(&self, rx_id: &str) -> bool {
        let mut known = -1;
        outcome(unsafe { itero_rx_is_known(self.at(), c(rx_id).as_ptr(), &mut known) }).unwrap();
        known == 1
    }

    pub fn send(&self, request: &Owned<itero_scan_request>) -> Outcome<Owned<itero_rx>> {
        take(itero_rx_free, |at| unsafe {
            itero_scan_request_send(self.at(), request.at, at)
        })
    }

    /// Sends the Rx of an invented patient and returns the RxID.
    pub fn rx(&self, first: &str, last: &str, chart: &str) -> String {
        let rx = self.send(&request(first, last, chart)).unwrap();
        text(itero_rx_id(rx.at))
    }

    pub fn by_rx(&self, rx_id: &str) -> Outcome<Owned<itero_orders>> {
        let rx_id = c(rx_id);
        take(itero_orders_free, |at| unsafe {
            itero_orders_by_rx(self.at(), rx_id.as_ptr(), at)
        })
    }

    pub fn list(&self, query: Option<&Owned<itero_order_query>>) -> Outcome<Owned<itero_orders>> {
        let query = query.map_or(null_mut(), |query| query.at);
        take(itero_orders_free, |at| unsafe {
            itero_orders_list(self.at(), query, at)
        })
    }

    pub fn download(
        &self,
        order_id: &str,
        folder: &std::path::Path,
        kinds: u32,
    ) -> Outcome<Owned<itero_download>> {
        let (order_id, folder) = (c(order_id), c(folder.to_str().unwrap()));
        take(itero_download_free, |at| unsafe {
            let (order_id, folder) = (order_id.as_ptr(), folder.as_ptr());
            itero_download_start(
                self.at(),
                order_id,
                folder,
                kinds,
                ITERO_DOWNLOAD_UNPACK,
                None,
                null_mut(),
                at,
            )
        })
    }
}

/// First and last name of each patient of a table.
pub fn names(patients: &Owned<itero_patients>) -> Vec<String> {
    (0..itero_patients_count(patients.at))
        .map(|i| {
            format!(
                "{} {}",
                text(itero_patients_first_name(patients.at, i)),
                text(itero_patients_last_name(patients.at, i))
            )
        })
        .collect()
}

/// Plays the person at the browser and returns the redirect URL.
pub fn redirect(sandbox: &Sandbox, user: usize, login: &Owned<itero_login>) -> String {
    let user = &sandbox.users()[user];
    let url = person::sign_in(
        &text(itero_login_url(login.at)),
        &user.email,
        &user.password,
    )
    .expect("the login page answers");
    let values = url
        .split(['?', '&'])
        .filter_map(|pair| pair.split_once('='));
    values.for_each(|(_, value)| traces::untold(&[value]));
    url
}

pub fn complete(login: &Owned<itero_login>, redirect_url: &str) -> Outcome<()> {
    outcome(unsafe { itero_login_complete(login.at, c(redirect_url).as_ptr()) })
}

/// A scan request that the account Harbor Lane takes.
pub fn request(first: &str, last: &str, chart: &str) -> Owned<itero_scan_request> {
    traces::untold(&[first, last, chart]);
    let request = take(itero_scan_request_free, |at| unsafe {
        itero_scan_request_new(at)
    })
    .unwrap();
    unsafe {
        for (set, value) in [
            (
                itero_scan_request_set_doctor_id
                    as unsafe extern "C" fn(*mut itero_scan_request, *const c_char) -> i32,
                "7001",
            ),
            (itero_scan_request_set_procedure_map_id, "102"),
            (itero_scan_request_set_patient_first_name, first),
            (itero_scan_request_set_patient_last_name, last),
            (itero_scan_request_set_patient_chart_number, chart),
        ] {
            outcome(set(request.at, c(value).as_ptr())).unwrap();
        }
    }
    request
}

/// Runs `work` on another thread and gives up after `limit`, so that a hang fails the test instead of stopping it.
pub fn within<T: Send + 'static>(limit: Duration, work: impl FnOnce() -> T + Send + 'static) -> T {
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || sender.send(work()));
    receiver.recv_timeout(limit).expect("the work ends in time")
}
