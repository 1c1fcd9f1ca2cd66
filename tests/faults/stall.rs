//! R9: a download that no longer moves is found, and whatever hangs is left at once when the host wants to.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use itero::ffi::*;
use itero::sandbox::Fault;

use crate::download::*;
use crate::host::*;

/// R9, with the library's own 30 seconds.
#[test]
fn r9_a_stall_is_found_in_35_seconds_and_the_download_goes_on() {
    let size = 3_000_000;
    let sandbox = one_file(size, false);
    let (client, order_id) = scanned(&sandbox);
    let slow = Fault::Dribble {
        bytes_per_second: 500,
        after: 1_000_000,
    };
    sandbox.fault("file", 1, slow).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let download = client.download(&order_id, folder.path(), 0).unwrap();
    until(|| bytes_so_far(&download) >= 1_000_000);
    let began = Instant::now();
    until(|| requests(&sandbox) == 2);
    let found = began.elapsed();
    wait(&download).unwrap();
    let came = std::fs::read(folder.path().join(NAME)).unwrap();
    assert_eq!(sha256(&came), sha256(&noise(size)));
    let twice = sandbox.counters().file_bytes - size as u64;
    println!("R9: a stall was found after {found:.1?}; {twice} bytes fetched twice");
    assert!(found < Duration::from_secs(35) && found > Duration::from_secs(25));
}

/// When the next connection stalls too, the host is told; what came is kept.
#[test]
fn r9_a_stall_that_lasts_is_a_timeout() {
    let size = 3_000_000;
    let sandbox = one_file(size, false);
    let quick = |config: &Owned<itero_config>| {
        outcome(itero_config_set_timeouts(config.at, 2000, 5000, 1500)).unwrap();
    };
    let (client, order_id) = scanned_with(&sandbox, quick);
    let slow = Fault::Dribble {
        bytes_per_second: 300,
        after: 0,
    };
    let begun = Fault::Dribble {
        bytes_per_second: 300,
        after: 1_000_000,
    };
    sandbox.fault("file", 1, begun).unwrap();
    sandbox.fault("file", 9, slow).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let download = client.download(&order_id, folder.path(), 0).unwrap();
    let failure = wait(&download).unwrap_err();
    assert_eq!(failure.status, ITERO_E_TIMEOUT, "{failure:?}");
    assert_eq!(requests(&sandbox), 2);
    sandbox.clear_faults();
    wait(&client.download(&order_id, folder.path(), 0).unwrap()).unwrap();
    assert!(sandbox.counters().file_bytes < size as u64 + 100_000);
}

/// Every look-up of a name waits for half a minute, as where the DNS server doesn't answer.
const HUNG_DNS: &str = r#"
#include <netdb.h>
#include <unistd.h>
int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **result)
{
    (void)node; (void)service; (void)hints; (void)result;
    sleep(30);
    return EAI_AGAIN;
}
"#;

fn hung_dns(folder: &Path) -> std::path::PathBuf {
    let (source, library) = (folder.join("hung_dns.c"), folder.join("libhung_dns.so"));
    std::fs::write(&source, HUNG_DNS).unwrap();
    let status = Command::new("cc")
        .args(["-shared", "-fPIC", "-Wall", "-Werror", "-o"])
        .args([&library, &source])
        .status();
    assert!(status.unwrap().success());
    library
}

/// In a process of its own: with its own DNS, and because a shutdown ends everything.
#[test]
fn r9_cancel_and_shutdown_do_not_wait_for_what_hangs() {
    let variable = "ITERO_TEST_HANGS";
    if std::env::var_os(variable).is_none() {
        let folder = tempfile::tempdir().unwrap();
        let test = "stall::r9_cancel_and_shutdown_do_not_wait_for_what_hangs";
        let status = alone(test, variable)
            .env("LD_PRELOAD", hung_dns(folder.path()))
            .status();
        assert!(status.unwrap().success());
        return;
    }
    let sandbox = one_file(2_000_000, true);
    let (client, order_id) = scanned(&sandbox);
    let somewhere = Fault::Body {
        status: 200,
        content_type: "application/json".into(),
        text: r#"{"files":[{"fileId":1,"kind":"STL","name":"a.stl","size":9,"url":"https://files.example.com/a"}]}"#
            .into(),
    };
    let dribble = Fault::Dribble {
        bytes_per_second: 5000,
        after: 100_000,
    };
    let ways = [
        ("a hung name look-up", "orderFiles", somewhere),
        ("a hung TLS handshake", "filePort", Fault::Hang),
        ("a dribble", "file", dribble),
        ("no answer", "file", Fault::Hang),
    ];
    let folder = tempfile::tempdir().unwrap();
    let begin = |number: usize| {
        let (_, operation, fault) = &ways[number];
        sandbox.fault(operation, 1, fault.clone()).unwrap();
        let place = folder.path().join(number.to_string());
        let download = client.download(&order_id, &place, 0).unwrap();
        std::thread::sleep(Duration::from_millis(500));
        assert_eq!(
            outcome(itero_download_wait(download.at, 0))
                .unwrap_err()
                .status,
            ITERO_E_PENDING
        );
        download
    };
    for (number, (name, ..)) in ways.iter().enumerate() {
        let download = begin(number);
        let began = Instant::now();
        outcome(itero_download_cancel(download.at)).unwrap();
        assert_eq!(wait(&download).unwrap_err().status, ITERO_E_CANCELLED);
        let took = began.elapsed();
        println!("R9: {name}: cancelled in {took:.1?}");
        assert!(took < Duration::from_millis(250), "{name}: {took:?}");
        sandbox.clear_faults();
    }
    let downloads: Vec<_> = (0..ways.len()).map(begin).collect();
    let began = Instant::now();
    outcome(itero_shutdown(2000)).unwrap();
    let took = began.elapsed();
    println!("R9: all of them: shut down in {took:.1?}");
    assert!(took < Duration::from_secs(2));
    for download in &downloads {
        assert_eq!(wait(download).unwrap_err().status, ITERO_E_CANCELLED);
    }
}
