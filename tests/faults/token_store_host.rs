//! A host's own store: its four functions, what they are given, and what happens when they fail.

use std::ffi::{CString, c_char, c_void};
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use itero::ffi::*;
use itero::sandbox::{Fault, Sandbox};

use crate::host::*;
use crate::token_store::in_own_state;

/// A host's database with one row.
#[derive(Default)]
struct Database {
    row: Mutex<Vec<u8>>,
    locked: AtomicBool,
    locks: AtomicI32,
    unlocks: AtomicI32,
    inside: AtomicI32,
    crowded: AtomicBool,
    refuses_to_save: AtomicBool,
    /// A client whose functions are called from within load.
    calls_back: Mutex<usize>,
    status_inside: AtomicI32,
}

impl Database {
    fn enter(&self) -> Leave<'_> {
        if self.inside.fetch_add(1, Ordering::SeqCst) > 0 {
            self.crowded.store(true, Ordering::SeqCst);
        }
        Leave(self)
    }

    fn row(&self) -> Vec<u8> {
        self.row.lock().unwrap().clone()
    }
}

struct Leave<'a>(&'a Database);

impl Drop for Leave<'_> {
    fn drop(&mut self) {
        self.0.inside.fetch_sub(1, Ordering::SeqCst);
    }
}

fn database<'a>(user: *mut c_void) -> &'a Database {
    // SAFETY: the tests keep it until their clients are freed.
    unsafe { &*user.cast::<Database>() }
}

unsafe extern "C" fn load(user: *mut c_void) -> i32 {
    let own = database(user);
    let _inside = own.enter();
    let client = *own.calls_back.lock().unwrap();
    if client != 0 {
        let client = std::ptr::without_provenance_mut::<itero_client>(client);
        assert_ne!(itero_client_state(client), -1);
        own.status_inside
            .store(itero_client_refresh(client), Ordering::SeqCst);
    }
    if own.row().is_empty() {
        return 0;
    }
    let row = CString::new(own.row()).unwrap();
    // A text that isn't UTF-8 is refused here, and so not handed over.
    unsafe { itero_token_store_give(row.as_ptr()) }
}

unsafe extern "C" fn save(user: *mut c_void, text: *const c_char) -> i32 {
    let own = database(user);
    let _inside = own.enter();
    assert!(
        own.locked.load(Ordering::SeqCst),
        "saved only under the lock"
    );
    if own.refuses_to_save.load(Ordering::SeqCst) {
        return 7;
    }
    *own.row.lock().unwrap() = crate::host::text(text).into_bytes();
    0
}

