//! Compares the rows beside records with what the facts tell of them, both ways: a row must have
//! its fact and a fact its row.

use std::collections::HashMap;

use uuid::Uuid;

use super::store::{self, AttachmentRow, EntryRow, InvolvedRow, LinkRow, Row};
use super::story::Story;
use crate::journal::Value;
use crate::journal::verify::{Held, Report};
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::Result;
use crate::records::involved::Role;
use crate::records::model::{Handoff, Hold, Record, Resolution};
use crate::service_levels::results;
use crate::tasks;

/// How many entries are held in memory.
const PAGE: usize = 500;

/// The records of a batch that stand in the table: their names and what their facts tell.
pub struct Beside<'a> {
    pub rows: &'a HashMap<Uuid, Row>,
    pub names: &'a HashMap<Uuid, String>,
    pub stories: &'a mut HashMap<Uuid, Story>,
}

impl Beside<'_> {
    pub fn compare(&mut self, conn: &mut Db, report: &mut Report<'_>) -> Result<()> {
        let mut ids: Vec<Id<Record>> = self.names.keys().map(|id| Id::from_uuid(*id)).collect();
        ids.sort_unstable();
        self.entries(conn, &ids, report)?;
        for row in store::attachments_of(conn, &ids)? {
            self.attachment(&row, report);
        }
        for (record, person) in store::watchers_of(conn, &ids)? {
            let (name, story) = self.of(record);
            if !story.watchers.remove(&person.to_string()) {
                unknown(name, "watcher", &person.to_string(), report);
            }
        }
        for (record, person) in store::readers_of(conn, &ids)? {
            let (name, story) = self.of(record);
            if !story.readers.remove(&person.to_string()) {
                unknown(name, "reader", &person.to_string(), report);
            }
        }
        for (record, team) in store::restrictions_of(conn, &ids)? {
            let (name, story) = self.of(record);
            let stands = Value::reference(team.map(|id| (id.uuid(), String::new())));
            match story.restricted_to.take() {
                Some(told) => report.compares(name, "restricted to", &told, &stands),
                None => unknown(name, "restriction", "of its own", report),
            }
        }
        for row in store::involved_of(conn, &ids)? {
            self.involved(&row, report);
        }
        let (out, into) = store::links_of(conn, &ids)?;
        for row in &out {
            self.link(row, true, report);
        }
        for row in &into {
            self.link(row, false, report);
        }
        for row in store::handoffs_of(conn, &ids)? {
            self.handoff(&row, report);
        }
        self.families(conn, &ids, report)?;
        for row in store::holds_of(conn, &ids)? {
            self.hold(&row, report);
        }
        for row in store::resolutions_of(conn, &ids)? {
            self.resolution(&row, report);
        }
        for row in store::former_numbers_of(conn, &ids)? {
            let (name, story) = self.of(row.record_id);
            let told = story.former_numbers.remove(&(row.kind.clone(), row.number));
            let former = super::name(&row.kind, row.number);
            match told {
                None => unknown(name, "former number", &former, report),
                told => same_time(&former, "given up", told, Some(row.at), report),
            }
        }
        let on: Vec<_> = ids.iter().map(|id| id.cast()).collect();
        for row in tasks::of_records(conn, &on)? {
            let (name, story) = self.of(row.record_id.cast());
            story.tasks.compare(name, &row, report);
        }
        let on: Vec<_> = ids.iter().map(|id| id.cast()).collect();
        let (reasons, exemptions) = results::verify::of_records(conn, &on)?;
        for row in reasons {
            let (name, story) = self.of(row.record_id.cast());
            story.results.compare_reason(name, &row, report);
        }
        for row in exemptions {
            let (name, story) = self.of(row.record_id.cast());
            story.results.compare_exemption(name, &row, report);
        }
        for id in &ids {
            self.lost(*id, report);
        }
        Ok(())
    }

    fn of(&mut self, record: Id<Record>) -> (&str, &mut Story) {
        let name = self.names.get(&record.uuid()).map_or("", String::as_str);
        (name, self.stories.entry(record.uuid()).or_default())
    }

    fn entries(
        &mut self,
        conn: &mut Db,
        ids: &[Id<Record>],
        report: &mut Report<'_>,
    ) -> Result<()> {
        let mut last: Option<EntryRow> = None;
        loop {
            let mut page = store::entries_page(conn, ids, last.as_ref(), PAGE)?;
            for row in &page {
                self.entry(row, report);
            }
            match page.pop() {
                Some(row) if page.len() + 1 == PAGE => last = Some(row),
                _ => return Ok(()),
            }
        }
    }

    fn entry(&mut self, row: &EntryRow, report: &mut Report<'_>) {
        let (name, story) = self.of(row.record_id);
        let id = row.id.to_string();
        let Some(told) = story.entries.remove(&id) else {
            return unknown(name, "entry", &id, report);
        };
        let name = format!("{name} entry {id}");
        report.compares(
            &name,
            "audience",
            &told.audience,
            &Value::word(&row.audience),
        );
        report.compares(&name, "channel", &told.channel, &Value::word(&row.channel));
        report.compares_text(&name, "author", &told.author, &row.author_name);
        report.compares(&name, "body", &told.body, &Value::text(&row.body));
        told.by.compare(&name, row.author_id, report);
        same_time(&name, "at", Some(told.at), Some(row.at), report);
        if told.chaser != row.chaser {
            let shown = |chaser| if chaser { "a chaser" } else { "no chaser" };
            report.differs_in(&name, "chaser", shown(told.chaser), shown(row.chaser));
        }
    }

    fn involved(&mut self, row: &InvolvedRow, report: &mut Report<'_>) {
        let (name, story) = self.of(row.record_id);
        let id = row.person_id.to_string();
        let told = match Role::from_word(&row.role) {
            Some(Role::Affected) => story.affected.remove(&id),
            Some(Role::Caller) => story.callers.remove(&id),
            None => None,
        };
        let Some(told) = told else {
            return unknown(name, &row.role, &id, report);
        };
        let name = format!("{name} {} {id}", row.role);
        same_time(&name, "at", Some(told), Some(row.at), report);
    }

    fn attachment(&mut self, row: &AttachmentRow, report: &mut Report<'_>) {
        let (name, story) = self.of(row.record_id);
        let id = row.id.to_string();
        let Some(told) = story.attachments.remove(&id) else {
            return unknown(name, "attachment", &id, report);
        };
        let name = format!("{name} attachment {id}");
        report.compares(
            &name,
            "audience",
            &told.audience,
            &Value::word(&row.audience),
        );
        report.compares_text(&name, "name", &told.name, &row.name);
        report.compares(&name, "content", &told.content, &Value::text(&row.content));
        let media_type = Value::word(&row.media_type);
        report.compares(&name, "type", &told.media_type, &media_type);
        report.compares(&name, "size", &told.size, &Value::Number(row.size));
        let entry = row.entry_id.map(|id| Value::word(id.to_string()));
        let entry = entry.unwrap_or(Value::Nothing);
        report.compares(&name, "entry", &told.entry, &entry);
        told.by.compare(&name, row.by_id, report);
        same_time(&name, "at", Some(told.at), Some(row.at), report);
    }

    fn link(&mut self, row: &LinkRow, outward: bool, report: &mut Report<'_>) {
        let (record, other) = if outward {
            (row.from_id, row.to_id)
        } else {
            (row.to_id, row.from_id)
        };
        let (name, story) = self.of(record);
        let id = row.id.to_string();
        let Some(told) = story.links.remove(&id) else {
            return unknown(name, "link", &id, report);
        };
        let name = format!("{name} link {id}");
        let other = Value::Ref(other.uuid(), String::new());
        report.compares(&name, "to", &told.other, &other);
        report.compares(&name, "type", &told.link_type, &Value::word(&row.link_type));
        report.compares(&name, "outward", &told.outward, &Value::Flag(outward));
    }

    fn handoff(&mut self, row: &Handoff, report: &mut Report<'_>) {
        let (name, story) = self.of(row.record_id);
        let n = row.n.to_string();
        let Some(told) = story.handoffs.remove(&row.n.into()) else {
            return unknown(name, "hand-off", &n, report);
        };
        let name = format!("{name} hand-off {n}");
        let team = |id: Uuid| Value::Ref(id, String::new());
        let entry = |id: Uuid| Value::word(id.to_string());
        let returned = row.returned_entry_id.map(Id::uuid);
        for (field, held, stands) in [
            ("from", &told.from, team(row.from_team_id.uuid())),
            ("to", &told.to, team(row.to_team_id.uuid())),
            ("entry", &told.entry, entry(row.entry_id.uuid())),
            ("tried", &told.tried, Value::Number(row.tried_chars.into())),
            (
                "sent back",
                &told.returned,
                returned.map_or(Value::Nothing, entry),
            ),
        ] {
            report.compares(&name, field, held, &stands);
        }
    }

    /// Which records stand under each, told by its own facts too, and the counts of them.
    fn families(
        &mut self,
        conn: &mut Db,
        ids: &[Id<Record>],
        report: &mut Report<'_>,
    ) -> Result<()> {
        let mut counted: HashMap<Uuid, (i32, i32)> = HashMap::new();
        for (parent, child, open) in store::children_of(conn, ids)? {
            let counts = counted.entry(parent.uuid()).or_default();
            counts.0 += 1;
            counts.1 += i32::from(open);
            let (name, story) = self.of(parent);
            if !story.children.remove(&child.to_string()) {
                unknown(name, "child", &child.to_string(), report);
            }
        }
        for (id, row) in self.rows {
            let (children, open) = counted.remove(id).unwrap_or_default();
            let name = self.names.get(id).map_or("", String::as_str);
            for (what, stand, counts) in [
                ("children", children, row.children),
                ("open children", open, row.open_children),
            ] {
                if stand != counts {
                    let said = format!("{what}: {stand} stand under it, but it counts {counts}");
                    report.differs(name, said);
                }
            }
        }
        Ok(())
    }

    fn hold(&mut self, row: &Hold, report: &mut Report<'_>) {
        let (name, story) = self.of(row.record_id);
        let since = row.started_at.rfc3339();
        let found = story
            .holds
            .iter()
            .position(|h| h.started_at == row.started_at);
        let Some(at) = found else {
            return unknown(name, "hold since", &since, report);
        };
        let told = story.holds.remove(at);
        let name = format!("{name} hold since {since}");
        let reason = Value::Code(row.reason.clone(), String::new());
        let other = row.for_record_id.map(|id| (id.uuid(), String::new()));
        let because = row.because_id.map(|id| (id.uuid(), String::new()));
        let flows = match row.flows_down {
            true => Value::Flag(true),
            false => Value::Nothing,
        };
        let resume_at = (row.resume_at != Utc::FAR).then_some(row.resume_at);
        for (field, held, stands) in [
            ("reason", &told.reason, reason),
            ("for", &told.for_record, Value::reference(other)),
            ("case", &told.supplier_case, Value::text(&row.supplier_case)),
            ("until", &told.resume_at, Value::at(resume_at)),
            ("because of", &told.because, Value::reference(because)),
            ("flows down", &told.flows_down, flows),
        ] {
            report.compares(&name, field, held, &stands);
        }
        // One of the list by its id, with the name it had; of another one there is only the name.
        let supplier = match row.supplier_id {
            Some(id) => Value::Ref(id.uuid(), row.supplier.clone()),
            None => Value::text(&row.supplier),
        };
        report.compares(&name, "supplier", &told.supplier, &supplier);
        if let (Held::Ref(_, label), Some(_)) = (&told.supplier, row.supplier_id) {
            report.compares_text(&name, "supplier", label, &row.supplier);
        }
        if let Some(before) = &told.state_before {
            let stands = Value::word(&row.state_before);
            report.compares(&name, "state before", before, &stands);
        }
        same_time(&name, "ended", told.ended_at, row.ended_at, report);
    }

    fn resolution(&mut self, row: &Resolution, report: &mut Report<'_>) {
        let (name, story) = self.of(row.record_id);
        let at = row.at.rfc3339();
        let found = story
            .resolutions
            .iter()
            .position(|r| r.at == row.at && r.list == row.list);
        let Some(found) = found else {
            return unknown(name, "resolution of", &at, report);
        };
        let told = story.resolutions.remove(found);
        let name = format!("{name} {} of {at}", told.list);
        let code = Value::Code(row.code.clone(), row.code_label.clone());
        report.compares(&name, "code", &told.code, &code);
        if let Held::Ref(_, label) = &told.code {
            report.compares_text(&name, "label", label, &row.code_label);
        }
        told.by.compare(&name, row.by_id, report);
        report.compares(&name, "text", &told.text, &Value::text(&row.text));
        let (told, stands) = (told.superseded_at, row.superseded_at);
        same_time(&name, "superseded", told, stands, report);
    }

    /// What the facts tell and no row was found for.
    fn lost(&mut self, record: Id<Record>, report: &mut Report<'_>) {
        let (name, story) = self.of(record);
        let told = std::mem::take(story);
        let name = name.to_owned();
        let ids = (told.entries.into_keys().map(|id| ("entry", id)))
            .chain(told.attachments.into_keys().map(|id| ("attachment", id)))
            .chain(told.watchers.into_iter().map(|id| ("watcher", id)))
            .chain(told.readers.into_iter().map(|id| ("reader", id)))
            .chain(
                told.restricted_to
                    .map(|_| ("restriction", "of its own".to_owned())),
            )
            .chain(told.affected.into_keys().map(|id| ("affected", id)))
            .chain(told.callers.into_keys().map(|id| ("caller", id)))
            .chain(told.links.into_keys().map(|id| ("link", id)))
            .chain(told.children.into_iter().map(|id| ("child", id)))
            .chain(told.tasks.lost().map(|id| ("task", id)))
            .chain(told.results.lost())
            .chain(
                (told.former_numbers.keys())
                    .map(|(kind, n)| ("former number", super::name(kind, *n))),
            )
            .chain(
                told.handoffs
                    .into_keys()
                    .map(|n| ("hand-off", n.to_string())),
            );
        let times = (told.holds.iter().map(|h| ("hold since", h.started_at)))
            .chain(told.resolutions.iter().map(|r| ("resolution of", r.at)))
            .map(|(what, at)| (what, at.rfc3339()));
        for (what, id) in ids.chain(times) {
            report.differs(
                &name,
                format!("{what} {id}: the journal has it, but it is gone"),
            );
        }
    }
}

fn unknown(name: &str, what: &str, id: &str, report: &mut Report<'_>) {
    report.differs(
        name,
        format!("{what} {id}: it stands there, but the journal has none"),
    );
}

pub fn same_time(
    name: &str,
    field: &str,
    told: Option<Utc>,
    stands: Option<Utc>,
    report: &mut Report<'_>,
) {
    if told != stands {
        let shown = |at: Option<Utc>| at.map_or_else(|| "nothing".to_owned(), Utc::rfc3339_micros);
        report.differs_in(name, field, &shown(told), &shown(stands));
    }
}
