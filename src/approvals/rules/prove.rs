//! Every sequence of votes for up to six voters and every rule, against a specification that knows
//! nothing of how the counting is done: it asks whether what is still to come could make a difference.

use uuid::Uuid;

use super::{Bench, Choice, Decision, Electorate, Event, Seat, Tally, What};
use crate::platform::db::Utc;

/// What one voter has come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Said {
    Nothing,
    Yes,
    No,
    Back,
    Abstain,
    Gone,
}

const VOTES: [Said; 4] = [Said::Yes, Said::No, Said::Back, Said::Abstain];

/// A rule: how many are needed, and each voter's weight (mandatory, veto).
struct Rule {
    needed: usize,
    seats: Vec<(bool, bool)>,
}

/// The specification.
struct Spec<'a> {
    rule: &'a Rule,
    /// Whether approval and refusal are still possible, by what everybody said.
    known: Vec<Option<(bool, bool)>>,
}

impl Spec<'_> {
    /// When everybody has spoken or gone: is it approved?
    fn approved(&self, said: &[Said]) -> bool {
        let yes = said.iter().filter(|s| **s == Said::Yes).count();
        let seats = || self.rule.seats.iter().zip(said);
        yes >= self.rule.needed
            && seats().all(|((mandatory, _), s)| !mandatory || *s == Said::Yes)
            && seats().all(|((_, veto), s)| !(*veto && matches!(s, Said::No | Said::Back)))
    }

    /// What could still come of it, over everything those who have not spoken could say.
    fn possible(&mut self, said: &[Said]) -> (bool, bool) {
        let place = said.iter().fold(0, |place, s| place * 6 + *s as usize);
        if let Some(known) = self.known[place] {
            return known;
        }
        let found = match said.iter().position(|s| *s == Said::Nothing) {
            None => {
                let approved = self.approved(said);
                (approved, !approved)
            }
            Some(at) => VOTES.iter().fold((false, false), |(yes, no), vote| {
                let mut next = [Said::Nothing; 6];
                let next = &mut next[..said.len()];
                next.copy_from_slice(said);
                next[at] = *vote;
                let (y, n) = self.possible(next);
                (yes || y, no || n)
            }),
        };
        self.known[place] = Some(found);
        found
    }

    /// The decision, if it is certain.
    fn decision(&mut self, said: &[Said]) -> Option<Decision> {
        match self.possible(said) {
            (true, true) => None,
            (true, false) => Some(Decision::Approved),
            (false, _) => Some(self.refusal(said)),
        }
    }

    fn refusal(&mut self, said: &[Said]) -> Decision {
        let vetoed = |what| (self.rule.seats.iter().zip(said)).any(|((_, v), s)| *v && *s == what);
        if vetoed(Said::No) {
            return Decision::Rejected;
        }
        if vetoed(Said::Back) {
            return Decision::Returned;
        }
        // Would it still be possible if those who left could speak?
        let back: Vec<Said> = said
            .iter()
            .map(|s| if *s == Said::Gone { Said::Nothing } else { *s })
            .collect();
        if self.possible(&back).0 {
            return Decision::Undecided;
        }
        if said.contains(&Said::No) {
            Decision::Rejected
        } else if said.contains(&Said::Back) {
            Decision::Returned
        } else {
            Decision::Undecided
        }
    }
}

fn electorate(rule: &Rule) -> Electorate {
    let seats = rule.seats.iter().enumerate();
    let seats = seats.map(|(n, (mandatory, veto))| Seat {
        person: Uuid::from_u128(n as u128 + 1),
        mandatory: *mandatory,
        veto: *veto,
    });
    Electorate {
        stages: vec![Bench {
            key: "one".into(),
            name: "One".into(),
            after: Vec::new(),
            needed: rule.needed as u32,
            seats: seats.collect(),
            alternates: Vec::new(),
            meeting: None,
            deadline: None,
            reminder: None,
            reauthenticate: false,
            carried: None,
            deciders: Vec::new(),
        }],
        excluded: Vec::new(),
    }
}

