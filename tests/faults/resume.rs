//! R6 and R7: a download that is cut off goes on where it ended, and never joins what doesn't belong together.

use std::time::{Duration, Instant};

use itero::ffi::*;
use itero::sandbox::{Fault, Lie};

use crate::download::*;
use crate::host::*;

/// R6. The short form cuts 20 MB; with ITERO_FULL=1 it is 500 MB.
#[test]
fn r6_fifty_cuts_fetch_next_to_nothing_twice() {
    let full = std::env::var_os("ITERO_FULL").is_some();
    let size = if full { 500_000_000 } else { 20_000_000 };
    let cuts = 50;
    let sandbox = one_file(size, false);
    let (client, order_id) = scanned(&sandbox);
    for i in 0..cuts {
        // Every fifth is a TCP reset, the others end like a server that goes away.
        let cut = Fault::Cut {
            bytes: size as u64 / (cuts + 1),
            reset: i % 5 == 4,
        };
        sandbox.fault("file", 1, cut).unwrap();
    }
    let folder = tempfile::tempdir().unwrap();
    let began = Instant::now();
    let download = client.download(&order_id, folder.path(), 0).unwrap();
    wait(&download).unwrap();
    let took = began.elapsed();
    let came = std::fs::read(folder.path().join(NAME)).unwrap();
    assert_eq!(sha256(&came), sha256(&noise(size)));
    let counters = sandbox.counters();
    let twice = counters.file_bytes - size as u64;
    println!(
        "R6: {size} bytes, {} requests, {cuts} cuts, SHA-256 identical, {twice} bytes fetched twice ({:.3} %), {took:.1?}",
        counters.requests["file"],
        twice as f64 * 100.0 / size as f64,
    );
    assert_eq!(counters.requests["file"], cuts + 1);
    assert!(twice * 50 <= size as u64);
    assert_eq!(part_in(folder.path()), None);
    assert_eq!(bytes_so_far(&download), size as i64);
}

/// R7. Each answer comes once after a cut in the middle, and then again and again.
#[test]
fn r7_bad_resumes_corrupt_nothing() {
    let size = 400_000;
    let right = sha256(&noise(size));
    let (mut tried, mut brought, mut refused, mut corrupt) = (0, 0, 0, 0);
    for (name, lie) in Lie::ALL {
        for count in [1, 40] {
            let sandbox = one_file(size, false);
            let (client, order_id) = scanned(&sandbox);
            let cut = Fault::Cut {
                bytes: 200_000,
                reset: false,
            };
            sandbox.fault("file", 1, cut).unwrap();
            sandbox.fault("file", count, Fault::Lie(lie)).unwrap();
            let folder = tempfile::tempdir().unwrap();
            let download = client.download(&order_id, folder.path(), 0).unwrap();
            let result = wait(&download);
            let came = std::fs::read(folder.path().join(NAME)).ok();
            tried += 1;
            corrupt += u32::from(came.as_ref().is_some_and(|came| sha256(came) != right));
            match &result {
                Ok(()) => {
                    assert!(came.is_some(), "{name}");
                    brought += 1;
                }
                Err(failure) => {
                    // A single bad answer is got over; only one that lasts is an error, and it has a name.
                    assert!(count > 1 && came.is_none(), "{name}: {failure:?}");
                    assert_eq!(failure.status, ITERO_E_PROTOCOL, "{name}: {failure:?}");
                    refused += 1;
                }
            }
            println!(
                "R7: {name} x{count}: {}, {} requests",
                result.map_or_else(|failure| failure.message, |()| "brought".to_owned()),
                requests(&sandbox),
            );
        }
    }
    println!("R7: {tried} bad resumes, {brought} brought, {refused} refused, {corrupt} corrupt");
    assert_eq!((tried, corrupt), (28, 0));
}

