//! Records as the journal's verification sees them: every journaled field of every row, what is
//! derived from them, the rows beside them, their numbers and the tallies.

mod beside;
mod clocks;
mod fair;
mod store;
mod story;

use std::collections::{BTreeMap, HashMap};

use uuid::Uuid;

use super::labels::{self, counted};
use super::life_cycle::{Group, Practices};
use super::model::{Kind, Record};
use super::number::Number;
use crate::journal::verify::{Checked, Ended, Fields, Held, Ledger, Report, Standing};
use crate::journal::{Head, Value};
use crate::platform::db::{Db, Id};
use crate::platform::kernel::error::Result;
use beside::{Beside, same_time};
pub use clocks::{ClocksSeen, verify_clocks};
use fair::Allowances;
use store::Row;
use story::Story;

/// How many numbers are read at once.
const PAGE: i64 = 10_000;

/// The fields of a record's row that are journaled.
const FIELDS: &[&str] = &[
    "title",
    "description",
    "channel",
    "impact",
    "urgency",
    "priority",
    "priority_source",
    "priority_reason",
    "state",
    "reported_at",
    "resolved_at",
    "closed_at",
    "reassignments",
    "reopens",
    "handoffs",
    "kind",
    "number",
    "restricted",
    "requester",
    "service",
    "category",
    "team",
    "assignee",
    "item",
    "location",
    "parent",
    "owner_team",
];

/// A field of a record and the value that stands there.
pub type DetailValue = (Id<Record>, &'static str, Value);

/// Journaled fields that a practice keeps in its own table.
pub struct Detail {
    pub fields: &'static [&'static str],
    /// Reads them for some records; what is not there has no value.
    pub stands: fn(&mut Db, &[Id<Record>]) -> Result<Vec<DetailValue>>,
}

type TallyKey = (String, String, Uuid, Uuid);

/// The spine with its practices' details.
pub struct Records {
    practices: Practices,
    details: &'static [Detail],
    fields: Vec<&'static str>,
    /// The batch being looked at.
    rows: HashMap<Uuid, Row>,
    names: HashMap<Uuid, String>,
    stories: HashMap<Uuid, Story>,
    /// Where the open records seen so far stand.
    tallies: BTreeMap<TallyKey, i64>,
    /// How many of them one team owns and another works on.
    handovers: BTreeMap<(Uuid, Uuid), i64>,
    /// Read with the first batch.
    allowances: Option<Allowances>,
}

impl Records {
    pub fn new(practices: Practices, details: &'static [Detail]) -> Self {
        let more = details.iter().flat_map(|d| d.fields);
        Self {
            practices,
            details,
            fields: FIELDS.iter().chain(more).copied().collect(),
            rows: HashMap::new(),
            names: HashMap::new(),
            stories: HashMap::new(),
            tallies: BTreeMap::new(),
            handovers: BTreeMap::new(),
            allowances: None,
        }
    }

    /// What is derived from journaled fields and counted with them.
    fn compare_derived(&self, row: &Row, chain: &Ended<'_>, report: &mut Report<'_>) {
        let name = chain.name;
        let state =
            Kind::from_word(&row.kind).and_then(|kind| self.practices.of(kind).state(&row.state));
        match state {
            None => report.differs(
                name,
                format!("state: {} has none named {}", row.kind, row.state),
            ),
            Some(state) => {
                let (group, open) = (state.group.word(), state.group != Group::Done);
                if row.state_group != group {
                    report.differs_in(name, "state group", group, &row.state_group);
                }
                if row.is_open != open {
                    let shown = |open| if open { "open" } else { "not open" };
                    report.differs_in(name, "open", shown(open), shown(row.is_open));
                }
            }
        }
        if row.version != chain.count {
            let (told, stands) = (chain.count.to_string(), row.version.to_string());
            report.differs_in(name, "version", &told, &stands);
        }
        same_time(name, "created", chain.began, Some(row.created_at), report);
        if let (Some(story), Some(allowances)) =
            (self.stories.get(&chain.subject), &self.allowances)
        {
            fair::compare(name, row, story, allowances, report);
        }
        let changed = self.stories.get(&chain.subject).and_then(|s| s.changed);
        if changed.map(|(_, recorded)| recorded) != Some(row.updated_at) {
            let changed = changed.map(|(at, _)| at);
            same_time(name, "updated", changed, Some(row.updated_at), report);
        }
    }

