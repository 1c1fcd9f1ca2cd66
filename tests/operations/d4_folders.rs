//! D4 Download Order: the target folder's places, one file alone, roles and the manifest.

use std::path::{Path, PathBuf};
use std::ptr::null_mut;

use itero::ffi::*;
use itero::sandbox::{FileSource, Options};

use crate::host::*;

fn from_order(
    client: &Client,
    orders: &Owned<itero_orders>,
    index: i32,
    folder: &str,
    kinds: u32,
) -> Outcome<Owned<itero_download>> {
    let folder = c(folder);
    take(itero_download_free, |at| unsafe {
        let flags = ITERO_DOWNLOAD_UNPACK;
        itero_download_start_from_order(
            client.at(),
            orders.at,
            index,
            folder.as_ptr(),
            kinds,
            flags,
            None,
            null_mut(),
            at,
        )
    })
}

fn one_file(
    client: &Client,
    order_id: &str,
    file_id: &str,
    folder: &Path,
) -> Outcome<Owned<itero_download>> {
    let (order_id, file_id, folder) = (c(order_id), c(file_id), c(folder.to_str().unwrap()));
    take(itero_download_free, |at| unsafe {
        let (order_id, file_id) = (order_id.as_ptr(), file_id.as_ptr());
        itero_download_start_file(
            client.at(),
            order_id,
            file_id,
            folder.as_ptr(),
            0,
            None,
            null_mut(),
            at,
        )
    })
}

fn wait(download: &Owned<itero_download>) -> Outcome<()> {
    outcome(itero_download_wait(download.at, 60_000))
}

#[test]
fn d4_the_folder_names_the_orders_own_values_safely() {
    both(|sandbox, version| {
        let client = Client::paired(sandbox, version, HARBOR);
        let rx_id = client.rx("Aylin", "Yıldız", "10031/A #2");
        let order = sandbox.scan(&rx_id).unwrap().to_string();
        let orders = client.by_rx(&rx_id).unwrap();
        let root = tempfile::tempdir().unwrap();
        let template = format!(
            "{}/{{chartNumber}}/{{LASTNAME}} {{firstName}}/{{orderId}}",
            root.path().display()
        );
        wait(&from_order(&client, &orders, 0, &template, ITERO_FILE_STL).unwrap()).unwrap();
        let folder = root
            .path()
            .join("10031_A #2")
            .join("Yıldız Aylin")
            .join(&order);
        assert!(folder.join("77_shell_occlusion_u.stl").is_file());

        // By the order's id alone, only that can be filled.
        let template = PathBuf::from(format!("{}/by id/{{orderId}}", root.path().display()));
        wait(&client.download(&order, &template, ITERO_FILE_STL).unwrap()).unwrap();
        assert!(root.path().join("by id").join(&order).is_dir());
        for (template, words) in [
            ("{chartNumber}", "these can: {orderId}"),
            ("{orderId", "'{' without '}'"),
        ] {
            let failure = client
                .download(&order, &root.path().join(template), 0)
                .err()
                .unwrap();
            assert!(
                failure.status == ITERO_E_ARGUMENT && failure.message.contains(words),
                "{failure:?}"
            );
        }
        assert_eq!(
            from_order(&client, &orders, 1, "/tmp/{orderId}", 0)
                .err()
                .unwrap()
                .status,
            ITERO_E_ARGUMENT
        );
    });
}

#[test]
fn d4_one_file_alone() {
    both(|sandbox, version| {
        let client = Client::paired(sandbox, version, HARBOR);
        let rx_id = client.rx("Maria", "Gonzalez Ferreira", "10023");
        let order = sandbox.scan(&rx_id).unwrap().to_string();
        let orders = client.by_rx(&rx_id).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let file_id = text(itero_orders_file_id(orders.at, 0, 2));
        let download = one_file(&client, &order, &file_id, folder.path()).unwrap();
        wait(&download).unwrap();
        assert_eq!(itero_download_file_count(download.at), 1);
        assert_eq!(
            text(itero_download_file_name(download.at, 0)),
            "gallery_#77.jpg"
        );
        let unknown = one_file(&client, &order, "no-such-file", folder.path()).unwrap();
        let failure = wait(&unknown).unwrap_err();
        assert!(
            failure.status == ITERO_E_NOT_FOUND && failure.message.contains("file_id"),
            "{failure:?}"
        );
        assert_eq!(
            one_file(&client, &order, " ", folder.path())
                .err()
                .unwrap()
                .status,
            ITERO_E_ARGUMENT
        );
    });
}

