//! Rounds of several stages: order, time, who may vote, who sits, what is asked again.

use std::collections::HashMap;

use uuid::Uuid;

use super::*;
use crate::approvals::terms::{Count, Covers, Entry, Part, Policy, Stage, Who};
use crate::platform::db::Utc;

const HOUR: i64 = 3_600_000_000;

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

fn at(hours: i64) -> Utc {
    Utc::from_micros(hours * HOUR)
}

fn stage(key: &str, people: &[u128], count: Count, after: &[&str]) -> Stage {
    let entry = |n: &u128| Entry {
        who: Who::Person(id(*n)),
        mandatory: false,
        veto: false,
    };
    Stage {
        key: key.into(),
        name: key.into(),
        after: after.iter().map(|k| (*k).into()).collect(),
        seats: people.iter().map(entry).collect(),
        count,
        alternates: Vec::new(),
        meeting: false,
        reopened_by: Part::USUAL.to_vec(),
        deadline: None,
        reminder: None,
        reauthenticate: false,
    }
}

fn policy(stages: Vec<Stage>) -> Policy {
    Policy {
        name: "P".into(),
        covers: Covers {
            record: "change".into(),
            ..Covers::default()
        },
        stages,
    }
}

/// People 1 to 20, each meant by their own entry.
fn people() -> People {
    let meant = (1..=20).map(|n| (Who::Person(id(n)), vec![id(n)]));
    People {
        meant: meant.collect::<HashMap<_, _>>(),
        ..People::default()
    }
}

fn vote(hour: i64, stage: usize, seat: usize, choice: Choice) -> Event {
    Event {
        at: at(hour),
        what: What::Voted {
            stage,
            seat,
            choice,
        },
    }
}

fn plain(hour: i64, what: What) -> Event {
    Event { at: at(hour), what }
}

fn two_stages() -> Electorate {
    let first = stage("first", &[1, 2], Count::Any, &[]);
    let second = stage("second", &[3, 4, 5], Count::Of(2), &["first"]);
    seat(&policy(vec![second, first]), &people()).unwrap()
}

#[test]
fn a_stage_is_asked_when_those_before_it_said_yes() {
    let electorate = two_stages();
    let early = vote(1, 0, 0, Choice::Approve);
    let standing = count(&electorate, at(0), None, &[early], at(2));
    assert_eq!(standing.stages[0].phase, Phase::Ahead);
    assert_eq!(standing.stages[0].yes, 0, "a vote before its time is none");
    let events = [
        vote(1, 1, 0, Choice::Approve),
        vote(2, 0, 0, Choice::Approve),
    ];
    let standing = count(&electorate, at(0), None, &events, at(3));
    assert_eq!(standing.stages[0].phase, Phase::Open);
    assert_eq!(standing.stages[0].opened_at, Some(at(1)));
    assert_eq!(standing.decision, None);
}

#[test]
fn the_decision_is_final_whatever_comes_after() {
    let electorate = two_stages();
    let events = [
        vote(1, 1, 0, Choice::Reject),
        vote(2, 1, 1, Choice::Reject),
        vote(3, 1, 0, Choice::Approve),
        plain(4, What::Withdrawn { stage: 1, seat: 0 }),
        plain(5, What::Closed),
    ];
    let standing = count(&electorate, at(0), None, &events, at(9));
    assert_eq!(standing.decision, Some((Decision::Rejected, at(2))));
}

#[test]
fn a_vote_counts_once_and_can_be_withdrawn_until_its_stage_is_decided() {
    let electorate = two_stages();
    let events = [
        vote(1, 1, 0, Choice::Approve),
        vote(2, 0, 0, Choice::Approve),
        vote(3, 0, 0, Choice::Approve),
    ];
    let standing = count(&electorate, at(0), None, &events, at(4));
    assert_eq!(standing.decision, None, "one person, twice");
    assert_eq!(may_withdraw(&standing, (0, 0)), Ok(()));
    assert_eq!(may_withdraw(&standing, (1, 0)), Err(NoVote::NotAsked));
    let back = plain(4, What::Withdrawn { stage: 0, seat: 0 });
    let events = [&events[..2], &[back, vote(5, 0, 1, Choice::Approve)]].concat();
    let standing = count(&electorate, at(0), None, &events, at(6));
    assert_eq!((standing.stages[0].yes, standing.stages[0].waiting), (1, 2));
}

