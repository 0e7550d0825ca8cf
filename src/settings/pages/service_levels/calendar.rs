//! The form of a calendar: filled in, tried, saved.

use actix_web::{HttpResponse, web};
use askama::Template;

use super::from_of;
use super::trying::{self, Tried};
use crate::people::meanwhile::{self, Edit, Settled, settle};
use crate::people::{Answer, COMMON_ZONES, Done, Flash, Form, FormView, Shell, Visit, Visitor};
use crate::platform::db::{Db, Id, Read};
use crate::platform::kernel::error::{Error, Result};
use crate::service_levels::actions::{self, Definitions};
use crate::service_levels::{self, Calendar, Kept, Wanted};
use crate::settings::forms::{CALENDAR_FIELDS, CalendarForm};
use crate::settings::pages::{Choice, id, saved, shell};

const DAYS: [(&str, &str); 7] = [
    ("monday", "field-monday"),
    ("tuesday", "field-tuesday"),
    ("wednesday", "field-wednesday"),
    ("thursday", "field-thursday"),
    ("friday", "field-friday"),
    ("saturday", "field-saturday"),
    ("sunday", "field-sunday"),
];

#[derive(Template)]
#[template(path = "settings/calendar_form.html")]
struct Page {
    shell: Shell,
    here: &'static str,
    form: FormView,
    seen: String,
    action: String,
    /// Where giving up leads to.
    back: String,
    is_new: bool,
    zones: &'static [&'static str],
    /// Fields and their labels.
    days: [(&'static str, &'static str); 7],
    others: Vec<Choice>,
    tried: Option<Tried>,
}

pub async fn new(visit: Visit) -> HttpResponse {
    visit
        .page(|r, v| {
            let zone = crate::people::default_zone(r)?;
            let form = FormView::fresh().preset("zone", zone);
            // What most desks begin with.
            let weekdays = DAYS.iter().take(5);
            let form = weekdays.fold(form, |form, (day, _)| form.preset(day, "09:00-17:00"));
            page(r, v, None, form, String::new(), None)
        })
        .await
}

pub async fn edit(visit: Visit, path: web::Path<String>) -> HttpResponse {
    visit
        .page(move |r, v| {
            shell(v, "settings-calendars")?;
            let kept = find(r, &path)?;
            let now = now(&kept)?;
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
    if form.value("do") != "save" && form.problems.is_empty() {
        let (of, asked) = (of.clone(), form.clone());
        let fit = visit
            .read(move |r, v| {
                shell(v, "settings-calendars")?;
                let (settled, _) = wanted(r, v, of.as_deref(), &asked)?;
                let wanted = Definitions::of_calendar(settled.value);
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
                shell(v, "settings-calendars")?;
                let (settled, is_new) = wanted(w, v, to.as_deref(), form)?;
                let id = settled.value.id;
                let print = trying::print(w, &settled.value)?;
                trying::looked(w, Definitions::of_calendar(settled.value.clone()), ctx.now)?;
                trying::check(form, &print)?;
                let name = settled.value.definition.name.clone();
                actions::save_calendar(w, v, ctx, settled.value)?;
                let to = format!("/settings/calendars/{id}");
                if is_new {
                    let added = Flash::ok("calendar-added").arg("name", name);
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
    let shell = shell(v, "settings-calendars")?;
    let kept = of.map(|of| find(r, of)).transpose()?;
    let view = meanwhile::view_again(&shell, form, error);
    let seen = meanwhile::seen_again(form, error);
    if !trying::is_to_be_tried(error) {
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
    let looked = trying::looked(r, Definitions::of_calendar(settled.value), v.now)?;
    Tried::of(r, shell, v, print, &looked, from)
}

/// What a form wants, together with what somebody else changed meanwhile; and whether it is new.
fn wanted(
    conn: &mut Db,
    v: &Visitor,
    of: Option<&str>,
    form: &Form,
) -> Result<(Settled<Wanted<Calendar>>, bool)> {
    let given = CalendarForm::given(form);
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
            let now = now(kept)?;
            let settled = settle(conn, kept.id.uuid(), CALENDAR_FIELDS, &edit, &now)?;
            (kept.id, settled)
        }
    };
    let wanted = Wanted {
        id,
        definition: settled.value.definition()?,
        from,
        is_retired: false,
    };
    let settled = Settled {
        value: wanted,
        with_theirs: settled.with_theirs,
    };
    Ok((settled, kept.is_none()))
}

fn find(conn: &mut Db, of: &str) -> Result<Kept<Calendar>> {
    service_levels::find(service_levels::calendars(conn)?, id(of)?)
}

fn now(kept: &Kept<Calendar>) -> Result<CalendarForm> {
    let latest = kept.latest().ok_or(Error::NotFound)?;
    Ok(CalendarForm::of(&latest.definition))
}

fn page(
    r: &mut Read<'_>,
    v: &Visitor,
    kept: Option<&Kept<Calendar>>,
    form: FormView,
    seen: String,
    tried: Option<Tried>,
) -> Result<Answer> {
    let shell = shell(v, "settings-calendar-new")?;
    let (shell, action) = match kept {
        Some(kept) => (
            shell.titled(&kept.name),
            format!("/settings/calendars/{}", kept.id),
        ),
        None => (shell, "/settings/calendars".to_owned()),
    };
    let own = kept.map(|kept| kept.id);
    let others = service_levels::calendars(r)?.into_iter();
    let others = others.filter(|other| {
        let id = other.id.to_string();
        Some(other.id) != own && (!other.is_retired || form.is("also", &id))
    });
    Ok(Answer::html(&Page {
        here: "calendars",
        others: others.map(|c| (c.id.to_string(), c.name)).collect(),
        form,
        seen,
        back: action.clone(),
        action,
        is_new: kept.is_none(),
        zones: COMMON_ZONES,
        days: DAYS,
        tried,
        shell,
    }))
}
