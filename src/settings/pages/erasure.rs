//! A person is erased: what there is of them, what goes, and their name typed.

use std::sync::{Arc, Mutex, PoisonError};

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use super::{id, shell};
use crate::journal::Naming;
use crate::people::{
    Answer, Done, Flash, Form, FormView, Person, Shell, Visit, Visitor, find_person, percent_encode,
};
use crate::platform::db::{Db, Id};
use crate::platform::kernel::error::{Error, Result};
use crate::settings::Choices;
use crate::settings::actions::{Erase, Erased, Traces, erase, erase_rest, remove_files};

#[derive(Template)]
#[template(path = "settings/erasure.html")]
struct Page {
    shell: Shell,
    here: &'static str,
    form: FormView,
    id: Id<Person>,
    name: String,
    traces: Traces,
    choices: [Choice; 4],
}

/// Something that goes or stays.
struct Choice {
    field: &'static str,
    n: i64,
}

impl Choice {
    fn label(&self) -> String {
        self.field.replace('_', "-")
    }

    fn hint(&self) -> String {
        format!("{}.hint", self.label())
    }
}

impl Page {
    /// The search for what others wrote of them.
    fn query(&self) -> String {
        percent_encode(&self.name)
    }
}

pub async fn show(visit: Visit, path: web::Path<String>) -> HttpResponse {
    visit
        .page(move |r, v| page(r, v, &path, FormView::fresh()))
        .await
}

pub async fn take(visit: Visit, path: web::Path<String>, form: Form) -> HttpResponse {
    let (to, of) = (path.clone(), path.into_inner());
    // The journal is looked through before, while others save.
    let whom = to.clone();
    let looked = visit
        .read(move |r, v| {
            shell(v, "settings-people")?;
            let person = find_person(r, id(&whom)?)?;
            let mut naming = Naming::default();
            naming.look_on(r, person.id.uuid())?;
            Ok(naming)
        })
        .await;
    let naming = match looked {
        Ok(naming) => naming,
        // Whoever must sign in first finds their form again afterwards.
        Err(Error::SignIn) => Naming::default(),
        Err(e) => return visit.error(&e).await,
    };
    let erased: Arc<Mutex<Option<Erased>>> = Arc::default();
    let tell = Arc::clone(&erased);
    let response = visit
        .submit(
            form,
            move |w, v, ctx, form| {
                shell(v, "settings-people")?;
                let command = Erase {
                    choices: given(form),
                    confirm: form.value("confirm").to_owned(),
                    naming: naming.clone(),
                };
                let done = erase(w, v, ctx, id(&to)?, &command)?;
                let person = done.person.clone();
                *tell.lock().unwrap_or_else(PoisonError::into_inner) = Some(done);
                Ok(Done::at(format!("/settings/people/{}", person.id))
                    .saying(Flash::ok("person-erased").arg("name", person.name)))
            },
            move |r, v, form, error| {
                let view = FormView::again(&v.shell("", ""), form, error);
                page(r, v, &of, view)
            },
        )
        .await;
    let erased = erased.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some(erased) = erased.filter(|_| response.status() == StatusCode::SEE_OTHER)
        && let Err(e) = afterwards(&visit, erased).await
    {
        tracing::error!(error = %e, "a person was erased; what is left of it is for the daily sweep");
    }
    response
}

/// What follows once it is committed.
async fn afterwards(visit: &Visit, erased: Erased) -> Result<()> {
    let site = Arc::clone(&visit.site);
    let contents = erased.contents.clone();
    site.store.write(move |w| erase_rest(w, &erased)).await?;
    let now = visit.now;
    web::block(move || remove_files(&site.store, &site.blobs, now, &contents))
        .await
        .map_err(|_| Error::inward("the blocking thread was cancelled"))?
        .map(drop)
}

fn given(form: &Form) -> Choices {
    Choices {
        records: form.has("erase_records"),
        replies: form.has("erase_replies"),
        notes: form.has("erase_notes"),
        files: form.has("erase_files"),
    }
}

fn page(r: &mut Db, v: &Visitor, path: &str, form: FormView) -> Result<Answer> {
    let shell = shell(v, "person-erase")?;
    let person = find_person(r, id(path)?)?;
    let traces = Traces::of(r, v, person.id)?;
    let choice = |field, n| Choice { field, n };
    Ok(Answer::html(&Page {
        here: "people",
        form,
        id: person.id,
        name: person.name,
        choices: [
            choice("erase_records", traces.records as i64),
            choice("erase_replies", traces.replies as i64),
            choice("erase_notes", traces.notes as i64 + traces.endings),
            choice("erase_files", traces.files as i64),
        ],
        traces,
        shell,
    }))
}
