//! Attainment: by what it is asked for and month, as a trend against the goal, with what stands
//! beside it.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::ask::Asked;
use super::chart::{self, Trend, TrendSlot};
use super::frame::{self, Select, SideGroup};
use crate::people::{Answer, Right, Shell, Visit, Visitor};
use crate::platform::db::{Db, Id};
use crate::platform::kernel::error::Result;
use crate::platform::words::Words;
use crate::reports::figures::{self, Answered};
use crate::reports::model::{Five, GroupBy, Key, Line, OUTCOMES, Outcome};
use crate::reports::rules::Slot;
use crate::reports::store::{self, Closed};
use crate::reports::{Figures, csv};
use crate::service_levels::Target;

/// The parameters that a narrower list keeps.
const KEPT: [&str; 10] = [
    "from",
    "to",
    "target",
    "by",
    "kind",
    "priority",
    "service",
    "team",
    "organisation",
    "agreement",
];

/// Met or breached, in addresses.
const DECIDED: &str = "decided";

/// A figure at the top.
pub struct Kpi {
    pub name: String,
    pub value: String,
    pub note: String,
    pub href: String,
}

/// A cell of the heat table.
pub struct Cell {
    pub value: String,
    pub calls: String,
    pub href: String,
    pub lamp: Option<(&'static str, String)>,
    /// Nothing was decided.
    pub empty: bool,
}

/// A line of it.
pub struct HeatLine {
    pub label: String,
    pub is_data: bool,
    pub priority: Option<i32>,
    pub goal: String,
    pub cells: Vec<Cell>,
    pub total: Cell,
    pub five: Vec<Counted>,
}

/// A number and where its records are.
pub struct Counted {
    pub label: String,
    pub n: String,
    pub href: String,
}

/// A month of the head: its label and, where it is closed, where that stands.
pub struct Month {
    pub label: String,
    pub closed: Option<String>,
}

/// The heat table.
pub struct Heat {
    pub group: String,
    pub months: Vec<Month>,
    pub lines: Vec<HeatLine>,
    pub total: HeatLine,
}

/// A figure that a closed period would have otherwise today.
pub struct Corrected {
    pub month: String,
    pub label: String,
    pub is_data: bool,
    pub then: String,
    pub today: String,
}

#[derive(Template)]
#[template(path = "reports/sla.html")]
struct Page {
    shell: Shell,
    side: Vec<SideGroup>,
    period: String,
    notices: Vec<String>,
    selects: Vec<Select>,
    from: String,
    to: String,
    group_word: &'static str,
    pauses: Vec<String>,
    kpis: Vec<Kpi>,
    five: Vec<Counted>,
    n: Counted,
    superseded: Option<Counted>,
    trend: Trend,
    finding: String,
    heat: Heat,
    groups: Vec<(String, String, bool)>,
    corrections: Vec<Corrected>,
    csv: String,
    clocks_csv: String,
    breaches: String,
}

pub async fn show(visit: Visit, request: HttpRequest) -> HttpResponse {
    let query = request.query_string().to_owned();
    visit.page(move |r, v| page(r, v, &query)).await
}

/// `/reports` is the first of them.
pub async fn first(visit: Visit) -> HttpResponse {
    visit
        .page(|_, v| {
            v.needs(Right::Manage)?;
            Ok(Answer::see_other("/reports/sla"))
        })
        .await
}

/// The same figures as a file.
pub async fn download(visit: Visit, request: HttpRequest) -> HttpResponse {
    let query = request.query_string().to_owned();
    visit
        .page(move |r, v| {
            v.needs(Right::Manage)?;
            let asked = Asked::read(r, v, &query)?;
            asked.refuse_problems()?;
            let answered = figures::answer(r, &asked.ask(), v.now)?;
            Ok(Answer {
                status: actix_web::http::StatusCode::OK,
                headers: vec![
                    (
                        "Content-Type",
                        "text/csv; charset=utf-8; header=present".into(),
                    ),
                    (
                        "Content-Disposition",
                        format!(
                            "attachment; filename=\"andon-sla-{}-{}.csv\"",
                            asked.period.from, asked.period.to
                        ),
                    ),
                    ("Cache-Control", "no-store".into()),
                ],
                body: csv::figures(&answered.figures)?,
            })
        })
        .await
}

fn page(r: &mut Db, v: &Visitor, query: &str) -> Result<Answer> {
    let shell = frame::shell(v, "report-sla")?;
    let t = shell.t;
    let asked = Asked::read(r, v, query)?;
    let answered = figures::answer(r, &asked.ask(), v.now)?;
    let agreed = store::agreed(r, v.now)?;
    let other = other_target(r, &asked)?;
    let labels = labels_of_reasons(r)?;
    let pauses = figures::pauses(&agreed).into_iter().map(|(name, code)| {
        let label = labels.iter().find(|(own, _)| *own == code);
        let reason = label.map_or(code.clone(), |(_, label)| label.clone());
        t.with(
            "report-pauses-also",
            [("agreement", name), ("reason", reason)],
        )
    });
    let months = asked.period.months().0;
    let figures = &answered.figures;
    let links = Links { asked: &asked };
    let n = links.counted(t, "report-n", figures.total.n(), None, None, None);
    Ok(Answer::html(&Page {
        side: frame::side(&shell, "/reports/sla", Some(&asked)),
        period: frame::period(t, &asked),
        notices: notices(&shell, &asked),
        selects: frame::selects(t, &asked, true),
        from: asked.period.from.to_string(),
        to: asked.period.to.to_string(),
        group_word: asked.group_by.word(),
        pauses: pauses.collect(),
        kpis: kpis(t, &links, figures, &other),
        five: links.five(t, &figures.total, None, None),
        n,
        superseded: (figures.superseded > 0).then(|| Counted {
            label: t.s("report-superseded").into_owned(),
            n: t.number(figures.superseded),
            href: asked.address("/reports/breaches", &KEPT, &[]),
        }),
        trend: trend(t, &asked, figures),
        finding: finding(t, figures),
        heat: heat(t, &links, &answered, &months),
        groups: groups(t, &asked),
        corrections: corrections(t, &answered),
        csv: asked.at("/reports/sla.csv"),
        clocks_csv: asked.address("/reports/clocks.csv", &KEPT, &[]),
        breaches: asked.address("/reports/breaches", &KEPT, &[]),
        shell,
    }))
}

pub fn notices(shell: &Shell, asked: &Asked) -> Vec<String> {
    asked.problems.iter().map(|m| shell.say(m)).collect()
}

fn labels_of_reasons(r: &mut Db) -> Result<Vec<(String, String)>> {
    let codes = crate::services::list_codes(r, crate::services::CodeList::Hold)?;
    Ok(codes.into_iter().map(|c| (c.code, c.label)).collect())
}

/// The other of the two targets everybody asks about, over all.
fn other_target(r: &mut Db, asked: &Asked) -> Result<(Target, Five)> {
    let other = match asked.target {
        Target::FirstResponse => Target::Resolution,
        _ => Target::FirstResponse,
    };
    let five = store::outcomes(r, other, &asked.ask())?;
    Ok((other, five))
}

/// Where the records of a number are.
struct Links<'a> {
    asked: &'a Asked,
}

