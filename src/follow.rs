//! The only list of what follows from what.
//!
//! The write gate calls [`up`] with the facts of a transaction before it commits. A line here may
//! call any slice's actions; the facts those append come round again, at most three times.

use crate::entries::{self, Audience};
use crate::platform::db::store::Emitted;
use crate::platform::db::{Id, Write};
use crate::platform::kernel::ctx::{Ctx, Door};
use crate::platform::kernel::error::Result;
use crate::problems::Ended;
use crate::records::{self, Kind, LinkType, Practice, Practices, Record};
use crate::{
    approvals, changes, incidents, notifications, people, postmortems, problems, requests, search,
    service_levels, services, tasks,
};

/// The practice of a kind.
pub fn practice_of(kind: Kind) -> &'static Practice {
    match kind {
        Kind::Incident => &postmortems::INCIDENT,
        Kind::Request => &requests::PRACTICE,
        Kind::Problem => &problems::PRACTICE,
        Kind::Change => &changes::PRACTICE,
        Kind::Postmortem => &postmortems::PRACTICE,
        Kind::Action => &postmortems::ACTION,
    }
}

/// Brings about what follows from facts.
pub fn up(w: &mut Write<'_>, facts: &[Emitted]) -> Result<()> {
    index_titles(w, facts)?;
    let mut finished: Vec<(&Emitted, Id<Record>)> = Vec::new();
    let mut escalated: Vec<&Emitted> = Vec::new();
    for fact in facts {
        index_entry(w, fact)?;
        index_people(w, fact)?;
        index_task(w, fact)?;
        // What happened elsewhere, long ago, can be found; it moves nothing and nobody here.
        if fact.ctx.door == Door::Imported {
            continue;
        }
        let (about, what) = fact.name.split_once('.').unwrap_or_default();
        if about == "incident" && is_given_to_somebody(fact) {
            incidents::acknowledge(w, &fact.ctx, Id::from_uuid(fact.subject))?;
        }
        match (fact.name.as_str(), what) {
            ("task.done", _) => {
                changes::task_may_go_on(w, Id::from_uuid(fact.subject), fact.ctx.now)?;
            }
            ("task.added" | "task.changed" | "task.reordered", _) => {
                changes::said_otherwise(w, &fact.ctx, Id::from_uuid(fact.subject))?;
            }
            // Of any other task nothing follows; a record's own facts have the same words.
            _ if about == "task" => {}
            ("change.edited", _) => words_stand(w, fact)?,
            // Whoever has no right to approve any more sits nowhere.
            ("person.edited", _) if fact.data.pointer("/set/roles").is_none() => {}
            ("person.disabled" | "person.edited", _) => {
                approvals::actions::vacate(w, &fact.ctx, Id::from_uuid(fact.subject))?;
            }
            ("approval.decided", _) => decided(w, fact)?,
            ("approval.contested", _) => {
                let record = records::find_by_id(w, Id::from_uuid(fact.subject))?;
                if record.kind == Kind::Change {
                    changes::contested(w, &fact.ctx, record)?;
                }
            }
            ("problem.linked", _) => linked_to_problem(w, fact)?,
            ("problem.known_error_published" | "problem.known_error_offered_again", _) => {
                let record = records::find_by_id(w, Id::from_uuid(fact.subject))?;
                problems::published(w, &fact.ctx, &record)?;
            }
            ("incident.reopened", _) => {
                let record = records::find_by_id(w, Id::from_uuid(fact.subject))?;
                incidents::unmark_first_contact(w, &fact.ctx, record)?;
            }
            (_, "contact_received") => heard_from(w, fact)?,
            (_, "replied") => answered(w, fact)?,
            (_, "restricted" | "restriction_changed" | "reader_removed") => hide(w, fact)?,
            (_, "unrestricted") => {
                search::set_apart(w, Id::<Record>::from_uuid(fact.subject), false)?;
            }
            (_, "closed" | "rejected" | "cancelled") => {
                finished.push((fact, Id::from_uuid(fact.subject)));
                let record = Id::from_uuid(fact.subject);
                records::actions::cancel_open_tasks(w, &fact.ctx, record)?;
            }
            (_, "resolved") => finished.push((fact, Id::from_uuid(fact.subject))),
            (_, "escalated") => escalated.push(fact),
            _ => {}
        }
        if ["change.cancelled", "change.started", "change.revised"].contains(&fact.name.as_str()) {
            approvals::close(w, &fact.ctx, Id::from_uuid(fact.subject), what)?;
        }
        if about == "incident" {
            reviewed(w, fact, what)?;
        }
        if about == "change" {
            tell_of_change(w, fact, what)?;
            fixed(w, fact, what)?;
        }
        if about == "problem" && MOVES.contains(&what) {
            let record = records::find_by_id(w, Id::from_uuid(fact.subject))?;
            problems::settled(w, &fact.ctx, record)?;
        }
        let title_before = fact.data.pointer("/set/title/0");
        if about == "problem" && title_before.is_some_and(|title| !title.is_null()) {
            let record = records::find_by_id(w, Id::from_uuid(fact.subject))?;
            problems::retitled(w, &record)?;
        }
        if about == "incident" && (is_told_anew(fact) || what == "reopened") {
            let record = records::find_by_id(w, Id::from_uuid(fact.subject))?;
            problems::offer(w, &fact.ctx, &record)?;
        }
        acted_on(w, fact, about, what)?;
        hold_flowed_down(w, fact)?;
    }
    end_holds_on(w, &finished)?;
    settle_clocks(w, facts)?;
    notifications::escalated(w, &escalated)
}

