//! The tasks of a record: added on the record's page, changed, put in order and skipped on their
//! own, done by a press on either.

use actix_web::Responder;
use actix_web::web::{self, Path, ServiceConfig};
use askama::Template;

use super::conflict;
use super::entries::{LONGEST_TEXT, seen};
use super::fields::{LONGEST_LINE, is_given};
use super::local;
use super::show::{Given, Panel, TaskForm, TaskView, again, press};
use super::target::{SCOPE, Target};
use crate::people::{Answer, Done, Flash, Form, FormView, Shell, Visit, Visitor};
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::{Error, Invalid, Result};
use crate::records::actions::{self, AddTask, EditTask};
use crate::records::store;
use crate::tasks::{self, Holder, Task, TaskSeen};

pub fn routes(cfg: &mut ServiceConfig) {
    let one = format!("{SCOPE}/tasks/{{task}}");
    cfg.route(&format!("{SCOPE}/tasks"), web::post().to(add))
        .service(
            web::resource(&one)
                .route(web::get().to(show))
                .route(web::post().to(save)),
        )
        .route(&format!("{one}/done"), web::post().to(finish))
        .route(&format!("{one}/skipped"), web::post().to(skip))
        .route(&format!("{one}/place"), web::post().to(place));
}

type At = Path<(String, String, String)>;

/// The task of a path: what is no id names none.
fn named(path: &At) -> Option<Id<Task>> {
    path.2.parse().ok()
}

/// Where the task stands on the record's page.
fn there(target: Target, id: Id<Task>) -> String {
    format!("{}#task-{id}", target.path())
}

async fn add(visit: Visit, target: Target, form: Form) -> impl Responder {
    target
        .submit(
            visit,
            form,
            move |w, v, ctx, form| {
                let command = new_task(form, v)?;
                let task = actions::add_task(w, v, ctx, target.number, &command)?;
                let flash = saved("task-added", task.due(), ctx.now);
                Ok(Done::at(there(target, task.id)).saying(flash))
            },
            move |r, v, form, error| again(r, v, target, Given::Panel(Panel::Task, form, error)),
        )
        .await
}

/// A date that is over may be meant (somebody writes down what is late), but is said.
fn saved(key: &'static str, due: Option<Utc>, now: Utc) -> Flash {
    if due.is_some_and(|at| at < now) {
        Flash {
            lamp: "risk".into(),
            ..Flash::ok("task-saved-late")
        }
    } else {
        Flash::ok(key)
    }
}

fn new_task(form: &Form, visitor: &Visitor) -> Result<AddTask> {
    let mut invalid = Invalid::default();
    let command = AddTask {
        title: form.required("task_title", LONGEST_LINE, &mut invalid),
        who: form.parsed("task_who", &mut invalid),
        due_at: due(form, visitor, &mut invalid),
        blocking: form.value("task_blocking") == "true",
    };
    invalid.or(command)
}

fn due(form: &Form, visitor: &Visitor, invalid: &mut Invalid) -> Option<Utc> {
    const FIELD: &str = "task_due_at";
    if form.value(FIELD).trim().is_empty() {
        return None;
    }
    let at = local::read(form.value(FIELD), &visitor.zone);
    if at.is_none() {
        invalid.add(FIELD, "error-not-a-date");
    }
    at
}

fn changed_task(form: &Form, visitor: &Visitor) -> Result<EditTask> {
    let mut invalid = Invalid::default();
    let mut command = EditTask {
        seen: seen(form),
        overwrite: form.value("overwrite") == "1",
        ..EditTask::default()
    };
    if is_given(form, "task_title") {
        command.title = Some(form.required("task_title", LONGEST_LINE, &mut invalid));
    }
    if is_given(form, "task_who") {
        command.who = Some(form.parsed::<Holder>("task_who", &mut invalid));
    }
    if is_given(form, "task_due_at") {
        command.due_at = Some(due(form, visitor, &mut invalid));
    }
    if is_given(form, "task_blocking") {
        command.blocking = Some(form.value("task_blocking") == "true");
    }
    invalid.or(command)
}

#[derive(Template)]
#[template(path = "tasks/task.html")]
struct TaskPage {
    shell: Shell,
    path: String,
    number: String,
    title: String,
    task: TaskView,
    /// Nothing of it changes any more.
    is_final: bool,
    edit: TaskForm,
    skip: FormView,
    place: FormView,
    places: Vec<i32>,
    done: FormView,
}

/// A form of a task's page that came back.
#[derive(Clone, Copy)]
enum Back<'a> {
    Nothing,
    Edit(&'a Form, Option<&'a Error>),
    Skip(&'a Form, Option<&'a Error>),
    Place(&'a Form, Option<&'a Error>),
}

