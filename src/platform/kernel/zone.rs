//! Instants to local time and back. The only place that knows a time zone.
//!
//! Zone data is compiled in, never the machine's, so the same binary gives the same answer
//! everywhere.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::platform::db::Utc;

/// A person's or a calendar's IANA time zone.
#[derive(Clone, Debug)]
pub struct Zone(TimeZone);

impl Zone {
    pub fn utc() -> Self {
        Self(TimeZone::UTC)
    }

    /// The zone of an IANA name such as `Europe/Berlin`.
    pub fn named(name: &str) -> Option<Self> {
        TimeZone::get(name).ok().map(Self)
    }

    /// The zone's IANA name.
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// Local date and time of an instant.
    pub fn local(&self, at: Utc) -> DateTime {
        match Timestamp::from_microsecond(at.micros()) {
            Ok(t) => self.0.to_datetime(t),
            Err(_) => DateTime::MAX,
        }
    }

    /// The instant of a local date and time. A time that a change of clocks skips is moved forward
    /// by the gap; of one that comes twice the first is meant (RFC 5545's rule).
    pub fn instant(&self, local: DateTime) -> Option<Utc> {
        let zoned = self.0.to_ambiguous_zoned(local).compatible().ok()?;
        Some(Utc::from_micros(zoned.timestamp().as_microsecond()))
    }

    /// The instant of a minute of a day that is counted from 1970-01-01, by the same rule.
    pub fn at(&self, day: i32, minute: i64) -> Option<Utc> {
        let minutes = i64::from(day) * 1_440 + minute;
        let day = jiff::civil::date(1970, 1, 1).at(0, 0, 0, 0);
        let local = day.checked_add(jiff::SignedDuration::from_mins(minutes));
        self.instant(local.ok()?)
    }

    /// How many seconds local time is ahead of UTC.
    pub fn offset(&self, at: Utc) -> i64 {
        match Timestamp::from_microsecond(at.micros()) {
            Ok(t) => i64::from(self.0.to_offset(t).seconds()),
            Err(_) => 0,
        }
    }

    /// The instants after `from` and before `to` at which the offset changes, and what it becomes.
    pub fn changes(&self, from: Utc, to: Utc) -> Vec<(Utc, i64)> {
        let Ok(start) = Timestamp::from_microsecond(from.micros()) else {
            return Vec::new();
        };
        self.0
            .following(start)
            .map(|change| {
                let at = Utc::from_micros(change.timestamp().as_microsecond());
                (at, i64::from(change.offset().seconds()))
            })
            .take_while(|(at, _)| *at < to)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_night_of_the_change_of_clocks() {
        let berlin = Zone::named("Europe/Berlin").unwrap();
        let skipped = berlin.instant(date(2026, 3, 29).at(2, 30, 0, 0)).unwrap();
        assert_eq!(skipped.rfc3339(), "2026-03-29T01:30:00Z");
        let twice = berlin.instant(date(2026, 10, 25).at(2, 30, 0, 0)).unwrap();
        assert_eq!(twice.rfc3339(), "2026-10-25T00:30:00Z");
        assert_eq!(berlin.local(twice), date(2026, 10, 25).at(2, 30, 0, 0));
    }

    #[test]
    fn unknown_zones_are_refused() {
        assert!(Zone::named("Europe/Atlantis").is_none());
        assert_eq!(Zone::named("Asia/Kolkata").unwrap().name(), "Asia/Kolkata");
    }
}
