//! The pages of post-mortems: the library, raising one, reading and writing it section by section, its
//! timeline, its instants, its people, the agreed facts, its review, what was published; and for those
//! who answer for it the overdue ones and the rules.

mod editions;
mod facts;
mod instants;
mod items;
mod items_list;
mod library;
mod new;
mod persons;
mod required;
mod review;
mod section;
mod show;
mod timeline;

use actix_web::web::{ServiceConfig, get, post, resource};

use super::actions::{self, Found};
use super::rules::instants::{Measure, Moment, Source, Took};
use super::rules::sections::Section;
use crate::people::{self, Person, Shell, Visitor};
use crate::platform::db::{Db, Id};
use crate::platform::kernel::error::{Error, Result};
use crate::platform::words::Words;
use crate::records::pages::Target;
use crate::records::{self, Record};

/// One action item.
const ITEM: &str = "/{kind:actions}/{number}";
/// One post-mortem.
const ONE: &str = "/{kind:postmortems}/{number}";

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/postmortems/new", get().to(new::new))
        .service(resource("/postmortems").get(library::list).post(new::raise))
        .route("/reports/postmortems", get().to(library::overdue))
        .service(
            resource("/settings/postmortem-rules")
                .get(required::show)
                .post(required::add),
        )
        .route(
            "/settings/postmortem-rules/{id}/removal",
            post().to(required::remove),
        )
        .route(ONE, get().to(show::show))
        .route(&format!("{ONE}/document"), get().to(show::document))
        .service(
            resource(format!("{ONE}/sections/{{section}}"))
                .get(section::show)
                .post(section::save),
        )
        .route(
            &format!("{ONE}/sections/{{section}}/dismissals"),
            post().to(section::dismiss),
        )
        .service(
            resource(format!("{ONE}/timeline"))
                .get(timeline::show)
                .post(timeline::add),
        )
        .route(&format!("{ONE}/timeline/{{id}}"), post().to(timeline::edit))
        .service(
            resource(format!("{ONE}/instants"))
                .get(instants::show)
                .post(instants::say),
        )
        .service(
            resource(format!("{ONE}/people"))
                .get(persons::show)
                .post(persons::save),
        )
        .route(&format!("{ONE}/facts/agreements"), post().to(facts::say))
        .service(
            resource(format!("{ONE}/facts"))
                .get(facts::show)
                .post(facts::agree),
        )
        .service(
            resource(format!("{ONE}/review"))
                .get(review::show)
                .post(review::submit),
        )
        .route(&format!("{ONE}/review/return"), post().to(review::back))
        .route("/actions", get().to(items_list::list))
        .service(
            resource(format!("{ONE}/actions"))
                .get(items::list)
                .post(items::raise),
        )
        .service(
            resource(format!("{ITEM}/plan"))
                .get(items::plan)
                .post(items::save_plan),
        )
        .service(
            resource(format!("{ITEM}/carrier"))
                .get(items::carrier)
                .post(items::save_carrier),
        )
        .service(
            resource(format!("{ITEM}/verification"))
                .get(items::verification)
                .post(items::verify),
        )
        .route(&format!("{ONE}/publication"), post().to(review::publish))
        .route(&format!("{ONE}/revision"), post().to(review::revise))
        .route(&format!("{ONE}/no-actions"), post().to(review::waive))
        .route(
            &format!("{ONE}/editions/{{edition}}"),
            get().to(editions::show),
        );
}

/// What stands over every page under a post-mortem.
struct Top {
    shell: Shell,
    path: String,
    number: String,
    title: String,
    found: Found,
}

impl Top {
    fn read(
        conn: &mut Db,
        visitor: &Visitor,
        target: Target,
        heading: &'static str,
    ) -> Result<Self> {
        let found = actions::found(conn, visitor, target.number)?;
        Ok(Self {
            shell: visitor.shell("queue", visitor.words.s(heading)),
            path: target.path(),
            number: target.number.to_string(),
            title: found.record.title.clone(),
            found,
        })
    }
}

