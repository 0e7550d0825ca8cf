//! Erasing a person: what is left is a number.

use super::{By, about_person, not_erased, persons, teams};
use crate::journal::{self, Change, NewFact, Value};
use crate::people::model::{Person, PersonForm};
use crate::people::store;
use crate::platform::db::{Id, Write};
use crate::platform::kernel::ctx::Ctx;
use crate::platform::kernel::error::{Error, Result};

/// Takes name, mail address, phone, staff number, password, sessions and forms from somebody who has
/// left. `decided` says what else goes; gives back the person as they are now, and the contents of
/// files that were kept for them.
///
/// The fact of it names the texts that go; whoever erases takes them out of the journal after it.
pub fn erase_person(
    w: &mut Write<'_>,
    by: By<'_>,
    ctx: &Ctx,
    id: Id<Person>,
    decided: &[(&'static str, bool)],
) -> Result<(Person, Vec<String>)> {
    by.may_administer()?;
    let person = store::find_person(w, id)?;
    not_erased(&person)?;
    if person.disabled_at.is_none() {
        return Err(Error::refused("erase-leave-first"));
    }
    let number = store::next_erased(w)?;
    let before = PersonForm::of(&person);
    let after = PersonForm {
        name: journal::erased_person(number),
        language: crate::platform::words::DEFAULT.to_owned(),
        zone: store::default_zone(w)?,
        ..PersonForm::default()
    };
    let mut changed = persons::changes(w, Some(&before), &after)?;
    changed.push(Change::set("erased", Value::Number(number.into())));
    changed.extend(
        decided
            .iter()
            .map(|(choice, yes)| Change::set(choice, Value::Flag(*yes))),
    );
    store::update_person(w, id, person.version, &after)?;
    let kept = store::erase_person(w, id, number)?;
    for team in store::teams_of(w, id)? {
        teams::remove_member(w, by, ctx, team, id)?;
    }
    let fact = NewFact::new("person.erased", changed);
    journal::append_to(w, ctx, about_person(id), &fact)?;
    Ok((store::find_person(w, id)?, kept))
}
