//! Dates as the cloud writes and reads them.

use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{Date, OffsetDateTime, UtcOffset};

/// Now, in whole milliseconds: what is written in an answer is exactly what is compared later.
pub fn now() -> OffsetDateTime {
    let now = OffsetDateTime::now_utc();
    now.replace_millisecond(now.millisecond()).unwrap_or(now)
}

/// Always in UTC and with three digits of milliseconds, so that dates sort as text too.
pub fn write(moment: OffsetDateTime) -> String {
    let shape =
        format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");
    let moment = moment.to_offset(UtcOffset::UTC);
    moment.format(shape).unwrap_or_default()
}

/// A moment, or a day, which stands for its first moment in UTC.
pub fn read(text: &str) -> Option<OffsetDateTime> {
    if let Ok(moment) = OffsetDateTime::parse(text, &Rfc3339) {
        return Some(moment.to_offset(UtcOffset::UTC));
    }
    read_day(text).map(|day| day.midnight().assume_utc())
}

pub fn read_day(text: &str) -> Option<Date> {
    Date::parse(text, format_description!("[year]-[month]-[day]")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_keep_their_zeros_and_come_back_the_same() {
        let moment = read("2026-03-01T09:05:00.100+02:00").expect("a date");
        assert_eq!(write(moment), "2026-03-01T07:05:00.100Z");
        assert_eq!(read(&write(moment)), Some(moment));
        assert_eq!(
            read("2026-03-01").map(write).as_deref(),
            Some("2026-03-01T00:00:00.000Z")
        );
        assert_eq!(read("03/01/2026"), None);
        let now = now();
        assert_eq!(read(&write(now)), Some(now));
    }
}
