//! The practice configuration on the wire (D1).

use super::read::Object;
use super::{Read, Text, read};
use crate::error::Result;

#[derive(Clone, Debug)]
pub struct Practice {
    pub account_id: Text,
    pub name: Text,
    pub address: Text,
    pub phone: Text,
    pub time_zone: Text,
    pub doctors: Vec<Doctor>,
    pub labs: Vec<Lab>,
    pub procedures: Vec<Procedure>,
    pub scanners: Vec<Scanner>,
}

#[derive(Clone, Debug, Default)]
pub struct Doctor {
    pub doctor_id: Text,
    pub first_name: Text,
    pub last_name: Text,
    pub license_number: Text,
    pub email: Text,
}

#[derive(Clone, Debug)]
pub struct Lab {
    pub lab_id: Text,
    pub name: Text,
}

#[derive(Clone, Debug)]
pub struct Procedure {
    pub procedure_map_id: Text,
    pub name: Text,
}

#[derive(Clone, Debug)]
pub struct Scanner {
    pub serial_number: Text,
    pub model: Text,
    pub name: Text,
}

pub(super) fn doctor(object: &Object<'_>) -> Result<Doctor> {
    Ok(Doctor {
        doctor_id: object.text("doctorId")?,
        first_name: object.text("firstName")?,
        last_name: object.text("lastName")?,
        license_number: object.text("licenseNumber")?,
        email: object.text("email")?,
    })
}

pub fn practice(body: &[u8]) -> Result<Read<Practice>> {
    read(body, |answer| {
        Ok(Practice {
            account_id: answer.need("accountId")?,
            name: answer.text("name")?,
            address: answer.text("address")?,
            phone: answer.text("phone")?,
            time_zone: answer.text("timeZone")?,
            doctors: answer.list("doctors", |object| {
                object.need("doctorId")?;
                doctor(object)
            })?,
            labs: answer.list_or_empty("labs", |lab| {
                Ok(Lab {
                    lab_id: lab.need("labId")?,
                    name: lab.text("name")?,
                })
            })?,
            procedures: answer.list_or_empty("procedures", |procedure| {
                Ok(Procedure {
                    procedure_map_id: procedure.need("procedureMapId")?,
                    name: procedure.text("name")?,
                })
            })?,
            scanners: answer.list_or_empty("scanners", |scanner| {
                Ok(Scanner {
                    serial_number: scanner.need("serialNumber")?,
                    model: scanner.text("model")?,
                    name: scanner.text("name")?,
                })
            })?,
        })
    })
}