#[test]
fn undecided_when_the_window_starts_is_not_decided_in_time() {
    let electorate = two_stages();
    let late = vote(10, 1, 0, Choice::Approve);
    let standing = count(&electorate, at(0), Some(at(10)), &[late], at(10));
    assert_eq!(
        standing.decision,
        Some((Decision::NotDecidedInTime, at(10)))
    );
    let standing = count(&electorate, at(0), Some(at(10)), &[], at(9));
    assert_eq!(standing.decision, None);
}

#[test]
fn a_deadline_moves_by_the_time_suspended_and_the_window_does_not() {
    let mut first = stage("first", &[1, 2], Count::All, &[]);
    first.deadline = Some(4);
    let electorate = seat(&policy(vec![first]), &people()).unwrap();
    let events = [
        plain(1, What::Suspended),
        vote(2, 0, 0, Choice::Approve),
        plain(6, What::Resumed),
    ];
    let standing = count(&electorate, at(0), None, &events, at(7));
    assert_eq!(standing.decision, None);
    assert_eq!(standing.due_at, at(9));
    assert_eq!(
        standing.stages[0].yes, 0,
        "nobody votes while it is suspended"
    );
    let standing = count(&electorate, at(0), None, &events, at(9));
    assert_eq!(standing.decision, Some((Decision::NotDecidedInTime, at(9))));
    let standing = count(&electorate, at(0), Some(at(3)), &events, at(9));
    assert_eq!(standing.decision, Some((Decision::NotDecidedInTime, at(3))));
}

/// The story of the issue: abstaining in 2 of 3, and one of the two left is disabled.
#[test]
fn abstains_in_two_of_three_and_one_who_is_left_leaves() {
    let three = stage("three", &[1, 2, 3], Count::Of(2), &[]);
    let electorate = seat(&policy(vec![three]), &people()).unwrap();
    let mut events = vec![vote(1, 0, 0, Choice::Abstain)];
    let standing = count(&electorate, at(0), None, &events, at(2));
    assert_eq!(standing.decision, None);
    assert_eq!(heir(&electorate, &standing, 0, &[], |_| true), None);
    events.push(plain(
        2,
        What::Vacated {
            stage: 0,
            seat: 1,
            heir: None,
        },
    ));
    let standing = count(&electorate, at(0), None, &events, at(3));
    assert_eq!(standing.decision, Some((Decision::Undecided, at(2))));
}

#[test]
fn an_alternate_takes_the_seat_and_a_vote_given_before_counts() {
    let mut three = stage("three", &[1, 2], Count::All, &[]);
    three.alternates = vec![Who::Person(id(2)), Who::Person(id(7)), Who::Person(id(8))];
    let electorate = seat(&policy(vec![three]), &people()).unwrap();
    let standing = count(&electorate, at(0), None, &[], at(1));
    let taker = heir(&electorate, &standing, 0, &[], |who| who != id(7));
    assert_eq!(taker, Some(id(8)));
    let gone = |seat| {
        plain(
            2,
            What::Vacated {
                stage: 0,
                seat,
                heir: taker,
            },
        )
    };
    let events = [vote(1, 0, 1, Choice::Approve), gone(1), gone(0)];
    let standing = count(&electorate, at(0), None, &events, at(3));
    let now: Vec<_> = standing.stages[0]
        .seats
        .iter()
        .map(|(who, _)| *who)
        .collect();
    assert_eq!(now, [id(8), id(2)], "whoever voted stays");
    let events = [&events[..], &[vote(3, 0, 0, Choice::Approve)]].concat();
    let standing = count(&electorate, at(0), None, &events, at(4));
    assert_eq!(standing.decision, Some((Decision::Approved, at(3))));
}

