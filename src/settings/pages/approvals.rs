//! Approval policies: the list, a policy's form, its versions. Nowhere else are they written.

use actix_web::{HttpResponse, web};
use askama::Template;

use super::{Choice, id, shell, simple};
use crate::approvals::actions::{self, Wanted};
use crate::approvals::terms::{Count, Covers, Entry, Part, Policy, Stage, Who};
use crate::approvals::{self, Kept};
use crate::items::Environment;
use crate::people::{Answer, Done, Flash, Form, FormView, Shell, Visit, Visitor, When};
use crate::platform::db::{Db, Id};
use crate::platform::kernel::error::{Error, Invalid, Result};
use crate::records::Kind;
use crate::services;

mod fields;
use fields::StageFields;

/// Risks and types as changes know them; a policy that names none is for all.
const TYPES: [&str; 3] = ["standard", "normal", "emergency"];
const RISKS: [&str; 3] = ["low", "medium", "high"];

#[derive(Template)]
#[template(path = "settings/approval_policies.html")]
struct ListPage {
    shell: Shell,
    here: &'static str,
    rows: Vec<Row>,
    key: String,
}

struct Row {
    id: String,
    name: String,
    covers: String,
    stages: String,
    version: i32,
    is_retired: bool,
}

#[derive(Template)]
#[template(path = "settings/approval_policy.html")]
struct Page {
    shell: Shell,
    here: &'static str,
    form: FormView,
    action: String,
    is_new: bool,
    is_retired: bool,
    /// Nothing is wrong with what was checked.
    fits: bool,
    kinds: Vec<Choice>,
    types: Vec<Choice>,
    risks: Vec<Choice>,
    services: Vec<Choice>,
    criticalities: Vec<Choice>,
    environments: Vec<Choice>,
    stages: Vec<StageFields>,
    versions: Vec<(i32, When, bool)>,
    retire_key: String,
}

pub async fn list(visit: Visit) -> HttpResponse {
    visit
        .page(|r, v| {
            let shell = shell(v, "settings-approvals")?;
            let services = services::list_services(r)?;
            let rows = approvals::policies(r)?.into_iter().map(|kept| {
                let latest = kept.latest();
                let names = latest.into_iter().flat_map(|v| &v.policy.stages);
                let names: Vec<&str> = names.map(|s| s.name.as_str()).collect();
                Row {
                    id: kept.id.to_string(),
                    covers: latest.map_or_else(String::new, |v| {
                        covered(&shell, &v.policy.covers, &services)
                    }),
                    stages: names.join(" · "),
                    version: latest.map_or(0, |v| v.number),
                    is_retired: kept.is_retired,
                    name: kept.name,
                }
            });
            Ok(Answer::html(&ListPage {
                rows: rows.collect(),
                here: "approvals",
                key: crate::people::new_form_key(),
                shell,
            }))
        })
        .await
}

/// What a policy is for, in words.
fn covered(shell: &Shell, covers: &Covers, services: &[services::Service]) -> String {
    let word = |family: &str, word: &str| {
        let key = format!("{family}-{word}");
        match shell.t.has(&key) {
            true => shell.t.s(&key).into_owned(),
            false => word.to_owned(),
        }
    };
    let mut said = vec![word("kind", &covers.record)];
    said.extend(
        covers
            .change_type
            .as_deref()
            .map(|t| word("policy-type", t)),
    );
    said.extend(covers.risk.as_deref().map(|r| word("policy-risk", r)));
    let service = covers.service.and_then(|id| {
        let found = services.iter().find(|s| s.id.uuid() == id)?;
        Some(found.name.clone())
    });
    said.extend(service);
    said.extend(
        covers
            .environment
            .as_deref()
            .map(|place| word("environment", place)),
    );
    said.extend(
        covers
            .criticality
            .map(|n| word("criticality", &n.to_string())),
    );
    said.join(" · ")
}

pub async fn new(visit: Visit) -> HttpResponse {
    visit
        .page(|r, v| {
            let stages = vec![StageFields::empty(1)];
            let form = FormView::fresh().preset("record_kind", Kind::Change.word());
            page(r, v, None, form, stages, false)
        })
        .await
}

