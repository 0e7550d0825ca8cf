//! By which index each list is read.

use super::*;

#[test]
fn every_view_in_every_order_is_read_by_an_index() {
    let mut desk = desk(300);
    for view in View::ALL {
        for order in orders() {
            let filter = view.filter(&desk.visitor);
            let first = desk.page(&filter, order, Way::Next, None);
            let plan = desk.plan();
            // Few, and sorted: an index of its own holds no others.
            if *view == View::Flagged {
                let index = "SEARCH records USING INDEX records_flagged";
                assert!(plan[0].starts_with(index), "{order:?}: {plan:#?}");
                continue;
            }
            assert!(
                plan[0].starts_with("SEARCH records USING INDEX records_by_")
                    || plan[0].starts_with("SEARCH records USING INDEX sqlite_autoindex_records_"),
                "{view} {order:?}: {plan:#?}"
            );
            assert!(
                plan.iter().all(|step| !step.starts_with("SCAN")),
                "{view} {order:?}: {plan:#?}"
            );
            let sorted = plan.iter().find(|step| step.contains("TEMP B-TREE"));
            assert_eq!(sorted, None, "{view} {order:?}: {plan:#?}");
            if let Some(key) = first.next {
                desk.page(&filter, order, Way::Next, Some(&key));
                let plan = desk.plan();
                let kind_only = view.kind().is_some();
                let range = match (order.sort, order.ascending) {
                    (Sort::Due, true) => "(next_due_at,id)>(?,?)",
                    (Sort::Due, false) => "(next_due_at,id)<(?,?)",
                    (Sort::Priority, true) => "(priority,reported_at,id)>(?,?,?)",
                    (Sort::Priority, false) => "(priority,reported_at,id)<(?,?,?)",
                    (Sort::Opened, true) => "(reported_at,id)>(?,?)",
                    (Sort::Opened, false) => "(reported_at,id)<(?,?)",
                    (Sort::Updated, true) => "(updated_at,id)>(?,?)",
                    (Sort::Updated, false) => "(updated_at,id)<(?,?)",
                    (Sort::Number, true) if kind_only => "kind=? AND number>?",
                    (Sort::Number, false) if kind_only => "kind=? AND number<?",
                    (Sort::Number, true) => "(kind,number)>(?,?)",
                    (Sort::Number, false) => "(kind,number)<(?,?)",
                };
                assert!(plan[0].contains(range), "{view} {order:?}: {plan:#?}");
            }
        }
    }
}

/// Every filter by itself that finished records have indexes for.
fn narrowed(desk: &Desk) -> Vec<(&'static str, Filter)> {
    let base = Filter {
        open: Some(false),
        ..Filter::default()
    };
    let rare = Id::from_uuid(uuid::Uuid::from_u128(999));
    vec![
        (
            "service",
            Filter {
                service: Some(rare.cast()),
                ..base.clone()
            },
        ),
        (
            "category",
            Filter {
                category: Some(rare.cast()),
                ..base.clone()
            },
        ),
        (
            "channel",
            Filter {
                channel: Some(Channel::Chat),
                ..base.clone()
            },
        ),
        (
            "kind",
            Filter {
                kind: Some(Kind::Problem),
                ..base.clone()
            },
        ),
        (
            "team",
            Filter {
                teams: Some(vec![rare.cast()]),
                ..base.clone()
            },
        ),
        (
            "team",
            Filter {
                teams: Some(desk.visitor.teams.clone()),
                ..base.clone()
            },
        ),
        (
            "team",
            Filter {
                no_team: true,
                ..base.clone()
            },
        ),
        (
            "assignee",
            Filter {
                assignee: Some(rare),
                ..base.clone()
            },
        ),
        (
            "assignee",
            Filter {
                unassigned: true,
                ..base
            },
        ),
    ]
}

#[test]
fn finished_records_of_a_rare_value_are_read_where_they_begin() {
    let mut desk = desk(300);
    for (name, filter) in narrowed(&desk) {
        for order in orders_of_ended() {
            for way in [Way::Next, Way::Previous] {
                let key = Key::parse("2.5000000.incident.9.00000000-0000-0000-0000-000000000001")
                    .unwrap()
                    .text();
                for from in [None, Some(key.as_str())] {
                    desk.page(&filter, order, way, from);
                    let plan = desk.plan();
                    let own = format!("records_done_{name}_{}", order.sort);
                    let old = format!("records_by_{name}");
                    let step = &plan[0];
                    assert!(
                        step.starts_with("SEARCH records USING INDEX")
                            && (step.contains(&own)
                                || (order.sort == Sort::Priority && step.contains(&old))
                                || (order.sort == Sort::Number && name == "kind")),
                        "{filter:?} {order:?}: {plan:#?}"
                    );
                    assert!(
                        plan.iter()
                            .all(|s| !s.contains("TEMP B-TREE") && !s.starts_with("SCAN")),
                        "{filter:?} {order:?}: {plan:#?}"
                    );
                }
            }
        }
    }
}

#[test]
fn all_records_of_a_rare_value_are_read_in_parts_and_so_is_their_export() {
    let mut desk = desk(300);
    for (name, filter) in narrowed(&desk) {
        let filter = Filter {
            open: None,
            ..filter
        };
        list_for_export(&mut desk.conn, &desk.visitor, &filter, None, 20).unwrap();
        let plan = desk.plan();
        assert!(
            plan[0].contains(&format!("records_done_{name}_number")) || name == "kind",
            "{filter:?}: {plan:#?}"
        );
        for order in orders_of_ended() {
            desk.page(&filter, order, Way::Next, None);
            let sql = desk.ran.lock().unwrap().last().unwrap().clone();
            let alone = order.sort == Sort::Number && name == "kind";
            assert!(
                alone
                    || sql.contains("is_open IS NOT TRUE")
                    || (order.sort == Sort::Priority && sql.contains("is_open = FALSE")),
                "{filter:?} {order:?}: {sql}"
            );
        }
    }
}

