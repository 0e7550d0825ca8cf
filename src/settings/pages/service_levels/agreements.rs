//! Agreements: the list, and one of them with what it wins over and its versions.

use actix_web::{HttpResponse, web};
use askama::Template;

use super::examples::{self, Examples};
use super::reader;
use super::said::{self, Names, Part, VersionRow};
use crate::people::{Answer, Done, Flash, Form, Shell, Visit};
use crate::platform::db::{Db, Id};
use crate::platform::kernel::error::{Error, Result};
use crate::service_levels::{Agreement, AgreementKind, All, Kept, actions};
use crate::settings::pages::{id, simple};

#[derive(Template)]
#[template(path = "settings/agreements.html")]
struct ListPage {
    shell: Shell,
    here: &'static str,
    groups: Vec<Group>,
    is_empty: bool,
}

/// The agreements of a kind, the most specific first.
struct Group {
    word: &'static str,
    title: String,
    text: String,
    rows: Vec<Row>,
}

struct Row {
    id: Id<Kept<Agreement>>,
    name: String,
    covers: Vec<Part>,
    targets: Vec<Part>,
    calendar: String,
    planned: bool,
    retired: bool,
}

#[derive(Template)]
#[template(path = "settings/agreement.html")]
struct Page {
    shell: Shell,
    here: &'static str,
    id: Id<Kept<Agreement>>,
    retired: bool,
    kind: String,
    covers: Vec<Part>,
    targets: Vec<Part>,
    calendar: (String, String),
    /// Words of ours, each with its label.
    terms: Vec<(String, String)>,
    pauses: String,
    steps: Vec<Part>,
    examples: Examples,
    /// Those it wins over, and those that win over it.
    wins_over: Vec<(Id<Kept<Agreement>>, String)>,
    gives_way: Vec<(Id<Kept<Agreement>>, String)>,
    versions: Vec<VersionRow>,
}

pub async fn list(visit: Visit) -> HttpResponse {
    visit
        .page(|r, v| {
            let shell = reader(v, "settings-agreements")?;
            let (all, names) = said::all(r)?;
            let groups: Vec<Group> = AgreementKind::ALL
                .iter()
                .map(|kind| group(&shell, &all, &names, *kind))
                .filter(|group| !group.rows.is_empty())
                .collect();
            Ok(Answer::html(&ListPage {
                is_empty: groups.is_empty(),
                groups,
                here: "agreements",
                shell,
            }))
        })
        .await
}

fn group(shell: &Shell, all: &All, names: &Names, kind: AgreementKind) -> Group {
    let mut found: Vec<(&Kept<Agreement>, &Agreement)> = all
        .agreements
        .iter()
        .filter_map(|kept| Some((kept, &kept.latest()?.definition)))
        .filter(|(_, agreement)| agreement.kind == kind)
        .collect();
    // Retired ones last, then by what they cover; the list is by name already.
    found.sort_by_key(|(kept, agreement)| {
        let covers = &agreement.covers;
        let record = covers.record.clone();
        (kept.is_retired, record, covers.priority.unwrap_or(i32::MAX))
    });
    let rows = found.into_iter().map(|(kept, agreement)| Row {
        id: kept.id,
        name: kept.name.clone(),
        covers: names.covers(shell.t, agreement),
        targets: names.targets(shell.t, agreement),
        calendar: names.of(agreement.calendar),
        planned: said::planned(kept, shell.now),
        retired: kept.is_retired,
    });
    Group {
        word: kind.word(),
        title: shell.t.s(&format!("agreement-kind-{kind}")).into_owned(),
        text: shell
            .t
            .s(&format!("agreement-kind-{kind}.text"))
            .into_owned(),
        rows: rows.collect(),
    }
}

pub async fn show(visit: Visit, path: web::Path<String>) -> HttpResponse {
    visit
        .page(move |r, v| {
            let shell = reader(v, "settings-agreements")?;
            page(r, shell, id(&path)?)
        })
        .await
}

fn page(r: &mut Db, shell: Shell, id: Id<Kept<Agreement>>) -> Result<Answer> {
    let (all, names) = said::all(r)?;
    let of = |kept: &&Kept<Agreement>| kept.id == id;
    let kept = all.agreements.iter().find(of).ok_or(Error::NotFound)?;
    let agreement = &kept.latest().ok_or(Error::NotFound)?.definition;
    let t = shell.t;
    let kind = format!("agreement-kind-{}", agreement.kind);
    let (wins_over, gives_way) = rivals(&all, id, agreement);
    Ok(Answer::html(&Page {
        here: "agreements",
        id,
        retired: kept.is_retired,
        kind: t.s(&kind).into_owned(),
        covers: names.covers(t, agreement),
        targets: names.targets(t, agreement),
        calendar: (
            format!("/settings/calendars/{}", agreement.calendar),
            names.of(agreement.calendar),
        ),
        terms: said::terms(t, agreement),
        pauses: names.pauses(t, agreement),
        steps: agreement.steps.iter().map(|s| names.step(t, s)).collect(),
        examples: examples::of_agreement(r, &shell, agreement)?,
        wins_over,
        gives_way,
        versions: said::versions(&shell, kept),
        shell: shell.titled(&kept.name),
    }))
}

type Named = Vec<(Id<Kept<Agreement>>, String)>;

/// The agreements that promise the same and could cover the same record: which are less specific, and
/// which are more.
fn rivals(all: &All, id: Id<Kept<Agreement>>, agreement: &Agreement) -> (Named, Named) {
    let others = all
        .agreements
        .iter()
        .filter(|kept| kept.id != id && !kept.is_retired);
    let others = others.filter_map(|kept| Some((kept, &kept.latest()?.definition)));
    let (mut less, mut more) = (Vec::new(), Vec::new());
    for (kept, other) in others.filter(|(_, other)| agreement.rivals(other)) {
        let named = (kept.id, kept.name.clone());
        if other.covers.specificity() < agreement.covers.specificity() {
            less.push(named);
        } else {
            more.push(named);
        }
    }
    (less, more)
}

pub async fn retire(visit: Visit, path: web::Path<String>, form: Form) -> HttpResponse {
    simple(visit, form, move |w, v, ctx, _| {
        let id = id(&path)?;
        actions::retire_agreement(w, v, ctx, id)?;
        Ok(Done::at(format!("/settings/agreements/{id}")).saying(Flash::ok("agreement-retired")))
    })
    .await
}
