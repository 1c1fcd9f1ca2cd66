//! The outbox: what is put in goes out in order, and is told apart when it can't.

use std::path::Path;
use std::ptr::null;
use std::time::Duration;

use itero::ffi::*;
use itero::sandbox::{Fault, Sandbox};

use crate::host::*;

pub struct Outbox(pub Owned<itero_outbox>);

/// One row of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub id: i32,
    pub kind: i32,
    pub state: i32,
    pub rx_id: String,
    pub operation_id: String,
    pub status: i32,
    pub message: String,
    pub attempts: i32,
}

impl Outbox {
    pub fn open(path: &Path) -> Outcome<Outbox> {
        let path = c(path.to_str().unwrap());
        take(itero_outbox_free, |at| unsafe {
            itero_outbox_open(path.as_ptr(), at)
        })
        .map(Outbox)
    }

    pub fn add(&self, add: impl FnOnce(*mut itero_outbox, *mut i32) -> i32) -> Outcome<i32> {
        let mut id = 0;
        outcome(add(self.0.at, &mut id))?;
        assert!(id > 0);
        Ok(id)
    }

    pub fn scan_request(&self, first: &str, last: &str, chart: &str) -> Outcome<i32> {
        let request = request(first, last, chart);
        self.add(|at, id| unsafe { itero_outbox_add_scan_request(at, request.at, id) })
    }

    pub fn rename(&self, chart: &str, first: Option<&str>) -> Outcome<i32> {
        let (chart, first) = (c(chart), first.map(c));
        let first = first.as_ref().map_or(null(), |first| first.as_ptr());
        self.add(|at, id| unsafe {
            let chart = chart.as_ptr();
            itero_outbox_add_patient_update_by_chart_number(at, chart, first, null(), id)
        })
    }

    pub fn update(&self, patient_id: &str, last: &str, chart: &str) -> Outcome<i32> {
        let (patient_id, last, chart) = (c(patient_id), c(last), c(chart));
        self.add(|at, id| unsafe {
            let (patient_id, last, chart) = (patient_id.as_ptr(), last.as_ptr(), chart.as_ptr());
            itero_outbox_add_patient_update(at, patient_id, null(), last, chart, id)
        })
    }

    pub fn delete(&self, rx_id: &str) -> Outcome<i32> {
        let rx_id = c(rx_id);
        self.add(|at, id| unsafe { itero_outbox_add_rx_delete(at, rx_id.as_ptr(), id) })
    }

    pub fn run(&self, client: &Client) -> Outcome<()> {
        let job = take(itero_outbox_job_free, |at| unsafe {
            itero_outbox_run(self.0.at, client.at(), at)
        })?;
        outcome(itero_outbox_job_wait(job.at, 60_000))
    }

    pub fn rows(&self) -> Vec<Row> {
        let items = take(itero_outbox_items_free, |at| unsafe {
            itero_outbox_items_list(self.0.at, at)
        })
        .unwrap();
        let at = items.at;
        let row = |i| Row {
            id: itero_outbox_items_id(at, i),
            kind: itero_outbox_items_kind(at, i),
            state: itero_outbox_items_state(at, i),
            rx_id: text(itero_outbox_items_rx_id(at, i)),
            operation_id: text(itero_outbox_items_operation_id(at, i)),
            status: itero_outbox_items_status(at, i),
            message: text(itero_outbox_items_message(at, i)),
            attempts: itero_outbox_items_attempts(at, i),
        };
        (0..itero_outbox_items_count(at)).map(row).collect()
    }

    fn states(&self) -> Vec<i32> {
        self.rows().iter().map(|row| row.state).collect()
    }

    pub fn remove(&self, id: i32) -> Outcome<()> {
        outcome(itero_outbox_remove(self.0.at, id))
    }

    fn retry(&self, id: i32) -> Outcome<()> {
        outcome(itero_outbox_retry(self.0.at, id))
    }

    fn settle(&self, id: i32, rx_id: Option<&str>) -> Outcome<()> {
        let rx_id = rx_id.map(c);
        let rx_id = rx_id.as_ref().map_or(null(), |rx_id| rx_id.as_ptr());
        outcome(unsafe { itero_outbox_settle(self.0.at, id, rx_id) })
    }
}

