//! What the rules of change enablement cost: counting an approval, and looking for conflicts.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // a benchmark may stop at the first surprise

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use uuid::Uuid;

use andon::approvals::Policy;
use andon::approvals::rules::{Choice, Event, People, What, count, seat};
use andon::approvals::terms::Who;
use andon::changes::rules::conflicts::{Graph, Planned, conflicts};
use andon::changes::rules::window::Span;
use andon::platform::db::{Id, Utc};

const STAGES: u128 = 5;
const SEATS: u128 = 10;
const ITEMS: u64 = 10_000;
const HOUR: i64 = 3_600_000_000;

/// Five stages one after the other, each of them ten people of whom six must say yes.
fn policy() -> (Policy, People) {
    let stages: Vec<_> = (0..STAGES)
        .map(|n| {
            let before: Vec<String> = n
                .checked_sub(1)
                .map(|n| n.to_string())
                .into_iter()
                .collect();
            let seats = (0..SEATS).map(|s| Uuid::from_u128(n * SEATS + s + 1));
            let seats: Vec<_> = seats
                .map(|id| serde_json::json!({ "who": { "person": id } }))
                .collect();
            serde_json::json!({
                "key": n.to_string(), "name": "Stage", "after": before, "seats": seats,
                "count": { "of": 6 }, "reopened_by": []
            })
        })
        .collect();
    let policy = serde_json::json!({ "name": "Bench", "covers": {}, "stages": stages });
    let policy: Policy = serde_json::from_value(policy).unwrap();
    let mut people = People::default();
    for n in 1..=STAGES * SEATS {
        let id = Uuid::from_u128(n);
        people.meant.insert(Who::Person(id), vec![id]);
    }
    (policy, people)
}

fn approvals(c: &mut Criterion) {
    let (policy, people) = policy();
    let electorate = seat(&policy, &people).unwrap();
    let votes = (0..electorate.stages.len()).flat_map(|stage| {
        (0..electorate.stages[stage].seats.len()).map(move |seat| What::Voted {
            stage,
            seat,
            choice: Choice::Approve,
        })
    });
    let events: Vec<Event> = (1..)
        .zip(votes)
        .map(|(n, what)| Event {
            at: Utc::from_micros(n),
            what,
        })
        .collect();
    let (opened, now) = (Utc::from_micros(0), Utc::from_micros(100));
    c.bench_function("a policy of 5 stages and 50 approvers: count", |b| {
        b.iter(|| {
            let standing = count(black_box(&electorate), opened, None, &events, now);
            assert!(standing.decision.is_some());
        });
    });
    c.bench_function(
        "a policy of 5 stages and 50 approvers: fill its seats",
        |b| {
            b.iter(|| seat(black_box(&policy), &people).unwrap());
        },
    );
}

fn collisions(c: &mut Criterion) {
    let mut n: u64 = 42;
    let mut below = |most: u64| {
        n ^= n << 13;
        n ^= n >> 7;
        n ^= n << 17;
        n % most
    };
    let id = |n: u64| Uuid::from_u128(u128::from(n));
    let edges: Vec<_> = (0..20_000)
        .map(|_| {
            (
                Id::from_uuid(id(below(ITEMS))),
                Id::from_uuid(id(below(ITEMS))),
            )
        })
        .collect();
    let mut planned = |number: u64, items: u64| {
        let starts = i64::try_from(below(200)).unwrap() * HOUR;
        Planned {
            change: Id::from_uuid(id(number)),
            span: Span::new(
                Utc::from_micros(starts),
                Utc::from_micros(starts + 100 * HOUR),
            ),
            items: (0..items)
                .map(|_| Id::from_uuid(id(below(ITEMS))))
                .collect(),
            implementer: Some(Id::from_uuid(id(below(300)))),
        }
    };
    let others: Vec<_> = (1..=10_000).map(|n| planned(n, 5)).collect();
    let mine = planned(0, 50);
    c.bench_function(
        "conflicts: 50 items, 10,000 changes, 20,000 dependencies",
        |b| {
            b.iter(|| {
                let graph = Graph::of(edges.iter().copied());
                conflicts(black_box(&mine), &others, &graph, 2).len()
            });
        },
    );
}

criterion_group!(benches, approvals, collisions);
criterion_main!(benches);
