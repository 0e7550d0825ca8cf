//! Editing a record's fields in place.

use actix_web::Responder;
use actix_web::web::{self, ServiceConfig};

use super::conflict;
use super::entries::{LONGEST_TEXT, seen};
use super::local;
use super::show::{Given, Panel, again, field_label};
use super::target::{SCOPE, Target};
use crate::journal;
use crate::people::{Done, Flash, Form, Visit, Visitor};
use crate::platform::db::Db;
use crate::platform::kernel::error::{Error, Invalid, Result};
use crate::records::actions::{self, Edit};
use crate::records::{Channel, PriorityWish, Record};

/// Characters of a title.
const LONGEST_TITLE: usize = 300;
/// Characters of a short text: a reason, a name.
pub const LONGEST_LINE: usize = 200;

/// What the journal says of other records: not for everybody to know, and no field of this one.
const OF_ANOTHER: [&str; 3] = ["link_to", "link_type", "hold_for"];

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route(&format!("{SCOPE}/fields"), web::post().to(save));
}

async fn save(visit: Visit, target: Target, form: Form) -> impl Responder {
    target
        .submit(
            visit,
            form,
            move |w, v, ctx, form| {
                let command = edit(form, v)?;
                let record = actions::edit(w, v, ctx, target.number, &command)?;
                let flash = match meanwhile(w, v, &record, command.seen)? {
                    Some((who, what)) => Flash::ok("saved-beside")
                        .arg("name", who)
                        .arg("fields", what),
                    None => Flash::ok("saved"),
                };
                Ok(Done::at(target.path()).saying(flash))
            },
            move |r, v, form, error| match error {
                Some(Error::Stale(conflicts)) => {
                    conflict::answer(r, v, target, "fields", form, conflicts)
                }
                error => again(r, v, target, Given::Panel(panel(form), form, error)),
            },
        )
        .await
}

/// The panel a form came from.
fn panel(form: &Form) -> Panel {
    Panel::from_word(form.value("panel")).unwrap_or(Panel::Title)
}

/// Whether a field is the author's to set: posted, changed by them since the form was made, and
/// not given up for somebody else's value.
pub fn is_given(form: &Form, field: &str) -> bool {
    let was = format!("was-{field}");
    form.has(field)
        && !(form.has(&was) && form.value(&was) == form.value(field))
        && form.value(&conflict::keep(field)) != "theirs"
}

/// A choice that may be none: the field given, and what was chosen.
pub fn chosen<T: std::str::FromStr>(
    form: &Form,
    field: &'static str,
    invalid: &mut Invalid,
) -> Option<Option<T>> {
    is_given(form, field).then(|| form.parsed(field, invalid))
}

fn edit(form: &Form, visitor: &Visitor) -> Result<Edit> {
    let mut invalid = Invalid::default();
    let mut command = Edit {
        seen: seen(form),
        overwrite: form.value("overwrite") == "1",
        requester: chosen(form, "requester", &mut invalid),
        caller: chosen(form, "caller", &mut invalid),
        service: chosen(form, "service", &mut invalid),
        category: chosen(form, "category", &mut invalid),
        location: chosen(form, "location", &mut invalid),
        owner_team: chosen(form, "owner_team", &mut invalid),
        ..Edit::default()
    };
    if is_given(form, "title") {
        command.title = Some(form.required("title", LONGEST_TITLE, &mut invalid));
    }
    if is_given(form, "item") {
        command.item = Some(form.line("item", LONGEST_LINE, &mut invalid));
    }
    if is_given(form, "description") {
        command.description = Some(form.text("description", LONGEST_TEXT, &mut invalid));
    }
    if is_given(form, "channel") {
        command.channel = Channel::from_word(form.value("channel"));
        if command.channel.is_none() {
            invalid.add("channel", "error-unknown-choice");
        }
    }
    if is_given(form, "reported_at") {
        command.reported_at = local::read(form.value("reported_at"), &visitor.zone);
        if command.reported_at.is_none() {
            invalid.add("reported_at", "error-not-a-date");
        }
    }
    priority(form, &mut command, &mut invalid);
    invalid.or(command)
}

