//! A round as its page shows it.

use std::collections::HashMap;

use uuid::Uuid;

use crate::approvals::model::{EventRow, Happening, Round};
use crate::approvals::rules::{Cast, Choice, Decision, Phase, Standing};
use crate::approvals::terms::Part;
use crate::people::{Shell, When, initials};
use crate::platform::db::{Id, Utc};

/// A round with its stages.
pub struct RoundView {
    pub heading: String,
    pub opened: When,
    pub decision: Option<DecisionView>,
    pub suspended: Option<(When, String)>,
    pub stages: Vec<StageView>,
}

pub struct DecisionView {
    pub lamp: &'static str,
    /// Key of its word.
    pub word: &'static str,
    pub when: When,
}

pub struct StageView {
    /// `done`, `now` or nothing.
    pub class: &'static str,
    pub place: usize,
    pub name: String,
    pub rule: String,
    /// How many said yes so far, of a stage that was asked.
    pub yes: Option<String>,
    pub due: Option<When>,
    pub seats: Vec<SeatView>,
    /// A meeting that decided it.
    pub meeting: Option<MetView>,
    pub carried: Option<i32>,
    pub outcome: Option<&'static str>,
}

pub struct MetView {
    pub chair: String,
    pub when: Option<When>,
    pub present: Vec<String>,
    pub text: String,
    pub word: &'static str,
}

pub struct SeatView {
    pub name: String,
    pub initials: String,
    pub me: bool,
    pub mandatory: bool,
    pub veto: bool,
    /// `y`, `x`, `w`.
    pub class: &'static str,
    pub icon: &'static str,
    /// Key of what they said; empty where nothing is known of it.
    pub word: &'static str,
    pub said: Option<SaidView>,
}

pub struct SaidView {
    pub text: String,
    pub when: When,
    /// Who said it, where somebody stood in.
    pub by: Option<String>,
}

/// What was asked and answered.
pub struct TalkView {
    pub name: String,
    pub text: String,
    pub when: When,
    /// Key: question, answer, contest.
    pub what: &'static str,
}

/// What a page knows to draw rounds with.
pub struct Drawing<'a> {
    pub shell: &'a Shell,
    pub me: Uuid,
    pub names: &'a HashMap<Uuid, String>,
    pub present: &'a [(Id<Round>, i32, Id<crate::people::Person>)],
    /// The rounds before, in which what is carried was said.
    pub earlier: &'a [Round],
    pub now: Utc,
}

/// Why a seat from which nothing was said says nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Silence {
    /// It is asked now.
    Asked,
    /// Others have to say yes first.
    Ahead,
    /// Its stage is not asked again.
    Carried,
    /// It ended before its stage was asked.
    Never,
    Over,
}

pub const fn decision_key(decision: Decision) -> &'static str {
    match decision {
        Decision::Approved => "approval-approved",
        Decision::Rejected => "approval-rejected",
        Decision::Returned => "approval-returned",
        Decision::NotDecidedInTime => "approval-late",
        Decision::Undecided => "approval-undecided",
        Decision::Closed => "approval-closed",
    }
}

const fn lamp(decision: Decision) -> &'static str {
    match decision {
        Decision::Approved => "ok",
        Decision::Rejected | Decision::NotDecidedInTime => "breach",
        Decision::Returned | Decision::Undecided => "risk",
        Decision::Closed => "paused",
    }
}

pub const fn part_key(part: Part) -> &'static str {
    match part {
        Part::Scope => "approval-part-scope",
        Part::Items => "approval-part-items",
        Part::Plans => "approval-part-plans",
        Part::Risk => "approval-part-risk",
        Part::Implementer => "approval-part-implementer",
        Part::Window => "approval-part-window",
    }
}

