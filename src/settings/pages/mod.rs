//! The administration pages.

mod approvals;
mod boards;
mod categories;
mod codes;
mod erasure;
mod fair_order;
mod general;
mod history;
mod import;
mod item;
mod items;
mod leaving;
mod locations;
mod organisations;
mod people;
mod person;
mod priorities;
mod service_levels;
mod services;
mod suppliers;
mod teams;

use actix_web::HttpResponse;
use actix_web::web::{ServiceConfig, get, post, resource};
use askama::Template;

use crate::people::{
    Answer, Done, Flash, Form, Location, Organisation, Right, Shell, Team, Visit, Visitor,
};
use crate::platform::db::{Db, Id, Read};
use crate::platform::kernel::error::{Error, Result};

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/settings", get().to(index))
        .service(
            resource("/settings/general")
                .get(general::show)
                .post(general::save),
        )
        .service(
            resource("/settings/fair-order")
                .get(fair_order::show)
                .post(fair_order::save),
        )
        .route("/settings/people/new", get().to(person::new))
        .service(
            resource("/settings/people")
                .get(people::list)
                .post(person::add),
        )
        .service(
            resource("/settings/people/{id}")
                .get(person::show)
                .post(person::save),
        )
        .route("/settings/people/{id}/link", post().to(person::make_link))
        .route("/settings/people/{id}/enabled", post().to(person::enable))
        .service(
            resource("/settings/people/{id}/leaving")
                .get(leaving::show)
                .post(leaving::take),
        )
        .service(
            resource("/settings/people/{id}/erasure")
                .get(erasure::show)
                .post(erasure::take),
        )
        .route("/settings/history/{of}/{which}", get().to(history::show))
        .configure(team_routes)
        .configure(service_routes)
        .configure(place_routes)
        .configure(item_routes)
        .configure(code_routes)
        .configure(approval_routes)
        .configure(service_levels::routes);
}

fn team_routes(cfg: &mut ServiceConfig) {
    cfg.route("/settings/teams/new", get().to(teams::new))
        .route("/settings/teams/desk", post().to(teams::set_desk))
        .service(
            resource("/settings/teams")
                .get(teams::list)
                .post(teams::add),
        )
        .service(
            resource("/settings/teams/{id}")
                .get(teams::show)
                .post(teams::save),
        )
        .route("/settings/teams/{id}/members", post().to(teams::add_member))
        .route(
            "/settings/teams/{id}/members/{person}/removal",
            post().to(teams::remove_member),
        );
}

fn service_routes(cfg: &mut ServiceConfig) {
    cfg.route("/settings/services/new", get().to(services::new))
        .service(
            resource("/settings/services")
                .get(services::list)
                .post(services::add),
        )
        .service(
            resource("/settings/services/{id}")
                .get(services::show)
                .post(services::save),
        )
        .route("/settings/categories/new", get().to(categories::new))
        .service(
            resource("/settings/categories")
                .get(categories::list)
                .post(categories::add),
        )
        .service(
            resource("/settings/categories/{id}")
                .get(categories::show)
                .post(categories::save),
        );
}

fn place_routes(cfg: &mut ServiceConfig) {
    cfg.route("/settings/organisations/new", get().to(organisations::new))
        .service(
            resource("/settings/organisations")
                .get(organisations::list)
                .post(organisations::add),
        )
        .service(
            resource("/settings/organisations/{id}")
                .get(organisations::show)
                .post(organisations::save),
        )
        .route("/settings/locations/new", get().to(locations::new))
        .service(
            resource("/settings/locations")
                .get(locations::list)
                .post(locations::add),
        )
        .service(
            resource("/settings/locations/{id}")
                .get(locations::show)
                .post(locations::save),
        )
        .route("/settings/suppliers/new", get().to(suppliers::new))
        .service(
            resource("/settings/suppliers")
                .get(suppliers::list)
                .post(suppliers::add),
        )
        .service(
            resource("/settings/suppliers/{id}")
                .get(suppliers::show)
                .post(suppliers::save),
        );
}

fn item_routes(cfg: &mut ServiceConfig) {
    cfg.route("/settings/items/new", get().to(item::new))
        .service(resource("/settings/items").get(items::list).post(item::add))
        .service(
            resource("/settings/items/{id}")
                .get(item::show)
                .post(item::save),
        )
        .route("/settings/items/{id}/needs", post().to(item::add_need))
        .route(
            "/settings/items/{id}/needs/{item}/removal",
            post().to(item::remove_need),
        )
        .service(
            resource("/settings/import/{what}")
                .get(import::show)
                .post(import::take),
        );
}

fn code_routes(cfg: &mut ServiceConfig) {
    cfg.route("/settings/codes", get().to(codes::index))
        .route("/settings/codes/{list}/new", get().to(codes::new))
        .route("/settings/codes/{list}", post().to(codes::add))
        .service(
            resource("/settings/codes/{list}/{code}")
                .get(codes::show)
                .post(codes::save),
        )
        .route(
            "/settings/codes/{list}/{code}/position",
            post().to(codes::reorder),
        )
        .service(
            resource("/settings/priorities")
                .get(priorities::show)
                .post(priorities::save),
        )
        .service(
            resource("/settings/priorities/{scale}")
                .get(priorities::show_scale)
                .post(priorities::rename),
        )
        .route(
            "/settings/priorities/{scale}/levels",
            post().to(priorities::add),
        )
        .route(
            "/settings/priorities/{scale}/removal",
            post().to(priorities::remove),
        );
}

