//! What stands: one pure function over everything that was said, in the order it was said.
//!
//! The decision falls as early as it is certain and is final: what comes later is not counted. A yes
//! is only ever a vote for it; abstaining, silence and time never are.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::electorate::{Bench, Electorate, Seat};
use crate::platform::db::Utc;

const HOUR: i64 = 3_600_000_000;

crate::text_enum! {
    /// What somebody on a seat says.
    #[derive(Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum Choice {
        Approve = "approve",
        Reject = "reject",
        /// Not like this: it goes back to be reworked.
        Return = "return",
        Abstain = "abstain",
    }
}

crate::text_enum! {
    /// How a round ended.
    #[derive(Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum Decision {
        Approved = "approved",
        Rejected = "rejected",
        Returned = "returned",
        NotDecidedInTime = "not_decided_in_time",
        /// The rule can no longer be met, and nobody said no.
        Undecided = "undecided",
        /// What it was about is over.
        Closed = "closed",
    }
}

/// How a stage ended.
pub type Outcome = Decision;

/// What happened in a round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    Voted {
        stage: usize,
        seat: usize,
        choice: Choice,
    },
    Withdrawn {
        stage: usize,
        seat: usize,
    },
    /// Whoever sat there left; `heir` sits there now.
    Vacated {
        stage: usize,
        seat: usize,
        heir: Option<Uuid>,
    },
    /// The chair decided for a meeting.
    Met {
        stage: usize,
        choice: Choice,
    },
    Suspended,
    Resumed,
    Closed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Event {
    pub at: Utc,
    pub what: What,
}

/// What a seat has come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cast {
    Waiting,
    Said(Choice),
    /// Nobody sits there any more.
    Vacant,
}

/// Where a stage is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Others have to say yes first.
    Ahead,
    Open,
    Ended(Outcome),
}

/// A stage as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StageStanding {
    pub phase: Phase,
    pub opened_at: Option<Utc>,
    pub ended_at: Option<Utc>,
    /// When it ends without a decision; the far future where it never does.
    pub due_at: Utc,
    /// Who sits where now, and what they said.
    pub seats: Vec<(Uuid, Cast)>,
    pub yes: u32,
    pub waiting: u32,
}

/// A round as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub stages: Vec<StageStanding>,
    pub decision: Option<(Decision, Utc)>,
    pub suspended_at: Option<Utc>,
    /// When it ends without a decision if nothing more is said.
    pub due_at: Utc,
}

/// A stage being counted.
#[derive(Debug, Clone, Copy)]
struct Running {
    /// Where its seats begin.
    from: usize,
    yes: u32,
    waiting: u32,
    rejects: u32,
    returns: u32,
    vacant: u32,
    /// Mandatory seats without a yes so far, and those that can no longer give one.
    owed: u32,
    lost: u32,
    /// Seats with a veto that have not spoken.
    veto_waiting: u32,
    vetoed: Option<Choice>,
    /// Mandatory seats that are vacant.
    owed_vacant: u32,
    phase: Phase,
    opened_at: Option<Utc>,
    ended_at: Option<Utc>,
    due_at: Utc,
}

/// A round being counted.
#[derive(Debug, Clone)]
pub struct Tally<'a> {
    electorate: &'a Electorate,
    stages: Vec<Running>,
    /// Every seat of every stage, one after the other.
    seats: Vec<(Uuid, Cast)>,
    decision: Option<(Decision, Utc)>,
    suspended_at: Option<Utc>,
    decide_by: Utc,
    /// How many stages have not been approved.
    missing: usize,
}

/// Counts a round from its opening to `now`. It is not decided later than `decide_by`.
pub fn count(
    electorate: &Electorate,
    opened_at: Utc,
    decide_by: Option<Utc>,
    events: &[Event],
    now: Utc,
) -> Standing {
    let mut tally = Tally::new(electorate, opened_at, decide_by);
    for event in events {
        tally.apply(event);
    }
    tally.pass(now);
    tally.standing()
}