/// A weak or missing entity tag from the beginning: nothing may be joined, and the file still comes.
#[test]
fn without_a_strong_tag_a_cut_file_begins_anew() {
    for lie in [Lie::WeakTag, Lie::NoTag] {
        let sandbox = one_file(400_000, false);
        let (client, order_id) = scanned(&sandbox);
        sandbox.fault("file", 1, Fault::Lie(lie)).unwrap();
        // Half of the announced bytes, then the end.
        let folder = tempfile::tempdir().unwrap();
        let slow = Fault::Dribble {
            bytes_per_second: 10,
            after: 100_000,
        };
        let download = client.download(&order_id, folder.path(), 0).unwrap();
        wait(&download).unwrap();
        std::fs::remove_file(folder.path().join(NAME)).unwrap();
        sandbox.fault("file", 1, slow).unwrap();
        let download = client.download(&order_id, folder.path(), 0).unwrap();
        until(|| bytes_so_far(&download) >= 100_000);
        drop(download);
        wait(&client.download(&order_id, folder.path(), 0).unwrap()).unwrap();
        let came = std::fs::read(folder.path().join(NAME)).unwrap();
        assert_eq!(sha256(&came), sha256(&noise(400_000)));
    }
}

#[test]
fn a_url_that_expires_in_the_middle_is_replaced_and_the_file_goes_on() {
    let size = 1_000_000;
    let sandbox = one_file(size, false);
    let (client, order_id) = scanned(&sandbox);
    for _ in 0..3 {
        let cut = Fault::Cut {
            bytes: 200_000,
            reset: false,
        };
        sandbox.fault("file", 1, cut).unwrap();
        sandbox.fault("file", 1, Fault::Expired).unwrap();
    }
    let folder = tempfile::tempdir().unwrap();
    wait(&client.download(&order_id, folder.path(), 0).unwrap()).unwrap();
    let counters = sandbox.counters();
    assert_eq!(counters.requests["orderFiles"], 4);
    assert_eq!(counters.requests["file"], 7);
    assert_eq!(counters.file_bytes, size as u64, "nothing came twice");
}

#[test]
fn another_host_may_have_the_file_and_a_pause_that_is_asked_for_is_kept() {
    let sandbox = one_file(300_000, false);
    let (client, order_id) = scanned(&sandbox);
    let host = sandbox
        .addresses()
        .file_host
        .replace("127.0.0.1", "localhost");
    sandbox
        .fault("file", 1, Fault::Redirect { to: host })
        .unwrap();
    let busy = Fault::Status {
        status: 429,
        retry_after: Some("1".to_owned()),
    };
    sandbox.fault("file", 1, busy).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let began = Instant::now();
    wait(&client.download(&order_id, folder.path(), 0).unwrap()).unwrap();
    assert!(began.elapsed() >= Duration::from_secs(1));
    // The redirect, the refusal there, and the file from its own URL.
    assert_eq!(requests(&sandbox), 3);
    assert_eq!(sandbox.counters().bearer_on_file_host, 0);
}

#[test]
fn what_a_cancelled_download_has_begun_the_next_one_carries_on() {
    let size = 3_000_000;
    let sandbox = one_file(size, false);
    let (client, order_id) = scanned(&sandbox);
    let folder = tempfile::tempdir().unwrap();
    for round in 1..=2 {
        let slow = Fault::Dribble {
            bytes_per_second: 2000,
            after: 1_000_000,
        };
        sandbox.fault("file", 1, slow).unwrap();
        let download = client.download(&order_id, folder.path(), 0).unwrap();
        until(|| bytes_so_far(&download) >= round * 1_000_000);
        let began = Instant::now();
        outcome(itero_download_cancel(download.at)).unwrap();
        assert_eq!(wait(&download).unwrap_err().status, ITERO_E_CANCELLED);
        assert!(began.elapsed() < Duration::from_millis(250));
        assert!(length(&part_in(folder.path()).unwrap()) >= round as u64 * 1_000_000);
        assert!(!folder.path().join(NAME).exists());
    }
    wait(&client.download(&order_id, folder.path(), 0).unwrap()).unwrap();
    let came = std::fs::read(folder.path().join(NAME)).unwrap();
    assert_eq!(sha256(&came), sha256(&noise(size)));
    let twice = sandbox.counters().file_bytes - size as u64;
    println!("resumed after two cancels: {twice} of {size} bytes fetched twice");
    assert!(twice < 100_000);
    assert_eq!(part_in(folder.path()), None);
}

