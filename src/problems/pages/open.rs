//! Opening a problem from one incident or many.

use actix_web::{HttpResponse, web};
use askama::Template;
use time::Duration;

use super::{numbers, trends};
use crate::people::{Answer, Done, Flash, Form, FormView, Right, Shell, Visit, Visitor};
use crate::platform::db::Db;
use crate::platform::kernel::error::{Invalid, Result};
use crate::problems::actions::{self, OpenFrom};
use crate::problems::rules::trend::Of;
use crate::problems::store;
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

/// So many incidents one is opened from, at most.
const MOST: usize = 200;

/// `GET /problems/new?from=INC-1&from=INC-2`, or of a trend: `?service=&category=&days=30`
pub async fn new(visit: Visit, query: web::Query<Vec<(String, String)>>) -> HttpResponse {
    let asked = query.into_inner();
    let value = |wanted: &str| {
        let mut named = asked.iter().filter(|(name, _)| name == wanted);
        named.next().map_or("", |(_, value)| value.as_str())
    };
    let from = asked.iter().filter(|(name, _)| name == "from");
    let mut from: Vec<Number> = from
        .filter_map(|(_, value)| value.parse().ok())
        .take(MOST)
        .collect();
    let of: Of = (
        value("service").parse().ok(),
        value("category").parse().ok(),
    );
    let days = trends::span(value("days"));
    visit
        .page(move |r, v| {
            v.needs(Right::Work)?;
            let mut known = Vec::new();
            let mut title = String::new();
            if of != (None, None) {
                let since = v.now.minus(Duration::days(days));
                let numbers = store::unexplained_of(r, v, of, since, MOST as i64)?;
                from.extend(numbers.into_iter().map(|n| Number {
                    kind: Kind::Incident,
                    n,
                }));
            }
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
                let service = of.0.map(|id| id.to_string()).unwrap_or_default();
                let form = form.preset("service", service);
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
