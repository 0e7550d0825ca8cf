//! Who is affected by a change: shown before it is submitted, edited, and what they say of it.

use actix_web::Responder;
use askama::Template;

use crate::changes::actions::{self, Found};
use crate::changes::model::Remark;
use crate::changes::rules::parties::Party;
use crate::changes::rules::steps::is_planning;
use crate::changes::store;
use crate::people::{
    self, Answer, Done, Flash, Form, FormView, Right, Shell, Visit, Visitor, When,
};
use crate::platform::db::Db;
use crate::platform::kernel::error::{Error, Invalid, Result};
use crate::records::pages::{LONGEST_TEXT, Target};

#[derive(Template)]
#[template(path = "changes/parties.html")]
struct Page {
    shell: Shell,
    path: String,
    number: String,
    title: String,
    may_edit: bool,
    /// Value, name, and whether services and items say so.
    parties: Vec<(String, String, bool)>,
    teams: Vec<(String, String)>,
    people: Vec<(String, String)>,
    organisations: Vec<(String, String)>,
    remarks: Vec<RemarkView>,
    may_remark: bool,
    may_answer: bool,
    form: FormView,
    remark: FormView,
    answer: FormView,
}

struct RemarkView {
    id: String,
    who: String,
    objects: bool,
    text: String,
    when: When,
    answer: Option<(String, String, When)>,
    may_answer: bool,
}

impl Page {
    fn key(&self) -> String {
        people::new_form_key()
    }
}

/// Which form of the page comes back.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Which {
    Parties,
    Remark,
    Answer,
}

fn page(
    conn: &mut Db,
    visitor: &Visitor,
    target: Target,
    given: Option<(Which, &Form, Option<&Error>)>,
) -> Result<Answer> {
    let found = actions::found(conn, visitor, target.number)?;
    let shell = visitor.shell("changes", visitor.words.s("change-parties"));
    let view = |which: Which| match given {
        Some((of, form, error)) if of == which => FormView::again(&shell, form, error),
        _ => FormView::fresh(),
    };
    let all = actions::parties(conn, &found)?;
    let mut shown = all.derived.clone();
    shown.extend(all.told.iter().filter(|party| !all.derived.contains(party)));
    let mut parties = Vec::new();
    for party in shown {
        let name = actions::party_name(conn, party)?;
        parties.push((party.to_string(), name, all.derived.contains(&party)));
    }
    let told: Vec<String> = all.told.iter().map(Party::to_string).collect();
    let form = match view(Which::Parties) {
        // Every box may be empty: then it says so itself.
        form if form.has("party_form") => form,
        form => form.preset_all("party", &told),
    };
    let may_edit = visitor.has(Right::Work) && is_planning(&found.record.state);
    let (teams, people, organisations) = match may_edit {
        true => choices(conn)?,
        false => Default::default(),
    };
    let person = people::find_person(conn, visitor.id)?;
    let may_remark = actions::is_party(visitor, &all.told, &person)
        && actions::is_undecided(conn, &found, visitor.now)?;
    let remarks = remarks(conn, &shell, visitor, &found)?;
    Ok(Answer::html(&Page {
        path: target.path(),
        number: target.number.to_string(),
        title: found.record.title.clone(),
        may_edit,
        parties,
        teams,
        people,
        organisations,
        may_answer: remarks.iter().any(|one| one.may_answer),
        remarks,
        may_remark,
        form,
        remark: view(Which::Remark),
        answer: view(Which::Answer),
        shell,
    }))
}

type Choices = Vec<(String, String)>;

/// Whoever may be added.
fn choices(conn: &mut Db) -> Result<(Choices, Choices, Choices)> {
    let teams = people::list_teams(conn)?.into_iter();
    let organisations = people::list_organisations(conn)?.into_iter();
    Ok((
        teams
            .filter(|team| team.disabled_at.is_none())
            .map(|team| (Party::Team(team.id).to_string(), team.name))
            .collect(),
        people::list_agents(conn)?
            .into_iter()
            .map(|person| (Party::Person(person.id).to_string(), person.name))
            .collect(),
        organisations
            .filter(|one| one.disabled_at.is_none())
            .map(|one| (Party::Organisation(one.id).to_string(), one.name))
            .collect(),
    ))
}

