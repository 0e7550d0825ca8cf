//! A person: added, edited, disabled, given a link to set a password.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use super::{Choice, id, location_choices, organisation_choices, saved, shell, simple};
use crate::people::actions::{self, By};
use crate::people::meanwhile::{self, Edit};
use crate::people::{
    Answer, COMMON_ZONES, Done, Flash, Form, FormView, Person, PersonForm, Right, Roles, Shell,
    Visit, Visitor, When, default_zone, find_person, find_person_named, team_names_of,
};
use crate::platform::db::{Db, Id, Read};
use crate::platform::kernel::error::{Error, Invalid, Result};
use crate::platform::words::Words;

#[derive(Template)]
#[template(path = "settings/person.html")]
struct Page {
    shell: Shell,
    here: &'static str,
    form: FormView,
    seen: String,
    action: String,
    person: Option<Present>,
    languages: Vec<(&'static str, String)>,
    zones: &'static [&'static str],
    roles: Vec<Role>,
    organisations: Vec<Choice>,
    locations: Vec<Choice>,
}

impl Page {
    /// Nothing is left to edit.
    fn is_erased(&self) -> bool {
        self.person.as_ref().is_some_and(|person| person.erased)
    }
}

/// What the page of a person who is there shows beside the form.
struct Present {
    id: Id<Person>,
    teams: String,
    disabled_at: Option<When>,
    erased: bool,
    has_password: bool,
    has_mail: bool,
}

struct Role {
    field: String,
    label: String,
    hint: String,
}

#[derive(Template)]
#[template(path = "settings/person_link.html")]
struct LinkPage {
    shell: Shell,
    here: &'static str,
    id: Id<Person>,
    name: String,
    link: String,
    until: When,
}

pub async fn new(visit: Visit) -> HttpResponse {
    visit
        .page(|r, v| {
            let zone = default_zone(r)?;
            let form = FormView::fresh()
                .preset("language", crate::platform::words::DEFAULT)
                .preset("zone", zone);
            page(r, v, None, form, String::new())
        })
        .await
}

pub async fn add(visit: Visit, form: Form) -> HttpResponse {
    visit
        .submit(
            form,
            |w, v, ctx, form| {
                let given = given(w, form, None)?;
                let person = actions::add_person(w, By::Visitor(v), ctx, &given)?;
                Ok(Done::at(format!("/settings/people/{}", person.id))
                    .saying(Flash::ok("person-added").arg("name", person.name)))
            },
            |r, v, form, error| {
                let view = FormView::again(&v.shell("", ""), form, error);
                page(r, v, None, view, String::new())
            },
        )
        .await
}

pub async fn show(visit: Visit, path: web::Path<String>) -> HttpResponse {
    visit
        .page(move |r, v| {
            shell(v, "settings-people")?;
            let person = find_person(r, id(&path)?)?;
            let now = PersonForm::of(&person);
            let manager = manager_shown(r, &person)?;
            let form = present(FormView::fresh(), &now).preset("manager", manager);
            page(r, v, Some(&person), form, meanwhile::seen(&now))
        })
        .await
}

pub async fn save(visit: Visit, path: web::Path<String>, form: Form) -> HttpResponse {
    let (to, of) = (path.clone(), path.into_inner());
    visit
        .submit(
            form,
            move |w, v, ctx, form| {
                v.needs(Right::Administer)?;
                let person = find_person(w, id(&to)?)?;
                let edit = Edit::of(form, given(w, form, Some(&person))?)?;
                let settled = actions::edit_person(w, By::Visitor(v), ctx, person.id, &edit)?;
                Ok(saved(
                    format!("/settings/people/{}", settled.value.id),
                    settled.with_theirs,
                ))
            },
            move |r, v, form, error| {
                v.needs(Right::Administer)?;
                let person = find_person(r, id(&of)?)?;
                let view = meanwhile::view_again(&v.shell("", ""), form, error);
                let seen = meanwhile::seen_again(form, error);
                page(r, v, Some(&person), view, seen)
            },
        )
        .await
}

/// Answers with a page that shows the link this once.
pub async fn make_link(visit: Visit, path: web::Path<String>) -> HttpResponse {
    let public_url = visit.site.public_url.clone();
    let made = visit
        .write(move |w, v, ctx| {
            let made = actions::make_password_link(w, By::Visitor(v), ctx, id(&path)?)?;
            let shell = shell(v, "person-link")?;
            Ok(Answer::html(&LinkPage {
                here: "people",
                id: made.person.id,
                name: made.person.name.clone(),
                link: format!("{public_url}{}", made.path()),
                until: shell.when(made.expires_at),
                shell,
            }))
        })
        .await;
    match made {
        Ok(answer) => visit.after_showing(answer.with_status(StatusCode::OK).into()),
        Err(e) => visit.error(&e).await,
    }
}

