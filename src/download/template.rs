//! The target folder with places for an order's own values: `C:\\Scans\\{chartNumber}\\{orderId}`.

use std::path::{Path, PathBuf};

use super::names::safe;
use crate::error::{Error, Result};

/// Fills the places. A value becomes one folder's name at most: what Windows or a path would read into it is replaced.
pub fn fill_folder(folder: &Path, values: &[(&str, String)]) -> Result<PathBuf> {
    let folder = folder
        .to_str()
        .ok_or_else(|| Error::argument("folder is not Unicode"))?;
    let mut filled = String::with_capacity(folder.len());
    let mut rest = folder;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let (name, after) = after
            .split_once('}')
            .ok_or_else(|| Error::argument("folder has a '{' without '}'"))?;
        let value = values
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name));
        let Some((_, value)) = value else {
            let known: Vec<_> = values
                .iter()
                .map(|(known, _)| format!("{{{known}}}"))
                .collect();
            return Err(Error::argument(format!("folder has a place that can't be filled here; these can: {}", known.join(", ")))
                .advise("itero_download_start_from_order fills all of them, itero_download_start only {orderId}."));
        };
        // A slash in a value must not begin another folder.
        filled.push_str(&safe(&value.replace(['/', '\\'], "_"), "unknown"));
        rest = after;
    }
    filled.push_str(rest);
    Ok(PathBuf::from(filled))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_filled_and_cannot_lead_elsewhere() {
        let fill = |folder: &str, chart: &str| {
            fill_folder(Path::new(folder), &[("chartNumber", chart.to_owned())])
        };
        assert_eq!(
            fill("/scans/{chartNumber}/x", "10031/A #2").unwrap(),
            Path::new("/scans/10031_A #2/x")
        );
        assert_eq!(
            fill("/scans/{CHARTNUMBER}", "..").unwrap(),
            Path::new("/scans/unknown")
        );
        assert_eq!(
            fill("/scans/{chartNumber}", "..\\..\\x").unwrap(),
            Path::new("/scans/.._.._x")
        );
        assert_eq!(
            fill("/scans/{chartNumber}", "").unwrap(),
            Path::new("/scans/unknown")
        );
        assert_eq!(
            fill("/scans/{chartNumber}", "con").unwrap(),
            Path::new("/scans/_con")
        );
        assert!(
            fill("/scans/{patient}", "1")
                .unwrap_err()
                .message
                .contains("{chartNumber}")
        );
        assert!(fill("/scans/{chartNumber", "1").is_err());
    }
}