#[test]
fn a_meeting_decides_its_stage_at_once() {
    let electorate = two_stages();
    let met = |choice| plain(1, What::Met { stage: 1, choice });
    let standing = count(&electorate, at(0), None, &[met(Choice::Approve)], at(2));
    assert_eq!(standing.stages[1].phase, Phase::Ended(Decision::Approved));
    assert_eq!(standing.stages[0].phase, Phase::Open);
    let standing = count(&electorate, at(0), None, &[met(Choice::Return)], at(2));
    assert_eq!(standing.decision, Some((Decision::Returned, at(1))));
}

// ── Who sits ────────────────────────────────────────────────────────────────────────────────

#[test]
fn requester_and_implementer_never_sit_and_a_short_stage_is_named() {
    let mut people = people();
    people.excluded = vec![id(1)];
    people.disabled.insert(id(2));
    let both = stage("both", &[1, 2, 3], Count::Of(2), &[]);
    let short = seat(&policy(vec![both]), &people).unwrap_err();
    assert_eq!((short[0].needed, short[0].seats), (2, 1));
    let why: Vec<_> = short[0].missing.iter().map(|m| (m.person, m.why)).collect();
    assert_eq!(
        why,
        [
            (Some(id(1)), Absence::Excluded),
            (Some(id(2)), Absence::Left)
        ]
    );
}

#[test]
fn an_alternate_fills_a_stage_but_never_by_way_of_an_exclusion() {
    let mut people = people();
    people.excluded = vec![id(1), id(9)];
    let mut both = stage("both", &[1, 2], Count::All, &[]);
    both.alternates = vec![Who::Person(id(9)), Who::Person(id(2)), Who::Person(id(8))];
    let electorate = seat(&policy(vec![both]), &people).unwrap();
    let sits: Vec<_> = electorate.stages[0]
        .seats
        .iter()
        .map(|s| s.person)
        .collect();
    assert_eq!(sits, [id(2), id(8)]);
    assert_eq!(electorate.stages[0].needed, 2);
}

#[test]
fn nobody_to_ask_is_never_approved() {
    let mut people = people();
    people.meant.insert(Who::ServiceOwner, Vec::new());
    let mut owner = stage("owner", &[], Count::All, &[]);
    owner.seats.push(Entry {
        who: Who::ServiceOwner,
        mandatory: false,
        veto: false,
    });
    for count in [Count::All, Count::Any, Count::Of(0), Count::Of(1)] {
        owner.count = count;
        assert!(
            seat(&policy(vec![owner.clone()]), &people).is_err(),
            "{count:?}"
        );
    }
    assert!(seat(&policy(Vec::new()), &people).is_err());
}

#[test]
fn of_a_team_whoever_can_sit_and_each_person_once() {
    let mut people = people();
    people
        .meant
        .insert(Who::Team(id(50)), vec![id(1), id(2), id(3)]);
    people.excluded = vec![id(3)];
    let mut team = stage("team", &[1], Count::All, &[]);
    team.seats[0].mandatory = true;
    team.seats.push(Entry {
        who: Who::Team(id(50)),
        mandatory: false,
        veto: true,
    });
    let electorate = seat(&policy(vec![team]), &people).unwrap();
    let seats = &electorate.stages[0].seats;
    assert_eq!((seats.len(), electorate.stages[0].needed), (2, 2));
    assert!(seats[0].mandatory && seats[0].veto);
}

#[test]
fn whoever_cannot_see_the_record_is_not_asked_about_it() {
    let mut people = people();
    people.blind.insert(id(1));
    let one = stage("one", &[1], Count::Any, &[]);
    let short = seat(&policy(vec![one]), &people).unwrap_err();
    assert_eq!(short[0].missing[0].why, Absence::Blind);
}

#[test]
fn whoever_may_not_approve_is_not_asked_to() {
    let mut people = people();
    people.rightless.insert(id(1));
    let one = stage("one", &[1], Count::Any, &[]);
    let short = seat(&policy(vec![one]), &people).unwrap_err();
    assert_eq!(short[0].missing[0].why, Absence::NoRight);
}

// ── Who may vote ────────────────────────────────────────────────────────────────────────────