/// The facts by which a problem comes into another state.
const MOVES: [&str; 5] = ["advanced", "resolved", "reopened", "closed", "cancelled"];

/// Something was said of an incident that known errors are recognised by.
fn is_told_anew(fact: &Emitted) -> bool {
    let set = fact.data.get("set");
    ["title", "description", "service", "category", "item"]
        .iter()
        .any(|field| set.is_some_and(|set| set.get(field).is_some()))
}

/// A problem was linked: to the change that is to fix it, or to an incident it causes. Both journals say
/// so; the problem's is listened to.
fn linked_to_problem(w: &mut Write<'_>, fact: &Emitted) -> Result<()> {
    let after = |field: &str| fact.data.pointer(&format!("/set/{field}/1"));
    let word = after("link_type").and_then(|word| word.as_str());
    let outward = after("link_outward").and_then(serde_json::Value::as_bool);
    let other = after("link_to").and_then(|to| to.get("id")?.as_str()?.parse().ok());
    let record = records::find_by_id(w, Id::from_uuid(fact.subject))?;
    match (word.and_then(LinkType::from_word), outward, other) {
        (Some(LinkType::FixedBy), Some(true), Some(change)) => {
            problems::fix_linked(w, &fact.ctx, record)?;
            caught_up(w, fact, change)
        }
        (Some(LinkType::CausedBy), Some(false), Some(incident)) => {
            problems::linked(w, &fact.ctx, record, incident)
        }
        _ => Ok(()),
    }
}

/// What an incident means for what is learnt from it.
fn reviewed(w: &mut Write<'_>, fact: &Emitted, what: &str) -> Result<()> {
    match what {
        "resolved" => {
            let record = records::find_by_id(w, Id::from_uuid(fact.subject))?;
            postmortems::incident_resolved(w, &fact.ctx, record)
        }
        "restricted" | "restriction_changed" => {
            let record = records::find_by_id(w, Id::from_uuid(fact.subject))?;
            postmortems::incident_restricted(w, &fact.ctx, &record)
        }
        _ => Ok(()),
    }
}

/// What happened means for action items: their own moves, the end of what carries them, an incident they
/// were to prevent.
fn acted_on(w: &mut Write<'_>, fact: &Emitted, about: &str, what: &str) -> Result<()> {
    let id = Id::from_uuid(fact.subject);
    match (about, what) {
        ("action", "assigned") if is_given_anew(fact) => {
            let record = records::find_by_id(w, id)?;
            postmortems::item_assigned(w, &fact.ctx, &record)
        }
        ("action", "raised" | "advanced" | "closed" | "cancelled") => {
            let record = records::find_by_id(w, id)?;
            postmortems::item_moved(w, &fact.ctx, record)
        }
        ("postmortem", "restricted" | "restriction_changed") => {
            let record = records::find_by_id(w, id)?;
            postmortems::postmortem_restricted(w, &fact.ctx, &record)
        }
        ("incident", "created" | "kind_changed" | "edited") if is_about_anew(fact) => {
            let record = records::find_by_id(w, id)?;
            postmortems::incident_reported(w, &fact.ctx, &record)
        }
        ("request" | "problem" | "change", _) => carried(w, fact, about, what),
        _ => Ok(()),
    }
}

