//! What a problem's page shows first: what it costs, what contributed, what helps, how its fix stands;
//! and what an incident's page shows of known errors.

use time::Duration;

use super::model::{KnownError, Problem, Version};
use super::rules::cost::{Cost, Counted, cost};
use super::rules::known_errors::Audience;
use super::rules::why::{self, Why};
use super::store::{self, Seen};
use crate::people::{Right, Shell, Visitor};
use crate::platform::db::Db;
use crate::platform::kernel::error::Result;
use crate::platform::words::Words;
use crate::records::{Beside, Chapter, Help, Kind, Link, Number, Part, Record, Sheet, state_label};
use crate::search::alike::Reason;
use crate::services;

/// Incidents that are counted, at most; the newest of them.
const COUNTED: i64 = 2_000;

/// Reads what is there to read.
pub fn of(conn: &mut Db, shell: &Shell, visitor: &Visitor, record: &Record) -> Result<Beside> {
    let problem = store::find(conn, record.id)?;
    let known = store::known_errors_of(conn, &[record.id])?.pop();
    let mut sections = vec![costs(conn, shell, visitor, record)?];
    sections.extend(contributed(conn, record)?);
    sections.extend(helping(
        conn,
        shell,
        visitor,
        record,
        &problem,
        known.as_ref(),
    )?);
    sections.extend(fixing(conn, shell, visitor, record, &problem)?);
    let chips = match &known {
        Some((known, _)) if known.standing().is_offered() => {
            vec![shell.t.s("known-error").into_owned()]
        }
        _ => Vec::new(),
    };
    Ok(Beside {
        links: links(visitor, record),
        sheet: Sheet {
            chips,
            sections,
            ..Sheet::default()
        },
        ..Beside::default()
    })
}

fn word(label: &'static str, word: String) -> Part {
    Part {
        word,
        ..Part::of(label)
    }
}

/// What the incidents of a problem cost, of those the visitor may see.
pub fn cost_of(conn: &mut Db, visitor: &Visitor, record: &Record) -> Result<Cost> {
    let all = store::linked(conn, visitor, record.id, None, COUNTED)?;
    let counted: Vec<Counted> = all
        .iter()
        .map(|one| Counted {
            reported_at: one.reported_at,
            resolved_at: one.resolved_at,
            is_open: one.is_open,
            service: one.service,
        })
        .collect();
    Ok(cost(&counted, visitor.now))
}

fn costs(conn: &mut Db, shell: &Shell, visitor: &Visitor, record: &Record) -> Result<Chapter> {
    let cost = cost_of(conn, visitor, record)?;
    Ok(Chapter {
        heading: "problem-cost",
        parts: cost_parts(conn, shell, &cost)?,
        texts: Vec::new(),
    })
}

/// A cost in words.
pub fn cost_parts(conn: &mut Db, shell: &Shell, cost: &Cost) -> Result<Vec<Part>> {
    let t = shell.t;
    let open = t.number(cost.open as i64);
    let mut parts = vec![word(
        "problem-incidents",
        t.with2(
            "problem-incidents-of",
            "count",
            cost.incidents as i64,
            "open",
            open.as_str(),
        ),
    )];
    if cost.incidents == 0 {
        return Ok(parts);
    }
    for (label, at) in [("problem-first", cost.first), ("problem-last", cost.last)] {
        parts.push(Part {
            when: at.map(|at| shell.when(at)),
            ..Part::of(label)
        });
    }
    parts.push(word("problem-lately", t.number(cost.lately as i64)));
    parts.push(word("problem-hurt", span(t, cost.hurt)));
    let mut names = Vec::new();
    for (id, n) in cost.services.iter().take(5) {
        names.push(format!("{} ({n})", services::find_service(conn, *id)?.name));
    }
    parts.push(Part {
        name: names.join(", "),
        ..Part::of("problem-services")
    });
    Ok(parts)
}

/// A span in the unit that says it best.
fn span(t: Words, span: Duration) -> String {
    match span.whole_hours() {
        0 => t.n("problem-minutes", span.whole_minutes()),
        1..=72 => t.n("problem-hours", span.whole_hours()),
        _ => t.n("problem-days", span.whole_days()),
    }
}

fn contributed(conn: &mut Db, record: &Record) -> Result<Option<Chapter>> {
    let factors = store::factors_of(conn, record.id)?.into_iter();
    let texts: Vec<(&'static str, String, String)> = factors
        .filter(|factor| factor.removed_at.is_none())
        .map(|factor| {
            let text = match factor.evidence.as_str() {
                "" => factor.text,
                evidence => format!("{}\n\n{evidence}", factor.text),
            };
            ("factor", text, factor.code_label)
        })
        .collect();
    Ok((!texts.is_empty()).then_some(Chapter {
        heading: "factors",
        parts: Vec::new(),
        texts,
    }))
}

fn helping(
    conn: &mut Db,
    shell: &Shell,
    visitor: &Visitor,
    record: &Record,
    problem: &Problem,
    known: Option<&(KnownError, Version)>,
) -> Result<Option<Chapter>> {
    let t = shell.t;
    let text = |label, text: &str| (label, text.to_owned(), String::new());
    let Some((known, version)) = known else {
        return Ok((!problem.workaround.is_empty()).then(|| Chapter {
            heading: "field-workaround",
            parts: Vec::new(),
            texts: vec![text("field-workaround", &problem.workaround)],
        }));
    };
    let counts = store::counts_of(conn, visitor, record.id)?;
    let mut parts = vec![
        Part {
            when: Some(shell.when(version.at)),
            word: t.with1(
                "known-error-version",
                "n",
                known.version.to_string().as_str(),
            ),
            ..Part::of("known-error-published")
        },
        word(
            "field-known-error-audience",
            t.s(audience_key(known.audience)).into_owned(),
        ),
        word("known-error-offered", t.number(counts.offered)),
        word("known-error-used", t.number(counts.used)),
        word("known-error-worked", t.number(counts.worked)),
    ];
    if let Some(at) = known.retired_at {
        let why = format!("known-error-retired-{}", known.retired.replace('_', "-"));
        parts.push(Part {
            when: Some(shell.when(at)),
            word: t.s(&why).into_owned(),
            note: known.retired_reason.clone(),
            ..Part::of("known-error-retired")
        });
    }
    Ok(Some(Chapter {
        heading: "known-error",
        parts,
        texts: vec![
            text("field-known-error-symptoms", &version.symptoms),
            text("field-workaround", &version.workaround),
        ],
    }))
}

/// Key of what an audience is called.
pub fn audience_key(audience: Audience) -> &'static str {
    match audience {
        Audience::Desk => "known-error-audience-desk",
        Audience::Requesters => "known-error-audience-requesters",
    }
}

