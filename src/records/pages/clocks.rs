//! A record's clocks: the panel of its page, and the page that says why each is due when it is, what
//! met it, and why one never began.

use std::borrow::Cow;
use std::collections::HashMap;

use actix_web::Responder;
use actix_web::web::{self, ServiceConfig};
use askama::Template;
use uuid::Uuid;

use super::target::{SCOPE, Target as Of};
use crate::journal::{self, FactData};
use crate::people::{Answer, Shell, TimeLeft, Visit, Visitor, When};
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::Result;
use crate::platform::web::icon::Icon;
use crate::records::model::Record;
use crate::records::store;
use crate::records::view::{clock_view, hours, target_key};
use crate::service_levels::{
    self, ClockRow, ClockState, Considered, Explanation, Outcome, Phase, Segment, Standing, Target,
    What, Why,
};
use crate::services::{self, CodeList};

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(web::resource(format!("{SCOPE}/clocks")).route(web::get().to(show)));
}

/// A clock in the panel of the record's page.
pub struct ClockPanel {
    pub name: Cow<'static, str>,
    pub lamp: &'static str,
    pub word: Cow<'static, str>,
    pub glyph: Icon,
    pub tenths: Option<u8>,
    /// What is left of what, or how long it took.
    pub big: String,
    pub small: String,
    pub due: Option<When>,
    /// Hundredths of the way from its start to when it is due, where now is.
    pub now: Option<String>,
    pub label: String,
    /// Which time it is, where it was promised again.
    pub cycle: Option<String>,
}

/// The clocks that run or ran, each target's last cycle and what was late before.
pub fn panel(conn: &mut Db, shell: &Shell, record: &Record) -> Result<Vec<ClockPanel>> {
    if record.clock_state == ClockState::None {
        return Ok(Vec::new());
    }
    let mut rows = service_levels::clocks_of(conn, &[record.id.uuid()])?;
    rows.retain(|row| row.stopped_at.is_none() || row.target != Target::Ola);
    rows.sort_by_key(|row| (row.target, row.cycle, row.part));
    Ok(rows.iter().map(|row| one(shell, row)).collect())
}

/// How a clock stands, as its lamp is read.
fn standing(outcome: Outcome, phase: Phase, due_at: Utc, risk_at: Utc) -> Standing {
    let late = matches!(outcome, Outcome::Breached | Outcome::Exempt);
    Standing {
        state: match (phase, late) {
            (Phase::Running, _) => ClockState::Running,
            (Phase::Paused, _) | (_, true) => ClockState::Paused,
            (Phase::Stopped, false) => ClockState::Met,
            (Phase::Ended, false) => ClockState::None,
        },
        // What was late stays late, whenever it is looked at.
        due_at: if late { Utc::from_micros(0) } else { due_at },
        risk_at,
    }
}

fn one(shell: &Shell, row: &ClockRow) -> ClockPanel {
    let t = shell.t;
    let stands = standing(row.outcome, row.phase, row.due_at, row.risk_at);
    let lamp = stands.lamp(shell.now);
    let words = TimeLeft::of(t);
    let view = clock_view(shell, &words, stands, row.started_at);
    let due = (row.due_at < Utc::FAR).then(|| shell.when(row.due_at));
    let target = hours(t, row.target_micros);
    let left = row.due_at.micros().saturating_sub(shell.now.micros());
    let open = matches!(row.phase, Phase::Running | Phase::Paused);
    let (big, small) = match (open, due.as_ref()) {
        (true, Some(due)) => (
            words.write(left),
            t.with2(
                "clock-of-due",
                "target",
                target.as_str(),
                "due",
                due.short.as_str(),
            ),
        ),
        (true, None) => (
            hours(t, row.target_micros - row.elapsed_micros),
            t.with1("clock-left-paused", "target", target.as_str()),
        ),
        (false, _) => (
            hours(t, row.elapsed_micros),
            t.with1("clock-of", "target", target.as_str()),
        ),
    };
    let name = t.s(target_key(row.target));
    let whole = row.due_at.micros().saturating_sub(row.started_at.micros());
    let gone = shell.now.micros().saturating_sub(row.started_at.micros());
    let share = |part: i64| {
        let tenths = (i128::from(part.clamp(0, whole)) * 1000 / i128::from(whole.max(1))) as i64;
        format!("{}.{}", tenths / 10, tenths % 10)
    };
    ClockPanel {
        label: format!(
            "{name}: {}, {big} {small}",
            t.s(crate::records::lamp_key(lamp))
        ),
        name,
        lamp: lamp.word(),
        word: view.word,
        glyph: view.glyph,
        tenths: view.tenths,
        big,
        small,
        now: (open && due.is_some()).then(|| share(gone)),
        due: due.filter(|_| open),
        cycle: (row.cycle > 1).then(|| t.with1("clock-cycle", "n", row.cycle.to_string().as_str())),
    }
}

