//! A record's life, walked minute by minute.
//!
//! Nothing is computed that could be counted: how much time has passed is the number of minutes that
//! counted, when something was due is the first minute by which there were enough of them.

use super::sums::Added;
use super::wall::Wall;
use crate::service_levels::terms::{PriorityChange, Reopening, Span, Target};

/// A version of an agreement, with what tells it apart. Times are in seconds.
#[derive(Debug, Clone)]
pub struct Version {
    pub agreement: usize,
    pub number: usize,
    pub from: i64,
    pub kind: usize,
    /// Any, where there is none.
    pub priority: Option<i32>,
    pub target: Target,
    pub span: Span,
    pub calendar: usize,
    pub pauses: Vec<String>,
    pub never_pauses_major: bool,
    pub reopening: Reopening,
    pub change: PriorityChange,
    pub closes: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Fact {
    Priority(i32),
    Kind(usize),
    Major(bool),
    Hold(&'static str),
    Team(Option<u8>),
    HoldEnded,
    Contact,
    Reply,
    Resolved,
    Reopened,
    Closed,
    Cancelled,
    Nothing,
}

/// A calendar's versions: from when each counts.
pub type Walls = Vec<(i64, Wall)>;

pub struct World {
    pub tick: i64,
    pub calendars: Vec<Walls>,
    pub versions: Vec<Version>,
    pub start: i64,
    pub priority: i32,
    pub conversation: bool,
    pub facts: Vec<(i64, Fact)>,
    pub now: i64,
}

/// What is compared with a clock of the engine.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    pub cycle: i32,
    pub part: i32,
    pub version: (usize, usize),
    pub phase: &'static str,
    pub outcome: &'static str,
    pub outcome_at: Option<i64>,
    pub started: i64,
    /// `None`: not while it is paused, or not within the time that is walked.
    pub due: Option<i64>,
    pub stopped: Option<i64>,
    pub breached: Option<i64>,
    pub elapsed: i64,
    pub paused: i64,
    pub superseded: bool,
    pub kind: usize,
    /// `None` until all facts of the outcome's instant are known.
    pub priority: Option<i32>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum How {
    Counts,
    Paused,
    Open(&'static str, bool),
    Off,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Life {
    Open,
    Resolved,
    Closed(bool),
    Cancelled,
}

#[derive(Clone)]
pub struct Run<'a> {
    pub cycle: i32,
    pub part: i32,
    pub kind: usize,
    /// One for each tick since the record was reported, or since the cycle began.
    pub how: Vec<How>,
    pub start: i64,
    pub anchor: i64,
    pub since: i64,
    pub terms: Option<&'a Version>,
    pub breached: Option<i64>,
    pub lapsed: Option<i64>,
    /// When it stood still, whether it stopped, and the priority then.
    pub halted: Option<(i64, bool, i32)>,
    /// The last fact or change of terms.
    pub last: i64,
    /// What was added up so far under these terms.
    pub added: Option<Added>,
}

pub struct Oracle<'a> {
    pub world: &'a World,
    pub target: Target,
    pub life: Life,
    pub priority: i32,
    pub kind: usize,
    pub major: bool,
    pub hold: Option<&'static str>,
    /// Counts holds, so that one that went on can be told from a new one.
    pub hold_number: u32,
    pub team: Option<u8>,
    pub answered: bool,
    pub with: Option<u32>,
    pub cycle: i32,
    pub run: Option<Run<'a>>,
    pub rows: Vec<Row>,
    /// Priority from an instant on.
    pub priorities: Vec<(i64, i32)>,
}

pub fn rows(world: &World, target: Target) -> Vec<Row> {
    let mut oracle = Oracle {
        world,
        target,
        life: Life::Open,
        priority: world.priority,
        kind: 0,
        major: false,
        hold: None,
        hold_number: 0,
        team: None,
        answered: world.conversation,
        with: None,
        cycle: 0,
        run: None,
        rows: Vec::new(),
        priorities: vec![(world.start, world.priority)],
    };
    oracle.walk();
    for row in oracle.rows.iter_mut().filter(|r| r.priority.is_none()) {
        let at = row.outcome_at.unwrap();
        let known = oracle.priorities.iter().rev().find(|(from, _)| *from <= at);
        row.priority = known.map(|(_, priority)| *priority);
    }
    oracle.rows
}

impl<'a> Oracle<'a> {
    fn walk(&mut self) {
        let mut at = self.world.start;
        match self.target {
            Target::FirstResponse | Target::Resolution => self.begin(at),
            Target::NextUpdate if self.world.conversation => self.begin(at),
            _ => {}
        }
        if self.world.conversation && self.target == Target::FirstResponse {
            self.halt(at, true);
        }
        let mut facts = self.world.facts.iter().peekable();
        loop {
            self.notice_breach(at);
            let mut nothing = true;
            while let Some((_, fact)) = facts.next_if(|(when, _)| *when == at) {
                self.take(at, fact);
                nothing = false;
            }
            if nothing && self.world.versions.iter().any(|v| v.from == at) {
                self.look(at, false);
            }
            if at >= self.world.now {
                break;
            }
            let how = self.how();
            if let Some(run) = &mut self.run {
                run.how.push(how);
            }
            at += self.world.tick;
        }
        self.settle_breach(at);
        self.put_away();
    }

    fn begun(&self, cycle: i32, at: i64) -> Run<'a> {
        Run {
            cycle,
            part: 1,
            kind: self.kind,
            how: Vec::new(),
            start: at,
            anchor: at,
            since: at,
            terms: None,
            breached: None,
            lapsed: None,
            halted: None,
            last: at,
            added: None,
        }
    }

    fn take(&mut self, at: i64, fact: &Fact) {
        let before = (self.life, self.kind, self.priority);
        self.apply(fact);
        self.priorities.push((at, self.priority));
        if let Some(run) = self.run.as_mut().filter(|r| r.halted.is_none()) {
            run.last = at;
        }
        match self.target {
            Target::Ola | Target::Supplier => return self.take_stay(at, before),
            _ if before.1 != self.kind && self.runs() => self.take_kind(at, before.2),
            _ => {}
        }
        let reopened = *fact == Fact::Reopened && before.0 != Life::Open && !self.runs();
        let replied = *fact == Fact::Reply && before.0 == Life::Open;
        if self.target == Target::NextUpdate {
            if reopened && self.answered {
                self.begin(at);
            }
        } else if reopened {
            self.reopen(at);
        }
        self.look(at, before.2 != self.priority && before.1 == self.kind);
        match self.target {
            Target::FirstResponse if replied => self.halt(at, true),
            Target::NextUpdate if replied => {
                self.answered = true;
                self.halt(at, true);
                self.begin(at);
            }
            _ => {}
        }
        self.end(at);
    }

    fn begin(&mut self, at: i64) {
        self.put_away();
        self.cycle += 1;
        self.run = Some(self.begun(self.cycle, at));
        self.look(at, false);
    }

    fn take_kind(&mut self, at: i64, priority: i32) {
        let new = std::mem::replace(&mut self.priority, priority);
        self.halt(at, false);
        self.priority = new;
        self.next_of_other_kind(at);
    }

    /// What the life of the record means for a clock that runs.
    fn end(&mut self, at: i64) {
        let terms = self.run.as_ref().and_then(|r| r.terms);
        let closes = self.target == Target::Resolution && terms.is_some_and(|t| t.closes);
        match self.life {
            Life::Open => {}
            Life::Resolved if closes => {}
            Life::Resolved | Life::Closed(true) => self.halt(at, true),
            Life::Closed(false) => self.halt(at, closes),
            Life::Cancelled => self.halt(at, false),
        }
    }

    /// One clock for as long as the record is with the same team, or on the same hold.
    fn take_stay(&mut self, at: i64, before: (Life, usize, i32)) {
        let open = self.life == Life::Open;
        let next = match self.target {
            Target::Supplier => (self.hold == Some("supplier")).then_some(self.hold_number),
            _ => self.team.map(u32::from),
        };
        let next = next.filter(|_| open);
        if self.with == next {
            if next.is_some() && before.1 != self.kind {
                self.take_kind(at, before.2);
            }
            self.look(at, before.2 != self.priority);
            return;
        }
        self.end(at);
        self.halt(at, true);
        self.put_away();
        self.with = next;
        if next.is_some() {
            self.begin(at);
        }
    }

    fn apply(&mut self, fact: &Fact) {
        let over = matches!(self.life, Life::Closed(_) | Life::Cancelled);
        match fact {
            Fact::Priority(priority) => self.priority = *priority,
            Fact::Kind(kind) => self.kind = *kind,
            Fact::Major(major) => self.major = *major,
            Fact::Hold(reason) => {
                if self.hold != Some(*reason) {
                    self.hold_number += 1;
                }
                self.hold = Some(*reason);
            }
            Fact::Team(team) => self.team = *team,
            Fact::HoldEnded => self.hold = None,
            Fact::Contact if self.hold == Some("requester") => self.hold = None,
            Fact::Reopened => (self.life, self.hold) = (Life::Open, None),
            Fact::Resolved if !over => (self.life, self.hold) = (Life::Resolved, None),
            Fact::Closed if !over => {
                let resolved = self.life == Life::Resolved;
                (self.life, self.hold) = (Life::Closed(resolved), None);
            }
            Fact::Cancelled if !over => (self.life, self.hold) = (Life::Cancelled, None),
            _ => {}
        }
    }

    fn runs(&self) -> bool {
        self.run.as_ref().is_some_and(|r| r.halted.is_none())
    }

    fn next_of_other_kind(&mut self, at: i64) {
        let Some(old) = self.run.clone() else { return };
        self.put_away();
        self.cycle = old.cycle + 1;
        let mut run = self.begun(self.cycle, old.start);
        run.how = old.how;
        (run.since, run.last) = (at, at);
        self.run = Some(run);
    }

    fn reopen(&mut self, at: i64) {
        let Some(run) = &mut self.run else { return };
        let (halted, stopped, priority) = run.halted.unwrap();
        let rule = run
            .terms
            .as_ref()
            .map_or(Reopening::ContinueTimeOff, |t| t.reopening);
        if self.target == Target::FirstResponse && stopped {
            return;
        }
        if self.target == Target::Resolution && rule == Reopening::NewCycle {
            self.begin(at);
            return;
        }
        if run.kind != self.kind {
            self.next_of_other_kind(at);
            return;
        }
        if rule == Reopening::ContinueTimeCounts {
            let first = (halted - run.start) / self.world.tick;
            for how in &mut run.how[first as usize..] {
                *how = How::Counts;
            }
        }
        run.halted = None;
        run.added = None;
        run.since = run.since.max(at);
        run.last = at;
        let changed = priority != self.priority;
        self.look(at, changed);
    }

    fn how(&self) -> How {
        let Some(run) = &self.run else {
            return How::Off;
        };
        match (run.terms, self.hold) {
            _ if run.halted.is_some() => How::Off,
            (_, None) => How::Counts,
            (Some(terms), Some(reason)) if run.lapsed.is_none() => {
                match pauses(terms, reason, self.major) {
                    true => How::Paused,
                    false => How::Counts,
                }
            }
            (_, Some(reason)) => How::Open(reason, self.major),
        }
    }

    /// The agreement in force that covers the record and says most about it.
    fn covering(&self, at: i64) -> Option<&'a Version> {
        let in_force = |v: &&Version| {
            let all = self.world.versions.iter();
            let same = all.filter(|o| o.agreement == v.agreement && o.from <= at);
            same.max_by_key(|o| o.from)
                .is_some_and(|o| o.number == v.number)
        };
        let covers = |v: &&Version| {
            v.target == self.target
                && v.kind == self.kind
                && v.priority.is_none_or(|p| p == self.priority)
        };
        let all = self.world.versions.iter().filter(in_force).filter(covers);
        all.max_by_key(|v| v.priority.is_some())
    }

