//! What was published, as it read then: a page that prints well.

use std::collections::HashSet;

use actix_web::Responder;
use actix_web::web::Path;
use askama::Template;

use super::instants::{MeasureView, measures};
use super::{Top, moment_key, section_key, source_key};
use crate::people::{Answer, Person, Shell, Visit, Visitor, When};
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::{Error, Result};
use crate::platform::kernel::markdown::{self, SafeHtml};
use crate::postmortems::model::{Frozen, FrozenRecord, FrozenRow};
use crate::postmortems::rules::actions::ActionKind;
use crate::postmortems::rules::instants::{Instants, Known, Moment, Source};
use crate::postmortems::rules::sections::Section;
use crate::postmortems::store;
use crate::records::Record;
use crate::records::pages::Target;

#[derive(Template)]
#[template(path = "postmortems/edition.html")]
struct Page {
    shell: Shell,
    path: String,
    number: String,
    title: String,
    edition: String,
    when: When,
    published_by: String,
    hash: String,
    facilitator: String,
    reviewer: String,
    participants: String,
    records: Vec<(String, String)>,
    instants: Vec<(&'static str, When, &'static str)>,
    measures: Vec<MeasureView>,
    sections: Vec<(&'static str, SafeHtml)>,
    factors: Vec<(String, String, String)>,
    rows: Vec<RowView>,
    actions: Vec<ActionView>,
    no_action_reason: String,
}

struct ActionView {
    number: String,
    title: String,
    owner: String,
    kind: String,
    due: Option<When>,
}

struct RowView {
    when: When,
    number: String,
    what: String,
    by: String,
    is_key: bool,
    said: Vec<(String, String, bool)>,
}

/// `GET /postmortems/PM-1/editions/1`
pub async fn show(
    visit: Visit,
    target: Target,
    path: Path<(String, String, String)>,
) -> impl Responder {
    let (_, _, edition) = path.into_inner();
    target
        .page(visit, move |r, v| {
            let edition = edition.parse().map_err(|_| Error::NotFound)?;
            page(r, v, target, edition)
        })
        .await
}

fn page(conn: &mut Db, visitor: &Visitor, target: Target, edition: i64) -> Result<Answer> {
    let top = Top::read(conn, visitor, target, "postmortem-edition")?;
    let row = store::find_edition(conn, top.found.record.id, edition)?;
    let copy: Frozen = serde_json::from_str(&row.frozen)
        .map_err(|e| Error::inward(format!("an edition cannot be read: {e}")))?;
    let shell = top.shell;
    let seen = seen_in(conn, visitor, &copy)?;
    let people = people_in(&copy).chain(row.published_by_id);
    let names = store::names(conn, people)?;
    let name = |id: &Option<Id<Person>>| {
        let id = (*id)?;
        names.get(&id).cloned()
    };
    let mut there: Vec<&str> = copy
        .participants
        .iter()
        .filter_map(|id| names.get(id).map(String::as_str))
        .collect();
    there.sort_unstable();
    let known = instants_in(&copy);
    let records = copy.incidents.iter().chain(&copy.linked);
    let records = records.filter(|one| is_seen(&seen, &one.id));
    let instant = |which: &Moment| {
        let known = known.get(*which)?;
        let source = source_key(known.source);
        Some((moment_key(*which), shell.when(known.at), source))
    };
    let section = |(word, text): &(String, String)| {
        let section = Section::from_word(word)?;
        Some((section_key(section), markdown::render(text)))
    };
    let rows = copy.timeline.iter();
    let rows = rows.filter(|row| row.record.is_empty() || is_seen(&seen, &row.record));
    let action = |one: &FrozenRecord| {
        let kind = ActionKind::from_word(&one.kind);
        ActionView {
            number: one.number.clone(),
            title: one.title.clone(),
            owner: name(&one.owner).unwrap_or_default(),
            kind: kind.map_or(String::new(), |kind| {
                let key = format!("action-kind-{}", kind.word());
                shell.t.s(&key).into_owned()
            }),
            due: one.due.map(|at| shell.when(Utc::from_micros(at))),
        }
    };
    let actions = copy.actions.iter().filter(|one| is_seen(&seen, &one.id));
    Ok(Answer::html(&Page {
        path: top.path,
        number: top.number,
        title: copy.title.clone(),
        edition: edition.to_string(),
        when: shell.when(row.at),
        published_by: name(&row.published_by_id).unwrap_or_default(),
        hash: row.hash.chars().take(12).collect(),
        facilitator: name(&copy.facilitator).unwrap_or_default(),
        reviewer: name(&copy.reviewer).unwrap_or_default(),
        participants: there.join(", "),
        records: records
            .map(|one| (one.number.clone(), one.title.clone()))
            .collect(),
        instants: Moment::ALL.iter().filter_map(instant).collect(),
        measures: measures(&shell, &known),
        sections: copy.sections.iter().filter_map(section).collect(),
        rows: rows
            .map(|row| row_view(&shell, row, name(&row.by)))
            .collect(),
        actions: actions.map(action).collect(),
        factors: copy.factors.clone(),
        no_action_reason: copy.no_action_reason.clone(),
        shell,
    }))
}

fn row_view(shell: &Shell, row: &FrozenRow, by: Option<String>) -> RowView {
    RowView {
        when: shell.when(Utc::from_micros(row.at)),
        number: row.number.clone(),
        what: match row.fact.as_str() {
            "" => String::new(),
            fact => super::timeline::what(shell, fact),
        },
        by: by.unwrap_or_default(),
        is_key: row.is_key,
        said: row
            .said
            .iter()
            .map(|(text, evidence, known)| (text.clone(), evidence.clone(), known == "later"))
            .collect(),
    }
}

fn is_seen(seen: &HashSet<Id<Record>>, id: &str) -> bool {
    id.parse().is_ok_and(|id| seen.contains(&id))
}

/// Which of the records it names the reader may see: what may not be seen any more is not read here.
fn seen_in(conn: &mut Db, visitor: &Visitor, copy: &Frozen) -> Result<HashSet<Id<Record>>> {
    let all = copy
        .incidents
        .iter()
        .chain(&copy.linked)
        .chain(&copy.actions);
    let ids = all.map(|one| one.id.as_str());
    let ids = ids.chain(copy.timeline.iter().map(|row| row.record.as_str()));
    let mut ids: Vec<Id<Record>> = ids.filter_map(|id| id.parse().ok()).collect();
    ids.sort_unstable();
    ids.dedup();
    store::visible_among(conn, visitor, &ids)
}

fn people_in(copy: &Frozen) -> impl Iterator<Item = Id<Person>> + '_ {
    let named = copy.facilitator.into_iter().chain(copy.reviewer);
    let named = named.chain(copy.participants.iter().copied());
    let named = named.chain(copy.timeline.iter().filter_map(|row| row.by));
    named.chain(copy.actions.iter().filter_map(|one| one.owner))
}

fn instants_in(copy: &Frozen) -> Instants {
    let mut all = Instants::default();
    for (which, at, source) in &copy.instants {
        if let (Some(which), Some(source)) = (Moment::from_word(which), Source::from_word(source)) {
            let at = Utc::from_micros(*at);
            all.set(which, Some(Known { at, source }));
        }
    }
    all
}