/// Disabling shows first what they still hold (`leaving`).
pub async fn enable(visit: Visit, path: web::Path<String>, form: Form) -> HttpResponse {
    simple(visit, form, move |w, v, ctx, _| {
        let person = actions::set_person_enabled(w, By::Visitor(v), ctx, id(&path)?, true)?;
        Ok(Done::at(format!("/settings/people/{}", person.id))
            .saying(Flash::ok("person-enabled").arg("name", person.name)))
    })
    .await
}

/// How the form names somebody's line manager.
fn manager_shown(conn: &mut Db, person: &Person) -> Result<String> {
    let Some(manager) = person.manager_id else {
        return Ok(String::new());
    };
    let manager = find_person(conn, manager)?;
    Ok(match (manager.mail.is_empty(), manager.staff_number) {
        (false, _) => manager.mail,
        (true, Some(number)) => number,
        (true, None) => manager.name,
    })
}

/// Whom the form names as line manager; the present one as the form showed them.
fn manager(conn: &mut Db, form: &Form, present: Option<&Person>) -> Result<Option<Id<Person>>> {
    let typed = form.value("manager").trim();
    if typed.is_empty() {
        return Ok(None);
    }
    if let Some(person) = present
        && manager_shown(conn, person)? == typed
    {
        return Ok(person.manager_id);
    }
    match find_person_named(conn, typed)? {
        Some(found) => Ok(Some(found.id)),
        None => Err(Error::invalid("manager", "person-manager-unknown")),
    }
}

fn given(conn: &mut Db, form: &Form, present: Option<&Person>) -> Result<PersonForm> {
    let mut invalid = Invalid::default();
    let of = |name: &str| form.value(name).to_owned();
    let roles = Roles::ALL
        .iter()
        .filter(|(word, _)| form.has(&format!("role_{word}")))
        .fold(Roles::NONE, |held, (_, role)| held.with(*role));
    let given = PersonForm {
        name: of("name"),
        mail: of("mail"),
        phone: of("phone"),
        staff_number: of("staff_number"),
        language: of("language"),
        zone: of("zone"),
        roles,
        organisation: form.parsed("organisation", &mut invalid),
        location: form.parsed("location", &mut invalid),
        manager: manager(conn, form, present)?,
        vip: form.has("vip"),
    };
    invalid.or(given)
}

fn present(form: FormView, now: &PersonForm) -> FormView {
    let form = form
        .preset("name", &now.name)
        .preset("mail", &now.mail)
        .preset("phone", &now.phone)
        .preset("staff_number", &now.staff_number)
        .preset("language", &now.language)
        .preset("zone", &now.zone)
        .preset("organisation", optional(now.organisation))
        .preset("location", optional(now.location));
    let form = if now.vip {
        form.preset("vip", "on")
    } else {
        form
    };
    now.roles.words().into_iter().fold(form, |form, word| {
        form.preset(&format!("role_{word}"), "on")
    })
}

fn optional<T>(id: Option<Id<T>>) -> String {
    id.map(|id| id.to_string()).unwrap_or_default()
}

fn page(
    r: &mut Read<'_>,
    v: &Visitor,
    person: Option<&Person>,
    form: FormView,
    seen: String,
) -> Result<Answer> {
    let shell = shell(v, "settings-person-new")?;
    let shell = match person {
        Some(person) => shell.titled(&person.name),
        None => shell,
    };
    let roles = Roles::ALL
        .iter()
        .map(|(word, _)| Role {
            field: format!("role_{word}"),
            label: shell.t.s(&format!("role-{word}")).into_owned(),
            hint: shell.t.s(&format!("role-{word}.hint")).into_owned(),
        })
        .collect();
    let languages = Words::offered()
        .iter()
        .map(|tag| (*tag, shell.t.s(&format!("language-{tag}")).into_owned()))
        .collect();
    let present = person
        .map(|p| -> Result<Present, Error> {
            let teams = team_names_of(r, &[p.id])?;
            let teams: Vec<String> = teams.into_iter().map(|(_, name)| name).collect();
            Ok(Present {
                id: p.id,
                teams: teams.join(", "),
                disabled_at: p.disabled_at.map(|at| shell.when(at)),
                erased: p.erased.is_some(),
                has_password: p.password_hash.is_some(),
                has_mail: !p.mail.is_empty(),
            })
        })
        .transpose()?;
    Ok(Answer::html(&Page {
        here: "people",
        form,
        seen,
        action: person.map_or_else(
            || "/settings/people".to_owned(),
            |p| format!("/settings/people/{}", p.id),
        ),
        person: present,
        languages,
        zones: COMMON_ZONES,
        roles,
        organisations: organisation_choices(r, person.and_then(|p| p.organisation_id))?,
        locations: location_choices(r, person.and_then(|p| p.location_id))?,
        shell,
    }))
}
