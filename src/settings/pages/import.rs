//! People and items from a file: chosen, looked through, imported.

use std::path::PathBuf;
use std::sync::Arc;

use actix_web::{HttpResponse, web};
use askama::Template;

use super::shell;
use crate::people::kept_files;
use crate::people::{
    Answer, Flash, Form, FormView, Right, Shell, Upload, Visit, Visitor, see_other,
};
use crate::platform::db::{Db, Read};
use crate::platform::files::blobs::{BlobId, Blobs};
use crate::platform::kernel::error::{Error, Message, Result};
use crate::settings::import::{Line, PAGE_ROWS, Plan, SHOWN, Summary, What, plan};

#[derive(Template)]
#[template(path = "settings/import.html")]
struct Page {
    shell: Shell,
    here: &'static str,
    what: What,
    form: FormView,
    preview: Option<Preview>,
}

/// What a file would do, made ready to be shown.
struct Preview {
    summary: Summary,
    ignored: String,
    /// What is new besides, and its names.
    places: Vec<(String, String)>,
    rejected: Vec<Rejected>,
    shown: usize,
    nothing: bool,
}

struct Rejected {
    line: u64,
    what: String,
    why: String,
}

pub async fn show(visit: Visit, path: web::Path<String>) -> HttpResponse {
    visit
        .page(move |_, v| page(v, named(&path)?, FormView::fresh(), None))
        .await
}

/// Looks a file through, or (`do=apply`) imports one that was.
pub async fn take(visit: Visit, path: web::Path<String>, mut form: Form) -> HttpResponse {
    if form.value("do") == "apply" {
        return match apply(&visit, &path, &form).await {
            Ok(response) => response,
            Err(Error::Invalid(_) | Error::Stale(_)) => {
                visit.error(&Error::refused("import-meanwhile")).await
            }
            Err(e) => visit.error(&e).await,
        };
    }
    let has_file = !form.files.is_empty() || form.has("kept_file");
    if has_file && form.problems.is_empty() {
        form.fields.push(("show_again".into(), "1".into()));
    }
    let blobs = visit.site.blobs.clone();
    visit
        .submit(
            form,
            |_, v, _, _| {
                v.needs(Right::Administer)?;
                Err(Error::invalid("file", "import-no-file"))
            },
            move |r, v, form, error| looked_through(r, v, &path, &blobs, form, error),
        )
        .await
}

fn looked_through(
    r: &mut Read<'_>,
    v: &Visitor,
    path: &str,
    blobs: &Blobs,
    form: &Form,
    error: Option<&Error>,
) -> Result<Answer> {
    v.needs(Right::Administer)?;
    let what = named(path)?;
    let shell = v.shell("", "");
    if error.is_some() {
        return page(v, what, FormView::again(&shell, form, error), None);
    }
    match planned(r, what, blobs, form.files.first()) {
        Ok(plan) => {
            let form = FormView::again(&shell, form, None);
            page(v, what, form, Some(plan.summary().clone()))
        }
        Err(e @ Error::Invalid(_)) => page(v, what, FormView::again(&shell, form, Some(&e)), None),
        Err(e) => Err(e),
    }
}

/// Plans the file again and writes it, step by step, each with the rights of its moment.
async fn apply(visit: &Visit, path: &str, form: &Form) -> Result<HttpResponse> {
    let what = named(path)?;
    let (blobs, posted) = (visit.site.blobs.clone(), form.clone());
    let plan = visit
        .read(move |r, v| {
            v.needs(Right::Administer)?;
            let kept = kept_files(r, v.id, &posted)?;
            planned(r, what, &blobs, kept.first())
        })
        .await?;
    let plan = Arc::new(plan);
    for step in 0..plan.steps() {
        let plan = Arc::clone(&plan);
        visit
            .write(move |w, v, ctx| plan.write(w, v, ctx, step))
            .await?;
    }
    let counts = plan.summary().counts;
    let flash = Flash::ok("import-done")
        .arg("added", counts.added)
        .arg("changed", counts.changed)
        .arg("unchanged", counts.unchanged)
        .arg("rejected", counts.rejected);
    Ok(visit.with_flash(see_other(&format!("/settings/{what}")), &flash))
}

fn planned(conn: &mut Db, what: What, blobs: &Blobs, file: Option<&Upload>) -> Result<Plan> {
    let content: Option<BlobId> = file.and_then(|file| file.content.parse().ok());
    let path: PathBuf = content
        .map(|id| blobs.path(&id))
        .ok_or_else(|| Error::invalid("file", "import-no-file"))?;
    plan(conn, what, &path, Some(PAGE_ROWS))
}

fn named(path: &str) -> Result<What> {
    What::from_word(path).ok_or(Error::NotFound)
}

fn page(v: &Visitor, what: What, form: FormView, found: Option<Summary>) -> Result<Answer> {
    let (title, here) = match what {
        What::People => ("import-people", "people"),
        What::Items => ("import-items", "items"),
    };
    let shell = shell(v, title)?;
    Ok(Answer::html(&Page {
        preview: found.map(|summary| preview(&shell, summary)),
        here,
        what,
        form,
        shell,
    }))
}

fn preview(shell: &Shell, mut summary: Summary) -> Preview {
    let said = |why: &Option<Message>| why.as_ref().map(|why| shell.say(why));
    let rejected = std::mem::take(&mut summary.rejected);
    Preview {
        ignored: summary.ignored.join(", "),
        places: summary
            .places
            .iter()
            .map(|(key, names)| (shell.t.s(key).into_owned(), few(names)))
            .collect(),
        rejected: rejected
            .into_iter()
            .take(SHOWN)
            .map(
                |Line {
                     line, what, why, ..
                 }| Rejected {
                    line,
                    what,
                    why: said(&why).unwrap_or_default(),
                },
            )
            .collect(),
        shown: SHOWN,
        nothing: summary.counts.added + summary.counts.changed == 0,
        summary,
    }
}

fn few(names: &[String]) -> String {
    const NAMED: usize = 20;
    let some: Vec<&str> = names.iter().take(NAMED).map(String::as_str).collect();
    let more = if names.len() > NAMED { ", …" } else { "" };
    format!("{}{more}", some.join(", "))
}
