//! Boards: change advisory boards and the like, with their chairs and members.

use actix_web::{HttpResponse, web};
use askama::Template;

use super::{Choice, agent_choices, id, shell};
use crate::approvals::actions::{self, BoardForm};
use crate::approvals::{Board, find_board, list_boards, members_of_board};
use crate::people::{Answer, Done, Flash, Form, FormView, Shell, Visit, Visitor};
use crate::platform::db::Db;
use crate::platform::kernel::error::{Invalid, Result};

#[derive(Template)]
#[template(path = "settings/boards.html")]
struct ListPage {
    shell: Shell,
    here: &'static str,
    rows: Vec<Row>,
}

struct Row {
    id: String,
    name: String,
    members: String,
    disabled: bool,
}

#[derive(Template)]
#[template(path = "settings/board.html")]
struct Page {
    shell: Shell,
    here: &'static str,
    form: FormView,
    action: String,
    is_new: bool,
    people: Vec<Choice>,
}

pub async fn list(visit: Visit) -> HttpResponse {
    visit
        .page(|r, v| {
            let shell = shell(v, "settings-boards")?;
            let mut rows = Vec::new();
            for board in list_boards(r)? {
                let members = members_of_board(r, board.id)?;
                let names: Vec<String> = members.into_iter().map(|p| p.name).collect();
                rows.push(Row {
                    id: board.id.to_string(),
                    name: board.name,
                    members: names.join(", "),
                    disabled: board.disabled_at.is_some(),
                });
            }
            Ok(Answer::html(&ListPage {
                shell,
                here: "boards",
                rows,
            }))
        })
        .await
}

pub async fn new(visit: Visit) -> HttpResponse {
    visit.page(|r, v| page(r, v, None, FormView::fresh())).await
}

pub async fn show(visit: Visit, path: web::Path<String>) -> HttpResponse {
    visit
        .page(move |r, v| {
            shell(v, "settings-boards")?;
            let board = find_board(r, id(&path)?)?;
            let now = actions::present_board(r, &board)?;
            let members: Vec<String> = now.members.iter().map(|id| id.to_string()).collect();
            let mut form = FormView::fresh()
                .preset("name", &now.name)
                .preset(
                    "chair",
                    now.chair.map_or_else(String::new, |id| id.to_string()),
                )
                .preset_all("member", &members);
            if now.disabled {
                form = form.preset("disabled", "on");
            }
            page(r, v, Some(&board), form)
        })
        .await
}

pub async fn add(visit: Visit, form: Form) -> HttpResponse {
    visit
        .submit(
            form,
            |w, v, ctx, form| {
                actions::add_board(w, v, ctx, &given(form)?)?;
                Ok(Done::at("/settings/boards").saying(Flash::ok("board-saved")))
            },
            |r, v, form, error| {
                let view = FormView::again(&shell(v, "settings-boards")?, form, error);
                page(r, v, None, view)
            },
        )
        .await
}

pub async fn save(visit: Visit, path: web::Path<String>, form: Form) -> HttpResponse {
    let (to, of) = (path.clone(), path.into_inner());
    visit
        .submit(
            form,
            move |w, v, ctx, form| {
                actions::edit_board(w, v, ctx, id(&to)?, &given(form)?)?;
                Ok(Done::at("/settings/boards").saying(Flash::ok("board-saved")))
            },
            move |r, v, form, error| {
                let view = FormView::again(&shell(v, "settings-boards")?, form, error);
                let board = find_board(r, id(&of)?)?;
                page(r, v, Some(&board), view)
            },
        )
        .await
}

fn given(form: &Form) -> Result<BoardForm> {
    let mut invalid = Invalid::default();
    let mut members = Vec::new();
    for member in form.all("member") {
        match member.parse() {
            Ok(member) => members.push(member),
            Err(_) => invalid.add("member", "error-unknown-choice"),
        }
    }
    let given = BoardForm {
        name: form.value("name").to_owned(),
        chair: form.parsed("chair", &mut invalid),
        members,
        disabled: form.has("disabled"),
    };
    invalid.or(given)
}

fn page(r: &mut Db, v: &Visitor, board: Option<&Board>, form: FormView) -> Result<Answer> {
    let shell = shell(v, "board-new")?;
    let mut people = agent_choices(r, board.and_then(|b| b.chair_id))?;
    if let Some(board) = board {
        for member in members_of_board(r, board.id)? {
            let id = member.id.to_string();
            if !people.iter().any(|(known, _)| *known == id) {
                people.push((id, member.name));
            }
        }
    }
    Ok(Answer::html(&Page {
        here: "boards",
        action: board.map_or_else(
            || "/settings/boards".to_owned(),
            |board| format!("/settings/boards/{}", board.id),
        ),
        is_new: board.is_none(),
        people,
        form,
        shell: match board {
            Some(board) => shell.titled(&board.name),
            None => shell,
        },
    }))
}
