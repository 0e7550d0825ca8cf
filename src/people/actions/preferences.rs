//! What a person chooses for themself.

use super::about_person;
use crate::journal::{self, Change, NewFact, Value};
use crate::people::model::Preferences;
use crate::people::visitor::Visitor;
use crate::people::{rules, store};
use crate::platform::db::Write;
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::Result;

/// Sets the visitor's own language, zone, theme and keys.
pub fn set_preferences(
    w: &mut Write<'_>,
    visitor: &Visitor,
    ctx: &Ctx,
    given: &Preferences,
) -> Result<()> {
    let wish = rules::preferences(given)?;
    let person = store::find_person(w, visitor.id)?;
    let word = |text: &str| Value::word(text);
    let changes: Vec<Change> = [
        ("language", word(&person.language), word(&wish.language)),
        ("zone", word(&person.zone), word(&wish.zone)),
        ("theme", word(&person.theme), word(&wish.theme)),
        (
            "single_keys",
            Value::Flag(person.single_keys),
            Value::Flag(wish.single_keys),
        ),
    ]
    .into_iter()
    .filter(|(_, before, after)| before != after)
    .map(|(field, before, after)| Change::new(field, before, after))
    .collect();
    if changes.is_empty() {
        return Ok(());
    }
    store::update_preferences(w, visitor.id, &wish)?;
    let fact = NewFact::new("person.preferences_set", changes);
    journal::append_to(w, ctx, about_person(visitor.id), &fact)
}