#[test]
fn a_requester_is_found_by_their_index() {
    let mut desk = desk(300);
    for order in orders_of_ended() {
        for open in [Some(false), None] {
            let filter = Filter {
                open,
                requester: Some(Id::from_uuid(uuid::Uuid::from_u128(104))),
                ..Filter::default()
            };
            desk.page(&filter, order, Way::Next, None);
            let plan = desk.plan();
            assert!(
                plan[0].contains("records_by_requester (requester_id=?"),
                "{order:?} {open:?}: {plan:#?}"
            );
        }
    }
}

#[test]
fn one_team_has_an_index_to_itself() {
    let mut desk = desk(300);
    let filter = Filter {
        open: Some(true),
        teams: Some(vec![desk.visitor.teams[0]]),
        ..Filter::default()
    };
    desk.page(&filter, Order::natural(Sort::Priority), Way::Next, None);
    assert!(desk.plan()[0].contains("records_by_team (is_open=? AND team_id=?)"));
}

#[test]
fn what_one_owner_handed_over_has_an_index_in_its_order() {
    let mut desk = desk(300);
    for ascending in [true, false] {
        let order = Order {
            sort: Sort::Priority,
            ascending,
        };
        let filter = Filter {
            open: Some(true),
            handed_over_by: Some(vec![desk.visitor.teams[0]]),
            ..Filter::default()
        };
        desk.page(&filter, order, Way::Next, None);
        let plan = desk.plan();
        assert!(
            plan[0].contains("records_by_owner (is_open=? AND owner_team_id=?"),
            "{plan:#?}"
        );
        assert!(plan.iter().all(|s| !s.contains("TEMP B-TREE")), "{plan:#?}");
    }
}

#[test]
fn an_item_and_a_location_have_an_index_each() {
    let mut desk = desk(300);
    for (filter, index) in [
        (
            Filter {
                item: Some(Id::new()),
                ..Filter::default()
            },
            "records_by_item (is_open=? AND item_id=?)",
        ),
        (
            Filter {
                location: Some(Id::new()),
                ..Filter::default()
            },
            "records_by_location (is_open=? AND location_id=?)",
        ),
    ] {
        let filter = Filter {
            open: Some(true),
            ..filter
        };
        desk.page(&filter, Order::natural(Sort::Priority), Way::Next, None);
        assert!(desk.plan()[0].contains(index), "{:?}", desk.plan());
    }
}

#[test]
fn the_few_that_are_major_have_an_index_to_themselves() {
    let mut desk = desk(300);
    for open in [Some(true), Some(false), None] {
        let filter = Filter {
            open,
            major: true,
            ..Filter::default()
        };
        for order in orders_of_ended() {
            desk.page(&filter, order, Way::Next, None);
            for plan in desk.plan() {
                let reads_records = plan.contains(" records ");
                assert!(!reads_records || plan.contains("records_major"), "{plan}");
            }
        }
    }
}

#[test]
fn open_tasks_are_counted_and_listed_by_their_indexes() {
    let mut desk = desk(60);
    counts(&mut desk.conn, &desk.visitor).unwrap();
    let plan = desk.plan().join("\n");
    for index in ["tasks_assignee", "tasks_team"] {
        assert!(plan.contains(&format!("{index} (")), "{plan}");
    }
    assert!(!plan.contains("SCAN tasks"), "{plan}");
    open_tasks(&mut desk.conn, &desk.visitor, Whose::Mine, 5).unwrap();
    let plan = desk.plan().join("\n");
    assert!(
        plan.contains("tasks_assignee (assignee_id=? AND state=?"),
        "{plan}"
    );
    assert!(!plan.contains("TEMP B-TREE"), "{plan}");
}

#[test]
fn children_are_found_by_their_index() {
    let mut desk = desk(300);
    let parent = Id::from_uuid(uuid::Uuid::from_u128(9));
    for order in orders_of_ended() {
        for open in [Some(true), Some(false), None] {
            let filter = Filter {
                open,
                parent: Some(parent),
                ..Filter::default()
            };
            desk.page(&filter, order, Way::Next, None);
            let plan = desk.plan();
            assert!(
                plan[0].contains("records_by_parent (parent_id=?"),
                "{order:?} {open:?}: {plan:#?}"
            );
        }
    }
    use crate::records::store;
    let visitor = desk.visitor.clone();
    store::children_of(&mut desk.conn, &visitor, parent, None, 21).unwrap();
    let plan = desk.plan();
    assert!(
        plan[0].contains("records_by_parent (parent_id=?"),
        "{plan:#?}"
    );
    assert!(!plan.iter().any(|s| s.contains("TEMP B-TREE")), "{plan:#?}");
    store::open_children_of(&mut desk.conn, &visitor, &[parent, Id::new()], 501).unwrap();
    let plan = desk.plan();
    assert!(
        plan[0].contains("records_by_parent (parent_id=?"),
        "{plan:#?}"
    );
    store::finished_children_of(&mut desk.conn, &visitor, parent, 2).unwrap();
    let plan = desk.plan();
    assert!(
        plan[0].contains("records_by_parent (parent_id=?"),
        "{plan:#?}"
    );
    store::height(&mut desk.conn, vec![parent], 10).unwrap();
    let plan = desk.plan();
    assert!(
        plan[0].contains("records_by_parent (parent_id=?"),
        "{plan:#?}"
    );
}
