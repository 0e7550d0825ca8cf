//! An agreement's form.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::people::{self, Form, FormView, Person};
use crate::platform::db::{Db, Id};
use crate::platform::kernel::error::{Invalid, Message, Result};
use crate::platform::kernel::text;
use crate::service_levels::fields::{TARGETS, write};
use crate::service_levels::told;
use crate::service_levels::{Agreement, AgreementKind, Covers, NotASpan, Span, Step, Target, Tell};

/// The fields of an agreement, as form and journal know them.
pub const AGREEMENT_FIELDS: &[&str] = &[
    "name",
    "agreement_kind",
    "record_kind",
    "priority",
    "service",
    "organisation",
    "category",
    "team",
    "supplier",
    "first_response",
    "resolution",
    "next_update",
    "team_time",
    "supplier_time",
    "calendar",
    "pauses",
    "never_pauses_major",
    "stops_at",
    "reopening",
    "priority_change",
    "steps",
    "goal",
];

const STEPS_MAX: usize = 10_000;

/// Ids and words as they are posted; the empty ones are not said.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgreementForm {
    pub name: String,
    pub agreement_kind: String,
    pub record_kind: String,
    pub priority: String,
    pub service: String,
    pub organisation: String,
    pub category: String,
    pub team: String,
    pub supplier: String,
    pub first_response: String,
    pub resolution: String,
    pub next_update: String,
    pub team_time: String,
    pub supplier_time: String,
    pub calendar: String,
    /// Codes of hold reasons.
    pub pauses: Vec<String>,
    pub never_pauses_major: bool,
    pub stops_at: String,
    pub reopening: String,
    pub priority_change: String,
    /// One a line.
    pub steps: String,
    pub goal: String,
}

impl AgreementForm {
    /// What a new agreement begins as: only what waits for the requester, or for an appointment they
    /// agreed to, pauses it.
    pub fn new() -> Self {
        Self {
            agreement_kind: AgreementKind::Sla.word().to_owned(),
            record_kind: "incident".to_owned(),
            pauses: vec!["requester".to_owned(), "appointment".to_owned()],
            stops_at: "resolved".to_owned(),
            reopening: "continue_time_off".to_owned(),
            priority_change: "from_start".to_owned(),
            goal: "95".to_owned(),
            ..Self::default()
        }
    }

    /// An agreement as it is now.
    pub fn of(conn: &mut Db, agreement: &Agreement) -> Result<Self> {
        let covers = &agreement.covers;
        let id = |id: Option<Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
        let of = |target: Target| {
            let span = agreement.targets.get(&target);
            span.map(Span::to_string).unwrap_or_default()
        };
        Ok(Self {
            name: agreement.name.clone(),
            agreement_kind: agreement.kind.word().to_owned(),
            record_kind: covers.record.clone(),
            priority: covers.priority.map(|p| p.to_string()).unwrap_or_default(),
            service: id(covers.service),
            organisation: id(covers.organisation),
            category: id(covers.category),
            team: id(covers.team),
            supplier: covers.supplier.map(|id| id.to_string()).unwrap_or_default(),
            first_response: of(Target::FirstResponse),
            resolution: of(Target::Resolution),
            next_update: of(Target::NextUpdate),
            team_time: of(Target::Ola),
            supplier_time: of(Target::Supplier),
            calendar: agreement.calendar.to_string(),
            pauses: agreement.pauses.clone(),
            never_pauses_major: agreement.never_pauses_major,
            stops_at: word(&agreement.stops_at),
            reopening: word(&agreement.reopening),
            priority_change: word(&agreement.priority_change),
            steps: steps_of(conn, &agreement.steps)?,
            goal: agreement.goal.to_string(),
        })
    }

