//! The usual path of a record, and whether its teams were given more time than the desk promised.

use uuid::Uuid;

use super::calendar::Timeline;
use super::clock::Catalogue;
use super::kept::{All, Kept};
use super::terms::{Covers, Span, Target, TooLong, too_long};
use super::{Agreement, AgreementKind};
use crate::platform::db::Utc;

/// Whom records usually go to: the desk first, then whoever works on them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ways {
    pub desk: Option<Uuid>,
    /// The team of each service that is in use, by the service.
    pub services: Vec<(Uuid, Uuid)>,
    /// The team of each category that has one.
    pub categories: Vec<(Uuid, Uuid)>,
}

/// What the teams of a path were given is more than what is promised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overrun {
    pub agreement: Uuid,
    pub name: String,
    pub teams: Vec<Uuid>,
    pub by: TooLong,
}

impl Ways {
    /// The paths of what an agreement covers.
    fn of(&self, covers: &Covers) -> Vec<Vec<Uuid>> {
        let of = |list: &[(Uuid, Uuid)], id: Option<Uuid>| {
            let found = list.iter().find(|(of, _)| Some(*of) == id);
            found.map(|(_, team)| *team)
        };
        let one = covers
            .team
            .or_else(|| of(&self.categories, covers.category))
            .or_else(|| of(&self.services, covers.service));
        let mut working: Vec<Uuid> = match one {
            Some(team) => vec![team],
            None => self.services.iter().map(|(_, team)| *team).collect(),
        };
        working.sort_unstable();
        working.dedup();
        let path = |team: Uuid| -> Vec<Uuid> {
            let desk = self.desk.filter(|desk| *desk != team);
            desk.into_iter().chain([team]).collect()
        };
        working.into_iter().map(path).collect()
    }
}

/// The agreements whose resolution target is shorter than what the teams of a usual path have.
pub fn overruns(all: &All, catalogue: &Catalogue, ways: &Ways, now: Utc) -> Vec<Overrun> {
    let mut found = Vec::new();
    for (kept, agreement) in of_kind(all, AgreementKind::Sla) {
        let Some(promise) = promised(catalogue, agreement, Target::Resolution) else {
            continue;
        };
        for teams in ways.of(&agreement.covers) {
            let path: Vec<(Span, &Timeline)> = teams
                .iter()
                .filter_map(|team| given(all, &agreement.covers, *team))
                .filter_map(|ola| promised(catalogue, ola, Target::Ola))
                .collect();
            if let Some(by) = too_long(promise, &path, now).filter(|_| !path.is_empty()) {
                found.push(Overrun {
                    agreement: kept.id.uuid(),
                    name: kept.name.clone(),
                    teams,
                    by,
                });
            }
        }
    }
    found
}

fn of_kind(all: &All, kind: AgreementKind) -> impl Iterator<Item = (&Kept<Agreement>, &Agreement)> {
    let kept = all.agreements.iter().filter(|kept| !kept.is_retired);
    let latest = kept.filter_map(|kept| Some((kept, &kept.latest()?.definition)));
    latest.filter(move |(_, agreement)| agreement.kind == kind)
}

fn promised<'a>(
    catalogue: &'a Catalogue,
    agreement: &Agreement,
    target: Target,
) -> Option<(Span, &'a Timeline)> {
    let span = agreement.targets.get(&target)?;
    Some((*span, catalogue.calendar(agreement.calendar)?))
}

/// What a team was given for records that an agreement covers: the most specific that holds for all of
/// them.
fn given<'a>(all: &'a All, covers: &Covers, team: Uuid) -> Option<&'a Agreement> {
    let holds = |ola: &&Agreement| {
        let of = &ola.covers;
        let record = of.record.is_empty() || of.record == covers.record;
        let is = |one: Option<Uuid>, other| one.is_none() || one == other;
        record
            && (of.priority.is_none() || of.priority == covers.priority)
            && is(of.service, covers.service)
            && is(of.organisation, covers.organisation)
            && is(of.category, covers.category)
            && is(of.team, Some(team))
    };
    of_kind(all, AgreementKind::Ola)
        .map(|(_, ola)| ola)
        .filter(holds)
        .max_by_key(|ola| ola.covers.specificity())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u128) -> Uuid {
        Uuid::from_u128(n)
    }

    fn ways() -> Ways {
        Ways {
            desk: Some(id(1)),
            services: vec![(id(10), id(2)), (id(11), id(3)), (id(12), id(1))],
            categories: vec![(id(20), id(4))],
        }
    }

    #[test]
    fn a_record_goes_from_the_desk_to_who_works_on_it() {
        let of = |service: Option<u128>, category: Option<u128>, team: Option<u128>| {
            ways().of(&Covers {
                service: service.map(id),
                category: category.map(id),
                team: team.map(id),
                ..Covers::default()
            })
        };
        assert_eq!(of(Some(10), None, None), [[id(1), id(2)]]);
        assert_eq!(of(Some(10), Some(20), None), [[id(1), id(4)]]);
        assert_eq!(of(Some(10), Some(20), Some(5)), [[id(1), id(5)]]);
        assert_eq!(of(Some(12), None, None), [[id(1)]]);
        let any = of(None, None, None);
        assert_eq!(any, [vec![id(1)], vec![id(1), id(2)], vec![id(1), id(3)]]);
    }
}