impl Links<'_> {
    fn to(&self, outcome: &str, key: Option<Key>, slot: Option<&Slot>) -> String {
        let key_text = key.map(Key::text).unwrap_or_default();
        let (from, to) = match slot {
            Some(slot) => (slot.from.to_string(), slot.to.to_string()),
            None => (String::new(), String::new()),
        };
        let mut more: Vec<(&str, &str)> = Vec::new();
        if slot.is_some() {
            more.extend([("from", from.as_str()), ("to", to.as_str())]);
        }
        if key.is_some() {
            more.push((self.asked.group_by.word(), &key_text));
        }
        more.push(("outcome", outcome));
        self.asked.address("/reports/clocks", &KEPT, &more)
    }

    fn counted(
        &self,
        t: Words,
        label: &str,
        n: u64,
        outcome: Option<Outcome>,
        key: Option<Key>,
        slot: Option<&Slot>,
    ) -> Counted {
        Counted {
            label: t.s(label).into_owned(),
            n: t.number(n),
            href: match n {
                0 => String::new(),
                _ => self.to(outcome.map_or("", Outcome::word), key, slot),
            },
        }
    }

    fn five(&self, t: Words, five: &Five, key: Option<Key>, slot: Option<&Slot>) -> Vec<Counted> {
        let one = |outcome: &Outcome| {
            let label = format!("outcome-{outcome}");
            self.counted(t, &label, five.of(*outcome), Some(*outcome), key, slot)
        };
        OUTCOMES.iter().map(one).collect()
    }

    fn cell(
        &self,
        t: Words,
        five: &Five,
        goal: Option<u32>,
        key: Option<Key>,
        slot: Option<&Slot>,
    ) -> Cell {
        let share = five.attainment();
        Cell {
            value: frame::share(t, share),
            calls: frame::calls(t, five),
            href: match share {
                None => String::new(),
                Some(_) => self.to(DECIDED, key, slot),
            },
            lamp: frame::lamp(t, share, goal),
            empty: share.is_none(),
        }
    }
}

fn kpis(t: Words, links: &Links<'_>, figures: &Figures, other: &(Target, Five)) -> Vec<Kpi> {
    let note = |five: &Five, goal: Option<u32>| match (five.attainment(), goal) {
        (Some(share), Some(goal)) => frame::distance(t, share, goal),
        _ => frame::calls(t, five),
    };
    let own = links.asked.target;
    let total = &figures.total;
    let mut kpis = vec![
        Kpi {
            name: t
                .s(&format!("report-kept-{}", own.word().replace('_', "-")))
                .into_owned(),
            value: frame::share(t, total.attainment()),
            note: note(total, figures.goal),
            href: links.to(DECIDED, None, None),
        },
        Kpi {
            name: t
                .s(&format!("report-kept-{}", other.0.word().replace('_', "-")))
                .into_owned(),
            value: frame::share(t, other.1.attainment()),
            note: frame::calls(t, &other.1),
            href: links
                .asked
                .address("/reports/sla", &KEPT, &[("target", other.0.word())]),
        },
        Kpi {
            name: t.s("report-breaches").into_owned(),
            value: t.number(total.breached),
            note: t.s("report-breaches-note").into_owned(),
            href: links.to(Outcome::Breached.word(), None, None),
        },
    ];
    if let Some(median) = figures.spread.median {
        kpis.push(Kpi {
            name: t.s("report-median").into_owned(),
            value: frame::span(t, median),
            note: t.with1("report-of-n", "n", t.number(figures.spread.n)),
            href: links
                .asked
                .address("/reports/clocks", &KEPT, &[("stopped", "1")]),
        });
    }
    kpis
}

