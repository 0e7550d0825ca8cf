//! Who sits on which seat, once those who may not are left out. Frozen when a round opens.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::approvals::terms::{Count, Entry, Policy, Stage, Who};

/// A seat: one human.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seat {
    pub person: Uuid,
    pub mandatory: bool,
    pub veto: bool,
}

/// By whom a stage may be decided as one meeting decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meeting {
    pub board: Uuid,
    pub chair: Uuid,
}

/// A stage with its people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bench {
    pub key: String,
    pub name: String,
    /// Places of the stages it waits for.
    pub after: Vec<usize>,
    /// How many must say yes.
    pub needed: u32,
    pub seats: Vec<Seat>,
    /// Who takes a seat that becomes vacant, in this order.
    pub alternates: Vec<Uuid>,
    pub meeting: Option<Meeting>,
    /// Hours from when it is asked.
    pub deadline: Option<u32>,
    /// Hours before the window.
    pub reminder: Option<u32>,
    pub reauthenticate: bool,
    /// The round in which it was approved on what is still the same.
    pub carried: Option<i32>,
    /// The humans who decided it then: who voted, for whom, who was at the meeting. A yes of somebody
    /// who may no longer decide is worth nothing, also later.
    #[serde(default)]
    pub deciders: Vec<Uuid>,
}

/// Everybody who is asked in a round.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Electorate {
    pub stages: Vec<Bench>,
    /// Humans who never decide on this, whoever asks them to.
    pub excluded: Vec<Uuid>,
}

/// What is known of people when a round opens.
#[derive(Debug, Clone, Default)]
pub struct People {
    /// Whom each entry means.
    pub meant: HashMap<Who, Vec<Uuid>>,
    /// Boards' chairs.
    pub chairs: HashMap<Uuid, Uuid>,
    /// People who left.
    pub disabled: HashSet<Uuid>,
    /// People without the right to approve.
    pub rightless: HashSet<Uuid>,
    /// People for whom the record does not exist.
    pub blind: HashSet<Uuid>,
    /// Requester and implementers.
    pub excluded: Vec<Uuid>,
}

/// Why a seat could not be filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Absence {
    /// Requester or implementer.
    Excluded,
    Left,
    /// They do not have the right to approve.
    NoRight,
    /// The record is restricted and does not name them.
    Blind,
    /// It means nobody.
    Nobody,
}

/// Somebody a stage would have needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    pub who: Who,
    pub person: Option<Uuid>,
    pub why: Absence,
}

/// A stage that could never be met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shortage {
    pub stage: String,
    pub needed: u32,
    pub seats: u32,
    pub missing: Vec<Missing>,
}

/// Fills the seats of a policy, or says by name which stages are short.
pub fn seat(policy: &Policy, people: &People) -> Result<Electorate, Vec<Shortage>> {
    let mut stages = Vec::with_capacity(policy.stages.len());
    let mut short = Vec::new();
    for stage in &policy.stages {
        match bench(policy, stage, people) {
            Ok(bench) => stages.push(bench),
            Err(shortage) => short.push(shortage),
        }
    }
    if short.is_empty() && !stages.is_empty() {
        Ok(Electorate {
            stages,
            excluded: people.excluded.clone(),
        })
    } else {
        Err(short)
    }
}

impl People {
    fn absence(&self, person: &Uuid) -> Option<Absence> {
        if self.excluded.contains(person) {
            Some(Absence::Excluded)
        } else if self.disabled.contains(person) {
            Some(Absence::Left)
        } else if self.rightless.contains(person) {
            Some(Absence::NoRight)
        } else if self.blind.contains(person) {
            Some(Absence::Blind)
        } else {
            None
        }
    }

    fn of(&self, who: &Who) -> &[Uuid] {
        self.meant.get(who).map_or(&[], Vec::as_slice)
    }
}

/// A stage being filled.
struct Filling<'a> {
    people: &'a People,
    seats: Vec<Seat>,
    /// Who may still step in.
    alternates: std::collections::VecDeque<Uuid>,
    missing: Vec<Missing>,
    /// Whether a seat that must be there is empty.
    hole: bool,
}

