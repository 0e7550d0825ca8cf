//! Drawing the page of a record's approval.

use std::collections::HashMap;

use askama::Template;
use uuid::Uuid;

use super::{PartView, compared};
use crate::approvals::actions::{is_contestable, met_at};
use crate::approvals::model::{Round, TITLE};
use crate::approvals::pages::view::{Drawing, RoundView, TalkView};
use crate::approvals::rules::{Cast, Phase, Standing, may_vote, may_withdraw};
use crate::approvals::store::{boards, delegations, rounds};
use crate::people::{self, Answer, Form, FormView, Person, Right, Shell, Visitor, When};
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::{Error, Result};
use crate::records::pages::{Target, written_local};
use crate::records::{self, Beside, Record};

/// Rounds that are shown: the newest and those before it.
const ROUNDS: i64 = 20;

/// The forms of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    Vote,
    Meeting,
    Contest,
    Suspend,
    Answer,
    /// A button without fields: only what went wrong is said.
    Button,
}

/// A form that came back, and which it was.
pub type Given<'a> = Option<(Which, &'a Form, Option<&'a Error>)>;

/// A one-time link by which the page was opened.
#[derive(Debug, Clone)]
pub struct ByLink {
    pub token: String,
    pub works: bool,
}

#[derive(Template)]
#[template(path = "approvals/round.html")]
struct RoundPage {
    shell: Shell,
    /// The record's own page, for those who have one.
    record_path: Option<String>,
    path: String,
    rounds_path: String,
    number: String,
    title: String,
    description: String,
    requester: String,
    beside: Beside,
    linked: Vec<(String, String)>,
    round: Option<RoundView>,
    contents: Vec<PartView>,
    /// The round with which they are compared.
    compared_with: Option<i32>,
    earlier: Vec<RoundView>,
    talk: Vec<TalkView>,
    conditions: Vec<ConditionView>,
    seats: Vec<SeatChoice>,
    /// Whether any of the seats asks for the password.
    asks_password: bool,
    window: Option<When>,
    /// Until when the visitor has time.
    due: Option<When>,
    vote_action: String,
    withdrawable: Vec<(String, String)>,
    link: Option<ByLink>,
    meeting: Option<MeetingView>,
    may_contest: bool,
    may_steer: bool,
    may_answer: bool,
    is_open: bool,
    is_suspended: bool,
    waiting: Vec<(String, String)>,
    vote: FormView,
    meeting_form: FormView,
    contest: FormView,
    suspend: FormView,
    answer: FormView,
    buttons: Buttons,
    alert: Option<FormView>,
    /// What was typed into a form that is no longer there: its field and the text.
    kept: Vec<(&'static str, String)>,
}

impl RoundPage {
    /// A form that came back and is not offered any more, because somebody else decided meanwhile: why is
    /// said on top, and what was typed stays readable.
    fn say_of_gone(&mut self) {
        let shown = [
            (&self.meeting_form, self.meeting.is_some()),
            (&self.contest, self.may_contest),
            (
                &self.suspend,
                self.may_steer && self.is_open && !self.is_suspended,
            ),
            (
                &self.answer,
                self.may_answer && self.is_open && !self.talk.is_empty(),
            ),
        ];
        let gone = shown
            .iter()
            .find(|(form, there)| form.has_errors() && !there);
        let Some(form) = gone.map(|(form, _)| (*form).clone()) else {
            return;
        };
        for field in ["conditions", "meeting_text", "reason", "answer"] {
            if !form.value(field).is_empty() {
                self.kept.push((field, form.value(field).to_owned()));
            }
        }
        self.alert = Some(form);
    }
}

/// Keys for the small forms.
struct Buttons;

impl Buttons {
    fn key(&self) -> String {
        people::new_form_key()
    }
}

/// A seat the visitor may speak from.
struct SeatChoice {
    value: String,
    stage: String,
    behalf: Option<String>,
}

struct ConditionView {
    place: i32,
    text: String,
    met: Option<(String, When)>,
}

/// A stage the visitor may decide for a meeting.
struct MeetingView {
    stage: usize,
    name: String,
    people: Vec<(String, String)>,
    asks_password: bool,
}

/// The page of a record's approval, whoever may see the record.
pub fn draw(
    conn: &mut Db,
    visitor: &Visitor,
    target: Target,
    given: Given<'_>,
    link: Option<ByLink>,
) -> Result<Answer> {
    let record = records::find_asked(conn, visitor, target.number)?;
    let mut all = rounds::of_record(conn, record.id, ROUNDS)?;
    if all.is_empty() && !visitor.has(Right::Work) {
        return Err(Error::NotFound);
    }
    let newest = (!all.is_empty()).then(|| all.remove(0));
    let mut facts = Facts::read(conn, visitor, &record, newest.as_ref(), &all)?;
    let content = match &newest {
        Some(round) => rounds::content_of(conn, round.row.id)?,
        None => Vec::new(),
    };
    // What is put to them is what was submitted: what somebody writes for the next round is not.
    let only_asked = !visitor.has(Right::Work) && !records::is_own(conn, visitor, record.id)?;
    let put = content.iter().find(|c| c.label == TITLE);
    let title = match put {
        Some(put) => put.text.clone(),
        None if only_asked => String::new(),
        None => record.title.clone(),
    };
    let shell = visitor.shell("approvals", format!("{} {title}", target.number));
    let before = match all.first() {
        Some(former) => Some(rounds::content_of(conn, former.row.id)?),
        None => None,
    };
    let back = |which: Which| {
        let (_, form, error) = given.filter(|(given, ..)| *given == which)?;
        Some(FormView::again(&shell, form, error))
    };
    let fresh = |which: Which| back(which).unwrap_or_else(FormView::fresh);
    let standing = newest.as_ref().map(|round| round.standing(visitor.now));
    let goes_on = standing.as_ref().is_some_and(|s| s.decision.is_none());
    let mut page = RoundPage {
        record_path: visitor.has(Right::Work).then(|| target.path()),
        path: target.number.approval_path(),
        rounds_path: newest.as_ref().map_or_else(String::new, |round| {
            format!("{}/rounds/{}", target.path(), round.row.number)
        }),
        number: target.number.to_string(),
        title,
        description: match newest {
            Some(_) => String::new(),
            None => record.description.clone(),
        },
        requester: record
            .requester_id
            .map_or_else(String::new, |id| facts.name(id.uuid())),
        beside: if goes_on || !only_asked {
            (target.practice.besides)(conn, &shell, visitor, &record)?
        } else {
            Beside::default()
        },
        linked: std::mem::take(&mut facts.linked),
        round: None,
        compared_with: before.as_ref().and(all.first()).map(|r| r.row.number),
        contents: compared(&shell, content, before.as_deref()),
        earlier: Vec::new(),
        talk: Vec::new(),
        conditions: Vec::new(),
        seats: Vec::new(),
        asks_password: false,
        window: None,
        due: None,
        vote_action: String::new(),
        withdrawable: Vec::new(),
        meeting: None,
        may_contest: false,
        may_steer: visitor.has(Right::Manage),
        may_answer: visitor.has(Right::Work) || record.requester_id == Some(visitor.id),
        is_open: goes_on,
        is_suspended: standing.as_ref().is_some_and(|s| s.suspended_at.is_some()),
        waiting: Vec::new(),
        vote: fresh(Which::Vote),
        meeting_form: fresh(Which::Meeting)
            .preset("met_at", written_local(visitor.now, &visitor.zone)),
        contest: fresh(Which::Contest),
        suspend: fresh(Which::Suspend),
        answer: fresh(Which::Answer),
        buttons: Buttons,
        alert: back(Which::Button),
        kept: Vec::new(),
        link,
        shell: shell.clone(),
    };
    let drawing = facts.drawing(&shell, visitor, &all);
    for former in &all {
        page.earlier
            .push(drawing.round(former, &former.standing(visitor.now)));
    }
    if let (Some(round), Some(standing)) = (&newest, &standing) {
        page.round = Some(drawing.round(round, standing));
        page.talk = drawing.talk(round);
        fill(conn, visitor, &mut page, &facts, &shell, round, standing)?;
    }
    page.say_of_gone();
    Ok(Answer::html(&page))
}

/// What belongs to the newest round.
fn fill(
    conn: &mut Db,
    visitor: &Visitor,
    page: &mut RoundPage,
    facts: &Facts,
    shell: &Shell,
    round: &Round,
    standing: &Standing,
) -> Result<()> {
    page.window = (round.row.decide_by < Utc::FAR).then(|| shell.when(round.row.decide_by));
    page.vote_action = match &page.link {
        Some(link) if link.works => format!("/approvals/links/{}", link.token),
        _ => format!("{}/votes", page.rounds_path),
    };
    for condition in rounds::conditions_of(conn, round.row.id)? {
        page.conditions.push(ConditionView {
            place: condition.place,
            text: condition.text,
            met: (condition.met_by_id.zip(condition.met_at))
                .map(|(by, at)| (facts.name(by.uuid()), shell.when(at))),
        });
    }
    let mut due = round.row.decide_by;
    for (at, stage) in standing.stages.iter().enumerate() {
        let name = round
            .electorate
            .stages
            .get(at)
            .map_or("", |b| b.name.as_str());
        for (seat, (person, cast)) in stage.seats.iter().enumerate() {
            let mine = *person == visitor.id.uuid();
            let behalf =
                (!mine && facts.absent.contains(&Id::from_uuid(*person))).then_some(*person);
            let open = stage.phase == Phase::Open && standing.decision.is_none();
            let id = person.to_string();
            let listed = page.waiting.iter().any(|(known, _)| *known == id);
            if open && *cast == Cast::Waiting && !listed {
                page.waiting.push((id, facts.name(*person)));
            }
            if !mine && behalf.is_none() {
                continue;
            }
            let value = format!("{at}.{seat}");
            let me = visitor.id.uuid();
            let spoke = round.spoke(standing, at);
            let place = (at, seat);
            if may_vote(&round.electorate, standing, place, me, behalf, &spoke).is_ok() {
                let bench = round.electorate.stages.get(at);
                page.asks_password |= bench.is_some_and(|b| b.reauthenticate);
                due = due.min(stage.due_at);
                page.seats.push(SeatChoice {
                    value,
                    stage: name.to_owned(),
                    behalf: behalf.map(|id| facts.name(id)),
                });
            } else if may_withdraw(standing, (at, seat)).is_ok() {
                page.withdrawable.push((value, name.to_owned()));
            }
        }
    }
    page.due = (due < Utc::FAR).then(|| shell.when(due));
    page.meeting = meeting(conn, visitor, facts, round, standing)?;
    page.may_contest = is_contestable(round, standing)
        && (met_at(conn, round)?.iter()).any(|(_, present)| present.contains(&visitor.id));
    Ok(())
}

/// The stage whose meeting the visitor presides over, if it is asked now.
fn meeting(
    conn: &mut Db,
    visitor: &Visitor,
    facts: &Facts,
    round: &Round,
    standing: &Standing,
) -> Result<Option<MeetingView>> {
    let excluded = &round.electorate.excluded;
    if standing.decision.is_some() || excluded.contains(&visitor.id.uuid()) {
        return Ok(None);
    }
    for (at, bench) in round.electorate.stages.iter().enumerate() {
        let open = standing
            .stages
            .get(at)
            .is_some_and(|s| s.phase == Phase::Open);
        let Some(meeting) = bench.meeting.filter(|_| open) else {
            continue;
        };
        let board = boards::find_board(conn, Id::from_uuid(meeting.board))?;
        if board.chair_id != Some(visitor.id) {
            continue;
        }
        let mut people: Vec<(String, String)> = Vec::new();
        for member in boards::members_of_board(conn, board.id)? {
            if !excluded.contains(&member.id.uuid()) && member.id != visitor.id {
                people.push((member.id.to_string(), member.name));
            }
        }
        let seats = standing.stages.get(at).into_iter().flat_map(|s| &s.seats);
        for (person, _) in seats.filter(|(_, cast)| *cast != Cast::Vacant) {
            let id = person.to_string();
            if *person != visitor.id.uuid() && !people.iter().any(|(known, _)| *known == id) {
                people.push((id, facts.name(*person)));
            }
        }
        return Ok(Some(MeetingView {
            stage: at,
            name: board.name,
            people,
            asks_password: bench.reauthenticate,
        }));
    }
    Ok(None)
}

/// What is read once for the whole page.
struct Facts {
    names: HashMap<Uuid, String>,
    present: Vec<(Id<Round>, i32, Id<Person>)>,
    /// For whom the visitor stands in.
    absent: Vec<Id<Person>>,
    linked: Vec<(String, String)>,
}

impl Facts {
    fn read(
        conn: &mut Db,
        visitor: &Visitor,
        record: &Record,
        newest: Option<&Round>,
        earlier: &[Round],
    ) -> Result<Self> {
        let shown: Vec<Id<Round>> = (newest.into_iter().chain(earlier))
            .map(|round| round.row.id)
            .collect();
        let present = rounds::present_of_all(conn, &shown)?;
        let mut ids: Vec<Uuid> = record.requester_id.map(Id::uuid).into_iter().collect();
        for round in newest.into_iter().chain(earlier) {
            ids.extend(round.everybody());
            let events = round.events.iter();
            ids.extend(
                events
                    .flat_map(|e| [e.person_id, e.behalf_id])
                    .flatten()
                    .map(Id::uuid),
            );
        }
        ids.extend(present.iter().map(|(_, _, id)| id.uuid()));
        if let Some(round) = newest {
            let conditions = rounds::conditions_of(conn, round.row.id)?;
            ids.extend(conditions.iter().filter_map(|c| c.met_by_id.map(Id::uuid)));
        }
        ids.sort_unstable();
        ids.dedup();
        let ids: Vec<Id<Person>> = ids.into_iter().map(Id::from_uuid).collect();
        let found = people::people_by_ids(conn, &ids)?;
        Ok(Self {
            names: found.into_iter().map(|p| (p.id.uuid(), p.name)).collect(),
            present,
            absent: delegations::absent_for(conn, visitor.id, visitor.now)?,
            linked: rounds::titles_linked(conn, record.id)?,
        })
    }

    fn name(&self, id: Uuid) -> String {
        self.names.get(&id).cloned().unwrap_or_default()
    }

    fn drawing<'a>(
        &'a self,
        shell: &'a Shell,
        visitor: &Visitor,
        earlier: &'a [Round],
    ) -> Drawing<'a> {
        Drawing {
            shell,
            me: visitor.id.uuid(),
            names: &self.names,
            present: &self.present,
            earlier,
            now: visitor.now,
        }
    }
}
