//! Whom a policy means for a record now, and how it is said that somebody is missing.

use std::collections::{HashMap, HashSet};

use uuid::Uuid;

use crate::approvals::model::Case;
use crate::approvals::rules::{Absence, Missing, People, Shortage};
use crate::approvals::store::{boards, rounds};
use crate::approvals::terms::{Policy, Who};
use crate::items;
use crate::people::{self, Person};
use crate::platform::db::{Db, Id};
use crate::platform::kernel::error::{Error, Invalid, Message, Result};
use crate::records::{self, Record};
use crate::services;

/// Everybody a policy could ask about a record, and who of them may not sit.
pub(super) fn who_is_meant(
    conn: &mut Db,
    record: &Record,
    policy: &Policy,
    case: &Case,
) -> Result<People> {
    let mut meant: HashMap<Who, Vec<Uuid>> = HashMap::new();
    let mut chairs = HashMap::new();
    for stage in &policy.stages {
        let entries = stage.seats.iter().map(|entry| &entry.who);
        for who in entries.chain(&stage.alternates) {
            if !meant.contains_key(who) {
                meant.insert(who.clone(), humans(conn, who, case)?);
            }
        }
        if let Some(board) = stage.board() {
            let chair = boards::find_board(conn, Id::from_uuid(board))?.chair_id;
            if let Some(chair) = chair {
                chairs.insert(board, chair.uuid());
            }
        }
    }
    let everybody: Vec<Uuid> = (meant.values().flatten().chain(chairs.values()))
        .copied()
        .collect();
    let disabled = rounds::disabled_of(conn, &everybody)?;
    let rightless = rounds::rightless_of(conn, &everybody)?;
    let mut blind = HashSet::new();
    if record.is_restricted {
        for person in &everybody {
            if !records::is_open_to(conn, record, Id::from_uuid(*person))? {
                blind.insert(*person);
            }
        }
    }
    let mut excluded: Vec<Uuid> = (case.excluded.iter().chain(&case.requester))
        .map(|id| id.uuid())
        .collect();
    excluded.sort_unstable();
    excluded.dedup();
    Ok(People {
        meant,
        chairs,
        disabled: disabled.into_iter().collect(),
        rightless: rightless.into_iter().collect(),
        blind,
        excluded,
    })
}

fn humans(conn: &mut Db, who: &Who, case: &Case) -> Result<Vec<Uuid>> {
    let ids = |people: Vec<people::PersonBrief>| people.into_iter().map(|p| p.id.uuid()).collect();
    Ok(match who {
        Who::Person(id) => vec![*id],
        Who::Team(id) => ids(people::members_of(conn, Id::from_uuid(*id))?),
        Who::Board(id) => {
            let board = boards::find_board(conn, Id::from_uuid(*id))?;
            match board.disabled_at {
                Some(_) => Vec::new(),
                None => ids(boards::members_of_board(conn, board.id)?),
            }
        }
        Who::ServiceOwner => {
            let mut owners = Vec::new();
            for service in &case.services {
                owners.extend(
                    services::find_service(conn, *service)?
                        .owner_id
                        .map(Id::uuid),
                );
            }
            unique(owners)
        }
        Who::ItemsTeam => {
            let mut members = Vec::new();
            for item in &case.items {
                if let Some(team) = items::find_item(conn, *item)?.team_id {
                    members.extend(
                        people::members_of(conn, team)?
                            .into_iter()
                            .map(|p| p.id.uuid()),
                    );
                }
            }
            unique(members)
        }
        Who::LineManager => match case.requester {
            Some(requester) => {
                let manager = people::find_person(conn, requester)?.manager_id;
                manager.map(Id::uuid).into_iter().collect()
            }
            None => Vec::new(),
        },
    })
}

fn unique(mut ids: Vec<Uuid>) -> Vec<Uuid> {
    let mut seen = HashSet::new();
    ids.retain(|id| seen.insert(*id));
    ids
}

/// Which stages are short and of whom, by name.
pub(super) fn refusal(conn: &mut Db, short: &[Shortage]) -> Result<Error> {
    let mut invalid = Invalid::default();
    if short.is_empty() {
        return Ok(Error::refused("approval-asks-nobody"));
    }
    let missing = || short.iter().flat_map(|s| &s.missing);
    let ids: Vec<Id<Person>> = missing()
        .filter_map(|m| m.person.map(Id::from_uuid))
        .collect();
    let names: HashMap<Uuid, String> = (people::people_by_ids(conn, &ids)?.into_iter())
        .map(|p| (p.id.uuid(), p.name))
        .collect();
    for shortage in short {
        invalid.add(
            "",
            Message::new("approval-short")
                .arg("stage", &shortage.stage)
                .arg("needed", shortage.needed)
                .arg("seats", shortage.seats),
        );
        for missing in &shortage.missing {
            invalid.add("", why(missing, &names));
        }
    }
    Ok(Error::Invalid(invalid))
}

fn why(missing: &Missing, names: &HashMap<Uuid, String>) -> Message {
    let key = match (missing.why, &missing.who) {
        (Absence::Excluded, _) => "approval-missing-excluded",
        (Absence::Left, _) => "approval-missing-left",
        (Absence::NoRight, _) => "approval-missing-right",
        (Absence::Blind, _) => "approval-missing-blind",
        (Absence::Nobody, Who::ServiceOwner) => "approval-missing-owner",
        (Absence::Nobody, Who::ItemsTeam) => "approval-missing-items-team",
        (Absence::Nobody, Who::LineManager) => "approval-missing-manager",
        (Absence::Nobody, _) => "approval-missing-members",
    };
    let name = missing.person.and_then(|id| names.get(&id));
    Message::new(key).arg("name", name.map_or("", String::as_str))
}