impl<'a> Tally<'a> {
    pub fn new(electorate: &'a Electorate, opened_at: Utc, decide_by: Option<Utc>) -> Self {
        let mut seats = Vec::with_capacity(electorate.stages.iter().map(|s| s.seats.len()).sum());
        let stages = electorate.stages.iter().map(|bench| {
            let from = seats.len();
            seats.extend(bench.seats.iter().map(|s| (s.person, Cast::Waiting)));
            Running::new(bench, from, opened_at)
        });
        let stages: Vec<Running> = stages.collect();
        let missing = electorate.stages.iter().filter(|s| s.carried.is_none());
        let mut tally = Self {
            missing: missing.count(),
            electorate,
            stages,
            seats,
            decision: None,
            suspended_at: None,
            decide_by: decide_by.unwrap_or(Utc::FAR),
        };
        tally.open_next(opened_at);
        if tally.missing == 0 {
            tally.decision = Some((Decision::Approved, opened_at));
        }
        tally
    }

    /// Whether and how the round ended.
    pub fn decision(&self) -> Option<(Decision, Utc)> {
        self.decision
    }

    pub fn apply(&mut self, event: &Event) {
        self.pass(event.at);
        if self.decision.is_some() {
            return;
        }
        let at = event.at;
        match event.what {
            What::Voted {
                stage,
                seat,
                choice,
            } => self.voted(stage, seat, choice, at),
            What::Withdrawn { stage, seat } => self.withdrawn(stage, seat),
            What::Vacated { stage, seat, heir } => self.vacated(stage, seat, heir, at),
            What::Met { stage, choice } => self.met(stage, choice, at),
            What::Suspended => {
                self.suspended_at.get_or_insert(at);
            }
            What::Resumed => self.resumed(at),
            What::Closed => self.decision = Some((Decision::Closed, at)),
        }
    }

    /// Time passes: what is not decided when its time is over was not decided in time.
    pub fn pass(&mut self, now: Utc) {
        if self.decision.is_some() {
            return;
        }
        let due = self.due();
        if due <= now {
            self.decision = Some((Decision::NotDecidedInTime, due));
            let late = self.stages.iter_mut().filter(|s| s.due_at <= due);
            for stage in late.filter(|s| s.phase == Phase::Open) {
                stage.phase = Phase::Ended(Decision::NotDecidedInTime);
                stage.ended_at = Some(due);
            }
        }
    }

    /// A suspended round waits; only the window does not.
    fn due(&self) -> Utc {
        if self.suspended_at.is_some() {
            return self.decide_by;
        }
        let open = self.stages.iter().filter(|s| s.phase == Phase::Open);
        open.map(|s| s.due_at).fold(self.decide_by, Utc::min)
    }

    fn voted(&mut self, stage: usize, seat: usize, choice: Choice, at: Utc) {
        if self.suspended_at.is_some() {
            return;
        }
        let Some((run, cast, sits)) = self.open_seat(stage, seat) else {
            return;
        };
        if *cast != Cast::Waiting {
            return;
        }
        *cast = Cast::Said(choice);
        run.said(choice, sits, 1);
        self.look(stage, at);
    }

    fn withdrawn(&mut self, stage: usize, seat: usize) {
        let Some((run, cast, sits)) = self.open_seat(stage, seat) else {
            return;
        };
        if let Cast::Said(choice) = *cast {
            *cast = Cast::Waiting;
            run.said(choice, sits, -1);
        }
    }

    fn vacated(&mut self, stage: usize, seat: usize, heir: Option<Uuid>, at: Utc) {
        let Some(sits) = self.sits(stage, seat) else {
            return;
        };
        let Some(run) = self.stages.get_mut(stage) else {
            return;
        };
        // What was said before counts on.
        let Some((person, cast)) = self.seats.get_mut(run.from + seat) else {
            return;
        };
        if *cast != Cast::Waiting || matches!(run.phase, Phase::Ended(_)) {
            return;
        }
        match heir {
            Some(heir) => *person = heir,
            None => {
                *cast = Cast::Vacant;
                run.emptied(sits);
                self.look(stage, at);
            }
        }
    }