#[test]
fn d4_the_manifest_lists_what_is_there() {
    let sandbox = small_sandbox();
    let client = Client::paired(&sandbox, V2, HARBOR);
    let rx_id = client.rx("Maria", "Gonzalez Ferreira", "10023");
    let order = sandbox.scan(&rx_id).unwrap().to_string();
    let folder = tempfile::tempdir().unwrap();
    let manifest = || -> serde_json::Value {
        let json = std::fs::read(folder.path().join("itero-manifest.json")).unwrap();
        serde_json::from_slice(&json).unwrap()
    };
    wait(
        &client
            .download(&order, folder.path(), ITERO_FILE_IDE)
            .unwrap(),
    )
    .unwrap();
    let first = manifest();
    assert_eq!(first["orderId"], order);
    let paths = |manifest: &serde_json::Value| -> Vec<String> {
        let files = manifest["files"].as_array().unwrap();
        files
            .iter()
            .map(|file| file["path"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(
        paths(&first),
        [
            "OrthoCAD_Export_77.zip",
            "OrthoCAD_Export_77/77_shell_occlusion_u.stl",
            "OrthoCAD_Export_77/gallery_#77.jpg"
        ]
    );
    assert_eq!(first["files"][1]["role"], "upper arch");
    assert_eq!(first["files"][1]["triangles"], 4);
    // A later download of other kinds adds to it; what is gone leaves it.
    std::fs::remove_file(folder.path().join("OrthoCAD_Export_77/gallery_#77.jpg")).unwrap();
    wait(
        &client
            .download(&order, folder.path(), ITERO_FILE_STL)
            .unwrap(),
    )
    .unwrap();
    assert_eq!(
        paths(&manifest()),
        [
            "77_shell_occlusion_u.stl",
            "OrthoCAD_Export_77.zip",
            "OrthoCAD_Export_77/77_shell_occlusion_u.stl"
        ]
    );
    // No patient in it.
    let text = manifest().to_string();
    assert!(
        !text.contains("Maria") && !text.contains("Gonzalez") && !text.contains("10023"),
        "{text}"
    );
    // What was unpacked and is the same is left alone.
    let again = client
        .download(&order, folder.path(), ITERO_FILE_IDE)
        .unwrap();
    wait(&again).unwrap();
    let was_there: Vec<i32> = (0..3)
        .map(|i| itero_download_file_was_there(again.at, i))
        .collect();
    assert_eq!(was_there, [1, 1, 0]);
}

#[test]
fn d4_roles_are_told_by_the_exports_xml_and_by_names() {
    let xml = b"<iTeroExport Version=\"3.0\"><ExportedObjects><Object><ObjectType>Shell</ObjectType>\
        <JawId>Lower</JawId><FileName>strange name.stl</FileName></Object></ExportedObjects></iTeroExport>";
    let stl = small_stl();
    let zip = small_zip(&[
        ("strange name.stl", &stl),
        ("itero_export_#5_v30.xml", xml),
        ("Rx_5.html", b"<html>"),
        ("notes.txt", b"x"),
    ]);
    let files = vec![
        file("OrthoCAD_Export_5.zip", "IDE", zip),
        file("5_shell_lockedocclusion_ul.stl", "STL", stl.clone()),
        file("strange name.stl", "STL", stl),
        file("gallery_#5.jpg", "IMAGE_GALLERY", vec![1]),
    ];
    let sandbox = start(Options {
        files: FileSource::Given(files),
        ..Options::default()
    });
    let client = Client::paired(&sandbox, V2, HARBOR);
    let rx_id = client.rx("Maria", "Gonzalez Ferreira", "10023");
    let order = sandbox.scan(&rx_id).unwrap().to_string();
    let folder = tempfile::tempdir().unwrap();
    let download = client.download(&order, folder.path(), 0).unwrap();
    assert_eq!(itero_download_file_role(download.at, 0), ITERO_ROLE_OTHER);
    wait(&download).unwrap();
    let roles: Vec<(String, i32)> = (0..itero_download_file_count(download.at))
        .map(|i| {
            (
                text(itero_download_file_name(download.at, i)),
                itero_download_file_role(download.at, i),
            )
        })
        .collect();
    let expected = [
        ("OrthoCAD_Export_5.zip", ITERO_ROLE_ARCHIVE),
        ("strange name.stl", ITERO_ROLE_LOWER_ARCH),
        ("itero_export_#5_v30.xml", ITERO_ROLE_DATA),
        ("Rx_5.html", ITERO_ROLE_RX),
        ("notes.txt", ITERO_ROLE_OTHER),
        ("5_shell_lockedocclusion_ul.stl", ITERO_ROLE_BOTH_ARCHES),
        ("strange name.stl", ITERO_ROLE_LOWER_ARCH),
        ("gallery_#5.jpg", ITERO_ROLE_PICTURE),
    ];
    assert_eq!(roles, expected.map(|(name, role)| (name.to_owned(), role)));
}

/// The names of a hostile service stay inside the folder and stay apart.
#[test]
fn d4_hostile_file_names_stay_in_the_folder() {
    let names = [
        "../../up.stl",
        "C:\\Windows\\x.stl",
        "nul",
        "a:b.stl",
        "UP.STL",
        "dots...",
        "\u{202e}gpj.exe",
    ];
    let files = names
        .iter()
        .map(|name| file(name, "OTHER", name.as_bytes().to_vec()))
        .collect();
    let sandbox = start(Options {
        files: FileSource::Given(files),
        ..Options::default()
    });
    let client = Client::paired(&sandbox, V2, HARBOR);
    let rx_id = client.rx("Maria", "Gonzalez Ferreira", "10023");
    let order = sandbox.scan(&rx_id).unwrap().to_string();
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("in/here");
    let download = client.download(&order, &folder, 0).unwrap();
    wait(&download).unwrap();
    let mut found: Vec<String> = (0..7)
        .map(|i| text(itero_download_file_name(download.at, i)))
        .collect();
    assert_eq!(
        found,
        [
            "up.stl",
            "x.stl",
            "_nul",
            "a_b.stl",
            "UP (2).STL",
            "dots",
            "_gpj.exe"
        ]
    );
    found.push("itero-manifest.json".to_owned());
    found.sort();
    let mut on_disk: Vec<String> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    on_disk.sort();
    assert_eq!(on_disk, found);
    assert_eq!(std::fs::read_dir(root.path()).unwrap().count(), 1);
}
