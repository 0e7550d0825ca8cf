//! What a change's page shows first: its plan, what stands in its way, what may be done now.

use super::actions::{self, Found};
use super::chapters::chapters;
use super::model::Change;
use super::rules::conflicts::Way;
use super::rules::emergency::Standing;
use super::rules::freezes::Deed;
use super::rules::outcome::Outcome;
use super::rules::risk::MOST;
use super::rules::steps::{Act, ChangeType, is_planning, leads, passes_by};
use super::rules::window::Span;
use super::store;
use crate::approvals;
use crate::people::{self, Right, Shell, Visitor, When};
use crate::platform::db::{Db, Utc};
use crate::platform::kernel::error::Result;
use crate::records::{self, Beside, Link, Part, Record, Section, Sheet, Step, Warning};
use crate::services;

/// Where the plan is edited, under the record.
pub const PLAN: &str = "plan";

/// Reads what is there to read; of a change that nobody planned here only that is said.
pub fn of(conn: &mut Db, shell: &Shell, visitor: &Visitor, record: &Record) -> Result<Beside> {
    let planning = is_planning(&record.state);
    let Some(change) = store::find_row(conn, record.id)? else {
        let links = match planning && visitor.has(Right::Work) {
            true => vec![Link {
                path: PLAN,
                label: "change-plan-edit",
            }],
            false => Vec::new(),
        };
        return Ok(Beside {
            links,
            ..Beside::default()
        });
    };
    let found = Found {
        scope: store::scope_of(conn, record.id)?,
        record: record.clone(),
        change,
    };
    let mut stands = match (planning, record.state.as_str()) {
        (true, _) => in_the_way(conn, shell, visitor, &found)?,
        (false, "implementing") => under_way(conn, shell, &found)?,
        (false, _) => Vec::new(),
    };
    let hindered = planning && !stands.is_empty();
    let next = Next {
        approved: is_approved(conn, &found, shell.now)?,
        frozen: stands.iter().any(|one| one.lamp == "breach"),
    };
    if planning {
        stands.extend(objections(conn, &found)?);
    }
    let suggested = match visitor.has(Right::Work) {
        true => suggested(conn, visitor, &found, shell.now)?,
        false => Vec::new(),
    };
    stands.extend(suggested.iter().map(|incident| Stands {
        lamp: "risk",
        icon: "warn",
        key: "change-maybe-caused",
        link: Some((
            format!("{}/causes", record.number().path()),
            format!("{} {}", incident.number(), incident.title),
        )),
        when: None,
        note: String::new(),
    }));
    let section = (record.state == "awaiting_approval" && !stands.is_empty()).then(|| Section {
        heading: "change-in-the-way",
        parts: stands.iter().map(Stands::part).collect(),
        link: None,
    });
    Ok(Beside {
        sheet: Sheet {
            chips: chips(shell, &found.change),
            acts: acts(visitor, &found, hindered, next),
            sections: chapters(conn, shell, &found)?,
            warnings: stands.into_iter().map(|one| one.warning(shell)).collect(),
        },
        section,
        links: links(visitor, &found, !suggested.is_empty()),
        passes_by: passes_by(found.change.change_type, found.change.mode()),
        ..Beside::default()
    })
}

/// Something that stands in the way, before it is put into words.
struct Stands {
    lamp: &'static str,
    icon: &'static str,
    key: &'static str,
    link: Option<(String, String)>,
    when: Option<(When, When)>,
    /// What somebody wrote of it.
    note: String,
}

impl Stands {
    fn warning(self, shell: &Shell) -> Warning {
        let link = self.link.map(|(href, name)| match self.note.as_str() {
            "" => (href, name),
            note => (href, format!("{name}: {note}")),
        });
        Warning {
            lamp: self.lamp,
            icon: self.icon,
            heading: shell.t.s(self.key).into_owned(),
            link,
            when: self.when,
        }
    }

    fn part(&self) -> Part {
        let (href, name) = self.link.clone().unwrap_or_default();
        Part {
            when: self.when.as_ref().map(|(from, _)| from.clone()),
            name,
            href,
            late: self.lamp == "breach",
            note: self.note.clone(),
            ..Part::of(self.key)
        }
    }
}

/// What whoever carries out a change must know: a freeze was set over the work, which stops none of it,
/// and it takes longer than its window.
fn under_way(conn: &mut Db, shell: &Shell, found: &Found) -> Result<Vec<Stands>> {
    let mut out = Vec::new();
    if let Some(window) = found.change.window().filter(|w| w.ends <= shell.now) {
        let path = found.record.number().path();
        let ends = found.change.expected_ends_at.unwrap_or(shell.now);
        out.push(Stands {
            lamp: "breach",
            icon: "clock",
            key: "change-warning-overrun",
            link: Some((
                format!("{path}/end"),
                shell.t.s("change-expect-end").into_owned(),
            )),
            when: Some((shell.when(window.ends), shell.when(ends))),
            note: String::new(),
        });
    }
    for freeze in actions::holding(conn, found, shell.now)? {
        out.push(Stands {
            lamp: "risk",
            icon: "lock",
            key: "change-warning-frozen-over",
            link: Some((format!("/changes/freezes/{}", freeze.id), freeze.name)),
            when: Some((shell.when(freeze.starts_at), shell.when(freeze.ends_at))),
            note: String::new(),
        });
    }
    Ok(out)
}

