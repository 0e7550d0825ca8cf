//! What somebody is said to have authorised and has not confirmed: the list of whoever gave a word.

use actix_web::Responder;
use askama::Template;

use crate::changes::store;
use crate::people::{Answer, Right, Shell, Visit, When};

#[derive(Template)]
#[template(path = "changes/confirmations.html")]
struct Page {
    shell: Shell,
    rows: Vec<Row>,
}

struct Row {
    href: String,
    number: String,
    title: String,
    by: Option<When>,
    late: bool,
}

/// `GET /changes/confirmations`.
pub async fn list(visit: Visit) -> impl Responder {
    visit
        .page(|r, v| {
            v.needs(Right::ManageChanges)?;
            let shell = v.shell("changes", v.words.s("change-confirmations"));
            let found = store::to_confirm(r, v)?.into_iter();
            let rows = found.map(|(record, by)| Row {
                href: record.number().path(),
                number: record.number().to_string(),
                title: record.title.clone(),
                late: by.is_some_and(|by| by < shell.now),
                by: by.map(|by| shell.when(by)),
            });
            Ok(Answer::html(&Page {
                rows: rows.collect(),
                shell,
            }))
        })
        .await
}
