//! The rules that ask for post-mortems, with what they would have asked for in the last 90 days.

use actix_web::{HttpResponse, web};
use askama::Template;

use super::id;
use crate::people::{
    Answer, Done, Flash, Form, FormView, Right, Shell, Visit, Visitor, new_form_key,
};
use crate::platform::db::Db;
use crate::platform::kernel::error::{Error, Invalid, Result};
use crate::postmortems::actions::{self, RuleForm};
use crate::postmortems::model::RuleRow;
use crate::postmortems::rules::required::Rule;
use crate::postmortems::store;
use crate::services::{self, Scale};

#[derive(Template)]
#[template(path = "postmortems/rules.html")]
struct Page {
    shell: Shell,
    rows: Vec<Row>,
    /// How many all of them together would have raised.
    all: String,
    /// How many the one in the form would have, where it was tried.
    tried: Option<String>,
    form: FormView,
    priorities: Vec<(String, String)>,
    services: Vec<(String, String)>,
    categories: Vec<(String, String)>,
}

impl Page {
    /// A form of its own for each button.
    fn key(&self) -> String {
        new_form_key()
    }
}

struct Row {
    id: String,
    /// What it asks for, each part a word of ours and what people named.
    parts: Vec<(String, String)>,
    count: String,
}

fn page(
    conn: &mut Db,
    visitor: &Visitor,
    given: Option<(&Form, Option<&Error>)>,
    tried: Option<Rule>,
) -> Result<Answer> {
    visitor.needs(Right::Administer)?;
    let shell = visitor.shell("queue", visitor.words.s("postmortem-rules"));
    let rules = store::list_rules(conn)?;
    let mut counted: Vec<Rule> = rules.iter().map(RuleRow::rule).collect();
    let (each, all) = actions::counted(conn, &counted, visitor.now)?;
    let tried = match tried {
        None => None,
        Some(rule) => {
            let before = all;
            let (own, _) = actions::counted(conn, &[rule], visitor.now)?;
            counted.push(rule);
            let (_, after) = actions::counted(conn, &counted, visitor.now)?;
            let n = own.first().copied().unwrap_or(0);
            let args = [("n", n.to_string()), ("more", (after - before).to_string())];
            let args = args.each_ref().map(|(name, n)| (*name, n.as_str()));
            Some(shell.t.with("postmortem-rule-tried", args))
        }
    };
    let services: Vec<(String, String)> = services::list_services(conn)?
        .into_iter()
        .map(|service| (service.id.to_string(), service.name))
        .collect();
    let categories: Vec<(String, String)> = services::list_categories(conn)?
        .into_iter()
        .map(|category| (category.id.to_string(), category.name))
        .collect();
    let priorities = services::list_levels(conn, Scale::Priority)?.into_iter();
    let priorities: Vec<(String, String)> = priorities
        .map(|level| (level.level.to_string(), level.name))
        .collect();
    let rows = rules
        .iter()
        .zip(&each)
        .map(|(rule, n)| Row {
            id: rule.id.to_string(),
            parts: parts(&shell, rule, &services, &categories),
            count: shell.t.n("postmortem-rule-count", *n as i64),
        })
        .collect();
    Ok(Answer::html(&Page {
        rows,
        all: shell.t.n("postmortem-rules-count", all as i64),
        tried,
        form: match given {
            Some((form, error)) => FormView::again(&shell, form, error),
            None => FormView::fresh(),
        },
        priorities,
        services,
        categories,
        shell,
    }))
}

fn parts(
    shell: &Shell,
    rule: &RuleRow,
    services: &[(String, String)],
    categories: &[(String, String)],
) -> Vec<(String, String)> {
    let named = |of: &[(String, String)], id: String| {
        let found = of.iter().find(|(known, _)| *known == id);
        found.map(|(_, name)| name.clone()).unwrap_or_default()
    };
    let t = shell.t;
    let mut all = Vec::new();
    if rule.major {
        all.push((t.s("postmortem-rule-major").into_owned(), String::new()));
    }
    if let Some(priority) = rule.priority {
        let n = priority.to_string();
        all.push((
            t.with1("postmortem-rule-priority", "n", n.as_str()),
            String::new(),
        ));
    }
    if let Some(service) = rule.service_id {
        let word = t.s("field-service").into_owned();
        all.push((word, named(services, service.to_string())));
    }
    if let Some(category) = rule.category_id {
        let word = t.s("field-category").into_owned();
        all.push((word, named(categories, category.to_string())));
    }
    if let Some(minutes) = rule.impact_minutes {
        all.push((t.n("postmortem-rule-hurt", minutes), String::new()));
    }
    all
}

fn typed(form: &Form) -> Result<RuleForm> {
    let mut invalid = Invalid::default();
    let rule = RuleForm {
        major: form.has("major"),
        priority: form.parsed("priority", &mut invalid),
        service: form.parsed("service", &mut invalid),
        category: form.parsed("category", &mut invalid),
        impact_minutes: form.parsed("impact_minutes", &mut invalid),
    };
    invalid.or(rule)
}

/// `GET /settings/postmortem-rules`
pub async fn show(visit: Visit) -> HttpResponse {
    visit.page(|r, v| page(r, v, None, None)).await
}

/// `POST /settings/postmortem-rules`: `show_again` only counts.
pub async fn add(visit: Visit, form: Form) -> HttpResponse {
    visit
        .submit(
            form,
            |w, v, ctx, form| {
                v.needs(Right::Administer)?;
                actions::add_rule(w, v, ctx, &typed(form)?)?;
                Ok(Done::at("/settings/postmortem-rules").saying(Flash::ok("saved")))
            },
            |r, v, form, error| {
                let tried = typed(form).ok().filter(|_| form.has("show_again"));
                let tried = tried.map(|rule| actions::rule_of(&rule));
                page(r, v, Some((form, error)), tried)
            },
        )
        .await
}

/// `POST /settings/postmortem-rules/{id}/removal`
pub async fn remove(visit: Visit, path: web::Path<String>, form: Form) -> HttpResponse {
    let of = path.into_inner();
    visit
        .submit(
            form,
            move |w, v, ctx, _| {
                v.needs(Right::Administer)?;
                actions::remove_rule(w, v, ctx, id(&of)?)?;
                Ok(Done::at("/settings/postmortem-rules").saying(Flash::ok("saved")))
            },
            |r, v, form, error| page(r, v, Some((form, error)), None),
        )
        .await
}
