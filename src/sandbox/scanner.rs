//! The scanner: it takes an Rx through the published statuses and makes the order's files.

use super::FileSource;
use super::answer::Refusal;
use super::files::hex;
use super::state::{Cloud, Order, Patient, Rx, Store, StoredFile};
use super::{clock, names, notify, scan};
use axum::body::Bytes;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use std::time::Duration;

pub const CREATED: &str = "Rx Created";
pub const SCANNING: &str = "Scanning";
pub const SENDING: &str = "Sending";
pub const COMPLETED: &str = "Completed";

/// Scans an Rx for the first time; the answer is the order's id.
pub async fn first_scan(cloud: &Arc<Cloud>, rx_id: &str) -> Result<u64, Refusal> {
    for status in [SCANNING, SENDING, COMPLETED] {
        step(cloud, rx_id, status, status == SCANNING).await?;
    }
    order_id(cloud, rx_id)
}

/// Scans again what was scanned: the order keeps its id and gets new versions of its files.
pub async fn rescan(cloud: &Arc<Cloud>, rx_id: &str) -> Result<u64, Refusal> {
    let scanned = |rx: &Rx| rx.order.as_ref().is_some_and(|order| order.version > 0);
    if !scanned(cloud.store().rx(rx_id)?) {
        return Err(Refusal::new(
            409,
            "NotScanned",
            "the Rx was not scanned yet",
        ));
    }
    for status in [SCANNING, COMPLETED] {
        step(cloud, rx_id, status, false).await?;
    }
    order_id(cloud, rx_id)
}

/// The simulated scanner of `--auto-scan`: one step at a time, until somebody else moves or deletes the Rx.
pub async fn pick_up(cloud: Arc<Cloud>, rx_id: String, pace: Duration) {
    let mut expected = CREATED;
    for status in [SCANNING, SENDING, COMPLETED] {
        tokio::time::sleep(pace).await;
        let undisturbed = cloud
            .store()
            .rx(&rx_id)
            .is_ok_and(|rx| rx.status == expected && !rx.busy);
        if !undisturbed
            || step(&cloud, &rx_id, status, status == SCANNING)
                .await
                .is_err()
        {
            return;
        }
        expected = status;
    }
}

/// Moves an Rx to a status, any that the portal may show, and makes what belongs to it: the order, its files, the
/// notification.
pub async fn move_to(cloud: &Arc<Cloud>, rx_id: &str, status: &str) -> Result<(), Refusal> {
    step(cloud, rx_id, status, false).await
}

async fn step(cloud: &Arc<Cloud>, rx_id: &str, status: &str, first: bool) -> Result<(), Refusal> {
    let making = {
        let mut store = cloud.store();
        store.check_step(rx_id, status, first)?;
        match store.needs_files(rx_id, status)? {
            true => {
                let job = store.job(cloud, rx_id)?;
                store.rx_mut(rx_id)?.busy = true;
                Some(job)
            }
            false => None,
        }
    };
    // Meshes take seconds: beside the async threads.
    let made = match making {
        Some(job) => Some(tokio::task::spawn_blocking(move || job.run()).await),
        None => None,
    };
    let mut store = cloud.store();
    store.rx_mut(rx_id)?.busy = false;
    let files = made.transpose();
    let files =
        files.map_err(|_| Refusal::new(500, "ScanFailed", "the scan's files could not be made"))?;
    let from = store.enter(rx_id, status, files)?;
    if notifies(&from, status) {
        notify::send(cloud, &store, rx_id);
    }
    Ok(())
}

/// The published moves that tell the practice something.
fn notifies(from: &str, to: &str) -> bool {
    match to {
        COMPLETED => matches!(from, CREATED | SCANNING | SENDING | "Sent"),
        "Lab Review" => matches!(from, "iTero Modeling" | "iTero Milling"),
        _ => false,
    }
}

fn order_id(cloud: &Cloud, rx_id: &str) -> Result<u64, Refusal> {
    let store = cloud.store();
    let order = store.rx(rx_id)?.order.as_ref().map(|order| order.id);
    order.ok_or_else(|| Refusal::new(409, "NotScanned", "the Rx was not scanned yet"))
}

/// All that the files of one version are made from, so that making them needs no lock.
struct Job {
    order: u64,
    source: Arc<FileSource>,
    info: scan::ScanInfo,
    options: scan::ScanOptions,
}

impl Job {
    fn run(self) -> Vec<StoredFile> {
        let made = match &*self.source {
            FileSource::Generated => scan::generate(&self.info, &self.options),
            FileSource::Given(files) => files.clone(),
        };
        made.into_iter()
            .map(|file| stored(self.order, file))
            .collect()
    }
}

/// A file keeps its id from version to version, so an old link to it serves the new bytes under a new ETag.
fn stored(order: u64, file: scan::ScanFile) -> StoredFile {
    let id = hex(&Sha256::digest(format!("{order}/{}", file.name))[..12]);
    StoredFile {
        id,
        kind: file.kind.to_owned(),
        name: file.name,
        content_type: file.content_type.to_owned(),
        sha256: hex(&Sha256::digest(&file.bytes)),
        bytes: Bytes::from(file.bytes),
    }
}

