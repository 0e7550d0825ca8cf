//! One history played onto one record: each event changes the record and says so in the journal; the
//! rows are written at the end.

use super::model::{Enter, Event, Set};
use super::names::Names;
use crate::journal::{Change, Facts, Head, NewFact, Value};
use crate::platform::db::{Id, Utc, Write};
use crate::platform::kernel::ctx::{Actor, Ctx};
use crate::platform::kernel::error::Result;
use crate::records::actions::{enter, fact};
use crate::records::fair;
use crate::records::life_cycle::{Group, Practice};
use crate::records::model::{Channel, Hold, PrioritySource, Record, Resolution};
use crate::records::number::Number;
use crate::records::{labels, store};
use crate::service_levels::ClockState;
use crate::services::{CodeList, Scale};

/// A record on its way through a history.
pub(super) struct Play<'a> {
    ctx: &'a Ctx,
    practice: &'static Practice,
    /// As it stands in the database, where it does.
    before: Option<Record>,
    record: Record,
    head: Head,
    /// Its stays in waiting: the one it was in when we began, if any, and those to be written. Only
    /// the last can be open.
    holds: Vec<Hold>,
    /// Whether the first of them stands in the database.
    first_is_stored: bool,
    /// Resolutions to be written.
    resolutions: Vec<Resolution>,
    /// Whether it has a resolution that no re-opening has made history.
    is_resolved: bool,
    facts: &'a mut Facts,
    count: usize,
}

/// What a history begins with.
pub(super) struct Begun {
    pub practice: &'static Practice,
    /// The record as it stands in the database, where it does.
    pub before: Option<Record>,
    /// The number of a new one.
    pub number: Option<i64>,
}

/// What a history came to.
pub(super) struct Played {
    pub before: Option<Record>,
    pub record: Record,
    pub holds: Vec<Hold>,
    pub resolutions: Vec<Resolution>,
}

impl<'a> Play<'a> {
    pub fn begin(
        w: &mut Write<'_>,
        ctx: &'a Ctx,
        begun: Begun,
        names: &Names<'_>,
        facts: &'a mut Facts,
    ) -> Result<Self> {
        let Begun {
            practice,
            before,
            number,
        } = begun;
        let mut play = Self {
            ctx,
            practice,
            record: match &before {
                Some(record) => record.clone(),
                None => blank(practice, number.unwrap_or(0), ctx.now, names)?,
            },
            before,
            head: Head::empty(),
            holds: Vec::new(),
            first_is_stored: false,
            resolutions: Vec::new(),
            is_resolved: false,
            facts,
            count: 0,
        };
        if let Some(record) = &play.before {
            play.head = Head {
                count: record.facts,
                hash: record.facts_head.clone(),
            };
            play.holds.extend(store::hold_of(w, record.id)?);
            play.first_is_stored = !play.holds.is_empty();
            let past = store::resolutions_of(w, record.id)?;
            play.is_resolved = past.iter().any(|r| r.superseded_at.is_none());
        }
        Ok(play)
    }

    pub fn number(&self) -> Number {
        self.record.number()
    }

    pub fn facts(&self) -> usize {
        self.count
    }

    /// Applies an event and appends the fact that says what it changed.
    pub fn event(&mut self, w: &mut Write<'_>, names: &mut Names<'_>, event: &Event) -> Result<()> {
        let is_first = self.head.count == 0;
        let was = self.record.clone();
        let was_held = self.present_hold().map(|hold| hold.id);
        let at = event.at.unwrap_or(self.ctx.now);
        let ctx = Ctx {
            actor: Actor {
                id: None,
                label: event.actor.clone(),
            },
            ..self.ctx.clone()
        };
        let mut extra = Vec::new();
        for set in &event.sets {
            self.apply(w, &ctx, names, set, at, &mut extra)?;
        }
        self.prioritise(names);
        let old = (!is_first).then_some(&was);
        let allowance = names.allowance(self.practice.kind);
        fair::place(old, &mut self.record, at, allowance);
        let mut changes =
            labels::changes_with(old, &self.record, |field, id| names.label(w, field, id))?;
        changes.extend(extra);
        if changes.is_empty() {
            return Ok(());
        }
        let held_anew = self.present_hold().map(|hold| hold.id) != was_held;
        let what = if is_first {
            "created"
        } else {
            name_of(&was, &self.record, held_anew)
        };
        let fact = NewFact {
            occurred_at: Some(at),
            ..NewFact::new(fact(self.practice.kind, what), changes)
        };
        let subject = store::subject(self.record.id);
        self.head = self.facts.append(&ctx, subject, &self.head, &fact)?;
        self.record.version += i64::from(!is_first);
        self.record.updated_at = at;
        self.count += 1;
        Ok(())
    }

