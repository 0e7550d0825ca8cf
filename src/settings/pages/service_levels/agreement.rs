//! The form of an agreement: filled in, tried, saved.

use actix_web::{HttpResponse, web};
use askama::Template;

use super::examples::{self, Examples};
use super::from_of;
use super::trying::{self, Tried};
use crate::items;
use crate::people::meanwhile::{self, Edit, Settled, settle};
use crate::people::{Answer, Done, Flash, Form, FormView, Organisation, Shell, Visit, Visitor};
use crate::platform::db::{Db, Id, Read};
use crate::platform::kernel::error::{Error, Result};
use crate::records::Kind;
use crate::service_levels::actions::{self, Definitions};
use crate::service_levels::{self, Agreement, AgreementKind, Kept, Wanted};
use crate::services::{self, CodeList, Scale};
use crate::settings::forms::{AGREEMENT_FIELDS, AgreementForm};
use crate::settings::pages::{Choice, id, organisation_choices, saved, shell, team_choices};

#[derive(Template)]
#[template(path = "settings/agreement_form.html")]
struct Page {
    shell: Shell,
    here: &'static str,
    form: FormView,
    seen: String,
    action: String,
    back: String,
    is_new: bool,
    choices: Choices,
    tried: Option<Tried>,
    examples: Examples,
}

/// What there is to choose from.
struct Choices {
    kinds: Vec<Choice>,
    records: Vec<Choice>,
    priorities: Vec<Choice>,
    services: Vec<Choice>,
    organisations: Vec<Choice>,
    categories: Vec<Choice>,
    teams: Vec<Choice>,
    suppliers: Vec<Choice>,
    calendars: Vec<Choice>,
    /// Hold reasons by their codes.
    pauses: Vec<Choice>,
    stops: Vec<Choice>,
    reopenings: Vec<Choice>,
    priority_changes: Vec<Choice>,
}

pub async fn new(visit: Visit) -> HttpResponse {
    visit
        .page(|r, v| {
            let form = AgreementForm::new().present(FormView::fresh());
            page(r, v, None, form, String::new(), None)
        })
        .await
}

pub async fn edit(visit: Visit, path: web::Path<String>) -> HttpResponse {
    visit
        .page(move |r, v| {
            shell(v, "settings-agreements")?;
            let kept = find(r, &path)?;
            let now = now(r, &kept)?;
            let form = now.present(FormView::fresh());
            page(r, v, Some(&kept), form, meanwhile::seen(&now), None)
        })
        .await
}

pub async fn add(visit: Visit, form: Form) -> HttpResponse {
    take(visit, None, form).await
}

pub async fn save(visit: Visit, path: web::Path<String>, form: Form) -> HttpResponse {
    take(visit, Some(path.into_inner()), form).await
}

/// Tries what a form says, or (`do=save`) saves what was tried.
async fn take(visit: Visit, of: Option<String>, mut form: Form) -> HttpResponse {
    if form.value("do") == "examples" {
        form.fields.push(("show_again".into(), "1".into()));
    } else if form.value("do") != "save" && form.problems.is_empty() {
        let (of, asked) = (of.clone(), form.clone());
        let fit = visit
            .read(move |r, v| {
                shell(v, "settings-agreements")?;
                let (settled, _) = wanted(r, v, of.as_deref(), &asked)?;
                let wanted = Definitions::of_agreement(settled.value);
                trying::looked(r, wanted, v.now).map(drop)
            })
            .await;
        if fit.is_ok() {
            form.fields.push(("show_again".into(), "1".into()));
        }
    }
    let to = of.clone();
    visit
        .submit(
            form,
            move |w, v, ctx, form| {
                shell(v, "settings-agreements")?;
                let (settled, is_new) = wanted(w, v, to.as_deref(), form)?;
                let id = settled.value.id;
                let print = trying::print(w, &settled.value)?;
                trying::looked(w, Definitions::of_agreement(settled.value.clone()), ctx.now)?;
                trying::check(form, &print)?;
                let name = settled.value.definition.name.clone();
                actions::save_agreement(w, v, ctx, settled.value)?;
                let to = format!("/settings/agreements/{id}");
                if is_new {
                    let added = Flash::ok("agreement-added").arg("name", name);
                    return Ok(Done::at(to).saying(added));
                }
                Ok(saved(to, settled.with_theirs))
            },
            move |r, v, form, error| again(r, v, of.as_deref(), form, error),
        )
        .await
}

fn again(
    r: &mut Read<'_>,
    v: &Visitor,
    of: Option<&str>,
    form: &Form,
    error: Option<&Error>,
) -> Result<Answer> {
    let shell = shell(v, "settings-agreements")?;
    let kept = of.map(|of| find(r, of)).transpose()?;
    let view = meanwhile::view_again(&shell, form, error);
    let seen = meanwhile::seen_again(form, error);
    if form.value("do") == "examples" || !trying::is_to_be_tried(error) {
        return page(r, v, kept.as_ref(), view, seen, None);
    }
    match tried(r, v, &shell, of, form) {
        Ok(tried) => page(r, v, kept.as_ref(), view, seen, Some(tried)),
        Err(e @ (Error::Invalid(_) | Error::Stale(_))) => {
            let view = meanwhile::view_again(&shell, form, Some(&e));
            page(r, v, kept.as_ref(), view, seen, None)
        }
        Err(e) => Err(e),
    }
}

