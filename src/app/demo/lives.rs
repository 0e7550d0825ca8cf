//! How a record comes to where it stands: for each kind, the ways through its life cycle.

use time::Duration;

use super::cast::{Cast, TEAMS};
use super::chance::Chance;
use super::plan::{CLOSES_AFTER, DESK, Due, Logged, MANAGER, Step, Wait, at_work};
use super::stories::{HANDOFFS, NOTES, REPLIES, RETURNS, Story};
use crate::platform::db::Utc;
use crate::records::{Channel, Kind};

/// Where a record is to stand today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// As it was logged.
    Fresh,
    /// In the middle of its way.
    Open,
    Resolved,
    /// Closed, cancelled, rejected.
    Ended,
}

/// How many records of a kind come where. Each target of [`Life::steps`] is taken in turn, so every
/// state of every practice is reached several times.
pub fn targets(kind: Kind) -> Vec<(Target, usize)> {
    let [fresh, open, resolved, ended] = match kind {
        Kind::Incident => [16, 72, 24, 108],
        Kind::Request => [8, 28, 9, 40],
        Kind::Problem => [3, 14, 2, 6],
        Kind::Change => [4, 16, 0, 13],
        Kind::Postmortem | Kind::Action => [0; 4],
    };
    vec![
        (Target::Fresh, fresh),
        (Target::Open, open),
        (Target::Resolved, resolved),
        (Target::Ended, ended),
    ]
}

/// One record's way.
pub struct Life<'a> {
    pub now: Utc,
    pub record: usize,
    pub team: usize,
    pub begins: Utc,
    pub ends: Utc,
    pub story: &'a Story,
    pub agent: usize,
    pub logger: usize,
}

