//! Levels of impact, urgency and priority, and the matrix between them.

use actix_web::{HttpResponse, web};
use askama::Template;

use super::{Choice, saved, shell, simple};
use crate::people::meanwhile::{self, Edit};
use crate::people::{Answer, Done, Flash, Form, FormView, Shell, Visit, Visitor};
use crate::platform::db::Read;
use crate::platform::kernel::error::{Error, Invalid, Result};
use crate::services::{Level, Scale, list_levels, list_matrix};
use crate::settings::actions;
use crate::settings::model::{Cells, LevelNames, cells_of, names_of};
use crate::settings::rules;

#[derive(Template)]
#[template(path = "settings/priorities.html")]
struct Page {
    shell: Shell,
    here: &'static str,
    form: FormView,
    seen: String,
    urgencies: Vec<Level>,
    rows: Vec<Row>,
    priorities: Vec<Choice>,
    scales: Vec<ScaleRow>,
}

struct Row {
    impact: Level,
    cells: Vec<Cell>,
}

struct Cell {
    field: &'static str,
    label: String,
}

struct ScaleRow {
    word: &'static str,
    title: String,
    levels: String,
}

#[derive(Template)]
#[template(path = "settings/scale.html")]
struct ScalePage {
    shell: Shell,
    here: &'static str,
    word: &'static str,
    form: FormView,
    seen: String,
    levels: Vec<LevelRow>,
    /// The form of a new level.
    new: FormView,
    can_add: bool,
    lowest: Option<String>,
}

struct LevelRow {
    level: i32,
    name: &'static str,
    hint: &'static str,
}

/// Which of a scale's forms comes back.
enum Which {
    Names,
    New,
}

pub async fn show(visit: Visit) -> HttpResponse {
    visit
        .page(|r, v| {
            let now = cells_of(&list_matrix(r)?);
            let form = now
                .iter()
                .fold(FormView::fresh(), |form, (field, priority)| {
                    form.preset(field, priority)
                });
            matrix_page(r, v, form, meanwhile::seen(&now))
        })
        .await
}

pub async fn save(visit: Visit, form: Form) -> HttpResponse {
    visit
        .submit(
            form,
            |w, v, ctx, form| {
                let mut invalid = Invalid::default();
                let mut cells = Cells::new();
                for field in rules::cells() {
                    if let Some(priority) = form.parsed(field, &mut invalid) {
                        cells.insert(field.to_owned(), priority);
                    }
                }
                invalid.or(())?;
                let edit = Edit::of(form, cells)?;
                let with_theirs = actions::edit_matrix(w, v, ctx, &edit)?;
                Ok(saved("/settings/priorities", with_theirs))
            },
            |r, v, form, error| {
                let view = meanwhile::view_again(&v.shell("", ""), form, error);
                matrix_page(r, v, view, meanwhile::seen_again(form, error))
            },
        )
        .await
}

fn matrix_page(r: &mut Read<'_>, v: &Visitor, form: FormView, seen: String) -> Result<Answer> {
    let shell = shell(v, "settings-priorities")?;
    let urgencies = list_levels(r, Scale::Urgency)?;
    let rows = list_levels(r, Scale::Impact)?
        .into_iter()
        .map(|impact| Row {
            cells: urgencies
                .iter()
                .filter_map(|urgency| {
                    Some(Cell {
                        field: rules::cell(impact.level, urgency.level)?,
                        label: shell.t.with2(
                            "matrix-cell",
                            "impact",
                            &impact.name,
                            "urgency",
                            &urgency.name,
                        ),
                    })
                })
                .collect(),
            impact,
        })
        .collect();
    let priorities = list_levels(r, Scale::Priority)?
        .into_iter()
        .map(|p| (p.level.to_string(), format!("P{} {}", p.level, p.name)))
        .collect();
    let mut scales = Vec::new();
    for scale in Scale::ALL {
        let names: Vec<String> = list_levels(r, *scale)?
            .into_iter()
            .map(|level| level.name)
            .collect();
        scales.push(ScaleRow {
            word: scale.word(),
            title: shell.t.s(&format!("scale-{scale}")).into_owned(),
            levels: names.join(", "),
        });
    }
    Ok(Answer::html(&Page {
        shell,
        here: "priorities",
        form,
        seen,
        urgencies,
        rows,
        priorities,
        scales,
    }))
}

