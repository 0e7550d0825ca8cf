//! What somebody typed into the form of a plan, and what it means.

use serde::{Deserialize, Serialize};

use super::risk;
use super::steps::ChangeType;
use super::window::{self, Span};
use crate::items::Environment;
use crate::people::Person;
use crate::platform::db::{Id, Utc};
use crate::platform::kernel::error::{Invalid, Message, Result};
use crate::platform::kernel::text;
use crate::platform::kernel::zone::Zone;
use crate::records::pages::read_local;
use crate::services::Service;

crate::text_enum! {
    /// How it is rolled out.
    pub enum Rollout {
        AtOnce = "at_once",
        /// One, then some, then all, with a time of watching between.
        StepWise = "step_wise",
    }
}

/// Characters of a plan.
const LONGEST: usize = 20_000;
/// Items of one change. More is several changes.
pub const MOST_ITEMS: usize = 50;
/// Minutes that a form takes: a month.
const MOST_MINUTES: i32 = 44_640;

/// Every field as typed. Their names are those of the form and of the journal.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PlanForm {
    pub change_type: String,
    pub environment: String,
    /// Ids with commas between, in their order.
    pub change_services: String,
    /// Names, one a line.
    pub change_items: String,
    pub window_starts_at: String,
    pub window_ends_at: String,
    pub bounds_starts_at: String,
    pub bounds_ends_at: String,
    pub outage_minutes: String,
    pub implementer: String,
    pub verifier: String,
    pub rollout: String,
    pub observe_minutes: String,
    pub implementation_plan: String,
    pub test_plan: String,
    pub backout_plan: String,
    pub backout_minutes: String,
    pub backout_rehearsed: bool,
    pub risk_reach: String,
    pub risk_reversible: String,
    pub risk_done_before: String,
    pub risk_steps: String,
}

/// Their names.
pub const FIELDS: &[&str] = &[
    "change_type",
    "environment",
    "change_services",
    "change_items",
    "window_starts_at",
    "window_ends_at",
    "bounds_starts_at",
    "bounds_ends_at",
    "outage_minutes",
    "implementer",
    "verifier",
    "rollout",
    "observe_minutes",
    "implementation_plan",
    "test_plan",
    "backout_plan",
    "backout_minutes",
    "backout_rehearsed",
    "risk_reach",
    "risk_reversible",
    "risk_done_before",
    "risk_steps",
];

/// What a template fixes.
pub const FIXED: [&str; 15] = [
    "change_type",
    "environment",
    "change_services",
    "change_items",
    "rollout",
    "observe_minutes",
    "implementation_plan",
    "test_plan",
    "backout_plan",
    "backout_minutes",
    "backout_rehearsed",
    "risk_reach",
    "risk_reversible",
    "risk_done_before",
    "risk_steps",
];

/// A plan whose words were understood. What they refer to is still to be found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    pub change_type: ChangeType,
    pub environment: String,
    pub services: Vec<Id<Service>>,
    pub items: Vec<String>,
    pub starts_at: Option<Utc>,
    pub ends_at: Option<Utc>,
    /// Between which instants the window may be moved.
    pub bounds: (Option<Utc>, Option<Utc>),
    pub outage_minutes: i32,
    pub implementer: Option<Id<Person>>,
    pub verifier: Option<Id<Person>>,
    pub rollout: Rollout,
    pub observe_minutes: i32,
    pub implementation_plan: String,
    pub test_plan: String,
    pub backout_plan: String,
    pub backout_minutes: i32,
    pub backout_rehearsed: bool,
    pub risk: [String; 4],
}