/// A client whose lost scan requests are settled soon.
fn quick(sandbox: &Sandbox, version: i32) -> Client {
    let config = config(sandbox, version);
    outcome(itero_config_set_timeouts(config.at, 1000, 1000, 1000)).unwrap();
    outcome(itero_config_set_settling_time(config.at, 50)).unwrap();
    let client = Client::of(&config);
    client.sign_in(sandbox, ADA).unwrap();
    client.pair(HARBOR, None).unwrap();
    client
}

const SETTLED: Duration = Duration::from_millis(1100);

fn status(status: u16) -> Fault {
    Fault::Status {
        status,
        retry_after: None,
    }
}

const PREPARED: i32 = ITERO_OUTBOX_PREPARED;
const CONFIRMED: i32 = ITERO_OUTBOX_CONFIRMED;
const UNKNOWN: i32 = ITERO_OUTBOX_UNKNOWN;
const FAILED: i32 = ITERO_OUTBOX_FAILED;

#[test]
fn outbox_keeps_what_is_put_in_and_sends_it_in_order() {
    both(|sandbox, version| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("practice.outbox");
        let client = quick(sandbox, version);
        let patient_id = text(itero_patients_id(
            client.search("", "", "10032").unwrap().at,
            0,
        ));
        let outbox = Outbox::open(&path).unwrap();
        assert!(outbox.rows().is_empty());
        // The scan requests fit only after the corrections before them.
        let ids = [
            outbox.rename("10023", Some("Mariana")).unwrap(),
            outbox
                .scan_request("Mariana", "Gonzalez Ferreira", "10023")
                .unwrap(),
            outbox.update(&patient_id, "Smythe", "10032").unwrap(),
            outbox.scan_request("John", "Smythe", "10032").unwrap(),
        ];
        // Another program, as after a restart.
        drop(outbox);
        let outbox = Outbox::open(&path).unwrap();
        let rows = outbox.rows();
        assert_eq!(rows.iter().map(|row| row.id).collect::<Vec<_>>(), ids);
        assert_eq!(
            rows.iter().map(|row| row.kind).collect::<Vec<_>>(),
            [
                ITERO_OUTBOX_PATIENT_UPDATE_BY_CHART_NUMBER,
                ITERO_OUTBOX_SCAN_REQUEST,
                ITERO_OUTBOX_PATIENT_UPDATE,
                ITERO_OUTBOX_SCAN_REQUEST
            ]
        );
        assert_eq!(outbox.states(), [PREPARED; 4]);
        for entry in std::fs::read_dir(folder.path()).unwrap() {
            let path = entry.unwrap().path();
            let bytes = std::fs::read(&path).unwrap();
            let content = String::from_utf8_lossy(&bytes);
            for secret in [
                "Mariana", "Gonzalez", "Smythe", "\"10023", "\"10032", "\"7001",
            ] {
                assert!(!content.contains(secret), "{secret} in {}", path.display());
            }
            #[cfg(unix)]
            {
                use std::os::unix::fs::PermissionsExt;
                let mode = std::fs::metadata(&path).unwrap().permissions().mode();
                assert_eq!(mode & 0o777, 0o600, "{}", path.display());
            }
        }
        // No network yet: nothing was sent and nothing is lost.
        sandbox
            .fault("patientSearch", 3, Fault::DropBefore)
            .unwrap();
        assert_eq!(outbox.run(&client).unwrap_err().status, ITERO_E_NETWORK);
        assert_eq!(outbox.states(), [PREPARED; 4]);
        assert_eq!(outbox.rows()[0].status, ITERO_E_NETWORK);
        assert!(sandbox.rxs().is_empty());
        outbox.run(&client).unwrap();
        let rows = outbox.rows();
        assert_eq!(outbox.states(), [CONFIRMED; 4]);
        assert_eq!((rows[0].attempts, rows[1].attempts), (2, 1));
        assert_eq!((rows[0].status, rows[0].message.as_str()), (0, ""));
        let rxs = sandbox.rxs();
        for row in [&rows[1], &rows[3]] {
            let rx = rxs.iter().find(|rx| rx.rx_id == row.rx_id).unwrap();
            assert_eq!(
                rx.idempotency_key.as_deref(),
                Some(row.operation_id.as_str())
            );
            assert!(client.knows(&row.rx_id));
        }
        // A withdrawal whose first answer is lost.
        outbox.delete(&rows[1].rx_id).unwrap();
        sandbox
            .fault("scanRequestDelete", 1, Fault::DropAfter)
            .unwrap();
        outbox.run(&client).unwrap();
        assert_eq!(sandbox.rxs().iter().filter(|rx| rx.deleted).count(), 1);
        for row in outbox.rows() {
            outbox.remove(row.id).unwrap();
        }
        assert!(outbox.rows().is_empty());
        outbox.run(&client).unwrap();
        // No id comes back.
        let next = outbox.scan_request("John", "Smythe", "10032").unwrap();
        assert_eq!(next, 6);
        outbox.remove(next).unwrap();
        outbox.run(&client).unwrap();
        assert_eq!(sandbox.rxs().len(), 2);
    });
}

