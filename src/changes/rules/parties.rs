//! Who is affected by a change: those whom its services and items say, with whoever was added and
//! without whoever was left out. Pure.

use std::fmt;
use std::str::FromStr;

use crate::people::{Organisation, Person, Team};
use crate::platform::db::Id;

/// Somebody affected: `person:ID`, `team:ID` or `organisation:ID` in a form and a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Party {
    Person(Id<Person>),
    Team(Id<Team>),
    Organisation(Id<Organisation>),
}

impl fmt::Display for Party {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Party::Person(id) => write!(f, "person:{id}"),
            Party::Team(id) => write!(f, "team:{id}"),
            Party::Organisation(id) => write!(f, "organisation:{id}"),
        }
    }
}

impl FromStr for Party {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text.split_once(':') {
            Some(("person", id)) => id.parse().map(Party::Person).map_err(drop),
            Some(("team", id)) => id.parse().map(Party::Team).map_err(drop),
            Some(("organisation", id)) => id.parse().map(Party::Organisation).map_err(drop),
            _ => Err(()),
        }
    }
}

/// What somebody said of who is told: added to those who are derived, or left out of them.
pub type Kept = (Party, bool);

/// Who is told, each once: the derived ones first.
pub fn effective(derived: &[Party], kept: &[Kept]) -> Vec<Party> {
    let mut all: Vec<Party> = Vec::new();
    let added = kept.iter().filter(|(_, added)| *added).map(|(p, _)| *p);
    for party in derived.iter().copied().chain(added) {
        let is_out = kept.contains(&(party, false));
        if !is_out && !all.contains(&party) {
            all.push(party);
        }
    }
    all
}

/// What has to be kept so that exactly these are told.
pub fn kept(derived: &[Party], told: &[Party]) -> Vec<Kept> {
    let out = derived.iter().filter(|party| !told.contains(party));
    let added = told.iter().filter(|party| !derived.contains(party));
    let mut all: Vec<Kept> = out.map(|party| (*party, false)).collect();
    all.extend(added.map(|party| (*party, true)));
    all.sort_by_key(|(party, _)| party.to_string());
    all.dedup();
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::changes::rules::id;
    use proptest::prelude::*;

    fn party(n: u8) -> Party {
        let of = u128::from(n);
        match n % 3 {
            0 => Party::Person(id(of)),
            1 => Party::Team(id(of)),
            _ => Party::Organisation(id(of)),
        }
    }

    #[test]
    fn a_party_is_read_as_it_is_written() {
        for n in 0..6 {
            assert_eq!(party(n).to_string().parse(), Ok(party(n)));
        }
        assert_eq!("crowd:1".parse::<Party>(), Err(()));
        assert_eq!("team:nobody".parse::<Party>(), Err(()));
    }

    proptest! {
        #[test]
        fn exactly_those_are_told_whom_somebody_chose(
            derived in prop::collection::btree_set(0u8..12, 0..6),
            told in prop::collection::btree_set(0u8..12, 0..6),
        ) {
            let derived: Vec<Party> = derived.into_iter().map(party).collect();
            let told: Vec<Party> = told.into_iter().map(party).collect();
            let found = effective(&derived, &kept(&derived, &told));
            prop_assert_eq!(found.len(), told.len());
            prop_assert!(told.iter().all(|one| found.contains(one)));
        }

        /// Whoever comes to be affected later is told without anybody's doing.
        #[test]
        fn who_is_derived_later_is_told(n in 0u8..12, more in 0u8..12) {
            prop_assume!(n != more);
            let rows = kept(&[party(n)], &[]);
            prop_assert_eq!(effective(&[party(n), party(more)], &rows), vec![party(more)]);
        }
    }
}