/// Reads a form. A window that was there before may lie in the past by now; a new one may not.
pub fn read(form: &PlanForm, zone: &Zone, before: Option<Span>, now: Utc) -> Result<Plan> {
    let mut bad = Invalid::default();
    word(&form.change_type, "change_type", &mut bad, |w| {
        ChangeType::from_word(w).is_some()
    });
    let plan = Plan {
        change_type: ChangeType::from_word(&form.change_type).unwrap_or(ChangeType::Normal),
        environment: word(&form.environment, "environment", &mut bad, |w| {
            Environment::from_word(w).is_some()
        }),
        services: ids(&form.change_services, "change_services", &mut bad),
        items: names(&form.change_items, &mut bad),
        starts_at: instant(&form.window_starts_at, "window_starts_at", zone, &mut bad),
        ends_at: instant(&form.window_ends_at, "window_ends_at", zone, &mut bad),
        bounds: (
            instant(&form.bounds_starts_at, "bounds_starts_at", zone, &mut bad),
            instant(&form.bounds_ends_at, "bounds_ends_at", zone, &mut bad),
        ),
        outage_minutes: minutes(&form.outage_minutes, "outage_minutes", &mut bad),
        implementer: one(&form.implementer, "implementer", &mut bad),
        verifier: one(&form.verifier, "verifier", &mut bad),
        rollout: Rollout::from_word(&form.rollout).unwrap_or(Rollout::AtOnce),
        observe_minutes: minutes(&form.observe_minutes, "observe_minutes", &mut bad),
        implementation_plan: long(&form.implementation_plan, "implementation_plan", &mut bad),
        test_plan: long(&form.test_plan, "test_plan", &mut bad),
        backout_plan: long(&form.backout_plan, "backout_plan", &mut bad),
        backout_minutes: minutes(&form.backout_minutes, "backout_minutes", &mut bad),
        backout_rehearsed: form.backout_rehearsed,
        risk: [
            answer(&form.risk_reach, "risk_reach", &mut bad),
            answer(&form.risk_reversible, "risk_reversible", &mut bad),
            answer(&form.risk_done_before, "risk_done_before", &mut bad),
            answer(&form.risk_steps, "risk_steps", &mut bad),
        ],
    };
    check(&plan, before, now, &mut bad);
    bad.or(plan)
}

fn check(plan: &Plan, before: Option<Span>, now: Utc, bad: &mut Invalid) {
    match (plan.starts_at, plan.ends_at) {
        (Some(starts), Some(ends)) => {
            let span = Span::new(starts, ends);
            let outage = plan.outage_minutes.into();
            let judged = match before {
                // What was planned once is not refused for the time that passed since.
                Some(was) if was == span => window::planned(span, outage, starts),
                _ => window::planned(span, outage, now),
            };
            if let Err(wrong) = judged {
                let (field, key) = wrong.said();
                bad.add(field, key);
            }
        }
        (Some(_), None) if bad.of("window_ends_at").is_none() => {
            bad.add("window_ends_at", "error-required");
        }
        (None, Some(_)) if bad.of("window_starts_at").is_none() => {
            bad.add("window_starts_at", "error-required");
        }
        _ => {}
    }
    around(plan, bad);
    if plan.rollout == Rollout::StepWise && plan.observe_minutes == 0 {
        bad.add("observe_minutes", "change-observe-missing");
    }
    if plan.implementer.is_some() && plan.implementer == plan.verifier {
        bad.add("verifier", "change-verifier-is-implementer");
    }
}

/// Bounds lie around the window.
fn around(plan: &Plan, bad: &mut Invalid) {
    let (from, to) = plan.bounds;
    if from.is_none() && to.is_none() {
        return;
    }
    let window = plan.starts_at.zip(plan.ends_at);
    let wide = |(starts, ends): (Utc, Utc)| {
        from.is_some_and(|from| from <= starts) && to.is_some_and(|to| ends <= to)
    };
    if window.is_none_or(|window| !wide(window)) {
        bad.add("bounds_starts_at", "change-bounds-around");
    } else if to > from.map(|from| from.plus(window::LONGEST)) {
        bad.add("bounds_ends_at", "change-window-too-long");
    }
}