/// What carries an action ended, well or not, or goes on.
fn carried(w: &mut Write<'_>, fact: &Emitted, about: &str, what: &str) -> Result<()> {
    let id = Id::from_uuid(fact.subject);
    let after = |field: &str| {
        let value = fact.data.pointer(&format!("/set/{field}/1"))?;
        value.as_str().map(str::to_owned)
    };
    let outcome = after("outcome").and_then(|word| changes::Outcome::from_word(&word));
    let ended_well = match (about, what) {
        (_, "closed") => true,
        (_, "resolved") => after("resolution_code").as_deref() != Some(services::RISK_ACCEPTED),
        (_, "cancelled" | "rejected") => false,
        (_, "reopened") => return postmortems::carrier_reopened(w, &fact.ctx, id),
        ("change", _) => match outcome {
            Some(changes::Outcome::Failed | changes::Outcome::BackedOut) => false,
            _ => return Ok(()),
        },
        _ => return Ok(()),
    };
    postmortems::carrier_ended(w, &fact.ctx, id, ended_well)
}

/// It is somebody's now, whoever had it before.
fn is_given_anew(fact: &Emitted) -> bool {
    let side = fact.data.pointer("/set/assignee/1");
    side.is_some_and(|value| !value.is_null())
}

/// It was said what an incident is about, or when it was reported.
fn is_about_anew(fact: &Emitted) -> bool {
    let set = fact.data.get("set");
    ["service", "category", "reported_at", "kind"]
        .iter()
        .any(|field| set.is_some_and(|set| set.get(field).is_some()))
}

/// A change that was linked as the fix after its work had begun, or had succeeded.
fn caught_up(w: &mut Write<'_>, fact: &Emitted, change: Id<Record>) -> Result<()> {
    match changes::outcome_of(w, change)?.map(ended) {
        None if records::find_by_id(w, change)?.state == "implementing" => {
            problems::fix_started(w, &fact.ctx, change)
        }
        Some(Ended::Successful) => {
            let (ctx, how) = (&fact.ctx, Ended::Successful);
            problems::fix_ended(w, ctx, change, how, changes::has_ended)
        }
        _ => Ok(()),
    }
}

/// What the outcome of a change is to the problems it is to fix.
fn ended(outcome: changes::Outcome) -> Ended {
    match outcome {
        changes::Outcome::Successful | changes::Outcome::WithIssues => Ended::Successful,
        changes::Outcome::Failed => Ended::Failed,
        changes::Outcome::BackedOut => Ended::BackedOut,
    }
}

/// What a change means for the problems it is to fix.
fn fixed(w: &mut Write<'_>, fact: &Emitted, what: &str) -> Result<()> {
    let change = Id::from_uuid(fact.subject);
    if what == "started" {
        return problems::fix_started(w, &fact.ctx, change);
    }
    let word = fact.data.pointer("/set/outcome/1").and_then(|w| w.as_str());
    let ended = match (what, word.and_then(changes::Outcome::from_word)) {
        ("cancelled" | "rejected", _) => Ended::NotDone,
        (_, None) => return Ok(()),
        (_, Some(outcome)) => ended(outcome),
    };
    problems::fix_ended(w, &fact.ctx, change, ended, changes::has_ended)
}

/// What was authorised stays as it reads, once the work has begun; before, it is asked about again.
fn words_stand(w: &mut Write<'_>, fact: &Emitted) -> Result<()> {
    let set = fact.data.get("set");
    let has = |field| set.is_some_and(|set| set.get(field).is_some());
    if has("title") || has("description") {
        let record = records::find_by_id(w, Id::from_uuid(fact.subject))?;
        changes::words_stand(&record)?;
        changes::said_otherwise(w, &fact.ctx, record.id)?;
    }
    Ok(())
}

