//! The work of a download (D4): the order's list of files, each file, its archive's content, and the manifest.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::Client;
use super::download::{Counters, Wish};
use super::download_urls::Listed;
use super::lanes::side_by_side;
use crate::download::{
    Downloaded, Expected, Manifest, Placed, Role, begun, check_mesh, check_space, fetch,
    roles_of_export, safe_name, unique_name, unpack,
};
use crate::error::{Error, Result};
use crate::transport::runtime;
use crate::wire::Text;
use crate::wire::order::File;

/// Brings the wanted files to disk, some of them at once. Whatever takes the processor or the disk long runs aside, so
/// that a cancel is heard.
pub(super) async fn fetch_order(
    client: &Arc<Client>,
    wish: &Wish,
    counters: &Counters,
) -> Result<Vec<Downloaded>> {
    let listed = Listed::new(client, wish).await?;
    let files = &listed.files;
    std::fs::create_dir_all(&wish.folder)
        .map_err(|fault| Error::io("making the target folder", &fault))?;
    let mut taken = HashMap::new();
    let names: Vec<String> = (1..)
        .zip(files)
        .map(|(number, file)| {
            let name = safe_name(&file.name, &format!("file-{number}"));
            unique_name(name, &mut taken)
        })
        .collect();
    count(files, counters);
    check_space(&wish.folder, missing(files, &names, &wish.folder))?;
    let lanes = client.config.parallel_files;
    let fetched = side_by_side(files.len(), lanes, |i| {
        one(client, &listed, i, wish, &names[i], counters)
    });
    let mut done: Vec<Downloaded> = fetched.await?.into_iter().flatten().collect();
    name_roles(&mut done).await;
    Manifest::new(&wish.order_id, &wish.folder, &done).write()?;
    Ok(done)
}

fn count(files: &[File], counters: &Counters) {
    let total: Option<u64> = files.iter().map(|file| file.size).sum();
    let total = total
        .and_then(|total| i64::try_from(total).ok())
        .unwrap_or(-1);
    counters.total_bytes.store(total, Ordering::Relaxed);
    counters
        .total_files
        .store(files.len() as i64, Ordering::Relaxed);
}

/// How many bytes will come at most: the known sizes without what is there already.
fn missing(files: &[File], names: &[String], folder: &Path) -> u64 {
    let missing = |(file, name): (&File, &String)| {
        let size = file.size.unwrap_or(0);
        let is_there = std::fs::metadata(folder.join(name)).is_ok_and(|there| there.len() == size);
        match is_there {
            true => 0,
            false => size.saturating_sub(begun(folder, name)),
        }
    };
    files
        .iter()
        .zip(names)
        .map(missing)
        .fold(0, u64::saturating_add)
}

/// One file, and what is in it.
async fn one(
    client: &Arc<Client>,
    listed: &Listed<'_>,
    index: usize,
    wish: &Wish,
    name: &str,
    counters: &Counters,
) -> Result<Vec<Downloaded>> {
    let file = &listed.files[index];
    let expected = Expected {
        size: file.size,
        sha256: file.sha256.to_ascii_lowercase(),
    };
    let progress = |more: i64| {
        counters.bytes.fetch_add(more, Ordering::Relaxed);
    };
    let (transport, urls) = (&client.transport, listed.urls_of(index));
    let placed = fetch(transport, &urls, &wish.folder, name, &expected, &progress).await?;
    let archive = placed.path.clone();
    let is_archive = wish.unpack
        && archive
            .extension()
            .is_some_and(|own| own.eq_ignore_ascii_case("zip"));
    let mut done = vec![downloaded(placed, file.kind.clone(), "").await?];
    if is_archive {
        let folder = archive.with_extension("");
        for inside in runtime::aside(move || unpack(&archive, &folder)).await? {
            done.push(downloaded(inside, file.kind.clone(), name).await?);
        }
    }
    counters.files.fetch_add(1, Ordering::Relaxed);
    Ok(done)
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