fn trend(t: Words, asked: &Asked, figures: &Figures) -> Trend {
    let slots = asked.period.trend().0;
    let months = slots.len() == figures.months.len();
    let slots: Vec<TrendSlot> = (slots.iter().zip(&figures.trend))
        .map(|(slot, point)| TrendSlot {
            label: if months {
                frame::month(t, slot)
            } else {
                frame::day(t, slot.from)
            },
            five: point.five,
            href: Links { asked }.to(DECIDED, None, Some(slot)),
        })
        .collect();
    chart::trend(t, &slots, figures.goal)
}

/// The chart's finding in a sentence.
fn finding(t: Words, figures: &Figures) -> String {
    match (figures.total.attainment(), figures.goal) {
        (Some(share), Some(goal)) => frame::distance(t, share, goal),
        (Some(_), None) => t.s("report-no-goal").into_owned(),
        (None, _) => t.s("report-nothing-decided").into_owned(),
    }
}

fn heat(t: Words, links: &Links<'_>, answered: &Answered, months: &[Slot]) -> Heat {
    let figures = &answered.figures;
    let closed = |id: &Option<Id<Closed>>| id.map(|id| format!("/reports/periods/{id}"));
    let mut sums = vec![Five::default(); months.len()];
    for line in &figures.lines {
        for (sum, five) in sums.iter_mut().zip(&line.months) {
            sum.plus(five);
        }
    }
    Heat {
        group: frame::group_label(t, links.asked.group_by),
        months: (months.iter().zip(&answered.closed))
            .map(|(slot, id)| Month {
                label: frame::month(t, slot),
                closed: closed(id),
            })
            .collect(),
        lines: (figures.lines.iter())
            .map(|line| heat_line(t, links, line, months))
            .collect(),
        total: HeatLine {
            label: t.s("report-all").into_owned(),
            is_data: false,
            priority: None,
            goal: goal(t, figures.goal),
            cells: (months.iter().zip(&sums))
                .map(|(slot, five)| links.cell(t, five, figures.goal, None, Some(slot)))
                .collect(),
            total: links.cell(t, &figures.total, figures.goal, None, None),
            five: links.five(t, &figures.total, None, None),
        },
    }
}

fn heat_line(t: Words, links: &Links<'_>, line: &Line, months: &[Slot]) -> HeatLine {
    let key = Key::read(links.asked.group_by, &line.key).unwrap_or(Key::None);
    let (label, is_data) = frame::line_label(t, &line.label, key);
    HeatLine {
        priority: match key {
            Key::Level(level) => Some(level),
            _ => None,
        },
        label,
        is_data,
        goal: goal(t, line.goal),
        cells: (months.iter().zip(&line.months))
            .map(|(slot, five)| links.cell(t, five, line.goal, Some(key), Some(slot)))
            .collect(),
        total: links.cell(t, &line.total, line.goal, Some(key), None),
        five: links.five(t, &line.total, Some(key), None),
    }
}

fn goal(t: Words, goal: Option<u32>) -> String {
    goal.map(|goal| t.with1("percent", "n", goal.to_string()))
        .unwrap_or_default()
}

fn groups(t: Words, asked: &Asked) -> Vec<(String, String, bool)> {
    let link = |group: &GroupBy| {
        let word = match group {
            GroupBy::Priority => "",
            other => other.word(),
        };
        let href = asked.address("/reports/sla", &KEPT, &[("group_by", word)]);
        (
            href,
            frame::group_label(t, *group),
            *group == asked.group_by,
        )
    };
    GroupBy::ALL.iter().map(link).collect()
}

fn corrections(t: Words, answered: &Answered) -> Vec<Corrected> {
    let said = |five: &Five| {
        let args = [
            ("met", t.number(five.met)),
            ("breached", t.number(five.breached)),
            ("ended", t.number(five.ended)),
            ("exempt", t.number(five.exempt)),
        ];
        t.with("report-stands", args)
    };
    let one = |c: &crate::reports::model::Correction| {
        let (label, is_data) = frame::line_label(t, &c.label, c.key);
        Corrected {
            month: frame::day(t, c.month),
            label,
            is_data,
            then: said(&c.frozen),
            today: said(&c.today),
        }
    };
    answered.corrections.iter().map(one).collect()
}