#[derive(Template)]
#[template(path = "records/clocks.html")]
struct ClocksPage {
    shell: Shell,
    path: String,
    number: String,
    title: String,
    clocks: Vec<ClockWhy>,
    without: Vec<WithoutView>,
}

/// One clock, explained.
struct ClockWhy {
    name: String,
    lamp: &'static str,
    word: Cow<'static, str>,
    glyph: Icon,
    /// In one sentence: what was promised, by which agreement, in which hours.
    sentence: String,
    /// When it is due, was met, was late, ended: each with the fact that did it.
    happened: Vec<(String, When, Option<FactView>)>,
    segments: Vec<SegmentView>,
}

struct SegmentView {
    from: When,
    to: When,
    what: String,
    counted: String,
    cause: Option<FactView>,
    ahead: bool,
}

/// A fact, and where it stands in the history.
#[derive(Clone)]
struct FactView {
    what: String,
    by: String,
    href: String,
}

struct WithoutView {
    name: Cow<'static, str>,
    considered: Vec<(String, String)>,
}

async fn show(visit: Visit, target: Of) -> impl Responder {
    target
        .page(visit, move |r, v| {
            let record = store::find_visible(r, v, target.number)?;
            page(r, v, target, &record)
        })
        .await
}

fn page(conn: &mut Db, visitor: &Visitor, target: Of, record: &Record) -> Result<Answer> {
    let shell = visitor.shell("queue", visitor.words.s("clocks-why"));
    let explained = service_levels::explain_record(conn, record.id.uuid(), visitor.now)?;
    let words = Told::read(conn, &shell, record.id, target.path(), &explained.clocks)?;
    Ok(Answer::html(&ClocksPage {
        path: target.path(),
        number: target.number.to_string(),
        title: record.title.clone(),
        clocks: explained
            .clocks
            .iter()
            .map(|e| words.why(&shell, e))
            .collect(),
        without: explained
            .without
            .iter()
            .map(|(target, considered)| words.without(&shell, *target, considered))
            .collect(),
        shell,
    }))
}

/// What explanations name: versions, reasons of holds, facts.
struct Told {
    versions: HashMap<Uuid, (String, i32)>,
    holds: HashMap<String, String>,
    facts: HashMap<i64, FactView>,
}

impl Told {
    fn read(
        conn: &mut Db,
        shell: &Shell,
        record: Id<Record>,
        path: String,
        explained: &[Explanation],
    ) -> Result<Self> {
        let mut positions: Vec<i64> = explained
            .iter()
            .flat_map(|e| {
                let of = [e.clock.met_by, e.clock.terms_by, e.clock.ended_by];
                of.into_iter()
                    .flatten()
                    .chain(e.segments.iter().filter_map(|s| s.caused_by))
            })
            .collect();
        positions.sort_unstable();
        positions.dedup();
        let facts = journal::facts_at(conn, record.uuid(), &positions)?;
        let seqs: Vec<i64> = facts.iter().map(|fact| fact.seq).collect();
        let texts = journal::texts_of(conn, &seqs)?;
        let facts = facts.into_iter().map(|fact| {
            let by = FactData::read(&fact, &texts).by;
            let (_, what) = fact.name.split_once('.').unwrap_or_default();
            let key = format!("fact-{}", what.replace('_', "-"));
            let known = shell.t.has(&key);
            let view = FactView {
                what: shell
                    .t
                    .s(if known { &key } else { "fact-other" })
                    .into_owned(),
                by,
                href: format!(
                    "{path}?tab=history&before={}#f-{}",
                    fact.position + 1,
                    fact.position
                ),
            };
            (fact.position, view)
        });
        Ok(Self {
            facts: facts.collect(),
            versions: service_levels::version_names(conn)?,
            holds: services::list_codes(conn, CodeList::Hold)?
                .into_iter()
                .map(|code| (code.code, code.label))
                .collect(),
        })
    }

