//! A fault as it is planned over HTTP.

use super::super::answer::{Members, Refusal};
use super::{Fault, Lie};
use std::time::Duration;

pub fn read(fault: &Members) -> Result<Fault, Refusal> {
    let number = |name: &str| {
        let value = fault.number(name)?;
        value.ok_or_else(|| Refusal::malformed(format!("fault.{name}"), "is needed"))
    };
    let status = || {
        u16::try_from(number("status")?)
            .map_err(|_| Refusal::unfit("fault.status", "must be from 200 to 599"))
    };
    Ok(match fault.needed("kind")?.as_str() {
        "status" => Fault::Status {
            status: status()?,
            retry_after: fault.text("retryAfter")?,
        },
        "delay" => Fault::Delay(Duration::from_millis(number("ms")?)),
        "drop_before" => Fault::DropBefore,
        "drop_after" => Fault::DropAfter,
        "body" => Fault::Body {
            status: status()?,
            content_type: fault
                .text("contentType")?
                .unwrap_or_else(|| "application/json".to_owned()),
            text: fault.text("text")?.unwrap_or_default(),
        },
        "reset" => Fault::Reset,
        "hang" => Fault::Hang,
        "cut" => Fault::Cut {
            bytes: number("bytes")?,
            reset: fault.flag("reset")?.unwrap_or(false),
        },
        "dribble" => Fault::Dribble {
            bytes_per_second: number("bytesPerSecond")?,
            after: fault.number("after")?.unwrap_or(0),
        },
        "redirect" => Fault::Redirect {
            to: fault.needed("to")?,
        },
        "expired" => Fault::Expired,
        "clock" => Fault::Clock {
            seconds: fault
                .needed("seconds")?
                .parse()
                .map_err(|_| Refusal::malformed("fault.seconds", "must be a whole number"))?,
        },
        "lie" => {
            let word = fault.needed("lie")?;
            let known = Lie::ALL.iter().find(|(name, _)| *name == word);
            let known = known.map(|(_, lie)| Fault::Lie(*lie));
            known.ok_or_else(|| {
                Refusal::unfit("fault.lie", one_of(Lie::ALL.map(|(name, _)| name)))
            })?
        }
        _ => {
            return Err(Refusal::unfit(
                "fault.kind",
                one_of([
                    "status",
                    "delay",
                    "drop_before",
                    "drop_after",
                    "body",
                    "reset",
                    "hang",
                    "cut",
                    "dribble",
                    "redirect",
                    "expired",
                    "clock",
                    "lie",
                ]),
            ));
        }
    })
}

fn one_of<const N: usize>(words: [&str; N]) -> String {
    format!("is one of {}", words.join(", "))
}
