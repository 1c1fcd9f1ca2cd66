//! D2 Scan Request: the ledger of what was sent.

use std::path::Path;
use std::process::Command;

use itero::ffi::*;
use itero::sandbox::{Fault, Sandbox};

use crate::host::*;

const FILE: &str = "rx-ledger.jsonl";
const CHILD: &str = "ITERO_TEST_LEDGER_FOLDER";

fn keeping(sandbox: &Sandbox, version: i32, folder: &Path) -> Client {
    let config = config(sandbox, version);
    let folder = c(folder.to_str().unwrap());
    outcome(unsafe { itero_config_set_state_folder(config.at, folder.as_ptr()) }).unwrap();
    let client = Client::of(&config);
    client.sign_in(sandbox, ADA).unwrap();
    client.pair(HARBOR, None).unwrap();
    client
}

fn rows(ledger: &Owned<itero_ledger>) -> Vec<(i32, String)> {
    (0..itero_ledger_count(ledger.at))
        .map(|i| {
            (
                itero_ledger_outcome(ledger.at, i),
                text(itero_ledger_rx_id(ledger.at, i)),
            )
        })
        .collect()
}

#[test]
fn d2_ledger_tells_an_own_rx_from_a_strangers() {
    both(|sandbox, version| {
        let folder = tempfile::tempdir().unwrap();
        let client = keeping(sandbox, version, folder.path());
        assert!(rows(&client.ledger(None).unwrap()).is_empty());
        let rx_id = client.rx("Maria", "Gonzalez Ferreira", "10023");
        let other = client.rx("John", "Smith", "10032");
        assert!(client.knows(&rx_id) && client.knows(&other) && !client.knows("stranger"));
        // Another client, as after a restart.
        let later = keeping(sandbox, version, folder.path());
        assert!(later.knows(&rx_id));
        let ledger = later.ledger(Some(" 10023 ")).unwrap();
        assert_eq!(rows(&ledger), [(ITERO_LEDGER_SENT, rx_id.clone())]);
        assert_eq!(text(itero_ledger_account_id(ledger.at, 0)), HARBOR);
        assert_eq!(
            sandbox
                .rxs()
                .iter()
                .find(|rx| rx.rx_id == rx_id)
                .unwrap()
                .idempotency_key,
            Some(text(itero_ledger_operation_id(ledger.at, 0)))
        );
        assert!(itero_ledger_time(ledger.at, 0) > 1_700_000_000_000);
        assert_eq!(rows(&later.ledger(None).unwrap()).len(), 2);
        assert!(rows(&later.ledger(Some("10024")).unwrap()).is_empty());
        for index in [-1, 1] {
            assert_eq!(itero_ledger_outcome(ledger.at, index), -1);
            assert_eq!(itero_ledger_time(ledger.at, index), -1);
            assert_eq!(text(itero_ledger_rx_id(ledger.at, index)), "");
        }
        // What one client sends, the others know at once.
        let rx_id = later.rx("John", "Smith", "10033");
        assert!(client.knows(&rx_id));
        // No patient is in the folder.
        for entry in std::fs::read_dir(folder.path()).unwrap() {
            let bytes = std::fs::read(entry.unwrap().path()).unwrap();
            let content = String::from_utf8(bytes).unwrap();
            for secret in [
                "Maria", "Gonzalez", "Smith", "10023", "10032", "10033", "7001",
            ] {
                assert!(!content.contains(&format!("\"{secret}")), "{content}");
            }
        }
    });
}

#[test]
fn d2_ledger_in_memory_without_a_folder() {
    both(|sandbox, version| {
        let client = Client::paired(sandbox, version, HARBOR);
        let rx_id = client.rx("Maria", "Gonzalez Ferreira", "10023");
        assert!(client.knows(&rx_id));
        assert_eq!(
            rows(&client.ledger(Some("10023")).unwrap()),
            [(ITERO_LEDGER_SENT, rx_id.clone())]
        );
        assert!(!Client::new(sandbox, version).knows(&rx_id));
    });
}

#[test]
fn d2_ledger_keeps_an_unknown_outcome_and_drops_a_refusal() {
    both(|sandbox, version| {
        let folder = tempfile::tempdir().unwrap();
        let client = keeping(sandbox, version, folder.path());
        let request = request("Maria", "Gonzalez Ferreira", "10023");
        sandbox.fault("scanRequest", 1, Fault::DropAfter).unwrap();
        let failure = client.send(&request).err().unwrap();
        assert_eq!(failure.status, ITERO_E_OUTCOME_UNKNOWN);
        let busy = Fault::Status {
            status: 429,
            retry_after: None,
        };
        sandbox.fault("scanRequest", 50, busy).unwrap();
        assert_eq!(
            client.send(&request).err().unwrap().status,
            ITERO_E_RATE_LIMIT
        );
        for client in [&client, &keeping(sandbox, version, folder.path())] {
            let ledger = client.ledger(None).unwrap();
            assert_eq!(rows(&ledger), [(ITERO_LEDGER_UNKNOWN, String::new())]);
            let operation = text(itero_ledger_operation_id(ledger.at, 0));
            assert!(failure.message.contains(&operation), "{failure:?}");
        }
    });
}