/// Who is told what of a change: those affected by it what becomes of it, whoever implements it what
/// they have to act on, whoever authorised it that they are asked to confirm.
fn tell_of_change(w: &mut Write<'_>, fact: &Emitted, what: &str) -> Result<()> {
    let before = fact.data.pointer("/set/state/0").and_then(|s| s.as_str());
    let was_planned = before == Some("scheduled");
    let parties = match what {
        "scheduled" => Some("notice-change-scheduled"),
        "window_moved" => Some("notice-change-moved"),
        "cancelled" if was_planned => Some("notice-change-cancelled"),
        "revised" if was_planned => Some("notice-change-unscheduled"),
        "started" => Some("notice-change-started"),
        "finished" | "written_up" => Some("notice-change-finished"),
        _ => None,
    };
    let implementer = match what {
        "conflict_found" => Some("notice-change-conflict"),
        "overran" => Some("notice-change-overran"),
        "objected" => Some("notice-change-objected"),
        _ => None,
    };
    if parties.is_none() && implementer.is_none() && what != "freeze_flagged" {
        return Ok(());
    }
    let record = records::find_by_id(w, Id::from_uuid(fact.subject))?;
    if what == "freeze_flagged" {
        return changes::tell_of_freeze(w, &fact.ctx, record);
    }
    if let Some(said) = implementer {
        return changes::tell_implementer(w, &fact.ctx, record, said);
    }
    if ["started", "written_up"].contains(&what) {
        changes::ask_authority(w, &fact.ctx, record.clone())?;
    }
    match parties {
        Some(said) => changes::tell_parties(w, &fact.ctx, record, said),
        None => Ok(()),
    }
}

/// What was asked of approvers is decided: the record goes where that leads.
fn decided(w: &mut Write<'_>, fact: &Emitted) -> Result<()> {
    let word = fact.data.pointer("/set/approval_decision/1");
    let decision = word.and_then(|word| word.as_str());
    let decision = decision.and_then(approvals::Decision::from_word);
    let record = records::find_by_id(w, Id::from_uuid(fact.subject))?;
    match (record.kind, decision) {
        (Kind::Change, Some(decision)) => changes::decided(w, &fact.ctx, record, decision),
        _ => Ok(()),
    }
}

/// Clocks follow from facts, also of what happened elsewhere. Nobody's doing is counted here: what a
/// clock brings about is the desk's own.
fn settle_clocks(w: &mut Write<'_>, facts: &[Emitted]) -> Result<()> {
    let moving = facts.iter().filter(|fact| {
        let (about, _) = fact.name.split_once('.').unwrap_or_default();
        Kind::from_word(about).is_some() && service_levels::moves_clocks(&fact.name, &fact.data)
    });
    let moving: Vec<&Emitted> = moving.collect();
    let Some(last) = moving.last() else {
        return Ok(());
    };
    let ctx = Ctx::system(last.ctx.now, Door::Worker);
    let mut ids: Vec<Id<Record>> = moving.iter().map(|f| Id::from_uuid(f.subject)).collect();
    ids.sort_unstable();
    ids.dedup();
    records::actions::settle_clocks(w, &ctx, &ids).map(drop)
}

/// A restricted record is found and kept in nothing of those it does not name, under none of the
/// numbers it had.
fn hide(w: &mut Write<'_>, fact: &Emitted) -> Result<()> {
    let record = records::find_by_id(w, Id::from_uuid(fact.subject))?;
    search::set_apart(w, record.id, true)?;
    let mut numbers = records::former_numbers_of(w, &[record.id])?
        .remove(&record.id)
        .unwrap_or_default();
    numbers.push(record.number());
    let paths: Vec<String> = (numbers.iter())
        .flat_map(|number| [number.path(), number.portal_path()])
        .collect();
    people::forget_parked_under(w, &paths, |conn, person| {
        records::is_open_to(conn, &record, person)
    })
}

/// What was waited for is there: the requester wrote.
fn answered(w: &mut Write<'_>, fact: &Emitted) -> Result<()> {
    let record = records::find_by_id(w, Id::from_uuid(fact.subject))?;
    if record.requester_id.is_some() && record.requester_id.map(Id::uuid) == fact.ctx.actor.id {
        let practice = practice_of(record.kind);
        records::actions::answered(w, &fact.ctx, practice, record)?;
    }
    Ok(())
}

/// Nobody had the record, and now somebody has.
fn is_given_to_somebody(fact: &Emitted) -> bool {
    let side = |at| fact.data.pointer(at).filter(|value| !value.is_null());
    side("/set/assignee/0").is_none() && side("/set/assignee/1").is_some()
}

/// A record can be found by its title and description, and by the numbers it had.
fn index_titles(w: &mut Write<'_>, facts: &[Emitted]) -> Result<()> {
    let said = |fact: &&Emitted| {
        let set = fact.data.get("set");
        let has = |field| set.is_some_and(|set| set.get(field).is_some());
        // With another kind comes another number, and the former one is still looked for.
        has("title") || has("description") || has("kind")
    };
    let mut ids: Vec<Id<Record>> = Vec::new();
    for fact in facts.iter().filter(said) {
        let id = Id::from_uuid(fact.subject);
        // The facts of a record stand together.
        if ids.last() != Some(&id) {
            ids.push(id);
        }
    }
    if ids.is_empty() {
        return Ok(());
    }
    let found = records::find_by_ids(w, &ids)?;
    search::reindex_records(w, &found)
}

