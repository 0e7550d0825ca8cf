//! Incidents that may have come of a change: suggested, and linked as caused by it with a button.

use actix_web::Responder;
use askama::Template;

use crate::changes::actions;
use crate::changes::besides;
use crate::people::{
    self, Answer, Done, Flash, Form, FormView, Right, Shell, Visit, Visitor, When,
};
use crate::platform::db::Db;
use crate::platform::kernel::error::{Error, Result};
use crate::records::pages::Target;
use crate::records::{LinkType, Number, actions as of_records};

#[derive(Template)]
#[template(path = "changes/causes.html")]
struct Page {
    shell: Shell,
    path: String,
    number: String,
    title: String,
    rows: Vec<Row>,
    alert: FormView,
}

struct Row {
    href: String,
    number: String,
    title: String,
    reported: When,
}

impl Page {
    fn key(&self) -> String {
        people::new_form_key()
    }
}

fn page(conn: &mut Db, v: &Visitor, target: Target, alert: FormView) -> Result<Answer> {
    v.needs(Right::Work)?;
    let found = actions::found(conn, v, target.number)?;
    let shell = v.shell("changes", v.words.s("change-causes"));
    let rows = besides::suggested(conn, v, &found, v.now)?;
    let row = |record: &crate::records::Record| Row {
        href: record.number().path(),
        number: record.number().to_string(),
        title: record.title.clone(),
        reported: shell.when(record.reported_at),
    };
    Ok(Answer::html(&Page {
        path: target.path(),
        number: target.number.to_string(),
        title: found.record.title.clone(),
        rows: rows.iter().map(row).collect(),
        alert,
        shell,
    }))
}

/// `GET /changes/CHG-1/causes`.
pub async fn show(visit: Visit, target: Target) -> impl Responder {
    target
        .page(visit, move |r, v| page(r, v, target, FormView::fresh()))
        .await
}

/// `POST /changes/CHG-1/causes`: the incident named was caused by the change.
pub async fn link(visit: Visit, target: Target, form: Form) -> impl Responder {
    target
        .submit(
            visit,
            form,
            move |w, v, ctx, form| {
                actions::found(w, v, target.number)?;
                let incident: Number = (form.value("incident").parse())
                    .map_err(|()| Error::invalid("incident", "record-unknown"))?;
                let of = LinkType::CausedBy;
                of_records::link(w, v, ctx, incident, target.number, of)?;
                let to = format!("{}/causes", target.path());
                Ok(Done::at(to).saying(Flash::ok("change-cause-linked")))
            },
            move |r, v, form, error| {
                let shell = v.shell("", "");
                page(r, v, target, FormView::again(&shell, form, error))
            },
        )
        .await
}
