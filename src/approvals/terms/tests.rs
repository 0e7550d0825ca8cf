//! Policies that are refused, and which one holds.

use uuid::Uuid;

use super::*;

fn person(n: u128) -> Entry {
    Entry {
        who: Who::Person(Uuid::from_u128(n)),
        mandatory: false,
        veto: false,
    }
}

fn stage(key: &str, after: &[&str]) -> Stage {
    Stage {
        key: key.into(),
        name: key.to_uppercase(),
        after: after.iter().map(|k| (*k).into()).collect(),
        seats: vec![person(1), person(2)],
        count: Count::All,
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

fn reasons(policy: &Policy) -> Vec<&'static str> {
    faults(policy).iter().map(|f| f.reason).collect()
}

#[test]
fn a_policy_that_could_never_be_met_is_refused() {
    assert!(reasons(&policy(vec![stage("a", &[]), stage("b", &["a"])])).is_empty());
    assert!(reasons(&policy(Vec::new())).contains(&"policy-without-stage"));
    let circle = policy(vec![
        stage("a", &["b"]),
        stage("b", &["a"]),
        stage("c", &[]),
    ]);
    assert_eq!(reasons(&circle), ["policy-stages-in-a-circle"]);
    assert_eq!(faults(&circle)[0].value, "A, B");
    assert_eq!(
        reasons(&policy(vec![stage("a", &["a"])])),
        ["policy-stage-after-itself"]
    );
    assert_eq!(
        reasons(&policy(vec![stage("a", &["z"])])),
        ["policy-stage-after-unknown"]
    );
    let twice = policy(vec![stage("a", &[]), stage("a", &[])]);
    assert_eq!(reasons(&twice), ["policy-stage-twice"]);
}

#[test]
fn a_stage_that_asks_too_few_is_refused() {
    let with = |change: &dyn Fn(&mut Stage)| {
        let mut one = stage("a", &[]);
        change(&mut one);
        reasons(&policy(vec![one]))
    };
    assert_eq!(with(&|s| s.count = Count::Of(0)), ["policy-zero-needed"]);
    assert_eq!(
        with(&|s| s.count = Count::Of(3)),
        ["policy-more-needed-than-seats"]
    );
    assert_eq!(with(&|s| s.seats.clear()), ["policy-stage-asks-nobody"]);
    assert_eq!(with(&|s| s.seats.push(person(1))), ["policy-seat-twice"]);
    assert_eq!(
        with(&|s| s.meeting = true),
        ["policy-meeting-without-board"]
    );
    assert_eq!(
        with(&|s| s.deadline = Some(0)),
        ["policy-hours-out-of-range"]
    );
    assert_eq!(
        with(&|s| s.seats.push(Entry {
            who: Who::Team(Uuid::nil()),
            mandatory: true,
            veto: false
        })),
        ["policy-mandatory-group"]
    );
    // Approving one thing and doing another: every part asks somebody again.
    assert_eq!(
        with(&|s| s.reopened_by.retain(|p| *p != Part::Plans)),
        ["policy-part-unasked"]
    );
}

#[test]
fn an_environment_that_is_none_is_named() {
    let in_place = |place: &str| {
        let mut said = policy(vec![stage("a", &[])]);
        said.covers.environment = Some(place.to_owned());
        faults(&said)
    };
    assert_eq!(in_place("production"), []);
    for typo in ["Mars", "prod", "Production", ""] {
        let found = in_place(typo);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].reason, "policy-environment-unknown");
        assert_eq!(found[0].value, typo);
    }
}

#[test]
fn the_most_specific_policy_holds_and_two_equal_ones_clash() {
    let covers = |change_type: Option<&str>, service: Option<u128>| Covers {
        record: "change".into(),
        change_type: change_type.map(str::to_owned),
        service: service.map(Uuid::from_u128),
        ..Covers::default()
    };
    let with = |covers| Policy {
        covers,
        ..policy(vec![stage("a", &[])])
    };
    let all = [
        with(covers(None, None)),
        with(covers(Some("emergency"), None)),
        with(covers(Some("normal"), Some(1))),
        with(covers(Some("normal"), Some(2))),
    ];
    let facts = |change_type: &str, services: &[u128]| Facts {
        record: "change".into(),
        change_type: Some(change_type.into()),
        services: services.iter().map(|n| Uuid::from_u128(*n)).collect(),
        ..Facts::default()
    };
    let chosen = |facts: &Facts| choose(facts, all.iter().enumerate());
    assert_eq!(chosen(&facts("emergency", &[1])), Chosen::One(1));
    assert_eq!(chosen(&facts("normal", &[9])), Chosen::One(0));
    assert_eq!(chosen(&facts("normal", &[1])), Chosen::One(2));
    assert_eq!(
        chosen(&facts("normal", &[1, 2])),
        Chosen::Several(vec![2, 3])
    );
    let other = Facts {
        record: "request".into(),
        ..Facts::default()
    };
    assert_eq!(chosen(&other), Chosen::None);
    let clashes = |covers: &Covers| clash(covers, all.iter().enumerate()).map(|(n, _)| n);
    assert_eq!(clashes(&covers(None, Some(1))), Some(1));
    assert_eq!(clashes(&covers(Some("standard"), None)), None);
    assert_eq!(clashes(&covers(None, None)), Some(0));
}

#[test]
fn a_policy_is_kept_as_it_was_said() {
    let mut one = stage("a", &[]);
    one.seats.push(Entry {
        who: Who::ServiceOwner,
        mandatory: true,
        veto: true,
    });
    let said = policy(vec![one]);
    let text = serde_json::to_string(&said).unwrap();
    assert_eq!(serde_json::from_str::<Policy>(&text).unwrap(), said);
}
