//! The session outlives the program, and programs with one store share it. What is on the disk is for this user alone
//! (S3); what can't be read is told, and a new sign-in replaces it.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use itero::ffi::*;
use itero::sandbox::Sandbox;

use crate::host::*;
use crate::token_store_child::Program;

/// Runs the test in a process of its own, whose user has another state folder than the developer; true in there.
pub fn in_own_state(test: &str) -> bool {
    const MARK: &str = "ITERO_OWN_STATE";
    if std::env::var_os(MARK).is_some() {
        return true;
    }
    let state = tempfile::tempdir().unwrap();
    let output = Command::new(std::env::current_exe().unwrap())
        .args([test, "--exact", "--nocapture"])
        .env(MARK, "1")
        .env("XDG_STATE_HOME", state.path())
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    print!("{told}");
    assert!(
        told.contains("1 passed"),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    false
}

fn with_file(sandbox: &Sandbox, version: i32, file: &Path) -> Client {
    let config = config(sandbox, version);
    let file = c(file.to_str().unwrap());
    outcome(unsafe { itero_config_set_token_file(config.at, file.as_ptr()) }).unwrap();
    Client::of(&config)
}

fn account(client: &Client) -> String {
    text(itero_client_account_id(client.at()))
}

fn region(client: &Client) -> String {
    text(itero_client_region(client.at()))
}

fn requests(sandbox: &Sandbox) -> u64 {
    sandbox.counters().requests.values().sum()
}

#[test]
fn a_session_is_there_at_once_in_the_next_client() {
    if !in_own_state("token_store::a_session_is_there_at_once_in_the_next_client") {
        return;
    }
    both(|sandbox, version| {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("made for it/tokens.sealed");
        let client = with_file(sandbox, version, &file);
        client.sign_in(sandbox, ADA).unwrap();
        client.pair(HARBOR, None).unwrap();
        client.practice().unwrap();
        let known = region(&client);
        assert_eq!(known.is_empty(), version == V1);
        drop(client);
        let before = requests(sandbox);
        let next = with_file(sandbox, version, &file);
        assert_eq!(
            (next.state(), account(&next)),
            (ITERO_STATE_PAIRED, HARBOR.to_owned())
        );
        assert_eq!((region(&next), requests(sandbox)), (known, before));
        next.practice().unwrap();
        assert_eq!(
            requests(sandbox),
            before + 1,
            "neither discovery nor refresh again"
        );
    });
}

#[test]
fn programs_with_one_store_see_what_each_other_did() {
    if !in_own_state("token_store::programs_with_one_store_see_what_each_other_did") {
        return;
    }
    let sandbox = small_sandbox();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tokens.sealed");
    let (one, other) = (
        with_file(&sandbox, V2, &file),
        with_file(&sandbox, V2, &file),
    );
    assert_eq!(
        other.accounts().err().unwrap().status,
        ITERO_E_NOT_SIGNED_IN
    );
    one.sign_in(&sandbox, ADA).unwrap();
    assert_eq!(other.state(), ITERO_STATE_SIGNED_IN);
    other.pair(HARBOR, None).unwrap();
    assert_eq!(
        (one.state(), account(&one)),
        (ITERO_STATE_PAIRED, HARBOR.to_owned())
    );
    one.practice().unwrap();
    outcome(itero_client_refresh(one.at())).unwrap();
    other.practice().unwrap();
    sandbox.expire_tokens();
    let before = sandbox.counters().refreshes;
    one.practice().unwrap();
    other.practice().unwrap();
    assert_eq!(sandbox.counters().refreshes, before + 1);
    outcome(itero_client_unpair(one.at())).unwrap();
    assert_eq!(
        (other.state(), account(&other)),
        (ITERO_STATE_SIGNED_IN, String::new())
    );
    outcome(itero_client_revoke(other.at())).unwrap();
    assert_eq!(one.state(), ITERO_STATE_SIGNED_OUT);
    assert_eq!(one.accounts().err().unwrap().status, ITERO_E_NOT_SIGNED_IN);
    one.sign_in(&sandbox, BEN).unwrap();
    assert_eq!(other.state(), ITERO_STATE_SIGNED_IN);
    fs::remove_file(&file).unwrap();
    assert_eq!(
        other.state(),
        ITERO_STATE_SIGNED_OUT,
        "the file is what counts"
    );
    assert_eq!(sandbox.counters().reuse_events, 0);
}

#[test]
fn what_is_torn_or_changed_asks_for_a_new_sign_in() {
    if !in_own_state("token_store::what_is_torn_or_changed_asks_for_a_new_sign_in") {
        return;
    }
    let sandbox = small_sandbox();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tokens.sealed");
    let client = with_file(&sandbox, V2, &file);
    client.sign_in(&sandbox, ADA).unwrap();
    drop(client);
    let whole = fs::read(&file).unwrap();
    let mut bad: Vec<Vec<u8>> = (0..whole.len())
        .step_by(7)
        .map(|end| whole[..end].to_vec())
        .collect();
    bad.extend((0..whole.len()).step_by(5).map(|i| {
        let mut changed = whole.clone();
        changed[i] ^= 0x40;
        changed
    }));
    bad.push(vec![0; 3 << 20]);
    let count = bad.len();
    for bytes in bad {
        fs::write(&file, &bytes).unwrap();
        let client = with_file(&sandbox, V2, &file);
        assert_eq!(client.state(), ITERO_STATE_SIGNED_OUT);
        let failure = client.accounts().err().unwrap();
        assert_eq!(failure.status, ITERO_E_STORE, "{failure:?}");
        assert!(failure.message.contains("tokens.sealed"), "{failure:?}");
        assert!(failure.advice.contains("Sign in again"), "{failure:?}");
    }
    let client = with_file(&sandbox, V2, &file);
    client.sign_in(&sandbox, ADA).unwrap();
    client.accounts().unwrap();
    println!("{count} damaged files, each told as ITERO_E_STORE; a new sign-in replaced the last");
}

fn sealed_file(folder: &Path) -> PathBuf {
    let files = fs::read_dir(folder.join("itero")).unwrap();
    files
        .map(|entry| entry.unwrap().path())
        .find(|path| path.extension().is_some_and(|end| end == "sealed"))
        .unwrap()
}

#[test]
fn s3_the_store_is_for_this_user_on_this_computer() {
    let sandbox = small_sandbox();
    let (home, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut program = Program::start(&sandbox, home.path(), None, 0);
    assert_eq!(program.ask("sign in").unwrap(), "signed in");
    assert_eq!(program.ask("pair").unwrap(), "paired");
    assert_eq!(program.ask("accounts").unwrap(), "accounts");
    assert!(program.finish().success());
    let own = sealed_file(home.path());
    let folder = fs::metadata(home.path().join("itero")).unwrap();
    assert_eq!(folder.permissions().mode() & 0o777, 0o700);
    let mut files = 0;
    for entry in fs::read_dir(home.path().join("itero")).unwrap() {
        let entry = entry.unwrap();
        assert_eq!(
            entry.metadata().unwrap().permissions().mode() & 0o777,
            0o600,
            "{entry:?}"
        );
        files += 1;
    }
    assert_eq!(files, 3, "the session, its lock, the key");
    let bytes = fs::read(&own).unwrap();
    for plain in ["token", "Token", "{\"", "127.0.0.1", HARBOR, "http"] {
        let shows = bytes
            .windows(plain.len())
            .any(|part| part == plain.as_bytes());
        assert!(!shows, "{plain} is in the file");
    }
    // Another computer, or another user: another key, made by a sign-in of their own, or none yet.
    let copy = elsewhere.path().join("copy.sealed");
    fs::copy(&own, &copy).unwrap();
    for has_key in [false, true] {
        let mut thief = Program::start(&sandbox, elsewhere.path(), Some(&copy), 0);
        assert_eq!(thief.ask("state").unwrap(), "0");
        let answer = thief.ask("accounts").unwrap();
        assert!(
            answer.starts_with(&format!("failed {ITERO_E_STORE} ")),
            "{has_key}: {answer}"
        );
        assert!(thief.finish().success());
        let mut other = Program::start(&sandbox, elsewhere.path(), None, 0);
        assert_eq!(other.ask("sign in").unwrap(), "signed in");
        assert!(other.finish().success());
    }
    let mut owner = Program::start(&sandbox, home.path(), None, 0);
    assert_eq!(owner.ask("state").unwrap(), "2");
    assert!(owner.finish().success());
    println!(
        "S3: {files} files of mode 0600 in a folder of mode 0700, no plain text, a copy opens with no other key"
    );
}

#[test]
fn a_refresh_is_not_sent_when_its_answer_could_not_be_kept() {
    if !in_own_state("token_store::a_refresh_is_not_sent_when_its_answer_could_not_be_kept") {
        return;
    }
    let sandbox = small_sandbox();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tokens.sealed");
    let client = with_file(&sandbox, V2, &file);
    client.sign_in(&sandbox, ADA).unwrap();
    sandbox.expire_tokens();
    // Something in the way of every new state of the file.
    let obstacle = folder.path().join("tokens.sealed.new");
    fs::create_dir(&obstacle).unwrap();
    let failure = client.accounts().err().unwrap();
    assert_eq!(failure.status, ITERO_E_STORE, "{failure:?}");
    assert_eq!(sandbox.counters().refreshes, 0);
    assert_eq!(client.state(), ITERO_STATE_SIGNED_IN);
    fs::remove_dir(&obstacle).unwrap();
    client.accounts().unwrap();
    assert_eq!(
        with_file(&sandbox, V2, &file).state(),
        ITERO_STATE_SIGNED_IN
    );
}

#[test]
fn who_waits_for_the_lock_hears_a_cancel() {
    if !in_own_state("token_store::who_waits_for_the_lock_hears_a_cancel") {
        return;
    }
    let sandbox = small_sandbox();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tokens.sealed");
    let client = std::sync::Arc::new(with_file(&sandbox, V2, &file));
    client.sign_in(&sandbox, ADA).unwrap();
    let lock = fs::File::open(folder.path().join("tokens.sealed.lock")).unwrap();
    lock.lock().unwrap();
    let other = client.clone();
    let refresh = std::thread::spawn(move || {
        let status = outcome(itero_client_refresh(other.at()))
            .unwrap_err()
            .status;
        (status, std::time::Instant::now())
    });
    std::thread::sleep(Duration::from_millis(300));
    // Calls whose token is good don't wait for it.
    client.accounts().unwrap();
    let began = std::time::Instant::now();
    outcome(itero_client_cancel(client.at())).unwrap();
    let (status, ended) = refresh.join().unwrap();
    assert_eq!(status, ITERO_E_CANCELLED);
    assert!(
        ended - began < Duration::from_millis(250),
        "{:?}",
        ended - began
    );
    if std::env::var_os("ITERO_FULL").is_some() {
        let began = std::time::Instant::now();
        let failure = outcome(itero_client_refresh(client.at())).unwrap_err();
        let waited = began.elapsed().as_secs();
        assert_eq!(failure.status, ITERO_E_STORE, "{failure:?}");
        assert!(
            failure.retryable && (60..63).contains(&waited),
            "{waited} s: {failure:?}"
        );
        println!("the lock was given up after {waited} s");
    }
    lock.unlock().unwrap();
    outcome(itero_client_refresh(client.at())).unwrap();
}

#[test]
fn a_user_without_a_home_is_told_at_the_first_call() {
    let sandbox = small_sandbox();
    let folder = tempfile::tempdir().unwrap();
    // A file stands where the folder should be.
    let blocked = folder.path().join("blocked");
    fs::write(&blocked, "").unwrap();
    let mut program = Program::start(&sandbox, &blocked, None, 0);
    assert_eq!(program.ask("state").unwrap(), "0");
    let answer = program.ask("sign in").unwrap();
    assert!(
        answer.starts_with(&format!("failed {ITERO_E_STORE} ")),
        "{answer}"
    );
    assert_eq!(
        sandbox.counters().tokens_issued,
        0,
        "the code was not spent"
    );
    assert!(program.finish().success());
}