fn tried(
    r: &mut Read<'_>,
    v: &Visitor,
    shell: &Shell,
    of: Option<&str>,
    form: &Form,
) -> Result<Tried> {
    let (settled, _) = wanted(r, v, of, form)?;
    let print = trying::print(r, &settled.value)?;
    let from = settled.value.from;
    let looked = trying::looked(r, Definitions::of_agreement(settled.value), v.now)?;
    Tried::of(r, shell, v, print, &looked, from)
}

/// What a form wants, together with what somebody else changed meanwhile; and whether it is new.
fn wanted(
    conn: &mut Db,
    v: &Visitor,
    of: Option<&str>,
    form: &Form,
) -> Result<(Settled<Wanted<Agreement>>, bool)> {
    let given = AgreementForm::given(form);
    let from = from_of(v, form)?;
    let kept = of.map(|of| find(conn, of)).transpose()?;
    let (id, settled) = match &kept {
        None => (
            Id::new(),
            Settled {
                value: given,
                with_theirs: false,
            },
        ),
        Some(kept) => {
            let edit = Edit::of(form, given)?;
            let now = now(conn, kept)?;
            let settled = settle(conn, kept.id.uuid(), AGREEMENT_FIELDS, &edit, &now)?;
            (kept.id, settled)
        }
    };
    let wanted = Wanted {
        id,
        definition: settled.value.definition(conn)?,
        from,
        is_retired: false,
    };
    let settled = Settled {
        value: wanted,
        with_theirs: settled.with_theirs,
    };
    Ok((settled, kept.is_none()))
}

fn find(conn: &mut Db, of: &str) -> Result<Kept<Agreement>> {
    service_levels::find(service_levels::agreements(conn)?, id(of)?)
}

fn now(conn: &mut Db, kept: &Kept<Agreement>) -> Result<AgreementForm> {
    let latest = kept.latest().ok_or(Error::NotFound)?;
    AgreementForm::of(conn, &latest.definition)
}

fn page(
    r: &mut Read<'_>,
    v: &Visitor,
    kept: Option<&Kept<Agreement>>,
    form: FormView,
    seen: String,
    tried: Option<Tried>,
) -> Result<Answer> {
    let shell = shell(v, "settings-agreement-new")?;
    let (shell, action) = match kept {
        Some(kept) => (
            shell.titled(&kept.name),
            format!("/settings/agreements/{}", kept.id),
        ),
        None => (shell, "/settings/agreements".to_owned()),
    };
    let value = |name: &str| form.value(name).to_owned();
    Ok(Answer::html(&Page {
        here: "agreements",
        examples: examples::of_form(r, &shell, &value)?,
        choices: choices(r, &shell, &form)?,
        form,
        seen,
        back: action.clone(),
        action,
        is_new: kept.is_none(),
        tried,
        shell,
    }))
}

fn choices(r: &mut Db, shell: &Shell, form: &FormView) -> Result<Choices> {
    let t = shell.t;
    let ours = |family: &str, words: &[&str]| -> Vec<Choice> {
        let choice = |word: &&str| {
            let key = format!("{family}-{}", word.replace('_', "-"));
            ((*word).to_owned(), t.s(&key).into_owned())
        };
        words.iter().map(choice).collect()
    };
    let kinds: Vec<&str> = AgreementKind::ALL.iter().map(|kind| kind.word()).collect();
    let records: Vec<&str> = Kind::ALL.iter().map(|kind| kind.word()).collect();
    let priorities = services::list_levels(r, Scale::Priority)?.into_iter();
    let priorities = priorities.map(|p| (p.level.to_string(), format!("P{} {}", p.level, p.name)));
    // What is chosen already stays to be seen, whatever became of it.
    let present = |field: &str, id: String, disabled: bool| !disabled || form.is(field, &id);
    let services = services::list_services(r)?.into_iter();
    let services = services
        .filter(|s| present("service", s.id.to_string(), s.disabled_at.is_some()))
        .map(|s| (s.id.to_string(), s.name));
    let categories = services::list_categories(r)?.into_iter();
    let categories = categories
        .filter(|c| present("category", c.id.to_string(), c.disabled_at.is_some()))
        .map(|c| (c.id.to_string(), c.name));
    let calendars = service_levels::calendars(r)?.into_iter();
    let calendars = calendars
        .filter(|c| present("calendar", c.id.to_string(), c.is_retired))
        .map(|c| (c.id.to_string(), c.name));
    let pauses = services::list_codes(r, CodeList::Hold)?.into_iter();
    let pauses = pauses
        .filter(|c| present("pauses", c.code.clone(), c.disabled_at.is_some()))
        .map(|c| (c.code, c.label));
    let suppliers = items::list_suppliers(r)?.into_iter();
    let suppliers =
        suppliers.filter(|s| present("supplier", s.id.to_string(), s.disabled_at.is_some()));
    let organisation: Option<Id<Organisation>> = form.value("organisation").parse().ok();
    let team = form.value("team").parse().ok();
    Ok(Choices {
        kinds: ours("agreement-kind", &kinds),
        records: ours("kind", &records),
        priorities: priorities.collect(),
        services: services.collect(),
        categories: categories.collect(),
        calendars: calendars.collect(),
        pauses: pauses.collect(),
        suppliers: suppliers.map(|s| (s.id.to_string(), s.name)).collect(),
        organisations: organisation_choices(r, organisation)?,
        teams: team_choices(r, team)?,
        stops: ours("stops-at", &["resolved", "closed"]),
        reopenings: ours(
            "reopening",
            &["continue_time_off", "continue_time_counts", "new_cycle"],
        ),
        priority_changes: ours("priority-change", &["from_start", "from_change"]),
    })
}