/// The child is killed in the middle; its file's beginning serves this process.
#[test]
fn what_a_killed_process_has_begun_another_one_carries_on() {
    let size = 3_000_000;
    let variable = "ITERO_TEST_KILLED_IN";
    let slow = || Fault::Dribble {
        bytes_per_second: 20_000,
        after: 1_000_000,
    };
    if let Some(folder) = std::env::var_os(variable) {
        let sandbox = one_file(size, false);
        let (client, order_id) = scanned(&sandbox);
        sandbox.fault("file", 1, slow()).unwrap();
        let _ = wait(&client.download(&order_id, folder.as_ref(), 0).unwrap());
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let test = "resume::what_a_killed_process_has_begun_another_one_carries_on";
    let mut child = alone(test, variable)
        .env(variable, folder.path())
        .spawn()
        .unwrap();
    until(|| part_in(folder.path()).is_some_and(|part| length(&part) >= 1_000_000));
    // Nobody else may work on it meanwhile.
    let sandbox = one_file(size, false);
    let (client, order_id) = scanned(&sandbox);
    let download = client.download(&order_id, folder.path(), 0).unwrap();
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(requests(&sandbox), 0);
    child.kill().unwrap();
    child.wait().unwrap();
    wait(&download).unwrap();
    let came = std::fs::read(folder.path().join(NAME)).unwrap();
    assert_eq!(sha256(&came), sha256(&noise(size)));
    let fetched = sandbox.counters().file_bytes;
    println!("resumed after a kill: {fetched} of {size} bytes fetched by the second process");
    assert!(fetched <= size as u64 - 1_000_000);
}

#[test]
fn two_downloads_of_one_file_into_one_folder_take_turns() {
    let size = 2_000_000;
    let sandbox = one_file(size, false);
    let (client, order_id) = scanned(&sandbox);
    let slow = Fault::Dribble {
        bytes_per_second: 2_000_000,
        after: 500_000,
    };
    sandbox.fault("file", 1, slow).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let downloads: Vec<_> = (0..4)
        .map(|_| client.download(&order_id, folder.path(), 0).unwrap())
        .collect();
    let mut brought = 0;
    for download in &downloads {
        wait(download).unwrap();
        brought += 1 - itero_download_file_was_there(download.at, 0);
    }
    assert_eq!((brought, requests(&sandbox)), (1, 1));
    let came = std::fs::read(folder.path().join(NAME)).unwrap();
    assert_eq!(sha256(&came), sha256(&noise(size)));
    assert_eq!(part_in(folder.path()), None);
}

/// What was begun of one version of a file is worth nothing to the next.
#[test]
fn a_rescan_begins_anew() {
    let sandbox = one_file(1_000_000, false);
    let (client, order_id) = scanned(&sandbox);
    let slow = Fault::Dribble {
        bytes_per_second: 10,
        after: 500_000,
    };
    sandbox.fault("file", 1, slow).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let download = client.download(&order_id, folder.path(), 0).unwrap();
    until(|| bytes_so_far(&download) >= 500_000);
    drop(download);
    let mut other = noise(1_000_000);
    other.reverse();
    let rx_id = sandbox.rxs()[0].rx_id.clone();
    let files = vec![file(NAME, "OTHER", other.clone())];
    sandbox.set_files(itero::sandbox::FileSource::Given(files));
    sandbox.rescan(&rx_id).unwrap();
    wait(&client.download(&order_id, folder.path(), 0).unwrap()).unwrap();
    assert_eq!(std::fs::read(folder.path().join(NAME)).unwrap(), other);
}
