//! Raising a post-mortem over one incident or several.

use actix_web::{HttpResponse, web};
use askama::Template;

use crate::people::{Answer, Done, Flash, Form, FormView, Right, Shell, Visit, Visitor};
use crate::platform::db::Db;
use crate::platform::kernel::error::{Invalid, Message, Result};
use crate::postmortems::actions::{self, Raise};
use crate::records::pages::LONGEST_LINE;
use crate::records::{self, Kind, Number};

#[derive(Template)]
#[template(path = "postmortems/new.html")]
struct Page {
    shell: Shell,
    form: FormView,
}

fn page(_: &mut Db, visitor: &Visitor, form: impl FnOnce(&Shell) -> FormView) -> Result<Answer> {
    visitor.needs(Right::Work)?;
    let shell = visitor.shell("queue", visitor.words.s("postmortem-raise"));
    Ok(Answer::html(&Page {
        form: form(&shell),
        shell,
    }))
}

/// `GET /postmortems/new?from=INC-1&from=INC-2`
pub async fn new(visit: Visit, query: web::Query<Vec<(String, String)>>) -> HttpResponse {
    let asked = query.into_inner().into_iter();
    let from: Vec<Number> = asked
        .filter(|(name, _)| name == "from")
        .filter_map(|(_, value)| value.parse().ok())
        .take(50)
        .collect();
    visit
        .page(move |r, v| {
            v.needs(Right::Work)?;
            let mut known = Vec::new();
            let mut title = String::new();
            for number in from {
                // What is not there, or not theirs to see, is not said.
                if let Ok(record) = records::find_meant(r, v, number)
                    && record.kind == Kind::Incident
                {
                    if title.is_empty() {
                        title.clone_from(&record.title);
                    }
                    known.push(record.number().to_string());
                }
            }
            page(r, v, |_| {
                let form = FormView::fresh().preset("title", title);
                form.preset("incidents", known.join("\n"))
            })
        })
        .await
}

/// `POST /postmortems`
pub async fn raise(visit: Visit, form: Form) -> HttpResponse {
    visit
        .submit(
            form,
            |w, v, ctx, form| {
                v.needs(Right::Work)?;
                let mut invalid = Invalid::default();
                let title = form.required("title", LONGEST_LINE, &mut invalid);
                let incidents = numbers(form.value("incidents"), &mut invalid);
                invalid.or(())?;
                let record = actions::raise(w, v, ctx, &Raise { title, incidents })?;
                let number = record.number();
                let flash = Flash::ok("postmortem-is-raised").arg("number", number);
                Ok(Done::at(number.path()).saying(flash))
            },
            |r, v, form, error| page(r, v, |shell| FormView::again(shell, form, error)),
        )
        .await
}

/// The numbers of a field, however they are divided.
fn numbers(typed: &str, invalid: &mut Invalid) -> Vec<Number> {
    let divided = |c: char| c.is_whitespace() || c == ',' || c == ';';
    let mut found = Vec::new();
    for word in typed.split(divided).filter(|word| !word.is_empty()) {
        match word.parse() {
            Ok(number) => found.push(number),
            Err(()) => {
                let shown: String = word.chars().take(40).collect();
                let message = Message::new("postmortem-incident-unknown");
                invalid.add("incidents", message.arg("number", shown));
            }
        }
    }
    found
}