fn remarks(
    conn: &mut Db,
    shell: &Shell,
    visitor: &Visitor,
    found: &Found,
) -> Result<Vec<RemarkView>> {
    let all = store::remarks_of(conn, found.record.id)?;
    let mut ids: Vec<_> = all.iter().map(|remark| remark.person_id).collect();
    ids.extend(all.iter().filter_map(|remark| remark.answered_by_id));
    let people = people::people_by_ids(conn, &ids)?;
    let name = |id| {
        let known = people.iter().find(|person| person.id == id);
        known.map_or_else(String::new, |person| person.name.clone())
    };
    let view = |remark: Remark| RemarkView {
        id: remark.id.to_string(),
        who: name(remark.person_id),
        objects: remark.objects,
        when: shell.when(remark.said_at),
        answer: (remark.answered_by_id.zip(remark.answered_at))
            .map(|(by, at)| (name(by), remark.answer.clone(), shell.when(at))),
        may_answer: visitor.has(Right::Work)
            && remark.answered_by_id.is_none()
            && remark.person_id != visitor.id,
        text: remark.text,
    };
    Ok(all.into_iter().map(view).collect())
}

/// `GET /changes/CHG-1/parties`.
pub async fn show(visit: Visit, target: Target) -> impl Responder {
    target
        .page(visit, move |r, v| page(r, v, target, None))
        .await
}

/// `POST /changes/CHG-1/parties`: exactly these are told.
pub async fn save(visit: Visit, target: Target, form: Form) -> impl Responder {
    target
        .submit(
            visit,
            form,
            move |w, v, ctx, form| {
                let mut told: Vec<Party> = Vec::new();
                let mut bad = Invalid::default();
                let more = ["add_team", "add_person", "add_organisation"];
                let more = more.into_iter().map(|field| form.value(field));
                for word in form.all("party").chain(more).filter(|w| !w.is_empty()) {
                    match word.parse() {
                        Ok(party) if !told.contains(&party) => told.push(party),
                        Ok(_) => {}
                        Err(()) => bad.add("party", "error-unknown-choice"),
                    }
                }
                bad.or(())?;
                actions::edit_parties(w, v, ctx, target.number, &told)?;
                let to = format!("{}/parties", target.path());
                Ok(Done::at(to).saying(Flash::ok("saved")))
            },
            move |r, v, form, error| page(r, v, target, Some((Which::Parties, form, error))),
        )
        .await
}

/// `POST /changes/CHG-1/remarks`: somebody affected comments or objects.
pub async fn remark(visit: Visit, target: Target, form: Form) -> impl Responder {
    target
        .submit(
            visit,
            form,
            move |w, v, ctx, form| {
                let mut bad = Invalid::default();
                let text = form.text("remark", LONGEST_TEXT, &mut bad);
                bad.or(())?;
                let objects = form.has("objects");
                actions::remark(w, v, ctx, target.number, objects, &text)?;
                let to = format!("{}/parties", target.path());
                Ok(Done::at(to).saying(Flash::ok("saved")))
            },
            move |r, v, form, error| page(r, v, target, Some((Which::Remark, form, error))),
        )
        .await
}

/// `POST /changes/CHG-1/answers`: what was said is answered.
pub async fn answer(visit: Visit, target: Target, form: Form) -> impl Responder {
    target
        .submit(
            visit,
            form,
            move |w, v, ctx, form| {
                let mut bad = Invalid::default();
                let text = form.text("answer", LONGEST_TEXT, &mut bad);
                bad.or(())?;
                let id = super::id(form.value("to"))?;
                actions::answer_remark(w, v, ctx, target.number, id, &text)?;
                let to = format!("{}/parties", target.path());
                Ok(Done::at(to).saying(Flash::ok("saved")))
            },
            move |r, v, form, error| page(r, v, target, Some((Which::Answer, form, error))),
        )
        .await
}