    fn compare_numbers(conn: &mut Db, report: &mut Report<'_>) -> Result<()> {
        for kind in store::kinds(conn)? {
            let mut last = 0;
            let gap = |last: i64, next: i64, report: &mut Report<'_>| {
                if next > last + 1 {
                    let lost = match next - 1 - last {
                        1 => format!("{}-{}", kind.prefix, last + 1),
                        _ => format!("{0}-{1} to {0}-{2}", kind.prefix, last + 1, next - 1),
                    };
                    report.differs(&lost, "missing, though numbers are given without gaps");
                }
            };
            loop {
                let page = store::numbers_after(conn, &kind.kind, last, PAGE)?;
                for number in &page {
                    gap(last, *number, report);
                    if *number == last {
                        let name = format!("{}-{number}", kind.prefix);
                        report.differs(&name, "given twice: to a record, and to one before");
                    }
                    last = *number;
                }
                if (page.len() as i64) < PAGE {
                    break;
                }
            }
            gap(last, kind.last_number + 1, report);
            if last > kind.last_number {
                let said = format!(
                    "numbers run to {last}, but the last one given is {}",
                    kind.last_number
                );
                report.differs(&kind.kind, said);
            }
        }
        Ok(())
    }

    fn compare_tallies(&mut self, conn: &mut Db, report: &mut Report<'_>) -> Result<()> {
        let mut counted = std::mem::take(&mut self.tallies);
        let differ = |key: &TallyKey, counted: i64, stands: i64, report: &mut Report<'_>| {
            if counted != stands {
                let (kind, group, team, assignee) = key;
                let said = format!(
                    "{kind}, {group}, team {team}, assignee {assignee}: {counted} records stand \
                     there, but it counts {stands}"
                );
                report.differs("tally", said);
            }
        };
        for row in store::tallies(conn)? {
            let key = (
                row.kind,
                row.state_group,
                row.team_id.uuid(),
                row.assignee_id.uuid(),
            );
            let n = counted.remove(&key).unwrap_or(0);
            differ(&key, n, row.n, report);
        }
        for (key, n) in &counted {
            differ(key, *n, 0, report);
        }
        Ok(())
    }

    fn compare_handovers(&mut self, conn: &mut Db, report: &mut Report<'_>) -> Result<()> {
        let mut counted = std::mem::take(&mut self.handovers);
        let mut pairs = Vec::new();
        for row in store::handovers(conn)? {
            let key = (row.owner_team_id.uuid(), row.team_id.uuid());
            pairs.push((key, counted.remove(&key).unwrap_or(0), row.n));
        }
        pairs.extend(counted.into_iter().map(|(key, n)| (key, n, 0)));
        for ((owner, team), counted, stands) in pairs {
            if counted != stands {
                let said = format!(
                    "owner {owner}, team {team}: {counted} records stand there, but it counts \
                     {stands}"
                );
                report.differs("handover tally", said);
            }
        }
        Ok(())
    }
}

