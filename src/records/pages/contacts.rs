//! Somebody gets in touch about a record: the form one key away from its page and from a search
//! result, and what is posted; affected people added and removed by hand.

use std::collections::HashMap;

use actix_web::Responder;
use actix_web::web::{self, Path, Query, ServiceConfig};
use askama::Template;

use super::entries::LONGEST_TEXT;
use super::fields::LONGEST_LINE;
use super::show::{Given, Panel, again as record_again, press};
use super::target::{SCOPE, Target};
use crate::people::{
    self, Answer, Done, Flash, Form, FormView, Person, PersonBrief, Shell, Visit, Visitor, initials,
};
use crate::platform::db::{Db, Id};
use crate::platform::kernel::error::{Error, Invalid, Result};
use crate::records::actions::{self, Contact, Received};
use crate::records::{Channel, Group, Record, Verb, involved, rules, store};

/// People shown when somebody looks for one.
const FOUND: i64 = 8;

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(
        web::resource(format!("{SCOPE}/contacts"))
            .route(web::get().to(ask))
            .route(web::post().to(receive)),
    )
    .route(&format!("{SCOPE}/affected"), web::post().to(add))
    .route(
        &format!("{SCOPE}/affected/{{person}}/removal"),
        web::post().to(remove),
    );
}

