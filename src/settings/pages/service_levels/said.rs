//! What calendars and agreements say, in the reader's words.

use std::collections::HashMap;

use uuid::Uuid;

use crate::items;
use crate::people::{self, Shell, When};
use crate::platform::db::{Db, Utc};
use crate::platform::kernel::error::Result;
use crate::platform::words::Words;
use crate::records::priority_label;
use crate::service_levels::fields::TARGETS;
use crate::service_levels::{
    self, Agreement, AgreementKind, All, Kept, Span, Step, Tell, Version, When as Due,
};
use crate::services::{self, CodeList};

/// What ids and codes are called.
pub struct Names {
    of: HashMap<Uuid, String>,
    pauses: HashMap<String, String>,
}

/// One thing that is said: with its label, as words of ours or as somebody's own.
pub struct Part {
    pub label: String,
    pub text: String,
    pub is_data: bool,
}

/// A version of something, made ready for a table.
pub struct VersionRow {
    pub number: i32,
    pub from: When,
    pub saved: When,
    pub state: String,
    pub now: bool,
}

impl Names {
    pub fn read(r: &mut Db, all: &All) -> Result<Self> {
        let mut of = HashMap::new();
        of.extend(all.calendars.iter().map(|c| (c.id.uuid(), c.name.clone())));
        let services = services::list_services(r)?;
        of.extend(services.into_iter().map(|s| (s.id.uuid(), s.name)));
        let categories = services::list_categories(r)?;
        of.extend(categories.into_iter().map(|c| (c.id.uuid(), c.name)));
        let organisations = people::list_organisations(r)?;
        of.extend(organisations.into_iter().map(|o| (o.id.uuid(), o.name)));
        let teams = people::list_teams(r)?;
        of.extend(teams.into_iter().map(|t| (t.id.uuid(), t.name)));
        let suppliers = items::list_suppliers(r)?;
        of.extend(suppliers.into_iter().map(|s| (s.id.uuid(), s.name)));
        let told = all.agreements.iter().filter_map(Kept::latest);
        let told = told.flat_map(|v| v.definition.steps.iter().flat_map(|s| &s.tell));
        let told: Vec<_> = told
            .filter_map(|tell| match tell {
                Tell::Person(id) => Some(crate::platform::db::Id::from_uuid(*id)),
                _ => None,
            })
            .collect();
        let people = people::people_by_ids(r, &told)?;
        of.extend(people.into_iter().map(|p| (p.id.uuid(), p.name)));
        let codes = services::list_codes(r, CodeList::Hold)?;
        let pauses = codes.into_iter().map(|c| (c.code, c.label)).collect();
        Ok(Self { of, pauses })
    }

    pub fn of(&self, id: Uuid) -> String {
        self.of.get(&id).cloned().unwrap_or_default()
    }

    /// What an agreement covers, each condition on its own.
    pub fn covers(&self, t: Words, agreement: &Agreement) -> Vec<Part> {
        let covers = &agreement.covers;
        let mut parts = Vec::new();
        let mut add = |label: &str, text: String, is_data| {
            parts.push(Part {
                label: t.s(label).into_owned(),
                text,
                is_data,
            });
        };
        if !covers.record.is_empty() {
            let kind = t.s(&format!("kind-{}", covers.record)).into_owned();
            add("field-record-kind", kind, false);
        }
        if let Some(priority) = covers.priority {
            add("field-priority", priority_label(priority), true);
        }
        for (label, id) in [
            ("field-service", covers.service),
            ("field-organisation", covers.organisation),
            ("field-category", covers.category),
            ("field-team", covers.team),
            ("field-supplier", covers.supplier),
        ] {
            if let Some(id) = id {
                add(label, self.of(id), true);
            }
        }
        parts
    }

    /// What it promises.
    pub fn targets(&self, t: Words, agreement: &Agreement) -> Vec<Part> {
        let part = |(target, field): (_, &str)| {
            let span = agreement.targets.get(&target)?;
            Some(Part {
                label: t
                    .s(&format!("field-{}", field.replace('_', "-")))
                    .into_owned(),
                text: span_words(t, *span),
                is_data: false,
            })
        };
        TARGETS.into_iter().filter_map(part).collect()
    }

    pub fn pauses(&self, t: Words, agreement: &Agreement) -> String {
        if agreement.pauses.is_empty() {
            return t.s("agreement-pauses-none").into_owned();
        }
        let label = |code: &String| self.pauses.get(code).unwrap_or(code).clone();
        let labels: Vec<String> = agreement.pauses.iter().map(label).collect();
        labels.join(", ")
    }

