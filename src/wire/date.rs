//! Dates on the wire: RFC 3339, plain days, and the `MM/dd/yyyy` that real exports hold.

use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{Date, OffsetDateTime, PrimitiveDateTime, UtcOffset};

/// The moment a text names, in milliseconds since 1970-01-01T00:00:00Z; `None` when it is no date.
///
/// A day without a time is its midnight in UTC; a time without an offset is taken as UTC.
pub fn milliseconds(text: &str) -> Option<i64> {
    let moment = moment(text.trim())?;
    i64::try_from(moment.unix_timestamp_nanos() / 1_000_000).ok()
}

fn moment(text: &str) -> Option<OffsetDateTime> {
    if let Ok(moment) = OffsetDateTime::parse(text, &Rfc3339) {
        return Some(moment);
    }
    let local = format_description!(
        "[year]-[month]-[day]T[hour]:[minute]:[second][optional [.[subsecond]]]"
    );
    if let Ok(moment) = PrimitiveDateTime::parse(text, local) {
        return Some(moment.assume_utc());
    }
    day(text).map(|day| day.midnight().assume_utc())
}

/// A calendar day: `yyyy-MM-dd` or `MM/dd/yyyy`.
pub fn day(text: &str) -> Option<Date> {
    let iso = format_description!("[year]-[month]-[day]");
    let american = format_description!("[month padding:none]/[day padding:none]/[year]");
    Date::parse(text, iso)
        .or_else(|_| Date::parse(text, american))
        .ok()
}

/// RFC 3339 in UTC with whole milliseconds.
pub fn rfc3339(milliseconds: i64) -> Option<String> {
    let nanoseconds = i128::from(milliseconds) * 1_000_000;
    let moment = OffsetDateTime::from_unix_timestamp_nanos(nanoseconds)
        .ok()?
        .to_offset(UtcOffset::UTC);
    moment.format(&Rfc3339).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_date_forms_are_read() {
        assert_eq!(
            milliseconds("2026-03-01T12:00:00Z"),
            Some(1_772_366_400_000)
        );
        assert_eq!(
            milliseconds("2026-03-01T14:00:00.250+02:00"),
            Some(1_772_366_400_250)
        );
        assert_eq!(milliseconds("2026-03-01T12:00:00"), Some(1_772_366_400_000));
        assert_eq!(milliseconds("03/01/2026"), milliseconds("2026-03-01"));
        assert_eq!(milliseconds("3/1/2026"), milliseconds("2026-03-01"));
        for wrong in [
            "",
            "31/12/2026",
            "2026-02-30",
            "yesterday",
            "2026-03-01T25:00:00Z",
        ] {
            assert_eq!(milliseconds(wrong), None, "{wrong}");
        }
        assert_eq!(
            rfc3339(1_772_366_400_250).as_deref(),
            Some("2026-03-01T12:00:00.25Z")
        );
    }
}
