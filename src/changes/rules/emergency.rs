//! Emergency authority: who may do what without a decided round, and what becomes of it.

use super::steps::Mode;
use crate::people::Person;
use crate::platform::db::{Id, Utc};

crate::text_enum! {
    /// How an emergency authority stands.
    pub enum Standing {
        /// There is none: the change goes the way of its type.
        None = "none",
        /// Recorded, and whoever gave it has not confirmed it yet.
        Due = "due",
        Given = "given",
        /// Whoever is said to have given it says no.
        Refused = "refused",
        /// Nobody gave any. It never becomes authorised.
        Unauthorised = "unauthorised",
    }
}

/// What is recorded about an authority.
#[derive(Debug, Clone, Copy)]
pub struct Claim {
    pub mode: Mode,
    pub authority: Option<Id<Person>>,
    pub given_at: Option<Utc>,
    pub has_how: bool,
    /// Whether an open incident of the highest priority, or a major one, is linked.
    pub open_emergency: bool,
    pub has_backout: bool,
}

crate::text_enum! {
    /// Why a claim cannot stand; each is a key of the catalogue.
    pub enum Wrong {
        NoEmergency = "change-verbal-needs-incident",
        NoAuthority = "change-authority-missing",
        NotSaidWhen = "change-authority-when",
        NotSaidHow = "change-authority-how",
        InTheFuture = "change-authority-future",
        AfterTheWork = "change-authority-after-work",
        TooLongAgo = "change-authority-too-old",
        Oneself = "change-authority-oneself",
        NoBackout = "change-backout-missing",
    }
}

/// Who is excluded, and when the work began, if it has.
#[derive(Debug, Clone, Copy)]
pub struct Around<'a> {
    pub excluded: &'a [Id<Person>],
    pub began: Option<Utc>,
    pub now: Utc,
    /// Before this nobody can have been asked about it.
    pub earliest: Utc,
}

/// How a claim stands when it is recorded. A retrospective one without anybody who authorised it is
/// unauthorised, which is a statement and no error.
pub fn claim(claim: &Claim, around: Around<'_>) -> Result<Standing, Wrong> {
    if claim.mode == Mode::Expedited {
        return Ok(Standing::None);
    }
    if !claim.has_backout {
        return Err(Wrong::NoBackout);
    }
    let Some(authority) = claim.authority else {
        return match claim.mode {
            Mode::Retrospective => Ok(Standing::Unauthorised),
            _ => Err(Wrong::NoAuthority),
        };
    };
    if claim.mode == Mode::Verbal && !claim.open_emergency {
        return Err(Wrong::NoEmergency);
    }
    if around.excluded.contains(&authority) {
        return Err(Wrong::Oneself);
    }
    let given_at = claim.given_at.ok_or(Wrong::NotSaidWhen)?;
    if given_at > around.now {
        return Err(Wrong::InTheFuture);
    }
    if given_at < around.earliest {
        return Err(Wrong::TooLongAgo);
    }
    if around.began.is_some_and(|began| given_at > began) {
        return Err(Wrong::AfterTheWork);
    }
    if !claim.has_how {
        return Err(Wrong::NotSaidHow);
    }
    Ok(Standing::Due)
}

/// What whoever is said to have authorised it answers. Only what is due can be answered, once.
pub fn answered(standing: Standing, confirms: bool) -> Option<Standing> {
    match (standing, confirms) {
        (Standing::Due, true) => Some(Standing::Given),
        (Standing::Due, false) => Some(Standing::Refused),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::changes::rules::id;

    fn at(minutes: i64) -> Utc {
        Utc::from_micros(1_000_000_000_000_000 + minutes * 60_000_000)
    }

    fn verbal() -> Claim {
        Claim {
            mode: Mode::Verbal,
            authority: Some(id(1)),
            given_at: Some(at(0)),
            has_how: true,
            open_emergency: true,
            has_backout: true,
        }
    }

    fn stands(claim_: Claim) -> Result<Standing, Wrong> {
        let excluded = [id(8), id(9)];
        claim(
            &claim_,
            Around {
                excluded: &excluded,
                began: Some(at(10)),
                now: at(300),
                earliest: at(-60),
            },
        )
    }

    #[test]
    fn a_verbal_authority_needs_an_open_emergency_a_name_a_time_a_way_and_a_way_back() {
        assert_eq!(stands(verbal()), Ok(Standing::Due));
        for (change, wrong) in [
            (
                (|c| c.open_emergency = false) as fn(&mut Claim),
                Wrong::NoEmergency,
            ),
            (|c| c.authority = None, Wrong::NoAuthority),
            (|c| c.authority = Some(id(9)), Wrong::Oneself),
            (|c| c.given_at = None, Wrong::NotSaidWhen),
            (|c| c.given_at = Some(at(301)), Wrong::InTheFuture),
            (|c| c.given_at = Some(at(-61)), Wrong::TooLongAgo),
            (|c| c.given_at = Some(at(11)), Wrong::AfterTheWork),
            (|c| c.has_how = false, Wrong::NotSaidHow),
            (|c| c.has_backout = false, Wrong::NoBackout),
        ] {
            let mut claim = verbal();
            change(&mut claim);
            assert_eq!(stands(claim), Err(wrong));
        }
    }

    #[test]
    fn written_up_afterwards_it_is_authorised_by_somebody_or_unauthorised() {
        let written = Claim {
            mode: Mode::Retrospective,
            open_emergency: false,
            ..verbal()
        };
        assert_eq!(stands(written), Ok(Standing::Due));
        let nobody = Claim {
            authority: None,
            ..written
        };
        assert_eq!(stands(nobody), Ok(Standing::Unauthorised));
    }

    #[test]
    fn unauthorised_never_becomes_authorised_and_an_answer_is_given_once() {
        for standing in Standing::ALL {
            for confirms in [true, false] {
                assert_eq!(
                    answered(*standing, confirms).is_some(),
                    *standing == Standing::Due
                );
            }
        }
    }
}