/// A reply or a note that was written can be found.
fn index_entry(w: &mut Write<'_>, fact: &Emitted) -> Result<()> {
    let record = Id::<Record>::from_uuid(fact.subject);
    let entry = fact
        .data
        .pointer("/set/entry/1/id")
        .and_then(|id| id.as_str())
        .and_then(|id| id.parse().ok());
    if let Some(entry) = entry {
        let (audience, body) = entries::body_of(w, entry)?;
        match audience {
            Audience::Public => search::index_public(w, record, entry, &body)?,
            // Theirs and the desk's: the index that nobody else is answered from.
            Audience::Internal | Audience::Contact => {
                search::index_internal(w, record, entry, &body)?;
            }
        }
    }
    Ok(())
}

/// A record can be found by the names of everybody involved in it.
fn index_people(w: &mut Write<'_>, fact: &Emitted) -> Result<()> {
    let record = Id::<Record>::from_uuid(fact.subject);
    for field in ["affected", "caller"] {
        let Some(pair) = fact.data.pointer(&format!("/set/{field}")) else {
            continue;
        };
        if pair.get(0).is_some_and(|before| !before.is_null()) {
            let names = records::names_involved(w, &[record])?.remove(&record);
            search::reindex_people(w, record, &names.unwrap_or_default())?;
        } else if let Some(person) = pair
            .pointer("/1/id")
            .and_then(|id| id.as_str()?.parse().ok())
        {
            let person = people::find_person(w, person)?;
            search::index_person(w, record, &person.name)?;
        }
    }
    Ok(())
}

/// Somebody got in touch. If that is the requester's answer, nobody waits for it any longer; if they
/// ask what became of something solved at first contact, it was not.
fn heard_from(w: &mut Write<'_>, fact: &Emitted) -> Result<()> {
    let is = |field: &str| {
        let after = fact.data.pointer(&format!("/set/{field}/1"));
        after.and_then(serde_json::Value::as_bool) == Some(true)
    };
    if !is("contact_answers") {
        return Ok(());
    }
    let record = records::find_by_id(w, Id::from_uuid(fact.subject))?;
    let practice = practice_of(record.kind);
    let record = records::actions::answered(w, &fact.ctx, practice, record)?;
    if is("entry_chaser") && record.kind == Kind::Incident {
        incidents::unmark_first_contact(w, &fact.ctx, record)?;
    }
    Ok(())
}

/// A task's title can be found by those who work; a changed one takes the old one's place.
fn index_task(w: &mut Write<'_>, fact: &Emitted) -> Result<()> {
    let task = fact
        .data
        .pointer("/set/task/1/id")
        .and_then(|id| id.as_str())
        .and_then(|id| id.parse().ok());
    let titled = fact.name == "task.added" || fact.data.pointer("/set/task_title").is_some();
    if let Some(task) = task.filter(|_| titled) {
        let record = Id::<Record>::from_uuid(fact.subject);
        let task = tasks::find(w, record.cast(), task)?;
        search::reindex_internal(w, record, task.id, &task.title)?;
    }
    Ok(())
}

/// Whoever waited for these changes or problems goes on.
fn end_holds_on(w: &mut Write<'_>, finished: &[(&Emitted, Id<Record>)]) -> Result<()> {
    let ids: Vec<Id<Record>> = finished.iter().map(|(_, id)| *id).collect();
    for hold in records::holds_for(w, &ids)? {
        let ended = finished.iter();
        let Some((fact, _)) = ended.rev().find(|(_, id)| hold.for_record_id == Some(*id)) else {
            continue;
        };
        let waiting = records::find_by_id(w, hold.record_id)?;
        let practice = practice_of(waiting.kind);
        records::actions::resume_by_itself(w, &fact.ctx, practice, waiting)?;
    }
    Ok(())
}

/// A hold is over that records below followed: they go on too.
fn hold_flowed_down(w: &mut Write<'_>, fact: &Emitted) -> Result<()> {
    let before = fact.data.pointer("/set/hold_flows_down/0");
    if before.and_then(serde_json::Value::as_bool) != Some(true) {
        return Ok(());
    }
    let above = Id::from_uuid(fact.subject);
    records::actions::resume_followers(w, &fact.ctx, Practices(practice_of), above)
}