pub async fn show_scale(visit: Visit, path: web::Path<String>) -> HttpResponse {
    visit
        .page(move |r, v| {
            let scale = scale(&path)?;
            let now = names_of(&list_levels(r, scale)?);
            let form = present(FormView::fresh(), &now);
            scale_page(r, v, scale, form, meanwhile::seen(&now), FormView::fresh())
        })
        .await
}

pub async fn rename(visit: Visit, path: web::Path<String>, form: Form) -> HttpResponse {
    let (to, of) = (path.clone(), path.into_inner());
    visit
        .submit(
            form,
            move |w, v, ctx, form| {
                let scale = scale(&to)?;
                let asked: LevelNames = rules::all_level_fields()
                    .into_iter()
                    .filter(|field| form.has(field))
                    .map(|field| (field.to_owned(), form.value(field).to_owned()))
                    .collect();
                let edit = Edit::of(form, asked)?;
                let with_theirs = actions::edit_levels(w, v, ctx, scale, &edit)?;
                Ok(saved("/settings/priorities", with_theirs))
            },
            move |r, v, form, error| again(r, v, &of, &Which::Names, form, error),
        )
        .await
}

pub async fn add(visit: Visit, path: web::Path<String>, form: Form) -> HttpResponse {
    let (to, of) = (path.clone(), path.into_inner());
    visit
        .submit(
            form,
            move |w, v, ctx, form| {
                let scale = scale(&to)?;
                let (name, hint) = (form.value("name"), form.value("hint"));
                let level = actions::add_level(w, v, ctx, scale, name, hint)?;
                Ok(Done::at(format!("/settings/priorities/{scale}"))
                    .saying(Flash::ok("level-added").arg("name", level.name)))
            },
            move |r, v, form, error| again(r, v, &of, &Which::New, form, error),
        )
        .await
}

pub async fn remove(visit: Visit, path: web::Path<String>, form: Form) -> HttpResponse {
    simple(visit, form, move |w, v, ctx, _| {
        let scale = scale(&path)?;
        let name = actions::remove_level(w, v, ctx, scale)?;
        Ok(Done::at(format!("/settings/priorities/{scale}"))
            .saying(Flash::ok("level-removed").arg("name", name)))
    })
    .await
}

fn scale(word: &str) -> Result<Scale> {
    Scale::from_word(word).ok_or(Error::NotFound)
}

fn present(form: FormView, now: &LevelNames) -> FormView {
    now.iter()
        .fold(form, |form, (field, value)| form.preset(field, value))
}

fn again(
    r: &mut Read<'_>,
    v: &Visitor,
    path: &str,
    which: &Which,
    form: &Form,
    error: Option<&Error>,
) -> Result<Answer> {
    let scale = scale(path)?;
    let view = meanwhile::view_again(&v.shell("", ""), form, error);
    match which {
        Which::Names => {
            let seen = meanwhile::seen_again(form, error);
            scale_page(r, v, scale, view, seen, FormView::fresh())
        }
        Which::New => {
            let now = names_of(&list_levels(r, scale)?);
            let names = present(FormView::fresh(), &now);
            scale_page(r, v, scale, names, meanwhile::seen(&now), view)
        }
    }
}

fn scale_page(
    r: &mut Read<'_>,
    v: &Visitor,
    scale: Scale,
    form: FormView,
    seen: String,
    new: FormView,
) -> Result<Answer> {
    let shell = shell(v, &format!("scale-{scale}"))?;
    let levels = list_levels(r, scale)?;
    let lowest = levels
        .last()
        .filter(|_| levels.len() > 1)
        .map(|level| level.name.clone());
    Ok(Answer::html(&ScalePage {
        here: "priorities",
        word: scale.word(),
        form,
        seen,
        can_add: (levels.len() as i32) < rules::LEVELS_MAX,
        levels: levels
            .into_iter()
            .filter_map(|level| {
                let (name, hint) = rules::level_fields(level.level)?;
                Some(LevelRow {
                    level: level.level,
                    name,
                    hint,
                })
            })
            .collect(),
        new,
        lowest,
        shell,
    }))
}