/// Whether those asked about it said yes, as far as it waits for them at all.
fn is_approved(conn: &mut Db, found: &Found, now: Utc) -> Result<bool> {
    if found.record.state != "awaiting_approval" {
        return Ok(true);
    }
    let round = approvals::standing(conn, found.record.id, now)?;
    Ok(round.is_some_and(|round| round.is_approved()))
}

/// The objections nobody answered. They stop nothing by themselves.
fn objections(conn: &mut Db, found: &Found) -> Result<Vec<Stands>> {
    let mut out = Vec::new();
    let path = format!("{}/parties", found.record.number().path());
    for remark in store::remarks_of(conn, found.record.id)? {
        if !remark.objects || remark.answered_by_id.is_some() {
            continue;
        }
        out.push(Stands {
            lamp: "risk",
            icon: "warn",
            key: "change-objection",
            link: Some((
                path.clone(),
                people::find_person(conn, remark.person_id)?.name,
            )),
            when: None,
            note: remark.text,
        });
    }
    Ok(out)
}

/// For so long after the work an incident may come of it.
const AFTER: time::Duration = time::Duration::days(3);

/// Incidents on the same items that were reported during the work or soon after it, and that are not
/// linked to it yet.
pub fn suggested(conn: &mut Db, visitor: &Visitor, found: &Found, now: Utc) -> Result<Vec<Record>> {
    let Some(began) = found.change.actual_starts_at else {
        return Ok(Vec::new());
    };
    if found.scope.items.is_empty() {
        return Ok(Vec::new());
    }
    let ended = found.change.actual_ends_at.unwrap_or(now);
    let span = Span::new(began, ended.plus(AFTER));
    let mut all = store::incidents_around(conn, visitor, &found.scope.items, span)?;
    if !all.is_empty() {
        let linked = records::links_of(conn, visitor, found.record.id)?;
        all.retain(|one| linked.iter().all(|link| link.number != one.number()));
    }
    Ok(all)
}

fn chips(shell: &Shell, change: &Change) -> Vec<String> {
    let t = shell.t;
    let mut chips = vec![t.s(type_key(change.change_type)).into_owned()];
    chips.extend(risk_of(shell, change));
    chips.push(t.with1(
        "change-revision-n",
        "n",
        change.revision.to_string().as_str(),
    ));
    if change.standing != Standing::None {
        let key = format!("authority-standing-{}", change.standing.word());
        chips.push(t.s(&key).into_owned());
    }
    chips
}

/// The risk and its points, where it was judged.
pub fn risk_of(shell: &Shell, change: &Change) -> Option<String> {
    let key = format!("risk-{}", change.risk()?.word());
    let args = [
        ("risk", shell.t.s(&key).into_owned()),
        ("points", change.risk_points.to_string()),
        ("most", MOST.to_string()),
    ];
    let args = args.each_ref().map(|(name, value)| (*name, value.as_str()));
    Some(shell.t.with("change-risk-of", args))
}

/// Key of what a type is called.
pub fn type_key(change_type: ChangeType) -> &'static str {
    match change_type {
        ChangeType::Standard => "change-type-standard",
        ChangeType::Normal => "change-type-normal",
        ChangeType::Emergency => "change-type-emergency",
    }
}

/// What stands in the way of a plan, as it is now.
pub fn warnings(
    conn: &mut Db,
    shell: &Shell,
    visitor: &Visitor,
    found: &Found,
) -> Result<Vec<Warning>> {
    let stands = in_the_way(conn, shell, visitor, found)?.into_iter();
    Ok(stands.map(|one| one.warning(shell)).collect())
}