/// Key of a section's heading.
const fn section_key(section: Section) -> &'static str {
    match section {
        Section::Summary => "field-section-summary",
        Section::Impact => "field-section-impact",
        Section::WhatHappened => "field-section-what-happened",
        Section::Surprise => "field-section-surprise",
        Section::WentWell => "field-section-went-well",
        Section::DidNotGoWell => "field-section-did-not-go-well",
        Section::Luck => "field-section-luck",
        Section::Detection => "field-section-detection",
        Section::Questions => "field-section-questions",
        Section::Outside => "field-section-outside",
    }
}

/// Key of what a section is asked for.
const fn section_hint(section: Section) -> &'static str {
    match section {
        Section::Summary => "section-hint-summary",
        Section::Impact => "section-hint-impact",
        Section::WhatHappened => "section-hint-what-happened",
        Section::Surprise => "section-hint-surprise",
        Section::WentWell => "section-hint-went-well",
        Section::DidNotGoWell => "section-hint-did-not-go-well",
        Section::Luck => "section-hint-luck",
        Section::Detection => "section-hint-detection",
        Section::Questions => "section-hint-questions",
        Section::Outside => "section-hint-outside",
    }
}

const fn moment_key(which: Moment) -> &'static str {
    match which {
        Moment::ImpactBegan => "moment-impact-began",
        Moment::Detected => "moment-detected",
        Moment::FirstPage => "moment-first-page",
        Moment::Acknowledged => "moment-acknowledged",
        Moment::Engaged => "moment-engaged",
        Moment::Mitigated => "moment-mitigated",
        Moment::Resolved => "moment-resolved",
    }
}

const fn source_key(source: Source) -> &'static str {
    match source {
        Source::Incident => "moment-source-incident",
        Source::Person => "instant-source-person",
        Source::Monitoring => "instant-source-monitoring",
        Source::Log => "instant-source-log",
        Source::Estimate => "instant-source-estimate",
    }
}

const fn measure_key(measure: Measure) -> &'static str {
    match measure {
        Measure::Hurt => "measure-hurt",
        Measure::Detect => "measure-detect",
        Measure::Acknowledge => "measure-acknowledge",
        Measure::Engage => "measure-engage",
        Measure::Mitigate => "measure-mitigate",
        Measure::Resolve => "measure-resolve",
    }
}

/// How a duration is counted, in words.
const fn definition_key(measure: Measure) -> &'static str {
    match measure {
        Measure::Hurt => "measure-hurt-is",
        Measure::Detect => "measure-detect-is",
        Measure::Acknowledge => "measure-acknowledge-is",
        Measure::Engage => "measure-engage-is",
        Measure::Mitigate => "measure-mitigate-is",
        Measure::Resolve => "measure-resolve-is",
    }
}

/// A duration in words: "2 h 30 min", or why there is none.
fn took(t: Words, took: Took) -> String {
    let micros = match took {
        Took::Micros(micros) => micros,
        Took::Backwards => return t.s("took-backwards").into_owned(),
        Took::Unknown => return t.s("took-unknown").into_owned(),
    };
    let minutes = micros / 60_000_000;
    let (days, hours, rest) = (minutes / 1_440, minutes / 60 % 24, minutes % 60);
    let n = |key: &str, n: i64| t.with1(key, "n", n.to_string().as_str());
    match (days, hours) {
        (0, 0) => n("took-minutes", rest),
        (0, _) => format!("{} {}", n("took-hours", hours), n("took-minutes", rest)),
        _ => format!("{} {}", n("took-days", days), n("took-hours", hours)),
    }
}

/// Whoever works here and may see a record, as choices of a form; somebody named already stays though
/// they left.
fn agents(conn: &mut Db, record: &Record, named: &[Id<Person>]) -> Result<Vec<(String, String)>> {
    let readers = records::readers_of(conn, record)?;
    let may_see = |id| readers.as_ref().is_none_or(|all| all.contains(&id));
    let mut all: Vec<(Id<Person>, String)> = people::list_workers(conn)?
        .into_iter()
        .filter(|person| may_see(person.id))
        .map(|person| (person.id, person.name))
        .collect();
    for id in named {
        if all.iter().all(|(known, _)| known != id) {
            all.push((*id, people::find_person(conn, *id)?.name));
        }
    }
    Ok(all
        .into_iter()
        .map(|(id, name)| (id.to_string(), name))
        .collect())
}

/// An id of a path: one that is none names nothing.
fn id<T>(text: &str) -> Result<Id<T>> {
    text.parse().map_err(|_| Error::NotFound)
}
