//! What post-mortems keep in tables of their own, as the journal says it.

use super::model::{Added, Dismissal, InstantSaid, Participant, Postmortem};
use super::rules::sections::Section;
use crate::journal::{Change as Said, Value};
use crate::people::Person;
use crate::platform::db::Id;
use crate::records::Record;

fn word(word: &str) -> Value {
    match word {
        "" => Value::Nothing,
        word => Value::word(word),
    }
}

fn count(n: i64, nothing: i64) -> Value {
    match n {
        n if n == nothing => Value::Nothing,
        n => Value::Number(n),
    }
}

/// Every plain field of a post-mortem's own row, by name. `verify` compares exactly these and those
/// below.
pub fn plain(of: &Postmortem) -> [(&'static str, Value); 8] {
    [
        ("postmortem_due_at", Value::at(of.due_at)),
        ("meeting_at", Value::at(of.meeting_at)),
        ("meeting_place", Value::text(&of.meeting_place)),
        ("facts_version", count(of.facts_version, 1)),
        ("no_action_reason", Value::text(&of.no_action_reason)),
        ("required_by", word(&of.required_by)),
        ("edition", count(of.edition, 0)),
        ("overdue_told_at", Value::at(of.told_at)),
    ]
}

type PersonOf = fn(&Postmortem) -> Option<Id<Person>>;

/// The people of a post-mortem.
pub const PEOPLE: [(&str, PersonOf); 2] = [
    ("facilitator", |p| p.facilitator_id),
    ("reviewer", |p| p.reviewer_id),
];

/// What differs between two versions of a post-mortem's own row, but for its people.
pub fn changes(before: &Postmortem, after: &Postmortem) -> Vec<Said> {
    let pairs = plain(before).into_iter().zip(plain(after));
    pairs
        .filter(|((_, was), (_, is))| was != is)
        .map(|((field, was), (_, is))| Said::new(field, was, is))
        .collect()
}

/// What the journal calls a section.
pub const fn section(section: Section) -> &'static str {
    match section {
        Section::Summary => "section_summary",
        Section::Impact => "section_impact",
        Section::WhatHappened => "section_what_happened",
        Section::Surprise => "section_surprise",
        Section::WentWell => "section_went_well",
        Section::DidNotGoWell => "section_did_not_go_well",
        Section::Luck => "section_luck",
        Section::Detection => "section_detection",
        Section::Questions => "section_questions",
        Section::Outside => "section_outside",
    }
}

fn list(all: Vec<String>, names: String) -> Value {
    match all.is_empty() {
        true => Value::Nothing,
        false => Value::Code(all.join(","), names),
    }
}

/// Its incidents, in the order of their ids.
pub fn incidents(ids: &[Id<Record>], names: &[String]) -> Value {
    list(
        ids.iter().map(ToString::to_string).collect(),
        names.join(", "),
    )
}

/// Who was there, in the order of their ids, with what they say of which version of the facts.
pub fn participants(all: &[Participant], names: String) -> Value {
    let one = |who: &Participant| {
        let of = who.facts_version.map_or(String::new(), |n| n.to_string());
        format!("{}/{of}/{}", who.person_id, who.agrees)
    };
    list(all.iter().map(one).collect(), names)
}

/// What was annotated, in the order of the ids, by what it is on and how it counts; its words stand in
/// the facts that brought them.
pub fn annotations(all: &[Added]) -> Value {
    let one = |added: &Added| {
        let on = added.about_id.zip(added.position);
        let on = on.map_or(String::new(), |(id, at)| format!("{id}@{at}"));
        let at = added.at.map_or(String::new(), |at| at.micros().to_string());
        let flags = (added.is_key, added.is_hidden);
        format!(
            "{}/{}/{on}/{at}/{}/{}/{flags:?}",
            added.id,
            added.version,
            added.knowledge.word(),
            added.reach.word()
        )
        .replace(", ", "+")
    };
    list(all.iter().map(one).collect(), all.len().to_string())
}

/// The instants that were said here, in their order.
pub fn instants(all: &[InstantSaid]) -> Value {
    let mut all: Vec<&InstantSaid> = all.iter().collect();
    all.sort_by_key(|said| said.which);
    let one = |said: &&InstantSaid| {
        format!(
            "{}/{}/{}",
            said.which.word(),
            said.at.rfc3339_micros(),
            said.source.word()
        )
    };
    let label = all.len().to_string();
    list(all.iter().map(one).collect(), label)
}

/// The suggestions that were not taken up, by section and digest.
pub fn dismissals(all: &[Dismissal]) -> Value {
    let mut of: Vec<String> = all
        .iter()
        .map(|one| format!("{}/{}/{}", one.section.word(), one.rule, one.means))
        .collect();
    of.sort_unstable();
    let label = of.len().to_string();
    list(of, label)
}
