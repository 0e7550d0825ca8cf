//! The rules that say which incidents need a post-mortem, and what they would have asked for lately.

use time::Duration;

use crate::journal::{self, Change as Said, NewFact, Subject, Value};
use crate::people::{Right, Visitor};
use crate::platform::db::{Db, Id, Utc, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Invalid, Message, Result};
use crate::postmortems::model::RuleRow;
use crate::postmortems::rules::required::{Rule, would_raise};
use crate::postmortems::store;
use crate::services::{self, Category, Scale, Service};

/// A rule as its form has it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RuleForm {
    pub major: bool,
    pub priority: Option<i32>,
    pub service: Option<Id<Service>>,
    pub category: Option<Id<Category>>,
    pub impact_minutes: Option<i64>,
}

/// Rules of a desk, at most.
const MOST: usize = 50;
/// What the editor counts over.
const COUNTED: Duration = Duration::days(90);

/// What a form means.
pub fn rule_of(form: &RuleForm) -> Rule {
    Rule {
        major: form.major,
        priority: form.priority,
        service: form.service,
        category: form.category,
        impact_minutes: form.impact_minutes,
    }
}

/// How many post-mortems each rule would have raised in the last 90 days, and all of them together;
/// nothing is written.
pub fn counted(conn: &mut Db, rules: &[Rule], now: Utc) -> Result<(Vec<usize>, usize)> {
    let resolved = store::resolved_since(conn, now.minus(COUNTED))?;
    Ok(would_raise(rules, &resolved))
}

/// Adds a rule at the end.
pub fn add_rule(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    form: &RuleForm,
) -> Result<RuleRow> {
    visitor.needs(Right::Administer)?;
    let all = store::list_rules(w)?;
    let rule = rule_of(form);
    let mut invalid = Invalid::default();
    if rule.is_empty() {
        invalid.add("", "postmortem-rule-empty");
    }
    if all.iter().any(|row| row.rule() == rule) {
        invalid.add("", "postmortem-rule-there");
    }
    if all.len() >= MOST {
        invalid.add("", Message::new("postmortem-rules-many").arg("max", MOST));
    }
    if let Some(priority) = form.priority
        && !services::list_levels(w, Scale::Priority)?
            .iter()
            .any(|level| level.level == priority)
    {
        invalid.add("priority", "error-unknown-choice");
    }
    if form.impact_minutes.is_some_and(|n| n < 1) {
        invalid.add("impact_minutes", "postmortem-rule-minutes");
    }
    invalid.or(())?;
    let row = RuleRow {
        id: Id::new(),
        position: all.iter().map(|row| row.position).max().unwrap_or(0) + 1,
        major: form.major,
        priority: form.priority,
        service_id: form.service,
        category_id: form.category,
        impact_minutes: form.impact_minutes,
        version: 1,
        removed_at: None,
    };
    let names = names(w, &row)?;
    store::insert_rule(w, &row)?;
    let said = store::rule_fields(&row, names).into_iter();
    let said = said.filter(|(_, is)| *is != Value::Nothing);
    let said = said.map(|(field, is)| Said::set(field, is)).collect();
    let fact = NewFact::new("postmortem_rule.added", said);
    journal::append_to(w, ctx, about(row.id), &fact)?;
    Ok(row)
}

/// Takes a rule away.
pub fn remove_rule(w: &mut Write<'_>, visitor: &Visitor, ctx: &Ctx, id: Id<RuleRow>) -> Result<()> {
    visitor.needs(Right::Administer)?;
    let all = store::list_rules(w)?;
    if all.iter().all(|row| row.id != id) {
        return Err(Error::NotFound);
    }
    store::update_rule(w, id, ctx.now)?;
    let said = vec![Said::set("removed", Value::Flag(true))];
    let fact = NewFact::new("postmortem_rule.removed", said);
    journal::append_to(w, ctx, about(id), &fact)?;
    Ok(())
}

fn about(id: Id<RuleRow>) -> Subject {
    Subject {
        kind: "postmortem_rule",
        id: id.uuid(),
    }
}

/// The names of what it looks at; what is not there is said by its field.
fn names(conn: &mut Db, row: &RuleRow) -> Result<[String; 2]> {
    let chosen = |field, error| match error {
        Error::NotFound => Error::invalid(field, "error-no-longer-there"),
        error => error,
    };
    let service = match row.service_id {
        None => String::new(),
        Some(id) => {
            services::find_service(conn, id)
                .map_err(|error| chosen("service", error))?
                .name
        }
    };
    let category = match row.category_id {
        None => String::new(),
        Some(id) => {
            services::find_category(conn, id)
                .map_err(|error| chosen("category", error))?
                .name
        }
    };
    Ok([service, category])
}