    /// Looks which agreement covers the record from now on.
    fn look(&mut self, at: i64, priority_changed: bool) {
        if !self.runs() {
            return;
        }
        let new = self.covering(at);
        let Some(mut run) = self.run.take() else {
            return;
        };
        let Some(new) = new else {
            if run.terms.is_some() && run.lapsed.is_none() {
                run.lapsed = Some(at);
                run.last = at;
            }
            self.run = Some(run);
            return;
        };
        let old = run.terms.map(|t| (t.agreement, t.number));
        let same = old == Some((new.agreement, new.number));
        if same && run.lapsed.is_none() {
            self.run = Some(run);
            return;
        }
        let mut next = run.clone();
        next.last = at;
        next.lapsed = None;
        next.added = None;
        if !same && priority_changed && new.change == PriorityChange::FromChange {
            next.anchor = at;
        }
        next.terms = Some(new);
        next.since = at;
        if run.breached.is_some() {
            let late = self.due(&next, i64::MAX).is_some_and(|due| due < at);
            if same || late {
                if run.lapsed.take().is_some() {
                    run.last = at;
                }
                self.run = Some(run);
                return;
            }
            let row = self.row(&run, Some(at));
            self.rows.push(row);
            next.part += 1;
            next.breached = None;
        }
        self.run = Some(next);
    }

