//! The chapters of a change's page: when and what, its plans, its risk, its authority, how it went.

use super::actions::{self, Found};
use super::labels::PEOPLE;
use super::model::Change;
use super::rules::emergency::Standing;
use super::rules::plan::Rollout;
use super::rules::risk::QUESTIONS;
use super::store;
use crate::people::{self, Shell};
use crate::platform::db::{Db, Utc};
use crate::platform::kernel::error::Result;
use crate::records::{Chapter, Part};
use crate::services;

fn named(label: &'static str, name: String) -> Part {
    Part {
        name,
        ..Part::of(label)
    }
}

fn said(label: &'static str, word: String) -> Part {
    Part {
        word,
        ..Part::of(label)
    }
}

fn timed(shell: &Shell, label: &'static str, at: Utc) -> Part {
    Part {
        when: Some(shell.when(at)),
        ..Part::of(label)
    }
}

fn minutes(shell: &Shell, n: i32) -> String {
    shell.t.n("change-minutes", i64::from(n))
}

pub fn chapters(conn: &mut Db, shell: &Shell, found: &Found) -> Result<Vec<Chapter>> {
    let change = &found.change;
    let mut chapters = vec![schedule(conn, shell, found)?];
    chapters.push(plans(shell, change));
    chapters.push(risk(shell, change));
    if change.standing != Standing::None {
        chapters.push(authority(conn, shell, change)?);
    }
    if !change.outcome.is_empty() || !change.deviations.is_empty() {
        chapters.push(outcome(shell, change));
    }
    Ok(chapters)
}

fn schedule(conn: &mut Db, shell: &Shell, found: &Found) -> Result<Chapter> {
    let (t, change) = (shell.t, &found.change);
    let mut parts = Vec::new();
    for (label, at) in [
        ("field-window-starts-at", change.window_starts_at),
        ("field-window-ends-at", change.window_ends_at),
        ("field-bounds-starts-at", change.bounds_starts_at),
        ("field-bounds-ends-at", change.bounds_ends_at),
        ("field-expected-ends-at", change.expected_ends_at),
        ("field-actual-starts-at", change.actual_starts_at),
        ("field-actual-ends-at", change.actual_ends_at),
    ] {
        parts.extend(at.map(|at| timed(shell, label, at)));
    }
    if parts.is_empty() {
        parts.push(said(
            "field-window-starts-at",
            t.s("change-no-window").into_owned(),
        ));
    }
    parts.push(said(
        "field-outage-minutes",
        match change.outage_minutes {
            0 => t.s("change-no-outage").into_owned(),
            n => minutes(shell, n),
        },
    ));
    if !change.environment.is_empty() {
        let key = format!("environment-{}", change.environment);
        parts.push(said("field-environment", t.s(&key).into_owned()));
    }
    let mut names = Vec::new();
    for id in &found.scope.services {
        names.push(services::find_service(conn, *id)?.name);
    }
    if !names.is_empty() {
        parts.push(named("field-change-services", names.join(", ")));
    }
    let items = store::items_by_ids(conn, &found.scope.items)?;
    let items: Vec<String> = items.into_iter().map(|item| item.name).collect();
    if !items.is_empty() {
        parts.push(named("field-change-items", items.join(", ")));
    }
    let mut affected = Vec::new();
    for party in actions::parties(conn, found)?.told {
        affected.push(actions::party_name(conn, party)?);
    }
    if !affected.is_empty() {
        parts.push(named("change-parties", affected.join(", ")));
    }
    for (label, (_, of)) in ["field-implementer", "field-verifier"]
        .into_iter()
        .zip(PEOPLE)
    {
        if let Some(id) = of(change) {
            parts.push(named(label, people::find_person(conn, id)?.name));
        }
    }
    if let Some(id) = change.template_id {
        let template = store::find_template(conn, id)?;
        let version = template.version.to_string();
        parts.push(Part {
            word: t.with1("change-version-n", "n", version.as_str()),
            ..named("field-change-template", template.name)
        });
    }
    Ok(Chapter {
        heading: "change-schedule-heading",
        parts,
        texts: Vec::new(),
    })
}