impl Life<'_> {
    /// Everything that happens to it.
    pub fn steps(&self, chance: &mut Chance, kind: Kind, target: Target) -> Vec<Due> {
        let at_once =
            kind == Kind::Incident && target == Target::Ended && self.story.category == "Password";
        let mut out = vec![self.due(self.begins, self.logger, self.logged(chance, at_once))];
        if at_once {
            let at = self.begins.plus(Duration::seconds(1));
            out.push(self.due(at, self.logger, Step::Resolve));
            out.push(self.due(at, self.logger, Step::FirstContact));
            self.close(chance, at, &mut out);
            return out;
        }
        let way = match kind {
            Kind::Incident => self.incident(chance, target),
            Kind::Request => self.request(chance, target),
            Kind::Problem => self.problem(chance, target),
            Kind::Change => self.change(chance, target),
            Kind::Postmortem | Kind::Action => Vec::new(),
        };
        let is_last = |place: usize| place + 1 == way.len();
        let total = way.len() as i32 + 1;
        let whole = self.ends.micros() - self.begins.micros();
        let mut before = self.begins;
        for (place, (by, step)) in way.iter().enumerate() {
            let part = whole / i64::from(total) * (place as i64 + 1);
            let planned = Utc::from_micros(self.begins.micros() + part);
            let mut at = if is_last(place) {
                self.ends
            } else if whole > 86_400_000_000 {
                at_work(chance, planned, self.ends)
            } else {
                planned
            };
            at = at.max(before.plus(Duration::seconds(chance.between(40, 200))));
            before = at;
            if let (Step::ResumeByItself, Some(held)) = (step, out.last_mut()) {
                held.step = Step::Hold(Wait::Appointment(at));
            }
            out.push(self.due(at, *by, step.clone()));
        }
        self.errands(kind, target, &mut out);
        if matches!(way.last(), Some((_, Step::Resolve))) && target == Target::Ended {
            self.close(chance, before, &mut out);
        }
        out
    }

    pub fn due(&self, at: Utc, by: usize, step: Step) -> Due {
        Due {
            at,
            record: self.record,
            by,
            step,
        }
    }

    fn logged(&self, chance: &mut Chance, at_once: bool) -> Step {
        let channels = [
            Channel::Phone,
            Channel::Phone,
            Channel::Phone,
            Channel::Mail,
            Channel::Mail,
            Channel::Portal,
            Channel::Portal,
            Channel::Chat,
            Channel::WalkUp,
        ];
        let monitored = self.story.is_monitored();
        let channel = match (monitored, at_once) {
            (true, _) => Channel::Monitoring,
            (_, true) => Channel::Phone,
            _ => *chance.pick(&channels).unwrap_or(&Channel::Phone),
        };
        Step::Log(Box::new(Logged {
            caller: (!monitored).then(|| chance.below(60)),
            channel,
            late: match channel {
                Channel::Mail | Channel::Portal => chance.between(5, 140),
                _ => 0,
            },
            kept: at_once,
            file: chance.percent(9).then(|| chance.below(4)),
        }))
    }

    fn reply(&self, chance: &mut Chance) -> (usize, Step) {
        let text = chance.pick(&REPLIES).copied().unwrap_or_default();
        let file = chance.percent(6).then(|| chance.below(4));
        (self.agent, Step::Reply(text.to_owned(), file))
    }

    fn note(&self, chance: &mut Chance) -> (usize, Step) {
        let own = !self.story.note.is_empty() && chance.percent(60);
        let text = if own {
            self.story.note.as_str()
        } else {
            chance.pick(&NOTES).copied().unwrap_or_default()
        };
        let file = chance.percent(7).then(|| chance.below(4));
        (self.agent, Step::Note(text.to_owned(), file))
    }

    /// Some words on the way.
    fn words(&self, chance: &mut Chance, most: usize, way: &mut Vec<(usize, Step)>) {
        for _ in 0..chance.below(most + 1) {
            let said = if chance.percent(50) {
                self.reply(chance)
            } else {
                self.note(chance)
            };
            way.push(said);
        }
    }

    /// A stay in waiting that is over.
    fn pause(&self, chance: &mut Chance, way: &mut Vec<(usize, Step)>) {
        let wait = match chance.below(6) {
            0 | 1 => Wait::Requester,
            2 => Wait::Supplier,
            3 => Wait::Change,
            4 => Wait::Problem,
            // Until when is known once the steps have their times.
            _ => Wait::Appointment(Utc::FAR),
        };
        way.push((self.agent, Step::Hold(wait)));
        if matches!(wait, Wait::Appointment(_)) {
            way.push((self.agent, Step::ResumeByItself));
            return;
        }
        if wait == Wait::Requester {
            let text = "Called back by the requester, answer is in.".to_owned();
            way.push((self.agent, Step::Note(text, None)));
        }
        way.push((self.agent, Step::Resume));
    }

    /// A stay in waiting that goes on: each reason in turn.
    fn waits(&self, chance: &mut Chance) -> (usize, Step) {
        let date = self.now.plus(Duration::minutes(chance.between(600, 8_000)));
        let wait = match self.record % 6 {
            0 => Wait::Requester,
            1 => Wait::Appointment(date),
            2 => Wait::Supplier,
            3 => Wait::Change,
            4 => Wait::Problem,
            _ => Wait::Other,
        };
        (self.agent, Step::Hold(wait))
    }

    fn incident(&self, chance: &mut Chance, target: Target) -> Vec<(usize, Step)> {
        let mut way = Vec::new();
        if target == Target::Fresh {
            return way;
        }
        let turn = chance.below(10);
        if target == Target::Ended && turn == 0 {
            let code = ["duplicate", "withdrawn", "raised_in_error", "reclassified"];
            let code = code.get(self.record % 4).copied().unwrap_or("withdrawn");
            way.push((self.logger, Step::Cancel(code)));
            return way;
        }
        if chance.percent(18) {
            // It came to the wrong team first.
            let wrong = (self.team + 1 + chance.below(6)) % 8;
            way.push((self.logger, Step::Pass(wrong)));
            let words = (
                "Looked at it: nothing of it is ours.",
                "Please take it over.",
            );
            way.push((self.logger, Step::HandOff(self.team, words)));
        }
        way.push((self.agent, Step::Take));
        if target == Target::Open && self.record % 9 < 2 {
            return way;
        }
        way.push((self.agent, Step::Advance("in_progress")));
        self.words(chance, 3, &mut way);
        if chance.percent(30) {
            self.pause(chance, &mut way);
        }
        if target == Target::Open {
            if self.record % 9 > 5 {
                way.push(self.waits(chance));
                return way;
            }
            if self.record % 9 == 5 {
                way.push((self.agent, Step::Resolve));
                way.push((self.logger, Step::Reopen));
            }
            self.hand_on(&mut way);
            self.words(chance, 2, &mut way);
            return way;
        }
        if target == Target::Ended && chance.percent(8) {
            way.push((self.agent, Step::Resolve));
            way.push((self.logger, Step::Reopen));
            way.push(self.reply(chance));
        }
        way.push((self.agent, Step::Resolve));
        way
    }

    /// Every ninth is handed to the next team; every ninth goes there three times, and comes back in
    /// between.
    fn hand_on(&self, way: &mut Vec<(usize, Step)>) {
        let next = (self.team + 1) % TEAMS.len();
        let Some(there) = Cast::members(next).first().copied() else {
            return;
        };
        let hand_offs = match self.record % 9 {
            2 => 1,
            4 => 3,
            _ => return,
        };
        for turn in 0..hand_offs {
            if turn > 0 {
                let why = RETURNS.get(turn % RETURNS.len()).copied();
                way.push((there, Step::SendBack(why.unwrap_or_default())));
            }
            let words = HANDOFFS.get((self.record + turn) % HANDOFFS.len()).copied();
            let by = if turn == 0 { self.agent } else { self.logger };
            way.push((by, Step::HandOff(next, words.unwrap_or_default())));
        }
    }

    fn request(&self, chance: &mut Chance, target: Target) -> Vec<(usize, Step)> {
        let mut way = Vec::new();
        if target == Target::Fresh {
            return way;
        }
        let asks = !self.record.is_multiple_of(3);
        if asks {
            way.push((self.logger, Step::Advance("awaiting_approval")));
            if target == Target::Open && self.record.is_multiple_of(2) {
                return way;
            }
            if target == Target::Ended && chance.percent(16) {
                way.push((MANAGER, Step::Reject));
                return way;
            }
        }
        if target == Target::Ended && chance.percent(12) {
            way.push((self.logger, Step::Cancel("withdrawn")));
            return way;
        }
        let by = if asks { MANAGER } else { self.logger };
        way.push((by, Step::Advance("in_fulfilment")));
        way.push((self.agent, Step::Take));
        self.words(chance, 2, &mut way);
        if target == Target::Open {
            if self.record % 5 < 2 {
                way.push(self.waits(chance));
            }
            return way;
        }
        if chance.percent(25) {
            self.pause(chance, &mut way);
        }
        way.push((self.agent, Step::Resolve));
        way
    }

    fn problem(&self, chance: &mut Chance, target: Target) -> Vec<(usize, Step)> {
        let mut way = Vec::new();
        if target == Target::Fresh {
            return way;
        }
        way.push((self.agent, Step::Take));
        way.push((self.agent, Step::Advance("under_investigation")));
        way.push(self.note(chance));
        if target == Target::Ended && self.record.is_multiple_of(4) {
            way.push((self.agent, Step::Cancel("raised_in_error")));
            return way;
        }
        let further = ["fix_planned", "fix_in_progress", "verifying"];
        let so_far = if target == Target::Open {
            self.record % 4
        } else {
            further.len()
        };
        for state in further.iter().take(so_far) {
            way.push((self.agent, Step::Advance(state)));
            self.words(chance, 1, &mut way);
        }
        if target != Target::Open {
            way.push((self.agent, Step::Resolve));
        }
        way
    }

    /// Some are planned and assessed. What comes after needs other people's word.
    fn change(&self, chance: &mut Chance, target: Target) -> Vec<(usize, Step)> {
        let mut way = Vec::new();
        if target == Target::Fresh {
            return way;
        }
        way.push((self.agent, Step::Take));
        if target == Target::Ended || !self.record.is_multiple_of(3) {
            way.push((MANAGER, Step::Assess));
            way.push(self.note(chance));
        }
        if target == Target::Ended {
            way.push((self.agent, Step::Cancel("withdrawn")));
        }
        way
    }

    /// Resolved becomes closed: confirmed by the requester, or by itself when the days are over.
    fn close(&self, chance: &mut Chance, resolved: Utc, out: &mut Vec<Due>) {
        if chance.percent(35) {
            let at = resolved.plus(Duration::minutes(chance.between(30, 2_800)));
            let by = *chance.pick(&DESK).unwrap_or(&0);
            out.push(self.due(at, by, Step::Close));
        } else {
            let at = resolved.plus(Duration::days(CLOSES_AFTER));
            out.push(self.due(at, self.agent, Step::CloseByItself));
        }
    }
}
