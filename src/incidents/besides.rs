//! What an incident's page shows besides: whether it is major, and when things happened.

use super::model::{Source, Which};
use super::rules::majors::overdue;
use super::store::{self, InstantSeen, MajorSeen};
use crate::people::{Right, Shell, Visitor};
use crate::platform::db::Db;
use crate::platform::kernel::error::Result;
use crate::platform::words::Words;
use crate::problems;
use crate::records::{Banner, Beside, Link, Part, Record, Section};

/// Where it is said, under the record.
const INSTANTS: &str = "instants";
const MAJOR: &str = "major";

/// Reads what is there to read; of an incident with neither mark nothing is asked.
pub fn of(conn: &mut Db, shell: &Shell, visitor: &Visitor, record: &Record) -> Result<Beside> {
    let may_say = visitor.has(Right::Work) && (record.is_open || record.closed_at.is_none());
    let may_declare = visitor.has(Right::DeclareMajor) && record.is_open;
    let major = match record.is_major {
        true => store::find_major(conn, record.id)?,
        false => None,
    };
    let section = match record.has_instants {
        true => section(shell, store::instants_seen(conn, record.id)?, may_say),
        false => None,
    };
    let mut links = Vec::new();
    if may_say && section.is_none() {
        links.push(Link {
            path: INSTANTS,
            label: "instants-say",
        });
    }
    if may_declare && major.is_none() {
        links.push(Link {
            path: MAJOR,
            label: "major-declare",
        });
    }
    Ok(Beside {
        banner: major.map(|major| banner(shell, record, major, may_declare)),
        section,
        links,
        others: visitor.has(Right::Work).then_some(Link {
            path: "similar",
            label: "similar-incidents",
        }),
        helps: problems::helps(conn, shell, visitor, record)?,
        ..Beside::default()
    })
}

fn banner(shell: &Shell, record: &Record, seen: MajorSeen, may_plan: bool) -> Banner {
    let MajorSeen { major, lead } = seen;
    let mut parts = vec![
        Part {
            name: lead,
            ..Part::of("field-major-lead")
        },
        Part {
            when: Some(shell.when(major.since)),
            ..Part::of("major-since")
        },
    ];
    // What is finished promises nothing any more.
    if record.is_open {
        let late = overdue(major.next_update_at, shell.now);
        parts.insert(
            0,
            Part {
                when: Some(shell.when(major.next_update_at)),
                word: late.map_or_else(String::new, |minutes| late_word(shell.t, minutes)),
                late: late.is_some(),
                ..Part::of("field-major-next-update-at")
            },
        );
    }
    Banner {
        lamp: if record.is_open { "breach" } else { "met" },
        glyph: if record.is_open { "cord" } else { "s-done" },
        heading: shell.t.s("major-incident").into_owned(),
        text: major.reason,
        parts,
        link: may_plan.then_some(Link {
            path: MAJOR,
            label: "major-plan",
        }),
    }
}

/// How late, in the unit that says it best.
fn late_word(t: Words, minutes: i64) -> String {
    match minutes {
        0..120 => t.n("major-overdue-minutes", minutes.max(1)),
        120..2880 => t.n("major-overdue-hours", minutes / 60),
        _ => t.n("major-overdue-days", minutes / 1440),
    }
}

/// The instants that are known, in the order in which they ordinarily happen.
fn section(shell: &Shell, mut seen: Vec<InstantSeen>, may_say: bool) -> Option<Section> {
    seen.sort_by_key(|seen| seen.instant.which);
    let parts: Vec<Part> = seen
        .into_iter()
        .filter_map(|InstantSeen { instant, by }| {
            let (at, source) = (instant.at?, instant.source?);
            let own = source != Source::FirstAssignment;
            Some(Part {
                when: Some(shell.when(at)),
                name: by.filter(|_| own).unwrap_or_default(),
                word: shell.t.s(source_key(source)).into_owned(),
                note: instant.note,
                ..Part::of(label(instant.which))
            })
        })
        .collect();
    (!parts.is_empty()).then_some(Section {
        heading: "instants",
        parts,
        link: may_say.then_some(Link {
            path: INSTANTS,
            label: "change",
        }),
    })
}

/// Key of what an instant is called.
pub fn label(which: Which) -> &'static str {
    match which {
        Which::ImpactBegan => "field-impact-began-at",
        Which::Detected => "field-detected-at",
        Which::Acknowledged => "field-acknowledged-at",
        Which::Mitigated => "field-mitigated-at",
    }
}

/// Key of where it is known from.
pub fn source_key(source: Source) -> &'static str {
    match source {
        Source::Person => "instant-source-person",
        Source::Monitoring => "instant-source-monitoring",
        Source::Log => "instant-source-log",
        Source::Estimate => "instant-source-estimate",
        Source::FirstAssignment => "instant-source-first-assignment",
    }
}