    /// What was typed.
    pub fn given(form: &Form) -> Self {
        let line = |name| form.value(name).trim().to_owned();
        Self {
            name: line("name"),
            agreement_kind: line("agreement_kind"),
            record_kind: line("record_kind"),
            priority: line("priority"),
            service: line("service"),
            organisation: line("organisation"),
            category: line("category"),
            team: line("team"),
            supplier: line("supplier"),
            first_response: line("first_response"),
            resolution: line("resolution"),
            next_update: line("next_update"),
            team_time: line("team_time"),
            supplier_time: line("supplier_time"),
            calendar: line("calendar"),
            pauses: form.all("pauses").map(str::to_owned).collect(),
            never_pauses_major: form.has("never_pauses_major"),
            stops_at: line("stops_at"),
            reopening: line("reopening"),
            priority_change: line("priority_change"),
            steps: form.value("steps").replace("\r\n", "\n").trim().to_owned(),
            goal: line("goal"),
        }
    }

    /// The form filled with it.
    pub fn present(&self, view: FormView) -> FormView {
        let lines = [
            ("name", &self.name),
            ("agreement_kind", &self.agreement_kind),
            ("record_kind", &self.record_kind),
            ("priority", &self.priority),
            ("service", &self.service),
            ("organisation", &self.organisation),
            ("category", &self.category),
            ("team", &self.team),
            ("supplier", &self.supplier),
            ("first_response", &self.first_response),
            ("resolution", &self.resolution),
            ("next_update", &self.next_update),
            ("team_time", &self.team_time),
            ("supplier_time", &self.supplier_time),
            ("calendar", &self.calendar),
            ("stops_at", &self.stops_at),
            ("reopening", &self.reopening),
            ("priority_change", &self.priority_change),
            ("steps", &self.steps),
            ("goal", &self.goal),
        ];
        let fold = |view: FormView, (name, value): (&str, &String)| view.preset(name, value);
        let view = lines.into_iter().fold(view, fold);
        let view = view.preset_all("pauses", &self.pauses);
        if self.never_pauses_major {
            view.preset("never_pauses_major", "on")
        } else {
            view
        }
    }

    /// The agreement it says. What its kind does not have is left out, as the form hides it.
    pub fn definition(&self, conn: &mut Db) -> Result<Agreement> {
        let mut invalid = Invalid::default();
        let kind = AgreementKind::from_word(&self.agreement_kind);
        if kind.is_none() {
            invalid.add("agreement_kind", "error-choose");
        }
        let kind = kind.unwrap_or(AgreementKind::Sla);
        let covers = self.covers(kind, &mut invalid);
        let targets = self.targets(kind, &mut invalid);
        let calendar = parsed("calendar", &self.calendar, &mut invalid);
        if self.calendar.is_empty() {
            invalid.add("calendar", "error-choose");
        }
        let goal = self.goal.trim_end_matches('%').trim().parse();
        if goal.is_err() {
            invalid.add("goal", "agreement-goal");
        }
        let steps = self.read_steps(conn, &mut invalid)?;
        let mut pauses = self.pauses.clone();
        pauses.sort();
        pauses.dedup();
        pauses.retain(|_| kind != AgreementKind::Underpinning);
        let agreement = Agreement {
            name: text::clean_line(&self.name, usize::MAX).unwrap_or_default(),
            kind,
            covers,
            targets,
            calendar: calendar.unwrap_or_default(),
            pauses,
            never_pauses_major: self.never_pauses_major,
            stops_at: chosen(kind, "stops_at", &self.stops_at, &mut invalid),
            reopening: chosen(kind, "reopening", &self.reopening, &mut invalid),
            priority_change: {
                let word = &self.priority_change;
                chosen(kind, "priority_change", word, &mut invalid)
            },
            steps,
            goal: goal.unwrap_or_default(),
        };
        invalid.or(agreement)
    }