fn in_the_way(
    conn: &mut Db,
    shell: &Shell,
    visitor: &Visitor,
    found: &Found,
) -> Result<Vec<Stands>> {
    let mut out = Vec::new();
    for freeze in actions::stopping(conn, visitor, found, Deed::Schedule, shell.now)? {
        out.push(Stands {
            note: String::new(),
            lamp: "breach",
            icon: "lock",
            key: "change-warning-freeze",
            link: Some((format!("/changes/freezes/{}", freeze.id), freeze.name)),
            when: Some((shell.when(freeze.starts_at), shell.when(freeze.ends_at))),
        });
    }
    for clash in actions::clashes(conn, visitor, found)? {
        let key = match clash.conflict.way {
            Way::SameItem => "conflict-same-item",
            Way::Dependency => "conflict-dependency",
            Way::Dependent => "conflict-dependent",
            Way::SameImplementer => "conflict-same-implementer",
        };
        let link = clash.with.map(|other| {
            let number = other.number();
            let named = match clash.item.is_empty() {
                true => format!("{number} {}", other.title),
                false => format!("{number} {} · {}", other.title, clash.item),
            };
            (number.path(), named)
        });
        let shared = clash.conflict.shared;
        out.push(Stands {
            note: String::new(),
            lamp: "risk",
            icon: "warn",
            key,
            link,
            when: Some((shell.when(shared.starts), shell.when(shared.ends))),
        });
    }
    for service in actions::outside_maintenance(conn, found)? {
        let link = match service {
            Some(id) => Some(services::find_service(conn, id)?.name),
            None => None,
        };
        out.push(Stands {
            note: String::new(),
            lamp: "risk",
            icon: "clock",
            key: "change-warning-maintenance",
            link: link.map(|name| ("/changes/maintenance".to_owned(), name)),
            when: None,
        });
    }
    Ok(out)
}

/// What decides what is offered first.
#[derive(Clone, Copy)]
struct Next {
    approved: bool,
    frozen: bool,
}

/// What may be done now, the way forward first.
fn acts(visitor: &Visitor, found: &Found, hindered: bool, next: Next) -> Vec<Step> {
    let (change, state) = (&found.change, found.record.state.as_str());
    let can = |act| leads(act, change.change_type, state).is_some();
    let (works, manages) = (visitor.has(Right::Work), visitor.has(Right::ManageChanges));
    let standard = change.change_type == ChangeType::Standard;
    let draft = state == "draft";
    let emergency = change.change_type == ChangeType::Emergency;
    let mine = change.authority_id == Some(visitor.id) && change.standing == Standing::Due;
    let table = [
        (
            mine,
            "authority/confirmation",
            "change-authority-confirm",
            true,
        ),
        (mine, "authority/refusal", "change-authority-refuse", true),
        (
            manages && change.standing == Standing::Refused && change.verdict.is_empty(),
            "verdict",
            "change-verdict",
            false,
        ),
        (
            manages && can(Act::Assess),
            "assessment",
            "change-assess",
            true,
        ),
        (
            (manages || (works && standard)) && can(Act::Schedule),
            "scheduling",
            "change-schedule",
            true,
        ),
        (
            can(Act::Submit) && (manages || (works && emergency)),
            "submission",
            "change-submit",
            true,
        ),
        (
            state == "awaiting_approval",
            "approval",
            "change-approval",
            false,
        ),
        (
            works && draft && can(Act::Start),
            "authority",
            "change-start-verbally",
            false,
        ),
        (
            works && can(Act::WriteUp),
            "retrospective",
            "change-write-up",
            false,
        ),
        (
            works && !draft && can(Act::Start),
            "start",
            "change-start",
            true,
        ),
        (works && can(Act::Finish), "outcome", "change-finish", false),
        (
            manages && state == "review" && change.reviewed_at.is_none(),
            "review",
            "change-review",
            false,
        ),
        (manages && can(Act::Close), "closing", "verb-close", true),
        (manages && hindered, "passes", "change-passes", false),
        (works && is_planning(state), PLAN, "change-plan-edit", false),
    ];
    let in_window = change.window().is_none_or(|span| span.has(visitor.now));
    // What would only be refused is not what is offered first.
    let possible = |path| match path {
        "scheduling" => next.approved && !next.frozen,
        "start" => in_window && !next.frozen,
        "submission" => !next.frozen,
        _ => true,
    };
    let mut solid = true;
    let steps = table.into_iter().filter(|(is, ..)| *is);
    let steps = steps.map(|(_, path, label, posts)| Step {
        path,
        label,
        posts,
        solid: possible(path) && std::mem::take(&mut solid),
    });
    let mut steps: Vec<Step> = steps.collect();
    // What is offered first stands first.
    steps.sort_by_key(|step| !step.solid);
    steps
}

fn links(visitor: &Visitor, found: &Found, has_suggestions: bool) -> Vec<Link> {
    let state = found.record.state.as_str();
    let works = visitor.has(Right::Work);
    let type_ = found.change.change_type;
    let may_revise = leads(Act::Revise, type_, state).is_some()
        && (state != "rejected" || found.record.requester_id == Some(visitor.id));
    [
        (works && may_revise, "revision", "change-revise"),
        (
            works && ["implementing", "review"].contains(&state),
            "deviations",
            "change-deviate",
        ),
        (works && state == "implementing", "end", "change-expect-end"),
        (works, "parties", "change-parties"),
        (works && has_suggestions, "causes", "change-causes"),
        (
            works
                && type_ != ChangeType::Standard
                && state == "closed"
                && found.change.outcome() == Some(Outcome::Successful),
            "template",
            "change-propose-template",
        ),
    ]
    .into_iter()
    .filter(|(is, ..)| *is)
    .map(|(_, path, label)| Link { path, label })
    .collect()
}
