//! The post-mortem's own page: everything it says, and what may be done.

use std::collections::HashMap;

use actix_web::Responder;
use actix_web::web::Query;
use askama::Template;

use super::facts::{Who, people};
use super::instants::{MeasureView, measures};
use super::timeline::{Asked, RowView, row, tell};
use super::{Top, section_hint, section_key};
use crate::people::{Answer, Right, Shell, Visit, Visitor, When};
use crate::platform::db::Db;
use crate::platform::kernel::error::Result;
use crate::platform::kernel::markdown::{self, SafeHtml};
use crate::platform::web::icon::Icon;
use crate::postmortems::actions::{self, Found};
use crate::postmortems::items_beside::said_tally;
use crate::postmortems::rules::actions::Standing;
use crate::postmortems::rules::instants::Moment;
use crate::postmortems::rules::life::PRACTICE;
use crate::postmortems::rules::required::is_overdue;
use crate::postmortems::rules::sections::Section;
use crate::postmortems::store;
use crate::problems;
use crate::records::pages::Target;
use crate::records::{self, state_icon, state_label};

#[derive(Template)]
#[template(path = "postmortems/show.html")]
struct Page {
    shell: Shell,
    path: String,
    number: String,
    title: String,
    state: (Icon, String),
    steps: Vec<StepView>,
    restricted: bool,
    acts: Vec<ActView>,
    measures: Vec<MeasureView>,
    instants: Vec<(&'static str, Option<When>, &'static str)>,
    sections: Vec<SectionView>,
    factors: Vec<(String, String, String)>,
    rows: Vec<RowView>,
    /// How many rows the whole timeline has.
    all_rows: String,
    linked: Vec<LinkedView>,
    incidents: Vec<String>,
    people: Vec<Who>,
    agreed: (i64, i64),
    agreed_words: String,
    facilitator: String,
    reviewer: String,
    meeting: Option<When>,
    meeting_place: String,
    due: Option<When>,
    overdue: bool,
    required: &'static str,
    editions: Vec<(String, When, String)>,
    items: Vec<ItemView>,
    tally: String,
    no_action_reason: String,
    may_write: bool,
}

struct StepView {
    icon: Icon,
    label: String,
    done: bool,
    current: bool,
}

struct ActView {
    path: &'static str,
    label: &'static str,
    solid: bool,
}

struct SectionView {
    word: &'static str,
    heading: &'static str,
    hint: &'static str,
    html: Option<SafeHtml>,
    /// What its words suggest, in words.
    hits: Option<String>,
}

struct LinkedView {
    number: String,
    href: String,
    title: String,
    state: String,
    icon: Icon,
}

struct ItemView {
    number: String,
    href: String,
    title: String,
    owner: String,
    kind: String,
    due: Option<When>,
    overdue: bool,
    state: String,
    icon: Icon,
}

/// `GET /postmortems/PM-1`. With a query it is the record's page, which has everything every record has.
pub async fn show(
    visit: Visit,
    target: Target,
    query: Query<HashMap<String, String>>,
) -> actix_web::HttpResponse {
    if !query.is_empty() {
        return records::pages::record(visit, target, query).await;
    }
    target.page(visit, move |r, v| page(r, v, target)).await
}

/// `GET /postmortems/PM-1/document`: from the record's page to this one.
pub async fn document(visit: Visit, target: Target) -> impl Responder {
    target
        .page(visit, move |r, v| {
            actions::found(r, v, target.number)?;
            Ok(Answer::see_other(&target.path()))
        })
        .await
}