fn fixing(
    conn: &mut Db,
    shell: &Shell,
    visitor: &Visitor,
    record: &Record,
    problem: &Problem,
) -> Result<Option<Chapter>> {
    let mut parts = Vec::new();
    for (n, title, state) in store::change_state(conn, visitor, record.id)? {
        let number = Number {
            kind: Kind::Change,
            n,
        };
        parts.push(Part {
            word: state_label(shell.t, &state).into_owned(),
            ..Part::record("link-fixed-by", number, &title)
        });
    }
    for (label, at) in [
        ("field-verify-until", problem.verify_until),
        ("field-review-at", problem.review_at),
    ] {
        if let Some(at) = at {
            parts.push(Part {
                when: Some(shell.when(at)),
                late: at <= shell.now,
                ..Part::of(label)
            });
        }
    }
    Ok((!parts.is_empty()).then_some(Chapter {
        heading: "problem-fix",
        parts,
        texts: Vec::new(),
    }))
}

fn links(visitor: &Visitor, record: &Record) -> Vec<Link> {
    let works = visitor.has(Right::Work);
    let writes = works && (record.is_open || record.closed_at.is_none());
    let fixed = ["verifying", "resolved", "closed"].contains(&record.state.as_str());
    [
        (works, "incidents", "problem-incidents-link"),
        (writes, "factors", "factors-edit"),
        (writes, "known-error", "known-error-edit"),
        (writes, "telling", "telling"),
        (writes && record.is_open, "fix", "fix-plan"),
        (works && fixed, "linked-resolution", "resolve-linked"),
        (writes && record.is_open, "risk", "risk-accept"),
    ]
    .into_iter()
    .filter(|(is, ..)| *is)
    .map(|(_, path, label)| Link { path, label })
    .collect()
}

/// Where an incident's workarounds are used, under it.
pub const WORKAROUND: &str = "workaround";

/// What is known that may help on an incident: offered now, or used here.
pub fn helps(
    conn: &mut Db,
    shell: &Shell,
    visitor: &Visitor,
    record: &Record,
) -> Result<Vec<Help>> {
    if !visitor.has(Right::Work) {
        return Ok(Vec::new());
    }
    let seen = store::offers_seen(conn, visitor, record.id)?.into_iter();
    let open = record.is_open || record.closed_at.is_none();
    let mut helps: Vec<Help> = seen
        .filter(|one| {
            let offered = one.retired.is_empty() && open;
            offered || one.offered.used_at.is_some()
        })
        .map(|one| help(shell, one, open))
        .collect();
    // Those that were used first.
    helps.sort_by_key(|help| help.came.is_none());
    Ok(helps)
}

fn help(shell: &Shell, seen: Seen, open: bool) -> Help {
    let offered = &seen.offered;
    let used = offered.used_at.is_some();
    let came = match (used, offered.worked) {
        (false, _) => None,
        (true, None) => Some("workaround-used"),
        (true, Some(true)) => Some("workaround-worked"),
        (true, Some(false)) => Some("workaround-failed"),
    };
    let asks = match (used && open, offered.worked) {
        (false, _) => Vec::new(),
        (true, None) => vec![("yes", "workaround-did-work"), ("no", "workaround-did-not")],
        (true, Some(true)) => vec![("no", "workaround-did-not")],
        (true, Some(false)) => vec![("yes", "workaround-did-work")],
    };
    Help {
        number: Number {
            kind: Kind::Problem,
            n: seen.n,
        },
        title: seen.title,
        why: because(shell.t, &why::read(&offered.why)),
        text: seen.workaround,
        is_public: seen.audience == Audience::Requesters,
        path: WORKAROUND,
        may_use: open && seen.retired.is_empty(),
        came,
        asks,
    }
}

/// Reasons in words.
pub fn because(t: Words, all: &[Why]) -> String {
    let one = |why: &Why| match why {
        Why::Linked => t.s("why-linked").into_owned(),
        Why::Alike(reason) => reason_text(t, reason),
    };
    all.iter().map(one).collect::<Vec<_>>().join(" · ")
}

/// A reason in words.
pub fn reason_text(t: Words, reason: &Reason) -> String {
    match reason {
        Reason::Words(words) => t.with1("why-words", "words", words.join(", ").as_str()),
        Reason::Item => t.s("why-item").into_owned(),
        Reason::Service => t.s("why-service").into_owned(),
        Reason::Subcategory => t.s("why-subcategory").into_owned(),
        Reason::Category => t.s("why-category").into_owned(),
        Reason::Factors(codes) => t.with1("why-factors", "factors", codes.join(", ").as_str()),
    }
}
