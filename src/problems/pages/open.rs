//! Opening a problem from one incident or many.

use actix_web::{HttpResponse, web};
use askama::Template;

use super::numbers;
use crate::people::{Answer, Done, Flash, Form, FormView, Right, Shell, Visit, Visitor};
use crate::platform::db::Db;
use crate::platform::kernel::error::{Invalid, Result};
use crate::problems::actions::{self, OpenFrom};
use crate::records::pages::{LONGEST_LINE, LONGEST_TEXT};
use crate::records::{self, Kind, Number};
use crate::services;

#[derive(Template)]
#[template(path = "problems/new.html")]
struct Page {
    shell: Shell,
    services: Vec<(String, String)>,
    form: FormView,
}

fn page(conn: &mut Db, visitor: &Visitor, form: impl FnOnce(&Shell) -> FormView) -> Result<Answer> {
    visitor.needs(Right::Work)?;
    let shell = visitor.shell("queue", visitor.words.s("problem-open"));
    let all = services::list_services(conn)?.into_iter();
    Ok(Answer::html(&Page {
        services: all
            .filter(|service| service.disabled_at.is_none())
            .map(|service| (service.id.to_string(), service.name))
            .collect(),
        form: form(&shell),
        shell,
    }))
}

/// `GET /problems/new?from=INC-1&from=INC-2`
pub async fn new(visit: Visit, query: web::Query<Vec<(String, String)>>) -> HttpResponse {
    let asked = query.into_inner().into_iter();
    let from: Vec<Number> = asked
        .filter(|(name, _)| name == "from")
        .filter_map(|(_, value)| value.parse().ok())
        .take(200)
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

/// `POST /problems`
pub async fn open(visit: Visit, form: Form) -> HttpResponse {
    visit
        .submit(
            form,
            |w, v, ctx, form| {
                v.needs(Right::Work)?;
                let mut invalid = Invalid::default();
                let command = OpenFrom {
                    title: form.required("title", LONGEST_LINE, &mut invalid),
                    description: form.text("description", LONGEST_TEXT, &mut invalid),
                    service: form.parsed("service", &mut invalid),
                    incidents: numbers("incidents", form.value("incidents"), &mut invalid),
                };
                invalid.or(())?;
                let record = actions::open_from(w, v, ctx, &command)?;
                let number = record.number();
                let flash = Flash::ok("problem-opened").arg("number", number);
                Ok(Done::at(number.path()).saying(flash))
            },
            |r, v, form, error| page(r, v, |shell| FormView::again(shell, form, error)),
        )
        .await
}