#[test]
fn d2_ledger_with_a_torn_line_goes_on() {
    let sandbox = small_sandbox();
    let folder = tempfile::tempdir().unwrap();
    let first = keeping(&sandbox, V2, folder.path()).rx("Maria", "Gonzalez Ferreira", "10023");
    let file = folder.path().join(FILE);
    let mut text = std::fs::read(&file).unwrap();
    text.extend(b"{\"event\":\"sent\",\"rxId\":\"half a l");
    std::fs::write(&file, text).unwrap();
    let client = keeping(&sandbox, V2, folder.path());
    assert!(client.knows(&first));
    let second = client.rx("John", "Smith", "10032");
    let later = keeping(&sandbox, V2, folder.path());
    assert!(later.knows(&first) && later.knows(&second));
}

#[test]
fn d2_ledger_that_cannot_be_written_stops_the_scan_request() {
    both(|sandbox, version| {
        let folder = tempfile::tempdir().unwrap();
        // A file where the folder should be; a folder where the file should be; a full disk.
        let (blocked, taken, full) = (
            folder.path().join("Jane Doe"),
            folder.path().join("taken"),
            folder.path().join("full"),
        );
        std::fs::write(&blocked, "").unwrap();
        std::fs::create_dir_all(taken.join(FILE)).unwrap();
        let mut places = vec![blocked, taken];
        #[cfg(target_os = "linux")]
        {
            std::fs::create_dir(&full).unwrap();
            std::os::unix::fs::symlink("/dev/full", full.join(FILE)).unwrap();
            places.push(full.clone());
        }
        for place in places {
            let client = keeping(sandbox, version, &place);
            let failure = client
                .send(&request("Maria", "Gonzalez Ferreira", "10023"))
                .err()
                .unwrap();
            assert_eq!(failure.status, ITERO_E_STORE, "{failure:?}");
            assert!(failure.message.contains("was not sent"), "{failure:?}");
            assert!(failure.advice.contains("state folder"), "{failure:?}");
            assert!(!failure.message.contains("Jane"), "{failure:?}");
        }
        drop(full);
        assert_eq!(sandbox.counters().requests.get("scanRequest"), None);
    });
}

#[test]
fn d2_ledger_two_processes_append() {
    if let Some(folder) = std::env::var_os(CHILD) {
        let sandbox = small_sandbox();
        let client = keeping(&sandbox, V2, Path::new(&folder));
        let sent: Vec<String> = (0..15)
            .map(|_| client.rx("John", "Smith", "10032"))
            .collect();
        let own = Path::new(&folder).join(format!("sent-{}", std::process::id()));
        std::fs::write(own, sent.join("\n")).unwrap();
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let children: Vec<_> = (0..2)
        .map(|_| {
            Command::new(std::env::current_exe().unwrap())
                .args(["d2_ledger::d2_ledger_two_processes_append", "--exact"])
                .env(CHILD, folder.path())
                .stdout(std::process::Stdio::null())
                .spawn()
                .unwrap()
        })
        .collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    let text = std::fs::read_to_string(folder.path().join(FILE)).unwrap();
    assert_eq!(text.lines().count(), 1 + 2 * 15 * 2);
    assert!(text.ends_with('\n'));
    let sandbox = small_sandbox();
    let client = keeping(&sandbox, V2, folder.path());
    let mut known = 0;
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let entry = entry.unwrap();
        if entry.file_name().to_str().unwrap().starts_with("sent-") {
            let sent = std::fs::read_to_string(entry.path()).unwrap();
            known += sent.lines().filter(|rx_id| client.knows(rx_id)).count();
        }
    }
    assert_eq!(known, 30);
    assert_eq!(rows(&client.ledger(Some("10032")).unwrap()).len(), 30);
}

#[test]
fn d2_ledger_of_wrong_arguments() {
    let sandbox = small_sandbox();
    let config = config(&sandbox, V2);
    for folder in [c"relative/folder", c" "] {
        let set = outcome(unsafe { itero_config_set_state_folder(config.at, folder.as_ptr()) });
        assert_eq!(set.unwrap_err().status, ITERO_E_ARGUMENT);
    }
    outcome(unsafe { itero_config_set_state_folder(config.at, c"".as_ptr()) }).unwrap();
    let client = Client::of(&config);
    assert_eq!(
        client.ledger(Some(" ")).err().unwrap().status,
        ITERO_E_ARGUMENT
    );
    assert!(!client.knows(""));
    let null = std::ptr::null_mut();
    let known = outcome(unsafe { itero_rx_is_known(client.at(), c"x".as_ptr(), null) });
    assert_eq!(known.unwrap_err().status, ITERO_E_ARGUMENT);
}