    fn met(&mut self, stage: usize, choice: Choice, at: Utc) {
        let outcome = match choice {
            Choice::Approve => Decision::Approved,
            Choice::Reject => Decision::Rejected,
            Choice::Return => Decision::Returned,
            // A meeting that decides nothing has not decided.
            Choice::Abstain => return,
        };
        let open = self
            .stages
            .get(stage)
            .is_some_and(|s| s.phase == Phase::Open);
        if open && self.suspended_at.is_none() {
            self.end(stage, outcome, at);
        }
    }

    fn resumed(&mut self, at: Utc) {
        let Some(since) = self.suspended_at.take() else {
            return;
        };
        let waited = at.micros() - since.micros();
        for stage in self.stages.iter_mut().filter(|s| s.phase == Phase::Open) {
            if stage.due_at < Utc::FAR {
                stage.due_at = later(stage.due_at, waited);
            }
        }
    }

    fn sits(&self, stage: usize, seat: usize) -> Option<Seat> {
        self.electorate.stages.get(stage)?.seats.get(seat).copied()
    }

    /// A seat of a stage that is being asked.
    fn open_seat(&mut self, stage: usize, seat: usize) -> Option<(&mut Running, &mut Cast, Seat)> {
        let sits = self.sits(stage, seat)?;
        let run = self.stages.get_mut(stage)?;
        if run.phase != Phase::Open {
            return None;
        }
        let (_, cast) = self.seats.get_mut(run.from + seat)?;
        Some((run, cast, sits))
    }

    /// Whether a stage has become certain.
    fn look(&mut self, stage: usize, at: Utc) {
        let bench = self.electorate.stages.get(stage);
        if let (Some(run), Some(bench)) = (self.stages.get(stage), bench)
            && let Some(outcome) = run.certain(bench.needed)
        {
            self.end(stage, outcome, at);
        }
    }

    fn end(&mut self, stage: usize, outcome: Outcome, at: Utc) {
        if let Some(run) = self.stages.get_mut(stage) {
            run.phase = Phase::Ended(outcome);
            run.ended_at = Some(at);
        }
        if outcome != Decision::Approved {
            self.decision = Some((outcome, at));
            return;
        }
        self.missing -= 1;
        if self.missing == 0 {
            self.decision = Some((Decision::Approved, at));
        } else {
            self.open_next(at);
        }
    }

    /// Asks every stage that waits for nothing any more.
    fn open_next(&mut self, at: Utc) {
        let passed = self.passed();
        for (place, bench) in self.electorate.stages.iter().enumerate() {
            let approved = |place: &usize| passed.get(*place).copied().unwrap_or(false);
            if !bench.after.iter().all(approved) {
                continue;
            }
            if let Some(run) = self.stages.get_mut(place)
                && run.phase == Phase::Ahead
            {
                run.phase = Phase::Open;
                run.opened_at = Some(at);
                let hours = bench.deadline.map(|h| i64::from(h) * HOUR);
                run.due_at = hours.map_or(Utc::FAR, |hours| later(at, hours));
            }
        }
    }

    /// Which stages nobody waits for any more: approved and, where that was carried, everything before
    /// them too. What is not asked again lets nobody pass it by.
    fn passed(&self) -> Vec<bool> {
        let approved = |s: &Running| s.phase == Phase::Ended(Decision::Approved);
        let mut passed: Vec<bool> = self.stages.iter().map(approved).collect();
        for _ in 0..passed.len() {
            let mut same = true;
            for (place, bench) in self.electorate.stages.iter().enumerate() {
                let before = |n: &usize| passed.get(*n).copied().unwrap_or(false);
                let waits = bench.carried.is_some() && !bench.after.iter().all(before);
                if let Some(one) = passed.get_mut(place).filter(|one| waits && **one) {
                    *one = false;
                    same = false;
                }
            }
            if same {
                break;
            }
        }
        passed
    }