    fn apply(
        &mut self,
        w: &mut Write<'_>,
        ctx: &Ctx,
        names: &mut Names<'_>,
        set: &Set,
        at: Utc,
        extra: &mut Vec<Change>,
    ) -> Result<()> {
        let r = &mut self.record;
        match set {
            Set::Title(title) => r.title.clone_from(title),
            Set::Description(text) => r.description.clone_from(text),
            Set::ReportedAt(at) => r.reported_at = *at,
            Set::Requester(who) => {
                let who = who.as_ref();
                r.requester_id = who.map(|who| names.person(w, ctx, who)).transpose()?;
            }
            Set::Assignee(who) => {
                let who = who.as_ref();
                r.assignee_id = who.map(|who| names.person(w, ctx, who)).transpose()?;
            }
            Set::Service(name) => {
                let name = name.as_deref();
                r.service_id = name.map(|name| names.service(w, ctx, name)).transpose()?;
            }
            Set::Category(name) => {
                let name = name.as_deref();
                r.category_id = name.map(|name| names.category(w, ctx, name)).transpose()?;
            }
            Set::Team(name) => {
                let name = name.as_deref();
                r.team_id = name.map(|name| names.team(w, ctx, name)).transpose()?;
            }
            Set::Channel(channel) => r.channel = *channel,
            Set::Impact(grade) => r.impact = names.level(w, ctx, Scale::Impact, grade)?,
            Set::Urgency(grade) => r.urgency = names.level(w, ctx, Scale::Urgency, grade)?,
            Set::Priority(grade) => {
                r.priority = names.level(w, ctx, Scale::Priority, grade)?;
                r.priority_source = PrioritySource::Imported;
                r.priority_reason.clear();
            }
            Set::State(to) => self.enter(w, ctx, names, to, at, extra)?,
            Set::ResolvedAt(at) => r.resolved_at = *at,
            Set::ClosedAt(at) => r.closed_at = *at,
            Set::Reassignments(n) => r.reassignments = *n,
            Set::Reopens(n) => r.reopens = *n,
            Set::Told {
                field,
                before,
                after,
            } => extra.push(Change::new(field, before.clone(), after.clone())),
        }
        Ok(())
    }

    fn enter(
        &mut self,
        w: &mut Write<'_>,
        ctx: &Ctx,
        names: &mut Names<'_>,
        to: &Enter,
        at: Utc,
        extra: &mut Vec<Change>,
    ) -> Result<()> {
        let (was_state, was_group) = (self.record.state.clone(), self.record.state_group);
        enter(&mut self.record, self.practice, to.state)?;
        self.hold(names, to, &was_state, at, extra);
        if was_group == Group::Done && self.record.state_group != Group::Done {
            self.reopen(w, at)?;
        }
        if self.record.state_group == Group::Done && !self.is_resolved {
            self.end(w, ctx, names, to, at, extra)?;
        }
        Ok(())
    }

    /// Ends the stay in waiting, begins another, or goes on with the same.
    fn hold(
        &mut self,
        names: &Names<'_>,
        to: &Enter,
        was_state: &str,
        at: Utc,
        extra: &mut Vec<Change>,
    ) {
        let waits = to.waits.as_ref();
        let reason = waits.map(|waits| names.hold_code(waits.behaviour));
        let present = self.present_hold().map(|hold| hold.reason.clone());
        if reason == present {
            return;
        }
        let code = |reason: &Option<String>| match reason {
            Some(code) => Value::Code(code.clone(), names.hold_label(code)),
            None => Value::Nothing,
        };
        let change = Change::new("hold_reason", code(&present), code(&reason));
        extra.push(change);
        let is_open = |word: &str| {
            let state = self.practice.state(word);
            state.is_some_and(|state| state.group == Group::Open)
        };
        let mut state_before = if is_open(was_state) {
            was_state.to_owned()
        } else {
            self.practice.first.to_owned()
        };
        if let Some(hold) = self.holds.last_mut().filter(|hold| hold.ended_at.is_none()) {
            hold.ended_at = Some(at);
            state_before.clone_from(&hold.state_before);
        }
        let (Some(reason), Some(waits)) = (reason, waits) else {
            return;
        };
        if state_before != was_state || self.head.count == 0 {
            let word = Value::word(state_before.clone());
            extra.push(Change::set("hold_state_before", word));
        }
        if !waits.supplier.is_empty() {
            extra.push(Change::set("hold_supplier", Value::text(&waits.supplier)));
        }
        self.holds.push(Hold {
            id: Id::new(),
            record_id: self.record.id,
            reason,
            behaviour: waits.behaviour.to_owned(),
            supplier: waits.supplier.clone(),
            supplier_case: String::new(),
            for_record_id: None,
            resume_at: Utc::FAR,
            state_before,
            started_at: at,
            ended_at: None,
            supplier_id: None,
            because_id: None,
            flows_down: false,
        });
    }

    /// The stay in waiting it is in.
    fn present_hold(&self) -> Option<&Hold> {
        self.holds.last().filter(|hold| hold.ended_at.is_none())
    }

