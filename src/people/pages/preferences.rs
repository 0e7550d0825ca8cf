//! What people choose for themselves: language, zone, looks, keys, password, sessions.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::hash_password;
use crate::people::answer::{Answer, see_other};
use crate::people::form::Form;
use crate::people::form_view::FormView;
use crate::people::layout::{Flash, Shell, When};
use crate::people::model::{Person, Preferences};
use crate::people::session::{self, Session};
use crate::people::site::Site;
use crate::people::submit::Done;
use crate::people::visit::Visit;
use crate::people::visitor::Visitor;
use crate::people::{actions, rules, store, zones};
use crate::platform::db::{Id, Read};
use crate::platform::kernel::error::{Error, Message, Result};
use crate::platform::words::Words;

#[derive(Template)]
#[template(path = "people/preferences.html")]
struct Page {
    shell: Shell,
    form: FormView,
    password: FormView,
    mail: String,
    languages: Vec<(&'static str, String)>,
    zones: &'static [&'static str],
    themes: Vec<(&'static str, String)>,
    sessions: Vec<Row>,
    others: usize,
}

struct Row {
    id: Id<Session>,
    device: String,
    address: String,
    seen: When,
    since: When,
    is_this: bool,
}

/// Which of the page's two forms comes back.
enum Which {
    Choices,
    Password,
}

pub async fn show(visit: Visit) -> HttpResponse {
    let site = visit.site.clone();
    visit
        .page(move |r, v| page(r, v, &site, FormView::fresh(), FormView::fresh()))
        .await
}

pub async fn save(visit: Visit, form: Form) -> HttpResponse {
    let site = visit.site.clone();
    visit
        .submit(
            form,
            |w, v, ctx, form| {
                let wish = Preferences {
                    language: form.value("language").to_owned(),
                    zone: form.value("zone").to_owned(),
                    theme: form.value("theme").to_owned(),
                    single_keys: form.has("single_keys"),
                };
                actions::set_preferences(w, v, ctx, &wish)?;
                Ok(Done::at("/preferences").saying(Flash::ok("preferences-saved")))
            },
            move |r, v, form, error| again(r, v, &site, &Which::Choices, form, error),
        )
        .await
}

/// What came of checking the old password and hashing the new one, outside of any transaction.
#[derive(Clone)]
enum Changed {
    Hash { against: String, new: String },
    No(&'static str, Message),
}

pub async fn change_password(req: HttpRequest, visit: Visit, form: Form) -> HttpResponse {
    let changed = match prepare(&req, &visit, &form).await {
        Err(Error::Invalid(invalid)) => match invalid.0.into_iter().next() {
            Some((field, message)) => Changed::No(field, message),
            None => Changed::No("", Message::new("error-invalid")),
        },
        Err(e) => return visit.error(&e).await,
        Ok(changed) => changed,
    };
    let site = visit.site.clone();
    visit
        .submit(
            form,
            move |w, v, ctx, _| match &changed {
                Changed::No(field, message) => Err(Error::invalid(field, message.clone())),
                Changed::Hash { against, new } => {
                    actions::change_own_password(w, v, ctx, against, new)?;
                    Ok(Done::at("/preferences").saying(Flash::ok("password-changed")))
                }
            },
            move |r, v, form, error| again(r, v, &site, &Which::Password, form, error),
        )
        .await
}

async fn prepare(req: &HttpRequest, visit: &Visit, form: &Form) -> Result<Changed> {
    let person = visit.read(|r, v| store::find_person(r, v.id)).await?;
    let new = form.value("password").to_owned();
    rules::new_password(
        &new,
        form.value("password_again"),
        &[&person.name, &person.mail],
    )?;
    let given = form.value("old_password").to_owned();
    let against = match super::confirm::is_theirs(req, visit, &person, given).await? {
        Ok(against) => against,
        Err(message) => return Ok(Changed::No("old_password", message)),
    };
    let new = hash_password(visit, &new).await?;
    Ok(Changed::Hash { against, new })
}

pub async fn end_one(visit: Visit, id: web::Path<String>) -> HttpResponse {
    let id = id.into_inner();
    let ended = visit
        .write(move |w, v, ctx| {
            let id = id.parse().map_err(|_| Error::NotFound)?;
            actions::end_session(w, v, id, ctx.now)
        })
        .await;
    match ended {
        Ok(()) => visit.with_flash(see_other("/preferences"), &Flash::ok("session-ended")),
        Err(e) => visit.error(&e).await,
    }
}

pub async fn end_others(visit: Visit) -> HttpResponse {
    let ended = visit
        .write(|w, v, ctx| actions::end_other_sessions(w, v, ctx.now))
        .await;
    match ended {
        Ok(_) => visit.with_flash(see_other("/preferences"), &Flash::ok("sessions-ended")),
        Err(e) => visit.error(&e).await,
    }
}

fn again(
    r: &mut Read<'_>,
    v: &Visitor,
    site: &Site,
    which: &Which,
    form: &Form,
    error: Option<&Error>,
) -> Result<Answer> {
    let view = FormView::again(&v.shell("", ""), form, error);
    match which {
        Which::Choices => page(r, v, site, view, FormView::fresh()),
        Which::Password => page(r, v, site, FormView::fresh(), view),
    }
}

fn page(
    r: &mut Read<'_>,
    v: &Visitor,
    site: &Site,
    form: FormView,
    password: FormView,
) -> Result<Answer> {
    let person = store::find_person(r, v.id)?;
    let shell = v.shell("", v.words.s("nav-preferences"));
    let mut sessions: Vec<Row> = session::list(r, v.id, v.now)?
        .into_iter()
        .filter(|s| s.is_live(v.now, site.seen.of(s.id), site.limits))
        .map(|s| row(&shell, v, site, s))
        .collect();
    sessions.sort_by_key(|row| !row.is_this);
    let others = sessions.iter().filter(|row| !row.is_this).count();
    Ok(Answer::html(&Page {
        form: with_present(form, &person),
        password,
        mail: person.mail,
        languages: Words::offered()
            .iter()
            .map(|tag| (*tag, shell.t.s(&format!("language-{tag}")).into_owned()))
            .collect(),
        zones: zones::COMMON,
        themes: rules::THEMES
            .iter()
            .map(|theme| (*theme, shell.t.s(&format!("theme-{theme}")).into_owned()))
            .collect(),
        sessions,
        others,
        shell,
    }))
}

/// A form nobody has posted shows the present choices; one that comes back shows what was chosen.
fn with_present(form: FormView, person: &Person) -> FormView {
    if form.has("language") {
        return form;
    }
    let form = form
        .preset("language", &person.language)
        .preset("zone", &person.zone)
        .preset("theme", &person.theme);
    if person.single_keys {
        form.preset("single_keys", "on")
    } else {
        form
    }
}

fn row(shell: &Shell, v: &Visitor, site: &Site, session: Session) -> Row {
    let seen = site
        .seen
        .of(session.id)
        .map_or(session.last_seen_at, |at| at.max(session.last_seen_at));
    let device = match rules::device(&session.device) {
        Some((browser, "")) => browser.to_owned(),
        Some((browser, system)) => {
            shell
                .t
                .with2("session-device", "browser", browser, "system", system)
        }
        None => shell.t.s("session-device-unknown").into_owned(),
    };
    Row {
        id: session.id,
        device,
        address: session.address,
        seen: shell.when(seen),
        since: shell.when(session.created_at),
        is_this: session.id == v.session,
    }
}
