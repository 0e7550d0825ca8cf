//! What would come of saving: shown before it is saved, without a script. The form that comes back
//! carries a print of what was tried; only that is saved.

use std::collections::HashMap;

use serde::Serialize;
use uuid::Uuid;

use super::effect::{self, Effect};
use crate::people::{self, Form, Shell, Visitor, When};
use crate::platform::db::{Db, Utc};
use crate::platform::kernel::error::{Error, Invalid, Result};
use crate::platform::kernel::secrets;
use crate::service_levels::actions::{Definitions, Looked, look};
use crate::service_levels::{self, Overrun, Saving, Trial, Wanted};

/// How many paths are warned of.
const WARNED: usize = 5;

/// What would come of it.
pub struct Tried {
    pub print: String,
    /// It says what is there already.
    pub nothing: bool,
    /// From when on, where that is not at once.
    pub from: Option<When>,
    pub warnings: Vec<Warning>,
    pub effect: Effect,
}

/// The teams of a usual path were given more time than is promised.
pub struct Warning {
    pub text: String,
    pub start: When,
    pub promised: When,
    pub handed_on: When,
}

impl Tried {
    pub fn of(
        r: &mut Db,
        shell: &Shell,
        v: &Visitor,
        print: String,
        looked: &Looked,
        from: Option<Utc>,
    ) -> Result<Self> {
        let mut outcomes = looked.calendars.iter().chain(&looked.agreements);
        let mut tried = Self {
            print,
            nothing: outcomes.all(|o| *o == Saving::Unchanged),
            from: from.map(|at| shell.when(at)),
            warnings: Vec::new(),
            effect: Effect::default(),
        };
        if !tried.nothing {
            let trial = Trial::of(r, looked, v.now)?;
            tried.warnings = warnings(r, shell, trial.overruns())?;
            tried.effect = effect::of(r, shell, v, looked, &trial)?;
        }
        Ok(tried)
    }
}

fn warnings(r: &mut Db, shell: &Shell, overruns: &[Overrun]) -> Result<Vec<Warning>> {
    if overruns.is_empty() {
        return Ok(Vec::new());
    }
    let teams: HashMap<Uuid, String> = people::list_teams(r)?
        .into_iter()
        .map(|team| (team.id.uuid(), team.name))
        .collect();
    let warning = |overrun: &Overrun| {
        let names = overrun.teams.iter().filter_map(|id| teams.get(id));
        let names: Vec<&str> = names.map(String::as_str).collect();
        let path = names.join(" → ");
        let name = overrun.name.as_str();
        Warning {
            text: (shell.t).with2("agreement-overrun", "name", name, "path", path.as_str()),
            start: shell.when(overrun.by.start),
            promised: shell.when(overrun.by.promised),
            handed_on: shell.when(overrun.by.handed_on),
        }
    };
    // The first few say enough.
    Ok(overruns.iter().take(WARNED).map(warning).collect())
}

/// Looks at one thing as if it were saved now; what is wrong with it is said by the field.
pub fn looked(conn: &mut Db, wanted: Definitions, now: Utc) -> Result<Looked> {
    look(conn, wanted, now)?.map_err(|problems| {
        let wrong = problems.into_iter().flat_map(|p| p.invalid.0);
        Error::Invalid(Invalid(wrong.collect()))
    })
}

/// A print of what is wanted, and of everything that is defined: another one when either is another.
pub fn print<D: Serialize>(conn: &mut Db, wanted: &Wanted<D>) -> Result<String> {
    let definition = serde_json::to_string(&wanted.definition)
        .map_err(|e| Error::inward(format!("definition: {e}")))?;
    let revision = service_levels::revision(conn)?;
    let from = wanted.from.map(Utc::micros);
    let text = format!("{definition} {from:?} {revision}");
    Ok(crate::journal::hex(&secrets::sha256(text.as_bytes())))
}

/// Refuses to save what was not tried.
pub fn check(form: &Form, print: &str) -> Result<()> {
    match form.value("tried") {
        _ if form.value("do") != "save" => Err(Error::refused("levels-try-first")),
        tried if tried == print => Ok(()),
        _ => Err(Error::refused("levels-try-again")),
    }
}

/// Whether a form comes back to be tried, and not because something is wrong with it.
pub fn is_to_be_tried(error: Option<&Error>) -> bool {
    matches!(error, None | Some(Error::Refused(_)))
}