fn page(
    conn: &mut Db,
    visitor: &Visitor,
    target: Target,
    id: Id<Task>,
    back: Back<'_>,
) -> Result<Answer> {
    let record = store::find_visible(conn, visitor, target.number)?;
    let there = tasks::list_of(conn, record.id.cast())?;
    let places = (1..=there.len() as i32).collect();
    let found: TaskSeen = there
        .into_iter()
        .find(|seen| seen.task.id == id)
        .ok_or(Error::NotFound)?;
    let task = found.task.clone();
    let shell = visitor.shell("queue", visitor.words.s("task-page"));
    let mut forms = [FormView::fresh(), FormView::fresh(), FormView::fresh()];
    let [edit, skip, place] = &mut forms;
    match back {
        Back::Nothing => {}
        Back::Edit(form, error) => *edit = FormView::again(&shell, form, error),
        Back::Skip(form, error) => *skip = FormView::again(&shell, form, error),
        Back::Place(form, error) => *place = FormView::again(&shell, form, error),
    }
    let [edit, skip, place] = forms;
    let was_due = task
        .due()
        .map_or_else(String::new, |at| local::written(at, &visitor.zone));
    let was_who = task
        .holder()
        .map_or_else(String::new, |who| who.to_string());
    let edit = edit
        .preset("seen", record.facts)
        .preset("task_title", &task.title)
        .preset("was-task_title", &task.title)
        .preset("task_who", &was_who)
        .preset("was-task_who", &was_who)
        .preset("task_due_at", &was_due)
        .preset("was-task_due_at", &was_due)
        .preset("task_blocking", task.blocking)
        .preset("was-task_blocking", task.blocking);
    Ok(Answer::html(&TaskPage {
        path: target.path(),
        number: target.number.to_string(),
        title: record.title.clone(),
        is_final: !task.is_open() || (!record.is_open && record.closed_at.is_some()),
        edit: TaskForm::read(conn, visitor, edit, task.holder())?,
        skip,
        place: place.preset("task_place", task.place),
        places,
        done: FormView::fresh(),
        task: TaskView::of(&shell, found),
        shell,
    }))
}

async fn show(visit: Visit, target: Target, path: At) -> impl Responder {
    let named = named(&path);
    target
        .page(visit, move |r, v| {
            page(r, v, target, named.ok_or(Error::NotFound)?, Back::Nothing)
        })
        .await
}

async fn save(visit: Visit, target: Target, path: At, form: Form) -> impl Responder {
    let named = named(&path);
    target
        .submit(
            visit,
            form,
            move |w, v, ctx, form| {
                let id = named.ok_or(Error::NotFound)?;
                let command = changed_task(form, v)?;
                let task = actions::edit_task(w, v, ctx, target.number, id, &command)?;
                let flash = saved("saved", task.due(), ctx.now);
                Ok(Done::at(there(target, id)).saying(flash))
            },
            move |r, v, form, error| {
                let id = named.ok_or(Error::NotFound)?;
                match error {
                    Some(Error::Stale(conflicts)) => {
                        let action = format!("tasks/{id}");
                        conflict::answer(r, v, target, &action, form, conflicts)
                    }
                    error => page(r, v, target, id, Back::Edit(form, error)),
                }
            },
        )
        .await
}

async fn finish(visit: Visit, target: Target, path: At, form: Form) -> impl Responder {
    let named = named(&path);
    press(visit, target, form, move |w, v, ctx, _| {
        let id = named.ok_or(Error::NotFound)?;
        let task = actions::finish_task(w, v, ctx, target.number, id)?;
        let flash = Flash::ok("task-done").arg("title", task.title);
        Ok(Done::at(target.path()).saying(flash))
    })
    .await
}

async fn skip(visit: Visit, target: Target, path: At, form: Form) -> impl Responder {
    let named = named(&path);
    target
        .submit(
            visit,
            form,
            move |w, v, ctx, form| {
                let id = named.ok_or(Error::NotFound)?;
                let mut invalid = Invalid::default();
                let reason = form.text("task_reason", LONGEST_TEXT, &mut invalid);
                invalid.or(())?;
                let task = actions::skip_task(w, v, ctx, target.number, id, &reason)?;
                let flash = Flash::ok("task-skipped").arg("title", task.title);
                Ok(Done::at(target.path()).saying(flash))
            },
            move |r, v, form, error| {
                let id = named.ok_or(Error::NotFound)?;
                page(r, v, target, id, Back::Skip(form, error))
            },
        )
        .await
}

async fn place(visit: Visit, target: Target, path: At, form: Form) -> impl Responder {
    let named = named(&path);
    target
        .submit(
            visit,
            form,
            move |w, v, ctx, form| {
                let id = named.ok_or(Error::NotFound)?;
                let mut invalid = Invalid::default();
                let place = form.parsed("task_place", &mut invalid);
                if place.is_none() && invalid.is_empty() {
                    invalid.add("task_place", "error-choose");
                }
                invalid.or(())?;
                let place = place.unwrap_or_default();
                actions::place_task(w, v, ctx, target.number, id, place)?;
                Ok(Done::at(there(target, id)).saying(Flash::ok("task-placed")))
            },
            move |r, v, form, error| {
                let id = named.ok_or(Error::NotFound)?;
                page(r, v, target, id, Back::Place(form, error))
            },
        )
        .await
}
