//! Scan requests: an Rx is checked against the practice, made once per idempotency key, and withdrawn while unscanned.

use super::answer::{Body, Members, Params, Refusal};
use super::session::Paired;
use super::state::{Account, Rx, Store, Treated};
use super::{Edge, clock, scanner};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use serde_json::{Value, json};

/// A scan request whose members are all known to be good.
struct Wanted {
    doctor: u32,
    procedure: u32,
    first_name: String,
    last_name: String,
    chart_number: String,
    birth_date: Option<String>,
    lab: Option<String>,
    due_date: Option<String>,
    notes: Option<String>,
    teeth: Vec<Treated>,
    update_patient: bool,
}

pub async fn create(
    State(edge): State<Edge>,
    paired: Paired,
    headers: HeaderMap,
    Body(body): Body,
) -> Result<(StatusCode, Json<Value>), Refusal> {
    let key = idempotency_key(&headers)?;
    let (answer, fresh) = {
        let mut store = edge.cloud.store();
        store.request(&paired.account, key, &body)?
    };
    if let (true, Some(pace), Some(id)) =
        (fresh, edge.cloud.options.auto_scan, answer["rxId"].as_str())
    {
        tokio::spawn(scanner::pick_up(edge.cloud.clone(), id.to_owned(), pace));
    }
    Ok((StatusCode::CREATED, Json(answer)))
}

/// Whether a scan request has arrived, asked by the key that it came with; withdrawn ones have arrived too.
pub async fn find(
    State(edge): State<Edge>,
    paired: Paired,
    params: Params,
) -> Result<Json<Value>, Refusal> {
    let reference = params.get("clientReference");
    let reference = reference.ok_or_else(|| Refusal::malformed("clientReference", "is needed"))?;
    let slot = (paired.account, reference.to_owned());
    let store = edge.cloud.store();
    let found: Vec<&Value> = store
        .answered
        .get(&slot)
        .map(|(_, answer)| answer)
        .into_iter()
        .collect();
    Ok(Json(
        json!({"clientReference": reference, "scanRequests": found}),
    ))
}

pub async fn withdraw(
    State(edge): State<Edge>,
    paired: Paired,
    Path(id): Path<String>,
) -> Result<StatusCode, Refusal> {
    let mut store = edge.cloud.store();
    let rx = store.rx_of(&paired.account, &id)?;
    if rx.order.is_some() {
        return Err(Refusal::new(
            409,
            "RxScanned",
            "the Rx was scanned; a scan can't be deleted",
        ));
    }
    let mut record = rx.record();
    record.deleted = true;
    store.rxs.remove(&id);
    store.deleted.push(record);
    Ok(StatusCode::NO_CONTENT)
}

impl Store {
    /// An Rx of this account; another account's is as unknown as none.
    pub fn rx_of(&self, account: &str, id: &str) -> Result<&Rx, Refusal> {
        let rx = self.rx(id)?;
        match rx.account == account {
            true => Ok(rx),
            false => Err(Refusal::not_found("there is no such Rx")),
        }
    }

    /// The answer, and whether it is a new Rx's. Only success is remembered: a refused request may be corrected and
    /// sent again under its key. The key with other content is refused, since one of the two would be lost silently.
    fn request(
        &mut self,
        account: &str,
        key: Option<String>,
        body: &Members,
    ) -> Result<(Value, bool), Refusal> {
        let slot = key.clone().map(|key| (account.to_owned(), key));
        if let Some((asked, answer)) = slot.as_ref().and_then(|slot| self.answered.get(slot)) {
            if *asked != body.whole() {
                let message = "this Idempotency-Key came with another scan request before";
                return Err(Refusal::new(422, "IdempotencyKeyReused", message));
            }
            return Ok((answer.clone(), false));
        }
        let wanted = self.check(account, body)?;
        let patient = self.resolve_patient(account, &wanted)?;
        let id = uuid::Uuid::new_v4().to_string();
        let answer =
            json!({"rxId": id, "patientId": patient, "createdAt": clock::write(clock::now())});
        let rx = Rx {
            id: id.clone(),
            account: account.to_owned(),
            doctor: wanted.doctor,
            patient,
            procedure: wanted.procedure,
            lab: wanted.lab,
            due_date: wanted.due_date,
            notes: wanted.notes,
            teeth: wanted.teeth,
            idempotency_key: key,
            status: scanner::CREATED.to_owned(),
            busy: false,
            order: None,
        };
        self.rxs.insert(id, rx);
        if let Some(slot) = slot {
            self.answered.insert(slot, (body.whole(), answer.clone()));
        }
        Ok((answer, true))
    }

    fn check(&self, account: &str, body: &Members) -> Result<Wanted, Refusal> {
        let account = self.account(account)?;
        let person = body.object("patient")?;
        let wanted = Wanted {
            doctor: known_doctor(account, body)?,
            procedure: self.known_procedure(body)?,
            first_name: short(&person, "firstName")?,
            last_name: short(&person, "lastName")?,
            chart_number: short(&person, "chartNumber")?,
            birth_date: day(&person, "birthDate")?,
            lab: body.filled("labId")?,
            due_date: date(body, "dueDate")?,
            notes: body.text("notes")?,
            teeth: body
                .objects("teeth")?
                .iter()
                .map(tooth)
                .collect::<Result<_, _>>()?,
            update_patient: body.flag("updatePatient")?.unwrap_or(false),
        };
        if wanted
            .lab
            .as_deref()
            .is_some_and(|id| account.labs.iter().all(|lab| lab.id != id))
        {
            return Err(Refusal::unfit("labId", "is not a lab of this practice"));
        }
        if let Some(serial) = body.filled("scannerSerialNumber")? {
            known_scanner(account, &serial)?;
        }
        if wanted.update_patient && !account.update_patient {
            let message = "scan requests that update the patient are not enabled for this account";
            return Err(Refusal::new(403, "FeatureNotEnabled", message).on("updatePatient"));
        }
        Ok(wanted)
    }