#[test]
fn a_human_decides_for_themself_or_for_one_who_let_them_and_never_twice() {
    let mut electorate = two_stages();
    electorate.excluded = vec![id(11)];
    let standing = count(&electorate, at(0), None, &[], at(1));
    let may = |place, human: u128, behalf: Option<u128>| {
        may_vote(
            &electorate,
            &standing,
            place,
            id(human),
            behalf.map(id),
            &[],
        )
    };
    assert_eq!(may((1, 0), 1, None), Ok(()));
    assert_eq!(may((1, 0), 9, Some(1)), Ok(()));
    assert_eq!(
        may((1, 0), 9, None),
        Err(NoVote::NoSeat),
        "an administrator, say"
    );
    assert_eq!(may((1, 0), 2, Some(1)), Err(NoVote::SitsAlready));
    assert_eq!(
        may((1, 0), 11, Some(1)),
        Err(NoVote::OwnChange),
        "the requester as delegate"
    );
    assert_eq!(may((0, 0), 3, None), Err(NoVote::NotAsked));
    assert_eq!(
        may((1, 7), 1, None),
        Err(NoVote::NoSeat),
        "an id swapped in the form"
    );
    assert_eq!(may((9, 0), 1, None), Err(NoVote::NoSeat));
    let voted = [vote(1, 1, 0, Choice::Approve)];
    let standing = count(&electorate, at(0), None, &voted, at(2));
    let again = may_vote(&electorate, &standing, (1, 0), id(1), None, &[]);
    assert_eq!(again, Err(NoVote::NotAsked));
}

#[test]
fn whoever_spoke_for_one_speaks_for_no_other_in_the_stage_and_takes_no_seat_there() {
    let mut three = stage("three", &[1, 2, 3], Count::Of(2), &[]);
    three.alternates = vec![Who::Person(id(9)), Who::Person(id(8))];
    let electorate = seat(&policy(vec![three]), &people()).unwrap();
    let voted = [vote(1, 0, 0, Choice::Approve)];
    let standing = count(&electorate, at(0), None, &voted, at(2));
    // 9 spoke for 1.
    let spoke = [id(9)];
    let twice = may_vote(&electorate, &standing, (0, 1), id(9), Some(id(2)), &spoke);
    assert_eq!(twice, Err(NoVote::Spoke));
    let other = may_vote(&electorate, &standing, (0, 1), id(8), Some(id(2)), &spoke);
    assert_eq!(other, Ok(()));
    let taker = heir(&electorate, &standing, 0, &spoke, |_| true);
    assert_eq!(taker, Some(id(8)));
}

// ── What is asked again ─────────────────────────────────────────────────────────────────────

fn digest(plan: &str, implementer: &str, window: &str) -> Digest {
    Digest::of(&[
        (Part::Plans, plan),
        (Part::Implementer, implementer),
        (Part::Window, window),
    ])
}

#[test]
fn only_what_a_change_touches_is_asked_again() {
    let mut technical = stage("technical", &[1], Count::Any, &[]);
    technical.reopened_by.push(Part::Implementer);
    let board = stage("board", &[3], Count::Any, &["technical"]);
    let policy = policy(vec![technical, board]);
    let electorate = seat(&policy, &people()).unwrap();
    let votes = [
        vote(1, 0, 0, Choice::Approve),
        vote(2, 1, 0, Choice::Approve),
    ];
    let standing = count(&electorate, at(0), None, &votes, at(3));
    let old = digest("plan", "Ines", "Monday");
    let voted = [vec![id(1)], vec![id(3)]];
    let former = Former {
        number: 1,
        policy: &policy,
        electorate: &electorate,
        standing: &standing,
        digest: &old,
        bounds: Some((at(100), at(110))),
        voted: &voted,
    };
    let again = |digest: &Digest, bounds, excluded: &[Uuid]| {
        carried(&former, &policy, digest, Some(bounds), excluded)
    };
    let same = (at(100), at(110));
    assert_eq!(again(&old, same, &[]), [Some(1), Some(1)]);
    let other = digest("plan", "Omar", "Monday");
    assert_eq!(again(&other, same, &[]), [None, Some(1)]);
    let other = digest("another plan", "Ines", "Monday");
    assert_eq!(again(&other, same, &[]), [None, None]);
    let moved = digest("plan", "Ines", "Tuesday");
    assert_eq!(again(&moved, (at(101), at(110)), &[]), [Some(1), Some(1)]);
    assert_eq!(again(&moved, (at(101), at(111)), &[]), [None, None]);
    // Whoever said yes now carries it out: their yes is worth nothing any more.
    assert_eq!(again(&old, same, &[id(3)]), [Some(1), None]);
    let mut looser = policy.clone();
    looser.stages[1].count = Count::Of(1);
    let under = carried(&former, &looser, &old, Some(same), &[]);
    assert_eq!(under, [Some(1), None], "another rule asks again");
}