unsafe extern "C" fn lock(user: *mut c_void, wait_ms: i32) -> i32 {
    let own = database(user);
    assert!((0..=250).contains(&wait_ms));
    let until = Instant::now() + Duration::from_millis(wait_ms as u64);
    while own.locked.swap(true, Ordering::SeqCst) {
        if Instant::now() >= until {
            return 1;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    own.locks.fetch_add(1, Ordering::SeqCst);
    0
}

unsafe extern "C" fn unlock(user: *mut c_void) {
    let own = database(user);
    assert!(own.locked.swap(false, Ordering::SeqCst));
    own.unlocks.fetch_add(1, Ordering::SeqCst);
}

fn with(sandbox: &Sandbox, sealed: i32, database: &Arc<Database>) -> Client {
    let config = config(sandbox, V2);
    let user = Arc::as_ptr(database).cast_mut().cast();
    outcome(unsafe {
        itero_config_set_token_callbacks(
            config.at,
            sealed,
            Some(load),
            Some(save),
            Some(lock),
            Some(unlock),
            user,
        )
    })
    .unwrap();
    Client::of(&config)
}

/// All that was locked is unlocked, and no two functions ran at once.
fn assert_orderly(database: &Database) {
    let counts = (&database.locks, &database.unlocks);
    assert_eq!(
        counts.0.load(Ordering::SeqCst),
        counts.1.load(Ordering::SeqCst)
    );
    assert!(!database.crowded.load(Ordering::SeqCst));
}

#[test]
fn a_session_lives_in_the_hosts_own_store() {
    if !in_own_state("token_store_host::a_session_lives_in_the_hosts_own_store") {
        return;
    }
    for sealed in [ITERO_TOKENS_SEALED, ITERO_TOKENS_OPEN] {
        let (sandbox, database) = (small_sandbox(), Arc::<Database>::default());
        let one = with(&sandbox, sealed, &database);
        let other = with(&sandbox, sealed, &database);
        one.sign_in(&sandbox, ADA).unwrap();
        one.pair(HARBOR, None).unwrap();
        assert!(
            database.row().iter().all(u8::is_ascii_graphic),
            "one line of ASCII"
        );
        other.practice().unwrap();
        assert_eq!(other.state(), ITERO_STATE_PAIRED);
        sandbox.expire_tokens();
        one.practice().unwrap();
        sandbox.expire_tokens();
        // The other one's token is two generations old; what the first brought is too old as well.
        other.practice().unwrap();
        one.practice().unwrap();
        let counters = sandbox.counters();
        assert_eq!((counters.refreshes, counters.reuse_events), (2, 0));
        drop(other);
        let next = with(&sandbox, sealed, &database);
        assert_eq!(next.state(), ITERO_STATE_PAIRED);
        // The other kind of protection doesn't open it, and is told.
        let wrong = with(&sandbox, 1 - sealed, &database);
        let failure = wrong.accounts().err().unwrap();
        assert_eq!(failure.status, ITERO_E_STORE, "{failure:?}");
        outcome(itero_client_revoke(one.at())).unwrap();
        drop((one, next, wrong));
        assert_orderly(&database);
    }
}

#[test]
fn tokens_that_the_host_could_not_save_are_not_lost() {
    let (sandbox, database) = (small_sandbox(), Arc::<Database>::default());
    let client = with(&sandbox, ITERO_TOKENS_OPEN, &database);
    client.sign_in(&sandbox, ADA).unwrap();
    let before = database.row();
    database.refuses_to_save.store(true, Ordering::SeqCst);
    sandbox.expire_tokens();
    client.accounts().unwrap();
    client.accounts().unwrap();
    assert_eq!(database.row(), before);
    database.refuses_to_save.store(false, Ordering::SeqCst);
    client.accounts().unwrap();
    assert_ne!(database.row(), before, "saved at the next chance");
    let next = with(&sandbox, ITERO_TOKENS_OPEN, &database);
    next.accounts().unwrap();
    assert_eq!(sandbox.counters().reuse_events, 0);
    drop((client, next));
    assert_orderly(&database);
}

#[test]
fn a_text_is_handed_over_within_load_alone() {
    let failure = outcome(unsafe { itero_token_store_give(c"AAAA".as_ptr()) }).unwrap_err();
    assert_eq!(failure.status, ITERO_E_STATE);
}

#[test]
fn any_text_from_the_host_is_fine_or_told() {
    let (sandbox, database) = (small_sandbox(), Arc::<Database>::default());
    for text in ["x", "AAAA", "not base64!", "AHt9", "\u{e9}\u{e9}", "AQ=="] {
        *database.row.lock().unwrap() = text.as_bytes().to_vec();
        let client = with(&sandbox, ITERO_TOKENS_OPEN, &database);
        assert_eq!(
            client.accounts().err().unwrap().status,
            ITERO_E_STORE,
            "{text}"
        );
        client.sign_in(&sandbox, ADA).unwrap();
        client.accounts().unwrap();
    }
    *database.row.lock().unwrap() = vec![0xff; 9];
    let client = with(&sandbox, ITERO_TOKENS_OPEN, &database);
    assert_eq!(client.accounts().err().unwrap().status, ITERO_E_STORE);
    drop(client);
    assert_orderly(&database);
}

#[test]
fn a_function_of_the_store_that_calls_back_in_is_refused() {
    let (sandbox, database) = (small_sandbox(), Arc::<Database>::default());
    let client = with(&sandbox, ITERO_TOKENS_OPEN, &database);
    client.sign_in(&sandbox, ADA).unwrap();
    *database.calls_back.lock().unwrap() = client.at().addr();
    sandbox.expire_tokens();
    client.accounts().unwrap();
    assert_eq!(database.status_inside.load(Ordering::SeqCst), ITERO_E_STATE);
    *database.calls_back.lock().unwrap() = 0;
    drop(client);
    assert_orderly(&database);
}

#[test]
fn freeing_a_client_waits_for_its_refresh_to_be_saved() {
    let (sandbox, database) = (small_sandbox(), Arc::<Database>::default());
    let client = Arc::new(with(&sandbox, ITERO_TOKENS_OPEN, &database));
    client.sign_in(&sandbox, ADA).unwrap();
    let before = database.row();
    sandbox.expire_tokens();
    sandbox
        .fault("token", 1, Fault::Delay(Duration::from_millis(600)))
        .unwrap();
    let at = client.at().addr();
    let call = std::thread::spawn(move || {
        let client = std::ptr::without_provenance_mut::<itero_client>(at);
        itero_client_refresh(client)
    });
    std::thread::sleep(Duration::from_millis(200));
    drop(client);
    assert_eq!(call.join().unwrap(), ITERO_E_CANCELLED);
    assert_ne!(
        database.row(),
        before,
        "the only tokens that still work were saved"
    );
    assert_orderly(&database);
    with(&sandbox, ITERO_TOKENS_OPEN, &database)
        .accounts()
        .unwrap();
    assert_eq!(sandbox.counters().reuse_events, 0);
}
