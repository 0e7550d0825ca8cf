//! A calendar through its versions: each counts from its instant until the next one's.

use std::sync::Arc;

use uuid::Uuid;

use super::{BusinessDay, Hours};
use crate::platform::db::Utc;

/// From an instant on, one version with the versions of the calendars that are open besides.
#[derive(Debug, Clone)]
pub struct Version {
    pub from: Utc,
    pub id: Uuid,
    pub hours: Arc<Hours>,
}

/// A calendar's versions by the instant from which they count. The first one counts for all time
/// before as well.
#[derive(Debug, Clone)]
pub struct Timeline {
    versions: Vec<Version>,
}

/// The end of all time; later than every instant that is stored.
const END: Utc = Utc::from_micros(i64::MAX);

impl Timeline {
    /// `None` without a version.
    pub fn of(mut versions: Vec<Version>) -> Option<Self> {
        versions.sort_by_key(|v| v.from);
        versions.first_mut()?.from = Utc::from_micros(i64::MIN);
        Some(Self { versions })
    }

    /// The version in force at an instant.
    pub fn at(&self, at: Utc) -> Option<&Version> {
        let after = self.versions.partition_point(|v| v.from <= at);
        self.versions.get(after.saturating_sub(1))
    }

    /// The versions that had begun by `known`, each with its end.
    fn until(&self, known: Utc) -> impl Iterator<Item = (&Version, Utc)> {
        let count = self.versions.partition_point(|v| v.from <= known).max(1);
        let begun = self.versions.iter().take(count);
        let ends = self.versions.iter().take(count).skip(1).map(|v| v.from);
        begun.zip(ends.chain([END]))
    }

    /// Open microseconds between two instants, with the versions that had begun by `known`.
    pub fn between(&self, from: Utc, to: Utc, known: Utc) -> i64 {
        self.until(known)
            .map(|(version, end)| {
                let (from, to) = (from.max(version.from), to.min(end));
                version.hours.between(from, to)
            })
            .sum()
    }

    /// The first instant by which `open` microseconds have been open since `from`.
    pub fn after(&self, from: Utc, open: i64, known: Utc) -> Option<Utc> {
        if open <= 0 {
            return Some(from);
        }
        let mut left = open;
        for (version, end) in self.until(known) {
            let start = from.max(version.from);
            if start >= end {
                continue;
            }
            match version.hours.after(start, left) {
                Some(at) if at <= end => return Some(at),
                _ if end == END => return None,
                _ => left -= version.hours.between(start, end),
            }
        }
        None
    }

    /// The `count`th business day that opens at or after `from`, and the version it stands in.
    pub fn day(&self, from: Utc, count: u32, known: Utc) -> Option<(BusinessDay, &Version)> {
        let mut left = count.max(1) as usize;
        for (version, end) in self.until(known) {
            let start = from.max(version.from);
            if start >= end {
                continue;
            }
            for day in version.hours.days_from(start) {
                if day.opens >= end {
                    break;
                }
                left -= 1;
                if left == 0 {
                    return Some((day, version));
                }
            }
        }
        None
    }

    /// The open intervals between two instants and the version each stands under, at most `most`.
    pub fn intervals(&self, from: Utc, to: Utc, known: Utc, most: usize) -> Vec<(Utc, Utc, Uuid)> {
        let mut found = Vec::new();
        for (version, end) in self.until(known) {
            let (from, to) = (from.max(version.from), to.min(end));
            if from < to {
                let open = version.hours.intervals(from, to, most);
                found.extend(open.into_iter().map(|(from, to)| (from, to, version.id)));
            }
        }
        found.truncate(most);
        found
    }
}
