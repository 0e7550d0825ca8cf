//! Calendars and agreements as they are kept: a name, and versions of which each holds from an
//! instant on.

use uuid::Uuid;

use super::{Agreement, Calendar};
use crate::platform::db::{Id, Utc};

/// Something defined, with every version it ever had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept<D: 'static> {
    pub id: Id<Kept<D>>,
    pub name: String,
    pub is_retired: bool,
    /// By number; there is at least one.
    pub versions: Vec<Version<D>>,
}

/// What holds from an instant on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version<D> {
    pub id: Uuid,
    pub number: i32,
    pub from_at: Utc,
    pub saved_at: Utc,
    /// From here on nothing new comes under it.
    pub is_retired: bool,
    pub definition: D,
}

/// Everything that is defined.
#[derive(Debug, Clone, Default)]
pub struct All {
    pub calendars: Vec<Kept<Calendar>>,
    pub agreements: Vec<Kept<Agreement>>,
}

impl<D> Kept<D> {
    /// What was saved last, whether it holds already or from some day on.
    pub fn latest(&self) -> Option<&Version<D>> {
        self.versions.last()
    }

    /// The versions that hold at some time, in the order of their instants. One that was saved later
    /// and holds from the same instant or an earlier one takes the place of what was planned.
    pub fn effective(&self) -> Vec<&Version<D>> {
        let mut effective: Vec<&Version<D>> = Vec::with_capacity(self.versions.len());
        for version in &self.versions {
            effective.retain(|before| before.from_at < version.from_at);
            effective.push(version);
        }
        effective
    }

    /// What holds at an instant.
    pub fn in_force(&self, at: Utc) -> Option<&Version<D>> {
        self.effective()
            .into_iter()
            .rev()
            .find(|version| version.from_at <= at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(from: &[i64]) -> Kept<()> {
        let versions = (1..).zip(from).map(|(number, from)| Version {
            id: Uuid::now_v7(),
            number,
            from_at: Utc::from_micros(*from),
            saved_at: Utc::from_micros(0),
            is_retired: false,
            definition: (),
        });
        Kept {
            id: Id::new(),
            name: "P1".into(),
            is_retired: false,
            versions: versions.collect(),
        }
    }

    fn numbers(kept: &Kept<()>) -> Vec<i32> {
        kept.effective().iter().map(|v| v.number).collect()
    }

    #[test]
    fn what_was_planned_gives_way_to_what_is_saved_later_and_holds_earlier() {
        assert_eq!(numbers(&kept(&[10, 20, 30])), [1, 2, 3]);
        assert_eq!(numbers(&kept(&[10, 90, 30])), [1, 3]);
        assert_eq!(numbers(&kept(&[10, 90, 90])), [1, 3]);
        assert_eq!(numbers(&kept(&[10, 10])), [2]);
    }

    #[test]
    fn at_an_instant_one_version_holds_or_none_yet() {
        let kept = kept(&[10, 90, 30]);
        let at = |at| kept.in_force(Utc::from_micros(at)).map(|v| v.number);
        assert_eq!(at(9), None);
        assert_eq!(at(10), Some(1));
        assert_eq!(at(29), Some(1));
        assert_eq!(at(30), Some(3));
        assert_eq!(at(1_000), Some(3));
    }
}