/// An override stands until somebody gives it back to the matrix: it is said again with every
/// change of impact or urgency.
fn priority(form: &Form, command: &mut Edit, invalid: &mut Invalid) {
    command.priority = PriorityWish {
        impact: chosen(form, "impact", invalid).flatten(),
        urgency: chosen(form, "urgency", invalid).flatten(),
        priority: None,
        reason: String::new(),
    };
    let reason = form.line("priority_reason", LONGEST_LINE, invalid);
    command.lowered_because.clone_from(&reason);
    if form.has("priority") && form.value(&conflict::keep("priority")) != "theirs" {
        match form.parsed("priority", invalid) {
            Some(level) => {
                let imported = !is_given(form, "priority") && reason.is_empty();
                if !imported {
                    command.priority.priority = Some(level);
                    command.priority.reason = reason;
                }
            }
            None => command.by_matrix = is_given(form, "priority"),
        }
    }
}

/// Who else changed what while the author was editing something else.
fn meanwhile(
    conn: &mut Db,
    visitor: &Visitor,
    record: &Record,
    seen: i64,
) -> Result<Option<(String, String)>> {
    if seen == 0 || record.facts <= seen + 1 {
        return Ok(None);
    }
    let missed: Vec<_> = journal::fields_changed_since(conn, record.id.uuid(), seen)?
        .into_iter()
        .filter(|m| m.by != visitor.name && !OF_ANOTHER.contains(&m.field.as_str()))
        .collect();
    let Some(who) = missed.first().map(|m| m.by.clone()) else {
        return Ok(None);
    };
    let fields: Vec<String> = missed
        .iter()
        .filter(|m| m.by == who)
        .filter_map(|m| field_label(visitor.words, &m.field))
        .collect();
    Ok((!fields.is_empty()).then(|| (who, fields.join(", "))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(fields: &[(&str, &str)]) -> Form {
        Form {
            fields: fields
                .iter()
                .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
                .collect(),
            ..Form::default()
        }
    }

    fn wish(fields: &[(&str, &str)]) -> (PriorityWish, bool) {
        let mut command = Edit::default();
        let mut invalid = Invalid::default();
        priority(&form(fields), &mut command, &mut invalid);
        assert!(invalid.is_empty(), "{invalid:?}");
        (command.priority, command.by_matrix)
    }

    #[test]
    fn a_list_left_alone_changes_nothing() {
        let posted = form(&[
            ("impact", "2"),
            ("was-impact", "2"),
            ("urgency", "1"),
            ("was-urgency", "2"),
        ]);
        assert!(!is_given(&posted, "impact"));
        assert!(is_given(&posted, "urgency"));
        assert!(!is_given(&posted, "title"));
        let kept = form(&[("title", "mine"), ("keep-title", "theirs")]);
        assert!(!is_given(&kept, "title"));
    }

    #[test]
    fn an_override_stands_until_given_back() {
        let overridden = [
            ("was-priority", "1"),
            ("priority", "1"),
            ("priority_reason", "VIP"),
        ];
        let moved = [
            overridden.as_slice(),
            &[("impact", "2"), ("was-impact", "3")],
        ]
        .concat();
        assert_eq!(
            wish(&moved),
            (
                PriorityWish {
                    impact: Some(2),
                    urgency: None,
                    priority: Some(1),
                    reason: "VIP".into()
                },
                false
            )
        );
        let back = wish(&[
            ("was-priority", "1"),
            ("priority", ""),
            ("priority_reason", "VIP"),
        ]);
        assert_eq!(back, (PriorityWish::default(), true));
        // By the matrix before and after: nothing is asked.
        let untouched = wish(&[
            ("was-priority", ""),
            ("priority", ""),
            ("priority_reason", ""),
        ]);
        assert_eq!(untouched, (PriorityWish::default(), false));
        // An imported priority has no reason and stays the source's.
        let imported = wish(&[
            ("was-priority", "2"),
            ("priority", "2"),
            ("priority_reason", ""),
        ]);
        assert_eq!(imported, (PriorityWish::default(), false));
    }
}