fn approval_routes(cfg: &mut ServiceConfig) {
    cfg.route("/settings/approvals/new", get().to(approvals::new))
        .route("/settings/approvals/usual", post().to(approvals::usual))
        .service(
            resource("/settings/approvals")
                .get(approvals::list)
                .post(approvals::add),
        )
        .service(
            resource("/settings/approvals/{id}")
                .get(approvals::show)
                .post(approvals::save),
        )
        .route(
            "/settings/approvals/{id}/retirement",
            post().to(approvals::retire),
        )
        .route("/settings/boards/new", get().to(boards::new))
        .service(
            resource("/settings/boards")
                .get(boards::list)
                .post(boards::add),
        )
        .service(
            resource("/settings/boards/{id}")
                .get(boards::show)
                .post(boards::save),
        );
}

#[derive(Template)]
#[template(path = "settings/index.html")]
struct Index {
    shell: Shell,
    here: &'static str,
}

async fn index(visit: Visit) -> HttpResponse {
    visit
        .page(|_, v| {
            let shell = shell(v, "nav-settings")?;
            Ok(Answer::html(&Index { shell, here: "" }))
        })
        .await
}

/// The frame of a settings page, for those who may see one.
fn shell(v: &Visitor, title: &str) -> Result<Shell> {
    v.needs(Right::Administer)?;
    Ok(v.shell("settings", v.words.s(title)))
}

/// Something to choose in a select: its value and what is shown.
type Choice = (String, String);

/// The teams to choose from: enabled ones, and the present one whatever became of it.
fn team_choices(r: &mut Db, present: Option<Id<Team>>) -> Result<Vec<Choice>> {
    Ok(crate::people::list_teams(r)?
        .into_iter()
        .filter(|team| team.disabled_at.is_none() || Some(team.id) == present)
        .map(|team| (team.id.to_string(), team.name))
        .collect())
}

/// The people to choose from: those with a role, and the present one.
fn agent_choices(r: &mut Db, present: Option<Id<crate::people::Person>>) -> Result<Vec<Choice>> {
    let mut people = crate::people::list_agents(r)?;
    if let Some(id) = present.filter(|id| people.iter().all(|p| p.id != *id)) {
        people.extend(crate::people::people_by_ids(r, &[id])?);
    }
    Ok(people
        .into_iter()
        .map(|p| (p.id.to_string(), p.name))
        .collect())
}

/// The organisations to choose from: enabled ones, and the present one whatever became of it.
fn organisation_choices(r: &mut Db, present: Option<Id<Organisation>>) -> Result<Vec<Choice>> {
    Ok(crate::people::list_organisations(r)?
        .into_iter()
        .filter(|o| o.disabled_at.is_none() || Some(o.id) == present)
        .map(|o| (o.id.to_string(), o.name))
        .collect())
}

/// The locations to choose from.
fn location_choices(r: &mut Db, present: Option<Id<Location>>) -> Result<Vec<Choice>> {
    Ok(crate::people::list_locations(r)?
        .into_iter()
        .filter(|l| l.disabled_at.is_none() || Some(l.id) == present)
        .map(|l| (l.id.to_string(), l.name))
        .collect())
}

/// Whom or what a path names; what is not an id names nothing.
fn id<T>(text: &str) -> Result<Id<T>> {
    text.parse().map_err(|_| Error::NotFound)
}

/// Back to a page, saying that all is saved, and whether somebody else's changes came along.
fn saved(to: impl Into<String>, with_theirs: bool) -> Done {
    let key = if with_theirs {
        "settings-saved-with-theirs"
    } else {
        "settings-saved"
    };
    Done::at(to).saying(Flash::ok(key))
}

/// A post without fields that can be mended: refused, its own page says why.
async fn simple<A>(visit: Visit, form: Form, act: A) -> HttpResponse
where
    A: Fn(
            &mut crate::platform::db::Write<'_>,
            &Visitor,
            &crate::platform::kernel::ctx::Ctx,
            &Form,
        ) -> Result<Done>
        + Send
        + 'static,
{
    visit
        .submit(form, act, |_: &mut Read<'_>, v, _, error| {
            let shell = shell(v, "nav-settings")?;
            let problem = match error {
                Some(Error::Refused(message)) => Some(shell.say(message)),
                Some(Error::Invalid(invalid)) => {
                    invalid.0.first().map(|(_, message)| shell.say(message))
                }
                _ => None,
            };
            let problem = problem.unwrap_or_else(|| shell.t.s("error-stale").into_owned());
            Ok(Answer::html(&Refusal {
                shell,
                here: "",
                problem,
            }))
        })
        .await
}

#[derive(Template)]
#[template(path = "settings/refusal.html")]
struct Refusal {
    shell: Shell,
    here: &'static str,
    problem: String,
}