pub async fn show(visit: Visit, path: web::Path<String>) -> HttpResponse {
    visit
        .page(move |r, v| {
            shell(v, "settings-approvals")?;
            let kept = approvals::find_policy(r, id(&path)?)?;
            let latest = kept.latest().ok_or(Error::NotFound)?;
            let covers = &latest.policy.covers;
            let some = |text: &Option<String>| text.clone().unwrap_or_default();
            let form = FormView::fresh()
                .preset("name", &latest.policy.name)
                .preset("record_kind", &covers.record)
                .preset("change_type", some(&covers.change_type))
                .preset("risk", some(&covers.risk))
                .preset(
                    "service",
                    covers.service.map_or_else(String::new, |id| id.to_string()),
                )
                .preset("environment", some(&covers.environment))
                .preset(
                    "criticality",
                    covers
                        .criticality
                        .map_or_else(String::new, |n| n.to_string()),
                );
            let stages = fields::of_policy(r, &latest.policy)?;
            page(r, v, Some(&kept), form, stages, false)
        })
        .await
}

pub async fn add(visit: Visit, form: Form) -> HttpResponse {
    take(visit, None, form).await
}

pub async fn save(visit: Visit, path: web::Path<String>, form: Form) -> HttpResponse {
    take(visit, Some(path.into_inner()), form).await
}

/// Saves what a form says; checks it only, or adds a stage, where that was asked for.
async fn take(visit: Visit, of: Option<String>, form: Form) -> HttpResponse {
    let to = of.clone();
    visit
        .submit(
            form,
            move |w, v, ctx, form| {
                shell(v, "settings-approvals")?;
                let wanted = wanted(w, to.as_deref(), form)?;
                let saved = actions::save_policy(w, v, ctx, &wanted)?;
                Ok(Done::at(format!("/settings/approvals/{saved}"))
                    .saying(Flash::ok("policy-saved")))
            },
            move |r, v, form, error| {
                let shell = shell(v, "settings-approvals")?;
                let kept = match &of {
                    Some(of) => Some(approvals::find_policy(r, id(of)?)?),
                    None => None,
                };
                let mut stages = fields::of_form(form);
                let checks = form.value("show_again") == "check";
                let checked = match (checks, error) {
                    (true, None) => problems(r, of.as_deref(), form)?,
                    _ => None,
                };
                if form.value("show_again") == "stage" {
                    stages.push(StageFields::empty(stages.len() + 1));
                }
                let view = FormView::again(&shell, form, error.or(checked.as_ref()));
                let fits = checks && checked.is_none();
                page(r, v, kept.as_ref(), view, stages, fits)
            },
        )
        .await
}

/// What is wrong with what a form says.
fn problems(conn: &mut Db, of: Option<&str>, form: &Form) -> Result<Option<Error>> {
    let found = match wanted(conn, of, form) {
        Ok(wanted) => actions::check_policy(conn, &wanted)?,
        Err(e @ Error::Invalid(_)) => return Ok(Some(e)),
        Err(e) => return Err(e),
    };
    let found: Vec<_> = found
        .into_iter()
        .map(|(_, message)| ("", message))
        .collect();
    Ok((!found.is_empty()).then_some(Error::Invalid(Invalid(found))))
}

fn wanted(conn: &mut Db, of: Option<&str>, form: &Form) -> Result<Wanted> {
    let mut invalid = Invalid::default();
    let word = |name: &'static str, invalid: &mut Invalid| {
        Some(form.line(name, 60, invalid)).filter(|word| !word.is_empty())
    };
    let name = form.required("name", 100, &mut invalid);
    let covers = Covers {
        record: word("record_kind", &mut invalid)
            .filter(|kind| Kind::from_word(kind).is_some())
            .unwrap_or_else(|| Kind::Change.word().to_owned()),
        change_type: word("change_type", &mut invalid),
        risk: word("risk", &mut invalid),
        service: form.parsed("service", &mut invalid),
        environment: word("environment", &mut invalid),
        criticality: form.parsed("criticality", &mut invalid),
    };
    let stages = fields::read(conn, form, &mut invalid)?;
    let id = of.map(id).transpose()?;
    invalid.or(Wanted {
        id,
        policy: Policy {
            name,
            covers,
            stages,
        },
    })
}