    /// A step of the escalation in a sentence.
    pub fn step(&self, t: Words, step: &Step) -> Part {
        let target = t.s(&format!("target-{}", step.target.word().replace('_', "-")));
        let when = match step.when {
            Due::Percent(percent) => t.with1("step-at-percent", "percent", percent),
            Due::Before(minutes) => t.with1("step-before", "time", minutes_words(t, minutes)),
            Due::After(minutes) => t.with1("step-after", "time", minutes_words(t, minutes)),
        };
        let mut told: Vec<String> = step.tell.iter().map(|tell| self.told(t, tell)).collect();
        if step.flag {
            told.push(t.s("step-flag").into_owned());
        }
        Part {
            label: format!("{target}, {when}"),
            text: told.join(", "),
            is_data: true,
        }
    }

    fn told(&self, t: Words, tell: &Tell) -> String {
        let key = match tell {
            Tell::Assignee => "tell-assignee",
            Tell::Team => "tell-team",
            Tell::TeamLead => "tell-team-lead",
            Tell::Managers => "tell-managers",
            Tell::Person(id) => return self.of(*id),
        };
        t.s(key).into_owned()
    }
}

/// How much time there is.
pub fn span_words(t: Words, span: Span) -> String {
    match span {
        Span::Business { minutes } if minutes % 60 == 0 => t.n("span-business-hours", minutes / 60),
        Span::Business { minutes } => t.n("span-business-minutes", minutes),
        Span::Clock { minutes } if minutes % 60 == 0 => t.n("span-clock-hours", minutes / 60),
        Span::Clock { minutes } => t.n("span-clock-minutes", minutes),
        Span::EndOfDay { days } => t.with1("span-end-of-day", "days", days),
        Span::ByTime { days, hour, minute } => {
            let time = format!("{hour:02}:{minute:02}");
            t.with2("span-by-time", "time", time.as_str(), "days", days)
        }
    }
}

fn minutes_words(t: Words, minutes: u32) -> String {
    if minutes.is_multiple_of(60) {
        t.n("step-hours", minutes / 60)
    } else {
        t.n("step-minutes", minutes)
    }
}

/// The versions of something, the newest first.
pub fn versions<D>(shell: &Shell, kept: &Kept<D>) -> Vec<VersionRow> {
    let now = shell.now;
    let effective = kept.effective();
    let in_force = kept.in_force(now).map(|v| v.number);
    let row = |version: &Version<D>| {
        let ever = effective.iter().any(|v| v.number == version.number);
        let now_in_force = Some(version.number) == in_force;
        let key = match () {
            () if !ever => "version-never",
            () if version.from_at > now => "version-planned",
            () if now_in_force && version.is_retired => "version-retired",
            () if now_in_force => "version-in-force",
            () => "version-former",
        };
        VersionRow {
            number: version.number,
            from: shell.when(version.from_at),
            saved: shell.when(version.saved_at),
            state: shell.t.s(key).into_owned(),
            now: now_in_force,
        }
    };
    kept.versions.iter().rev().map(row).collect()
}

/// Whether what was saved last holds only from a later instant on.
pub fn planned<D>(kept: &Kept<D>, now: Utc) -> bool {
    kept.latest().is_some_and(|v| v.from_at > now)
}

/// Everything that is defined, with its names.
pub fn all(r: &mut Db) -> Result<(All, Names)> {
    let all = service_levels::all(r)?;
    let names = Names::read(r, &all)?;
    Ok((all, names))
}

/// The rules of an agreement, each with its label.
pub fn terms(t: Words, agreement: &Agreement) -> Vec<(String, String)> {
    let mut terms = Vec::new();
    let mut add = |label: &str, text: String| terms.push((t.s(label).into_owned(), text));
    if agreement.kind == AgreementKind::Sla {
        for (label, family, word) in [
            ("field-stops-at", "stops-at", word(&agreement.stops_at)),
            ("field-reopening", "reopening", word(&agreement.reopening)),
            (
                "field-priority-change",
                "priority-change",
                word(&agreement.priority_change),
            ),
        ] {
            let key = format!("{family}-{}", word.replace('_', "-"));
            add(label, t.s(&key).into_owned());
        }
    }
    let goal = t.with1("agreement-goal-percent", "percent", agreement.goal);
    add("field-goal", goal);
    if agreement.never_pauses_major {
        add("field-never-pauses-major", t.s("flag-true").into_owned());
    }
    terms
}

/// The word an enum is kept by.
fn word<T: serde::Serialize>(value: &T) -> String {
    match crate::service_levels::fields::serde_word(value) {
        crate::journal::Value::Word(word) => word,
        _ => String::new(),
    }
}