fn event(seat: usize, said: Said, n: i64) -> Event {
    let voted = |choice| What::Voted {
        stage: 0,
        seat,
        choice,
    };
    let what = match said {
        Said::Yes => voted(Choice::Approve),
        Said::No => voted(Choice::Reject),
        Said::Back => voted(Choice::Return),
        Said::Abstain => voted(Choice::Abstain),
        Said::Gone | Said::Nothing => What::Vacated {
            stage: 0,
            seat,
            heir: None,
        },
    };
    Event {
        at: Utc::from_micros(n),
        what,
    }
}

/// Which voters a sequence may go on with, and what they may say.
struct Walk<'a> {
    rule: &'a Rule,
    /// Of voters of equal weight only the first who has not spoken.
    alike: bool,
    said: &'a [Said],
    seen: u64,
}

impl Walk<'_> {
    fn go(&mut self, spec: &mut Spec<'_>, tally: &Tally<'_>, now: &mut Vec<Said>, n: i64) {
        self.seen += 1;
        let expected = spec.decision(now);
        let got = tally.decision().map(|(decision, _)| decision);
        assert_eq!(
            got, expected,
            "{:?} of {:?}: {now:?}",
            self.rule.needed, self.rule.seats
        );
        if got.is_some() {
            return;
        }
        for seat in 0..now.len() {
            let same = |other: &usize| {
                now[*other] == Said::Nothing && self.rule.seats[*other] == self.rule.seats[seat]
            };
            if now[seat] != Said::Nothing || self.alike && (0..seat).any(|o| same(&o)) {
                continue;
            }
            for said in self.said {
                let mut next = tally.clone();
                next.apply(&event(seat, *said, n));
                now[seat] = *said;
                self.go(spec, &next, now, n + 1);
                now[seat] = Said::Nothing;
            }
        }
    }
}

fn walk(rule: &Rule, alike: bool, said: &[Said]) -> u64 {
    let electorate = electorate(rule);
    let mut spec = Spec {
        rule,
        known: vec![None; 6_usize.pow(rule.seats.len() as u32)],
    };
    let mut walk = Walk {
        rule,
        alike,
        said,
        seen: 0,
    };
    let tally = Tally::new(&electorate, Utc::from_micros(0), None);
    walk.go(
        &mut spec,
        &tally,
        &mut vec![Said::Nothing; rule.seats.len()],
        1,
    );
    walk.seen
}

/// Every way `n` voters can be weighed, up to their order.
fn weights(n: usize) -> Vec<Vec<(bool, bool)>> {
    const KINDS: [(bool, bool); 4] = [(false, false), (true, false), (false, true), (true, true)];
    fn add(
        n: usize,
        from: usize,
        so_far: &mut Vec<(bool, bool)>,
        all: &mut Vec<Vec<(bool, bool)>>,
    ) {
        if n == 0 {
            all.push(so_far.clone());
            return;
        }
        for (kind, weight) in KINDS.iter().enumerate().skip(from) {
            so_far.push(*weight);
            add(n - 1, kind, so_far, all);
            so_far.pop();
        }
    }
    let mut all = Vec::new();
    add(n, 0, &mut Vec::new(), &mut all);
    all
}

const EVERYTHING: [Said; 5] = [Said::Yes, Said::No, Said::Back, Said::Abstain, Said::Gone];

#[test]
fn every_sequence_of_up_to_three_voters_under_every_rule() {
    let mut seen = 0;
    for n in 1..=3 {
        for seats in weights(n) {
            for needed in 1..=n {
                let seats = seats.clone();
                seen += walk(&Rule { needed, seats }, false, &EVERYTHING);
            }
        }
    }
    assert!(seen > 10_000, "{seen}");
}

#[test]
fn every_sequence_of_up_to_six_voters_under_every_rule_up_to_equal_seats() {
    let mut seen = 0;
    for n in 4..=6 {
        for seats in weights(n) {
            for needed in 1..=n {
                // The more weights differ, the more sequences; who leaves is tried with fewer voters.
                let said: &[Said] = if n == 6 {
                    &[Said::Yes, Said::No, Said::Abstain]
                } else {
                    &EVERYTHING
                };
                let seats = seats.clone();
                seen += walk(&Rule { needed, seats }, true, said);
            }
        }
    }
    assert!(seen > 100_000, "{seen}");
}

#[test]
fn every_order_of_six_voters_of_equal_weight() {
    for needed in 1..=6 {
        let seats = vec![(false, false); 6];
        let said = [Said::Yes, Said::No];
        walk(&Rule { needed, seats }, false, &said);
    }
}