fn plans(shell: &Shell, change: &Change) -> Chapter {
    let mut parts = Vec::new();
    if change.rollout == Rollout::StepWise {
        parts.push(said(
            "field-rollout",
            shell.t.n(
                "rollout-step-wise-watching",
                i64::from(change.observe_minutes),
            ),
        ));
    }
    let backout = match (change.backout_minutes, change.backout_rehearsed) {
        (0, false) => String::new(),
        (0, true) => shell.t.s("change-rehearsed").into_owned(),
        (n, false) => minutes(shell, n),
        (n, true) => format!("{}, {}", minutes(shell, n), shell.t.s("change-rehearsed")),
    };
    let texts = [
        (
            "field-implementation-plan",
            &change.implementation_plan,
            String::new(),
        ),
        ("field-test-plan", &change.test_plan, String::new()),
        ("field-backout-plan", &change.backout_plan, backout),
    ];
    Chapter {
        heading: "change-plans",
        parts,
        texts: texts
            .into_iter()
            .filter(|(_, text, _)| !text.is_empty())
            .map(|(label, text, end)| (label, text.clone(), end))
            .collect(),
    }
}

fn risk(shell: &Shell, change: &Change) -> Chapter {
    let t = shell.t;
    let mut parts = Vec::new();
    match change.risk() {
        None => parts.push(said("field-risk", t.s("change-not-assessed").into_owned())),
        Some(risk) => {
            let word = t.s(&format!("risk-{}", risk.word())).into_owned();
            parts.push(said("field-risk", word));
        }
    }
    for question in &QUESTIONS {
        if let Some(answer) = change.answer(question.key) {
            let key = answer_key(question.key, answer);
            parts.push(said(question_key(question.key), t.s(&key).into_owned()));
        }
    }
    for reason in change.risk_reasons.split(' ').filter(|r| !r.is_empty()) {
        let key = format!("risk-reason-{}", reason.replace('_', "-"));
        parts.push(said("change-risk-because", t.s(&key).into_owned()));
    }
    Chapter {
        heading: "change-risk",
        parts,
        texts: Vec::new(),
    }
}

/// Key of a question.
pub fn question_key(question: &str) -> &'static str {
    match question {
        "reach" => "field-risk-reach",
        "reversible" => "field-risk-reversible",
        "done_before" => "field-risk-done-before",
        _ => "field-risk-steps",
    }
}

/// Key of an answer.
pub fn answer_key(question: &str, answer: &str) -> String {
    format!("risk-{}-{answer}", question.replace('_', "-"))
}

fn authority(conn: &mut Db, shell: &Shell, change: &Change) -> Result<Chapter> {
    let t = shell.t;
    let key = format!("authority-standing-{}", change.standing.word());
    let mut parts = vec![said("field-authority-standing", t.s(&key).into_owned())];
    if let Some(id) = change.authority_id {
        parts.push(Part {
            when: change.authority_at.map(|at| shell.when(at)),
            note: change.authority_how.clone(),
            ..named("field-authority", people::find_person(conn, id)?.name)
        });
    }
    if let Some(by) = change
        .confirm_by
        .filter(|_| change.standing == Standing::Due)
    {
        parts.push(Part {
            late: by < shell.now,
            ..timed(shell, "field-confirm-by", by)
        });
    }
    if let Some(verdict) = change.verdict() {
        let key = format!("verdict-{}", verdict.word().replace('_', "-"));
        parts.push(Part {
            note: change.verdict_text.clone(),
            ..said("field-verdict", t.s(&key).into_owned())
        });
    }
    Ok(Chapter {
        heading: "change-authority",
        parts,
        texts: Vec::new(),
    })
}

fn outcome(shell: &Shell, change: &Change) -> Chapter {
    let t = shell.t;
    let mut parts = Vec::new();
    if let Some(outcome) = change.outcome() {
        let key = format!("outcome-{}", outcome.word().replace('_', "-"));
        parts.push(Part {
            late: outcome.is_failure(),
            note: change.outcome_text.clone(),
            ..said("field-outcome", t.s(&key).into_owned())
        });
    }
    if let Some(at) = change.reviewed_at {
        parts.push(Part {
            note: change.review_text.clone(),
            ..timed(shell, "field-reviewed-at", at)
        });
    } else if let Some(due) = change.review_due_at {
        parts.push(Part {
            late: due < shell.now,
            ..timed(shell, "field-review-due-at", due)
        });
    }
    let deviations = (!change.deviations.is_empty())
        .then(|| ("field-deviations", change.deviations.clone(), String::new()));
    Chapter {
        heading: "change-outcome",
        parts,
        texts: deviations.into_iter().collect(),
    }
}