impl Store {
    fn check_step(&self, rx_id: &str, status: &str, first: bool) -> Result<(), Refusal> {
        let rx = self.rx(rx_id)?;
        let conflict = |code, message| Err(Refusal::new(409, code, message));
        if rx.busy {
            return conflict("ScanRunning", "a scan of this Rx is being processed");
        }
        if first && rx.status != CREATED {
            return conflict("RxScanned", "the Rx was scanned already; rescan it");
        }
        if status == CREATED && rx.order.is_some() {
            return conflict("RxScanned", "a scan can't be undone");
        }
        let scanned = rx.order.as_ref().is_some_and(|order| order.version > 0);
        if !scanned && ![CREATED, SCANNING, SENDING, "Sent", COMPLETED].contains(&status) {
            return conflict("NotScanned", "the Rx was not scanned yet");
        }
        match status.trim().is_empty() {
            true => Err(Refusal::malformed("status", "is needed")),
            false => Ok(()),
        }
    }

    fn needs_files(&mut self, rx_id: &str, status: &str) -> Result<bool, Refusal> {
        let rx = self.rx(rx_id)?;
        if rx.order.is_none() && status != CREATED {
            let id = self.next_order();
            let moment = self.tick();
            self.rx_mut(rx_id)?.order = Some(Order {
                id,
                code: format!("SBX-{id}"),
                scan_date: moment,
                updated: moment,
                version: 0,
                files: Vec::new(),
            });
        }
        let rx = self.rx(rx_id)?;
        let unscanned = rx.order.as_ref().is_none_or(|order| order.version == 0);
        Ok(status == COMPLETED && (unscanned || notifies(&rx.status, COMPLETED)))
    }

    fn job(&self, cloud: &Cloud, rx_id: &str) -> Result<Job, Refusal> {
        let rx = self.rx(rx_id)?;
        let order = rx
            .order
            .as_ref()
            .ok_or_else(|| Refusal::not_found("there is no order"))?;
        let options = scan::ScanOptions {
            seed: cloud.options.seed ^ self.mouth(rx),
            triangles_per_arch: cloud.options.triangles_per_arch,
            version: order.version + 1,
        };
        let info = self.scan_info(rx, order)?;
        Ok(Job {
            order: order.id,
            source: self.files.clone(),
            info,
            options,
        })
    }

    /// A patient keeps their teeth from order to order, and from one start of the sandbox to the next.
    fn mouth(&self, rx: &Rx) -> u64 {
        let chart = self
            .patient(&rx.patient)
            .and_then(|patient| patient.chart_number.as_deref());
        let owner = format!(
            "{}/{}",
            rx.account,
            chart.map_or_else(|| rx.patient.clone(), names::fold)
        );
        let digest = Sha256::digest(owner);
        digest[..8]
            .iter()
            .fold(0, |seed, byte| seed << 8 | u64::from(*byte))
    }

    fn scan_info(&self, rx: &Rx, order: &Order) -> Result<scan::ScanInfo, Refusal> {
        let account = self.account(&rx.account)?;
        let procedure = self
            .procedures
            .iter()
            .find(|procedure| procedure.id == rx.procedure);
        let doctor = self.doctors.get(&rx.doctor);
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        let lab = account
            .labs
            .iter()
            .find(|lab| Some(lab.id) == rx.lab.as_deref());
        Ok(scan::ScanInfo {
            scan_id: order.id,
            order_code: order.code.clone(),
            rx_id: rx.id.clone(),
            case_type: text(procedure.map(|procedure| procedure.case_type)),
            patient: person(self.patient(&rx.patient)),
            doctor: scan::Doctor {
                first_name: text(doctor.map(|doctor| doctor.first_name)),
                last_name: text(doctor.map(|doctor| doctor.last_name)),
                license_number: text(doctor.map(|doctor| doctor.license)),
            },
            practice_name: account.name.clone(),
            procedure: text(procedure.map(|procedure| procedure.name)),
            lab: lab.map(|lab| lab.name.to_owned()),
            due_date: rx.due_date.clone(),
            scan_date: clock::write(order.scan_date),
            notes: rx.notes.clone(),
            teeth: rx.teeth.iter().map(tooth).collect(),
        })
    }

    /// Takes the status, with the files that came with it; the answer is the status before.
    fn enter(
        &mut self,
        rx_id: &str,
        status: &str,
        files: Option<Vec<StoredFile>>,
    ) -> Result<String, Refusal> {
        let moment = self.tick();
        let rx = self.rx_mut(rx_id)?;
        if let Some(order) = &mut rx.order {
            order.updated = moment;
            if status == SCANNING {
                order.scan_date = moment;
            }
            if let Some(files) = files {
                order.version += 1;
                order.files = files;
            }
        }
        Ok(std::mem::replace(&mut rx.status, status.to_owned()))
    }
}

fn person(patient: Option<&Patient>) -> scan::Person {
    let text = |pick: fn(&Patient) -> &str| patient.map(pick).unwrap_or_default().to_owned();
    scan::Person {
        first_name: text(|patient| &patient.first_name),
        last_name: text(|patient| &patient.last_name),
        chart_number: text(|patient| patient.chart_number.as_deref().unwrap_or_default()),
        birth_date: patient.and_then(|patient| patient.birth_date.clone()),
    }
}

fn tooth(tooth: &super::state::Treated) -> scan::Tooth {
    scan::Tooth {
        number: tooth.number.clone(),
        restoration: tooth.restoration.clone(),
        material: tooth.material.clone(),
        shade: tooth.shade.clone(),
    }
}
