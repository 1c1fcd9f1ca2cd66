//! D4 Download Order.

use std::ffi::c_void;
use std::path::{Path, PathBuf};
use std::ptr::null_mut;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use itero::ffi::*;
use itero::sandbox::{Fault, FileSource, Options, Sandbox};

use crate::host::*;

/// A scanned order and a client that may download it.
fn scanned(sandbox: &Sandbox, version: i32) -> (Client, String) {
    let client = Client::paired(sandbox, version, HARBOR);
    let rx_id = client.rx("Maria", "Gonzalez Ferreira", "10023");
    let order_id = sandbox.scan(&rx_id).unwrap().to_string();
    (client, order_id)
}

fn names_in(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn wait(download: &Owned<itero_download>) -> Outcome<()> {
    outcome(itero_download_wait(download.at, 20_000))
}

#[test]
fn d4_all_files_verified_unpacked_and_checked() {
    both(|sandbox, version| {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("Müller 歯").join("deep");
        let (client, order_id) = scanned(sandbox, version);
        let download = client.download(&order_id, &target, 0).unwrap();
        wait(&download).unwrap();
        let at = download.at;
        assert_eq!(itero_download_file_count(at), 6);
        let mut seen = Vec::new();
        for i in 0..6 {
            let path = PathBuf::from(text(itero_download_file_path(at, i)));
            assert!(path.is_absolute());
            assert_eq!(
                std::fs::metadata(&path).unwrap().len() as i64,
                itero_download_file_size(at, i)
            );
            assert_eq!(text(itero_download_file_sha256(at, i)).len(), 64);
            assert_eq!(itero_download_file_was_there(at, i), 0);
            seen.push((
                text(itero_download_file_name(at, i)),
                itero_download_file_triangles(at, i),
            ));
        }
        assert_eq!(seen[1], ("77_shell_occlusion_u.stl".to_owned(), 4));
        assert_eq!(
            text(itero_download_file_archive(at, 1)),
            "OrthoCAD_Export_77.zip"
        );
        assert_eq!(text(itero_download_file_archive(at, 3)), "");
        let extent: Vec<f64> = (0..3)
            .map(|axis| itero_download_file_extent(at, 3, axis))
            .collect();
        assert_eq!(extent, [10.0, 20.0, 30.0]);
        assert_eq!(itero_download_file_triangles(at, 4), 0);
        let mut progress = [0i64; 4];
        let [bytes, total, files, of] = &mut progress;
        outcome(unsafe { itero_download_progress(at, bytes, total, files, of) }).unwrap();
        assert_eq!((progress[0], progress[2], progress[3]), (progress[1], 4, 4));
        assert_eq!(
            names_in(&target),
            [
                "77_shell_occlusion_u.stl",
                "OrthoCAD_Export_77",
                "OrthoCAD_Export_77.zip",
                "gallery_#77.jpg",
                "itero-manifest.json",
                "screen_capture_#77.png"
            ]
        );
        assert_eq!(sandbox.counters().bearer_on_file_host, 0);
    });
}

#[test]
fn d4_running_it_again_fetches_only_what_is_missing_or_changed() {
    both(|sandbox, version| {
        let folder = tempfile::tempdir().unwrap();
        let (client, order_id) = scanned(sandbox, version);
        wait(&client.download(&order_id, folder.path(), 0).unwrap()).unwrap();
        let fetched = || sandbox.counters().requests["file"];
        let before = fetched();
        std::fs::remove_file(folder.path().join("gallery_#77.jpg")).unwrap();
        std::fs::write(folder.path().join("screen_capture_#77.png"), vec![8; 3000]).unwrap();
        let again = client.download(&order_id, folder.path(), 0).unwrap();
        wait(&again).unwrap();
        assert_eq!(fetched() - before, 2);
        let was_there = |name: &str| {
            let index = (0..6).find(|i| {
                text(itero_download_file_name(again.at, *i)) == name
                    && text(itero_download_file_archive(again.at, *i)).is_empty()
            });
            itero_download_file_was_there(again.at, index.unwrap())
        };
        assert_eq!(
            (
                was_there("77_shell_occlusion_u.stl"),
                was_there("gallery_#77.jpg")
            ),
            (1, 0)
        );
        assert_eq!(
            std::fs::read(folder.path().join("screen_capture_#77.png")).unwrap(),
            vec![9; 3000]
        );
    });
}

#[test]
fn d4_chosen_kinds() {
    let sandbox = small_sandbox();
    let (client, order_id) = scanned(&sandbox, V2);
    let folder = tempfile::tempdir().unwrap();
    wait(
        &client
            .download(
                &order_id,
                folder.path(),
                ITERO_FILE_STL | ITERO_FILE_SCREEN_CAPTURE,
            )
            .unwrap(),
    )
    .unwrap();
    assert_eq!(
        names_in(folder.path()),
        [
            "77_shell_occlusion_u.stl",
            "itero-manifest.json",
            "screen_capture_#77.png"
        ]
    );
    let none = client
        .download(&order_id, folder.path(), ITERO_FILE_VIEWER)
        .unwrap();
    assert_eq!(wait(&none).unwrap_err().status, ITERO_E_NOT_FOUND);
    for (kinds, flags) in [(128, 0), (u32::MAX, 0), (0, 2), (0, u32::MAX)] {
        let target = c(folder.path().to_str().unwrap());
        let failure = take(itero_download_free, |at| unsafe {
            itero_download_start(
                client.at(),
                c"1".as_ptr(),
                target.as_ptr(),
                kinds,
                flags,
                None,
                null_mut(),
                at,
            )
        });
        assert_eq!(failure.err().unwrap().status, ITERO_E_ARGUMENT);
    }
}

#[test]
fn d4_before_the_end_and_after_a_failure_the_table_says_why() {
    let sandbox = small_sandbox();
    let (client, order_id) = scanned(&sandbox, V2);
    let folder = tempfile::tempdir().unwrap();
    sandbox
        .fault("file", 1, Fault::Delay(Duration::from_millis(400)))
        .unwrap();
    let download = client.download(&order_id, folder.path(), 0).unwrap();
    assert_eq!(
        outcome(itero_download_wait(download.at, 0))
            .unwrap_err()
            .status,
        ITERO_E_PENDING
    );
    assert_eq!(itero_download_file_count(download.at), 0);
    assert_eq!(itero_last_error_status(), ITERO_E_PENDING);
    wait(&download).unwrap();
    assert_eq!(itero_download_file_count(download.at), 6);

    let unknown = client.download("999", folder.path(), 0).unwrap();
    assert_eq!(wait(&unknown).unwrap_err().status, ITERO_E_NOT_FOUND);
    assert_eq!(text(itero_download_file_path(unknown.at, 0)), "");
    assert_eq!(itero_last_error_status(), ITERO_E_NOT_FOUND);
    for (order, target, words) in [
        ("", "/tmp", "order_id is empty"),
        ("1", "relative/folder", "not an absolute path"),
        ("1", "", "folder is empty"),
    ] {
        let failure = client.download(order, Path::new(target), 0).err().unwrap();
        assert!(
            failure.status == ITERO_E_ARGUMENT && failure.message.contains(words),
            "{failure:?}"
        );
    }
}

#[test]
fn d4_nothing_half_done_is_left_under_a_final_name() {
    both(|sandbox, version| {
        for (fault, status) in [
            (Fault::DropBefore, ITERO_E_NETWORK),
            (
                Fault::Status {
                    status: 503,
                    retry_after: None,
                },
                ITERO_E_SERVICE,
            ),
            (
                Fault::Body {
                    status: 200,
                    content_type: "model/stl".into(),
                    text: "short".into(),
                },
                ITERO_E_PROTOCOL,
            ),
            (
                Fault::Body {
                    status: 404,
                    content_type: "text/plain".into(),
                    text: String::new(),
                },
                ITERO_E_NOT_FOUND,
            ),
        ] {
            let folder = tempfile::tempdir().unwrap();
            let (client, order_id) = scanned(sandbox, version);
            sandbox.fault("file", 9, fault).unwrap();
            let download = client
                .download(&order_id, folder.path(), ITERO_FILE_STL)
                .unwrap();
            assert_eq!(wait(&download).unwrap_err().status, status);
            assert_eq!(names_in(folder.path()), Vec::<String>::new());
            sandbox.clear_faults();
            wait(
                &client
                    .download(&order_id, folder.path(), ITERO_FILE_STL)
                    .unwrap(),
            )
            .unwrap();
        }
    });
}

/// Same length, other bytes: only the digest tells.
#[test]
fn d4_a_wrong_digest_is_thrown_away() {
    let sandbox = small_sandbox();
    let (client, order_id) = scanned(&sandbox, V2);
    let folder = tempfile::tempdir().unwrap();
    let forged = "x".repeat(small_stl().len());
    sandbox
        .fault(
            "file",
            1,
            Fault::Body {
                status: 200,
                content_type: "model/stl".into(),
                text: forged,
            },
        )
        .unwrap();
    let failure = wait(
        &client
            .download(&order_id, folder.path(), ITERO_FILE_STL)
            .unwrap(),
    )
    .unwrap_err();
    assert!(
        failure.status == ITERO_E_PROTOCOL && failure.message.contains("SHA-256"),
        "{failure:?}"
    );
    assert_eq!(names_in(folder.path()), Vec::<String>::new());
}

#[test]
fn d4_an_expired_url_is_renewed() {
    let sandbox = small_sandbox();
    let (client, order_id) = scanned(&sandbox, V2);
    let folder = tempfile::tempdir().unwrap();
    sandbox
        .fault(
            "file",
            1,
            Fault::Status {
                status: 403,
                retry_after: None,
            },
        )
        .unwrap();
    wait(&client.download(&order_id, folder.path(), 0).unwrap()).unwrap();
    assert_eq!(sandbox.counters().requests["orderFiles"], 2);
    sandbox
        .fault(
            "file",
            9,
            Fault::Status {
                status: 403,
                retry_after: None,
            },
        )
        .unwrap();
    let other = tempfile::tempdir().unwrap();
    let failure = wait(&client.download(&order_id, other.path(), 0).unwrap()).unwrap_err();
    assert_eq!(
        (failure.status, failure.http_status),
        (ITERO_E_FORBIDDEN, 403),
        "{failure:?}"
    );
}

#[test]
fn d4_cancel_ends_it_at_once_and_the_callback_with_it() {
    let sandbox = small_sandbox();
    let (client, order_id) = scanned(&sandbox, V2);
    let folder = tempfile::tempdir().unwrap();
    for how in 0..2 {
        sandbox
            .fault("file", 1, Fault::Delay(Duration::from_secs(20)))
            .unwrap();
        let download = client.download(&order_id, folder.path(), 0).unwrap();
        std::thread::sleep(Duration::from_millis(200));
        let began = Instant::now();
        match how {
            0 => outcome(itero_download_cancel(download.at)).unwrap(),
            _ => outcome(itero_client_cancel(client.at())).unwrap(),
        }
        assert_eq!(wait(&download).unwrap_err().status, ITERO_E_CANCELLED);
        assert!(
            began.elapsed() < Duration::from_millis(250),
            "{:?}",
            began.elapsed()
        );
        sandbox.clear_faults();
    }
    assert!(
        names_in(folder.path())
            .iter()
            .all(|name| !name.ends_with(".part"))
    );
}

static TOLD: Mutex<Vec<(i64, i64, i64, i64)>> = Mutex::new(Vec::new());

unsafe extern "C" fn tell(_user: *mut c_void, bytes: i64, total: i64, files: i64, of: i64) {
    TOLD.lock().unwrap().push((bytes, total, files, of));
}

#[test]
fn d4_progress_comes_up_to_the_end() {
    let sandbox = small_sandbox();
    let (client, order_id) = scanned(&sandbox, V2);
    let folder = tempfile::tempdir().unwrap();
    let (order, target) = (c(&order_id), c(folder.path().to_str().unwrap()));
    sandbox
        .fault("file", 2, Fault::Delay(Duration::from_millis(250)))
        .unwrap();
    let download = take(itero_download_free, |at| unsafe {
        itero_download_start(
            client.at(),
            order.as_ptr(),
            target.as_ptr(),
            0,
            0,
            Some(tell),
            null_mut(),
            at,
        )
    })
    .unwrap();
    wait(&download).unwrap();
    std::thread::sleep(Duration::from_millis(300));
    drop(download);
    let told = TOLD.lock().unwrap().clone();
    assert!(told.len() >= 2, "{told:?}");
    let last = told.last().unwrap();
    assert!(last.0 == last.1 && last.2 == 4 && last.3 == 4, "{told:?}");
    assert!(told.is_sorted_by_key(|now| now.0));
}

#[test]
fn d4_a_hostile_archive_is_kept_but_not_unpacked() {
    let hostile = [
        small_zip(&[("../../escaped.txt", b"x"), ("ok.txt", b"y")]),
        b"this is no zip at all, whatever its name says".to_vec(),
    ];
    for (i, zip) in hostile.into_iter().enumerate() {
        let sandbox = start(Options {
            files: FileSource::Given(vec![file("Export.zip", "IDE", zip)]),
            ..Options::default()
        });
        let (client, order_id) = scanned(&sandbox, V2);
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("a/b");
        let result = wait(&client.download(&order_id, &inner, 0).unwrap());
        assert!(inner.join("Export.zip").exists());
        assert_eq!(names_in(folder.path()), ["a"]);
        match i {
            0 => assert!(result.is_ok() && inner.join("Export/escaped.txt").exists()),
            _ => assert_eq!(result.unwrap_err().status, ITERO_E_PROTOCOL),
        }
    }
}

#[test]
fn d4_a_mesh_that_cannot_be_read_is_told() {
    let files = vec![
        file("a.stl", "STL", b"not a mesh".to_vec()),
        file("b.ply", "PLY", b"ply\nnonsense".to_vec()),
    ];
    let sandbox = start(Options {
        files: FileSource::Given(files),
        ..Options::default()
    });
    let (client, order_id) = scanned(&sandbox, V2);
    let folder = tempfile::tempdir().unwrap();
    let download = client.download(&order_id, folder.path(), 0).unwrap();
    wait(&download).unwrap();
    assert_eq!(
        [0, 1].map(|i| itero_download_file_triangles(download.at, i)),
        [-1, -1]
    );
    assert_eq!(itero_download_file_extent(download.at, 0, 0), 0.0);
    assert_eq!(itero_download_file_extent(download.at, 0, 3), 0.0);
    assert_eq!(itero_last_error_status(), ITERO_E_ARGUMENT);
}

/// The generated scan: real sizes, read again to the last triangle.
#[test]
fn d4_a_whole_scan() {
    let sandbox = start(Options::default());
    let (client, order_id) = scanned(&sandbox, V2);
    let folder = tempfile::tempdir().unwrap();
    let download = client.download(&order_id, folder.path(), 0).unwrap();
    outcome(itero_download_wait(download.at, 60_000)).unwrap();
    let meshes: Vec<i64> = (0..itero_download_file_count(download.at))
        .map(|i| itero_download_file_triangles(download.at, i))
        .filter(|triangles| *triangles != 0)
        .collect();
    assert_eq!(meshes.len(), 8);
    assert!(
        meshes.iter().all(|triangles| *triangles >= 100_000),
        "{meshes:?}"
    );
}