fn page(
    r: &mut Db,
    v: &Visitor,
    kept: Option<&Kept>,
    form: FormView,
    stages: Vec<StageFields>,
    fits: bool,
) -> Result<Answer> {
    let shell = shell(v, "policy-new")?;
    let versions = kept.map_or(&[][..], |k| &k.versions);
    let versions = versions.iter().rev().map(|version| {
        (
            version.number,
            shell.when(version.saved_at),
            version.is_retired,
        )
    });
    let versions = versions.collect();
    let words = |family: &str, words: &[&str]| -> Vec<Choice> {
        let said = |word: &&str| {
            let said = shell.t.s(&format!("{family}-{word}")).into_owned();
            ((*word).to_owned(), said)
        };
        words.iter().map(said).collect()
    };
    let kinds: Vec<&str> = Kind::ALL.iter().map(|kind| kind.word()).collect();
    let criticalities = ["1", "2", "3", "4"];
    let places: Vec<&str> = Environment::ALL.iter().map(|place| place.word()).collect();
    let mut environments = words("environment", &places);
    // What was written once and is none is refused by name, not dropped unseen.
    let typed = form.value("environment");
    if !typed.is_empty() && !places.contains(&typed) {
        environments.push((typed.to_owned(), typed.to_owned()));
    }
    let services = services::list_services(r)?.into_iter();
    Ok(Answer::html(&Page {
        here: "approvals",
        action: kept.map_or_else(
            || "/settings/approvals".to_owned(),
            |kept| format!("/settings/approvals/{}", kept.id),
        ),
        is_new: kept.is_none(),
        is_retired: kept.is_some_and(|k| k.is_retired),
        fits,
        kinds: words("kind", &kinds),
        types: words("policy-type", &TYPES),
        risks: words("policy-risk", &RISKS),
        criticalities: words("criticality", &criticalities),
        environments,
        services: services.map(|s| (s.id.to_string(), s.name)).collect(),
        stages,
        versions,
        retire_key: crate::people::new_form_key(),
        form,
        shell: match kept {
            Some(kept) => shell.titled(&kept.name),
            None => shell,
        },
    }))
}

pub async fn retire(visit: Visit, path: web::Path<String>, form: Form) -> HttpResponse {
    simple(visit, form, move |w, v, ctx, _| {
        actions::retire_policy(w, v, ctx, id(&path)?)?;
        Ok(Done::at("/settings/approvals").saying(Flash::ok("policy-retired")))
    })
    .await
}

/// Adds what most desks begin with: whoever owns a service says yes, else the requester's manager.
pub async fn usual(visit: Visit, form: Form) -> HttpResponse {
    simple(visit, form, move |w, v, ctx, _| {
        shell(v, "settings-approvals")?;
        let name = v.words.s("policy-usual-name").into_owned();
        let stage = v.words.s("policy-usual-stage").into_owned();
        let wanted = Wanted {
            id: None,
            policy: usual_policy(name, stage),
        };
        let saved: Id<Kept> = actions::save_policy(w, v, ctx, &wanted)?;
        Ok(Done::at(format!("/settings/approvals/{saved}")).saying(Flash::ok("policy-saved")))
    })
    .await
}

fn usual_policy(name: String, stage: String) -> Policy {
    Policy {
        name,
        covers: Covers {
            record: Kind::Change.word().to_owned(),
            ..Covers::default()
        },
        stages: vec![Stage {
            key: crate::platform::kernel::text::fold(&stage),
            name: stage,
            after: Vec::new(),
            seats: vec![Entry {
                who: Who::ServiceOwner,
                mandatory: false,
                veto: false,
            }],
            count: Count::All,
            alternates: vec![Who::LineManager],
            meeting: false,
            reopened_by: Part::ALL.to_vec(),
            deadline: None,
            reminder: Some(24),
            reauthenticate: false,
        }],
    }
}