    pub fn known_procedure(&self, body: &Members) -> Result<u32, Refusal> {
        let id = body.needed("procedureMapId")?;
        let known = self
            .procedures
            .iter()
            .find(|procedure| procedure.id.to_string() == id);
        let known = known.map(|procedure| procedure.id);
        known.ok_or_else(|| {
            Refusal::unfit(
                body.path("procedureMapId"),
                "is not a procedure of this practice",
            )
        })
    }

    /// The chart number decides who is meant. A name that differs from the one on file is a correction when the caller
    /// says so, and else a conflict: an Rx under a wrong name is worse than none.
    fn resolve_patient(&mut self, account: &str, wanted: &Wanted) -> Result<String, Refusal> {
        let shares = |patient: &&super::state::Patient| {
            patient.account == account && patient.has_chart(&wanted.chart_number)
        };
        let same_name = |patient: &&super::state::Patient| {
            patient.is_called(&wanted.first_name, &wanted.last_name)
        };
        let mut holders = self.patients.iter().filter(shares).peekable();
        let charted = holders.peek().is_some();
        let exact = holders.any(|patient| same_name(&patient));
        if charted && !exact {
            if !wanted.update_patient {
                let message = "the chart number belongs to a patient of another name";
                return Err(
                    Refusal::new(409, "PatientNameMismatch", message).on("patient.chartNumber")
                );
            }
            let index = self.only_patient_with_chart(account, &wanted.chart_number);
            let index = index.map_err(|refusal| refusal.on("patient.chartNumber"))?;
            let patient = &mut self.patients[index];
            patient.first_name.clone_from(&wanted.first_name);
            patient.last_name.clone_from(&wanted.last_name);
        }
        let (first, last, chart) = (&wanted.first_name, &wanted.last_name, &wanted.chart_number);
        Ok(self.patient_for(account, first, last, chart, wanted.birth_date.clone()))
    }
}

pub fn known_scanner(account: &Account, serial: &str) -> Result<(), Refusal> {
    match account.scanners.iter().any(|unit| unit.serial == serial) {
        true => Ok(()),
        false => Err(Refusal::unfit(
            "scannerSerialNumber",
            "is not a scanner of this practice",
        )),
    }
}

fn known_doctor(account: &Account, body: &Members) -> Result<u32, Refusal> {
    let id = body.needed("doctorId")?;
    let known = account
        .doctors
        .iter()
        .find(|doctor| doctor.to_string() == id);
    known
        .copied()
        .ok_or_else(|| Refusal::unfit("doctorId", "is not a doctor of this practice"))
}

/// A name or a chart number, as short as a patient card has room for.
pub fn short(body: &Members, name: &str) -> Result<String, Refusal> {
    let text = body.needed(name)?;
    match text.chars().count() <= 100 && !text.chars().any(char::is_control) {
        true => Ok(text),
        false => Err(Refusal::malformed(
            body.path(name),
            "is longer than 100 characters or holds a control character",
        )),
    }
}

fn day(body: &Members, name: &str) -> Result<Option<String>, Refusal> {
    let text = body.filled(name)?;
    match text.as_deref().map(clock::read_day) {
        Some(None) => Err(Refusal::malformed(
            body.path(name),
            "must be a day as YYYY-MM-DD",
        )),
        Some(Some(day)) if day > clock::now().date() => {
            Err(Refusal::unfit(body.path(name), "lies in the future"))
        }
        _ => Ok(text),
    }
}

fn date(body: &Members, name: &str) -> Result<Option<String>, Refusal> {
    let text = body.filled(name)?;
    match text.as_deref().map(clock::read) {
        Some(None) => Err(Refusal::malformed(
            body.path(name),
            "must be a date as in RFC 3339",
        )),
        _ => Ok(text),
    }
}

fn tooth(body: &Members) -> Result<Treated, Refusal> {
    let number = body.needed("toothNumber")?;
    // Universal: 1 to 32, A to T for milk teeth. FDI (ISO 3950): 11 to 48, 51 to 85 for milk teeth.
    let fits = match number.parse::<u8>() {
        Ok(1..=32) => true,
        Ok(number) => {
            let positions = if number < 50 { 1..=8 } else { 1..=5 };
            (1..=8).contains(&(number / 10)) && positions.contains(&(number % 10))
        }
        Err(_) => matches!(number.as_bytes(), [b'A'..=b'T']),
    };
    if !fits {
        return Err(Refusal::unfit(
            body.path("toothNumber"),
            "is not a tooth number",
        ));
    }
    Ok(Treated {
        number,
        restoration: body.text("restoration")?.unwrap_or_default(),
        material: body.text("material")?.unwrap_or_default(),
        shade: body.text("shade")?.unwrap_or_default(),
    })
}

fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, Refusal> {
    let Some(value) = headers.get("idempotency-key") else {
        return Ok(None);
    };
    let text = value
        .to_str()
        .ok()
        .filter(|text| (1..=100).contains(&text.len()));
    let text = text.ok_or_else(|| {
        Refusal::malformed("Idempotency-Key", "must be 1 to 100 plain characters")
    })?;
    Ok(Some(text.to_owned()))
}
