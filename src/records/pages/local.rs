//! Dates and times as browsers' fields write them, in the visitor's zone.

use jiff::civil::{Date, DateTime};

use crate::platform::db::Utc;
use crate::platform::kernel::zone::Zone;

/// The instant of `2026-11-25T09:00` or, at the beginning of the day, of `2026-11-25`.
pub fn read(text: &str, zone: &Zone) -> Option<Utc> {
    let text = text.trim();
    let local = match text.len() {
        10 => text
            .parse::<Date>()
            .ok()?
            .to_datetime(jiff::civil::Time::midnight()),
        _ => text.parse::<DateTime>().ok()?,
    };
    let at = zone.instant(local)?;
    (at < Utc::FAR).then_some(at)
}

/// An instant as a `datetime-local` field holds it: to the minute.
pub fn written(at: Utc, zone: &Zone) -> String {
    let local = zone.local(at);
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}",
        local.year(),
        local.month(),
        local.day(),
        local.hour(),
        local.minute()
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_browsers_write() {
        let berlin = Zone::named("Europe/Berlin").unwrap();
        let read = |text| read(text, &berlin).map(Utc::rfc3339);
        assert_eq!(read("2026-11-25").as_deref(), Some("2026-11-24T23:00:00Z"));
        assert_eq!(
            read(" 2026-11-25T09:00 ").as_deref(),
            Some("2026-11-25T08:00:00Z")
        );
        assert_eq!(
            read("2026-11-25T09:00:30").as_deref(),
            Some("2026-11-25T08:00:30Z")
        );
        for wrong in [
            "",
            "tomorrow",
            "25.11.2026",
            "2026-02-30",
            "2026-11-25T25:00",
            "9999-12-31T23:59",
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(minutes in 0i64..40_000_000) {
            let at = Utc::from_micros(minutes * 60_000_000);
            prop_assert_eq!(read(&written(at, &Zone::utc()), &Zone::utc()), Some(at));
        }

        #[test]
        fn any_text_is_an_instant_or_none(text in "\\PC{0,30}") {
            let _ = read(&text, &Zone::utc());
        }
    }
}
