//! The sixty days before now, as a list of what happens when. Pure: nothing is written here.

use time::{Duration, Weekday};

use super::cast::Cast;
use super::catalogue::{CATEGORIES, SERVICES};
use super::chance::Chance;
use super::lives::{self, Target};
use super::stories::{self, Story};
use crate::platform::db::Utc;
use crate::records::{Channel, Kind, LinkType};

/// How far back the oldest record lies.
const DAYS: i64 = 60;
/// Agents of the desk who log calls, by place in `cast::STAFF`.
pub const DESK: [usize; 5] = [0, 1, 6, 7, 8];
/// Who decides: the manager of the desk.
pub const MANAGER: usize = 3;
/// Days until a resolved record closes itself; the setting's default.
pub const CLOSES_AFTER: i64 = 5;

/// One record in so many is logged as the wrong kind.
const ONE_IN_IS_MISTAKEN: usize = 31;

/// Something that happens to one record.
#[derive(Debug, Clone)]
pub enum Step {
    Log(Box<Logged>),
    /// Solved while the caller was on the line.
    FirstContact,
    /// The person who does it takes it.
    Take,
    /// To another team, before anybody has worked on it.
    Pass(usize),
    /// To another team, with what was tried and what is wanted.
    HandOff(usize, (&'static str, &'static str)),
    /// Back to the team it came from, and why.
    SendBack(&'static str),
    Advance(&'static str),
    /// A change gets its plan, and somebody looks at it.
    Assess,
    Reject,
    Hold(Wait),
    Resume,
    /// The agreed date has come.
    ResumeByItself,
    Resolve,
    Cancel(&'static str),
    Close,
    CloseByItself,
    Reopen,
    Reply(String, Option<usize>),
    Note(String, Option<usize>),
    Watch(usize),
    Link(usize, LinkType),
    /// Under another record.
    Parent(usize),
    /// It ends as a duplicate of another.
    Duplicate(usize),
    /// One of the callers gets in touch about it.
    Contact(usize, &'static str),
    Task(Errand),
    /// The first open task.
    TaskDone,
}

/// A task somebody adds.
#[derive(Debug, Clone)]
pub struct Errand {
    pub title: &'static str,
    /// Its team; otherwise it is for whoever adds it.
    pub team: Option<usize>,
    pub due_at: Utc,
    pub blocking: bool,
}

/// How a record begins.
#[derive(Debug, Clone)]
pub struct Logged {
    pub caller: Option<usize>,
    pub channel: Channel,
    /// Minutes between the report and the record.
    pub late: i64,
    /// The team where that is not the proposed one, and whether the logger keeps it.
    pub kept: bool,
    pub file: Option<usize>,
}

/// What a record waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wait {
    Requester,
    Appointment(Utc),
    Supplier,
    Change,
    Problem,
    Other,
}

/// A step with its time, its record and who does it.
#[derive(Debug, Clone)]
pub struct Due {
    pub at: Utc,
    pub record: usize,
    pub by: usize,
    pub step: Step,
}

/// One record as planned.
pub struct Planned {
    pub kind: Kind,
    /// The kind it is logged as at first, where that is the wrong one.
    pub mistaken_for: Option<Kind>,
    pub story: Story,
    pub begins: Utc,
}

impl Planned {
    /// Raised by monitoring, so without a requester.
    pub fn is_monitored(&self) -> bool {
        self.story.is_monitored()
    }
}

/// The plan: the records, and everything that happens in the order in which it happens.
pub struct Plan {
    pub records: Vec<Planned>,
    pub steps: Vec<Due>,
}

impl Plan {
    pub fn until(now: Utc) -> Self {
        let mut chance = Chance::new(20_261_121);
        let mut plan = Self {
            records: Vec::new(),
            steps: Vec::new(),
        };
        for kind in &Kind::LOGGED {
            let stories = stories::of_kind(*kind);
            let mut turn = 0;
            for (target, count) in lives::targets(*kind) {
                for _ in 0..count {
                    if let Some(story) = stories.get(turn % stories.len().max(1)) {
                        plan.live(&mut chance, now, *kind, story, target);
                    }
                    // Coprime to the number of stories, so that states and stories mix.
                    turn += 7;
                }
            }
        }
        plan.connect(&mut chance, now);
        super::outage::call_in(&mut plan, now);
        super::families::gather(&mut plan, now);
        plan.steps.sort_by_key(|due| due.at);
        plan
    }

    fn live(&mut self, chance: &mut Chance, now: Utc, kind: Kind, story: &Story, target: Target) {
        let record = self.records.len();
        let story = story.told(chance);
        let team = team_of(&story);
        let (begins, ends) = span(chance, now, target);
        let life = lives::Life {
            now,
            record,
            team,
            begins,
            ends,
            story: &story,
            agent: *chance.pick(&Cast::members(team)).unwrap_or(&0),
            logger: *chance.pick(&DESK).unwrap_or(&0),
        };
        let steps = life.steps(chance, kind, target);
        self.steps
            .extend(steps.into_iter().filter(|due| due.at < now));
        let mistaken_for = match kind {
            _ if record % ONE_IN_IS_MISTAKEN != 5 => None,
            Kind::Incident => Some(Kind::Request),
            Kind::Request => Some(Kind::Incident),
            Kind::Problem | Kind::Change | Kind::Postmortem | Kind::Action => None,
        };
        self.records.push(Planned {
            kind,
            mistaken_for,
            story,
            begins,
        });
    }

    /// Links between records of one service, and watchers.
    fn connect(&mut self, chance: &mut Chance, now: Utc) {
        let mut added = Vec::new();
        for (record, planned) in self.records.iter().enumerate() {
            if planned.kind == Kind::Incident && !chance.percent(34) {
                continue;
            }
            let is_candidate = |other: &Planned| {
                other.story.service == planned.story.service && other.begins < planned.begins
            };
            let others: Vec<usize> = self
                .records
                .iter()
                .enumerate()
                .filter(|(_, other)| is_candidate(other))
                .map(|(place, _)| place)
                .collect();
            let Some(other) = chance.pick(&others).copied() else {
                continue;
            };
            let link = match (planned.kind, self.records.get(other).map(|o| o.kind)) {
                (Kind::Incident, Some(Kind::Change | Kind::Problem)) => LinkType::CausedBy,
                (Kind::Incident, Some(Kind::Incident)) => LinkType::RecurrenceOf,
                _ => LinkType::Related,
            };
            let at = planned
                .begins
                .plus(Duration::minutes(chance.between(6, 90)));
            let by = *chance.pick(&DESK).unwrap_or(&0);
            added.push((at, record, by, Step::Link(other, link)));
            if chance.percent(40) {
                let at = at.plus(Duration::minutes(3));
                added.push((at, record, by, Step::Watch(chance.below(60))));
            }
        }
        let added = added.into_iter().filter(|(at, ..)| *at < now);
        self.steps.extend(added.map(|(at, record, by, step)| Due {
            at,
            record,
            by,
            step,
        }));
    }
}

/// The category's team, else the service's: as the product proposes it.
fn team_of(story: &Story) -> usize {
    let category = CATEGORIES.iter().find(|c| c.0 == story.category);
    let service = SERVICES.iter().find(|s| s.0 == story.service);
    let of_category = category.and_then(|c| c.1);
    of_category.or(service.map(|s| s.2)).unwrap_or_default()
}

/// When a record that comes to a target begins, and when its last step is due.
fn span(chance: &mut Chance, now: Utc, target: Target) -> (Utc, Utc) {
    let ago = |minutes: i64| now.minus(Duration::minutes(minutes));
    let hour = 60;
    let day = 24 * hour;
    let (begins, ends) = match target {
        // Most are fresh; a few should have been looked at long ago.
        Target::Fresh if chance.percent(70) => {
            let age = chance.between(4, 5 * hour);
            return (ago(age), ago(1));
        }
        Target::Fresh => (chance.between(day, 4 * day), 2),
        Target::Open => {
            let age = if chance.percent(25) {
                chance.between(12 * day, 25 * day)
            } else {
                chance.between(3 * hour, 8 * day)
            };
            (age, chance.between(10, 4 * hour).min(age / 3))
        }
        Target::Resolved => {
            let end = chance.between(20, (CLOSES_AFTER - 1) * day);
            (end + chance.between(hour, 6 * day), end)
        }
        Target::Ended => {
            let end = chance.between(6 * day, (DAYS - 8) * day);
            (end + chance.between(hour, 7 * day), end)
        }
    };
    let begins = at_work(chance, ago(begins), ago(2 * hour.min(ends)));
    (begins, ago(ends).max(begins.plus(Duration::minutes(20))))
}

/// The same day within working hours, on a working day where that lies in the past.
pub fn at_work(chance: &mut Chance, at: Utc, latest: Utc) -> Utc {
    let time = at.time();
    let away = match time.weekday() {
        Weekday::Saturday => 1,
        Weekday::Sunday => 2,
        _ => 0,
    };
    // Shops are open on Saturdays, so some calls come then.
    let away = if chance.percent(15) { 0 } else { away };
    let midnight = at
        .minus(Duration::seconds(
            i64::from(time.hour()) * 3_600 + i64::from(time.minute()) * 60,
        ))
        .minus(Duration::days(away));
    let seconds = chance.between(7 * 3_600, 17 * 3_600 + 1_800);
    let moved = midnight.plus(Duration::seconds(seconds));
    if moved < latest {
        moved
    } else {
        at.min(latest)
    }
}
