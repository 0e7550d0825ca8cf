//! The authorisation law: no change enters implementing without a valid authority for what it says now.

use super::emergency::Standing;
use super::steps::{ChangeType, Mode};

/// What a change rests on, as the database knows it in this very transaction.
#[derive(Debug, Clone, Copy)]
pub struct Rests {
    pub change_type: ChangeType,
    pub mode: Option<Mode>,
    /// Its newest round: whether it was approved, and for which content.
    pub round: Option<Round>,
    /// The template version it was made from.
    pub template: Option<Template>,
    pub standing: Standing,
}

#[derive(Debug, Clone, Copy)]
pub struct Round {
    pub approved: bool,
    /// It was asked about exactly what the change says now, in a window inside its bounds.
    pub same_content: bool,
    /// Whether every condition of a meeting's decision is ticked.
    pub conditions_met: bool,
}

#[derive(Debug, Clone, Copy)]
pub struct Template {
    /// Authorised, and not withdrawn since.
    pub authorised: bool,
    /// What it fixes stands in the change as it stands in it.
    pub untouched: bool,
    /// The risk of the change is above the one it was authorised with.
    pub riskier: bool,
}

crate::text_enum! {
    /// What it is authorised by.
    pub enum By {
        Round = "round",
        Template = "template",
        Emergency = "emergency",
    }
}

crate::text_enum! {
    /// Why it is not; each is a key of the catalogue.
    pub enum WhyNot {
        NoRound = "change-not-approved",
        NotApproved = "change-round-not-approved",
        OtherContent = "change-content-changed",
        Conditions = "change-conditions-open",
        NoTemplate = "change-no-template",
        TemplateWithdrawn = "change-template-withdrawn",
        TemplateTouched = "change-template-touched",
        TemplateRiskier = "change-template-riskier",
        NoAuthority = "change-authority-missing",
        Refused = "change-authority-refused",
    }
}

/// What authorises a change.
pub fn authorise(rests: &Rests) -> Result<By, WhyNot> {
    match (rests.change_type, rests.mode) {
        (ChangeType::Standard, _) => template(rests.template),
        (ChangeType::Emergency, Some(Mode::Verbal | Mode::Retrospective)) => match rests.standing {
            Standing::Given | Standing::Due => Ok(By::Emergency),
            Standing::Refused => Err(WhyNot::Refused),
            Standing::None | Standing::Unauthorised => Err(WhyNot::NoAuthority),
        },
        (ChangeType::Normal | ChangeType::Emergency, _) => round(rests.round),
    }
}

fn template(template: Option<Template>) -> Result<By, WhyNot> {
    match template {
        None => Err(WhyNot::NoTemplate),
        Some(t) if !t.authorised => Err(WhyNot::TemplateWithdrawn),
        Some(t) if !t.untouched => Err(WhyNot::TemplateTouched),
        Some(t) if t.riskier => Err(WhyNot::TemplateRiskier),
        Some(_) => Ok(By::Template),
    }
}

fn round(round: Option<Round>) -> Result<By, WhyNot> {
    match round {
        None => Err(WhyNot::NoRound),
        Some(r) if !r.approved => Err(WhyNot::NotApproved),
        Some(r) if !r.same_content => Err(WhyNot::OtherContent),
        Some(r) if !r.conditions_met => Err(WhyNot::Conditions),
        Some(_) => Ok(By::Round),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Vec<Rests> {
        let mut out = Vec::new();
        let mut rounds = vec![None];
        for approved in [true, false] {
            for same_content in [true, false] {
                for conditions_met in [true, false] {
                    rounds.push(Some(Round {
                        approved,
                        same_content,
                        conditions_met,
                    }));
                }
            }
        }
        let mut templates = vec![None];
        for authorised in [true, false] {
            for untouched in [true, false] {
                for riskier in [true, false] {
                    templates.push(Some(Template {
                        authorised,
                        untouched,
                        riskier,
                    }));
                }
            }
        }
        for change_type in ChangeType::ALL {
            for mode in [
                None,
                Some(Mode::Expedited),
                Some(Mode::Verbal),
                Some(Mode::Retrospective),
            ] {
                for round in &rounds {
                    for template in &templates {
                        for standing in Standing::ALL {
                            out.push(Rests {
                                change_type: *change_type,
                                mode,
                                round: *round,
                                template: *template,
                                standing: *standing,
                            });
                        }
                    }
                }
            }
        }
        out
    }

    /// The law written a second time, as sentences.
    fn specified(r: &Rests) -> bool {
        let decided = r
            .round
            .is_some_and(|x| x.approved && x.same_content && x.conditions_met);
        let by_word = r.mode == Some(Mode::Verbal) || r.mode == Some(Mode::Retrospective);
        let given = r.standing == Standing::Given || r.standing == Standing::Due;
        let templated = r
            .template
            .is_some_and(|t| t.authorised && t.untouched && !t.riskier);
        match r.change_type {
            ChangeType::Standard => templated,
            ChangeType::Normal => decided,
            ChangeType::Emergency if by_word => given,
            ChangeType::Emergency => decided,
        }
    }

    #[test]
    fn the_law_is_what_its_sentences_say_in_every_case() {
        for rests in all() {
            let found = authorise(&rests);
            assert_eq!(found.is_ok(), specified(&rests), "{rests:?} {found:?}");
        }
    }

    /// Pitfall: approving one thing and doing another.
    #[test]
    fn an_approval_of_other_content_authorises_nothing() {
        let round = Round {
            approved: true,
            same_content: false,
            conditions_met: true,
        };
        let rests = Rests {
            change_type: ChangeType::Normal,
            mode: None,
            round: Some(round),
            template: None,
            standing: Standing::None,
        };
        assert_eq!(authorise(&rests), Err(WhyNot::OtherContent));
        let same = Round {
            same_content: true,
            ..round
        };
        let rests = Rests {
            round: Some(same),
            ..rests
        };
        assert_eq!(authorise(&rests), Ok(By::Round));
    }

    #[test]
    fn nobody_is_authorised_by_nobody() {
        for rests in all()
            .iter()
            .filter(|r| r.standing == Standing::Unauthorised)
        {
            assert_ne!(authorise(rests), Ok(By::Emergency));
        }
    }
}