    pub fn standing(&self) -> Standing {
        let stages = self.stages.iter().zip(&self.electorate.stages);
        let stages = stages.map(|(run, bench)| {
            let seats = self.seats.iter().skip(run.from).take(bench.seats.len());
            StageStanding {
                phase: run.phase,
                opened_at: run.opened_at,
                ended_at: run.ended_at,
                due_at: run.due_at,
                seats: seats.copied().collect(),
                yes: run.yes,
                waiting: run.waiting,
            }
        });
        Standing {
            stages: stages.collect(),
            decision: self.decision,
            suspended_at: self.suspended_at,
            due_at: self.due(),
        }
    }
}

impl Running {
    fn new(bench: &Bench, from: usize, opened_at: Utc) -> Self {
        let with = |what: fn(&Seat) -> bool| bench.seats.iter().filter(|s| what(s)).count() as u32;
        let carried = bench.carried.is_some();
        Self {
            from,
            yes: 0,
            waiting: bench.seats.len() as u32,
            rejects: 0,
            returns: 0,
            vacant: 0,
            owed: with(|s| s.mandatory),
            lost: 0,
            veto_waiting: with(|s| s.veto),
            vetoed: None,
            owed_vacant: 0,
            phase: if carried {
                Phase::Ended(Decision::Approved)
            } else {
                Phase::Ahead
            },
            opened_at: carried.then_some(opened_at),
            ended_at: carried.then_some(opened_at),
            due_at: Utc::FAR,
        }
    }

    /// A vote is given (`by` 1) or withdrawn (-1).
    fn said(&mut self, choice: Choice, seat: Seat, by: i32) {
        let step = |n: &mut u32, by: i32| *n = n.saturating_add_signed(by);
        step(&mut self.waiting, -by);
        if seat.veto {
            step(&mut self.veto_waiting, -by);
        }
        match choice {
            Choice::Approve => {
                step(&mut self.yes, by);
                if seat.mandatory {
                    step(&mut self.owed, -by);
                }
                return;
            }
            Choice::Reject => step(&mut self.rejects, by),
            Choice::Return => step(&mut self.returns, by),
            Choice::Abstain => {}
        }
        if seat.mandatory {
            step(&mut self.lost, by);
        }
        if seat.veto && choice != Choice::Abstain {
            self.vetoed = (by > 0).then_some(choice);
        }
    }

    fn emptied(&mut self, seat: Seat) {
        self.waiting = self.waiting.saturating_sub(1);
        self.vacant += 1;
        if seat.mandatory {
            self.lost += 1;
            self.owed_vacant += 1;
        }
        if seat.veto {
            self.veto_waiting = self.veto_waiting.saturating_sub(1);
        }
    }

    /// How it ends, if nothing that can still be said would change whether it is approved.
    fn certain(&self, needed: u32) -> Option<Outcome> {
        if let Some(choice) = self.vetoed {
            return Some(if choice == Choice::Return {
                Decision::Returned
            } else {
                Decision::Rejected
            });
        }
        if self.yes >= needed && self.owed == 0 && self.veto_waiting == 0 {
            return Some(Decision::Approved);
        }
        if self.lost == 0 && self.yes + self.waiting >= needed {
            return None;
        }
        // It cannot be approved any more. Whether because of what was said, or only because nobody
        // sits where a yes could still have come from?
        let said_so =
            self.lost > self.owed_vacant || self.yes + self.waiting + self.vacant < needed;
        Some(match (self.rejects, self.returns) {
            _ if !said_so => Decision::Undecided,
            (0, 0) => Decision::Undecided,
            (0, _) => Decision::Returned,
            _ => Decision::Rejected,
        })
    }
}

fn later(at: Utc, micros: i64) -> Utc {
    at.micros()
        .checked_add(micros)
        .map_or(Utc::FAR, |at| Utc::from_micros(at).min(Utc::FAR))
}