impl Drawing<'_> {
    pub fn name(&self, id: Uuid) -> String {
        self.names.get(&id).cloned().unwrap_or_default()
    }

    pub fn round(&self, round: &Round, standing: &Standing) -> RoundView {
        let shell = self.shell;
        let suspended = standing
            .suspended_at
            .filter(|_| standing.decision.is_none());
        let reason = round
            .events
            .iter()
            .rev()
            .find(|e| e.what == Happening::Suspended);
        let number = round.row.number.to_string();
        let revision = round.row.revision.to_string();
        RoundView {
            heading: shell.t.with2(
                "approval-round",
                "n",
                number.as_str(),
                "revision",
                revision.as_str(),
            ),
            opened: shell.when(round.row.opened_at),
            decision: standing.decision.map(|(decision, at)| DecisionView {
                lamp: lamp(decision),
                word: decision_key(decision),
                when: shell.when(at),
            }),
            suspended: suspended.map(|at| {
                let reason = reason.map_or_else(String::new, |e| e.text.clone());
                (shell.when(at), reason)
            }),
            stages: (0..round.electorate.stages.len())
                .filter_map(|place| self.stage(round, standing, place))
                .collect(),
        }
    }

    fn stage(&self, round: &Round, standing: &Standing, place: usize) -> Option<StageView> {
        let bench = round.electorate.stages.get(place)?;
        let stage = standing.stages.get(place)?;
        let (needed, seats) = (bench.needed.to_string(), bench.seats.len().to_string());
        let rule = self.shell.t.with2(
            "approval-rule",
            "n",
            needed.as_str(),
            "seats",
            seats.as_str(),
        );
        let outcome = match stage.phase {
            Phase::Ended(decision) => Some(decision_key(decision)),
            Phase::Ahead | Phase::Open => None,
        };
        let over = standing.decision.is_some();
        let open = stage.phase == Phase::Open && !over;
        // What is not asked again was said in an earlier round, as it then stood.
        let former = bench.carried.and_then(|n| self.carried_from(n, &bench.key));
        let (of, at) = former.unwrap_or((round, place));
        let met = |e: &&EventRow| e.what == Happening::Met && e.stage == Some(at as i32);
        let meeting = of.events.iter().find(met).map(|event| self.met(event));
        let before = former.map(|(round, at)| (round.standing(self.now), at));
        let casts = before.as_ref().map(|(standing, at)| (standing, *at));
        let casts = casts.and_then(|(standing, at)| standing.stages.get(at));
        let silence = match stage.phase {
            _ if bench.carried.is_some() => Silence::Carried,
            Phase::Ahead if over => Silence::Never,
            Phase::Ahead => Silence::Ahead,
            _ if open => Silence::Asked,
            _ => Silence::Over,
        };
        let seats = casts.unwrap_or(stage).seats.iter().enumerate();
        let seats = seats.map(|(seat, (person, cast))| {
            let weight = bench.seats.get(seat);
            let last = of.events.iter().rev().find(|e| {
                e.what == Happening::Voted
                    && e.stage == Some(at as i32)
                    && e.seat == Some(seat as i32)
            });
            SeatView {
                mandatory: weight.is_some_and(|w| w.mandatory),
                veto: weight.is_some_and(|w| w.veto),
                ..self.seat(*person, *cast, last, silence)
            }
        });
        let seats = seats.collect();
        let counted = bench.carried.is_none() && stage.phase != Phase::Ahead;
        Some(StageView {
            class: match stage.phase {
                Phase::Ended(Decision::Approved) => "done",
                Phase::Open if !over => "now",
                _ => "",
            },
            place: place + 1,
            name: bench.name.clone(),
            rule,
            yes: (counted && meeting.is_none())
                .then(|| self.shell.t.n("approval-yes", i64::from(stage.yes))),
            due: (open && stage.due_at < Utc::FAR).then(|| self.shell.when(stage.due_at)),
            meeting,
            carried: bench.carried,
            outcome,
            seats,
        })
    }

    /// A stage of an earlier round, by its key.
    fn carried_from(&self, number: i32, key: &str) -> Option<(&Round, usize)> {
        let round = self.earlier.iter().find(|r| r.row.number == number)?;
        let stages = &round.electorate.stages;
        let at = stages.iter().position(|bench| bench.key == key)?;
        Some((round, at))
    }

    fn seat(
        &self,
        person: Uuid,
        cast: Cast,
        vote: Option<&EventRow>,
        silence: Silence,
    ) -> SeatView {
        let (class, icon, word) = match (cast, silence) {
            (Cast::Said(Choice::Approve), _) => ("y", "check", "approval-said-approve"),
            (Cast::Said(Choice::Reject), _) => ("x", "x", "approval-said-reject"),
            (Cast::Said(Choice::Return), _) => ("x", "left", "approval-said-return"),
            (Cast::Said(Choice::Abstain), _) => ("w", "dots", "approval-said-abstain"),
            (_, Silence::Carried) => ("w", "dots", ""),
            (Cast::Vacant, _) => ("w", "user", "approval-said-vacant"),
            (Cast::Waiting, Silence::Asked) => ("w", "clock", "approval-said-waiting"),
            (Cast::Waiting, Silence::Ahead) => ("w", "dots", "approval-said-ahead"),
            (Cast::Waiting, Silence::Never) => ("w", "dots", "approval-said-never"),
            (Cast::Waiting, Silence::Over) => ("w", "dots", "approval-said-nothing"),
        };
        let name = self.name(person);
        let said = vote.filter(|_| matches!(cast, Cast::Said(_)));
        SeatView {
            initials: initials(&name),
            name,
            me: person == self.me,
            mandatory: false,
            veto: false,
            class,
            icon,
            word,
            said: said.map(|event| SaidView {
                text: event.text.clone(),
                when: self.shell.when(event.at),
                by: (event.behalf_id.and(event.person_id)).map(|by| self.name(by.uuid())),
            }),
        }
    }

    fn met(&self, event: &EventRow) -> MetView {
        let there = (event.round_id, event.n);
        let present = self.present.iter().filter(|(of, n, _)| (*of, *n) == there);
        MetView {
            chair: event
                .person_id
                .map_or_else(String::new, |id| self.name(id.uuid())),
            when: event.met_at.map(|at| self.shell.when(at)),
            present: present.map(|(_, _, id)| self.name(id.uuid())).collect(),
            text: event.text.clone(),
            word: match event.choice {
                Some(Choice::Approve) => "approval-said-approve",
                Some(Choice::Return) => "approval-said-return",
                _ => "approval-said-reject",
            },
        }
    }

    /// Questions, answers and objections to a meeting's decision, in order.
    pub fn talk(&self, round: &Round) -> Vec<TalkView> {
        let said = round.events.iter().filter_map(|event| {
            let what = match event.what {
                Happening::Asked => "approval-question",
                Happening::Answered => "approval-answer",
                Happening::Contested => "approval-contest-said",
                _ => return None,
            };
            Some(TalkView {
                name: event
                    .person_id
                    .map_or_else(String::new, |id| self.name(id.uuid())),
                text: event.text.clone(),
                when: self.shell.when(event.at),
                what,
            })
        });
        said.collect()
    }
}
