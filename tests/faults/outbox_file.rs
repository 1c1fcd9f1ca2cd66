//! The outbox's file: what may be put in, where it may be, and what a crash or a full disk leaves of it.

use std::path::Path;
use std::process::Command;

use itero::ffi::*;

use crate::outbox::Outbox;

#[test]
fn outbox_refuses_what_cannot_be_sent_and_keeps_none_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let outbox = Outbox::open(&folder.path().join("outbox")).unwrap();
    let guid = "6f1b8c1e-52a0-4b8e-9a7e-0d6f5f0c2a11";
    for refused in [
        outbox.scan_request("", "Smith", "10032"),
        outbox.rename("10023", None),
        outbox.rename(" ", Some("Maria")),
        outbox.update("10023", "Smith", "10032"),
        outbox.update(guid, " ", "10032"),
        outbox.delete(" "),
    ] {
        assert_eq!(refused.unwrap_err().status, ITERO_E_ARGUMENT);
    }
    let null_place = outbox.add(|at, _| unsafe {
        itero_outbox_add_rx_delete(at, c"rx".as_ptr(), std::ptr::null_mut())
    });
    assert_eq!(null_place.unwrap_err().status, ITERO_E_ARGUMENT);
    assert!(outbox.rows().is_empty());
}

#[test]
fn outbox_opens_only_where_it_may_be() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    std::fs::write(at("letter.txt"), "Dear Jane Doe,\n").unwrap();
    std::fs::write(at("binary"), vec![0u8; 100_000]).unwrap();
    std::fs::write(at("json"), "{\"event\":\"ledger\",\"version\":1}\n").unwrap();
    std::fs::write(
        at("newer"),
        "{\"event\":\"outbox\",\"version\":2,\"format\":[]}\n",
    )
    .unwrap();
    std::fs::create_dir(at("folder")).unwrap();
    for (path, status) in [
        (at("letter.txt"), ITERO_E_ARGUMENT),
        (at("binary"), ITERO_E_ARGUMENT),
        (at("json"), ITERO_E_ARGUMENT),
        (at("folder"), ITERO_E_ARGUMENT),
        (Path::new("relative").to_owned(), ITERO_E_ARGUMENT),
        (at("newer"), ITERO_E_STATE),
        (at("not there/outbox"), ITERO_E_IO),
        // A folder in which nobody may write, root included.
        #[cfg(target_os = "linux")]
        ("/proc/outbox".into(), ITERO_E_IO),
    ] {
        let before = std::fs::read(&path).ok();
        let failure = Outbox::open(&path).err().unwrap();
        assert_eq!(failure.status, status, "{failure:?}");
        assert!(!failure.message.contains("Jane") && !failure.message.contains("letter"));
        assert_eq!(std::fs::read(&path).ok(), before);
    }
    std::fs::write(at("empty"), "").unwrap();
    Outbox::open(&at("empty")).unwrap();
    // Somebody takes the file away, or puts another one there.
    let outbox = Outbox::open(&at("outbox")).unwrap();
    outbox.scan_request("John", "Smith", "10032").unwrap();
    std::fs::write(at("outbox"), "Dear Jane Doe,\n").unwrap();
    let failure = outbox.scan_request("John", "Smith", "10032").unwrap_err();
    assert_eq!(failure.status, ITERO_E_ARGUMENT);
    std::fs::remove_file(at("outbox")).unwrap();
    let failure = outbox.scan_request("John", "Smith", "10032").unwrap_err();
    assert_eq!(failure.status, ITERO_E_IO);
}

/// Every length that a crash may leave: what was whole is there, what comes after it too.
#[test]
fn outbox_survives_every_tear() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("outbox");
    let outbox = Outbox::open(&path).unwrap();
    let begin = std::fs::read(&path).unwrap().len();
    let mut lengths = vec![begin];
    for _ in 0..3 {
        outbox.scan_request("John", "Smith", "10032").unwrap();
        lengths.push(std::fs::read(&path).unwrap().len());
    }
    let whole = std::fs::read(&path).unwrap();
    drop(outbox);
    for length in (begin..=whole.len()).step_by(37).chain(lengths.clone()) {
        std::fs::write(&path, &whole[..length]).unwrap();
        let kept = lengths.iter().filter(|end| **end <= length).count() - 1;
        let outbox = Outbox::open(&path).unwrap();
        assert_eq!(outbox.rows().len(), kept, "torn at {length}");
        outbox
            .scan_request("Maria", "Gonzalez Ferreira", "10023")
            .unwrap();
        assert_eq!(outbox.rows().len(), kept + 1);
        assert_eq!(Outbox::open(&path).unwrap().rows().len(), kept + 1);
    }
}

#[test]
fn outbox_does_not_grow_for_ever_and_two_handles_agree() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("outbox");
    let (outbox, beside) = (Outbox::open(&path).unwrap(), Outbox::open(&path).unwrap());
    let kept = outbox.rename("10023", Some("Mariana")).unwrap();
    let mut largest = 0;
    for round in 0..400 {
        let id = outbox.delete("rx-1").unwrap();
        assert_eq!(id, round + 2);
        assert_eq!(beside.rows().len(), 2);
        beside.remove(id).unwrap();
        largest = largest.max(std::fs::metadata(&path).unwrap().len());
    }
    assert!(largest < 100_000, "{largest}");
    let rows = Outbox::open(&path).unwrap().rows();
    assert_eq!(rows.iter().map(|row| row.id).collect::<Vec<_>>(), [kept]);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
}

const CHILD: &str = "ITERO_FULL_OUTBOX";

/// A child that may write 16 KB to a file and no more: the line that doesn't fit leaves no trace.
#[test]
#[cfg(unix)]
fn outbox_on_a_full_disk_keeps_what_it_has() {
    if let Some(path) = std::env::var_os(CHILD) {
        let outbox = Outbox::open(Path::new(&path)).unwrap();
        let mut added = 0;
        let failure = loop {
            match outbox.scan_request("John", "Smith", "10032") {
                Ok(_) => added += 1,
                Err(failure) => break failure,
            }
        };
        assert!(
            [ITERO_E_IO, ITERO_E_DISK_FULL].contains(&failure.status),
            "{failure:?}"
        );
        assert!(added > 3);
        assert_eq!(outbox.rows().len(), added);
        assert!(std::fs::read(&path).unwrap().ends_with(b"\n"));
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("outbox");
    let own = std::env::current_exe().unwrap();
    let limited = "trap '' XFSZ; ulimit -f 32; exec \"$0\" --exact outbox_file::outbox_on_a_full_disk_keeps_what_it_has";
    let child = Command::new("sh")
        .args(["-c", limited])
        .arg(own)
        .env(CHILD, &path)
        .stdout(std::process::Stdio::null())
        .status()
        .unwrap();
    assert!(child.success());
    let outbox = Outbox::open(&path).unwrap();
    let before = outbox.rows().len();
    outbox.scan_request("John", "Smith", "10032").unwrap();
    assert_eq!(outbox.rows().len(), before + 1);
}
