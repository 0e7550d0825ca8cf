//! The copy that publishing freezes: everything a post-mortem says, as it reads then.

use super::actions::{Found, Line, instants_seen, lines};
use super::model::{Frozen, FrozenRecord, FrozenRow};
use super::rules::instants::Moment;
use super::rules::sections::Section;
use super::rules::timeline::Knowledge;
use super::store::{self, Linked};
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::Result;
use crate::problems;
use crate::records::{Kind, Record};

/// What it says now, for whoever may read all of it; what a reader may not see is left out on reading.
pub fn freeze(conn: &mut Db, found: &Found) -> Result<Frozen> {
    let id = found.record.id;
    let linked = store::linked_to(conn, None, id)?;
    let (incidents, others): (Vec<&Linked>, Vec<&Linked>) =
        linked.iter().partition(|one| one.kind == Kind::Incident);
    let record = |one: &&Linked| FrozenRecord {
        id: one.id.to_string(),
        number: one.number().to_string(),
        title: one.title.clone(),
        ..FrozenRecord::default()
    };
    let heads = store::heads_of(conn, id)?;
    let text = |section: &Section| {
        let head = heads.iter().find(|head| head.section == *section)?;
        let told = !head.text.trim().is_empty();
        told.then(|| (section.word().to_owned(), head.text.clone()))
    };
    let known = instants_seen(conn, id)?.joined;
    let instant = |which: &Moment| {
        let known = known.get(*which)?;
        let source = known.source.word().to_owned();
        Some((which.word().to_owned(), known.at.micros(), source))
    };
    let timeline = lines(conn, None, id, &linked)?;
    let people = store::participants_of(conn, id)?;
    let items = store::items_of(conn, None, id)?;
    let factors = problems::standing_factors(conn, id)?.into_iter();
    Ok(Frozen {
        title: found.record.title.clone(),
        facilitator: found.of.facilitator_id,
        reviewer: found.of.reviewer_id,
        participants: people.iter().map(|who| who.person_id).collect(),
        incidents: incidents.iter().map(record).collect(),
        linked: others.iter().map(record).collect(),
        instants: Moment::ALL.iter().filter_map(instant).collect(),
        sections: Section::ALL.iter().filter_map(text).collect(),
        factors: factors
            .map(|factor| (factor.code_label, factor.text, factor.evidence))
            .collect(),
        timeline: timeline
            .into_iter()
            .filter(|line| !line.is_hidden && (line.is_key || !line.said.is_empty()))
            .map(|line| FrozenRow {
                record: record_of(&line).map_or(String::new(), |id| id.to_string()),
                number: line.of.map_or(String::new(), |(_, n)| n.to_string()),
                at: line.at.micros(),
                fact: line.fact,
                by: line.by.map(|(id, _)| id),
                is_key: line.is_key,
                said: line
                    .said
                    .into_iter()
                    .map(|one| (one.text, one.evidence, known_word(one.knowledge)))
                    .collect(),
            })
            .collect(),
        actions: items
            .iter()
            .map(|item| FrozenRecord {
                id: item.id.to_string(),
                number: item.number().to_string(),
                title: item.title.clone(),
                owner: item.owner_id,
                kind: item.kind.word().to_owned(),
                due: item.due_at.map(Utc::micros),
            })
            .collect(),
        no_action_reason: found.of.no_action_reason.clone(),
    })
}

fn known_word(knowledge: Knowledge) -> String {
    knowledge.word().to_owned()
}

/// The record a row tells of, also where it is only annotated any more.
fn record_of(line: &Line) -> Option<Id<Record>> {
    let on = line.said.iter().find_map(|one| one.on);
    line.of.map(|(id, _)| id).or(on.map(|key| key.record))
}