    fn covers(&self, kind: AgreementKind, invalid: &mut Invalid) -> Covers {
        let supplier: Option<Uuid> = parsed("supplier", &self.supplier, invalid);
        Covers {
            record: self.record_kind.clone(),
            priority: parsed("priority", &self.priority, invalid),
            service: parsed("service", &self.service, invalid),
            organisation: parsed("organisation", &self.organisation, invalid),
            category: parsed("category", &self.category, invalid),
            team: parsed("team", &self.team, invalid),
            supplier: supplier.filter(|_| kind == AgreementKind::Underpinning),
        }
    }

    fn targets(&self, kind: AgreementKind, invalid: &mut Invalid) -> BTreeMap<Target, Span> {
        let mut targets = BTreeMap::new();
        for (target, field) in TARGETS.into_iter().filter(|(t, _)| is_of(kind, *t)) {
            let text = match target {
                Target::FirstResponse => &self.first_response,
                Target::Resolution => &self.resolution,
                Target::NextUpdate => &self.next_update,
                Target::Ola => &self.team_time,
                Target::Supplier => &self.supplier_time,
            };
            if text.is_empty() {
                continue;
            }
            match text.parse() {
                Ok(span) => drop(targets.insert(target, span)),
                Err(NotASpan(why)) => invalid.add(field, Message::new(why).arg("value", text)),
            }
        }
        targets
    }

    fn read_steps(&self, conn: &mut Db, invalid: &mut Invalid) -> Result<Vec<Step>> {
        let got = self.steps.chars().count();
        if got > STEPS_MAX {
            let long = Message::new("error-too-long").arg("max", STEPS_MAX);
            invalid.add("steps", long.arg("got", got));
            return Ok(Vec::new());
        }
        let mut steps = Vec::new();
        for line in self.steps.lines().map(str::trim).filter(|l| !l.is_empty()) {
            match told::step(conn, line)? {
                Ok(step) => steps.push(step),
                Err(message) => invalid.add("steps", message),
            }
        }
        Ok(steps)
    }
}

/// Whether agreements of a kind have a target.
fn is_of(kind: AgreementKind, target: Target) -> bool {
    match target {
        Target::Ola => kind == AgreementKind::Ola,
        Target::Supplier => kind == AgreementKind::Underpinning,
        _ => kind == AgreementKind::Sla,
    }
}

/// Steps as a form shows them: people by their mail address, or by name where they have none.
fn steps_of(conn: &mut Db, steps: &[Step]) -> Result<String> {
    let ids = steps.iter().flat_map(|step| &step.tell);
    let ids: Vec<Id<Person>> = ids
        .filter_map(|tell| match tell {
            Tell::Person(id) => Some(Id::from_uuid(*id)),
            _ => None,
        })
        .collect();
    let people = people::people_by_ids(conn, &ids)?;
    let name = |id: Uuid| {
        let person = people.iter().find(|p| p.id.uuid() == id);
        person.map_or_else(String::new, |p| match p.mail.as_str() {
            "" => p.name.clone(),
            mail => mail.to_owned(),
        })
    };
    let lines: Vec<String> = steps.iter().map(|step| write(step, &name)).collect();
    Ok(lines.join("\n"))
}

fn parsed<T: std::str::FromStr>(
    field: &'static str,
    text: &str,
    invalid: &mut Invalid,
) -> Option<T> {
    if text.is_empty() {
        return None;
    }
    let parsed = text.parse().ok();
    if parsed.is_none() {
        invalid.add(field, "error-unknown-choice");
    }
    parsed
}

/// A rule by the word it is kept by; only service levels have them.
fn chosen<T: DeserializeOwned + Default>(
    kind: AgreementKind,
    field: &'static str,
    text: &str,
    invalid: &mut Invalid,
) -> T {
    if text.is_empty() || kind != AgreementKind::Sla {
        return T::default();
    }
    serde_json::from_value(text.into()).unwrap_or_else(|_| {
        invalid.add(field, "error-unknown-choice");
        T::default()
    })
}

fn word<T: Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}
