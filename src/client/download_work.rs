//! The work of a download (D4): the order's list of files, each file, its archive's content, and the manifest.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use url::Url;

use super::Client;
use super::download::{Counters, Wish, kind};
use crate::download::{
    Downloaded, Expected, Manifest, Placed, Role, check_mesh, fetch, roles_of_export, safe_name,
    unique_name, unpack,
};
use crate::error::{Error, Result, Status};
use crate::transport::runtime;
use crate::wire::Text;
use crate::wire::order::File;

/// Brings the wanted files to disk. Whatever takes the processor or the disk long runs aside, so that a cancel is heard.
pub(super) async fn fetch_order(
    client: &Arc<Client>,
    wish: &Wish,
    counters: &Counters,
) -> Result<Vec<Downloaded>> {
    let mut files = wanted(client, wish).await?;
    std::fs::create_dir_all(&wish.folder)
        .map_err(|fault| Error::io("making the target folder", &fault))?;
    let total: Option<u64> = files.iter().map(|file| file.size).sum();
    let total = total
        .and_then(|total| i64::try_from(total).ok())
        .unwrap_or(-1);
    counters.total_bytes.store(total, Ordering::Relaxed);
    counters
        .total_files
        .store(files.len() as i64, Ordering::Relaxed);

    let mut done = Vec::new();
    let mut taken = HashMap::new();
    for i in 0..files.len() {
        let name = unique_name(
            safe_name(&files[i].name, &format!("file-{}", i + 1)),
            &mut taken,
        );
        let before = counters.bytes.load(Ordering::Relaxed);
        let mut placed = one(client, &files[i], &wish.folder, &name, counters).await;
        if placed.as_ref().is_err_and(is_expired) {
            // The URLs are short-lived; a long download may need fresh ones more than once, a single file only once.
            counters.bytes.store(before, Ordering::Relaxed);
            files = renewed(client, wish, &files).await?;
            placed = one(client, &files[i], &wish.folder, &name, counters).await;
        }
        let placed = placed?;
        let archive = placed.path.clone();
        let is_archive = wish.unpack
            && archive
                .extension()
                .is_some_and(|own| own.eq_ignore_ascii_case("zip"));
        done.push(downloaded(placed, files[i].kind.clone(), "").await?);
        if is_archive {
            let folder = archive.with_extension("");
            for inside in runtime::aside(move || unpack(&archive, &folder)).await? {
                done.push(downloaded(inside, files[i].kind.clone(), &name).await?);
            }
        }
        counters.files.fetch_add(1, Ordering::Relaxed);
    }
    name_roles(&mut done).await;
    Manifest::new(&wish.order_id, &wish.folder, &done).write()?;
    Ok(done)
}

/// The files to fetch, with fresh URLs.
async fn wanted(client: &Arc<Client>, wish: &Wish) -> Result<Vec<File>> {
    let kinds = if wish.kinds == 0 {
        kind::ALL
    } else {
        wish.kinds
    };
    let is_wanted = |file: &File| match wish.file_id.as_str() {
        "" => kind::of(&file.kind) & kinds != 0,
        id => file.file_id.as_str() == id,
    };
    let mut files = client.order_files(&wish.order_id).await?;
    files.retain(is_wanted);
    if !files.is_empty() {
        return Ok(files);
    }
    let error = match wish.file_id.as_str() {
        "" => Error::new(
            Status::NotFound,
            "the order has no files of the chosen kinds",
        ),
        _ => Error::new(Status::NotFound, "the order has no file with this file_id"),
    };
    Err(error.advise("Read the order again; files come when it is Completed."))
}

fn is_expired(error: &Error) -> bool {
    error.status == Status::Forbidden && error.http_status != 0
}

async fn renewed(client: &Arc<Client>, wish: &Wish, files: &[File]) -> Result<Vec<File>> {
    let fresh = wanted(client, wish).await?;
    let same =
        |a: &File, b: &File| a.file_id == b.file_id && a.sha256 == b.sha256 && a.size == b.size;
    if fresh.len() == files.len() && fresh.iter().zip(files).all(|(a, b)| same(a, b)) {
        return Ok(fresh);
    }
    Err(Error::new(
        Status::Conflict,
        "the order's files changed during the download",
    )
    .advise("Download the order once more; finished files are not fetched again."))
}

async fn one(
    client: &Client,
    file: &File,
    folder: &Path,
    name: &str,
    counters: &Counters,
) -> Result<Placed> {
    let url = Url::parse(&file.url)
        .map_err(|_| Error::protocol("a file of the order has no usable URL"))?;
    let expected = Expected {
        size: file.size,
        sha256: &file.sha256,
    };
    let progress = |more: u64| {
        counters
            .bytes
            .fetch_add(i64::try_from(more).unwrap_or(0), Ordering::Relaxed);
    };
    fetch(&client.transport, &url, folder, name, &expected, &progress).await
}

async fn downloaded(placed: Placed, kind: Text, archive: &str) -> Result<Downloaded> {
    let path = placed.path.clone();
    let mesh = runtime::aside(move || Ok(check_mesh(&path))).await?;
    let text = |path: &Path| {
        let text = path.to_str().map(Text::new);
        text.ok_or_else(|| Error::argument("the target folder's name is not Unicode"))
    };
    let name = text(Path::new(placed.path.file_name().unwrap_or_default()))?;
    Ok(Downloaded {
        path: text(&placed.path)?,
        role: Role::by_name(&name),
        name,
        kind,
        archive: Text::new(archive),
        size: placed.size,
        sha256: Text::from(placed.sha256),
        was_there: placed.was_there,
        mesh,
    })
}

/// What the export's own XML says of a file counts more than its name.
async fn name_roles(files: &mut [Downloaded]) {
    let exports: Vec<PathBuf> = files
        .iter()
        .filter(|file| file.role == Role::Data)
        .map(|file| PathBuf::from(file.path.as_str()))
        .collect();
    for export in exports {
        // An export without such an XML, or with a damaged one, leaves the names' word.
        let Ok(told) = runtime::aside(move || Ok(roles_of_export(&export))).await else {
            return;
        };
        for (name, role) in told {
            for file in files
                .iter_mut()
                .filter(|file| file.name.eq_ignore_ascii_case(&name))
            {
                file.role = role;
            }
        }
    }
}
