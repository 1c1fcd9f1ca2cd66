//! R8: a disk that is full or refuses is told as that, and never leaves a fragment under a file's name.
//!
//! The target that another program holds is Windows' own trouble: tests/windows/download.sh.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use itero::ffi::*;
use itero::sandbox::Fault;

use crate::download::*;

fn names_in(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap().flatten();
    entries
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect()
}

#[test]
fn r8_too_little_room_is_told_before_the_first_byte() {
    let sandbox = one_file(10, false);
    let (client, order_id) = scanned(&sandbox);
    let host = &sandbox.addresses().file_host;
    let text = format!(
        r#"{{"files":[{{"fileId":1,"kind":"STL","name":"a.stl","size":{},"url":"{host}/files/1/a"}}]}}"#,
        1_u64 << 60
    );
    let fault = Fault::Body {
        status: 200,
        content_type: "application/json".into(),
        text,
    };
    sandbox.fault("orderFiles", 1, fault).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let download = client.download(&order_id, folder.path(), 0).unwrap();
    let failure = wait(&download).unwrap_err();
    assert_eq!(failure.status, ITERO_E_DISK_FULL, "{failure:?}");
    assert!(
        failure.message.contains("need 1152921504606846976 bytes"),
        "{failure:?}"
    );
    assert!(failure.message.contains("are free"), "{failure:?}");
    assert_eq!(requests(&sandbox), 0);
    assert_eq!(names_in(folder.path()), Vec::<String>::new());
    println!("R8: too little room: {}", failure.message);
}

/// In a process of its own, on a disk of 24 MB that another program fills while the file comes. Where this computer lets
/// nobody mount one, the limit of a file's size below stands alone.
#[test]
fn r8_a_disk_that_fills_up_in_the_middle_keeps_no_fragment() {
    let variable = "ITERO_TEST_SMALL_DISK";
    if let Some(disk) = std::env::var_os(variable) {
        return on_a_small_disk(Path::new(&disk));
    }
    let disk = tempfile::tempdir().unwrap();
    let mount = |then: &str| {
        let mut command = Command::new("unshare");
        command
            .args(["--map-root-user", "--mount", "sh", "-c"])
            .arg(format!(
                "mount -t tmpfs -o size=24m tmpfs \"$DISK\" && {then}"
            ))
            .env("DISK", disk.path());
        command
    };
    let may_mount = mount("true")
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if !may_mount {
        println!("R8: disk full: this computer mounts no small disk");
        return;
    }
    let status = mount("exec \"$PROGRAM\" --exact disk::r8_a_disk_that_fills_up_in_the_middle_keeps_no_fragment --nocapture")
        .env("PROGRAM", std::env::current_exe().unwrap())
        .env(variable, disk.path())
        .status();
    assert!(status.unwrap().success());
}

fn on_a_small_disk(disk: &Path) {
    let size = 16_000_000;
    let sandbox = one_file(size, false);
    let (client, order_id) = scanned(&sandbox);
    let slow = Fault::Dribble {
        bytes_per_second: 8_000_000,
        after: 4_000_000,
    };
    sandbox.fault("file", 1, slow).unwrap();
    let folder = disk.join("scan");
    let download = client.download(&order_id, &folder, 0).unwrap();
    until(|| bytes_so_far(&download) >= 4_000_000);
    let filler = disk.join("filler");
    std::fs::write(&filler, vec![1; 12_000_000]).unwrap();
    let failure = wait(&download).unwrap_err();
    assert_eq!(failure.status, ITERO_E_DISK_FULL, "{failure:?}");
    assert_eq!(names_in(&folder), Vec::<String>::new());
    println!("R8: disk full in the middle: {}", failure.message);
    let refused = wait(&client.download(&order_id, &folder, 0).unwrap()).unwrap_err();
    assert_eq!(refused.status, ITERO_E_DISK_FULL, "{refused:?}");
    println!("R8: disk full at the beginning: {}", refused.message);
    std::fs::remove_file(&filler).unwrap();
    wait(&client.download(&order_id, &folder, 0).unwrap()).unwrap();
    let came = std::fs::read(folder.join(NAME)).unwrap();
    assert_eq!(sha256(&came), sha256(&noise(size)));
}

/// A file that may not grow beyond 2 MB, by the limit of the process.
#[test]
fn r8_a_file_that_may_not_grow_is_a_typed_error() {
    let variable = "ITERO_TEST_SMALL_FILES";
    let test = "disk::r8_a_file_that_may_not_grow_is_a_typed_error";
    if std::env::var_os(variable).is_none() {
        let status = Command::new("sh")
            .args([
                "-c",
                "ulimit -f 4096 && exec \"$0\" --exact \"$1\" --nocapture",
            ])
            .arg(std::env::current_exe().unwrap())
            .arg(test)
            .env(variable, "1")
            .status();
        assert!(status.unwrap().success());
        return;
    }
    let sandbox = one_file(4_000_000, false);
    let (client, order_id) = scanned(&sandbox);
    let folder = tempfile::tempdir().unwrap();
    let download = client.download(&order_id, folder.path(), 0).unwrap();
    let failure = wait(&download).unwrap_err();
    assert_eq!(failure.status, ITERO_E_IO, "{failure:?}");
    assert_eq!(names_in(folder.path()), Vec::<String>::new());
    println!("R8: a file that may not grow: {}", failure.message);
}

/// A folder in which not even root may write: one without the permission, else one of the system's own.
fn read_only(folder: &Path) -> PathBuf {
    let mut permissions = std::fs::metadata(folder).unwrap().permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(folder, permissions).unwrap();
    match std::fs::write(folder.join("x"), b"x") {
        Err(_) => folder.to_owned(),
        Ok(()) => PathBuf::from("/sys"),
    }
}

#[test]
fn r8_a_read_only_folder_and_a_deep_one() {
    let size = 300_000;
    let sandbox = one_file(size, false);
    let (client, order_id) = scanned(&sandbox);
    let root = tempfile::tempdir().unwrap();
    let shut = tempfile::tempdir().unwrap();
    let download = client
        .download(&order_id, &read_only(shut.path()), 0)
        .unwrap();
    let failure = wait(&download).unwrap_err();
    assert_eq!(failure.status, ITERO_E_IO, "{failure:?}");
    println!("R8: read-only folder: {}", failure.message);
    let mut deep = root.path().to_owned();
    for i in 0..6 {
        deep.push(format!(
            "patients-of-the-practice-in-a-folder-with-a-long-name-{i}"
        ));
    }
    wait(&client.download(&order_id, &deep, 0).unwrap()).unwrap();
    assert!(deep.as_os_str().len() > 260);
    let came = std::fs::read(deep.join(NAME)).unwrap();
    assert_eq!(sha256(&came), sha256(&noise(size)));
    println!(
        "R8: a path of {} characters: brought",
        deep.join(NAME).as_os_str().len()
    );
}
