//! Standard changes: proposed from a real one, authorised by somebody else, withdrawn.

use super::found;
use crate::changes::labels;
use crate::changes::model::Template;
use crate::changes::rules::emergency::Standing;
use crate::changes::rules::outcome::Outcome;
use crate::changes::rules::risk::Risk;
use crate::changes::store;
use crate::journal::{self, Change as Said, NewFact, Subject, Value};
use crate::people::{Person, Right, Visitor};
use crate::platform::db::{Id, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Message, Result};
use crate::platform::kernel::text;
use crate::records::Number;

fn about(id: Id<Template>) -> Subject {
    Subject {
        kind: "change_template",
        id: id.uuid(),
    }
}

/// Proposes a change as a standard one: a new template, or the next version of one.
pub fn propose_template(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    number: Number,
    name: &str,
) -> Result<Template> {
    let found = found(w, visitor, number)?;
    visitor.needs(Right::Work)?;
    let change = &found.change;
    if name.is_empty() {
        return Err(Error::invalid("template_name", "error-required"));
    }
    if change.implementation_plan.is_empty() || change.backout_plan.is_empty() {
        return Err(Error::refused("change-template-needs-plans"));
    }
    if found.record.state != "closed" || change.outcome() != Some(Outcome::Successful) {
        return Err(Error::refused("change-template-needs-success"));
    }
    if change.standing == Standing::Unauthorised {
        return Err(Error::refused("change-template-needs-authority"));
    }
    let risk = change.risk().filter(|risk| *risk != Risk::High);
    let Some(risk) = risk else {
        return Err(Error::refused("change-template-too-risky"));
    };
    let name_key = text::fold(name);
    let template = Template {
        id: Id::new(),
        name: name.to_owned(),
        version: store::last_version(w, &name_key)? + 1,
        name_key,
        from_id: found.record.id,
        environment: change.environment.clone(),
        rollout: change.rollout,
        observe_minutes: change.observe_minutes,
        implementation_plan: change.implementation_plan.clone(),
        test_plan: change.test_plan.clone(),
        backout_plan: change.backout_plan.clone(),
        backout_minutes: change.backout_minutes,
        backout_rehearsed: change.backout_rehearsed,
        risk_reach: change.risk_reach.clone(),
        risk_reversible: change.risk_reversible.clone(),
        risk_done_before: change.risk_done_before.clone(),
        risk_steps: change.risk_steps.clone(),
        services: listed(&found.scope.services),
        items: listed(&found.scope.items),
        risk,
        proposed_by_id: visitor.id,
        proposed_at: ctx.now,
        authorised_by_id: None,
        authorised_at: None,
        withdrawn_at: None,
    };
    store::insert_template(w, &template)?;
    let services = labels::services_value(w, &found.scope.services)?;
    let items = labels::items_value(w, &found.scope.items)?;
    let said = store::template_fields(&template, services, items);
    let said = said
        .into_iter()
        .filter(|(_, value)| *value != Value::Nothing);
    let said = said.map(|(field, value)| Said::set(field, value)).collect();
    let fact = NewFact::new("change_template.proposed", said);
    journal::append_to(w, ctx, about(template.id), &fact)?;
    Ok(template)
}

/// Ids with commas between.
fn listed<T>(ids: &[Id<T>]) -> String {
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    ids.join(",")
}

/// Whether somebody may authorise a template: whoever manages changes and did not propose it.
pub fn may_authorise(visitor: &Visitor, template: &Template) -> Result<()> {
    visitor.needs(Right::ManageChanges)?;
    let proposed: Id<Person> = template.proposed_by_id;
    if proposed == visitor.id {
        return Err(Error::refused("change-template-oneself"));
    }
    Ok(())
}

/// Changes may be made from it from now on.
pub fn authorise_template(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    id: Id<Template>,
) -> Result<Template> {
    store::one_at_a_time(w)?;
    let template = store::find_template(w, id)?;
    may_authorise(visitor, &template)?;
    if template.authorised_at.is_some() || template.withdrawn_at.is_some() {
        return Err(Error::refused(
            Message::new("change-template-decided").arg("name", &template.name),
        ));
    }
    let after = Template {
        authorised_by_id: Some(visitor.id),
        authorised_at: Some(ctx.now),
        ..template
    };
    say(w, ctx, &after, "authorised", "authorised")?;
    Ok(after)
}

/// No change rests on it any longer; those that have begun go on.
pub fn withdraw_template(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    id: Id<Template>,
) -> Result<Template> {
    store::one_at_a_time(w)?;
    let template = store::find_template(w, id)?;
    visitor.needs(Right::ManageChanges)?;
    if template.withdrawn_at.is_some() {
        return Ok(template);
    }
    let after = Template {
        withdrawn_at: Some(ctx.now),
        ..template
    };
    say(w, ctx, &after, "withdrawn", "withdrawn")?;
    Ok(after)
}

fn say(
    w: &mut Write<'_>,
    ctx: &Ctx,
    after: &Template,
    field: &'static str,
    what: &str,
) -> Result<()> {
    store::update_template(w, after)?;
    let said = vec![Said::new(field, Value::Flag(false), Value::Flag(true))];
    let fact = NewFact::new(format!("change_template.{what}"), said);
    journal::append_to(w, ctx, about(after.id), &fact)
}