/// Technical is asked again, the owner is not, the board comes after the owner: it waits for both.
#[test]
fn a_stage_waits_through_a_carried_one_for_what_stands_before_it() {
    let stages = vec![
        stage("board", &[3], Count::Any, &["second"]),
        stage("second", &[2], Count::Any, &["first"]),
        stage("first", &[4], Count::Any, &["technical"]),
        stage("technical", &[1], Count::Any, &[]),
    ];
    let mut electorate = seat(&policy(stages), &people()).unwrap();
    electorate.stages[1].carried = Some(1);
    electorate.stages[2].carried = Some(1);
    let early = vote(1, 0, 0, Choice::Approve);
    let standing = count(&electorate, at(0), None, &[early], at(2));
    assert_eq!(standing.stages[0].phase, Phase::Ahead);
    assert_eq!(standing.stages[0].yes, 0);
    assert_eq!(standing.stages[3].phase, Phase::Open);
    let events = [
        early,
        vote(3, 3, 0, Choice::Approve),
        vote(4, 0, 0, Choice::Approve),
    ];
    let standing = count(&electorate, at(0), None, &events, at(5));
    assert_eq!(standing.stages[0].opened_at, Some(at(3)));
    assert_eq!(standing.decision, Some((Decision::Approved, at(4))));
}

#[test]
fn a_round_that_asks_nobody_again_is_approved_as_it_opens() {
    let mut electorate = two_stages();
    for bench in &mut electorate.stages {
        bench.carried = Some(1);
    }
    let standing = count(&electorate, at(5), None, &[], at(6));
    assert_eq!(standing.decision, Some((Decision::Approved, at(5))));
}

#[test]
fn each_part_of_a_digest_is_its_own() {
    let one = Digest::of(&[(Part::Scope, "a"), (Part::Items, "b")]);
    let other = Digest::of(&[(Part::Scope, "ab"), (Part::Items, "")]);
    assert_eq!(one.changed(&other), [Part::Scope, Part::Items]);
    assert_eq!(one.part(Part::Plans).len(), 64);
    assert_ne!(one.part(Part::Plans), one.part(Part::Risk));
}

#[test]
fn a_policy_of_5_stages_and_50_approvers_is_counted_at_once() {
    let stages = (0..5_u128).map(|n| {
        let key = n.to_string();
        let before = n.checked_sub(1).map(|n| n.to_string());
        let after: Vec<&str> = before.as_deref().into_iter().collect();
        let mut stage = stage(&key, &[], Count::Of(10), &after);
        let people = (n * 10..n * 10 + 10).map(|p| Entry {
            who: Who::Person(id(100 + p)),
            mandatory: p % 3 == 0,
            veto: p % 4 == 0,
        });
        stage.seats = people.collect();
        stage
    });
    let policy = policy(stages.collect());
    let meant = (100..150).map(|n| (Who::Person(id(n)), vec![id(n)]));
    let people = People {
        meant: meant.collect(),
        ..People::default()
    };
    let electorate = seat(&policy, &people).unwrap();
    let votes: Vec<Event> = (0..50)
        .map(|n| vote(n as i64 / 10 + 1, n / 10, n % 10, Choice::Approve))
        .collect();
    let standing = count(&electorate, at(0), Some(at(99)), &votes, at(10));
    assert_eq!(standing.decision, Some((Decision::Approved, at(5))));
}