#[test]
fn outbox_holds_back_one_patient_and_nobody_else() {
    both(|sandbox, version| {
        let folder = tempfile::tempdir().unwrap();
        let client = quick(sandbox, version);
        let outbox = Outbox::open(&folder.path().join("outbox")).unwrap();
        let refused = outbox.rename("10023", Some("Mariana")).unwrap();
        outbox
            .scan_request("Mariana", "Gonzalez Ferreira", "10023")
            .unwrap();
        outbox.scan_request("John", "Smith", "10032").unwrap();
        sandbox
            .fault("patientUpdateByChart", 1, status(409))
            .unwrap();
        let failure = outbox.run(&client).unwrap_err();
        assert_eq!(failure.status, ITERO_E_CONFLICT, "{failure:?}");
        assert_eq!(outbox.states(), [FAILED, PREPARED, CONFIRMED]);
        assert_eq!(outbox.rows()[0].status, ITERO_E_CONFLICT);
        // It stays so until somebody decides.
        let failure = outbox.run(&client).unwrap_err();
        assert_eq!(failure.status, ITERO_E_STATE, "{failure:?}");
        assert_eq!(outbox.states(), [FAILED, PREPARED, CONFIRMED]);
        outbox.retry(refused).unwrap();
        assert_eq!(outbox.retry(refused).unwrap_err().status, ITERO_E_STATE);
        outbox.run(&client).unwrap();
        assert_eq!(outbox.states(), [CONFIRMED; 3]);
        assert_eq!(sandbox.rxs().len(), 2);
    });
}

#[test]
fn outbox_finds_out_what_became_of_a_lost_answer() {
    both(|sandbox, version| {
        let folder = tempfile::tempdir().unwrap();
        let client = quick(sandbox, version);
        let outbox = Outbox::open(&folder.path().join("outbox")).unwrap();
        let arrived = outbox.scan_request("John", "Smith", "10032").unwrap();
        let vanished = outbox
            .scan_request("Maria", "Gonzalez Ferreira", "10023")
            .unwrap();
        outbox
            .scan_request("Maria", "Gonzalez Ferreira", "10023")
            .unwrap();
        sandbox.fault("scanRequest", 1, Fault::DropAfter).unwrap();
        sandbox.fault("scanRequest", 1, Fault::DropBefore).unwrap();
        let failure = outbox.run(&client).unwrap_err();
        assert_eq!(failure.status, ITERO_E_OUTCOME_UNKNOWN, "{failure:?}");
        assert_eq!(outbox.states(), [UNKNOWN, UNKNOWN, PREPARED]);
        for id in [arrived, vanished] {
            assert_eq!(outbox.remove(id).unwrap_err().status, ITERO_E_STATE);
        }
        // Too early for "not sent", not for "sent".
        assert!(outbox.run(&client).is_err());
        assert_eq!(outbox.states(), [CONFIRMED, UNKNOWN, PREPARED]);
        std::thread::sleep(SETTLED);
        outbox.run(&client).unwrap();
        assert_eq!(outbox.states(), [CONFIRMED; 3]);
        let rows = outbox.rows();
        let rxs = sandbox.rxs();
        assert_eq!(rxs.len(), 3);
        for row in &rows {
            let same = |rx: &&itero::sandbox::RxRecord| {
                rx.idempotency_key.as_deref() == Some(&row.operation_id) && rx.rx_id == row.rx_id
            };
            assert_eq!(rxs.iter().filter(same).count(), 1);
        }
        assert_eq!(
            (rows[0].attempts, rows[1].attempts, rows[2].attempts),
            (1, 2, 1)
        );
    });
}

