//! A list of what a download brought, beside the files: for a program that looks at the folder later.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::Downloaded;
use super::place::{part_in, place};
use crate::error::{Error, Result};

pub const NAME: &str = "itero-manifest.json";

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Manifest {
    order_id: String,
    files: Vec<Entry>,
    #[serde(skip)]
    folder: PathBuf,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    /// Below the manifest's folder, with `/` between the parts.
    path: String,
    kind: String,
    role: String,
    size: u64,
    sha256: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    triangles: Option<u64>,
}

impl Manifest {
    /// The files of this download, and those of an earlier one of the same order that are still there.
    pub fn new(order_id: &str, folder: &Path, files: &[Downloaded]) -> Manifest {
        let mut manifest = Manifest {
            order_id: order_id.to_owned(),
            files: files.iter().map(|file| Entry::new(folder, file)).collect(),
            folder: folder.to_owned(),
        };
        let before = std::fs::read(folder.join(NAME))
            .ok()
            .and_then(|json| serde_json::from_slice::<Manifest>(&json).ok());
        for entry in before
            .filter(|before| before.order_id == order_id)
            .map(|before| before.files)
            .unwrap_or_default()
        {
            let is_new = manifest.files.iter().all(|file| file.path != entry.path);
            if is_new && folder.join(&entry.path).is_file() {
                manifest.files.push(entry);
            }
        }
        manifest
    }

    pub fn write(&self) -> Result<()> {
        let fault = |fault: std::io::Error| Error::io("writing the manifest", &fault);
        let mut part = part_in(&self.folder).map_err(fault)?;
        serde_json::to_writer_pretty(&mut part, self).map_err(|error| fault(error.into()))?;
        place(part, &self.folder.join(NAME))
    }
}

impl Entry {
    fn new(folder: &Path, file: &Downloaded) -> Entry {
        let path = Path::new(file.path.as_str());
        let parts = path.strip_prefix(folder).unwrap_or(path).iter();
        Entry {
            path: parts
                .map(|part| part.to_string_lossy())
                .collect::<Vec<_>>()
                .join("/"),
            kind: file.kind.to_string(),
            role: file.role.name().to_owned(),
            size: file.size,
            sha256: file.sha256.to_string(),
            triangles: file.mesh.flatten().map(|mesh| mesh.triangles),
        }
    }
}