fn page(conn: &mut Db, visitor: &Visitor, target: Target) -> Result<Answer> {
    let top = Top::read(conn, visitor, target, "kind-postmortem")?;
    let shell = top.shell.titled(format!("{} {}", top.number, top.title));
    let (record, of) = (&top.found.record, &top.found.of);
    let linked = store::linked_to(conn, Some(visitor), record.id)?;
    let lines = actions::lines(conn, Some(visitor), record.id, &linked)?;
    let all_rows = lines.iter().filter(|line| !line.is_hidden).count();
    let told = |line: &actions::Line| !line.is_hidden && (line.is_key || !line.said.is_empty());
    let rows = lines.into_iter().filter(told);
    let mut rows: Vec<RowView> = rows.map(|line| row(&shell, line, Asked::Nothing)).collect();
    tell(conn, &shell, visitor, &mut rows)?;
    let seen = actions::instants_seen(conn, record.id)?;
    let people = people(conn, visitor, &top.found)?;
    let agreed = people.iter().filter(|who| who.class == "y").count() as i64;
    let names = store::names(conn, of.facilitator_id.into_iter().chain(of.reviewer_id))?;
    let name = |id: Option<_>| {
        let found = id.and_then(|id| names.get(&id).cloned());
        found.unwrap_or_default()
    };
    let editions = store::editions_of(conn, record.id)?.into_iter();
    let factors = problems::standing_factors(conn, record.id)?.into_iter();
    let items = store::items_of(conn, Some(visitor), record.id)?;
    Ok(Answer::html(&Page {
        state: (
            state_icon(&record.state),
            state_label(shell.t, &record.state).into_owned(),
        ),
        steps: steps(&shell, &record.state),
        restricted: record.is_restricted,
        acts: acts(visitor, &top.found),
        measures: measures(&shell, &seen.joined),
        instants: Moment::ALL
            .iter()
            .map(|which| {
                let known = seen.joined.get(*which);
                (
                    super::moment_key(*which),
                    known.map(|known| shell.when(known.at)),
                    known.map_or("", |known| super::source_key(known.source)),
                )
            })
            .collect(),
        sections: sections(conn, &shell, &top.found)?,
        factors: factors
            .map(|factor| (factor.code_label, factor.text, factor.evidence))
            .collect(),
        rows,
        all_rows: shell.t.n("timeline-all", all_rows as i64),
        incidents: linked
            .iter()
            .filter(|one| one.kind == records::Kind::Incident)
            .map(|one| one.number().path())
            .collect(),
        linked: linked
            .iter()
            .map(|one| LinkedView {
                number: one.number().to_string(),
                href: one.number().path(),
                title: one.title.clone(),
                state: state_label(shell.t, &one.state).into_owned(),
                icon: state_icon(&one.state),
            })
            .collect(),
        agreed_words: {
            let of = people.len().to_string();
            shell.t.with2(
                "facts-of",
                "n",
                agreed.to_string().as_str(),
                "of",
                of.as_str(),
            )
        },
        agreed: (agreed, people.len() as i64),
        people,
        facilitator: name(of.facilitator_id),
        reviewer: name(of.reviewer_id),
        meeting: of.meeting_at.map(|at| shell.when(at)),
        meeting_place: of.meeting_place.clone(),
        due: of.due_at.map(|at| shell.when(at)),
        overdue: is_overdue(&record.state, of.due_at, visitor.now),
        required: required_key(&of.required_by),
        editions: editions
            .map(|(n, at, by)| (n.to_string(), shell.when(at), by.unwrap_or_default()))
            .collect(),
        tally: said_tally(&shell, items.iter().map(standing)).0,
        items: items
            .into_iter()
            .map(|item| item_view(&shell, item))
            .collect(),
        no_action_reason: of.no_action_reason.clone(),
        may_write: top.found.is_written() && visitor.has(Right::Work),
        path: top.path,
        number: top.number,
        title: top.title,
        shell,
    }))
}

/// Key of why it was raised.
fn required_key(word: &str) -> &'static str {
    match word {
        "major" => "required-by-major",
        "priority" => "required-by-priority",
        "rule" => "required-by-rule",
        _ => "required-by-hand",
    }
}

fn steps(shell: &Shell, state: &str) -> Vec<StepView> {
    let way: Vec<_> = PRACTICE
        .states
        .iter()
        .filter(|one| one.on_the_way)
        .collect();
    let at = way.iter().position(|one| one.word == state);
    way.iter()
        .enumerate()
        .map(|(place, one)| {
            let done = at.is_some_and(|at| place < at);
            StepView {
                icon: match done {
                    true => Icon::line("s-res"),
                    false => state_icon(one.word),
                },
                label: state_label(shell.t, one.word).into_owned(),
                done,
                current: at == Some(place),
            }
        })
        .collect()
}

/// What may be done next, each on a page of its own.
fn acts(visitor: &Visitor, found: &Found) -> Vec<ActView> {
    let act = |path, label, solid| ActView { path, label, solid };
    if !visitor.has(Right::Work) {
        return Vec::new();
    }
    let reviews = found.of.reviewer_id == Some(visitor.id);
    match found.record.state.as_str() {
        "draft" => vec![
            act("facts", "facts-agree", true),
            act("review", "postmortem-check", false),
        ],
        "facts_agreed" => vec![
            act("review", "postmortem-submit", true),
            act("facts", "facts-agree", false),
        ],
        "in_review" => vec![act("review", "postmortem-review", reviews)],
        "published" => vec![act("review", "postmortem-take-up", false)],
        _ => Vec::new(),
    }
}

fn sections(conn: &mut Db, shell: &Shell, found: &Found) -> Result<Vec<SectionView>> {
    let heads = store::heads_of(conn, found.record.id)?;
    let hits = match found.is_written() {
        true => actions::all_hits(conn, found, &heads)?,
        false => Vec::new(),
    };
    let view = |section: &Section| {
        let head = heads.iter().find(|head| head.section == *section);
        let text = head.map_or("", |head| head.text.as_str());
        let open = hits.iter().find(|(of, _)| of == section);
        SectionView {
            word: section.word(),
            heading: section_key(*section),
            hint: section_hint(*section),
            html: (!text.trim().is_empty()).then(|| markdown::render(text)),
            hits: open
                .filter(|(_, n)| *n > 0)
                .map(|(_, n)| shell.t.n("section-hits", *n as i64)),
        }
    };
    Ok(Section::ALL.iter().map(view).collect())
}

fn standing(item: &crate::postmortems::model::Item) -> Standing<'_> {
    Standing {
        state: &item.state,
        due: item.due_at,
        since: item.created_at,
    }
}

fn item_view(shell: &Shell, item: crate::postmortems::model::Item) -> ItemView {
    let number = item.number();
    let waits = matches!(item.state.as_str(), "open" | "in_progress");
    ItemView {
        number: number.to_string(),
        href: number.path(),
        owner: item.owner.unwrap_or_default(),
        kind: shell
            .t
            .s(&format!("action-kind-{}", item.kind.word()))
            .into_owned(),
        overdue: waits && item.due_at.is_some_and(|due| due < shell.now),
        due: item.due_at.map(|at| shell.when(at)),
        state: state_label(shell.t, &item.state).into_owned(),
        icon: state_icon(&item.state),
        title: item.title,
    }
}
