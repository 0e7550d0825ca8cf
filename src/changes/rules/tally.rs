//! How changes went, counted. Pure.

use std::collections::BTreeMap;

use super::emergency::Standing;
use super::outcome::Outcome;
use super::steps::ChangeType;
use crate::platform::db::Utc;

/// A change whose work ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    pub change_type: ChangeType,
    pub team: String,
    pub services: Vec<String>,
    pub outcome: Outcome,
    pub standing: Standing,
    /// Incidents that name it as their cause.
    pub caused: i64,
    /// From raising it to the beginning of the work.
    pub lead_minutes: i64,
}

impl Ended {
    /// It failed by its outcome, or by what it brought about.
    pub fn failed(&self) -> bool {
        self.outcome.is_failure() || self.caused > 0
    }
}

/// So many, and so many of them failed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    pub n: i64,
    pub failed: i64,
}

impl Count {
    /// How many of a hundred succeeded, rounded; nothing of nothing.
    pub fn success(self) -> Option<i64> {
        percent(self.n - self.failed, self.n)
    }
}

/// How many of a hundred a part is of a whole, rounded; nothing of nothing.
pub fn percent(part: i64, whole: i64) -> Option<i64> {
    (whole > 0).then(|| (part * 100 + whole / 2) / whole)
}

/// Counts by name, in the order of the names; what belongs to several is counted in each.
pub fn by<'a>(all: &'a [Ended], names: impl Fn(&'a Ended) -> Vec<&'a str>) -> Vec<(String, Count)> {
    let mut found: BTreeMap<&str, Count> = BTreeMap::new();
    for one in all {
        for name in names(one) {
            let count = found.entry(name).or_default();
            count.n += 1;
            count.failed += i64::from(one.failed());
        }
    }
    let named = |(name, count): (&str, Count)| (name.to_owned(), count);
    found.into_iter().map(named).collect()
}

/// The middle lead time in minutes.
pub fn median_lead(all: &[Ended]) -> Option<i64> {
    median(all.iter().map(|one| one.lead_minutes))
}

/// The middle of some spans in minutes.
pub fn median(minutes: impl IntoIterator<Item = i64>) -> Option<i64> {
    let mut all: Vec<i64> = minutes.into_iter().collect();
    all.sort_unstable();
    all.get(all.len() / 2).copied()
}

/// Who holds how many questions, and since when the oldest waits: the longest first.
pub fn held<P: Copy + Eq>(seats: &[(P, String, Utc)]) -> Vec<(String, i64, Utc)> {
    let mut found: Vec<(P, String, i64, Utc)> = Vec::new();
    for (person, name, since) in seats {
        match found.iter_mut().find(|(of, ..)| of == person) {
            Some((_, _, n, oldest)) => {
                *n += 1;
                *oldest = (*oldest).min(*since);
            }
            None => found.push((*person, name.clone(), 1, *since)),
        }
    }
    found.sort_by_key(|(_, _, n, oldest)| (*oldest, -*n));
    let named = |(_, name, n, oldest)| (name, n, oldest);
    found.into_iter().map(named).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ended(team: &str, outcome: Outcome, caused: i64, lead: i64) -> Ended {
        Ended {
            change_type: ChangeType::Normal,
            team: team.into(),
            services: vec!["Mail".into(), "Tills".into()],
            outcome,
            standing: Standing::None,
            caused,
            lead_minutes: lead,
        }
    }

    #[test]
    fn a_failure_is_an_outcome_or_an_incident_it_caused() {
        let all = [
            ended("A", Outcome::Successful, 0, 10),
            ended("A", Outcome::Successful, 2, 30),
            ended("B", Outcome::BackedOut, 0, 20),
            ended("B", Outcome::WithIssues, 0, 90),
        ];
        let teams = by(&all, |one| vec![one.team.as_str()]);
        let count = |n, failed| Count { n, failed };
        assert_eq!(
            teams,
            [("A".into(), count(2, 1)), ("B".into(), count(2, 1))]
        );
        let services = by(&all, |one| {
            one.services.iter().map(String::as_str).collect()
        });
        assert_eq!(services.len(), 2);
        assert_eq!(services[0].1, count(4, 2));
        assert_eq!(median_lead(&all), Some(30));
        assert_eq!(median_lead(&[]), None);
        assert_eq!(median([30, 10, 20]), Some(20));
        assert_eq!(count(3, 1).success(), Some(67));
        assert_eq!(count(0, 0).success(), None);
    }

    #[test]
    fn who_holds_the_oldest_question_comes_first() {
        let at = |n: i64| Utc::from_micros(n);
        let seats = [
            (1, "Apu".to_owned(), at(30)),
            (2, "Mona".to_owned(), at(20)),
            (1, "Apu".to_owned(), at(10)),
        ];
        let found = held(&seats);
        assert_eq!(
            found,
            [
                ("Apu".to_owned(), 2, at(10)),
                ("Mona".to_owned(), 1, at(20))
            ]
        );
    }
}