/// A line that can't be read may be the one that said "sent".
#[test]
fn outbox_sends_nothing_twice_after_its_file_was_damaged() {
    let sandbox = small_sandbox();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("outbox");
    let outbox = Outbox::open(&path).unwrap();
    outbox.scan_request("John", "Smith", "10032").unwrap();
    outbox.run(&quick(&sandbox, V2)).unwrap();
    let rx_id = outbox.rows()[0].rx_id.clone();
    drop(outbox);
    let whole = std::fs::read_to_string(&path).unwrap();
    let damaged: String = whole
        .lines()
        .map(|line| match line.contains("\"changed\"") {
            true => "?".repeat(line.len()) + "\n",
            false => line.to_owned() + "\n",
        })
        .collect();
    assert_ne!(whole, damaged);
    std::fs::write(&path, damaged).unwrap();
    let outbox = Outbox::open(&path).unwrap();
    outbox
        .scan_request("Maria", "Gonzalez Ferreira", "10023")
        .unwrap();
    assert_eq!(outbox.states(), [UNKNOWN, PREPARED]);
    // With a ledger that knows of nothing.
    outbox.run(&quick(&sandbox, V2)).unwrap();
    assert_eq!(outbox.states(), [CONFIRMED; 2]);
    assert_eq!(outbox.rows()[0].rx_id, rx_id);
    assert_eq!(sandbox.rxs().len(), 2);
}

#[test]
fn outbox_takes_a_persons_word() {
    let sandbox = small_sandbox();
    let folder = tempfile::tempdir().unwrap();
    let client = quick(&sandbox, V2);
    let outbox = Outbox::open(&folder.path().join("outbox")).unwrap();
    let first = outbox.scan_request("John", "Smith", "10032").unwrap();
    let second = outbox
        .scan_request("Maria", "Gonzalez Ferreira", "10023")
        .unwrap();
    assert_eq!(
        outbox.settle(first, None).unwrap_err().status,
        ITERO_E_STATE
    );
    sandbox.fault("scanRequest", 2, Fault::DropBefore).unwrap();
    outbox.run(&client).unwrap_err();
    assert_eq!(outbox.states(), [UNKNOWN, UNKNOWN]);
    assert_eq!(
        outbox.settle(first, Some(" ")).unwrap_err().status,
        ITERO_E_ARGUMENT
    );
    outbox.settle(first, Some("rx-of-the-portal")).unwrap();
    outbox.settle(second, None).unwrap();
    assert_eq!(outbox.states(), [CONFIRMED, PREPARED]);
    outbox.run(&client).unwrap();
    assert_eq!(outbox.rows()[0].rx_id, "rx-of-the-portal");
    assert_eq!(sandbox.rxs().len(), 1);
    for id in [0, -1, 99, i32::MAX] {
        for failure in [outbox.remove(id), outbox.retry(id), outbox.settle(id, None)] {
            assert_eq!(failure.unwrap_err().status, ITERO_E_NOT_FOUND);
        }
    }
}

#[test]
fn outbox_gives_up_soon_in_an_outage_and_never_sends_to_another_account() {
    let sandbox = small_sandbox();
    let folder = tempfile::tempdir().unwrap();
    let client = quick(&sandbox, V2);
    let outbox = Outbox::open(&folder.path().join("outbox")).unwrap();
    let out = Client::new(&sandbox, V2);
    assert_eq!(outbox.run(&out).unwrap_err().status, ITERO_E_NOT_SIGNED_IN);
    let signed_in = Client::signed_in(&sandbox, V2, ADA);
    assert_eq!(
        outbox.run(&signed_in).unwrap_err().status,
        ITERO_E_NOT_PAIRED
    );
    for i in 0..20 {
        outbox.rename(&format!("1002{i}"), Some("Mariana")).unwrap();
    }
    sandbox.fault("patientSearch", 500, status(503)).unwrap();
    let failure = outbox.run(&client).unwrap_err();
    assert_eq!(failure.status, ITERO_E_SERVICE, "{failure:?}");
    let asked = sandbox.counters().requests["patientSearch"];
    assert_eq!(asked, 9, "three items, three attempts each");
    assert_eq!(outbox.states(), [PREPARED; 20]);
    let other = Client::paired(&sandbox, V2, RIDGE);
    let failure = outbox.run(&other).unwrap_err();
    assert_eq!(failure.status, ITERO_E_STATE, "{failure:?}");
    assert_eq!(sandbox.counters().requests["patientSearch"], asked);
}
