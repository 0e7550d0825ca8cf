//! Agreeing on the facts.

use actix_web::Responder;
use askama::Template;

use super::Top;
use crate::people::{
    self, Answer, Done, Flash, Form, FormView, Right, Shell, Visit, Visitor, When,
};
use crate::platform::db::Db;
use crate::platform::kernel::error::{Error, Invalid, Result};
use crate::postmortems::actions;
use crate::postmortems::rules::sections::Section;
use crate::postmortems::store;
use crate::records::pages::{LONGEST_TEXT, Target};

#[derive(Template)]
#[template(path = "postmortems/facts.html")]
struct Page {
    shell: Shell,
    path: String,
    number: String,
    title: String,
    people: Vec<Who>,
    /// The facts in question.
    texts: Vec<(&'static str, String)>,
    is_there: bool,
    may_agree: bool,
    in_draft: bool,
    own: FormView,
    end: FormView,
}

/// What a participant says.
pub struct Who {
    pub name: String,
    pub initials: String,
    /// `y` agrees, `x` does not, `w` is waited for.
    pub class: &'static str,
    pub label: &'static str,
    pub said: String,
    pub when: Option<When>,
    pub me: bool,
}

/// What each participant says of the facts as they stand.
pub fn people(conn: &mut Db, visitor: &Visitor, top: &actions::Found) -> Result<Vec<Who>> {
    let all = store::participants_of(conn, top.record.id)?;
    let names = store::names(conn, all.iter().map(|who| who.person_id))?;
    let shell = visitor.shell("", "");
    let who = |who: crate::postmortems::model::Participant| {
        let name = names.get(&who.person_id).cloned().unwrap_or_default();
        let (class, label) = match (who.facts_version == Some(top.of.facts_version), who.agrees) {
            (true, true) => ("y", "facts-agrees"),
            (true, false) => ("x", "facts-objects"),
            (false, _) if who.facts_version.is_some() => ("w", "facts-asked-again"),
            (false, _) => ("w", "facts-waiting"),
        };
        Who {
            initials: people::initials(&name),
            name,
            class,
            label,
            said: who.said,
            when: who.at.map(|at| shell.when(at)),
            me: who.person_id == visitor.id,
        }
    };
    Ok(all.into_iter().map(who).collect())
}

fn page(
    conn: &mut Db,
    visitor: &Visitor,
    target: Target,
    given: Option<(bool, &Form, Option<&Error>)>,
) -> Result<Answer> {
    let top = Top::read(conn, visitor, target, "facts-agree")?;
    let shell = top.shell;
    let people = people(conn, visitor, &top.found)?;
    let heads = store::heads_of(conn, top.found.record.id)?;
    let fact = |section: &Section| {
        let head = heads.iter().find(|head| head.section == *section)?;
        Some((super::section_key(*section), head.text.clone()))
    };
    let view = |own: bool| match given {
        Some((of, form, error)) if of == own => FormView::again(&shell, form, error),
        _ => FormView::fresh(),
    };
    let facilitates = top.found.of.facilitator_id == Some(visitor.id);
    Ok(Answer::html(&Page {
        is_there: people.iter().any(|who| who.me) && top.found.is_written(),
        may_agree: facilitates || visitor.has(Right::Manage),
        in_draft: top.found.record.state == "draft",
        texts: Section::ALL
            .iter()
            .filter(|section| section.is_fact())
            .filter_map(fact)
            .collect(),
        own: view(true),
        end: view(false),
        path: top.path,
        number: top.number,
        title: top.title,
        people,
        shell,
    }))
}

/// `GET /postmortems/PM-1/facts`
pub async fn show(visit: Visit, target: Target) -> impl Responder {
    target
        .page(visit, move |r, v| page(r, v, target, None))
        .await
}

/// `POST /postmortems/PM-1/facts/agreements`: what a participant says.
pub async fn say(visit: Visit, target: Target, form: Form) -> impl Responder {
    target
        .submit(
            visit,
            form,
            move |w, v, ctx, form| {
                let mut invalid = Invalid::default();
                let said = form.text("said", LONGEST_TEXT, &mut invalid);
                let agrees = match form.value("agrees") {
                    "yes" => true,
                    "no" => false,
                    _ => {
                        invalid.add("agrees", "error-choose");
                        false
                    }
                };
                invalid.or(())?;
                actions::say_of_facts(w, v, ctx, target.number, agrees, &said)?;
                let path = format!("{}/facts", target.path());
                Ok(Done::at(path).saying(Flash::ok("saved")))
            },
            move |r, v, form, error| page(r, v, target, Some((true, form, error))),
        )
        .await
}

/// `POST /postmortems/PM-1/facts`: the facilitator finds them agreed.
pub async fn agree(visit: Visit, target: Target, form: Form) -> impl Responder {
    target
        .submit(
            visit,
            form,
            move |w, v, ctx, form| {
                let mut invalid = Invalid::default();
                let reason = form.text("reason", LONGEST_TEXT, &mut invalid);
                invalid.or(())?;
                let reason = form.has("not_waiting").then_some(reason.as_str());
                actions::agree_facts(w, v, ctx, target.number, reason)?;
                Ok(Done::at(target.path()).saying(Flash::ok("facts-are-agreed")))
            },
            move |r, v, form, error| page(r, v, target, Some((false, form, error))),
        )
        .await
}
