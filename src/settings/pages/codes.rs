//! Codes of holds, resolutions and cancellations.

use actix_web::{HttpResponse, web};
use askama::Template;

use super::{Choice, saved, shell, simple};
use crate::people::meanwhile::{self, Edit};
use crate::people::{Answer, Done, Flash, Form, FormView, Right, Shell, Visit, Visitor};
use crate::platform::kernel::error::{Error, Result};
use crate::services::{Code, CodeList, find_any_code, list_codes};
use crate::settings::actions::{self, Step};
use crate::settings::model::CodeForm;
use crate::settings::rules::{self, BEHAVIOURS};

#[derive(Template)]
#[template(path = "settings/codes.html")]
struct ListPage {
    shell: Shell,
    here: &'static str,
    lists: Vec<List>,
}

struct List {
    word: &'static str,
    title: String,
    text: String,
    rows: Vec<Row>,
}

struct Row {
    code: String,
    label: String,
    behaviour: String,
    disabled: bool,
    first: bool,
    last: bool,
}

#[derive(Template)]
#[template(path = "settings/code.html")]
struct Page {
    shell: Shell,
    here: &'static str,
    form: FormView,
    seen: String,
    action: String,
    is_new: bool,
    /// What a hold code may behave like; empty where there is nothing to choose.
    behaviours: Vec<Choice>,
    /// The behaviour that came with the product.
    fixed: Option<String>,
}

pub async fn index(visit: Visit) -> HttpResponse {
    visit
        .page(|r, v| {
            let shell = shell(v, "settings-codes")?;
            let mut lists = Vec::new();
            for list in CodeList::ALL {
                let codes = list_codes(r, *list)?;
                lists.push(section(&shell, *list, codes));
            }
            Ok(Answer::html(&ListPage {
                shell,
                here: "codes",
                lists,
            }))
        })
        .await
}

fn section(shell: &Shell, list: CodeList, codes: Vec<Code>) -> List {
    let last = codes.len().saturating_sub(1);
    let rows = codes
        .into_iter()
        .enumerate()
        .map(|(at, code)| Row {
            first: at == 0,
            last: at == last,
            behaviour: behaviour(shell, &code.behaviour),
            disabled: code.disabled_at.is_some(),
            label: code.label,
            code: code.code,
        })
        .collect();
    List {
        word: list.word(),
        title: shell.t.s(&format!("codes-{list}")).into_owned(),
        text: shell.t.s(&format!("codes-{list}.text")).into_owned(),
        rows,
    }
}

fn behaviour(shell: &Shell, word: &str) -> String {
    if word.is_empty() {
        String::new()
    } else {
        shell.t.s(&format!("behaviour-{word}")).into_owned()
    }
}

pub async fn new(visit: Visit, path: web::Path<String>) -> HttpResponse {
    visit
        .page(move |_, v| page(v, list(&path)?, None, FormView::fresh(), String::new()))
        .await
}

pub async fn add(visit: Visit, path: web::Path<String>, form: Form) -> HttpResponse {
    let (to, of) = (path.clone(), path.into_inner());
    visit
        .submit(
            form,
            move |w, v, ctx, form| {
                let code = actions::add_code(w, v, ctx, list(&to)?, &given(form))?;
                Ok(Done::at(format!("/settings/codes#{}", code.list))
                    .saying(Flash::ok("code-added").arg("label", code.label)))
            },
            move |_, v, form, error| {
                let view = FormView::again(&v.shell("", ""), form, error);
                page(v, list(&of)?, None, view, String::new())
            },
        )
        .await
}

pub async fn show(visit: Visit, path: web::Path<(String, String)>) -> HttpResponse {
    visit
        .page(move |r, v| {
            shell(v, "settings-codes")?;
            let list = list(&path.0)?;
            let code = find_any_code(r, list, &path.1)?;
            let now = CodeForm::of(&code);
            let form = present(FormView::fresh(), &now);
            page(v, list, Some(&code), form, meanwhile::seen(&now))
        })
        .await
}

pub async fn save(visit: Visit, path: web::Path<(String, String)>, form: Form) -> HttpResponse {
    let (to, of) = (path.clone(), path.into_inner());
    visit
        .submit(
            form,
            move |w, v, ctx, form| {
                let edit = Edit::of(form, given(form))?;
                let list = list(&to.0)?;
                let settled = actions::edit_code(w, v, ctx, (list, &to.1), &edit)?;
                Ok(saved(
                    format!("/settings/codes#{list}"),
                    settled.with_theirs,
                ))
            },
            move |r, v, form, error| {
                v.needs(Right::Administer)?;
                let list = list(&of.0)?;
                let code = find_any_code(r, list, &of.1)?;
                let view = meanwhile::view_again(&v.shell("", ""), form, error);
                let seen = meanwhile::seen_again(form, error);
                page(v, list, Some(&code), view, seen)
            },
        )
        .await
}

pub async fn reorder(visit: Visit, path: web::Path<(String, String)>, form: Form) -> HttpResponse {
    simple(visit, form, move |w, v, ctx, form| {
        let step = match form.value("step") {
            "up" => Step::Up,
            "down" => Step::Down,
            _ => return Err(Error::invalid("step", "error-unknown-choice")),
        };
        let list = list(&path.0)?;
        actions::move_code(w, v, ctx, (list, &path.1), step)?;
        Ok(Done::at(format!("/settings/codes#{list}")))
    })
    .await
}

fn list(word: &str) -> Result<CodeList> {
    CodeList::from_word(word).ok_or(Error::NotFound)
}

fn given(form: &Form) -> CodeForm {
    CodeForm {
        label: form.value("label").to_owned(),
        behaviour: form.value("behaviour").to_owned(),
        disabled: form.has("disabled"),
    }
}

fn present(form: FormView, now: &CodeForm) -> FormView {
    let form = form
        .preset("label", &now.label)
        .preset("behaviour", &now.behaviour);
    if now.disabled {
        form.preset("disabled", "on")
    } else {
        form
    }
}

fn page(
    v: &Visitor,
    list: CodeList,
    code: Option<&Code>,
    form: FormView,
    seen: String,
) -> Result<Answer> {
    let shell = shell(v, "settings-codes")?;
    let built_in = code.filter(|code| rules::is_built_in(code));
    let behaviours = if list == CodeList::Hold && built_in.is_none() {
        BEHAVIOURS
            .iter()
            .map(|word| ((*word).to_owned(), behaviour(&shell, word)))
            .collect()
    } else {
        Vec::new()
    };
    let (title, action) = match code {
        Some(code) => (
            code.label.clone(),
            format!("/settings/codes/{list}/{}", code.code),
        ),
        None => (
            shell.t.s(&format!("codes-{list}.new")).into_owned(),
            format!("/settings/codes/{list}"),
        ),
    };
    Ok(Answer::html(&Page {
        here: "codes",
        form,
        seen,
        action,
        is_new: code.is_none(),
        behaviours,
        fixed: built_in.map(|code| behaviour(&shell, &code.behaviour)),
        shell: shell.titled(title),
    }))
}