fn word(
    typed: &str,
    field: &'static str,
    bad: &mut Invalid,
    known: impl Fn(&str) -> bool,
) -> String {
    let typed = typed.trim();
    if !typed.is_empty() && !known(typed) {
        bad.add(field, "error-unknown-choice");
    }
    typed.to_owned()
}

fn answer(typed: &str, field: &'static str, bad: &mut Invalid) -> String {
    let question = field.trim_start_matches("risk_");
    word(typed, field, bad, |w| risk::points(question, w).is_some())
}

fn ids(typed: &str, field: &'static str, bad: &mut Invalid) -> Vec<Id<Service>> {
    let given = typed.split(',').map(str::trim).filter(|s| !s.is_empty());
    let mut found: Vec<Id<Service>> = Vec::new();
    for text in given {
        match text.parse() {
            Ok(id) if !found.contains(&id) => found.push(id),
            Ok(_) => {}
            Err(_) => bad.add(field, "error-unknown-choice"),
        }
    }
    found.sort_unstable();
    found
}

fn names(typed: &str, bad: &mut Invalid) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for line in typed.lines().map(str::trim).filter(|l| !l.is_empty()) {
        if !found.iter().any(|other| other == line) {
            found.push(line.to_owned());
        }
    }
    if found.len() > MOST_ITEMS {
        let message = Message::new("change-too-many-items").arg("max", MOST_ITEMS);
        bad.add("change_items", message);
    }
    found
}

fn instant(typed: &str, field: &'static str, zone: &Zone, bad: &mut Invalid) -> Option<Utc> {
    if typed.trim().is_empty() {
        return None;
    }
    let at = read_local(typed, zone);
    if at.is_none() {
        bad.add(field, "error-not-a-date");
    }
    at
}

fn minutes(typed: &str, field: &'static str, bad: &mut Invalid) -> i32 {
    let typed = typed.trim();
    if typed.is_empty() {
        return 0;
    }
    match typed.parse() {
        Ok(n) if (0..=MOST_MINUTES).contains(&n) => n,
        _ => {
            bad.add(field, "change-minutes-wrong");
            0
        }
    }
}

fn one<T>(typed: &str, field: &'static str, bad: &mut Invalid) -> Option<Id<T>> {
    let typed = typed.trim();
    if typed.is_empty() {
        return None;
    }
    let id = typed.parse().ok();
    if id.is_none() {
        bad.add(field, "error-unknown-choice");
    }
    id
}

fn long(typed: &str, field: &'static str, bad: &mut Invalid) -> String {
    match text::clean_text(typed, LONGEST) {
        Ok(text) => text,
        Err(long) => {
            let message = Message::new("error-too-long").arg("max", long.max);
            bad.add(field, message.arg("got", long.got));
            String::new()
        }
    }
}

/// Refuses an edit of what a template fixes, by the field.
pub fn fixed_stays(before: &PlanForm, after: &PlanForm) -> Result<()> {
    let as_json = |form: &PlanForm| serde_json::to_value(form).unwrap_or_default();
    let (was, is) = (as_json(before), as_json(after));
    let mut bad = Invalid::default();
    for field in FIXED {
        if was.get(field) != is.get(field) {
            bad.add(field, "change-template-fixes");
        }
    }
    bad.or(())
}

/// What must be there before somebody may be asked to authorise it.
#[derive(Debug, Clone, Copy)]
pub struct Ready {
    pub has_environment: bool,
    pub has_scope: bool,
    pub has_window: bool,
    pub has_implementer: bool,
    pub has_plan: bool,
    pub has_backout: bool,
    pub is_assessed: bool,
}

