//! Raising a change, and its plan: one form, in which what stands in the way is seen before anything is
//! kept.

use std::collections::HashMap;

use actix_web::Responder;
use actix_web::web::Query;
use askama::Template;

use super::{joined, people_choices, service_choices};

use crate::changes::actions::{self, Found, Raise};
use crate::changes::rules::plan::{FIXED, PlanForm};
use crate::changes::rules::risk::QUESTIONS;
use crate::changes::rules::steps::{ChangeType, is_planning};
use crate::changes::store;
use crate::changes::{besides, chapters};
use crate::items::Environment;
use crate::people::meanwhile::{self, Edit};
use crate::people::{Answer, Done, Flash, Form, FormView, Right, Shell, Visit, Visitor};
use crate::platform::db::Db;
use crate::platform::kernel::error::{Error, Invalid, Message, Result};
use crate::records::pages::{LONGEST_LINE, LONGEST_TEXT, Target};
use crate::records::{Number, Warning};

#[derive(Template)]
#[template(path = "changes/plan.html")]
struct PlanPage {
    shell: Shell,
    action: String,
    back: String,
    /// Number and title of one that exists.
    of: Option<(String, String)>,
    seen: String,
    form: FormView,
    /// What it is made from, which fixes most of it.
    template: Option<String>,
    templates: Vec<(String, String)>,
    /// The type may still be chosen.
    types: Vec<(&'static str, &'static str)>,
    services: Vec<(String, String)>,
    environments: Vec<(&'static str, String)>,
    people: Vec<(String, String)>,
    questions: Vec<Asked>,
    warnings: Vec<Warning>,
    /// The form was looked at, and nothing stands in the way.
    clear: bool,
    /// What its risk was judged to be, where it was looked at.
    risk: Option<String>,
    /// Approvers were asked about what stands here: what else is saved is asked about again.
    asks_again: bool,
}

struct Asked {
    name: &'static str,
    /// Key of the question.
    label: &'static str,
    answers: Vec<(&'static str, String)>,
}

impl PlanPage {
    fn is_fixed(&self, field: &str) -> bool {
        self.template.is_some() && FIXED.contains(&field)
    }
}

const RISK: [&str; 4] = [
    "risk_reach",
    "risk_reversible",
    "risk_done_before",
    "risk_steps",
];

/// What was typed.
fn typed(form: &Form) -> PlanForm {
    let value = |name: &str| form.value(name).to_owned();
    PlanForm {
        change_type: value("change_type"),
        environment: value("environment"),
        change_services: joined(form, "change_services"),
        change_items: value("change_items").replace("\r\n", "\n"),
        window_starts_at: value("window_starts_at"),
        window_ends_at: value("window_ends_at"),
        bounds_starts_at: value("bounds_starts_at"),
        bounds_ends_at: value("bounds_ends_at"),
        outage_minutes: value("outage_minutes"),
        implementer: value("implementer"),
        verifier: value("verifier"),
        rollout: value("rollout"),
        observe_minutes: value("observe_minutes"),
        implementation_plan: value("implementation_plan").replace("\r\n", "\n"),
        test_plan: value("test_plan").replace("\r\n", "\n"),
        backout_plan: value("backout_plan").replace("\r\n", "\n"),
        backout_minutes: value("backout_minutes"),
        backout_rehearsed: form.has("backout_rehearsed"),
        risk_reach: value("risk_reach"),
        risk_reversible: value("risk_reversible"),
        risk_done_before: value("risk_done_before"),
        risk_steps: value("risk_steps"),
    }
}

fn preset(form: FormView, plan: &PlanForm) -> FormView {
    let services = super::parted(&plan.change_services);
    let form = form.preset_all("change_services", &services);
    let form = [
        ("change_type", &plan.change_type),
        ("environment", &plan.environment),
        ("change_items", &plan.change_items),
        ("window_starts_at", &plan.window_starts_at),
        ("window_ends_at", &plan.window_ends_at),
        ("bounds_starts_at", &plan.bounds_starts_at),
        ("bounds_ends_at", &plan.bounds_ends_at),
        ("outage_minutes", &plan.outage_minutes),
        ("implementer", &plan.implementer),
        ("verifier", &plan.verifier),
        ("rollout", &plan.rollout),
        ("observe_minutes", &plan.observe_minutes),
        ("implementation_plan", &plan.implementation_plan),
        ("test_plan", &plan.test_plan),
        ("backout_plan", &plan.backout_plan),
        ("backout_minutes", &plan.backout_minutes),
        ("risk_reach", &plan.risk_reach),
        ("risk_reversible", &plan.risk_reversible),
        ("risk_done_before", &plan.risk_done_before),
        ("risk_steps", &plan.risk_steps),
    ]
    .into_iter()
    .fold(form, |form, (name, value)| form.preset(name, value));
    match plan.backout_rehearsed {
        true => form.preset("backout_rehearsed", "on"),
        false => form,
    }
}

fn questions() -> Vec<Asked> {
    RISK.into_iter()
        .zip(&QUESTIONS)
        .map(|(name, question)| Asked {
            name,
            label: chapters::question_key(question.key),
            answers: question
                .answers
                .iter()
                .map(|(word, _)| (*word, chapters::answer_key(question.key, word)))
                .collect(),
        })
        .collect()
}

/// What the page is about besides its form.
struct About {
    action: String,
    back: String,
    of: Option<(String, String)>,
    seen: String,
    template: Option<String>,
    with_types: bool,
    look: Look,
    asks_again: bool,
}

/// What was seen of a plan when somebody looked for conflicts.
#[derive(Default)]
struct Look {
    warnings: Vec<Warning>,
    clear: bool,
    risk: Option<String>,
}

impl Look {
    /// Of a form as far as it is understood.
    fn at(
        conn: &mut Db,
        shell: &Shell,
        visitor: &Visitor,
        planned: Option<&Found>,
    ) -> Result<Self> {
        let Some(planned) = planned else {
            return Ok(Self::default());
        };
        let warnings = besides::warnings(conn, shell, visitor, planned)?;
        Ok(Self {
            clear: warnings.is_empty(),
            risk: besides::risk_of(shell, &planned.change),
            warnings,
        })
    }
}

fn page(conn: &mut Db, shell: Shell, form: FormView, about: About) -> Result<Answer> {
    let chosen: Vec<String> = (form.all("change_services")).map(str::to_owned).collect();
    let templates = match about.of {
        None => store::templates_in_use(conn)?,
        Some(_) => Vec::new(),
    };
    Ok(Answer::html(&PlanPage {
        services: service_choices(conn, &chosen.join(","))?,
        people: people_choices(conn)?,
        environments: Environment::ALL
            .iter()
            .map(|e| (e.word(), format!("environment-{}", e.word())))
            .collect(),
        types: match about.with_types {
            true => vec![
                (ChangeType::Normal.word(), "change-type-normal"),
                (ChangeType::Emergency.word(), "change-type-emergency"),
            ],
            false => Vec::new(),
        },
        templates: templates
            .into_iter()
            .map(|t| (t.id.to_string(), t.name))
            .collect(),
        questions: questions(),
        action: about.action,
        back: about.back,
        of: about.of,
        seen: about.seen,
        template: about.template,
        warnings: about.look.warnings,
        clear: about.look.clear,
        risk: about.look.risk,
        asks_again: about.asks_again,
        form,
        shell,
    }))
}

/// `GET /changes/new`.
pub async fn new(visit: Visit, query: Query<HashMap<String, String>>) -> impl Responder {
    let query = query.into_inner();
    visit
        .page(move |r, v| {
            let value = |name: &str| query.get(name).map_or("", String::as_str).to_owned();
            let plan = PlanForm {
                change_type: value("type"),
                ..PlanForm::default()
            };
            let form = preset(FormView::fresh(), &plan)
                .preset("change_template", value("template"))
                .preset("linked", value("linked"));
            raise_page(r, v, form, Look::default())
        })
        .await
}

fn raise_page(conn: &mut Db, visitor: &Visitor, form: FormView, look: Look) -> Result<Answer> {
    visitor.needs(Right::Work)?;
    let shell = visitor.shell("changes", visitor.words.s("change-new"));
    let template = match form.value("change_template").parse() {
        Ok(id) => match store::find_template(conn, id) {
            Ok(template) => Some(template.name),
            Err(Error::NotFound) => None,
            Err(e) => return Err(e),
        },
        Err(_) => None,
    };
    let about = About {
        action: "/changes".into(),
        back: "/changes/calendar".into(),
        of: None,
        seen: String::new(),
        with_types: template.is_none(),
        template,
        look,
        asks_again: false,
    };
    page(conn, shell, form, about)
}

/// `POST /changes`; with `show_again` the form is only looked at.
pub async fn raise(visit: Visit, form: Form) -> impl Responder {
    visit
        .submit(
            form,
            |w, v, ctx, form| {
                v.needs(Right::Work)?;
                let record = actions::raise(w, v, ctx, &command(form)?)?;
                let flash = Flash::ok("change-raised").arg("number", record.number());
                Ok(Done::at(record.number().path()).saying(flash))
            },
            |r, v, form, error| {
                v.needs(Right::Work)?;
                let shell = v.shell("", "");
                // Also of a form that cannot be raised yet: as far as it is understood.
                let asked = read(form, &mut Invalid::default());
                let raised = actions::as_raised(r, v, &asked)?;
                let look = Look::at(r, &shell, v, raised.as_ref())?;
                raise_page(r, v, FormView::again(&shell, form, error), look)
            },
        )
        .await
}

fn command(form: &Form) -> Result<Raise> {
    let mut bad = Invalid::default();
    let command = read(form, &mut bad);
    bad.or(command)
}

fn read(form: &Form, bad: &mut Invalid) -> Raise {
    let mut linked: Vec<Number> = Vec::new();
    let words = form.value("linked").split([' ', ',', '\n', '\r']);
    for word in words.filter(|word| !word.is_empty()) {
        match word.parse() {
            Ok(number) => linked.push(number),
            Err(()) => bad.add(
                "linked",
                Message::new("change-link-unknown").arg("number", word),
            ),
        }
    }
    Raise {
        title: form.required("title", LONGEST_LINE, bad),
        description: form.text("description", LONGEST_TEXT, bad),
        template: form.parsed("change_template", bad),
        linked,
        plan: typed(form),
    }
}

/// `GET /changes/CHG-1/plan`.
pub async fn show(visit: Visit, target: Target) -> impl Responder {
    target
        .page(visit, move |r, v| {
            let found = actions::found(r, v, target.number)?;
            if !is_planning(&found.record.state) {
                let message = Message::new("change-plan-stands").arg("number", target.number);
                return Err(Error::refused(message));
            }
            let now = actions::plan_form(r, &found, &v.zone)?;
            let shell = v.shell("changes", v.words.s("change-plan-edit"));
            let look = Look {
                warnings: besides::warnings(r, &shell, v, &found)?,
                ..Look::default()
            };
            let form = preset(FormView::fresh(), &now);
            plan_page(r, shell, target, &found, form, meanwhile::seen(&now), look)
        })
        .await
}

fn plan_page(
    conn: &mut Db,
    shell: Shell,
    target: Target,
    found: &Found,
    form: FormView,
    seen: String,
    look: Look,
) -> Result<Answer> {
    let template = match found.change.template_id {
        Some(id) => Some(store::find_template(conn, id)?.name),
        None => None,
    };
    let asked = ["awaiting_approval", "scheduled"].contains(&found.record.state.as_str());
    let about = About {
        action: format!("{}/plan", target.path()),
        asks_again: asked && template.is_none(),
        back: target.path(),
        of: Some((target.number.to_string(), found.record.title.clone())),
        seen,
        with_types: template.is_none() && found.record.state == "draft",
        template,
        look,
    };
    page(conn, shell, form, about)
}

/// `POST /changes/CHG-1/plan`; with `show_again` the form is only looked at.
pub async fn save(visit: Visit, target: Target, form: Form) -> impl Responder {
    target
        .submit(
            visit,
            form,
            move |w, v, ctx, form| {
                let edit = Edit::of(form, kept(w, v, target, form)?)?;
                actions::edit_plan(w, v, ctx, target.number, &edit)?;
                Ok(Done::at(target.path()).saying(Flash::ok("saved")))
            },
            move |r, v, form, error| {
                let found = actions::found(r, v, target.number)?;
                let shell = v.shell("changes", v.words.s("change-plan-edit"));
                let asked = kept(r, v, target, form)?;
                // Also of a form that cannot be kept yet: as far as it is understood.
                let planned = actions::as_planned(r, v, &found, &asked)?;
                let look = Look::at(r, &shell, v, planned.as_ref())?;
                let view = meanwhile::view_again(&shell, form, error);
                let seen = meanwhile::seen_again(form, error);
                plan_page(r, shell, target, &found, view, seen, look)
            },
        )
        .await
}

/// What was typed; what a template fixes, or what cannot be chosen any more, is not on the form and
/// stays.
fn kept(conn: &mut Db, visitor: &Visitor, target: Target, form: &Form) -> Result<PlanForm> {
    let found = actions::found(conn, visitor, target.number)?;
    let now = actions::plan_form(conn, &found, &visitor.zone)?;
    let mut asked = typed(form);
    if found.change.template_id.is_some() {
        asked = PlanForm {
            window_starts_at: asked.window_starts_at,
            window_ends_at: asked.window_ends_at,
            bounds_starts_at: asked.bounds_starts_at,
            bounds_ends_at: asked.bounds_ends_at,
            outage_minutes: asked.outage_minutes,
            implementer: asked.implementer,
            verifier: asked.verifier,
            ..now
        };
    } else if !form.has("change_type") {
        asked.change_type = now.change_type;
    }
    Ok(asked)
}