    fn version(&self, shell: &Shell, id: Uuid) -> String {
        let (name, number) = self.versions.get(&id).cloned().unwrap_or_default();
        let number = number.to_string();
        shell
            .t
            .with2("clock-version", "name", name.as_str(), "n", number.as_str())
    }

    fn why(&self, shell: &Shell, explanation: &Explanation) -> ClockWhy {
        let (t, clock) = (shell.t, &explanation.clock);
        let stands = standing(clock.outcome, clock.phase, clock.due_at, clock.risk_at);
        let view = clock_view(shell, &TimeLeft::of(t), stands, clock.started_at);
        let mut name = t.s(target_key(clock.target)).into_owned();
        if clock.cycle > 1 {
            let n = clock.cycle.to_string();
            name.push_str(", ");
            name.push_str(&t.with1("clock-cycle", "n", n.as_str()));
        }
        if clock.is_superseded {
            name.push_str(", ");
            name.push_str(&t.s("clock-superseded"));
        }
        let agreement = self.version(shell, clock.agreement_version);
        let calendar = self.version(shell, clock.calendar_version);
        let target = hours(t, clock.target_micros);
        let sentence = t.with(
            "clock-sentence",
            [
                ("target", target.as_str()),
                ("agreement", agreement.as_str()),
                ("calendar", calendar.as_str()),
            ],
        );
        ClockWhy {
            name,
            lamp: view.lamp,
            word: view.word,
            glyph: view.glyph,
            sentence,
            happened: self.happened(shell, explanation),
            segments: explanation
                .segments
                .iter()
                .map(|segment| self.segment(shell, segment))
                .collect(),
        }
    }

    fn happened(
        &self,
        shell: &Shell,
        explanation: &Explanation,
    ) -> Vec<(String, When, Option<FactView>)> {
        let clock = &explanation.clock;
        let fact = |position: Option<i64>| position.and_then(|p| self.facts.get(&p).cloned());
        let due = (clock.due_at < Utc::FAR).then_some(clock.due_at);
        let late = !clock.is_superseded && matches!(clock.phase, Phase::Stopped);
        let ended = matches!(clock.phase, Phase::Ended) || clock.is_superseded;
        [
            (
                "clock-started",
                Some(clock.started_at),
                fact(clock.terms_by),
            ),
            ("clock-due", due, None),
            ("clock-breached", clock.breached_at, None),
            (
                "clock-stopped",
                clock.stopped_at.filter(|_| late),
                fact(clock.met_by),
            ),
            (
                "clock-ended",
                clock.stopped_at.filter(|_| ended),
                fact(clock.ended_by),
            ),
        ]
        .into_iter()
        .filter_map(|(key, at, fact)| Some((shell.t.s(key).into_owned(), shell.when(at?), fact)))
        .collect()
    }

    fn segment(&self, shell: &Shell, segment: &Segment) -> SegmentView {
        let t = shell.t;
        SegmentView {
            from: shell.when(segment.from),
            to: shell.when(segment.to),
            what: match &segment.what {
                What::Ran => t.s("clock-ran").into_owned(),
                What::OutsideHours => t.s("clock-outside-hours").into_owned(),
                What::Stopped => t.s("clock-was-stopped").into_owned(),
                What::Paused(code) => {
                    let reason = self.holds.get(code).map_or(code.as_str(), String::as_str);
                    t.with1("clock-paused", "reason", reason)
                }
            },
            counted: hours(t, segment.counted_micros),
            cause: segment.caused_by.and_then(|p| self.facts.get(&p).cloned()),
            ahead: segment.is_ahead,
        }
    }

    fn without(&self, shell: &Shell, target: Target, considered: &[Considered]) -> WithoutView {
        let t = shell.t;
        let considered = considered.iter().map(|one| {
            let why = match &one.why {
                Why::Covers => t.s("why-covers").into_owned(),
                Why::NotYet(at) => t.with1("why-not-yet", "when", shell.when(*at).full.as_str()),
                Why::Retired => t.s("why-retired").into_owned(),
                Why::NoTarget => t.s("why-no-target").into_owned(),
                Why::Condition(which) => t.s(&format!("why-condition-{which}")).into_owned(),
                Why::LessSpecific(_) => t.s("why-less-specific").into_owned(),
            };
            (one.name.clone(), why)
        });
        WithoutView {
            name: t.s(target_key(target)),
            considered: considered.collect(),
        }
    }
}