/// Refuses what is not ready, naming each field.
pub fn ready(ready: Ready) -> Result<()> {
    let mut bad = Invalid::default();
    for (there, field, key) in [
        (ready.has_scope, "change_services", "change-scope-missing"),
        (
            ready.has_environment,
            "environment",
            "change-environment-missing",
        ),
        (
            ready.has_window,
            "window_starts_at",
            "change-window-missing",
        ),
        (
            ready.has_implementer,
            "implementer",
            "change-implementer-missing",
        ),
        (ready.has_plan, "implementation_plan", "change-plan-missing"),
        (ready.has_backout, "backout_plan", "change-backout-missing"),
        (ready.is_assessed, "risk_reach", "change-risk-missing"),
    ] {
        if !there {
            bad.add(field, key);
        }
    }
    bad.or(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::kernel::error::Error;
    use proptest::prelude::*;

    fn at(hours: i64) -> Utc {
        Utc::from_micros(1_795_000_000_000_000 + hours * 3_600_000_000)
    }

    fn form(starts: &str, ends: &str) -> PlanForm {
        PlanForm {
            window_starts_at: starts.into(),
            window_ends_at: ends.into(),
            ..PlanForm::default()
        }
    }

    fn wrong(form: &PlanForm) -> Vec<&'static str> {
        match read(form, &Zone::utc(), None, at(0)) {
            Err(Error::Invalid(bad)) => bad.0.iter().map(|(field, _)| *field).collect(),
            _ => Vec::new(),
        }
    }

    #[test]
    fn every_wrong_word_is_said_by_its_field() {
        assert!(wrong(&PlanForm::default()).is_empty());
        assert_eq!(wrong(&form("2026-12-01T10:00", "")), ["window_ends_at"]);
        assert_eq!(wrong(&form("", "2026-12-01T10:00")), ["window_starts_at"]);
        assert_eq!(
            wrong(&form("soon", "later")),
            ["window_starts_at", "window_ends_at"]
        );
        assert_eq!(
            wrong(&form("2026-12-01T10:00", "2026-12-01T09:00")),
            ["window_ends_at"]
        );
        assert_eq!(
            wrong(&form("2020-12-01T10:00", "2020-12-01T11:00")),
            ["window_starts_at"]
        );
        let bad = PlanForm {
            environment: "moon".into(),
            change_services: "1,2".into(),
            outage_minutes: "-1".into(),
            implementer: "me".into(),
            risk_reach: "galaxy".into(),
            rollout: "step_wise".into(),
            ..PlanForm::default()
        };
        assert_eq!(
            wrong(&bad),
            [
                "environment",
                "change_services",
                "change_services",
                "outage_minutes",
                "implementer",
                "risk_reach",
                "observe_minutes"
            ]
        );
    }

    #[test]
    fn the_names_of_the_fields_are_those_of_the_form() {
        let json = serde_json::to_value(PlanForm::default()).unwrap();
        let mut there: Vec<&str> = json
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        let mut told = FIELDS.to_vec();
        there.sort_unstable();
        told.sort_unstable();
        assert_eq!(there, told);
        assert!(FIXED.iter().all(|field| FIELDS.contains(field)));
    }

    #[test]
    fn what_a_template_fixes_stays() {
        let before = PlanForm::default();
        let moved = form("2026-12-01T10:00", "2026-12-01T11:00");
        assert!(fixed_stays(&before, &moved).is_ok());
        for field in FIXED {
            let mut json = serde_json::to_value(&before).unwrap();
            json[field] = match field {
                "backout_rehearsed" => true.into(),
                _ => "other".into(),
            };
            let after: PlanForm = serde_json::from_value(json).unwrap();
            assert!(fixed_stays(&before, &after).is_err(), "{field}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_a_plan_or_an_error(a in "\\PC{0,20}", b in "\\PC{0,20}", c in "(\\PC|\n){0,40}") {
            let form = PlanForm {
                environment: a.clone(), change_services: b.clone(), change_items: c.clone(),
                window_starts_at: a.clone(), window_ends_at: b.clone(), outage_minutes: a.clone(),
                implementer: b.clone(), rollout: a, risk_steps: b, implementation_plan: c, ..PlanForm::default()
            };
            let _ = read(&form, &Zone::utc(), None, at(0));
        }
    }
}