#[derive(Template)]
#[template(path = "records/contact.html")]
struct ContactPage {
    shell: Shell,
    path: String,
    number: String,
    title: String,
    form: FormView,
    given_back: bool,
    /// The field to begin in.
    focus: &'static str,
    people: Vec<Pick>,
    nobody: bool,
    channels: Vec<(&'static str, String)>,
    chaser: bool,
    was_chaser: &'static str,
    affected: bool,
    /// Nothing leads out of this state: what comes now is another record.
    is_final: bool,
    /// It is resolved, and may still be taken up again.
    may_reopen: bool,
}

/// Somebody who may be getting in touch.
struct Pick {
    id: Id<Person>,
    name: String,
    initials: String,
    detail: String,
    /// What they are to the record: key of a word.
    is: Option<&'static str>,
    chosen: bool,
}

async fn ask(
    visit: Visit,
    target: Target,
    query: Query<HashMap<String, String>>,
) -> impl Responder {
    let asked: String = query
        .get("q")
        .map(|q| q.chars().take(LONGEST_LINE).collect())
        .unwrap_or_default();
    target
        .page(visit, move |r, v| {
            page(r, v, target, false, |_| {
                FormView::fresh().preset("req", asked)
            })
        })
        .await
}

fn page(
    conn: &mut Db,
    visitor: &Visitor,
    target: Target,
    given_back: bool,
    form: impl FnOnce(&Shell) -> FormView,
) -> Result<Answer> {
    let record = store::find_visible(conn, visitor, target.number)?;
    let shell = visitor.shell("queue", visitor.words.s("contact-log"));
    let form = form(&shell).preset("channel", Channel::Phone.word());
    let found = people::search_people(conn, form.value("req"), FOUND)?;
    let nobody = !form.value("req").is_empty() && found.is_empty();
    let people = picks(conn, &record, &form, found)?;
    let waits = record.state_group == Group::Waiting;
    // A box that is not ticked is not posted: what came back says it by what it left out.
    let ticked = |name: &str, fresh: bool| {
        if given_back { form.has(name) } else { fresh }
    };
    Ok(Answer::html(&ContactPage {
        path: target.path(),
        number: target.number.to_string(),
        title: record.title.clone(),
        focus: match people.iter().any(|p| p.chosen) {
            _ if form.error("person").is_some() => "req",
            true => "contact_text",
            false => "req",
        },
        chaser: ticked("chaser", !waits),
        was_chaser: if waits { "" } else { "1" },
        affected: ticked("affected", true),
        channels: Channel::ALL
            .iter()
            .map(|c| {
                let key = format!("channel-{}", c.word().replace('_', "-"));
                (c.word(), shell.t.s(&key).into_owned())
            })
            .collect(),
        is_final: target.practice.moves_from(&record.state).next().is_none(),
        may_reopen: may_reopen(conn, visitor, target, &record)?,
        given_back,
        people,
        nobody,
        form,
        shell,
    }))
}

fn may_reopen(conn: &mut Db, visitor: &Visitor, target: Target, record: &Record) -> Result<bool> {
    let Some(step) = target.practice.find(Verb::Reopen, &record.state, None) else {
        return Ok(false);
    };
    let until = rules::reopens_until(record, actions::reopen_window(conn)?);
    let in_time = until.is_none_or(|until| visitor.now < until);
    Ok(in_time && crate::records::policy::may_move(visitor, record, step).is_ok())
}

/// Requester and caller, who mostly get in touch, and whoever was looked for.
fn picks(
    conn: &mut Db,
    record: &Record,
    form: &FormView,
    found: Vec<PersonBrief>,
) -> Result<Vec<Pick>> {
    let mut known = Vec::new();
    if let Some(id) = record.requester_id {
        let person = people::find_person(conn, id)?;
        known.push((brief(person), Some("field-requester")));
    }
    if let Some(caller) = involved::caller_of(conn, record.id)? {
        known.push((caller, Some("field-caller")));
    }
    let chosen: Option<Id<Person>> = form.value("person").parse().ok();
    if let Some(id) = chosen
        && !known
            .iter()
            .map(|(p, _)| p)
            .chain(&found)
            .any(|p| p.id == id)
        && let Ok(person) = people::find_person(conn, id)
    {
        known.push((brief(person), None));
    }
    for person in found {
        if !known.iter().any(|(p, _)| p.id == person.id) {
            known.push((person, None));
        }
    }
    let first = known.first().map(|(p, _)| p.id);
    let looked_for = !form.value("req").is_empty();
    let chosen = chosen.or(first.filter(|_| !looked_for));
    Ok(known
        .into_iter()
        .map(|(p, is)| Pick {
            chosen: Some(p.id) == chosen,
            initials: initials(&p.name),
            detail: [p.mail, p.phone]
                .into_iter()
                .filter(|part| !part.is_empty())
                .collect::<Vec<_>>()
                .join(" · "),
            id: p.id,
            name: p.name,
            is,
        })
        .collect())
}

fn brief(person: Person) -> PersonBrief {
    PersonBrief {
        id: person.id,
        name: person.name,
        mail: person.mail,
        phone: person.phone,
        staff_number: person.staff_number,
    }
}

async fn receive(visit: Visit, target: Target, mut form: Form) -> impl Responder {
    if form.value("do") == "find" {
        form.fields.push(("show_again".into(), "1".into()));
    }
    target
        .submit(
            visit,
            form,
            move |w, v, ctx, form| {
                let command = command(form)?;
                let practice = target.practice;
                let received = actions::contact(w, v, ctx, practice, target.number, &command)?;
                let flash = flash(&command, &received);
                Ok(Done::at(target.path()).saying(flash))
            },
            move |r, v, form, error| {
                page(r, v, target, true, |shell| {
                    FormView::again(shell, form, error)
                })
            },
        )
        .await
}

fn command(form: &Form) -> Result<Contact> {
    let mut invalid = Invalid::default();
    let from: Option<Id<Person>> = form.parsed("person", &mut invalid);
    if from.is_none() && invalid.is_empty() {
        invalid.add("person", "contact-who-needed");
    }
    let channel = Channel::from_word(form.value("channel"));
    if channel.is_none() {
        invalid.add("channel", "error-unknown-choice");
    }
    let text = form.text("contact_text", LONGEST_TEXT, &mut invalid);
    // A box left as the page had it leaves it to the rule.
    let chaser = form.has("chaser");
    let left = form.has("was-chaser") && chaser == (form.value("was-chaser") == "1");
    invalid.or(())?;
    Ok(Contact {
        from: from.unwrap_or(Id::nil()),
        channel: channel.unwrap_or(Channel::Phone),
        text,
        chaser: (!left).then_some(chaser),
        affected: form.has("affected"),
        reopen: form.has("reopen"),
        files: form.files.clone(),
    })
}

fn flash(command: &Contact, received: &Received) -> Flash {
    let key = if command.reopen {
        "contact-reopened"
    } else if received.ends_hold {
        "contact-ended-hold"
    } else {
        "contact-saved"
    };
    Flash::ok(key)
        .arg("contacts", received.counts.contacts)
        .arg("chased", received.counts.chased)
}

async fn add(visit: Visit, target: Target, form: Form) -> impl Responder {
    target
        .submit(
            visit,
            form,
            move |w, v, ctx, form| {
                let mut invalid = Invalid::default();
                let person = form.parsed("affected", &mut invalid);
                if person.is_none() && invalid.is_empty() {
                    invalid.add("affected", "error-choose");
                }
                invalid.or(())?;
                if let Some(person) = person {
                    actions::add_affected(w, v, ctx, target.number, person)?;
                }
                Ok(Done::at(target.path()).saying(Flash::ok("affected-was-added")))
            },
            move |r, v, form, error| {
                record_again(r, v, target, Given::Panel(Panel::Affected, form, error))
            },
        )
        .await
}

async fn remove(
    visit: Visit,
    target: Target,
    path: Path<(String, String, String)>,
    form: Form,
) -> impl Responder {
    let (_, _, person) = path.into_inner();
    press(visit, target, form, move |w, v, ctx, _| {
        let person = person.parse().map_err(|_| Error::NotFound)?;
        actions::remove_affected(w, v, ctx, target.number, person)?;
        Ok(Done::at(target.path()).saying(Flash::ok("affected-was-removed")))
    })
    .await
}
