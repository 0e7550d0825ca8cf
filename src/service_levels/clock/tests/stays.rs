//! OLA: a stay with a working team. Underpinning contract: a hold on a supplier.

use super::sample::*;
use crate::service_levels::clock::*;
use crate::service_levels::terms::*;

const DESK: u128 = 71;
const NETWORK: u128 = 72;
const ACME: u128 = 81;
const OTHER: u128 = 82;

fn ola(team: u128, span: &str) -> Agreement {
    let mut ola = sla(0, &[(Target::Ola, span)]);
    ola.kind = AgreementKind::Ola;
    ola.covers.record.clear();
    ola.covers.team = Some(id(team));
    ola.pauses = vec!["requester".to_owned()];
    ola
}

fn contract(supplier: Option<u128>, span: &str) -> Agreement {
    let mut contract = sla(0, &[(Target::Supplier, span)]);
    contract.kind = AgreementKind::Underpinning;
    contract.covers.supplier = supplier.map(id);
    contract.pauses = Vec::new();
    contract
}

fn to_team(team: u128) -> [Happened; 1] {
    [Happened::Team(Some(id(team)))]
}

fn on_supplier(supplier: u128) -> [Happened; 1] {
    [Happened::Hold {
        reason: "supplier".to_owned(),
        supplier: Some(id(supplier)),
    }]
}

#[test]
fn one_clock_for_each_stay() {
    let book = book(&[ola(DESK, "1 clock hour"), ola(NETWORK, "2 clock hours")]);
    let clocks = Story::portal(mon("09:00"), 3)
        .then(mon("09:10"), to_team(DESK))
        .then(mon("09:40"), to_team(NETWORK))
        .then(mon("12:00"), to_team(DESK))
        .resolved(mon("12:30"))
        .clocks(&book, mon("18:00"));
    let short: Vec<_> = clocks
        .iter()
        .map(|c| {
            (
                c.cycle,
                c.team,
                c.started_at,
                c.elapsed_micros / MINUTE,
                c.outcome,
                c.is_counted,
            )
        })
        .collect();
    let (desk, network) = (Some(id(DESK)), Some(id(NETWORK)));
    assert_eq!(
        short,
        [
            (1, desk, mon("09:10"), 30, Outcome::Met, true),
            (2, network, mon("09:40"), 140, Outcome::Breached, true),
            (3, desk, mon("12:00"), 30, Outcome::Met, false),
        ],
        "each team counts once; its stays add up"
    );
    assert_eq!(clocks[1].breached_at, Some(mon("11:40")));
}

#[test]
fn a_stay_keeps_its_number_when_an_earlier_team_has_no_agreement() {
    let book = book(&[ola(NETWORK, "2 clock hours")]);
    let clock = Story::portal(mon("09:00"), 3)
        .then(mon("09:10"), to_team(DESK))
        .then(mon("09:40"), to_team(NETWORK))
        .clock(&book, mon("10:00"));
    assert_eq!((clock.cycle, clock.due_at), (2, mon("11:40")));
}

#[test]
fn a_stay_pauses_on_the_requester_and_starts_again_when_reopened() {
    let book = book(&[ola(DESK, "1 clock hour")]);
    let clocks = Story::portal(mon("09:00"), 3)
        .then(mon("09:00"), to_team(DESK))
        .hold(mon("09:30"), "requester")
        .then(mon("11:00"), [Happened::RequesterContact])
        .resolved(mon("11:20"))
        .reopened(mon("14:00"))
        .clocks(&book, mon("14:10"));
    assert_eq!(clocks[0].elapsed_micros, 50 * MINUTE);
    assert_eq!(clocks[0].paused_micros, 90 * MINUTE);
    assert_eq!(clocks[0].outcome, Outcome::Met);
    assert_eq!((clocks[1].cycle, clocks[1].due_at), (2, mon("15:00")));
}

#[test]
fn a_cancelled_stay_ends_without_a_stop() {
    let book = book(&[ola(DESK, "1 clock hour")]);
    let story = Story::portal(mon("09:00"), 3).then(mon("09:00"), to_team(DESK));
    let clock = story
        .then(mon("09:30"), [Happened::Cancelled])
        .clock(&book, mon("12:00"));
    assert_eq!((clock.outcome, clock.phase), (Outcome::Ended, Phase::Ended));
}

#[test]
fn a_suppliers_time_runs_while_held_for_it() {
    let book = book(&[
        contract(Some(ACME), "2 clock hours"),
        contract(None, "4 clock hours"),
    ]);
    let clocks = Story::portal(mon("09:00"), 3)
        .then(mon("10:00"), on_supplier(ACME))
        // The requester calling doesn't end a hold on a supplier.
        .then(mon("10:30"), [Happened::RequesterContact])
        .hold_ended(mon("12:30"))
        .then(mon("13:00"), on_supplier(OTHER))
        .resolved(mon("14:00"))
        .clocks(&book, mon("18:00"));
    let [acme, other] = &clocks[..] else { panic!() };
    assert_eq!((acme.supplier, acme.cycle), (Some(id(ACME)), 1));
    assert_eq!(acme.breached_at, Some(mon("12:00")));
    assert_eq!(
        (acme.stopped_at, acme.met_by),
        (Some(mon("12:30")), Some(4))
    );
    assert_eq!((other.supplier, other.cycle), (Some(id(OTHER)), 2));
    assert_eq!((other.outcome, other.agreement), (Outcome::Met, id(11)));
    assert!(acme.is_counted && other.is_counted);
}

#[test]
fn another_kind_ends_the_stay_and_counts_on_for_the_new_kind() {
    let mut incidents = ola(DESK, "1 clock hour");
    incidents.covers.record = "incident".to_owned();
    let mut requests = ola(DESK, "4 clock hours");
    requests.covers.record = "request".to_owned();
    let clocks = Story::portal(mon("09:00"), 3)
        .then(mon("09:10"), to_team(DESK))
        .then(mon("09:40"), [Happened::Kind("request".to_owned())])
        .clocks(&book(&[incidents, requests]), mon("10:00"));
    let [incident, request] = &clocks[..] else {
        panic!()
    };
    assert_eq!(
        (incident.outcome, incident.ended_by),
        (Outcome::Ended, Some(3))
    );
    assert_eq!((request.cycle, request.started_at), (2, mon("09:10")));
    assert_eq!((request.due_at, request.is_counted), (mon("13:10"), true));
}