impl Ledger for Records {
    fn kind(&self) -> &'static str {
        "record"
    }

    fn fields(&self) -> &[&'static str] {
        &self.fields
    }

    fn subjects_after(&self, conn: &mut Db, after: Option<Uuid>, limit: i64) -> Result<Vec<Uuid>> {
        store::ids_after(conn, after, limit)
    }

    fn standings(&mut self, conn: &mut Db, ids: &[Uuid]) -> Result<Vec<Standing>> {
        if self.allowances.is_none() {
            self.allowances = Some(Allowances::read(conn)?);
        }
        self.rows.clear();
        self.names.clear();
        self.stories.clear();
        let ids: Vec<Id<Record>> = ids.iter().map(|id| Id::from_uuid(*id)).collect();
        let mut standings: BTreeMap<Uuid, Standing> = BTreeMap::new();
        for row in store::rows(conn, &ids)? {
            let id = row.id.uuid();
            let name = name(&row.kind, row.number);
            let mut fields = fields_of(&row);
            let details = self.details.iter().flat_map(|d| d.fields);
            fields.extend(details.map(|field| (*field, Value::Nothing)));
            let head = Some(Head {
                count: row.facts,
                hash: row.facts_head.clone(),
            });
            self.names.insert(id, name.clone());
            self.rows.insert(id, row);
            standings.insert(
                id,
                Standing {
                    id,
                    name,
                    head,
                    must_have_facts: true,
                    fields,
                },
            );
        }
        for detail in self.details {
            for (id, field, value) in (detail.stands)(conn, &ids)? {
                let fields = standings.get_mut(&id.uuid()).map(|s| &mut s.fields);
                let place = fields.and_then(|f| f.iter_mut().find(|(name, _)| *name == field));
                if let Some((_, stands)) = place {
                    *stands = value;
                }
            }
        }
        Ok(standings.into_values().collect())
    }

    fn name(&self, fields: &Fields) -> Option<String> {
        match (fields.get("kind"), fields.get("number")) {
            (Some(Held::Word(kind)), Some(Held::Number(n))) => Some(name(kind, *n)),
            _ => None,
        }
    }

    fn fact(&mut self, fact: &Checked<'_>) {
        let subject = fact.fact.subject_id.uuid();
        self.stories.entry(subject).or_default().tell(fact);
    }

    fn ended(&mut self, chain: &Ended<'_>, report: &mut Report<'_>) {
        if let Some(row) = self.rows.get(&chain.subject) {
            self.compare_derived(row, chain, report);
        }
    }

    fn beside(&mut self, conn: &mut Db, _: &[Uuid], report: &mut Report<'_>) -> Result<()> {
        for (id, row) in &self.rows {
            report.summary.records += 1;
            let told = self.stories.get(id).map_or(0, |story| story.kind_changes);
            if told != row.kind_changes {
                let name = self.names.get(id).map_or("", String::as_str);
                let (told, stands) = (told.to_string(), row.kind_changes.to_string());
                report.differs_in(name, "kind changes", &told, &stands);
            }
            if row.is_open && !row.is_restricted {
                let someone = |id: Option<Id<()>>| id.map_or(Uuid::nil(), Id::uuid);
                let key = (
                    row.kind.clone(),
                    row.state_group.clone(),
                    someone(row.team_id),
                    someone(row.assignee_id),
                );
                *self.tallies.entry(key).or_default() += 1;
                if let (Some(owner), Some(team)) = (row.owner_team_id, row.team_id)
                    && owner != team
                {
                    let key = (owner.uuid(), team.uuid());
                    *self.handovers.entry(key).or_default() += 1;
                }
            }
        }
        Beside {
            rows: &self.rows,
            names: &self.names,
            stories: &mut self.stories,
        }
        .compare(conn, report)
    }

    fn whole(&mut self, conn: &mut Db, report: &mut Report<'_>) -> Result<()> {
        Self::compare_numbers(conn, report)?;
        self.compare_tallies(conn, report)?;
        self.compare_handovers(conn, report)
    }
}

fn name(kind: &str, n: i64) -> String {
    Kind::from_word(kind).map_or_else(
        || format!("{kind} {n}"),
        |kind| Number { kind, n }.to_string(),
    )
}

/// The journaled fields of a row, as `labels` writes them.
fn fields_of(row: &Row) -> Vec<(&'static str, Value)> {
    let reference = |id: Option<Id<()>>| Value::reference(id.map(|id| (id.uuid(), String::new())));
    vec![
        ("title", Value::text(&row.title)),
        ("description", Value::text(&row.description)),
        ("channel", Value::word(&row.channel)),
        ("impact", Value::Number(row.impact.into())),
        ("urgency", Value::Number(row.urgency.into())),
        ("priority", Value::Number(row.priority.into())),
        ("priority_source", Value::word(&row.priority_source)),
        ("priority_reason", Value::text(&row.priority_reason)),
        ("state", Value::word(&row.state)),
        ("reported_at", Value::At(row.reported_at)),
        ("resolved_at", Value::at(row.resolved_at)),
        ("closed_at", Value::at(row.closed_at)),
        ("reassignments", Value::Number(row.reassignments.into())),
        ("reopens", Value::Number(row.reopens.into())),
        ("handoffs", counted(row.handoffs)),
        ("kind", Value::word(&row.kind)),
        ("number", Value::Number(row.number)),
        ("restricted", labels::restricted(row.is_restricted)),
        ("requester", reference(row.requester_id)),
        ("service", reference(row.service_id)),
        ("category", reference(row.category_id)),
        ("team", reference(row.team_id)),
        ("assignee", reference(row.assignee_id)),
        ("item", reference(row.item_id)),
        ("location", reference(row.location_id)),
        ("parent", reference(row.parent_id.map(Id::cast))),
        ("owner_team", reference(row.owner_team_id)),
    ]
}

#[cfg(test)]
mod tests;