    fn reopen(&mut self, w: &mut Write<'_>, at: Utc) -> Result<()> {
        self.is_resolved = false;
        for past in &mut self.resolutions {
            past.superseded_at.get_or_insert(at);
        }
        match self.before {
            Some(_) => store::supersede_resolution(w, self.record.id, at),
            None => Ok(()),
        }
    }

    /// Keeps how it ended, where the source says.
    fn end(
        &mut self,
        w: &mut Write<'_>,
        ctx: &Ctx,
        names: &mut Names<'_>,
        to: &Enter,
        at: Utc,
        extra: &mut Vec<Change>,
    ) -> Result<()> {
        let Some(ended) = &to.ended else {
            return Ok(());
        };
        let by = ended.by.as_ref();
        let by = by.map(|who| names.person(w, ctx, who)).transpose()?;
        let (code_field, text_field) = match ended.list {
            CodeList::Cancellation => ("cancellation_code", "cancellation_text"),
            _ => ("resolution_code", "resolution_text"),
        };
        let code = Value::Code(ended.code.clone(), ended.code.clone());
        extra.push(Change::set(code_field, code));
        if !ended.text.is_empty() {
            extra.push(Change::set(text_field, Value::text(&ended.text)));
        }
        if let (Some(id), Some(who)) = (by, &ended.by) {
            let who = Value::Ref(id.uuid(), who.name.clone());
            extra.push(Change::set("resolved_by", who));
        }
        self.is_resolved = true;
        self.resolutions.push(Resolution {
            id: Id::new(),
            record_id: self.record.id,
            list: ended.list.word().to_owned(),
            code: ended.code.clone(),
            code_label: ended.code.clone(),
            text: ended.text.clone(),
            by_id: by,
            team_id: self.record.team_id,
            at,
            superseded_at: None,
        });
        Ok(())
    }

    /// A source that gives no priority leaves it to the matrix.
    fn prioritise(&mut self, names: &Names<'_>) {
        if self.record.priority_source == PrioritySource::Matrix {
            let (impact, urgency) = (self.record.impact, self.record.urgency);
            self.record.priority = names.priority(impact, urgency);
        }
    }

    /// Ends the stored hold, where it ended, and gives back what is to be written.
    pub fn finish(mut self, w: &mut Write<'_>) -> Result<Played> {
        self.record.facts = self.head.count;
        self.record.facts_head = self.head.hash;
        if self.first_is_stored {
            let stored = self.holds.remove(0);
            if let Some(at) = stored.ended_at {
                store::end_hold(w, stored.id, at)?;
            }
        }
        Ok(Played {
            before: self.before,
            record: self.record,
            holds: self.holds,
            resolutions: self.resolutions,
        })
    }
}

/// What an event is called: by where it led, else by who has it now, else an edit.
fn name_of(was: &Record, is: &Record, held_anew: bool) -> &'static str {
    if was.state != is.state || held_anew {
        return match (was.state_group, is.state_group, is.state.as_str()) {
            (_, _, "cancelled") => "cancelled",
            (_, _, "rejected") => "rejected",
            (_, _, "closed") => "closed",
            (_, Group::Done, _) => "resolved",
            (Group::Done, _, _) => "reopened",
            (_, _, "waiting") => "held",
            (Group::Waiting, _, _) if was.state == "waiting" => "resumed",
            _ => "advanced",
        };
    }
    if (was.team_id, was.assignee_id) != (is.team_id, is.assignee_id) {
        return "assigned";
    }
    "edited"
}

fn blank(practice: &Practice, number: i64, now: Utc, names: &Names<'_>) -> Result<Record> {
    let mut record = Record {
        id: Id::new(),
        kind: practice.kind,
        number,
        title: String::new(),
        requester_id: None,
        service_id: None,
        category_id: None,
        team_id: None,
        assignee_id: None,
        channel: Channel::Portal,
        impact: names.least(Scale::Impact),
        urgency: names.least(Scale::Urgency),
        priority: names.least(Scale::Priority),
        priority_source: PrioritySource::Matrix,
        priority_reason: String::new(),
        state: String::new(),
        state_group: Group::Open,
        is_open: true,
        created_at: now,
        reported_at: now,
        updated_at: now,
        next_due_at: Utc::FAR,
        next_risk_at: Utc::FAR,
        clock_state: ClockState::None,
        resolved_at: None,
        closed_at: None,
        reassignments: 0,
        reopens: 0,
        version: 1,
        facts: 0,
        facts_head: Vec::new(),
        description: String::new(),
        item_id: None,
        location_id: None,
        parent_id: None,
        children: 0,
        open_children: 0,
        kind_changes: 0,
        is_major: false,
        has_instants: false,
        is_restricted: false,
        owner_team_id: None,
        handoffs: 0,
        entered_at: now,
        virtual_deadline: Utc::FAR,
        paused_since: None,
    };
    enter(&mut record, practice, practice.first)?;
    Ok(record)
}