    /// Before anything happens at an instant: was it late before?
    fn notice_breach(&mut self, at: i64) {
        let Some(run) = &self.run else { return };
        if run.since < at {
            self.settle_breach(at);
        }
    }

    fn settle_breach(&mut self, at: i64) {
        let Some(mut run) = self.run.take() else {
            return;
        };
        let waits = run.breached.is_none() && run.lapsed.is_none() && run.halted.is_none();
        if waits && run.terms.is_some() && self.is_late(&mut run, at) {
            let due = self.due(&run, i64::MAX).unwrap();
            run.breached = Some(due.max(run.since));
        }
        self.run = Some(run);
    }

    fn halt(&mut self, at: i64, stopped: bool) {
        if !self.runs() {
            return;
        }
        self.settle_breach(at);
        let priority = self.priority;
        if let Some(run) = &mut self.run {
            run.halted = Some((at, stopped, priority));
        }
    }

    fn put_away(&mut self) {
        if let Some(run) = self.run.take()
            && run.terms.is_some()
        {
            let row = self.row(&run, None);
            self.rows.push(row);
        }
    }
}

pub fn pauses(terms: &Version, reason: &str, major: bool) -> bool {
    if major && terms.never_pauses_major {
        return false;
    }
    match terms.target {
        Target::Supplier => false,
        Target::NextUpdate => reason == "requester",
        _ => terms.pauses.iter().any(|p| p == reason),
    }
}