impl Filling<'_> {
    /// A person sits once: a second reason adds its weight to the seat they have.
    fn sit(&mut self, person: Uuid, entry: &Entry) {
        match self.seats.iter_mut().find(|s| s.person == person) {
            Some(seat) => {
                seat.mandatory |= entry.mandatory;
                seat.veto |= entry.veto;
            }
            None => self.seats.push(Seat {
                person,
                mandatory: entry.mandatory,
                veto: entry.veto,
            }),
        }
    }

    fn miss(&mut self, entry: &Entry, person: Option<Uuid>, why: Absence, must: bool) {
        if must {
            match self.step_in() {
                Some(person) => return self.sit(person, entry),
                None => self.hole = true,
            }
        }
        self.missing.push(Missing {
            who: entry.who.clone(),
            person,
            why,
        });
    }

    /// The next alternate who has no seat of their own.
    fn step_in(&mut self) -> Option<Uuid> {
        while let Some(person) = self.alternates.pop_front() {
            if !self.seats.iter().any(|s| s.person == person) {
                return Some(person);
            }
        }
        None
    }
}

fn bench(policy: &Policy, stage: &Stage, people: &People) -> Result<Bench, Shortage> {
    let free = |person: &&Uuid| people.absence(person).is_none();
    let stand_in = stage.alternates.iter().flat_map(|who| people.of(who));
    let mut filling = Filling {
        people,
        seats: Vec::new(),
        alternates: stand_in.filter(free).copied().collect(),
        missing: Vec::new(),
        hole: false,
    };
    // First everybody who can sit; then holes, so that nobody steps in who sits anyway.
    let mut gaps = Vec::new();
    for entry in &stage.seats {
        let meant = filling.people.of(&entry.who);
        if meant.is_empty() {
            gaps.push((entry, None, Absence::Nobody));
        }
        for person in meant {
            match people.absence(person) {
                None => filling.sit(*person, entry),
                Some(why) => gaps.push((entry, Some(*person), why)),
            }
        }
    }
    for (entry, person, why) in gaps {
        // Whoever is named must be there where everybody must; of a group, whoever can sit.
        let all = stage.count == Count::All && entry.who.is_named();
        let must = entry.mandatory || entry.veto && entry.who.is_named() || all;
        filling.miss(entry, person, why, must);
    }
    let plain = Entry {
        who: Who::LineManager,
        mandatory: false,
        veto: false,
    };
    let wanted = match stage.count {
        Count::Any | Count::All => 1,
        Count::Of(k) => k,
    };
    while (filling.seats.len() as u32) < wanted
        && let Some(person) = filling.step_in()
    {
        filling.sit(person, &plain);
    }
    let seats = filling.seats.len() as u32;
    let needed = match stage.count {
        Count::Any => 1,
        Count::All => seats,
        Count::Of(k) => k,
    };
    if filling.hole || needed == 0 || seats < needed {
        return Err(Shortage {
            stage: stage.name.clone(),
            needed: needed.max(1),
            seats,
            missing: filling.missing,
        });
    }
    Ok(frozen(policy, stage, filling, needed))
}

fn frozen(policy: &Policy, stage: &Stage, filling: Filling<'_>, needed: u32) -> Bench {
    let people = filling.people;
    let place = |key: &String| policy.stages.iter().position(|s| s.key == *key);
    let meeting = stage.board().and_then(|board| {
        let chair = *people.chairs.get(&board)?;
        // A chair who may not decide cannot do so for a meeting either.
        let may = people.absence(&chair).is_none();
        may.then_some(Meeting { board, chair })
    });
    let seats = filling.seats;
    let mut alternates: Vec<Uuid> = Vec::new();
    for person in filling.alternates {
        if !seats.iter().any(|s| s.person == person) && !alternates.contains(&person) {
            alternates.push(person);
        }
    }
    Bench {
        key: stage.key.clone(),
        name: stage.name.clone(),
        after: stage.after.iter().filter_map(place).collect(),
        needed,
        seats,
        alternates,
        meeting,
        deadline: stage.deadline,
        reminder: stage.reminder,
        reauthenticate: stage.reauthenticate,
        carried: None,
        deciders: Vec::new(),
    }
}
